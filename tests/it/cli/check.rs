//! `skirmish character` and `skirmish creature`, with the real binary.

use serde_json::Value;

use super::{outcome, run, skirmish};

/// The example of a document, in a file.
fn example(document: &str, folder: &std::path::Path) -> std::path::PathBuf {
    let text =
        std::fs::read_to_string(format!("{}/docs/{document}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let json = text.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    let file = folder.join("it.json");
    std::fs::write(&file, json).unwrap();
    file
}

#[test]
fn a_good_sheet_is_summed_up_and_a_bad_one_is_told_all_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = example("characters.md", folder.path());
    let check = |more: &[&str]| {
        let mut command = skirmish(folder.path());
        command.args(["character", "check"]).args(more).arg(&file);
        outcome(&command.output().unwrap())
    };
    let (status, out, err) = check(&[]);
    assert_eq!((status, err.as_str()), (Some(0), ""));
    assert!(out.contains("Odalys Venn, Ranger 5: AC 16, 44 hit points"), "{out}");
    let broken = std::fs::read_to_string(&file)
        .unwrap()
        .replace("\"Wood Elf\"", "\"Sea Elf\"")
        .replace("\"Longbow\", \"Shortsword\"", "\"Spoon\", \"Shortsword\"");
    std::fs::write(&file, broken).unwrap();
    let (status, out, _) = check(&[]);
    assert_eq!(status, Some(65));
    assert!(out.contains("lineage: ") && out.contains("masteries[0]: "), "{out}");
    let (status, out, _) = check(&["--json"]);
    assert_eq!(status, Some(65));
    let object: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&object["ok"], &object["problems"][0]["path"]), (&false.into(), &"lineage".into()));
}

#[test]
fn a_creature_is_checked_and_a_missing_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = example("content.md", folder.path());
    let (status, out, _) = run(&["creature", "check", file.to_str().unwrap()]);
    assert_eq!(status, Some(0));
    assert!(out.contains("Bog Hound: AC 13, 27 hit points"), "{out}");
    let (status, _, err) = run(&["creature", "check", "no-such-file.json"]);
    assert_eq!(status, Some(74));
    assert!(err.contains("no-such-file.json"), "{err}");
}

#[test]
fn the_schemas_are_printed_as_they_are_published() {
    for (command, name) in [("character", "sheet"), ("creature", "creature")] {
        let (status, out, _) = run(&[command, "schema"]);
        assert_eq!(status, Some(0));
        let path = format!("{}/docs/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
        assert_eq!(out, std::fs::read_to_string(path).unwrap());
    }
}
