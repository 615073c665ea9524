//! The same secrets in fights made up at random, in frames, in snapshots and in what is offered.

use proptest::prelude::*;
use prost::Message;
use skirmish::protocol::{SnapshotMeta, options, snapshot};
use skirmish::rules::creature::EffectKind;
use skirmish::rules::id::GuildId;
use skirmish::rules::state::Combat;

use super::*;

/// Facts at random about four creatures, one of them hiding.
fn any_fact() -> impl Strategy<Value = Fact> {
    let who = prop::sample::select(vec!["c-mira", "c-bror", "c-goblin", "c-lurker"]);
    (0..19_u8, who.clone(), who, 0..21_u16).prop_map(|(kind, one, other, figure)| {
        let (a, b) = (creature(one), creature(other));
        let until = Until::StartOfTurn { of: b, turns: 2 };
        match kind {
            0 => strike(one, other),
            1 => hurt(one, other, figure),
            2 => Fact::TurnStarted { creature: a, round: 1, turn: 1 },
            3 => Fact::TurnEnded { creature: a, turn: 1 },
            4 => Fact::OrderSet { order: vec![a, b] },
            5 => Fact::Died { creature: a, by: Some(b) },
            6 => Fact::Left { creature: a },
            7 => Fact::ConditionAdded {
                creature: a,
                condition: ActiveCondition {
                    condition: Condition::Frightened,
                    source: Some(b),
                    until,
                    level: 1,
                },
            },
            8 => Fact::ConditionRemoved {
                creature: a,
                condition: Condition::Frightened,
                source: Some(b),
            },
            9 => Fact::EffectAdded {
                creature: a,
                effect: EffectKind::Marked,
                source: b,
                until,
                magnitude: 0,
                suffering: None,
            },
            10 => Fact::EffectRemoved { creature: a, effect: EffectKind::Marked, source: b },
            11 => Fact::DamageTaken { creature: a, source: Some(b), damage: samples::damage() },
            12 => Fact::Healed {
                creature: a,
                source: b,
                rolled: DiceRolled { sides: 4, faces: vec![2], bonus: 0, total: 2, drawn_at: None },
            },
            13 => Fact::SavingThrow {
                creature: a,
                ability: skirmish::rules::ability::Ability::Wisdom,
                dc: 12,
                roll: samples::roll(),
                success: true,
                cause: SaveCause::Special { source: b, special: slug("lurker-song") },
            },
            14 => Fact::Action {
                creature: a,
                cost: Cost::Action,
                deed: Deed::Special {
                    special: slug("special-1"),
                    name: "Special".into(),
                    targets: vec![b, a],
                    aim: None,
                    rolled: Vec::new(),
                },
            },
            15 => Fact::Action {
                creature: a,
                cost: Cost::Action,
                deed: Deed::Ready {
                    trigger: Trigger::CreatureActs { creature: b },
                    response: ReadiedResponse::Dodge,
                },
            },
            16 => Fact::PromptOpened {
                prompt: Prompt {
                    id: PromptId(1),
                    creature: a,
                    question: Question::OpportunityAttack { target: b },
                },
                suspended: Vec::new(),
            },
            17 => Fact::Ended {
                reason: EndReason::Called,
                summary: Summary {
                    rounds: 1,
                    turns: 1,
                    by_creature: vec![(a, Tally::default()), (b, Tally::default())],
                    experience: 0,
                },
            },
            _ => Fact::Action { creature: a, cost: Cost::Action, deed: Deed::Help { target: b } },
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// The lurker's id, name and entries are in nothing that players and spectators are sent.
    #[test]
    fn nothing_of_a_hidden_creature_leaks(random in prop::collection::vec(any_fact(), 1..60)) {
        let mut facts = opening();
        facts.extend(random);
        for viewer in [PLAYER, Viewer::Spectator] {
            for framed in frames(&facts, viewer).0 {
                let bytes = framed.encode_to_vec();
                for secret in ["c-lurker", "Lurker", "lurker-song"] {
                    let leaked = holds(&bytes, secret)
                        && !(secret == "lurker-song" && names_seen_source(&framed));
                    prop_assert!(!leaked, "{viewer:?} reads {secret} in {framed:?}");
                }
            }
        }
        // The game master does read of it, so the test can fail.
        let gm = frames(&facts, Viewer::Gm).0;
        prop_assert!(gm.iter().any(|framed| holds(&framed.encode_to_vec(), "c-lurker")));
    }
}

fn folded(facts: &[Fact]) -> Combat {
    let mut combat = Combat::default();
    for fact in facts {
        combat.apply(&event(fact.clone()));
    }
    combat
}

fn snapshot_of(combat: &Combat, viewer: Viewer) -> pb::Snapshot {
    let meta = SnapshotMeta {
        session_id: CombatId(1),
        as_of: 9,
        guild: GuildId(5),
        channel: Some(6),
        started_at_ms: Some(1),
        ended_at_ms: None,
        can_undo: true,
        can_redo: false,
        deadlines: &[(PromptId(1), 1_790_000_060_000)],
    };
    snapshot(combat, &meta, &viewer)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Snapshots keep the same secrets as frames do.
    #[test]
    fn no_snapshot_names_who_hides(random in prop::collection::vec(any_fact(), 0..60)) {
        let mut facts = opening();
        facts.extend(random);
        let combat = folded(&facts);
        for viewer in [PLAYER, Viewer::Spectator] {
            let shown = snapshot_of(&combat, viewer);
            let bytes = shown.encode_to_vec();
            for secret in ["c-lurker", "Lurker", "lurker-song"] {
                prop_assert!(!holds(&bytes, secret), "{viewer:?} reads {secret} in {shown:?}");
            }
            for state in &shown.creatures {
                let own = viewer == PLAYER && state.id == "c-mira";
                prop_assert_eq!(state.hit_points.is_some(), state.id != "c-goblin");
                prop_assert_eq!(state.economy.is_some(), own);
            }
        }
        prop_assert!(holds(&snapshot_of(&combat, Viewer::Gm).encode_to_vec(), "c-lurker"));
    }

    /// A creature revealed by a frame is the creature that the snapshot then shows, and a wound
    /// leaves it the same health in both.
    #[test]
    fn frames_and_snapshots_agree(
        random in prop::collection::vec(any_fact(), 0..60),
        hit_points in 0..21_u16,
    ) {
        let mut facts = opening();
        facts.extend(random);
        let reveal = Fact::VisibilityChanged { creature: creature("c-lurker"), hidden: false };
        facts.push(reveal);
        for viewer in [PLAYER, Viewer::Spectator] {
            let Wire::Joined(joined) = last(&facts, viewer) else { panic!() };
            let state = |facts: &[Fact]| {
                let creatures = snapshot_of(&folded(facts), viewer).creatures;
                creatures.into_iter().find(|state| state.id == "c-lurker")
            };
            prop_assert_eq!(joined.creature, state(&facts));
            let mut wounded = facts.clone();
            wounded.push(hurt("c-lurker", "c-mira", hit_points));
            let Wire::StateChange(change) = last(&wounded, viewer) else { panic!() };
            let Some(pb::state_change::Change::HitPoints(points)) = change.change else { panic!() };
            prop_assert_eq!(Some(points.health()), state(&wounded).map(|state| state.health()));
        }
    }
}

#[test]
fn options_are_for_the_owner_and_the_game_master() {
    let combat = folded(&opening());
    let shown = |viewer| options(&combat, CombatId(1), creature("c-mira"), &viewer);
    assert!(shown(Viewer::Spectator).is_none());
    assert!(shown(Viewer::Player { user: BROR }).is_none());
    assert!(shown(Viewer::Gm).is_some());
    let own = shown(PLAYER).unwrap();
    assert!(!own.available_actions.is_empty());
    assert!(!holds(&own.encode_to_vec(), "c-lurker"), "{own:?}");
    for action in &own.available_actions {
        assert_eq!(action.enabled, action.disabled_code.is_empty(), "{action:?}");
        assert_eq!(action.enabled, action.disabled_reason.is_empty());
        assert!(action.template.as_ref().unwrap().action.is_some());
    }
}

/// The song is sung by anybody here; only the lurker's own is a secret.
fn names_seen_source(framed: &pb::CombatEvent) -> bool {
    match &framed.event {
        Some(Wire::SavingThrow(save)) => match &save.cause {
            Some(pb::saving_throw::Cause::Special(of)) => !of.source_id.is_empty(),
            _ => false,
        },
        _ => false,
    }
}
