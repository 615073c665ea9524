//! `skirmish roll`, with the real binary: what it prints for people and for programs.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use serde_json::{Value, json};

use super::{objects, run, skirmish};

#[test]
fn rolls_for_people_are_one_line_each() {
    let (status, out, err) =
        run(&["roll", "--seed", "7", "--count", "3", "4d6kh3", "2+3 for luck"]);
    assert_eq!((status, err.as_str()), (Some(0), ""));
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 6, "{out}");
    assert!(lines[0].starts_with("4d6kh3 (") && lines[0].contains(") = "), "{out}");
    assert_eq!(lines[5], "for luck: 2 + 3 = 5");
    let again = run(&["roll", "--seed", "7", "--count", "3", "4d6kh3", "2+3 for luck"]);
    assert_eq!(again.1, out, "the same seed, the same dice");
    let (_, other, _) = run(&["roll", "--seed", "8", "--count", "3", "4d6kh3", "2+3 for luck"]);
    assert_ne!(other, out);
    let (status, out, _) = run(&["roll", "--", "-1d1+10"]);
    assert_eq!((status, out.as_str()), (Some(0), "-1d1 (1) + 10 = 9\n"));
    let (_, steered, _) = run(&["roll", "1 a\u{1b}[2Jb\nc"]);
    assert_eq!(steered, "a [2Jb c: 1 = 1\n", "a comment cannot steer the terminal");
}

#[test]
fn rolls_as_json_have_the_agreed_shape() {
    let (status, out, _) = run(&[
        "roll",
        "--json",
        "--seed",
        "1",
        "4d1kh3 four of them",
        "1d2rr<1",
        "(1d1,2d1)kh1",
        "2d1mi4",
    ]);
    assert_eq!(status, Some(0));
    let rolls = objects(&out);
    assert_eq!(
        rolls[0],
        json!({
            "expression": "4d1kh3 four of them", "total": 3,
            "dice": [{"size": 1, "faces": [1, 1, 1, 1], "kept": [true, true, true, false]}],
            "canonical": "4d1kh3", "comment": "four of them",
            "text": "4d1kh3 (1, 1, 1, ~~1~~) = 3",
        })
    );
    assert_eq!(rolls[2]["dice"][0]["kept"], json!([false]), "its member was dropped");
    assert_eq!(rolls[2]["comment"], Value::Null);
    assert_eq!(rolls[3]["dice"][0]["counted"], json!([4, 4]));
    let (_, out, _) = run(&["roll", "--json", "--advantage", "1d20+5"]);
    let roll = &objects(&out)[0];
    assert_eq!(roll["canonical"], "2d20kh1 + 5");
    assert_eq!(roll["dice"][0]["faces"].as_array().map(Vec::len), Some(2));
    let (_, out, _) = run(&["roll", "--json", "--disadvantage", "1d20"]);
    assert_eq!(objects(&out)[0]["canonical"], "2d20kl1");
}

#[test]
fn bad_dice_are_refused_with_place_and_status_and_the_rest_is_rolled() {
    let (status, out, err) = run(&["roll", "1d20 +", "1+1"]);
    assert_eq!((status, out.as_str()), (Some(65), "1 + 1 = 2\n"));
    assert!(err.contains("  1d20 +\n        ^\n"), "{err}");
    let long = "1".repeat(2_001);
    let (status, out, err) =
        run(&["roll", "--json", "--no-comments", "1d6 x", "1/0", "1001d6", &long, "3"]);
    assert_eq!((status, err.as_str()), (Some(65), ""));
    let objects = objects(&out);
    let codes: Vec<_> = objects.iter().map(|object| object["error"]["code"].as_str()).collect();
    let expected = ["syntax", "value", "too_many_rolls", "too_long"].map(Some);
    assert_eq!(codes[..4], expected);
    assert_eq!((codes[4], &objects[4]["total"]), (None, &json!(3)));
    assert_eq!(objects[0]["error"]["position"], 4);
    assert!(objects[0]["error"]["message"].as_str().expect("text").contains("comments"));
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = skirmish(folder.path())
        .args(["roll", "--count", "1000000", "1d20"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut line = String::new();
    let mut reader = BufReader::new(child.stdout.take().expect("piped"));
    reader.read_line(&mut line).expect("a line");
    drop(reader);
    let mut err = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut err).expect("UTF-8");
    assert_eq!((child.wait().expect("ends").code(), err.as_str()), (Some(0), ""));
}
