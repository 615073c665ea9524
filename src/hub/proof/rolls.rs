//! The dice in one event of a file: which, where they were drawn, and what was made of them.
//!
//! No wildcard arm: a new event does not compile until somebody has said which dice it shows.

use crate::protocol::pb;
use crate::protocol::pb::action::Deed;
use crate::protocol::pb::combat_event::Event;

/// One roll as a file shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Roll {
    /// In words, such as `attack roll`.
    pub(super) what: &'static str,
    /// Sides and faces, in the order drawn.
    pub(super) dice: Vec<(u32, u32)>,
    pub(super) draw: Option<pb::DiceDraw>,
    /// What does not add up in it.
    pub(super) wrong_sum: Option<String>,
}

/// All rolls of an event, in the order in which it lists them.
pub(super) fn rolls_of(event: &Event) -> Vec<Roll> {
    match event {
        Event::Initiative(it) => initiative(it),
        Event::Action(it) => it.deed.as_ref().map(deed).unwrap_or_default(),
        Event::SavingThrow(it) => d20("saving throw", it.roll.as_ref()),
        Event::DamageTaken(it) => damage(&it.damage),
        Event::Healed(it) => it.rolled.iter().map(|dice| summed("healing", dice)).collect(),
        Event::DeathSave(it) => d20("death saving throw", it.roll.as_ref()),
        Event::Recharge(it) => {
            let (what, dice) = ("recharge", vec![(6, it.face)]);
            vec![Roll { what, dice, draw: it.draw, wrong_sum: None }]
        }
        Event::Initiated(_)
        | Event::Joined(_)
        | Event::TurnStarted(_)
        | Event::StateChange(_)
        | Event::Ended(_)
        | Event::Error(_)
        | Event::Snapshot(_)
        | Event::Left(_)
        | Event::RoundStarted(_)
        | Event::TurnEnded(_)
        | Event::CreatureDown(_)
        | Event::CreatureDied(_)
        | Event::CreatureStabilized(_)
        | Event::CreatureRevived(_)
        | Event::ConcentrationStarted(_)
        | Event::ConcentrationEnded(_)
        | Event::ConditionAdded(_)
        | Event::ConditionRemoved(_)
        | Event::EffectAdded(_)
        | Event::EffectRemoved(_)
        | Event::Prompt(_)
        | Event::PromptAnswered(_)
        | Event::Paused(_)
        | Event::Resumed(_)
        | Event::Undone(_)
        | Event::Redone(_)
        | Event::Bookmark(_)
        | Event::Hidden(_)
        | Event::DiceCommitted(_)
        | Event::DiceRevealed(_)
        | Event::Options(_)
        | Event::OrderSet(_)
        | Event::Moved(_)
        | Event::Withstood(_)
        | Event::MaximumReduced(_)
        | Event::Resisted(_)
        | Event::Transferred(_) => Vec::new(),
    }
}

fn deed(deed: &Deed) -> Vec<Roll> {
    match deed {
        Deed::Attack(it) => {
            let mut rolls = d20("attack roll", it.roll.as_ref());
            rolls.extend(damage(&it.damage));
            rolls
        }
        Deed::Special(it) => it.rolled.iter().map(|dice| summed("damage", dice)).collect(),
        Deed::Hide(it) => d20("check to hide", it.roll.as_ref()),
        Deed::Stabilize(it) => d20("check to stabilize", it.roll.as_ref()),
        Deed::Escape(it) => {
            let mut rolls = d20("check to escape", it.roll.as_ref());
            rolls.extend(d20("check to hold on", it.holder_roll.as_ref()));
            rolls
        }
        Deed::Inquire(it) => d20("check", it.roll.as_ref()),
        Deed::Grapple(it) => contest(it.contest.as_ref()),
        Deed::Shove(it) => contest(it.contest.as_ref()),
        Deed::Dash(_)
        | Deed::Disengage(_)
        | Deed::Dodge(_)
        | Deed::Help(_)
        | Deed::Ready(_)
        | Deed::StandUp(_)
        | Deed::DropProne(_)
        | Deed::Retreat(_)
        | Deed::Assist(_)
        | Deed::UseObject(_)
        | Deed::StopConcentrating(_)
        | Deed::LetGo(_) => Vec::new(),
    }
}

fn initiative(it: &pb::Initiative) -> Vec<Roll> {
    let mut rolls = d20("initiative", it.roll.as_ref());
    for (place, face) in it.tie_break.iter().enumerate() {
        let (what, dice) = ("roll-off", vec![(20, *face)]);
        let draw = it.tie_break_draws.get(place).copied();
        rolls.push(Roll { what, dice, draw, wrong_sum: None });
    }
    rolls
}

fn contest(contest: Option<&pb::Contest>) -> Vec<Roll> {
    let Some(contest) = contest else { return Vec::new() };
    let mut rolls = d20("contest", contest.roll.as_ref());
    rolls.extend(d20("contest", contest.other_roll.as_ref()));
    rolls
}

fn d20(what: &'static str, roll: Option<&pb::D20Roll>) -> Vec<Roll> {
    // Without a face it failed by itself, and no die was touched.
    let Some(roll) = roll.filter(|roll| !roll.faces.is_empty()) else { return Vec::new() };
    let faces = roll.faces.iter().map(|face| (20, *face));
    let extra = roll.extra_dice.iter().map(|die| (die.sides, die.face));
    let (dice, wrong_sum) = (faces.chain(extra).collect(), wrong_d20(roll));
    vec![Roll { what, dice, draw: roll.draw, wrong_sum }]
}

fn wrong_d20(roll: &pb::D20Roll) -> Option<String> {
    let kept = match roll.mode() {
        pb::RollMode::Advantage => roll.faces.iter().max(),
        pb::RollMode::Disadvantage => roll.faces.iter().min(),
        pb::RollMode::Normal | pb::RollMode::Unspecified => roll.faces.first(),
    };
    if kept.is_some_and(|kept| *kept != roll.kept) {
        let kept = kept.copied().unwrap_or_default();
        return Some(format!("{} counts where {kept} should", roll.kept));
    }
    let extra: i64 = roll.extra_dice.iter().map(|die| i64::from(die.face)).sum();
    let total = i64::from(roll.kept) + i64::from(roll.bonus) + extra;
    let stated = i64::from(roll.total);
    (stated != total).then(|| format!("the total is {stated} where {total} is right"))
}

fn damage(damage: &[pb::DamageDealt]) -> Vec<Roll> {
    damage.iter().filter_map(|part| part.rolled.as_ref()).map(|it| summed("damage", it)).collect()
}

fn summed(what: &'static str, dice: &pb::DiceRolled) -> Roll {
    let sum: i64 = dice.faces.iter().map(|face| i64::from(*face)).sum();
    let total = (sum + i64::from(dice.bonus)).max(0);
    let stated = i64::from(dice.total);
    let wrong_sum =
        (stated != total).then(|| format!("the total is {stated} where {total} is right"));
    let faces = dice.faces.iter().map(|face| (dice.sides, *face));
    Roll { what, dice: faces.collect(), draw: dice.draw, wrong_sum }
}
