//! Opening a fight: its id, its dice, its first events, in one commit.

use prost::Message;

use super::access::{Deed, Principal};
use super::dice::{SeededDice, Seeds};
use super::fight::{FightKey, guild_key, open_key};
use super::refusal::Refusal;
use super::table::{stored_receipt, update_header};
use super::{Hub, commit_refusal, read_refusal, secrets, wishes};
use crate::clock;
use crate::protocol::{Commit, Decoded, Logged, Wish, encode_commit, pb, timestamp};
use crate::rules::event::Event;
use crate::rules::id::{CombatId, GuildId};
use crate::rules::intent::Intent;
use crate::rules::state::Combat;
use crate::store::{self, CommitError, LogAppend, ReceiptKey, Space};

impl Hub {
    /// Opens a fight for the guild that the request names.
    pub(super) async fn initiate(
        &self,
        who: &Principal,
        decoded: Decoded,
        hash: [u8; 32],
    ) -> Result<pb::Receipt, Refusal> {
        let Wish::Initiate { guild, channel, name, edition, map, creatures } = decoded.wish else {
            return Err(Refusal::bug(&"only an initiate opens a fight"));
        };
        who.may_in_guild(Deed::Initiate, guild)?;
        let request_id = decoded.request_id;
        let receipt_key =
            ReceiptKey { guild: guild.0, principal: who.user.0, request_id: request_id.clone() };
        let known = self.store().receipt(&receipt_key).map_err(|fault| read_refusal(&fault))?;
        if let Some(bytes) = known {
            return stored_receipt(&bytes, hash);
        }
        let channel = channel.map(|channel| channel.to_string()).unwrap_or_default();
        self.check_channel(guild, &channel, &name)?;
        let id = CombatId(clock::fresh_uuid().as_u128());
        let key = FightKey { guild, combat: id };
        let seeds = self.fresh_seeds(0)?;
        let (combat, events) = {
            let mut combat = Combat::default();
            let game_master = who.user;
            let open = Intent::Initiate { name, game_master, edition, map };
            let mut events = step(&mut combat, &seeds, open)?;
            if !creatures.is_empty() {
                let entrants = wishes::entrants(&combat, &creatures)?;
                events.extend(step(&mut combat, &seeds, Intent::Enter { entrants })?);
            }
            (combat, events)
        };
        let at = i64::try_from(clock::now().0).unwrap_or(i64::MAX);
        let commit = Commit {
            session_id: id,
            events: (1..)
                .zip(events)
                .map(|(seq, event)| Logged { seq, occurred_at_ms: at, deadline_ms: None, event })
                .collect(),
            principal: Some(who.user),
            request_id: request_id.clone(),
            starts_unit: true,
            committed_at_ms: at,
        };
        let last = commit.events.last().map_or(0, |logged| logged.seq);
        let mut header = pb::CombatHeader {
            session_id: id.to_string(),
            guild_id: guild.0.to_string(),
            channel_id: channel.clone(),
            created_at: Some(timestamp(at)),
            ..pb::CombatHeader::default()
        };
        update_header(&mut header, &combat, last, at);
        let receipt = pb::Receipt {
            request_id,
            session_id: id.to_string(),
            first_seq: Some(1),
            last_seq: Some(last),
            ..pb::Receipt::default()
        };
        let stored = pb::StoredReceipt {
            payload_hash: hash.to_vec().into(),
            receipt: Some(receipt.clone()),
        };
        let write = store::Commit {
            log: Some(LogAppend {
                combat: key.store(),
                first_seq: 1,
                last_seq: last,
                record: encode_commit(&commit).into(),
            }),
            receipts: vec![(receipt_key, stored.encode_to_vec().into())],
            header: Some((key.store(), header.encode_to_vec().into())),
            secret: Some((key.store(), secrets::stored(&seeds, &[]))),
            puts: vec![
                (Space::Settings, guild_key(id), Some(guild.0.to_be_bytes().to_vec().into())),
                (Space::Settings, open_key(guild, &channel, id), Some(bytes::Bytes::new())),
            ],
            ..store::Commit::default()
        };
        match self.store().commit(write).await {
            Ok(()) => {}
            // Another try of the same request was quicker: its fight is the one.
            Err(CommitError::ReceiptExists(bytes)) => return stored_receipt(&bytes, hash),
            Err(fault) => return Err(commit_refusal(fault)),
        }
        self.metrics().count_commit(last);
        self.0.opened.send_modify(|opened| *opened = opened.wrapping_add(1));
        Ok(receipt)
    }

    /// One fight of a name in a channel; where there is no channel, any number.
    fn check_channel(&self, guild: GuildId, channel: &str, name: &str) -> Result<(), Refusal> {
        if channel.is_empty() {
            return Ok(());
        }
        let open = self.open_fights(guild, channel)?;
        match open.iter().find(|header| header.name == name) {
            Some(header) => {
                let running = header.session_id.parse().map_err(|fault| Refusal::bug(&fault))?;
                Err(Refusal::ChannelBusy { running })
            }
            None => Ok(()),
        }
    }
}

/// Checks, resolves and folds one wish of the opening.
fn step(combat: &mut Combat, seeds: &Seeds, intent: Intent) -> Result<Vec<Event>, Refusal> {
    let mut dice = SeededDice::new(seeds, combat.drawn());
    let events = combat.check(intent)?.resolve(&mut dice);
    for event in &events {
        combat.apply(event);
    }
    Ok(events)
}
