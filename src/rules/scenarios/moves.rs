//! Moving on a map (SRD 5.2.1, Playing the Game > Movement and Position, Playing on a Grid).

use super::*;
use crate::rules::grid::Terrain;

#[test]
fn a_walk_costs_five_feet_a_square_and_ends_with_the_speed() {
    let mut fight = field((19, 19));
    let facts = fight.walk("a", (8, 8));
    assert_eq!(facts.len(), 1, "one uninterrupted walk is one fact");
    assert_eq!(fight.the("a").economy().moved_feet, 15);
    let far = Illegal::NotEnoughMovement { needed_feet: 20, left_feet: 15 };
    assert_eq!(fight.refuses("a", walk((12, 8))), far);
    fight.act("a", Action::Dash { cost: Cost::Action }, []);
    fight.walk("a", (12, 8));
    assert_eq!(fight.combat.movement_left(id("a")), 25);
}

#[test]
fn difficult_terrain_costs_double_and_walls_stop() {
    let mut map = Map::open(8, 1);
    map.terrain[2] = Terrain::Difficult;
    map.terrain[5] = Terrain::Wall;
    let crew = vec![
        entrant("a", "party", hero("Ann"), Some((0, 0))),
        entrant("b", "foes", draft("Orc"), Some((7, 0))),
    ];
    let mut fight = Try::of(Some(map), crew);
    assert_eq!(fight.refuses("a", walk((6, 0))), Illegal::NoWay);
    fight.walk("a", (3, 0));
    assert_eq!(fight.the("a").economy().moved_feet, 20);
}

#[test]
fn a_path_that_somebody_drew_is_taken_as_drawn_or_refused() {
    let mut fight = field((19, 19));
    let path = |squares: &[(u8, u8)]| -> Vec<Position> {
        squares.iter().map(|(x, y)| Position { x: *x, y: *y }).collect()
    };
    let to = Position { x: 7, y: 5 };
    let broken = Action::Move { to, path: path(&[(7, 5)]) };
    assert_eq!(fight.refuses("a", broken), Illegal::PathBroken);
    let detour = Action::Move { to, path: path(&[(6, 4), (7, 5)]) };
    fight.act("a", detour, []);
    assert_eq!(at(&fight, "a"), (7, 5));
    let nowhere = Action::Move { to: Position { x: 20, y: 0 }, path: Vec::new() };
    assert_eq!(fight.refuses("a", nowhere), Illegal::OffTheMap);
    let theatre = Try::duel(hero("Ann"), draft("Orc"));
    assert_eq!(theatre.refuses("a", walk((1, 1))), Illegal::NoMap);
}

/// The space of somebody down is difficult ground even where nobody may stop: it once cost a flat
/// 5 feet to step into it on the way through.
#[test]
fn a_step_through_the_space_of_another_costs_what_the_plan_said() {
    let mut map = Map::open(8, 1);
    map.terrain[4] = Terrain::Difficult;
    let crew = vec![
        entrant("a", "party", hero("Ann"), Some((0, 0))),
        entrant("c", "party", hero("Cid"), Some((1, 0))),
        entrant("d", "foes", hero("Dag"), Some((2, 0))),
        entrant("b", "foes", draft("Orc"), Some((7, 0))),
    ];
    let mut fight = Try::of(Some(map), crew);
    assert_eq!(fight.refuses("a", walk((3, 0))), Illegal::NoWay, "an enemy bars the way");
    fight.hit_points("d", 0);
    fight.walk("a", (3, 0));
    assert_eq!(fight.the("a").economy().moved_feet, 20, "5 for Cid, 10 for Dag, 5 beyond");
    assert_eq!(fight.combat.movement_left(id("a")), 10);
    fight.walk("a", (4, 0));
    assert_eq!(fight.combat.movement_left(id("a")), 0);
}

/// SRD 5.2.1 does not hold the stunned in place as it does the paralyzed; SRD 5.1 does.
#[test]
fn the_stunned_may_move_by_the_newer_book_and_not_by_the_older() {
    let mut fight = field((19, 19));
    fight.condition("a", Condition::Stunned);
    assert_eq!(fight.refuses("a", Action::Dodge).code(), "incapacitated");
    fight.walk("a", (5, 6));
    fight.act("a", Action::DropProne, []);

    let mut fight = Try { combat: Combat::default() };
    let (name, map) = ("The Old Mill".to_owned(), Some(Map::open(20, 20)));
    let (game_master, edition) = (UserId(1), Edition::Srd51);
    fight.does(Intent::Initiate { name, game_master, edition, map }, []);
    let crew = vec![
        entrant("a", "party", hero("Ann"), Some((5, 5))),
        entrant("b", "foes", draft("Orc"), Some((9, 9))),
    ];
    fight.does(Intent::Enter { entrants: crew }, []);
    let begin = Intent::Begin { public_commitment: [1; 32], hidden_commitment: [2; 32] };
    fight.does(begin, [20, 1]);
    fight.condition("a", Condition::Stunned);
    let held = Illegal::SpeedZero { by: Some(Condition::Stunned) };
    assert_eq!(fight.refuses("a", walk((5, 6))), held);
}

/// Ann, of that size, is on her way through the space of Cid, a friend, when the orc, whose reach
/// she leaves, is asked; the game master lets her be held there, and she ends her turn.
fn held_in_the_space_of_a_friend(size: Size, edition: Edition) -> (Try, Vec<Fact>) {
    let mut fight = Try { combat: Combat::default() };
    let (name, map) = ("The Old Mill".to_owned(), Some(Map::open(20, 20)));
    fight.does(Intent::Initiate { name, game_master: UserId(1), edition, map }, []);
    let crew = vec![
        entrant("a", "party", Draft { size, ..hero("Ann") }, Some((5, 5))),
        entrant("c", "party", hero("Cid"), Some((7, 5))),
        entrant("b", "foes", draft("Orc"), Some((6, 4))),
    ];
    fight.does(Intent::Enter { entrants: crew }, []);
    let begin = Intent::Begin { public_commitment: [1; 32], hidden_commitment: [2; 32] };
    fight.does(begin, [20, 10, 1]);
    let path = [(6, 5), (7, 5), (8, 5)].map(|(x, y)| Position { x, y }).to_vec();
    fight.act("a", Action::Move { to: Position { x: 8, y: 5 }, path }, []);
    assert_eq!(at(&fight, "a"), (7, 5), "the orc is asked while she passes Cid");
    fight.condition("a", Condition::Restrained);
    fight.answers(Answer::Decline, []);
    assert_eq!(at(&fight, "a"), (7, 5), "she is held in the space of Cid");
    let facts = fight.end_turn("a", []);
    (fight, facts)
}

/// Whoever was held on the way through somebody's space once stood there for as long as it liked.
#[test]
fn who_ends_a_turn_in_the_space_of_another_falls() {
    let (fight, facts) = held_in_the_space_of_a_friend(Size::Medium, Edition::Srd521);
    assert!(fight.the("a").has(Condition::Prone));
    let fell = |fact: &Fact| matches!(fact, Fact::ConditionAdded { .. });
    let ended = |fact: &Fact| matches!(fact, Fact::TurnEnded { .. });
    assert!(facts.iter().position(fell) < facts.iter().position(ended), "{facts:#?}");
    assert!(!fight.the("c").has(Condition::Prone), "it was not his turn");
    let (small, _) = held_in_the_space_of_a_friend(Size::Small, Edition::Srd521);
    assert!(small.the("a").has(Condition::Prone));
}

#[test]
fn the_tiny_the_larger_and_those_of_the_older_book_keep_their_feet() {
    for size in [Size::Tiny, Size::Large] {
        let (fight, _) = held_in_the_space_of_a_friend(size, Edition::Srd521);
        assert!(!fight.the("a").has(Condition::Prone), "{size:?}");
    }
    let (older, _) = held_in_the_space_of_a_friend(Size::Medium, Edition::Srd51);
    assert!(!older.the("a").has(Condition::Prone));
}
