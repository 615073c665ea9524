//! What a sensible creature would do next, knowing only what its own side knows.
//!
//! One step at a time: the caller carries out each wish and asks again. Every wish has passed
//! `check`; every one but ending the turn uses something up, so a turn is over after at most
//! [`TACTICS_STEPS_MAX`] of them. Nothing here rolls a die, looks at a hidden enemy or at what the
//! other side keeps to itself, or depends on anything but the fight as it stands.

mod legend;
mod moves;
mod odds;
mod specials;

use super::condition::Condition;
use super::creature::{Attack, Cost, EffectKind, SpecialEffect, Uses};
use super::event::ReadiedResponse;
use super::grid::SQUARE_FEET;
use super::id::CreatureId;
use super::illegal::Illegal;
use super::intent::{Action, Intent};
use super::pending::{Answer, Prompt, Question};
use super::state::{Combat, Creature, Life};
pub use legend::legendary_wish;
use odds::Stance;

/// Most wishes in one turn, the one that ends it included. Who drives a creature may rely on it.
pub const TACTICS_STEPS_MAX: usize = 64;

/// Most enemies that are thought about at once: the nearest.
const ENEMIES_MAX: usize = 12;

/// What the creature does next in its turn. Always allowed, unless it is not the creature's turn at
/// all or a question is open; then it is the wish to end the turn.
pub fn next_intent(combat: &Combat, id: CreatureId) -> Intent {
    let end = Intent::EndTurn { creature: id };
    if combat.current() != Some(id) || !combat.pending().is_empty() {
        return end;
    }
    let Some(me) = combat.creature(id).filter(|me| me.life() == Life::Up && !me.left()) else {
        return end;
    };
    if me.incapacitated().is_some() {
        return end;
    }
    Mind::of(combat, me).next().map_or(end, |action| Intent::Act { creature: id, action })
}

/// How the creature that is asked answers. Always allowed if the question is open.
pub fn answer(combat: &Combat, prompt: &Prompt) -> Answer {
    let wish = wished_answer(combat, prompt);
    let intent = Intent::Respond { prompt: prompt.id, answer: wish, timed_out: false };
    if combat.check(intent).is_ok() { wish } else { Answer::Decline }
}

fn wished_answer(combat: &Combat, prompt: &Prompt) -> Answer {
    let Some(me) = combat.creature(prompt.creature) else { return Answer::Decline };
    match prompt.question {
        Question::OpportunityAttack { target } => {
            let Some(target) = combat.creature(target).filter(|target| target.present()) else {
                return Answer::Decline;
            };
            let stance = Stance::here(combat, me, &[]);
            let best = me
                .definition()
                .attacks
                .iter()
                .filter(|attack| attack.reach.is_some() && attack.cost == Cost::Action)
                .filter_map(|attack| Some((stance.value(attack, target)?, attack)))
                .max_by_key(|(value, _)| *value);
            Answer::Accept { attack: best.map(|(_, attack)| attack.id) }
        }
        Question::Legendary => {
            let wish = legendary_wish(combat, me.id(), None);
            let Some(Action::Special { special, .. }) = wish else { return Answer::Decline };
            Answer::Accept { attack: Some(special) }
        }
        Question::Readied { response, trigger_by } => {
            let enemy = combat.creature(trigger_by).is_some_and(|c| c.side() != me.side());
            match response {
                ReadiedResponse::Attack { .. } if !enemy => Answer::Decline,
                ReadiedResponse::Attack { .. }
                | ReadiedResponse::Retreat
                | ReadiedResponse::Dodge => Answer::Accept { attack: None },
            }
        }
    }
}

/// A creature thinking: the fight, itself, and whom it knows about.
struct Mind<'a> {
    combat: &'a Combat,
    me: &'a Creature,
    /// Standing enemies that its side can see, nearest first.
    enemies: Vec<&'a Creature>,
    /// Its own side without itself, whoever is not dead.
    allies: Vec<&'a Creature>,
}

impl<'a> Mind<'a> {
    fn of(combat: &'a Combat, me: &'a Creature) -> Self {
        let others = || combat.creatures().iter().filter(|c| c.present() && c.id() != me.id());
        let mut enemies: Vec<&Creature> =
            others().filter(|c| c.side() != me.side() && c.stands() && !c.hidden()).collect();
        // Those whom it saw hide: it guesses where they are only if there is nobody else to fight,
        // or two who hide from each other would wait for ever.
        if enemies.iter().any(|enemy| !enemy.affected(EffectKind::Hidden)) {
            enemies.retain(|enemy| !enemy.affected(EffectKind::Hidden));
        }
        let stance = Stance::here(combat, me, &[]);
        enemies.sort_by_key(|enemy| stance.feet_to(enemy));
        enemies.truncate(ENEMIES_MAX);
        let allies = others().filter(|c| c.side() == me.side()).collect();
        Self { combat, me, enemies, allies }
    }

    /// The first sensible thing that is allowed.
    fn next(&self) -> Option<Action> {
        self.stand_up()
            .or_else(|| self.mend())
            .or_else(|| self.prepare())
            .or_else(|| self.break_free())
            .or_else(|| self.step_back())
            .or_else(|| self.strike())
            .or_else(|| self.approach())
            .or_else(|| self.rush())
            .or_else(|| self.surge())
            .or_else(|| self.hurry())
            .or_else(|| self.close_in())
            .or_else(|| self.help_the_fallen())
            .or_else(|| self.brace())
            .or_else(|| self.slip_away())
    }

    /// The wish, if it is allowed.
    fn allowed(&self, action: Action) -> Option<Action> {
        self.refusal(&action).is_none().then_some(action)
    }

    fn refusal(&self, action: &Action) -> Option<Illegal> {
        self.combat.check_action(self.me.id(), action).err()
    }

    fn stand_up(&self) -> Option<Action> {
        if !self.me.has(Condition::Prone) {
            return None;
        }
        self.allowed(Action::StandUp)
    }

    /// The attacks it could still make this turn if somebody were in range.
    fn ready_attacks(&self) -> Vec<&'a Attack> {
        let Some(target) = self.enemies.first() else { return Vec::new() };
        self.me
            .definition()
            .attacks
            .iter()
            .filter(|attack| attack.cost != Cost::Reaction)
            .filter(|attack| {
                self.refusal(&attack_on(attack, target)).is_none_or(|why| is_local(&why))
            })
            .collect()
    }

    /// The best attack or harmful special that is possible from here. Specials that hit several
    /// are worth as much as everything they do.
    fn strike(&self) -> Option<Action> {
        let stance = Stance::here(self.combat, self.me, &self.enemies);
        let mut wishes: Vec<(i32, Action)> = Vec::new();
        for attack in &self.me.definition().attacks {
            if !can_be_planned(attack) {
                continue;
            }
            let share = self.attacks_per_action(attack);
            for enemy in &self.enemies {
                if let Some(value) = stance.value(attack, enemy) {
                    wishes.push((value * share, attack_on(attack, enemy)));
                }
            }
        }
        wishes.extend(self.harmful_specials());
        // Stable, so that of equals the nearest enemy and the first attack stay first.
        wishes.sort_by_key(|(value, _)| core::cmp::Reverse(*value));
        wishes.into_iter().filter(|(value, _)| *value > 0).find_map(|(_, wish)| self.allowed(wish))
    }

    /// How many attacks an action spent on this one brings, so that it can be compared with a
    /// special that takes the whole action. 1 once the action is spent.
    fn attacks_per_action(&self, attack: &Attack) -> i32 {
        if self.me.economy().action_spent || attack.cost != Cost::Action {
            return 1;
        }
        let options = self.me.definition().multiattack.iter();
        options
            .filter(|option| option.steps.iter().any(|step| step.any_of.contains(&attack.id)))
            .map(|option| option.steps.iter().map(|step| i32::from(step.count)).sum::<i32>())
            .max()
            .unwrap_or(1)
            .max(1)
    }

    /// Out of a grip or a net, if nobody can be struck from within it.
    fn break_free(&self) -> Option<Action> {
        let held = self.me.conditions().iter().any(|held| held.until.is_grip());
        if !held || self.strike().is_some() {
            return None;
        }
        self.allowed(Action::Escape)
    }

    /// Another action, if there is still somebody to strike with it.
    fn surge(&self) -> Option<Action> {
        if !self.me.economy().action_spent || self.nearest_feet().is_some_and(|feet| feet > 30) {
            return None;
        }
        let surge = self
            .me
            .definition()
            .specials
            .iter()
            .find(|special| matches!(special.effect, SpecialEffect::ExtraAction))?;
        self.enemies.first()?;
        self.allowed(specials::on_self(surge, self.me))
    }

    /// When nobody can be struck at all: keep an enemy off balance for a friend, or be careful.
    fn brace(&self) -> Option<Action> {
        if self.enemies.is_empty() {
            return None;
        }
        self.enemies
            .iter()
            .find_map(|enemy| self.allowed(Action::Help { target: enemy.id() }))
            .or_else(|| self.allowed(Action::Dodge))
    }

    /// Bandages for somebody who bleeds, when there is nothing better to do.
    fn help_the_fallen(&self) -> Option<Action> {
        self.allies
            .iter()
            .filter(|ally| matches!(ally.life(), Life::Dying { .. }))
            .find_map(|ally| self.allowed(Action::Stabilize { target: ally.id() }))
    }

    /// Feet to the nearest enemy; `None` in the theatre of the mind or if there is none.
    fn nearest_feet(&self) -> Option<u16> {
        let stance = Stance::here(self.combat, self.me, &[]);
        self.enemies.iter().filter_map(|enemy| stance.feet_to(enemy)).min()
    }

    /// Whether it does its best work from afar.
    fn prefers_distance(&self) -> bool {
        let best = |in_melee: bool| {
            self.me
                .definition()
                .attacks
                .iter()
                .filter(
                    |attack| if in_melee { attack.reach.is_some() } else { attack.range.is_some() },
                )
                .map(|attack| attack.damage.iter().map(|part| odds::points(part.dice)).sum::<i32>())
                .max()
                .unwrap_or_default()
        };
        let (near, far) = (best(true), best(false));
        far > 0 && far * 10 >= near * 9 && self.far_reach_feet() > 4 * SQUARE_FEET
    }

    /// The longest normal range of its attacks.
    fn far_reach_feet(&self) -> u16 {
        let attacks = self.me.definition().attacks.iter();
        attacks.filter_map(|attack| attack.range).map(|range| range.normal).max().unwrap_or(0)
    }
}

/// Whether an attack is one for one's own turn that cannot go on for ever.
fn can_be_planned(attack: &Attack) -> bool {
    match attack.cost {
        Cost::Action | Cost::BonusAction => true,
        Cost::Free => attack.uses != Uses::AtWill,
        Cost::Reaction | Cost::Legendary => false,
    }
}

fn attack_on(attack: &Attack, target: &Creature) -> Action {
    Action::Attack { attack: attack.id, target: target.id(), mode: None }
}

/// Whether a refusal is only about where somebody stands.
fn is_local(why: &Illegal) -> bool {
    matches!(
        why,
        Illegal::OutOfReach { .. }
            | Illegal::OutOfRange { .. }
            | Illegal::NoLineOfSight
            | Illegal::TotalCover
            | Illegal::TargetUnseen
            | Illegal::CharmedByTarget
    )
}
