//! How the bot's words reach Discord, without ever being late, rude or repeated for ever.
//!
//! Requests are built with twilight-http and sent by our own client, because the stock client
//! queues interaction callbacks one behind the other and ignores several kinds of 429 (the faults
//! F1 to F5 in `tests/it/transport.rs`). What must never happen here: a callback waiting behind
//! anything, a refused request sent again and again, the bot's token in a log line or an error.

mod counters;
mod error;
mod gate;
mod http;
mod limits;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use ::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use twilight_http::request::Request;

pub use counters::{Counters, CountersNow};
pub use error::{Reaction, TransportError, reaction_to};
pub use http::{Http, HttpOptions};
pub use limits::Scope;

/// How long an interaction callback may take in all: Discord gives three seconds from its own
/// clock, of which some are spent before the interaction reaches us.
pub const CALLBACK_DEADLINE: Duration = Duration::from_millis(2_500);

/// How long any other request may take in all, waiting for permits and retries included.
pub const REQUEST_DEADLINE: Duration = Duration::from_secs(30);

/// A boxed future, so that [`Transport`] can stand behind a pointer.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + 'a>>;

/// Whatever carries requests to Discord.
pub trait Transport: Send + Sync + fmt::Debug {
    /// Sends `request`, retrying as is decent, and gives up at the end of `within`.
    ///
    /// # Errors
    /// [`TransportError`] names what the caller can do; a response that is not 2xx is an error.
    fn send_within(&self, request: Request, within: Duration) -> Sending<'_>;

    /// [`Self::send_within`] the deadline that suits the kind of request.
    ///
    /// # Errors
    /// As [`Self::send_within`].
    fn send(&self, request: Request) -> Sending<'_> {
        let within = if is_callback(request.path()) { CALLBACK_DEADLINE } else { REQUEST_DEADLINE };
        self.send_within(request, within)
    }
}

/// An answer of Discord's with a 2xx status.
#[derive(Debug, Clone)]
pub struct Response {
    /// The HTTP status; 204 means that there is no body.
    pub status: StatusCode,
    /// The headers, for those who want to know their rate limits.
    pub headers: HeaderMap,
    /// The body as it came.
    pub body: Bytes,
}

impl Response {
    /// The body as a model.
    ///
    /// # Errors
    /// [`TransportError::Unreadable`] when the body is not what was asked for.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, TransportError> {
        serde_json::from_slice(&self.body).map_err(TransportError::Unreadable)
    }
}

/// The builder of requests: a twilight client that has no token and is never asked to send.
///
/// `requests().create_message(channel).try_into_request()` gives what [`Transport::send`] takes.
pub fn requests() -> twilight_http::Client {
    // The client builds a TLS connector even though it never connects, and that needs a provider;
    // installing the same one twice is refused and harmless.
    drop(rustls::crypto::ring::default_provider().install_default());
    twilight_http::Client::builder().ratelimiter(None).build()
}

/// Whether this path (without a leading slash) is the first answer to an interaction.
fn is_callback(path: &str) -> bool {
    path.starts_with("interactions/")
}
