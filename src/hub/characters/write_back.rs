//! A character's way into a fight and out of it: its sheet is copied in, what happened is written
//! back in the very commit that ends the fight or takes the character out.
//!
//! A character is in one running fight at most, and no sheet that was changed since is overwritten.

use std::sync::Arc;

use super::{now, write};
use crate::hub::Hub;
use crate::hub::access::Principal;
use crate::hub::fight::FightKey;
use crate::hub::refusal::Refusal;
use crate::protocol::{definition_of, pb};
use crate::rules::id::{BadId, CharacterId, CombatId, SideId, Slug};
use crate::rules::illegal::Phase;
use crate::rules::intent::Entrant;
use crate::rules::state::{Combat, Creature};
use crate::store::CharacterWrite;

impl Hub {
    /// A stored character on its way into a fight.
    pub(in crate::hub) fn sheet_to_join(
        &self,
        who: &Principal,
        key: FightKey,
        id: CharacterId,
    ) -> Result<Entrant, Refusal> {
        let (stored, character) = self.stored(key.guild, id)?;
        if stored.owner != who.user.0 {
            return Err(Refusal::NoSuchCharacter);
        }
        if !character.session_id.is_empty() {
            return Err(Refusal::CharacterBusy);
        }
        let wire = character.definition.as_ref().ok_or(Refusal::NoSuchCharacter)?;
        let definition = Arc::new(definition_of(wire)?);
        let placeholder = "new".parse().map_err(|bad: BadId| Refusal::bug(&bad))?;
        Ok(Entrant {
            id: placeholder,
            name: character.name,
            side: SideId::party(),
            owner: Some(who.user),
            character: Some(id),
            hit_points: u16::try_from(character.hit_points).ok(),
            definition,
            temporary_hit_points: 0,
            spent: character.spent.iter().filter_map(spent_of).collect(),
            position: None,
            hidden: false,
            autopilot: false,
        })
    }

    /// What a commit writes to character sheets: those that come into the fight are marked, those
    /// that leave it or whose fight ends are written back.
    pub(in crate::hub) fn sheet_writes(
        &self,
        key: FightKey,
        before: &Combat,
        after: &Combat,
    ) -> Result<Vec<CharacterWrite>, Refusal> {
        let was = in_fight(before);
        let is = in_fight(after);
        let mut writes = Vec::new();
        for (id, creature) in &is {
            if !was.iter().any(|(known, _)| known == id) {
                writes.extend(self.mark(key, *id, creature)?);
            }
        }
        for (id, _) in &was {
            if !is.iter().any(|(known, _)| known == id) {
                let creature = after
                    .creatures()
                    .iter()
                    .rev()
                    .find(|creature| creature.character() == Some(*id));
                writes.extend(self.write_back(key, *id, creature)?);
            }
        }
        Ok(writes)
    }

    fn mark(
        &self,
        key: FightKey,
        id: CharacterId,
        creature: &Creature,
    ) -> Result<Option<CharacterWrite>, Refusal> {
        let (stored, mut character) = self.stored(key.guild, id)?;
        let session = key.combat.to_string();
        if !character.session_id.is_empty() && character.session_id != session {
            return Err(Refusal::CharacterBusy);
        }
        // Coming back by undoing the end: only if nobody has touched the sheet since.
        let hurt = u32::from(creature.hit_points()) != character.hit_points;
        if hurt && character.written_by != session {
            return Err(Refusal::SheetChanged);
        }
        character.session_id = session;
        character.version = stored.version.saturating_add(1);
        write(&character, Some(stored.version)).map(Some)
    }

    fn write_back(
        &self,
        key: FightKey,
        id: CharacterId,
        creature: Option<&Creature>,
    ) -> Result<Option<CharacterWrite>, Refusal> {
        let (stored, mut character) = match self.stored(key.guild, id) {
            Ok(found) => found,
            Err(Refusal::NoSuchCharacter) => return Ok(None),
            Err(refusal) => return Err(refusal),
        };
        let session: CombatId = key.combat;
        character.session_id.clear();
        character.written_by = session.to_string();
        if let Some(creature) = creature {
            character.hit_points = u32::from(creature.hit_points());
            character.spent = creature
                .spent()
                .iter()
                .map(|(entry, spent)| pb::UseCount {
                    entry: entry.to_string(),
                    spent: u32::from(*spent),
                })
                .collect();
        }
        character.updated_at = Some(now());
        character.version = stored.version.saturating_add(1);
        write(&character, Some(stored.version)).map(Some)
    }
}

fn spent_of(count: &pb::UseCount) -> Option<(Slug, u8)> {
    Some((count.entry.parse().ok()?, u8::try_from(count.spent).ok()?))
}

/// The characters that this fight has now.
fn in_fight(combat: &Combat) -> Vec<(CharacterId, &Creature)> {
    if combat.phase() == Phase::Ended {
        return Vec::new();
    }
    let here = combat.creatures().iter().filter(|creature| !creature.left());
    here.filter_map(|creature| Some((creature.character()?, creature))).collect()
}
