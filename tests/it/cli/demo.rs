//! `skirmish demo`: a whole fight in the terminal, the same one for the same number, and nothing of
//! it left behind.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

use super::outcome;
use super::server;

/// `demo` with its temporary files in this folder.
fn demo(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = super::skirmish(folder);
    command.arg("demo").args(arguments).env("TMPDIR", folder);
    command
}

fn nothing_left(folder: &Path) {
    let left: Vec<_> = std::fs::read_dir(folder).expect("a folder").collect();
    assert!(left.is_empty(), "{left:?}");
}

/// What is printed of the fight itself: the lines that begin with a number.
fn fight(folder: &Path, seed: &str) -> Vec<String> {
    let output = demo(folder, &["--fast", "--seed", seed]).output().expect("it runs");
    let (status, out, err) = outcome(&output);
    assert_eq!((status, err.as_str()), (Some(0), ""));
    let (head, fight) = out.split_once("\n\n").expect("a head, and the fight below it");
    assert!(head.contains("skirmish observe ") && head.contains("SKIRMISH_TOKEN=skm1_"), "{head}");
    fight.lines().map(str::to_owned).collect()
}

#[test]
fn the_same_number_gives_the_same_fight_to_its_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let fights = ["7", "7", "8"].map(|seed| fight(folder.path(), seed));
    assert_eq!(fights[0], fights[1]);
    assert_ne!(fights[0], fights[2]);
    for lines in fights {
        let last = lines.last().expect("lines");
        assert!(lines.len() > 30, "{lines:#?}");
        assert!(last.to_lowercase().contains("over") || last.contains("won"), "{last}");
        for line in &lines {
            assert!(!line.contains('\u{1b}'), "{line:?}");
        }
    }
    nothing_left(folder.path());
}

#[test]
fn it_stops_when_asked_and_cleans_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child =
        demo(folder.path(), &[]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let begun = lines.by_ref().map_while(Result::ok).any(|line| line.starts_with("    1  "));
    assert!(begun, "the fight has begun");
    server::signal(child.id(), "INT");
    for line in lines {
        line.expect("UTF-8");
    }
    let (status, _, err) = outcome(&child.wait_with_output().expect("it ends"));
    assert_eq!((status, err.as_str()), (Some(0), ""));
    nothing_left(folder.path());
}

/// As in `skirmish demo | head -n 3`.
#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = demo(folder.path(), &["--fast"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let (status, _, err) = outcome(&child.wait_with_output().expect("it ends"));
    assert_eq!((status, err.as_str()), (Some(0), ""));
    nothing_left(folder.path());
}

#[test]
fn what_stands_in_the_way_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let output = demo(folder.path(), &["--port", &port]).output().expect("it runs");
    let (status, out, err) = outcome(&output);
    assert_eq!((status, out.as_str()), (Some(69), ""), "{err}");
    assert!(err.contains(&format!("port {port} ")) && err.contains("--port"), "{err}");
    nothing_left(folder.path());

    let mut command = demo(folder.path(), &["--fast"]);
    let output = command.env("TMPDIR", folder.path().join("nowhere")).output().expect("it runs");
    let (status, out, err) = outcome(&output);
    assert_eq!((status, out.as_str()), (Some(73), ""), "{err}");
    assert!(err.contains("nowhere") && err.contains("set TMPDIR"), "{err}");

    for wrong in [["--seed", "many"], ["--port", "65536"], ["--pace", "1"]] {
        let output = demo(folder.path(), &wrong).output().expect("it runs");
        let (status, out, err) = outcome(&output);
        assert_eq!((status, out.as_str()), (Some(64), ""), "{err}");
        assert!(err.contains(wrong[0]), "{err}");
    }
}
