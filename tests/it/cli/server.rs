//! `skirmish serve` as a process of its own: started, waited for, asked, stopped and killed.
//!
//! Nothing here sleeps: a start is over when the program says so on standard error, and an end when
//! it closes it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use serde_json::Value;
use skirmish::protocol::pb;
use tonic::transport::Channel;

use pb::combat_service_client::CombatServiceClient;

/// How long the program may take to start, to stop or to say something, before a test fails.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// What nobody's bot is called with.
pub(super) const TOKEN: &str = "MTAxMDEwMTAx.canary.n0t-a-real-t0ken-of-anybody";

/// A running program and what it has said on standard error.
pub(crate) struct Server {
    pub(super) child: Child,
    lines: Receiver<String>,
    /// Everything that was said so far.
    pub(crate) log: String,
    pub(super) grpc: Option<SocketAddr>,
    pub(super) metrics: Option<SocketAddr>,
}

/// `serve` with its data in this folder, both ports open, and a Discord that never answers.
pub(crate) fn serve(folder: &Path) -> Command {
    let mut command = super::skirmish(folder);
    command.arg("serve").env("DATA_DIR", folder.join("data"));
    without_discord(&mut command);
    command
}

/// Port 1 of this machine is nobody's: the bot keeps trying, and everything else works.
pub(super) fn without_discord(command: &mut Command) {
    for (name, value) in [
        ("DISCORD_TOKEN", TOKEN),
        ("DISCORD_API_PROXY", "127.0.0.1:1"),
        ("DISCORD_GATEWAY_URL", "ws://127.0.0.1:1"),
        ("GRPC_ADDR", "127.0.0.1:0"),
        ("METRICS_ADDR", "127.0.0.1:0"),
        ("LOG_FORMAT", "json"),
    ] {
        command.env(name, value);
    }
}

impl Server {
    /// Starts it and waits until it serves.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut server = Self::spawn(command);
        let line = server.wait_for("\"message\":\"serving\"");
        let said: Value = serde_json::from_str(&line).expect("a line of JSON");
        let address = |name: &str| said[name].as_str().and_then(|text| text.parse().ok());
        server.grpc = address("grpc");
        server.metrics = address("metrics");
        server
    }

    /// Starts it.
    pub(super) fn spawn(command: &mut Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().expect("it runs");
        let stderr = child.stderr.take().expect("piped");
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).split(b'\n').map_while(Result::ok) {
                if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                    return;
                }
            }
        });
        Self { child, lines, log: String::new(), grpc: None, metrics: None }
    }

    /// The next line with these words in it.
    #[track_caller]
    pub(super) fn wait_for(&mut self, words: &str) -> String {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => {
                    self.log.push_str(&line);
                    self.log.push('\n');
                    if line.contains(words) {
                        return line;
                    }
                }
                Err(why) => panic!("no {words:?} ({why}) in what it said:\n{}", self.log),
            }
        }
    }

    pub(super) fn address(&self) -> String {
        self.grpc.expect("a port for gRPC").to_string()
    }

    /// Asks it to stop, and waits until it has.
    #[track_caller]
    pub(crate) fn terminate(&mut self) -> ExitStatus {
        signal(self.child.id(), "TERM");
        self.ended()
    }

    /// Kills it in the middle of whatever it does.
    #[track_caller]
    pub(super) fn kill(&mut self) -> ExitStatus {
        self.child.kill().expect("killed");
        self.ended()
    }

    /// Waits until it has ended.
    #[track_caller]
    pub(super) fn ended(&mut self) -> ExitStatus {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => {
                    self.log.push_str(&line);
                    self.log.push('\n');
                }
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    panic!("it did not end within {PATIENCE:?}:\n{}", self.log)
                }
            }
        }
        self.child.wait().expect("it ended")
    }

    /// The figures, as Prometheus reads them.
    pub(super) fn figures(&self) -> String {
        get(self.metrics.expect("a port for the figures"), "/metrics")
    }

    pub(super) async fn channel(&self) -> Channel {
        let address = format!("http://{}", self.address());
        Channel::from_shared(address).expect("an address").connect().await.expect("connected")
    }

    pub(super) async fn calls(&self) -> CombatServiceClient<Channel> {
        CombatServiceClient::new(self.channel().await)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Ended already is as good.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Sends a signal by its name.
pub(super) fn signal(pid: u32, name: &str) {
    // A shell has it built in, wherever there is no program of that name.
    let sent = Command::new("sh").args(["-c", &format!("kill -{name} {pid}")]).status();
    assert!(sent.expect("a shell").success(), "{name} was not sent to {pid}");
}

/// The body of an HTTP answer.
pub(super) fn get(address: SocketAddr, path: &str) -> String {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(address).expect("connected");
    stream.set_read_timeout(Some(PATIENCE)).expect("set");
    let head = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).expect("asked");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    answer.split_once("\r\n\r\n").expect("a body").1.to_owned()
}

/// Makes a token through the server's socket, or in its folder where none runs: the token and its
/// id.
pub(super) fn make_token(folder: &Path, arguments: &[&str]) -> (String, String) {
    let mut command = super::skirmish(folder);
    command.args(["token", "add"]).args(arguments).env("DATA_DIR", folder.join("data"));
    let (status, out, err) = super::outcome(&command.output().expect("it runs"));
    assert_eq!(status, Some(0), "{err}");
    let id = err.strip_prefix("id ").expect("the id").split(' ').next().expect("a word");
    (out.trim_end().to_owned(), id.to_owned())
}
