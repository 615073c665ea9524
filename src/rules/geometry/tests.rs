//! Walks over small drawn maps.

use std::sync::Arc;

use super::*;
use crate::rules::ability::ByAbility;
use crate::rules::condition::ConditionSet;
use crate::rules::creature::{
    Attack, Cost, Definition, Draft, Kind, Senses, Size, Speeds, Uses, Weapon,
};
use crate::rules::damage::DamageSet;
use crate::rules::event::Tally;
use crate::rules::grid::{Map, Position, Terrain};
use crate::rules::id::SideId;
use crate::rules::state::{Combat, Creature, Economy, Life};

fn at(x: u8, y: u8) -> Position {
    Position { x, y }
}

fn definition(size: Size) -> Definition {
    let claw = Attack {
        id: "claw".parse().unwrap(),
        name: "Claw".into(),
        reach: Some(5),
        range: None,
        to_hit: 4,
        advantage: None,
        damage: Vec::new(),
        riders: Vec::new(),
        uses: Uses::AtWill,
        cost: Cost::Action,
        spell: false,
        light: false,
        weapon: Weapon::default(),
    };
    Definition::try_from(Draft {
        name: "Walker".into(),
        kind: Kind::Monster { rating_eighths: 2 },
        size,
        creature_type: "beast".into(),
        armor_class: 12,
        hit_points: 10,
        hit_dice: None,
        speeds: Speeds { walk: 30, ..Speeds::default() },
        abilities: ByAbility::from_fn(|_| 10),
        saves: ByAbility::default(),
        skills: Vec::new(),
        proficiency_bonus: 2,
        initiative_bonus: 0,
        senses: Senses { passive_perception: 10, ..Senses::default() },
        resistances: DamageSet::default(),
        immunities: DamageSet::default(),
        vulnerabilities: DamageSet::default(),
        condition_immunities: ConditionSet::default(),
        attacks: vec![claw],
        multiattack: Vec::new(),
        specials: Vec::new(),
        traits: Vec::new(),
        legendary_actions: 0,
        spell_lists: Vec::new(),
        experience: 50,
        lair_experience: None,
    })
    .unwrap()
}

fn creature(id: &str, side: SideId, sized: Size, position: Position) -> Creature {
    Creature {
        id: id.parse().unwrap(),
        name: id.into(),
        side,
        owner: None,
        character: None,
        definition: Arc::new(definition(sized)),
        hit_points: 10,
        temporary_hit_points: 0,
        life: Life::Up,
        conditions: Vec::new(),
        effects: Vec::new(),
        spent: Vec::new(),
        position: Some(position),
        concentration: None,
        initiative: None,
        economy: Economy::default(),
        readied: None,
        hidden: false,
        autopilot: false,
        left: false,
        tally: Tally::default(),
        damage_since_turn: DamageSet::default(),
        maximum_lost: 0,
        resistances_spent: 0,
        withstood: Vec::new(),
    }
}

/// A fight on a map drawn with `#` wall, `~` difficult, and `a`, `b` … medium creatures: lower case
/// of the party, upper case of the foes.
fn drawn(rows: &[&str]) -> Combat {
    let mut combat = Combat::default();
    let mut terrain = Vec::new();
    for (y, row) in rows.iter().enumerate() {
        for (x, c) in row.chars().enumerate() {
            terrain.push(match c {
                '#' => Terrain::Wall,
                '~' => Terrain::Difficult,
                _ => Terrain::Open,
            });
            if c.is_ascii_alphabetic() {
                let side = if c.is_lowercase() { SideId::party() } else { SideId::foes() };
                let square = at(u8::try_from(x).unwrap(), u8::try_from(y).unwrap());
                combat.creatures.push(creature(&c.to_string(), side, Size::Medium, square));
            }
        }
    }
    let (width, height) = (rows[0].len(), rows.len());
    combat.map = Some(Arc::new(Map {
        width: u8::try_from(width).unwrap(),
        height: u8::try_from(height).unwrap(),
        terrain,
    }));
    combat
}

fn who<'a>(combat: &'a Combat, id: &str) -> &'a Creature {
    combat.creature(id.parse().unwrap()).unwrap()
}

#[test]
fn walking_costs_what_the_book_says() {
    let fight = drawn(&["a....", ".....", "~~~~~", "....."]);
    let a = who(&fight, "a");
    assert_eq!(way_to(&fight, a, at(4, 1), 0).unwrap().cost_feet, 20);
    assert_eq!(way_to(&fight, a, at(0, 3), 0).unwrap().cost_feet, 20);
    assert_eq!(way_to(&fight, a, at(0, 3), 5).unwrap().cost_feet, 35);
    let near = reachable(&fight, a, 10, 0).unwrap();
    assert_eq!(near.cost_feet(at(2, 1)), Some(10));
    assert_eq!(near.cost_feet(at(3, 0)), None);
    assert_eq!(near.stops().count(), 6);
}

#[test]
fn walls_and_their_corners_are_walked_around() {
    let fight = drawn(&["a#.", "..."]);
    let a = who(&fight, "a");
    let way = way_to(&fight, a, at(2, 0), 0).unwrap();
    assert_eq!(way.path, [at(0, 1), at(1, 1), at(2, 1), at(2, 0)]);
    assert_eq!(
        path_cost_feet(&fight, a, &[at(1, 1)], 0),
        Some(Err(PathFault::Blocked { at: at(1, 1) }))
    );
    let closed = drawn(&["a#.", "##."]);
    assert_eq!(way_to(&closed, who(&closed, "a"), at(2, 0), 0), None);
}

#[test]
fn one_walks_through_friends_but_not_through_foes() {
    let friends = drawn(&["ab."]);
    assert_eq!(way_to(&friends, who(&friends, "a"), at(2, 0), 0).unwrap().cost_feet, 10);
    assert_eq!(way_to(&friends, who(&friends, "a"), at(1, 0), 0), None);
    assert_eq!(
        path_cost_feet(&friends, who(&friends, "a"), &[at(1, 0)], 0),
        Some(Err(PathFault::Occupied { at: at(1, 0) }))
    );
    let foes = drawn(&["aB."]);
    assert_eq!(way_to(&foes, who(&foes, "a"), at(2, 0), 0), None);
    let mut fallen = drawn(&["aB."]);
    fallen.creature_mut(fallen.creatures.get(1).unwrap().id).unwrap().life = Life::Dead;
    assert_eq!(way_to(&fallen, who(&fallen, "a"), at(1, 0), 0).unwrap().cost_feet, 5);
    let mut giant = drawn(&["a....", "....."]);
    giant.creatures.push(creature("G", SideId::foes(), Size::Huge, at(1, 0)));
    giant.map = Some(Arc::new(Map::open(5, 3)));
    assert_eq!(way_to(&giant, who(&giant, "a"), at(4, 0), 0).unwrap().cost_feet, 35);
}

#[test]
fn large_creatures_need_wide_ways() {
    let mut fight = drawn(&["...#..", "......", "...#.."]);
    fight.creatures.push(creature("o", SideId::party(), Size::Large, at(0, 0)));
    assert_eq!(way_to(&fight, who(&fight, "o"), at(4, 0), 0), None);
    let mut wide = drawn(&["......", "......", "...#.."]);
    wide.creatures.push(creature("o", SideId::party(), Size::Large, at(0, 0)));
    assert_eq!(way_to(&wide, who(&wide, "o"), at(4, 0), 0).unwrap().cost_feet, 20);
    assert_eq!(
        path_cost_feet(&wide, who(&wide, "o"), &[at(1, 1), at(2, 2)], 0),
        Some(Err(PathFault::OffTheMap { at: at(2, 2) }))
    );
}

#[test]
fn a_way_beside_ends_within_reach() {
    let fight = drawn(&["a......B"]);
    let target = space_of(who(&fight, "B")).unwrap();
    let way = way_beside(&fight, who(&fight, "a"), target, 5, 0).unwrap();
    assert_eq!((way.end(), way.cost_feet), (Some(at(6, 0)), 30));
    let way = way_beside(&fight, who(&fight, "a"), target, 10, 0).unwrap();
    assert_eq!(way.end(), Some(at(5, 0)));
}

#[test]
fn leaving_reach_provokes_and_staying_in_it_does_not() {
    let fight = drawn(&["....", ".aB.", "...."]);
    let a = who(&fight, "a");
    assert_eq!(provoked_by(&fight, a, at(1, 1), at(0, 1)), ["B".parse().unwrap()]);
    assert!(provoked_by(&fight, a, at(1, 1), at(1, 0)).is_empty());
    assert!(provoked_by(&fight, a, at(0, 1), at(1, 1)).is_empty());
}

#[test]
fn pushes_stop_at_whatever_is_in_the_way() {
    let fight = drawn(&["aB...", "....."]);
    let from = space_of(who(&fight, "a")).unwrap();
    assert_eq!(push_path(&fight, who(&fight, "B"), from, 10), [at(2, 0), at(3, 0)]);
    let wall = drawn(&["aB.#."]);
    assert_eq!(push_path(&wall, who(&wall, "B"), from, 10), [at(2, 0)]);
    let edge = drawn(&["..aB"]);
    let from = space_of(who(&edge, "a")).unwrap();
    assert!(push_path(&edge, who(&edge, "B"), from, 10).is_empty());
}

#[test]
fn a_charge_counts_only_squares_that_came_nearer() {
    let target = Space::square(at(9, 0));
    let run: Vec<Position> = (4..=8).map(|x| at(x, 0)).collect();
    assert_eq!(straight_run_feet(Space::square(at(3, 0)), &run, target), 25);
    let detour = [at(2, 1), at(1, 1), at(7, 1), at(8, 0)];
    assert_eq!(straight_run_feet(Space::square(at(3, 0)), &detour, target), 10);
    let back = [at(7, 0), at(6, 0), at(7, 1), at(8, 1)];
    assert_eq!(straight_run_feet(Space::square(at(3, 0)), &back, target), 10);
    assert_eq!(straight_run_feet(Space::square(at(3, 0)), &[], target), 0);
}

#[test]
fn two_hundred_find_their_places() {
    let mut fight = drawn(&["."]);
    fight.map = Some(Arc::new(Map::open(20, 20)));
    for n in 0..200 {
        let side = if n % 2 == 0 { SideId::party() } else { SideId::foes() };
        let square = place(&fight, side, Size::Medium, &[]).unwrap();
        assert!(fight.creatures.iter().all(|c| c.position != Some(square)));
        fight.creatures.push(creature(&format!("c{n}"), side, Size::Medium, square));
    }
    assert_eq!(fight.creatures.get(0).unwrap().position, Some(at(3, 9)));
    assert_eq!(fight.creatures.get(1).unwrap().position, Some(at(16, 9)));
    let all = place(&fight, SideId::party(), Size::Gargantuan, &[Space::square(at(8, 8))]);
    assert!(all.is_some());
}

#[test]
fn a_big_map_full_of_creatures_is_searched_once_each() {
    let mut fight = drawn(&["."]);
    fight.map = Some(Arc::new(Map::open(100, 100)));
    for n in 0..200_u8 {
        let side = if n % 2 == 0 { SideId::party() } else { SideId::foes() };
        let square = at((n % 20) * 5, (n / 20) * 10);
        fight.creatures.push(creature(&format!("c{n}"), side, Size::Large, square));
    }
    for mover in fight.creatures.iter().step_by(10) {
        let stops = reachable(&fight, mover, 500, 0).unwrap().stops().count();
        assert!(stops > 4_000, "{stops}");
    }
}
