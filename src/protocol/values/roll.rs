//! Rolls on the wire: every face, what was added, and why.
//!
//! Nothing is computed here: what was rolled is shown as it was rolled.

use super::number;
use crate::protocol::malformed::{Inside, Malformed};
use crate::protocol::pb;
use crate::protocol::values::needed;
use crate::protocol::words::{Word, word, words};
use crate::rules::event::{Contest, D20Roll, DamageDealt, DiceRolled, Reason};

pub(crate) fn d20_to(roll: &D20Roll) -> pb::D20Roll {
    let D20Roll { faces, mode, kept, bonus, total, advantages, disadvantages, extra_dice } = roll;
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
    })
}

pub(crate) fn contest_to(contest: &Contest) -> pb::Contest {
    let Contest { rolls, success } = contest;
    let (roll, other_roll) =
        rolls.as_ref().map(|(own, other)| (d20_to(own), d20_to(other))).unzip();
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

pub(crate) fn dice_rolled_to(dice: &DiceRolled) -> pb::DiceRolled {
    let DiceRolled { sides, faces, bonus, total } = dice;
    pb::DiceRolled {
        sides: u32::from(*sides),
        faces: faces.iter().map(|face| u32::from(*face)).collect(),
        bonus: i32::from(*bonus),
        total: u32::from(*total),
    }
}

pub(crate) fn dice_rolled_of(dice: &pb::DiceRolled) -> Result<DiceRolled, Malformed> {
    Ok(DiceRolled {
        sides: number(dice.sides, "sides")?,
        faces: dice.faces.iter().map(|face| number(*face, "faces")).collect::<Result<_, _>>()?,
        bonus: number(dice.bonus, "bonus")?,
        total: number(dice.total, "total")?,
    })
}

pub(crate) fn damage_to(damage: &[DamageDealt]) -> Vec<pb::DamageDealt> {
    damage
        .iter()
        .map(|DamageDealt { kind, rolled, adjustment, dealt }| pb::DamageDealt {
            kind: kind.to_wire(),
            rolled: Some(dice_rolled_to(rolled)),
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
