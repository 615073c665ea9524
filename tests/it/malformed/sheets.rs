//! Character sheets: what people write is read, or refused with every problem named; and what is
//! read is what the published schema allows.

use std::collections::BTreeSet;

use serde::de::IgnoredAny;
use serde_json::Value;
use skirmish::clock::Stopwatch;
use skirmish::content::characters::{Book, Wishes, import, quick, write_sheet};
use skirmish::content::{INPUT_MAX_BYTES, PROBLEMS_MAX, published};

use super::json::Json;
use super::noise::Noise;
use super::{INPUTS, TIME_MAX};

/// Threads that feed, each its own inputs.
const THREADS: u64 = 4;
/// So many of the inputs that are read are held to the schema: it is slower than the reader.
const HELD: usize = 2_000;

/// Sheets of all classes, as the program would write them.
fn sound() -> Vec<Json> {
    let classes = Book::srd().classes().iter();
    let levels = classes.flat_map(|class| [1, 4, 11].map(|level| (class, level)));
    levels
        .map(|(class, level)| {
            let sheet = quick(&Wishes {
                name: "Ada".into(),
                class: class.name.clone(),
                level: Some(level),
                ..Wishes::default()
            });
            Json::from(&serde_json::from_str::<Value>(&write_sheet(&sheet)).unwrap())
        })
        .collect()
}

#[derive(Debug, Default)]
struct Tally {
    read: usize,
    not_json: usize,
    misshapen: usize,
    refused: usize,
    places: BTreeSet<String>,
    kept: Vec<String>,
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
        let problems = match import(&text) {
            Ok((sheet, _)) => {
                tally.read += 1;
                assert!(write_sheet(&sheet).len() <= INPUT_MAX_BYTES, "{text}");
                if tally.kept.len() < HELD {
                    tally.kept.push(text);
                }
                continue;
            }
            Err(problems) => problems,
        };
        assert!((1..=PROBLEMS_MAX).contains(&problems.len()), "{text}");
        assert!(problems.iter().all(|one| !one.message.is_empty()), "{text}");
        if !problems[0].path.is_empty() {
            tally.refused += 1;
            let place = problems[0].path.replace(|c: char| c.is_ascii_digit(), "");
            tally.places.insert(place.chars().take(40).collect());
        } else if text.len() > INPUT_MAX_BYTES || serde_json::from_str::<IgnoredAny>(&text).is_err()
        {
            tally.not_json += 1;
        } else {
            tally.misshapen += 1;
        }
    }
    tally
}

#[test]
fn a_hundred_thousand_broken_sheets_are_refused_or_read() {
    let trees = sound();
    let started = Stopwatch::start();
    let tallies: Vec<Tally> = std::thread::scope(|scope| {
        let each = INPUTS / usize::try_from(THREADS).unwrap();
        let trees = &trees;
        let feeding: Vec<_> = (0..THREADS)
            .map(|n| scope.spawn(move || feed(trees, 0x0005_bee7_5eed_0001 + (n << 32), each)))
            .collect();
        feeding.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let sum = |of: fn(&Tally) -> usize| tallies.iter().map(of).sum::<usize>();
    let (read, not_json) = (sum(|it| it.read), sum(|it| it.not_json));
    let (misshapen, refused) = (sum(|it| it.misshapen), sum(|it| it.refused));
    let places: BTreeSet<&String> = tallies.iter().flat_map(|it| &it.places).collect();
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
    assert!(places.len() > 30, "only {} kinds of places: {places:?}", places.len());
    let schema = jsonschema::validator_for(&published::sheet()).unwrap();
    for text in tallies.iter().flat_map(|it| &it.kept) {
        let sheet: Value = serde_json::from_str(text).unwrap();
        assert!(schema.is_valid(&sheet), "read, but not valid: {text}");
    }
    assert!(started.elapsed() < TIME_MAX, "took {:?}", started.elapsed());
}
