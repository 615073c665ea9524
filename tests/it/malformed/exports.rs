//! Files of exported fights that somebody has spoilt: refused or judged, and never a panic.

use skirmish::clock::Stopwatch;
use skirmish::hub::{ExportView, Hub, Verdict, prove};
use skirmish::protocol::{from_json, pb, to_json};
use skirmish::store::Store;
use skirmish::telemetry::Metrics;

use super::json::Json;
use super::noise::Noise;
use super::{INPUTS, TIME_MAX};
use crate::support::fight::{begun, options, play};

/// Threads that feed, each its own inputs.
const THREADS: u64 = 4;

/// A short fight in both kinds of files.
async fn sound() -> Vec<Json> {
    let hub = Hub::new(Store::open_in_memory().unwrap(), options(), Metrics::new());
    let combat = begun(&hub, "spoilt", false).await;
    assert!(play(&hub, combat, 400).await < 400);
    let mut trees = Vec::new();
    for view in [ExportView::Complete, ExportView::Spectator] {
        let page = hub.export_page(combat, view, 0, None).await.unwrap();
        trees.push(short(page));
    }
    let written = |page: &pb::FightExport| to_json("FightExport", page).unwrap();
    trees.iter().map(|page| Json::from(&written(page))).collect()
}

/// A few events, without the long list of all that a creature can do: longer files are not broken
/// in other ways, only slower.
fn short(mut page: pb::FightExport) -> pb::FightExport {
    for event in page.commits.iter_mut().flat_map(|commit| &mut commit.events) {
        if let Some(pb::combat_event::Event::Joined(joined)) = &mut event.event
            && let Some(definition) = &mut joined.definition
        {
            definition.specials.clear();
            definition.traits.clear();
            definition.skills.clear();
            definition.multiattack.clear();
            definition.attacks.clear();
        }
    }
    let dull = |event: &pb::CombatEvent| {
        use pb::combat_event::Event;
        matches!(event.event, Some(Event::TurnStarted(_) | Event::TurnEnded(_)))
    };
    page.commits.iter_mut().for_each(|commit| commit.events.retain(|event| !dull(event)));
    page.commits.retain(|commit| !commit.events.is_empty());
    page.commits.drain(..page.commits.len().min(1));
    page.commits.truncate(3);
    page.events.retain(|event| !dull(event));
    page.events.drain(..page.events.len().min(4));
    page.events.truncate(8);
    page
}

#[derive(Debug, Default)]
struct Tally {
    unread: usize,
    no_export: usize,
    mismatch: usize,
    unproven: usize,
}

fn feed(trees: &[Json], seed: u64, inputs: usize) -> Tally {
    let mut noise = Noise::new(seed);
    let mut tally = Tally::default();
    for _ in 0..inputs {
        let mut tree = noise.pick(trees).clone();
        for _ in 0..=noise.below(2) {
            tree.change(&mut noise);
        }
        let mut text = tree.write();
        if noise.once_in(8) {
            text = noise.spoil_text(&text);
        }
        let Ok(export) = from_json::<pb::FightExport>("FightExport", text.as_bytes()) else {
            tally.unread += 1;
            continue;
        };
        match prove(&export).map(|proof| proof.verdict()) {
            Err(_) => tally.no_export += 1,
            Ok(Verdict::Mismatch) => tally.mismatch += 1,
            Ok(Verdict::Unproven) => tally.unproven += 1,
            Ok(Verdict::Verified) => panic!("verified without its end: {text}"),
        }
    }
    tally
}

#[tokio::test]
async fn a_hundred_thousand_broken_exports_are_refused_or_judged() {
    let trees = sound().await;
    let started = Stopwatch::start();
    let each = INPUTS / usize::try_from(THREADS).unwrap();
    let tally = std::thread::scope(|scope| {
        let feeding: Vec<_> = (1..=THREADS)
            .map(|n| {
                let trees = &trees;
                scope.spawn(move || feed(trees, 0x5eed_0bad_f11e + (n << 40), each))
            })
            .collect();
        feeding.into_iter().map(|one| one.join().unwrap()).fold(Tally::default(), |all, one| {
            Tally {
                unread: all.unread + one.unread,
                no_export: all.no_export + one.no_export,
                mismatch: all.mismatch + one.mismatch,
                unproven: all.unproven + one.unproven,
            }
        })
    });
    println!("{INPUTS} files in {:?}: {tally:?}", started.elapsed());
    let Tally { unread, no_export, mismatch, unproven } = tally;
    assert_eq!(unread + no_export + mismatch + unproven, INPUTS);
    assert!(unread > 10_000 && no_export > 2_000 && mismatch > 10_000, "{tally:?}");
    assert!(started.elapsed() < TIME_MAX, "took {:?}", started.elapsed());
}
