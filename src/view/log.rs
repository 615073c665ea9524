//! The story of a fight, a line an event: who did what to whom, with every die that was rolled.
//!
//! Plain text: each surface escapes it in its own way. A line must tell nothing that the frame it
//! is made of does not say.

use core::fmt::Write;

use crate::protocol::pb;
use crate::view::names;
use crate::view::scene::Scene;
use pb::combat_event::Event;

/// The line for a frame, seen from a scene that has just been moved on by it; none for frames that
/// are nothing to tell.
#[expect(clippy::too_many_lines, reason = "one arm an event, so that none can be forgotten")]
pub fn line(scene: &Scene, frame: &pb::CombatEvent) -> Option<String> {
    let event = frame.event.as_ref()?;
    Some(match event {
        Event::Initiated(opened) => format!("{} is open.", opened.name),
        Event::Joined(joined) => format!("{} joins.", joined.creature.as_ref()?.name),
        Event::Left(left) => format!("{} leaves.", scene.name_of(&left.creature_id)),
        Event::Initiative(rolled) => {
            let roll = rolled.roll.as_ref()?;
            format!("{} rolls initiative: {}.", scene.name_of(&rolled.creature_id), d20(roll))
        }
        Event::RoundStarted(round) => format!("— Round {} —", round.round),
        Event::TurnStarted(turn) => format!("{}'s turn.", scene.name_of(&turn.creature_id)),
        Event::Action(action) => deed(scene, action)?,
        Event::Moved(moved) => movement(scene, moved),
        Event::StateChange(change) => state_change(scene, change)?,
        Event::SavingThrow(save) => format!(
            "{} {} a DC {} {} save: {}.",
            scene.name_of(&save.creature_id),
            if save.success { "makes" } else { "fails" },
            save.dc,
            names::ability(save.ability()),
            d20(save.roll.as_ref()?),
        ),
        Event::DamageTaken(taken) => {
            format!("{} takes {}.", scene.name_of(&taken.creature_id), damage(&taken.damage))
        }
        Event::Healed(healed) => format!(
            "{} heals {} for {}.",
            scene.name_of(&healed.source_id),
            scene.name_of(&healed.creature_id),
            dice(healed.rolled.as_ref()?),
        ),
        Event::DeathSave(save) => death_save(scene, save),
        Event::CreatureDown(down) => format!("{} falls!", scene.name_of(&down.creature_id)),
        Event::CreatureDied(died) => format!("{} dies.", scene.name_of(&died.creature_id)),
        Event::CreatureStabilized(stable) => {
            format!("{} is stable.", scene.name_of(&stable.creature_id))
        }
        Event::CreatureRevived(back) => format!("{} is back up.", scene.name_of(&back.creature_id)),
        Event::ConcentrationStarted(on) => {
            format!("{} concentrates on {}.", scene.name_of(&on.creature_id), on.name)
        }
        Event::ConcentrationEnded(on) => format!(
            "{} no longer concentrates on {}.",
            scene.name_of(&on.creature_id),
            on.special.replace('-', " "),
        ),
        Event::ConditionAdded(added) => format!(
            "{} is {}.",
            scene.name_of(&added.creature_id),
            names::condition(added.condition.as_ref()?.condition()),
        ),
        Event::ConditionRemoved(removed) => format!(
            "{} is no longer {}.",
            scene.name_of(&removed.creature_id),
            names::condition(removed.condition()),
        ),
        Event::Withstood(done) => {
            let from = scene.name_of(&done.source_id);
            format!("{} is safe from {from} and its like now.", scene.name_of(&done.creature_id))
        }
        Event::MaximumReduced(reduced) => {
            let now = reduced.maximum.map(|most| format!(" to {most}")).unwrap_or_default();
            format!("{}'s hit point maximum falls{now}.", scene.name_of(&reduced.creature_id))
        }
        Event::Resisted(resisted) => format!(
            "{} resists after all, by Legendary Resistance.",
            scene.name_of(&resisted.creature_id),
        ),
        Event::Recharge(roll) => format!(
            "{} rolls {} to recharge {}: {}.",
            scene.name_of(&roll.creature_id),
            roll.face,
            roll.entry.replace('-', " "),
            if roll.ready { "ready" } else { "not yet" },
        ),
        Event::Prompt(prompt) => {
            format!("{} has a decision to make.", scene.name_of(&prompt.creature_id))
        }
        Event::PromptAnswered(answer) if answer.timed_out => {
            format!("{} did not decide in time: it passes.", scene.name_of(&answer.creature_id))
        }
        Event::Paused(pb::Paused { quiet_rounds: Some(rounds) }) => format!(
            "The fight is paused: nobody came to harm in {rounds} rounds. The game master resumes \
             or ends it."
        ),
        Event::Paused(_) => "The fight is paused.".to_owned(),
        Event::Resumed(_) => "The fight goes on.".to_owned(),
        Event::Transferred(_) => "The fight has a new game master.".to_owned(),
        Event::Undone(_) => "What was done last is taken back.".to_owned(),
        Event::Redone(_) => "What was taken back is done again.".to_owned(),
        Event::Ended(ended) => ending(ended),
        Event::DiceCommitted(_)
        | Event::DiceRevealed(_)
        | Event::OrderSet(_)
        | Event::TurnEnded(_)
        | Event::EffectAdded(_)
        | Event::EffectRemoved(_)
        | Event::PromptAnswered(_)
        | Event::Error(_)
        | Event::Snapshot(_)
        | Event::Bookmark(_)
        | Event::Hidden(_)
        | Event::Options(_) => return None,
    })
}

/// A d20 roll with its dice and reasons: `17 (d20 12 +5)`, `19 (d20 17, 4 +2; advantage: hidden)`.
pub fn d20(roll: &pb::D20Roll) -> String {
    let faces = roll.faces.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    let mut text = format!("{} (d20 {faces}", roll.total);
    if roll.bonus != 0 {
        add(&mut text, format_args!(" {:+}", roll.bonus));
    }
    for extra in &roll.extra_dice {
        add(&mut text, format_args!(" +{} on a d{}", extra.face, extra.sides));
    }
    let reasons = |reasons: &mut dyn Iterator<Item = pb::Reason>| {
        reasons.map(names::reason).collect::<Vec<_>>().join(", ")
    };
    let for_it = reasons(&mut roll.advantages());
    let against = reasons(&mut roll.disadvantages());
    match (for_it.is_empty(), against.is_empty()) {
        (true, true) => {}
        (false, true) => add(&mut text, format_args!("; advantage: {for_it}")),
        (true, false) => add(&mut text, format_args!("; disadvantage: {against}")),
        (false, false) => add(&mut text, format_args!("; {for_it} against {against}")),
    }
    text.push(')');
    text
}

/// Dice with their faces: `8 (2d6: 3, 2 +3)`.
pub fn dice(rolled: &pb::DiceRolled) -> String {
    if rolled.faces.is_empty() {
        return rolled.total.to_string();
    }
    let faces = rolled.faces.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    let mut text = format!("{} ({}d{}: {faces}", rolled.total, rolled.faces.len(), rolled.sides);
    if rolled.bonus != 0 {
        add(&mut text, format_args!(" {:+}", rolled.bonus));
    }
    text.push(')');
    text
}

fn add(text: &mut String, what: core::fmt::Arguments<'_>) {
    let written = text.write_fmt(what);
    debug_assert!(written.is_ok(), "writing to a string cannot fail");
}

/// `7 (1d6: 4 +3) slashing, 2 (1d4: 2) fire (resisted: 1)`.
fn damage(parts: &[pb::DamageDealt]) -> String {
    if parts.is_empty() {
        return "no damage".to_owned();
    }
    let each = parts.iter().map(|part| {
        let rolled = part.rolled.as_ref().map(dice).unwrap_or_default();
        let kind = names::damage(part.kind());
        let dealt = part.dealt;
        match part.adjustment() {
            pb::Adjustment::Unspecified | pb::Adjustment::None => format!("{rolled} {kind}"),
            pb::Adjustment::Resisted => format!("{rolled} {kind}, resisted: {dealt}"),
            pb::Adjustment::Immune => format!("{rolled} {kind}, immune: 0"),
            pb::Adjustment::Absorbed => format!("{rolled} {kind}, absorbed: 0"),
            pb::Adjustment::Vulnerable => format!("{rolled} {kind}, vulnerable: {dealt}"),
            pb::Adjustment::ResistedAndVulnerable => {
                format!("{rolled} {kind}, resisted and vulnerable: {dealt}")
            }
            pb::Adjustment::Saved => format!("{rolled} {kind}, saved: {dealt}"),
            pb::Adjustment::SavedAndResisted => {
                format!("{rolled} {kind}, saved and resisted: {dealt}")
            }
            pb::Adjustment::SavedAndVulnerable => {
                format!("{rolled} {kind}, saved and vulnerable: {dealt}")
            }
        }
    });
    each.collect::<Vec<_>>().join(" + ")
}

fn attack(scene: &Scene, who: &str, attack: &pb::AttackDeed) -> String {
    let target = scene.name_of(&attack.target_id);
    let roll = attack.roll.as_ref().map(d20).unwrap_or_default();
    let against = attack
        .armor_class
        .map(|armor_class| format!(" against AC {armor_class}"))
        .unwrap_or_default();
    let cover = match attack.cover() {
        pb::Cover::Unspecified | pb::Cover::None => "",
        pb::Cover::Half => " behind half cover",
        pb::Cover::ThreeQuarters => " behind three-quarters cover",
    };
    let verb = match (attack.opportunity, attack.role()) {
        (true, _) => "strikes at",
        (false, pb::AttackRole::Unspecified) => "attacks",
        (false, pb::AttackRole::OffHand | pb::AttackRole::Nick) => "also attacks",
        (false, pb::AttackRole::Cleave) => "cleaves into",
    };
    let opening = format!("{who} {verb} {target}{cover} with {}: {roll}{against}", attack.name);
    match attack.outcome() {
        pb::AttackOutcome::Unspecified | pb::AttackOutcome::Miss => format!("{opening}, a miss."),
        pb::AttackOutcome::CriticalMiss => format!("{opening}, a natural 1."),
        pb::AttackOutcome::Hit => format!("{opening}, a hit for {}.", damage(&attack.damage)),
        pb::AttackOutcome::CriticalHit => {
            format!("{opening}, a critical hit for {}!", damage(&attack.damage))
        }
    }
}

fn deed(scene: &Scene, action: &pb::Action) -> Option<String> {
    use pb::action::Deed;
    let who = scene.name_of(&action.creature_id);
    let check = |roll: &Option<pb::D20Roll>| roll.as_ref().map(d20).unwrap_or_default();
    Some(match action.deed.as_ref()? {
        Deed::Attack(made) => attack(scene, who, made),
        Deed::Special(special) => {
            let targets: Vec<&str> =
                special.target_ids.iter().map(|id| scene.name_of(id)).collect();
            if targets.is_empty() || special.target_ids == [action.creature_id.clone()] {
                format!("{who} uses {}.", special.name)
            } else {
                format!("{who} uses {} on {}.", special.name, targets.join(", "))
            }
        }
        Deed::Dash(_) => format!("{who} dashes."),
        Deed::Disengage(_) => format!("{who} disengages."),
        Deed::Dodge(_) => format!("{who} dodges."),
        Deed::Help(help) => format!("{who} distracts {}.", scene.name_of(&help.target_id)),
        Deed::Hide(hide) => format!(
            "{who} tries to hide: {} against DC {}, {}.",
            check(&hide.roll),
            hide.dc,
            if hide.success { "hidden" } else { "seen" },
        ),
        Deed::Ready(_) => format!("{who} readies an action."),
        Deed::StandUp(_) => format!("{who} stands up."),
        Deed::Retreat(_) => format!("{who} falls back, as readied."),
        Deed::DropProne(_) => format!("{who} drops prone."),
        Deed::Stabilize(aid) => format!(
            "{who} tends to {}: {}, {}.",
            scene.name_of(&aid.target_id),
            check(&aid.roll),
            if aid.success { "stable" } else { "in vain" },
        ),
        Deed::Escape(escape) => format!(
            "{who} tries to break free: {} against {}, {}.",
            check(&escape.roll),
            escape.holder_roll.as_ref().map_or_else(|| format!("DC {}", escape.dc), d20),
            if escape.success { "free" } else { "held" },
        ),
        Deed::Grapple(hold) => {
            let target = scene.name_of(&hold.target_id);
            format!("{who} tries to seize {target}{}.", contest(hold.contest.as_ref()))
        }
        Deed::Shove(shove) => format!(
            "{who} tries to shove {} {}{}.",
            scene.name_of(&shove.target_id),
            if shove.prone { "down" } else { "away" },
            contest(shove.contest.as_ref()),
        ),
        Deed::Inquire(made) => {
            let verb = match made.inquiry() {
                pb::Inquiry::Unspecified | pb::Inquiry::Search => "searches",
                pb::Inquiry::Study => "studies what is there",
                pb::Inquiry::Influence => "urges somebody",
            };
            format!("{who} {verb} ({}): {}.", names::skill(made.skill()), check(&made.roll))
        }
        Deed::Assist(aid) => format!(
            "{who} helps {} with {}.",
            scene.name_of(&aid.target_id),
            names::skill(aid.skill()),
        ),
        Deed::UseObject(_) => format!("{who} uses an object."),
        Deed::StopConcentrating(_) => format!("{who} stops concentrating."),
        Deed::LetGo(held) => format!("{who} lets go of {}.", scene.name_of(&held.target_id)),
    })
}

/// How one check went against another; nothing where a save decides.
fn contest(contest: Option<&pb::Contest>) -> String {
    let Some(contest) = contest else { return String::new() };
    let outcome = if contest.success { "it works" } else { "in vain" };
    match (&contest.roll, &contest.other_roll) {
        (Some(own), Some(other)) => format!(": {} against {}, {outcome}", d20(own), d20(other)),
        (None, _) | (_, None) => format!(": {outcome}"),
    }
}

fn movement(scene: &Scene, moved: &pb::Moved) -> String {
    let who = scene.name_of(&moved.creature_id);
    let place = moved.path.last().map(|at| format!(" to {}", square(*at))).unwrap_or_default();
    match moved.kind() {
        pb::MoveKind::Unspecified | pb::MoveKind::Willing => {
            format!("{who} moves {} ft{place}.", moved.cost)
        }
        pb::MoveKind::Forced => format!("{who} is pushed{place}."),
        pb::MoveKind::Teleported => format!("{who} vanishes and appears{place}."),
        pb::MoveKind::Placed => format!("{who} is placed{place}."),
    }
}

/// A square as people write it: column letters and row number, `A1` at the top left.
pub fn square(at: pb::Position) -> String {
    let mut column = at.x;
    let mut letters = String::new();
    loop {
        let letter = char::from_u32(u32::from('A').saturating_add(column % 26)).unwrap_or('?');
        letters.insert(0, letter);
        if column < 26 {
            break;
        }
        column = column / 26 - 1;
    }
    format!("{letters}{}", at.y.saturating_add(1))
}

fn state_change(scene: &Scene, change: &pb::StateChange) -> Option<String> {
    let who = scene.name_of(&change.creature_id);
    match change.change.as_ref()? {
        pb::state_change::Change::HitPoints(points) => {
            let now = points.hit_points.map_or_else(
                || names::health(points.health()).to_lowercase(),
                |hit_points| format!("{hit_points} HP"),
            );
            let amount = points.amount.unwrap_or_default();
            match points.cause() {
                // The damage itself stands in the line of the attack or save.
                pb::HitPointCause::Unspecified | pb::HitPointCause::Damage => None,
                pb::HitPointCause::Healing => Some(format!("{who} is at {now}.")),
                pb::HitPointCause::Temporary => {
                    Some(format!("{who} gains {amount} temporary hit points."))
                }
                pb::HitPointCause::Regeneration => Some(format!("{who} regenerates: {now}.")),
                pb::HitPointCause::DeathSave => Some(format!("{who} comes to: {now}.")),
                pb::HitPointCause::Fortitude => Some(format!("{who} refuses to fall: {now}.")),
                pb::HitPointCause::Adjusted => {
                    Some(format!("The game master sets {who} to {now}."))
                }
            }
        }
        pb::state_change::Change::Hidden(_)
        | pb::state_change::Change::Autopilot(_)
        | pb::state_change::Change::UseSpent(_) => None,
    }
}

fn death_save(scene: &Scene, save: &pb::DeathSave) -> String {
    let who = scene.name_of(&save.creature_id);
    let count = format!("{} of 3 saved, {} of 3 failed", save.successes, save.failures);
    match &save.roll {
        Some(roll) => format!("{who} makes a death save: {}; {count}.", d20(roll)),
        None => format!("{who} is hit while down; {count}."),
    }
}

fn ending(ended: &pb::Ended) -> String {
    let rounds = ended.summary.as_ref().map_or(0, |summary| summary.rounds);
    let after = if rounds == 1 { "1 round".to_owned() } else { format!("{rounds} rounds") };
    match &ended.reason {
        Some(pb::ended::Reason::Victory(side)) => {
            format!("The fight is over: {} after {after}.", names::side_wins(side))
        }
        Some(pb::ended::Reason::NobodyLeft(_)) => {
            format!("The fight is over: nobody is left after {after}.")
        }
        Some(pb::ended::Reason::Called(_)) | None => {
            format!("The game master ends the fight after {after}.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_read_like_a_chess_board() {
        assert_eq!(square(pb::Position { x: 0, y: 0 }), "A1");
        assert_eq!(square(pb::Position { x: 25, y: 9 }), "Z10");
        assert_eq!(square(pb::Position { x: 26, y: 0 }), "AA1");
    }

    #[test]
    fn a_roll_shows_its_dice_and_reasons() {
        let roll = pb::D20Roll {
            faces: vec![17, 4],
            kept: 17,
            bonus: 2,
            total: 19,
            advantages: vec![pb::Reason::AttackerHidden.into()],
            ..pb::D20Roll::default()
        };
        assert_eq!(d20(&roll), "19 (d20 17, 4 +2; advantage: attacker hidden)");
    }
}
