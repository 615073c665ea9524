//! One connection: a shard of twilight's that is asked to connect once and never again.
//!
//! The shard would connect again by itself, at once and for ever, often without a word: when the
//! server hangs up it goes on to the next connection within one poll. So its state is looked at
//! after every poll, and it is dropped before that attempt gets anywhere.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_util::{Stream, StreamExt};
use serde::Deserialize;
use tokio::sync::oneshot;
use twilight_gateway::error::{ReceiveMessageError, ReceiveMessageErrorType};
use twilight_gateway::queue::Queue;
use twilight_gateway::{CloseFrame, ConfigBuilder, Message, Shard, ShardId, ShardState};
use twilight_http::request::TryIntoRequest;
use twilight_model::gateway::connection_info::BotConnectionInfo;

use super::options::{CLOSE_WITHIN, GatewayOptions};
use super::session::Session;
use crate::clock;
use crate::discord::transport::{Reaction, Transport, TransportError, requests};

/// What came of listening.
#[derive(Debug)]
pub(super) enum Heard {
    /// The time to do something else has come.
    Nothing,
    /// A message, already processed by the shard.
    Message(Message),
    /// A message that is no event.
    Undecodable,
    /// The connection broke, or could not be made at all.
    Lost { unreachable: bool },
    /// The shard itself failed over what it heard.
    Broken,
    /// Nothing came for too long before the connection was established.
    Silence { resuming: bool },
}

/// Times the shard may be polled until it is connected. Name resolution, TLS and the websocket's
/// greeting take a dozen or two; more mean that it goes from one hang-up to the next, which it
/// does without telling.
const CONNECT_POLLS_MAX: u32 = 64;

/// When to IDENTIFY is decided before connecting, so the shard need not wait.
#[derive(Debug, Clone, Copy)]
struct AtOnce;

impl Queue for AtOnce {
    fn enqueue(&self, _shard: u32) -> oneshot::Receiver<()> {
        let (go, gone) = oneshot::channel();
        // The shard holds the other end and is there.
        go.send(()).ok();
        gone
    }
}

/// A connection in use.
#[derive(Debug)]
pub(super) struct Connection {
    shard: Shard<AtOnce>,
    watchdog: Duration,
    /// The last time that Discord told something new; heartbeats are not new.
    progress_at: Instant,
    active_since: Option<Instant>,
    /// Whether anything at all was heard.
    heard_anything: bool,
    /// Whether the connection was made.
    connected: bool,
    /// How often the shard was polled before that.
    polls: u32,
}

impl Connection {
    /// Prepares a connection that resumes `session`, or begins a new one.
    pub(super) fn begin(options: &GatewayOptions, session: Option<&Session>) -> Self {
        // The shard's TLS needs a provider even where the connection will be plain; installing
        // the same one twice is refused and harmless.
        drop(rustls::crypto::ring::default_provider().install_default());
        let token = options.token.trim().to_owned();
        let mut config = ConfigBuilder::new(token, options.intents).queue(AtOnce);
        if let Some(url) = &options.url {
            config = config.proxy_url(url.trim_end_matches('/').to_owned());
        }
        if let Some(session) = session {
            let at = twilight_gateway::Session::new(session.sequence, session.id.clone());
            config = config.session(at);
            // An address that is none would make the shard panic.
            if is_address(&session.resume_url) {
                config = config.resume_url(session.resume_url.trim_end_matches('/').to_owned());
            }
        }
        Self {
            shard: Shard::with_config(ShardId::ONE, config.build()),
            watchdog: options.watchdog,
            progress_at: clock::monotonic(),
            active_since: None,
            heard_anything: false,
            connected: false,
            polls: 0,
        }
    }

    /// The next message, or what came in its place; [`Heard::Nothing`] at `until`.
    pub(super) async fn hear(&mut self, until: Instant) -> Heard {
        let established = self.active_since.is_some();
        let give_up = self.progress_at.checked_add(self.watchdog).unwrap_or(self.progress_at);
        let heard = tokio::select! {
            biased;
            heard = poll_fn(|context| self.poll(context)) => heard,
            () = tokio::time::sleep_until(give_up.into()), if !established => {
                return Heard::Silence { resuming: self.shard.state() == ShardState::Resuming };
            }
            () = tokio::time::sleep_until(until.into()) => return Heard::Nothing,
        };
        self.heard_anything = true;
        let is_news = |heard: &Heard| matches!(heard, Heard::Message(Message::Text(text)) if dispatch_of(text).is_some());
        if !established && is_news(&heard) {
            self.progress_at = clock::monotonic();
        }
        heard
    }

    /// Polls the shard, and steps in when it is about to connect a second time.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Heard> {
        let shard = &mut self.shard;
        let polled = catch_unwind(AssertUnwindSafe(|| Pin::new(shard).poll_next(context)));
        // It panics on a HELLO whose heartbeat interval is 0. It is not polled again after this.
        let Ok(item) = polled else { return Poll::Ready(Heard::Broken) };
        let disconnected = matches!(self.shard.state(), ShardState::Disconnected { .. });
        match item {
            Poll::Ready(Some(Ok(message))) => Poll::Ready(Heard::Message(message)),
            Poll::Ready(Some(Err(error))) => Poll::Ready(self.read_error(&error)),
            Poll::Ready(None) => Poll::Ready(Heard::Lost { unreachable: false }),
            Poll::Pending if !disconnected => {
                self.connected = true;
                Poll::Pending
            }
            Poll::Pending => {
                self.polls = self.polls.saturating_add(1);
                if self.connected || self.polls > CONNECT_POLLS_MAX {
                    return Poll::Ready(Heard::Lost { unreachable: !self.connected });
                }
                Poll::Pending
            }
        }
    }

    fn read_error(&self, error: &ReceiveMessageError) -> Heard {
        match error.kind() {
            ReceiveMessageErrorType::Deserializing { .. } => Heard::Undecodable,
            ReceiveMessageErrorType::Reconnect => {
                // The first thing heard of a connection that was never made.
                Heard::Lost { unreachable: !self.heard_anything }
            }
            _ => Heard::Lost { unreachable: false },
        }
    }

    /// The session as the shard sees it.
    pub(super) fn session(&self) -> Option<Session> {
        let session = self.shard.session()?;
        Some(Session {
            id: session.id().to_owned(),
            sequence: session.sequence(),
            resume_url: self.shard.resume_url().unwrap_or_default().to_owned(),
        })
    }

    /// True once, when events begin to flow.
    pub(super) fn became_active(&mut self) -> bool {
        let became = self.active_since.is_none() && self.shard.state() == ShardState::Active;
        if became {
            self.active_since = Some(clock::monotonic());
        }
        became
    }

    /// Whether the shard is done with this connection (op 7, op 9, a close) and would make the
    /// next one if it were asked for more.
    pub(super) fn is_over(&self) -> bool {
        matches!(self.shard.state(), ShardState::Disconnected { .. } | ShardState::FatallyClosed)
            && self.heard_anything
    }

    /// Whether events flowed for at least `stable_after`.
    pub(super) fn was_good(&self, stable_after: Duration) -> bool {
        self.active_since.is_some_and(|since| {
            clock::monotonic().saturating_duration_since(since) >= stable_after
        })
    }

    /// Says goodbye with `frame` and waits a little for the answer.
    pub(super) async fn close(mut self, frame: CloseFrame<'static>) {
        if self.active_since.is_none() {
            return;
        }
        self.shard.close(frame);
        let goodbye = async {
            while let Some(Ok(message)) = self.shard.next().await {
                if message.is_close() {
                    break;
                }
            }
        };
        // When no answer comes, the connection is simply dropped: the session is kept all the same.
        drop(tokio::time::timeout(CLOSE_WITHIN, goodbye).await);
    }
}

/// Sequence and name of a dispatch; `None` for every other message.
pub(super) fn dispatch_of(text: &str) -> Option<(u64, String)> {
    #[derive(Deserialize)]
    struct Envelope {
        op: u8,
        s: Option<u64>,
        t: Option<String>,
    }
    let envelope: Envelope = serde_json::from_str(text).ok()?;
    if envelope.op != 0 {
        return None;
    }
    Some((envelope.s?, envelope.t?))
}

/// Whether `url` is something to connect to.
pub(super) fn is_address(url: &str) -> bool {
    url.parse::<http::Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("ws" | "wss"))
            && uri.host().is_some_and(|host| !host.is_empty())
    })
}

/// Close codes after which the session cannot be resumed: not authenticated, wrong sequence,
/// timed out.
pub(super) fn ends_session(code: u16) -> bool {
    matches!(code, 4_003 | 4_007 | 4_009)
}

/// How many sessions may still be begun today.
#[derive(Debug)]
pub(super) struct Starts {
    pub(super) remaining: u32,
    pub(super) reset_after: Duration,
}

pub(super) async fn starts_left(transport: &dyn Transport) -> Result<Starts, TransportError> {
    let request = requests()
        .gateway()
        .authed()
        .try_into_request()
        .map_err(|source| TransportError::Unbuildable(Box::new(source)))?;
    let info: BotConnectionInfo = transport.send(request).await?.json()?;
    let limit = info.session_start_limit;
    Ok(Starts { remaining: limit.remaining, reset_after: Duration::from_millis(limit.reset_after) })
}

pub(super) fn is_token_refused(error: &TransportError) -> bool {
    error.reaction() == Reaction::TokenRefused
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_nonsense() {
        for good in ["ws://127.0.0.1:1", "wss://gateway.discord.gg", "wss://x/"] {
            assert!(is_address(good), "{good}");
        }
        for bad in ["", "gateway.discord.gg", "http://x", "ws://", "ws:// x", "\u{0}"] {
            assert!(!is_address(bad), "{bad}");
        }
    }

    #[test]
    fn only_dispatches_have_a_sequence() {
        let ready = r#"{"op":0,"s":3,"t":"READY","d":{}}"#;
        assert_eq!(dispatch_of(ready), Some((3, "READY".into())));
        for other in [r#"{"op":11}"#, r#"{"op":0,"d":null}"#, "nonsense", r#"{"op":300}"#] {
            assert_eq!(dispatch_of(other), None, "{other}");
        }
    }
}
