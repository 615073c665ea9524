//! Who is in the fight, as far as frames need to know: folded from the very events they show.
//!
//! Live delivery and history fold the same events and so frame the same number identically for
//! ever. It decides nothing: a fact about an unknown creature changes nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::trail::Trail;
use super::visibility::{Cast, Portrait, Standing};
use crate::rules::condition::{ActiveCondition, Moment, add_condition, remove_condition};
use crate::rules::creature::Definition;
use crate::rules::event::{Audience, Event, Fact, Joined};
use crate::rules::grid::Position;
use crate::rules::id::{CreatureId, SideId, Slug, UserId};
use crate::rules::state::{
    ActiveEffect, Combat, Creature, DrawIndex, Life, add_effect, remove_effect,
};

/// One creature as frames know it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Member {
    name: Arc<str>,
    side: SideId,
    owner: Option<UserId>,
    definition: Arc<Definition>,
    hit_points: u16,
    maximum: u16,
    temporary_hit_points: u16,
    life: Life,
    conditions: Vec<ActiveCondition>,
    effects: Vec<ActiveEffect>,
    position: Option<Position>,
    concentration: Option<Slug>,
    initiative: Option<i16>,
    autopilot: bool,
    hidden: bool,
    left: bool,
}

type Members = BTreeMap<CreatureId, Arc<Member>>;

/// The creatures of a fight before an event. Cloning shares everything but the list itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    members: Members,
    /// When the fight was opened, in milliseconds since 1970.
    started_at_ms: Option<i64>,
    /// What each number replaced, so that undo and redo lead back to any number. One entry a
    /// changed creature, shared by all clones.
    replaced: Trail<(u64, CreatureId, Option<Arc<Member>>)>,
}

impl Cast for Roster {
    fn standing(&self, creature: CreatureId) -> Option<Standing> {
        self.members.get(&creature).map(|member| Standing {
            owner: member.owner,
            hero: member.definition.is_hero(),
            hidden: member.hidden,
        })
    }
}

impl Roster {
    /// When the fight was opened.
    pub fn started_at_ms(&self) -> Option<i64> {
        self.started_at_ms
    }

    /// The highest hit points of a creature, and whether it lives.
    pub(crate) fn constitution(&self, creature: CreatureId) -> Option<(u16, Life)> {
        self.members.get(&creature).map(|member| (member.maximum, member.life))
    }

    /// The creature as it is known to stand, revealed.
    pub(crate) fn revealed(&self, creature: CreatureId) -> Option<Portrait<'_>> {
        let member = self.members.get(&creature)?;
        Some(Portrait {
            id: creature,
            name: &member.name,
            side: member.side,
            owner: member.owner,
            definition: &member.definition,
            hit_points: member.hit_points,
            maximum: member.maximum,
            temporary_hit_points: member.temporary_hit_points,
            life: member.life,
            conditions: &member.conditions,
            effects: &member.effects,
            position: member.position,
            concentration: member.concentration,
            initiative: member.initiative,
            autopilot: member.autopilot,
            hidden: false,
            left: member.left,
            spent: &[],
            economy: None,
        })
    }

    /// Folds the event with this number, which came at this time.
    pub fn apply(&mut self, seq: u64, occurred_at_ms: i64, event: &Event) {
        match &event.fact {
            Fact::Initiated { name: _, game_master: _, edition: _, map: _ } => {
                self.started_at_ms.get_or_insert(occurred_at_ms);
            }
            Fact::Joined(joined) => self.put(seq, joined.id, Some(Arc::new(member_of(joined)))),
            // An undo leads back to just before its range, a redo to just after it: ranges are
            // taken back last first, so nothing that still holds can lie behind them.
            Fact::Undone { from, to: _ } => self.rewind(seq, *from),
            Fact::Redone { from: _, to } => self.rewind(seq, to.saturating_add(1)),
            Fact::TurnStarted { creature, round: _, turn: _ } => {
                self.pass_time(seq, *creature, Moment::TurnStarted);
            }
            Fact::TurnEnded { creature, turn: _ } => {
                self.pass_time(seq, *creature, Moment::TurnEnded);
            }
            fact => {
                if let Some(creature) = fact.about() {
                    self.change(seq, creature, |member| fold(member, fact));
                }
            }
        }
    }

    fn pass_time(&mut self, seq: u64, of: CreatureId, moment: Moment) {
        let everybody: Vec<CreatureId> = self.members.keys().copied().collect();
        for creature in everybody {
            self.change(seq, creature, |member| pass_turn(member, of, moment));
        }
    }

    fn put(&mut self, seq: u64, creature: CreatureId, member: Option<Arc<Member>>) {
        let before = match member {
            Some(member) => self.members.insert(creature, member),
            None => self.members.remove(&creature),
        };
        self.replaced.push((seq, creature, before));
    }

    fn change(&mut self, seq: u64, creature: CreatureId, change: impl FnOnce(&mut Member)) {
        let Some(shared) = self.members.get(&creature) else { return };
        let mut member = Member::clone(shared);
        change(&mut member);
        if member != **shared {
            self.put(seq, creature, Some(Arc::new(member)));
        }
    }

    /// Goes back to what was so before `first`, and remembers the way.
    fn rewind(&mut self, seq: u64, first: u64) {
        let mut target = self.members.clone();
        for (_, creature, before) in
            self.replaced.newest_first().take_while(|(at, _, _)| *at >= first)
        {
            match before {
                Some(member) => target.insert(*creature, Arc::clone(member)),
                None => target.remove(creature),
            };
        }
        let mut everybody: Vec<CreatureId> = self.members.keys().copied().collect();
        everybody.extend(target.keys().filter(|id| !self.members.contains_key(id)));
        for creature in everybody {
            let then = target.get(&creature).cloned();
            if self.members.get(&creature) != then.as_ref() {
                self.put(seq, creature, then);
            }
        }
    }
}

fn member_of(joined: &Joined) -> Member {
    let Joined {
        id: _,
        name,
        side,
        owner,
        character: _,
        definition,
        hit_points,
        temporary_hit_points,
        spent: _,
        position,
        hidden,
        autopilot,
    } = joined;
    Member {
        name: name.as_str().into(),
        side: *side,
        owner: *owner,
        definition: Arc::clone(definition),
        hit_points: *hit_points,
        maximum: definition.hit_points,
        temporary_hit_points: *temporary_hit_points,
        life: life_on_arrival(joined),
        conditions: Vec::new(),
        effects: Vec::new(),
        position: *position,
        concentration: None,
        initiative: None,
        autopilot: *autopilot,
        hidden: *hidden,
        left: false,
    }
}

/// Whether whoever arrives stands: the rules' own word for it.
pub(crate) fn life_on_arrival(joined: &Joined) -> Life {
    let mut alone = Combat::default();
    alone.apply(&Event {
        drawn: DrawIndex::default(),
        audience: Audience::Everyone,
        fact: Fact::Joined(Box::new(joined.clone())),
    });
    alone.creature(joined.id).map_or(Life::Up, Creature::life)
}

/// Counts one turn of a creature off what waits for several of them.
fn pass_turn(member: &mut Member, of: CreatureId, moment: Moment) {
    let conditions = member.conditions.iter_mut().map(|active| &mut active.until);
    let effects = member.effects.iter_mut().map(|active| &mut active.until);
    conditions.chain(effects).for_each(|until| until.count_turn(of, moment));
}

/// What a fact changes in the creature it is about. It must agree with `rules::apply`; a test
/// holds both to each other over whole fights.
fn fold(member: &mut Member, fact: &Fact) {
    match fact {
        Fact::Left { creature: _ } => member.left = true,
        Fact::Initiative { creature: _, roll, tie_break: _, tie_break_drawn_at: _ } => {
            member.initiative = Some(roll.total);
        }
        Fact::Moved { creature: _, kind: _, path, cost: _ } => {
            member.position = path.last().copied().or(member.position);
        }
        Fact::HitPointsChanged { creature: _, cause: _, amount: _, hit_points, temporary } => {
            member.hit_points = *hit_points;
            member.temporary_hit_points = *temporary;
        }
        Fact::DeathSave { creature: _, roll: _, successes, failures }
        | Fact::DeathSaveFailed { creature: _, successes, failures } => {
            member.life = Life::Dying { successes: *successes, failures: *failures };
        }
        Fact::Down { creature: _ } => {
            member.hit_points = 0;
            member.life = Life::Dying { successes: 0, failures: 0 };
        }
        Fact::Died { creature: _, by: _ } => {
            member.hit_points = 0;
            member.life = Life::Dead;
        }
        Fact::Stabilized { creature: _ } => member.life = Life::Stable,
        Fact::Revived { creature: _ } => member.life = Life::Up,
        Fact::ConcentrationStarted { creature: _, special, name: _ } => {
            member.concentration = Some(*special);
        }
        Fact::ConcentrationEnded { creature: _, special: _ } => member.concentration = None,
        Fact::ConditionAdded { creature: _, condition } => {
            add_condition(&mut member.conditions, condition);
        }
        Fact::ConditionRemoved { creature: _, condition, source } => {
            remove_condition(&mut member.conditions, *condition, *source);
        }
        Fact::EffectAdded { creature: _, effect, source, until, magnitude, suffering } => {
            let (kind, source, until) = (*effect, *source, *until);
            let (magnitude, suffering) = (*magnitude, *suffering);
            let added = ActiveEffect { kind, source, until, magnitude, suffering };
            add_effect(&mut member.effects, added);
        }
        Fact::EffectRemoved { creature: _, effect, source } => {
            remove_effect(&mut member.effects, *effect, *source);
        }
        Fact::MaximumReduced { creature: _, source: _, lost: _, maximum } => {
            member.maximum = *maximum;
            member.hit_points = member.hit_points.min(*maximum);
        }
        Fact::VisibilityChanged { creature: _, hidden } => member.hidden = *hidden,
        Fact::AutopilotSet { creature: _, autopilot } => member.autopilot = *autopilot,
        Fact::Initiated { .. }
        | Fact::Joined(_)
        | Fact::OrderSet { .. }
        | Fact::RoundStarted { .. }
        | Fact::TurnStarted { .. }
        | Fact::TurnEnded { .. }
        | Fact::Action { .. }
        | Fact::SavingThrow { .. }
        | Fact::DamageTaken { .. }
        | Fact::Healed { .. }
        | Fact::Withstood { .. }
        | Fact::Resisted { .. }
        | Fact::RechargeRolled { .. }
        | Fact::UseSpent { .. }
        | Fact::PromptOpened { .. }
        | Fact::PromptAnswered { .. }
        | Fact::Paused { .. }
        | Fact::Resumed
        | Fact::Transferred { .. }
        | Fact::Undone { .. }
        | Fact::Redone { .. }
        | Fact::Ended { .. }
        | Fact::DiceCommitted { .. }
        | Fact::DiceRevealed { .. } => {}
    }
}
