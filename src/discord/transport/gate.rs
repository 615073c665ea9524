//! Holds requests back while Discord has asked for quiet, and stops them before it bans us.
//!
//! Ten thousand invalid requests in ten minutes get an address banned; ours stop at a hundred.
//! Callbacks pass every gate but the last: a player is waiting.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::limits::{Scope, TooMany};
use crate::clock;

/// The span over which invalid requests are counted.
pub(super) const INVALID_WINDOW: Duration = Duration::from_mins(10);

/// Invalid requests (401, 403, 429) within the window after which nothing is sent at all.
pub(super) const INVALID_MAX: usize = 100;

/// The part of those kept for callbacks, so that players are answered to the last.
pub(super) const INVALID_KEPT_FOR_CALLBACKS: usize = 20;

/// Routes remembered as blocked. More than this many at once, and the soonest to open is dropped.
const BLOCKED_ROUTES_MAX: usize = 1_024;

/// Why a request has to wait or must not be sent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Held {
    /// A limit: wait this long.
    Limited { retry_after: Duration, scope: Scope },
    /// The budget of invalid requests is spent.
    Spent { resume_in: Duration },
}

/// The gates, shared by all requests.
#[derive(Debug, Default)]
pub(super) struct Gates(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Nothing but callbacks before this moment, and why.
    closed_until: Option<(Instant, Scope)>,
    /// Routes that answered 429 without naming a bucket, until when.
    routes: BTreeMap<String, Instant>,
    /// When each recent invalid request was answered, oldest first.
    invalid: VecDeque<Instant>,
    /// Requests under way that could turn out invalid; callbacks are not counted.
    under_way: usize,
    /// Whether the log has been told that the budget is spent.
    told: bool,
}

/// A request that passed the gates; dropping it takes it off the list of those under way.
#[derive(Debug)]
pub(super) struct Passed<'a> {
    gates: &'a Gates,
    callback: bool,
}

impl Drop for Passed<'_> {
    fn drop(&mut self) {
        if !self.callback {
            let mut state = self.gates.lock();
            state.under_way = state.under_way.saturating_sub(1);
        }
    }
}

impl Gates {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a request through now, or says what holds it.
    pub(super) fn pass(&self, route: &str, callback: bool) -> Result<Passed<'_>, Held> {
        let now = clock::monotonic();
        let mut state = self.lock();
        state.forget_before(now);
        let allowed = if callback { INVALID_MAX } else { INVALID_MAX - INVALID_KEPT_FOR_CALLBACKS };
        let spent = state.invalid.len() >= allowed;
        if spent || (!callback && state.invalid.len() + state.under_way >= allowed) {
            return Err(state.spent(now, spent));
        }
        state.told = false;
        if !callback {
            if let Some((until, scope)) = state.closed_until {
                let retry_after = until.saturating_duration_since(now);
                return Err(Held::Limited { retry_after, scope });
            }
            if let Some(until) = state.routes.get(route) {
                let retry_after = until.saturating_duration_since(now);
                return Err(Held::Limited { retry_after, scope: Scope::Route });
            }
            state.under_way += 1;
        }
        Ok(Passed { gates: self, callback })
    }

    /// Notes a 429 and closes what it asks to be closed.
    pub(super) fn too_many(&self, route: &str, too_many: &TooMany) {
        let now = clock::monotonic();
        let until = now.checked_add(too_many.retry_after).unwrap_or(now);
        let mut state = self.lock();
        if too_many.scope != Scope::Shared {
            state.note_invalid(now);
        }
        if too_many.final_answer {
            return;
        }
        match too_many.scope {
            Scope::Global | Scope::Address => {
                if state.closed_until.is_none_or(|(closed, _)| closed < until) {
                    state.closed_until = Some((until, too_many.scope));
                }
            }
            Scope::Route | Scope::Shared => {
                if state.routes.len() >= BLOCKED_ROUTES_MAX {
                    let soonest = state
                        .routes
                        .iter()
                        .min_by_key(|(_, at)| **at)
                        .map(|(name, _)| name.clone());
                    if let Some(name) = soonest {
                        state.routes.remove(&name);
                    }
                }
                let held = state.routes.entry(route.to_owned()).or_insert(until);
                *held = (*held).max(until);
            }
        }
    }

    /// Notes a 401 or 403.
    pub(super) fn invalid(&self) {
        let now = clock::monotonic();
        self.lock().note_invalid(now);
    }
}

impl State {
    fn note_invalid(&mut self, now: Instant) {
        // Beyond the maximum nothing is sent, so the list cannot grow past it by much: answers
        // that were under way when it filled up.
        self.invalid.push_back(now);
    }

    fn forget_before(&mut self, now: Instant) {
        while self.invalid.front().is_some_and(|at| now.duration_since(*at) >= INVALID_WINDOW) {
            self.invalid.pop_front();
        }
        if self.closed_until.is_some_and(|(until, _)| until <= now) {
            self.closed_until = None;
        }
        self.routes.retain(|_, until| *until > now);
    }

    /// The budget is spent, or would be if everything under way turned out invalid; in the latter
    /// case a place is free again as soon as one of those is answered.
    fn spent(&mut self, now: Instant, truly: bool) -> Held {
        if !truly {
            return Held::Limited { retry_after: PLACE_AGAIN, scope: Scope::Address };
        }
        let oldest = self.invalid.front().copied().unwrap_or(now);
        let resume_in = INVALID_WINDOW.saturating_sub(now.duration_since(oldest));
        if !self.told {
            self.told = true;
            tracing::error!(
                invalid = self.invalid.len(),
                resume_in_s = resume_in.as_secs(),
                "too many requests to Discord were invalid; requests are withheld so that this \
                 address is not banned: check the bot's token and permissions"
            );
        }
        Held::Spent { resume_in }
    }
}

/// How soon to look again for a place among the requests under way.
const PLACE_AGAIN: Duration = Duration::from_millis(50);

#[cfg(test)]
mod tests {
    use super::*;

    fn limited(scope: Scope) -> TooMany {
        TooMany { scope, retry_after: Duration::from_secs(5), final_answer: false }
    }

    #[test]
    fn a_global_limit_stops_everything_but_callbacks() {
        let gates = Gates::default();
        gates.too_many("GET a", &limited(Scope::Global));
        assert!(matches!(
            gates.pass("GET b", false),
            Err(Held::Limited { scope: Scope::Global, .. })
        ));
        assert!(gates.pass("POST interactions", true).is_ok());
    }

    #[test]
    fn a_route_limit_stops_that_route_only() {
        let gates = Gates::default();
        gates.too_many("GET a", &limited(Scope::Route));
        assert!(gates.pass("GET a", false).is_err());
        assert!(gates.pass("GET b", false).is_ok());
    }

    #[test]
    fn invalid_requests_stop_at_a_hundred_and_the_last_twenty_are_for_callbacks() {
        let gates = Gates::default();
        for _ in 0..INVALID_MAX - INVALID_KEPT_FOR_CALLBACKS {
            drop(gates.pass("GET a", false).expect("within the budget"));
            gates.invalid();
        }
        assert!(matches!(gates.pass("GET a", false), Err(Held::Spent { .. })));
        for _ in 0..INVALID_KEPT_FOR_CALLBACKS {
            drop(gates.pass("cb", true).expect("within the budget"));
            gates.invalid();
        }
        assert!(matches!(gates.pass("cb", true), Err(Held::Spent { .. })));
    }

    #[test]
    fn requests_under_way_count_as_if_they_were_invalid() {
        let gates = Gates::default();
        let places = INVALID_MAX - INVALID_KEPT_FOR_CALLBACKS;
        let held: Vec<_> = (0..places).map(|_| gates.pass("GET a", false).unwrap()).collect();
        assert!(matches!(gates.pass("GET a", false), Err(Held::Limited { .. })));
        drop(held);
        assert!(gates.pass("GET a", false).is_ok());
    }

    #[test]
    fn shared_limits_are_not_ours_to_answer_for() {
        let gates = Gates::default();
        for _ in 0..INVALID_MAX {
            gates.too_many("GET a", &limited(Scope::Shared));
        }
        assert!(gates.pass("GET b", false).is_ok());
    }

    #[test]
    fn blocked_routes_are_bounded() {
        let gates = Gates::default();
        for n in 0..BLOCKED_ROUTES_MAX * 2 {
            gates.too_many(&format!("GET {n}"), &limited(Scope::Shared));
        }
        assert_eq!(gates.lock().routes.len(), BLOCKED_ROUTES_MAX);
    }
}
