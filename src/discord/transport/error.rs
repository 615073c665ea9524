//! What can go wrong on the way to Discord, sorted by what there is to do about it.
//!
//! No text in here may repeat its source, a token or anything a user wrote.

use std::time::Duration;

use super::limits::Scope;

/// Longest piece of Discord's own explanation that is kept, in characters.
const EXPLANATION_MAX_CHARS: usize = 600;

/// Why a request has no 2xx answer.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// Discord understood and refused. Sending it again would be refused again.
    #[error("{route}: refused by Discord with status {status}, code {code}: {explanation}")]
    Refused {
        /// The request, without secrets: method and path pattern.
        route: String,
        /// HTTP status.
        status: u16,
        /// Discord's own error code, 0 when it gave none.
        code: u64,
        /// Discord's message and the fields it complained about, shortened.
        explanation: String,
    },
    /// A limit stands in the way for longer than the request may take.
    #[error("{route}: rate limited ({scope}) for another {} ms", retry_after.as_millis())]
    RateLimited {
        /// The request, without secrets.
        route: String,
        /// When it is worth trying again.
        retry_after: Duration,
        /// What the limit covers.
        scope: Scope,
    },
    /// Too many of our requests were invalid lately; nothing was sent, so that Discord does not
    /// ban this address.
    #[error(
        "{route}: not sent, too many requests were invalid in the last ten minutes; sending \
         resumes in {} s", resume_in.as_secs()
    )]
    Withheld {
        /// The request, without secrets.
        route: String,
        /// When requests will be sent again, if no more of them are invalid.
        resume_in: Duration,
    },
    /// The deadline passed. Whether the request had an effect is unknown.
    #[error("{route}: no answer within {} ms", within.as_millis())]
    Deadline {
        /// The request, without secrets.
        route: String,
        /// How long it was given.
        within: Duration,
    },
    /// Discord kept answering with a fault of its own.
    #[error("{route}: Discord is unwell (status {status})")]
    Server {
        /// The request, without secrets.
        route: String,
        /// The last status.
        status: u16,
    },
    /// No connection, or it broke. Whether the request had an effect is unknown.
    #[error("{route}: Discord could not be reached")]
    Unreachable {
        /// The request, without secrets.
        route: String,
        /// What the connection said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The answer was 2xx but its body is not what was asked for.
    #[error("Discord's answer could not be read")]
    Unreadable(#[source] serde_json::Error),
    /// The request could not even be written down: a fault of ours.
    #[error("the request could not be built")]
    Unbuildable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What the caller does about a failure. One decision for each of Discord's codes we can meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reaction {
    /// The channel is gone (10003): stop writing there and forget it.
    ForgetChannel,
    /// The message is gone (10008) or may hardly be edited any more (30046): post it anew.
    PostAnew,
    /// The interaction can no longer be answered (10062, 10015, 50027): write to the channel
    /// instead, or let it go.
    InteractionOver,
    /// It was answered already (40060): go on with an edit or a follow-up.
    AlreadyAnswered,
    /// We may not do this here (50001, 50013): say once what is missing, then pause there.
    MissingPermission,
    /// The thread is archived (50083): wait until somebody opens it again.
    ThreadArchived,
    /// The message has a thread already (160004): use that one.
    UseExistingThread,
    /// The token is not accepted (401): the operator has to act.
    TokenRefused,
    /// Try again after the time named in the error, or when there is something newer to say.
    TryLater,
    /// A fault of ours (50035 and every other refusal): log it, give an incident id, do not repeat.
    OurFault,
}

/// The reaction to Discord's error `code`, or to the bare `status` when the code is unknown.
pub fn reaction_to(status: u16, code: u64) -> Reaction {
    match (code, status) {
        (10_003, _) => Reaction::ForgetChannel,
        (10_008 | 30_046, _) => Reaction::PostAnew,
        (10_015 | 10_062 | 50_027, _) => Reaction::InteractionOver,
        (40_060, _) => Reaction::AlreadyAnswered,
        (50_001 | 50_013, _) => Reaction::MissingPermission,
        (50_083, _) => Reaction::ThreadArchived,
        (160_004, _) => Reaction::UseExistingThread,
        (50_035, _) => Reaction::OurFault,
        (_, 401) => Reaction::TokenRefused,
        (_, 403) => Reaction::MissingPermission,
        (_, 429) => Reaction::TryLater,
        (_, 500..) => Reaction::TryLater,
        _ => Reaction::OurFault,
    }
}

impl TransportError {
    /// What there is to do about it.
    pub fn reaction(&self) -> Reaction {
        match self {
            Self::Refused { status, code, .. } => reaction_to(*status, *code),
            Self::RateLimited { .. }
            | Self::Withheld { .. }
            | Self::Deadline { .. }
            | Self::Server { .. }
            | Self::Unreachable { .. } => Reaction::TryLater,
            Self::Unreadable(_) | Self::Unbuildable(_) => Reaction::OurFault,
        }
    }

    /// Discord's own error code, if it gave one.
    pub fn code(&self) -> Option<u64> {
        match self {
            Self::Refused { code, .. } if *code != 0 => Some(*code),
            _ => None,
        }
    }

    /// How long to wait before trying again, where that is known.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after, .. } => Some(*retry_after),
            Self::Withheld { resume_in, .. } => Some(*resume_in),
            _ => None,
        }
    }
}

/// Makes a [`TransportError::Refused`] of a response that is not to be repeated.
pub(super) fn refused(route: &str, status: u16, body: &[u8]) -> TransportError {
    let parsed: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let code = parsed.get("code").and_then(serde_json::Value::as_u64).unwrap_or(0);
    let mut explanation = parsed
        .get("message")
        .and_then(serde_json::Value::as_str)
        .unwrap_or("no explanation")
        .to_owned();
    if let Some(fields) = parsed.get("errors") {
        explanation.push(' ');
        explanation.push_str(&fields.to_string());
    }
    let explanation = explanation.chars().take(EXPLANATION_MAX_CHARS).collect();
    TransportError::Refused { route: route.to_owned(), status, code, explanation }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_design_has_its_reaction() {
        let decided = [
            (404, 10_003, Reaction::ForgetChannel),
            (404, 10_008, Reaction::PostAnew),
            (404, 10_015, Reaction::InteractionOver),
            (404, 10_062, Reaction::InteractionOver),
            (429, 30_046, Reaction::PostAnew),
            (400, 40_060, Reaction::AlreadyAnswered),
            (403, 50_001, Reaction::MissingPermission),
            (403, 50_013, Reaction::MissingPermission),
            (401, 50_027, Reaction::InteractionOver),
            (400, 50_035, Reaction::OurFault),
            (400, 50_083, Reaction::ThreadArchived),
            (400, 160_004, Reaction::UseExistingThread),
            (401, 0, Reaction::TokenRefused),
            (403, 0, Reaction::MissingPermission),
            (400, 99_999, Reaction::OurFault),
        ];
        for (status, code, reaction) in decided {
            let body = serde_json::json!({ "code": code, "message": "no" }).to_string();
            let error = refused("PATCH channels/1/messages/2", status, body.as_bytes());
            assert_eq!(error.reaction(), reaction, "{status} {code}");
            assert_eq!(error.code(), (code != 0).then_some(code));
        }
    }

    #[test]
    fn explanations_are_kept_short() {
        let body = serde_json::json!({ "code": 50_035, "message": "x".repeat(10_000) });
        let TransportError::Refused { explanation, .. } =
            refused("r", 400, body.to_string().as_bytes())
        else {
            panic!("a refusal is a refusal");
        };
        assert_eq!(explanation.chars().count(), EXPLANATION_MAX_CHARS);
    }
}
