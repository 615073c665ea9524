//! Where every fight is written down before anybody hears of it.
//!
//! The store knows keys and bytes, never what they mean; it reads no clock and rolls no dice.
//! What must never happen here: a commit is acknowledged before it is durable, half of a commit
//! is visible, a damaged record is served, or one guild reaches a key of another. No type of the
//! database underneath leaves this folder. `docs/storage.md` draws the layout.

mod apply;
mod character;
mod commit;
mod disk;
mod error;
mod folder;
mod handle;
mod keys;
mod read;
mod recent;
mod seal;
mod shared;
mod stats;
mod tables;
mod writer;

pub use character::{CharacterWrite, StoredCharacter};
pub use commit::{Commit, LogAppend, StoredCommit};
#[doc(hidden)]
pub use disk::{Disk, MemoryDisk};
pub use error::{CommitError, Conflict, OpenError, ReadError};
pub use handle::{Store, StoreOptions};
pub use keys::{CharacterKey, CombatKey, ReceiptKey, Space};
#[doc(hidden)]
pub use shared::Writer;
pub use stats::StoreStats;

/// The name of the data file inside the data folder.
pub const DATA_FILE: &str = "skirmish.redb";
/// The name of the lock file inside the data folder; it holds the number of the process that
/// has the store open.
pub const LOCK_FILE: &str = "skirmish.lock";
/// The version of the layout this program writes; a file with a higher one is refused.
pub const SCHEMA_VERSION: u32 = 1;

/// Longest request id, in bytes.
pub const MAX_REQUEST_ID_BYTES: usize = 64;
/// Longest character name, in bytes of UTF-8.
pub const MAX_NAME_BYTES: usize = 256;
/// Longest key in a side table, in bytes.
pub const MAX_SIDE_KEY_BYTES: usize = 512;
/// Largest single value (a log record, a sheet), in bytes.
pub const MAX_VALUE_BYTES: usize = 4 * 1024 * 1024;
/// Largest commit, all its values together, in bytes.
pub const MAX_COMMIT_BYTES: usize = 8 * 1024 * 1024;
/// Most receipts, characters or side-table writes in one commit, each.
pub const MAX_COMMIT_ITEMS: usize = 1024;
/// Most commits waiting for the writer; the next one is refused with `QueueFull`.
pub const MAX_QUEUED_COMMITS: usize = 4096;
/// Most commits that share one sync of the disk.
pub const MAX_GROUP_COMMITS: usize = 512;
/// Most bytes that share one sync of the disk, so that a group cannot hold others up for long.
pub const MAX_GROUP_BYTES: usize = 16 * 1024 * 1024;
/// Appends that wait for their rows in the index of fights, which are written together.
pub const MAX_RECENT_APPENDS: usize = 4096;
/// Most rows that one catalogue, character or side-table query returns.
pub const MAX_ROWS: usize = 10_000;
/// Memory for pages of the data file, in bytes.
pub const DEFAULT_CACHE_BYTES: usize = 64 * 1024 * 1024;
