//! Fights that nobody can win: when it is no fault of the tactics that a fight does not end.
//!
//! Somebody behind walls too narrow for a giant, with nothing but fire against one whom fire does
//! not harm, waits for ever and is waited for. That is the whole of it: where anybody could still
//! hurt anybody, a fight must end.

use skirmish::rules::condition::{Condition, Until};
use skirmish::rules::creature::{AreaShape, Cost, DamagePart, Reach, SpecialEffect, Uses};
use skirmish::rules::geometry::{space_of, way_beside};
use skirmish::rules::state::{Combat, Creature, Life};

/// Whether no standing creature can ever hurt an enemy that stands.
pub(super) fn nobody_can_hurt_anybody(combat: &Combat) -> bool {
    let standing = || combat.creatures().iter().filter(|c| c.present() && c.life() == Life::Up);
    standing().all(|one| {
        standing()
            .filter(|other| {
                other.side() != one.side() && !charms(other, one) && !closes_wounds(other)
            })
            .all(|other| !strikes(combat, one, other) && !blasts(combat, one, other))
    })
}

/// Whether it regenerates, and is whole again after all those rounds: wounds that close as fast as
/// they are dealt are no harm.
fn closes_wounds(other: &Creature) -> bool {
    other.definition().regeneration().is_some() && other.hit_points() == other.maximum()
}

/// Whether `other` has charmed `one` until somebody undoes it: then it is not struck.
fn charms(other: &Creature, one: &Creature) -> bool {
    one.conditions().iter().any(|on| {
        on.condition == Condition::Charmed
            && on.source == Some(other.id())
            && on.until == Until::Removed
    })
}

/// With an attack that does not run out.
fn strikes(combat: &Combat, one: &Creature, other: &Creature) -> bool {
    one.definition().attacks.iter().any(|attack| {
        let lasting = attack.uses == Uses::AtWill && attack.cost == Cost::Action;
        let far = attack.range.map(|range| range.long);
        lasting
            && harms(&attack.damage, other)
            && gets_within(combat, one, other, far.or(attack.reach))
    })
}

/// With a special that does not run out.
fn blasts(combat: &Combat, one: &Creature, other: &Creature) -> bool {
    one.definition().specials.iter().any(|special| {
        let (SpecialEffect::Save { damage, .. } | SpecialEffect::AutoDamage { damage }) =
            &special.effect
        else {
            return false;
        };
        let lasting = matches!(special.uses, Uses::AtWill | Uses::Recharge { .. });
        let feet = match special.reach {
            Reach::Own => None,
            Reach::Creatures { feet, .. } => Some(feet),
            Reach::Area { shape, range } => Some(range + length_feet(shape)),
        };
        lasting && harms(damage, other) && gets_within(combat, one, other, feet)
    })
}

fn length_feet(shape: AreaShape) -> u16 {
    match shape {
        AreaShape::Cone { length } | AreaShape::Line { length, .. } => length,
        AreaShape::Sphere { radius }
        | AreaShape::Emanation { radius }
        | AreaShape::Cylinder { radius } => radius,
        AreaShape::Cube { side } => side,
    }
}

fn harms(damage: &[DamagePart], other: &Creature) -> bool {
    damage.iter().any(|part| !other.definition().immunities.contains(part.kind))
}

/// Whether it can walk to within so many feet, however long it takes.
fn gets_within(combat: &Combat, one: &Creature, other: &Creature, feet: Option<u16>) -> bool {
    let Some((feet, theirs)) = feet.zip(space_of(other)) else { return feet.is_some() };
    way_beside(combat, one, theirs, feet, 0).is_some()
}
