//! The published schemas and the readers, held to each other.

use jsonschema::Validator;
use serde_json::{Value, json};
use skirmish::content::characters::{Book, import, write_sheet};
use skirmish::content::{published, read_creature};

use super::characters::made;

fn validator(schema: &Value) -> Validator {
    jsonschema::draft202012::meta::validate(schema).unwrap();
    jsonschema::validator_for(schema).unwrap()
}

#[test]
fn the_published_files_are_what_the_program_knows() {
    for (name, schema) in [("sheet", published::sheet()), ("creature", published::creature())] {
        let path = format!("{}/docs/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
        let expected = format!("{schema:#}\n");
        #[expect(
            clippy::disallowed_methods,
            reason = "a test that rewrites its own page on request"
        )]
        let rewrite = std::env::var_os("UPDATE_DOCS").is_some();
        if rewrite {
            std::fs::write(&path, &expected).unwrap();
        }
        let page = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(page == expected, "run the tests with UPDATE_DOCS=1 to write {path}");
    }
}

#[test]
fn every_sheet_that_is_made_and_every_built_in_creature_is_valid() {
    let sheets = validator(&published::sheet());
    for class in Book::srd().classes() {
        for level in [1, 3, 7, 13, 20] {
            let sheet: Value =
                serde_json::from_str(&write_sheet(&made(&class.name, level))).unwrap();
            assert!(sheets.is_valid(&sheet), "{:?}", sheets.validate(&sheet).err());
        }
    }
    let creatures = validator(&published::creature());
    let assets = concat!(env!("CARGO_MANIFEST_DIR"), "/assets");
    let mut seen = 0;
    for folder in ["srd", "srd51"] {
        for file in std::fs::read_dir(format!("{assets}/{folder}/monsters")).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let book: Value = serde_json::from_str(&text).unwrap();
            for monster in book["monsters"].as_array().unwrap() {
                let wrong = creatures.validate(monster).err();
                assert!(wrong.is_none(), "{}: {wrong:?}", monster["name"]);
                seen += 1;
            }
        }
    }
    assert_eq!(seen, 330 + 334);
    for file in std::fs::read_dir(format!("{assets}/srd/heroes")).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let hero: Value = serde_json::from_str(&text).unwrap();
        let wrong = creatures.validate(&hero["sheet"]).err();
        assert!(wrong.is_none(), "{}: {wrong:?}", hero["sheet"]["name"]);
        assert!(sheets.is_valid(&hero["choices"]));
    }
}

/// One change of a good file, where it is, and whether the schema can see it.
fn changes(of: &Value, wrong: &[(&str, Value)]) -> Vec<(String, Value)> {
    wrong
        .iter()
        .map(|(pointer, value)| {
            let mut changed = of.clone();
            *changed.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value.clone();
            let path = pointer.trim_start_matches('/').to_owned();
            let parts = path.split('/').map(|part| match part.parse::<usize>() {
                Ok(at) => format!("[{at}]"),
                Err(_) => format!(".{part}"),
            });
            (parts.collect::<String>().trim_start_matches('.').to_owned(), changed)
        })
        .collect()
}

/// What the schema refuses, the reader refuses, and both name the same place.
#[test]
fn both_name_the_same_place_in_a_sheet() {
    let good: Value = serde_json::from_str(&write_sheet(&made("Fighter", 8))).unwrap();
    let wrong = [
        ("/name", json!("")),
        ("/species", json!("Pixie")),
        ("/background", json!("soldier")),
        ("/classes/0/class", json!("Plumber")),
        ("/classes/0/level", json!(21)),
        ("/abilities/scores/strength", json!(30)),
        ("/skills/0", json!("juggling")),
        ("/feats/1/feat", json!("Lucky")),
        ("/fighting_styles/0", json!("Dueling")),
        ("/masteries/0", json!("Spoon")),
        ("/armor", json!("Bathrobe")),
        ("/weapons/0/item", json!("Spoon")),
        ("/gold", json!(4_000_000_000_u32)),
    ];
    let schema = validator(&published::sheet());
    for (path, mut sheet) in changes(&good, &wrong) {
        if path.starts_with("abilities") {
            sheet["abilities"]["method"] = json!("rolled");
        }
        let places: Vec<String> =
            schema.iter_errors(&sheet).map(|error| error.instance_path().to_string()).collect();
        let pointer = wrong.iter().find(|(it, _)| sheet.pointer(it) != good.pointer(it)).unwrap().0;
        assert!(places.iter().any(|place| place == pointer), "{path}: {places:?}");
        let problems = import(&sheet.to_string()).unwrap_err();
        assert!(problems.iter().any(|it| it.path == path), "{path}: {problems:?}");
    }
}

/// The same for a creature.
#[test]
fn both_name_the_same_place_in_a_creature() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/content.md");
    let document = std::fs::read_to_string(path).unwrap();
    let example = document.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    let good: Value = serde_json::from_str(example).unwrap();
    let schema = validator(&published::creature());
    assert!(schema.is_valid(&good), "{:?}", schema.validate(&good).err());
    let wrong = [
        ("/size", json!("smallish")),
        ("/abilities/wisdom", json!(31)),
        ("/hit_dice", json!("lots")),
        ("/resistances/0", json!("sharp")),
        ("/condition_immunities/0", json!("bored")),
        ("/attacks/0/damage/0/type", json!("sharp")),
        ("/attacks/0/damage/0/dice", json!("1q4")),
    ];
    for (path, creature) in changes(&good, &wrong) {
        let pointer =
            wrong.iter().find(|(it, _)| creature.pointer(it) != good.pointer(it)).unwrap().0;
        let places: Vec<String> =
            schema.iter_errors(&creature).map(|error| error.instance_path().to_string()).collect();
        assert!(places.iter().any(|place| place == pointer), "{path}: {places:?}");
        let problems = read_creature(&creature.to_string()).unwrap_err();
        assert!(problems.iter().any(|it| it.path == path), "{path}: {problems:?}");
    }
}
