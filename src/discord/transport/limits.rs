//! Reads how long Discord asks us to wait, in all the ways in which it may ask.
//!
//! A 429 must never be read as "no need to wait": when in doubt, the wait is the longer one.

use std::fmt;
use std::time::Duration;

use http::HeaderMap;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use twilight_http_ratelimiting::RateLimitHeaders;

use crate::clock;

/// The wait when a 429 does not say how long: it then comes from something in front of Discord.
const UNSPOKEN_WAIT: Duration = Duration::from_mins(1);

/// The longest wait that is believed. Bans are announced as hours; a nonsense value must not
/// silence the bot for a year.
const LONGEST_WAIT: Duration = Duration::from_hours(24);

/// Edits to a message older than an hour are throttled under this code; only a new message helps.
const OLD_MESSAGE_EDITS: u64 = 30_046;

/// What a rate limit covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// This route, for this bot.
    Route,
    /// This resource, whoever asks; does not count as an invalid request of ours.
    Shared,
    /// Everything this bot does.
    Global,
    /// Everything from this address: the network in front of Discord has had enough.
    Address,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Route => "route",
            Self::Shared => "shared",
            Self::Global => "global",
            Self::Address => "address",
        })
    }
}

/// What a response with status 429 means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct TooMany {
    pub(super) scope: Scope,
    pub(super) retry_after: Duration,
    /// True when waiting does not help and something else has to be done (30046).
    pub(super) final_answer: bool,
}

impl TooMany {
    /// Reads headers and body of a 429, whichever of them speaks.
    pub(super) fn read(headers: &HeaderMap, body: &[u8]) -> Self {
        let json: Option<serde_json::Value> = serde_json::from_slice(body).ok();
        let field = |name| json.as_ref().and_then(|body| body.get(name));
        let spoken = [
            headers.get(RETRY_AFTER).and_then(seconds),
            field("retry_after").and_then(serde_json::Value::as_f64).and_then(wait),
        ];
        let retry_after = spoken.into_iter().flatten().max().unwrap_or(UNSPOKEN_WAIT);
        let said = |name: &str, value: &str| {
            headers
                .get(name)
                .is_some_and(|held| held.as_bytes().eq_ignore_ascii_case(value.as_bytes()))
        };
        let scope = if json.is_none() || !speaks_json(headers) {
            Scope::Address
        } else if said("x-ratelimit-global", "true")
            || said(RateLimitHeaders::SCOPE, "global")
            || field("global").and_then(serde_json::Value::as_bool) == Some(true)
        {
            Scope::Global
        } else if said(RateLimitHeaders::SCOPE, "shared") {
            Scope::Shared
        } else {
            Scope::Route
        };
        let final_answer =
            field("code").and_then(serde_json::Value::as_u64) == Some(OLD_MESSAGE_EDITS);
        Self { scope, retry_after, final_answer }
    }
}

/// What the limiter learns from a response: every response that names a bucket teaches, with or
/// without `X-RateLimit-Scope`, which Discord sends only with a 429.
pub(super) fn bucket(headers: &HeaderMap, too_many: Option<&TooMany>) -> Option<RateLimitHeaders> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let number = |name: &str| text(name).and_then(|value| value.parse::<u16>().ok());
    let bucket = text(RateLimitHeaders::BUCKET)?.as_bytes().to_vec();
    let now = clock::monotonic();
    if let Some(too_many) = too_many {
        let reset_at = now.checked_add(too_many.retry_after).unwrap_or(now);
        return Some(RateLimitHeaders { bucket, limit: 0, remaining: 0, reset_at });
    }
    let reset_after = headers.get(RateLimitHeaders::RESET_AFTER).and_then(seconds)?;
    Some(RateLimitHeaders {
        bucket,
        limit: number(RateLimitHeaders::LIMIT)?,
        remaining: number(RateLimitHeaders::REMAINING)?,
        reset_at: now.checked_add(reset_after).unwrap_or(now),
    })
}

/// A header of whole or fractional seconds.
fn seconds(value: &http::HeaderValue) -> Option<Duration> {
    wait(value.to_str().ok()?.trim().parse::<f64>().ok()?)
}

/// Seconds as a duration, bounded; `None` for nonsense.
fn wait(seconds: f64) -> Option<Duration> {
    if seconds.is_nan() || seconds < 0.0 {
        return None;
    }
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT))
}

/// Whether the answer claims to be JSON. Discord's always does; a page of Cloudflare's never.
fn speaks_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.to_ascii_lowercase().contains("json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(list: &[(&'static str, &'static str)]) -> HeaderMap {
        list.iter()
            .map(|(name, value)| {
                (http::HeaderName::from_static(name), http::HeaderValue::from_static(value))
            })
            .collect()
    }

    const JSON: (&str, &str) = ("content-type", "application/json");

    #[test]
    fn the_longer_of_two_waits_counts() {
        let read = TooMany::read(
            &headers(&[JSON, ("retry-after", "1")]),
            br#"{"message":"slow down","retry_after":0.337,"global":false}"#,
        );
        assert_eq!(read.retry_after, Duration::from_secs(1));
        assert_eq!(read.scope, Scope::Route);
        let read = TooMany::read(&headers(&[JSON]), br#"{"retry_after":0.5,"global":true}"#);
        assert_eq!(read.retry_after, Duration::from_millis(500));
        assert_eq!(read.scope, Scope::Global);
    }

    #[test]
    fn fractional_headers_are_read() {
        let read = TooMany::read(&headers(&[JSON, ("retry-after", "0.25")]), b"{}");
        assert_eq!(read.retry_after, Duration::from_millis(250));
    }

    #[test]
    fn a_page_of_html_stops_everything_and_silence_means_a_minute() {
        let read = TooMany::read(&headers(&[("content-type", "text/html")]), b"<html>1015</html>");
        assert_eq!(read.scope, Scope::Address);
        assert_eq!(read.retry_after, UNSPOKEN_WAIT);
    }

    #[test]
    fn nonsense_waits_are_bounded() {
        let long = TooMany::read(&headers(&[JSON, ("retry-after", "1e300")]), b"{}");
        assert_eq!(long.retry_after, LONGEST_WAIT);
        let negative = TooMany::read(&headers(&[JSON, ("retry-after", "-3")]), b"{}");
        assert_eq!(negative.retry_after, UNSPOKEN_WAIT);
        let nan = TooMany::read(&headers(&[JSON, ("retry-after", "NaN")]), b"{}");
        assert_eq!(nan.retry_after, UNSPOKEN_WAIT);
    }

    #[test]
    fn a_bucket_is_learned_without_a_scope() {
        let learned = bucket(
            &headers(&[
                ("x-ratelimit-bucket", "abcd"),
                ("x-ratelimit-limit", "5"),
                ("x-ratelimit-remaining", "4"),
                ("x-ratelimit-reset-after", "1.5"),
            ]),
            None,
        )
        .unwrap();
        assert_eq!((learned.limit, learned.remaining), (5, 4));
    }
}
