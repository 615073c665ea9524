//! A disk that says no: nothing acknowledged is lost, nothing refused appears, reading goes on,
//! and writing resumes without a restart.

use super::*;
use skirmish::store::{CommitError, Disk, MemoryDisk, Writer};
use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

/// A disk whose writes fail from the k-th on, until it is mended.
#[derive(Debug, Default)]
struct Flaky {
    disk: MemoryDisk,
    /// Writes, syncs and growths that still succeed; only counted once armed.
    left: AtomicU64,
    armed: AtomicBool,
    /// Whether one failure mends it.
    once: AtomicBool,
    /// Whether the failing write has reached the disk all the same, as an fsync that fails may.
    writes_anyway: AtomicBool,
    reads_fail: AtomicBool,
}

impl Flaky {
    fn fail_after(&self, operations: u64) {
        self.left.store(operations, Ordering::SeqCst);
        self.armed.store(true, Ordering::SeqCst);
    }

    fn mend(&self) {
        self.armed.store(false, Ordering::SeqCst);
    }

    fn fails(&self) -> bool {
        if !self.armed.load(Ordering::SeqCst) {
            return false;
        }
        let spent = self
            .left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
            .is_err();
        if spent && self.once.load(Ordering::SeqCst) {
            self.mend();
        }
        spent
    }

    fn or_fail(&self, work: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        if self.fails() {
            if self.writes_anyway.load(Ordering::SeqCst) {
                work()?;
            }
            return Err(io::ErrorKind::StorageFull.into());
        }
        work()
    }
}

impl Disk for Flaky {
    fn size_bytes(&self) -> io::Result<u64> {
        self.disk.size_bytes()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        if self.reads_fail.load(Ordering::SeqCst) {
            return Err(io::Error::other("the cable is out"));
        }
        self.disk.read(offset, out)
    }

    fn set_size_bytes(&self, bytes: u64) -> io::Result<()> {
        self.or_fail(|| self.disk.set_size_bytes(bytes))
    }

    fn sync(&self) -> io::Result<()> {
        self.or_fail(|| self.disk.sync())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.or_fail(|| self.disk.write(offset, data))
    }
}

fn on(disk: &Arc<Flaky>, writer: Writer) -> Store {
    let options = StoreOptions { cache_bytes: 1 << 20, check_integrity: true };
    Store::open_with_backend(Arc::clone(disk) as Arc<dyn Disk>, &options, writer).unwrap()
}

/// For every k: the k-th operation of a commit fails, for a while or just once, reaching the disk
/// or not. What was refused is not visible then, nor after it heals, nor after a restart; what was
/// acknowledged is; the commit before it stays; the one after it works.
#[test]
fn whichever_operation_of_a_commit_fails_the_answer_is_the_truth() {
    for (once, writes_anyway) in [(false, false), (false, true), (true, false), (true, true)] {
        let mut refused = 0;
        for k in 0.. {
            let disk = Arc::new(Flaky::default());
            disk.once.store(once, Ordering::SeqCst);
            disk.writes_anyway.store(writes_anyway, Ordering::SeqCst);
            let store = on(&disk, Writer::Inline);
            store.commit_blocking(with_receipt(append(fight(1), 1, 2), "r1", "one")).unwrap();
            disk.fail_after(k);
            let answer = store.commit_blocking(second());
            if store.writes_ok() {
                assert_eq!(answer, Ok(()));
                break;
            }
            let case = format!("k {k}, once {once}, writes anyway {writes_anyway}");
            refused += usize::from(answer.is_err());
            answer_is_the_truth(&disk, store, answer, &case);
        }
        assert!(refused > 3, "once {once}, writes anyway {writes_anyway}: only {refused} refused");
    }
}

fn second() -> Commit {
    with_receipt(append(fight(1), 3, 3), "r2", "two")
}

fn answer_is_the_truth(
    disk: &Arc<Flaky>,
    store: Store,
    answer: Result<(), CommitError>,
    case: &str,
) {
    let (log, receipt): (&[_], _) = match answer {
        Ok(()) => (&[(1, 2), (3, 3)], Some(Bytes::from("two"))),
        Err(CommitError::ReadOnly) => (&[(1, 2)], None),
        Err(other) => panic!("{case}: {other:?}"),
    };
    let is_true = |store: &Store| {
        assert_eq!(ranges(store, fight(1), 1), log, "{case}");
        assert_eq!(store.receipt(&request("r2")).unwrap(), receipt, "{case}");
        assert_eq!(store.receipt(&request("r1")).unwrap().unwrap(), "one", "{case}");
    };
    is_true(&store);
    assert_eq!(store.commit_blocking(append(fight(2), 1, 1)), Err(CommitError::ReadOnly));
    if !disk.once.load(Ordering::SeqCst) {
        assert!(!store.try_reopen(), "{case}: it cannot heal while the disk refuses");
        is_true(&store);
    }
    disk.mend();
    assert!(store.try_reopen(), "{case}");
    is_true(&store);
    let again = store.commit_blocking(second());
    match receipt {
        None => assert_eq!(again, Ok(()), "{case}"),
        Some(first) => assert_eq!(again, Err(CommitError::ReceiptExists(first)), "{case}"),
    }
    store.close();
    let store = on(disk, Writer::Inline);
    assert_eq!(ranges(&store, fight(1), 1), [(1, 2), (3, 3)], "{case}");
    assert_eq!(store.receipt(&request("r2")).unwrap().unwrap(), "two", "{case}");
}

/// The writer's thread reopens by itself; nobody restarts anything.
#[tokio::test]
async fn writing_resumes_by_itself() {
    let disk = Arc::new(Flaky::default());
    let store = on(&disk, Writer::Thread);
    store.commit(append(fight(1), 1, 1)).await.unwrap();
    disk.fail_after(0);
    assert_eq!(store.commit(append(fight(1), 2, 2)).await, Err(CommitError::ReadOnly));
    assert!(!store.writes_ok());
    assert_eq!(ranges(&store, fight(1), 1), [(1, 1)], "reading goes on");
    assert_eq!(store.commit(append(fight(1), 2, 2)).await, Err(CommitError::ReadOnly));
    disk.mend();
    heals(&store).await;
    store.commit(append(fight(1), 2, 2)).await.unwrap();
    assert_eq!(ranges(&store, fight(1), 1), [(1, 1), (2, 2)]);
    let stats = store.stats();
    assert_eq!((stats.failures, stats.heals), (1, 1), "{stats:?}");
}

/// The same when the disk fails to be read: the handle below is useless until it is reopened.
#[tokio::test]
async fn reading_resumes_by_itself() {
    let disk = Arc::new(Flaky::default());
    let options = StoreOptions { cache_bytes: 0, check_integrity: true };
    let store =
        Store::open_with_backend(Arc::clone(&disk) as Arc<dyn Disk>, &options, Writer::Thread)
            .unwrap();
    store.commit(append(fight(1), 1, 1)).await.unwrap();
    disk.reads_fail.store(true, Ordering::SeqCst);
    store.tail(fight(1)).expect_err("nothing can be read");
    disk.reads_fail.store(false, Ordering::SeqCst);
    heals(&store).await;
    assert_eq!(ranges(&store, fight(1), 1), [(1, 1)]);
    store.commit(append(fight(1), 2, 2)).await.unwrap();
}

async fn heals(store: &Store) {
    let healed = async {
        while !store.writes_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), healed).await.expect("heals within 5 s");
}

/// A group on a failing disk: everybody is told, nobody's commit is half there.
#[tokio::test]
async fn a_failure_refuses_the_whole_group() {
    let disk = Arc::new(Flaky::default());
    let store = on(&disk, Writer::Thread);
    for combat in 1..=50 {
        store.commit(append(fight(combat), 1, 1)).await.unwrap();
    }
    disk.fail_after(1);
    let all = (1..=50).map(|combat| store.commit(append(fight(combat), 2, 2)));
    for answer in futures_util::future::join_all(all).await {
        assert_eq!(answer, Err(CommitError::ReadOnly));
    }
    disk.mend();
    heals(&store).await;
    for combat in 1..=50 {
        assert_eq!(store.tail(fight(combat)).unwrap(), Some(1));
        store.commit(append(fight(combat), 2, 2)).await.unwrap();
    }
}
