//! The one place through which everything in a fight goes: who may, what it becomes, who hears.
//!
//! One task per fight takes its requests one after the other; what they become is durable before
//! anybody is told. Surfaces know this module and nothing behind it. No reader, however slow, can
//! hold a fight up.

pub mod access;
mod calm;
mod characters;
mod clocks;
mod dice;
mod export;
mod feed;
mod fight;
mod fold;
mod landed;
mod lists;
mod notes;
mod opening;
mod proof;
pub mod reader;
pub mod refusal;
mod secrets;
mod sheet;
mod table;
pub mod tokens;
mod wishes;
mod words;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

pub use access::{Principal, Role, Scope};
pub use dice::{Seeds, face};
pub use export::{EXPORT_FORMAT, ExportView};
pub use lists::Named;
pub use notes::Notes;
pub use proof::{FINDINGS_MAX, Finding, NoExport, Promise, Proof, Verdict, import, prove, replay};
pub use refusal::Refusal;

use crate::protocol::{Malformed, Wish, decode, pb};
use crate::rules::id::{CombatId, CreatureId};
use crate::store::{CommitError, ReadError, Store};
use crate::telemetry::Metrics;
use feed::Feed;
use fight::FightKey;
use fold::Fold;
use landed::{Landed, Sight};
use reader::{Reader, StartFrom};
use table::{Ask, Table};

/// Most actions of one batch.
pub const BATCH_ACTIONS_MAX: usize = crate::rules::batch::BATCH_MAX;
/// Requests that may wait for one fight.
pub const QUEUE_MAX: usize = 128;
/// Fights that may be in memory at once.
pub const TABLES_MAX: usize = 10_000;

/// What can be set about the hub.
#[derive(Debug, Clone)]
pub struct HubOptions {
    /// A fight without requests leaves memory after this.
    pub idle_evict: Duration,
    /// A reader to whom nothing happens is told so this often.
    pub bookmark_after: Duration,
    /// How long a question waits before its default.
    pub prompt_timeout: Duration,
    /// The pause before each step of a creature that the program plays.
    pub autopilot_pause: Duration,
    /// Fixed seeds for fights, for demonstrations and tests; fresh ones if absent.
    pub seed: Option<u64>,
}

impl Default for HubOptions {
    fn default() -> Self {
        Self {
            idle_evict: Duration::from_mins(15),
            bookmark_after: Duration::from_secs(30),
            prompt_timeout: Duration::from_mins(1),
            autopilot_pause: Duration::ZERO,
            seed: None,
        }
    }
}

/// A handle to the hub; clones are cheap and mean the same one.
#[derive(Debug, Clone)]
pub struct Hub(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    options: HubOptions,
    tokens: tokens::Tokens,
    metrics: Metrics,
    tables: Mutex<BTreeMap<CombatId, mpsc::Sender<Ask>>>,
    /// Feeds outlive the tables, as long as somebody reads.
    feeds: Mutex<BTreeMap<CombatId, Weak<Feed>>>,
    opened: watch::Sender<u64>,
    draining: CancellationToken,
}

/// Why a batch was not done, and at which action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchRefused {
    pub index: Option<u32>,
    pub refusal: Refusal,
    pub request_id: String,
    pub session_id: String,
}

/// What the store said, as a refusal.
fn commit_refusal(fault: CommitError) -> Refusal {
    match fault {
        CommitError::ReadOnly => Refusal::ReadOnly,
        CommitError::QueueFull => Refusal::QueueFull { limit: crate::store::MAX_QUEUED_COMMITS },
        CommitError::Closed => Refusal::Draining,
        CommitError::TooLarge { what, limit, .. } => Refusal::LimitReached { what, limit },
        CommitError::Conflict(crate::store::Conflict::Character { .. }) => Refusal::SheetMoved,
        CommitError::Conflict(crate::store::Conflict::Log { tail, .. }) => {
            Refusal::SequenceMoved { now: tail }
        }
        other @ (CommitError::ReceiptExists(_)
        | CommitError::Invalid(_)
        | CommitError::Damaged(_)) => Refusal::bug(&other),
    }
}

fn read_refusal(fault: &ReadError) -> Refusal {
    match fault {
        ReadError::Unavailable(_) => Refusal::ReadOnly,
        ReadError::Closed => Refusal::Draining,
        ReadError::Corrupt { .. } => Refusal::bug(fault),
    }
}

impl Hub {
    /// A hub over an open store.
    pub fn new(store: Store, options: HubOptions, metrics: Metrics) -> Self {
        let tokens = tokens::Tokens::new(store.clone());
        Self(Arc::new(Inner {
            store,
            options,
            tokens,
            metrics,
            tables: Mutex::default(),
            feeds: Mutex::default(),
            opened: watch::Sender::new(0),
            draining: CancellationToken::new(),
        }))
    }

    fn store(&self) -> &Store {
        &self.0.store
    }

    pub(in crate::hub) fn settings(&self) -> &HubOptions {
        &self.0.options
    }

    /// The tokens of this bot.
    pub fn tokens(&self) -> &tokens::Tokens {
        &self.0.tokens
    }

    /// The counters.
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// A number that grows with every fight opened: look at the open ones again.
    pub fn opened(&self) -> watch::Receiver<u64> {
        self.0.opened.subscribe()
    }

    /// Stops taking requests and tells every reader where to resume. Idempotent.
    pub fn drain(&self) {
        self.0.draining.cancel();
    }

    /// Returns once [`Hub::drain`] was called.
    pub async fn drained(&self) {
        self.draining().cancelled().await;
    }

    fn draining(&self) -> &CancellationToken {
        &self.0.draining
    }

    /// The one way into a fight: a request of whatever kind.
    ///
    /// # Errors
    /// The refusal; nothing was changed.
    pub async fn submit(
        &self,
        who: &Principal,
        request: pb::CombatRequest,
    ) -> Result<pb::Receipt, Refusal> {
        let kind = kind_of(&request);
        self.metrics().count_request("hub", kind);
        let outcome = Box::pin(self.submit_inner(who, request)).await;
        if let Err(refusal) = &outcome {
            self.metrics().count_refusal("hub", refusal.code());
        }
        outcome
    }

    async fn submit_inner(
        &self,
        who: &Principal,
        request: pb::CombatRequest,
    ) -> Result<pb::Receipt, Refusal> {
        if self.draining().is_cancelled() {
            return Err(Refusal::Draining);
        }
        let hash = payload_hash(&request);
        let decoded = decode(&request)?;
        if let Wish::Initiate { .. } = &decoded.wish {
            return self.initiate(who, decoded, hash).await;
        }
        let combat = decoded.session.ok_or_else(|| Refusal::Malformed {
            path: "session_id".into(),
            message: "must name a fight".into(),
        })?;
        let key = self.find(who, combat)?;
        let (reply, answer) = oneshot::channel();
        self.ask(key, Ask::Submit { who: *who, decoded: Box::new(decoded), hash, reply }).await?;
        answer.await.map_err(|_| Refusal::bug(&"the table of this fight stopped in mid-request"))?
    }

    /// Several actions, all or none.
    ///
    /// # Errors
    /// The refusal and the action that it is about.
    pub async fn batch(
        &self,
        who: &Principal,
        actions: Vec<pb::CombatAction>,
    ) -> Result<pb::Receipt, BatchRefused> {
        self.metrics().count_request("hub", "batch");
        let (request_id, session_id) = actions.first().map_or_else(Default::default, |first| {
            (first.request_id.clone(), first.session_id.clone())
        });
        let outcome = Box::pin(self.batch_inner(who, &actions)).await;
        outcome.map_err(|(index, refusal)| {
            self.metrics().count_refusal("hub", refusal.code());
            let index = index.and_then(|index| u32::try_from(index).ok());
            BatchRefused { index, refusal, request_id, session_id }
        })
    }

    async fn batch_inner(
        &self,
        who: &Principal,
        actions: &[pb::CombatAction],
    ) -> Result<pb::Receipt, (Option<usize>, Refusal)> {
        let whole = |refusal: Refusal| (None, refusal);
        if self.draining().is_cancelled() {
            return Err(whole(Refusal::Draining));
        }
        let first = actions.first().ok_or_else(|| {
            whole(Refusal::Malformed {
                path: "actions".into(),
                message: "must not be empty".into(),
            })
        })?;
        if actions.len() > BATCH_ACTIONS_MAX {
            let what = "actions in one batch";
            return Err(whole(Refusal::LimitReached { what, limit: BATCH_ACTIONS_MAX }));
        }
        let head = crate::protocol::batch_head(first)
            .map_err(|malformed: Malformed| (Some(0), malformed.into()))?;
        let mut read = Vec::with_capacity(actions.len());
        for (index, action) in actions.iter().enumerate() {
            if action.session_id != first.session_id {
                let message = "must be the same fight in every action of a batch".into();
                let path = format!("actions[{index}].session_id");
                return Err((Some(index), Refusal::Malformed { path, message }));
            }
            let one = crate::protocol::action_of(action)
                .map_err(|malformed| (Some(index), malformed.into()))?;
            read.push(one);
        }
        let mut hasher = blake3::Hasher::new();
        for action in actions {
            hasher.update(&prost::Message::encode_to_vec(action));
        }
        let hash = *hasher.finalize().as_bytes();
        let key = self.find(who, head.session).map_err(whole)?;
        let (reply, answer) = oneshot::channel();
        let ask = Ask::Batch { who: *who, head: Box::new(head), actions: read, hash, reply };
        self.ask(key, ask).await.map_err(whole)?;
        answer
            .await
            .map_err(|_| whole(Refusal::bug(&"the table of this fight stopped in mid-batch")))?
    }

    /// The state as this caller may see it.
    ///
    /// # Errors
    /// [`Refusal::NoSuchCombat`] also for fights that the caller may not know of.
    pub async fn snapshot(&self, who: &Principal, id: CombatId) -> Result<pb::Snapshot, Refusal> {
        let key = self.find(who, id)?;
        let (reply, answer) = oneshot::channel();
        self.ask(key, Ask::Look { who: *who, reply }).await?;
        let look = answer.await.map_err(|_| Refusal::bug(&"the table stopped while reading"))??;
        Ok(look.snapshot)
    }

    /// What a creature could do now; for its owner and the game master.
    ///
    /// # Errors
    /// Refused for everybody else.
    pub async fn options(
        &self,
        who: &Principal,
        id: CombatId,
        creature: CreatureId,
    ) -> Result<pb::Options, Refusal> {
        let key = self.find(who, id)?;
        let (reply, answer) = oneshot::channel();
        self.ask(key, Ask::Options { who: *who, creature: Some(creature), reply }).await?;
        let found =
            answer.await.map_err(|_| Refusal::bug(&"the table stopped while reading"))??;
        found.ok_or(Refusal::NotYourCreature)
    }

    /// What the creature whose turn it is could do, if the caller plays it.
    async fn current_options(&self, who: &Principal, key: FightKey) -> Option<pb::Options> {
        let (reply, answer) = oneshot::channel();
        self.ask(key, Ask::Options { who: *who, creature: None, reply }).await.ok()?;
        answer.await.ok()?.ok()?
    }

    /// Reads a fight from somewhere on, for as long as the reader is kept.
    ///
    /// # Errors
    /// [`Refusal::NoSuchCombat`], or [`Refusal::OutOfRange`] for a number that is not kept.
    pub async fn follow(
        &self,
        who: &Principal,
        id: CombatId,
        from: StartFrom,
    ) -> Result<Reader, Refusal> {
        let key = self.find(who, id)?;
        let feed = self.feed(key)?;
        let oldest = self.store().oldest(key.store()).map_err(|fault| read_refusal(&fault))?;
        let oldest = oldest.unwrap_or(1);
        let tail = feed.tail();
        let start =
            |feed, position, sight| Reader::new(self.clone(), *who, key, feed, position, sight);
        match from {
            StartFrom::Snapshot => {
                let (reply, answer) = oneshot::channel();
                self.ask(key, Ask::Look { who: *who, reply }).await?;
                let look = answer
                    .await
                    .map_err(|_| Refusal::bug(&"the table stopped while reading"))??;
                let as_of = look.snapshot.as_of;
                let frame = pb::CombatEvent {
                    session_id: id.to_string(),
                    as_of: Some(as_of),
                    event: Some(pb::combat_event::Event::Snapshot(look.snapshot)),
                    ..pb::CombatEvent::default()
                };
                Ok(start(feed, as_of, look.sight).beginning_with(frame))
            }
            StartFrom::History { from_seq } => {
                if from_seq > 1 && from_seq < oldest {
                    return Err(Refusal::OutOfRange { oldest });
                }
                let after = from_seq.saturating_sub(1);
                let fold = self.fold_aside(key, &feed, after.min(tail)).await?;
                Ok(start(feed, fold.seq, fold.sight).skipping_to(after))
            }
            StartFrom::After(seq) => {
                if seq.saturating_add(1) < oldest || seq > tail {
                    return Err(Refusal::OutOfRange { oldest });
                }
                let fold = self.fold_aside(key, &feed, seq).await?;
                Ok(start(feed, fold.seq, fold.sight).skipping_to(seq))
            }
        }
    }

    /// The fight at a number, folded where nobody else waits for it.
    async fn fold_aside(&self, key: FightKey, feed: &Arc<Feed>, seq: u64) -> Result<Fold, Refusal> {
        if seq == 0 {
            return Ok(Fold::default());
        }
        // Whoever reads a fight from the middle may come again: in memory, it has marks.
        drop(self.table(key)?);
        let (hub, feed) = (self.clone(), Arc::clone(feed));
        let folding = tokio::task::spawn_blocking(move || hub.fold_to(key, feed.marks(), seq));
        folding.await.unwrap_or_else(|panic| Err(Refusal::bug(&panic)))
    }

    /// The feed of a fight, made if nobody reads it yet.
    fn feed(&self, key: FightKey) -> Result<Arc<Feed>, Refusal> {
        let mut feeds = self.0.feeds.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(feed) = feeds.get(&key.combat).and_then(Weak::upgrade) {
            return Ok(feed);
        }
        let tail = self.store().tail(key.store()).map_err(|fault| read_refusal(&fault))?;
        let feed = Arc::new(Feed::new(tail.unwrap_or_default()));
        feeds.retain(|_, feed| feed.strong_count() > 0);
        feeds.insert(key.combat, Arc::downgrade(&feed));
        Ok(feed)
    }

    /// Hands something to the table of a fight, which is loaded if it is not in memory.
    async fn ask(&self, key: FightKey, ask: Ask) -> Result<(), Refusal> {
        let mut ask = ask;
        // A table that was just leaving memory refuses; the next try loads it anew.
        for _ in 0..3 {
            let table = self.table(key)?;
            ask = match table.try_send(ask) {
                Ok(()) => return Ok(()),
                Err(mpsc::error::TrySendError::Full(_)) => {
                    return Err(Refusal::QueueFull { limit: QUEUE_MAX });
                }
                Err(mpsc::error::TrySendError::Closed(ask)) => {
                    self.forget(key.combat, &table);
                    ask
                }
            };
            tokio::task::yield_now().await;
        }
        Err(Refusal::bug(&"the table of this fight does not stay"))
    }

    fn table(&self, key: FightKey) -> Result<mpsc::Sender<Ask>, Refusal> {
        let mut tables = self.0.tables.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(table) = tables.get(&key.combat).filter(|table| !table.is_closed()) {
            return Ok(table.clone());
        }
        if tables.len() >= TABLES_MAX {
            tables.retain(|_, table| !table.is_closed());
        }
        if tables.len() >= TABLES_MAX {
            return Err(Refusal::LimitReached { what: "fights in memory", limit: TABLES_MAX });
        }
        let feed = self.feed(key)?;
        let (sender, asks) = mpsc::channel(QUEUE_MAX);
        tables.insert(key.combat, sender.clone());
        self.count_tables(tables.len());
        tokio::spawn(Table::open(self.clone(), key, feed, asks));
        Ok(sender)
    }

    fn forget(&self, combat: CombatId, table: &mpsc::Sender<Ask>) {
        let mut tables = self.0.tables.lock().unwrap_or_else(PoisonError::into_inner);
        if tables.get(&combat).is_some_and(|known| known.same_channel(table)) {
            tables.remove(&combat);
        }
        self.count_tables(tables.len());
    }

    fn count_tables(&self, tables: usize) {
        self.metrics().combats_in_memory(u64::try_from(tables).unwrap_or(u64::MAX));
    }

    /// Up to a page of commits after a number, read from the log and made ready for readers.
    fn commits_after(
        &self,
        key: FightKey,
        after: u64,
        sight: &Sight,
    ) -> Result<Vec<Arc<Landed>>, Refusal> {
        let mut before = sight.clone();
        let mut landed = Vec::new();
        for commit in fight::read_commits(self.store(), key, after)? {
            let next = Landed::new(commit, before);
            before = next.after.clone();
            landed.push(Arc::new(next));
        }
        Ok(landed)
    }
}

/// The kind of a request, for the counters.
fn kind_of(request: &pb::CombatRequest) -> &'static str {
    use pb::combat_request::Request;
    match &request.request {
        None => "none",
        Some(Request::Attach(_)) => "attach",
        Some(Request::Initiate(_)) => "initiate",
        Some(Request::Join(_)) => "join",
        Some(Request::RollInitiative(_)) => "roll_initiative",
        Some(Request::ExecuteAction(_)) => "execute_action",
        Some(Request::EndTurn(_)) => "end_turn",
        Some(Request::Leave(_)) => "leave",
        Some(Request::EndCombat(_)) => "end_combat",
        Some(Request::AddCreatures(_)) => "add_creatures",
        Some(Request::Begin(_)) => "begin",
        Some(Request::Pause(_)) => "pause",
        Some(Request::Resume(_)) => "resume",
        Some(Request::Undo(_)) => "undo",
        Some(Request::Redo(_)) => "redo",
        Some(Request::Adjust(_)) => "adjust",
        Some(Request::Respond(_)) => "respond",
        Some(Request::Transfer(_)) => "transfer",
        Some(Request::SetOrder(_)) => "set_order",
    }
}

/// The hash by which a repeated request is told from another one with the same id.
fn payload_hash(request: &pb::CombatRequest) -> [u8; 32] {
    *blake3::hash(&prost::Message::encode_to_vec(request)).as_bytes()
}
