//! Which creatures are asked for: by the name of a stat block, or with one of somebody's own.
//!
//! Whether a stat block of that name exists is for the content to say, not decided here.

use std::sync::Arc;

use super::{COUNT_MAX, SPECS_MAX, at_most, text};
use crate::protocol::definition::definition_of;
use crate::protocol::malformed::{Inside, Malformed};
use crate::protocol::pb;
use crate::protocol::values::{id, id_or_none, position_of};
use crate::rules::creature::Definition;
use crate::rules::event::Edition;
use crate::rules::grid::Position;
use crate::rules::id::{CharacterId, SideId, Slug};

/// Where a creature's figures come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A monster of a book: `srd:goblin-warrior` of the book of the fight's edition, or of the other
    /// where that has none of the name; `srd51:goblin` of SRD 5.1 alone.
    Monster { name: Slug, edition: Option<Edition> },
    /// A ready-made hero, such as `hero:fighter`.
    Hero(Slug),
    /// Somebody's own stat block, validated.
    Own(Arc<Definition>),
}

/// Creatures to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatureSpec {
    pub source: Source,
    /// 1 to 50.
    pub count: u32,
    /// The name shown; the stat block's own if absent.
    pub name: Option<String>,
    pub side: SideId,
    pub hidden: bool,
    /// Whether the program plays them.
    pub autopilot: bool,
    pub position: Option<Position>,
}

/// As whom somebody joins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JoinAs {
    /// A stored character of the sender.
    Character(CharacterId),
    /// A ready-made hero.
    Hero(Slug),
}

pub(super) fn specs_of(specs: &[pb::CreatureSpec]) -> Result<Vec<CreatureSpec>, Malformed> {
    at_most(specs.len(), SPECS_MAX, "creatures")?;
    specs
        .iter()
        .enumerate()
        .map(|(index, spec)| spec_of(spec).inside_nth("creatures", index))
        .collect()
}

fn spec_of(spec: &pb::CreatureSpec) -> Result<CreatureSpec, Malformed> {
    if spec.count > COUNT_MAX {
        return Err(Malformed::wrong("count", format!("must be {COUNT_MAX} at most")));
    }
    Ok(CreatureSpec {
        source: source_of(spec)?,
        count: spec.count.max(1),
        name: text::name_or_none(&spec.name, "name")?,
        side: id_or_none(&spec.side, "side")?.unwrap_or_else(SideId::foes),
        hidden: spec.hidden,
        autopilot: spec.autopilot.unwrap_or(true),
        position: spec.position.map(position_of).transpose().inside("position")?,
    })
}

fn source_of(spec: &pb::CreatureSpec) -> Result<Source, Malformed> {
    match (spec.from.as_str(), spec.definition.as_ref()) {
        ("", None) => Err(Malformed::wrong("from", "or a definition must be given")),
        ("", Some(definition)) => definition_of(definition)
            .map(|definition| Source::Own(Arc::new(definition)))
            .map_err(|faults| Malformed::all("definition", &faults)),
        (_, Some(_)) => Err(Malformed::wrong("from", "must be empty if a definition is given")),
        (from, None) => match from.split_once(':') {
            Some(("srd", name)) => Ok(Source::Monster { name: id(name, "from")?, edition: None }),
            Some(("srd51", name)) => {
                Ok(Source::Monster { name: id(name, "from")?, edition: Some(Edition::Srd51) })
            }
            Some(("hero", name)) => Ok(Source::Hero(id(name, "from")?)),
            Some(_) | None => {
                Err(Malformed::wrong("from", "must begin with srd:, srd51: or hero:"))
            }
        },
    }
}

pub(super) fn join_as(join: &pb::Join) -> Result<JoinAs, Malformed> {
    use pb::join::Who;
    match join.who.as_ref().ok_or_else(|| Malformed::no_choice("who"))? {
        Who::CharacterId(character) => Ok(JoinAs::Character(id(character, "character_id")?)),
        Who::Hero(hero) => {
            let name = hero.strip_prefix("hero:").unwrap_or(hero);
            Ok(JoinAs::Hero(id(name, "hero")?))
        }
    }
}
