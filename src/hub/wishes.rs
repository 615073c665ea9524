//! From what was asked to what the rules understand: names of the book and stored sheets become
//! creatures with all their figures.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::access::Principal;
use super::refusal::Refusal;
use super::{Hub, fight::FightKey};
use crate::clock;
use crate::content::{Heroes, bestiary};
use crate::protocol::{CreatureSpec, JoinAs, Source};
use crate::rules::creature::Definition;
use crate::rules::event::Edition;
use crate::rules::grid::Position;
use crate::rules::id::{CreatureId, SideId};
use crate::rules::intent::Entrant;
use crate::rules::state::Combat;

/// A new creature id: opaque, and as good as never given twice.
fn fresh_creature_id() -> Result<CreatureId, Refusal> {
    let bytes = clock::random_bytes::<8>().map_err(|fault| Refusal::bug(&fault))?;
    let text = format!("c{:013x}", u64::from_be_bytes(bytes) >> 12);
    text.parse().map_err(|fault| Refusal::bug(&fault))
}

fn definition_of(source: &Source, edition: Edition) -> Result<Arc<Definition>, Refusal> {
    match source {
        Source::Monster { name, edition: named } => bestiary::find(name.as_str(), *named, edition)
            .map(|entry| Arc::clone(&entry.definition))
            .ok_or_else(|| Refusal::NoSuchContent { what: name.to_string() }),
        Source::Hero(slug) => {
            let wanted = format!("hero:{slug}");
            let entry = Heroes::srd().find(&wanted).or_else(|| Heroes::srd().find(slug.as_str()));
            entry
                .map(|entry| Arc::clone(&entry.definition))
                .ok_or_else(|| Refusal::NoSuchContent { what: slug.to_string() })
        }
        Source::Own(definition) => Ok(Arc::clone(definition)),
    }
}

/// A name nobody in the fight has yet: the name itself, or with the first number that is free.
fn free_name(name: &str, numbered: bool, taken: &mut BTreeSet<String>) -> String {
    let first = u32::from(numbered);
    for number in first.. {
        let tried = if number == 0 { name.to_owned() } else { format!("{name} {number}") };
        if taken.insert(tried.clone()) {
            return tried;
        }
    }
    name.to_owned()
}

/// The creatures of a request of the game master.
pub(super) fn entrants(combat: &Combat, specs: &[CreatureSpec]) -> Result<Vec<Entrant>, Refusal> {
    let mut taken: BTreeSet<String> =
        combat.creatures().iter().map(|creature| creature.name().to_owned()).collect();
    let mut entrants = Vec::new();
    for spec in specs {
        let definition = definition_of(&spec.source, combat.edition())?;
        let name = spec.name.clone().unwrap_or_else(|| definition.name.clone());
        let numbered = spec.count > 1 || taken.contains(&name);
        for index in 0..spec.count {
            entrants.push(Entrant {
                id: fresh_creature_id()?,
                name: free_name(&name, numbered, &mut taken),
                side: spec.side,
                owner: None,
                character: None,
                definition: Arc::clone(&definition),
                hit_points: None,
                temporary_hit_points: 0,
                spent: Vec::new(),
                position: spec.position.filter(|_| index == 0),
                hidden: spec.hidden,
                autopilot: spec.autopilot,
            });
        }
    }
    Ok(entrants)
}

impl Hub {
    /// The creature of somebody who joins: a stored character, or a ready-made hero.
    #[allow(clippy::too_many_arguments, reason = "the fields of the request, with who asks where")]
    pub(super) fn joining(
        &self,
        who: &Principal,
        key: FightKey,
        combat: &Combat,
        join: &JoinAs,
        name: Option<&String>,
        side: SideId,
        position: Option<Position>,
    ) -> Result<Entrant, Refusal> {
        let mut taken: BTreeSet<String> =
            combat.creatures().iter().map(|creature| creature.name().to_owned()).collect();
        let mut entrant = match join {
            JoinAs::Hero(slug) => {
                let definition = definition_of(&Source::Hero(*slug), combat.edition())?;
                Entrant {
                    id: fresh_creature_id()?,
                    name: definition.name.clone(),
                    side,
                    owner: Some(who.user),
                    character: None,
                    definition,
                    hit_points: None,
                    temporary_hit_points: 0,
                    spent: Vec::new(),
                    position,
                    hidden: false,
                    autopilot: false,
                }
            }
            JoinAs::Character(id) => {
                let sheet = self.sheet_to_join(who, key, *id)?;
                Entrant { id: fresh_creature_id()?, side, position, ..sheet }
            }
        };
        if let Some(name) = name {
            entrant.name.clone_from(name);
        }
        entrant.name = free_name(&entrant.name, false, &mut taken);
        Ok(entrant)
    }
}
