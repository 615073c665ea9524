//! Scenarios: what people write is played, or refused with every problem named.

use std::collections::BTreeSet;
use std::path::Path;

use serde::de::IgnoredAny;
use serde_json::Value;
use skirmish::clock::Stopwatch;
use skirmish::scenario::{PROBLEMS_MAX, Scenario, read_encounter};

use super::TIME_MAX;
use super::json::Json;
use super::noise::Noise;

/// Each of them is read twice and played twice, so that they are fewer than elsewhere.
const INPUTS: usize = 20_000;
/// Threads that feed, each its own inputs.
const THREADS: u64 = 4;

/// The scenarios of the rules' tests.
fn sound() -> Vec<Json> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/scenarios");
    let areas = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = areas
        .filter(|area| area.is_dir())
        .flat_map(|area| std::fs::read_dir(area).unwrap().map(|file| file.unwrap().path()))
        .collect();
    files.sort();
    let texts = files.iter().map(|file| std::fs::read_to_string(file).unwrap());
    let lines: Vec<String> =
        texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
    lines.iter().map(|line| Json::from(&serde_json::from_str::<Value>(line).unwrap())).collect()
}

/// What became of inputs.
#[derive(Debug, Default)]
struct Tally {
    held: usize,
    failed: usize,
    not_json: usize,
    refused: usize,
    /// The places that were refused, by the path without numbers.
    places: BTreeSet<String>,
}

impl Tally {
    fn take(&mut self, text: &str) {
        // an encounter is read by the same means; whatever it is, there is no panic
        let _read = read_encounter(text);
        match Scenario::read(text) {
            Ok(scenario) if scenario.play().is_empty() => self.held += 1,
            Ok(scenario) => {
                let told = scenario.play();
                assert!(told.iter().all(|failure| !failure.sentence().is_empty()), "{text}");
                self.failed += 1;
            }
            Err(problems) => {
                assert!((1..=PROBLEMS_MAX).contains(&problems.len()), "{text}");
                assert!(problems.iter().all(|one| !one.message.is_empty()), "{text}");
                if serde_json::from_str::<IgnoredAny>(text).is_err() {
                    self.not_json += 1;
                } else {
                    self.refused += 1;
                    let place = problems[0].path.replace(|c: char| c.is_ascii_digit(), "");
                    self.places.insert(place);
                }
            }
        }
    }

    fn with(mut self, other: Self) -> Self {
        self.held += other.held;
        self.failed += other.failed;
        self.not_json += other.not_json;
        self.refused += other.refused;
        self.places.extend(other.places);
        self
    }
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
        tally.take(&text);
    }
    tally
}

#[test]
fn twenty_thousand_broken_scenarios_are_refused_or_played() {
    let trees = sound();
    assert!(trees.len() >= 100, "{} scenarios", trees.len());
    let started = Stopwatch::start();
    let tally = std::thread::scope(|scope| {
        let seeds = (0..THREADS).map(|n| 0x5eed_c0de_0bad_0003 + (n << 32));
        let each = INPUTS / usize::try_from(THREADS).unwrap();
        let feeding: Vec<_> = seeds
            .map(|seed| {
                scope.spawn({
                    let trees = &trees;
                    move || feed(trees, seed, each)
                })
            })
            .collect();
        feeding.into_iter().map(|one| one.join().unwrap()).fold(Tally::default(), Tally::with)
    });
    let Tally { held, failed, not_json, refused, places } = tally;
    println!(
        "{INPUTS} inputs in {:?}: held {held}, failed {failed}, not JSON {not_json}, refused \
         {refused} in {} kinds of places",
        started.elapsed(),
        places.len(),
    );
    assert_eq!(held + failed + not_json + refused, INPUTS);
    assert!(
        held > 400 && failed > 400 && not_json > 400 && refused > 2_000,
        "held {held}, failed {failed}, not JSON {not_json}, refused {refused}"
    );
    assert!(places.len() > 40, "only {} kinds of places were refused: {places:?}", places.len());
    assert!(started.elapsed() < TIME_MAX, "took {:?}", started.elapsed());
}
