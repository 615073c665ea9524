//! The sentences in which a refusal of the rules reaches a person.

use crate::rules::creature::Cost;
use crate::rules::illegal::{Illegal, Phase};

fn cost_name(cost: Cost) -> &'static str {
    match cost {
        Cost::Action => "action",
        Cost::BonusAction => "bonus action",
        Cost::Reaction => "reaction",
        Cost::Free => "free action",
        Cost::Legendary => "legendary action",
    }
}

fn phase_sentence(phase: Phase) -> &'static str {
    match phase {
        Phase::Unopened => "the fight has not been opened yet",
        Phase::Gathering => "the fight has not begun: the game master begins it",
        Phase::Running => "the fight has already begun",
        Phase::Paused => "the fight is paused: the game master resumes it",
        Phase::Ended => "the fight is over",
    }
}

/// One sentence saying why not and, where it helps, what would be possible.
#[allow(clippy::too_many_lines, reason = "one line for each refusal: a table, not logic")]
pub(super) fn illegal(illegal: &Illegal) -> String {
    match illegal {
        Illegal::WrongPhase { phase } => phase_sentence(*phase).to_owned(),
        Illegal::AlreadyInitiated => "the fight is already open".to_owned(),
        Illegal::NoSuchCreature { .. } => "there is no such creature in this fight".to_owned(),
        Illegal::DuplicateCreature { .. } => "that creature is already in the fight".to_owned(),
        Illegal::NameTooLong { max_chars } => {
            format!("the name is too long: at most {max_chars} characters")
        }
        Illegal::NameEmpty => "the name is empty".to_owned(),
        Illegal::TooManyCreatures { max } => format!("a fight holds at most {max} creatures"),
        Illegal::NobodyToFight => {
            "a fight needs creatures on two sides: let players join and add monsters".to_owned()
        }
        Illegal::HasLeft { .. } => "that creature has left the fight".to_owned(),
        Illegal::NotItsMoment => {
            "legendary actions are taken right after somebody else's turn".to_owned()
        }
        Illegal::NotYourTurn { .. } => "it is not this creature's turn".to_owned(),
        Illegal::InitiativeAlreadyRolled => "initiative is already rolled".to_owned(),
        Illegal::BadOrder => {
            "the order must name every creature of the fight exactly once".to_owned()
        }
        Illegal::Dead => "it is dead".to_owned(),
        Illegal::Unconscious => "it is unconscious".to_owned(),
        Illegal::Incapacitated { by } => format!("it cannot act: {}", by.name()),
        Illegal::NoSuchAttack => "it has no such attack".to_owned(),
        Illegal::NoSuchSpecial => "it has no such special action".to_owned(),
        Illegal::CostSpent { cost } => format!("its {} is already used", cost_name(*cost)),
        Illegal::NotInMultiattack => {
            "this attack is not part of what is left of its action".to_owned()
        }
        Illegal::NoUsesLeft => "no uses are left".to_owned(),
        Illegal::NotRecharged => "it has not recharged yet".to_owned(),
        Illegal::TargetSelf => "it cannot target itself with this".to_owned(),
        Illegal::TargetDead => "the target is already dead".to_owned(),
        Illegal::TargetLeft => "the target has left the fight".to_owned(),
        Illegal::TargetIsAlly => "the target is an ally".to_owned(),
        Illegal::TargetUnseen => "the target cannot be seen".to_owned(),
        Illegal::NotConcerned => {
            "this is not for that target: its kind, size, side or condition is not the right one"
                .to_owned()
        }
        Illegal::WrongTargetCount { min, max } => format!("choose {min} to {max} targets"),
        Illegal::AimNeeded => "choose a square to aim at".to_owned(),
        Illegal::OutOfReach { distance_feet, reach_feet } => {
            format!("out of reach: {distance_feet} feet away, reach is {reach_feet}")
        }
        Illegal::OutOfRange { distance_feet, range_feet } => {
            format!("out of range: {distance_feet} feet away, range is {range_feet}")
        }
        Illegal::NoLineOfSight => "there is no line of sight".to_owned(),
        Illegal::TotalCover => "the target is behind total cover".to_owned(),
        Illegal::NoMap => "this fight has no map".to_owned(),
        Illegal::OffTheMap => "that square is not on the map".to_owned(),
        Illegal::Blocked => "that square is taken or blocked".to_owned(),
        Illegal::NoWay => "there is no way there".to_owned(),
        Illegal::NotEnoughMovement { needed_feet, left_feet } => {
            format!("that needs {needed_feet} feet of movement, {left_feet} are left")
        }
        Illegal::SpeedZero { by: Some(condition) } => {
            format!("its speed is 0: {}", condition.name())
        }
        Illegal::SpeedZero { by: None } => "its speed is 0".to_owned(),
        Illegal::PathBroken => "each square of the path must touch the one before".to_owned(),
        Illegal::FrightenedOfTarget => "it is too frightened to go nearer".to_owned(),
        Illegal::CharmedByTarget => "it is charmed by the target and cannot attack it".to_owned(),
        Illegal::NotProne => "it is not prone".to_owned(),
        Illegal::AlreadyProne => "it is already prone".to_owned(),
        Illegal::NothingToEscape => "nothing holds it".to_owned(),
        Illegal::NothingReadied => "nothing is readied".to_owned(),
        Illegal::NotDying => "the target is not dying".to_owned(),
        Illegal::CannotHideHere => "it cannot hide where an enemy sees it".to_owned(),
        Illegal::HealingPrevented => "the target cannot regain hit points now".to_owned(),
        Illegal::NothingToHeal => "the target has all its hit points".to_owned(),
        Illegal::PromptOpen { .. } => "a decision is awaited first".to_owned(),
        Illegal::NoSuchPrompt { .. } => "that decision is no longer awaited".to_owned(),
        Illegal::NotPaused => "the fight is not paused".to_owned(),
        Illegal::AlreadyPaused => "the fight is already paused".to_owned(),
        Illegal::HitPointsOverMaximum { maximum } => {
            format!("its hit point maximum is {maximum}")
        }
        Illegal::ConditionImmune { condition } => format!("it is immune: {}", condition.name()),
        Illegal::WouldPrompt => {
            "this would ask somebody for a decision, so it cannot be part of a batch".to_owned()
        }
        Illegal::BadMap { max_side } => {
            format!("the map needs 1 to {max_side} squares along each side, and all of them")
        }
        Illegal::NothingToDo => "that would change nothing".to_owned(),
        Illegal::TargetTooLarge => "the target is more than one size larger".to_owned(),
        Illegal::HandsFull { max } => format!("it holds {max} creatures already"),
        Illegal::NotHeld => "it does not hold that creature".to_owned(),
        Illegal::NotMelee => "only a melee attack can do that".to_owned(),
        Illegal::NotLoaded => "the weapon shoots once with each action".to_owned(),
        Illegal::Surprised => "it is surprised: its first turn is lost".to_owned(),
        Illegal::SkillDoesNotFit => "such a check is not made with that skill".to_owned(),
        Illegal::NotProficient => "it is not proficient with that skill".to_owned(),
        Illegal::NotConcentrating => "it concentrates on nothing".to_owned(),
        Illegal::TooDeep => "too many decisions are already open".to_owned(),
    }
}
