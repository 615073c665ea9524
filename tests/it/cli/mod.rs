//! The command line, with the real binary: what is printed where, how it ends, and what a server
//! that runs as a process of its own does.

mod bad_input;
mod canary;
mod check;
mod container;
mod control;
mod demo;
mod metrics;
mod observe;
mod roll;
pub(crate) mod server;
mod token;
mod wire;
mod words;

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

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
