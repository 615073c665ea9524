//! What comes of a legal wish: the facts, with every die. The only place that rolls.
//!
//! A wish is resolved on a scratch copy of the fight, fact by fact, until it is done or somebody
//! must be asked. Nothing is refused here.

mod automatic;
mod concentration;
mod deeds;
mod harm;
mod inquiry;
mod legend;
mod lobby;
mod mastery;
mod movement;
mod reaction;
mod save;
mod special;
mod strike;
mod turn;
mod unarmed;

use super::condition::Condition;
use super::creature::{EffectKind, Uses};
use super::dice::Dice;
use super::edition::Test;
use super::event::{
    Audience, D20Roll, DiceRolled, DiceStream, DrawnAt, Event, Fact, MoveKind, Reason, RollMode,
};
use super::grid::Position;
use super::id::{CreatureId, Slug};
use super::intent::Intent;
use super::legal::{Legal, d20_modes};
use super::pending::Suspended;
use super::state::{Combat, Creature};

impl Legal<'_> {
    /// Resolves the wish into facts. An empty list never comes back for a wish that changes
    /// something.
    pub fn resolve(self, dice: &mut dyn Dice) -> Vec<Event> {
        let mut it = Resolution {
            scratch: self.combat.clone(),
            events: Vec::with_capacity(8),
            rest: Vec::new(),
            burst: None,
            sparing: false,
            dice,
        };
        match self.intent {
            Intent::Initiate { name, game_master, edition, map } => {
                it.emit(Fact::Initiated { name, game_master, edition, map });
            }
            Intent::Enter { entrants } => it.enter(entrants),
            Intent::RollInitiative { creature } => it.roll_one_initiative(creature),
            Intent::SetOrder { order } => it.set_order(order),
            Intent::Begin { public_commitment, hidden_commitment } => {
                it.begin(public_commitment, hidden_commitment);
            }
            Intent::Act { creature, action } => it.act(creature, action),
            Intent::EndTurn { creature } => it.end_turn_and_go_on(creature),
            Intent::Leave { creature } => it.leave(creature),
            Intent::End => it.end(super::event::EndReason::Called),
            Intent::Pause => it.emit(Fact::Paused { quiet_rounds: None }),
            Intent::Stalemate { rounds } => it.emit(Fact::Paused { quiet_rounds: Some(rounds) }),
            Intent::Resume => it.emit(Fact::Resumed),
            Intent::Adjust { creature, adjustments } => it.adjust(creature, &adjustments),
            Intent::Respond { prompt, answer, timed_out } => it.respond(prompt, answer, timed_out),
            Intent::Transfer { game_master } => it.emit(Fact::Transferred { game_master }),
        }
        it.pass_turn_of_the_fallen();
        it.end_if_decided();
        it.events
    }
}

/// A wish on its way: the fight as the facts so far leave it.
struct Resolution<'d> {
    scratch: Combat,
    events: Vec<Event>,
    /// What was interrupted and is to go on, the last first; handed to a question that opens.
    rest: Vec<Suspended>,
    /// Where an area begins whose saves are being made, if not at whoever uses it.
    burst: Option<Position>,
    /// Whether whoever strikes now leaves alive whom it would kill.
    sparing: bool,
    dice: &'d mut dyn Dice,
}

/// Who may see a fact, decided once and written into it: what a hidden creature does or suffers is
/// for the GM and for whoever plays it.
fn audience_of(combat: &Combat, fact: &Fact) -> Audience {
    let hidden = |creature: CreatureId| combat.creature(creature).filter(|it| it.hidden);
    let (is_hidden, owner) = match (fact, fact.about()) {
        (Fact::Joined(joined), _) => (joined.hidden, joined.owner),
        // What somebody has left is nobody else's business, hidden or not.
        (Fact::UseSpent { .. }, Some(creature)) => match hidden(creature) {
            Some(creature) => (true, creature.owner),
            None => return Audience::OwnerAndGm,
        },
        // Showing and hiding somebody is seen by everybody, each in their own way.
        (Fact::VisibilityChanged { .. }, _) | (_, None) => return Audience::Everyone,
        (_, Some(creature)) => match hidden(creature) {
            Some(creature) => (true, creature.owner),
            None => return Audience::Everyone,
        },
    };
    match (is_hidden, owner) {
        (false, _) => Audience::Everyone,
        (true, Some(_)) => Audience::OwnerAndGm,
        (true, None) => Audience::Gm,
    }
}

impl Resolution<'_> {
    /// Makes a fact true and keeps it.
    fn emit(&mut self, fact: Fact) {
        let audience = audience_of(&self.scratch, &fact);
        let mut put = None;
        if let Fact::Moved { creature, kind: MoveKind::Forced | MoveKind::Placed, .. } = &fact {
            put = Some(*creature);
        }
        let event = Event { drawn: self.scratch.drawn, audience, fact };
        self.scratch.apply(&event);
        self.events.push(event);
        if let Some(put) = put {
            self.loosen(put);
        }
    }

    fn creature(&self, id: CreatureId) -> Option<&Creature> {
        self.scratch.creature(id)
    }

    /// One die, from the hidden stream where the roll is of somebody hidden.
    fn roll(&mut self, sides: u16, hidden: bool) -> u16 {
        if hidden {
            self.scratch.drawn.hidden = self.scratch.drawn.hidden.saturating_add(1);
            self.dice.roll_hidden(sides)
        } else {
            self.scratch.drawn.public = self.scratch.drawn.public.saturating_add(1);
            self.dice.roll(sides)
        }
    }

    /// Where the next die will come from.
    fn next_draw(&self, hidden: bool) -> DrawnAt {
        if hidden {
            DrawnAt { stream: DiceStream::Hidden, first: self.scratch.drawn.hidden }
        } else {
            DrawnAt { stream: DiceStream::Public, first: self.scratch.drawn.public }
        }
    }

    fn face(&mut self, sides: u16, hidden: bool) -> u8 {
        u8::try_from(self.roll(sides, hidden)).unwrap_or(u8::MAX)
    }

    /// A d20 of a creature, with what is on it: Bless and exhaustion.
    fn d20(
        &mut self,
        who: CreatureId,
        bonus: i8,
        mode: RollMode,
        advantages: Vec<Reason>,
        disadvantages: Vec<Reason>,
        blessed: bool,
    ) -> D20Roll {
        let creature = self.creature(who);
        let hidden = creature.is_some_and(|it| it.hidden);
        let tired = creature.map_or(0, Creature::exhaustion);
        let tired = self.scratch.edition.exhaustion_penalty(tired);
        let drawn_at = Some(self.next_draw(hidden));
        let first = self.face(20, hidden);
        let (faces, kept) = match mode {
            RollMode::Normal => (vec![first], first),
            RollMode::Advantage => {
                let second = self.face(20, hidden);
                (vec![first, second], first.max(second))
            }
            RollMode::Disadvantage => {
                let second = self.face(20, hidden);
                (vec![first, second], first.min(second))
            }
        };
        let extra_dice = if blessed { vec![(4, self.face(4, hidden))] } else { Vec::new() };
        let bonus = i16::from(bonus).saturating_sub(tired);
        let extra: i16 = extra_dice.iter().map(|(_, face)| i16::from(*face)).sum();
        let total = i16::from(kept).saturating_add(bonus).saturating_add(extra);
        D20Roll { faces, mode, kept, bonus, total, advantages, disadvantages, extra_dice, drawn_at }
    }

    /// An ability check: poisoned and frightened creatures have disadvantage.
    fn check_roll(&mut self, who: CreatureId, bonus: i8) -> D20Roll {
        let disadvantages = self.check_reasons(who);
        let mode = d20_modes(&[], &disadvantages);
        self.d20(who, bonus, mode, Vec::new(), disadvantages, false)
    }

    /// What tells against any ability check of a creature (SRD 5.2.1, Rules Glossary > Poisoned,
    /// Frightened; SRD 5.1, Conditions > Exhaustion).
    fn check_reasons(&self, who: CreatureId) -> Vec<Reason> {
        let mut disadvantages = Vec::new();
        let Some(creature) = self.creature(who) else { return disadvantages };
        if creature.has(Condition::Poisoned) {
            disadvantages.push(Reason::Poisoned);
        }
        let afraid = creature.conditions.iter().any(|active| {
            active.condition == Condition::Frightened && self.scratch.fears(creature, active.source)
        });
        if afraid {
            disadvantages.push(Reason::Frightened);
        }
        if self.scratch.edition.exhaustion_hinders(creature.exhaustion(), Test::Check) {
            disadvantages.push(Reason::Exhaustion);
        }
        if creature.affected(EffectKind::Hampered) {
            disadvantages.push(Reason::Hampered);
        }
        disadvantages
    }

    fn roll_dice(&mut self, count: u8, sides: u16, bonus: i16, hidden: bool) -> DiceRolled {
        let drawn_at = (count > 0).then(|| self.next_draw(hidden));
        let faces: Vec<u16> = (0..count).map(|_| self.roll(sides, hidden)).collect();
        let sum: i32 = faces.iter().map(|face| i32::from(*face)).sum();
        let total = u16::try_from((sum + i32::from(bonus)).max(0)).unwrap_or(u16::MAX);
        DiceRolled { sides, faces, bonus, total, drawn_at }
    }

    /// Whether Bless is on the creature.
    fn blessed(&self, who: CreatureId) -> bool {
        self.creature(who).is_some_and(|it| it.affected(EffectKind::Blessed))
    }

    /// Writes down one use of an entry that has limited uses.
    fn spend_use(&mut self, who: CreatureId, entry: Slug, uses: Uses) {
        if uses == Uses::AtWill {
            return;
        }
        let spent =
            self.creature(who).and_then(|it| it.spent.iter().find(|(known, _)| *known == entry));
        let spent = spent.map_or(0, |(_, n)| *n).saturating_add(1);
        self.emit(Fact::UseSpent { creature: who, entry, spent });
    }

    /// Takes every effect of a kind off a creature.
    fn remove_effects(&mut self, from: CreatureId, kind: EffectKind) {
        let sources: Vec<CreatureId> = self.creature(from).map_or_else(Vec::new, |it| {
            it.effects
                .iter()
                .filter(|effect| effect.kind == kind)
                .map(|effect| effect.source)
                .collect()
        });
        for source in sources {
            self.emit(Fact::EffectRemoved { creature: from, effect: kind, source });
        }
        if kind == EffectKind::Hidden {
            self.unveil(from);
        }
    }
}
