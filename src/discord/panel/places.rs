//! Where to: a few useful squares out of hundreds, and any other by its name.
//!
//! It only proposes; whether and how a square is reached is decided by the rules.

use serde_json::Value;

use super::{Panel, act};
use crate::discord::call::{Call, Said};
use crate::discord::custom_id::Verb;
use crate::discord::lint::OPTIONS_MAX;
use crate::discord::render::map::{self, covers, footprint};
use crate::discord::render::parts::{self, Choice};
use crate::discord::replies::Reply;
use crate::protocol::pb;
use crate::rules::id::{CombatId, CreatureId};
use pb::combat_action::Action;

/// Feet of a square's side.
const SQUARE_FEET: u32 = 5;

/// The select of places; nothing without a map, a place of one's own, or movement.
pub(super) fn select(
    panel: &Panel,
    snapshot: &pb::Snapshot,
    state: &pb::CreatureState,
    options: &pb::Options,
) -> Option<Value> {
    if snapshot.current_id != state.id {
        return None;
    }
    let choices: Vec<Choice> = useful(snapshot, state, options.movement_left)
        .into_iter()
        .map(|(label, at)| Choice {
            label: format!("{label}: {}", map::square_name(at)),
            value: map::square_name(at),
            description: String::new(),
        })
        .take(OPTIONS_MAX)
        .collect();
    if choices.is_empty() {
        return None;
    }
    let mut seen = std::collections::BTreeSet::new();
    let choices: Vec<Choice> =
        choices.into_iter().filter(|one| seen.insert(one.value.clone())).collect();
    let id = panel.id(Verb::Move, panel.creature);
    Some(parts::select(&id, "Move to …", &choices, 1, 1))
}

fn steps(from: pb::Position, to: pb::Position) -> u32 {
    from.x.abs_diff(to.x).max(from.y.abs_diff(to.y))
}

/// How many steps there are between a square and the space of a creature.
fn gap(at: pb::Position, creature: &pb::CreatureState) -> u32 {
    let Some(from) = creature.position else { return u32::MAX };
    let side = footprint(creature.size());
    let off = |place: u32, start: u32| {
        let end = start.saturating_add(side).saturating_sub(1);
        start.saturating_sub(place).max(place.saturating_sub(end))
    };
    off(at.x, from.x).max(off(at.y, from.y))
}

/// Squares worth going to, each with why: next to an enemy, towards one, away from all.
pub fn useful(
    snapshot: &pb::Snapshot,
    state: &pb::CreatureState,
    movement_feet: u32,
) -> Vec<(String, pb::Position)> {
    let (Some(grid), Some(from)) = (&snapshot.map, state.position) else { return Vec::new() };
    let reach = movement_feet / SQUARE_FEET;
    if reach == 0 {
        return Vec::new();
    }
    let open = |at: &pb::Position| {
        let is_wall = grid
            .squares
            .iter()
            .any(|square| square.at == Some(*at) && square.terrain() == pb::Terrain::Wall);
        !is_wall
            && !snapshot.creatures.iter().any(|other| other.id != state.id && covers(other, *at))
    };
    let within = |start: u32, end: u32| {
        start.saturating_sub(reach)..=start.saturating_add(reach).min(end.saturating_sub(1))
    };
    let near: Vec<pb::Position> = within(from.y, grid.height)
        .flat_map(|y| within(from.x, grid.width).map(move |x| pb::Position { x, y }))
        .filter(|at| *at != from && open(at))
        .collect();
    let mut enemies: Vec<&pb::CreatureState> = snapshot
        .creatures
        .iter()
        .filter(|one| one.side != state.side && !one.left && one.life() == pb::Life::Up)
        .filter(|one| one.position.is_some())
        .collect();
    enemies.sort_by_key(|one| gap(from, one));
    let mut found = Vec::new();
    for enemy in &enemies {
        let now = gap(from, enemy);
        let best = near.iter().min_by_key(|at| (gap(**at, enemy), steps(from, **at)));
        let Some(best) = best.filter(|at| gap(**at, enemy) < now) else { continue };
        let label = if gap(*best, enemy) <= 1 { "Next to" } else { "Towards" };
        found.push((format!("{label} {}", enemy.name), *best));
    }
    let nearest = |at: pb::Position| enemies.iter().map(|one| gap(at, one)).min().unwrap_or(0);
    let away = near.iter().max_by_key(|at| (nearest(**at), core::cmp::Reverse(steps(from, **at))));
    if let Some(away) = away.filter(|at| nearest(**at) > nearest(from)) {
        found.push(("Away".to_owned(), *away));
    }
    found
}

/// A square by its name, or the square of a creature by its id or name.
pub fn square_or_creature(snapshot: &pb::Snapshot, text: Option<&str>) -> Option<pb::Position> {
    let text = text?.trim();
    let by_name = snapshot
        .creatures
        .iter()
        .find(|one| one.id == text || one.name.eq_ignore_ascii_case(text))
        .and_then(|one| one.position);
    by_name.or_else(|| map::square_of(text))
}

/// Moves to a square.
///
/// # Errors
/// A sentence for the caller.
pub async fn go(
    call: &Call,
    combat: CombatId,
    creature: CreatureId,
    turn: u32,
    square: &str,
) -> Result<Reply, Said> {
    let to = map::square_of(square)
        .ok_or_else(|| Said::words("That is no square: write it such as C4."))?;
    let action = Action::Move(pb::MoveAction { to: Some(to), path: Vec::new() });
    let action = pb::CombatAction { action: Some(action), ..pb::CombatAction::default() };
    let receipt = act::perform(call, combat, creature, turn, action).await?;
    act::after(call, combat, creature, &receipt).await
}
