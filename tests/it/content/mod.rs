//! The books against the SRD: every figure that the reference has, and every hero made again.
//!
//! The reference lies beside the project, not in it. Where it is absent these comparisons say that
//! they were not run; in CI its absence is a failure.

mod characters;
mod gear;
mod heroes;
mod monsters;
mod monsters51;
mod published;
mod reference;

use skirmish::content::{Armory, Bestiary, Heroes, coverage};

#[test]
fn nothing_is_wrong_with_the_built_in_books() {
    assert_eq!(Bestiary::srd().problems(), []);
    assert_eq!(Bestiary::srd51().problems(), []);
    assert_eq!(Heroes::srd().problems(), []);
    assert_eq!(Armory::srd().problems(), []);
    assert_eq!(Bestiary::srd().iter().count(), 330);
    assert_eq!(Bestiary::srd51().iter().count(), 334);
    assert_eq!(Heroes::srd().iter().count(), 8);
}

#[test]
fn ids_are_unique_and_lead_back() {
    for book in [Bestiary::srd(), Bestiary::srd51()] {
        for entry in book.iter() {
            let found = book.find(&entry.id).unwrap();
            assert_eq!(found.name(), entry.name());
            assert_eq!(book.find(&entry.name().to_uppercase()).unwrap().id, entry.id);
        }
    }
    for entry in Heroes::srd().iter() {
        assert_eq!(Heroes::srd().find(&entry.id).unwrap().name(), entry.name());
    }
    assert_eq!(Bestiary::srd().find("srd:goblin-warrior").unwrap().challenge(), "1/4");
    assert!(Bestiary::srd().find("srd:nobody").is_none());
}

#[test]
fn the_page_of_what_is_played_says_what_the_bestiary_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules-coverage.md");
    let expected = coverage::page(Bestiary::srd(), Bestiary::srd51());
    #[expect(clippy::disallowed_methods, reason = "a test that rewrites its own page on request")]
    let rewrite = std::env::var_os("UPDATE_DOCS").is_some();
    if rewrite {
        std::fs::write(path, &expected).unwrap();
    }
    let page = std::fs::read_to_string(path).unwrap_or_default();
    assert!(page == expected, "run the tests with UPDATE_DOCS=1 to write docs/rules-coverage.md");
}

#[test]
fn the_example_of_the_document_can_be_read() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/content.md");
    let document = std::fs::read_to_string(path).unwrap();
    let example = document.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    let definition = skirmish::content::read_creature(example).unwrap();
    assert!(!definition.attacks.is_empty() && !definition.specials.is_empty());
}
