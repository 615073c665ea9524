//! From events to facts: one commit with all that follows from it, made durable, then made true.
//!
//! Nobody may hear of an event, and the fight in memory may not change, before the disk has it.

use std::sync::Arc;

use prost::Message;

use super::{Table, not_at_once, now_ms};
use crate::hub::clocks;
use crate::hub::commit_refusal;
use crate::hub::dice::Seeds;
use crate::hub::fight;
use crate::hub::fold::Fold;
use crate::hub::landed::Landed;
use crate::hub::refusal::Refusal;
use crate::hub::secrets;
use crate::protocol::{Commit, Logged, encode_commit, pb, phase_to, timestamp};
use crate::rules::event::{Audience, Event, Fact};
use crate::rules::id::UserId;
use crate::rules::illegal::Phase;
use crate::rules::state::{Combat, Creature};
use crate::store::{self, CommitError, LogAppend, Space};

/// A request on its way into the log.
#[allow(clippy::struct_field_names, reason = "the contract calls it a request id")]
pub(super) struct Request<'a> {
    pub(super) request_id: &'a str,
    pub(super) principal: Option<UserId>,
    pub(super) hash: Option<[u8; 32]>,
    pub(super) starts_unit: bool,
    /// New seeds for the dice from here on, which the events commit to.
    pub(super) seeds: Option<Seeds>,
}

impl Table {
    /// Makes events durable, and then true for everybody.
    pub(super) async fn commit(
        &mut self,
        request: Request<'_>,
        mut events: Vec<Event>,
    ) -> Result<pb::Receipt, Refusal> {
        if events.is_empty() {
            return Err(Refusal::bug(&"a legal request became nothing"));
        }
        if events.iter().any(|event| matches!(event.fact, Fact::Ended { .. })) {
            let drawn = events.last().map(|event| event.drawn).unwrap_or_default();
            let fact = Fact::DiceRevealed { public_seed: self.secrets.seeds.public };
            events.push(Event { drawn, audience: Audience::Everyone, fact });
        }
        let commit = self.commit_of(&request, events);
        let mut next = self.fold.clone();
        self.hub.pass(self.key, self.feed.marks(), &mut next, &commit)?;
        let (first, last) = (self.fold.seq.saturating_add(1), next.seq);
        let mut header = self.header.clone();
        update_header(&mut header, next.combat(), last, commit.committed_at_ms);
        let receipt = pb::Receipt {
            request_id: request.request_id.to_owned(),
            session_id: self.key.combat.to_string(),
            first_seq: Some(first),
            last_seq: Some(last),
            prompt_id: next.combat().pending().last().map(|open| open.prompt.id.0),
            ..pb::Receipt::default()
        };
        let mut write = store::Commit {
            log: Some(LogAppend {
                combat: self.key.store(),
                first_seq: first,
                last_seq: last,
                record: encode_commit(&commit).into(),
            }),
            header: Some((self.key.store(), header.encode_to_vec().into())),
            characters: self.hub.sheet_writes(self.key, self.combat(), next.combat())?,
            puts: self.open_mark(next.combat()).into_iter().collect(),
            ..store::Commit::default()
        };
        if let (Some(hash), Some(user)) = (request.hash, request.principal) {
            let stored = pb::StoredReceipt {
                payload_hash: hash.to_vec().into(),
                receipt: Some(receipt.clone()),
            };
            let key = self.receipt_key(user, request.request_id);
            write.receipts.push((key, stored.encode_to_vec().into()));
        }
        if let Some(seeds) = request.seeds {
            let secret = secrets::stored(&seeds, &self.hidden_seeds());
            write.secret = Some((self.key.store(), secret));
        }
        match self.hub.store().commit(write).await {
            Ok(()) => {}
            Err(CommitError::ReceiptExists(bytes)) => {
                return stored_receipt(&bytes, request.hash.unwrap_or_default());
            }
            Err(fault) => return Err(commit_refusal(fault)),
        }
        self.hub.metrics().count_commit(last.saturating_sub(first).saturating_add(1));
        self.adopt(commit, next, header);
        if let Some(seeds) = request.seeds {
            self.secrets.earlier_hidden = self.hidden_seeds();
            self.secrets.seeds = seeds;
        }
        Ok(receipt)
    }

    /// All hidden seeds so far, oldest first.
    fn hidden_seeds(&self) -> Vec<[u8; 32]> {
        let earlier = self.secrets.earlier_hidden.iter().copied();
        earlier.chain([self.secrets.seeds.hidden]).collect()
    }

    /// The commit of these events, with their numbers and times.
    fn commit_of(&self, request: &Request<'_>, events: Vec<Event>) -> Commit {
        let at = now_ms().max(self.fold.last_at_ms);
        let timeout = self.hub.settings().prompt_timeout;
        let (mut clocks, mut open) = (self.fold.clocks.clone(), clocks::open_in(self.combat()));
        let numbered = (self.fold.seq.saturating_add(1)..).zip(events);
        Commit {
            session_id: self.key.combat,
            events: numbered
                .map(|(seq, event)| Logged {
                    seq,
                    occurred_at_ms: at,
                    deadline_ms: clocks.set_by(&mut open, &event.fact, at, timeout),
                    event,
                })
                .collect(),
            principal: request.principal,
            request_id: request.request_id.to_owned(),
            starts_unit: request.starts_unit,
            committed_at_ms: at,
        }
    }

    /// Takes over what is durable now, and wakes the readers.
    fn adopt(&mut self, commit: Commit, next: Fold, header: pb::CombatHeader) {
        let before = std::mem::replace(&mut self.fold, next);
        self.header = header;
        let logged = self.fold.deadline();
        self.deadline = match (self.deadline, logged) {
            // After a restart it may be later than the log says.
            (Some((known, at)), Some((prompt, logged))) if known == prompt => {
                Some((prompt, at.max(logged)))
            }
            (_, logged) if self.fold.rewound => logged.map(not_at_once),
            (_, logged) => logged,
        };
        self.feed.marks().keep(&self.fold);
        let landed = Landed::between(commit, before.sight, self.fold.sight.clone());
        self.feed.publish(Arc::new(landed));
    }

    /// The mark of a fight that is not over, where it changes.
    fn open_mark(&self, next: &Combat) -> Option<(Space, Vec<u8>, Option<bytes::Bytes>)> {
        let ends = next.phase() == Phase::Ended;
        if ends == (self.combat().phase() == Phase::Ended) {
            return None;
        }
        let key = fight::open_key(self.key.guild, &self.header.channel_id, self.key.combat);
        Some((Space::Settings, key, (!ends).then(bytes::Bytes::new)))
    }
}

/// The receipt that was stored, if it was for the same payload.
pub(in crate::hub) fn stored_receipt(bytes: &[u8], hash: [u8; 32]) -> Result<pb::Receipt, Refusal> {
    let stored = pb::StoredReceipt::decode(bytes).map_err(|fault| Refusal::bug(&fault))?;
    if stored.payload_hash.as_ref() != hash.as_slice() {
        return Err(Refusal::RequestIdReused);
    }
    let receipt = stored.receipt.ok_or_else(|| Refusal::bug(&"an empty receipt"))?;
    Ok(pb::Receipt { repeated_request: true, ..receipt })
}

/// Brings the head of a fight up to its state.
pub(in crate::hub) fn update_header(
    header: &mut pb::CombatHeader,
    combat: &Combat,
    last: u64,
    at_ms: i64,
) {
    combat.name().clone_into(&mut header.name);
    header.phase = phase_to(combat.phase()).into();
    header.game_master_id = combat.game_master().map(|user| user.0.to_string()).unwrap_or_default();
    let mut people: Vec<String> = combat
        .creatures()
        .iter()
        .filter_map(Creature::owner)
        .map(|user| user.0.to_string())
        .collect();
    people.sort_unstable();
    people.dedup();
    header.participant_ids = people;
    header.round = combat.round();
    header.last_seq = last;
    header.updated_at = Some(timestamp(at_ms));
}
