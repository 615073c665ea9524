//! What the rules cost by themselves: one attack, a whole fight that plays itself, and dice text.
//!
//! `cargo bench --bench rules`. Nothing here touches a disk, a port or a clock but the stopwatch.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a measurement that meets the unexpected should stop right there"
)]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use skirmish::content::{bestiary::Bestiary, heroes::Heroes};
use skirmish::rules::creature::Definition;
use skirmish::rules::dice::{Comments, Dice, DiceText};
use skirmish::rules::event::Edition;
use skirmish::rules::id::{CreatureId, SideId, UserId};
use skirmish::rules::illegal::Phase;
use skirmish::rules::intent::{Action, Entrant, Intent};
use skirmish::rules::state::Combat;
use skirmish::rules::tactics;

/// Dice that are quick and the same each time, so that only the rules are measured.
#[derive(Clone)]
struct Xorshift(u64);

impl Dice for Xorshift {
    fn roll(&mut self, sides: u16) -> u16 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u16::try_from((self.0 >> 11) % u64::from(sides.max(1))).unwrap() + 1
    }
}

fn entrants(side: SideId, definitions: &[Arc<Definition>]) -> Intent {
    let entrants = definitions.iter().enumerate().map(|(n, definition)| Entrant {
        id: format!("{}-{n}", side.as_str()).parse::<CreatureId>().unwrap(),
        name: format!("{} {n}", definition.name),
        side,
        owner: None,
        character: None,
        definition: Arc::clone(definition),
        hit_points: None,
        temporary_hit_points: 0,
        spent: Vec::new(),
        position: None,
        hidden: false,
        autopilot: true,
    });
    Intent::Enter { entrants: entrants.collect() }
}

fn carry_out(combat: &mut Combat, intent: Intent, dice: &mut Xorshift) {
    let events = combat.check(intent).expect("a wish that is allowed").resolve(dice);
    for event in &events {
        combat.apply(event);
    }
}

/// Four ready-made heroes against four goblins, with the first turn open.
fn begun(dice: &mut Xorshift) -> Combat {
    let heroes = ["hero:fighter", "hero:cleric", "hero:rogue", "hero:barbarian"];
    let party = heroes.map(|id| Arc::clone(&Heroes::srd().find(id).unwrap().definition));
    let goblin = &Bestiary::srd().find("srd:goblin-warrior").unwrap().definition;
    let foes = [goblin, goblin, goblin, goblin].map(Arc::clone);
    let mut combat = Combat::default();
    let opening = Intent::Initiate {
        name: "Measured".into(),
        game_master: UserId(1),
        edition: Edition::Srd521,
        map: None,
    };
    let begin = Intent::Begin { public_commitment: [1; 32], hidden_commitment: [2; 32] };
    let party = entrants(SideId::party(), &party);
    for intent in [opening, party, entrants(SideId::foes(), &foes), begin] {
        carry_out(&mut combat, intent, dice);
    }
    combat
}

fn next(combat: &Combat) -> Intent {
    match combat.pending().last() {
        Some(pending) => Intent::Respond {
            prompt: pending.prompt.id,
            answer: tactics::answer(combat, &pending.prompt),
            timed_out: false,
        },
        None => tactics::next_intent(combat, combat.current().expect("somebody's turn")),
    }
}

fn attack(criterion: &mut Criterion) {
    let mut dice = Xorshift(7);
    let mut combat = begun(&mut dice);
    let wish = loop {
        let wish = next(&combat);
        if matches!(wish, Intent::Act { action: Action::Attack { .. }, .. }) {
            break wish;
        }
        carry_out(&mut combat, wish, &mut dice);
    };
    criterion.bench_function("attack: check and resolve", |bench| {
        bench.iter(|| black_box(&combat).check(wish.clone()).unwrap().resolve(&mut dice));
    });
    // The three together, on a fight of its own each time; the copy is not measured.
    criterion.bench_function("attack: check, resolve and apply", |bench| {
        bench.iter_batched_ref(
            || combat.clone(),
            |combat| {
                let events = combat.check(wish.clone()).unwrap().resolve(&mut dice);
                for event in &events {
                    combat.apply(event);
                }
                events
            },
            criterion::BatchSize::SmallInput,
        );
    });
    let events = combat.check(wish.clone()).unwrap().resolve(&mut dice);
    criterion.bench_function("attack: apply", |bench| {
        bench.iter_batched_ref(
            || combat.clone(),
            |combat| events.iter().for_each(|event| combat.apply(event)),
            criterion::BatchSize::SmallInput,
        );
    });
    criterion.bench_function("legal actions of one creature", |bench| {
        let current = combat.current().unwrap();
        bench.iter(|| black_box(&combat).legal_actions(current));
    });
}

fn fight(criterion: &mut Criterion) {
    let mut dice = Xorshift(7);
    criterion.bench_function("fight of four against four, to the end", |bench| {
        bench.iter(|| {
            let mut combat = begun(&mut dice);
            while combat.phase() != Phase::Ended {
                let wish = next(&combat);
                carry_out(&mut combat, wish, &mut dice);
            }
            combat
        });
    });
}

/// Text that is read and rolled, and text that was read before and is only rolled: what others call
/// a parse cache.
fn dice_text(criterion: &mut Criterion) {
    let mut dice = Xorshift(7);
    for text in ["1d20+5", "4d6kh3", "8d6", "2d20kh1+3"] {
        let read = DiceText::parse(text, Comments::Refused).unwrap();
        criterion.bench_function(&format!("dice text, read before: {text}"), |bench| {
            bench.iter(|| black_box(&read).throw(&mut dice).unwrap());
        });
    }
    for text in ["1d20+5", "4d6kh3", "8d6", "2d20kh1+3"] {
        criterion.bench_function(&format!("dice text: {text}"), |bench| {
            bench.iter(|| {
                DiceText::parse(black_box(text), Comments::Refused)
                    .unwrap()
                    .roll(&mut dice)
                    .unwrap()
            });
        });
    }
}

criterion_group!(rules, attack, fight, dice_text);
criterion_main!(rules);
