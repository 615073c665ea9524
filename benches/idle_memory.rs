//! What a fight costs in memory: while it is played, and when nobody has touched it for a while.
//!
//! `cargo bench --bench idle_memory -- --fights 5000` counts every byte that is allocated, so the
//! figures do not depend on what the operating system takes back.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::as_conversions,
    clippy::print_stdout,
    reason = "a measurement that meets the unexpected should stop right there, and it prints"
)]

#[allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    reason = "shared with the tests, which use all of it"
)]
#[path = "../tests/it/support/fight.rs"]
mod fight;

use std::alloc::System;
use std::time::Duration;

use cap::Cap;
use skirmish::clock::Stopwatch;
use skirmish::hub::{Hub, HubOptions};
use skirmish::rules::id::CombatId;
use skirmish::store::{Store, StoreOptions};
use skirmish::telemetry::Metrics;

#[global_allocator]
static ALLOCATED: Cap<System> = Cap::new(System, usize::MAX);

/// Fights, unless told.
const DEFAULT_FIGHTS: usize = 500;
/// Memory for pages of the data file, in bytes: small, so that it is full before anything counts.
const CACHE_BYTES: usize = 1 << 20;
/// How long a fight stays in memory untouched.
const IDLE: Duration = Duration::from_millis(200);
/// How often it is looked whether all have left.
const LOOK: Duration = Duration::from_millis(20);

/// A hub on the data folder, and the file behind it to close it by.
fn open(dir: &std::path::Path, idle_evict: Duration) -> (Hub, Store) {
    let options = StoreOptions { cache_bytes: CACHE_BYTES, ..StoreOptions::default() };
    let store = Store::open(dir, &options).unwrap();
    let options = HubOptions { seed: Some(7), idle_evict, ..HubOptions::default() };
    (Hub::new(store.clone(), options, Metrics::new()), store)
}

async fn look_at(hub: &Hub, combats: &[CombatId]) {
    for combat in combats {
        hub.snapshot(&fight::master(), *combat).await.unwrap();
    }
}

async fn all_left(hub: &Hub) {
    while hub.metrics().render().unwrap().lines().any(|line| {
        line.strip_prefix("skirmish_combats_in_memory ").is_some_and(|count| count != "0")
    }) {
        tokio::time::sleep(LOOK).await;
    }
}

async fn measure(fights: usize) {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut combats = Vec::new();
    {
        let (hub, store) = open(dir.path(), IDLE);
        for index in 0..fights {
            let combat = fight::begun(&hub, &format!("fight-{index}"), false).await;
            fight::play(&hub, combat, 12).await;
            combats.push(combat);
        }
        all_left(&hub).await;
        store.close();
    }
    let (hub, store) = open(dir.path(), IDLE);
    // Once through all, so that the cache of the file is full and does not count as the fights'.
    look_at(&hub, &combats).await;
    all_left(&hub).await;
    drop(hub);
    let options = HubOptions { idle_evict: Duration::from_mins(10), ..HubOptions::default() };
    let hub = Hub::new(store.clone(), options, Metrics::new());
    let before = ALLOCATED.allocated();
    let started = Stopwatch::start();
    look_at(&hub, &combats).await;
    let took = started.elapsed();
    let loaded = ALLOCATED.allocated();
    drop(hub);
    store.close();

    let (hub, _store) = open(dir.path(), IDLE);
    look_at(&hub, &combats).await;
    all_left(&hub).await;
    let once = ALLOCATED.allocated();
    for _ in 0..3 {
        look_at(&hub, &combats).await;
        all_left(&hub).await;
    }
    let again = ALLOCATED.allocated();

    let each = |more: usize, less: usize| more.saturating_sub(less) / fights;
    println!("\n| fights | bytes each, in memory | bytes each, idle | µs to open one |");
    println!("|---|---|---|---|");
    println!(
        "| {fights} | {} | {} | {} |",
        each(loaded, before),
        each(again, once),
        took.as_micros() / fights as u128,
    );
}

fn main() {
    let mut args = std::env::args().skip_while(|arg| arg != "--fights").skip(1);
    let fights = args.next().map_or(DEFAULT_FIGHTS, |n| n.parse().expect("a number of fights"));
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(measure(fights));
}
