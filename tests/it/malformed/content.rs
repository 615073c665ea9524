//! Homebrew creatures: what people write is read, or refused with every problem named.

use std::collections::BTreeSet;

use prost::Message;
use serde::de::IgnoredAny;
use serde_json::Value;
use skirmish::clock::Stopwatch;
use skirmish::content::{INPUT_MAX_BYTES, PROBLEMS_MAX, read_creature};
use skirmish::protocol::definition_to;

use super::json::Json;
use super::noise::Noise;
use super::{INPUTS, TIME_MAX};

/// Threads that feed, each its own inputs.
const THREADS: u64 = 4;

/// The built-in creatures, as people would write theirs.
fn sound() -> Vec<Value> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/srd/monsters");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let monsters: Vec<String> =
        files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let listed = monsters.iter().flat_map(|text| {
        let book: Value = serde_json::from_str(text).unwrap();
        book["monsters"].as_array().unwrap().clone()
    });
    listed.filter(|one| read_creature(&one.to_string()).is_ok()).collect()
}

/// What became of inputs.
#[derive(Debug, Default)]
struct Tally {
    read: usize,
    not_json: usize,
    misshapen: usize,
    refused: usize,
    /// The places that were refused, by the path without numbers.
    places: BTreeSet<String>,
}

impl Tally {
    fn take(&mut self, text: &str) {
        let problems = match read_creature(text) {
            Ok(definition) => {
                self.read += 1;
                // what is read can be stored
                assert!(!definition_to(&definition).encode_to_vec().is_empty());
                return;
            }
            Err(problems) => problems,
        };
        assert!((1..=PROBLEMS_MAX).contains(&problems.len()), "{text}");
        assert!(problems.iter().all(|one| !one.message.is_empty()), "{text}");
        if !problems[0].path.is_empty() {
            self.refused += 1;
            self.places.insert(problems[0].path.replace(|c: char| c.is_ascii_digit(), ""));
        } else if text.len() > INPUT_MAX_BYTES || serde_json::from_str::<IgnoredAny>(text).is_err()
        {
            self.not_json += 1;
        } else {
            self.misshapen += 1;
        }
    }

    fn with(mut self, other: Self) -> Self {
        self.read += other.read;
        self.not_json += other.not_json;
        self.misshapen += other.misshapen;
        self.refused += other.refused;
        self.places.extend(other.places);
        self
    }
}

fn feed(trees: &[Json], seed: u64, inputs: usize) -> Tally {
    let mut noise = Noise::new(seed);
    let mut tally = Tally::default();
    for _ in 0..inputs {
        // the short ones are as good to break as the long ones, and quicker
        let end = if noise.once_in(4) { trees.len() } else { trees.len() / 2 };
        let mut tree = noise.pick(&trees[..end]).clone();
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
fn a_hundred_thousand_broken_creatures_are_refused_or_read() {
    let mut sound = sound();
    assert!(sound.len() >= 30, "{} built-in creatures are read as homebrew", sound.len());
    sound.sort_by_key(|one| one.to_string().len());
    let trees: Vec<Json> = sound.iter().map(Json::from).collect();
    let started = Stopwatch::start();
    let tally = std::thread::scope(|scope| {
        let seeds = (0..THREADS).map(|n| 0x5eed_c0de_0bad_0001 + (n << 32));
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
    let Tally { read, not_json, misshapen, refused, places } = tally;
    println!(
        "{INPUTS} inputs in {:?}: read {read}, not JSON {not_json}, misshapen {misshapen}, refused \
         {refused} in {} kinds of places",
        started.elapsed(),
        places.len(),
    );
    assert_eq!(read + not_json + misshapen + refused, INPUTS);
    assert!(
        read > 5_000 && not_json > 5_000 && misshapen > 10_000 && refused > 10_000,
        "read {read}, not JSON {not_json}, misshapen {misshapen}, refused {refused}"
    );
    assert!(places.len() > 40, "only {} kinds of places were refused: {places:?}", places.len());
    assert!(started.elapsed() < TIME_MAX, "took {:?}", started.elapsed());
}
