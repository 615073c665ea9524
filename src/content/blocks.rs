//! The book's stat blocks as they are written, for whoever changes a figure and keeps the rest.
//!
//! Read once and only when somebody asks; the creatures themselves come from the bestiary and the
//! heroes, which have checked them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::Value;

use super::{bestiary, heroes};

/// The stat block of a monster (`srd:goblin-warrior`, `srd51:goblin`) or of a ready-made hero (`hero:fighter`), as
/// JSON of the schema.
pub fn stat_block(id_or_name: &str) -> Option<&'static Value> {
    static BLOCKS: OnceLock<BTreeMap<String, Value>> = OnceLock::new();
    let blocks = BLOCKS.get_or_init(read_all);
    let wanted = id_or_name.trim().to_ascii_lowercase();
    blocks.get(&wanted).or_else(|| blocks.get(&bestiary::id_of(bestiary::PREFIX, &wanted)))
}

fn read_all() -> BTreeMap<String, Value> {
    let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let mut blocks = BTreeMap::new();
    let new = bestiary::FILES.iter().map(|(_, text)| (bestiary::PREFIX, *text));
    let old = bestiary::FILES_51.iter().map(|(_, text)| (bestiary::PREFIX_51, *text));
    for (prefix, text) in new.chain(old) {
        for block in parse(text).get("monsters").and_then(Value::as_array).into_iter().flatten() {
            if let Some(name) = block.get("name").and_then(Value::as_str) {
                blocks.insert(bestiary::id_of(prefix, name), block.clone());
            }
        }
    }
    for (_, text) in heroes::FILES {
        let Some(sheet) = parse(text).get("sheet").cloned() else { continue };
        let class = sheet.get("class").and_then(|class| class.get("name")).and_then(Value::as_str);
        if let Some(class) = class {
            blocks.insert(format!("{}{}", heroes::PREFIX, class.to_lowercase()), sheet);
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{Bestiary, Heroes, build, schema};

    /// Whoever changes nothing gets exactly the creature of the book.
    #[test]
    fn every_block_builds_the_creature_of_the_same_id() {
        let books = Bestiary::srd().iter().chain(Bestiary::srd51().iter());
        let monsters = books.map(|entry| (&entry.id, &entry.definition));
        let heroes = Heroes::srd().iter().map(|entry| (&entry.id, &entry.definition));
        for (id, definition) in monsters.chain(heroes) {
            let block = stat_block(id).unwrap_or_else(|| panic!("{id} has no block"));
            let block: schema::StatBlock = serde_json::from_value(block.clone()).unwrap();
            assert_eq!(build::definition(&block).as_ref(), Ok(&**definition), "{id}");
        }
        assert!(stat_block("srd:nobody").is_none());
    }
}
