//! A fight of any length: undo, redo and readers go on from a mark near by, and what they get is
//! what the whole log tells.

use skirmish::hub::Hub;
use skirmish::hub::reader::StartFrom;
use skirmish::protocol::{SnapshotMeta, Viewer, decode_commit, pb, snapshot};
use skirmish::rules::id::CombatId;
use skirmish::rules::timeline::{Commit, Timeline};
use skirmish::store::{CombatKey, Store};
use skirmish::telemetry::Metrics;

use crate::support::fight::{
    GUILD, Wish, begun, master, options, play, read_to, send, tail, watcher,
};

/// Commits from one mark to the next, and a little of what lies around them.
const NEAR: u64 = 48;

fn hub_on(store: &Store) -> Hub {
    Hub::new(store.clone(), options(), Metrics::new())
}

/// The fight as its whole log tells it, by the rules alone.
fn whole(store: &Store, combat: CombatId) -> Timeline {
    let key = CombatKey { guild: GUILD.0, combat: combat.0 };
    let log = store.read_commits(key, 0, usize::MAX).unwrap();
    Timeline::refold(log.iter().map(|stored| {
        let commit = decode_commit(&stored.record).unwrap();
        Commit {
            first_seq: stored.first_seq,
            events: commit.events.into_iter().map(|logged| logged.event).collect(),
            starts_unit: commit.starts_unit,
        }
    }))
}

/// Holds what a hub shows to what the whole log tells.
async fn agrees(hub: &Hub, store: &Store, combat: CombatId, when: &str) {
    let shown = hub.snapshot(&master(), combat).await.unwrap();
    let timeline = whole(store, combat);
    let meta = SnapshotMeta {
        session_id: combat,
        as_of: shown.as_of,
        guild: GUILD,
        channel: None,
        started_at_ms: None,
        ended_at_ms: None,
        can_undo: timeline.undo_target().is_some(),
        can_redo: timeline.redo_target().is_some(),
        deadlines: &[],
    };
    let timeless = |mut snapshot: pb::Snapshot| {
        snapshot.started_at = None;
        if let Some(summary) = &mut snapshot.summary {
            (summary.started_at, summary.ended_at) = (None, None);
        }
        snapshot.prompts.iter_mut().for_each(|prompt| prompt.deadline = None);
        snapshot
    };
    let told = timeless(snapshot(timeline.combat(), &meta, &Viewer::Gm));
    assert!(timeless(shown.clone()) == told, "{when}:\n{shown:#?}\n{told:#?}");
}

/// Ends turns until the log holds so many events.
async fn lengthen(hub: &Hub, combat: CombatId, events: u64) {
    loop {
        let now = hub.snapshot(&master(), combat).await.unwrap();
        if now.as_of >= events {
            return;
        }
        let end = Wish::EndTurn(pb::EndTurn { creature_id: now.current_id });
        send(hub, master(), &format!("end-{}", now.as_of), combat, end).await.unwrap();
    }
}

async fn undo(hub: &Hub, combat: CombatId, id: &str) {
    send(hub, master(), id, combat, Wish::Undo(pb::Undo {})).await.unwrap();
}

async fn redo(hub: &Hub, combat: CombatId, id: &str) {
    send(hub, master(), id, combat, Wish::Redo(pb::Redo {})).await.unwrap();
}

/// After two thousand events neither an undo nor a late observer reads the log from its beginning.
#[tokio::test]
async fn nobody_reads_a_long_log_from_its_beginning_twice() {
    let store = Store::open_in_memory().unwrap();
    let hub = hub_on(&store);
    let combat = begun(&hub, "long", false).await;
    lengthen(&hub, combat, 2_000).await;
    let read = || store.stats().commits_read;
    let last = tail(&hub, combat).await;
    for after in [last - 3, last - 40, last / 2] {
        let before = read();
        let reader = hub.follow(&watcher(combat), combat, StartFrom::After(after)).await.unwrap();
        assert!(reader.position() <= after);
        let taken = read() - before;
        assert!(taken <= NEAR, "a reader after {after} of {last} read {taken} commits");
    }
    for round in 0..5 {
        let before = read();
        undo(&hub, combat, &format!("undo-{round}")).await;
        let taken = read() - before;
        assert!(taken <= NEAR, "undo {round} read {taken} commits");
    }
    agrees(&hub, &store, combat, "after five undos").await;
    for round in 0..5 {
        let before = read();
        redo(&hub, combat, &format!("redo-{round}")).await;
        let taken = read() - before;
        assert!(taken <= NEAR, "redo {round} read {taken} commits");
    }
    agrees(&hub, &store, combat, "after five redos").await;
    // A hub that has just started reads the log once, and then has the same marks.
    let commits = {
        let key = CombatKey { guild: GUILD.0, combat: combat.0 };
        u64::try_from(store.read_commits(key, 0, usize::MAX).unwrap().len()).unwrap()
    };
    let hub = hub_on(&store);
    let before = read();
    agrees(&hub, &store, combat, "after a restart").await;
    let taken = read() - before;
    assert!(taken <= 3 * commits + NEAR, "opening {commits} commits read {taken}");
    let before = read();
    undo(&hub, combat, "undo-restarted").await;
    let taken = read() - before;
    assert!(taken <= NEAR, "an undo after a restart read {taken} commits");
    agrees(&hub, &store, combat, "after an undo after a restart").await;
}

/// However often something is taken back and brought back, and wherever the program is restarted
/// in between, the fight is what its whole log tells; so is each number that a late reader reads.
#[tokio::test]
async fn undo_and_redo_across_restarts_are_what_the_log_tells() {
    let store = Store::open_in_memory().unwrap();
    let mut hub = hub_on(&store);
    let combat = begun(&hub, "back", false).await;
    for round in 0..5_usize {
        play(&hub, combat, 5 + round).await;
        let back: usize = [3, 12, 1, 20, 40][round];
        let mut undone = 0_usize;
        while undone < back && hub.snapshot(&master(), combat).await.unwrap().can_undo {
            undo(&hub, combat, &format!("undo-{round}-{undone}")).await;
            undone += 1;
            if undone == back / 2 {
                hub = hub_on(&store);
            }
        }
        agrees(&hub, &store, combat, &format!("round {round}, undone")).await;
        hub = hub_on(&store);
        for again in 0..undone.saturating_sub(round) {
            redo(&hub, combat, &format!("redo-{round}-{again}")).await;
        }
        agrees(&hub, &store, combat, &format!("round {round}, redone")).await;
        hub = hub_on(&store);
        agrees(&hub, &store, combat, &format!("round {round}, restarted")).await;
    }
    let last = tail(&hub, combat).await;
    for who in [master(), watcher(combat)] {
        let beginning = StartFrom::History { from_seq: 0 };
        let all = read_to(&hub_on(&store), who, combat, beginning, last).await;
        for after in (0..last).step_by(29) {
            let rest = read_to(&hub, who, combat, StartFrom::After(after), last).await;
            let expected: Vec<_> = all.iter().filter(|(seq, _)| *seq > after).cloned().collect();
            assert!(rest == expected, "what follows {after} differs");
        }
    }
}
