//! The list of what a creature could do and the check of a wish: one and the same law.

use proptest::prelude::*;

use skirmish::rules::creature::Reach;
use skirmish::rules::event::ReadiedResponse;
use skirmish::rules::grid::Position;
use skirmish::rules::id::CreatureId;
use skirmish::rules::illegal::Illegal;
use skirmish::rules::intent::{Action, Intent};
use skirmish::rules::legal::Listed;
use skirmish::rules::state::{Combat, Creature};

use super::table::Seeded;
use super::{cases, some, stumble, table, wishes};

fn checked(combat: &Combat, creature: CreatureId, action: Action) -> Result<(), Illegal> {
    combat.check(Intent::Act { creature, action }).map(|_| ())
}

/// The listed action at that target.
fn at(action: &Action, target: CreatureId) -> Action {
    match action.clone() {
        Action::Attack { attack, mode, .. } => Action::Attack { attack, target, mode },
        Action::KnockOut { attack, mode, .. } => Action::KnockOut { attack, target, mode },
        Action::Special { special, aim, .. } => {
            Action::Special { special, targets: vec![target], aim }
        }
        Action::Help { .. } => Action::Help { target },
        Action::Stabilize { .. } => Action::Stabilize { target },
        Action::Grapple { .. } => Action::Grapple { target },
        Action::Shove { prone, .. } => Action::Shove { target, prone },
        Action::LetGo { .. } => Action::LetGo { target },
        Action::Assist { skill, .. } => Action::Assist { target, skill },
        Action::ReleaseReadied { .. } => Action::ReleaseReadied { target: Some(target) },
        other => panic!("{other:?} has no target"),
    }
}

/// Each listed entry says exactly what the check says.
fn list_agrees_with_check(combat: &Combat, actor: &Creature) {
    for entry in combat.legal_actions(actor.id()) {
        for target in &entry.targets {
            let said = checked(combat, actor.id(), at(&entry.action, target.creature));
            assert_eq!(said, target.status, "{} at {}", entry.id, target.creature);
            if let Some(to) = target.move_to {
                let step = Action::Move { to, path: Vec::new() };
                assert_eq!(checked(combat, actor.id(), step), Ok(()), "{}", entry.id);
            }
        }
        if !entry.targets.is_empty() {
            let any = entry.targets.iter().any(|target| target.status.is_ok());
            assert_eq!(entry.status.is_ok(), any, "{}", entry.id);
        } else if entry.targets_max == 0 && !entry.needs_aim {
            let said = checked(combat, actor.id(), entry.action.clone());
            assert_eq!(said, entry.status, "{}", entry.id);
        }
        if let Err(why) = &entry.status {
            let reasons = entry.targets.iter().filter_map(|target| target.status.as_ref().err());
            let own = checked(combat, actor.id(), entry.action.clone());
            let known = entry.targets.is_empty() || reasons.clone().any(|reason| reason == why);
            assert!(known || own.as_ref() == Err(why), "{}: {why:?} {own:?}", entry.id);
        }
    }
}

/// The entry that offers this action, if it is of a kind that is listed.
fn entry_for<'a>(list: &'a [Listed], actor: &Creature, action: &Action) -> Option<&'a Listed> {
    list.iter().find(|entry| match (&entry.action, action) {
        (Action::Attack { attack, .. }, Action::Attack { attack: wanted, .. }) => attack == wanted,
        (Action::KnockOut { attack, .. }, Action::KnockOut { attack: wanted, .. }) => {
            attack == wanted
        }
        (Action::Special { special, .. }, Action::Special { special: wanted, .. }) => {
            special == wanted
        }
        (Action::Move { .. }, Action::Move { .. })
        | (Action::Help { .. }, Action::Help { .. })
        | (Action::Stabilize { .. }, Action::Stabilize { .. })
        | (Action::Grapple { .. }, Action::Grapple { .. })
        | (Action::LetGo { .. }, Action::LetGo { .. })
        | (Action::ReleaseReadied { .. }, Action::ReleaseReadied { .. }) => true,
        (Action::Assist { skill, .. }, Action::Assist { skill: wanted, .. }) => skill == wanted,
        (Action::Shove { prone, .. }, Action::Shove { prone: wanted, .. }) => prone == wanted,
        // The trigger is the controller's to choose.
        (Action::Ready { response, .. }, Action::Ready { response: wanted, .. }) => {
            response == wanted
        }
        (listed, wanted) => listed == wanted && actor.present(),
    })
}

/// An enemy if there is one.
fn some_other(combat: &Combat, actor: &Creature) -> CreatureId {
    let enemy = combat.creatures().iter().find(|c| c.side() != actor.side() && c.present());
    enemy.unwrap_or(actor).id()
}

/// Whatever the check allows is offered.
fn check_agrees_with_list(combat: &Combat, actor: &Creature, action: &Action) {
    if checked(combat, actor.id(), action.clone()).is_err() {
        return;
    }
    let list = combat.legal_actions(actor.id());
    let entry = entry_for(&list, actor, action)
        .unwrap_or_else(|| panic!("{action:?} is allowed and not listed"));
    assert_eq!(entry.status, Ok(()), "{action:?} is allowed, {} is not", entry.id);
    let targets = match action {
        Action::Attack { target, .. }
        | Action::KnockOut { target, .. }
        | Action::Help { target }
        | Action::Stabilize { target }
        | Action::Grapple { target }
        | Action::Shove { target, .. }
        | Action::Assist { target, .. }
        | Action::LetGo { target } => vec![*target],
        Action::Special { special, targets, .. } => {
            match actor.definition().special(*special).map(|special| special.reach) {
                Some(Reach::Creatures { .. }) => targets.clone(),
                Some(Reach::Own | Reach::Area { .. }) | None => Vec::new(),
            }
        }
        Action::ReleaseReadied { target } => match actor.readied() {
            Some((_, ReadiedResponse::Attack { .. } | ReadiedResponse::Retreat)) => {
                target.iter().copied().collect()
            }
            Some((_, ReadiedResponse::Dodge)) | None => Vec::new(),
        },
        _ => Vec::new(),
    };
    for target in targets {
        let offered = entry.targets.iter().find(|offered| offered.creature == target);
        assert!(offered.is_some_and(|offered| offered.status.is_ok()), "{action:?} at {target}");
    }
}

/// Moving is offered exactly if there is a square to move to; if not, for a reason that the check
/// gives for some square.
fn moving_is_offered_where_there_is_a_way(combat: &Combat, actor: &Creature) {
    let list = combat.legal_actions(actor.id());
    let Some(entry) = list.iter().find(|entry| entry.id == "move") else { return };
    let map = combat.map().expect("moving is for maps");
    let said: Vec<Result<(), Illegal>> = (0..map.height)
        .flat_map(|y| (0..map.width).map(move |x| Position { x, y }))
        .map(|to| checked(combat, actor.id(), Action::Move { to, path: Vec::new() }))
        .collect();
    assert_eq!(entry.status.is_ok(), said.contains(&Ok(())), "{:?}", entry.status);
    assert!(said.contains(&entry.status), "{:?} is said of no square", entry.status);
}

proptest! {
    #![proptest_config(cases(12))]

    #[test]
    fn what_is_listed_is_what_is_allowed(
        seed: u64, map in 0_u8..3, party in some(4), foes in some(7),
    ) {
        let mut table = table(seed, map, &party, &foes);
        let mut chance = Seeded::new(!seed);
        for _ in 0..12 {
            stumble(&mut table, &mut chance, 8);
            let combat = table.combat();
            for actor in combat.creatures() {
                list_agrees_with_check(combat, actor);
                let release = Action::ReleaseReadied { target: Some(some_other(combat, actor)) };
                check_agrees_with_list(combat, actor, &release);
            }
            let current = combat.current().and_then(|id| combat.creature(id));
            if let Some(actor) = current {
                moving_is_offered_where_there_is_a_way(combat, actor);
                for _ in 0..40 {
                    let action = wishes::action(&mut chance, combat, actor);
                    check_agrees_with_list(combat, actor, &action);
                }
            }
        }
    }
}
