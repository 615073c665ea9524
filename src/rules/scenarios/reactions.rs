//! Opportunity attacks and readied actions (SRD 5.2.1, Playing the Game > Opportunity Attacks;
//! Rules Glossary > Ready, Reaction).

use super::*;
use crate::rules::creature::{EffectKind, Lasts, Rider, Trait};
use crate::rules::event::{ReadiedResponse, Trigger};
use crate::rules::pending::Question;

fn yes() -> Answer {
    Answer::Accept { attack: None }
}

fn ready(trigger: Trigger, response: ReadiedResponse) -> Action {
    Action::Ready { trigger, response }
}

/// Ann beside an orc, and somebody far off on one of the sides.
fn three(side_of_c: &str) -> Try {
    Try::of(
        Some(Map::open(20, 20)),
        vec![
            entrant("a", "party", hero("Ann"), Some((5, 5))),
            entrant("b", "foes", draft("Orc"), Some((6, 5))),
            entrant("c", side_of_c, hero("Cid"), Some((19, 19))),
        ],
    )
}

#[test]
fn leaving_reach_asks_for_an_opportunity_attack_before_the_step() {
    let mut fight = field((6, 5));
    fight.walk("a", (2, 5));
    let open = fight.combat.pending().last().unwrap().prompt;
    assert_eq!(open.creature, id("b"));
    assert_eq!(open.question, Question::OpportunityAttack { target: id("a") });
    assert_eq!(at(&fight, "a"), (5, 5), "she has not left yet");
    assert_eq!(fight.refuses("a", Action::Dodge).code(), "prompt_open");
    let facts = fight.answers(yes(), [15, 3]);
    assert!(matches!(blow(&facts), Deed::Attack { opportunity: true, .. }));
    assert_eq!(at(&fight, "a"), (2, 5), "and then she goes on");
    assert_eq!(fight.the("a").hit_points(), 15);
    assert!(fight.the("b").economy().reaction_spent);
    assert_eq!(fight.the("a").economy().moved_feet, 15);
}

#[test]
fn declining_keeps_the_reaction() {
    let mut fight = field((6, 5));
    fight.walk("a", (2, 5));
    fight.answers(Answer::Decline, []);
    assert_eq!(at(&fight, "a"), (2, 5));
    assert!(!fight.the("b").economy().reaction_spent);
    assert!(fight.combat.pending().is_empty());
}

#[test]
fn a_move_stops_when_the_mover_falls() {
    let mut fight = three("party");
    fight.hit_points("a", 2);
    fight.walk("a", (2, 5));
    fight.answers(yes(), [15, 3]);
    assert_eq!(at(&fight, "a"), (5, 5));
    assert_eq!(fight.combat.current(), Some(id("b")), "her turn is over with her on the ground");
}

#[test]
fn several_are_asked_in_the_order_of_turns_about_the_same_step() {
    let mut fight = Try::of(
        Some(Map::open(20, 20)),
        vec![
            entrant("a", "party", hero("Ann"), Some((5, 5))),
            entrant("c", "foes", draft("Orc"), Some((6, 6))),
            entrant("b", "foes", draft("Orc"), Some((6, 5))),
        ],
    );
    fight.walk("a", (2, 5));
    assert_eq!(fight.combat.pending().last().unwrap().prompt.creature, id("c"));
    fight.answers(Answer::Decline, []);
    assert_eq!(fight.combat.pending().last().unwrap().prompt.creature, id("b"));
    fight.answers(Answer::Decline, []);
    assert_eq!(at(&fight, "a"), (2, 5));
}

#[test]
fn who_disengages_flies_by_or_is_unseen_is_not_asked_about() {
    let mut fight = field((6, 5));
    fight.act("a", Action::Disengage { cost: Cost::Action }, []);
    fight.walk("a", (2, 5));
    assert!(fight.combat.pending().is_empty());
    fight.end_turn("a", []);
    assert!(!fight.the("a").affected(EffectKind::Disengaged), "only for that turn");

    let mut owl = hero("Owl");
    owl.speeds.fly = 60;
    owl.traits.push(Trait::Flyby);
    let mut fight = field_of(owl, draft("Orc"), (6, 5));
    fight.walk("a", (2, 5));
    assert!(fight.combat.pending().is_empty());

    let mut fight = field((6, 5));
    fight.condition("a", Condition::Invisible);
    fight.walk("a", (2, 5));
    assert!(fight.combat.pending().is_empty(), "what is not seen is not struck at");

    let mut fight = field((6, 5));
    fight.condition("b", Condition::Incapacitated);
    fight.walk("a", (2, 5));
    assert!(fight.combat.pending().is_empty());
}

#[test]
fn an_answer_must_fit_the_question() {
    let mut fight = field((6, 5));
    fight.walk("a", (2, 5));
    let prompt = fight.combat.pending().last().unwrap().prompt.id;
    let with = |attack: &str| Intent::Respond {
        prompt,
        answer: Answer::Accept { attack: Some(slug(attack)) },
        timed_out: false,
    };
    assert_eq!(fight.combat.check(with("tail")).unwrap_err(), Illegal::NoSuchAttack);
    assert!(fight.combat.check(with("bow")).is_err(), "a bow does not strike in passing");
    fight.answers(Answer::Decline, []);
    assert_eq!(fight.combat.check(with("blade")).unwrap_err().code(), "no_such_prompt");
}

#[test]
fn whoever_is_asked_may_leave_and_the_move_goes_on() {
    let mut fight = three("foes");
    fight.walk("a", (2, 5));
    fight.does(Intent::Leave { creature: id("b") }, []);
    assert!(fight.combat.pending().is_empty());
    assert_eq!(at(&fight, "a"), (2, 5));
    assert_eq!(fight.combat.current(), Some(id("a")));
}

#[test]
fn a_mover_who_leaves_in_mid_step_hands_its_turn_on() {
    let mut fight = three("party");
    fight.walk("a", (2, 5));
    fight.does(Intent::Leave { creature: id("a") }, []);
    assert!(fight.combat.pending().is_empty());
    assert_eq!(fight.combat.current(), Some(id("b")));
}

#[test]
fn a_readied_blow_falls_when_an_enemy_comes_near_and_the_move_goes_on() {
    let mut fight = field((9, 5));
    let trigger = Trigger::EnemyWithin { feet: 5 };
    fight.act("a", ready(trigger, ReadiedResponse::Attack { attack: slug("blade") }), []);
    fight.end_turn("a", []);
    fight.walk("b", (5, 6));
    let open = fight.combat.pending().last().unwrap().prompt;
    assert_eq!(open.creature, id("a"));
    let facts = fight.answers(yes(), [15, 3]);
    assert!(matches!(blow(&facts), Deed::Attack { opportunity: false, .. }));
    assert_eq!(fight.the("b").hit_points(), 15);
    assert_eq!(at(&fight, "b"), (5, 6));
    assert!(fight.the("a").readied().is_none() && fight.the("a").economy().reaction_spent);
}

#[test]
fn a_readied_dodge_comes_after_the_attack_that_set_it_off() {
    let mut fight = Try::duel(hero("Ann"), draft("Orc"));
    fight.act("a", ready(Trigger::EnemyAttacks, ReadiedResponse::Dodge), []);
    fight.end_turn("a", []);
    fight.attack("b", "blade", "a", [2]); // rolled without the dodge
    fight.answers(yes(), []);
    assert!(fight.the("a").affected(EffectKind::Dodging));
}

#[test]
fn a_readied_retreat_leads_away() {
    let mut fight = field((9, 5));
    fight.act("a", ready(Trigger::EnemyWithin { feet: 10 }, ReadiedResponse::Retreat), []);
    fight.end_turn("a", []);
    fight.walk("b", (7, 5));
    let before = at(&fight, "a");
    fight.answers(yes(), []);
    assert!(at(&fight, "a").0 < before.0);
    assert!(fight.the("a").economy().reaction_spent);
}

#[test]
fn what_was_readied_on_call_is_released_in_anybodys_turn_and_lapses_with_ones_own() {
    let mut fight = Try::duel(hero("Ann"), draft("Orc"));
    let blow = ReadiedResponse::Attack { attack: slug("blade") };
    fight.act("a", ready(Trigger::OnCall, blow), []);
    fight.end_turn("a", []);
    let release = Action::ReleaseReadied { target: Some(id("b")) };
    fight.act("a", release.clone(), [15, 3]);
    assert_eq!(fight.the("b").hit_points(), 15);
    assert_eq!(fight.refuses("a", release.clone()), Illegal::NothingReadied);
    fight.end_turn("b", []);
    fight.act("a", ready(Trigger::OnCall, blow), []);
    fight.end_turn("a", []);
    fight.end_turn("b", []);
    assert_eq!(fight.refuses("a", release), Illegal::NothingReadied);
}

#[test]
fn a_readied_blow_can_answer_an_attack_on_a_friend() {
    let mut fight = Try::of(
        None,
        vec![
            entrant("a", "party", hero("Ann"), None),
            entrant("b", "foes", draft("Orc"), None),
            entrant("c", "party", hero("Cid"), None),
        ],
    );
    let blow = ReadiedResponse::Attack { attack: slug("bow") };
    fight.act("a", ready(Trigger::EnemyAttacks, blow), []);
    fight.end_turn("a", []);
    fight.attack("b", "blade", "c", [15, 3]);
    assert_eq!(fight.the("c").hit_points(), 15, "the trigger finishes first");
    fight.answers(yes(), [15, 3]);
    assert_eq!(fight.the("b").hit_points(), 15);
    fight.end_turn("b", []);
}

#[test]
fn a_fight_can_be_put_away_with_a_question_open_and_taken_up_again() {
    let mut fight = field((6, 5));
    fight.walk("a", (2, 5));
    fight.does(Intent::Pause, []);
    let prompt = fight.combat.pending().last().unwrap().prompt.id;
    let answer = Intent::Respond { prompt, answer: yes(), timed_out: false };
    assert_eq!(fight.combat.check(answer).unwrap_err().code(), "wrong_phase");
    fight.does(Intent::Resume, []);
    fight.answers(yes(), [2]);
    assert_eq!(at(&fight, "a"), (2, 5));
}

/// Ann in the grip of a longer reach, on her way out of it.
fn leaving(with: Rider) -> Try {
    let mut ogre = draft("Ogre");
    ogre.attacks = vec![Attack { riders: vec![with], ..blade("Club") }];
    let mut fight = field_of(hero("Ann"), ogre, (6, 5));
    fight.walk("a", (0, 5));
    fight
}

/// An opportunity attack that pushes once let the mover go on from where it had been: a jump.
#[test]
fn who_is_pushed_off_its_way_stops_there() {
    let mut fight = leaving(Rider::Push { feet: 10, max_size: None });
    fight.answers(yes(), [15, 3]);
    assert_eq!(at(&fight, "a"), (3, 5), "pushed two squares, and no farther");
    assert_eq!(fight.the("a").economy().moved_feet, 0);
    fight.walk("a", (0, 5));
}

/// What slowed a mover on its way was once forgotten until its next move.
#[test]
fn who_is_slowed_on_its_way_goes_only_as_far_as_it_still_can() {
    let mut fight = leaving(Rider::Slow { feet: 20 });
    fight.answers(yes(), [15, 3]);
    assert_eq!((at(&fight, "a"), fight.combat.movement_left(id("a"))), ((3, 5), 0));
}

#[test]
fn who_is_tripped_on_its_way_crawls_on() {
    let prone = Rider::Condition {
        condition: Condition::Prone,
        save: None,
        lasts: Lasts::Removed,
        max_size: None,
        when: When::Always,
    };
    let mut fight = leaving(prone);
    fight.answers(yes(), [15, 3]);
    assert_eq!((at(&fight, "a"), fight.combat.movement_left(id("a"))), ((2, 5), 0));
}

#[test]
fn whom_the_gm_moves_while_somebody_is_asked_stays_there() {
    let mut fight = field((6, 5));
    fight.walk("a", (0, 5));
    let to = Position { x: 15, y: 15 };
    fight.adjust("a", Adjustments { position: Some(to), ..Adjustments::default() });
    fight.answers(Answer::Decline, []);
    assert_eq!(at(&fight, "a"), (15, 15));
}

/// Leaving somebody's reach by a reaction provokes like any other movement of one's own.
#[test]
fn a_readied_retreat_provokes_and_spends_no_movement() {
    let mut fight = three("foes");
    fight.adjust(
        "c",
        Adjustments { position: Some(Position { x: 4, y: 4 }), ..Adjustments::default() },
    );
    fight.act(
        "a",
        ready(Trigger::CreatureActs { creature: id("b") }, ReadiedResponse::Retreat),
        [],
    );
    fight.end_turn("a", []);
    fight.act("b", Action::Dodge, []);
    fight.answers(yes(), []);
    let asked = |fight: &Try| fight.combat.pending().last().map(|open| open.prompt.creature);
    assert_eq!(asked(&fight), Some(id("b")), "she leaves the orc's reach");
    fight.answers(Answer::Decline, []);
    assert_eq!(asked(&fight), Some(id("c")), "and then the other one's");
    fight.answers(yes(), [15, 3]);
    assert!(fight.combat.pending().is_empty());
    assert_eq!(fight.the("a").hit_points(), 15);
    assert_eq!(at(&fight, "a"), (0, 1), "as far from the orc as may be");
    assert_eq!(fight.the("a").economy().moved_feet, 0);
}

#[test]
fn a_retreat_needs_somebody_to_retreat_from() {
    let mut fight = field((6, 5));
    fight.act("a", ready(Trigger::OnCall, ReadiedResponse::Retreat), []);
    let nobody = Action::ReleaseReadied { target: None };
    assert_eq!(fight.refuses("a", nobody).code(), "wrong_target_count");
    let herself = Action::ReleaseReadied { target: Some(id("a")) };
    assert_eq!(fight.refuses("a", herself), Illegal::TargetSelf);
    fight.act("a", Action::ReleaseReadied { target: Some(id("b")) }, []);
    fight.answers(Answer::Decline, []);
    assert_eq!(fight.combat.movement_left(id("a")), 30, "on her own turn too");
}

#[test]
fn an_answer_without_a_question_says_so() {
    let fight = field((6, 5));
    let prompt = crate::rules::id::PromptId(7);
    for answer in [Answer::Decline, yes()] {
        let intent = Intent::Respond { prompt, answer, timed_out: false };
        assert_eq!(fight.combat.check(intent).unwrap_err(), Illegal::NoSuchPrompt { prompt });
    }
}

#[test]
fn a_friend_who_comes_near_is_no_enemy() {
    let mut fight = three("party");
    fight.adjust(
        "b",
        Adjustments { position: Some(Position { x: 19, y: 0 }), ..Adjustments::default() },
    );
    fight.adjust(
        "c",
        Adjustments { position: Some(Position { x: 9, y: 5 }), ..Adjustments::default() },
    );
    fight.act("a", ready(Trigger::EnemyWithin { feet: 10 }, ReadiedResponse::Dodge), []);
    fight.end_turn("a", []);
    fight.end_turn("b", []);
    fight.walk("c", (6, 5));
    assert!(fight.combat.pending().is_empty());
}

/// Somebody stepped onto the square where the walk was to end while it was interrupted.
#[test]
fn a_walk_stops_before_a_square_that_was_taken_meanwhile() {
    let mut fight = three("party");
    fight.walk("a", (2, 5));
    fight.adjust(
        "c",
        Adjustments { position: Some(Position { x: 2, y: 5 }), ..Adjustments::default() },
    );
    fight.answers(Answer::Decline, []);
    assert_eq!(at(&fight, "a"), (3, 5));
}

/// Whoever is asked and then put out of action can only say no, and whoever cannot act is not
/// asked about what it waited for.
#[test]
fn the_helpless_do_not_react() {
    let mut fight = field((6, 5));
    fight.walk("a", (2, 5));
    fight.condition("b", Condition::Incapacitated);
    let prompt = fight.combat.pending().last().unwrap().prompt.id;
    let strike = Intent::Respond { prompt, answer: yes(), timed_out: false };
    assert_eq!(fight.combat.check(strike).map(|_| ()).unwrap_err().code(), "incapacitated");
    fight.answers(Answer::Decline, []);

    let mut fight = Try::duel(hero("Ann"), draft("Orc"));
    fight.act("a", ready(Trigger::EnemyAttacks, ReadiedResponse::Dodge), []);
    fight.end_turn("a", []);
    let mut asked = Try { combat: fight.combat.clone() };
    asked.attack("b", "blade", "a", [2]);
    asked.condition("a", Condition::Stunned);
    let prompt = asked.combat.pending().last().unwrap().prompt.id;
    let dodge = Intent::Respond { prompt, answer: yes(), timed_out: false };
    assert_eq!(asked.combat.check(dodge).map(|_| ()).unwrap_err().code(), "incapacitated");
    fight.condition("a", Condition::Incapacitated);
    fight.attack("b", "blade", "a", [2]);
    assert!(fight.combat.pending().is_empty());
}

#[test]
fn nobody_strikes_in_passing_twice_a_round() {
    let mut fight = field((6, 5));
    fight.walk("a", (4, 5));
    fight.answers(yes(), [2]);
    fight.walk("a", (5, 5));
    fight.walk("a", (3, 5));
    assert_eq!((fight.combat.pending().len(), at(&fight, "a")), (0, (3, 5)));
}
