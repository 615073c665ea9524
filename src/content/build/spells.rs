//! Lists of spells out of a stat block: words become abilities, figures are checked later.

use crate::rules::ability::Ability;
use crate::rules::creature::{ListedSpell, SPELLS_MAX, SpellList};

use super::super::read::Faults;
use super::super::schema::StatBlock;
use super::super::words;
use super::deeds::{cost, uses};
use super::riders::check_count;

/// What the block says it can cast.
pub(super) fn spell_lists(block: &StatBlock, faults: &mut Faults) -> Vec<SpellList> {
    let listed = block.spell_lists.iter().enumerate();
    let lists = listed.map(|(at, text)| {
        let path = format!("spell_lists[{at}]");
        let ability_path = format!("{path}.ability");
        check_count(&format!("{path}.spells"), text.spells.len(), SPELLS_MAX, faults);
        let spells = text.spells.iter().take(SPELLS_MAX).enumerate().map(|(at, spell)| {
            let path = format!("{path}.spells[{at}].uses");
            ListedSpell {
                name: spell.name.clone(),
                level: spell.level,
                uses: uses(&path, spell.uses, faults),
            }
        });
        let spells = spells.collect();
        SpellList {
            name: text.name.clone(),
            cost: cost(text.cost),
            uses: uses(&format!("{path}.uses"), text.uses, faults),
            ability: text.ability.as_ref().map(|ability| {
                faults.take(&ability_path, words::ability(ability), Ability::Intelligence)
            }),
            save_dc: text.save_dc,
            to_hit: text.to_hit,
            spells,
        }
    });
    lists.collect()
}
