//! At whom: the creatures an action can be done to, in pages, and why not to the others.

use super::{Panel, act};
use crate::discord::call::{Call, Said};
use crate::discord::custom_id::Verb;
use crate::discord::lint::OPTIONS_MAX;
use crate::discord::render::parts::{self, Choice};
use crate::discord::render::{map, text};
use crate::discord::replies::Reply;
use crate::protocol::pb;
use crate::rules::id::{CombatId, CreatureId};

/// Characters of the list of those who cannot be chosen.
const NOT_THESE_CHARS: usize = 900;

/// Asks at whom.
///
/// # Errors
/// A sentence for the caller.
pub async fn show(
    call: &Call,
    combat: CombatId,
    creature: CreatureId,
    turn: u32,
    wanted: &str,
    page: usize,
) -> Result<Reply, Said> {
    let options = call.options(combat, creature).await?;
    act::still(&options, turn)?;
    let option = act::find(&options, wanted)?;
    let panel = Panel::of(combat, creature, turn);
    let choices: Vec<Choice> = if option.needs_aim {
        aims(&call.snapshot(combat).await?)
    } else {
        option.targets.iter().filter(|one| one.enabled).map(choice).collect()
    };
    let mut inside = vec![parts::text(&format!("## {}\nAt whom?", text::name(&option.name)))];
    let pages = choices.len().div_ceil(OPTIONS_MAX).max(1);
    let page = page.min(pages - 1);
    let shown: Vec<Choice> =
        choices.iter().skip(page * OPTIONS_MAX).take(OPTIONS_MAX).cloned().collect();
    if shown.is_empty() {
        inside.push(parts::text("There is nobody it can be done to now."));
    } else {
        let id = panel.id(Verb::Aim, format!("{creature}.{wanted}"));
        let most =
            if option.needs_aim { 1 } else { usize::try_from(option.targets_max).unwrap_or(1) };
        let least = usize::try_from(option.targets_min).unwrap_or(1).clamp(1, most.max(1));
        inside.push(parts::select(&id, "Choose", &shown, least, most));
    }
    if pages > 1 {
        inside.push(panel.pager(page, pages, |page| {
            panel.id(Verb::Targets, format!("{creature}.{wanted}.{page}"))
        }));
    }
    let not = option.targets.iter().filter(|one| !one.enabled);
    let lines = super::grouped(not.map(|one| (&*one.name, &*one.disabled_reason)));
    let (listed, rest) = text::fitting(&lines, NOT_THESE_CHARS);
    if !listed.is_empty() && !option.needs_aim {
        let more = if rest > 0 { format!("\n-# … and {rest} more") } else { String::new() };
        inside.push(parts::text(&format!("**Not these**\n{listed}{more}")));
    }
    let back = panel.id(Verb::Panel, format!("{creature}.0"));
    inside.push(parts::row(vec![parts::button(parts::Style::Secondary, "Back", &back)]));
    Ok(call.show(vec![parts::container(inside)]))
}

fn choice(target: &pb::AvailableTarget) -> Choice {
    let away = target.distance_feet.map(|feet| format!("{feet} ft away")).unwrap_or_default();
    let walk = target.move_to.map(|to| format!("after a move to {}", map::square_name(to)));
    let description = match walk {
        Some(walk) if away.is_empty() => walk,
        Some(walk) => format!("{away}, {walk}"),
        None => away,
    };
    Choice { label: target.name.clone(), value: target.creature_id.clone(), description }
}

/// Everybody that can be seen, as a place to aim at.
fn aims(snapshot: &pb::Snapshot) -> Vec<Choice> {
    snapshot
        .creatures
        .iter()
        .filter(|one| !one.left)
        .filter_map(|one| {
            let square = map::square_name(one.position?);
            Some(Choice {
                label: format!("At {} ({square})", one.name),
                value: one.id.clone(),
                description: String::new(),
            })
        })
        .collect()
}
