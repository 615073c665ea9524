//! `skirmish observe`: every line of a fight once, whatever becomes of the connection and of the
//! server, and a clear word about what it cannot show.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};

use skirmish::protocol::pb;
use skirmish::rules::id::CombatId;
use tonic::transport::Channel;

use pb::combat_service_client::CombatServiceClient;

use super::outcome;
use super::server::{self, PATIENCE, Server, make_token};
use super::wire::Wire;
use crate::support::fight::{GUILD, Wish, call, goblins, initiate, join_hero, question, request};

fn observe(folder: &Path, combat: &str, address: &str, token: &str) -> Command {
    let mut command = super::skirmish(folder);
    command.args(["observe", combat, "--address", address]).env("SKIRMISH_TOKEN", token);
    command
}

/// The lines that it prints from the first to the last.
fn printed(mut command: Command) -> Vec<String> {
    let (status, out, err) = outcome(&command.output().expect("it runs"));
    assert_eq!((status, err.as_str()), (Some(0), ""), "{out}");
    out.lines().map(str::to_owned).collect()
}

/// One that runs while things happen.
struct Observer {
    child: Child,
    out: Receiver<String>,
    err: ChildStderr,
    lines: Vec<String>,
}

impl Observer {
    fn start(mut command: Command) -> Self {
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        let printed = BufReader::new(child.stdout.take().expect("piped"));
        let (sender, out) = channel();
        std::thread::spawn(move || {
            for line in printed.lines() {
                // Nobody reads on once a test has failed.
                if sender.send(line.expect("UTF-8")).is_err() {
                    return;
                }
            }
        });
        let err = child.stderr.take().expect("piped");
        Self { child, out, err, lines: Vec::new() }
    }

    /// Reads on until a line has come that is about this event or a later one.
    fn read_to(&mut self, seq: u64) {
        loop {
            let line = self.out.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|why| panic!("no event {seq} ({why})"));
            let number: u64 = line.split_whitespace().next().unwrap().parse().expect("a number");
            self.lines.push(line);
            if number >= seq {
                return;
            }
        }
    }

    /// Everything that it printed, once it has ended well, and what it said besides.
    fn finish(mut self) -> (Vec<String>, String) {
        loop {
            match self.out.recv_timeout(PATIENCE) {
                Ok(line) => self.lines.push(line),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end: {:#?}", self.lines),
            }
        }
        let mut err = String::new();
        self.err.read_to_string(&mut err).expect("UTF-8");
        assert_eq!(self.child.wait().expect("it ends").code(), Some(0), "{err}");
        (std::mem::take(&mut self.lines), err)
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        // Ended already is as good.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Somebody who runs a fight over gRPC.
struct Master {
    calls: CombatServiceClient<Channel>,
    token: String,
    session: String,
}

/// Makes every request id another one.
static SENT: AtomicUsize = AtomicUsize::new(0);

impl Master {
    async fn open(server: &Server, token: &str, creatures: Vec<pb::CreatureSpec>) -> Self {
        let calls = server.calls().await;
        let mut master = Self { calls, token: token.to_owned(), session: String::new() };
        master.session = master.send(initiate(GUILD, creatures)).await;
        master
    }

    async fn send(&mut self, wish: Wish) -> String {
        let id = format!("observed-{}", SENT.fetch_add(1, Ordering::Relaxed));
        let wish = request(&id, &self.session, wish);
        let receipt = self.calls.submit(call(&self.token, wish)).await.expect("taken");
        receipt.into_inner().session_id
    }

    async fn snapshot(&mut self) -> pb::Snapshot {
        let get = pb::GetCombatRequest { session_id: self.session.clone() };
        self.calls.get_combat(call(&self.token, get)).await.expect("seen").into_inner()
    }

    /// Ends so many turns, and answers what is asked in between.
    async fn play(&mut self, turns: usize) {
        for _ in 0..turns {
            let seen = self.snapshot().await;
            let end = Wish::EndTurn(pb::EndTurn { creature_id: seen.current_id.clone() });
            self.send(question(&seen).unwrap_or(end)).await;
        }
    }
}

/// A wire that breaks again and again, in the middle of whatever it carries.
#[tokio::test(flavor = "multi_thread")]
async fn a_broken_connection_costs_no_line_and_repeats_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let mut server = Server::start(&mut server::serve(folder));
    let (token, _) = make_token(folder, &["start", "--guild", "1", "--user", "1"]);
    let mut master = Master::open(&server, &token, vec![goblins(2, false)]).await;
    let combat = master.session.clone();
    let (watcher, _) = make_token(folder, &["observe", "--combat", &combat]);
    // The first carries what there is at the start, the others a few turns and newcomers each.
    let budgets = std::iter::once(9_000).chain((0..CUTS).map(|cut| 3_000 + 701 * cut));
    let wire = Wire::to(server.grpc.expect("a port"), budgets).await;
    let mut observer =
        Observer::start(observe(folder, &combat, &wire.address.to_string(), &watcher));
    master.send(join_hero("hero:fighter")).await;
    master.send(Wish::Begin(pb::Begin {})).await;
    while wire.cuts() < CUTS {
        // Each newcomer is a line, so that a number that is passed over is missed below; and the
        // last event, a turn that starts, is one to wait for.
        let add = pb::AddCreatures { creatures: vec![goblins(1, false)] };
        master.send(Wish::AddCreatures(add)).await;
        master.play(1).await;
        let tail = master.snapshot().await.as_of;
        assert!(tail < 1_000, "the wire broke {} times only", wire.cuts());
        observer = tokio::task::spawn_blocking(move || {
            observer.read_to(tail);
            observer
        })
        .await
        .expect("read");
    }
    master.send(Wish::EndCombat(pb::EndCombat {})).await;
    let (lines, err) = tokio::task::spawn_blocking(move || observer.finish()).await.expect("read");
    assert!(err.contains("the connection broke after event "), "{err}");
    let unbroken = printed(observe(folder, &combat, &server.address(), &watcher));
    assert!(unbroken.len() > 30, "{unbroken:#?}");
    assert_eq!(lines, unbroken);
    assert_eq!(server.terminate().code(), Some(0), "{}", server.log);
}

/// How often the wire breaks at least.
const CUTS: usize = 8;

/// The server dies in the middle of a fight, comes back at another port, and stops once cleanly.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_killed_is_followed_to_the_end_after_it_came_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let mut server = Server::start(&mut server::serve(folder));
    let (token, _) = make_token(folder, &["start", "--guild", "1", "--user", "1"]);
    let mut master = Master::open(&server, &token, vec![goblins(3, false)]).await;
    let combat = master.session.clone();
    let (watcher, _) = make_token(folder, &["observe", "--combat", &combat]);
    let wire = Wire::to(server.grpc.expect("a port"), []).await;
    let mut observer =
        Observer::start(observe(folder, &combat, &wire.address.to_string(), &watcher));
    master.send(join_hero("hero:fighter")).await;
    master.send(Wish::Begin(pb::Begin {})).await;
    for ending in ["kill", "terminate"] {
        master.play(4).await;
        let tail = master.snapshot().await.as_of;
        observer = tokio::task::spawn_blocking(move || {
            observer.read_to(tail);
            observer
        })
        .await
        .expect("read");
        master.play(3).await;
        let status = if ending == "kill" { server.kill() } else { server.terminate() };
        assert_eq!(status.code(), (ending == "terminate").then_some(0), "{}", server.log);
        server = Server::start(&mut server::serve(folder));
        wire.lead_to(server.grpc.expect("a port"));
        master.calls = server.calls().await;
    }
    master.play(4).await;
    master.send(Wish::EndCombat(pb::EndCombat {})).await;
    let (lines, err) = tokio::task::spawn_blocking(move || observer.finish()).await.expect("read");
    assert_eq!(err.matches("the connection broke after event ").count(), 2, "{err}");
    assert_eq!(lines, printed(observe(folder, &combat, &server.address(), &watcher)));
    let mut from_here = observe(folder, &combat, &server.address(), &watcher);
    from_here.arg("--now");
    assert!(printed(from_here).len() < lines.len(), "--now leaves out what was before");
    assert_eq!(server.terminate().code(), Some(0), "{}", server.log);
}

/// What a person sees who watches with the wrong token, the wrong fight or the wrong address.
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_watched_is_said_and_not_tried_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let mut server = Server::start(&mut server::serve(folder));
    let (token, _) = make_token(folder, &["start", "--guild", "1", "--user", "1"]);
    let combat = Master::open(&server, &token, vec![goblins(1, false)]).await.session;
    let other = Master::open(&server, &token, vec![goblins(2, false)]).await.session;
    let (watcher, id) = make_token(folder, &["observe", "--combat", &combat]);
    let address = server.address();
    let unknown = CombatId(1).to_string();
    let cases: [(&str, &str, &str, i32, &str); 9] = [
        (&unknown, &address, &token, 65, "there is no such fight"),
        (&other, &address, &watcher, 65, "there is no such fight"),
        (&combat, &address, "skm1_00", 65, "not known, has expired or was revoked"),
        (&combat, &address, "nonsense", 65, "not known, has expired or was revoked"),
        (&combat, &address, "non\nsense", 64, "characters that no token has"),
        ("the fight", &address, &watcher, 64, "\"the fight\" is no fight's id"),
        (&combat, "localhost", &watcher, 64, "write host:port, such as 127.0.0.1:50051"),
        (&combat, "http://127.0.0.1:1", &watcher, 64, "write host:port"),
        (&combat, "127.0.0.1:1", &watcher, 69, "is `skirmish serve` running there"),
    ];
    for (combat, address, token, status, words) in cases {
        let (found, out, err) =
            outcome(&observe(folder, combat, address, token).output().expect("it runs"));
        assert_eq!((found, out.as_str()), (Some(status), ""), "{err}");
        assert!(err.contains(words) && err.starts_with("skirmish: "), "{words:?}: {err}");
        assert!(!err.contains(token), "{err}");
    }
    let mut without = observe(folder, &combat, &address, "");
    let (status, _, err) = outcome(&without.env_remove("SKIRMISH_TOKEN").output().expect("runs"));
    assert!(status == Some(64) && err.contains("--token <TOKEN>"), "{err}");

    // A token that is revoked ends what was opened with it.
    let mut watching = Observer::start(observe(folder, &combat, &address, &watcher));
    watching.read_to(1);
    let mut revoke = super::skirmish(folder);
    let revoke = revoke.args(["token", "revoke", &id]).env("DATA_DIR", "data").status();
    assert!(revoke.expect("it runs").success());
    let mut said = String::new();
    watching.err.read_to_string(&mut said).expect("UTF-8");
    assert_eq!(watching.child.wait().expect("it ends").code(), Some(65), "{said}");
    assert!(said.contains("was revoked"), "{said}");
    assert_eq!(server.terminate().code(), Some(0), "{}", server.log);
}
