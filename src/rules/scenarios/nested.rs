//! Reactions that set off reactions, and questions that come up while others are open (SRD 5.2.1,
//! Rules Glossary > Ready: right after the trigger finishes).

use super::*;
use crate::rules::event::{ReadiedResponse, Trigger};
use crate::rules::id::PromptId;
use crate::rules::pending::{SUSPENDED_MAX, Suspended};

fn yes() -> Answer {
    Answer::Accept { attack: None }
}

fn ready_blow(trigger: Trigger, with: &str) -> Action {
    Action::Ready { trigger, response: ReadiedResponse::Attack { attack: slug(with) } }
}

/// Ann beside an orc; Cid, her friend, with a bow from afar, and the orc's friend Dur likewise.
/// Cid and Dur have had their turns, readied as said; it is Ann's.
fn crowd(cid: Trigger, dur: Trigger) -> Try {
    let mut fight = Try::of(
        Some(Map::open(20, 20)),
        vec![
            entrant("c", "party", hero("Cid"), Some((5, 15))),
            entrant("d", "foes", draft("Dur"), Some((15, 5))),
            entrant("a", "party", hero("Ann"), Some((5, 5))),
            entrant("b", "foes", draft("Orc"), Some((6, 5))),
        ],
    );
    fight.act("c", ready_blow(cid, "bow"), []);
    fight.end_turn("c", []);
    fight.act("d", ready_blow(dur, "bow"), []);
    fight.end_turn("d", []);
    fight
}

/// Who is asked, outermost first.
fn asked(fight: &Try) -> Vec<String> {
    fight.combat.pending().iter().map(|open| open.prompt.creature.to_string()).collect()
}

/// What waits for the question that is open, outermost first.
fn waiting(fight: &Try) -> Vec<String> {
    let open = fight.combat.pending().last().expect("a question is open");
    let name = |it: &Suspended| match it {
        Suspended::Move { creature, .. } => format!("{creature} moves"),
        Suspended::Watched { by, .. } => format!("{by} is watched"),
        Suspended::Strike { creature, .. } => format!("{creature} strikes"),
        Suspended::NextTurn { after, .. } => format!("the turn after {after}'s begins"),
    };
    open.suspended.iter().map(name).collect()
}

/// Ann walks off; the orc strikes at her in passing; Cid, who waits for that, shoots the orc; Dur,
/// who waits for that, shoots Cid; and then Ann goes on.
#[test]
fn a_blow_in_passing_sets_off_a_readied_shot_and_that_another() {
    let mut fight = crowd(Trigger::EnemyAttacks, Trigger::EnemyAttacks);
    fight.walk("a", (2, 5));
    assert_eq!((asked(&fight), waiting(&fight)), (vec!["b".into()], vec!["a moves".into()]));
    fight.answers(yes(), [15, 3]);
    assert_eq!(asked(&fight), ["c"]);
    assert_eq!(waiting(&fight), ["a moves", "b is watched"]);
    assert_eq!(at(&fight, "a"), (5, 5), "she has not left yet");
    fight.answers(yes(), [15, 3]);
    assert_eq!(asked(&fight), ["d"]);
    assert_eq!(waiting(&fight), ["a moves", "b is watched", "c is watched"]);
    fight.answers(yes(), [15, 3]);
    assert_eq!(asked(&fight), [""; 0]);
    assert_eq!(at(&fight, "a"), (2, 5));
    for who in ["a", "b", "c"] {
        assert_eq!(fight.the(who).hit_points(), 15, "{who}");
    }
    fight.act("a", Action::Dodge, []);
}

#[test]
fn who_falls_to_a_shot_in_the_middle_of_it_goes_no_farther() {
    let mut fight = crowd(Trigger::EnemyAttacks, Trigger::CreatureActs { creature: id("c") });
    fight.hit_points("c", 3);
    fight.walk("a", (2, 5));
    fight.answers(yes(), [2]); // the orc misses her
    fight.answers(yes(), [15, 3]);
    fight.answers(yes(), [15, 3]);
    assert!(matches!(fight.the("c").life(), Life::Dying { .. }));
    assert_eq!(at(&fight, "a"), (2, 5));
    assert_eq!(fight.combat.current(), Some(id("a")));
}

/// Cid keeps the moment to himself: he shoots while the orc is still being asked, Dur is asked
/// about that shot before the orc is, and each answer finds its own question.
#[test]
fn a_readied_shot_may_be_taken_while_somebody_else_is_asked() {
    let mut fight = crowd(Trigger::OnCall, Trigger::EnemyAttacks);
    fight.walk("a", (2, 5));
    let first = fight.combat.pending().last().unwrap().prompt.id;
    let shoot = Action::ReleaseReadied { target: Some(id("b")) };
    fight.act("c", shoot.clone(), [15, 3]);
    assert_eq!(asked(&fight), ["b", "d"], "two questions are open");
    assert_eq!(fight.the("b").hit_points(), 15);
    assert_eq!(fight.refuses("c", shoot), Illegal::NothingReadied);
    let early = Intent::Respond { prompt: first, answer: yes(), timed_out: false };
    let inner = fight.combat.pending().last().unwrap().prompt.id;
    let first_things_first = Illegal::PromptOpen { prompt: inner };
    assert_eq!(fight.combat.check(early).unwrap_err(), first_things_first);
    fight.answers(yes(), [15, 3]);
    assert_eq!((asked(&fight), fight.the("c").hit_points()), (vec!["b".into()], 15));
    fight.answers(yes(), [15, 3]);
    assert_eq!((asked(&fight).len(), at(&fight, "a")), (0, (2, 5)));
}

#[test]
fn a_question_about_somebody_who_is_gone_can_only_be_declined() {
    let mut fight = crowd(Trigger::OnCall, Trigger::OnCall);
    fight.hit_points("a", 1);
    fight.walk("a", (2, 5));
    fight.act("d", Action::ReleaseReadied { target: Some(id("a")) }, [15, 3]);
    let prompt = fight.combat.pending().last().unwrap().prompt.id;
    fight.does(Intent::Leave { creature: id("a") }, []);
    assert!(fight.combat.pending().is_empty(), "her walk is over, and what hung on it");
    let late = Intent::Respond { prompt, answer: yes(), timed_out: false };
    assert_eq!(fight.combat.check(late).unwrap_err(), Illegal::NoSuchPrompt { prompt });
}

/// Who is asked may go away while somebody else is asked too: the question stays, and can be
/// declined, or the fight would wait for ever.
#[test]
fn the_question_to_somebody_who_left_can_still_be_declined() {
    let mut fight = crowd(Trigger::OnCall, Trigger::EnemyAttacks);
    fight.walk("a", (2, 5));
    fight.act("c", Action::ReleaseReadied { target: Some(id("b")) }, [2]);
    assert_eq!(asked(&fight), ["b", "d"]);
    fight.does(Intent::Leave { creature: id("b") }, []);
    assert_eq!(asked(&fight), ["b", "d"]);
    fight.answers(Answer::Decline, []);
    let prompt = fight.combat.pending().last().unwrap().prompt.id;
    let yes = Intent::Respond { prompt, answer: yes(), timed_out: false };
    assert_eq!(fight.combat.check(yes).unwrap_err(), Illegal::HasLeft { creature: id("b") });
    fight.answers(Answer::Decline, []);
    assert_eq!((asked(&fight).len(), at(&fight, "a")), (0, (2, 5)));
}

/// A walk away by reaction leaves somebody's reach and sets off who waits for whoever comes near.
#[test]
fn a_readied_retreat_may_run_into_what_another_waits_for() {
    let mut fight = Try::of(
        Some(Map::open(12, 1)),
        vec![
            entrant("c", "foes", draft("Cur"), Some((0, 0))),
            entrant("a", "party", hero("Ann"), Some((6, 0))),
            entrant("b", "foes", draft("Orc"), Some((9, 0))),
        ],
    );
    fight.act("c", ready_blow(Trigger::EnemyWithin { feet: 5 }, "blade"), []);
    fight.end_turn("c", []);
    let (trigger, response) = (Trigger::EnemyWithin { feet: 10 }, ReadiedResponse::Retreat);
    fight.act("a", Action::Ready { trigger, response }, []);
    fight.end_turn("a", []);
    fight.walk("b", (7, 0));
    assert_eq!(asked(&fight), ["a"]);
    assert_eq!(at(&fight, "b"), (8, 0));
    fight.answers(yes(), []);
    assert_eq!((asked(&fight), at(&fight, "a")), (vec!["c".into()], (1, 0)));
    assert_eq!(waiting(&fight), ["b moves", "b is watched", "a is watched", "a is watched"]);
    fight.answers(yes(), [15, 3]);
    assert_eq!((asked(&fight).len(), at(&fight, "b")), (0, (7, 0)), "and then the orc goes on");
    assert_eq!(fight.the("a").hit_points(), 15);
}

#[test]
fn no_question_opens_beyond_what_may_wait() {
    let nob = |n: u8| {
        let side = if n.is_multiple_of(2) { "party" } else { "foes" };
        entrant(&format!("n{n}"), side, hero("Nob"), Some((n % 8 * 2, 12 + n / 8 * 4)))
    };
    let mut crew: Vec<Entrant> = (0..16).map(nob).collect();
    crew.push(entrant("a", "party", hero("Ann"), Some((5, 5))));
    crew.push(entrant("b", "foes", draft("Orc"), Some((6, 5))));
    let mut fight = Try::of(Some(Map::open(20, 20)), crew);
    for n in 0..16 {
        let name = format!("n{n}");
        fight.act(&name, ready_blow(Trigger::EnemyAttacks, "bow"), []);
        fight.end_turn(&name, []);
    }
    fight.walk("a", (2, 5));
    let mut deepest = 0;
    while let Some(open) = fight.combat.pending().last() {
        deepest = deepest.max(open.suspended.len());
        assert!(open.prompt.id < PromptId(100), "no end of questions");
        fight.answers(yes(), [2]);
    }
    assert_eq!(deepest, SUSPENDED_MAX - 1);
    assert_eq!(at(&fight, "a"), (2, 5));
}
