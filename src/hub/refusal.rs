//! Every way in which the hub says no, each with a stable code, a gRPC status and one sentence.
//!
//! A refusal says what to change. It must never tell more than its receiver may know: whether a
//! hidden creature exists, or a fight of another guild, looks the same as nothing there.

use crate::protocol::{GrpcCode, Malformed, grpc_code, pb};
use crate::rules::id::CombatId;
use crate::rules::illegal::Illegal;

use super::words;

/// A refusal or fault, ready to be shown on any surface.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The request is not well formed; `path` names the field.
    #[error("{path}: {message}")]
    Malformed { path: String, message: String },
    #[error("this needs a token: send it as `authorization: Bearer …`")]
    Unauthenticated,
    #[error("this token is not known, has expired or was revoked: ask for a new one")]
    BadToken,
    #[error("there is no such fight here; `/combat status` or ListCombats shows the running ones")]
    NoSuchCombat,
    #[error("there is no such character; `/character list` shows yours")]
    NoSuchCharacter,
    #[error("{what} is not in the bestiary; choose a name from the suggestions")]
    NoSuchContent { what: String },
    #[error("only the game master of this fight may do that")]
    GameMasterOnly,
    #[error("that creature is not yours to play")]
    NotYourCreature,
    #[error("this token does not reach so far; ask the game master or the owner for another")]
    ScopeTooNarrow,
    /// The turn it was meant for is over; `now` is the turn that is open.
    #[error("that turn is over: turn {now} is open now")]
    StaleTurn { now: u32 },
    #[error("the fight has moved on to event {now}: look again and retry")]
    SequenceMoved { now: u64 },
    #[error("this request id was used before for another request: choose a fresh one")]
    RequestIdReused,
    #[error("a fight is already open in this channel: {running}; name the new one differently")]
    ChannelBusy { running: CombatId },
    #[error("this character is already in a running fight")]
    CharacterBusy,
    #[error("the character sheet was changed since: what the fight wrote cannot be taken back")]
    SheetChanged,
    #[error("the sheet was changed meanwhile: read it again and retry")]
    SheetMoved,
    #[error("there is nothing to undo")]
    NothingToUndo,
    #[error("there is nothing to redo")]
    NothingToRedo,
    /// What the rules said.
    #[error("{}", words::illegal(.0))]
    Illegal(Illegal),
    #[error("too many requests wait for this fight ({limit}): try again in a moment")]
    QueueFull { limit: usize },
    #[error("{what}: at most {limit}")]
    LimitReached { what: &'static str, limit: usize },
    #[error("events up to {oldest} are no longer kept: start with a snapshot, or from there")]
    OutOfRange { oldest: u64 },
    #[error("the store cannot be written just now; nothing was changed")]
    ReadOnly,
    #[error("the bot is restarting; nothing was changed, try again in a moment")]
    Draining,
    #[error("this fight was written by a newer version of the bot and can only be read")]
    NewerFormat,
    /// A fault of ours; details are in the log under the incident id.
    #[error("something broke on our side (incident {incident}); nothing was changed")]
    Bug { incident: String },
}

impl Refusal {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "malformed",
            Self::Unauthenticated => "not_authenticated",
            Self::BadToken => "not_authenticated",
            Self::NoSuchCombat => "no_such_combat",
            Self::NoSuchCharacter => "no_such_character",
            Self::NoSuchContent { .. } => "no_such_content",
            Self::GameMasterOnly => "not_game_master",
            Self::NotYourCreature => "not_your_creature",
            Self::ScopeTooNarrow => "not_allowed",
            Self::StaleTurn { .. } => "stale_turn",
            Self::SequenceMoved { .. } => "seq_moved",
            Self::RequestIdReused => "request_id_reused",
            Self::ChannelBusy { .. } => "combat_exists",
            Self::CharacterBusy => "character_in_combat",
            Self::SheetChanged => "sheet_changed",
            Self::SheetMoved => "sheet_moved",
            Self::NothingToUndo => "nothing_to_undo",
            Self::NothingToRedo => "nothing_to_redo",
            Self::Illegal(illegal) => illegal.code(),
            Self::QueueFull { .. } => "too_many_requests",
            Self::LimitReached { .. } => "too_many_requests",
            Self::OutOfRange { .. } => "not_kept",
            Self::ReadOnly => "unavailable",
            Self::Draining => "unavailable",
            Self::NewerFormat => "read_only",
            Self::Bug { .. } => "internal",
        }
    }

    /// The gRPC status it becomes, from the one table of the contract.
    pub fn status(&self) -> GrpcCode {
        grpc_code(self.code())
    }

    /// The refusal as clients receive it.
    pub fn to_error(&self, request_id: &str) -> pb::CombatError {
        pb::CombatError {
            code: self.code().to_owned(),
            message: self.to_string(),
            grpc_code: self.status().number(),
            incident_id: match self {
                Self::Bug { incident } => incident.clone(),
                _ => String::new(),
            },
            request_id: request_id.to_owned(),
        }
    }

    /// A fault of ours: gives it an incident id and writes the details to the log, and only there.
    pub fn bug(details: &dyn core::fmt::Display) -> Self {
        let incident = crate::clock::fresh_uuid().simple().to_string();
        tracing::error!(incident, %details, "a request failed through a fault of ours");
        Self::Bug { incident }
    }
}

impl From<Illegal> for Refusal {
    fn from(illegal: Illegal) -> Self {
        Self::Illegal(illegal)
    }
}

impl From<Malformed> for Refusal {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed { path: malformed.path, message: malformed.message }
    }
}

impl From<Vec<Malformed>> for Refusal {
    fn from(faults: Vec<Malformed>) -> Self {
        let path = faults.first().map(|fault| fault.path.clone()).unwrap_or_default();
        let each: Vec<String> = faults.iter().skip(1).map(ToString::to_string).collect();
        let first = faults.first().map(|fault| fault.message.clone()).unwrap_or_default();
        let message = if each.is_empty() { first } else { format!("{first}; {}", each.join("; ")) };
        Self::Malformed { path, message }
    }
}
