//! What may be done before, around and after the turns: opening, entering, beginning, ending.

use crate::rules::condition::{Condition, EXHAUSTION_MAX, Until};
use crate::rules::creature::{EffectKind, NAME_MAX_CHARS};
use crate::rules::edition::Surprise;
use crate::rules::geometry::{Space, place, space_of};
use crate::rules::grid::{MAP_SIDE_MAX, Map, Position, Terrain};
use crate::rules::id::CreatureId;
use crate::rules::illegal::{Illegal, Phase};
use crate::rules::intent::{Adjustments, Entrant};
use crate::rules::state::{CREATURES_MAX, Combat, Creature, Economy};

fn check_name(name: &str) -> Result<(), Illegal> {
    if name.trim().is_empty() {
        return Err(Illegal::NameEmpty);
    }
    if name.chars().count() > NAME_MAX_CHARS {
        return Err(Illegal::NameTooLong { max_chars: NAME_MAX_CHARS });
    }
    Ok(())
}

impl Combat {
    pub(super) fn check_initiate(&self, name: &str, map: Option<&Map>) -> Result<(), Illegal> {
        if self.phase != Phase::Unopened {
            return Err(Illegal::AlreadyInitiated);
        }
        check_name(name)?;
        let Some(map) = map else { return Ok(()) };
        let sides = 1..=MAP_SIDE_MAX;
        let squares = usize::from(map.width) * usize::from(map.height);
        let is_whole = map.terrain.len() == squares;
        if sides.contains(&map.width) && sides.contains(&map.height) && is_whole {
            Ok(())
        } else {
            Err(Illegal::BadMap { max_side: MAP_SIDE_MAX })
        }
    }

    /// The fight is open and not over.
    pub(super) fn check_not_over(&self) -> Result<(), Illegal> {
        match self.phase {
            Phase::Unopened | Phase::Ended => Err(Illegal::WrongPhase { phase: self.phase }),
            Phase::Gathering | Phase::Running | Phase::Paused => Ok(()),
        }
    }

    fn check_no_prompt(&self) -> Result<(), Illegal> {
        match self.pending.last() {
            Some(open) => Err(Illegal::PromptOpen { prompt: open.prompt.id }),
            None => Ok(()),
        }
    }

    pub(super) fn check_enter(&self, entrants: &[Entrant]) -> Result<(), Illegal> {
        self.check_not_over()?;
        self.check_no_prompt()?;
        if entrants.is_empty() {
            return Err(Illegal::NothingToDo);
        }
        if self.creatures.len().saturating_add(entrants.len()) > CREATURES_MAX {
            return Err(Illegal::TooManyCreatures { max: CREATURES_MAX });
        }
        for (index, entrant) in entrants.iter().enumerate() {
            check_name(&entrant.name)?;
            let again = entrants.iter().take(index).any(|other| other.id == entrant.id);
            if again || self.creature(entrant.id).is_some() {
                return Err(Illegal::DuplicateCreature { creature: entrant.id });
            }
            let maximum = entrant.definition.hit_points;
            if entrant.hit_points.is_some_and(|now| now > maximum) {
                return Err(Illegal::HitPointsOverMaximum { maximum });
            }
            self.check_entrance(entrant, entrants.get(..index).unwrap_or_default())?;
        }
        self.places_for(entrants).map(|_| ())
    }

    /// Where everybody who enters would stand: places that were named first, then free ones.
    pub(in crate::rules) fn places_for(
        &self,
        entrants: &[Entrant],
    ) -> Result<Vec<Option<Position>>, Illegal> {
        if self.map.is_none() {
            return Ok(vec![None; entrants.len()]);
        }
        let named = |it: &Entrant| Some(Space::of(it.position?, it.definition.size));
        let mut taken: Vec<Space> = entrants.iter().filter_map(named).collect();
        let mut places = Vec::with_capacity(entrants.len());
        for entrant in entrants {
            let size = entrant.definition.size;
            let at = match entrant.position {
                Some(at) => at,
                None => {
                    let at = place(self, entrant.side, size, &taken).ok_or(Illegal::NoWay)?;
                    taken.push(Space::of(at, size));
                    at
                }
            };
            places.push(Some(at));
        }
        Ok(places)
    }

    /// A position that was named must be on the map and free.
    fn check_entrance(&self, entrant: &Entrant, before: &[Entrant]) -> Result<(), Illegal> {
        let Some(at) = entrant.position else { return Ok(()) };
        let space = Space::of(at, entrant.definition.size);
        self.check_free(space, None)?;
        let taken = before
            .iter()
            .filter_map(|other| Some(Space::of(other.position?, other.definition.size)))
            .any(|other| other.overlaps(space));
        if taken { Err(Illegal::Blocked) } else { Ok(()) }
    }

    /// A space is on the map and nobody but `own` stands in it.
    fn check_free(&self, space: Space, own: Option<CreatureId>) -> Result<(), Illegal> {
        let map = self.map().ok_or(Illegal::NoMap)?;
        if space.right() >= map.width || space.bottom() >= map.height {
            return Err(Illegal::OffTheMap);
        }
        let walled = space.squares().any(|square| map.at(square) == Terrain::Wall);
        let taken = self
            .creatures
            .iter()
            .filter(|other| other.present() && Some(other.id) != own)
            .filter_map(space_of)
            .any(|other| other.overlaps(space));
        if walled || taken { Err(Illegal::Blocked) } else { Ok(()) }
    }

    pub(super) fn check_roll_initiative(&self, id: CreatureId) -> Result<(), Illegal> {
        if self.phase != Phase::Gathering {
            return Err(Illegal::WrongPhase { phase: self.phase });
        }
        if self.here(id)?.initiative.is_some() {
            return Err(Illegal::InitiativeAlreadyRolled);
        }
        Ok(())
    }

    /// Before the first turn, once everybody has rolled: an order of everybody, each once.
    pub(super) fn check_set_order(&self, order: &[CreatureId]) -> Result<(), Illegal> {
        let first_turn = self.phase == Phase::Running && self.is_untouched();
        if self.phase != Phase::Gathering && !first_turn {
            return Err(Illegal::WrongPhase { phase: self.phase });
        }
        self.check_no_prompt()?;
        let mut wanted: Vec<CreatureId> = order.to_vec();
        wanted.sort_unstable();
        let mut present: Vec<CreatureId> =
            self.creatures.iter().filter(|it| it.present()).map(|it| it.id).collect();
        present.sort_unstable();
        if wanted != present {
            return Err(Illegal::BadOrder);
        }
        if order == self.order { Err(Illegal::NothingToDo) } else { Ok(()) }
    }

    /// Whether the first turn has begun and nothing was done in it.
    fn is_untouched(&self) -> bool {
        let current = self.current.and_then(|id| self.creature(id));
        self.round == 1
            && current.is_some_and(|it| {
                self.order.first() == Some(&it.id) && it.economy == Economy::default()
            })
    }

    pub(super) fn check_begin(&self) -> Result<(), Illegal> {
        if self.phase != Phase::Gathering {
            return Err(Illegal::WrongPhase { phase: self.phase });
        }
        let mut sides = self.creatures.iter().filter(|it| it.present()).map(|it| it.side);
        let Some(first) = sides.next() else { return Err(Illegal::NobodyToFight) };
        if sides.all(|side| side == first) { Err(Illegal::NobodyToFight) } else { Ok(()) }
    }

    pub(super) fn check_leave(&self, id: CreatureId) -> Result<(), Illegal> {
        self.check_not_over()?;
        self.here(id).map(|_| ())
    }

    pub(super) fn check_pause(&self) -> Result<(), Illegal> {
        match self.phase {
            Phase::Paused => Err(Illegal::AlreadyPaused),
            Phase::Gathering | Phase::Running => Ok(()),
            Phase::Unopened | Phase::Ended => Err(Illegal::WrongPhase { phase: self.phase }),
        }
    }

    pub(super) fn check_resume(&self) -> Result<(), Illegal> {
        if self.phase == Phase::Paused { Ok(()) } else { Err(Illegal::NotPaused) }
    }

    /// Somebody is caught unawares as a fight begins: before its initiative is rolled where that is
    /// what surprise is about, otherwise before its first turn is over.
    fn check_surprise(&self, creature: &Creature) -> Result<(), Illegal> {
        let slow_start = self.edition.surprise() == Surprise::SlowStart;
        if slow_start && creature.initiative.is_some() {
            return Err(Illegal::InitiativeAlreadyRolled);
        }
        if self.round > 1 { Err(Illegal::WrongPhase { phase: self.phase }) } else { Ok(()) }
    }

    pub(super) fn check_adjust(&self, id: CreatureId, wish: &Adjustments) -> Result<(), Illegal> {
        self.check_not_over()?;
        let creature = self.here(id)?;
        let maximum = creature.maximum();
        if wish.hit_points.is_some_and(|now| now > maximum) {
            return Err(Illegal::HitPointsOverMaximum { maximum });
        }
        if wish.surprised == Some(true) {
            self.check_surprise(creature)?;
        }
        if let Some(at) = wish.position {
            self.check_free(Space::of(at, creature.definition.size), Some(id))?;
        }
        match wish.add_conditions.iter().find(|(condition, _)| creature.immune_to(*condition)) {
            Some((condition, _)) => Err(Illegal::ConditionImmune { condition: *condition }),
            None if changes(creature, wish) => Ok(()),
            None => Err(Illegal::NothingToDo),
        }
    }
}

/// Whether a condition from the GM would be news: one that the creature has from the GM already,
/// for as long, would not, but each further level of exhaustion is.
pub(in crate::rules) fn adds(creature: &Creature, condition: Condition, until: Until) -> bool {
    !creature.conditions.iter().any(|known| {
        known.condition == condition
            && known.source.is_none()
            && known.until == until
            && (condition != Condition::Exhaustion || known.level >= EXHAUSTION_MAX)
    })
}

/// Whether the GM's wish would change anything.
fn changes(creature: &Creature, wish: &Adjustments) -> bool {
    wish.hit_points.is_some_and(|now| now != creature.hit_points)
        || wish.temporary_hit_points.is_some_and(|now| now != creature.temporary_hit_points)
        || wish.position.is_some_and(|at| Some(at) != creature.position)
        || wish.hidden.is_some_and(|hidden| hidden != creature.hidden)
        || wish.surprised.is_some_and(|it| it != creature.affected(EffectKind::Surprised))
        || wish.autopilot.is_some_and(|autopilot| autopilot != creature.autopilot)
        || wish.add_conditions.iter().any(|(condition, until)| adds(creature, *condition, *until))
        || wish.remove_conditions.iter().any(|condition| creature.has(*condition))
}
