//! Secrets: values that must never be read back from a log, an error or a screen.
//!
//! Never a second way to hide one: whatever is written for people to read goes through [`redact`],
//! and a secret that was never registered cannot exist, for making one registers it.

use std::borrow::Cow;
use std::fmt;
use std::sync::{PoisonError, RwLock};

/// What stands in the place of a secret.
pub const REDACTED: &str = "[redacted]";
/// Shorter ones would also be found inside ordinary words.
const MIN_SECRET_BYTES: usize = 8;
/// The process has a handful of secrets of its own; a caller that makes more is a bug.
const MAX_SECRETS: usize = 64;

/// What every token for gRPC begins with. There is no list of those to look them up in: only
/// hashes are kept, and what a stranger sends may be somebody's token for another server.
const GRPC_TOKEN_PREFIX: &str = "skm1_";

/// Every secret of this process.
static SECRETS: RwLock<Vec<String>> = RwLock::new(Vec::new());

/// A value that only its user sees: printing it shows [`REDACTED`].
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a value into keeping, so that [`redact`] knows it from now on.
    pub fn new(value: impl Into<String>) -> Self {
        let value = value.into();
        let mut secrets = SECRETS.write().unwrap_or_else(PoisonError::into_inner);
        if value.len() >= MIN_SECRET_BYTES
            && secrets.len() < MAX_SECRETS
            && !secrets.contains(&value)
        {
            secrets.push(value.clone());
            // The longest first, should one contain another.
            secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        }
        Self(value)
    }

    /// The value itself, for the one place that has to send it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

/// The text without any secret of this process and without anything that looks like a token.
pub fn redact(text: &str) -> Cow<'_, str> {
    let secrets = SECRETS.read().unwrap_or_else(PoisonError::into_inner);
    let mut clean = Cow::Borrowed(text);
    for secret in secrets.iter() {
        if clean.contains(secret.as_str()) {
            clean = Cow::Owned(clean.replace(secret.as_str(), REDACTED));
        }
    }
    if clean.contains(GRPC_TOKEN_PREFIX) {
        clean = Cow::Owned(without_tokens(&clean));
    }
    clean
}

/// The text without what begins like a token for gRPC, up to the end of the word.
fn without_tokens(text: &str) -> String {
    let mut pieces = text.split(GRPC_TOKEN_PREFIX);
    let mut clean = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        clean.push_str(REDACTED);
        clean.push_str(piece.trim_start_matches(|c: char| c.is_ascii_alphanumeric()));
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_shows_nothing_and_is_taken_out_of_texts() {
        let secret = Secret::new("canary-7f3a9b20");
        assert_eq!(format!("{secret} {secret:?}"), "[redacted] [redacted]");
        assert_eq!(secret.expose(), "canary-7f3a9b20");
        assert_eq!(
            redact("sent canary-7f3a9b20, then canary-7f3a9b20!"),
            "sent [redacted], then [redacted]!"
        );
        assert_eq!(redact("sent nothing"), "sent nothing");
    }

    #[test]
    fn whatever_looks_like_a_token_is_taken_out() {
        let text = "Bearer skm1_0123abcd, skm1_, and \"skm1_ffff\"";
        assert_eq!(redact(text), "Bearer [redacted], [redacted], and \"[redacted]\"");
    }

    #[test]
    fn a_secret_inside_a_longer_one_leaves_no_rest() {
        let _short = Secret::new("canary-inner-1");
        let _long = Secret::new("canary-inner-1-and-more");
        assert_eq!(redact("canary-inner-1-and-more"), REDACTED);
    }
}
