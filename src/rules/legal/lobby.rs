//! What may be done before, around and after the turns: opening, entering, beginning, ending.

use crate::rules::creature::NAME_MAX_CHARS;
use crate::rules::geometry::Space;
use crate::rules::id::CreatureId;
use crate::rules::illegal::{Illegal, Phase};
use crate::rules::intent::{Adjustments, Entrant};
use crate::rules::state::{CREATURES_MAX, Combat};

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
    pub(super) fn check_initiate(&self, name: &str) -> Result<(), Illegal> {
        if self.phase != Phase::Unopened {
            return Err(Illegal::AlreadyInitiated);
        }
        check_name(name)
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
        Ok(())
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
        use crate::rules::geometry::space_of;
        use crate::rules::grid::Terrain;
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
        let first_turn = self.phase == Phase::Running && self.turn <= 1;
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
        Ok(())
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

    pub(super) fn check_adjust(&self, id: CreatureId, wish: &Adjustments) -> Result<(), Illegal> {
        self.check_not_over()?;
        let creature = self.here(id)?;
        let maximum = creature.definition.hit_points;
        if wish.hit_points.is_some_and(|now| now > maximum) {
            return Err(Illegal::HitPointsOverMaximum { maximum });
        }
        if let Some(at) = wish.position {
            self.check_free(Space::of(at, creature.definition.size), Some(id))?;
        }
        let immunities = creature.definition.condition_immunities;
        match wish.add_conditions.iter().find(|(condition, _)| immunities.contains(*condition)) {
            Some((condition, _)) => Err(Illegal::ConditionImmune { condition: *condition }),
            None => Ok(()),
        }
    }
}
