//! The card of a fight: title, whose turn, everybody in order with their health, the last lines.
//!
//! A pure function of the scene and the last lines of its log, in plain words; each surface adds
//! its own markup. Words stand beside every bar, so that no meaning rests on colour or shape alone.

use crate::protocol::pb;
use crate::view::names;
use crate::view::scene::Scene;

/// Lines of the log on the card.
pub const LOG_LINES: usize = 8;
/// Creatures listed on the card before it says how many more there are.
pub const LISTED_MAX: usize = 40;
/// Squares of a hit point bar.
const BAR_SQUARES: u32 = 8;

/// One creature on the card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub id: String,
    pub name: String,
    pub is_current: bool,
    pub is_down: bool,
    pub initiative: Option<i32>,
    /// Such as `Bloodied, 13/24 HP (+5 temporary) ████░░░░` or `Bloodied`.
    pub health: String,
    /// Conditions and effects in words, by name, each once.
    pub states: Vec<String>,
    pub side: String,
    pub owner_id: String,
}

/// The contents of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    pub title: String,
    /// Such as `Round 2 · Mira's turn`.
    pub status: String,
    pub rows: Vec<Row>,
    /// Creatures that did not fit.
    pub more: usize,
    pub log: Vec<String>,
    /// What awaits whom, in words.
    pub awaited: Vec<String>,
    /// The figures at the end, a line a creature.
    pub summary: Vec<String>,
    pub is_over: bool,
}

/// The card of a scene with the last lines of its log, oldest first.
pub fn card<'a>(scene: &Scene, log: impl IntoIterator<Item = &'a str>) -> Card {
    let everybody = scene.in_order();
    let rows: Vec<Row> =
        everybody.iter().take(LISTED_MAX).map(|creature| row(scene, creature)).collect();
    let log: Vec<String> = log.into_iter().map(str::to_owned).collect();
    let skip = log.len().saturating_sub(LOG_LINES);
    Card {
        title: scene.name.clone(),
        status: status(scene),
        more: everybody.len().saturating_sub(rows.len()),
        rows,
        log: log.into_iter().skip(skip).collect(),
        awaited: scene
            .prompts
            .iter()
            .map(|prompt| format!("{} has a decision to make.", scene.name_of(&prompt.creature_id)))
            .collect(),
        summary: summary(scene),
        is_over: scene.phase == pb::Phase::Ended,
    }
}

fn status(scene: &Scene) -> String {
    match scene.phase {
        pb::Phase::Unspecified | pb::Phase::Gathering => {
            "Gathering: join, then the game master begins.".to_owned()
        }
        pb::Phase::Running if scene.current.is_empty() => format!("Round {}", scene.round),
        pb::Phase::Running => {
            format!("Round {} · {}'s turn", scene.round, scene.name_of(&scene.current))
        }
        pb::Phase::Paused => format!("Round {} · paused", scene.round),
        pb::Phase::Ended if scene.winner.is_empty() => format!("Over after round {}", scene.round),
        pb::Phase::Ended => {
            format!("Over after round {}: {}", scene.round, names::side_wins(&scene.winner))
        }
    }
}

fn row(scene: &Scene, creature: &pb::CreatureState) -> Row {
    Row {
        id: creature.id.clone(),
        name: creature.name.clone(),
        is_current: creature.id == scene.current,
        is_down: matches!(creature.life(), pb::Life::Dead | pb::Life::Dying | pb::Life::Stable),
        initiative: creature.initiative,
        health: health(creature),
        states: states(creature),
        side: creature.side.clone(),
        owner_id: creature.owner_id.clone(),
    }
}

/// The health of a creature in words, with figures and a bar where its hit points are known.
pub fn health(creature: &pb::CreatureState) -> String {
    let word = match creature.life() {
        pb::Life::Dead => return names::health(pb::Health::Dead).to_owned(),
        pb::Life::Stable => return "Down, stable".to_owned(),
        pb::Life::Dying => {
            let saved = creature.death_save_successes.unwrap_or_default();
            let failed = creature.death_save_failures.unwrap_or_default();
            return format!("Down, death saves {saved} made, {failed} failed");
        }
        pb::Life::Unspecified | pb::Life::Up => names::health(creature.health()),
    };
    match (creature.hit_points, creature.hit_points_max) {
        (Some(now), Some(most)) if most > 0 => {
            let extra = match creature.temporary_hit_points {
                Some(temporary) if temporary > 0 => format!(" (+{temporary} temporary)"),
                Some(_) | None => String::new(),
            };
            format!("{word}, {now}/{most} HP{extra} {}", bar(now, most))
        }
        _ => word.to_owned(),
    }
}

/// A bar of [`BAR_SQUARES`]; anything above 0 shows at least one full square, anything below the
/// maximum at least one empty one.
fn bar(now: u32, most: u32) -> String {
    let full = (now.saturating_mul(BAR_SQUARES) / most.max(1)).min(BAR_SQUARES);
    let full = if now > 0 { full.max(1) } else { 0 };
    (0..BAR_SQUARES).map(|square| if square < full { '█' } else { '░' }).collect()
}

fn states(creature: &pb::CreatureState) -> Vec<String> {
    let conditions = creature.conditions.iter().map(|active| match active.condition() {
        pb::Condition::Exhaustion => format!("exhaustion {}", active.level),
        other => names::condition(other).to_owned(),
    });
    let effects = creature.effects.iter().map(|active| names::effect(active.kind()).to_owned());
    let mut states: Vec<String> = conditions.chain(effects).collect();
    states.sort_unstable();
    states.dedup();
    states
}

fn summary(scene: &Scene) -> Vec<String> {
    let Some(summary) = &scene.summary else { return Vec::new() };
    let each = summary.creatures.iter().map(|tally| {
        let name = scene.name_of(&tally.creature_id);
        let mut done = vec![
            format!("{} damage dealt", tally.damage_dealt),
            format!("{} taken", tally.damage_taken),
        ];
        // what somebody did not do need not be told of everybody
        if tally.healing_done > 0 {
            done.push(format!("{} healed", tally.healing_done));
        }
        if tally.attacks > 0 {
            done.push(format!("{} of {} attacks hit", tally.hits, tally.attacks));
        }
        if tally.kills > 0 {
            done.push(format!("{} slain", tally.kills));
        }
        format!("{name}: {}", done.join(", "))
    });
    let experience = (summary.experience > 0).then(|| format!("{} XP", summary.experience));
    each.chain(experience).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_never_hides_that_somebody_stands() {
        assert_eq!(bar(1, 100), "█░░░░░░░");
        assert_eq!(bar(0, 100), "░░░░░░░░");
        assert_eq!(bar(100, 100), "████████");
    }

    #[test]
    fn a_monster_without_figures_shows_a_word() {
        let goblin = pb::CreatureState {
            life: pb::Life::Up.into(),
            health: pb::Health::Bloodied.into(),
            ..pb::CreatureState::default()
        };
        assert_eq!(health(&goblin), "Bloodied");
    }

    #[test]
    fn the_word_stands_before_the_figures_and_the_bar() {
        let hero = pb::CreatureState {
            life: pb::Life::Up.into(),
            health: pb::Health::Bloodied.into(),
            hit_points: Some(12),
            hit_points_max: Some(24),
            temporary_hit_points: Some(5),
            ..pb::CreatureState::default()
        };
        assert_eq!(health(&hero), "Bloodied, 12/24 HP (+5 temporary) ████░░░░");
    }
}
