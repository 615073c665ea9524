//! Everybody in the book, fighting: each monster against ready-made heroes, and each hero against
//! monsters, always to the end.

use std::sync::Arc;

use proptest::prelude::*;

use skirmish::content::{Bestiary, Heroes};
use skirmish::rules::creature::Definition;

use super::table::{Seeded, Table};
use super::{WISHES_MAX, cases, fixtures, play_out, stumble};

fn monsters() -> Vec<Arc<Definition>> {
    Bestiary::srd().iter().map(|entry| Arc::clone(&entry.definition)).collect()
}

fn heroes() -> Vec<Arc<Definition>> {
    Heroes::srd().iter().map(|entry| Arc::clone(&entry.definition)).collect()
}

#[test]
fn every_monster_of_the_book_fights_to_an_end() {
    let (heroes, monsters) = (heroes(), monsters());
    assert!(heroes.len() >= 8 && monsters.len() >= 30);
    for (seed, monster) in (0..).zip(&monsters) {
        let first = usize::try_from(seed).unwrap() % heroes.len();
        let party = [&heroes[first], &heroes[(first + 3) % heroes.len()]].map(Arc::clone);
        let map = u8::try_from(seed % 3).unwrap();
        let foes = [Arc::clone(monster), Arc::clone(monster)];
        play_out(&mut Table::begin(seed, fixtures::map(map), &party, &foes));
    }
}

proptest! {
    #![proptest_config(cases(12))]

    #[test]
    fn the_book_survives_nonsense(seed: u64, map in 0_u8..3) {
        let mut chance = Seeded::new(!seed);
        let mut some = |from: &[Arc<Definition>]| -> Vec<Arc<Definition>> {
            (0..3).map(|_| Arc::clone(&from[chance.below(from.len())])).collect()
        };
        let (party, foes) = (some(&heroes()), some(&monsters()));
        let mut table = Table::begin(seed, fixtures::map(map), &party, &foes);
        stumble(&mut table, &mut chance, WISHES_MAX);
        prop_assert_eq!(&table.refolded(), &table.live);
    }
}
