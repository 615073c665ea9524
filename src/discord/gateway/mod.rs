//! Keeps the bot connected, through restarts and Discord's bad days, and loses no click.
//!
//! One twilight shard carries one connection at a time; when to connect, with which session and
//! after which wait is decided here. What must never happen: connecting in a tight loop, using up
//! the day's session starts, waiting for ever on a server that is silent, handing out the same
//! interaction twice, or telling the disk that an event is dealt with before it is.

mod connection;
mod counters;
mod error;
mod options;
mod session;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use twilight_gateway::{CloseFrame, EventTypeFlags, Message};
use twilight_model::application::interaction::Interaction;
use twilight_model::gateway::event::{DispatchEvent, GatewayEvent as Received};
use twilight_model::gateway::payload::incoming::Ready;

use self::connection::{Connection, Heard};
use self::session::Seen;
use super::counters::bump;
use super::transport::Transport;
use crate::clock;

pub use self::counters::{Counters, CountersNow};
pub use self::error::GatewayError;
pub use self::options::{
    BACKOFF_FIRST, BACKOFF_MAX, CLOSE_WITHIN, GatewayOptions, IDENTIFY_EVERY, SAVE_EVERY,
    STABLE_AFTER, STARTS_KEPT, WATCHDOG,
};
pub use self::session::{Acks, Mark, Session, SessionStore, SessionStoreError};

/// Closing with this code keeps the session, so that the next process can resume it; 1000 and
/// 1001 would end it.
const CLOSE_AND_KEEP: CloseFrame<'static> = CloseFrame::RESUME;

/// Session starts of a day that are certain to be there when Discord cannot be asked.
const UNASKED_STARTS_MAX: u32 = 3;

/// What happened on the gateway.
#[derive(Debug)]
pub enum GatewayEvent {
    /// A session began anew; whatever happened before it is not told again.
    Ready(Box<Ready>),
    /// The session goes on; whatever was missed has been told.
    Resumed,
    /// Somebody typed a command or used a component. Never the same one twice.
    Interaction(Box<Interaction>, Mark),
    /// Anything else that [`GatewayOptions::also`] asks for.
    Other(Box<DispatchEvent>, Mark),
}

/// The connection to Discord's gateway.
pub struct Gateway<S> {
    options: GatewayOptions,
    transport: Arc<dyn Transport>,
    store: S,
    acks: Acks,
    seen: Seen,
    counters: Arc<Counters>,
    /// Whether events are flowing.
    up: watch::Sender<bool>,
    connection: Option<Connection>,
    /// The session to resume: id, last event received, address.
    live: Option<Session>,
    loaded: bool,
    /// Losses since the last good connection.
    failures: u32,
    connect_at: Instant,
    identified_at: Option<Instant>,
    /// Sessions begun while Discord would not say how many are left.
    unasked: u32,
    saved: Option<Session>,
    save_at: Instant,
    /// Set for good when Discord refused for good.
    refused: Option<u16>,
}

impl<S> fmt::Debug for Gateway<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway")
            .field("options", &self.options)
            .field("failures", &self.failures)
            .finish_non_exhaustive()
    }
}

impl<S: SessionStore> Gateway<S> {
    /// Prepares the connection; [`Self::next`] makes it.
    ///
    /// # Errors
    /// [`GatewayError::Address`] when [`GatewayOptions::url`] is no address.
    pub fn new(
        options: GatewayOptions,
        transport: Arc<dyn Transport>,
        store: S,
    ) -> Result<Self, GatewayError> {
        if options.url.as_deref().is_some_and(|url| !connection::is_address(url)) {
            return Err(GatewayError::Address);
        }
        let now = clock::monotonic();
        Ok(Self {
            options,
            transport,
            store,
            acks: Acks::default(),
            seen: Seen::default(),
            counters: Arc::new(Counters::default()),
            up: watch::Sender::new(false),
            connection: None,
            live: None,
            loaded: false,
            failures: 0,
            connect_at: now,
            identified_at: None,
            unasked: 0,
            saved: None,
            save_at: now,
            refused: None,
        })
    }

    /// The running totals, for the metrics page.
    pub fn counters(&self) -> Arc<Counters> {
        Arc::clone(&self.counters)
    }

    /// Tells whether events are flowing, now and from now on.
    pub fn up(&self) -> watch::Receiver<bool> {
        self.up.subscribe()
    }

    /// A handle to acknowledge events from elsewhere.
    pub fn acks(&self) -> Acks {
        self.acks.clone()
    }

    /// The effects of the event are durable.
    pub fn ack(&self, mark: Mark) {
        self.acks.ack(mark);
    }

    /// The next thing that happened. Connects, resumes and waits as needed.
    ///
    /// May be dropped and called again at any time. Has to be called again soon: heartbeats are
    /// only sent while it runs.
    ///
    /// # Errors
    /// Only when connecting again is pointless; [`GatewayError`] says what to do.
    pub async fn next(&mut self) -> Result<GatewayEvent, GatewayError> {
        loop {
            if let Some(fatal) = self.refused.and_then(GatewayError::of_close) {
                return Err(fatal);
            }
            self.save_when_due().await;
            let Some(connection) = &mut self.connection else {
                Box::pin(self.connect()).await?;
                continue;
            };
            let heard = connection.hear(self.save_at).await;
            if let Some(event) = self.take(heard)? {
                return Ok(event);
            }
        }
    }

    /// Ends the connection and keeps the session; what arrives meanwhile is replayed to the next
    /// process. Acknowledge what is finished before calling this.
    pub async fn close(mut self) {
        if let Some(connection) = self.connection.take() {
            connection.close(CLOSE_AND_KEEP).await;
        }
        self.up.send_replace(false);
        self.save().await;
    }

    fn take(&mut self, heard: Heard) -> Result<Option<GatewayEvent>, GatewayError> {
        match heard {
            Heard::Nothing => Ok(None),
            Heard::Message(Message::Text(text)) => {
                let event = self.read(text);
                self.follow();
                Ok(event)
            }
            Heard::Message(Message::Close(frame)) => {
                let code = frame.map_or(1_005, |frame| frame.code);
                if let Some(fatal) = GatewayError::of_close(code) {
                    self.refused = Some(code);
                    self.lose("Discord refuses the connection");
                    return Err(fatal);
                }
                if connection::ends_session(code) {
                    self.live = None;
                }
                tracing::info!(code, "the gateway closed the connection");
                self.lose("closed");
                Ok(None)
            }
            Heard::Undecodable => {
                bump(&self.counters.undecodable);
                tracing::warn!("an event of the gateway could not be read and is skipped");
                self.follow();
                Ok(None)
            }
            Heard::Lost { unreachable } => {
                if let Some(live) = self.live.as_mut().filter(|_| unreachable) {
                    // Perhaps the address for resuming is gone; the general one may still work.
                    live.resume_url.clear();
                }
                self.lose("lost");
                Ok(None)
            }
            Heard::Broken => {
                bump(&self.counters.broken);
                tracing::error!("the connection failed over something the gateway sent");
                self.lose("broken");
                Ok(None)
            }
            Heard::Silence { resuming } => {
                bump(&self.counters.silences);
                tracing::warn!(resuming, "the gateway is silent; connecting again");
                if resuming {
                    self.live = None;
                } else if let Some(live) = &mut self.live {
                    // As above: nobody may be there to answer at the address for resuming.
                    live.resume_url.clear();
                }
                self.lose("silent");
                Ok(None)
            }
        }
    }

    /// Takes over what the shard learned from the last message.
    fn follow(&mut self) {
        let Some(connection) = &mut self.connection else { return };
        let session = connection.session();
        if let Some(session) = &session {
            if self.live.as_ref().is_none_or(|live| live.id != session.id) {
                bump(&self.counters.sessions);
                self.acks.begin(&session.id, &session.resume_url, session.sequence);
                self.save_at = clock::monotonic();
            }
            let resume_url = if session.resume_url.is_empty() {
                self.live.as_ref().map(|live| live.resume_url.clone()).unwrap_or_default()
            } else {
                session.resume_url.clone()
            };
            self.live = Some(Session { resume_url, ..session.clone() });
        }
        if connection.became_active() {
            self.up.send_replace(true);
        }
        if connection.is_over() {
            if session.is_none() {
                self.live = None;
            }
            self.lose("asked to connect again");
        }
    }

    fn read(&mut self, text: String) -> Option<GatewayEvent> {
        let (sequence, name) = connection::dispatch_of(&text)?;
        bump(&self.counters.events);
        match name.as_str() {
            // `follow` begins the session and with it the numbering.
            "READY" => {}
            "RESUMED" => {
                bump(&self.counters.resumes);
                self.acks.pass_over(sequence);
                return Some(GatewayEvent::Resumed);
            }
            _ => {
                return self.read_event(text, sequence);
            }
        }
        if let Ok(Some(Received::Dispatch(_, DispatchEvent::Ready(ready)))) =
            twilight_gateway::parse(text, EventTypeFlags::READY)
        {
            return Some(GatewayEvent::Ready(Box::new(ready)));
        }
        bump(&self.counters.undecodable);
        None
    }

    fn read_event(&mut self, text: String, sequence: u64) -> Option<GatewayEvent> {
        let wanted = EventTypeFlags::INTERACTION_CREATE | self.options.also;
        let event = match twilight_gateway::parse(text, wanted) {
            Ok(Some(Received::Dispatch(_, event))) => event,
            Ok(_) => {
                self.acks.pass_over(sequence);
                return None;
            }
            Err(_) => {
                bump(&self.counters.undecodable);
                tracing::warn!(sequence, "an event could not be read and is skipped");
                self.acks.pass_over(sequence);
                return None;
            }
        };
        if let DispatchEvent::InteractionCreate(interaction) = event {
            if !self.seen.first_time(interaction.id.get()) {
                bump(&self.counters.duplicates);
                self.acks.pass_over(sequence);
                return None;
            }
            let mark = self.acks.hand_out(sequence);
            return Some(GatewayEvent::Interaction(Box::new(interaction.0), mark));
        }
        let mark = self.acks.hand_out(sequence);
        Some(GatewayEvent::Other(Box::new(event), mark))
    }

    /// The connection is over; sets the wait before the next.
    fn lose(&mut self, why: &'static str) {
        bump(&self.counters.losses);
        self.up.send_replace(false);
        if let Some(connection) = self.connection.take()
            && connection.was_good(self.options.stable_after)
        {
            self.failures = 0;
        }
        self.failures = self.failures.saturating_add(1);
        let wait = self.backoff();
        tracing::info!(why, wait_ms = wait.as_millis(), "gateway connection over");
        let now = clock::monotonic();
        self.connect_at = now.checked_add(wait).unwrap_or(now);
    }

    /// The wait after the present number of failures: doubled each time, and somewhere in its
    /// upper half, so that many bots do not come back in step.
    fn backoff(&self) -> Duration {
        let doublings = self.failures.saturating_sub(1).min(16);
        let longest = self.options.backoff_first.saturating_mul(1 << doublings);
        let longest = longest.min(self.options.backoff_max);
        let [byte] = clock::random_bytes::<1>().unwrap_or([u8::MAX]);
        (longest / 2).saturating_add(longest.saturating_mul(u32::from(byte)) / 512)
    }

    async fn connect(&mut self) -> Result<(), GatewayError> {
        self.load().await;
        tokio::time::sleep_until(self.connect_at.into()).await;
        if self.live.is_none() && !self.may_identify().await? {
            return Ok(());
        }
        bump(&self.counters.connects);
        self.connection = Some(Connection::begin(&self.options, self.live.as_ref()));
        Ok(())
    }

    /// Whether a session may be begun now; if not, the next attempt is put off.
    async fn may_identify(&mut self) -> Result<bool, GatewayError> {
        if let Some(last) = self.identified_at {
            let next = last.checked_add(self.options.identify_every).unwrap_or(last);
            tokio::time::sleep_until(next.into()).await;
        }
        let now = clock::monotonic();
        match connection::starts_left(&*self.transport).await {
            Ok(starts) if starts.remaining <= self.options.starts_kept => {
                let wait = starts.reset_after.min(BACKOFF_MAX.saturating_mul(60));
                tracing::error!(
                    remaining = starts.remaining,
                    wait_s = wait.as_secs(),
                    "nearly all session starts of the day are used up; waiting, because Discord \
                     resets the token of a bot that uses up the rest"
                );
                self.connect_at = now.checked_add(wait).unwrap_or(now);
                return Ok(false);
            }
            Ok(_) => self.unasked = 0,
            Err(error) if connection::is_token_refused(&error) => {
                self.refused = Some(4_004);
                return Err(GatewayError::token_refused());
            }
            Err(error) => {
                tracing::warn!(%error, "Discord did not say how many session starts are left");
                self.unasked = self.unasked.saturating_add(1);
                if self.unasked > UNASKED_STARTS_MAX {
                    self.lose("the number of session starts left is unknown");
                    return Ok(false);
                }
            }
        }
        self.identified_at = Some(now);
        Ok(true)
    }

    /// Takes up the session of an earlier process, once.
    async fn load(&mut self) {
        if self.loaded {
            return;
        }
        match self.store.load().await {
            Ok(session) => {
                if let Some(session) = &session {
                    self.acks.begin(&session.id, &session.resume_url, session.sequence);
                }
                self.saved.clone_from(&session);
                self.live = session;
            }
            Err(error) => {
                tracing::warn!(error, "the last session could not be loaded; beginning a new one");
            }
        }
        self.loaded = true;
    }

    async fn save_when_due(&mut self) {
        let now = clock::monotonic();
        if now >= self.save_at {
            self.save_at = now.checked_add(self.options.save_every).unwrap_or(now);
            self.save().await;
        }
    }

    async fn save(&mut self) {
        let durable = self.acks.durable();
        let Some(session) = durable.filter(|durable| self.saved.as_ref() != Some(durable)) else {
            return;
        };
        match self.store.save(&session).await {
            Ok(()) => self.saved = Some(session),
            Err(error) => {
                bump(&self.counters.unsaved);
                tracing::warn!(error, "the session could not be saved");
            }
        }
    }
}
