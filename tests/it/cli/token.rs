//! `skirmish token`: made, listed and revoked, by a running server and without one; and what it says
//! to a wish that makes no sense.

use std::path::Path;

use skirmish::protocol::pb;
use tonic::Code;

use super::outcome;
use super::server::{self, Server, make_token};
use crate::support::fight::call;

/// `skirmish token` with these arguments, on the data of this folder.
fn token(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = super::skirmish(folder);
    command.arg("token").args(arguments).env("DATA_DIR", folder.join("data"));
    outcome(&command.output().expect("it runs"))
}

/// What a call with this token is answered: the status.
async fn answered(server: &Server, token: &str) -> Code {
    let list = pb::ListCombatsRequest::default();
    match server.calls().await.list_combats(call(token, list)).await {
        Ok(_) => Code::Ok,
        Err(status) => {
            assert!(token.is_empty() || !status.message().contains(token), "{status:?}");
            status.code()
        }
    }
}

/// The whole life of a token, made by hand or by the server, whoever does the next step.
#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_made_listed_and_revoked_with_a_server_and_without() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let act = ["act", "--guild", "42", "--user", "7", "--hours", "0"];
    let (early, early_id) = make_token(folder, &act);

    let mut server = Server::start(&mut server::serve(folder));
    assert_eq!(answered(&server, &early).await, Code::Ok, "made before the server was started");
    let (late, late_id) = make_token(folder, &["admin", "--hours", "2"]);
    assert!(late != early && late_id != early_id);
    assert_eq!(answered(&server, &late).await, Code::Ok, "made by the server");
    let (status, listed, err) = token(folder, &["list"]);
    assert_eq!((status, err.as_str()), (Some(0), ""));
    let mut lines: Vec<&str> = listed.lines().collect();
    lines.sort_by_key(|line| !line.starts_with(&early_id));
    assert_eq!(lines[0], format!("{early_id}  act, guild 42, user 7, never expires"));
    let admin = format!("{late_id}  admin, everywhere, user 0, expires in 1 h 59 min");
    assert_eq!(lines[1..], [admin.as_str()]);
    assert!(!listed.contains(&early) && !listed.contains(&late));

    let revoked = token(folder, &["revoke", &early_id]);
    assert_eq!(revoked, (Some(0), format!("revoked {early_id}\n"), String::new()));
    assert_eq!(answered(&server, &early).await, Code::Unauthenticated);
    assert_eq!(answered(&server, &late).await, Code::Ok);
    let (status, _, err) = token(folder, &["revoke", &early_id]);
    assert_eq!(status, Some(65), "{err}");
    assert!(err.contains(&format!("no token with the id {early_id}")), "{err}");
    assert_eq!(server.terminate().code(), Some(0), "{}", server.log);

    // The same without a server.
    let (status, listed, _) = token(folder, &["list"]);
    assert!(status == Some(0) && listed.starts_with(&late_id), "{listed}");
    let (status, ..) = token(folder, &["revoke", &late_id]);
    assert_eq!(status, Some(0));
    assert_eq!(token(folder, &["list"]), (Some(0), String::new(), String::new()));
    let mut server = Server::start(&mut server::serve(folder));
    assert_eq!(answered(&server, &late).await, Code::Unauthenticated);
    assert_eq!(answered(&server, "skm1_").await, Code::Unauthenticated);
    assert_eq!(answered(&server, "").await, Code::Unauthenticated);
    assert_eq!(server.terminate().code(), Some(0), "{}", server.log);
}

/// After a `kill -9` the socket is still there and nobody answers: the file is opened instead.
#[test]
fn a_socket_that_was_left_behind_is_no_server() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut server = Server::start(&mut server::serve(folder.path()));
    let (_, id) = make_token(folder.path(), &["admin"]);
    server.kill();
    assert!(folder.path().join("data/skirmish.sock").exists());
    let (status, listed, err) = token(folder.path(), &["list"]);
    assert!(status == Some(0) && listed.starts_with(&id), "{listed}{err}");
    let mut server = Server::start(&mut server::serve(folder.path()));
    assert_eq!(server.terminate().code(), Some(0), "{}", server.log);
}

#[test]
fn a_wish_that_makes_no_sense_says_what_is_missing_and_makes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    for (arguments, status, words) in [
        (&["add"][..], 64, "<SCOPE>"),
        (&["add", "everything"], 64, "possible values: observe, act, game-master, start, admin"),
        (&["add", "act", "--user", "7"], 64, "the scope act needs --guild as well"),
        (&["add", "start"], 64, "the scope start needs --guild and --user as well"),
        (&["add", "observe"], 64, "the scope observe needs --combat as well"),
        (&["add", "observe", "--combat", "fight"], 64, "\"fight\" is no fight's id"),
        (&["add", "admin", "--hours", "9000"], 64, "9000 is not in 0..=8760"),
        (&["add", "act", "--guild", "x"], 64, "invalid value 'x' for '--guild <NUMBER>'"),
        (&["revoke", "nonsense"], 65, "there is no data folder"),
        (&["list"], 65, "set DATA_DIR"),
        (&["mend"], 64, "unrecognized subcommand"),
    ] {
        let (found, out, err) = token(folder.path(), arguments);
        assert_eq!((found, out.as_str()), (Some(status), ""), "{arguments:?}: {err}");
        assert!(err.contains(words), "{words:?} is missing in {err}");
        assert!(!folder.path().join("data").exists(), "{arguments:?} made the data folder");
    }
    make_token(folder.path(), &["admin"]);
    let (status, _, err) = token(folder.path(), &["revoke", "nonsense"]);
    assert!(status == Some(64) && err.contains("it has 16 characters"), "{err}");
}
