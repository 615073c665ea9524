//! Every reason why a wish is refused, each with a stable code that tests, clients and people see.

use super::condition::Condition;
use super::creature::Cost;
use super::id::{CreatureId, PromptId};

/// Where a fight is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Phase {
    /// Before its first event.
    #[default]
    Unopened,
    /// Creatures gather.
    Gathering,
    /// Turns are taken.
    Running,
    /// Nothing goes on until it is resumed.
    Paused,
    Ended,
}

/// A refusal. The words for people are made of it by each surface; the code is the same everywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Illegal {
    WrongPhase {
        phase: Phase,
    },
    AlreadyInitiated,
    NoSuchCreature {
        creature: CreatureId,
    },
    DuplicateCreature {
        creature: CreatureId,
    },
    NameTooLong {
        max_chars: usize,
    },
    NameEmpty,
    TooManyCreatures {
        max: usize,
    },
    NobodyToFight,
    HasLeft {
        creature: CreatureId,
    },
    /// Legendary actions are taken when somebody else's turn has ended, and it is asked.
    NotItsMoment,
    NotYourTurn {
        current: Option<CreatureId>,
    },
    InitiativeAlreadyRolled,
    BadOrder,
    Dead,
    Unconscious,
    Incapacitated {
        by: Condition,
    },
    NoSuchAttack,
    NoSuchSpecial,
    /// The action, bonus action, reaction or multiattack allowance is spent.
    CostSpent {
        cost: Cost,
    },
    /// Not part of the multiattack that was begun.
    NotInMultiattack,
    NoUsesLeft,
    NotRecharged,
    TargetSelf,
    TargetDead,
    TargetLeft,
    TargetIsAlly,
    TargetUnseen,
    /// The special is for others: of another kind, size, side or condition.
    NotConcerned,
    WrongTargetCount {
        min: usize,
        max: usize,
    },
    AimNeeded,
    OutOfReach {
        distance_feet: u16,
        reach_feet: u16,
    },
    OutOfRange {
        distance_feet: u16,
        range_feet: u16,
    },
    NoLineOfSight,
    TotalCover,
    NoMap,
    OffTheMap,
    Blocked,
    NoWay,
    NotEnoughMovement {
        needed_feet: u16,
        left_feet: u16,
    },
    SpeedZero {
        by: Option<Condition>,
    },
    PathBroken,
    FrightenedOfTarget,
    CharmedByTarget,
    NotProne,
    AlreadyProne,
    NothingToEscape,
    NothingReadied,
    NotDying,
    CannotHideHere,
    HealingPrevented,
    NothingToHeal,
    PromptOpen {
        prompt: PromptId,
    },
    NoSuchPrompt {
        prompt: PromptId,
    },
    NotPaused,
    AlreadyPaused,
    HitPointsOverMaximum {
        maximum: u16,
    },
    ConditionImmune {
        condition: Condition,
    },
    WouldPrompt,
    /// A map without squares, or with a side too long, or with too few or too many squares.
    BadMap {
        max_side: u8,
    },
    /// It would change nothing.
    NothingToDo,
    TooDeep,
    /// More than one size larger than whoever would seize or shove it.
    TargetTooLarge,
    /// Both hands hold somebody already.
    HandsFull {
        max: usize,
    },
    /// The creature does not hold the target.
    NotHeld,
    /// Only a melee attack can do that.
    NotMelee,
    /// The weapon was shot with this action already.
    NotLoaded,
    /// Caught unawares: its first turn is lost.
    Surprised,
    /// Such a check is not made with that skill.
    SkillDoesNotFit,
    /// Only who is proficient with the skill can help with it.
    NotProficient,
    NotConcentrating,
}

macro_rules! codes {
    ($($variant:ident => $code:literal),+ $(,)?) => {
        impl Illegal {
            /// The stable code: lower case, never renamed, never reused.
            pub const fn code(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $code),+ }
            }

            /// Every code there is, in the order of the list.
            pub const CODES: &'static [&'static str] = &[$($code),+];
        }
    };
}

codes! {
    WrongPhase => "wrong_phase",
    AlreadyInitiated => "already_initiated",
    NoSuchCreature => "no_such_creature",
    DuplicateCreature => "duplicate_creature",
    NameTooLong => "name_too_long",
    NameEmpty => "name_empty",
    TooManyCreatures => "too_many_creatures",
    NobodyToFight => "nobody_to_fight",
    HasLeft => "has_left",
    NotItsMoment => "not_its_moment",
    NotYourTurn => "not_your_turn",
    InitiativeAlreadyRolled => "initiative_already_rolled",
    BadOrder => "bad_order",
    Dead => "dead",
    Unconscious => "unconscious",
    Incapacitated => "incapacitated",
    NoSuchAttack => "no_such_attack",
    NoSuchSpecial => "no_such_special",
    CostSpent => "cost_spent",
    NotInMultiattack => "not_in_multiattack",
    NoUsesLeft => "no_uses_left",
    NotRecharged => "not_recharged",
    TargetSelf => "target_self",
    TargetDead => "target_dead",
    TargetLeft => "target_left",
    TargetIsAlly => "target_is_ally",
    TargetUnseen => "target_unseen",
    NotConcerned => "not_concerned",
    WrongTargetCount => "wrong_target_count",
    AimNeeded => "aim_needed",
    OutOfReach => "out_of_reach",
    OutOfRange => "out_of_range",
    NoLineOfSight => "no_line_of_sight",
    TotalCover => "total_cover",
    NoMap => "no_map",
    OffTheMap => "off_the_map",
    Blocked => "blocked",
    NoWay => "no_way",
    NotEnoughMovement => "not_enough_movement",
    SpeedZero => "speed_zero",
    PathBroken => "path_broken",
    FrightenedOfTarget => "frightened_of_target",
    CharmedByTarget => "charmed_by_target",
    NotProne => "not_prone",
    AlreadyProne => "already_prone",
    NothingToEscape => "nothing_to_escape",
    NothingReadied => "nothing_readied",
    NotDying => "not_dying",
    CannotHideHere => "cannot_hide_here",
    HealingPrevented => "healing_prevented",
    NothingToHeal => "nothing_to_heal",
    PromptOpen => "prompt_open",
    NoSuchPrompt => "no_such_prompt",
    NotPaused => "not_paused",
    AlreadyPaused => "already_paused",
    HitPointsOverMaximum => "hit_points_over_maximum",
    ConditionImmune => "condition_immune",
    WouldPrompt => "would_prompt",
    BadMap => "bad_map",
    NothingToDo => "nothing_to_do",
    TooDeep => "too_deep",
    TargetTooLarge => "target_too_large",
    HandsFull => "hands_full",
    NotHeld => "not_held",
    NotMelee => "not_melee",
    NotLoaded => "not_loaded",
    Surprised => "surprised",
    SkillDoesNotFit => "skill_does_not_fit",
    NotProficient => "not_proficient",
    NotConcentrating => "not_concentrating",
}
