//! Secrets that sing when they are seen: the bot's token, tokens for gRPC and the tokens of
//! interactions go through a real process at its most talkative, through refusals, faults, a kill
//! and restarts; then everything that it wrote is searched for them.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::json;
use skirmish::protocol::pb;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tonic::transport::Channel;

use pb::character_service_client::CharacterServiceClient;
use pb::combat_service_client::CombatServiceClient;
use pb::combat_streaming_service_client::CombatStreamingServiceClient;

use super::server::{self, Server, make_token};
use crate::support::discord::{FakeDiscord, Fault, GUILD, Kind429, TOKEN};
use crate::support::fight::{Wish, call, goblins, initiate, join_hero, request};

const CHANNEL: u64 = 777;
const GM: u64 = 10;
/// Tokens that nobody has: one that looks right, and the bot's own in the wrong place.
const STRANGERS: [&str; 2] =
    ["skm1_c0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ffee0000", TOKEN];
/// Another bot's token, which Discord refuses.
const REFUSED: &str = "MjAyMDIwMjAy.canary.an0ther-t0ken-of-nobody";
/// How the fake begins the token of every interaction.
const INTERACTION: &str = "token-of-interaction-";

/// What may not be found, each with its name.
struct Canaries(Vec<(String, Vec<u8>)>);

impl Canaries {
    fn new() -> Self {
        let mut canaries = Self(Vec::new());
        canaries.add("the bot's token", TOKEN);
        canaries.add("the end of the bot's token", &TOKEN[TOKEN.len() - 20..]);
        canaries.add("the token that Discord refuses", &REFUSED[REFUSED.len() - 20..]);
        canaries.add("the token of an interaction", INTERACTION);
        canaries.add("a stranger's token", &STRANGERS[0][5..]);
        canaries
    }

    fn add(&mut self, name: &str, text: &str) {
        self.0.push((name.to_owned(), text.as_bytes().to_vec()));
    }

    /// A token for gRPC: as it is written, as the half of it, and as the bytes it stands for.
    fn add_token(&mut self, name: &str, token: &str) {
        let hex = token.strip_prefix("skm1_").expect("a token of ours");
        self.add(name, hex);
        self.add(&format!("half of {name}"), &hex[..32]);
        let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
        self.0.push((format!("the bytes of {name}"), (0..64).step_by(2).map(byte).collect()));
    }

    /// Which of them are in there.
    fn in_bytes(&self, bytes: &[u8]) -> Vec<String> {
        let found = |secret: &[u8]| bytes.windows(secret.len()).any(|window| window == secret);
        let names = self.0.iter().filter(|(_, secret)| found(secret));
        names.map(|(name, _)| name.clone()).collect()
    }

    #[track_caller]
    fn are_not_in(&self, place: &str, bytes: &[u8]) {
        let found = self.in_bytes(bytes);
        let text = String::from_utf8_lossy(bytes);
        let line = text.lines().find(|line| !self.in_bytes(line.as_bytes()).is_empty());
        assert!(found.is_empty(), "{place} shows {found:?}: {line:?}");
    }
}

/// Everything that came back to a caller as an error.
#[derive(Default)]
struct Errors(Vec<String>);

impl Errors {
    fn of<T>(&mut self, answer: Result<T, tonic::Status>) {
        let status = answer.err().expect("a refusal");
        self.0.push(format!("{status:?} {status}"));
    }
}

/// One run of the program: `serve` at its most talkative, its standard output in a file.
fn start(folder: &Path, fake: &FakeDiscord, run: usize) -> Server {
    let out = File::create(folder.join(format!("out-{run}"))).expect("made");
    let mut command = server::serve(folder);
    command.envs(fake.env()).env("LOG", "trace").stdout(Stdio::from(out));
    Server::start(&mut command)
}

/// Calls that are refused: nobody's tokens, tokens where none belongs, tokens that reach too short.
async fn refused_calls(server: &Server, narrow: &str, good: &str, errors: &mut Errors) {
    let channel = server.channel().await;
    let mut fights = CombatServiceClient::new(channel.clone());
    let mut streams = CombatStreamingServiceClient::new(channel.clone());
    let mut people = CharacterServiceClient::new(channel);
    for token in STRANGERS {
        errors.of(fights.list_combats(call(token, pb::ListCombatsRequest::default())).await);
        errors.of(streams.observe_combat(call(token, pb::ObserveCombatRequest::default())).await);
        let mut odd = tonic::Request::new(pb::ListCombatsRequest::default());
        odd.metadata_mut().insert("authorization", token.parse().expect("ASCII"));
        errors.of(fights.list_combats(odd).await);
    }
    errors.of(fights.submit(call(narrow, request("n", "", initiate(GUILD_OF_TEST, vec![])))).await);
    // Somebody pasted a token into the wrong field.
    for (token, misplaced) in [(good, narrow), (good, STRANGERS[1])] {
        let session_id = misplaced.to_owned();
        let get = pb::GetCombatRequest { session_id: session_id.clone() };
        errors.of(fights.get_combat(call(token, get)).await);
        let watch = pb::ObserveCombatRequest { session_id, ..pb::ObserveCombatRequest::default() };
        errors.of(streams.observe_combat(call(token, watch)).await);
        let end = Wish::EndTurn(pb::EndTurn { creature_id: misplaced.to_owned() });
        errors.of(fights.submit(call(token, request("m", misplaced, end))).await);
        errors.of(fights.submit(call(token, request("j", "", join_hero(misplaced)))).await);
        let (guild_id, character_id) = (GUILD.to_string(), misplaced.to_owned());
        let get = pb::GetCharacterRequest { guild_id, character_id };
        errors.of(people.get_character(call(token, get)).await);
    }
}

const GUILD_OF_TEST: skirmish::rules::id::GuildId = skirmish::rules::id::GuildId(GUILD);

/// What a browser or a scanner sends: tokens in addresses, in headers of HTTP/1, in broken frames.
async fn raw_calls(server: &Server, token: &str) -> Vec<u8> {
    let path = "/skirmish.v1.CombatService/ListCombats";
    let mut answers = Vec::new();
    for text in [
        format!("GET /?token={token} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"),
        format!(
            "GET /metrics HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n"
        ),
        format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/grpc-web+proto\r\nauthorization: Bearer {token}\r\ncontent-length: 3\r\nconnection: close\r\n\r\n\0\0\0"
        ),
        format!("POST {path} HTTP/9\r\nauthorization: Bearer {token}\r\n\r\n"),
    ] {
        for address in [server.grpc, server.metrics].into_iter().flatten() {
            let mut socket = tokio::net::TcpStream::connect(address).await.expect("connected");
            socket.write_all(text.as_bytes()).await.expect("sent");
            let read = socket.read_to_end(&mut answers);
            tokio::time::timeout(server::PATIENCE, read).await.expect("closed").unwrap_or_default();
        }
    }
    answers
}

/// Evenings on Discord: commands that work, that are wrong, and that Discord itself breaks.
async fn discord_evening(fake: &FakeDiscord, name: &str) {
    let gm = fake.user(GM).named("Gisela");
    for (pattern, fault) in [
        ("POST channels/*/messages", Fault::TooMany { retry_after: 0.02, kind: Kind429::Global }),
        ("PATCH channels/*/messages/*", Fault::Status(502)),
        ("POST channels/*/messages", Fault::DropBefore),
    ] {
        fake.fail(pattern, 1, fault);
    }
    let options = [("name", json!(name)), ("monsters", json!("2 goblin warrior"))];
    let started = gm.slash(CHANNEL, "combat", "start", &options).await;
    assert!(started.text().contains("is open"), "{}", started.text());
    let channel = fake.channel(CHANNEL);
    channel.wait_for("the card", |message| message.has_button("Log")).await;
    gm.slash(CHANNEL, "roll", "", &[("dice", json!("1d20 +"))]).await;
    gm.slash(CHANNEL, "combat", "end-turn", &[]).await;
    gm.slash(CHANNEL, "combat", "end", &[]).await;
}

/// All files below a folder, with their contents.
fn everything_in(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(everything_in(&path));
        } else if path.is_file() {
            let bytes = std::fs::read(&path).expect("readable");
            found.push((path, bytes));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_written_anywhere() {
    let fake = FakeDiscord::start().await;
    fake.allow_ping(GM);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let mut canaries = Canaries::new();
    let mut errors = Errors::default();
    let (early, _) = make_token(path, &["admin"]);
    canaries.add_token("a token made without a server", &early);

    let mut logs = String::new();
    let mut pages = String::new();
    let mut answers = Vec::new();
    for run in 0..2 {
        let mut server = start(path, &fake, run);
        fake.ready().await;
        fake.commands_registered().await;
        let guild = GUILD.to_string();
        let (act, act_id) = make_token(path, &["act", "--guild", &guild, "--user", "12"]);
        let (master, _) = make_token(path, &["start", "--guild", &guild, "--user", "10"]);
        canaries.add_token("a player's token", &act);
        canaries.add_token("a game master's token", &master);
        refused_calls(&server, &act, &master, &mut errors).await;
        answers.extend(raw_calls(&server, &early).await);
        discord_evening(&fake, &format!("Ambush {run}")).await;
        let mut calls = server.calls().await;
        let open = request(&format!("o{run}"), "", initiate(GUILD_OF_TEST, vec![goblins(2, true)]));
        let session =
            calls.submit(call(&master, open)).await.expect("opened").into_inner().session_id;
        watch_until_revoked(&server, path, (&act, &act_id), &session, &mut errors).await;
        pages.push_str(&server.figures());
        // The first run is killed in the middle of everything; the second stops as it should.
        let status = if run == 0 { server.kill() } else { server.terminate() };
        assert_eq!(status.code(), (run == 1).then_some(0), "{}", server.log);
        logs.push_str(&server.log);
    }
    logs.push_str(&refused_by_discord(path, &fake).await);

    // The search would find them: what is no secret is found in all these places.
    assert!(logs.len() > 100_000 && logs.contains("\"level\":\"TRACE\""), "{} bytes", logs.len());
    assert!(pages.contains("skirmish_refusals_total{surface=\"grpc\",code=\"not_authenticated\"}"));
    assert!(errors.0.len() > 30 && answers.len() > 500, "{} {}", errors.0.len(), answers.len());
    let files = everything_in(path);
    let holds = |text: &str| {
        files.iter().any(|(_, bytes)| bytes.windows(text.len()).any(|at| at == text.as_bytes()))
    };
    assert!(
        holds("Ambush 0") && holds("Ambush 1"),
        "{:?}",
        files.iter().map(|f| &f.0).collect::<Vec<_>>()
    );

    canaries.are_not_in("the log", logs.as_bytes());
    canaries.are_not_in("the page of figures", pages.as_bytes());
    canaries.are_not_in("an answer over HTTP/1", &answers);
    for error in &errors.0 {
        canaries.are_not_in("an error over gRPC", error.as_bytes());
    }
    for (file, bytes) in &files {
        canaries.are_not_in(&file.display().to_string(), bytes);
    }
}

/// A token that works, until it is revoked under an open stream.
async fn watch_until_revoked(
    server: &Server,
    folder: &Path,
    (token, id): (&str, &str),
    session: &str,
    errors: &mut Errors,
) {
    let mut streams: CombatStreamingServiceClient<Channel> =
        CombatStreamingServiceClient::new(server.channel().await);
    let watch = pb::ObserveCombatRequest {
        session_id: session.to_owned(),
        include_history: true,
        ..pb::ObserveCombatRequest::default()
    };
    let mut frames = streams.observe_combat(call(token, watch)).await.expect("seen").into_inner();
    frames.message().await.expect("a frame");
    let mut revoke = super::skirmish(folder);
    let revoke = revoke.args(["token", "revoke", id]).env("DATA_DIR", folder.join("data"));
    assert_eq!(revoke.output().expect("it runs").status.code(), Some(0));
    let ended = loop {
        match frames.message().await {
            Ok(frame) => assert!(frame.is_some(), "it ends with a reason"),
            Err(status) => break status,
        }
    };
    errors.of::<()>(Err(ended));
}

/// Discord does not take the token: the program ends with a word about it, and without the token.
async fn refused_by_discord(folder: &Path, fake: &FakeDiscord) -> String {
    let out = File::create(folder.join("out-refused")).expect("made");
    let mut command = server::serve(folder);
    command.envs(fake.env()).env("DISCORD_TOKEN", REFUSED).env("LOG", "trace");
    // Another folder: with this one the bot would only take up its old session.
    command.env("DATA_DIR", folder.join("refused"));
    let mut server = Server::spawn(command.stdout(Stdio::from(out)));
    let status = tokio::task::spawn_blocking(move || {
        let status = server.ended();
        (status, std::mem::take(&mut server.log))
    });
    let (status, log) = status.await.expect("ended");
    assert_eq!(status.code(), Some(78), "{log}");
    assert!(
        log.lines().any(|line| line.starts_with("skirmish: ") && line.contains("oken")),
        "{log}"
    );
    log
}
