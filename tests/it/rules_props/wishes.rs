//! Wishes without sense: anything that can be said about a fight, allowed or not.

use skirmish::rules::ability::{Ability, Skill};
use skirmish::rules::condition::{Condition, Until};
use skirmish::rules::creature::{Cost, Reach};
use skirmish::rules::event::{Inquiry, ReadiedResponse, Trigger};
use skirmish::rules::grid::Position;
use skirmish::rules::id::{CreatureId, Slug};
use skirmish::rules::illegal::Phase;
use skirmish::rules::intent::{Action, Adjustments, Intent};
use skirmish::rules::pending::{Answer, Question};
use skirmish::rules::state::{Combat, Creature};

use super::table::Seeded;

fn one_of<'a, T>(dice: &mut Seeded, from: &'a [T]) -> Option<&'a T> {
    from.get(dice.below(from.len()))
}

fn anybody(dice: &mut Seeded, combat: &Combat) -> CreatureId {
    let everybody: Vec<CreatureId> = combat.creatures().iter().map(Creature::id).collect();
    *one_of(dice, &everybody).expect("a fight has creatures")
}

fn somewhere(dice: &mut Seeded, near: Option<Position>) -> Position {
    let near = near.unwrap_or(Position { x: 5, y: 5 });
    let mut off = |from: u8| {
        let step = u8::try_from(dice.below(9)).unwrap();
        (from + step).saturating_sub(4)
    };
    Position { x: off(near.x), y: off(near.y) }
}

/// Whatever somebody might say next.
pub(super) fn wish(dice: &mut Seeded, combat: &Combat) -> Intent {
    if combat.phase() == Phase::Paused {
        return Intent::Resume;
    }
    let asked = combat.pending().last();
    // Somebody may take what was readied while another is asked, and the GM may step in.
    if asked.is_some() && dice.below(4) == 0 {
        let (creature, target) = (anybody(dice, combat), Some(anybody(dice, combat)));
        return match dice.below(6) {
            0 => adjust(dice, combat),
            1 => Intent::Leave { creature },
            _ => Intent::Act { creature, action: Action::ReleaseReadied { target } },
        };
    }
    if let Some(pending) = asked.filter(|_| dice.below(10) > 0) {
        let asked_one = combat.creature(pending.prompt.creature);
        // A legendary action may be named by its entry, or taken like any other action.
        let legend = asked_one.filter(|_| pending.prompt.question == Question::Legendary);
        if let Some(legend) = legend.filter(|_| dice.below(3) > 0) {
            let creature = legend.id();
            let entry = one_of(dice, &legend.definition().specials).map(|special| special.id);
            let (prompt, answer) = (pending.prompt.id, Answer::Accept { attack: entry });
            return if dice.below(2) == 0 {
                Intent::Respond { prompt, answer, timed_out: false }
            } else {
                Intent::Act { creature, action: action(dice, combat, legend) }
            };
        }
        let attacks = asked_one.map_or(&[][..], |creature| &creature.definition().attacks);
        let attack = one_of(dice, attacks).filter(|_| dice.below(3) > 0).map(|attack| attack.id);
        let answer = if dice.below(2) == 0 { Answer::Decline } else { Answer::Accept { attack } };
        let timed_out = answer == Answer::Decline && dice.below(2) == 0;
        return Intent::Respond { prompt: pending.prompt.id, answer, timed_out };
    }
    let creature = match combat.current() {
        Some(current) if dice.below(12) > 0 => current,
        Some(_) | None => anybody(dice, combat),
    };
    match dice.below(40) {
        0 => Intent::Pause,
        1 => Intent::Leave { creature: anybody(dice, combat) },
        2 | 3 => adjust(dice, combat),
        4..=7 => Intent::EndTurn { creature },
        _ => {
            let actor = combat.creature(creature).expect("it is in the fight");
            Intent::Act { creature, action: action(dice, combat, actor) }
        }
    }
}

/// The GM's hand: hit points, any condition for any time, a place on the map.
fn adjust(dice: &mut Seeded, combat: &Combat) -> Intent {
    let creature = anybody(dice, combat);
    let mut adjustments = Adjustments::default();
    let condition = *one_of(dice, &Condition::ALL).expect("there are conditions");
    adjustments.surprised = (dice.below(9) == 0).then_some(true);
    match dice.below(8) {
        0..=2 => adjustments.hit_points = Some(u16::try_from(dice.below(30)).unwrap()),
        3..=5 => adjustments.add_conditions = vec![(condition, until(dice, creature))],
        6 => adjustments.remove_conditions = vec![condition],
        _ => adjustments.position = Some(somewhere(dice, None)),
    }
    Intent::Adjust { creature, adjustments }
}

fn until(dice: &mut Seeded, of: CreatureId) -> Until {
    match dice.below(4) {
        0 => Until::Removed,
        1 => Until::StartOfTurn { of, turns: 1 },
        2 => Until::EndOfTurn { of, turns: 0 },
        _ => Until::SaveEnds { ability: Ability::Wisdom, dc: 11 },
    }
}

fn skill(dice: &mut Seeded) -> Skill {
    *one_of(dice, &Skill::ALL).expect("there are skills")
}

fn cost(dice: &mut Seeded) -> Cost {
    if dice.below(2) == 0 { Cost::Action } else { Cost::BonusAction }
}

/// Whatever a creature might try.
pub(super) fn action(dice: &mut Seeded, combat: &Combat, actor: &Creature) -> Action {
    let target = anybody(dice, combat);
    let definition = actor.definition();
    match dice.below(20) {
        0 => Action::Attack { attack: Slug::unarmed_strike(), target, mode: None },
        1 => Action::KnockOut {
            attack: one_of(dice, &definition.attacks)
                .map_or_else(Slug::unarmed_strike, |attack| attack.id),
            target,
            mode: None,
        },
        2..=5 => one_of(dice, &definition.attacks).map_or(Action::Dodge, |attack| Action::Attack {
            attack: attack.id,
            target,
            mode: None,
        }),
        6..=8 => match one_of(dice, &definition.specials) {
            Some(special) => {
                let count = match special.reach {
                    Reach::Creatures { count, .. } => usize::from(count),
                    Reach::Own | Reach::Area { .. } => 3,
                };
                let targets = (0..dice.below(count + 1)).map(|_| anybody(dice, combat)).collect();
                let aim = (dice.below(3) > 0).then(|| somewhere(dice, actor.position()));
                Action::Special { special: special.id, targets, aim }
            }
            None => Action::Dodge,
        },
        9..=12 => Action::Move { to: somewhere(dice, actor.position()), path: Vec::new() },
        13 => match dice.below(3) {
            0 => Action::Dash { cost: cost(dice) },
            1 => Action::Disengage { cost: cost(dice) },
            _ => Action::Hide { cost: cost(dice) },
        },
        14 => Action::Help { target },
        15 => ready(dice, actor, target),
        16 => Action::StandUp,
        17 => Action::DropProne,
        18 => match dice.below(5) {
            0 => Action::Stabilize { target },
            1 | 2 => Action::Grapple { target },
            3 => Action::LetGo { target },
            _ => Action::Shove { target, prone: dice.below(2) == 0 },
        },
        _ => match dice.below(7) {
            3 => Action::UseObject,
            4 => Action::StopConcentrating,
            5 => Action::Assist { target, skill: skill(dice) },
            6 => {
                let inquiry = *one_of(dice, &Inquiry::ALL).expect("there are three");
                Action::Inquire { inquiry, skill: skill(dice) }
            }
            0 => Action::Escape,
            1 => Action::ReleaseReadied { target: Some(target) },
            _ => Action::Dodge,
        },
    }
}

/// What somebody says who keeps a blow ready in every turn, and takes it as soon as may be.
pub(super) fn eager_wish(dice: &mut Seeded, combat: &Combat) -> Intent {
    let called = combat.creatures().iter().find_map(|creature| {
        let enemies = combat.creatures().iter().filter(|other| other.side() != creature.side());
        let id = creature.id();
        let mut releases = enemies.map(|enemy| Intent::Act {
            creature: id,
            action: Action::ReleaseReadied { target: Some(enemy.id()) },
        });
        releases.find(|release| combat.check(release.clone()).is_ok())
    });
    if let Some(release) = called.filter(|_| !combat.pending().is_empty() && dice.below(2) == 0) {
        return release;
    }
    if let Some(open) = combat.pending().last() {
        let answer = Answer::Accept { attack: None };
        return Intent::Respond { prompt: open.prompt.id, answer, timed_out: false };
    }
    let Some(creature) = combat.current() else { return wish(dice, combat) };
    let actor = combat.creature(creature).expect("it is in the fight");
    let readied = Action::Ready {
        trigger: if dice.below(2) == 0 { Trigger::EnemyAttacks } else { Trigger::OnCall },
        response: match one_of(dice, &actor.definition().attacks) {
            Some(attack) => ReadiedResponse::Attack { attack: attack.id },
            None => ReadiedResponse::Dodge,
        },
    };
    let action = match dice.below(6) {
        0 => action(dice, combat, actor),
        1..=3 => Action::Move { to: somewhere(dice, actor.position()), path: Vec::new() },
        _ => readied,
    };
    if actor.readied().is_some() && dice.below(3) == 0 {
        return Intent::EndTurn { creature };
    }
    Intent::Act { creature, action }
}

fn ready(dice: &mut Seeded, actor: &Creature, target: CreatureId) -> Action {
    let trigger = match dice.below(4) {
        0 => Trigger::EnemyWithin { feet: 10 },
        1 => Trigger::EnemyAttacks,
        2 => Trigger::CreatureActs { creature: target },
        _ => Trigger::OnCall,
    };
    let attack = one_of(dice, &actor.definition().attacks).map(|attack| attack.id);
    let response = match (dice.below(3), attack) {
        (0, _) => ReadiedResponse::Retreat,
        (1, Some(attack)) => ReadiedResponse::Attack { attack },
        _ => ReadiedResponse::Dodge,
    };
    Action::Ready { trigger, response }
}
