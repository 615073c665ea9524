//! `skirmish scenario`, with the real binary: what it prints, and how it ends.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn scenario(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_skirmish"))
        .env_clear()
        .current_dir(folder)
        .arg("scenario")
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn every_file_of_this_folder_holds_at_the_command_line() {
    let files: Vec<String> = super::files().iter().map(|file| file.display().to_string()).collect();
    let mut arguments = vec!["--json"];
    arguments.extend(files.iter().map(String::as_str));
    let (status, out, err) = scenario(&super::folder(), &arguments);
    assert_eq!((status, err.as_str()), (Some(0), ""));
    let results: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(results.len(), super::written().len(), "one object for each scenario");
    assert!(
        results.iter().all(|it| it["result"] == "held" && it["failures"] == Value::Array(vec![]))
    );
}

const GOOD: &str = r#"{"name": "A turn ends", "creatures": [{"id": "a"}, {"id": "b", "side": "party"}], "initiative": ["a", "b"], "steps": [{"request": {"endTurn": {}}, "fight": {"current_id": "b"}}]}"#;

#[test]
fn what_fails_and_what_is_malformed_have_statuses_and_words_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    put("good.json", GOOD);
    let bad = GOOD.replace("\"current_id\": \"b\"", "\"current_id\": \"a\"");
    put("bad.jsonl", &format!("{GOOD}\n\n{bad}\n"));
    put("broken.jsonl", &format!("{}\n{GOOD}\n{{\n", GOOD.replace("steps", "step")));
    let run = |arguments: &[&str]| scenario(folder.path(), arguments);

    let (status, out, err) = run(&["good.json"]);
    assert_eq!((status, err.as_str()), (Some(0), ""));
    assert_eq!(out, "held      good.json  A turn ends\n1 held, 0 failed, 0 malformed\n");

    put("list.json", &format!("[{GOOD}, {GOOD}]"));
    let (status, out, _) = run(&["list.json"]);
    assert_eq!(status, Some(0));
    assert!(out.ends_with("2 held, 0 failed, 0 malformed\n"), "{out}");

    let (status, out, _) = run(&["good.json", "bad.jsonl"]);
    assert_eq!(status, Some(1));
    let wanted = "failed    bad.jsonl:3  A turn ends\n          \
        steps[0]: fight.current_id: expected \"a\", found \"b\"\n2 held, 1 failed, 0 malformed\n";
    assert!(out.ends_with(wanted), "{out}");

    let (status, out, _) = run(&["bad.jsonl", "--json"]);
    assert_eq!(status, Some(1));
    let last: Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
    assert_eq!((&last["line"], &last["result"]), (&3.into(), &"failed".into()));
    assert_eq!(last["failures"][0]["path"], "fight.current_id");
    assert_eq!(last["failures"][0]["step"], 0);

    let (status, out, _) = run(&["broken.jsonl"]);
    assert_eq!(status, Some(65));
    assert!(out.contains("malformed broken.jsonl:1\n          step is not known here"), "{out}");
    assert!(out.contains("held      broken.jsonl:2"), "the others are played: {out}");
    assert!(out.contains("malformed broken.jsonl:3"), "{out}");
    assert!(out.ends_with("1 held, 0 failed, 2 malformed\n"), "{out}");

    let (status, _, err) = run(&["nowhere.json"]);
    assert_eq!(status, Some(74), "{err}");
    assert!(err.contains("nowhere.json cannot be read"), "{err}");
    assert_eq!(run(&[]).0, Some(64));
    let (status, help, _) = run(&["--help"]);
    assert!(status == Some(0) && help.contains("\"initiative\"") && help.contains("--json"));
}
