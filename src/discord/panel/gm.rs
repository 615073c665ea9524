//! The game master's panel: act for monsters, change creatures, steer the fight.
//!
//! It shows only what its caller may see: whoever is not the game master gets a sentence.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::discord::call::{Call, Said};
use crate::discord::custom_id::{CustomId, Verb};
use crate::discord::lint::OPTIONS_MAX;
use crate::discord::render::parts::{self, Choice, Style};
use crate::discord::render::{map, text};
use crate::discord::replies::Reply;
use crate::protocol::pb;
use crate::rules::id::{CombatId, CreatureId};
use crate::view::card;
use pb::combat_request::Request;

/// The field of the form for hit points.
const HIT_POINTS_FIELD: &str = "hit_points";
/// The field of the form for temporary hit points.
const TEMPORARY_FIELD: &str = "temporary";

async fn as_gm(call: &Call, combat: CombatId) -> Result<pb::Snapshot, Said> {
    let snapshot = call.snapshot(combat).await?;
    if snapshot.viewer() == pb::ViewerRole::GameMaster {
        Ok(snapshot)
    } else {
        Err(Said::words("That is for the game master of this fight."))
    }
}

/// The panel.
///
/// # Errors
/// A sentence for the caller.
pub async fn show(
    call: &Call,
    combat: CombatId,
    page: usize,
    note: Option<&str>,
) -> Result<Reply, Said> {
    let snapshot = as_gm(call, combat).await?;
    let id = |verb| CustomId::new(combat, verb).turn(snapshot.turn).to_string();
    let mut inside = vec![parts::text(&format!("## Game master · {}", text::name(&snapshot.name)))];
    if let Some(note) = note {
        inside.push(parts::text(&text::line(note, 300)));
    }
    let here: Vec<&pb::CreatureState> = snapshot.creatures.iter().filter(|one| !one.left).collect();
    let pages = here.len().div_ceil(OPTIONS_MAX).max(1);
    let page = page.min(pages - 1);
    let choices: Vec<Choice> =
        here.iter().skip(page * OPTIONS_MAX).take(OPTIONS_MAX).map(|one| choice(one)).collect();
    if !choices.is_empty() {
        inside.push(parts::select(&id(Verb::GmAct), "Act for …", &choices, 1, 1));
        inside.push(parts::select(&id(Verb::GmChange), "Change …", &choices, 1, 1));
    }
    if pages > 1 {
        let go =
            |to: usize| CustomId::new(combat, Verb::Gm).arg(to).turn(snapshot.turn).to_string();
        let before = parts::button(Style::Secondary, "Page before", &go(page.saturating_sub(1)));
        let next = parts::button(Style::Secondary, "Next page", &go(page + 1));
        inside.push(parts::row(vec![
            if page == 0 { parts::disabled(before) } else { before },
            if page + 1 == pages { parts::disabled(next) } else { next },
        ]));
    }
    inside.push(steering(&snapshot, id));
    Ok(call.show(vec![parts::container(inside)]))
}

/// The row that steers the fight as a whole; buttons that cannot be used now are disabled.
fn steering(snapshot: &pb::Snapshot, id: impl Fn(Verb) -> String) -> Value {
    let phase = snapshot.phase();
    let usable = |can: bool, button: Value| if can { button } else { parts::disabled(button) };
    let first = match phase {
        pb::Phase::Gathering | pb::Phase::Unspecified => {
            parts::button(Style::Success, "Begin", &id(Verb::Begin))
        }
        pb::Phase::Paused => parts::button(Style::Success, "Resume", &id(Verb::Resume)),
        pb::Phase::Running | pb::Phase::Ended => usable(
            phase == pb::Phase::Running,
            parts::button(Style::Secondary, "Pause", &id(Verb::Pause)),
        ),
    };
    let undo = parts::button(Style::Secondary, "Undo", &id(Verb::Undo));
    let redo = parts::button(Style::Secondary, "Redo", &id(Verb::Redo));
    let end = parts::button(Style::Danger, "End the fight", &id(Verb::End));
    let refresh = parts::button(Style::Secondary, "Refresh", &id(Verb::Gm));
    parts::row(vec![
        first,
        usable(snapshot.can_undo, undo),
        usable(snapshot.can_redo, redo),
        usable(phase != pb::Phase::Ended, end),
        refresh,
    ])
}

fn choice(creature: &pb::CreatureState) -> Choice {
    let square = creature.position.map(|at| format!(" · {}", map::square_name(at)));
    let hidden = if creature.hidden { " · hidden" } else { "" };
    let pilot = if creature.autopilot { " · autopilot" } else { "" };
    Choice {
        label: creature.name.clone(),
        value: creature.id.clone(),
        description: format!(
            "{}{}{hidden}{pilot}",
            card::health(creature),
            square.unwrap_or_default()
        ),
    }
}

/// What the game master can change about one creature.
///
/// # Errors
/// A sentence for the caller.
pub async fn creature(
    call: &Call,
    combat: CombatId,
    creature: CreatureId,
    note: Option<&str>,
) -> Result<Reply, Said> {
    let snapshot = as_gm(call, combat).await?;
    let state = find(&snapshot, creature)?;
    let id = |verb: Verb, arg: &str| {
        let id = CustomId::new(combat, verb).arg(format!("{creature}{arg}"));
        id.turn(snapshot.turn).to_string()
    };
    let pilot = if state.autopilot { "Play by hand" } else { "Autopilot" };
    let hide = if state.hidden { "Reveal" } else { "Hide" };
    let mut inside =
        vec![parts::text(&format!("## {}\n{}", text::name(&state.name), card::health(state)))];
    if let Some(note) = note {
        inside.push(parts::text(&text::line(note, 300)));
    }
    inside.push(parts::row(vec![
        parts::button(
            Style::Secondary,
            pilot,
            &id(Verb::Autopilot, if state.autopilot { ".off" } else { ".on" }),
        ),
        parts::button(Style::Secondary, "Hit points", &id(Verb::HitPoints, "")),
        parts::button(
            Style::Secondary,
            hide,
            &id(Verb::Hide, if state.hidden { ".off" } else { ".on" }),
        ),
        parts::button(Style::Danger, "Take out of the fight", &id(Verb::Remove, "")),
        parts::button(
            Style::Secondary,
            "Back",
            &CustomId::new(combat, Verb::Gm).turn(snapshot.turn).to_string(),
        ),
    ]));
    Ok(call.show(vec![parts::container(inside)]))
}

fn find(snapshot: &pb::Snapshot, creature: CreatureId) -> Result<&pb::CreatureState, Said> {
    let found = snapshot.creatures.iter().find(|one| one.id == creature.as_str());
    found.ok_or_else(|| Said::words("That creature is not in this fight."))
}

/// Changes one creature.
///
/// # Errors
/// A sentence for the caller.
pub async fn change(
    call: &Call,
    id: &CustomId,
    who: CreatureId,
    fields: &BTreeMap<String, String>,
) -> Result<Reply, Said> {
    let combat = id.combat;
    let is_on = id.parts().nth(1) == Some("on");
    let mut adjust = pb::Adjust { creature_id: who.to_string(), ..pb::Adjust::default() };
    match id.verb {
        Verb::HitPoints => {
            let set = CustomId::new(combat, Verb::SetHitPoints).arg(who).turn(id.turn).to_string();
            return Ok(Reply::Modal(parts::modal(
                &set,
                "Set hit points",
                &[
                    (HIT_POINTS_FIELD, "Hit points (or +5, -5)", String::new()),
                    (TEMPORARY_FIELD, "Temporary hit points", String::new()),
                ],
            )));
        }
        Verb::SetHitPoints => {
            let snapshot = as_gm(call, combat).await?;
            let state = find(&snapshot, who)?;
            let filled = |name: &str| fields.get(name).map(|text| text.trim()).unwrap_or_default();
            adjust.hit_points = points(filled(HIT_POINTS_FIELD), state.hit_points)?;
            adjust.temporary_hit_points =
                points(filled(TEMPORARY_FIELD), state.temporary_hit_points)?;
            if adjust.hit_points.is_none() && adjust.temporary_hit_points.is_none() {
                return creature(call, combat, who, Some("Nothing was changed.")).await;
            }
        }
        Verb::Autopilot => adjust.autopilot = Some(is_on),
        Verb::Hide => adjust.hidden = Some(is_on),
        Verb::Remove => {
            let leave = Request::Leave(pb::Leave { creature_id: who.to_string() });
            call.submit(Some(combat), None, leave).await?;
            return show(call, combat, 0, Some("It is out of the fight.")).await;
        }
        _ => return creature(call, combat, who, None).await,
    }
    call.submit(Some(combat), None, Request::Adjust(adjust)).await?;
    let done = match (id.verb, is_on) {
        (Verb::Autopilot, true) => "The program plays it now.",
        (Verb::Autopilot, false) => "You play it by hand now: choose it under Act for.",
        (Verb::Hide, true) => "Only you see it now.",
        (Verb::Hide, false) => "Everybody sees it now.",
        _ => "The hit points are set.",
    };
    creature(call, combat, who, Some(done)).await
}

/// `7`, `+3`, `-5`, or nothing.
fn points(text: &str, now: Option<u32>) -> Result<Option<u32>, Said> {
    if text.is_empty() {
        return Ok(None);
    }
    let bad = || Said::words("Write a number such as 7, or a change such as -5 or +3.");
    let now = now.unwrap_or_default();
    let points = if let Some(more) = text.strip_prefix('+') {
        now.saturating_add(more.trim().parse().map_err(|_| bad())?)
    } else if let Some(less) = text.strip_prefix(['-', '−']) {
        now.saturating_sub(less.trim().parse().map_err(|_| bad())?)
    } else {
        text.parse().map_err(|_| bad())?
    };
    Ok(Some(points))
}

/// Steers the fight as a whole.
///
/// # Errors
/// A sentence for the caller.
pub async fn steer(call: &Call, combat: CombatId, verb: Verb) -> Result<Reply, Said> {
    let (request, done) = match verb {
        Verb::Pause => (Request::Pause(pb::Pause {}), "The fight is paused."),
        Verb::Resume => (Request::Resume(pb::Resume {}), "The fight goes on."),
        Verb::Undo => (Request::Undo(pb::Undo {}), "It is undone."),
        Verb::Redo => (Request::Redo(pb::Redo {}), "It is done again."),
        Verb::EndSure => (Request::EndCombat(pb::EndCombat {}), "The fight is over."),
        _ => return confirm_end(call, combat).await,
    };
    let done = match call.submit(Some(combat), None, request).await {
        Ok(_) => done.to_owned(),
        Err(said) => said.sentence(),
    };
    show(call, combat, 0, Some(&done)).await
}

async fn confirm_end(call: &Call, combat: CombatId) -> Result<Reply, Said> {
    let snapshot = as_gm(call, combat).await?;
    let id = |verb| CustomId::new(combat, verb).turn(snapshot.turn).to_string();
    Ok(call.show(vec![parts::container(vec![
        parts::text("End the fight now? The figures are posted, and it can be undone."),
        parts::row(vec![
            parts::button(Style::Danger, "End it", &id(Verb::EndSure)),
            parts::button(Style::Secondary, "Back", &id(Verb::Gm)),
        ]),
    ])]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_as_numbers_and_changes() {
        let read = |text| points(text, Some(10)).map_err(|said| said.to_string());
        assert_eq!(read(""), Ok(None));
        assert_eq!(read("7"), Ok(Some(7)));
        assert_eq!(read("+3"), Ok(Some(13)));
        assert_eq!(read("-50"), Ok(Some(0)));
        assert!(read("many").is_err());
        assert!(read("99999999999").is_err());
    }
}
