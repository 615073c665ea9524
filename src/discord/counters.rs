//! The form in which the layers of the bot count what they do, for the metrics page.
//!
//! Only counts: no channel, user or token may be recognisable in them.

use std::sync::atomic::{AtomicU64, Ordering};

/// Declares a set of running totals and what they stood at.
macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        /// Running totals since the process started.
        #[derive(Debug, Default)]
        pub struct Counters { $($(#[$doc])* pub(super) $name: ::std::sync::atomic::AtomicU64,)+ }

        /// What [`Counters`] stood at.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct CountersNow { $($(#[$doc])* pub $name: u64,)+ }

        impl Counters {
            /// The totals as they are now.
            pub fn now(&self) -> CountersNow {
                CountersNow { $($name: $crate::discord::counters::read(&self.$name),)+ }
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

pub(super) use counters;

/// Adds one.
pub(super) fn bump(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// The total so far.
pub(super) fn read(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}
