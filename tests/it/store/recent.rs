//! The index is written in batches: nobody can tell, whenever the program stops.

use super::*;
use redb::{ReadableTable as _, TableDefinition};
use skirmish::store::{CommitError, Conflict, DATA_FILE, MAX_RECENT_APPENDS, OpenError};
use std::fs;

const LOG: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("log");
const RECENT: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("log_recent");
const META: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("meta");
const FIGHTS: u64 = 7;

/// Appends one event to each of the fights in turn, so many in all, `first` to begin with; many
/// share a sync.
async fn append_all(store: &Store, first: u64, last: u64) {
    let mut writing = tokio::task::JoinSet::new();
    for combat in 0..FIGHTS {
        let store = store.clone();
        writing.spawn(async move {
            for n in (first..=last).filter(|n| n % FIGHTS == combat) {
                let seq = n / FIGHTS + 1;
                store.commit(append(fight(combat.into()), seq, seq)).await.unwrap();
            }
        });
    }
    while let Some(written) = writing.join_next().await {
        written.unwrap();
    }
}

/// Every fight can be read from any number, and goes on where it stopped and nowhere else.
fn holds(store: &Store, last: u64) {
    for combat in 0..FIGHTS {
        let key = fight(combat.into());
        let seqs = (0..=last).filter(|n| n % FIGHTS == combat).count() as u64;
        assert_eq!(store.tail(key).unwrap(), Some(seqs), "fight {combat}");
        assert_eq!(store.oldest(key).unwrap(), Some(1), "fight {combat}");
        let all: Vec<(u64, u64)> = (1..=seqs).map(|seq| (seq, seq)).collect();
        assert!(ranges(store, key, 1 << 14) == all, "fight {combat}");
        for after in [0, 1, seqs / 2, seqs - 2, seqs - 1] {
            let page = store.read_commits(key, after, 0).unwrap();
            assert_eq!(page[0].first_seq, after + 1, "fight {combat}");
            assert_eq!(page[0].record, record(key, after + 1, after + 1));
        }
        assert!(store.read_commits(key, seqs, 0).unwrap().is_empty());
        let bounded = store.read_commits_to(key, 3..=9, usize::MAX).unwrap();
        assert_eq!(bounded.iter().map(|it| it.last_seq).collect::<Vec<_>>(), [4, 5, 6, 7, 8, 9]);
        for wrong in [1, seqs, seqs + 2] {
            assert!(matches!(
                store.commit_blocking(append(key, wrong, wrong)),
                Err(CommitError::Conflict(Conflict::Log { tail, .. })) if tail == seqs
            ));
        }
    }
}

/// The file as a process that is killed now would leave it, in a folder of its own.
fn killed(dir: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    fs::copy(dir.join(DATA_FILE), copy.path().join(DATA_FILE)).unwrap();
    copy
}

fn tamper(dir: &Path, change: impl FnOnce(&redb::WriteTransaction)) {
    let db = redb::Database::open(dir.join(DATA_FILE)).unwrap();
    let t = db.begin_write().unwrap();
    change(&t);
    t.commit().unwrap();
}

/// Before a batch moves to the index, while some have and some have not, and after every stop.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whenever_it_stops_every_append_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let batch = MAX_RECENT_APPENDS as u64;
    let mut first = 0;
    for last in [100, batch + 50, 2 * batch + 700] {
        append_all(&store, first, last).await;
        holds(&store, last);
        let copy = killed(dir.path());
        let again = open(copy.path());
        holds(&again, last);
        append_all(&again, last + 1, last + 90).await;
        holds(&again, last + 90);
        again.close();
        tamper(copy.path(), |t| {
            assert!(t.open_table(RECENT).unwrap().last().unwrap().is_none(), "closing tidies up");
        });
        holds(&open(copy.path()), last + 90);
        first = last + 1;
    }
}

/// A row that is lost or damaged before it got into the index is made again from its append; if
/// that is damaged too, nobody knows whose it was, and the file is not opened.
#[tokio::test]
async fn a_lost_row_is_made_again_from_its_append() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    append_all(&store, 0, 99).await;
    let copy = killed(dir.path());
    tamper(copy.path(), |t| {
        let mut rows = t.open_table(RECENT).unwrap();
        rows.remove(100).unwrap().unwrap();
        rows.remove(40).unwrap().unwrap();
        let mut row = rows.get(41).unwrap().unwrap().value().to_vec();
        row[31] ^= 1;
        rows.insert(41, row.as_slice()).unwrap();
    });
    holds(&open(copy.path()), 99);
    let copy = killed(dir.path());
    tamper(copy.path(), |t| {
        t.open_table(RECENT).unwrap().remove(100).unwrap().unwrap();
        let mut log = t.open_table(LOG).unwrap();
        let mut record = log.get(100).unwrap().unwrap().value().to_vec();
        record[5] ^= 1;
        log.insert(100, record.as_slice()).unwrap();
    });
    let error = Store::open(copy.path(), &StoreOptions::default()).expect_err("must not open");
    assert!(matches!(error, OpenError::Corrupt { .. }), "{error:?}");
}

/// A file from before there was a table of recent appends has everything in its index.
#[tokio::test]
async fn a_file_without_the_table_of_recent_appends_opens() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    append_all(&store, 0, 99).await;
    store.close();
    tamper(dir.path(), |t| {
        t.delete_table(RECENT).unwrap();
        t.open_table(META).unwrap().remove(b"indexed".as_slice()).unwrap().unwrap();
    });
    let store = open(dir.path());
    holds(&store, 99);
    append_all(&store, 100, 140).await;
    holds(&store, 140);
}
