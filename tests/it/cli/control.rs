//! The socket in the data folder: one line asks, one line answers, and only the server is believed.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixListener;
use std::path::Path;

use serde_json::json;
use skirmish::cli::control::{self, ControlError};

use super::{outcome, run, skirmish};

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
