//! Questions to a player: a reaction to take or to let pass.
//!
//! That somebody is asked is public; what is asked is shown to its player and the game master only.

use serde_json::Value;

use super::Panel;
use crate::discord::call::{Call, Said, small_print};
use crate::discord::custom_id::{CustomId, Verb};
use crate::discord::render::parts::{self, Choice, Style};
use crate::discord::render::text;
use crate::discord::replies::Reply;
use crate::protocol::pb;
use crate::rules::id::CombatId;
use crate::view::scene::Scene;
use pb::combat_request::Request;

/// The open questions of a creature, on its panel.
pub(super) fn open(
    panel: &Panel,
    snapshot: &pb::Snapshot,
    state: &pb::CreatureState,
) -> Vec<Value> {
    let asked = snapshot.prompts.iter().find(|one| one.creature_id == state.id);
    asked.map(|one| question(panel.combat, snapshot, one)).unwrap_or_default()
}

fn question(combat: CombatId, snapshot: &pb::Snapshot, asked: &pb::OpenPrompt) -> Vec<Value> {
    if asked.question.is_empty() {
        return Vec::new();
    }
    let id =
        |verb| CustomId::new(combat, verb).arg(asked.prompt_id).turn(snapshot.turn).to_string();
    let until = asked
        .deadline
        .map(|at| format!("\n-# If you say nothing, it passes <t:{}:R>.", at.seconds))
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
    let shown = question(combat, &snapshot, found);
    if shown.is_empty() {
        return Err(Said::words("That decision is somebody else's."));
    }
    Ok(call.show(vec![parts::container(shown)]))
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
    let scene = Scene::of_snapshot(&call.snapshot(combat).await?);
    let told = call.told(combat, &scene, &receipt).await;
    let words = if with.is_some() { "Yes." } else { "It passes." };
    let mut shown = vec![parts::text(words)];
    if !told.is_empty() {
        shown.push(parts::text(&small_print(&told)));
    }
    Ok(call.show(vec![parts::container(shown)]))
}
