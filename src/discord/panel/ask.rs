//! Questions to a player: a reaction to take or to let pass.
//!
//! That somebody is asked is public; what is asked is shown to its player and the game master only.

use serde_json::Value;

use super::Panel;
use crate::discord::call::{Call, Said};
use crate::discord::custom_id::{CustomId, Verb};
use crate::discord::render::parts::{self, Choice, Style};
use crate::discord::render::text;
use crate::discord::replies::Reply;
use crate::protocol::pb;
use crate::rules::id::{CombatId, CreatureId};
use crate::view::scene::Scene;
use pb::combat_request::Request;

/// Decisions of others that are named at once.
const QUESTIONS_NAMED_MAX: usize = 3;

/// What stands in the way of acting: the creature's own question, that of a creature that nobody
/// plays (for the game master, who alone sees what it is asked), or that of somebody else.
pub(super) fn waits(
    panel: &Panel,
    snapshot: &pb::Snapshot,
    state: &pb::CreatureState,
) -> Vec<Value> {
    let asked = |id: &str| snapshot.prompts.iter().rev().find(|one| one.creature_id == id);
    let own = asked(&state.id).map(|one| question(panel.combat, snapshot, one)).unwrap_or_default();
    if !own.is_empty() {
        return own;
    }
    let unplayed = snapshot.creatures.iter().filter(|one| one.owner_id.is_empty());
    for (creature, one) in unplayed.filter_map(|one| Some((one, asked(&one.id)?))) {
        let mut shown = question(panel.combat, snapshot, one);
        if !shown.is_empty() {
            let name = text::name(&creature.name);
            shown.insert(0, parts::text(&format!("The fight waits for a decision of {name}:")));
            return shown;
        }
    }
    let scene = Scene::of_snapshot(snapshot);
    let others = snapshot.prompts.iter().take(QUESTIONS_NAMED_MAX).map(|one| {
        let name = text::name(scene.name_of(&one.creature_id));
        parts::text(&format!("The fight waits for a decision of {name}{}.", until(one)))
    });
    others.collect()
}

/// By when a question is answered by itself, as a time that counts down.
pub(crate) fn until(asked: &pb::OpenPrompt) -> String {
    let at = asked.deadline.map(|at| format!(" (time runs out <t:{}:R>)", at.seconds));
    at.unwrap_or_default()
}

fn question(combat: CombatId, snapshot: &pb::Snapshot, asked: &pb::OpenPrompt) -> Vec<Value> {
    if asked.question.is_empty() {
        return Vec::new();
    }
    let id =
        |verb| CustomId::new(combat, verb).arg(asked.prompt_id).turn(snapshot.turn).to_string();
    let until = asked
        .deadline
        .map(|at| format!("\n-# Without an answer it passes <t:{}:R>.", at.seconds))
        .unwrap_or_default();
    let words = format!("**{}**{until}", text::line(&asked.question, 300));
    let mut shown = vec![parts::text(&words)];
    if asked.choices.len() > 1 {
        let choices: Vec<Choice> = asked
            .choices
            .iter()
            .map(|one| Choice {
                label: one.name.clone(),
                value: one.attack.clone(),
                description: String::new(),
            })
            .collect();
        shown.push(parts::select(&id(Verb::AcceptWith), "Yes, with …", &choices, 1, 1));
        shown.push(parts::row(vec![parts::button(Style::Danger, "No", &id(Verb::Decline))]));
    } else {
        shown.push(parts::row(vec![
            parts::button(Style::Success, "Yes", &id(Verb::Accept)),
            parts::button(Style::Danger, "No", &id(Verb::Decline)),
        ]));
    }
    shown
}

fn find(snapshot: &pb::Snapshot, prompt: u32) -> Result<&pb::OpenPrompt, Said> {
    let found = snapshot.prompts.iter().find(|one| one.prompt_id == prompt);
    found.ok_or_else(|| Said::words("That question was answered, or its time is over."))
}

/// Shows a question to whom it concerns.
///
/// # Errors
/// A sentence for the caller.
pub async fn show(call: &Call, combat: CombatId, prompt: u32) -> Result<Reply, Said> {
    let snapshot = call.snapshot(combat).await?;
    let found = find(&snapshot, prompt)?;
    if found.question.is_empty() {
        return Err(Said::words("That decision is somebody else's."));
    }
    let creature: CreatureId =
        found.creature_id.parse().map_err(|_| Said::words("That creature cannot be read."))?;
    super::show_of(call, combat, &snapshot, creature, 0, &[]).await
}

/// Answers a question: yes with an attack (empty: the only one), or no.
///
/// # Errors
/// A sentence for the caller.
pub async fn answer(
    call: &Call,
    combat: CombatId,
    prompt: u32,
    with: Option<&str>,
) -> Result<Reply, Said> {
    let snapshot = call.snapshot(combat).await?;
    let found = find(&snapshot, prompt)?;
    let only = found.choices.first().map(|one| one.attack.clone()).unwrap_or_default();
    let attack = match with {
        Some("") => only,
        Some(with) => with.to_owned(),
        None => String::new(),
    };
    let respond = pb::Respond { prompt_id: prompt, accept: with.is_some(), attack };
    let receipt = call.submit(Some(combat), None, Request::Respond(respond)).await?;
    let creature: CreatureId =
        found.creature_id.parse().map_err(|_| Said::words("That creature cannot be read."))?;
    super::act::after(call, combat, creature, &receipt).await
}
