//! One hand-written sample of every fact. It does not compile when a fact is added without one.

mod creatures;

pub(super) use creatures::{caster, definition, definition_of_today, joined, newer_definition};

use skirmish::rules::ability::Ability;
use skirmish::rules::condition::{ActiveCondition, Condition, Until};
use skirmish::rules::creature::*;
use skirmish::rules::damage::DamageType;
use skirmish::rules::event::*;
use skirmish::rules::grid::{Map, Position, Terrain};
use skirmish::rules::id::*;
use skirmish::rules::pending::{Answer, Happened, Prompt, Question, Suspended};
use skirmish::rules::state::DrawIndex;

pub(super) fn creature(text: &str) -> CreatureId {
    text.parse().unwrap()
}

pub(super) fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

pub(super) fn roll() -> D20Roll {
    D20Roll {
        faces: vec![7, 18],
        mode: RollMode::Advantage,
        kept: 18,
        bonus: -2,
        total: 19,
        advantages: vec![Reason::TargetProneNear, Reason::HelpedBy],
        disadvantages: vec![],
        extra_dice: vec![(4, 3)],
        drawn_at: None,
    }
}

pub(super) fn damage() -> Vec<DamageDealt> {
    vec![DamageDealt {
        kind: DamageType::Slashing,
        rolled: DiceRolled { sides: 6, faces: vec![4, 2], bonus: 3, total: 9, drawn_at: None },
        adjustment: Adjustment::Resisted,
        dealt: 4,
    }]
}

fn deeds() -> Vec<Deed> {
    let (at, other) = (creature("c-goblin"), creature("c-mira"));
    let mut all = vec![Deed::Attack {
        attack: slug("scimitar"),
        name: "Scimitar".into(),
        target: at,
        roll: roll(),
        armor_class: 15,
        cover: Cover::Half,
        outcome: AttackOutcome::CriticalHit,
        damage: damage(),
        opportunity: true,
        sneak_attack: true,
        role: Role::Plain,
    }];
    while let Some(next) = next_deed(all.last().unwrap(), at, other) {
        all.push(next);
    }
    all
}

fn attack(target: CreatureId, role: Role) -> Deed {
    Deed::Attack {
        attack: slug("scimitar"),
        name: "Scimitar".into(),
        target,
        roll: roll(),
        armor_class: 15,
        cover: Cover::None,
        outcome: AttackOutcome::Miss,
        damage: Vec::new(),
        opportunity: false,
        sneak_attack: false,
        role,
    }
}

fn next_deed(deed: &Deed, at: CreatureId, other: CreatureId) -> Option<Deed> {
    Some(match deed {
        Deed::Attack { role: Role::Plain, .. } => attack(at, Role::OffHand),
        Deed::Attack { role: Role::OffHand, .. } => attack(at, Role::Nick),
        Deed::Attack { role: Role::Nick, .. } => attack(at, Role::Cleave),
        Deed::Attack { role: Role::Cleave, .. } => Deed::Special {
            special: slug("special-1"),
            name: "Special 1".into(),
            targets: vec![at, other],
            aim: Some(Position { x: 0, y: 99 }),
            rolled: Vec::new(),
        },
        Deed::Special { .. } => Deed::Dash { extra_feet: 30 },
        Deed::Dash { .. } => Deed::Disengage,
        Deed::Disengage => Deed::Dodge,
        Deed::Dodge => Deed::Help { target: at },
        Deed::Help { .. } => Deed::Hide { roll: roll(), dc: 15, success: true },
        Deed::Hide { .. } => Deed::Ready {
            trigger: Trigger::CreatureActs { creature: at },
            response: ReadiedResponse::Attack { attack: slug("scimitar") },
        },
        Deed::Ready { trigger: Trigger::CreatureActs { .. }, .. } => Deed::Ready {
            trigger: Trigger::EnemyWithin { feet: 10 },
            response: ReadiedResponse::Retreat,
        },
        Deed::Ready { trigger: Trigger::EnemyWithin { .. }, .. } => {
            Deed::Ready { trigger: Trigger::EnemyAttacks, response: ReadiedResponse::Dodge }
        }
        Deed::Ready { trigger: Trigger::EnemyAttacks, .. } => {
            Deed::Ready { trigger: Trigger::OnCall, response: ReadiedResponse::Dodge }
        }
        Deed::Ready { trigger: Trigger::OnCall, .. } => Deed::Retreat,
        Deed::Retreat => Deed::StandUp { feet: 15 },
        Deed::StandUp { .. } => Deed::DropProne,
        Deed::DropProne => Deed::Stabilize { target: other, roll: roll(), success: false },
        Deed::Stabilize { .. } => {
            Deed::Escape { roll: roll(), dc: 13, success: true, holder: None }
        }
        Deed::Escape { holder: None, .. } => {
            Deed::Escape { roll: roll(), dc: 19, success: false, holder: Some(roll()) }
        }
        Deed::Escape { holder: Some(_), .. } => Deed::Grapple { target: at, dc: 13, contest: None },
        Deed::Grapple { contest: None, .. } => Deed::Grapple {
            target: at,
            dc: 0,
            contest: Some(Box::new(Contest { rolls: Some((roll(), roll())), success: false })),
        },
        Deed::Grapple { contest: Some(_), .. } => {
            Deed::Shove { target: at, prone: true, dc: 12, contest: None }
        }
        Deed::Shove { contest: None, .. } => Deed::Shove {
            target: other,
            prone: false,
            dc: 0,
            contest: Some(Box::new(Contest { rolls: None, success: true })),
        },
        Deed::Shove { contest: Some(_), .. } => Deed::LetGo { target: other },
        Deed::LetGo { .. } => {
            let skill = skirmish::rules::ability::Skill::SleightOfHand;
            Deed::Inquire { inquiry: Inquiry::Search, skill, roll: roll() }
        }
        Deed::Inquire { skill, .. } => Deed::Assist { target: at, skill: *skill },
        Deed::Assist { .. } => Deed::UseObject,
        Deed::UseObject => Deed::StopConcentrating,
        Deed::StopConcentrating => return None,
    })
}

#[expect(clippy::too_many_lines, reason = "one arm a fact, so that none can be forgotten")]
fn next(fact: &Fact) -> Option<Fact> {
    let (mira, goblin) = (creature("c-mira"), creature("c-goblin"));
    let mut terrain = Map::open(4, 3);
    terrain.terrain[5] = Terrain::Wall;
    terrain.terrain[11] = Terrain::Difficult;
    Some(match fact {
        Fact::Initiated { map: Some(_), .. } => Fact::Initiated {
            name: "@everyone".into(),
            game_master: UserId(u64::MAX),
            edition: Edition::Srd51,
            map: None,
        },
        Fact::Initiated { map: None, .. } => {
            Fact::Joined(Box::new(joined("c-mira", "Mira", Some(UserId(7)), false)))
        }
        Fact::Joined(joined) if joined.owner.is_some() => {
            Fact::Joined(Box::new(self::joined("c-goblin", "Goblin", None, true)))
        }
        Fact::Joined(joined) if joined.id == goblin => {
            Fact::Joined(Box::new(creatures::newer_joined("c-troll", "Troll")))
        }
        Fact::Joined(_) => Fact::Left { creature: mira },
        Fact::Left { .. } => Fact::Initiative {
            creature: mira,
            roll: roll(),
            tie_break: vec![20, 1],
            tie_break_drawn_at: Vec::new(),
        },
        Fact::Initiative { .. } => Fact::OrderSet { order: vec![mira, goblin] },
        Fact::OrderSet { .. } => Fact::RoundStarted { round: 1 },
        Fact::RoundStarted { .. } => Fact::TurnStarted { creature: mira, round: 1, turn: 1 },
        Fact::TurnStarted { .. } => Fact::TurnEnded { creature: mira, turn: u32::MAX },
        Fact::TurnEnded { .. } => {
            Fact::Action { creature: mira, cost: Cost::Action, deed: deeds().remove(0) }
        }
        Fact::Action { deed, .. } => match deeds().into_iter().skip_while(|d| d != deed).nth(1) {
            Some(deed) => Fact::Action { creature: mira, cost: Cost::Reaction, deed },
            None => Fact::Moved {
                creature: mira,
                kind: MoveKind::Forced,
                path: vec![Position { x: 1, y: 0 }, Position { x: 99, y: 255 }],
                cost: 10,
            },
        },
        Fact::Moved { .. } => hit_points(HitPointCause::Damage { by: Some(mira), critical: true }),
        Fact::HitPointsChanged { cause, .. } => match cause {
            HitPointCause::Damage { .. } => hit_points(HitPointCause::Healing { by: None }),
            HitPointCause::Healing { .. } => hit_points(HitPointCause::TemporaryHitPoints),
            HitPointCause::TemporaryHitPoints => hit_points(HitPointCause::Regeneration),
            HitPointCause::Regeneration => hit_points(HitPointCause::DeathSave),
            HitPointCause::DeathSave => hit_points(HitPointCause::Fortitude),
            HitPointCause::Fortitude => hit_points(HitPointCause::Adjusted),
            HitPointCause::Adjusted => {
                save(SaveCause::Special { source: goblin, special: slug("special-1") })
            }
        },
        Fact::SavingThrow { cause, .. } => match cause {
            SaveCause::Special { .. } => {
                save(SaveCause::AttackRider { source: mira, attack: slug("scimitar") })
            }
            SaveCause::AttackRider { .. } => {
                save(SaveCause::EndCondition { condition: Condition::Stunned })
            }
            SaveCause::EndCondition { .. } => {
                save(SaveCause::EndEffect { effect: EffectKind::Suffering })
            }
            SaveCause::EndEffect { .. } => save(SaveCause::UndeadFortitude),
            SaveCause::UndeadFortitude => save(SaveCause::Concentration),
            SaveCause::Concentration => save(SaveCause::Unarmed { source: goblin }),
            SaveCause::Unarmed { .. } => {
                Fact::DamageTaken { creature: mira, source: Some(goblin), damage: damage() }
            }
        },
        Fact::DamageTaken { .. } => Fact::Healed {
            creature: mira,
            source: mira,
            rolled: DiceRolled { sides: 8, faces: vec![8], bonus: 0, total: 8, drawn_at: None },
        },
        Fact::Healed { .. } => {
            Fact::DeathSave { creature: mira, roll: roll(), successes: 1, failures: 2 }
        }
        Fact::DeathSave { .. } => {
            Fact::DeathSaveFailed { creature: mira, successes: 0, failures: 2 }
        }
        Fact::DeathSaveFailed { .. } => Fact::Down { creature: mira },
        Fact::Down { .. } => Fact::Died { creature: goblin, by: Some(mira) },
        Fact::Died { .. } => Fact::Stabilized { creature: mira },
        Fact::Stabilized { .. } => Fact::Revived { creature: mira },
        Fact::Revived { .. } => Fact::ConcentrationStarted {
            creature: mira,
            special: slug("special-3"),
            name: "Special 3".into(),
        },
        Fact::ConcentrationStarted { .. } => {
            Fact::ConcentrationEnded { creature: mira, special: slug("special-3") }
        }
        Fact::ConcentrationEnded { .. } => condition(Until::Removed),
        Fact::ConditionAdded { condition: active, .. } => match active.until {
            Until::Removed => condition(Until::StartOfTurn { of: goblin, turns: 2 }),
            Until::StartOfTurn { .. } => condition(Until::EndOfTurn { of: mira, turns: 0 }),
            Until::EndOfTurn { .. } => {
                condition(Until::SaveEnds { ability: Ability::Charisma, dc: 12 })
            }
            Until::SaveEnds { .. } => condition(Until::TurnsUnlessHarmed { of: mira, turns: 9 }),
            Until::TurnsUnlessHarmed { .. } => condition(worsens(Worse::Removed)),
            Until::Worsens { then: Worse::Removed, .. } => condition(worsens(Worse::SaveEnds)),
            Until::Worsens { then: Worse::SaveEnds, .. } => {
                condition(worsens(Worse::TurnsUnlessHarmed(10)))
            }
            Until::Worsens { then: Worse::TurnsUnlessHarmed(_), .. } => {
                condition(Until::Escaped { dc: 11 })
            }
            Until::Escaped { .. } => condition(Until::Contested),
            Until::Contested => condition(Until::Healed),
            Until::Healed => Fact::ConditionRemoved {
                creature: mira,
                condition: Condition::Exhaustion,
                source: None,
            },
        },
        Fact::ConditionRemoved { .. } => Fact::EffectAdded {
            creature: goblin,
            effect: EffectKind::Slowed,
            source: mira,
            until: Until::StartOfTurn { of: mira, turns: 1 },
            magnitude: 10,
            suffering: None,
        },
        Fact::EffectAdded { suffering: None, .. } => Fact::EffectAdded {
            creature: goblin,
            effect: EffectKind::Suffering,
            source: mira,
            until: Until::Escaped { dc: 13 },
            magnitude: 0,
            suffering: Some(creatures::suffering(Beat::SourceTurnStart)),
        },
        Fact::EffectAdded { suffering: Some(_), .. } => {
            Fact::EffectRemoved { creature: goblin, effect: EffectKind::Quarry, source: mira }
        }
        Fact::EffectRemoved { .. } => Fact::RechargeRolled {
            creature: goblin,
            entry: slug("special-3"),
            face: 5,
            ready: true,
            drawn_at: None,
        },
        Fact::Withstood { .. } => {
            Fact::MaximumReduced { creature: mira, source: Some(goblin), lost: 7, maximum: 13 }
        }
        Fact::MaximumReduced { .. } => Fact::Resisted { creature: goblin, spent: 2 },
        Fact::Resisted { .. } => prompt(vec![walk()]),
        Fact::RechargeRolled { .. } => {
            Fact::UseSpent { creature: goblin, entry: slug("special-3"), spent: 1 }
        }
        Fact::UseSpent { .. } => {
            Fact::Withstood { creature: mira, source: goblin, special: slug("special-1") }
        }
        Fact::PromptOpened { suspended, .. } => match suspended.as_slice() {
            [] => answered(Answer::Decline),
            [Suspended::Move { .. }] => {
                prompt(vec![watched(Happened::Stepped { from: Position { x: 0, y: 0 } })])
            }
            [Suspended::Watched { happened, .. }] => match happened {
                Happened::Stepped { .. } => {
                    prompt(vec![watched(Happened::Attacked { target: mira })])
                }
                Happened::Attacked { .. } => prompt(vec![watched(Happened::Acted)]),
                Happened::Acted => prompt(vec![walk(), watched(Happened::Acted)]),
            },
            [_, Suspended::Watched { .. }] => {
                let (after, asked) = (mira, vec![goblin]);
                let strike =
                    Suspended::Strike { creature: goblin, special: slug("going-1"), target: mira };
                prompt(vec![Suspended::NextTurn { after, asked }, strike])
            }
            [_, _, ..] => prompt(Vec::new()),
            [Suspended::Strike { .. } | Suspended::NextTurn { .. }] => unreachable!(),
        },
        Fact::PromptAnswered { answer, .. } => match answer {
            Answer::Decline => answered(Answer::Accept { attack: None }),
            Answer::Accept { attack: None } => {
                answered(Answer::Accept { attack: Some(slug("scimitar")) })
            }
            Answer::Accept { attack: Some(_) } => {
                Fact::VisibilityChanged { creature: goblin, hidden: false }
            }
        },
        Fact::VisibilityChanged { .. } => Fact::AutopilotSet { creature: mira, autopilot: true },
        Fact::AutopilotSet { .. } => Fact::Paused { quiet_rounds: None },
        Fact::Paused { quiet_rounds: None } => Fact::Paused { quiet_rounds: Some(20) },
        Fact::Paused { quiet_rounds: Some(_) } => Fact::Resumed,
        Fact::Resumed => Fact::Transferred { game_master: UserId(9) },
        Fact::Transferred { .. } => Fact::Undone { from: 3, to: 5 },
        Fact::Undone { .. } => Fact::Redone { from: 3, to: u64::MAX },
        Fact::Redone { .. } => ended(EndReason::Victory { side: SideId::party() }),
        Fact::Ended { reason, .. } => match reason {
            EndReason::Victory { .. } => ended(EndReason::NobodyLeft),
            EndReason::NobodyLeft => ended(EndReason::Called),
            EndReason::Called => Fact::DiceCommitted { public: [1; 32], hidden: [2; 32] },
        },
        Fact::DiceCommitted { .. } => Fact::DiceRevealed { public_seed: [3; 32] },
        Fact::DiceRevealed { .. } => return None,
    })
}

fn hit_points(cause: HitPointCause) -> Fact {
    let creature = creature("c-goblin");
    Fact::HitPointsChanged { creature, cause, amount: 7, hit_points: 11, temporary: 0 }
}

fn save(cause: SaveCause) -> Fact {
    Fact::SavingThrow {
        creature: creature("c-mira"),
        ability: Ability::Dexterity,
        dc: 13,
        roll: roll(),
        success: false,
        cause,
    }
}

fn condition(until: Until) -> Fact {
    Fact::ConditionAdded {
        creature: creature("c-mira"),
        condition: ActiveCondition {
            condition: Condition::Frightened,
            source: Some(creature("c-goblin")),
            until,
            level: 1,
        },
    }
}

fn worsens(then: Worse) -> Until {
    let save = SaveSpec { ability: Ability::Constitution, dc: 15 };
    Until::Worsens { of: creature("c-mira"), turns: 1, save, into: Condition::Petrified, then }
}

fn watched(happened: Happened) -> Suspended {
    Suspended::Watched { by: creature("c-mira"), happened, asked: vec![creature("c-goblin")] }
}

fn walk() -> Suspended {
    Suspended::Move {
        creature: creature("c-mira"),
        cost: Cost::Free,
        from: Position { x: 3, y: 4 },
        rest: vec![Position { x: 4, y: 4 }],
        asked: vec![creature("c-goblin")],
    }
}

fn prompt(suspended: Vec<Suspended>) -> Fact {
    let question = match suspended.as_slice() {
        [Suspended::NextTurn { .. }, ..] => Question::Legendary,
        [Suspended::Move { .. }] => Question::OpportunityAttack { target: creature("c-mira") },
        _ => Question::Readied {
            trigger_by: creature("c-mira"),
            response: ReadiedResponse::Attack { attack: slug("scimitar") },
        },
    };
    let prompt = Prompt { id: PromptId(4), creature: creature("c-goblin"), question };
    Fact::PromptOpened { prompt, suspended }
}

fn answered(answer: Answer) -> Fact {
    Fact::PromptAnswered {
        prompt: PromptId(4),
        creature: creature("c-goblin"),
        answer,
        timed_out: answer == Answer::Decline,
    }
}

fn ended(reason: EndReason) -> Fact {
    let tally = Tally {
        damage_dealt: 70_000,
        damage_taken: 1,
        healing_done: 2,
        kills: 3,
        attacks: 4,
        hits: 5,
        critical_hits: 6,
    };
    let by_creature = vec![(creature("c-mira"), tally), (creature("c-goblin"), Tally::default())];
    Fact::Ended { reason, summary: Summary { rounds: 3, turns: 6, by_creature, experience: 50 } }
}

/// A sample of every fact, with every choice within it.
pub(super) fn facts() -> Vec<Fact> {
    let mut map = Map::open(4, 3);
    map.terrain[5] = Terrain::Wall;
    let mut all = vec![Fact::Initiated {
        name: "Ambush at the ford".into(),
        game_master: UserId(80_351_110_224_678_912),
        edition: Edition::Srd521,
        map: Some(map),
    }];
    while let Some(fact) = next(all.last().unwrap()) {
        all.push(fact);
    }
    all
}

/// The samples as events.
pub(super) fn events() -> Vec<Event> {
    let audiences = [Audience::Everyone, Audience::OwnerAndGm, Audience::Gm];
    facts()
        .into_iter()
        .zip(audiences.into_iter().cycle())
        .zip(0_u64..)
        .map(|((fact, audience), index)| Event {
            drawn: DrawIndex { public: index, hidden: index * 3 },
            audience,
            fact,
        })
        .collect()
}
