//! The real way to Discord: our own HTTP client, with permits from the limiter of twilight.
//!
//! What must never happen here: a callback taking a permit, a permit kept from being completed,
//! a token (the bot's or an interaction's) in anything that can be printed.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use http::{HeaderMap, Method, StatusCode, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use twilight_http::request::Request;
use twilight_http_ratelimiting::{Endpoint, Permit, RateLimiter};

use super::counters::Counters;
use super::error::{TransportError, refused};
use super::gate::{Gates, Held, Passed};
use super::limits::{Scope, TooMany, bucket};
use super::{Response, Sending, Transport, is_callback};
use crate::clock;
use crate::discord::counters::bump;

/// Version of Discord's API that the requests of twilight 0.18 are written for.
const API_PATH: &str = "/api/v10/";

/// How we introduce ourselves; Discord blocks clients that do not.
const AGENT: &str = concat!("DiscordBot (skirmish, ", env!("CARGO_PKG_VERSION"), ")");

/// Times a request is put on the wire at most. A callback gets two: its deadline is short.
const ATTEMPTS_MAX: u32 = 4;
const CALLBACK_ATTEMPTS_MAX: u32 = 2;

/// The largest answer that is read, in bytes.
const ANSWER_MAX_BYTES: usize = 8 * 1024 * 1024;

/// How long making a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long an idle connection is kept for the next request.
const IDLE_TIMEOUT: Duration = Duration::from_secs(50);

/// The first wait after a fault of Discord's own; it doubles.
const BACKOFF_FIRST: Duration = Duration::from_millis(250);

/// Requests a second over all routes that Discord allows a bot.
const GLOBAL_LIMIT_PER_SECOND: u16 = 50;

/// How to reach Discord and with which name.
pub struct HttpOptions {
    /// The bot's token, with or without the leading `Bot `.
    pub token: String,
    /// `host:port` of a plain-text stand-in for Discord; `None` is Discord itself over TLS.
    pub proxy: Option<String>,
    /// The first wait after a 5xx or a lost connection; doubles each time.
    pub backoff_first: Duration,
    /// Requests a second over all routes.
    pub global_limit_per_second: u16,
}

impl HttpOptions {
    /// Discord itself, with the waits that are decent there.
    pub fn new(token: impl Into<String>) -> Self {
        Self {
            token: token.into(),
            proxy: None,
            backoff_first: BACKOFF_FIRST,
            global_limit_per_second: GLOBAL_LIMIT_PER_SECOND,
        }
    }
}

impl fmt::Debug for HttpOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpOptions").field("proxy", &self.proxy).finish_non_exhaustive()
    }
}

/// The connection to Discord's HTTP API.
pub struct Http {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    /// Scheme, host and API path, to which the path of a request is appended.
    base: String,
    /// Marked as sensitive, so that it prints as that word only.
    authorization: HeaderValue,
    limiter: RateLimiter,
    gates: Gates,
    counters: Arc<Counters>,
    backoff_first: Duration,
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").field("base", &self.base).finish_non_exhaustive()
    }
}

impl Http {
    /// Makes the client; nothing is sent yet. Needs a running tokio runtime.
    ///
    /// # Errors
    /// [`TransportError::Unbuildable`] when token or proxy cannot stand in a request.
    pub fn new(options: &HttpOptions) -> Result<Self, TransportError> {
        let token = options.token.trim();
        let token = token.strip_prefix("Bot ").unwrap_or(token);
        let mut authorization = HeaderValue::try_from(format!("Bot {token}"))
            .map_err(|source| TransportError::Unbuildable(Box::new(source)))?;
        authorization.set_sensitive(true);
        let origin = match &options.proxy {
            Some(proxy) => format!("http://{proxy}"),
            None => "https://discord.com".to_owned(),
        };
        let base = format!("{origin}{API_PATH}");
        base.parse::<Uri>().map_err(|source| TransportError::Unbuildable(Box::new(source)))?;
        Ok(Self {
            client: client(options.proxy.is_some())?,
            base,
            authorization,
            limiter: RateLimiter::new(options.global_limit_per_second.max(1)),
            gates: Gates::default(),
            counters: Arc::new(Counters::default()),
            backoff_first: options.backoff_first,
        })
    }

    /// The running totals, for the metrics page.
    pub fn counters(&self) -> Arc<Counters> {
        Arc::clone(&self.counters)
    }

    async fn run(&self, request: Request, within: Duration) -> Result<Response, TransportError> {
        let route = Route::of(&request);
        let now = clock::monotonic();
        let deadline = now.checked_add(within).unwrap_or(now);
        let attempts = self.attempts(&request, &route, deadline);
        let in_time = tokio::time::timeout_at(deadline.into(), Box::pin(attempts)).await;
        in_time.unwrap_or_else(|_| {
            bump(&self.counters.deadline_missed);
            Err(TransportError::Deadline { route: route.label.clone(), within })
        })
    }

    async fn attempts(
        &self,
        request: &Request,
        route: &Route,
        deadline: Instant,
    ) -> Result<Response, TransportError> {
        let most = if route.callback { CALLBACK_ATTEMPTS_MAX } else { ATTEMPTS_MAX };
        let mut backoff = self.backoff_first;
        let mut attempt = 1;
        loop {
            let (failure, wait) = match self.attempt(request, route, deadline).await {
                Attempt::Done(outcome) => return outcome,
                Attempt::Again { failure, after } => (failure, after.unwrap_or(backoff)),
            };
            let left = deadline.saturating_duration_since(clock::monotonic());
            if attempt >= most || wait >= left {
                return Err(failure);
            }
            tokio::time::sleep(wait).await;
            bump(&self.counters.retried);
            backoff = backoff.saturating_mul(2);
            attempt += 1;
        }
    }

    /// One try: permit, gates, exchange, and the permit completed from whatever came back.
    async fn attempt(&self, request: &Request, route: &Route, deadline: Instant) -> Attempt {
        let permit = match &route.endpoint {
            Some(endpoint) => Some(self.limiter.acquire(endpoint.clone()).await),
            None => None,
        };
        let passed = match self.pass(route, deadline).await {
            Ok(passed) => passed,
            Err(error) => return Attempt::Done(Err(error)),
        };
        let exchanged = self.exchange(request, route).await;
        drop(passed);
        let (status, headers, body) = match exchanged {
            Ok(answer) => answer,
            Err(lost) => return self.after_loss(route, lost),
        };
        if status == StatusCode::TOO_MANY_REQUESTS {
            return self.after_429(route, permit, &headers, &body);
        }
        complete(permit, &headers, None);
        if status.is_success() {
            bump(&self.counters.succeeded);
            if route.edit {
                bump(&self.counters.edits);
            }
            return Attempt::Done(Ok(Response { status, headers, body }));
        }
        if status.is_server_error() {
            bump(&self.counters.server_errors);
            let failure =
                TransportError::Server { route: route.label.clone(), status: status.as_u16() };
            return Attempt::Again { failure, after: None };
        }
        bump(&self.counters.refused);
        if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            self.gates.invalid();
        }
        Attempt::Done(Err(refused(&route.label, status.as_u16(), &body)))
    }

    /// Waits at the gates, unless they stay closed beyond the deadline.
    async fn pass(&self, route: &Route, deadline: Instant) -> Result<Passed<'_>, TransportError> {
        loop {
            match self.gates.pass(&route.key, route.callback) {
                Ok(passed) => return Ok(passed),
                Err(Held::Spent { resume_in }) => {
                    bump(&self.counters.withheld);
                    return Err(TransportError::Withheld { route: route.label.clone(), resume_in });
                }
                Err(Held::Limited { retry_after, scope }) => {
                    let left = deadline.saturating_duration_since(clock::monotonic());
                    if retry_after >= left {
                        let route = route.label.clone();
                        return Err(TransportError::RateLimited { route, retry_after, scope });
                    }
                    tokio::time::sleep(retry_after).await;
                }
            }
        }
    }

    async fn exchange(
        &self,
        request: &Request,
        route: &Route,
    ) -> Result<(StatusCode, HeaderMap, Bytes), Lost> {
        let outgoing = self.outgoing(request).map_err(Lost::Unbuildable)?;
        bump(&self.counters.sent);
        if route.callback {
            bump(&self.counters.callbacks);
        }
        let answer = self.client.request(outgoing).await.map_err(|error| {
            let unsent = error.is_connect();
            Lost::Broken { unsent, source: Box::new(error) }
        })?;
        let (parts, body) = answer.into_parts();
        let body = Limited::new(body, ANSWER_MAX_BYTES)
            .collect()
            .await
            .map_err(|source| Lost::Broken { unsent: false, source })?
            .to_bytes();
        Ok((parts.status, parts.headers, body))
    }

    fn outgoing(&self, request: &Request) -> Result<http::Request<Full<Bytes>>, http::Error> {
        let mut builder = http::Request::builder()
            .method(method(request))
            .uri(format!("{}{}", self.base, request.path()))
            .header(USER_AGENT, AGENT);
        if request.use_authorization_token() {
            builder = builder.header(AUTHORIZATION, self.authorization.clone());
        }
        for (name, value) in request.headers().into_iter().flatten() {
            builder = builder.header(name, value);
        }
        let body = if let Some(form) = request.form() {
            builder = builder.header(CONTENT_TYPE, form.content_type());
            Bytes::from(form.clone().build())
        } else if let Some(json) = request.body() {
            builder = builder.header(CONTENT_TYPE, "application/json");
            Bytes::copy_from_slice(json)
        } else {
            Bytes::new()
        };
        builder.body(Full::new(body))
    }

    fn after_429(
        &self,
        route: &Route,
        permit: Option<Permit>,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Attempt {
        bump(&self.counters.rate_limited);
        let too_many = TooMany::read(headers, body);
        if matches!(too_many.scope, Scope::Global | Scope::Address) {
            bump(&self.counters.rate_limited_globally);
            tracing::warn!(
                scope = %too_many.scope,
                retry_after_ms = too_many.retry_after.as_millis(),
                "Discord asks for quiet"
            );
        }
        self.gates.too_many(&route.key, &too_many);
        if too_many.final_answer {
            // The limit is on one old message; other requests of this bucket may go on.
            complete(permit, headers, None);
            return Attempt::Done(Err(refused(&route.label, 429, body)));
        }
        complete(permit, headers, Some(&too_many));
        let failure = TransportError::RateLimited {
            route: route.label.clone(),
            retry_after: too_many.retry_after,
            scope: too_many.scope,
        };
        Attempt::Again { failure, after: Some(too_many.retry_after) }
    }

    fn after_loss(&self, route: &Route, lost: Lost) -> Attempt {
        let (unsent, source) = match lost {
            Lost::Unbuildable(source) => {
                return Attempt::Done(Err(TransportError::Unbuildable(Box::new(source))));
            }
            Lost::Broken { unsent, source } => (unsent, source),
        };
        bump(&self.counters.unreachable);
        let failure = TransportError::Unreachable { route: route.label.clone(), source };
        if unsent || route.repeatable {
            Attempt::Again { failure, after: None }
        } else {
            Attempt::Done(Err(failure))
        }
    }
}

impl Transport for Http {
    fn send_within(&self, request: Request, within: Duration) -> Sending<'_> {
        Box::pin(self.run(request, within))
    }
}

/// How one try ended.
enum Attempt {
    Done(Result<Response, TransportError>),
    Again { failure: TransportError, after: Option<Duration> },
}

/// Why there is no answer.
enum Lost {
    Unbuildable(http::Error),
    Broken { unsent: bool, source: Box<dyn std::error::Error + Send + Sync> },
}

/// What matters about a request for sending it.
struct Route {
    /// For people: method and path, without secrets.
    label: String,
    /// For the gates: method and path with the secrets replaced by their digest.
    key: String,
    /// For the limiter; callbacks have none.
    endpoint: Option<Endpoint>,
    callback: bool,
    /// Whether it changes a message in a channel.
    edit: bool,
    /// Whether sending it twice does no harm when the first answer was lost.
    repeatable: bool,
}

impl Route {
    fn of(request: &Request) -> Self {
        let method = request.method();
        let path = request.path().split('?').next().unwrap_or_default();
        let callback = is_callback(path);
        let plain = without_secrets(path, |_| "…".to_owned());
        // The limiter logs the paths it is given, so an interaction's token goes in as a digest.
        let digest = |secret: &str| {
            blake3::hash(secret.as_bytes()).to_hex().chars().take(16).collect::<String>()
        };
        let path = without_secrets(path, digest);
        Self {
            label: format!("{} {plain}", method.name()),
            key: format!("{} {path}", method.name()),
            endpoint: (!callback).then_some(Endpoint { method, path }),
            callback,
            edit: method.name() == "PATCH" && plain.starts_with("channels/"),
            repeatable: callback || method.name() != "POST" || has_enforced_nonce(request),
        }
    }
}

/// The path with the token of an interaction or webhook replaced.
fn without_secrets(path: &str, replace: impl Fn(&str) -> String) -> String {
    let secret_follows = path.starts_with("interactions/") || path.starts_with("webhooks/");
    path.split('/')
        .enumerate()
        .map(|(at, part)| if secret_follows && at == 2 { replace(part) } else { part.to_owned() })
        .collect::<Vec<_>>()
        .join("/")
}

/// Whether Discord itself would recognise the repetition of this message. Quotes inside a JSON
/// string are escaped, so that no user's text can look like this.
fn has_enforced_nonce(request: &Request) -> bool {
    const ENFORCED: &[u8] = br#""enforce_nonce":true"#;
    let form = request.form().map(|form| form.clone().build());
    let body = form.as_deref().or_else(|| request.body()).unwrap_or_default();
    body.windows(ENFORCED.len()).any(|window| window == ENFORCED)
}

fn method(request: &Request) -> Method {
    Method::from_bytes(request.method().name().as_bytes()).unwrap_or(Method::GET)
}

fn complete(permit: Option<Permit>, headers: &HeaderMap, too_many: Option<&TooMany>) {
    if let Some(permit) = permit {
        permit.complete(bucket(headers, too_many));
    }
}

fn client(
    plain: bool,
) -> Result<Client<HttpsConnector<HttpConnector>, Full<Bytes>>, TransportError> {
    let mut connector = HttpConnector::new();
    connector.enforce_http(false);
    connector.set_nodelay(true);
    connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
    let builder = HttpsConnectorBuilder::new()
        .with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())
        .map_err(|source| TransportError::Unbuildable(Box::new(source)))?;
    let builder = if plain { builder.https_or_http() } else { builder.https_only() };
    let connector = builder.enable_http1().enable_http2().wrap_connector(connector);
    Ok(Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE_TIMEOUT)
        .build(connector))
}

#[cfg(test)]
mod tests {
    use super::*;
    use twilight_http::request::RequestBuilder;
    use twilight_http_ratelimiting::Method as Verb;

    fn route(verb: Verb, path: &str, body: &str) -> Route {
        let request = RequestBuilder::raw(verb, path.to_owned()).body(body.as_bytes().to_vec());
        Route::of(&request.build().unwrap())
    }

    #[test]
    fn tokens_of_interactions_are_in_no_label_and_no_key() {
        for path in [
            "interactions/1/hush/callback?with_response=true",
            "webhooks/9/hush/messages/@original",
        ] {
            let route = route(Verb::Post, path, "{}");
            assert!(!route.label.contains("hush"), "{}", route.label);
            assert!(!route.key.contains("hush"), "{}", route.key);
            assert!(route.endpoint.is_none_or(|endpoint| !endpoint.path.contains("hush")));
        }
    }

    #[test]
    fn callbacks_take_no_permit_and_others_do() {
        assert!(route(Verb::Post, "interactions/1/t/callback", "{}").endpoint.is_none());
        assert!(route(Verb::Post, "webhooks/1/t", "{}").endpoint.is_some());
    }

    #[test]
    fn only_harmless_requests_are_repeated_after_a_lost_answer() {
        assert!(!route(Verb::Post, "channels/1/messages", r#"{"content":"x"}"#).repeatable);
        let liar = serde_json::json!({ "content": r#""enforce_nonce":true"# }).to_string();
        assert!(!route(Verb::Post, "channels/1/messages", &liar).repeatable);
        assert!(route(Verb::Post, "channels/1/messages", r#"{"enforce_nonce":true}"#).repeatable);
        assert!(route(Verb::Patch, "channels/1/messages/2", "{}").repeatable);
        assert!(route(Verb::Post, "interactions/1/t/callback", "{}").repeatable);
    }

    #[tokio::test]
    async fn the_token_is_not_printed() {
        let options =
            HttpOptions { proxy: Some("127.0.0.1:1".into()), ..HttpOptions::new("s3cret") };
        let http = Http::new(&options).unwrap();
        assert!(!format!("{options:?} {http:?} {:?}", http.authorization).contains("s3cret"));
    }
}
