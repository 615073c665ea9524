//! The door to the written record: commit, read, close.
//!
//! A [`Store`] is a cheap handle; all handles share one file and one writer. What must never
//! happen: a commit returns before it is durable.

use super::{
    character::StoredCharacter,
    commit::{Commit, StoredCommit},
    disk::{Disk, MemoryDisk},
    error::{CommitError, OpenError, ReadError},
    keys::{CharacterKey, CombatKey, ReceiptKey, Space},
    read,
    shared::{Shared, Writer},
    stats::{Counters, StoreStats},
    tables,
    writer::{self, Job},
};
use bytes::Bytes;
use redb::ReadTransaction;
use std::{
    ops::RangeInclusive,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{SyncSender, TrySendError},
    },
    thread::JoinHandle,
};
use tokio::sync::oneshot;

/// How the store is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreOptions {
    /// Memory for pages of the data file, in bytes.
    pub cache_bytes: usize,
    /// Whether the whole file is verified when it is opened: about a second per gigabyte.
    pub check_integrity: bool,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { cache_bytes: super::DEFAULT_CACHE_BYTES, check_integrity: true }
    }
}

/// The written record of all fights, characters and what belongs to them.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    shared: Arc<Shared>,
    /// None where the caller writes inline.
    jobs: Option<SyncSender<Job>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Inner {
    /// What waits is written; what comes later is refused.
    fn close(&self) {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let (Some(jobs), Some(thread)) = (&self.jobs, thread) {
            // Either fails only if the thread is gone, and then there is nothing to wait for.
            drop(jobs.send(Job::Close));
            drop(thread.join());
        }
        self.shared.close();
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}

impl Store {
    /// Opens the store in a folder, which is created (for its owner alone) if the folder above
    /// it exists.
    ///
    /// # Errors
    /// Each reason has its variant, and a text that says what to do.
    pub fn open(dir: &Path, options: &StoreOptions) -> Result<Self, OpenError> {
        Self::start(Shared::open_folder(dir, options)?, Writer::Thread)
    }

    /// A store that is gone when it is closed, for tests.
    ///
    /// # Errors
    /// Only if the system has no thread to give.
    pub fn open_in_memory() -> Result<Self, OpenError> {
        Self::open_with_backend(
            Arc::new(MemoryDisk::default()),
            &StoreOptions::default(),
            Writer::Thread,
        )
    }

    /// A store on a disk of the caller's: one that breaks on demand, or a simulated one.
    #[doc(hidden)]
    pub fn open_with_backend(
        disk: Arc<dyn Disk>,
        options: &StoreOptions,
        writer: Writer,
    ) -> Result<Self, OpenError> {
        Self::start(Shared::open_disk(disk, options)?, writer)
    }

    fn start(shared: Shared, writer: Writer) -> Result<Self, OpenError> {
        let shared = Arc::new(shared);
        let (jobs, thread) = match writer {
            Writer::Inline => (None, None),
            Writer::Thread => {
                let (jobs, thread) = writer::start(Arc::clone(&shared)).map_err(|source| {
                    OpenError::Io { file: PathBuf::from(super::DATA_FILE), source }
                })?;
                (Some(jobs), Some(thread))
            }
        };
        Ok(Self { inner: Arc::new(Inner { shared, jobs, thread: Mutex::new(thread) }) })
    }

    /// Sets where `StoreStats::last_commit_micros` comes from: a clock that counts microseconds
    /// and never goes back. The store itself reads no clock.
    pub fn measure_with(&self, micros: fn() -> u64) {
        self.inner.shared.measure_with(micros);
    }

    /// Writes a commit; returns when it is durable. Commits of all callers share syncs of the
    /// disk. If the caller stops waiting, the commit may be made all the same; its request id
    /// tells.
    ///
    /// # Errors
    /// In every case nothing of the commit was written.
    pub async fn commit(&self, commit: Commit) -> Result<(), CommitError> {
        commit.check()?;
        let Some(jobs) = &self.inner.jobs else { return self.commit_blocking(commit) };
        if let Some(refusal) = self.inner.shared.refusal() {
            return Err(refusal);
        }
        let (reply, answer) = oneshot::channel();
        jobs.try_send(Job::Commit { commit: Box::new(commit), reply }).map_err(
            |error| match error {
                TrySendError::Full(_) => CommitError::QueueFull,
                TrySendError::Disconnected(_) => CommitError::Closed,
            },
        )?;
        // a job that is dropped unanswered met a closing store
        answer.await.unwrap_or(Err(CommitError::Closed))
    }

    /// The same on the caller's own thread, which waits for the disk.
    ///
    /// # Errors
    /// In every case nothing of the commit was written.
    pub fn commit_blocking(&self, commit: Commit) -> Result<(), CommitError> {
        let answer = self.inner.shared.apply(&[commit]).pop().unwrap_or(Err(CommitError::Closed));
        if answer == Err(CommitError::ReadOnly) {
            self.wake_writer();
        }
        answer
    }

    /// Tries at once to write again after the disk refused, and says whether writing works. The
    /// writer's thread does this by itself; without one, nobody else does.
    #[doc(hidden)]
    pub fn try_reopen(&self) -> bool {
        self.inner.shared.try_reopen()
    }

    /// Whether commits are taken.
    pub fn writes_ok(&self) -> bool {
        self.inner.shared.writable()
    }

    /// What the store has done since it was opened.
    pub fn stats(&self) -> StoreStats {
        self.inner.shared.counters.read()
    }

    /// Writes what waits and closes the file. Other handles are refused with `Closed` from then
    /// on. Dropping the last handle does the same.
    pub fn close(self) {
        self.inner.close();
    }

    /// Whole commits of a fight that end after `after_seq`, in order: as many as fit `max_bytes`,
    /// and at least one if there is any.
    pub fn read_commits(
        &self,
        combat: CombatKey,
        after_seq: u64,
        max_bytes: usize,
    ) -> Result<Vec<StoredCommit>, ReadError> {
        self.read_commits_to(combat, after_seq..=u64::MAX, max_bytes)
    }

    /// The same, up to the last commit that ends at or before the last of these numbers.
    pub fn read_commits_to(
        &self,
        combat: CombatKey,
        seqs: RangeInclusive<u64>,
        max_bytes: usize,
    ) -> Result<Vec<StoredCommit>, ReadError> {
        // First what is recent, then what the file says: what moves in between is in both.
        let recent = self.inner.shared.recent_of(combat, seqs.start().saturating_add(1));
        let found = self.read(|t| read::commits(t, &recent, combat, seqs, max_bytes))?;
        Counters::add(&self.inner.shared.counters.commits_read, found.len());
        Ok(found)
    }

    /// The last number in the log of a fight.
    pub fn tail(&self, combat: CombatKey) -> Result<Option<u64>, ReadError> {
        let recent = self.inner.shared.recent_tail(combat);
        let indexed =
            self.read(|t| if recent.is_some() { Ok(None) } else { read::tail(t, combat) });
        indexed.map(|indexed| recent.or(indexed))
    }

    /// The first number of a fight that is still kept.
    pub fn oldest(&self, combat: CombatKey) -> Result<Option<u64>, ReadError> {
        let recent = self.inner.shared.recent_of(combat, 0);
        self.read(|t| read::oldest(t, &recent, combat))
    }

    /// The headers of fights, of one guild or of all, in the order of their keys, beginning after
    /// `after`: at most `limit`, and never more than [`super::MAX_ROWS`].
    pub fn catalogue(
        &self,
        guild: Option<u64>,
        after: Option<CombatKey>,
        limit: usize,
    ) -> Result<Vec<(CombatKey, Bytes)>, ReadError> {
        self.read(|t| read::catalogue(t, guild, after, limit))
    }

    /// The header of a fight.
    pub fn header(&self, combat: CombatKey) -> Result<Option<Bytes>, ReadError> {
        self.read(|t| read::one(t, tables::HEADERS, tables::HEADERS_NAME, &combat.bytes()))
    }

    /// The dice seeds of a fight.
    pub fn secret(&self, combat: CombatKey) -> Result<Option<Bytes>, ReadError> {
        self.read(|t| read::one(t, tables::SECRETS, tables::SECRETS_NAME, &combat.bytes()))
    }

    /// What a request was answered, if it was committed.
    pub fn receipt(&self, key: &ReceiptKey) -> Result<Option<Bytes>, ReadError> {
        self.read(|t| read::one(t, tables::RECEIPTS, tables::RECEIPTS_NAME, &key.bytes()))
    }

    /// One character.
    pub fn character(&self, key: CharacterKey) -> Result<Option<StoredCharacter>, ReadError> {
        self.read(|t| read::character(t, key))
    }

    /// The characters of a user in a guild, in the order of their ids.
    pub fn characters_of_user(
        &self,
        guild: u64,
        user: u64,
    ) -> Result<Vec<StoredCharacter>, ReadError> {
        self.read(|t| read::characters_of_user(t, guild, user))
    }

    /// The characters of a guild whose name begins with `prefix`, whatever its case, by name.
    pub fn characters_by_name(
        &self,
        guild: u64,
        prefix: &str,
        limit: usize,
    ) -> Result<Vec<StoredCharacter>, ReadError> {
        self.read(|t| read::characters_by_name(t, guild, prefix, limit))
    }

    /// The characters of a guild within a range of levels, lowest first.
    pub fn characters_by_level(
        &self,
        guild: u64,
        levels: RangeInclusive<u8>,
        limit: usize,
    ) -> Result<Vec<StoredCharacter>, ReadError> {
        self.read(|t| read::characters_by_level(t, guild, levels, limit))
    }

    /// One entry of a side table.
    pub fn get(&self, space: Space, key: &[u8]) -> Result<Option<Bytes>, ReadError> {
        self.read(|t| read::one(t, tables::SIDE, tables::SIDE_NAME, &space.key(key)))
    }

    /// The entries of a side table whose key begins with `prefix`, in the order of their keys:
    /// at most `limit`, and never more than [`super::MAX_ROWS`].
    pub fn scan(
        &self,
        space: Space,
        prefix: &[u8],
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Bytes)>, ReadError> {
        self.read(|t| read::scan(t, space, prefix, limit))
    }

    fn read<T>(
        &self,
        read: impl FnOnce(&ReadTransaction) -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        let answer = self.inner.shared.read(read);
        if matches!(answer, Err(ReadError::Unavailable(_))) {
            self.wake_writer();
        }
        answer
    }

    fn wake_writer(&self) {
        if let Some(jobs) = &self.inner.jobs {
            // a full queue means that the writer is awake anyway
            drop(jobs.try_send(Job::Wake));
        }
    }
}
