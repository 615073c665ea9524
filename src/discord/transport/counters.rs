//! Counts what was sent to Discord and what came back, for the metrics page.
//!
//! Only counts: no channel, user or token may be recognisable in here.

use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        /// Running totals since the process started.
        #[derive(Debug, Default)]
        pub struct Counters { $($(#[$doc])* pub(super) $name: AtomicU64,)+ }

        /// What [`Counters`] stood at.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct CountersNow { $($(#[$doc])* pub $name: u64,)+ }

        impl Counters {
            /// The totals as they are now.
            pub fn now(&self) -> CountersNow {
                CountersNow { $($name: self.$name.load(Ordering::Relaxed),)+ }
            }
        }

        impl CountersNow {
            /// Every total with its name, in a stable order.
            pub fn named(&self) -> impl Iterator<Item = (&'static str, u64)> {
                [$((stringify!($name), self.$name)),+].into_iter()
            }
        }
    };
}

counters! {
    /// Requests put on the wire, retries included.
    sent,
    /// Of those, first answers to interactions.
    callbacks,
    /// Responses with a 2xx status.
    succeeded,
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

/// Adds one.
pub(super) fn bump(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}
