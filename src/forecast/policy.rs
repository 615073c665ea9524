//! Creatures that do one and the same thing every turn: so many attack rolls at the first enemy that
//! stands, and nothing else.
//!
//! What they are stripped of is stripped from their figures before the fight, so that the rules that
//! play them are the rules of every fight.

use crate::rules::creature::{
    Attack, Cost, Definition, Draft, Multiattack, MultiattackStep, Rider, Uses, Weapon,
};
use crate::rules::event::RollMode;
use crate::rules::id::{CreatureId, Slug};
use crate::rules::intent::{Action, Intent};
use crate::rules::state::{Combat, Creature};

use super::play::stands;

/// Most attack rolls in one turn.
pub const POLICY_TIMES_MAX: u8 = 20;

/// What a creature does every turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    pub attack: Slug,
    /// Attack rolls a turn.
    pub times: u8,
    /// How each of them is rolled, whatever the circumstances.
    pub mode: RollMode,
}

/// The creature with that attack alone: no traits, no specials, no other attacks, and of what a hit
/// brings nothing but damage. `None` if it has no such attack.
pub fn only_attack(definition: &Definition, policy: &Policy) -> Option<Definition> {
    let attack = definition.attack(policy.attack)?.clone();
    let id = attack.id;
    let riders = attack.riders.iter().filter(|rider| matches!(rider, Rider::SaveDamage { .. }));
    let riders = riders.copied().collect();
    let (uses, cost) = (Uses::AtWill, Cost::Action);
    let (weapon, light, advantage) = (Weapon::default(), false, None);
    let attack = Attack { advantage, riders, uses, cost, light, weapon, ..attack };
    let count = policy.times.clamp(1, POLICY_TIMES_MAX);
    let steps = vec![MultiattackStep { count, any_of: vec![id] }];
    Some(Definition::remembered(Draft {
        attacks: vec![attack],
        multiattack: vec![Multiattack { steps }],
        specials: Vec::new(),
        traits: Vec::new(),
        legendary_actions: 0,
        spell_lists: Vec::new(),
        ..definition.clone().into_draft()
    }))
}

/// The next attack roll, or the end of the turn.
pub(super) fn next(combat: &Combat, id: CreatureId, policy: &Policy) -> Intent {
    let end = Intent::EndTurn { creature: id };
    let Some(me) = combat.creature(id) else { return end };
    let made = me.economy().multiattack.len();
    let enemy = combat.creatures().iter().find(|it| stands(it) && is_enemy(me, it));
    match enemy.filter(|_| made < usize::from(policy.times)) {
        Some(enemy) => {
            let (attack, target) = (policy.attack, enemy.id());
            let action = Action::Attack { attack, target, mode: Some(policy.mode) };
            Intent::Act { creature: id, action }
        }
        None => end,
    }
}

fn is_enemy(me: &Creature, other: &Creature) -> bool {
    other.side() != me.side() && !other.hidden()
}
