//! What must hold in every fight, tried on many: sensible ones, senseless ones, and both undone.

mod book;
mod fixtures;
mod listed;
mod stalemate;
mod table;
mod wishes;

use std::fmt::Debug;
use std::sync::Arc;

use proptest::prelude::*;

use skirmish::rules::batch::{Batch, check_and_resolve};
use skirmish::rules::creature::Definition;
use skirmish::rules::event::Fact;
use skirmish::rules::id::SideId;
use skirmish::rules::intent::Intent;
use skirmish::rules::state::Combat;
use skirmish::rules::tactics::TACTICS_STEPS_MAX;

use table::{Seeded, Table};

/// Most rounds that a sensible fight of a handful on each side may take.
const ROUNDS_MAX: u32 = 120;
/// Most wishes tried in one senseless fight.
const WISHES_MAX: usize = 300;

/// So many cases, or as many as `PROPTEST_CASES` asks for: a number written into a test would
/// otherwise win over what somebody who looks for faults has set.
fn cases(usual: u32) -> ProptestConfig {
    /// What proptest tries where nobody says otherwise.
    const UNSET: u32 = 256;
    let asked = ProptestConfig::default();
    let cases = if asked.cases == UNSET { usual } else { asked.cases };
    ProptestConfig { cases, ..asked }
}

/// Some of these, the same ones perhaps more than once.
fn pick(from: &[Arc<Definition>], which: &[usize]) -> Vec<Arc<Definition>> {
    which.iter().map(|index| Arc::clone(&from[index % from.len()])).collect()
}

fn table(seed: u64, map: u8, party: &[usize], foes: &[usize]) -> Table {
    let (heroes, monsters) = (fixtures::heroes(), fixtures::monsters());
    Table::begin(seed, fixtures::map(map), &pick(&heroes, party), &pick(&monsters, foes))
}

/// Everything that undo promises to bring back: all but the dice drawn, the numbers given out and
/// the game master.
fn shape(combat: &Combat) -> impl PartialEq + Debug + use<> {
    (
        (combat.phase(), combat.name().to_owned(), combat.edition(), combat.commitments()),
        (combat.round(), combat.turn(), combat.current(), combat.order().to_vec()),
        (combat.pending().to_vec(), combat.ended().cloned(), combat.creatures().clone()),
    )
}

/// Plays on as the tactics would have it, to the end or to where nobody can win; no turn may take too many steps.
fn play_out(table: &mut Table) {
    play_out_within(ROUNDS_MAX, table);
}

/// The same for a fight that may take longer, such as a bat's against somebody in plate.
fn play_out_within(rounds_max: u32, table: &mut Table) {
    let mut steps = 0;
    while !table.over() {
        let asked = !table.combat().pending().is_empty();
        steps = if table.tactical_step() { 0 } else { steps + usize::from(!asked) };
        assert!(steps < TACTICS_STEPS_MAX, "a turn that never ends\n{}", table.picture());
        let round = table.combat().round();
        if round > ROUNDS_MAX.min(rounds_max) && stalemate::nobody_can_hurt_anybody(table.combat())
        {
            return;
        }
        assert!(round <= rounds_max, "round {round} and no end\n{}", table.picture());
    }
}

/// One senseless wish after another, as far as it goes.
fn stumble(table: &mut Table, chance: &mut Seeded, wishes: usize) {
    let mut refused = 0;
    for _ in 0..wishes {
        if table.over() {
            return;
        }
        let wish = wishes::wish(chance, table.combat());
        let before = table.combat().clone();
        refused = if table.submit(wish).is_ok() { 0 } else { refused + 1 };
        if refused > 0 {
            assert_eq!(&before, table.combat(), "a refusal changes nothing");
        }
        if refused > 40 && table.combat().pending().is_empty() {
            let ends = table.combat().current().map(|creature| Intent::EndTurn { creature });
            refused = 0;
            if let Some(end) = ends {
                table.submit(end).unwrap();
            }
        }
    }
}

fn some(from: usize) -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..from, 1..5)
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn sensible_fights_come_to_an_end(
        seed: u64, map in 0_u8..3, party in some(4), foes in some(7),
    ) {
        let mut table = table(seed, map, &party, &foes);
        play_out(&mut table);
        prop_assert_eq!(&table.refolded(), &table.live);
    }

    #[test]
    fn senseless_fights_never_get_stuck(
        seed: u64, map in 0_u8..3, party in some(4), foes in some(7),
    ) {
        let mut table = table(seed, map, &party, &foes);
        stumble(&mut table, &mut Seeded::new(!seed), WISHES_MAX);
        prop_assert_eq!(&table.refolded(), &table.live);
    }

    /// Put away and taken up again at any moment, with however many questions open: the log alone
    /// brings back the very same fight, and it goes on the same way.
    #[test]
    fn a_fight_taken_up_again_goes_on_where_it_was(
        seed: u64, party in some(4), foes in some(7), wishes in 40_usize..WISHES_MAX,
    ) {
        let mut table = table(seed, 1, &party, &foes);
        let mut chance = Seeded::new(!seed);
        for _ in 0..wishes {
            stumble(&mut table, &mut chance, 1);
            if table.combat().pending().len() > 1 {
                break;
            }
        }
        let mut again = table.taken_up_again();
        prop_assert_eq!(&again.live, &table.live);
        stumble(&mut table, &mut chance.clone(), 40);
        stumble(&mut again, &mut chance, 40);
        prop_assert_eq!(&again.live, &table.live);
    }

    #[test]
    fn undo_goes_back_through_the_states_that_were(
        seed: u64, map in 0_u8..3, party in some(4), foes in some(7), wishes in 1_usize..80,
    ) {
        let mut table = table(seed, map, &party, &foes);
        let mut states: Vec<_> = Vec::new();
        let mut chance = Seeded::new(!seed);
        for _ in 0..wishes {
            let before = shape(table.combat());
            let target = table.live.undo_target();
            stumble(&mut table, &mut chance, 1);
            let now = table.live.undo_target();
            if now.map(|unit| unit.from) != target.map(|unit| unit.from) {
                states.push(before);
            }
        }
        let mut forward = Vec::new();
        for state in states.iter().rev().take(12) {
            forward.push(shape(table.combat()));
            prop_assert!(table.undo());
            prop_assert_eq!(&shape(table.combat()), state);
        }
        while let Some(state) = forward.pop() {
            prop_assert!(table.redo());
            prop_assert_eq!(shape(table.combat()), state);
        }
    }

    /// All of a batch or nothing: what it resolves to is what its wishes do one by one.
    #[test]
    fn a_batch_is_its_wishes_one_by_one(
        seed: u64, map in 0_u8..3, party in some(4), foes in some(7), length in 1_usize..6,
    ) {
        let mut table = table(seed, map, &party, &foes);
        let mut chance = Seeded::new(!seed);
        stumble(&mut table, &mut chance, 20);
        let wishes: Vec<Intent> =
            (0..length).map(|_| wishes::wish(&mut chance, table.combat())).collect();
        let before = table.combat().clone();
        let batch = Batch::try_from(wishes.clone()).unwrap();
        let resolved = check_and_resolve(&before, &batch, &mut Seeded::new(seed));
        prop_assert_eq!(&before, table.combat());
        let mut dice = Seeded::new(seed);
        let mut scratch = before.clone();
        let mut all = Vec::new();
        for (index, wish) in wishes.into_iter().enumerate() {
            let events = match scratch.check(wish) {
                Ok(legal) => legal.resolve(&mut dice),
                Err(illegal) => {
                    prop_assert_eq!(resolved, Err((index, illegal)));
                    return Ok(());
                }
            };
            if events.iter().any(|event| matches!(event.fact, Fact::PromptOpened { .. })) {
                prop_assert_eq!(resolved.map_err(|(at, why)| (at, why.code())),
                    Err((index, "would_prompt")));
                return Ok(());
            }
            for event in &events {
                scratch.apply(event);
            }
            all.extend(events);
        }
        prop_assert_eq!(resolved, Ok(all));
    }
}

/// Everybody keeps a blow ready for whoever attacks, or for the moment they choose: in such a
/// crowd questions come up while others are open, and each is answered in its turn.
#[test]
fn questions_come_up_while_others_are_open() {
    let deepest = (0..60)
        .map(|seed| {
            let mut table = table(seed, 1, &[0, 1, 2, 0], &[1, 1, 0, 2]);
            let mut chance = Seeded::new(!seed);
            for _ in 0..WISHES_MAX {
                if table.over() {
                    break;
                }
                let wish = wishes::eager_wish(&mut chance, table.combat());
                if table.submit(wish).is_err() {
                    stumble(&mut table, &mut chance, 1);
                }
            }
            table.deepest
        })
        .max();
    assert!(deepest >= Some(2), "never more than {deepest:?} at once");
}

#[test]
fn the_same_seed_is_the_same_fight() {
    let play = |seed| {
        let mut table = table(seed, 1, &[0, 1, 2, 3], &[0, 0, 1, 4]);
        play_out(&mut table);
        table.log
    };
    assert_eq!(play(7), play(7));
    assert_ne!(play(7), play(8));
}

/// Tactics that always fought badly would not be noticed by any property: an even party of four
/// beats four goblins nearly always, and loses to a crowd of trolls and drakes.
#[test]
fn sensible_creatures_win_what_they_should() {
    let wins = |foes: &[usize]| {
        (0..20)
            .filter(|seed| {
                let mut table = table(*seed, 1, &[0, 1, 2, 3], foes);
                play_out(&mut table);
                let alive = |side| {
                    let combat = table.combat();
                    combat.creatures().iter().any(|c| c.side() == side && c.hit_points() > 0)
                };
                alive(SideId::party()) && !alive(SideId::foes())
            })
            .count()
    };
    let (easy, deadly) = (wins(&[0, 0, 0, 0]), wins(&[3, 3, 2, 2, 3]));
    assert!(easy >= 17, "{easy} of 20 against goblins");
    assert!(deadly <= 3, "{deadly} of 20 against drakes and trolls");
}

#[test]
fn a_batch_has_a_limit() {
    use skirmish::rules::batch::{BATCH_MAX, BadBatch};
    assert_eq!(Batch::try_from(Vec::new()), Err(BadBatch::Empty));
    let long = vec![Intent::Pause; BATCH_MAX + 1];
    assert_eq!(Batch::try_from(long), Err(BadBatch::TooLong { max: BATCH_MAX }));
    assert!(Batch::try_from(vec![Intent::Pause; BATCH_MAX]).is_ok());
}
