//! Everything a creature could do now, each enabled or with the reason why not.
//!
//! The list is made of the same checks that decide a wish, so it can never promise what would be
//! refused.

use super::inquiry::{object_cost, proficiencies};
use super::{extra_feet, held_by, movement_left};
use crate::rules::condition::Condition;
use crate::rules::creature::{Cost, Going, Reach, SetOff, SpecialEffect, Uses};
use crate::rules::edition::Seizing;
use crate::rules::event::{Inquiry, ReadiedResponse, Trigger};
use crate::rules::geometry::{Reachable, distance_feet, reachable, space_of};
use crate::rules::grid::Position;
use crate::rules::id::{CreatureId, Slug};
use crate::rules::illegal::Illegal;
use crate::rules::intent::Action;
use crate::rules::state::{Combat, Creature, Life};
use crate::rules::unarmed::{Hold, UNARMED_REACH_FEET, hold_dc};

/// Feet at which one stands beside somebody.
const BESIDE_FEET: u16 = 5;

/// One thing a creature could do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Stable within a turn, such as `attack:scimitar`.
    pub id: String,
    pub name: String,
    /// One line: what it takes and what it does.
    pub description: String,
    pub cost: Cost,
    /// The action, with targets, aim and destination still to be filled in.
    pub action: Action,
    /// Why it cannot be done, if it cannot.
    pub status: Result<(), Illegal>,
    pub targets: Vec<ListedTarget>,
    /// How many targets to choose.
    pub targets_min: usize,
    pub targets_max: usize,
    pub needs_aim: bool,
    /// Uses left, where they are limited.
    pub uses_left: Option<u8>,
}

/// One creature it could be done to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedTarget {
    pub creature: CreatureId,
    pub status: Result<(), Illegal>,
    pub distance_feet: Option<u16>,
    /// Where to move first, if it is out of reach and the movement suffices.
    pub move_to: Option<Position>,
}

impl Combat {
    /// Everything the creature could do now; empty for one that is not in the fight.
    pub fn legal_actions(&self, id: CreatureId) -> Vec<Listed> {
        let Some(actor) = self.creature(id).filter(|creature| creature.present()) else {
            return Vec::new();
        };
        let mut list = Vec::new();
        let stops = self.stops_in_reach(actor);
        self.list_attacks(actor, &stops, &mut list);
        self.list_holds(actor, &stops, &mut list);
        self.list_specials(actor, &mut list);
        self.list_standard(actor, &stops, &mut list);
        self.list_knock_outs(actor, &stops, &mut list);
        self.list_checks(actor, &mut list);
        list
    }

    /// Feet of movement the creature has left this turn.
    pub fn movement_left(&self, id: CreatureId) -> u16 {
        self.creature(id).map_or(0, |creature| movement_left(creature, self.edition))
    }

    /// The status of an action with targets: enabled if it works on any of them, else the first
    /// reason.
    fn status_of(&self, id: CreatureId, targets: &[ListedTarget]) -> Result<(), Illegal> {
        self.check_actor(id)?;
        status_among(targets)
    }

    fn targets(
        &self,
        actor: &Creature,
        which: impl Fn(&Creature) -> bool,
        (reach_feet, stops): (Option<u16>, &[Position]),
        action: impl Fn(CreatureId) -> Action,
    ) -> Vec<ListedTarget> {
        let others = self.creatures.iter().filter(|other| other.present() && which(other));
        let seen = others.filter(|other| !other.hidden || other.side == actor.side);
        seen.map(|other| {
            let status = self.check_action(actor.id, &action(other.id));
            let far =
                matches!(status, Err(Illegal::OutOfReach { .. } | Illegal::OutOfRange { .. }));
            ListedTarget {
                creature: other.id,
                distance_feet: distance_feet(self, actor, other),
                move_to: reach_feet
                    .filter(|_| far)
                    .and_then(|feet| stop_within(actor, other, feet, stops)),
                status,
            }
        })
        .collect()
    }

    /// Every place the creature could move to now, the nearest first. Searched once for the whole
    /// list: a search for each target would make a big battle slow.
    fn stops_in_reach(&self, actor: &Creature) -> Vec<Position> {
        let feet = movement_left(actor, self.edition);
        let Some(all) = reachable(self, actor, feet, extra_feet(self, actor)).filter(|_| feet > 0)
        else {
            return Vec::new();
        };
        let mut stops: Vec<(u16, Position)> =
            all.stops().map(|(stop, feet)| (feet, stop)).filter(|(feet, _)| *feet > 0).collect();
        stops.sort_unstable();
        let open = stops.into_iter().map(|(_, stop)| stop);
        if actor.has(Condition::Frightened) {
            return open.filter(|stop| self.plan_move(actor, *stop, &[]).is_ok()).collect();
        }
        open.collect()
    }

    fn list_attacks(&self, actor: &Creature, stops: &[Position], list: &mut Vec<Listed>) {
        let bare = actor.definition.unarmed();
        for attack in actor.definition.attacks.iter().chain(bare) {
            let action = |target| Action::Attack { attack: attack.id, target, mode: None };
            let enemy = |other: &Creature| other.side != actor.side;
            let targets = self.targets(actor, enemy, (attack.reach, stops), action);
            let status = self.status_of(actor.id, &targets);
            let damage: Vec<String> = attack
                .damage
                .iter()
                .map(|part| format!("{} {}", part.dice, part.kind.name()))
                .collect();
            list.push(Listed {
                id: format!("attack:{}", attack.id),
                name: attack.name.clone(),
                description: format!("{:+} to hit, {}", attack.to_hit, damage.join(" + ")),
                cost: attack.cost,
                action: action(actor.id),
                status,
                targets,
                targets_min: 1,
                targets_max: 1,
                needs_aim: false,
                uses_left: uses_left(actor, attack.id, attack.uses),
            });
        }
    }

    /// Checks as an action, help with one, an object, and an end of concentration.
    fn list_checks(&self, actor: &Creature, list: &mut Vec<Listed>) {
        let cost = object_cost(actor);
        let words = "Free once a turn, then the action";
        let (id, name) = ("use-object".to_owned(), "Use an object".to_owned());
        list.push(self.simple(actor, id, name, words, cost, Action::UseObject));
        if let Some(special) = actor.concentration.and_then(|id| actor.definition.special(id)) {
            let (id, action) = ("stop-concentrating".to_owned(), Action::StopConcentrating);
            let name = format!("Stop concentrating on {}", special.name);
            list.push(self.simple(actor, id, name, "Takes nothing", Cost::Free, action));
        }
        for inquiry in Inquiry::ALL {
            for skill in self.edition.skills_of(inquiry).iter().copied() {
                let action = Action::Inquire { inquiry, skill };
                let id = format!("{}:{}", inquiry.name(), skill.name().replace(' ', "-"));
                let name = format!("{}: {}", capitalised(inquiry.name()), skill.name());
                let words = format!("A check with {:+}", actor.definition.skill(skill));
                list.push(self.simple(actor, id, name, &words, Cost::Action, action));
            }
        }
        for skill in proficiencies(actor) {
            let action = |target| Action::Assist { target, skill };
            let ally = |it: &Creature| it.id != actor.id && it.side == actor.side;
            let allies = self.targets(actor, ally, (None, &[]), action);
            let id = format!("assist:{}", skill.name().replace(' ', "-"));
            let name = format!("Help with: {}", skill.name());
            let words = "Advantage on an ally's next such check";
            list.push(self.targeted(actor, &id, &name, words, allies, action));
        }
    }

    /// Each melee attack once more, for whoever would rather spare a life.
    fn list_knock_outs(&self, actor: &Creature, stops: &[Position], list: &mut Vec<Listed>) {
        let own = actor.definition.attacks.iter().chain(actor.definition.unarmed());
        for attack in own.filter(|attack| attack.reach.is_some()) {
            let action = |target| Action::KnockOut { attack: attack.id, target, mode: None };
            let enemy = |other: &Creature| other.side != actor.side;
            let targets = self.targets(actor, enemy, (attack.reach, stops), action);
            let (id, name) =
                (format!("knock-out:{}", attack.id), format!("Spare: {}", attack.name));
            let words = "As the attack; whom it would kill it knocks out";
            let mut entry = self.targeted(actor, &id, &name, words, targets, action);
            entry.cost = attack.cost;
            entry.uses_left = uses_left(actor, attack.id, attack.uses);
            list.push(entry);
        }
    }

    /// What bare hands can do besides striking, and letting go of whom they hold.
    fn list_holds(&self, actor: &Creature, stops: &[Position], list: &mut Vec<Listed>) {
        let reach = (Some(UNARMED_REACH_FEET), stops);
        let dc = hold_dc(&actor.definition);
        let words = match self.edition.seizing() {
            Seizing::Save => format!("DC {dc} Strength or Dexterity save"),
            Seizing::Contest => "Athletics against Athletics or Acrobatics".to_owned(),
        };
        for hold in Hold::ALL {
            let action = |target| match hold {
                Hold::Grapple => Action::Grapple { target },
                Hold::ShoveAway => Action::Shove { target, prone: false },
                Hold::ShoveProne => Action::Shove { target, prone: true },
            };
            let enemies = self.targets(actor, |it| it.side != actor.side, reach, action);
            list.push(self.targeted(actor, hold.word(), hold.name(), &words, enemies, action));
        }
        if held_by(self, actor.id).next().is_some() {
            let held = |it: &Creature| held_by(self, actor.id).any(|(held, _)| held.id == it.id);
            let action = |target| Action::LetGo { target };
            let targets = self.targets(actor, held, (None, &[]), action);
            let words = "Whom it holds goes free";
            let mut entry = self.targeted(actor, "let-go", "Let go", words, targets, action);
            (entry.cost, entry.status) = (Cost::Free, status_among(&entry.targets));
            list.push(entry);
        }
    }

    fn list_specials(&self, actor: &Creature, list: &mut Vec<Listed>) {
        for special in actor.definition.set_off_by(SetOff::Chosen) {
            if let SpecialEffect::Maneuvers { dash, disengage, hide } = special.effect {
                let cost = special.cost;
                let each = [
                    (dash, "dash", Action::Dash { cost }),
                    (disengage, "disengage", Action::Disengage { cost }),
                    (hide, "hide", Action::Hide { cost }),
                ];
                for (allowed, word, action) in each {
                    if allowed {
                        let id = format!("{word}:{}", special.id);
                        let name = format!("{} ({})", capitalised(word), special.name);
                        list.push(self.simple(actor, id, name, "", cost, action));
                    }
                }
                continue;
            }
            let action = |targets: Vec<CreatureId>, aim| Action::Special {
                special: special.id,
                targets,
                aim,
            };
            let strikes = match &special.effect {
                SpecialEffect::Go { then, .. } => Some(!then.is_empty()),
                SpecialEffect::Save { .. }
                | SpecialEffect::Heal { .. }
                | SpecialEffect::TemporaryHitPoints { .. }
                | SpecialEffect::Effect { .. }
                | SpecialEffect::AutoDamage { .. }
                | SpecialEffect::Maneuvers { .. }
                | SpecialEffect::ExtraAction => None,
            };
            let named = match special.reach {
                _ if strikes.is_some() => strikes.filter(|it| *it).map(|_| 1),
                Reach::Own => None,
                Reach::Creatures { count, .. } => Some(usize::from(count)),
                Reach::Area { .. } if self.map.is_some() && actor.position.is_some() => None,
                Reach::Area { .. } => Some(self.creatures.len()),
            };
            let goes = strikes == Some(false);
            let needs_aim =
                goes || (matches!(special.reach, Reach::Area { .. }) && named.is_none());
            let targets = named.map_or_else(Vec::new, |_| {
                self.targets(actor, |_| true, (None, &[]), |target| action(vec![target], None))
            });
            let status = if named.is_some() {
                let may = match special.cost {
                    Cost::Legendary => self.check_legend(actor.id).map(|_| ()),
                    Cost::Action | Cost::BonusAction | Cost::Reaction | Cost::Free => {
                        self.check_actor(actor.id).map(|_| ())
                    }
                };
                may.and_then(|()| status_among(&targets))
            } else {
                let aim = actor.position.filter(|_| needs_aim);
                self.check_action(actor.id, &action(Vec::new(), aim))
            };
            list.push(Listed {
                id: format!("special:{}", special.id),
                name: special.name.clone(),
                description: describe(&special.effect),
                cost: special.cost,
                action: action(Vec::new(), None),
                status,
                targets,
                targets_min: usize::from(named.is_some()),
                targets_max: named.unwrap_or_default(),
                needs_aim,
                uses_left: uses_left(actor, special.id, special.uses),
            });
        }
    }

    fn list_standard(&self, actor: &Creature, stops: &[Position], list: &mut Vec<Listed>) {
        let (cost, free) = (Cost::Action, Cost::Free);
        list.extend(self.list_move(actor, stops));
        let simple = [
            ("dash", "Dash", "Move farther this turn", cost, Action::Dash { cost }),
            ("disengage", "Disengage", "No opportunity attacks", cost, Action::Disengage { cost }),
            ("dodge", "Dodge", "Attacks against it have disadvantage", cost, Action::Dodge),
            ("hide", "Hide", "A Stealth check", cost, Action::Hide { cost }),
            ("escape", "Escape", "A check to break free", cost, Action::Escape),
            ("stand-up", "Stand up", "Half its speed", free, Action::StandUp),
            ("drop-prone", "Drop prone", "Costs nothing", free, Action::DropProne),
        ];
        for (id, name, words, cost, action) in simple {
            list.push(self.simple(actor, id.into(), name.into(), words, cost, action));
        }
        let beside = (Some(BESIDE_FEET), stops);
        let help = |target| Action::Help { target };
        let enemies = self.targets(actor, |it| it.side != actor.side, beside, help);
        list.push(self.targeted(actor, "help", "Help", "Distract an enemy", enemies, help));
        let tend = |target| Action::Stabilize { target };
        // Mercy is allowed: a dying enemy can be tended to as well.
        let patients = |it: &Creature| {
            it.id != actor.id && (it.side == actor.side || matches!(it.life, Life::Dying { .. }))
        };
        let patients = self.targets(actor, patients, beside, tend);
        let words = "Tend to the dying";
        list.push(self.targeted(actor, "stabilize", "Stabilize", words, patients, tend));
        self.list_ready(actor, list);
        list.push(self.list_release(actor));
    }

    /// Moving, on a map: disabled for the reason that the nearest stop there is would be refused.
    fn list_move(&self, actor: &Creature, stops: &[Position]) -> Option<Listed> {
        let to = actor.position.filter(|_| self.map.is_some())?;
        let action = Action::Move { to, path: Vec::new() };
        let mut entry =
            self.simple(actor, "move".into(), "Move".into(), "", Cost::Free, action.clone());
        let left = movement_left(actor, self.edition);
        let crawls = if actor.has(Condition::Prone) { ", crawling at double cost" } else { "" };
        entry.description = format!("{left} feet left{crawls}");
        entry.needs_aim = true;
        entry.status = match (self.check_mover(actor.id), stops.is_empty()) {
            (Err(why), _) => Err(why),
            (Ok(_), false) => Ok(()),
            (Ok(_), true) => self.check_action(actor.id, &self.nearest_move(actor, action)),
        };
        Some(entry)
    }

    /// The move to the nearest stop, however far; the given one if there is none.
    fn nearest_move(&self, actor: &Creature, otherwise: Action) -> Action {
        let all = reachable(self, actor, u16::MAX - 1, extra_feet(self, actor));
        let stops = all.iter().flat_map(Reachable::stops).filter(|(_, feet)| *feet > 0);
        let nearest = stops.map(|(stop, feet)| (feet, stop)).min();
        nearest.map_or(otherwise, |(_, to)| Action::Move { to, path: Vec::new() })
    }

    /// What could be kept ready: each attack, a retreat, a dodge. The trigger may be exchanged for
    /// any other; the one that is listed leaves the moment to the controller.
    fn list_ready(&self, actor: &Creature, list: &mut Vec<Listed>) {
        let bare = actor.definition.unarmed();
        let attacks = actor.definition.attacks.iter().chain(bare).map(|attack| {
            let response = ReadiedResponse::Attack { attack: attack.id };
            (format!("ready-attack:{}", attack.id), attack.name.as_str(), response)
        });
        let holds = Hold::ALL.into_iter().filter_map(|hold| {
            let response = ReadiedResponse::Attack { attack: hold.word().parse().ok()? };
            Some((format!("ready-{}", hold.word()), hold.name(), response))
        });
        let others = [
            ("ready-retreat".to_owned(), "Retreat", ReadiedResponse::Retreat),
            ("ready-dodge".to_owned(), "Dodge", ReadiedResponse::Dodge),
        ];
        for (id, name, response) in attacks.chain(holds).chain(others) {
            let action = Action::Ready { trigger: Trigger::OnCall, response };
            let words = "Kept for a moment outside its turn; takes its reaction then";
            list.push(self.simple(
                actor,
                id,
                format!("Ready: {name}"),
                words,
                Cost::Action,
                action,
            ));
        }
    }

    /// Taking what was kept ready, at somebody or, if it needs nobody, as it is.
    fn list_release(&self, actor: &Creature) -> Listed {
        let release = |target| Action::ReleaseReadied { target };
        let on_call = self.check_on_call(actor.id).map(|(_, response)| response);
        let targets = match on_call {
            Ok(ReadiedResponse::Attack { .. }) => {
                let enemy = |other: &Creature| other.side != actor.side;
                self.targets(actor, enemy, (None, &[]), |target| release(Some(target)))
            }
            Ok(ReadiedResponse::Retreat) => {
                let other = |other: &Creature| other.id != actor.id;
                self.targets(actor, other, (None, &[]), |target| release(Some(target)))
            }
            Ok(ReadiedResponse::Dodge) | Err(_) => Vec::new(),
        };
        let (id, name) = ("release-readied".to_owned(), "Take the readied action".to_owned());
        let words = "In anybody's turn; takes its reaction";
        let mut entry = self.simple(actor, id, name, words, Cost::Reaction, release(None));
        if matches!(on_call, Ok(ReadiedResponse::Attack { .. } | ReadiedResponse::Retreat)) {
            entry.status = status_among(&targets);
            (entry.targets_min, entry.targets_max) = (1, 1);
        }
        entry.targets = targets;
        entry
    }

    fn simple(
        &self,
        actor: &Creature,
        id: String,
        name: String,
        words: &str,
        cost: Cost,
        action: Action,
    ) -> Listed {
        Listed {
            id,
            name,
            description: words.to_owned(),
            cost,
            status: self.check_action(actor.id, &action),
            action,
            targets: Vec::new(),
            targets_min: 0,
            targets_max: 0,
            needs_aim: false,
            uses_left: None,
        }
    }

    fn targeted(
        &self,
        actor: &Creature,
        id: &str,
        name: &str,
        words: &str,
        targets: Vec<ListedTarget>,
        action: impl Fn(CreatureId) -> Action,
    ) -> Listed {
        Listed {
            id: id.to_owned(),
            name: name.to_owned(),
            description: words.to_owned(),
            cost: Cost::Action,
            status: self.status_of(actor.id, &targets),
            action: action(actor.id),
            targets,
            targets_min: 1,
            targets_max: 1,
            needs_aim: false,
            uses_left: None,
        }
    }
}

/// Enabled if it works on any of them, else the first reason.
fn status_among(targets: &[ListedTarget]) -> Result<(), Illegal> {
    match targets.iter().find_map(|target| target.status.as_ref().err()) {
        _ if targets.iter().any(|target| target.status.is_ok()) => Ok(()),
        Some(why) => Err(why.clone()),
        None => Err(Illegal::WrongTargetCount { min: 1, max: 1 }),
    }
}

/// The nearest of these places within so many feet of somebody.
fn stop_within(
    actor: &Creature,
    other: &Creature,
    feet: u16,
    stops: &[Position],
) -> Option<Position> {
    let (own, theirs) = (space_of(actor)?, space_of(other)?);
    stops.iter().copied().find(|stop| own.at(*stop).feet_to(theirs) <= feet)
}

fn uses_left(actor: &Creature, entry: Slug, uses: Uses) -> Option<u8> {
    let spent = actor.spent.iter().find(|(known, _)| *known == entry).map_or(0, |(_, n)| *n);
    match uses {
        Uses::AtWill => None,
        Uses::PerDay(most) | Uses::PerRest(most) => Some(most.saturating_sub(spent)),
        Uses::Recharge { .. } | Uses::OncePerRound => Some(u8::from(spent == 0)),
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

fn describe(effect: &SpecialEffect) -> String {
    match effect {
        SpecialEffect::Save { save, damage, half_on_success, .. } => {
            let parts: Vec<String> =
                damage.iter().map(|part| format!("{} {}", part.dice, part.kind.name())).collect();
            let half = if *half_on_success { ", half on a success" } else { "" };
            let save = format!("DC {} {} save", save.dc, capitalised(save.ability.name()));
            if parts.is_empty() { save } else { format!("{save}: {}{half}", parts.join(" + ")) }
        }
        SpecialEffect::Heal { dice } => format!("{dice} hit points back"),
        SpecialEffect::TemporaryHitPoints { dice } => format!("{dice} temporary hit points"),
        SpecialEffect::Effect { turns, .. } => format!("lasts {turns} turns"),
        SpecialEffect::AutoDamage { damage } => {
            let parts: Vec<String> =
                damage.iter().map(|part| format!("{} {}", part.dice, part.kind.name())).collect();
            format!("{}, cannot miss", parts.join(" + "))
        }
        SpecialEffect::Maneuvers { .. } => String::new(),
        SpecialEffect::Go { going, then } => {
            let goes = match going {
                Going::Stay => String::new(),
                Going::Walk { half: true, .. } => "moves up to half its speed".to_owned(),
                Going::Walk { half: false, .. } => "moves up to its speed".to_owned(),
                Going::Teleport { feet } => format!("teleports up to {feet} ft"),
            };
            let strikes: Vec<&str> = then.iter().map(Slug::as_str).collect();
            match (goes.is_empty(), strikes.is_empty()) {
                (_, true) => goes,
                (true, false) => format!("one attack: {}", strikes.join(" or ")),
                (false, false) => format!("{goes}, one attack: {}", strikes.join(" or ")),
            }
        }
        SpecialEffect::ExtraAction => "one more action this turn".to_owned(),
    }
}
