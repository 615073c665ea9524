//! How long a request takes until its observers have it over the port, and what many of them cost.
//!
//! Client and server share the machine and the process, so each figure is the price of both ends.

use std::time::Duration;

use pb::combat_service_client::CombatServiceClient;
use pb::combat_streaming_service_client::CombatStreamingServiceClient;
use skirmish::clock::Stopwatch;
use skirmish::protocol::pb;
use tokio::sync::watch;
use tonic::transport::Channel;

use crate::Place;
use crate::fight::{Port, call, master, watcher};
use crate::figures::{Durations, per_second};
use crate::round::Round;

/// Streams that share one connection.
const STREAMS_PER_CONNECTION: usize = 100;
/// Requests that nobody times: connections, caches and code paths are warm after them.
const WARM_UP: usize = 50;
/// Events of the burst that is read as fast as it comes.
const BURST_REQUESTS: usize = 1_000;

/// One observer: up to which number it has read, for whoever waits for it.
struct Observer {
    seen: watch::Receiver<u64>,
}

impl Observer {
    async fn open(channel: Channel, token: &str, session_id: &str) -> Self {
        let wanted = pb::ObserveCombatRequest {
            session_id: session_id.to_owned(),
            ..pb::ObserveCombatRequest::default()
        };
        let mut frames = CombatStreamingServiceClient::new(channel)
            .observe_combat(call(token, wanted))
            .await
            .unwrap()
            .into_inner();
        let first = frames.message().await.unwrap().expect("a snapshot");
        let (tell, seen) = watch::channel(first.as_of());
        tokio::spawn(async move {
            while let Ok(Some(frame)) = frames.message().await {
                let Some(seq) = frame.seq else { continue };
                assert_eq!(seq, *tell.borrow() + 1, "a gap or a repetition");
                tell.send_replace(seq);
            }
        });
        Self { seen }
    }

    async fn has(&mut self, seq: u64) {
        self.seen.wait_for(|seen| *seen >= seq).await.unwrap();
    }
}

/// A fight on a port and its observers.
struct Show {
    port: Port,
    round: Round,
    token: String,
    observers: Vec<Observer>,
    _place: Place,
}

impl Show {
    async fn open(observers: usize) -> Self {
        let place = Place::open();
        let port = Port::open(place.hub.clone()).await;
        let round = Round::begin(&place.hub, "show").await;
        let token = port.token(master()).await;
        let watching = port.token(watcher(round.combat)).await;
        let mut all = Vec::new();
        let mut channel = port.channel().await;
        for index in 0..observers {
            if index % STREAMS_PER_CONNECTION == 0 {
                channel = port.channel().await;
            }
            let session = round.combat.to_string();
            all.push(Observer::open(channel.clone(), &watching, &session).await);
        }
        Self { port, round, token, observers: all, _place: place }
    }
}

pub(crate) async fn measure(length: Duration, most: usize) {
    let mut counts = vec![1, 10];
    counts.push(most);
    println!("\nFrom a request over gRPC to its last event at an observer, one at a time:\n");
    println!(
        "| observers | requests | p50 µs | p99 µs | all have it, p50 µs | answer, p50 µs |\n\
         |---|---|---|---|---|---|"
    );
    for observers in &counts {
        paced(length, *observers).await;
    }
    println!("\n{BURST_REQUESTS} requests as fast as they are answered, and their observers:\n");
    println!("| observers | events | events/s | deliveries/s | lost |\n|---|---|---|---|---|");
    for observers in &counts {
        burst(*observers).await;
    }
}

/// One request after the other; the next when every observer has the last.
async fn paced(length: Duration, observers: usize) {
    let mut show = Show::open(observers).await;
    let mut calls = CombatServiceClient::new(show.port.channel().await);
    let started = Stopwatch::start();
    let (mut arrived, mut all, mut answered) =
        (Durations::default(), Durations::default(), Durations::default());
    let mut requests = 0;
    while started.elapsed() < length || requests < WARM_UP * 2 {
        requests += 1;
        let request = show.round.end_turn();
        let asked = Stopwatch::start();
        // The number is not known before the answer; the observers hear of it meanwhile.
        let waiting = arrivals(&show.observers, asked);
        let receipt = calls.submit(call(&show.token, request)).await.unwrap().into_inner();
        let answer = asked.elapsed();
        waiting.last.send_replace(receipt.last_seq.unwrap());
        let mut times = Durations::default();
        for arrival in waiting.tasks {
            times.push(arrival.await.unwrap());
        }
        if requests > WARM_UP {
            all.push(asked.elapsed());
            answered.push(answer);
            arrived.extend(times);
        }
    }
    println!(
        "| {observers} | {} | {} | {} | {} | {} |",
        all.len(),
        arrived.percentile_us(0.5),
        arrived.percentile_us(0.99),
        all.percentile_us(0.5),
        answered.percentile_us(0.5),
    );
}

/// One task an observer, each of which says when its observer had the last event.
struct Arrivals {
    last: watch::Sender<u64>,
    tasks: Vec<tokio::task::JoinHandle<Duration>>,
}

fn arrivals(observers: &[Observer], asked: Stopwatch) -> Arrivals {
    let last = watch::Sender::new(0);
    let tasks = observers.iter().map(|observer| {
        let (mut seen, mut last) = (observer.seen.clone(), last.subscribe());
        // Before anything is asked for: what comes from here on is counted.
        seen.mark_unchanged();
        tokio::spawn(async move {
            let mut times = Vec::new();
            loop {
                tokio::select! {
                    biased;
                    _ = seen.changed() => times.push((*seen.borrow_and_update(), asked.elapsed())),
                    _ = last.changed() => {}
                }
                let wanted = *last.borrow();
                let hit = times.iter().find(|(seq, _)| wanted > 0 && *seq >= wanted);
                if let Some((_, at)) = hit {
                    return *at;
                }
            }
        })
    });
    let tasks = tasks.collect();
    Arrivals { last, tasks }
}

/// Requests without waiting for anybody but the answer, until every observer has every event.
async fn burst(observers: usize) {
    let mut show = Show::open(observers).await;
    let hub = show.port.hub.clone();
    let started = Stopwatch::start();
    let (mut events, mut tail) = (0, 0);
    for _ in 0..BURST_REQUESTS {
        let request = show.round.end_turn();
        let receipt = hub.submit(&master(), request).await.unwrap();
        tail = receipt.last_seq.unwrap();
        events += (tail - receipt.first_seq.unwrap() + 1) as usize;
    }
    for observer in &mut show.observers {
        observer.has(tail).await;
    }
    let took = started.elapsed();
    // Every observer asserts that numbers follow each other, so having the last means having all.
    println!(
        "| {observers} | {events} | {} | {} | 0 |",
        per_second(events, took),
        per_second(events * observers, took),
    );
}
