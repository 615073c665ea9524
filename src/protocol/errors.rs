//! Every refusal there is: its stable code, what it means, and its gRPC status.
//!
//! One table for the rules, the contract and the hub. A code is never renamed and never reused;
//! `docs/refusals.md` is made of this table.

/// A gRPC status, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GrpcCode {
    InvalidArgument,
    NotFound,
    AlreadyExists,
    PermissionDenied,
    ResourceExhausted,
    FailedPrecondition,
    Aborted,
    OutOfRange,
    Internal,
    Unavailable,
    Unauthenticated,
}

impl GrpcCode {
    /// The number on the wire.
    pub const fn number(self) -> u32 {
        match self {
            Self::InvalidArgument => 3,
            Self::NotFound => 5,
            Self::AlreadyExists => 6,
            Self::PermissionDenied => 7,
            Self::ResourceExhausted => 8,
            Self::FailedPrecondition => 9,
            Self::Aborted => 10,
            Self::OutOfRange => 11,
            Self::Internal => 13,
            Self::Unavailable => 14,
            Self::Unauthenticated => 16,
        }
    }

    /// The name in the gRPC documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::InvalidArgument => "INVALID_ARGUMENT",
            Self::NotFound => "NOT_FOUND",
            Self::AlreadyExists => "ALREADY_EXISTS",
            Self::PermissionDenied => "PERMISSION_DENIED",
            Self::ResourceExhausted => "RESOURCE_EXHAUSTED",
            Self::FailedPrecondition => "FAILED_PRECONDITION",
            Self::Aborted => "ABORTED",
            Self::OutOfRange => "OUT_OF_RANGE",
            Self::Internal => "INTERNAL",
            Self::Unavailable => "UNAVAILABLE",
            Self::Unauthenticated => "UNAUTHENTICATED",
        }
    }
}

/// One refusal of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    pub code: &'static str,
    pub grpc: GrpcCode,
    /// What it means, for the reader of the documents.
    pub meaning: &'static str,
}

use GrpcCode::{
    Aborted, AlreadyExists, FailedPrecondition, Internal, InvalidArgument, NotFound, OutOfRange,
    PermissionDenied, ResourceExhausted, Unauthenticated, Unavailable,
};

macro_rules! refusals {
    ($($code:literal $grpc:ident $meaning:literal)+) => {
        /// Every refusal, those of the rules in their order first.
        pub const REFUSALS: &[Refusal] =
            &[$(Refusal { code: $code, grpc: $grpc, meaning: $meaning }),+];
    };
}

refusals! {
    "wrong_phase" FailedPrecondition "The fight is not in a phase that allows it."
    "already_initiated" FailedPrecondition "The fight is open already."
    "no_such_creature" NotFound "No creature of that id that the sender may know of."
    "duplicate_creature" InvalidArgument "A creature of that id is in the fight."
    "name_too_long" InvalidArgument "The name has too many characters."
    "name_empty" InvalidArgument "The name is empty."
    "too_many_creatures" ResourceExhausted "The fight holds as many creatures as it may."
    "nobody_to_fight" FailedPrecondition "Nobody is there to fight."
    "has_left" FailedPrecondition "The creature has left the fight."
    "not_its_moment" FailedPrecondition "Legendary actions are taken right after somebody else's turn."
    "not_your_turn" FailedPrecondition "It is another creature's turn."
    "initiative_already_rolled" FailedPrecondition "The creature has rolled initiative."
    "bad_order" InvalidArgument "The order does not name every creature once."
    "dead" FailedPrecondition "The creature is dead."
    "unconscious" FailedPrecondition "The creature is unconscious."
    "incapacitated" FailedPrecondition "A condition keeps the creature from acting."
    "no_such_attack" InvalidArgument "The creature has no attack of that name."
    "no_such_special" InvalidArgument "The creature has no special action of that name."
    "cost_spent" ResourceExhausted "The action, bonus action or reaction is spent."
    "not_in_multiattack" ResourceExhausted "Not part of the multiattack that was begun."
    "no_uses_left" ResourceExhausted "All uses are spent."
    "not_recharged" ResourceExhausted "It has not recharged."
    "target_self" InvalidArgument "The creature cannot be its own target."
    "target_dead" FailedPrecondition "The target is dead."
    "target_left" FailedPrecondition "The target has left the fight."
    "target_is_ally" FailedPrecondition "The target is on the same side."
    "target_unseen" FailedPrecondition "The target cannot be seen."
    "not_concerned" FailedPrecondition "The target's kind, size, side or condition is not the right one."
    "wrong_target_count" InvalidArgument "Too few or too many targets."
    "aim_needed" InvalidArgument "A square to aim at is needed."
    "out_of_reach" FailedPrecondition "The target is beyond reach."
    "out_of_range" FailedPrecondition "The target is beyond range."
    "no_line_of_sight" FailedPrecondition "Something blocks the view."
    "total_cover" FailedPrecondition "The target has total cover."
    "no_map" FailedPrecondition "The fight has no map."
    "off_the_map" InvalidArgument "The square is not on the map."
    "blocked" FailedPrecondition "Something stands in the way."
    "no_way" FailedPrecondition "There is no way there."
    "not_enough_movement" ResourceExhausted "The movement left does not suffice."
    "speed_zero" FailedPrecondition "The creature cannot move."
    "path_broken" InvalidArgument "Two squares of the path are not neighbours."
    "frightened_of_target" FailedPrecondition "Fear keeps the creature from it."
    "charmed_by_target" FailedPrecondition "A charm keeps the creature from it."
    "not_prone" FailedPrecondition "The creature is not prone."
    "already_prone" FailedPrecondition "The creature is prone already."
    "nothing_to_escape" FailedPrecondition "Nothing holds the creature."
    "nothing_readied" FailedPrecondition "Nothing is readied."
    "not_dying" FailedPrecondition "The target is not dying."
    "cannot_hide_here" FailedPrecondition "An enemy would see it hide."
    "healing_prevented" FailedPrecondition "Something prevents healing."
    "nothing_to_heal" FailedPrecondition "The target is unhurt."
    "prompt_open" FailedPrecondition "A question must be answered first."
    "no_such_prompt" FailedPrecondition "The question is not open, or not the next to be answered."
    "not_paused" FailedPrecondition "The fight is not paused."
    "already_paused" FailedPrecondition "The fight is paused already."
    "hit_points_over_maximum" InvalidArgument "More hit points than the maximum."
    "condition_immune" FailedPrecondition "The creature is immune to the condition."
    "would_prompt" FailedPrecondition "Part of a batch would put a question to somebody."
    "bad_map" InvalidArgument "A map without squares, too large, or with a wrong number of squares."
    "nothing_to_do" FailedPrecondition "It would change nothing."
    "too_deep" ResourceExhausted "Too many questions are open."
    "target_too_large" FailedPrecondition "The target is more than one size larger."
    "hands_full" FailedPrecondition "Both hands hold somebody already."
    "not_held" FailedPrecondition "The creature does not hold the target."
    "not_melee" FailedPrecondition "Only a melee attack can do that."
    "not_loaded" ResourceExhausted "The weapon shoots once with each action."
    "surprised" FailedPrecondition "The creature is surprised: its first turn is lost."
    "skill_does_not_fit" InvalidArgument "Such a check is not made with that skill."
    "not_proficient" FailedPrecondition "The creature is not proficient with the skill."
    "not_concentrating" FailedPrecondition "The creature concentrates on nothing."
    "malformed" InvalidArgument "A field is not of its documented form."
    "request_id_reused" InvalidArgument "The request id was used for another request."
    "no_such_combat" NotFound "No such fight, or none that the sender may know of."
    "no_such_character" NotFound "No such character, or none that the sender may know of."
    "no_such_content" NotFound "No stat block or hero of that name."
    "combat_exists" AlreadyExists "Another fight runs in the channel."
    "character_in_combat" FailedPrecondition "The character is in a running fight."
    "not_authenticated" Unauthenticated "No token, or one that does not hold any more."
    "not_your_creature" PermissionDenied "The creature is somebody else's."
    "not_game_master" PermissionDenied "Only the game master may."
    "not_allowed" PermissionDenied "The token does not reach that far."
    "stale_turn" FailedPrecondition "The turn it was meant for is over."
    "seq_moved" Aborted "Something happened since the number the sender knew."
    "nothing_to_undo" FailedPrecondition "Nothing can be taken back."
    "nothing_to_redo" FailedPrecondition "Nothing was taken back, or something came after it."
    "read_only" FailedPrecondition "A newer version wrote to the fight; it can only be looked at."
    "too_many_requests" ResourceExhausted "The queue of the fight, or a limit of the sender, is full."
    "batch_too_long" ResourceExhausted "The batch has too many actions."
    "not_kept" OutOfRange "The number is below what is kept, or beyond the end."
    "unavailable" Unavailable "Nothing was changed; the store cannot write, or the service is stopping."
    "internal" Internal "A fault of ours; the incident id finds it in the log."
}

/// The refusal of that code.
pub fn refusal(code: &str) -> Option<&'static Refusal> {
    REFUSALS.iter().find(|refusal| refusal.code == code)
}

/// The gRPC status of a code; one that is not in the table is a fault of ours.
pub fn grpc_code(code: &str) -> GrpcCode {
    refusal(code).map_or(GrpcCode::Internal, |refusal| refusal.grpc)
}

/// The table as a page of the documents.
pub fn refusals_page() -> String {
    let mut page = String::from(
        "# Refusals\n\nEvery refusal has a stable code, the same on every surface. Made from the \
         table in `src/protocol/errors.rs`; do not edit.\n\n| code | gRPC | meaning |\n|---|---|---|\n",
    );
    for Refusal { code, grpc, meaning } in REFUSALS {
        page.push_str("| `");
        page.push_str(code);
        page.push_str("` | ");
        page.push_str(grpc.name());
        page.push_str(" | ");
        page.push_str(meaning);
        page.push_str(" |\n");
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::illegal::Illegal;

    #[test]
    fn every_code_of_the_rules_stands_in_the_table_once() {
        for code in Illegal::CODES {
            let listed = REFUSALS.iter().filter(|refusal| refusal.code == *code).count();
            assert_eq!(listed, 1, "{code}");
        }
        let in_order =
            REFUSALS.iter().zip(Illegal::CODES).all(|(listed, code)| listed.code == *code);
        assert!(in_order, "the rules' codes stand first, in their order");
        let mut codes: Vec<&str> = REFUSALS.iter().map(|refusal| refusal.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), REFUSALS.len(), "a code stands in the table twice");
        assert_eq!(grpc_code("malformed"), GrpcCode::InvalidArgument);
        assert_eq!(refusal("nonsense"), None);
    }
}
