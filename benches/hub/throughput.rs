//! Requests and events that become durable each second, by fights under way at once.

use std::time::Duration;

use skirmish::clock::Stopwatch;

use crate::Place;
use crate::figures::{Durations, per_second};
use crate::round::Round;

/// Fights at once in each measurement.
const FIGHTS: [usize; 3] = [1, 8, 64];

pub(crate) async fn measure(length: Duration) {
    println!("\nOne request at a time in each fight, each answered when it is durable:\n");
    println!("| fights | requests/s | events/s | p50 µs | p99 µs |\n|---|---|---|---|---|");
    for fights in FIGHTS {
        let place = Place::open();
        let mut rounds = Vec::new();
        for fight in 0..fights {
            rounds.push(Round::begin(&place.hub, &format!("fight-{fight}")).await);
        }
        let started = Stopwatch::start();
        let drivers: Vec<_> = rounds
            .into_iter()
            .map(|round| tokio::spawn(drive(place.hub.clone(), round, length)))
            .collect();
        let (mut events, mut took) = (0, Durations::default());
        for driver in drivers {
            let (made, times) = driver.await.unwrap();
            events += made;
            took.extend(times);
        }
        let all = started.elapsed();
        println!(
            "| {fights} | {} | {} | {} | {} |",
            per_second(took.len(), all),
            per_second(events, all),
            took.percentile_us(0.5),
            took.percentile_us(0.99),
        );
    }
}

/// Ends one turn after the other for so long; the events it made and how long each request took.
async fn drive(hub: skirmish::hub::Hub, mut round: Round, length: Duration) -> (usize, Durations) {
    let started = Stopwatch::start();
    let (mut events, mut took) = (0, Durations::default());
    while started.elapsed() < length {
        let asked = Stopwatch::start();
        events += round.step(&hub).await;
        took.push(asked.elapsed());
    }
    (events, took)
}
