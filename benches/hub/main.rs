//! How quickly a fight goes through everything the program is: the figures of `docs/performance.md`.
//!
//! `cargo bench --bench hub` measures, on a real data file and a real port, the requests and events
//! that become durable each second with one fight and with sixty-four, how long a request takes to
//! an observer, and what a hundred observers cost. `-- --seconds 10 --observers 1000` asks for more.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::print_stdout,
    reason = "a measurement that meets the unexpected should stop right there, and it prints"
)]

mod fanout;
#[allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    reason = "shared with the tests, which use all of it"
)]
#[path = "../../tests/it/support/fight.rs"]
mod fight;
mod figures;
mod round;
mod throughput;

use std::time::Duration;

use skirmish::hub::{Hub, HubOptions};
use skirmish::store::{Store, StoreOptions};
use skirmish::telemetry::Metrics;
use tempfile::TempDir;

/// Seconds of each measurement, unless told.
const DEFAULT_SECONDS: u64 = 3;
/// Observers of the largest fan-out, unless told.
const DEFAULT_OBSERVERS: usize = 100;
/// Threads of the program; the machine of the figures has as many cores.
const WORKER_THREADS: usize = 2;

/// A hub on a file of its own, which goes with it.
struct Place {
    hub: Hub,
    _dir: TempDir,
}

impl Place {
    fn open() -> Self {
        let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let store = Store::open(dir.path(), &StoreOptions::default()).unwrap();
        let options = HubOptions { seed: Some(7), ..HubOptions::default() };
        Self { hub: Hub::new(store, options, Metrics::new()), _dir: dir }
    }
}

/// What follows `name` among the arguments, if it is there.
fn asked(name: &str) -> Option<usize> {
    let mut args = std::env::args().skip_while(|arg| arg != name).skip(1);
    args.next().map(|value| value.parse().expect("a number after the option"))
}

fn main() {
    let seconds = asked("--seconds").map_or(DEFAULT_SECONDS, |seconds| seconds as u64);
    let most = asked("--observers").unwrap_or(DEFAULT_OBSERVERS);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKER_THREADS)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        throughput::measure(Duration::from_secs(seconds)).await;
        fanout::measure(Duration::from_secs(seconds), most).await;
    });
}
