//! Everybody in the book, fighting: each monster against ready-made heroes, and each hero against
//! monsters, and each monster against a weaker, an equal and a stronger one, always to the end.

use std::sync::Arc;

use proptest::prelude::*;

use skirmish::content::{Bestiary, Heroes};
use skirmish::rules::creature::{Definition, Kind};
use skirmish::rules::event::Edition;

use super::table::{Seeded, Table};
use super::{WISHES_MAX, cases, fixtures, play_out, play_out_within, stumble};

/// Most rounds of a duel of two monsters that are no match for each other's armor: a dryad's club
/// takes a thousand to wear down a charmed gladiator who dodges and parries.
const DUEL_ROUNDS_MAX: u32 = 5_000;

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

/// All monsters of the edition's book, the harmless first.
fn by_rating(edition: Edition) -> Vec<Arc<Definition>> {
    let rating = |monster: &Definition| match monster.kind {
        Kind::Monster { rating_eighths } => rating_eighths,
        Kind::Hero { .. } => panic!("{} is no monster", monster.name),
    };
    let book = Bestiary::of(edition).iter();
    let mut all: Vec<_> = book.map(|entry| Arc::clone(&entry.definition)).collect();
    all.sort_by_key(|monster| (rating(monster), monster.name.clone()));
    all
}

/// Each monster against one half as high in the list of all, against its neighbour, and against
/// one half-way to the end of the list.
fn everybody_against_three(edition: Edition) {
    let all = by_rating(edition);
    assert!(all.len() >= 330);
    let mut seed = 0;
    for (at, monster) in all.iter().enumerate() {
        for other in [at / 2, (at + 1) % all.len(), at.midpoint(all.len() - 1)] {
            let map = fixtures::map(u8::try_from(seed % 3).unwrap());
            let (one, other) = ([Arc::clone(monster)], [Arc::clone(&all[other])]);
            let mut table = Table::begin_by(edition, seed, map, &one, &other);
            play_out_within(DUEL_ROUNDS_MAX, &mut table);
            seed += 1;
        }
    }
    assert_eq!(usize::try_from(seed).unwrap(), 3 * all.len());
}

#[test]
fn every_monster_meets_a_weaker_an_equal_and_a_stronger_one_by_the_new_rules() {
    everybody_against_three(Edition::Srd521);
}

#[test]
fn every_monster_meets_a_weaker_an_equal_and_a_stronger_one_by_the_old_rules() {
    everybody_against_three(Edition::Srd51);
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
