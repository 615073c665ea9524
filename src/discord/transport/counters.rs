//! Counts what was sent to Discord and what came back, for the metrics page.
//!
//! Only counts: no channel, user or token may be recognisable in here.

use crate::discord::counters::counters;

counters! {
    /// Requests put on the wire, retries included.
    sent,
    /// Of those, first answers to interactions.
    callbacks,
    /// Responses with a 2xx status.
    succeeded,
    /// Of those, edits of messages in a channel, which is what keeps the cards right.
    edits,
    /// Responses with a 4xx status other than 429.
    refused,
    /// Responses with a 5xx status.
    server_errors,
    /// Responses with status 429 of every kind.
    rate_limited,
    /// Of those, the ones that stopped everything: Discord's global limit or Cloudflare.
    rate_limited_globally,
    /// Requests sent again after a 429, a 5xx or a lost connection.
    retried,
    /// Connections that could not be made or broke before the answer.
    unreachable,
    /// Requests given up at their deadline.
    deadline_missed,
    /// Requests not sent because too many had been invalid lately.
    withheld,
}
