//! Whose eyes: what a game master, a player and a spectator may know of a creature.
//!
//! The only place where that is decided; frames and snapshots both ask here. A creature that
//! nobody remembers counts as hidden: when in doubt, nothing is told.

use super::pb;
use super::values::{position_to, suffering_to, text_or_empty, until_to, use_to, user_to};
use super::words::Word;
use crate::rules::condition::{ActiveCondition, Until};
use crate::rules::creature::{Definition, Kind};
use crate::rules::grid::Position;
use crate::rules::id::{CreatureId, SideId, Slug, UserId};
use crate::rules::state::{ActiveEffect, Creature, Life};

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Viewer {
    /// The log itself: complete, and shown to nobody.
    Log,
    /// The game master: everything but what only the log needs.
    Gm,
    /// A player: what the public sees, and everything of its own creatures.
    Player { user: UserId },
    /// The public.
    Spectator,
}

impl Viewer {
    /// The role as the contract names it; the log has none.
    pub fn role(&self) -> pb::ViewerRole {
        match self {
            Self::Log => pb::ViewerRole::Unspecified,
            Self::Gm => pb::ViewerRole::GameMaster,
            Self::Player { user: _ } => pb::ViewerRole::Player,
            Self::Spectator => pb::ViewerRole::Spectator,
        }
    }

    /// Whether nothing is kept from it.
    pub(crate) const fn all_seeing(self) -> bool {
        matches!(self, Self::Log | Self::Gm)
    }

    /// Whether it is this person.
    pub(crate) fn is(self, user: Option<UserId>) -> bool {
        match self {
            Self::Player { user: me } => user == Some(me),
            Self::Log | Self::Gm | Self::Spectator => false,
        }
    }
}

/// What must be known of a creature to tell who may know more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    pub owner: Option<UserId>,
    pub hero: bool,
    pub hidden: bool,
}

/// The creatures of a fight at one moment.
pub(crate) trait Cast {
    fn standing(&self, creature: CreatureId) -> Option<Standing>;
}

impl Cast for crate::rules::state::Combat {
    fn standing(&self, creature: CreatureId) -> Option<Standing> {
        let creature = self.creature(creature)?;
        Some(Standing {
            owner: creature.owner(),
            hero: creature.definition().is_hero(),
            hidden: creature.hidden(),
        })
    }
}

/// A viewer looking at a cast.
#[derive(Clone, Copy)]
pub(crate) struct Eyes<'a> {
    pub viewer: Viewer,
    pub cast: &'a dyn Cast,
}

impl Eyes<'_> {
    /// Whether it may know that the creature is there.
    pub(crate) fn sees(self, creature: CreatureId) -> bool {
        self.viewer.all_seeing()
            || self
                .cast
                .standing(creature)
                .is_some_and(|standing| !standing.hidden || self.viewer.is(standing.owner))
    }

    /// Whether it plays the creature, or is the game master.
    pub(crate) fn owns(self, creature: CreatureId) -> bool {
        self.viewer.all_seeing()
            || self.cast.standing(creature).is_some_and(|s| self.viewer.is(s.owner))
    }

    /// Whether it may know the creature's figures: a hero's are public, a monster's are not.
    pub(crate) fn knows_figures(self, creature: CreatureId) -> bool {
        self.owns(creature) || self.cast.standing(creature).is_some_and(|s| s.hero && !s.hidden)
    }

    /// A creature mentioned beside the one an event is about: its id, or nothing.
    pub(crate) fn mention(self, creature: CreatureId) -> String {
        if self.sees(creature) { creature.to_string() } else { String::new() }
    }

    pub(crate) fn mention_or_none(self, creature: Option<CreatureId>) -> String {
        creature.map(|creature| self.mention(creature)).unwrap_or_default()
    }

    /// Those of a list that it may know of, in their order.
    pub(crate) fn only_seen(self, creatures: &[CreatureId]) -> Vec<String> {
        let seen = creatures.iter().filter(|creature| self.sees(**creature));
        seen.map(ToString::to_string).collect()
    }

    /// When something ends; absent if that would name a creature the viewer may not know of.
    pub(crate) fn until(self, until: Until) -> Option<pb::Until> {
        let named = match until {
            Until::StartOfTurn { of, turns: _ }
            | Until::EndOfTurn { of, turns: _ }
            | Until::TurnsUnlessHarmed { of, turns: _ }
            | Until::Worsens { of, turns: _, save: _, into: _, then: _ } => Some(of),
            Until::Removed
            | Until::SaveEnds { ability: _, dc: _ }
            | Until::Escaped { dc: _ }
            | Until::Healed
            | Until::Contested => None,
        };
        named.is_none_or(|of| self.sees(of)).then(|| until_to(until))
    }

    pub(crate) fn condition(self, active: &ActiveCondition) -> pb::ActiveCondition {
        let ActiveCondition { condition, source, until, level } = active;
        pb::ActiveCondition {
            condition: condition.to_wire(),
            source_id: self.mention_or_none(*source),
            until: self.until(*until),
            level: u32::from(*level),
        }
    }

    pub(crate) fn effect(self, active: &ActiveEffect) -> pb::ActiveEffect {
        let ActiveEffect { kind, source, until, magnitude, suffering } = active;
        pb::ActiveEffect {
            kind: kind.to_wire(),
            source_id: self.mention(*source),
            until: self.until(*until),
            magnitude: u32::from(*magnitude),
            suffering: suffering.map(suffering_to),
        }
    }

    /// A creature as this viewer may see it. Whether it may at all is for the caller to ask.
    pub(crate) fn portrait(self, of: &Portrait<'_>) -> pb::CreatureState {
        let figures = self.knows_figures(of.id);
        let figure = |value: u16| figures.then_some(u32::from(value));
        // Who lies there has none, and who has left stands nowhere, whatever was so before.
        let hit_points = if of.life == Life::Up { of.hit_points } else { 0 };
        let position = of.position.filter(|_| !of.left);
        let (successes, failures) = match of.life {
            Life::Dying { successes, failures } => (Some(successes), Some(failures)),
            Life::Up | Life::Stable | Life::Dead => (None, None),
        };
        let death_save = |count: Option<u8>| count.filter(|_| figures).map(u32::from);
        let own = self.owns(of.id);
        pb::CreatureState {
            id: of.id.to_string(),
            name: of.name.to_owned(),
            side: of.side.to_string(),
            owner_id: text_or_empty(of.owner.map(user_to)),
            title: title(of.definition),
            size: of.definition.size.to_wire(),
            health: health(of.hit_points, of.maximum, of.life).into(),
            life: life_to(of.life).into(),
            hit_points: figure(hit_points),
            hit_points_max: figure(of.maximum),
            temporary_hit_points: figure(of.temporary_hit_points),
            armor_class: figure(u16::from(of.definition.armor_class)),
            death_save_successes: death_save(successes),
            death_save_failures: death_save(failures),
            conditions: of.conditions.iter().map(|active| self.condition(active)).collect(),
            effects: of.effects.iter().map(|active| self.effect(active)).collect(),
            position: position.map(position_to),
            initiative: of.initiative.map(i32::from),
            autopilot: of.autopilot,
            hidden: of.hidden && self.viewer.all_seeing(),
            left: of.left,
            concentrating_on: text_or_empty(of.concentration),
            economy: of.economy.filter(|_| own),
            spent: if own {
                of.spent.iter().map(|(e, n)| use_to(*e, *n)).collect()
            } else {
                vec![]
            },
        }
    }
}

/// Everything a creature's wire state is made of.
#[derive(Debug)]
pub(crate) struct Portrait<'a> {
    pub id: CreatureId,
    pub name: &'a str,
    pub side: SideId,
    pub owner: Option<UserId>,
    pub definition: &'a Definition,
    pub hit_points: u16,
    pub maximum: u16,
    pub temporary_hit_points: u16,
    pub life: Life,
    pub conditions: &'a [ActiveCondition],
    pub effects: &'a [ActiveEffect],
    pub position: Option<Position>,
    pub concentration: Option<Slug>,
    pub initiative: Option<i16>,
    pub autopilot: bool,
    pub hidden: bool,
    pub left: bool,
    pub spent: &'a [(Slug, u8)],
    pub economy: Option<pb::Economy>,
}

impl<'a> Portrait<'a> {
    pub(crate) fn of(creature: &'a Creature, economy: Option<pb::Economy>) -> Self {
        Self {
            id: creature.id(),
            name: creature.name(),
            side: creature.side(),
            owner: creature.owner(),
            definition: creature.definition(),
            hit_points: creature.hit_points(),
            maximum: creature.maximum(),
            temporary_hit_points: creature.temporary_hit_points(),
            life: creature.life(),
            conditions: creature.conditions(),
            effects: creature.effects(),
            position: creature.position(),
            concentration: creature.concentration(),
            initiative: creature.initiative().map(|(roll, _)| roll.total),
            autopilot: creature.autopilot(),
            hidden: creature.hidden(),
            left: creature.left(),
            spent: creature.spent(),
            economy,
        }
    }
}

/// How a creature looks from outside.
pub(crate) fn health(hit_points: u16, maximum: u16, life: Life) -> pb::Health {
    let (now, full) = (u32::from(hit_points), u32::from(maximum));
    match life {
        Life::Dead => pb::Health::Dead,
        Life::Dying { successes: _, failures: _ } | Life::Stable => pb::Health::Down,
        Life::Up if now == 0 => pb::Health::Down,
        Life::Up if now >= full => pb::Health::Healthy,
        Life::Up if now * 4 <= full => pb::Health::Critical,
        Life::Up if now * 2 <= full => pb::Health::Bloodied,
        Life::Up => pb::Health::Injured,
    }
}

pub(crate) fn life_to(life: Life) -> pb::Life {
    match life {
        Life::Up => pb::Life::Up,
        Life::Dying { successes: _, failures: _ } => pb::Life::Dying,
        Life::Stable => pb::Life::Stable,
        Life::Dead => pb::Life::Dead,
    }
}

/// `Fighter 3` or `CR 1/4`.
pub(crate) fn title(definition: &Definition) -> String {
    match &definition.kind {
        Kind::Hero { class, level } => format!("{class} {level}"),
        Kind::Monster { rating_eighths } => match rating_eighths {
            whole if whole.is_multiple_of(8) => format!("CR {}", whole / 8),
            4 => "CR 1/2".to_owned(),
            2 => "CR 1/4".to_owned(),
            eighths => format!("CR {eighths}/8"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn health_falls_by_quarters_and_halves() {
        let seen = |hp| health(hp, 20, Life::Up);
        assert_eq!(seen(20), pb::Health::Healthy);
        assert_eq!(seen(19), pb::Health::Injured);
        assert_eq!(seen(11), pb::Health::Injured);
        assert_eq!(seen(10), pb::Health::Bloodied);
        assert_eq!(seen(6), pb::Health::Bloodied);
        assert_eq!(seen(5), pb::Health::Critical);
        assert_eq!(seen(0), pb::Health::Down);
        assert_eq!(health(0, 20, Life::Stable), pb::Health::Down);
        assert_eq!(health(0, 20, Life::Dead), pb::Health::Dead);
    }
}
