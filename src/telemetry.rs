//! What the owner of a server sees of its health: log lines on standard error, and figures for
//! Prometheus.
//!
//! Never a secret: every line passes the one redaction before it is written. Never a label from
//! outside: the values of labels are fixed in the program, so their number is bounded.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use thiserror::Error;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Takes the secrets out of a text. It is handed in, for it is `config` that knows them.
pub type Redaction = fn(&str) -> Cow<'_, str>;

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineFormat {
    /// For people.
    Text,
    /// For programs: one JSON object a line.
    Json,
}

/// Why logging could not be set up.
#[derive(Debug, Error)]
pub enum TelemetryError {
    #[error("the log filter is not understood")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    #[error("logging is set up already")]
    Twice,
}

/// Starts logging to standard error, for the whole process.
///
/// # Errors
/// [`TelemetryError`] if the filter is not understood or logging was started before.
pub fn start_logging(
    filter: &str,
    format: LineFormat,
    redact: Redaction,
) -> Result<(), TelemetryError> {
    let subscriber = subscriber(filter, format, RedactedStderr(redact))?;
    tracing::subscriber::set_global_default(subscriber).map_err(|_| TelemetryError::Twice)
}

/// What turns events into lines and hands them to `writer`.
///
/// # Errors
/// [`TelemetryError::Filter`].
pub fn subscriber<W>(
    filter: &str,
    format: LineFormat,
    writer: W,
) -> Result<Box<dyn tracing::Subscriber + Send + Sync>, TelemetryError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let builder = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_new(filter)?)
        .with_writer(writer)
        .with_ansi(false);
    Ok(match format {
        LineFormat::Text => Box::new(builder.finish()),
        LineFormat::Json => Box::new(builder.json().flatten_event(true).finish()),
    })
}

/// Standard error, without secrets.
#[derive(Debug, Clone, Copy)]
struct RedactedStderr(Redaction);

impl<'a> MakeWriter<'a> for RedactedStderr {
    type Writer = Redacted<io::Stderr>;

    fn make_writer(&'a self) -> Self::Writer {
        Redacted { to: io::stderr(), redact: self.0 }
    }
}

/// A writer that takes the secrets out of what passes through it. It relies on getting each line
/// whole, which is how log lines are handed over.
#[derive(Debug)]
pub struct Redacted<W> {
    pub to: W,
    pub redact: Redaction,
}

impl<W: Write> Write for Redacted<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        self.to.write_all((self.redact)(&text).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// A request on some surface, by kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    surface: &'static str,
    kind: &'static str,
}

/// A refusal on some surface, by its stable code.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RefusalLabels {
    surface: &'static str,
    code: &'static str,
}

/// What somebody follows a fight for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReaderKind {
    /// To keep a card in Discord right.
    Card,
    /// To watch over gRPC.
    Observer,
    /// To take part over gRPC.
    Participant,
}

impl ReaderKind {
    const ALL: [Self; 3] = [Self::Card, Self::Observer, Self::Participant];

    const fn name(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Observer => "observer",
            Self::Participant => "participant",
        }
    }
}

/// Readers of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReaderLabels {
    kind: &'static str,
}

/// What a connection to Discord counted by itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DiscordLabels {
    what: &'static str,
}

/// Running totals that somebody else keeps, by name.
pub type Totals = Box<dyn Fn() -> Vec<(&'static str, u64)> + Send + Sync>;
/// The last number of the log that a reader reads.
type Tail = Box<dyn Fn() -> u64 + Send + Sync>;

/// Where one reader is, and what it reads towards.
struct Place {
    kind: ReaderKind,
    position: AtomicU64,
    tail: Tail,
}

/// All readers there are now.
#[derive(Default)]
struct Places {
    next: u64,
    open: BTreeMap<u64, Arc<Place>>,
}

/// A reader that is counted for as long as this value lives.
pub struct CountedReader {
    number: u64,
    place: Arc<Place>,
    places: Arc<Mutex<Places>>,
}

impl CountedReader {
    /// The reader has handed over everything up to this number.
    pub fn at(&self, position: u64) {
        self.place.position.store(position, Ordering::Relaxed);
    }
}

impl fmt::Debug for CountedReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CountedReader").field("kind", &self.place.kind).finish_non_exhaustive()
    }
}

impl Drop for CountedReader {
    fn drop(&mut self) {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.open.remove(&self.number);
    }
}

/// The figures of this process. One for the whole program, handed to whoever counts something.
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    refusals: Family<RefusalLabels, Counter>,
    commits: Counter,
    events: Counter,
    readers: Family<ReaderLabels, Gauge>,
    reader_lag: Family<ReaderLabels, Gauge>,
    places: Arc<Mutex<Places>>,
    combats: Gauge,
    discord_http: Family<DiscordLabels, Counter>,
    discord_gateway: Family<DiscordLabels, Counter>,
    http_totals: Mutex<Option<Totals>>,
    gateway_totals: Mutex<Option<Totals>>,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// All at zero.
    pub fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("skirmish"),
            requests: Family::default(),
            refusals: Family::default(),
            commits: Counter::default(),
            events: Counter::default(),
            readers: Family::default(),
            reader_lag: Family::default(),
            places: Arc::default(),
            combats: Gauge::default(),
            discord_http: Family::default(),
            discord_gateway: Family::default(),
            http_totals: Mutex::default(),
            gateway_totals: Mutex::default(),
        };
        let registry = &mut metrics.registry;
        registry.register("requests", "Requests, by surface and kind", metrics.requests.clone());
        registry.register("refusals", "Refusals, by surface and code", metrics.refusals.clone());
        registry.register("commits", "Commits made durable", metrics.commits.clone());
        registry.register("events", "Events made durable", metrics.events.clone());
        registry.register("readers", "Readers now, by kind", metrics.readers.clone());
        registry.register(
            "reader_lag_events",
            "How many events the reader that is furthest behind has not read yet, by kind",
            metrics.reader_lag.clone(),
        );
        registry.register("combats", "Fights in memory now", metrics.combats.clone());
        registry.register(
            "discord_http",
            "Requests to Discord and what became of them: edits of messages, answers with status \
             429 (rate_limited) and more",
            metrics.discord_http.clone(),
        );
        registry.register(
            "discord_gateway",
            "What happened to the connection on which Discord sends events",
            metrics.discord_gateway.clone(),
        );
        metrics
    }

    /// A request came in.
    pub fn count_request(&self, surface: &'static str, kind: &'static str) {
        self.requests.get_or_create(&RequestLabels { surface, kind }).inc();
    }

    /// A request was refused.
    pub fn count_refusal(&self, surface: &'static str, code: &'static str) {
        self.refusals.get_or_create(&RefusalLabels { surface, code }).inc();
    }

    /// A commit of so many events is durable.
    pub fn count_commit(&self, events: u64) {
        self.commits.inc();
        self.events.inc_by(events);
    }

    /// Counts a reader from now on. `tail` is asked for the last number there is whenever somebody
    /// looks: a reader that stands still says nothing, and that is when its lag matters.
    pub fn reader(
        &self,
        kind: ReaderKind,
        position: u64,
        tail: impl Fn() -> u64 + Send + Sync + 'static,
    ) -> CountedReader {
        let place = Place { kind, position: AtomicU64::new(position), tail: Box::new(tail) };
        let place = Arc::new(place);
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let number = places.next;
        places.next = number.saturating_add(1);
        places.open.insert(number, Arc::clone(&place));
        drop(places);
        CountedReader { number, place, places: Arc::clone(&self.places) }
    }

    /// So many fights are in memory.
    pub fn combats_in_memory(&self, combats: u64) {
        self.combats.set(i64::try_from(combats).unwrap_or(i64::MAX));
    }

    /// Shows what the requests to Discord count by themselves.
    pub fn show_discord_http(&self, totals: Totals) {
        *self.http_totals.lock().unwrap_or_else(PoisonError::into_inner) = Some(totals);
    }

    /// Shows what the connection to Discord counts by itself.
    pub fn show_discord_gateway(&self, totals: Totals) {
        *self.gateway_totals.lock().unwrap_or_else(PoisonError::into_inner) = Some(totals);
    }

    /// Takes over what is counted elsewhere.
    fn look_around(&self) {
        let mut seen: BTreeMap<ReaderKind, (i64, u64)> = BTreeMap::new();
        {
            let places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
            for place in places.open.values() {
                let lag = (place.tail)().saturating_sub(place.position.load(Ordering::Relaxed));
                let (count, worst) = seen.entry(place.kind).or_default();
                *count = count.saturating_add(1);
                *worst = lag.max(*worst);
            }
        }
        // A kind whose last reader left stays on the page, at zero.
        for kind in ReaderKind::ALL {
            let (count, worst) = seen.get(&kind).copied().unwrap_or_default();
            let labels = ReaderLabels { kind: kind.name() };
            self.readers.get_or_create(&labels).set(count);
            let worst = i64::try_from(worst).unwrap_or(i64::MAX);
            self.reader_lag.get_or_create(&labels).set(worst);
        }
        for (totals, family) in
            [(&self.http_totals, &self.discord_http), (&self.gateway_totals, &self.discord_gateway)]
        {
            let totals = totals.lock().unwrap_or_else(PoisonError::into_inner);
            for (what, total) in totals.iter().flat_map(|totals| totals()) {
                let counter = family.get_or_create(&DiscordLabels { what });
                counter.inner().store(total, Ordering::Relaxed);
            }
        }
    }

    /// All figures as Prometheus reads them.
    ///
    /// # Errors
    /// When a figure cannot be written down, which would be a fault in this file.
    pub fn render(&self) -> Result<String, fmt::Error> {
        self.look_around();
        let mut page = String::new();
        text::encode(&mut page, &self.registry)?;
        Ok(page)
    }
}

/// The media type of [`Metrics::render`].
pub const METRICS_CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::config::{Secret, redact};

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("not poisoned").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Page {
        type Writer = Redacted<Self>;

        fn make_writer(&'a self) -> Self::Writer {
            Redacted { to: self.clone(), redact }
        }
    }

    #[test]
    fn no_log_line_shows_a_secret() {
        let secret = Secret::new("canary.log.0123456789");
        for format in [LineFormat::Text, LineFormat::Json] {
            let page = Page::default();
            let subscriber = subscriber("info", format, page.clone()).expect("a filter");
            tracing::subscriber::with_default(subscriber, || {
                tracing::info!(token = secret.expose(), "sent {}", secret.expose());
                tracing::debug!("filtered");
            });
            let text = String::from_utf8(page.0.lock().expect("not poisoned").clone());
            let text = text.expect("UTF-8");
            assert_eq!(text.matches("[redacted]").count(), 2, "{text}");
            assert!(!text.contains("canary") && !text.contains("filtered"), "{text}");
            assert_eq!(text.lines().count(), 1, "{text}");
        }
    }

    #[test]
    fn what_was_counted_is_on_the_page() {
        let metrics = Metrics::new();
        metrics.count_request("grpc", "end_turn");
        metrics.count_refusal("discord", "not_your_turn");
        metrics.count_commit(3);
        let quick = metrics.reader(ReaderKind::Observer, 0, || 10);
        quick.at(9);
        let _slow = metrics.reader(ReaderKind::Observer, 3, || 10);
        drop(metrics.reader(ReaderKind::Observer, 0, || 1_000));
        metrics.combats_in_memory(2);
        metrics.show_discord_http(Box::new(|| vec![("edits", 1), ("rate_limited", 4)]));
        metrics.show_discord_gateway(Box::new(|| vec![("resumes", 2)]));
        let page = metrics.render().expect("renders");
        for line in [
            "skirmish_requests_total{surface=\"grpc\",kind=\"end_turn\"} 1",
            "skirmish_refusals_total{surface=\"discord\",code=\"not_your_turn\"} 1",
            "skirmish_commits_total 1",
            "skirmish_events_total 3",
            "skirmish_readers{kind=\"observer\"} 2",
            "skirmish_readers{kind=\"card\"} 0",
            "skirmish_reader_lag_events{kind=\"observer\"} 7",
            "skirmish_combats 2",
            "skirmish_discord_http_total{what=\"edits\"} 1",
            "skirmish_discord_http_total{what=\"rate_limited\"} 4",
            "skirmish_discord_gateway_total{what=\"resumes\"} 2",
        ] {
            assert!(page.lines().any(|shown| shown == line), "{line} is missing in\n{page}");
        }
    }
}
