//! The data folder: made if it can be, locked for this process, and a clear word if not.
//!
//! Two processes must never write the same file; a folder of somebody else is never made
//! readable to others.

use super::{DATA_FILE, LOCK_FILE, error::OpenError};
use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
};

/// The folder, ours as long as this value lives.
#[derive(Debug)]
pub(super) struct Folder {
    pub(super) data_file: PathBuf,
    /// Dropping it releases the lock.
    pub(super) lock: File,
}

pub(super) fn take(dir: &Path) -> Result<Folder, OpenError> {
    make(dir)?;
    let lock = lock(dir)?;
    let data_file = dir.join(DATA_FILE);
    open_private(&data_file).map_err(|source| refused(dir, &data_file, source))?;
    Ok(Folder { data_file, lock })
}

fn make(dir: &Path) -> Result<(), OpenError> {
    match fs::metadata(dir) {
        Ok(found) if found.is_dir() => return Ok(()),
        Ok(_) => return Err(OpenError::NotAFolder(dir.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            return Err(OpenError::NotWritable { dir: dir.to_owned(), source: error });
        }
        Err(_) => {}
    }
    let parent = match dir.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if !parent.is_dir() {
        return Err(OpenError::NoParent { dir: dir.to_owned(), parent: parent.to_owned() });
    }
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(|source| OpenError::NotWritable { dir: dir.to_owned(), source })
}

/// A file that only its owner may read: it holds dice seeds.
fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn lock(dir: &Path) -> Result<File, OpenError> {
    let path = dir.join(LOCK_FILE);
    let mut file = open_private(&path).map_err(|source| refused(dir, &path, source))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            let pid = file.read_to_string(&mut text).ok().and_then(|_| text.trim().parse().ok());
            return Err(OpenError::InUse { dir: dir.to_owned(), pid });
        }
        Err(TryLockError::Error(source)) => return Err(OpenError::Io { file: path, source }),
    }
    // The number only makes the message of a second process better; the lock is what counts, so a
    // full disk must not keep the store from being opened and read.
    let pid = std::process::id().to_string();
    let told =
        file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(pid.as_bytes()));
    if let Err(error) = told {
        tracing::debug!(%error, "could not write the process number into the lock file");
    }
    Ok(file)
}

fn refused(dir: &Path, file: &Path, source: io::Error) -> OpenError {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            OpenError::Io { file: file.to_owned(), source }
        }
        _ => OpenError::NotWritable { dir: dir.to_owned(), source },
    }
}
