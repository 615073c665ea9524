//! What should stand in the channel for a fight as it is now: the card, a ping, open questions.
//!
//! A pure function of what a spectator knows. Who is asked and that something is asked is public;
//! what is asked is not, and must not come in here.

use std::collections::VecDeque;

use serde_json::Value;

use crate::discord::custom_id::{CustomId, Verb};
use crate::discord::panel::ask;
use crate::discord::render::card::card;
use crate::discord::render::{parts, text};
use crate::protocol::pb;
use crate::view::scene::Scene;
use crate::view::{self};

/// Questions shown at the same time; more would bury the card.
const QUESTIONS_MAX: usize = 5;

/// A small message that should be there.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// What it is for; a note with another key is another message.
    pub key: String,
    pub body: Value,
    /// Whom it pings.
    pub pings: Vec<u64>,
}

/// Everything that should be there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Wanted {
    /// The number of the last event in it.
    pub as_of: u64,
    pub card: Value,
    pub notes: Vec<Note>,
    pub is_over: bool,
}

/// What should be there for this scene and the last lines of its log.
pub fn wanted(scene: &Scene, log: &VecDeque<String>) -> Wanted {
    let contents = view::card::card(scene, log.iter().map(String::as_str));
    let mut notes: Vec<Note> = turn_note(scene).into_iter().collect();
    notes.extend(
        scene.prompts.iter().take(QUESTIONS_MAX).filter_map(|asked| question(scene, asked)),
    );
    Wanted {
        as_of: scene.as_of,
        card: card(scene, &contents),
        notes,
        is_over: scene.phase == pb::Phase::Ended,
    }
}

/// The person behind a creature, if a person plays it.
fn player_of(creature: &pb::CreatureState) -> Option<u64> {
    if creature.autopilot || creature.left {
        return None;
    }
    creature.owner_id.parse().ok().filter(|user| *user != 0)
}

/// Who decides for a creature: its player, or the game master for one that nobody plays.
fn decides(scene: &Scene, creature: &pb::CreatureState) -> Option<u64> {
    if creature.autopilot || creature.left {
        return None;
    }
    let owner = creature.owner_id.parse().ok().filter(|user| *user != 0);
    owner.or_else(|| scene.game_master_id.parse().ok().filter(|user| *user != 0))
}

fn turn_note(scene: &Scene) -> Option<Note> {
    if scene.phase != pb::Phase::Running {
        return None;
    }
    let creature = scene.creatures.get(&scene.current)?;
    let user = player_of(creature)?;
    let combat = scene.session_id.parse().ok()?;
    let id = CustomId::new(combat, Verb::Mine).turn(scene.turn).to_string();
    Some(Note {
        key: format!("turn:{}", scene.turn),
        body: parts::ping(
            user,
            &format!("it is the turn of {}.", text::name(&creature.name)),
            vec![parts::button(parts::Style::Primary, "My actions", &id)],
        ),
        pings: vec![user],
    })
}

fn question(scene: &Scene, asked: &pb::OpenPrompt) -> Option<Note> {
    let creature = scene.creatures.get(&asked.creature_id)?;
    let user = decides(scene, creature)?;
    let combat = scene.session_id.parse().ok()?;
    let id = CustomId::new(combat, Verb::Prompt).arg(asked.prompt_id).turn(scene.turn).to_string();
    Some(Note {
        key: format!("ask:{}", asked.prompt_id),
        body: parts::ping(
            user,
            &format!("{} has a decision to make{}.", text::name(&creature.name), ask::until(asked)),
            vec![parts::button(parts::Style::Primary, "Decide", &id)],
        ),
        pings: vec![user],
    })
}
