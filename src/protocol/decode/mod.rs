//! What somebody asks, read into the terms of the rules.
//!
//! Everything that can be said without knowing the fight is decided here: forms, lengths, limits.
//! Whether it is allowed is not; and nothing here may panic, whatever arrives.

mod action;
mod specs;
mod text;

pub use action::action_of;
pub(crate) use action::action_to;
pub use specs::{CreatureSpec, JoinAs, Source};

use super::malformed::{Inside, Malformed};
use super::pb;
use super::values::{
    id, id_or_none, ids, map_of, needed, number, position_of, snowflake, until_of, user,
};
use super::words::{word, word_or_none, words};
use crate::rules::condition::{Condition, Until};
use crate::rules::event::Edition;
use crate::rules::grid::{Map, Position};
use crate::rules::id::{CombatId, CreatureId, GuildId, PromptId, SideId};
use crate::rules::intent::{Adjustments, Intent};
use crate::rules::pending::Answer;
use crate::rules::state::CREATURES_MAX;

/// Longest request id, in bytes of printable ASCII.
pub const REQUEST_ID_MAX_BYTES: usize = 64;
/// Most entries of one request that adds creatures.
pub const SPECS_MAX: usize = 50;
/// Most creatures of one entry.
pub const COUNT_MAX: u32 = 50;
/// Most targets of one special action.
pub const TARGETS_MAX: usize = 50;
/// Most squares of one path.
pub const PATH_MAX: usize = 400;
/// Most conditions added, and most removed, by one adjustment.
pub const CONDITIONS_MAX: usize = 30;

/// A request, well formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    pub request_id: String,
    /// The fight; absent for a new one, or where the stream has named it before.
    pub session: Option<CombatId>,
    /// The turn it was meant for.
    pub turn: Option<u32>,
    /// The number of the last event the sender knew.
    pub expected_seq: Option<u64>,
    pub wish: Wish,
}

/// What is wished for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Follow a fight on this stream, after this number or from a snapshot.
    Attach {
        session: CombatId,
        resume_after: Option<u64>,
    },
    /// Open a fight; the sender is its game master.
    Initiate {
        guild: GuildId,
        channel: Option<u64>,
        name: String,
        edition: Edition,
        map: Option<Map>,
        creatures: Vec<CreatureSpec>,
    },
    /// Bring a character of one's own in.
    Join {
        who: JoinAs,
        name: Option<String>,
        side: SideId,
        position: Option<Position>,
    },
    /// More creatures, by the game master.
    AddCreatures {
        creatures: Vec<CreatureSpec>,
    },
    /// Open turn 1; the hub commits to the dice.
    Begin,
    /// Call the fight over; the hub reveals the public seed.
    EndCombat,
    /// Take back the last request; a matter of the log, not of the rules.
    Undo,
    Redo,
    /// Everything else is the rules' own: nothing has to be looked up for it.
    Intent(Intent),
}

/// What the first message of a batch says for all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchHead {
    pub request_id: String,
    pub session: CombatId,
    pub turn: Option<u32>,
    pub expected_seq: Option<u64>,
}

/// Reads a request.
///
/// # Errors
/// The first field that is not of its form, or all faults of a stat block.
pub fn decode(request: &pb::CombatRequest) -> Result<Decoded, Malformed> {
    let pb::CombatRequest { request_id, session_id, turn, expected_seq, request } = request;
    let request = request.as_ref().ok_or_else(|| Malformed::no_choice("request"))?;
    let request_id = text::request_id(request_id, "request_id")?;
    let outer: Option<CombatId> = id_or_none(session_id, "session_id")?;
    let (inner, wish) = wish_of(request)?;
    let session = match (outer, inner) {
        (Some(outer), Some(inner)) if outer != inner => {
            let message = "must be the fight that the request itself names";
            return Err(Malformed::wrong("session_id", message));
        }
        (outer, inner) => outer.or(inner),
    };
    Ok(Decoded { request_id, session, turn: *turn, expected_seq: *expected_seq, wish })
}

/// Reads what the first action of a batch says for all of it.
///
/// # Errors
/// The first field that is not of its form.
pub fn batch_head(first: &pb::CombatAction) -> Result<BatchHead, Malformed> {
    Ok(BatchHead {
        request_id: text::request_id(&first.request_id, "request_id")?,
        session: id(&first.session_id, "session_id")?,
        turn: first.turn,
        expected_seq: first.expected_seq,
    })
}

type Wished = (Option<CombatId>, Wish);

fn wish_of(request: &pb::combat_request::Request) -> Result<Wished, Malformed> {
    use pb::combat_request::Request;
    let creature = |text: &str, field: &str| id::<CreatureId>(text, field);
    let intent = match request {
        Request::Attach(wire) => {
            let session = id(&wire.session_id, "attach.session_id")?;
            let wish = Wish::Attach { session, resume_after: wire.resume_after };
            return Ok((Some(session), wish));
        }
        Request::Initiate(wire) => return Ok((None, initiate_of(wire).inside("initiate")?)),
        Request::Join(wire) => return Ok((None, join_of(wire).inside("join")?)),
        Request::AddCreatures(wire) => {
            let creatures = specs::specs_of(&wire.creatures).inside("add_creatures")?;
            if creatures.is_empty() {
                return Err(Malformed::absent("add_creatures.creatures"));
            }
            return Ok((None, Wish::AddCreatures { creatures }));
        }
        Request::Begin(pb::Begin {}) => return Ok((None, Wish::Begin)),
        Request::EndCombat(pb::EndCombat {}) => return Ok((None, Wish::EndCombat)),
        Request::Undo(pb::Undo {}) => return Ok((None, Wish::Undo)),
        Request::Redo(pb::Redo {}) => return Ok((None, Wish::Redo)),
        Request::ExecuteAction(wire) => {
            let session = id_or_none(&wire.session_id, "session_id").inside("execute_action")?;
            let (creature, action) = action_of(wire).inside("execute_action")?;
            return Ok((session, Wish::Intent(Intent::Act { creature, action })));
        }
        Request::RollInitiative(wire) => Intent::RollInitiative {
            creature: creature(&wire.creature_id, "roll_initiative.creature_id")?,
        },
        Request::EndTurn(wire) => {
            Intent::EndTurn { creature: creature(&wire.creature_id, "end_turn.creature_id")? }
        }
        Request::Leave(wire) => {
            Intent::Leave { creature: creature(&wire.creature_id, "leave.creature_id")? }
        }
        Request::Pause(pb::Pause {}) => Intent::Pause,
        Request::Resume(pb::Resume {}) => Intent::Resume,
        Request::Adjust(wire) => adjust_of(wire).inside("adjust")?,
        Request::Respond(wire) => respond_of(wire).inside("respond")?,
        Request::Transfer(wire) => {
            Intent::Transfer { game_master: user(&wire.user_id, "transfer.user_id")? }
        }
        Request::SetOrder(wire) => {
            at_most(wire.creature_ids.len(), CREATURES_MAX, "set_order.creature_ids")?;
            Intent::SetOrder { order: ids(&wire.creature_ids, "creature_ids").inside("set_order")? }
        }
    };
    Ok((None, Wish::Intent(intent)))
}

fn initiate_of(wire: &pb::Initiate) -> Result<Wish, Malformed> {
    let channel = match wire.channel_id.as_str() {
        "" => None,
        text => Some(snowflake(text, "channel_id")?),
    };
    Ok(Wish::Initiate {
        guild: GuildId(snowflake(&wire.guild_id, "guild_id")?),
        channel,
        name: text::name(&wire.name, "name")?,
        edition: word_or_none(wire.edition, "edition")?.unwrap_or_default(),
        map: wire.map.as_ref().map(map_of).transpose().inside("map")?,
        creatures: specs::specs_of(&wire.creatures)?,
    })
}

fn join_of(wire: &pb::Join) -> Result<Wish, Malformed> {
    Ok(Wish::Join {
        who: specs::join_as(wire)?,
        name: text::name_or_none(&wire.name, "name")?,
        side: id_or_none(&wire.side, "side")?.unwrap_or_else(SideId::party),
        position: wire.position.map(position_of).transpose().inside("position")?,
    })
}

fn adjust_of(wire: &pb::Adjust) -> Result<Intent, Malformed> {
    at_most(wire.add_conditions.len(), CONDITIONS_MAX, "add_conditions")?;
    at_most(wire.remove_conditions.len(), CONDITIONS_MAX, "remove_conditions")?;
    let figure = |value: Option<u32>, field: &str| value.map(|v| number(v, field)).transpose();
    let add_conditions = wire
        .add_conditions
        .iter()
        .enumerate()
        .map(|(index, added)| added_condition(added).inside_nth("add_conditions", index))
        .collect::<Result<_, _>>()?;
    Ok(Intent::Adjust {
        creature: id(&wire.creature_id, "creature_id")?,
        adjustments: Adjustments {
            hit_points: figure(wire.hit_points, "hit_points")?,
            temporary_hit_points: figure(wire.temporary_hit_points, "temporary_hit_points")?,
            position: wire.position.map(position_of).transpose().inside("position")?,
            hidden: wire.hidden,
            autopilot: wire.autopilot,
            surprised: wire.surprised,
            add_conditions,
            remove_conditions: words(&wire.remove_conditions, "remove_conditions")?,
        },
    })
}

fn added_condition(wire: &pb::ActiveCondition) -> Result<(Condition, Until), Malformed> {
    let until = match wire.until.as_ref() {
        Some(until) => until_of(until).inside("until")?,
        None => Until::Removed,
    };
    Ok((word(wire.condition, "condition")?, until))
}

fn respond_of(wire: &pb::Respond) -> Result<Intent, Malformed> {
    let attack = id_or_none(&wire.attack, "attack")?;
    let answer = if wire.accept { Answer::Accept { attack } } else { Answer::Decline };
    Ok(Intent::Respond { prompt: PromptId(wire.prompt_id), answer, timed_out: false })
}

/// A list within its limit.
fn at_most(len: usize, max: usize, field: &str) -> Result<(), Malformed> {
    if len <= max {
        Ok(())
    } else {
        Err(Malformed::wrong(field, format!("must have {max} entries at most")))
    }
}

/// A square that must be there.
fn needed_position(position: Option<pb::Position>, field: &str) -> Result<Position, Malformed> {
    position_of(needed(position, field)?).inside(field)
}
