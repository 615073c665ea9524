//! The one open data file of the process: who may write, who reads, and what happens when the
//! disk says no.
//!
//! What must never happen: two writers at once, a write while the store is read-only, a failure
//! that is not followed by an attempt to recover.

use super::{
    SCHEMA_VERSION,
    apply::{self, Applied},
    commit::Commit,
    disk::{Disk, Source},
    error::{CommitError, OpenError, ReadError},
    folder,
    handle::StoreOptions,
    keys::{CombatKey, IndexKey},
    recent::{self, Recent},
    stats::Counters,
    tables,
};
use redb::{Builder, Database, DatabaseError, ReadTransaction, ReadableDatabase, StorageBackend};
use std::{
    fs::File,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicU8, Ordering},
    },
};

/// Who applies commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writer {
    /// A thread of the store's own, which groups commits of all callers.
    Thread,
    /// The caller, inline: for a simulated disk, where nothing may run beside the simulation.
    Inline,
}

const WRITABLE: u8 = 0;
const READ_ONLY: u8 = 1;
const CLOSED: u8 = 2;

pub(super) struct Shared {
    source: Source,
    cache_bytes: usize,
    /// None between two attempts to open, and once closed. Readers share it; only opening and
    /// closing take it exclusively.
    database: RwLock<Option<Database>>,
    /// The appends that are not in the index yet, as the last durable state has them.
    recent: RwLock<Recent>,
    /// Held by whoever commits or reopens.
    gate: Mutex<()>,
    mode: AtomicU8,
    pub(super) counters: Counters,
    stopwatch: Mutex<Option<fn() -> u64>>,
    /// Held as long as the store is open.
    folder_lock: Mutex<Option<File>>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Shared")
            .field("source", &self.source)
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(super) fn open_folder(dir: &Path, options: &StoreOptions) -> Result<Self, OpenError> {
        let folder = folder::take(dir)?;
        let shared = Self::open(Source::file(&folder.data_file), options, dir)?;
        *lock(&shared.folder_lock) = Some(folder.lock);
        Ok(shared)
    }

    pub(super) fn open_disk(
        disk: Arc<dyn Disk>,
        options: &StoreOptions,
    ) -> Result<Self, OpenError> {
        Self::open(Source::disk(disk), options, Path::new("(not a folder)"))
    }

    fn open(source: Source, options: &StoreOptions, dir: &Path) -> Result<Self, OpenError> {
        let database = open_writable(&source, options.cache_bytes, options.check_integrity)
            .map_err(|error| error.into_open_error(dir, &source.path()))?;
        let corrupt = |detail: String| OpenError::Corrupt { file: source.path(), detail };
        let schema = guarded(|| {
            let transaction = database
                .begin_read()
                .map_err(|error| ReadError::database(tables::META_NAME, error))?;
            let schema = tables::schema(&transaction)?;
            // A file from before there was a table of recent appends gets one now.
            let older = schema == Some(SCHEMA_VERSION) && tables::indexed(&transaction)?.is_none();
            Ok::<_, ReadError>(schema.filter(|_| !older))
        });
        match schema {
            Ok(Ok(Some(found))) if found > SCHEMA_VERSION => {
                return Err(OpenError::NewerSchema { file: source.path(), found });
            }
            Ok(Ok(Some(_))) => {}
            Ok(Ok(None)) => create_tables(&database).map_err(|error| {
                Failure::Database(error.to_string()).into_open_error(dir, &source.path())
            })?,
            Ok(Err(error)) => return Err(corrupt(error.to_string())),
            Err(panic) => return Err(corrupt(panic)),
        }
        let recent = guarded(|| load_recent(&database));
        let recent = match recent {
            Ok(Ok(recent)) => recent,
            Ok(Err(error)) => return Err(corrupt(error.to_string())),
            Err(panic) => return Err(corrupt(panic)),
        };
        Ok(Self {
            source,
            cache_bytes: options.cache_bytes,
            database: RwLock::new(Some(database)),
            recent: RwLock::new(recent),
            gate: Mutex::new(()),
            mode: AtomicU8::new(WRITABLE),
            counters: Counters::default(),
            stopwatch: Mutex::new(None),
            folder_lock: Mutex::new(None),
        })
    }

    pub(super) fn measure_with(&self, micros: fn() -> u64) {
        *lock(&self.stopwatch) = Some(micros);
    }

    pub(super) fn writable(&self) -> bool {
        self.mode.load(Ordering::Acquire) == WRITABLE
    }

    /// Why a commit would be refused now, whatever it contains.
    pub(super) fn refusal(&self) -> Option<CommitError> {
        match self.mode.load(Ordering::Acquire) {
            WRITABLE => None,
            READ_ONLY => Some(CommitError::ReadOnly),
            _ => Some(CommitError::Closed),
        }
    }

    /// Makes a group durable; one answer for each member, in order. A member that is refused
    /// does not touch its neighbours; a disk that fails refuses them all.
    pub(super) fn apply(&self, group: &[Commit]) -> Vec<Result<(), CommitError>> {
        let _gate = lock(&self.gate);
        if let Some(refusal) = self.refusal() {
            return vec![Err(refusal); group.len()];
        }
        let stopwatch = *lock(&self.stopwatch);
        let started = stopwatch.map(|micros| micros());
        let outcome = {
            let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
            match database.as_ref() {
                Some(database) => {
                    let recent = self.recent.read().unwrap_or_else(PoisonError::into_inner);
                    guarded(|| apply::apply_group(database, &recent, group))
                        .unwrap_or_else(|panic| Err(panic.into()))
                }
                None => Err("the data file is not open".into()),
            }
        };
        match outcome {
            Ok(Applied { answers, recent, moved }) => {
                self.note_recent(recent, moved);
                if let (Some(micros), Some(started)) = (stopwatch, started) {
                    let took = micros().saturating_sub(started);
                    self.counters.last_commit_micros.store(took, Ordering::Relaxed);
                }
                self.count(group, &answers);
                answers
            }
            Err(failed) => {
                self.fail(&failed.cause);
                match failed.in_doubt {
                    // The disk failed after the flip was synced, while tidying up: the group is
                    // durable, and to refuse it would be a lie.
                    Some((number, answers)) if self.holds(number) => {
                        self.count(group, &answers);
                        answers
                    }
                    _ => vec![Err(CommitError::ReadOnly); group.len()],
                }
            }
        }
    }

    /// Takes over what a durable group appended.
    fn note_recent(&self, appended: Recent, moved: bool) {
        let mut recent = self.recent.write().unwrap_or_else(PoisonError::into_inner);
        if moved {
            *recent = appended;
        } else {
            recent.append(appended);
        }
    }

    /// The appends of a fight from a number on that may not be in the index.
    pub(super) fn recent_of(&self, combat: CombatKey, from_seq: u64) -> Vec<(IndexKey, u64)> {
        self.recent.read().unwrap_or_else(PoisonError::into_inner).of(combat, from_seq)
    }

    /// The last number in the log of a fight, if its last append may not be in the index.
    pub(super) fn recent_tail(&self, combat: CombatKey) -> Option<u64> {
        self.recent.read().unwrap_or_else(PoisonError::into_inner).tail(combat)
    }

    /// Whether the last durable state includes the group of that number.
    fn holds(&self, group: u64) -> bool {
        self.read(tables::last_group).is_ok_and(|last| last >= group)
    }

    fn count(&self, group: &[Commit], answers: &[Result<(), CommitError>]) {
        let made = group.iter().zip(answers).filter(|(_, answer)| answer.is_ok());
        let bytes = made.clone().map(|(commit, _)| commit.value_bytes()).sum();
        let made = made.count();
        Counters::add(&self.counters.refused, group.len() - made);
        if made > 0 {
            Counters::add(&self.counters.commits, made);
            Counters::add(&self.counters.groups, 1);
            Counters::add(&self.counters.bytes, bytes);
            let made = u64::try_from(made).unwrap_or(u64::MAX);
            self.counters.last_group_commits.store(made, Ordering::Relaxed);
            self.counters.largest_group_commits.fetch_max(made, Ordering::Relaxed);
        }
    }

    /// Reads from the last durable state.
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&ReadTransaction) -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let Some(open) = database.as_ref() else {
            return Err(if self.mode.load(Ordering::Acquire) == CLOSED {
                ReadError::Closed
            } else {
                ReadError::Unavailable("the data file is being opened again".to_owned())
            });
        };
        let answer = guarded(|| {
            let transaction =
                open.begin_read().map_err(|error| ReadError::database(tables::META_NAME, error))?;
            read(&transaction)
        })
        .unwrap_or_else(|panic| Err(ReadError::Unavailable(panic)));
        if let Err(ReadError::Unavailable(cause)) = &answer {
            // the handle is of no use after an I/O error, even for reading: have it reopened
            let was = self.mode.compare_exchange(
                WRITABLE,
                READ_ONLY,
                Ordering::AcqRel,
                Ordering::Acquire,
            );
            if was.is_ok() {
                Counters::add(&self.counters.failures, 1);
                tracing::error!(%cause, "the disk does not answer; the store is read-only");
            }
        }
        answer
    }

    /// The disk refused: no writes until it can be opened again; reading goes on from the last
    /// durable state. The gate is held.
    fn fail(&self, cause: &str) {
        tracing::error!(%cause, "the disk refuses writes; the store is read-only");
        Counters::add(&self.counters.failures, 1);
        self.mode.store(READ_ONLY, Ordering::Release);
        let mut slot = self.database.write().unwrap_or_else(PoisonError::into_inner);
        *slot = None;
        *slot = self.fall_back();
        self.reload_recent(slot.as_ref());
    }

    /// Reads anew which appends are not in the index: the group that failed may be durable.
    fn reload_recent(&self, database: Option<&Database>) {
        let Some(loaded) = database.map(|database| guarded(|| load_recent(database))) else {
            return;
        };
        match loaded {
            Ok(Ok(loaded)) => {
                *self.recent.write().unwrap_or_else(PoisonError::into_inner) = loaded;
            }
            Ok(Err(error)) => tracing::error!(%error, "the latest appends cannot be read"),
            Err(panic) => tracing::error!(panic, "the latest appends cannot be read"),
        }
    }

    /// The last durable state, for reading.
    fn fall_back(&self) -> Option<Database> {
        if let Err(error) = self.source.put_head_back() {
            tracing::warn!(%error, "the head of the data file cannot be put back yet");
        }
        let opened = self
            .source
            .open_overlay()
            .map_err(Failure::Io)
            .and_then(|overlay| open_backend(overlay, self.cache_bytes, false));
        opened
            .inspect_err(|error| tracing::error!(?error, "the data file cannot be read either"))
            .ok()
    }

    /// Tries to write again; says whether writing works now.
    pub(super) fn try_reopen(&self) -> bool {
        let _gate = lock(&self.gate);
        if self.mode.load(Ordering::Acquire) != READ_ONLY {
            return self.writable();
        }
        let mut slot = self.database.write().unwrap_or_else(PoisonError::into_inner);
        *slot = None;
        let opened = self
            .source
            .put_head_back()
            .map_err(Failure::Io)
            .and_then(|()| open_writable(&self.source, self.cache_bytes, false))
            .and_then(|database| match guarded(|| create_tables(&database)) {
                // writing the layout version once more proves that a commit gets through
                Ok(Ok(())) => Ok(database),
                Ok(Err(error)) => Err(Failure::Database(error.to_string())),
                Err(panic) => Err(Failure::Panic(panic)),
            });
        match opened {
            Ok(database) => {
                self.reload_recent(Some(&database));
                *slot = Some(database);
                self.mode.store(WRITABLE, Ordering::Release);
                Counters::add(&self.counters.heals, 1);
                tracing::info!("the disk takes writes again");
                true
            }
            Err(error) => {
                tracing::debug!(?error, "the disk still refuses writes");
                *slot = self.fall_back();
                false
            }
        }
    }

    /// Refuses everything from now on and lets go of the file.
    pub(super) fn close(&self) {
        let _gate = lock(&self.gate);
        if self.mode.swap(CLOSED, Ordering::AcqRel) == WRITABLE {
            self.tidy_up();
        }
        *self.database.write().unwrap_or_else(PoisonError::into_inner) = None;
        *lock(&self.folder_lock) = None;
    }
}

impl Shared {
    /// Leaves a file in which everything is in the index. If this fails, nothing is lost.
    fn tidy_up(&self) {
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let recent = self.recent.read().unwrap_or_else(PoisonError::into_inner);
        let Some(database) = database.as_ref().filter(|_| recent.len() > 0) else { return };
        match guarded(|| apply::move_recent(database, &recent)) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the index is left for the next start"),
            Err(panic) => tracing::warn!(panic, "the index is left for the next start"),
        }
    }
}

/// Why the data file could not be opened or written.
#[derive(Debug)]
enum Failure {
    Io(io::Error),
    Open(DatabaseError),
    Database(String),
    Panic(String),
}

impl Failure {
    fn into_open_error(self, dir: &Path, file: &Path) -> OpenError {
        use redb::StorageError;
        let file = file.to_owned();
        match self {
            Self::Open(
                DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch,
            ) => OpenError::InUse { dir: dir.to_owned(), pid: None },
            Self::Open(DatabaseError::Storage(StorageError::Io(source))) | Self::Io(source) => {
                match source.kind() {
                    io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
                        OpenError::Corrupt { file, detail: source.to_string() }
                    }
                    io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                        OpenError::NotWritable { dir: dir.to_owned(), source }
                    }
                    _ => OpenError::Io { file, source },
                }
            }
            Self::Open(error) => OpenError::Corrupt { file, detail: error.to_string() },
            Self::Panic(detail) => OpenError::Corrupt { file, detail },
            Self::Database(detail) => OpenError::Io { file, source: io::Error::other(detail) },
        }
    }
}

/// Runs `work`; a panic of the database, which a damaged file can provoke, becomes its text.
fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        panic
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "the database gave up".to_owned())
    })
}

fn open_writable(source: &Source, cache_bytes: usize, check: bool) -> Result<Database, Failure> {
    open_backend(source.open().map_err(Failure::Io)?, cache_bytes, check)
}

fn open_backend(
    backend: impl StorageBackend,
    cache_bytes: usize,
    check_integrity: bool,
) -> Result<Database, Failure> {
    guarded(|| {
        Builder::new()
            .set_cache_size(cache_bytes)
            .set_check_integrity_on_open(check_integrity)
            .create_with_backend(backend)
    })
    .map_err(Failure::Panic)?
    .map_err(Failure::Open)
}

fn create_tables(database: &Database) -> Result<(), redb::Error> {
    let transaction = apply::begin(database)?;
    tables::create(&transaction)?;
    transaction.commit()?;
    Ok(())
}

/// The appends that the index of this file does not have.
fn load_recent(database: &Database) -> Result<Recent, ReadError> {
    let transaction =
        database.begin_read().map_err(|error| ReadError::database(tables::META_NAME, error))?;
    recent::load(&transaction)
}
