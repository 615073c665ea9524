//! Where a fight is kept, and how it is read back from the log.

use std::ops::RangeInclusive;

use prost::Message;

use super::access::Principal;
use super::refusal::Refusal;
use super::{Hub, read_refusal};
use crate::protocol::{Commit, Unreadable, decode_commit, pb};
use crate::rules::id::{CombatId, GuildId};
use crate::store::{CombatKey, Space, Store};

/// Bytes of the log read at once.
const PAGE_BYTES: usize = 256 * 1024;

/// A fight and the guild it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FightKey {
    pub(super) guild: GuildId,
    pub(super) combat: CombatId,
}

impl FightKey {
    pub(super) fn store(self) -> CombatKey {
        CombatKey { guild: self.guild.0, combat: self.combat.0 }
    }
}

/// The settings key under which a fight's guild is kept.
pub(super) fn guild_key(combat: CombatId) -> Vec<u8> {
    format!("fight:{combat}").into_bytes()
}

/// The settings key that marks a fight as not over: by guild and channel.
pub(super) fn open_key(guild: GuildId, channel: &str, combat: CombatId) -> Vec<u8> {
    format!("open:{}:{channel}:{combat}", guild.0).into_bytes()
}

/// One page of commits after a number, oldest first.
pub(super) fn read_commits(
    store: &Store,
    key: FightKey,
    after: u64,
) -> Result<Vec<Commit>, Refusal> {
    read_page(store, key, after..=u64::MAX)
}

fn read_page(
    store: &Store,
    key: FightKey,
    seqs: RangeInclusive<u64>,
) -> Result<Vec<Commit>, Refusal> {
    let stored = store
        .read_commits_to(key.store(), seqs, PAGE_BYTES)
        .map_err(|fault| read_refusal(&fault))?;
    stored
        .iter()
        .map(|commit| {
            decode_commit(&commit.record).map_err(|fault| match fault {
                Unreadable::Newer { .. } => Refusal::NewerFormat,
                Unreadable::Damaged(_) => Refusal::bug(&fault),
            })
        })
        .collect()
}

/// One page of whole commits after a number and up to another, oldest first.
pub(super) fn read_up_to(
    store: &Store,
    key: FightKey,
    after: u64,
    up_to: u64,
) -> Result<Vec<Commit>, Refusal> {
    read_page(store, key, after..=up_to)
}

/// The number of the last event of a commit.
pub(super) fn last_seq(commit: &Commit) -> u64 {
    commit.events.last().map_or(0, |logged| logged.seq)
}

impl Hub {
    /// The fight of that id, if this caller may know of it.
    pub(super) fn find(&self, who: &Principal, combat: CombatId) -> Result<FightKey, Refusal> {
        let found = self
            .store()
            .get(Space::Settings, &guild_key(combat))
            .map_err(|fault| read_refusal(&fault))?;
        let bytes = found.and_then(|bytes| <[u8; 8]>::try_from(bytes.as_ref()).ok());
        let guild = GuildId(u64::from_be_bytes(bytes.ok_or(Refusal::NoSuchCombat)?));
        if who.reaches(guild, combat) {
            Ok(FightKey { guild, combat })
        } else {
            Err(Refusal::NoSuchCombat)
        }
    }

    /// The small head of a fight.
    pub(super) fn header(&self, key: FightKey) -> Result<pb::CombatHeader, Refusal> {
        let bytes = self.store().header(key.store()).map_err(|fault| read_refusal(&fault))?;
        let bytes = bytes.ok_or(Refusal::NoSuchCombat)?;
        pb::CombatHeader::decode(bytes).map_err(|fault| Refusal::bug(&fault))
    }
}
