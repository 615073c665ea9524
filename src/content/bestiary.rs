//! The monsters everybody can call up by name: figures of SRD 5.2.1 in our own words.
//!
//! Read once, then shared. A monster that does not validate is not in the book; a test sees to it
//! that none is missing.

use std::sync::{Arc, OnceLock};

use serde::Deserialize;

use crate::rules::creature::{Definition, Kind, Problem};

use super::schema::StatBlock;
use super::{build, read, words};

/// What an id of a monster of the SRD begins with.
pub const PREFIX: &str = "srd:";

/// The built-in files, by name; the name leads a path in a problem.
pub(super) const FILES: [(&str, &str); 15] = [
    ("aberrations.json", include_str!("../../assets/srd/monsters/aberrations.json")),
    ("beasts_a_to_g.json", include_str!("../../assets/srd/monsters/beasts_a_to_g.json")),
    ("beasts_h_to_z.json", include_str!("../../assets/srd/monsters/beasts_h_to_z.json")),
    ("celestials.json", include_str!("../../assets/srd/monsters/celestials.json")),
    ("constructs.json", include_str!("../../assets/srd/monsters/constructs.json")),
    ("dragons_chromatic.json", include_str!("../../assets/srd/monsters/dragons_chromatic.json")),
    (
        "dragons_metallic_and_others.json",
        include_str!("../../assets/srd/monsters/dragons_metallic_and_others.json"),
    ),
    ("elementals.json", include_str!("../../assets/srd/monsters/elementals.json")),
    ("fey.json", include_str!("../../assets/srd/monsters/fey.json")),
    ("fiends.json", include_str!("../../assets/srd/monsters/fiends.json")),
    ("giants.json", include_str!("../../assets/srd/monsters/giants.json")),
    ("humanoids.json", include_str!("../../assets/srd/monsters/humanoids.json")),
    ("monstrosities.json", include_str!("../../assets/srd/monsters/monstrosities.json")),
    ("plants_and_oozes.json", include_str!("../../assets/srd/monsters/plants_and_oozes.json")),
    ("undead.json", include_str!("../../assets/srd/monsters/undead.json")),
];

/// A file of monsters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MonsterFile {
    monsters: Vec<StatBlock>,
}

/// One monster of the book.
#[derive(Debug, Clone)]
pub struct Entry {
    /// `srd:` and the name in lower case with hyphens.
    pub id: String,
    pub definition: Arc<Definition>,
}

impl Entry {
    /// The name as the book writes it.
    pub fn name(&self) -> &str {
        &self.definition.name
    }

    /// The challenge rating as the book writes it.
    pub fn challenge(&self) -> String {
        match self.definition.kind {
            Kind::Monster { rating_eighths } => words::rating_text(rating_eighths),
            Kind::Hero { .. } => String::new(),
        }
    }

    /// Beast, undead and so on, in lower case.
    pub fn creature_type(&self) -> &str {
        &self.definition.creature_type
    }
}

/// All monsters, by name.
#[derive(Debug, Default)]
pub struct Bestiary {
    entries: Vec<Entry>,
    problems: Vec<Problem>,
}

impl Bestiary {
    /// The built-in monsters.
    pub fn srd() -> &'static Self {
        static BOOK: OnceLock<Bestiary> = OnceLock::new();
        BOOK.get_or_init(|| Self::from_files(&FILES))
    }

    fn from_files(files: &[(&str, &str)]) -> Self {
        let mut book = Self::default();
        for (file, text) in files {
            match read::json::<MonsterFile>(text) {
                Ok(read) => read.monsters.iter().for_each(|block| book.add(file, block)),
                Err(problem) => book.note(file, problem),
            }
        }
        book.entries.sort_by(|a, b| a.name().cmp(b.name()));
        book
    }

    fn add(&mut self, file: &str, block: &StatBlock) {
        match build::definition(block) {
            Ok(definition) => {
                let id = id_of(&definition.name);
                self.entries.push(Entry { id, definition: Arc::new(definition) });
            }
            Err(problems) => {
                let place = format!("{file}: {}", block.name);
                for problem in problems {
                    self.note(&place, problem);
                }
            }
        }
    }

    fn note(&mut self, place: &str, problem: Problem) {
        let path = if problem.path.is_empty() {
            place.to_owned()
        } else {
            format!("{place}: {}", problem.path)
        };
        self.problems.push(Problem { path, message: problem.message });
    }

    /// The monster with that id (`srd:goblin-warrior`) or that name in whatever case.
    pub fn find(&self, id_or_name: &str) -> Option<&Entry> {
        let wanted = id_or_name.trim();
        let id = match wanted.strip_prefix(PREFIX) {
            Some(_) => wanted.to_ascii_lowercase(),
            None => id_of(wanted),
        };
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// What is wrong with the built-in files: nothing, as a test makes sure.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

/// The id of a monster's name: lower case, spaces as hyphens, everything else but letters dropped.
pub fn id_of(name: &str) -> String {
    let mut id = String::from(PREFIX);
    for c in name.chars() {
        match c {
            'A'..='Z' | 'a'..='z' | '0'..='9' | '-' => id.push(c.to_ascii_lowercase()),
            ' ' => id.push('-'),
            _ => {}
        }
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_the_names() {
        assert_eq!(id_of("Goblin Warrior"), "srd:goblin-warrior");
        assert_eq!(id_of("Will-o'-Wisp"), "srd:will-o-wisp");
    }

    #[test]
    fn a_broken_file_is_a_problem_with_its_place_and_costs_only_itself() {
        let good = r#"{"monsters": [{"name": "Mud", "size": "huge", "type": "ooze",
            "challenge": "0", "armor_class": 5, "hit_points": 9, "speed": {},
            "abilities": {"strength": 1, "dexterity": 1, "constitution": 1,
                          "intelligence": 1, "wisdom": 1, "charisma": 1}}]}"#;
        let bad = good.replace("huge", "vast");
        let book = Bestiary::from_files(&[("a", good), ("b", &bad), ("c", "{")]);
        assert_eq!(book.iter().count(), 1);
        assert_eq!(book.find("mud").unwrap().challenge(), "0");
        let paths: Vec<&str> = book.problems().iter().map(|p| p.path.as_str()).collect();
        assert_eq!(paths, ["b: Mud: size", "c"]);
    }
}
