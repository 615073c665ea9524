//! What a click does: each verb of a custom id leads to one thing.
//!
//! An id may be forged, old or somebody else's; it is only ever a wish, and the hub decides.

use std::collections::BTreeMap;

use twilight_model::application::interaction::modal::ModalInteractionComponent;

use super::call::{Call, Said};
use super::commands::join;
use super::custom_id::{CustomId, Verb};
use super::panel::{self, act, ask, gm, log, places, ready, targets};
use super::replies::Reply;
use crate::protocol::pb;
use crate::rules::id::CreatureId;
use pb::combat_request::Request;

/// Does what a component says.
///
/// # Errors
/// A sentence for the one who clicked.
pub async fn run(
    call: &Call,
    id: &CustomId,
    values: &[String],
    fields: &BTreeMap<String, String>,
) -> Result<Reply, Said> {
    let combat = id.combat;
    let value = values.first().map(String::as_str).unwrap_or_default();
    match id.verb {
        Verb::Mine => panel::own(call, combat).await,
        Verb::Join => join::join(call, combat, None).await,
        Verb::JoinAs => join::join(call, combat, Some(value)).await,
        Verb::Log => log::page(call, combat, &id.arg).await,
        Verb::Begin => {
            call.submit(Some(combat), None, Request::Begin(pb::Begin {})).await?;
            Ok(call.say("Initiative is rolled: the fight has begun."))
        }
        Verb::Panel
        | Verb::Act
        | Verb::Do
        | Verb::Aim
        | Verb::Targets
        | Verb::ReadyAs
        | Verb::ReadyWhen
        | Verb::Move
        | Verb::EndTurn => {
            let creature = creature(id.parts().next())?;
            let done = play(call, id, creature, values).await;
            match done {
                Ok(reply) => Ok(reply),
                // what went wrong is said on a fresh panel, so that one can go on
                Err(said) => panel::show(call, combat, creature, 0, &[said.sentence()])
                    .await
                    .map_err(|_| said),
            }
        }
        Verb::Prompt => ask::show(call, combat, number(&id.arg)?).await,
        Verb::Accept => ask::answer(call, combat, number(&id.arg)?, Some("")).await,
        Verb::AcceptWith => ask::answer(call, combat, number(&id.arg)?, Some(value)).await,
        Verb::Decline => ask::answer(call, combat, number(&id.arg)?, None).await,
        Verb::Gm => gm::show(call, combat, page(Some(&id.arg)), None).await,
        Verb::GmAct => panel::show(call, combat, creature(Some(value))?, 0, &[]).await,
        Verb::GmChange => gm::creature(call, combat, creature(Some(value))?, None).await,
        Verb::Autopilot | Verb::HitPoints | Verb::SetHitPoints | Verb::Hide | Verb::Remove => {
            gm::change(call, id, creature(id.parts().next())?, fields).await
        }
        Verb::Pause | Verb::Resume | Verb::Undo | Verb::Redo | Verb::End | Verb::EndSure => {
            gm::steer(call, combat, id.verb).await
        }
    }
}

/// The verbs of a creature's panel.
async fn play(
    call: &Call,
    id: &CustomId,
    creature: CreatureId,
    values: &[String],
) -> Result<Reply, Said> {
    let (combat, turn) = (id.combat, id.turn);
    let value = values.first().map(String::as_str).unwrap_or_default();
    let mut parts = id.parts().skip(1);
    let second = parts.next();
    match id.verb {
        Verb::Act => act::choose(call, combat, creature, turn, value).await,
        Verb::Do => act::choose(call, combat, creature, turn, second.unwrap_or_default()).await,
        Verb::Targets => {
            let page = page(parts.next());
            targets::show(call, combat, creature, turn, second.unwrap_or_default(), page).await
        }
        Verb::Aim => {
            act::aimed(call, combat, creature, turn, second.unwrap_or_default(), values).await
        }
        Verb::ReadyAs => {
            let kept = second.filter(|one| !one.is_empty()).unwrap_or(value);
            ready::moments(call, combat, creature, turn, kept, page(parts.next())).await
        }
        Verb::ReadyWhen => {
            let kept = second.unwrap_or_default();
            ready::keep(call, combat, creature, turn, kept, value).await
        }
        Verb::Move => places::go(call, combat, creature, turn, value).await,
        Verb::EndTurn => act::end_turn(call, combat, creature, turn).await,
        _ => panel::show(call, combat, creature, page(second), &[]).await,
    }
}

fn creature(text: Option<&str>) -> Result<CreatureId, Said> {
    let text = text.unwrap_or_default();
    text.parse().map_err(|_| Said::words("That is no creature of this fight."))
}

fn number(text: &str) -> Result<u32, Said> {
    text.parse().map_err(|_| Said::words("That question is not open."))
}

fn page(text: Option<&str>) -> usize {
    text.and_then(|text| text.parse().ok()).unwrap_or(0).min(100)
}

/// What was filled into a form, by the names of its fields.
pub fn modal_fields(components: &[ModalInteractionComponent]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for component in components {
        match component {
            ModalInteractionComponent::Label(label) => {
                if let ModalInteractionComponent::TextInput(input) = &*label.component {
                    found.insert(input.custom_id.clone(), input.value.clone());
                }
            }
            ModalInteractionComponent::ActionRow(row) => {
                for inner in &row.components {
                    if let ModalInteractionComponent::TextInput(input) = inner {
                        found.insert(input.custom_id.clone(), input.value.clone());
                    }
                }
            }
            _ => {}
        }
    }
    found
}
