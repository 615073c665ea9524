//! `skirmish export` and `skirmish verify` with the real binary, with a server and without one.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use skirmish::hub::{Hub, HubOptions};
use skirmish::rules::id::CombatId;
use skirmish::store::{Store, StoreOptions};
use skirmish::telemetry::Metrics;

use super::REQUESTS_MAX;
use crate::cli::server::{self, Server};
use crate::support::fight::{begun, play};

fn skirmish(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_skirmish"));
    command.env_clear().current_dir(folder).stdin(Stdio::null()).args(arguments);
    let Output { status, stdout, stderr } =
        command.env("DATA_DIR", folder.join("data")).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

/// A data folder with a finished fight and one that goes on.
async fn folder_with_fights(folder: &Path) -> (CombatId, CombatId) {
    let store = Store::open(&folder.join("data"), &StoreOptions::default()).unwrap();
    let options = HubOptions { seed: Some(11), ..HubOptions::default() };
    let hub = Hub::new(store.clone(), options, Metrics::new());
    let over = begun(&hub, "over", false).await;
    assert!(play(&hub, over, REQUESTS_MAX).await < REQUESTS_MAX);
    let open = begun(&hub, "open", false).await;
    hub.drain();
    store.close();
    (over, open)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fight_is_exported_and_verified_with_a_server_and_without() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::create_dir(folder.join("data")).unwrap();
    let (over, open) = folder_with_fights(folder).await;
    let (over, open) = (over.to_string(), open.to_string());

    let (status, listed, err) = skirmish(folder, &["export"]);
    assert_eq!((status, err.as_str()), (Some(0), ""));
    assert!(listed.contains(&format!("{over}  Trial, ")) && listed.contains("events, over"));
    assert!(listed.contains(&open) && listed.contains("events, goes on"), "{listed}");
    let alone = skirmish(folder, &["export", &over]);
    assert_eq!((alone.0, alone.2.as_str()), (Some(0), ""));
    let public = skirmish(folder, &["export", &over, "--spectator"]);
    assert_eq!((public.0, public.2.as_str()), (Some(0), ""));

    let mut server = Server::start(&mut server::serve(folder));
    assert_eq!(skirmish(folder, &["export"]).1, listed, "the server lists the same");
    assert_eq!(skirmish(folder, &["export", &over]), alone, "and writes the same");
    assert_eq!(skirmish(folder, &["export", &over, "--spectator"]), public);
    assert_eq!(skirmish(folder, &["export", &over, "-o", "fight.json"]).0, Some(0));
    assert_eq!(std::fs::read_to_string(folder.join("fight.json")).unwrap(), alone.1);
    assert!(!folder.join("fight.json.part").exists());
    let (status, _, err) = skirmish(folder, &["export", &over, "-o", "fight.json"]);
    assert!(status == Some(73) && err.contains("is there already"), "{err}");
    assert_eq!(skirmish(folder, &["export", &open, "-o", "open.json"]).0, Some(0));
    assert_eq!(server.terminate().code(), Some(0), "{}", server.log);

    let (status, said, err) = skirmish(folder, &["verify", "fight.json"]);
    assert_eq!((status, err.as_str()), (Some(0), ""), "{said}");
    assert!(said.contains("Verified: every public roll") && said.contains("Not proven"), "{said}");
    let (status, said, _) = skirmish(folder, &["verify", "--json", "fight.json"]);
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((status, said["verdict"].as_str()), (Some(0), Some("verified")));
    assert_eq!((&said["fight"], &said["mismatches"]), (&Value::from(over.as_str()), &0.into()));
    assert!(said["checked"]["public_dice"].as_u64().unwrap() > 10, "{said}");

    let commitment = said["commitments"][0]["commitment"].as_str().unwrap().to_owned();
    let with = |hex: &str| skirmish(folder, &["verify", "--commitment", hex, "fight.json"]);
    assert_eq!(with(&commitment).0, Some(0));
    let (status, said, _) = with(&"0".repeat(64));
    assert!(status == Some(65) && said.contains("not the one that was shown"), "{said}");
    assert_eq!(with("12").0, Some(64));

    std::fs::write(folder.join("shown.json"), &public.1).unwrap();
    assert_eq!(skirmish(folder, &["verify", "shown.json"]).0, Some(0));
    let (status, said, _) = skirmish(folder, &["verify", "open.json"]);
    assert!(status == Some(65) && said.contains("Unproven") && said.contains("not shown yet"));
    spoiled_files_are_refused(folder, &alone.1);
}

fn spoiled_files_are_refused(folder: &Path, whole: &str) {
    let mut fight: Value = serde_json::from_str(whole).unwrap();
    let faces = fight["commits"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .flat_map(|commit| commit["events"].as_array_mut().unwrap())
        .find_map(|event| event.pointer_mut("/action/attack/roll/faces/0"))
        .unwrap();
    *faces = if *faces == 1 { 2.into() } else { 1.into() };
    std::fs::write(folder.join("changed.json"), fight.to_string()).unwrap();
    let (status, said, err) = skirmish(folder, &["verify", "changed.json"]);
    assert_eq!((status, err.as_str()), (Some(65), ""));
    assert!(said.contains("MISMATCH at event ") && said.contains("attack roll, die "), "{said}");
    for (name, text, words) in [
        ("empty.json", "{}", "format must be given"),
        ("newer.json", "{\"format\": 9}", "newer version"),
        ("cut.json", &whole[..whole.len() / 2], "is not a fight that was exported"),
        ("other.json", "{\"dice\": []}", "dice"),
    ] {
        std::fs::write(folder.join(name), text).unwrap();
        let (status, out, err) = skirmish(folder, &["verify", name]);
        assert_eq!((status, out.as_str()), (Some(65), ""), "{name}");
        assert!(err.contains(name) && err.contains(words), "{err}");
    }
    assert_eq!(skirmish(folder, &["verify", "absent.json"]).0, Some(65));
    let (status, _, err) = skirmish(folder, &["export", "fight"]);
    assert!(status == Some(64) && err.contains("is no fight's id"), "{err}");
    let (status, _, err) = skirmish(folder, &["export", "00000000000000000000000001"]);
    assert_eq!(status, Some(65), "{err}");
}
