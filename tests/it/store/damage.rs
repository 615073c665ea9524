//! Damage on the disk: named, never served.

use super::*;
use redb::{ReadableTable as _, TableDefinition};
use skirmish::store::{CommitError, DATA_FILE, OpenError, ReadError};
use std::fs;

const LOG: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("log");
const INDEX: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("log_index");

/// A folder with a fight of four commits, closed.
fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for seq in 1..=4 {
        store.commit_blocking(append(fight(1), seq, seq)).unwrap();
    }
    store.commit_blocking(append(fight(2), 1, 1)).unwrap();
    dir
}

/// Changes the file behind the store's back, in a way that the database itself finds sound.
fn tamper(dir: &Path, change: impl FnOnce(&redb::WriteTransaction)) {
    let db = redb::Database::open(dir.join(DATA_FILE)).unwrap();
    let t = db.begin_write().unwrap();
    change(&t);
    t.commit().unwrap();
}

#[test]
fn a_flipped_bit_in_a_record_is_named_and_its_neighbours_are_served() {
    let clean = folder();
    let length = {
        let store = open(clean.path());
        assert_eq!(ranges(&store, fight(1), 1).len(), 4);
        48 + record(fight(1), 3, 3).len()
    };
    drop(clean);
    for bit in (0..length * 8).step_by(29) {
        let dir = folder();
        tamper(dir.path(), |t| {
            let mut log = t.open_table(LOG).unwrap();
            let mut record = log.get(3).unwrap().unwrap().value().to_vec();
            record[bit / 8] ^= 1 << (bit % 8);
            log.insert(3, record.as_slice()).unwrap();
        });
        let store = open(dir.path());
        let error = store.read_commits(fight(1), 2, 0).unwrap_err();
        let ReadError::Corrupt { table: "log", key } = &error else { panic!("{error:?}") };
        assert_eq!(key, "0000000000000003");
        assert!(error.to_string().contains("restore"), "{error}");
        assert!(store.read_commits(fight(1), 0, usize::MAX).is_err(), "no page skips the hole");
        assert_eq!(store.read_commits(fight(1), 0, 0).unwrap().len(), 1, "before the hole");
        assert_eq!(store.read_commits(fight(1), 3, 0).unwrap().len(), 1, "after the hole");
        assert_eq!(ranges(&store, fight(2), 1), [(1, 1)]);
        assert!(store.writes_ok());
    }
}

#[test]
fn records_that_changed_places_are_named() {
    let dir = folder();
    tamper(dir.path(), |t| {
        let mut log = t.open_table(LOG).unwrap();
        let second = log.get(2).unwrap().unwrap().value().to_vec();
        let third = log.get(3).unwrap().unwrap().value().to_vec();
        log.insert(2, third.as_slice()).unwrap();
        log.insert(3, second.as_slice()).unwrap();
    });
    let store = open(dir.path());
    for after in [1, 2] {
        let error = store.read_commits(fight(1), after, 0).unwrap_err();
        assert!(matches!(error, ReadError::Corrupt { table: "log", .. }), "{error:?}");
    }
}

#[test]
fn a_lost_record_or_a_lost_index_row_is_a_hole_and_not_skipped() {
    let lose = |number: Option<u64>, row: Option<u64>| {
        let dir = folder();
        tamper(dir.path(), |t| {
            if let Some(number) = number {
                t.open_table(LOG).unwrap().remove(number).unwrap();
            }
            if let Some(seq) = row {
                let key = [&7u64.to_be_bytes()[..], &1u128.to_be_bytes(), &seq.to_be_bytes()];
                let removed =
                    t.open_table(INDEX).unwrap().remove(&*key.concat()).unwrap().is_some();
                assert!(removed);
            }
        });
        let store = open(dir.path());
        let corrupt = |after| {
            matches!(store.read_commits(fight(1), after, 0), Err(ReadError::Corrupt { .. }))
        };
        assert!(corrupt(1), "the page that would begin with the hole");
        assert!(
            store.read_commits(fight(1), 0, usize::MAX).is_err(),
            "the page that would contain the hole"
        );
    };
    lose(Some(2), None);
    lose(None, Some(2));
}

#[test]
fn a_commit_on_a_damaged_index_is_refused_alone() {
    let dir = folder();
    tamper(dir.path(), |t| {
        let key = [&7u64.to_be_bytes()[..], &1u128.to_be_bytes(), &4u64.to_be_bytes()].concat();
        t.open_table(INDEX).unwrap().insert(key.as_slice(), &[0u8; 16][..]).unwrap();
    });
    let store = open(dir.path());
    assert!(matches!(
        store.commit_blocking(append(fight(1), 5, 5)),
        Err(CommitError::Damaged(ReadError::Corrupt { table: "log_index", .. }))
    ));
    store.commit_blocking(append(fight(2), 2, 2)).unwrap();
    assert!(store.writes_ok());
}

/// Flips in the raw file: whatever is hit, opening or reading names it, or what is read is right.
#[test]
fn a_flipped_byte_anywhere_in_the_file_is_never_served() {
    let dir = folder();
    let path = dir.path().join(DATA_FILE);
    let sound = fs::read(&path).unwrap();
    let needle = b"fight 1 of guild 7, 3 to 3";
    // every place where the record was written, and a walk over the rest of the file
    let mut places: Vec<usize> = sound
        .windows(needle.len())
        .enumerate()
        .filter(|(_, at)| at == needle)
        .map(|(i, _)| i)
        .collect();
    assert!(!places.is_empty());
    let used = sound.iter().rposition(|byte| *byte != 0).unwrap();
    places.extend((0..used).step_by(used / 60));
    let mut named = 0;
    for place in places {
        let mut damaged = sound.clone();
        damaged[place] ^= 0x20;
        fs::write(&path, &damaged).unwrap();
        match Store::open(dir.path(), &StoreOptions::default()) {
            Err(OpenError::Corrupt { .. } | OpenError::Io { .. }) => named += 1,
            Err(other) => panic!("byte {place}: {other:?}"),
            Ok(store) => match store.read_commits(fight(1), 0, usize::MAX) {
                Err(ReadError::Corrupt { .. } | ReadError::Unavailable(_)) => named += 1,
                Err(ReadError::Closed) => panic!("byte {place}: closed"),
                Ok(commits) => {
                    assert_eq!(commits.len(), 4, "byte {place}");
                    for (seq, commit) in (1..).zip(commits) {
                        assert_eq!(commit.record, record(fight(1), seq, seq), "byte {place}");
                    }
                }
            },
        }
    }
    assert!(named > 0, "no flip was noticed: the test hits nothing");
}

#[test]
fn a_file_that_is_no_data_file_or_was_cut_is_refused() {
    let dir = folder();
    let path = dir.path().join(DATA_FILE);
    let sound = fs::read(&path).unwrap();
    for bytes in
        [b"not a data file".to_vec(), vec![0xAB; 100_000], sound[..sound.len() / 4].to_vec()]
    {
        fs::write(&path, &bytes).unwrap();
        let error = Store::open(dir.path(), &StoreOptions::default()).expect_err("must not open");
        assert!(matches!(error, OpenError::Corrupt { .. }), "{error:?}");
        assert!(error.to_string().contains("restore the folder from a backup"), "{error}");
    }
    fs::write(&path, &sound).unwrap();
    assert_eq!(open(dir.path()).tail(fight(1)).unwrap(), Some(4));
}
