//! Appending and reading back: order, groups, conflicts, repeated requests, pages.

use super::*;
use skirmish::store::{
    CommitError, Conflict, MAX_COMMIT_BYTES, MAX_GROUP_COMMITS, MAX_VALUE_BYTES, Space,
};
use std::sync::Arc;

#[tokio::test]
async fn what_is_acknowledged_is_there_after_a_restart_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    assert_eq!(store.tail(fight(1)).unwrap(), None);
    store.commit(append(fight(1), 1, 3)).await.unwrap();
    assert_eq!(store.tail(fight(1)).unwrap(), Some(3), "visible as soon as acknowledged");
    store.commit_blocking(append(fight(1), 4, 4)).unwrap();
    store.commit(append(fight(2), 1, 2)).await.unwrap();
    store
        .commit(Commit {
            log: Some(log(fight(1), 5, 9)),
            header: Some((fight(1), Bytes::from_static(b"header"))),
            secret: Some((fight(1), Bytes::from_static(b"seed"))),
            puts: vec![(Space::Settings, b"k".to_vec(), Some(Bytes::from_static(b"v")))],
            ..Commit::default()
        })
        .await
        .unwrap();
    drop(store);

    let store = open(dir.path());
    assert_eq!(ranges(&store, fight(1), 1), [(1, 3), (4, 4), (5, 9)]);
    assert_eq!(ranges(&store, fight(2), 1 << 20), [(1, 2)]);
    assert_eq!(store.oldest(fight(1)).unwrap(), Some(1));
    assert_eq!(store.tail(fight(1)).unwrap(), Some(9));
    assert_eq!(store.header(fight(1)).unwrap().unwrap(), "header");
    assert_eq!(store.secret(fight(1)).unwrap().unwrap(), "seed");
    assert_eq!(store.get(Space::Settings, b"k").unwrap().unwrap(), "v");
    assert_eq!(store.get(Space::Tokens, b"k").unwrap(), None, "spaces do not mix");
    assert_eq!(store.header(fight(2)).unwrap(), None);
    assert_eq!(store.secret(CombatKey { guild: 8, combat: 1 }).unwrap(), None);
}

#[test]
fn pages_hold_whole_commits_and_at_least_one() {
    let store = Store::open_in_memory().unwrap();
    for (first, last) in [(1, 3), (4, 4), (5, 9), (10, 10)] {
        store.commit_blocking(append(fight(1), first, last)).unwrap();
    }
    let seqs = |after, bytes| {
        let page = store.read_commits(fight(1), after, bytes).unwrap();
        page.iter().map(|commit| (commit.first_seq, commit.last_seq)).collect::<Vec<_>>()
    };
    assert_eq!(seqs(0, 0), [(1, 3)]);
    assert_eq!(seqs(0, usize::MAX), [(1, 3), (4, 4), (5, 9), (10, 10)]);
    let one = record(fight(1), 1, 3).len();
    assert_eq!(seqs(0, one), [(1, 3)]);
    assert_eq!(seqs(0, 2 * one), [(1, 3), (4, 4)]);
    assert_eq!(seqs(0, 2 * one + 1), [(1, 3), (4, 4)], "never half of a commit");
    assert_eq!(seqs(2, 0), [(1, 3)], "a cursor inside a commit gets the whole of it");
    assert_eq!(seqs(3, 0), [(4, 4)]);
    assert_eq!(seqs(6, usize::MAX), [(5, 9), (10, 10)]);
    assert_eq!(seqs(10, usize::MAX), []);
    assert_eq!(seqs(u64::MAX, usize::MAX), []);
}

#[test]
fn a_commit_for_an_older_state_is_refused_and_named() {
    let store = Store::open_in_memory().unwrap();
    let conflict = |tail, first_seq| {
        Err(CommitError::Conflict(Conflict::Log { combat: fight(1), tail, first_seq }))
    };
    assert_eq!(store.commit_blocking(append(fight(1), 2, 2)), conflict(0, 2));
    store.commit_blocking(append(fight(1), 1, 2)).unwrap();
    assert_eq!(store.commit_blocking(append(fight(1), 1, 2)), conflict(2, 1));
    assert_eq!(store.commit_blocking(append(fight(1), 2, 2)), conflict(2, 2));
    assert_eq!(store.commit_blocking(append(fight(1), 4, 4)), conflict(2, 4));
    store.commit_blocking(append(fight(1), 3, 3)).unwrap();
    assert_eq!(ranges(&store, fight(1), 1), [(1, 2), (3, 3)]);
}

#[test]
fn a_repeated_request_gets_its_first_answer_and_writes_nothing() {
    let store = Store::open_in_memory().unwrap();
    store.commit_blocking(with_receipt(append(fight(1), 1, 1), "r1", "first")).unwrap();
    let again = Commit {
        header: Some((fight(1), Bytes::from_static(b"must not appear"))),
        ..with_receipt(append(fight(1), 2, 2), "r1", "second")
    };
    assert_eq!(store.commit_blocking(again), Err(CommitError::ReceiptExists("first".into())));
    assert_eq!(store.tail(fight(1)).unwrap(), Some(1));
    assert_eq!(store.header(fight(1)).unwrap(), None);
    assert_eq!(store.receipt(&request("r1")).unwrap().unwrap(), "first");
    assert_eq!(store.receipt(&request("r2")).unwrap(), None);
    // a retry repeats its stale numbers: it is still recognised as a repetition, not a conflict
    let stale = with_receipt(append(fight(1), 1, 1), "r1", "second");
    assert_eq!(store.commit_blocking(stale), Err(CommitError::ReceiptExists("first".into())));
    let other = ReceiptKey { principal: 100, ..request("r1") };
    assert_eq!(store.receipt(&other).unwrap(), None, "another person's id is another id");
}

#[test]
fn a_receipt_and_its_events_are_written_together_or_not_at_all() {
    let store = Store::open_in_memory().unwrap();
    let refused = with_receipt(append(fight(1), 5, 5), "r1", "never");
    assert!(matches!(store.commit_blocking(refused), Err(CommitError::Conflict(_))));
    assert_eq!(store.receipt(&request("r1")).unwrap(), None);
}

/// Many callers at once: each log is in order, no refusal reaches a neighbour, and syncs are
/// shared.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callers_share_syncs_and_a_refused_one_does_not_hurt_its_neighbours() {
    const FIGHTS: u128 = 64;
    const COMMITS: u64 = 20;
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let mut tasks = vec![];
    for combat in 1..=FIGHTS {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            for seq in 1..=COMMITS {
                let commit =
                    with_receipt(append(fight(combat), seq, seq), &format!("{combat}-{seq}"), "ok");
                store.commit(commit.clone()).await.unwrap();
                assert_eq!(store.tail(fight(combat)).unwrap(), Some(seq));
                if combat % 4 == 0 {
                    assert!(matches!(
                        store.commit(commit).await,
                        Err(CommitError::ReceiptExists(_))
                    ));
                    assert!(matches!(
                        store.commit(append(fight(combat), seq, seq)).await,
                        Err(CommitError::Conflict(_))
                    ));
                }
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let stats = store.stats();
    assert_eq!(stats.commits, u64::try_from(FIGHTS).unwrap() * COMMITS);
    assert_eq!(stats.refused, 16 * 2 * COMMITS);
    assert!(stats.groups < stats.commits / 2, "{stats:?}: the group commit does not group");
    assert!(stats.largest_group_commits <= u64::try_from(MAX_GROUP_COMMITS).unwrap());
    store.close();
    let store = open(dir.path());
    for combat in 1..=FIGHTS {
        let expected: Vec<_> = (1..=COMMITS).map(|seq| (seq, seq)).collect();
        assert_eq!(ranges(&store, fight(combat), 200), expected);
    }
}

/// Closing writes what waits; afterwards every handle is refused.
#[tokio::test]
async fn closing_drains_the_queue() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let handle = store.clone();
    let mut waiting = vec![];
    for combat in 1..=200 {
        // polled once, so that it is in the queue, and answered only while the store closes
        let store = store.clone();
        let mut commit = Box::pin(async move { store.commit(append(fight(combat), 1, 1)).await });
        assert!(!matches!(futures_util::poll!(&mut commit), std::task::Poll::Ready(Err(_))));
        waiting.push(commit);
    }
    drop(waiting);
    store.close();
    assert_eq!(handle.commit(append(fight(1), 2, 2)).await, Err(CommitError::Closed));
    assert_eq!(handle.commit_blocking(append(fight(1), 2, 2)), Err(CommitError::Closed));
    assert!(matches!(handle.tail(fight(1)), Err(skirmish::store::ReadError::Closed)));
    let store = open(dir.path());
    for combat in 1..=200 {
        assert_eq!(store.tail(fight(combat)).unwrap(), Some(1), "fight {combat}");
    }
}

#[test]
fn limits_refuse_and_name_what_is_too_large() {
    let store = Store::open_in_memory().unwrap();
    let of = |bytes: usize| Bytes::from(vec![0; bytes]);
    let header = |bytes| Commit { header: Some((fight(1), of(bytes))), ..Commit::default() };
    store.commit_blocking(header(MAX_VALUE_BYTES)).unwrap();
    assert!(matches!(
        store.commit_blocking(header(MAX_VALUE_BYTES + 1)),
        Err(CommitError::TooLarge { limit: MAX_VALUE_BYTES, .. })
    ));
    let put = |at: u8| (Space::Outbox, vec![at], Some(of(MAX_VALUE_BYTES)));
    let commit = Commit { puts: vec![put(1), put(2), put(3)], ..Commit::default() };
    assert!(matches!(
        store.commit_blocking(commit),
        Err(CommitError::TooLarge { what: "a commit", limit: MAX_COMMIT_BYTES, .. })
    ));
    assert_eq!(store.header(fight(1)).unwrap().unwrap().len(), MAX_VALUE_BYTES);
}

#[test]
fn the_catalogue_is_paged_and_stays_within_a_guild() {
    let store = Store::open_in_memory().unwrap();
    let mut all = vec![];
    for guild in [1, 2, 3] {
        for combat in 1..=5 {
            let key = CombatKey { guild, combat };
            let header = Bytes::from(format!("{guild}/{combat}"));
            all.push((key, header.clone()));
            store
                .commit_blocking(Commit { header: Some((key, header)), ..Commit::default() })
                .unwrap();
        }
    }
    assert_eq!(store.catalogue(None, None, 100).unwrap(), all);
    assert_eq!(store.catalogue(Some(2), None, 100).unwrap(), all[5..10]);
    assert_eq!(store.catalogue(Some(2), Some(all[6].0), 2).unwrap(), all[7..9]);
    assert_eq!(store.catalogue(Some(2), Some(all[9].0), 2).unwrap(), []);
    assert_eq!(store.catalogue(Some(2), Some(all[14].0), 2).unwrap(), []);
    assert_eq!(store.catalogue(Some(2), Some(all[0].0), 1).unwrap(), all[5..6]);
    assert_eq!(store.catalogue(None, Some(all[3].0), 3).unwrap(), all[4..7]);
}

#[test]
fn side_tables_are_scanned_by_prefix() {
    let store = Store::open_in_memory().unwrap();
    let put = |space, key: &str, value: Option<&str>| {
        let value = value.map(|value| Bytes::from(value.to_owned()));
        let puts = vec![(space, key.as_bytes().to_vec(), value)];
        store.commit_blocking(Commit { puts, ..Commit::default() }).unwrap();
    };
    for key in ["a", "b/1", "b/2", "b/3", "c"] {
        put(Space::Outbox, key, Some(key));
        put(Space::Choices, key, Some("other"));
    }
    put(Space::Outbox, "b/2", None);
    put(Space::Outbox, "b/3", Some("new"));
    let row = |key: &str, value: &str| (key.as_bytes().to_vec(), Bytes::from(value.to_owned()));
    let scan = |prefix: &[u8], limit| store.scan(Space::Outbox, prefix, limit).unwrap();
    assert_eq!(scan(b"b/", 10), [row("b/1", "b/1"), row("b/3", "new")]);
    assert_eq!(scan(b"b/", 1), [row("b/1", "b/1")]);
    assert_eq!(scan(b"", 10).len(), 4);
    assert_eq!(scan(b"d", 10), []);
}

#[test]
fn handles_can_be_shared_between_threads() {
    fn shareable<T: Send + Sync + Clone + 'static>(_: &T) {}
    let store = Store::open_in_memory().unwrap();
    shareable(&store);
    let store = Arc::new(store);
    let other = Arc::clone(&store);
    std::thread::spawn(move || other.commit_blocking(append(fight(1), 1, 1)).unwrap())
        .join()
        .unwrap();
    assert_eq!(store.tail(fight(1)).unwrap(), Some(1));
}
