//! Whether the terms of an attack or a special are met as things stand: whom it concerns, and when a
//! part of it counts.
//!
//! Nothing is rolled or refused here; what only a roll can tell is for whoever rolled to add.

use crate::rules::creature::{SetOff, Special, When, Whom};
use crate::rules::geometry::{space_of, straight_run_feet};
use crate::rules::state::{Combat, Creature};

impl Combat {
    /// Whether a term holds between an attacker and its target, as far as no roll decides it.
    pub(in crate::rules) fn holds(&self, when: When, by: &Creature, target: &Creature) -> bool {
        let charged = |feet: u16| {
            space_of(by).zip(space_of(target)).is_some_and(|(own, theirs)| {
                straight_run_feet(own, &by.economy.path, theirs) >= feet
            })
        };
        match when {
            When::Always => true,
            When::Charged { feet } => charged(feet),
            When::Uncharged { feet } => !charged(feet),
            When::TargetInjured => target.hit_points < target.maximum(),
            When::TargetBloodied => target.bloodied(),
            When::AttackerBloodied => by.bloodied(),
            When::AttackerUnbloodied => !by.bloodied(),
            When::TargetHeld => target.held_by(by.id),
            When::TargetHas(condition) => target.has(condition),
            When::TargetIs(kinds) => {
                target.definition.creature_kind().is_some_and(|kind| kinds.contains(kind))
            }
            When::TargetIsNot(kinds) => {
                target.definition.creature_kind().is_none_or(|kind| !kinds.contains(kind))
            }
            When::FirstRound => self.round <= 1,
            When::WhileEffect(kind) => by.affected(kind),
            When::TargetBears(kind) => {
                target.effects.iter().any(|it| it.kind == kind && it.source == by.id)
            }
            When::AttackHadAdvantage | When::SneakAttack | When::FailedBy(_) => false,
        }
    }
}

/// Whether a special of `user` concerns that creature at all.
pub(in crate::rules) fn concerns(user: &Creature, special: &Special, target: &Creature) -> bool {
    let Whom { enemies_only, max_size, only, spared, having, from_user } = special.terms.whom;
    let kind = target.definition.creature_kind();
    let in_state = having.is_empty()
        || target.conditions.iter().any(|active| {
            having.contains(active.condition) && (!from_user || active.source == Some(user.id))
        });
    in_state
        && (!enemies_only || target.side != user.side)
        && max_size.is_none_or(|largest| target.definition.size <= largest)
        && (only.is_empty() || kind.is_some_and(|kind| only.contains(kind)))
        && kind.is_none_or(|kind| !spared.contains(kind))
}

/// Whether somebody who could be caught in a special of `user` is spared what it does.
pub(in crate::rules) fn is_spared(user: &Creature, special: &Special, target: &Creature) -> bool {
    let automatic = special.terms.set_off != SetOff::Chosen && target.id == user.id;
    automatic || target.withstands(user.id, special.id) || !concerns(user, special, target)
}
