//! Keeps open panels true: when the turn changes or a question opens or ends, they are shown anew.
//!
//! Discord lets the bot change a private message for fifteen minutes after the interaction that
//! made it. Only the newest panel of a person in a fight is kept. Never here: a change while the
//! person's own click is being answered without a second look afterwards, more than
//! [`REFRESHES_MAX`] changes of one panel, or a fight that waits for any of this.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::{FutureExt, StreamExt, stream};
use serde_json::Value;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::clock;
use crate::discord::api::Answerable;
use crate::discord::bot::Shared;
use crate::discord::call::Call;
use crate::discord::custom_id::digest;
use crate::discord::replies::Reply;
use crate::protocol::pb;
use crate::rules::id::{CombatId, CreatureId, GuildId};
use crate::view::scene::Scene;

/// How long an interaction's token is used; Discord takes it for 15 minutes.
pub const LIVES_FOR: Duration = Duration::from_mins(14);
/// Changes of one panel between two clicks of its owner; after these it changes on a click only.
pub const REFRESHES_MAX: u32 = 40;
/// Panels that are kept at the same time; the oldest gives way.
pub const OPEN_MAX: usize = 2_000;
/// How long a change waits for others of the same moment.
const GATHER: Duration = Duration::from_millis(150);
/// Panels that are shown anew at the same time.
const AT_ONCE: usize = 16;
/// How long one of them may take.
const WITHIN: Duration = Duration::from_secs(5);

/// Whose panel of which fight.
type Key = (CombatId, u64);

/// What makes a panel out of date when it changes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Moment {
    turn: u32,
    phase: i32,
    questions: Vec<u32>,
}

impl Moment {
    /// The moment of a snapshot.
    pub fn of_snapshot(snapshot: &pb::Snapshot) -> Self {
        Self::new(snapshot.turn, snapshot.phase(), &snapshot.prompts)
    }

    /// The moment of a scene.
    pub fn of_scene(scene: &Scene) -> Self {
        Self::new(scene.turn, scene.phase, &scene.prompts)
    }

    fn new(turn: u32, phase: pb::Phase, prompts: &[pb::OpenPrompt]) -> Self {
        let questions = prompts.iter().map(|one| one.prompt_id).collect();
        Self { turn, phase: phase.into(), questions }
    }
}

/// A panel as it was just shown.
#[derive(Debug, Clone)]
pub struct Opened {
    pub combat: CombatId,
    pub creature: CreatureId,
    pub moment: Moment,
    /// The last event that it knows of.
    pub as_of: u64,
    /// Of what it shows.
    pub digest: String,
}

/// What an interaction left on the screen.
#[derive(Debug, Clone, Default)]
pub enum Left {
    /// Nothing that touches an open panel.
    #[default]
    Nothing,
    /// A panel.
    Panel(Box<Opened>),
    /// Something else, in the place of what was there.
    Replaced(CombatId),
}

impl Opened {
    /// The panel that this body shows.
    pub fn of(snapshot: &pb::Snapshot, combat: CombatId, who: CreatureId, shown: &Value) -> Self {
        Self {
            combat,
            creature: who,
            moment: Moment::of_snapshot(snapshot),
            as_of: snapshot.as_of,
            digest: digest(&shown.to_string()),
        }
    }
}

/// Where a panel is, and how it is reached.
#[derive(Debug, Clone)]
pub struct Seat {
    pub to: Answerable,
    pub user: u64,
    pub guild: GuildId,
    pub channel: u64,
}

#[derive(Debug, Clone)]
struct Entry {
    seat: Seat,
    panel: Opened,
    opened_at: Instant,
    refreshes_left: u32,
}

#[derive(Debug, Default)]
struct State {
    panels: BTreeMap<Key, Entry>,
    /// The moment that each fight is in, as far as it is followed.
    now: BTreeMap<CombatId, Moment>,
    dirty: BTreeSet<Key>,
    /// Panels that are being changed right now.
    in_work: BTreeSet<Key>,
}

/// The open panels of everybody.
#[derive(Debug, Default)]
pub struct OpenPanels {
    state: Mutex<State>,
    woken: Notify,
}

impl OpenPanels {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what an interaction left on its asker's screen.
    pub fn note(&self, seat: Seat, left: Left) {
        let mut state = self.lock();
        let mut panel = match left {
            Left::Nothing => return,
            Left::Replaced(combat) => {
                state.panels.remove(&(combat, seat.user));
                return;
            }
            Left::Panel(panel) => *panel,
        };
        let key = (panel.combat, seat.user);
        if state.in_work.contains(&key) {
            // an older state may have been written over what the click showed
            panel.digest.clear();
            state.dirty.insert(key);
        }
        if state.now.get(&panel.combat).is_some_and(|now| *now != panel.moment) {
            state.dirty.insert(key);
        }
        if !state.panels.contains_key(&key) && state.panels.len() >= OPEN_MAX {
            let oldest = state.panels.iter().min_by_key(|(_, one)| one.opened_at);
            if let Some(oldest) = oldest.map(|(key, _)| *key) {
                state.panels.remove(&oldest);
            }
        }
        let opened_at = clock::monotonic();
        let entry = Entry { seat, panel, opened_at, refreshes_left: REFRESHES_MAX };
        state.panels.insert(key, entry);
        drop(state);
        self.woken.notify_one();
    }

    /// A fight is in this moment now.
    pub fn moved(&self, combat: CombatId, moment: Moment) {
        let mut state = self.lock();
        if state.now.get(&combat) == Some(&moment) {
            return;
        }
        state.now.insert(combat, moment);
        let keys: Vec<Key> =
            state.panels.range((combat, 0)..=(combat, u64::MAX)).map(|(key, _)| *key).collect();
        state.dirty.extend(keys);
        drop(state);
        self.woken.notify_one();
    }

    /// A fight is not followed any more.
    pub fn forget(&self, combat: CombatId) {
        self.lock().now.remove(&combat);
    }

    fn take_dirty(&self) -> Vec<Key> {
        let mut state = self.lock();
        core::mem::take(&mut state.dirty).into_iter().collect()
    }

    /// Begins to show a panel anew, unless its time is over or it was changed often enough.
    fn begin(&self, key: Key) -> Option<Entry> {
        let mut state = self.lock();
        let entry = state.panels.get(&key)?;
        let age = clock::monotonic().saturating_duration_since(entry.opened_at);
        if age > LIVES_FOR || entry.refreshes_left == 0 {
            state.panels.remove(&key);
            return None;
        }
        let entry = entry.clone();
        state.in_work.insert(key);
        Some(entry)
    }

    fn end(&self, key: Key, was: &Entry, outcome: Outcome) {
        let mut state = self.lock();
        state.in_work.remove(&key);
        // a click may have put another panel in its place meanwhile
        let Some(entry) = state.panels.get_mut(&key).filter(|one| one.seat.to.id == was.seat.to.id)
        else {
            return;
        };
        match outcome {
            Outcome::Same(panel) => entry.panel = *panel,
            Outcome::Changed(panel) => {
                entry.panel = *panel;
                entry.refreshes_left = entry.refreshes_left.saturating_sub(1);
            }
            Outcome::Gone => drop(state.panels.remove(&key)),
        }
    }
}

enum Outcome {
    /// It shows what it should.
    Same(Box<Opened>),
    /// It was changed.
    Changed(Box<Opened>),
    /// It cannot be changed any more.
    Gone,
}

/// Shows panels anew until the process stops.
pub async fn run(shared: Arc<Shared>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = shared.panels.woken.notified() => {}
            () = stop.cancelled() => return,
        }
        let keys = shared.panels.take_dirty();
        if keys.is_empty() {
            continue;
        }
        tokio::select! {
            () = tokio::time::sleep(GATHER) => {}
            () = stop.cancelled() => return,
        }
        let mut all: BTreeSet<Key> = keys.into_iter().collect();
        all.extend(shared.panels.take_dirty());
        let refreshed =
            stream::iter(all).for_each_concurrent(AT_ONCE, |key| refresh(Arc::clone(&shared), key));
        tokio::select! {
            () = refreshed => {}
            () = stop.cancelled() => return,
        }
    }
}

async fn refresh(shared: Arc<Shared>, key: Key) {
    let Some(entry) = shared.panels.begin(key) else { return };
    let work = AssertUnwindSafe(show(&shared, &entry)).catch_unwind();
    let outcome = match tokio::time::timeout(WITHIN, work).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => {
            tracing::error!("an open panel could not be shown anew through a fault of ours");
            Outcome::Gone
        }
        Err(_) => Outcome::Gone,
    };
    shared.panels.end(key, &entry, outcome);
}

async fn show(shared: &Arc<Shared>, entry: &Entry) -> Outcome {
    let call = Call::again(shared, &entry.seat);
    let built = super::again(&call, &entry.panel).await;
    let Ok(Reply::Update(body)) = built else { return Outcome::Gone };
    let Left::Panel(panel) = call.left() else { return Outcome::Gone };
    if panel.digest == entry.panel.digest {
        return Outcome::Same(panel);
    }
    match shared.api.edit_answer(&entry.seat.to, &body).await {
        Ok(()) => Outcome::Changed(panel),
        Err(error) => {
            tracing::debug!(%error, "an open panel is not there any more");
            Outcome::Gone
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seat(id: u64) -> Seat {
        let to = Answerable { id, application: 1, token: "token".to_owned() };
        Seat { to, user: 7, guild: GuildId(1), channel: 2 }
    }

    fn panel(turn: u32) -> Opened {
        Opened {
            combat: CombatId(5),
            creature: "mira".parse().unwrap(),
            moment: Moment { turn, ..Moment::default() },
            as_of: 1,
            digest: "shown".to_owned(),
        }
    }

    const KEY: Key = (CombatId(5), 7);

    fn noted() -> OpenPanels {
        let panels = OpenPanels::default();
        panels.moved(KEY.0, panel(1).moment);
        panels.note(seat(1), Left::Panel(Box::new(panel(1))));
        panels
    }

    #[test]
    fn a_panel_is_looked_at_when_its_fight_moves_on_and_only_then() {
        let panels = noted();
        assert!(panels.take_dirty().is_empty());
        panels.moved(KEY.0, panel(2).moment);
        assert_eq!(panels.take_dirty(), [KEY]);
        panels.moved(KEY.0, panel(2).moment);
        panels.moved(CombatId(6), panel(3).moment);
        assert!(panels.take_dirty().is_empty());
        panels.note(seat(2), Left::Panel(Box::new(panel(1))));
        assert_eq!(panels.take_dirty(), [KEY], "it was out of date when it came");
        panels.note(seat(3), Left::Replaced(KEY.0));
        assert!(panels.begin(KEY).is_none());
    }

    #[test]
    fn a_panel_is_changed_a_limited_number_of_times() {
        let panels = noted();
        for _ in 0..REFRESHES_MAX {
            let entry = panels.begin(KEY).expect("within the limit");
            panels.end(KEY, &entry, Outcome::Same(Box::new(panel(1))));
            let entry = panels.begin(KEY).expect("what was not sent does not count");
            panels.end(KEY, &entry, Outcome::Changed(Box::new(panel(1))));
        }
        assert!(panels.begin(KEY).is_none());
        assert!(panels.lock().panels.is_empty());
    }

    #[test]
    fn a_click_in_the_middle_of_a_change_has_the_last_word() {
        let panels = noted();
        let entry = panels.begin(KEY).unwrap();
        panels.note(seat(2), Left::Panel(Box::new(panel(1))));
        assert_eq!(panels.take_dirty(), [KEY], "it is looked at once more");
        panels.end(KEY, &entry, Outcome::Gone);
        let entry = panels.begin(KEY).expect("the click's panel stays");
        assert_eq!(entry.seat.to.id, 2);
        assert!(entry.panel.digest.is_empty(), "and is written in any case");
    }

    #[test]
    fn open_panels_are_bounded() {
        let panels = OpenPanels::default();
        for user in 0..u64::try_from(OPEN_MAX).unwrap() + 5 {
            panels.note(Seat { user, ..seat(user) }, Left::Panel(Box::new(panel(1))));
        }
        assert_eq!(panels.lock().panels.len(), OPEN_MAX);
    }
}
