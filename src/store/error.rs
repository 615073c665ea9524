//! What can go wrong with the written record, each with words that say what to do about it.
//!
//! Variants are named by what the caller can do. No text here may contain a stored value.

use super::{
    MAX_COMMIT_BYTES, MAX_COMMIT_ITEMS, SCHEMA_VERSION,
    keys::{CharacterKey, CombatKey},
};
use bytes::Bytes;
use std::{fmt::Write as _, io, path::PathBuf};

/// Why the store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Neither the folder nor the one above it exists.
    #[error(
        "the data folder {} does not exist, and neither does the folder above it: create {} first, \
         or set another data folder",
        .dir.display(), .parent.display()
    )]
    NoParent {
        /// The data folder asked for.
        dir: PathBuf,
        /// What would have to exist.
        parent: PathBuf,
    },
    /// Something that is not a folder has the folder's name.
    #[error(
        "the data folder {} is not a folder: move that file away, or set another data folder",
        .0.display()
    )]
    NotAFolder(PathBuf),
    /// The folder or a file in it cannot be written.
    #[error(
        "cannot write in the data folder {}: give the user that runs this program write access to \
         it and its files, mount it writable, or set another data folder",
        .dir.display()
    )]
    NotWritable {
        /// The data folder.
        dir: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another process, or another part of this one, has the store open.
    #[error(
        "the data folder {} is in use by another skirmish process{}: stop that one first, or give \
         this one a data folder of its own",
        .dir.display(), process(.pid.as_ref())
    )]
    InUse {
        /// The data folder.
        dir: PathBuf,
        /// The number of the process that holds it, where it is known.
        pid: Option<u32>,
    },
    /// The data file is damaged.
    #[error(
        "the data file {} is damaged ({detail}): nothing was changed in it; copy it aside, then \
         restore the folder from a backup",
        .file.display()
    )]
    Corrupt {
        /// The data file.
        file: PathBuf,
        /// What was found wrong.
        detail: String,
    },
    /// The data file was written by a newer version of the program.
    #[error(
        "the data file {} has layout version {found}, and this program knows versions up to \
         {SCHEMA_VERSION}: start the newer program that wrote it, or restore an older backup",
        .file.display()
    )]
    NewerSchema {
        /// The data file.
        file: PathBuf,
        /// The layout version it has.
        found: u32,
    },
    /// The system refused something else.
    #[error("cannot open the data file {}: check the disk and try again", .file.display())]
    Io {
        /// The data file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

fn process(pid: Option<&u32>) -> String {
    pid.map(|pid| format!(" (number {pid})")).unwrap_or_default()
}

/// What a commit collided with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conflict {
    /// The log does not end where the commit thought it does.
    Log {
        /// The fight.
        combat: CombatKey,
        /// The last number the log has; 0 if it is empty.
        tail: u64,
        /// The first number the commit wanted to write.
        first_seq: u64,
    },
    /// A character sheet was changed, removed or created in between.
    Character {
        /// The sheet.
        key: CharacterKey,
        /// The version it has now; none if it does not exist.
        version: Option<u64>,
        /// The version that the commit was made for; none if it was to be created.
        expected: Option<u64>,
    },
}

/// Why a commit was not made. In every case nothing of it was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// The commit was made for a state that is no longer the state: read again and decide anew.
    #[error("the commit was made for an older state: {0:?}")]
    Conflict(Conflict),
    /// The same request was committed before; here is what it was answered.
    #[error("the same request was already committed")]
    ReceiptExists(Bytes),
    /// The disk refuses writes. Reads go on, and writing resumes by itself once it can.
    #[error("the disk refuses writes; reading goes on, and writing resumes by itself")]
    ReadOnly,
    /// Too many commits are waiting: try again shortly.
    #[error("too many commits are waiting")]
    QueueFull,
    /// The store has been closed.
    #[error("the store is closed")]
    Closed,
    /// The commit, or a part of it, is larger than the store takes.
    #[error(
        "{what} is too large: {found}, and at most {limit} is taken (a whole commit: \
         {MAX_COMMIT_BYTES} bytes and {MAX_COMMIT_ITEMS} items of a kind)"
    )]
    TooLarge {
        /// Which part.
        what: &'static str,
        /// The size it has.
        found: usize,
        /// The size it may have.
        limit: usize,
    },
    /// The commit contradicts itself: a mistake in the program that made it.
    #[error("the commit contradicts itself: {0}")]
    Invalid(&'static str),
    /// Something the commit builds on is damaged on disk.
    #[error("what the commit builds on cannot be read")]
    Damaged(#[source] ReadError),
}

/// Why something could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The record is damaged on disk and was not served.
    #[error(
        "a record is damaged on disk (table {table}, key {key}) and was not served: restore the \
         data folder from a backup"
    )]
    Corrupt {
        /// The table it is in.
        table: &'static str,
        /// Its key, in hexadecimal.
        key: String,
    },
    /// The disk does not answer. Reading resumes by itself once it can.
    #[error("the disk does not answer ({0}); reading resumes by itself once it does")]
    Unavailable(String),
    /// The store has been closed.
    #[error("the store is closed")]
    Closed,
}

impl ReadError {
    pub(super) fn corrupt(table: &'static str, key: &[u8]) -> Self {
        let mut text = String::with_capacity(key.len() * 2);
        for byte in key {
            // writing to a String cannot fail
            write!(text, "{byte:02x}").unwrap_or_default();
        }
        Self::Corrupt { table, key: text }
    }
}

impl ReadError {
    /// What the database said while reading `table`.
    pub(super) fn database(table: &'static str, error: impl Into<redb::Error>) -> Self {
        match error.into() {
            redb::Error::Corrupted(_) => {
                Self::Corrupt { table, key: "the table itself".to_owned() }
            }
            other => Self::Unavailable(other.to_string()),
        }
    }
}
