//! `/combat action type: target: with:`: everything the panel offers, by typing.
//!
//! What is offered while typing is what the hub says is possible now.

use super::{Choice, Command, Completing, FIGHT, Need, Who, fight_names, offered};
use crate::discord::call::{Call, Said, Work};
use crate::discord::custom_id::digest;
use crate::discord::panel::{act, places};
use crate::discord::render::map;
use crate::discord::replies::Deferral;
use crate::protocol::pb;
use crate::rules::id::{CombatId, CreatureId};
use pb::combat_action::Action;

pub const NAME: &str = "combat action";
/// What moving is called, and ending the turn.
const MOVE: &str = "move";
const END_TURN: &str = "end-turn";
/// What any attack is called; `with` says which.
const ATTACK: &str = "attack";

const OPTIONS: &[Choice] = &[
    Choice::text("type", "What to do", Need::Required).completed(),
    Choice::text("target", "At whom, or to which square (C4)", Need::Optional).completed(),
    Choice::text("with", "Which attack", Need::Optional).completed(),
    FIGHT,
];

pub fn command() -> Command {
    Command {
        name: NAME,
        description: "Act: attack, cast, move, dash, dodge and everything else",
        options: OPTIONS,
        who: Who::Players,
        deferral: Deferral::Private,
        run,
        autocomplete,
    }
}

/// Who acts, in which fight, and what they can do.
struct Scene {
    combat: CombatId,
    actor: CreatureId,
    snapshot: pb::Snapshot,
    options: pb::Options,
}

async fn scene(call: &Call) -> Result<Scene, Said> {
    let combat = call.fight()?;
    let snapshot = call.snapshot(combat).await?;
    let actor = call.actor(&snapshot)?;
    let options = call.options(combat, actor).await?;
    Ok(Scene { combat, actor, snapshot, options })
}

pub fn run(call: Call) -> Work {
    Box::pin(async move {
        let Scene { combat, actor, snapshot, options } = scene(&call).await?;
        let typed = call.args.text("type").unwrap_or_default();
        let target = call.args.text("target");
        let turn = snapshot.turn;
        if typed.eq_ignore_ascii_case(END_TURN) || typed.eq_ignore_ascii_case("end turn") {
            return act::end_turn(&call, combat, actor, turn).await;
        }
        if typed.eq_ignore_ascii_case(MOVE) {
            let square = destination(&snapshot, actor, &options, target)?;
            return places::go(&call, combat, actor, turn, &square).await;
        }
        let option = find(&options, typed, call.args.text("with"))?;
        if !option.enabled {
            return Err(Said::words(option.disabled_reason.clone()));
        }
        let chosen = targets(option, target)?;
        let receipt = act::act_on(&call, combat, actor, turn, option, &chosen).await?;
        act::after(&call, combat, actor, &receipt).await
    })
}

/// The square meant: by its name, or the one next to the creature named.
fn destination(
    snapshot: &pb::Snapshot,
    actor: CreatureId,
    options: &pb::Options,
    target: Option<&str>,
) -> Result<String, Said> {
    let target = target
        .ok_or_else(|| Said::words("Say where to: a square such as C4, or somebody to go to."))?;
    if map::square_of(target).is_some() {
        return Ok(target.to_owned());
    }
    let state = snapshot.creatures.iter().find(|one| one.id == actor.as_str());
    let useful = state.map(|state| places::useful(snapshot, state, options.movement_left));
    let wanted = target.to_lowercase();
    useful
        .unwrap_or_default()
        .into_iter()
        .find(|(label, _)| label.to_lowercase().contains(&wanted))
        .map(|(_, at)| map::square_name(at))
        .ok_or_else(|| Said::words("That is no square and nobody to go to: write such as C4."))
}

fn attack_of(option: &pb::AvailableAction) -> Option<&str> {
    match option.template.as_ref()?.action.as_ref()? {
        Action::Attack(attack) => Some(&attack.attack),
        _ => None,
    }
}

/// The option that was typed: by its id or name, or any attack by the weapon.
fn find<'a>(
    options: &'a pb::Options,
    typed: &str,
    with: Option<&str>,
) -> Result<&'a pb::AvailableAction, Said> {
    let all = &options.available_actions;
    let lower = typed.to_lowercase();
    if lower == ATTACK || with.is_some() {
        let wanted = with.map(str::to_lowercase);
        let fits = |one: &&pb::AvailableAction| match (attack_of(one), &wanted) {
            (Some(attack), Some(wanted)) => {
                attack == wanted || one.name.to_lowercase().contains(wanted.as_str())
            }
            (Some(_), None) => true,
            (None, _) => false,
        };
        let found = all.iter().filter(fits).find(|one| one.enabled);
        let found = found.or_else(|| all.iter().find(fits));
        return found.ok_or_else(|| Said::words("You have no such attack."));
    }
    let exact = |one: &&pb::AvailableAction| {
        one.id == typed || digest(&one.id) == typed || one.name.to_lowercase() == lower
    };
    let begins = |one: &&pb::AvailableAction| one.name.to_lowercase().starts_with(&lower);
    all.iter()
        .filter(exact)
        .find(|one| one.enabled)
        .or_else(|| all.iter().find(exact))
        .or_else(|| all.iter().filter(begins).find(|one| one.enabled))
        .or_else(|| all.iter().find(begins))
        .ok_or_else(|| Said::words("You cannot do that: choose one of the actions offered."))
}

/// The creatures that were typed, separated by commas.
fn targets(option: &pb::AvailableAction, typed: Option<&str>) -> Result<Vec<String>, Said> {
    if option.needs_aim {
        return Ok(typed.into_iter().map(str::to_owned).collect());
    }
    let mut chosen = Vec::new();
    for one in typed.unwrap_or_default().split(',').map(str::trim).filter(|one| !one.is_empty()) {
        let lower = one.to_lowercase();
        let found = option
            .targets
            .iter()
            .find(|target| target.creature_id == one || target.name.to_lowercase() == lower)
            .or_else(|| {
                option.targets.iter().find(|target| target.name.to_lowercase().starts_with(&lower))
            })
            .ok_or_else(|| {
                Said::words("There is no such target for that: choose one of those offered.")
            })?;
        if !found.enabled {
            return Err(Said::words(format!("{}: {}", found.name, found.disabled_reason)));
        }
        chosen.push(found.creature_id.clone());
    }
    let count = u32::try_from(chosen.len()).unwrap_or(u32::MAX);
    let mut able = option.targets.iter().filter(|target| target.enabled);
    if count == 0 && option.targets_min == 1 {
        // with only one possible target there is nothing to ask
        if let (Some(only), None) = (able.next(), able.next()) {
            return Ok(vec![only.creature_id.clone()]);
        }
    }
    if count < option.targets_min {
        return Err(Said::words("Say at whom: choose a target."));
    }
    Ok(chosen)
}

pub fn autocomplete(call: Call) -> Completing {
    Box::pin(async move {
        let Some((focused, typed)) = call.args.focused() else { return Vec::new() };
        if focused == "fight" {
            return fight_names(&call);
        }
        let Ok(scene) = scene(&call).await else { return Vec::new() };
        match focused {
            "type" => types(&scene, typed),
            "target" => at_whom(&call, &scene, typed),
            "with" => {
                let attacks = scene.options.available_actions.iter().filter(|one| one.enabled);
                let attacks =
                    attacks.filter_map(|one| Some((one.name.clone(), attack_of(one)?.to_owned())));
                unique(offered(attacks, typed))
            }
            _ => Vec::new(),
        }
    })
}

/// Each value once.
fn unique(all: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut seen = std::collections::BTreeSet::new();
    all.into_iter().filter(|(_, value)| seen.insert(value.clone())).collect()
}

fn types(scene: &Scene, typed: &str) -> Vec<(String, String)> {
    let enabled = || scene.options.available_actions.iter().filter(|one| one.enabled);
    let mut all: Vec<(String, String)> = Vec::new();
    if enabled().any(|one| attack_of(one).is_some()) {
        all.push(("Attack".to_owned(), ATTACK.to_owned()));
    }
    if scene.snapshot.map.is_some() && scene.options.movement_left > 0 {
        all.push(("Move".to_owned(), MOVE.to_owned()));
    }
    all.extend(enabled().map(|one| {
        let value = if one.id.len() <= 100 { one.id.clone() } else { digest(&one.id) };
        (one.name.clone(), value)
    }));
    if scene.snapshot.current_id == scene.actor.as_str() {
        all.push(("End turn".to_owned(), END_TURN.to_owned()));
    }
    unique(offered(all, typed))
}

fn at_whom(call: &Call, scene: &Scene, typed: &str) -> Vec<(String, String)> {
    let what = call.args.text("type").unwrap_or_default();
    if what.eq_ignore_ascii_case(MOVE) {
        let state = scene.snapshot.creatures.iter().find(|one| one.id == scene.actor.as_str());
        let useful =
            state.map(|state| places::useful(&scene.snapshot, state, scene.options.movement_left));
        let useful = useful.unwrap_or_default().into_iter().map(|(label, at)| {
            let square = map::square_name(at);
            (format!("{label}: {square}"), square)
        });
        return unique(offered(useful, typed));
    }
    if let Ok(option) = find(&scene.options, what, call.args.text("with")) {
        let targets = option.targets.iter().filter(|one| one.enabled);
        let targets = targets.map(|one| {
            let away = one.distance_feet.map(|feet| format!(" ({feet} ft)"));
            (format!("{}{}", one.name, away.unwrap_or_default()), one.creature_id.clone())
        });
        return unique(offered(targets, typed));
    }
    let everybody = scene.snapshot.creatures.iter().filter(|one| !one.left);
    unique(offered(everybody.map(|one| (one.name.clone(), one.id.clone())), typed))
}
