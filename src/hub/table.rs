//! The one task that owns a running fight: it takes requests one after the other, writes what they
//! become, and only then tells anybody.
//!
//! It holds nothing that the log does not: it can vanish at any moment, and the next request loads
//! the fight again. No event may be published here before it is durable.

use std::sync::Arc;
use std::time::Duration;

use prost::Message;
use tokio::sync::{mpsc, oneshot};

use super::access::{Deed, Principal, Role};
use super::dice::{SeededDice, Seeds};
use super::feed::Feed;
use super::fight::{self, FightKey};
use super::landed::{Landed, Sight};
use super::refusal::Refusal;
use super::{Hub, commit_refusal, read_refusal};
use crate::clock;
use crate::protocol::{
    BatchHead, Commit, Decoded, Logged, SnapshotMeta, Viewer, Wish, encode_commit, options, pb,
    phase_to, snapshot, timestamp,
};
use crate::rules::event::{Audience, Event, Fact};
use crate::rules::id::{CreatureId, PromptId, UserId};
use crate::rules::illegal::Phase;
use crate::rules::intent::{Action, Intent};
use crate::rules::pending::Answer;
use crate::rules::state::{Combat, Creature};
use crate::rules::timeline::{Recorded, Timeline};
use crate::rules::{batch, tactics};
use crate::store::{self, CommitError, LogAppend, ReceiptKey, Space};

/// After a restart an open question still waits at least so long.
const DEADLINE_AFTER_RESTART: Duration = Duration::from_mins(1);
/// The person behind what the program does by itself.
const PROGRAM: UserId = UserId(0);

/// What a table is asked.
#[derive(Debug)]
pub(super) enum Ask {
    Submit {
        who: Principal,
        decoded: Box<Decoded>,
        hash: [u8; 32],
        reply: oneshot::Sender<Result<pb::Receipt, Refusal>>,
    },
    Batch {
        who: Principal,
        head: Box<BatchHead>,
        actions: Vec<(CreatureId, Action)>,
        hash: [u8; 32],
        reply: oneshot::Sender<Result<pb::Receipt, (Option<usize>, Refusal)>>,
    },
    Look {
        who: Principal,
        reply: oneshot::Sender<Result<Look, Refusal>>,
    },
    Options {
        who: Principal,
        /// The creature whose turn it is, if absent.
        creature: Option<CreatureId>,
        reply: oneshot::Sender<Result<Option<pb::Options>, Refusal>>,
    },
}

/// The state at its number, with what a reader needs to go on from there.
#[derive(Debug)]
pub(super) struct Look {
    pub(super) snapshot: pb::Snapshot,
    pub(super) sight: Sight,
}

/// A request on its way into the log.
#[allow(clippy::struct_field_names, reason = "the contract calls it a request id")]
struct Request<'a> {
    request_id: &'a str,
    principal: Option<UserId>,
    hash: Option<[u8; 32]>,
    starts_unit: bool,
}

/// A fight in memory.
#[derive(Debug)]
pub(super) struct Table {
    hub: Hub,
    key: FightKey,
    feed: Arc<Feed>,
    timeline: Timeline,
    sight: Sight,
    tail: u64,
    last_at_ms: i64,
    seeds: Seeds,
    header: pb::CombatHeader,
    /// When the default of each open question takes effect.
    deadlines: Vec<(PromptId, i64)>,
    /// The last thing done was to take something back: the program waits for people to go on.
    autopilot_held: bool,
    /// A creature that the program plays was refused: it waits for something to change.
    autopilot_stuck: bool,
}

/// The deadlines of the questions that are open, as the log has them.
pub(super) fn deadlines_of(commits: &[Commit], combat: &Combat) -> Vec<(PromptId, i64)> {
    let mut deadlines = Vec::new();
    for logged in commits.iter().flat_map(|commit| &commit.events) {
        if let (Fact::PromptOpened { prompt, .. }, Some(at)) =
            (&logged.event.fact, logged.deadline_ms)
            && combat.pending().iter().any(|open| open.prompt.id == prompt.id)
        {
            deadlines.push((prompt.id, at));
        }
    }
    deadlines
}

/// What surrounds a snapshot of this fight.
pub(super) fn snapshot_meta<'a>(
    key: FightKey,
    header: &pb::CombatHeader,
    as_of: u64,
    timeline: &Timeline,
    deadlines: &'a [(PromptId, i64)],
) -> SnapshotMeta<'a> {
    let ended = timeline.combat().phase() == Phase::Ended;
    SnapshotMeta {
        session_id: key.combat,
        as_of,
        guild: key.guild,
        channel: header.channel_id.parse().ok(),
        started_at_ms: header.created_at.as_ref().map(crate::protocol::millis),
        ended_at_ms: header.updated_at.as_ref().filter(|_| ended).map(crate::protocol::millis),
        can_undo: timeline.undo_target().is_some(),
        can_redo: timeline.redo_target().is_some(),
        deadlines,
    }
}

fn now_ms() -> i64 {
    i64::try_from(clock::now().0).unwrap_or(i64::MAX)
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

impl Table {
    /// Loads a fight from the log.
    pub(super) fn load(hub: Hub, key: FightKey, feed: Arc<Feed>) -> Result<Self, Refusal> {
        let tail = hub.store().tail(key.store()).map_err(|fault| read_refusal(&fault))?;
        let tail = tail.unwrap_or_default();
        let commits = fight::read_all(hub.store(), key, tail)?;
        let timeline = fight::fold(&commits);
        let header = hub.header(key)?;
        let secret = hub.store().secret(key.store()).map_err(|fault| read_refusal(&fault))?;
        let seeds = seeds_from(secret.ok_or(Refusal::NoSuchCombat)?)?;
        let earliest = now_ms().saturating_add(millis(DEADLINE_AFTER_RESTART));
        let mut deadlines = deadlines_of(&commits, timeline.combat());
        for (_, at) in &mut deadlines {
            *at = (*at).max(earliest);
        }
        let last = commits.iter().flat_map(|commit| &commit.events).next_back();
        let last_at_ms = last.map_or(0, |logged| logged.occurred_at_ms);
        let autopilot_held = last.is_some_and(|logged| rewinds(&logged.event.fact));
        let mut sight = Sight::default();
        for commit in commits {
            sight = Landed::new(commit, sight).after;
        }
        Ok(Self {
            hub,
            key,
            feed,
            timeline,
            sight,
            tail,
            last_at_ms,
            seeds,
            header,
            deadlines,
            autopilot_held,
            autopilot_stuck: false,
        })
    }

    fn combat(&self) -> &Combat {
        self.timeline.combat()
    }

    /// Takes requests until nobody has asked for a while, or the hub drains.
    pub(super) async fn run(mut self, mut asks: mpsc::Receiver<Ask>) {
        let hub = self.hub.clone();
        loop {
            let autopilot = self.autopilot_due();
            let pause = hub.settings().autopilot_pause;
            let deadline = self.next_deadline();
            tokio::select! {
                biased;
                ask = asks.recv() => match ask {
                    Some(ask) => Box::pin(self.answer(ask)).await,
                    None => return,
                },
                () = hub.draining().cancelled() => return self.leave(asks).await,
                () = tokio::time::sleep(pause), if autopilot => {
                    Box::pin(self.autopilot_step()).await;
                }
                () = tokio::time::sleep(deadline.unwrap_or_default()), if deadline.is_some() => {
                    Box::pin(self.time_out()).await;
                }
                () = tokio::time::sleep(hub.settings().idle_evict),
                    if !autopilot && deadline.is_none() && self.feed.readers() == 0 =>
                {
                    return self.leave(asks).await;
                }
            }
        }
    }

    /// Leaves memory: takes no more, but answers what is already waiting.
    async fn leave(mut self, mut asks: mpsc::Receiver<Ask>) {
        asks.close();
        while let Some(ask) = asks.recv().await {
            Box::pin(self.answer(ask)).await;
        }
    }

    async fn answer(&mut self, ask: Ask) {
        // A caller that is gone does not want the answer; what was done is done all the same.
        match ask {
            Ask::Submit { who, decoded, hash, reply } => {
                let outcome = self.submit(&who, *decoded, hash).await;
                drop(reply.send(outcome));
            }
            Ask::Batch { who, head, actions, hash, reply } => {
                let outcome = self.batch(&who, &head, actions, hash).await;
                drop(reply.send(outcome));
            }
            Ask::Look { who, reply } => drop(reply.send(Ok(self.look(&who)))),
            Ask::Options { who, creature, reply } => {
                drop(reply.send(Ok(self.options(&who, creature))));
            }
        }
    }

    fn viewer(&self, who: &Principal) -> Viewer {
        match who.role(self.combat()) {
            Role::GameMaster => Viewer::Gm,
            Role::Player => Viewer::Player { user: who.user },
            Role::Spectator => Viewer::Spectator,
        }
    }

    fn look(&self, who: &Principal) -> Look {
        let meta =
            snapshot_meta(self.key, &self.header, self.tail, &self.timeline, &self.deadlines);
        let snapshot = snapshot(self.combat(), &meta, &self.viewer(who));
        Look { snapshot, sight: self.sight.clone() }
    }

    fn options(&self, who: &Principal, creature: Option<CreatureId>) -> Option<pb::Options> {
        let combat = self.combat();
        let id = creature.or(combat.current())?;
        if who.may(Deed::PlayCreature, combat, Some(id)).is_err() {
            return None;
        }
        options(combat, self.key.combat, id, &self.viewer(who))
    }

    /// The answer that this request was given before, if it was.
    fn known_receipt(
        &self,
        who: &Principal,
        request_id: &str,
        hash: [u8; 32],
    ) -> Result<Option<pb::Receipt>, Refusal> {
        let key = self.receipt_key(who.user, request_id);
        let found = self.hub.store().receipt(&key).map_err(|fault| read_refusal(&fault))?;
        found.map(|bytes| stored_receipt(&bytes, hash)).transpose()
    }

    fn receipt_key(&self, user: UserId, request_id: &str) -> ReceiptKey {
        ReceiptKey { guild: self.key.guild.0, principal: user.0, request_id: request_id.to_owned() }
    }

    fn check_currency(&self, turn: Option<u32>, expected: Option<u64>) -> Result<(), Refusal> {
        let now = self.combat().turn();
        if turn.is_some_and(|turn| turn != now) {
            return Err(Refusal::StaleTurn { now });
        }
        if expected.is_some_and(|expected| expected != self.tail) {
            return Err(Refusal::SequenceMoved { now: self.tail });
        }
        Ok(())
    }

    async fn submit(
        &mut self,
        who: &Principal,
        decoded: Decoded,
        hash: [u8; 32],
    ) -> Result<pb::Receipt, Refusal> {
        if let Some(receipt) = self.known_receipt(who, &decoded.request_id, hash)? {
            return Ok(receipt);
        }
        self.may(who, &decoded.wish)?;
        self.check_currency(decoded.turn, decoded.expected_seq)?;
        let events = self.events_of(who, decoded.wish)?;
        let starts_unit =
            !matches!(events.first().map(|event| &event.fact), Some(Fact::PromptAnswered { .. }));
        self.autopilot_held = events.iter().any(|event| rewinds(&event.fact));
        self.autopilot_stuck = false;
        let request = Request {
            request_id: &decoded.request_id,
            principal: Some(who.user),
            hash: Some(hash),
            starts_unit,
        };
        self.commit(request, events).await
    }

    /// The access matrix, for every kind of request.
    fn may(&self, who: &Principal, wish: &Wish) -> Result<(), Refusal> {
        let combat = self.combat();
        let deed = |deed, creature| who.may(deed, combat, creature).map(|_| ());
        match wish {
            Wish::Attach { .. } => deed(Deed::Watch, None),
            Wish::Initiate { .. } => Err(Refusal::ScopeTooNarrow),
            Wish::Join { .. } => deed(Deed::Join, None),
            Wish::AddCreatures { .. } | Wish::Begin | Wish::EndCombat | Wish::Undo | Wish::Redo => {
                deed(Deed::RunFight, None)
            }
            Wish::Intent(intent) => match intent {
                Intent::Act { creature, action } => {
                    deed(Deed::PlayCreature, Some(*creature))?;
                    // Advantage is computed; only the game master may say otherwise.
                    if matches!(action, Action::Attack { mode: Some(_), .. }) {
                        return deed(Deed::RunFight, None);
                    }
                    Ok(())
                }
                Intent::EndTurn { creature }
                | Intent::Leave { creature }
                | Intent::RollInitiative { creature } => deed(Deed::PlayCreature, Some(*creature)),
                Intent::Respond { prompt, .. } => {
                    let open = combat.pending().iter().find(|open| open.prompt.id == *prompt);
                    deed(Deed::PlayCreature, open.map(|open| open.prompt.creature))
                }
                Intent::Initiate { .. }
                | Intent::Enter { .. }
                | Intent::SetOrder { .. }
                | Intent::Begin { .. }
                | Intent::End { .. }
                | Intent::Pause
                | Intent::Resume
                | Intent::Adjust { .. }
                | Intent::Transfer { .. } => deed(Deed::RunFight, None),
            },
        }
    }

    /// What a wish becomes, as events.
    fn events_of(&self, who: &Principal, wish: Wish) -> Result<Vec<Event>, Refusal> {
        let combat = self.combat();
        let intent = match wish {
            Wish::Join { who: join, name, side, position } => {
                let entrant = self.hub.joining(
                    who,
                    self.key,
                    combat,
                    &join,
                    name.as_ref(),
                    side,
                    position,
                )?;
                Intent::Enter { entrants: vec![entrant] }
            }
            Wish::AddCreatures { creatures } => {
                Intent::Enter { entrants: super::wishes::entrants(combat, &creatures)? }
            }
            Wish::Begin => {
                let (public_commitment, hidden_commitment) = self.seeds.commitments();
                Intent::Begin { public_commitment, hidden_commitment }
            }
            Wish::EndCombat => Intent::End { public_seed: self.seeds.public },
            Wish::Undo => {
                let unit = self.timeline.undo_target().ok_or(Refusal::NothingToUndo)?;
                return Ok(vec![self.rewinding(Fact::Undone { from: unit.from, to: unit.to })]);
            }
            Wish::Redo => {
                let unit = self.timeline.redo_target().ok_or(Refusal::NothingToRedo)?;
                return Ok(vec![self.rewinding(Fact::Redone { from: unit.from, to: unit.to })]);
            }
            Wish::Intent(intent) => intent,
            Wish::Attach { .. } | Wish::Initiate { .. } => {
                let message = "must be a request to this fight".into();
                return Err(Refusal::Malformed { path: "request".into(), message });
            }
        };
        self.resolve(intent)
    }

    fn rewinding(&self, fact: Fact) -> Event {
        Event { drawn: self.combat().drawn(), audience: Audience::Everyone, fact }
    }

    /// Checks and resolves; a panic in the rules costs this request and nothing else.
    fn resolve(&self, intent: Intent) -> Result<Vec<Event>, Refusal> {
        let combat = self.combat();
        let attempt = std::panic::AssertUnwindSafe(|| {
            let mut dice = SeededDice::new(&self.seeds, combat.drawn());
            combat.check(intent).map(|legal| legal.resolve(&mut dice))
        });
        match std::panic::catch_unwind(attempt) {
            Ok(outcome) => Ok(outcome?),
            Err(_) => Err(Refusal::bug(&"the rules panicked")),
        }
    }

    async fn batch(
        &mut self,
        who: &Principal,
        head: &BatchHead,
        actions: Vec<(CreatureId, Action)>,
        hash: [u8; 32],
    ) -> Result<pb::Receipt, (Option<usize>, Refusal)> {
        let whole = |refusal| (None, refusal);
        if let Some(receipt) = self.known_receipt(who, &head.request_id, hash).map_err(whole)? {
            return Ok(receipt);
        }
        self.check_currency(head.turn, head.expected_seq).map_err(whole)?;
        for (index, (creature, action)) in actions.iter().enumerate() {
            let wish = Wish::Intent(Intent::Act { creature: *creature, action: action.clone() });
            self.may(who, &wish).map_err(|refusal| (Some(index), refusal))?;
        }
        let actions: Vec<Intent> = actions
            .into_iter()
            .map(|(creature, action)| Intent::Act { creature, action })
            .collect();
        let batch = batch::Batch::try_from(actions).map_err(|_| {
            let what = "actions in one batch";
            whole(Refusal::LimitReached { what, limit: super::BATCH_ACTIONS_MAX })
        })?;
        let mut dice = SeededDice::new(&self.seeds, self.combat().drawn());
        let events = batch::check_and_resolve(self.combat(), &batch, &mut dice)
            .map_err(|(index, illegal)| (Some(index), illegal.into()))?;
        self.autopilot_held = false;
        self.autopilot_stuck = false;
        let request = Request {
            request_id: &head.request_id,
            principal: Some(who.user),
            hash: Some(hash),
            starts_unit: true,
        };
        self.commit(request, events).await.map_err(whole)
    }

    /// Makes events durable, and then true for everybody.
    async fn commit(
        &mut self,
        request: Request<'_>,
        mut events: Vec<Event>,
    ) -> Result<pb::Receipt, Refusal> {
        if events.is_empty() {
            return Err(Refusal::bug(&"a legal request became nothing"));
        }
        if events.iter().any(|event| matches!(event.fact, Fact::Ended { .. })) {
            let drawn = events.last().map(|event| event.drawn).unwrap_or_default();
            let fact = Fact::DiceRevealed { public_seed: self.seeds.public };
            events.push(Event { drawn, audience: Audience::Everyone, fact });
        }
        let commit = self.commit_of(&request, events);
        let next = self.next_timeline(&commit)?;
        let (first, last) = (self.tail.saturating_add(1), last_seq(&commit));
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
            puts: vec![self.open_mark(next.combat())],
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
        match self.hub.store().commit(write).await {
            Ok(()) => {}
            Err(CommitError::ReceiptExists(bytes)) => {
                return stored_receipt(&bytes, request.hash.unwrap_or_default());
            }
            Err(fault) => return Err(commit_refusal(fault)),
        }
        self.hub.metrics().count_commit(last.saturating_sub(first).saturating_add(1));
        self.adopt(commit, next, header);
        Ok(receipt)
    }

    /// The commit of these events, with their numbers and times.
    fn commit_of(&self, request: &Request<'_>, events: Vec<Event>) -> Commit {
        let at = now_ms().max(self.last_at_ms);
        let timeout = millis(self.hub.settings().prompt_timeout);
        let numbered = (self.tail.saturating_add(1)..).zip(events);
        Commit {
            session_id: self.key.combat,
            events: numbered
                .map(|(seq, event)| Logged {
                    seq,
                    occurred_at_ms: at,
                    deadline_ms: matches!(event.fact, Fact::PromptOpened { .. })
                        .then(|| at.saturating_add(timeout)),
                    event,
                })
                .collect(),
            principal: request.principal,
            request_id: request.request_id.to_owned(),
            starts_unit: request.starts_unit,
            committed_at_ms: at,
        }
    }

    /// The fight as it will be once the commit is made.
    fn next_timeline(&self, commit: &Commit) -> Result<Timeline, Refusal> {
        let mut next = self.timeline.clone();
        let events: Vec<Event> = commit.events.iter().map(|logged| logged.event.clone()).collect();
        let first = self.tail.saturating_add(1);
        match next.record(first, &events, commit.starts_unit) {
            Recorded::Folded => Ok(next),
            Recorded::Refold => {
                let mut commits = fight::read_all(self.hub.store(), self.key, self.tail)?;
                commits.push(commit.clone());
                Ok(fight::fold(&commits))
            }
        }
    }

    /// Takes over what is durable now, and wakes the readers.
    fn adopt(&mut self, commit: Commit, next: Timeline, header: pb::CombatHeader) {
        self.timeline = next;
        self.header = header;
        self.last_at_ms = commit.committed_at_ms;
        for logged in &commit.events {
            if let (Fact::PromptOpened { prompt, .. }, Some(at)) =
                (&logged.event.fact, logged.deadline_ms)
            {
                self.deadlines.push((prompt.id, at));
            }
        }
        let open: Vec<PromptId> =
            self.combat().pending().iter().map(|pending| pending.prompt.id).collect();
        self.deadlines.retain(|(id, _)| open.contains(id));
        let landed = Landed::new(commit, self.sight.clone());
        self.sight = landed.after.clone();
        self.tail = landed.last_seq;
        self.feed.publish(Arc::new(landed));
    }

    fn open_mark(&self, combat: &Combat) -> (Space, Vec<u8>, Option<bytes::Bytes>) {
        let key = fight::open_key(self.key.guild, &self.header.channel_id, self.key.combat);
        let open = combat.phase() != Phase::Ended;
        (Space::Settings, key, open.then(bytes::Bytes::new))
    }

    /// Whether it is for the program to do something.
    fn autopilot_due(&self) -> bool {
        let combat = self.combat();
        if self.autopilot_held || self.autopilot_stuck || combat.phase() != Phase::Running {
            return false;
        }
        let acts = match combat.pending().last() {
            Some(open) => Some(open.prompt.creature),
            None => combat.current(),
        };
        acts.and_then(|id| combat.creature(id)).is_some_and(Creature::autopilot)
    }

    /// One step of a creature that the program plays.
    async fn autopilot_step(&mut self) {
        let combat = self.combat();
        let (intent, starts_unit) = match (combat.pending().last(), combat.current()) {
            (Some(open), _) => {
                let answer = tactics::answer(combat, &open.prompt);
                let prompt = open.prompt.id;
                (Intent::Respond { prompt, answer, timed_out: false }, false)
            }
            (None, Some(current)) => (tactics::next_intent(combat, current), true),
            (None, None) => return,
        };
        self.by_itself("autopilot", intent, starts_unit).await;
    }

    /// Something the program does without being asked; if it cannot, it waits for a change.
    async fn by_itself(&mut self, what: &str, intent: Intent, starts_unit: bool) {
        let request_id = format!("{what}-{}", self.tail.saturating_add(1));
        let outcome = match self.resolve(intent) {
            Ok(events) => {
                let principal = Some(PROGRAM);
                let request =
                    Request { request_id: &request_id, principal, hash: None, starts_unit };
                self.commit(request, events).await.map(|_| ())
            }
            Err(refusal) => Err(refusal),
        };
        if let Err(refusal) = outcome {
            tracing::warn!(combat = %self.key.combat, code = refusal.code(), what, "refused");
            self.autopilot_stuck = true;
        }
    }

    /// Time until the next question is declined for want of an answer.
    fn next_deadline(&self) -> Option<Duration> {
        if self.combat().phase() != Phase::Running || !self.hub.store().writes_ok() {
            return None;
        }
        let open = self.combat().pending().last()?;
        let (_, at) = self.deadlines.iter().find(|(id, _)| *id == open.prompt.id)?;
        let left = u64::try_from(at.saturating_sub(now_ms())).unwrap_or_default();
        Some(Duration::from_millis(left))
    }

    async fn time_out(&mut self) {
        let Some(open) = self.combat().pending().last() else { return };
        let prompt = open.prompt.id;
        let intent = Intent::Respond { prompt, answer: Answer::Decline, timed_out: true };
        self.deadlines.retain(|(id, _)| *id != prompt);
        self.by_itself("timeout", intent, false).await;
    }
}

fn rewinds(fact: &Fact) -> bool {
    matches!(fact, Fact::Undone { .. } | Fact::Redone { .. })
}

fn last_seq(commit: &Commit) -> u64 {
    commit.events.last().map_or(0, |logged| logged.seq)
}

/// The receipt that was stored, if it was for the same payload.
pub(super) fn stored_receipt(bytes: &[u8], hash: [u8; 32]) -> Result<pb::Receipt, Refusal> {
    let stored = pb::StoredReceipt::decode(bytes).map_err(|fault| Refusal::bug(&fault))?;
    if stored.payload_hash.as_ref() != hash.as_slice() {
        return Err(Refusal::RequestIdReused);
    }
    let receipt = stored.receipt.ok_or_else(|| Refusal::bug(&"an empty receipt"))?;
    Ok(pb::Receipt { repeated_request: true, ..receipt })
}

fn seeds_from(bytes: bytes::Bytes) -> Result<Seeds, Refusal> {
    let stored = pb::StoredSecret::decode(bytes).map_err(|fault| Refusal::bug(&fault))?;
    let whole = |bytes: &[u8]| {
        <[u8; 32]>::try_from(bytes).map_err(|_| Refusal::bug(&"a dice seed of the wrong length"))
    };
    Ok(Seeds { public: whole(&stored.public_seed)?, hidden: whole(&stored.hidden_seed)? })
}

/// Brings the head of a fight up to its state.
pub(super) fn update_header(header: &mut pb::CombatHeader, combat: &Combat, last: u64, at_ms: i64) {
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
