//! People who watch over gRPC: they keep every event with its bytes, and after a break they go on
//! after the last number they have.
//!
//! An observer never asks again for what it has; a gap or a repetition shows in its list.

use std::net::SocketAddr;

use prost::Message;
use skirmish::protocol::pb;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::support::discord::PATIENCE;
use crate::support::fight::call;
use pb::combat_streaming_service_client::CombatStreamingServiceClient;

/// Every logged event as it came, with its number.
#[derive(Default)]
struct Seen {
    events: Vec<(u64, Vec<u8>)>,
    frames: Vec<pb::CombatEvent>,
    /// The number after which each further connection went on.
    resumed: Vec<u64>,
    /// How each connection ended.
    ends: Vec<String>,
}

impl Seen {
    fn last(&self) -> Option<u64> {
        self.events.last().map(|(seq, _)| *seq)
    }
}

/// Somebody who watches one fight until dropped.
pub(super) struct Observer {
    seen: watch::Receiver<Seen>,
    task: JoinHandle<()>,
}

impl Drop for Observer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Observer {
    /// Watches with the whole history, wherever the program listens now and later.
    pub(super) fn begin(
        mut address: watch::Receiver<SocketAddr>,
        token: String,
        combat: String,
    ) -> Self {
        let (say, seen) = watch::channel(Seen::default());
        let task = tokio::spawn(async move {
            loop {
                let at = *address.borrow_and_update();
                let end = watch_once(at, &token, &combat, &say).await;
                say.send_modify(|seen| seen.ends.push(end));
                // it can only go on once the program was started again
                if address.changed().await.is_err() {
                    return;
                }
            }
        });
        Self { seen, task }
    }

    /// Waits until it has the event with this number.
    pub(super) async fn until(&mut self, seq: u64) {
        let has = |seen: &Seen| seen.last().is_some_and(|last| last >= seq);
        let came = tokio::time::timeout(PATIENCE, self.seen.wait_for(has)).await.is_ok();
        if !came {
            let seen = self.seen.borrow();
            panic!(
                "event {seq} does not come after {:?}; broken off: {:?}",
                seen.last(),
                seen.ends
            );
        }
    }

    /// Every event so far, as the bytes that came.
    pub(super) fn events(&self) -> Vec<(u64, Vec<u8>)> {
        self.seen.borrow().events.clone()
    }

    pub(super) fn frames(&self) -> Vec<pb::CombatEvent> {
        self.seen.borrow().frames.clone()
    }

    /// After which numbers it went on.
    pub(super) fn resumed(&self) -> Vec<u64> {
        self.seen.borrow().resumed.clone()
    }

    /// Fails unless the numbers are 1, 2, 3 … up to this one.
    #[track_caller]
    pub(super) fn assert_whole(&self, last: u64) {
        let numbers: Vec<u64> = self.seen.borrow().events.iter().map(|(seq, _)| *seq).collect();
        assert_eq!(numbers, (1..=last).collect::<Vec<_>>(), "a gap or a repetition");
    }
}

/// One connection, from its beginning to its end; says how it ended.
async fn watch_once(
    address: SocketAddr,
    token: &str,
    combat: &str,
    say: &watch::Sender<Seen>,
) -> String {
    let client = CombatStreamingServiceClient::connect(format!("http://{address}")).await;
    let mut client = match client {
        Ok(client) => client,
        Err(error) => return error.to_string(),
    };
    let resume_after = say.borrow().last();
    say.send_modify(|seen| seen.resumed.extend(resume_after));
    let request = pb::ObserveCombatRequest {
        session_id: combat.to_owned(),
        include_history: true,
        from_seq: 0,
        resume_after,
    };
    let mut frames = match client.observe_combat(call(token, request)).await {
        Ok(frames) => frames.into_inner(),
        Err(status) => return status.to_string(),
    };
    loop {
        match frames.message().await {
            Ok(Some(frame)) => say.send_modify(|seen| {
                if let Some(seq) = frame.seq {
                    seen.events.push((seq, frame.encode_to_vec()));
                    seen.frames.push(frame);
                }
            }),
            Ok(None) => return "the stream ended".to_owned(),
            Err(status) => return status.to_string(),
        }
    }
}
