//! The waits and limits of the connection, in one place, so that tests can shorten them.

use std::fmt;
use std::time::Duration;

use twilight_gateway::{EventTypeFlags, Intents};

/// First wait before connecting again; it doubles up to [`BACKOFF_MAX`], with jitter.
pub const BACKOFF_FIRST: Duration = Duration::from_secs(1);

/// Longest wait before connecting again.
pub const BACKOFF_MAX: Duration = Duration::from_mins(1);

/// A connection that held this long was a good one: the waits begin anew.
pub const STABLE_AFTER: Duration = Duration::from_mins(1);

/// Silence of a connection that is not established yet, after which it is given up; after an
/// unanswered RESUME the session is given up with it.
pub const WATCHDOG: Duration = Duration::from_secs(30);

/// Discord allows one IDENTIFY in this time.
pub const IDENTIFY_EVERY: Duration = Duration::from_secs(5);

/// How often the session is saved at most.
pub const SAVE_EVERY: Duration = Duration::from_secs(1);

/// Session starts that are left to the operator. Discord allows about a thousand a day, and
/// resets the bot's token when they are used up.
pub const STARTS_KEPT: u32 = 50;

/// How long closing may take.
pub const CLOSE_WITHIN: Duration = Duration::from_secs(2);

/// How to connect.
#[derive(Clone)]
pub struct GatewayOptions {
    /// The bot's token, with or without the leading `Bot `.
    pub token: String,
    /// `ws://…` of a stand-in for Discord; `None` is Discord itself.
    pub url: Option<String>,
    /// What to hear of beside interactions.
    ///
    /// None by default: interactions, which are all that the bot lives on, come without any
    /// intent, and each brings its guild, channel, member and locale along. Even the unprivileged
    /// `GUILDS` would send every guild with all its channels and every change to them.
    pub intents: Intents,
    /// The events to hand out beside interactions, of those that the intents bring.
    pub also: EventTypeFlags,
    /// See [`BACKOFF_FIRST`].
    pub backoff_first: Duration,
    /// See [`BACKOFF_MAX`].
    pub backoff_max: Duration,
    /// See [`STABLE_AFTER`].
    pub stable_after: Duration,
    /// See [`WATCHDOG`].
    pub watchdog: Duration,
    /// See [`IDENTIFY_EVERY`].
    pub identify_every: Duration,
    /// See [`SAVE_EVERY`].
    pub save_every: Duration,
    /// See [`STARTS_KEPT`].
    pub starts_kept: u32,
}

impl GatewayOptions {
    /// Discord itself, with the waits that are decent there.
    pub fn new(token: impl Into<String>) -> Self {
        Self {
            token: token.into(),
            url: None,
            intents: Intents::empty(),
            also: EventTypeFlags::empty(),
            backoff_first: BACKOFF_FIRST,
            backoff_max: BACKOFF_MAX,
            stable_after: STABLE_AFTER,
            watchdog: WATCHDOG,
            identify_every: IDENTIFY_EVERY,
            save_every: SAVE_EVERY,
            starts_kept: STARTS_KEPT,
        }
    }
}

impl fmt::Debug for GatewayOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GatewayOptions")
            .field("url", &self.url)
            .field("intents", &self.intents)
            .finish_non_exhaustive()
    }
}
