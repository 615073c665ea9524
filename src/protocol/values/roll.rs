//! Rolls on the wire: every face, what was added, and why.
//!
//! Nothing is computed here: what was rolled is shown as it was rolled. How many hidden dice there
//! were is shown to nobody who may not see them.

use super::number;
use crate::protocol::malformed::{Fault, Inside, Malformed};
use crate::protocol::pb;
use crate::protocol::values::needed;
use crate::protocol::visibility::Viewer;
use crate::protocol::words::{Word, word, words};
use crate::rules::event::{
    Contest, D20Roll, DamageDealt, DiceRolled, DiceStream, DrawnAt, Reason, Role,
};

/// Where a roll begins. Hidden dice are numbered for the game master alone: the numbers tell how
/// many of them there were.
pub(crate) fn drawn_at_to(at: DrawnAt, viewer: Viewer) -> pb::DiceDraw {
    let DrawnAt { stream, first } = at;
    let numbered = match stream {
        DiceStream::Public => true,
        DiceStream::Hidden => viewer.all_seeing(),
    };
    pb::DiceDraw { stream: stream.to_wire(), first: numbered.then_some(first) }
}

pub(crate) fn drawn_at_of(at: &pb::DiceDraw) -> Result<DrawnAt, Malformed> {
    Ok(DrawnAt { stream: word(at.stream, "stream")?, first: needed(at.first, "first")? })
}

pub(crate) fn d20_to(roll: &D20Roll, viewer: Viewer) -> pb::D20Roll {
    let D20Roll {
        faces,
        mode,
        kept,
        bonus,
        total,
        advantages,
        disadvantages,
        extra_dice,
        drawn_at,
    } = roll;
    let reasons = |list: &[Reason]| list.iter().map(|reason| reason.to_wire()).collect();
    pb::D20Roll {
        faces: faces.iter().map(|face| u32::from(*face)).collect(),
        mode: mode.to_wire(),
        kept: u32::from(*kept),
        bonus: i32::from(*bonus),
        total: i32::from(*total),
        advantages: reasons(advantages),
        disadvantages: reasons(disadvantages),
        extra_dice: extra_dice
            .iter()
            .map(|(sides, face)| pb::d20_roll::ExtraDie {
                sides: u32::from(*sides),
                face: u32::from(*face),
            })
            .collect(),
        draw: drawn_at.map(|at| drawn_at_to(at, viewer)),
    }
}

pub(crate) fn d20_of(roll: &pb::D20Roll) -> Result<D20Roll, Malformed> {
    Ok(D20Roll {
        faces: roll.faces.iter().map(|face| number(*face, "faces")).collect::<Result<_, _>>()?,
        mode: word(roll.mode, "mode")?,
        kept: number(roll.kept, "kept")?,
        bonus: number(roll.bonus, "bonus")?,
        total: number(roll.total, "total")?,
        advantages: words(&roll.advantages, "advantages")?,
        disadvantages: words(&roll.disadvantages, "disadvantages")?,
        extra_dice: roll
            .extra_dice
            .iter()
            .map(|die| Ok((number(die.sides, "sides")?, number(die.face, "face")?)))
            .collect::<Result<_, Malformed>>()
            .inside("extra_dice")?,
        drawn_at: roll.draw.as_ref().map(drawn_at_of).transpose().inside("draw")?,
    })
}

pub(crate) fn contest_to(contest: &Contest, viewer: Viewer) -> pb::Contest {
    let Contest { rolls, success } = contest;
    let shown = rolls.as_ref().map(|(own, other)| (d20_to(own, viewer), d20_to(other, viewer)));
    let (roll, other_roll) = shown.unzip();
    pb::Contest { roll, other_roll, success: *success }
}

pub(crate) fn contest_of(contest: &pb::Contest) -> Result<Contest, Malformed> {
    let rolls = match (&contest.roll, &contest.other_roll) {
        (Some(own), Some(other)) => {
            Some((d20_of(own).inside("roll")?, d20_of(other).inside("other_roll")?))
        }
        (None, None) => None,
        (None, Some(_)) => return Err(Malformed::absent("roll")),
        (Some(_), None) => return Err(Malformed::absent("other_roll")),
    };
    Ok(Contest { rolls, success: contest.success })
}

pub(crate) fn role_to(role: Role) -> pb::AttackRole {
    match role {
        Role::Plain => pb::AttackRole::Unspecified,
        Role::OffHand => pb::AttackRole::OffHand,
        Role::Nick => pb::AttackRole::Nick,
        Role::Cleave => pb::AttackRole::Cleave,
    }
}

/// An attack that says nothing about itself is one like any other.
pub(crate) fn role_of(role: i32) -> Result<Role, Malformed> {
    match pb::AttackRole::try_from(role) {
        Ok(pb::AttackRole::Unspecified) => Ok(Role::Plain),
        Ok(pb::AttackRole::OffHand) => Ok(Role::OffHand),
        Ok(pb::AttackRole::Nick) => Ok(Role::Nick),
        Ok(pb::AttackRole::Cleave) => Ok(Role::Cleave),
        Err(_) => Err(Malformed {
            fault: Fault::Unknown,
            ..Malformed::wrong("role", "must be one of the roles that an attack can have")
        }),
    }
}

pub(crate) fn dice_rolled_to(dice: &DiceRolled, viewer: Viewer) -> pb::DiceRolled {
    let DiceRolled { sides, faces, bonus, total, drawn_at } = dice;
    pb::DiceRolled {
        sides: u32::from(*sides),
        faces: faces.iter().map(|face| u32::from(*face)).collect(),
        bonus: i32::from(*bonus),
        total: u32::from(*total),
        draw: drawn_at.map(|at| drawn_at_to(at, viewer)),
    }
}

pub(crate) fn dice_rolled_of(dice: &pb::DiceRolled) -> Result<DiceRolled, Malformed> {
    Ok(DiceRolled {
        sides: number(dice.sides, "sides")?,
        faces: dice.faces.iter().map(|face| number(*face, "faces")).collect::<Result<_, _>>()?,
        bonus: number(dice.bonus, "bonus")?,
        total: number(dice.total, "total")?,
        drawn_at: dice.draw.as_ref().map(drawn_at_of).transpose().inside("draw")?,
    })
}

pub(crate) fn damage_to(damage: &[DamageDealt], viewer: Viewer) -> Vec<pb::DamageDealt> {
    damage
        .iter()
        .map(|DamageDealt { kind, rolled, adjustment, dealt }| pb::DamageDealt {
            kind: kind.to_wire(),
            rolled: Some(dice_rolled_to(rolled, viewer)),
            adjustment: adjustment.to_wire(),
            dealt: u32::from(*dealt),
        })
        .collect()
}

pub(crate) fn damage_of(damage: &[pb::DamageDealt]) -> Result<Vec<DamageDealt>, Malformed> {
    let one = |dealt: &pb::DamageDealt| -> Result<DamageDealt, Malformed> {
        Ok(DamageDealt {
            kind: word(dealt.kind, "kind")?,
            rolled: dice_rolled_of(needed(dealt.rolled.as_ref(), "rolled")?).inside("rolled")?,
            adjustment: word(dealt.adjustment, "adjustment")?,
            dealt: number(dealt.dealt, "dealt")?,
        })
    };
    damage.iter().enumerate().map(|(index, dealt)| one(dealt).inside_nth("damage", index)).collect()
}
