//! Duels of creatures of the book that do the same thing every turn, against the exact odds of
//! [`super::exact`]: the engine must agree, figure by figure, with somebody who computes.

use std::sync::Arc;

use skirmish::content::Bestiary;
use skirmish::forecast::Policy;
use skirmish::rules::creature::{Attack, Definition, Rider, When};
use skirmish::rules::event::RollMode;
use skirmish::rules::id::{SideId, Slug};

use super::exact::{Duelist, Felt, Line, win_chance};
use super::{Seat, encounter, run};

/// Each duel in a debug build. `FORECAST_RUNS=100000 cargo test --release --test it duels` plays as
/// many as the goal asks for.
const RUNS: u32 = 4_000;
/// How far the forecast may be from the odds, in standard deviations.
const Z_MAX: f64 = 4.0;

/// One of the book, with what it does every turn.
#[derive(Clone, Copy)]
struct Side(&'static str, &'static str, u8, RollMode);

use RollMode::{Advantage, Disadvantage, Normal};

const DUELS: [(Side, Side); 24] = [
    (Side("ogre", "Greatclub", 1, Normal), Side("ogre", "Greatclub", 1, Normal)),
    (Side("giant-rat", "Bite", 1, Normal), Side("kobold-warrior", "Dagger", 1, Normal)),
    (Side("knight", "Greatsword", 2, Normal), Side("owlbear", "Rend", 2, Normal)),
    (Side("commoner", "Club", 1, Advantage), Side("guard", "Spear", 1, Disadvantage)),
    (Side("giant-spider", "Bite", 1, Normal), Side("brown-bear", "Bite", 2, Normal)),
    (Side("skeleton", "Shortsword", 2, Normal), Side("zombie", "Slam", 1, Advantage)),
    (Side("troll", "Rend", 3, Normal), Side("hill-giant", "Tree Club", 2, Normal)),
    (Side("werewolf", "Longbow", 2, Normal), Side("gargoyle", "Claw", 2, Normal)),
    (Side("mummy", "Rotting Fist", 2, Advantage), Side("wight", "Necrotic Sword", 2, Normal)),
    (Side("adult-red-dragon", "Rend", 3, Normal), Side("storm-giant", "Storm Sword", 2, Normal)),
    (Side("hell-hound", "Bite", 2, Normal), Side("winter-wolf", "Bite", 1, Normal)),
    (Side("wolf", "Bite", 1, Disadvantage), Side("bandit", "Light Crossbow", 1, Normal)),
    (Side("warrior-veteran", "Greatsword", 2, Normal), Side("gladiator", "Spear", 3, Disadvantage)),
    (Side("rat", "Bite", 1, Normal), Side("cat", "Scratch", 1, Normal)),
    (Side("ghoul", "Bite", 1, Normal), Side("ghast", "Claw", 1, Normal)),
    (Side("ettin", "Battleaxe", 1, Normal), Side("hill-giant", "Tree Club", 1, Normal)),
    (Side("tarrasque", "Bite", 3, Normal), Side("kraken", "Tentacle", 9, Advantage)),
    (
        Side("black-pudding", "Dissolving Pseudopod", 1, Normal),
        Side("ochre-jelly", "Pseudopod", 1, Normal),
    ),
    (Side("crocodile", "Bite", 1, Normal), Side("constrictor-snake", "Bite", 1, Normal)),
    (Side("fire-elemental", "Burn", 2, Normal), Side("water-elemental", "Slam", 2, Normal)),
    (
        Side("stone-golem", "Slam", 2, Disadvantage),
        Side("iron-golem", "Bladed Arm", 2, Disadvantage),
    ),
    (Side("pit-fiend", "Fiery Mace", 2, Normal), Side("balor", "Flame Whip", 2, Normal)),
    (Side("berserker", "Greataxe", 1, Advantage), Side("scout", "Longbow", 2, Normal)),
    (Side("unicorn", "Hooves", 1, Normal), Side("griffon", "Rend", 2, Normal)),
];

fn of_the_book(name: &str) -> &'static Arc<Definition> {
    &Bestiary::srd().find(&format!("srd:{name}")).unwrap().definition
}

fn attack_of(definition: &'static Definition, name: &str) -> &'static Attack {
    let attack = definition.attack(Slug::of_name(name).unwrap()).unwrap();
    // Odds are computed of what counts whatever happens.
    assert!(attack.damage.iter().all(|part| part.when == When::Always), "{name}");
    let saved = |rider: &Rider| matches!(rider, Rider::SaveDamage { .. });
    assert!(!attack.riders.iter().any(saved), "{name}");
    attack
}

fn felt(attack: &Attack, other: &Definition) -> Vec<Line> {
    let lines = attack.damage.iter().map(|part| {
        let (immune, resists, vulnerable) = (
            other.immunities.contains(part.kind),
            other.resistances.contains(part.kind),
            other.vulnerabilities.contains(part.kind),
        );
        assert!(!(resists && vulnerable), "not in this book");
        let felt = match (immune, resists, vulnerable) {
            (true, _, _) => Felt::Nothing,
            (_, true, _) => Felt::Half,
            (_, _, true) => Felt::Double,
            (false, false, false) => Felt::Whole,
        };
        let (count, sides) = (usize::from(part.dice.count), u32::from(part.dice.sides));
        Line { count, sides: sides.max(1), bonus: i64::from(part.dice.bonus), felt }
    });
    lines.collect()
}

fn duelist(side: Side, other: Side) -> Duelist {
    let Side(name, attack, times, mode) = side;
    let (definition, other) = (of_the_book(name), of_the_book(other.0));
    let attack = attack_of(definition, attack);
    Duelist {
        armor_class: definition.armor_class.into(),
        hit_points: definition.hit_points.into(),
        initiative: definition.initiative_bonus.into(),
        to_hit: attack.to_hit.into(),
        times: times.into(),
        mode,
        damage: felt(attack, other),
    }
}

fn seat(id: &'static str, side: SideId, Side(name, attack, times, mode): Side) -> Seat {
    let attack = Slug::of_name(attack).unwrap();
    let policy = Some(Policy { attack, times, mode });
    Seat { id, side, definition: Arc::clone(of_the_book(name)), policy }
}

/// Issue 3: fixed-policy duels agree with exactly computed odds, |z| < 4.
#[test]
fn duels_come_out_as_somebody_who_computes_says() {
    #[expect(clippy::disallowed_methods, reason = "a longer run on request")]
    let runs = std::env::var("FORECAST_RUNS").ok().and_then(|runs| runs.parse().ok());
    let runs = runs.unwrap_or(RUNS);
    let mut open = 0;
    for (number, (one, other)) in (0_u64..).zip(DUELS) {
        let what = format!("{} {} against {} {}", one.0, one.1, other.0, other.1);
        let (mine, theirs) = (duelist(one, other), duelist(other, one));
        let odds = win_chance(&mine, &theirs);
        let duel =
            encounter(&[seat("one", SideId::party(), one), seat("other", SideId::foes(), other)]);
        let told = run(&duel, runs, 1_000 + number, 2);
        let (side, rate, _) = told.win_rate[0];
        assert_eq!((side, told.draws), (SideId::party(), 0), "{what}");
        let spread = (odds * (1.0 - odds) / f64::from(runs)).sqrt().max(1e-9);
        let z = (rate - odds) / spread;
        println!("{what}: odds {odds:.5}, forecast {rate:.5}, z {z:+.2}");
        assert!(z.abs() < Z_MAX, "{what}: odds {odds:.5}, forecast {rate:.5}, z {z:+.2}");
        open += u32::from((0.05..0.95).contains(&odds));
    }
    assert!(open >= 12, "only {open} of the duels are open");
}
