//! The command line, with the real binary: what is printed where, and how it ends.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use skirmish::cli::control::{self, ControlError};

/// The binary in an empty environment and a folder of its own.
fn skirmish(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_skirmish"));
    command.env_clear().current_dir(folder).stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    outcome(&skirmish(folder.path()).args(arguments).output().expect("it runs"))
}

fn outcome(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

fn objects(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn without_a_token_it_says_exactly_what_to_do() {
    for arguments in [&[][..], &["serve"]] {
        let (status, out, err) = run(arguments);
        assert_eq!((status, out.as_str()), (Some(78), ""), "{err}");
        for word in
            ["DISCORD_TOKEN", "discord.com/developers", ".env", "skirmish serve", "skirmish demo"]
        {
            assert!(err.contains(word), "{word} is missing in {err}");
        }
    }
}

#[test]
fn an_invalid_dotenv_names_file_and_line_and_no_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(".env"), "LOG=info\nDISCORD_TOKEN=canary secret words\n")
        .expect("written");
    let (status, _, err) = outcome(&skirmish(folder.path()).output().expect("it runs"));
    assert_eq!(status, Some(78), "{err}");
    assert!(err.contains(".env: line 2 ") && !err.contains("canary"), "{err}");
    std::fs::write(folder.path().join(".env"), [0xff, 0xfe, b'=', 0xff]).expect("written");
    let (status, _, err) = outcome(&skirmish(folder.path()).output().expect("it runs"));
    assert_eq!(status, Some(78), "{err}");
    let both = ["LOG_FORMAT", "METRICS_ADDR"];
    std::fs::write(folder.path().join(".env"), both.map(|name| format!("{name}=x\n")).concat())
        .expect("written");
    let (status, _, err) = outcome(&skirmish(folder.path()).output().expect("it runs"));
    assert_eq!(status, Some(78), "{err}");
    assert!(both.iter().all(|name| err.contains(name)), "{err}");
}

#[test]
fn help_mentions_everything_and_unknown_commands_are_refused() {
    let (status, help, _) = run(&["--help"]);
    assert_eq!(status, Some(0));
    for word in ["serve", "roll", "healthcheck", "Examples:", "Exit statuses:", "  78  "] {
        assert!(help.contains(word), "{word} is missing in {help}");
    }
    for key in skirmish::config::KEYS {
        assert!(help.contains(key.name), "{} is missing in {help}", key.name);
    }
    let (status, short, _) = run(&["-h"]);
    assert!(status == Some(0) && short.len() < help.len() && short.contains("--help"), "{short}");
    let (status, rolls, _) = run(&["roll", "--help"]);
    assert!(status == Some(0) && rolls.contains("4d6kh3") && rolls.contains("--seed"), "{rolls}");
    let (status, version, _) = run(&["--version"]);
    assert_eq!((status, version), (Some(0), format!("skirmish {}\n", env!("CARGO_PKG_VERSION"))));
    for wrong in [&["fight"][..], &["roll"], &["roll", "--count", "0", "1d4"], &["roll", "--x"]] {
        let (status, out, err) = run(wrong);
        assert_eq!((status, out.as_str()), (Some(64), ""), "{wrong:?}: {err}");
        assert!(!err.is_empty());
    }
}

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

/// Answers one request on the socket of this folder, and returns what was asked.
fn answer_once(folder: &Path, answer: &'static str) -> std::thread::JoinHandle<String> {
    let listener = UnixListener::bind(control::socket_path(folder)).expect("bound");
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a caller");
        let mut line = String::new();
        BufReader::new(&stream).read_line(&mut line).expect("a line");
        (&stream).write_all(answer.as_bytes()).expect("answered");
        line
    })
}

#[test]
fn healthcheck_believes_only_the_server_itself() {
    for (answer, status, words) in [
        ("{\"ok\": \"healthy\"}\n", 0, ""),
        (
            "{\"error\": {\"code\": \"read_only\", \"message\": \"the disk is full\"}}\n",
            69,
            "disk is full",
        ),
        ("fine, thanks\n", 69, "not understood"),
        ("", 69, "not understood"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let server = answer_once(folder.path(), answer);
        let mut command = skirmish(folder.path());
        let output = command.arg("healthcheck").env("DATA_DIR", folder.path()).output();
        let (code, _, err) = outcome(&output.expect("it runs"));
        assert_eq!(code, Some(status), "{answer}: {err}");
        assert!(err.contains(words), "{err}");
        assert_eq!(server.join().expect("served"), "health\n");
    }
    let (status, _, err) = run(&["healthcheck"]);
    assert_eq!(status, Some(69));
    assert!(err.contains("no server is running") && err.contains("DATA_DIR"), "{err}");
}

#[tokio::test]
async fn a_request_to_the_server_is_one_line_and_its_refusal_keeps_its_code() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = answer_once(folder.path(), "{\"ok\": {\"combats\": [1, 2]}}\n");
    let value = control::request(folder.path(), "list\nquit").await.expect("answered");
    assert_eq!(value["combats"], json!([1, 2]));
    assert_eq!(server.join().expect("served"), "list quit\n");

    // Nobody listens any more, as after a kill: the socket is still there. A program that another
    // test is just starting can hold our listener open for an instant, and then breaks the call.
    let mut stale = control::request(folder.path(), "list").await;
    for _ in 0..100 {
        if matches!(stale, Err(ControlError::Broken(_))) {
            stale = control::request(folder.path(), "list").await;
        }
    }
    assert!(matches!(stale, Err(ControlError::NotRunning { .. })), "{stale:?}");

    let folder = tempfile::tempdir().expect("a folder");
    answer_once(folder.path(), "{\"error\": {\"code\": \"unknown\", \"message\": \"what?\"}}\n");
    let refused = control::request(folder.path(), "dance").await;
    assert!(matches!(refused, Err(ControlError::Refused { ref code, .. }) if code == "unknown"));
}
