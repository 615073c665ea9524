//! What a person meets who starts the program the wrong way: a status of its own, one sentence that
//! names the thing and says what to change, and nothing half done.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use super::outcome;
use super::server::{self, Server};

/// Starts `serve`, which must end by itself with this status and one line that holds these words.
#[track_caller]
fn refused(command: &mut Command, status: i32, words: &[&str]) -> String {
    let (found, out, err) = outcome(&command.output().expect("it runs"));
    assert_eq!((found, out.as_str()), (Some(status), ""), "{err}");
    let told: Vec<&str> = err.lines().filter(|line| line.starts_with("skirmish: ")).collect();
    assert_eq!(told.len(), 1, "one sentence: {err}");
    for word in words {
        assert!(told[0].contains(word), "{word:?} is missing in {err}");
    }
    assert!(!err.contains(server::TOKEN) && !err.contains("RUST_BACKTRACE"), "{err}");
    err
}

/// Names in a folder; none if there is no such folder.
fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.expect("an entry").file_name();
    let mut names: Vec<String> =
        entries.map(|entry| name(entry).into_string().expect("UTF-8")).collect();
    names.sort();
    names
}

#[test]
fn a_data_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = server::serve(folder.path());
    command.env("DATA_DIR", "no/such/folder");
    let parent = "the folder above it: create no/such first";
    refused(&mut command, 73, &["the data folder no/such/folder does not exist", parent]);

    std::fs::write(folder.path().join("data"), "mine").expect("written");
    refused(&mut server::serve(folder.path()), 73, &["is not a folder: move that file away"]);
    assert_eq!(std::fs::read_to_string(folder.path().join("data")).expect("there"), "mine");
    assert_eq!(files(folder.path()), ["data"]);

    // Nobody can make a file in there, not even root.
    let mut command = server::serve(folder.path());
    command.env("DATA_DIR", "/proc/self");
    refused(&mut command, 73, &["cannot write in the data folder /proc/self: give the user"]);
}

#[test]
fn a_missing_data_folder_is_made_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let mut server = Server::start(&mut server::serve(folder.path()));
    let data = folder.path().join("data");
    let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    let made = files(&data);
    assert_eq!(made, ["skirmish.lock", "skirmish.redb", "skirmish.sock"]);
    for file in made {
        assert_eq!(mode(&data.join(&file)), 0o600, "{file}");
    }
    assert_eq!(server.terminate().code(), Some(0), "{}", server.log);
}

#[test]
fn a_second_process_on_the_same_folder_is_sent_away_and_the_first_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut first = Server::start(&mut server::serve(folder.path()));
    let pid = first.child.id().to_string();
    let in_use = ["is in use by another skirmish process", pid.as_str(), "stop that one first"];
    refused(&mut server::serve(folder.path()), 73, &in_use);
    // The folder is looked at before the ports are: with one `.env`, both are taken.
    let mut same = server::serve(folder.path());
    same.env("GRPC_ADDR", first.address());
    refused(&mut same, 73, &in_use);
    let mut healthy = super::skirmish(folder.path());
    let healthy = healthy.arg("healthcheck").env("DATA_DIR", "data").output().expect("it runs");
    assert_eq!(outcome(&healthy), (Some(0), String::new(), String::new()), "the socket is there");
    assert_eq!(first.terminate().code(), Some(0), "{}", first.log);
}

#[test]
fn a_taken_port_is_named_and_nothing_is_left_behind() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    for setting in ["GRPC_ADDR", "METRICS_ADDR"] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = server::serve(folder.path());
        command.env(setting, &address);
        let said = format!("{setting} is {address}, and that cannot be listened on");
        refused(&mut command, 69, &[&said, "choose another port", "Address already in use"]);
        let left = files(&folder.path().join("data"));
        assert_eq!(left, ["skirmish.lock", "skirmish.redb"], "no socket that nobody answers");
        // What is left is a good data folder.
        command.env(setting, "127.0.0.1:0");
        let mut server = Server::start(&mut command);
        assert_eq!(server.terminate().code(), Some(0), "{}", server.log);
    }
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = server::serve(folder.path());
    command.env("GRPC_ADDR", "192.0.2.1:50051");
    command.env("GRPC_ALLOW_PUBLIC_PLAINTEXT", skirmish::config::GRPC_PUBLIC_CONSENT);
    refused(
        &mut command,
        69,
        &["GRPC_ADDR is 192.0.2.1:50051", "an address that this machine has"],
    );
}

#[test]
fn invalid_settings_are_all_named_before_anything_is_touched() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(".env"), "GRPC_ADDR=localhost\nIDLE_EVICT_SECONDS=never\n")
        .expect("written");
    let mut command = super::skirmish(folder.path());
    command.arg("serve").env("DISCORD_TOKEN", "Bot twice.named.token");
    let words = ["3 settings are wrong, and nothing was started"];
    let err = refused(&mut command, 78, &words);
    for line in [
        "  DISCORD_TOKEN: leave out the word Bot: the token alone",
        "  GRPC_ADDR: write an IP address and a port, such as 127.0.0.1:50051",
        "  IDLE_EVICT_SECONDS: write a number of seconds from 5 to 86400",
    ] {
        assert!(err.lines().any(|said| said == line), "{line:?} is missing in {err}");
    }
    assert!(!err.contains("twice.named"), "{err}");
    assert_eq!(files(folder.path()), [".env"]);

    std::fs::remove_file(folder.path().join(".env")).expect("removed");
    std::fs::create_dir(folder.path().join(".env")).expect("made");
    let mut command = super::skirmish(folder.path());
    let (status, _, err) = outcome(&command.arg("serve").output().expect("it runs"));
    assert_eq!(status, Some(78), "{err}");
    assert!(err.contains(".env: it cannot be read"), "{err}");
}

#[test]
fn a_damaged_data_file_is_named_and_left_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    std::fs::create_dir(&data).expect("made");
    let damaged = vec![0x5a; 64 * 1024];
    std::fs::write(data.join("skirmish.redb"), &damaged).expect("written");
    let words = ["skirmish.redb is damaged", "restore the folder from a backup"];
    refused(&mut server::serve(folder.path()), 73, &words);
    assert!(std::fs::read(data.join("skirmish.redb")).expect("there") == damaged);
}
