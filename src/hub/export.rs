//! A fight as a file: page by page, for its keeper with everything, for anybody else as a spectator
//! saw it.
//!
//! A seed is in it only once it was shown: the public one is an event of the end, the hidden ones
//! are added to a complete file of a fight that is over. A page never holds half a commit.

use prost::Message;

use super::access::{Principal, Scope};
use super::fight::{self, FightKey, last_seq};
use super::fold::Marks;
use super::refusal::Refusal;
use super::secrets::Secrets;
use super::{Hub, read_refusal};
use crate::protocol::{encode_commit, pb};
use crate::rules::id::{CombatId, UserId};
use crate::rules::illegal::Phase;

/// The format this version writes, and the newest it reads.
pub const EXPORT_FORMAT: u32 = 1;
/// Events of a page of what a spectator saw: an event that takes something back carries a whole
/// snapshot.
const SPECTATOR_PAGE_EVENTS: u32 = 100;

/// Whose eyes a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportView {
    /// The keeper of the data: all that the log holds.
    Complete,
    /// Anybody.
    Spectator,
}

impl Hub {
    /// One page of a fight after a number, up to `until` or the end. Every page has the head; the
    /// last one, whose last event has the number `last_seq`, also what is known of the whole.
    ///
    /// # Errors
    /// [`Refusal::NoSuchCombat`], or what the store says.
    pub async fn export_page(
        &self,
        combat: CombatId,
        view: ExportView,
        after: u64,
        until: Option<u64>,
    ) -> Result<pb::FightExport, Refusal> {
        let watching = Principal { user: UserId(0), scope: Scope::Observe { combat } };
        let key = self.find(&watching, combat)?;
        let header = self.header(key)?;
        let tail = self.store().tail(key.store()).map_err(|fault| read_refusal(&fault))?;
        let tail = tail.unwrap_or_default();
        let last_seq = until.map_or(tail, |until| until.min(tail));
        let page = pb::FightExport {
            format: EXPORT_FORMAT,
            written_by: env!("CARGO_PKG_VERSION").to_owned(),
            session_id: combat.to_string(),
            name: header.name,
            last_seq,
            ..pb::FightExport::default()
        };
        match view {
            ExportView::Complete => {
                let hub = self.clone();
                let reading =
                    tokio::task::spawn_blocking(move || hub.complete_page(key, after, page));
                reading.await.unwrap_or_else(|panic| Err(Refusal::bug(&panic)))
            }
            ExportView::Spectator => self.spectator_page(&watching, after, page).await,
        }
    }

    fn complete_page(
        &self,
        key: FightKey,
        after: u64,
        page: pb::FightExport,
    ) -> Result<pb::FightExport, Refusal> {
        let commits = fight::read_up_to(self.store(), key, after, page.last_seq)?;
        let reached = commits.last().map_or(after, last_seq);
        let stored = commits.iter().map(|commit| {
            pb::StoredCommit::decode(encode_commit(commit).as_slice())
                .map_err(|fault| Refusal::bug(&fault))
        });
        let page = pb::FightExport { commits: stored.collect::<Result<_, _>>()?, ..page };
        if reached < page.last_seq {
            return Ok(page);
        }
        let fold = self.fold_to(key, &Marks::default(), page.last_seq)?;
        let over = fold.combat().phase() == Phase::Ended;
        let hidden_seeds = match fold.combat().commitments().filter(|_| over) {
            Some((_, hidden)) => told(&self.secrets(key)?, hidden),
            None => Vec::new(),
        };
        Ok(pb::FightExport {
            hidden_seeds: hidden_seeds.iter().map(|seed| seed.to_vec().into()).collect(),
            fingerprint: fold.combat().fingerprint().to_be_bytes().to_vec().into(),
            ..page
        })
    }

    async fn spectator_page(
        &self,
        watching: &Principal,
        after: u64,
        page: pb::FightExport,
    ) -> Result<pb::FightExport, Refusal> {
        let wanted = pb::GetHistoryRequest {
            session_id: page.session_id.clone(),
            after_seq: after,
            limit: SPECTATOR_PAGE_EVENTS,
        };
        let mut events = self.history(watching, &wanted).await?.events;
        events.retain(|event| event.seq.is_some_and(|seq| seq <= page.last_seq));
        Ok(pb::FightExport { viewer: pb::ViewerRole::Spectator.into(), events, ..page })
    }
}

/// The hidden seeds up to the one that the fight was committed to when it ended. Should the end have
/// been taken back since, there is one more, and it still decides dice.
fn told(secrets: &Secrets, commitment: [u8; 32]) -> Vec<[u8; 32]> {
    let all: Vec<[u8; 32]> =
        secrets.earlier_hidden.iter().copied().chain([secrets.seeds.hidden]).collect();
    let last = all.iter().position(|seed| *blake3::hash(seed).as_bytes() == commitment);
    all.into_iter().take(last.map_or(0, |last| last.saturating_add(1))).collect()
}
