//! What a creature is offered, and why something is not (`Combat::legal_actions`).

use super::*;
use crate::rules::event::{ReadiedResponse, Trigger};
use crate::rules::grid::Terrain;
use crate::rules::legal::Listed;

fn offer(fight: &Try, who: &str, entry: &str) -> Listed {
    let list = fight.combat.legal_actions(id(who));
    let known: Vec<String> = list.iter().map(|listed| listed.id.clone()).collect();
    let found = list.into_iter().find(|listed| listed.id == entry);
    found.unwrap_or_else(|| panic!("{entry} is not among {known:?}"))
}

#[test]
fn every_response_can_be_kept_ready_and_taken_out_of_turn() {
    let mut fight = field((6, 5));
    for entry in ["ready-attack:blade", "ready-attack:bow", "ready-retreat", "ready-dodge"] {
        assert_eq!(offer(&fight, "a", entry).status, Ok(()), "{entry}");
        assert_eq!(offer(&fight, "b", entry).status.unwrap_err().code(), "not_your_turn");
    }
    let release = "release-readied";
    assert_eq!(offer(&fight, "a", release).status, Err(Illegal::NothingReadied));
    let ready = offer(&fight, "a", "ready-attack:blade");
    fight.act("a", ready.action, []);
    let spent = Illegal::CostSpent { cost: Cost::Action };
    assert_eq!(offer(&fight, "a", "ready-dodge").status, Err(spent));
    fight.end_turn("a", []);
    let entry = offer(&fight, "a", release);
    assert_eq!((entry.status, entry.cost), (Ok(()), Cost::Reaction));
    assert_eq!((entry.targets_min, entry.targets_max), (1, 1));
    assert_eq!(entry.targets.iter().map(|it| it.creature).collect::<Vec<_>>(), [id("b")]);
    fight.act("a", Action::ReleaseReadied { target: Some(id("b")) }, [2]);
    assert_eq!(offer(&fight, "a", release).status, Err(Illegal::NothingReadied));
}

#[test]
fn a_readied_dodge_is_taken_at_nobody_and_a_trigger_is_not_a_call() {
    let mut fight = field((19, 19));
    let ready = |trigger| Action::Ready { trigger, response: ReadiedResponse::Dodge };
    fight.act("a", ready(Trigger::OnCall), []);
    let entry = offer(&fight, "a", "release-readied");
    assert_eq!((entry.status, entry.targets_max), (Ok(()), 0));
    fight.end_turn("a", []);
    fight.act("b", ready(Trigger::EnemyAttacks), []);
    fight.end_turn("b", []);
    assert_eq!(offer(&fight, "b", "release-readied").status, Err(Illegal::NothingReadied));
}

/// Moving was offered to the fallen who had 5 feet left, though crawling costs 10.
#[test]
fn moving_is_not_offered_to_one_who_cannot_crawl_a_square() {
    let mut map = Map::open(20, 1);
    map.terrain[5] = Terrain::Difficult;
    let crew = vec![
        entrant("a", "party", hero("Ann"), Some((0, 0))),
        entrant("b", "foes", draft("Orc"), Some((19, 0))),
    ];
    let mut fight = Try::of(Some(map), crew);
    fight.walk("a", (4, 0));
    fight.act("a", Action::DropProne, []);
    let entry = offer(&fight, "a", "move");
    assert_eq!(entry.description, "10 feet left, crawling at double cost");
    assert_eq!(entry.status, Ok(()), "back");
    fight.walk("a", (3, 0));
    let crawl = Illegal::NotEnoughMovement { needed_feet: 10, left_feet: 0 };
    assert_eq!(offer(&fight, "a", "move").status, Err(crawl));
}

#[test]
fn moving_is_refused_in_the_list_as_it_is_refused_in_deed() {
    let mut fight = field((6, 5));
    fight.condition("a", Condition::Grappled);
    let held = Illegal::SpeedZero { by: Some(Condition::Grappled) };
    assert_eq!(offer(&fight, "a", "move").status, Err(held.clone()));
    assert_eq!(fight.refuses("a", walk((5, 6))), held);
    assert_eq!(offer(&fight, "b", "move").status.unwrap_err().code(), "not_your_turn");
}
