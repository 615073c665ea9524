//! The monsters everybody can call up by name: two books, one for each edition, in our own words.
//!
//! Each is read once, when it is first asked for, then shared. A monster that does not validate is
//! not in the book; a test sees to it that none is missing.

use std::sync::{Arc, OnceLock};

use serde::Deserialize;

use crate::rules::creature::{Definition, Kind, Problem};
use crate::rules::event::Edition;

use super::schema::StatBlock;
use super::{build, read, words};

/// What an id of a monster of SRD 5.2.1 begins with.
pub const PREFIX: &str = "srd:";
/// What an id of a monster of SRD 5.1 begins with.
pub const PREFIX_51: &str = "srd51:";

/// The files of SRD 5.2.1, by name; the name leads a path in a problem.
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

/// The files of SRD 5.1.
pub(super) const FILES_51: [(&str, &str); 8] = [
    ("beasts_a_to_g.json", include_str!("../../assets/srd51/monsters/beasts_a_to_g.json")),
    ("beasts_h_to_z.json", include_str!("../../assets/srd51/monsters/beasts_h_to_z.json")),
    ("dragons.json", include_str!("../../assets/srd51/monsters/dragons.json")),
    ("fiends.json", include_str!("../../assets/srd51/monsters/fiends.json")),
    ("humanoids.json", include_str!("../../assets/srd51/monsters/humanoids.json")),
    ("monstrosities.json", include_str!("../../assets/srd51/monsters/monstrosities.json")),
    ("others.json", include_str!("../../assets/srd51/monsters/others.json")),
    ("undead.json", include_str!("../../assets/srd51/monsters/undead.json")),
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
    /// `srd:` or `srd51:` and the name in lower case with hyphens.
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

/// All monsters of one book, by name.
#[derive(Debug)]
pub struct Bestiary {
    prefix: &'static str,
    entries: Vec<Entry>,
    problems: Vec<Problem>,
}

impl Bestiary {
    /// The monsters of SRD 5.2.1.
    pub fn srd() -> &'static Self {
        static BOOK: OnceLock<Bestiary> = OnceLock::new();
        BOOK.get_or_init(|| Self::from_files(PREFIX, &FILES))
    }

    /// The monsters of SRD 5.1.
    pub fn srd51() -> &'static Self {
        static BOOK: OnceLock<Bestiary> = OnceLock::new();
        BOOK.get_or_init(|| Self::from_files(PREFIX_51, &FILES_51))
    }

    /// The book of an edition.
    pub fn of(edition: Edition) -> &'static Self {
        match edition {
            Edition::Srd521 => Self::srd(),
            Edition::Srd51 => Self::srd51(),
        }
    }

    fn from_files(prefix: &'static str, files: &[(&str, &str)]) -> Self {
        let mut book = Self { prefix, entries: Vec::new(), problems: Vec::new() };
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
                let id = id_of(self.prefix, &definition.name);
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
        let id = match wanted.strip_prefix(self.prefix) {
            Some(_) => wanted.to_ascii_lowercase(),
            None => id_of(self.prefix, wanted),
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

/// A monster by name: of the book that was named, or else of the one of the fight's edition, or
/// else of the other.
pub fn find(name: &str, named: Option<Edition>, of_the_fight: Edition) -> Option<&'static Entry> {
    let books = match (named, of_the_fight) {
        (Some(edition), _) => return Bestiary::of(edition).find(name),
        (None, Edition::Srd521) => [Bestiary::srd(), Bestiary::srd51()],
        (None, Edition::Srd51) => [Bestiary::srd51(), Bestiary::srd()],
    };
    books.into_iter().find_map(|book| book.find(name))
}

/// The id of a monster's name in a book: lower case, spaces as hyphens, everything else but letters
/// dropped.
pub fn id_of(prefix: &str, name: &str) -> String {
    let mut id = String::from(prefix);
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
        assert_eq!(id_of(PREFIX, "Goblin Warrior"), "srd:goblin-warrior");
        assert_eq!(id_of(PREFIX_51, "Will-o'-Wisp"), "srd51:will-o-wisp");
    }

    #[test]
    fn a_broken_file_is_a_problem_with_its_place_and_costs_only_itself() {
        let good = r#"{"monsters": [{"name": "Mud", "size": "huge", "type": "ooze",
            "challenge": "0", "armor_class": 5, "hit_points": 9, "speed": {},
            "abilities": {"strength": 1, "dexterity": 1, "constitution": 1,
                          "intelligence": 1, "wisdom": 1, "charisma": 1}}]}"#;
        let bad = good.replace("huge", "vast");
        let book = Bestiary::from_files(PREFIX, &[("a", good), ("b", &bad), ("c", "{")]);
        assert_eq!(book.iter().count(), 1);
        assert_eq!(book.find("mud").unwrap().challenge(), "0");
        let paths: Vec<&str> = book.problems().iter().map(|p| p.path.as_str()).collect();
        assert_eq!(paths, ["b: Mud: size", "c"]);
    }
}
