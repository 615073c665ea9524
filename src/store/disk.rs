//! The disk under the fights: what was written, what is truly safe, and a way to go on reading
//! when it refuses to be written.
//!
//! Nothing here decides what is stored. What must never happen: a commit that was reported as
//! not made comes back later, or a store that cannot be written is changed.
//!
//! The database flips to a new state by one write to the head of the file, after everything else
//! is synced. So the head as of the last successful sync *is* the last acknowledged state:
//! [`Watched`] keeps a copy of it, and after a failure it is put back before the file is opened
//! again. While the disk refuses that too, [`Overlay`] opens the file with every write kept in
//! memory, so that reading goes on.

use redb::{BackendError, StorageBackend, backends::FileBackend};
use std::{
    collections::{BTreeMap, btree_map::Entry},
    fmt::Debug,
    fs::OpenOptions,
    io::{self, Write as _},
    ops::Bound,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The part of the file that holds the state flip, in bytes: its first page.
const HEAD_BYTES: usize = 4096;
/// The unit in which [`Overlay`] keeps what would have been written, in bytes.
const PAGE_BYTES: u64 = 4096;

/// Something that keeps bytes at offsets: a file, memory, or a disk that a test can break.
pub trait Disk: Debug + Send + Sync + 'static {
    /// Its length, in bytes.
    fn size_bytes(&self) -> io::Result<u64>;
    /// Fills `out` from `offset`; past the end is an error.
    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()>;
    /// Cuts or grows it; what is new is zero.
    fn set_size_bytes(&self, bytes: u64) -> io::Result<()>;
    /// Returns when everything written is durable.
    fn sync(&self) -> io::Result<()>;
    /// Writes `data` at `offset`.
    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()>;
}

/// A disk in memory, for tests.
#[derive(Debug, Default)]
pub struct MemoryDisk(Mutex<Vec<u8>>);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // what is behind these locks is whole after every statement, so a panic elsewhere is no harm
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn index(offset: u64) -> io::Result<usize> {
    usize::try_from(offset).map_err(io::Error::other)
}

fn past_the_end() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "past the end of the data file")
}

impl Disk for MemoryDisk {
    fn size_bytes(&self) -> io::Result<u64> {
        u64::try_from(lock(&self.0).len()).map_err(io::Error::other)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let bytes = lock(&self.0);
        let from = bytes.get(index(offset)?..).ok_or_else(past_the_end)?;
        out.copy_from_slice(from.get(..out.len()).ok_or_else(past_the_end)?);
        Ok(())
    }

    fn set_size_bytes(&self, bytes: u64) -> io::Result<()> {
        lock(&self.0).resize(index(bytes)?, 0);
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut bytes = lock(&self.0);
        let from = bytes.get_mut(index(offset)?..).ok_or_else(past_the_end)?;
        from.get_mut(..data.len()).ok_or_else(past_the_end)?.copy_from_slice(data);
        Ok(())
    }
}

/// Where the data file is, so that it can be opened again after a failure.
#[derive(Debug)]
pub(super) struct Source {
    place: Place,
    head: Arc<Mutex<Head>>,
}

#[derive(Debug)]
enum Place {
    File(PathBuf),
    Disk(Arc<dyn Disk>),
}

/// The head of the file: as last written, and as it was when a sync last succeeded.
#[derive(Debug, Default)]
struct Head {
    written: Vec<u8>,
    durable: Vec<u8>,
}

impl Head {
    fn note_write(&mut self, offset: u64, data: &[u8]) {
        let Ok(offset) = usize::try_from(offset) else { return };
        if offset >= HEAD_BYTES {
            return;
        }
        let end = offset.saturating_add(data.len()).min(HEAD_BYTES);
        if self.written.len() < end {
            self.written.resize(end, 0);
        }
        for (to, from) in self.written.iter_mut().skip(offset).zip(data) {
            *to = *from;
        }
    }
}

impl Source {
    pub(super) fn file(path: &Path) -> Self {
        Self { place: Place::File(path.to_owned()), head: Arc::default() }
    }

    pub(super) fn disk(disk: Arc<dyn Disk>) -> Self {
        Self { place: Place::Disk(disk), head: Arc::default() }
    }

    /// Where it is, for messages.
    pub(super) fn path(&self) -> PathBuf {
        match &self.place {
            Place::File(path) => path.clone(),
            Place::Disk(_) => PathBuf::from("(not a file)"),
        }
    }

    /// For reading and writing. What the file's head is now counts as durable from here on.
    pub(super) fn open(&self) -> io::Result<Watched> {
        let below = self.below()?;
        let mut bytes = vec![0; HEAD_BYTES];
        let head = if below.len()? < PAGE_BYTES {
            Head::default()
        } else {
            below.read(0, &mut bytes)?;
            Head { written: bytes.clone(), durable: bytes }
        };
        *lock(&self.head) = head;
        Ok(Watched { below, head: Arc::clone(&self.head) })
    }

    /// For reading the last acknowledged state; what is written stays in memory.
    pub(super) fn open_overlay(&self) -> io::Result<Overlay> {
        let below = self.below()?;
        let len = below.len()?;
        let overlay = Overlay { below, pages: Mutex::new(Pages { pages: BTreeMap::new(), len }) };
        // what the file's own head says may be more than was ever acknowledged
        let head = lock(&self.head).durable.clone();
        overlay.write(0, &head)?;
        Ok(overlay)
    }

    /// Puts the last acknowledged head back, so that a commit that was reported as not made
    /// cannot come back.
    pub(super) fn put_head_back(&self) -> io::Result<()> {
        let head = lock(&self.head).durable.clone();
        if head.is_empty() {
            return Ok(());
        }
        match &self.place {
            Place::File(path) => {
                let mut file = OpenOptions::new().write(true).open(path)?;
                file.write_all(&head)?;
                file.sync_data()
            }
            Place::Disk(disk) => {
                disk.write(0, &head)?;
                disk.sync()
            }
        }
    }

    fn below(&self) -> io::Result<Below> {
        match &self.place {
            Place::File(path) => {
                let file = OpenOptions::new().read(true).write(true).open(path)?;
                Ok(Below::File(FileBackend::new(file).map_err(io::Error::other)?))
            }
            Place::Disk(disk) => Ok(Below::Disk(Arc::clone(disk))),
        }
    }
}

#[derive(Debug)]
enum Below {
    File(FileBackend),
    Disk(Arc<dyn Disk>),
}

impl Below {
    fn len(&self) -> io::Result<u64> {
        match self {
            Self::File(file) => file.len(),
            Self::Disk(disk) => disk.size_bytes(),
        }
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        match self {
            Self::File(file) => file.read(offset, out),
            Self::Disk(disk) => disk.read(offset, out),
        }
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        match self {
            Self::File(file) => file.set_len(len),
            Self::Disk(disk) => disk.set_size_bytes(len),
        }
    }

    fn sync_data(&self) -> io::Result<()> {
        match self {
            Self::File(file) => file.sync_data(),
            Self::Disk(disk) => disk.sync(),
        }
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        match self {
            Self::File(file) => file.write(offset, data),
            Self::Disk(disk) => disk.write(offset, data),
        }
    }

    fn close(&self) -> io::Result<()> {
        match self {
            Self::File(file) => file.close(),
            Self::Disk(_) => Ok(()),
        }
    }

    /// Locks as redb asks for them, where there is a file to lock.
    fn on_file<T>(
        &self,
        ask: impl FnOnce(&FileBackend) -> Result<T, BackendError>,
    ) -> Result<T, BackendError> {
        match self {
            Self::File(file) => ask(file),
            Self::Disk(_) => Err(BackendError::Unsupported),
        }
    }
}

/// The lock methods of a backend are those of the file below it.
macro_rules! locks_of_the_file_below {
    () => {
        fn try_lock_range(&self, a: Bound<u64>, b: Bound<u64>) -> Result<bool, BackendError> {
            self.below.on_file(|file| file.try_lock_range(a, b))
        }

        fn try_lock_shared_range(
            &self,
            a: Bound<u64>,
            b: Bound<u64>,
        ) -> Result<bool, BackendError> {
            self.below.on_file(|file| file.try_lock_shared_range(a, b))
        }

        fn lock_range(&self, a: Bound<u64>, b: Bound<u64>) -> Result<(), BackendError> {
            self.below.on_file(|file| file.lock_range(a, b))
        }

        fn lock_shared_range(&self, a: Bound<u64>, b: Bound<u64>) -> Result<(), BackendError> {
            self.below.on_file(|file| file.lock_shared_range(a, b))
        }

        fn unlock_range(&self, a: Bound<u64>, b: Bound<u64>) -> Result<(), BackendError> {
            self.below.on_file(|file| file.unlock_range(a, b))
        }

        fn query_lock_range(&self, a: Bound<u64>, b: Bound<u64>) -> Result<bool, BackendError> {
            self.below.on_file(|file| file.query_lock_range(a, b))
        }
    };
}

/// The file, with its head watched.
#[derive(Debug)]
pub(super) struct Watched {
    below: Below,
    head: Arc<Mutex<Head>>,
}

impl StorageBackend for Watched {
    fn len(&self) -> io::Result<u64> {
        self.below.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.below.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.below.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.below.sync_data()?;
        let head = &mut *lock(&self.head);
        head.durable.clone_from(&head.written);
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.below.write(offset, data)?;
        lock(&self.head).note_write(offset, data);
        Ok(())
    }

    fn close(&self) -> io::Result<()> {
        self.below.close()
    }

    locks_of_the_file_below!();
}

/// The file as it was last acknowledged, under a layer of memory that takes every write.
#[derive(Debug)]
pub(super) struct Overlay {
    below: Below,
    pages: Mutex<Pages>,
}

#[derive(Debug)]
struct Pages {
    pages: BTreeMap<u64, Vec<u8>>,
    len: u64,
}

impl Overlay {
    /// The page as it is below, zero where the file ends.
    fn page_below(&self, page: u64) -> io::Result<Vec<u8>> {
        let start = page.saturating_mul(PAGE_BYTES);
        let there = self.below.len()?.saturating_sub(start).min(PAGE_BYTES);
        let mut bytes = vec![0; index(PAGE_BYTES)?];
        if let Some(part) = bytes.get_mut(..index(there)?)
            && !part.is_empty()
        {
            self.below.read(start, part)?;
        }
        Ok(bytes)
    }
}

/// The pages that a range touches: number, first byte within the page, bytes within it.
fn pages_of(offset: u64, len: usize) -> io::Result<Vec<(u64, usize, usize)>> {
    let end = offset
        .checked_add(u64::try_from(len).map_err(io::Error::other)?)
        .ok_or_else(past_the_end)?;
    let mut parts = Vec::new();
    let mut at = offset;
    while at < end {
        let page = at / PAGE_BYTES;
        let stop = (page + 1).saturating_mul(PAGE_BYTES).min(end);
        parts.push((page, index(at % PAGE_BYTES)?, index(stop - at)?));
        at = stop;
    }
    Ok(parts)
}

impl StorageBackend for Overlay {
    fn len(&self) -> io::Result<u64> {
        Ok(lock(&self.pages).len)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let state = lock(&self.pages);
        let mut rest = out;
        for (page, from, len) in pages_of(offset, rest.len())? {
            let below;
            let bytes = if let Some(bytes) = state.pages.get(&page) {
                bytes
            } else {
                below = self.page_below(page)?;
                &below
            };
            let (to, after) = rest.split_at_mut_checked(len).ok_or_else(past_the_end)?;
            to.copy_from_slice(bytes.get(from..from + len).ok_or_else(past_the_end)?);
            rest = after;
        }
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        lock(&self.pages).len = len;
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut state = lock(&self.pages);
        let mut rest = data;
        for (page, from, len) in pages_of(offset, data.len())? {
            let (part, after) = rest.split_at_checked(len).ok_or_else(past_the_end)?;
            let bytes = match state.pages.entry(page) {
                Entry::Occupied(there) => there.into_mut(),
                Entry::Vacant(free) => free.insert(self.page_below(page)?),
            };
            let to = bytes.get_mut(from..from + len).ok_or_else(past_the_end)?;
            to.copy_from_slice(part);
            rest = after;
        }
        Ok(())
    }

    fn close(&self) -> io::Result<()> {
        self.below.close()
    }

    locks_of_the_file_below!();
}
