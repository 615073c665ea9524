//! The program itself as a child process, started, killed and started again over one folder.
//!
//! Nothing here outlives its test: a child is killed by its own handle when that is dropped, and
//! the folder goes with the test.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;

use crate::support::discord::{FakeDiscord, PATIENCE};

/// How long the program may take to end once it was asked to.
const STOP_WITHIN: Duration = Duration::from_secs(15);

/// The binary in an environment of its own, with its data in `folder`.
fn skirmish(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_skirmish"));
    command
        .env_clear()
        .current_dir(folder)
        .env("DATA_DIR", folder.join("data"))
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

/// `skirmish serve`, running.
pub(super) struct Server {
    child: Child,
    log: watch::Receiver<Vec<String>>,
    /// Where gRPC listens.
    pub(super) grpc: SocketAddr,
}

impl Server {
    /// Starts the program and waits until it serves and is on the gateway.
    pub(super) async fn start(folder: &Path, fake: &FakeDiscord) -> Self {
        let mut child = skirmish(folder)
            .arg("serve")
            .envs(fake.env())
            .env("GRPC_ADDR", "127.0.0.1:0")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let (say, mut log) = watch::channel(Vec::new());
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                say.send_modify(|all: &mut Vec<String>| all.push(line));
            }
        });
        let served = |all: &Vec<String>| all.iter().any(|line| line.contains(": serving "));
        let waited = tokio::time::timeout(PATIENCE, log.wait_for(served)).await;
        let line = waited.ok().and_then(|found| {
            let found = found.ok()?;
            found.iter().find(|line| line.contains(": serving ")).cloned()
        });
        let line = line.unwrap_or_else(|| panic!("it does not serve: {:#?}", *log.borrow()));
        let at = line.split("grpc=").nth(1).and_then(|rest| rest.split_whitespace().next());
        let grpc = at.and_then(|at| at.parse().ok()).unwrap_or_else(|| panic!("no port: {line}"));
        fake.ready().await;
        fake.commands_registered().await;
        Self { child, log, grpc }
    }

    /// `kill -9`, and waits until it is gone and Discord has noticed.
    pub(super) async fn kill(mut self, fake: &FakeDiscord) {
        self.child.kill().await.expect("killed");
        offline(fake).await;
    }

    /// SIGTERM: asks the program to stop, and waits until it has; gives how it ended and what it
    /// complained of in its life.
    pub(super) async fn terminate(mut self, fake: &FakeDiscord) -> (ExitStatus, Vec<String>) {
        let pid = self.child.id().expect("it runs").to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status().await;
        assert!(sent.expect("kill is there").success());
        let ended = tokio::time::timeout(STOP_WITHIN, self.child.wait()).await;
        let status = ended.expect("it stops when asked").expect("it was waited for");
        offline(fake).await;
        // its standard error is closed: nothing more comes
        while self.log.changed().await.is_ok() {}
        let is_bad = |line: &&String| line.contains(" WARN ") || line.contains("ERROR ");
        let complaints = self.log.borrow().iter().filter(is_bad).cloned().collect();
        (status, complaints)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the program said: {:#?}", *self.log.borrow());
        }
    }
}

async fn offline(fake: &FakeDiscord) {
    fake.wait_for("the bot to be gone", |world| (!world.gateway.is_up()).then_some(())).await;
}

/// A token made on the command line, through the socket of the running program.
pub(super) async fn token(folder: &Path, arguments: &[&str]) -> String {
    let made =
        skirmish(folder).args(["token", "add"]).args(arguments).output().await.expect("it runs");
    let said = String::from_utf8(made.stderr).expect("UTF-8");
    assert!(made.status.success(), "no token: {said}");
    String::from_utf8(made.stdout).expect("UTF-8").trim().to_owned()
}
