//! The streams: a whole fight over one of them, watching, and several actions at once.
//!
//! A refused request is an event on the stream it came from, and the stream lives. Nothing here
//! holds events back: a stream that reads slowly makes its own reader wait, and nobody else.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::Stream;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::{CancellationToken, DropGuard};
use tonic::{Request, Response, Status, Streaming};

use super::caller::Caller;
use super::calls::id;
use super::status::{error_event, status};
use crate::hub::reader::{Reader, StartFrom};
use crate::hub::refusal::Refusal;
use crate::hub::{BATCH_ACTIONS_MAX, Hub};
use crate::protocol::pb;
use crate::rules::id::CombatId;
use crate::telemetry::ReaderKind;
use pb::combat_request::Request as Wish;

/// Frames waiting to be taken by one stream.
const OUTGOING_MAX: usize = 64;
/// Fights that one stream may follow.
const FOLLOWED_MAX: usize = 16;
/// How often an open stream asks whether its token still lives.
const TOKEN_CHECK: Duration = Duration::from_secs(5);

type Frame = Result<pb::CombatEvent, Status>;
type Outgoing = Pin<Box<dyn Stream<Item = Frame> + Send>>;

/// `skirmish.v1.CombatStreamingService`.
#[derive(Debug)]
pub(super) struct Streams {
    hub: Arc<Hub>,
}

impl Streams {
    pub(super) fn new(hub: Arc<Hub>) -> Self {
        Self { hub }
    }
}

/// A stream of frames that stops everything behind it when the client lets go of it.
fn outgoing(frames: mpsc::Receiver<Frame>, guard: DropGuard) -> Outgoing {
    let mut guard = Some(guard);
    let last = futures_util::stream::poll_fn(move |_| {
        guard.take();
        core::task::Poll::Ready(None)
    });
    Box::pin(ReceiverStream::new(frames).chain(last))
}

/// Hands over what a reader reads until the reader, the client or the token ends; says why, unless
/// nobody is left to hear it.
async fn forward(
    hub: Arc<Hub>,
    caller: Caller,
    mut reader: Reader,
    frames: mpsc::Sender<Frame>,
    stop: CancellationToken,
) -> Option<Refusal> {
    let mut check = tokio::time::interval(TOKEN_CHECK);
    check.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let page = tokio::select! {
            () = stop.cancelled() => return None,
            _ = check.tick() => match caller.still_lives(&hub) {
                Ok(()) => continue,
                Err(refusal) => Err(refusal),
            },
            page = reader.next() => page,
        };
        let page = match page {
            Ok(page) => page,
            Err(refusal) => return Some(refusal),
        };
        for frame in page {
            tokio::select! {
                () = stop.cancelled() => return None,
                sent = frames.send(Ok(frame)) => if sent.is_err() { return None },
            }
        }
    }
}

/// Tells the client why its stream is over.
async fn finish(frames: &mpsc::Sender<Frame>, refusal: &Refusal) {
    // The client may be gone already; then nobody is left to tell.
    drop(frames.send(Err(status(refusal))).await);
}

/// One participant's stream: what it follows, and where its frames go.
struct Participant {
    hub: Arc<Hub>,
    caller: Caller,
    frames: mpsc::Sender<Frame>,
    stop: CancellationToken,
    followed: BTreeSet<CombatId>,
    /// One task for each fight that is followed.
    forwards: JoinSet<Option<Refusal>>,
    /// The fight that requests without a session id mean.
    current: Option<CombatId>,
}

impl Participant {
    async fn follow(&mut self, combat: CombatId, from: StartFrom) -> Result<(), Refusal> {
        if self.followed.contains(&combat) {
            self.current = Some(combat);
            return Ok(());
        }
        if self.followed.len() >= FOLLOWED_MAX {
            return Err(Refusal::LimitReached {
                what: "fights on one stream",
                limit: FOLLOWED_MAX,
            });
        }
        let reader = self.hub.follow(&self.caller.principal, combat, from).await?;
        let reader = reader.with_options().counted_as(ReaderKind::Participant);
        // Only now: a fight that is not there must not become the one that is meant.
        self.current = Some(combat);
        self.followed.insert(combat);
        self.forwards.spawn(forward(
            Arc::clone(&self.hub),
            self.caller.clone(),
            reader,
            self.frames.clone(),
            self.stop.clone(),
        ));
        Ok(())
    }

    async fn handle(&mut self, mut request: pb::CombatRequest) -> Result<(), Refusal> {
        self.caller.still_lives(&self.hub)?;
        if request.session_id.is_empty()
            && let Some(current) = self.current
            && !matches!(request.request, Some(Wish::Initiate(_)))
        {
            request.session_id = current.to_string();
        }
        match &request.request {
            Some(Wish::Attach(attach)) => {
                let combat = parse_session(&attach.session_id)?;
                let from = attach.resume_after.map_or(StartFrom::Snapshot, StartFrom::After);
                self.follow(combat, from).await
            }
            Some(Wish::Initiate(_)) => {
                let receipt = self.hub.submit(&self.caller.principal, request).await?;
                let combat = parse_session(&receipt.session_id)?;
                self.follow(combat, StartFrom::History { from_seq: 0 }).await
            }
            Some(_) | None => {
                let combat = parse_session(&request.session_id)?;
                self.follow(combat, StartFrom::Snapshot).await?;
                self.hub.submit(&self.caller.principal, request).await.map(|_| ())
            }
        }
    }

    async fn run(mut self, mut requests: Streaming<pb::CombatRequest>) {
        let hub = Arc::clone(&self.hub);
        let mut listening = true;
        loop {
            let next = tokio::select! {
                () = self.stop.cancelled() => return,
                () = hub.drained() => return self.end(Refusal::Draining).await,
                Some(ended) = self.forwards.join_next() => match ended {
                    Ok(None) => return self.stop.cancel(),
                    Ok(Some(refusal)) => return self.end(refusal).await,
                    Err(panic) => return self.end(Refusal::bug(&panic)).await,
                },
                next = requests.next(), if listening => next,
            };
            let request = match next {
                Some(Ok(request)) => request,
                // The client said all it wanted to say; it may go on listening.
                None if self.forwards.is_empty() => return,
                None => {
                    listening = false;
                    continue;
                }
                Some(Err(broken)) => {
                    tracing::debug!(%broken, "a participant's stream broke");
                    self.stop.cancel();
                    return;
                }
            };
            let request_id = request.request_id.clone();
            let session = request.session_id.clone();
            if let Err(refusal) = self.handle(request).await {
                let event = error_event(&refusal, &session, &request_id);
                if self.frames.send(Ok(event)).await.is_err() {
                    return;
                }
            }
        }
    }

    /// Ends the stream. At a shutdown every fight on it says first where to resume.
    async fn end(mut self, why: Refusal) {
        if why == Refusal::Draining {
            while self.forwards.join_next().await.is_some() {}
        }
        finish(&self.frames, &why).await;
        self.stop.cancel();
    }
}

fn parse_session(text: &str) -> Result<CombatId, Refusal> {
    text.parse().map_err(|bad: crate::rules::id::BadId| Refusal::Malformed {
        path: "session_id".into(),
        message: bad.to_string(),
    })
}

#[tonic::async_trait]
impl pb::combat_streaming_service_server::CombatStreamingService for Streams {
    type CombatStreamStream = Outgoing;
    type ObserveCombatStream = Outgoing;

    async fn combat_stream(
        &self,
        request: Request<Streaming<pb::CombatRequest>>,
    ) -> Result<Response<Outgoing>, Status> {
        let caller = Caller::of(&self.hub, &request).map_err(|no| status(&no))?;
        let (frames, receiver) = mpsc::channel(OUTGOING_MAX);
        let stop = CancellationToken::new();
        let participant = Participant {
            hub: Arc::clone(&self.hub),
            caller,
            frames,
            stop: stop.clone(),
            followed: BTreeSet::new(),
            forwards: JoinSet::new(),
            current: None,
        };
        tokio::spawn(participant.run(request.into_inner()));
        Ok(Response::new(outgoing(receiver, stop.drop_guard())))
    }

    async fn observe_combat(
        &self,
        request: Request<pb::ObserveCombatRequest>,
    ) -> Result<Response<Outgoing>, Status> {
        let caller = Caller::of(&self.hub, &request).map_err(|no| status(&no))?;
        let wanted = request.get_ref();
        let combat = id(&wanted.session_id, "session_id")?;
        let from = match (wanted.resume_after, wanted.include_history) {
            (Some(after), _) => StartFrom::After(after),
            (None, true) => StartFrom::History { from_seq: wanted.from_seq },
            (None, false) => StartFrom::Snapshot,
        };
        let reader = self.hub.follow(&caller.principal, combat, from).await;
        let reader = reader.map_err(|no| status(&no))?.counted_as(ReaderKind::Observer);
        let (frames, receiver) = mpsc::channel(OUTGOING_MAX);
        let stop = CancellationToken::new();
        let ending = frames.clone();
        let forwarding = forward(Arc::clone(&self.hub), caller, reader, frames, stop.clone());
        tokio::spawn(async move {
            if let Some(refusal) = forwarding.await {
                finish(&ending, &refusal).await;
            }
        });
        Ok(Response::new(outgoing(receiver, stop.drop_guard())))
    }

    async fn execute_batch_actions(
        &self,
        request: Request<Streaming<pb::CombatAction>>,
    ) -> Result<Response<pb::BatchActionResult>, Status> {
        let caller = Caller::of(&self.hub, &request).map_err(|no| status(&no))?;
        let mut messages = request.into_inner();
        let mut actions = Vec::new();
        // A broken stream is an abort and never an end: nothing of it is done.
        while let Some(action) = messages.next().await {
            if actions.len() >= BATCH_ACTIONS_MAX {
                let what = "actions in one batch";
                return Err(status(&Refusal::LimitReached { what, limit: BATCH_ACTIONS_MAX }));
            }
            actions.push(action?);
        }
        match self.hub.batch(&caller.principal, actions).await {
            Ok(receipt) => Ok(Response::new(pb::BatchActionResult {
                receipt: Some(receipt),
                failing_index: None,
            })),
            Err(refused) => {
                let request_id = refused.request_id.clone();
                Ok(Response::new(pb::BatchActionResult {
                    receipt: Some(pb::Receipt {
                        refusal: Some(refused.refusal.to_error(&request_id)),
                        session_id: refused.session_id,
                        request_id,
                        ..pb::Receipt::default()
                    }),
                    failing_index: refused.index,
                }))
            }
        }
    }
}
