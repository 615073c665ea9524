//! Whether lists of spells are in order: names to show, figures within their limits.

use super::{Check, DC_MAX, PARTS_MAX};
use crate::rules::creature::{SPELL_LEVEL_MAX, SPELLS_MAX, SpellList};

impl Check {
    pub(super) fn spell_lists(&mut self, lists: &[SpellList]) {
        self.count("spell_lists", lists.len(), PARTS_MAX);
        for (at, list) in lists.iter().enumerate() {
            let path = format!("spell_lists[{at}]");
            self.name(&format!("{path}.name"), &list.name);
            self.uses(&format!("{path}.uses"), list.uses);
            if let Some(dc) = list.save_dc {
                self.within(&format!("{path}.save_dc"), u32::from(dc), 1, u32::from(DC_MAX));
            }
            self.bonus(&format!("{path}.to_hit"), i16::from(list.to_hit.unwrap_or_default()), 40);
            self.count(&format!("{path}.spells"), list.spells.len(), SPELLS_MAX);
            if list.spells.is_empty() {
                self.wrong(format!("{path}.spells"), "is empty and must name a spell");
            }
            for (at, spell) in list.spells.iter().enumerate() {
                let path = format!("{path}.spells[{at}]");
                self.name(&format!("{path}.name"), &spell.name);
                self.uses(&format!("{path}.uses"), spell.uses);
                if let Some(level) = spell.level {
                    let most = u32::from(SPELL_LEVEL_MAX);
                    self.within(&format!("{path}.level"), u32::from(level), 1, most);
                }
            }
        }
    }
}
