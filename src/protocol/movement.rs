//! How far a creature can still go this turn, as its owner is shown.
//!
//! Shown only: whether a move is allowed is for the rules to say.

use crate::rules::condition::Condition;
use crate::rules::creature::EffectKind;
use crate::rules::state::Creature;

/// Conditions that take all movement (SRD 5.2.1, Rules Glossary > Conditions).
const HOLDING: [Condition; 6] = [
    Condition::Grappled,
    Condition::Paralyzed,
    Condition::Petrified,
    Condition::Restrained,
    Condition::Stunned,
    Condition::Unconscious,
];
/// Feet that each level of exhaustion takes (SRD 5.2.1, Rules Glossary > Exhaustion).
const EXHAUSTION_FEET: u16 = 5;

/// Feet of movement left this turn: the best speed above ground, with dashes, less what was moved.
pub(super) fn movement_left(creature: &Creature) -> u16 {
    if HOLDING.into_iter().any(|condition| creature.has(condition)) {
        return 0;
    }
    let speeds = creature.definition().speeds;
    let slowed = creature
        .effects()
        .iter()
        .filter(|effect| effect.kind == EffectKind::Slowed)
        .fold(0_u16, |sum, effect| sum.saturating_add(effect.magnitude));
    let tired = creature
        .conditions()
        .iter()
        .filter(|active| active.condition == Condition::Exhaustion)
        .fold(0_u16, |sum, active| {
            sum.saturating_add(u16::from(active.level).saturating_mul(EXHAUSTION_FEET))
        });
    let speed = speeds.walk.max(speeds.fly).saturating_sub(slowed).saturating_sub(tired);
    let economy = creature.economy();
    speed.saturating_add(economy.dash_feet).saturating_sub(economy.moved_feet)
}
