//! Lists of spells on the wire: names, levels and how often, as a stat block has them.
//!
//! What is written can always be read back as the same list.

use super::super::malformed::{Inside, Malformed};
use super::super::pb;
use super::super::values::number;
use super::super::words::{Word, word, word_or_none};
use super::entries::{list, uses_of};
use super::read::text;
use super::uses_to;
use crate::rules::creature::{ListedSpell, SpellList};

pub(super) fn spell_list_to(list: &SpellList) -> pb::SpellList {
    let SpellList { name, cost, uses, ability, save_dc, to_hit, spells } = list;
    let spells = spells.iter().map(|spell| {
        let ListedSpell { name, level, uses } = spell;
        pb::spell_list::Spell {
            name: name.clone(),
            level: level.map(u32::from),
            uses: Some(uses_to(*uses)),
        }
    });
    pb::SpellList {
        name: name.clone(),
        cost: cost.to_wire(),
        uses: Some(uses_to(*uses)),
        ability: ability.map_or(0, Word::to_wire),
        save_dc: save_dc.map(u32::from),
        to_hit: to_hit.map(i32::from),
        spells: spells.collect(),
    }
}

pub(super) fn spell_list_of(wire: &pb::SpellList) -> Result<SpellList, Malformed> {
    let spell = |spell: &pb::spell_list::Spell| -> Result<ListedSpell, Malformed> {
        Ok(ListedSpell {
            name: text(&spell.name, "name")?,
            level: spell.level.map(|level| number(level, "level")).transpose()?,
            uses: uses_of(spell.uses.as_ref()).inside("")?,
        })
    };
    Ok(SpellList {
        name: text(&wire.name, "name")?,
        cost: word(wire.cost, "cost")?,
        uses: uses_of(wire.uses.as_ref())?,
        ability: word_or_none(wire.ability, "ability")?,
        save_dc: wire.save_dc.map(|dc| number(dc, "save_dc")).transpose()?,
        to_hit: wire.to_hit.map(|bonus| number(bonus, "to_hit")).transpose()?,
        spells: list("spells", &wire.spells, spell)?,
    })
}
