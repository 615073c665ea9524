//! The data folder: made, locked, and refused with a word about what to do.

use super::*;
use redb::{ReadableDatabase as _, TableDefinition};
use skirmish::store::{DATA_FILE, OpenError, SCHEMA_VERSION};
use std::fs;

fn refused(dir: &Path) -> OpenError {
    Store::open(dir, &StoreOptions::default()).expect_err("must not open")
}

fn says(error: &OpenError, dir: &Path, advice: &str) {
    let text = error.to_string();
    assert!(text.contains(&dir.display().to_string()), "names the folder: {text}");
    assert!(text.contains(advice), "says what to do: {text}");
}

#[test]
fn a_missing_folder_is_made_for_its_owner_alone() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let store = open(&data);
    store.commit_blocking(append(fight(1), 1, 1)).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&data), 0o700);
        assert_eq!(mode(&data.join(DATA_FILE)), 0o600, "it holds dice seeds");
    }
}

#[test]
fn a_folder_without_a_parent_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("no/data");
    let error = refused(&data);
    assert!(matches!(error, OpenError::NoParent { .. }), "{error:?}");
    says(&error, &data, "create");
    assert!(!data.exists());
}

#[test]
fn a_file_in_place_of_the_folder_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    fs::write(&data, "not a folder").unwrap();
    let error = refused(&data);
    assert!(matches!(error, OpenError::NotAFolder(_)), "{error:?}");
    says(&error, &data, "move that file away");
    assert_eq!(fs::read_to_string(&data).unwrap(), "not a folder");
}

/// Tests run as root in places, whom no permission bit stops. Nobody can make a file in /proc,
/// root or not, so it stands for a folder that is mounted read-only; a folder that has a
/// *directory* where the data file belongs stands for a file that cannot be opened for writing.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_is_refused() {
    let data = Path::new("/proc/self");
    let error = refused(data);
    assert!(matches!(error, OpenError::NotWritable { .. }), "{error:?}");
    says(&error, data, "write access");

    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join(DATA_FILE)).unwrap();
    let error = refused(dir.path());
    assert!(matches!(error, OpenError::NotWritable { .. }), "{error:?}");
}

#[test]
fn a_second_opening_is_refused_until_the_first_is_closed() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let error = refused(dir.path());
    assert!(
        matches!(&error, OpenError::InUse { pid: Some(pid), .. } if *pid == std::process::id()),
        "{error:?}"
    );
    says(&error, dir.path(), "stop that one first");
    store.commit_blocking(append(fight(1), 1, 1)).unwrap();
    let other_handle = store.clone();
    store.close();
    assert_eq!(open(dir.path()).tail(fight(1)).unwrap(), Some(1));
    drop(other_handle);
}

/// A real second process: this test starts its own binary again with the folder in its
/// environment, and that one may only report what it was told.
#[test]
fn a_second_process_is_refused() {
    const DIR: &str = "SKIRMISH_TEST_SECOND_PROCESS";
    #[allow(clippy::disallowed_methods, reason = "how the child of this test gets its folder")]
    if let Some(dir) = std::env::var_os(DIR) {
        println!("told: {}", refused(Path::new(&dir)));
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store::folder::a_second_process_is_refused", "--nocapture"])
        .env(DIR, dir.path())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&child.stdout).into_owned();
    assert!(child.status.success(), "{told}");
    let expected = format!(
        "told: the data folder {} is in use by another skirmish process (number {})",
        dir.path().display(),
        std::process::id()
    );
    assert!(told.contains(&expected), "{told}");
    store.commit_blocking(append(fight(1), 1, 1)).unwrap();
}

#[test]
fn a_file_of_a_newer_program_is_refused_and_stays_as_it_is() {
    const META: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("meta");
    let dir = tempfile::tempdir().unwrap();
    open(dir.path()).commit_blocking(append(fight(1), 1, 1)).unwrap();
    let path = dir.path().join(DATA_FILE);
    let write_version = |version: u32| {
        // sealed as the store does it: lengths, table, key, payload
        let mut hasher = blake3::Hasher::new();
        hasher.update(&4u64.to_le_bytes()).update(&6u64.to_le_bytes());
        hasher.update(b"meta").update(b"schema").update(&version.to_be_bytes());
        let sum = hasher.finalize();
        let value = [&version.to_be_bytes()[..], &sum.as_bytes()[..8]].concat();
        let db = redb::Database::open(&path).unwrap();
        let t = db.begin_write().unwrap();
        t.open_table(META).unwrap().insert(&b"schema"[..], value.as_slice()).unwrap();
        t.commit().unwrap();
    };
    write_version(SCHEMA_VERSION + 1);
    let error = refused(dir.path());
    assert!(
        matches!(error, OpenError::NewerSchema { found, .. } if found == SCHEMA_VERSION + 1),
        "{error:?}"
    );
    says(&error, dir.path(), "newer program");
    let db = redb::Database::open(&path).unwrap();
    let t = db.begin_read().unwrap();
    let kept = t.open_table(META).unwrap().get(&b"schema"[..]).unwrap().unwrap();
    assert_eq!(kept.value()[..4], (SCHEMA_VERSION + 1).to_be_bytes());
    drop((kept, t, db));
    write_version(SCHEMA_VERSION);
    assert_eq!(open(dir.path()).tail(fight(1)).unwrap(), Some(1));
}
