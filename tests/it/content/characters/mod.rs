//! Characters: the book against the text, sheets worked out by hand, and every way to go wrong.

mod book;
mod legality;
mod ready;
mod sheets;

use skirmish::content::characters::{Sheet, Wishes, quick};

/// A sheet of a class and a level, the rest as it comes.
pub(super) fn made(class: &str, level: u8) -> Sheet {
    quick(&Wishes {
        name: "Ada".into(),
        class: class.into(),
        level: Some(level),
        ..Wishes::default()
    })
}

/// What the document shows is a sheet that can be used.
#[test]
fn the_example_of_the_document_is_a_character() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/characters.md");
    let document = std::fs::read_to_string(path).unwrap();
    let example = document.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    let (sheet, derived) = skirmish::content::characters::import(example).unwrap();
    assert_eq!(derived.level, 5);
    assert!(sheet.lineage.is_some() && !sheet.masteries.is_empty() && !sheet.options.is_empty());
}
