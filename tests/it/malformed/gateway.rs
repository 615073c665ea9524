//! Frames of the gateway that are not quite right, through the whole way in: websocket, zstd, the
//! shard, the reading of dispatches. After each the connection still works, or is made anew, and
//! the next sound interaction arrives.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use skirmish::clock::Stopwatch;
use skirmish::discord::commands;
use skirmish::discord::gateway::{
    CountersNow, Gateway, GatewayEvent, GatewayOptions, Session, SessionStore, SessionStoreError,
};
use skirmish::discord::transport::{Response, Sending, Transport};
use skirmish::rules::id::CombatId;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_websockets::{Message, ServerBuilder, WebSocketStream};
use twilight_http::request::Request;

use super::interactions::{Setting, Templates};
use super::json::Json;
use super::noise::Noise;
use super::{INPUTS, TIME_MAX};
use crate::support::discord::{APPLICATION, Encoder, PATIENCE, TOKEN};

/// Inputs after which a sound interaction has to arrive.
const RUN: usize = 50;
/// Sound interactions from which inputs are made.
const TEMPLATES: usize = 500;
/// After bytes that are no part of the compressed stream, what follows may be swallowed. Discord
/// hangs up on a bot whose heartbeats stop making sense; here that is after this time.
const SWALLOWED_AFTER: Duration = Duration::from_millis(300);
/// Where the ids of the sound interactions begin; no input has one of these.
const SOUND_IDS: u64 = 9_000_000_000_000_000_000;

/// Says how many sessions may be begun; nothing else is asked.
#[derive(Debug)]
struct Starts(String);

impl Transport for Starts {
    fn send_within(&self, request: Request, _: Duration) -> Sending<'_> {
        assert_eq!(request.path(), "gateway/bot");
        let info = json!({ "url": self.0, "shards": 1, "session_start_limit": {
            "total": 1000, "remaining": 1000, "reset_after": 1, "max_concurrency": 1,
        } });
        Box::pin(async move {
            Ok(Response {
                status: http::StatusCode::OK,
                headers: http::HeaderMap::new(),
                body: info.to_string().into(),
            })
        })
    }
}

#[derive(Debug)]
struct Nowhere;

impl SessionStore for Nowhere {
    async fn load(&self) -> Result<Option<Session>, SessionStoreError> {
        Ok(None)
    }

    async fn save(&self, _: &Session) -> Result<(), SessionStoreError> {
        Ok(())
    }
}

/// What goes over the wire.
#[derive(Debug, Clone)]
enum Input {
    /// A text in the compressed stream.
    Packed(String),
    /// A text beside it.
    Plain(String),
    /// Bytes that are no part of the stream.
    Bytes(Vec<u8>),
}

/// Makes the inputs.
struct Maker {
    noise: Noise,
    templates: Templates,
    address: String,
    made: u64,
}

impl Maker {
    /// An input, and whether it is of a kind that usually ends the connection.
    fn next(&mut self) -> (Input, bool) {
        self.made += 1;
        let made = self.made;
        let dispatch =
            |name: &str, data: &Value| json!({ "op": 0, "s": made, "t": name, "d": data });
        let (sound, ends) = match self.noise.below(100) {
            0 => (json!({ "op": 7, "d": null }), true),
            1 => (json!({ "op": 9, "d": self.noise.once_in(2) }), true),
            2 | 3 => {
                (json!({ "op": 10, "d": { "heartbeat_interval": 41_250, "_trace": [] } }), true)
            }
            4..=7 => (dispatch("READY", &self.ready()), false),
            8..=12 => (dispatch("RESUMED", &json!({ "_trace": [] })), false),
            13..=17 => (json!({ "op": 11 }), false),
            18..=22 => (json!({ "op": 1, "d": null }), false),
            23..=29 => {
                (dispatch("GUILD_CREATE", &json!({ "id": "1", "unavailable": true })), false)
            }
            30 => {
                let length = self.noise.below(80);
                let bytes: Vec<u8> = (0..length).map(|_| self.noise.byte()).collect();
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let is_text = !self.noise.once_in(4);
                return if is_text {
                    (Input::Packed(text), false)
                } else {
                    (Input::Bytes(bytes), true)
                };
            }
            _ => {
                let head = format!(r#"{{"op":0,"s":{made},"t":"INTERACTION_CREATE","d":"#);
                if self.noise.once_in(8) {
                    let mut tree = Json::from(&dispatch("INTERACTION_CREATE", &Value::Null));
                    *tree.get_mut("d").unwrap() = self.templates.whole(made, &mut self.noise);
                    return (self.broken(tree), false);
                }
                let one = self.templates.with_data(made, &mut self.noise, |data, noise| {
                    if noise.once_in(2) { data.change(noise) } else { data.change_text(noise) }
                });
                return (self.packed(format!("{head}{one}}}")), false);
            }
        };
        (self.broken(Json::from(&sound)), ends)
    }

    fn broken(&mut self, mut tree: Json) -> Input {
        let noise = &mut self.noise;
        // the frame itself is seldom what is wrong, or nothing would get past it
        match tree.get_mut("d").filter(|_| !noise.once_in(6)) {
            Some(data) if noise.once_in(2) => data.change(noise),
            Some(data) => data.change_text(noise),
            None => tree.change(noise),
        }
        let text = tree.write();
        self.packed(text)
    }

    /// The text, sometimes with noise in its bytes, one way or the other.
    fn packed(&mut self, mut text: String) -> Input {
        let noise = &mut self.noise;
        if noise.once_in(10) {
            text = noise.spoil_text(&text);
        }
        if noise.once_in(5) { Input::Plain(text) } else { Input::Packed(text) }
    }

    fn ready(&self) -> Value {
        let bot = json!({
            "id": APPLICATION.to_string(), "username": "skirmish", "global_name": null,
            "discriminator": "0001", "avatar": null, "bot": true, "flags": 0,
            "mfa_enabled": true, "verified": true,
        });
        json!({
            "v": 10, "user": bot, "guilds": [], "session_id": format!("session-{}", self.made),
            "resume_gateway_url": self.address, "shard": [0, 1],
            "application": { "id": APPLICATION.to_string(), "flags": 0 },
        })
    }
}

/// The server's end of one connection.
struct Line {
    socket: WebSocketStream<TcpStream>,
    encoder: Encoder,
}

/// The other end is gone.
struct Gone;

impl Line {
    async fn accept(listener: &TcpListener) -> Self {
        loop {
            let accepted = tokio::time::timeout(PATIENCE, listener.accept()).await;
            let (stream, _) = accepted.expect("the bot connects again").unwrap();
            stream.set_nodelay(true).unwrap();
            let Ok((request, socket)) = ServerBuilder::new().accept(stream).await else { continue };
            let encoder = Encoder::new(request.uri().query().unwrap_or_default());
            return Self { socket, encoder };
        }
    }

    async fn send(&mut self, input: &Input) -> Result<(), Gone> {
        let message = match input {
            Input::Packed(text) => self.encoder.encode_text(text),
            Input::Plain(text) => Message::text(text.clone()),
            Input::Bytes(bytes) => Message::binary(bytes.clone()),
        };
        self.socket.feed(message).await.map_err(|_| Gone)
    }

    /// Sends a frame of ours.
    async fn say(&mut self, event: &Value) -> Result<(), Gone> {
        self.send(&Input::Packed(event.to_string())).await?;
        self.socket.flush().await.map_err(|_| Gone)
    }

    /// Hears one message and answers it as Discord does; gives its operation.
    async fn hear(&mut self, maker: &Maker) -> Result<u64, Gone> {
        let message = match self.socket.next().await {
            Some(Ok(message)) if !message.is_close() => message,
            _ => return Err(Gone),
        };
        let heard: Value = message
            .as_text()
            .and_then(|text| serde_json::from_str(text).ok())
            .expect("the bot writes JSON");
        let made = maker.made;
        let op = heard["op"].as_u64().expect("the bot names its operation");
        match op {
            1 => self.say(&json!({ "op": 11 })).await?,
            2 => {
                let ready = json!({ "op": 0, "s": made, "t": "READY", "d": maker.ready() });
                self.say(&ready).await?;
            }
            6 => {
                let resumed = json!({ "op": 0, "s": made, "t": "RESUMED", "d": { "_trace": [] } });
                self.say(&resumed).await?;
            }
            _ => {}
        }
        Ok(op)
    }
}

/// Sends everything, connection after connection, and counts what was surely read.
struct Feeder {
    maker: Maker,
    listener: TcpListener,
    /// The number of the last sound interaction that arrived.
    arrived: watch::Receiver<u64>,
    sound: u64,
    done: usize,
    /// What a connection ended in the middle of: sent again, one by one.
    again: VecDeque<Input>,
    connections: usize,
}

impl Feeder {
    async fn feed(&mut self) {
        while self.done < INPUTS {
            self.connections += 1;
            let mut line = Line::accept(&self.listener).await;
            // what ended it is counted where it was sent
            self.feed_one(&mut line).await.ok();
        }
    }

    async fn feed_one(&mut self, line: &mut Line) -> Result<(), Gone> {
        if self.maker.noise.once_in(4) {
            // something broken comes before anything else
            let (input, _) = self.maker.next();
            self.done += 1;
            line.send(&input).await?;
        }
        line.say(&json!({ "op": 10, "d": { "heartbeat_interval": 41_250 } })).await?;
        while !matches!(line.hear(&self.maker).await?, 2 | 6) {}
        while self.done < INPUTS {
            if let Some(input) = self.again.pop_front() {
                self.run(line, vec![input]).await?;
                continue;
            }
            let mut run = Vec::new();
            let mut last = None;
            while run.len() < RUN.min(INPUTS - self.done) && last.is_none() {
                let (input, ends) = self.maker.next();
                if ends { last = Some(input) } else { run.push(input) }
            }
            if let Some(last) = last {
                self.again.push_back(last);
            }
            if !run.is_empty() {
                self.run(line, run).await?;
            }
        }
        Ok(())
    }

    /// Sends inputs and then something sound, and waits for that to arrive.
    async fn run(&mut self, line: &mut Line, inputs: Vec<Input>) -> Result<(), Gone> {
        let count = inputs.len();
        let outcome = self.try_run(line, &inputs).await;
        if outcome.is_ok() || count == 1 {
            // a single input that ends the connection was read
            self.done += count;
        } else {
            for input in inputs.into_iter().rev() {
                self.again.push_front(input);
            }
        }
        outcome
    }

    async fn try_run(&mut self, line: &mut Line, inputs: &[Input]) -> Result<(), Gone> {
        for input in inputs {
            line.send(input).await?;
        }
        self.sound += 1;
        let id = SOUND_IDS + self.sound;
        let data = json!({ "id": "1", "name": "help", "type": 1 });
        let sound = super::interactions::envelope(id, 2, 10, &data, None);
        line.say(&json!({ "op": 0, "s": self.maker.made, "t": "INTERACTION_CREATE", "d": sound }))
            .await?;
        let wanted = self.sound;
        let mut arrived = self.arrived.clone();
        let arrival = async move { arrived.wait_for(|at| *at >= wanted).await.map(|_| ()) };
        tokio::pin!(arrival);
        let may_swallow = matches!(inputs, [Input::Bytes(_)]);
        let patience = if may_swallow { SWALLOWED_AFTER } else { PATIENCE };
        let patience = tokio::time::sleep(patience);
        tokio::pin!(patience);
        loop {
            tokio::select! {
                came = &mut arrival => {
                    came.expect("the bot runs");
                    return Ok(());
                }
                heard = line.hear(&self.maker) => {
                    heard?;
                }
                () = &mut patience => {
                    assert!(may_swallow, "nothing arrives any more after {inputs:?}");
                    return Err(Gone);
                }
            }
        }
    }
}

/// What the bot handed out.
#[derive(Debug, Default, Clone, Copy)]
struct HandedOut {
    interactions: usize,
    ready: usize,
    resumed: usize,
}

fn options(address: &str) -> GatewayOptions {
    GatewayOptions {
        url: Some(address.to_owned()),
        backoff_first: Duration::from_millis(1),
        backoff_max: Duration::from_millis(1),
        watchdog: Duration::from_millis(300),
        identify_every: Duration::from_micros(1),
        ..GatewayOptions::new(TOKEN)
    }
}

async fn fed() -> (HandedOut, CountersNow, usize, usize) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("ws://{}", listener.local_addr().unwrap());
    let transport = Arc::new(Starts(address.clone()));
    let mut gateway = Gateway::new(options(&address), transport, Nowhere).unwrap();
    let counters = gateway.counters();
    let (arrive, arrived) = watch::channel(0);
    let creatures = vec!["goblin-warrior-1".to_owned()];
    let setting = Setting { combat: CombatId(7), turn: 3, actions: creatures.clone(), creatures };
    let mut noise = Noise::new(0x5eed_c0de_0bad_0003);
    let templates = Templates::new(TEMPLATES, &mut noise, &commands::table(), &setting);
    let maker = Maker { noise, templates, address, made: 0 };
    let mut feeder = Feeder {
        maker,
        listener,
        arrived,
        sound: 0,
        done: 0,
        again: VecDeque::new(),
        connections: 0,
    };
    let mut out = HandedOut::default();
    let feeding = tokio::spawn(async move {
        feeder.feed().await;
        (feeder.done, feeder.connections)
    });
    tokio::pin!(feeding);
    let (done, connections) = loop {
        tokio::select! {
            fed = &mut feeding => break fed.unwrap(),
            event = gateway.next() => match event.expect("nothing of this ends the bot") {
                GatewayEvent::Interaction(one, mark) => {
                    match one.id.get().checked_sub(SOUND_IDS) {
                        Some(number) => drop(arrive.send_replace(number)),
                        None => out.interactions += 1,
                    }
                    gateway.ack(mark);
                }
                GatewayEvent::Ready(_) => out.ready += 1,
                GatewayEvent::Resumed => out.resumed += 1,
                GatewayEvent::Other(_, mark) => gateway.ack(mark),
            },
        }
    };
    (out, counters.now(), done, connections)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_thousand_broken_frames_end_nothing() {
    let started = Stopwatch::start();
    let (out, counters, done, connections) = fed().await;
    println!(
        "{done} inputs over {connections} connections in {:?}: {out:?} {counters:?}",
        started.elapsed()
    );
    assert_eq!(done, INPUTS);
    assert!(out.interactions > 20_000, "{out:?}");
    assert!(out.ready > 1_000 && out.resumed > 2_000, "{out:?}");
    assert!(counters.undecodable > 10_000, "{counters:?}");
    assert!(counters.events > 50_000, "{counters:?}");
    assert!((500..20_000).contains(&connections), "{connections}");
    assert!(counters.sessions > 100 && counters.resumes > 500, "{counters:?}");
    assert!(started.elapsed() < TIME_MAX, "took {:?}", started.elapsed());
}
