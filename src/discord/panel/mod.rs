//! "My actions": what a creature can do now and, for what it cannot, why; for its player's eyes.
//!
//! Nothing is decided here: the list is the hub's, complete, in pages where it is long. A panel
//! holds no state; every button says all that is needed to go on, after a restart too.

pub mod act;
pub mod ask;
pub mod gm;
pub mod groups;
pub mod log;
pub mod opened;
pub mod places;
pub mod ready;
pub mod targets;

use serde_json::Value;

use super::call::{Call, Said, small_print};
use super::custom_id::{CustomId, Verb, digest};
use super::lint::OPTIONS_MAX;
use super::render::parts::{self, Choice, Style};
use super::render::text;
use super::replies::Reply;
use crate::protocol::pb;
use crate::rules::id::{CombatId, CreatureId};
use crate::view::card;
use crate::view::scene::Scene;
use pb::combat_action::Action;

/// Names in front of one reason why not.
const NAMES_MAX: usize = 12;
/// Characters of the list of what is not possible now.
const NOT_NOW_CHARS: usize = 1_100;

/// Events before the present one that are told on a panel that is shown anew.
const SINCE_EVENTS: u64 = 40;

/// The panel of the creature the caller would act with.
///
/// # Errors
/// A sentence for the caller.
pub async fn own(call: &Call, combat: CombatId) -> Result<Reply, Said> {
    let snapshot = call.snapshot(combat).await?;
    let actor = call.actor(&snapshot)?;
    show_of(call, combat, &snapshot, actor, 0, &[]).await
}

/// The panel of a creature, with lines of what just happened.
///
/// # Errors
/// A sentence for the caller.
pub async fn show(
    call: &Call,
    combat: CombatId,
    creature: CreatureId,
    page: usize,
    told: &[String],
) -> Result<Reply, Said> {
    let snapshot = call.snapshot(combat).await?;
    show_of(call, combat, &snapshot, creature, page, told).await
}

/// The panel of [`opened::Opened`] as it is now, with what happened since. If by now it is the
/// turn of another creature that the caller plays, that one's.
///
/// # Errors
/// A sentence for the caller.
async fn again(call: &Call, known: &opened::Opened) -> Result<Reply, Said> {
    let snapshot = call.snapshot(known.combat).await?;
    let scene = Scene::of_snapshot(&snapshot);
    let after = known.as_of.max(snapshot.as_of.saturating_sub(SINCE_EVENTS));
    let told = call.told_between(known.combat, &scene, after, snapshot.as_of).await;
    // the game master goes on from creature to creature, but not to those of the players
    let mine = call.user.to_string();
    let actor = call.actor(&snapshot).ok().filter(|actor| {
        let current = snapshot.creatures.iter().find(|one| one.id == snapshot.current_id);
        current.is_some_and(|one| {
            let is_theirs = one.owner_id.is_empty() || one.owner_id == mine;
            one.id == actor.as_str() && is_theirs && !one.autopilot
        })
    });
    show_of(call, known.combat, &snapshot, actor.unwrap_or(known.creature), 0, &told).await
}

async fn show_of(
    call: &Call,
    combat: CombatId,
    snapshot: &pb::Snapshot,
    creature: CreatureId,
    page: usize,
    told: &[String],
) -> Result<Reply, Said> {
    let state = snapshot
        .creatures
        .iter()
        .find(|one| one.id == creature.as_str())
        .ok_or_else(|| Said::words("That creature is not in this fight."))?;
    let mut inside = vec![parts::text(&heading(snapshot, state, call.user))];
    if !told.is_empty() {
        inside.push(parts::text(&small_print(told)));
    }
    let panel = Panel { combat, creature, turn: snapshot.turn };
    if snapshot.phase() != pb::Phase::Running {
        inside.push(parts::row(vec![panel.refresh(0)]));
        return Ok(call.show_panel(snapshot, combat, creature, vec![parts::container(inside)]));
    }
    let waits = ask::waits(&panel, snapshot, state);
    if !waits.is_empty() {
        // until it is decided nothing else is possible, and a list of it would only be long
        inside.extend(waits);
        inside.push(parts::row(vec![panel.refresh(0)]));
        return Ok(call.show_panel(snapshot, combat, creature, vec![parts::container(inside)]));
    }
    match call.options(combat, creature).await {
        Ok(options) => {
            let panel = Panel { turn: options.turn.max(snapshot.turn), ..panel };
            panel.actions(&options, page, &mut inside);
            inside.extend(places::select(&panel, snapshot, state, &options));
            inside.push(panel.buttons(&options, snapshot.current_id == state.id));
        }
        Err(said) => {
            inside.push(parts::text(&text::line(&said.sentence(), 300)));
            inside.push(parts::row(vec![panel.refresh(0)]));
        }
    }
    Ok(call.show_panel(snapshot, combat, creature, vec![parts::container(inside)]))
}

fn heading(snapshot: &pb::Snapshot, state: &pb::CreatureState, viewer: u64) -> String {
    let name = text::name(&state.name);
    let health = card::health(state);
    let current = snapshot.creatures.iter().find(|one| one.id == snapshot.current_id);
    let turn = match (snapshot.phase(), current) {
        (pb::Phase::Gathering | pb::Phase::Unspecified, _) => {
            "The fight has not begun: the game master begins it when everybody has joined."
                .to_owned()
        }
        (pb::Phase::Paused, _) => {
            "The fight is paused until the game master resumes it.".to_owned()
        }
        (pb::Phase::Ended, _) => "The fight is over.".to_owned(),
        (pb::Phase::Running, Some(current)) if current.id == state.id => {
            let whose = if state.owner_id == viewer.to_string() { "your" } else { "its" };
            format!("Round {} · it is {whose} turn", snapshot.round)
        }
        (pb::Phase::Running, Some(current)) => {
            format!("Round {} · it is the turn of {}", snapshot.round, text::name(&current.name))
        }
        (pb::Phase::Running, None) => format!("Round {}", snapshot.round),
    };
    let mut words = format!("## {name}\n{health}\n{turn}");
    let economy = state.economy.as_ref().filter(|_| snapshot.phase() == pb::Phase::Running);
    if let Some(economy) = economy {
        let left = |has: bool| if has { "ready" } else { "spent" };
        text::add(
            &mut words,
            format_args!(
                "\nAction {} · bonus action {} · reaction {} · {} ft of movement",
                left(economy.action),
                left(economy.bonus_action),
                left(economy.reaction),
                economy.movement_left,
            ),
        );
    }
    words
}

/// Tells one kind of action from the others.
type IsKind = fn(&Action) -> bool;

/// What has a button of its own.
const QUICK: [(&str, IsKind); 3] = [
    ("Dodge", |action| matches!(action, Action::Dodge(_))),
    ("Dash", |action| matches!(action, Action::Dash(_))),
    ("Disengage", |action| matches!(action, Action::Disengage(_))),
];

/// Whose panel of which turn.
#[derive(Debug, Clone, Copy)]
pub struct Panel {
    pub combat: CombatId,
    pub creature: CreatureId,
    pub turn: u32,
}

impl Panel {
    pub fn id(&self, verb: Verb, arg: impl core::fmt::Display) -> String {
        CustomId::new(self.combat, verb).arg(arg).turn(self.turn).to_string()
    }

    /// A button that shows the panel anew, at a page.
    pub fn refresh(&self, page: usize) -> Value {
        let id = self.id(Verb::Panel, format!("{}.{page}.r", self.creature));
        parts::button(Style::Secondary, "Refresh", &id)
    }

    fn actions(&self, options: &pb::Options, page: usize, inside: &mut Vec<Value>) {
        let cannot: Vec<&pb::AvailableAction> =
            options.available_actions.iter().filter(|one| !one.enabled).collect();
        let choices = groups::choices(options);
        let pages = choices.len().div_ceil(OPTIONS_MAX).max(1);
        let page = page.min(pages - 1);
        let shown: Vec<Choice> =
            choices.iter().skip(page * OPTIONS_MAX).take(OPTIONS_MAX).cloned().collect();
        let lines = grouped(cannot.iter().map(|one| {
            let name = if ready::is_ready(one) { "Ready" } else { &*one.name };
            (name, &*one.disabled_reason)
        }));
        if shown.is_empty() {
            // one reason for everything needs no list
            let why = cannot.first().map(|one| text::line(&one.disabled_reason, 120));
            let why = why.filter(|_| lines.len() == 1);
            let why = why.map(|why| format!(" {why}")).unwrap_or_default();
            inside.push(parts::text(&format!("There is nothing to do now.{why}")));
            if lines.len() == 1 {
                return;
            }
        } else {
            let id = self.id(Verb::Act, self.creature);
            inside.push(parts::select(&id, "What to do", &shown, 1, 1));
        }
        if pages > 1 {
            inside.push(self.pager(page, pages, |page| {
                self.id(Verb::Panel, format!("{}.{page}", self.creature))
            }));
        }
        let (listed, rest) = text::fitting(&lines, NOT_NOW_CHARS);
        if !listed.is_empty() {
            let more = if rest > 0 { format!("\n-# … and {rest} more") } else { String::new() };
            inside.push(parts::text(&format!("**Not now**\n{listed}{more}")));
        }
    }

    /// A question in the place of the panel, with the way back to it.
    fn asked(&self, call: &Call, heading: &str, rows: Vec<Value>) -> Reply {
        let mut inside = vec![parts::text(heading)];
        inside.extend(rows);
        let back = self.id(Verb::Panel, format!("{}.0", self.creature));
        inside.push(parts::row(vec![parts::button(Style::Secondary, "Back", &back)]));
        call.show(vec![parts::container(inside)])
    }

    /// Buttons to the page before and after.
    pub fn pager(&self, page: usize, pages: usize, id: impl Fn(usize) -> String) -> Value {
        let step = |to: Option<usize>, label: &str, edge: usize| {
            let to = to.filter(|to| *to < pages);
            let button = parts::button(Style::Secondary, label, &id(to.unwrap_or(edge)));
            if to.is_some() { button } else { parts::disabled(button) }
        };
        parts::row(vec![
            step(page.checked_sub(1), "Page before", pages),
            step(Some(page + 1), &format!("Next page ({}/{pages})", page + 1), pages + 1),
        ])
    }

    /// The row of what is done most.
    fn buttons(&self, options: &pb::Options, is_current: bool) -> Value {
        let mut row = Vec::new();
        for (label, is) in QUICK {
            let found = options.available_actions.iter().find(|one| {
                one.enabled
                    && one.cost() == pb::Cost::Action
                    && one.template.as_ref().and_then(|it| it.action.as_ref()).is_some_and(is)
            });
            if let Some(found) = found {
                let id = self.id(Verb::Do, format!("{}.{}", self.creature, digest(&found.id)));
                row.push(parts::button(Style::Secondary, label, &id));
            }
        }
        if is_current {
            let id = self.id(Verb::EndTurn, self.creature);
            row.push(parts::button(Style::Danger, "End turn", &id));
        }
        row.push(self.refresh(0));
        parts::row(row)
    }
}

/// A line for each reason, with everything that it keeps from being possible.
fn grouped<'a>(all: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<String> {
    let mut reasons: Vec<(&str, Vec<String>)> = Vec::new();
    for (name, reason) in all {
        let name = text::name(name);
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, names)) if names.contains(&name) => {}
            Some((_, names)) => names.push(name),
            None => reasons.push((reason, vec![name])),
        }
    }
    let line = |(reason, names): (&str, Vec<String>)| {
        let (shown, rest) = (names.iter().take(NAMES_MAX), names.len().saturating_sub(NAMES_MAX));
        let shown: Vec<&str> = shown.map(String::as_str).collect();
        let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
        format!("-# {}{more}: {}", shown.join(", "), text::line(reason, 120))
    };
    reasons.into_iter().map(line).collect()
}

fn is_move(option: &pb::AvailableAction) -> bool {
    let action = option.template.as_ref().and_then(|it| it.action.as_ref());
    matches!(action, Some(Action::Move(_)))
}

fn choice(option: &pb::AvailableAction) -> Choice {
    let cost = match option.cost() {
        pb::Cost::Action | pb::Cost::Unspecified => "",
        pb::Cost::BonusAction => " (bonus action)",
        pb::Cost::Reaction => " (reaction)",
        pb::Cost::Free => " (free)",
        pb::Cost::Legendary => " (legendary action)",
    };
    let uses = option.uses_left.map(|left| format!(" · {left} left")).unwrap_or_default();
    Choice {
        label: format!("{}{cost}{uses}", option.name),
        value: digest(&option.id),
        description: option.description.clone(),
    }
}
