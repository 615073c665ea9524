//! How the log should lie on disk, and what a durable append costs: the figures behind
//! `docs/decisions/0001-storage-layout.md`.
//!
//! `cargo bench --bench store_layout -- --events 1000000` fills each layout with a million events
//! of 200 bytes under the store's own settings (two phases, quick repair), then measures the store
//! itself with one writer and with sixty-four. Every layout carries the same seal per row.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::print_stdout,
    reason = "a measurement that meets the unexpected should stop right there, and it prints"
)]

use bytes::Bytes;
use redb::{Builder, Database, ReadableDatabase, TableDefinition, WriteTransaction};
use skirmish::{
    clock::Stopwatch,
    store::{
        CombatKey, Commit, DEFAULT_CACHE_BYTES, LogAppend, MAX_RECENT_APPENDS, Store, StoreOptions,
    },
};
use std::{collections::BTreeMap, fs, path::Path};

/// Size of one event.
const EVENT_BYTES: usize = 200;
/// Events that share one sync.
const GROUP_EVENTS: u64 = 64;
/// Fights under way at once; each group takes the next ones in turn.
const FIGHTS_AT_ONCE: u64 = 200;
/// Events of a fight before another takes its place.
const EVENTS_PER_FIGHT: u64 = 500;
/// Events when none are asked for: enough to see that it runs.
const DEFAULT_EVENTS: u64 = 20_000;

type Rows = TableDefinition<'static, &'static [u8], &'static [u8]>;
const BY_FIGHT: Rows = TableDefinition::new("by_fight");
const INDEX: Rows = TableDefinition::new("index");
const RECENT: TableDefinition<'static, u64, &'static [u8]> = TableDefinition::new("recent");
const LOG: TableDefinition<'static, u64, &'static [u8]> = TableDefinition::new("log");

#[derive(Clone, Copy)]
enum Layout {
    /// One row an event, keyed by fight and number.
    ByFight,
    /// One row a commit, keyed by fight and last number.
    CommitsByFight,
    /// One row a commit in the order of appending, and a small row that finds it.
    AppendOrder,
    /// The same, with the rows that find it written together: until then they stand in the order
    /// of appending too.
    Batched,
    /// The same without the row that finds it: what the order alone would reach.
    AppendOnly,
}

/// One commit of a fight: some events in a row.
struct Batch {
    fight: u64,
    first: u64,
    last: u64,
}

/// Which events the n-th group holds: `per_commit` of one fight, then of the next.
fn group(n: u64, per_commit: u64) -> Vec<Batch> {
    let commits = GROUP_EVENTS / per_commit;
    (0..commits)
        .map(|i| {
            let commit = n * commits + i;
            let (round, seat) = (commit / FIGHTS_AT_ONCE, commit % FIGHTS_AT_ONCE);
            let per_fight = EVENTS_PER_FIGHT / per_commit;
            let fight = (round / per_fight) * FIGHTS_AT_ONCE + seat;
            let first = (round % per_fight) * per_commit + 1;
            Batch { fight, first, last: first + per_commit - 1 }
        })
        .collect()
}

/// A fight's key: ids are scattered, as real ones are over guilds.
fn key(fight: u64, seq: u64) -> Vec<u8> {
    let id = blake3::hash(&fight.to_be_bytes());
    [&id.as_bytes()[..24], &seq.to_be_bytes()].concat()
}

fn seal(key: &[u8], mut value: Vec<u8>) -> Vec<u8> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(key);
    hasher.update(&value);
    value.extend_from_slice(&hasher.finalize().as_bytes()[..8]);
    value
}

/// What a layout keeps in memory from one group to the next.
#[derive(Default)]
struct Memory {
    /// The number of the last append.
    next: u64,
    /// Rows that are not in the index yet.
    recent: BTreeMap<Vec<u8>, u64>,
}

/// Appends and, beside each, the row that finds it; all of these go to the index now and then.
fn write_batched(t: &WriteTransaction, batches: &[Batch], memory: &mut Memory) {
    if memory.recent.len() >= MAX_RECENT_APPENDS {
        let mut index = t.open_table(INDEX).unwrap();
        for (key, number) in std::mem::take(&mut memory.recent) {
            let place = seal(&key, number.to_be_bytes().to_vec());
            index.insert(key.as_slice(), place.as_slice()).unwrap();
        }
        t.delete_table(RECENT).unwrap();
    }
    let mut log = t.open_table(LOG).unwrap();
    let mut recent = t.open_table(RECENT).unwrap();
    for batch in batches {
        memory.next += 1;
        let number = memory.next;
        let key = key(batch.fight, batch.last);
        let events = vec![7; EVENT_BYTES * (batch.last - batch.first + 1) as usize];
        let record = [&key, events.as_slice()].concat();
        log.insert(number, seal(&number.to_be_bytes(), record).as_slice()).unwrap();
        recent.insert(number, seal(&number.to_be_bytes(), key.clone()).as_slice()).unwrap();
        memory.recent.insert(key, number);
    }
}

fn write(layout: Layout, t: &WriteTransaction, batches: &[Batch], memory: &mut Memory) {
    let events = |batch: &Batch| vec![7; EVENT_BYTES * (batch.last - batch.first + 1) as usize];
    match layout {
        Layout::ByFight => {
            let mut rows = t.open_table(BY_FIGHT).unwrap();
            for batch in batches {
                for seq in batch.first..=batch.last {
                    let key = key(batch.fight, seq);
                    let value = seal(&key, vec![7; EVENT_BYTES]);
                    rows.insert(key.as_slice(), value.as_slice()).unwrap();
                }
            }
        }
        Layout::CommitsByFight => {
            let mut rows = t.open_table(BY_FIGHT).unwrap();
            for batch in batches {
                let key = key(batch.fight, batch.last);
                rows.insert(key.as_slice(), seal(&key, events(batch)).as_slice()).unwrap();
            }
        }
        Layout::Batched => write_batched(t, batches, memory),
        Layout::AppendOrder | Layout::AppendOnly => {
            let next = &mut memory.next;
            let mut log = t.open_table(LOG).unwrap();
            let mut index = t.open_table(INDEX).unwrap();
            for batch in batches {
                *next += 1;
                let key = key(batch.fight, batch.last);
                let record = [&key, events(batch).as_slice()].concat();
                log.insert(*next, seal(&next.to_be_bytes(), record).as_slice()).unwrap();
                if matches!(layout, Layout::AppendOrder) {
                    let place = seal(&key, next.to_be_bytes().to_vec());
                    index.insert(key.as_slice(), place.as_slice()).unwrap();
                }
            }
        }
    }
}

/// Bytes this process has caused to be written to the disk, where the system tells.
fn written_bytes() -> Option<u64> {
    let io = fs::read_to_string("/proc/self/io").ok()?;
    io.lines().find_map(|line| line.strip_prefix("write_bytes: ")?.parse().ok())
}

fn fill(name: &str, layout: Layout, per_commit: u64, events: u64) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("layout.redb");
    let db = Builder::new().set_cache_size(DEFAULT_CACHE_BYTES).create(&path).unwrap();
    let groups = (events / GROUP_EVENTS).max(10);
    let mut memory = Memory::default();
    let mut tenths = vec![];
    let before = written_bytes();
    let whole = Stopwatch::start();
    let mut part = Stopwatch::start();
    for n in 0..groups {
        let mut t = db.begin_write().unwrap();
        t.set_two_phase_commit(true);
        t.set_quick_repair(true);
        write(layout, &t, &group(n, per_commit), &mut memory);
        t.commit().unwrap();
        if (n + 1) % (groups / 10) == 0 {
            let done = (groups / 10 * GROUP_EVENTS) as f64;
            tenths.push(done / part.elapsed().as_secs_f64());
            part = Stopwatch::start();
        }
    }
    let done = (groups * GROUP_EVENTS) as f64;
    let rate = done / whole.elapsed().as_secs_f64();
    let per_event = before
        .zip(written_bytes())
        .map_or_else(|| "?".to_owned(), |(a, b)| format!("{:.0}", (b - a) as f64 / done));
    let read = read_rate(&db, layout);
    drop(db);
    let file = fs::metadata(&path).unwrap().len() as f64 / done;
    println!(
        "| {name} | {per_commit} | {rate:.0} | {:.0} | {:.0} | {per_event} | {file:.0} | {read:.0} |",
        tenths.first().unwrap(),
        tenths.get(9).unwrap()
    );
}

/// How many rows a second come back when the first fights are read through, one after the other.
fn read_rate(db: &Database, layout: Layout) -> f64 {
    const FIGHTS: u64 = 100;
    let t = db.begin_read().unwrap();
    let watch = Stopwatch::start();
    let mut bytes = 0;
    for fight in 0..FIGHTS {
        let (low, high) = (key(fight, 0), key(fight, u64::MAX));
        match layout {
            Layout::ByFight | Layout::CommitsByFight => {
                let rows = t.open_table(BY_FIGHT).unwrap();
                for row in rows.range(low.as_slice()..=high.as_slice()).unwrap() {
                    bytes += row.unwrap().1.value().len();
                }
            }
            Layout::AppendOrder | Layout::Batched => {
                let index = t.open_table(INDEX).unwrap();
                let log = t.open_table(LOG).unwrap();
                for row in index.range(low.as_slice()..=high.as_slice()).unwrap() {
                    let place = *row.unwrap().1.value().first_chunk::<8>().unwrap();
                    let record = log.get(u64::from_be_bytes(place)).unwrap().unwrap();
                    bytes += record.value().len();
                }
            }
            Layout::AppendOnly => return 0.0,
        }
    }
    (bytes / EVENT_BYTES) as f64 / watch.elapsed().as_secs_f64()
}

/// The store itself: every writer has its fight and waits for each commit before the next.
fn append(dir: &Path, writers: u64, commits: u64, per_commit: u64) {
    let store = Store::open(dir, &StoreOptions::default()).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let each = (commits / writers).max(1);
    let watch = Stopwatch::start();
    let mut micros: Vec<u128> = runtime.block_on(async {
        let mut tasks = vec![];
        for writer in 0..writers {
            let store = store.clone();
            tasks.push(tokio::spawn(async move {
                let combat = CombatKey { guild: writers, combat: u128::from(writer) };
                let mut micros = vec![];
                let tail = store.tail(combat).unwrap().unwrap_or(0);
                for n in 0..each {
                    let record = Bytes::from(vec![7; EVENT_BYTES * per_commit as usize]);
                    let first_seq = tail + n * per_commit + 1;
                    let last_seq = first_seq + per_commit - 1;
                    let log = LogAppend { combat, first_seq, last_seq, record };
                    let one = Stopwatch::start();
                    store.commit(Commit { log: Some(log), ..Commit::default() }).await.unwrap();
                    micros.push(one.elapsed().as_micros());
                }
                micros
            }));
        }
        let mut all = vec![];
        for task in tasks {
            all.extend(task.await.unwrap());
        }
        all
    });
    let rate = (each * writers) as f64 / watch.elapsed().as_secs_f64();
    micros.sort_unstable();
    let at = |part: usize| micros.get((micros.len() - 1) * part / 100).copied().unwrap_or(0);
    let stats = store.stats();
    println!(
        "| {writers} | {per_commit} | {rate:.0} | {:.0} | {} | {} | {:.1} |",
        rate * per_commit as f64,
        at(50),
        at(99),
        stats.commits as f64 / stats.groups as f64
    );
}

fn main() {
    let mut args = std::env::args().skip_while(|arg| arg != "--events");
    let events = args.nth(1).map_or(DEFAULT_EVENTS, |n| n.parse().expect("a number of events"));
    println!("{events} events of {EVENT_BYTES} bytes, {GROUP_EVENTS} a sync\n");
    println!(
        "| layout | events a commit | events/s | first tenth | last tenth | bytes written per event \
         | file bytes per event | events/s read back |\n|---|---|---|---|---|---|---|---|"
    );
    for per_commit in [1, 4] {
        fill("a row per event, by fight", Layout::ByFight, per_commit, events);
        fill("a row per commit, by fight", Layout::CommitsByFight, per_commit, events);
        fill("append order and index", Layout::AppendOrder, per_commit, events);
        fill("append order, index in batches", Layout::Batched, per_commit, events);
        fill("append order alone", Layout::AppendOnly, per_commit, events);
    }
    println!(
        "\n| writers | events a commit | commits/s | events/s | p50 µs | p99 µs | commits a sync |\n\
         |---|---|---|---|---|---|---|"
    );
    let dir = tempfile::tempdir().unwrap();
    append(dir.path(), 1, (events / 50).min(10_000), 1);
    append(dir.path(), 64, (events / 5).min(200_000), 1);
    append(dir.path(), 64, (events / 5).min(200_000), 4);
    append(dir.path(), 256, (events / 5).min(200_000), 4);
}
