//! What a viewer may not know is nowhere in what it is sent: not in frames, not in snapshots.

mod random;

use super::samples::{self, creature, joined, slug};
use skirmish::protocol::pb::combat_event::Event as Wire;
use skirmish::protocol::{FrameMeta, Framer, Viewer, pb};
use skirmish::rules::condition::{ActiveCondition, Condition, Until};
use skirmish::rules::creature::Cost;
use skirmish::rules::event::*;
use skirmish::rules::id::{CombatId, PromptId, UserId};
use skirmish::rules::pending::{Prompt, Question};
use skirmish::rules::state::DrawIndex;

const MIRA: UserId = UserId(7);
const BROR: UserId = UserId(8);
const PLAYER: Viewer = Viewer::Player { user: MIRA };
const VIEWERS: [Viewer; 4] = [Viewer::Gm, PLAYER, Viewer::Player { user: BROR }, Viewer::Spectator];

fn event(fact: Fact) -> Event {
    Event { drawn: DrawIndex { public: 1, hidden: 1 }, audience: Audience::Everyone, fact }
}

fn meta(seq: u64) -> FrameMeta<'static> {
    FrameMeta {
        session_id: CombatId(1),
        seq,
        occurred_at_ms: 1_790_000_000_000,
        request_id: "the-request",
        principal: Some(MIRA),
        last_in_commit: true,
        deadline_ms: Some(1_790_000_060_000),
    }
}

/// Mira and Bror, heroes, against a goblin in sight and a lurker that hides.
fn opening() -> Vec<Fact> {
    vec![
        Fact::Joined(Box::new(joined("c-mira", "Mira", Some(MIRA), false))),
        Fact::Joined(Box::new(joined("c-bror", "Bror", Some(BROR), false))),
        Fact::Joined(Box::new(joined("c-goblin", "Goblin", None, false))),
        Fact::Joined(Box::new(joined("c-lurker", "Lurker", None, true))),
    ]
}

/// The frames of a viewer, and the framer after them.
fn frames(facts: &[Fact], viewer: Viewer) -> (Vec<pb::CombatEvent>, Framer) {
    let mut framer = Framer::new();
    let mut all = Vec::new();
    for (fact, seq) in facts.iter().zip(1..) {
        let (event, meta) = (event(fact.clone()), meta(seq));
        all.push(framer.frame(&event, &meta, &viewer, None));
        framer.advance(&event, &meta);
    }
    (all, framer)
}

fn last(facts: &[Fact], viewer: Viewer) -> Wire {
    frames(facts, viewer).0.pop().unwrap().event.unwrap()
}

fn holds(bytes: &[u8], needle: &str) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
}

fn after_opening(fact: Fact) -> Vec<Fact> {
    let mut facts = opening();
    facts.push(fact);
    facts
}

fn strike(by: &str, target: &str) -> Fact {
    Fact::Action {
        creature: creature(by),
        cost: Cost::Action,
        deed: Deed::Attack {
            attack: slug("scimitar"),
            name: "Scimitar".into(),
            target: creature(target),
            roll: samples::roll(),
            armor_class: 15,
            cover: Cover::None,
            outcome: AttackOutcome::Hit,
            damage: samples::damage(),
            opportunity: false,
            sneak_attack: false,
            role: Role::Plain,
        },
    }
}

fn hurt(target: &str, by: &str, hit_points: u16) -> Fact {
    Fact::HitPointsChanged {
        creature: creature(target),
        cause: HitPointCause::Damage { by: Some(creature(by)), critical: false },
        amount: 9,
        hit_points,
        temporary: 0,
    }
}

#[test]
fn a_hidden_creature_is_a_number_and_nothing_else() {
    let facts = after_opening(strike("c-lurker", "c-mira"));
    assert!(matches!(last(&facts, Viewer::Gm), Wire::Action(_)));
    for viewer in [PLAYER, Viewer::Spectator] {
        let (all, _) = frames(&facts, viewer);
        assert_eq!(all[4].event, Some(Wire::Hidden(pb::Hidden {})));
        assert!(all[4].last_in_commit && all[4].seq == Some(5));
        assert_eq!(all[3].event, Some(Wire::Hidden(pb::Hidden {})), "its joining is hidden too");
    }
}

#[test]
fn a_wound_shows_while_the_hand_that_dealt_it_does_not() {
    let facts = after_opening(hurt("c-mira", "c-lurker", 9));
    let Wire::StateChange(change) = last(&facts, Viewer::Spectator) else { panic!() };
    let Some(pb::state_change::Change::HitPoints(points)) = change.change else { panic!() };
    assert_eq!(points.by_id, "");
    assert_eq!(points.hit_points, Some(9), "a hero's figures are public");
    assert_eq!(points.health(), pb::Health::Bloodied);
}

#[test]
fn a_monster_shows_its_health_and_no_figure() {
    let facts = after_opening(hurt("c-goblin", "c-mira", 5));
    for viewer in [PLAYER, Viewer::Spectator] {
        let Wire::StateChange(change) = last(&facts, viewer) else { panic!() };
        let Some(pb::state_change::Change::HitPoints(points)) = change.change else { panic!() };
        assert_eq!((points.hit_points, points.amount, points.temporary), (None, None, None));
        assert_eq!(points.health(), pb::Health::Critical);
    }
    let facts = after_opening(strike("c-mira", "c-goblin"));
    for (viewer, shown) in [(PLAYER, None), (Viewer::Spectator, None), (Viewer::Gm, Some(15))] {
        let Wire::Action(action) = last(&facts, viewer) else { panic!() };
        let Some(pb::action::Deed::Attack(attack)) = action.deed else { panic!() };
        assert_eq!(attack.armor_class, shown);
    }
    let (all, _) = frames(&opening(), Viewer::Spectator);
    let Some(Wire::Joined(goblin)) = &all[2].event else { panic!() };
    let state = goblin.creature.as_ref().unwrap();
    assert_eq!((state.hit_points, state.hit_points_max, state.armor_class), (None, None, None));
    assert!(goblin.definition.is_none() && goblin.spent.is_empty());
    let Some(Wire::Joined(mira)) = &all[0].event else { panic!() };
    assert_eq!(mira.creature.as_ref().unwrap().hit_points_max, Some(20));
    assert!(mira.definition.is_none() && mira.character_id.is_empty());
    let (own, _) = frames(&opening(), PLAYER);
    let Some(Wire::Joined(mira)) = &own[0].event else { panic!() };
    assert!(mira.definition.is_some() && !mira.character_id.is_empty());
}

#[test]
fn who_is_revealed_joins_as_it_stands_and_who_hides_leaves() {
    let lurker = creature("c-lurker");
    let mut facts = opening();
    facts.push(Fact::ConditionAdded {
        creature: lurker,
        condition: ActiveCondition {
            condition: Condition::Prone,
            source: Some(lurker),
            until: Until::EndOfTurn { of: lurker, turns: 1 },
            level: 1,
        },
    });
    facts.push(hurt("c-lurker", "c-mira", 8));
    facts.push(Fact::VisibilityChanged { creature: lurker, hidden: false });
    let Wire::Joined(joined) = last(&facts, Viewer::Spectator) else { panic!() };
    let state = joined.creature.unwrap();
    assert_eq!((state.name.as_str(), state.hidden), ("Lurker", false));
    assert_eq!(state.health(), pb::Health::Bloodied);
    assert_eq!(state.hit_points, None);
    assert_eq!(state.conditions[0].source_id, "c-lurker");
    assert!(state.conditions[0].until.is_some());
    assert!(matches!(last(&facts, Viewer::Gm), Wire::StateChange(_)));

    facts.push(Fact::VisibilityChanged { creature: lurker, hidden: true });
    let left = Wire::Left(pb::Left { creature_id: "c-lurker".into() });
    assert_eq!(last(&facts, Viewer::Spectator), left);
    facts.push(Fact::VisibilityChanged { creature: lurker, hidden: true });
    assert_eq!(last(&facts, Viewer::Spectator), Wire::Hidden(pb::Hidden {}));
}

#[test]
fn the_order_names_only_those_in_sight() {
    let order = ["c-lurker", "c-mira", "c-goblin"].map(creature).to_vec();
    let facts = after_opening(Fact::OrderSet { order });
    let Wire::OrderSet(seen) = last(&facts, PLAYER) else { panic!() };
    assert_eq!(seen.creature_ids, ["c-mira", "c-goblin"]);
    let Wire::OrderSet(all) = last(&facts, Viewer::Gm) else { panic!() };
    assert_eq!(all.creature_ids.len(), 3);
}

#[test]
fn a_request_id_is_for_its_sender_and_the_game_master() {
    let facts = after_opening(Fact::Paused { quiet_rounds: None });
    let shown = |viewer| frames(&facts, viewer).0.pop().unwrap().request_id;
    assert_eq!(shown(PLAYER), "the-request");
    assert_eq!(shown(Viewer::Gm), "the-request");
    assert_eq!(shown(Viewer::Player { user: BROR }), "");
    assert_eq!(shown(Viewer::Spectator), "");
}

#[test]
fn a_question_is_its_owners_alone() {
    let question = Question::Readied {
        trigger_by: creature("c-goblin"),
        response: ReadiedResponse::Attack { attack: slug("scimitar") },
    };
    let prompt = Prompt { id: PromptId(1), creature: creature("c-mira"), question };
    let facts = after_opening(Fact::PromptOpened { prompt, suspended: Vec::new() });
    for viewer in VIEWERS {
        let Wire::Prompt(shown) = last(&facts, viewer) else { panic!() };
        let own = viewer == PLAYER || viewer == Viewer::Gm;
        assert_eq!(shown.question.is_some(), own, "{viewer:?}");
        assert!(shown.suspended.is_empty() && shown.deadline.is_some());
        assert_eq!((shown.prompt_id, shown.creature_id.as_str()), (1, "c-mira"));
    }
}

#[test]
fn what_was_readied_is_private() {
    let shown = |awaited: &str, viewer| {
        let deed = Deed::Ready {
            trigger: Trigger::CreatureActs { creature: creature(awaited) },
            response: ReadiedResponse::Dodge,
        };
        let ready = Fact::Action { creature: creature("c-mira"), cost: Cost::Action, deed };
        let Wire::Action(action) = last(&after_opening(ready), viewer) else { panic!() };
        let Some(pb::action::Deed::Ready(shown)) = action.deed else { panic!() };
        (shown.trigger.is_some(), shown.response.is_some())
    };
    for viewer in VIEWERS {
        let own = viewer == PLAYER || viewer == Viewer::Gm;
        assert_eq!(shown("c-goblin", viewer), (own, own));
    }
    assert_eq!(shown("c-lurker", PLAYER), (false, true), "who hides is not named to its hunter");
}

#[test]
fn audiences_are_kept() {
    let facts = opening();
    let (_, framer) = frames(&facts, Viewer::Gm);
    let turn = Fact::TurnStarted { creature: creature("c-mira"), round: 1, turn: 1 };
    let seen = |audience, viewer: &Viewer| {
        let event = Event { drawn: DrawIndex::default(), audience, fact: turn.clone() };
        framer.frame(&event, &meta(9), viewer, None).event != Some(Wire::Hidden(pb::Hidden {}))
    };
    for viewer in VIEWERS {
        let gm = viewer == Viewer::Gm;
        assert!(seen(Audience::Everyone, &viewer));
        assert_eq!(seen(Audience::OwnerAndGm, &viewer), gm || viewer == PLAYER);
        assert_eq!(seen(Audience::Gm, &viewer), gm);
    }
}

#[test]
fn undo_leads_the_roster_back_and_redo_forward() {
    let mut facts = opening();
    facts.push(hurt("c-goblin", "c-mira", 12)); // 5
    facts.push(Fact::VisibilityChanged { creature: creature("c-lurker"), hidden: false }); // 6
    facts.push(hurt("c-goblin", "c-mira", 3)); // 7
    let (_, at_five) = frames(&facts[..5], Viewer::Gm);
    let (_, at_six) = frames(&facts[..6], Viewer::Gm);
    let (_, at_seven) = frames(&facts, Viewer::Gm);
    let same = |facts: &[Fact], other: &Framer| {
        let reveal =
            event(Fact::VisibilityChanged { creature: creature("c-lurker"), hidden: false });
        let health = event(hurt("c-goblin", "c-mira", 10));
        let (_, framer) = frames(facts, Viewer::Gm);
        for probe in [reveal, health, event(strike("c-mira", "c-lurker"))] {
            let one = framer.frame(&probe, &meta(99), &Viewer::Spectator, None);
            assert_eq!(one, other.frame(&probe, &meta(99), &Viewer::Spectator, None));
        }
    };
    facts.push(Fact::Undone { from: 7, to: 7 }); // 8
    same(&facts, &at_six);
    facts.push(Fact::Undone { from: 6, to: 6 }); // 9
    same(&facts, &at_five);
    facts.push(Fact::Redone { from: 6, to: 6 }); // 10
    same(&facts, &at_six);
    facts.push(Fact::Redone { from: 7, to: 7 }); // 11
    same(&facts, &at_seven);
}

#[test]
fn an_undo_carries_what_its_viewer_needs() {
    let build =
        |viewer: &Viewer| pb::Snapshot { viewer: viewer.role().into(), ..Default::default() };
    let undone = event(Fact::Undone { from: 1, to: 1 });
    let framed = Framer::new().frame(&undone, &meta(2), &PLAYER, Some(&build));
    let Some(Wire::Undone(undone)) = framed.event else { panic!() };
    assert_eq!(undone.now.unwrap().viewer(), pb::ViewerRole::Player);
}
