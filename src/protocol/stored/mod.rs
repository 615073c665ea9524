//! The form in which the log keeps events: the contract's own messages, complete.
//!
//! What was written is read back as the very same events, by this version and every later one. A
//! commit of a newer version is never guessed at: its fight becomes read-only, with a message.

mod fact;

use prost::Message;

use super::frame::{FrameContext, FrameMeta, frame};
use super::malformed::{Fault, Inside, Malformed};
use super::pb;
use super::roster::Roster;
use super::values::{id, millis, needed, text_or_empty, timestamp, user_or_none, user_to};
use super::visibility::Viewer;
use super::words::word;
use crate::rules::event::{Event, Fact};
use crate::rules::id::{CombatId, UserId};
use crate::rules::state::DrawIndex;

/// The format this version writes, and the newest it reads.
pub const STORED_FORMAT: u32 = 1;

/// One event in its place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    pub seq: u64,
    /// Milliseconds since 1970.
    pub occurred_at_ms: i64,
    /// For a question: when its default takes effect, in milliseconds since 1970. For an answer:
    /// the same of the question that can be answered again.
    pub deadline_ms: Option<i64>,
    pub event: Event,
}

/// Everything that became of one request, in the order of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    pub session_id: CombatId,
    pub events: Vec<Logged>,
    /// Who asked; nobody where the program itself did.
    pub principal: Option<UserId>,
    pub request_id: String,
    /// Whether undo counts from here.
    pub starts_unit: bool,
    /// Milliseconds since 1970.
    pub committed_at_ms: i64,
}

impl Commit {
    /// Each event with what surrounds it, for frames.
    pub fn frames(&self) -> impl Iterator<Item = (&Event, FrameMeta<'_>)> {
        let last = self.events.len();
        self.events.iter().zip(1_usize..).map(move |(logged, place)| {
            let meta = FrameMeta {
                session_id: self.session_id,
                seq: logged.seq,
                occurred_at_ms: logged.occurred_at_ms,
                request_id: &self.request_id,
                principal: self.principal,
                last_in_commit: place == last,
                deadline_ms: logged.deadline_ms,
            };
            (&logged.event, meta)
        })
    }
}

/// Why a stored commit cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// A later version wrote it; the fight can be looked at up to here, and not continued.
    #[error("written by a newer version of Skirmish (format {format}); run that version to go on")]
    Newer { format: u32 },
    /// It is not what any version wrote.
    #[error("the stored commit is damaged")]
    Damaged(#[source] Malformed),
}

/// The bytes that the log keeps of a commit.
pub fn encode_commit(commit: &Commit) -> Vec<u8> {
    let roster = Roster::default(); // the log is shown everything, so nobody has to be known
    let context = FrameContext { roster: &roster, snapshot_after: None };
    let events = commit.frames().enumerate().map(|(index, (event, meta))| {
        let mut framed = frame(event, &meta, context, &Viewer::Log);
        // Both are the same for the whole commit and kept once: a third of a small event.
        framed.request_id = String::new();
        if index > 0 {
            framed.session_id = String::new();
        }
        framed
    });
    let stored = pb::StoredCommit {
        format: STORED_FORMAT,
        events: events.collect(),
        // user 0 is the program itself, which no id on the wire can name
        principal_id: text_or_empty(commit.principal.filter(|user| user.0 != 0).map(user_to)),
        request_id: commit.request_id.clone(),
        starts_unit: commit.starts_unit,
        committed_at: Some(timestamp(commit.committed_at_ms)),
    };
    stored.encode_to_vec()
}

/// The commit that the bytes hold.
///
/// # Errors
/// `Newer` where a later version wrote it, `Damaged` where nobody did.
pub fn decode_commit(bytes: &[u8]) -> Result<Commit, Unreadable> {
    let stored = pb::StoredCommit::decode(bytes)
        .map_err(|_| Unreadable::Damaged(Malformed::wrong("", "is no protobuf message")))?;
    read_commit(stored)
}

/// The commit that a stored one is.
///
/// # Errors
/// As [`decode_commit`].
pub fn read_commit(stored: pb::StoredCommit) -> Result<Commit, Unreadable> {
    let format = stored.format;
    if format > STORED_FORMAT {
        return Err(Unreadable::Newer { format });
    }
    commit_of(stored).map_err(|fault| match fault.fault {
        Fault::Unknown => Unreadable::Newer { format },
        Fault::Absent | Fault::Wrong => Unreadable::Damaged(fault),
    })
}

fn commit_of(stored: pb::StoredCommit) -> Result<Commit, Malformed> {
    let pb::StoredCommit { format: _, events, principal_id, request_id, starts_unit, committed_at } =
        stored;
    let first = needed(events.first(), "events")?;
    Ok(Commit {
        session_id: id(&first.session_id, "session_id").inside("events[0]")?,
        events: events
            .iter()
            .enumerate()
            .map(|(index, framed)| logged_of(framed).inside_nth("events", index))
            .collect::<Result<_, _>>()?,
        principal: user_or_none(&principal_id, "principal_id")?,
        request_id,
        starts_unit,
        committed_at_ms: millis(&needed(committed_at, "committed_at")?),
    })
}

fn logged_of(framed: &pb::CombatEvent) -> Result<Logged, Malformed> {
    let drawn = needed(framed.drawn, "drawn")?;
    let wire = framed.event.as_ref().ok_or_else(|| Malformed::no_choice("event"))?;
    let fact: Fact = fact::fact_of(wire)?;
    Ok(Logged {
        seq: needed(framed.seq, "seq")?,
        occurred_at_ms: millis(&needed(framed.occurred_at, "occurred_at")?),
        deadline_ms: fact::deadline_of(wire).map(millis),
        event: Event {
            drawn: DrawIndex { public: drawn.public, hidden: drawn.hidden },
            audience: word(framed.audience, "audience")?,
            fact,
        },
    })
}
