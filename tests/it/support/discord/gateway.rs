//! The gateway side: HELLO, READY, RESUMED, events in order, and every way of going wrong.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_websockets::{CloseCode, Message, ServerBuilder, WebSocketStream};

use super::wire::Encoder;
use super::world::bot_json;
use super::{APPLICATION, Shared, TOKEN};

/// Events waiting to be written to one connection.
const PUSHES_MAX: usize = 4_096;

/// What happens to a fresh connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum OnConnect {
    /// HELLO, as usual.
    #[default]
    Serve,
    /// The websocket is accepted and closed at once.
    Close(u16),
    /// The connection is cut before anything is said.
    Drop,
    /// The websocket is accepted and cut without a close frame.
    HangUp,
    /// The websocket is accepted and nothing is ever said.
    Silence,
}

/// What happens to an IDENTIFY.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum OnIdentify {
    #[default]
    Ready,
    /// No answer, ever.
    Ignore,
    /// The connection is closed with this code.
    Close(u16),
    /// READY, and then the connection is closed with this code.
    ReadyThenClose(u16),
}

/// What happens to a RESUME.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum OnResume {
    #[default]
    Resume,
    /// No answer, ever, though heartbeats are answered.
    Ignore,
    /// Op 9; the session may be resumable nevertheless.
    Invalid { resumable: bool },
    /// The connection is closed with this code.
    Close(u16),
}

/// What to do: once each from the list, then the same for ever.
#[derive(Debug)]
pub(crate) struct Plan<T> {
    pub(crate) once: VecDeque<T>,
    pub(crate) always: T,
}

impl<T: Default> Default for Plan<T> {
    fn default() -> Self {
        Self { once: VecDeque::new(), always: T::default() }
    }
}

impl<T: Copy> Plan<T> {
    fn next(&mut self) -> T {
        self.once.pop_front().unwrap_or(self.always)
    }
}

/// The gateway's part of the world.
#[derive(Debug)]
pub(crate) struct GatewayWorld {
    pub(crate) on_connect: Plan<OnConnect>,
    pub(crate) on_identify: Plan<OnIdentify>,
    pub(crate) on_resume: Plan<OnResume>,
    /// When each connection was accepted.
    pub(crate) connections: Vec<Instant>,
    /// The `d` of every IDENTIFY.
    pub(crate) identifies: Vec<Value>,
    /// Session and sequence of every RESUME.
    pub(crate) resumes: Vec<(String, u64)>,
    pub(crate) heartbeats: usize,
    /// The codes with which the bot closed.
    pub(crate) closed_by_bot: Vec<u16>,
    pub(crate) heartbeat_interval_ms: u64,
    pub(crate) starts_remaining: u32,
    pub(crate) starts_reset_after_ms: u64,
    session: Option<Session>,
    sessions: u64,
    /// Dispatches made before there was a session.
    early: Vec<Value>,
    live: Option<mpsc::Sender<Push>>,
    /// Whether READY or RESUMED went out on the present connection.
    up: bool,
    number: u64,
}

impl Default for GatewayWorld {
    fn default() -> Self {
        Self {
            on_connect: Plan::default(),
            on_identify: Plan::default(),
            on_resume: Plan::default(),
            connections: Vec::new(),
            identifies: Vec::new(),
            resumes: Vec::new(),
            heartbeats: 0,
            closed_by_bot: Vec::new(),
            heartbeat_interval_ms: 41_250,
            starts_remaining: 1_000,
            starts_reset_after_ms: 86_400_000,
            session: None,
            sessions: 0,
            early: Vec::new(),
            live: None,
            up: false,
            number: 0,
        }
    }
}

#[derive(Debug)]
struct Session {
    id: String,
    sequence: u64,
    /// Everything since READY, for a RESUME.
    log: Vec<(u64, Value)>,
}

#[derive(Debug)]
enum Push {
    Event(Value),
    Raw(String),
    Close(u16),
    Drop,
}

impl GatewayWorld {
    /// Whether the bot is connected and knows it.
    pub(crate) fn is_up(&self) -> bool {
        self.up
    }

    /// The present session's id and last sequence.
    pub(crate) fn session(&self) -> Option<(String, u64)> {
        self.session.as_ref().map(|session| (session.id.clone(), session.sequence))
    }

    pub(super) fn summary(&self) -> String {
        format!(
            "{} connections, {} identifies, {} resumes, {} heartbeats, up: {}, session {:?}",
            self.connections.len(),
            self.identifies.len(),
            self.resumes.len(),
            self.heartbeats,
            self.up,
            self.session(),
        )
    }

    pub(super) fn bot_json(&self, gateway: SocketAddr) -> Value {
        json!({
            "url": format!("ws://{gateway}"), "shards": 1,
            "session_start_limit": {
                "total": 1000, "remaining": self.starts_remaining,
                "reset_after": self.starts_reset_after_ms, "max_concurrency": 1,
            },
        })
    }

    /// Sends a dispatch in order: now, after READY, or with the next RESUME.
    pub(super) fn dispatch(&mut self, name: &str, data: &Value) {
        let event = json!({ "op": 0, "t": name, "d": data });
        match &self.session {
            Some(_) => self.deliver(event),
            None => self.early.push(event),
        }
    }

    fn deliver(&mut self, mut event: Value) {
        let session = self.session.as_mut().expect("a session");
        session.sequence += 1;
        event["s"] = json!(session.sequence);
        session.log.push((session.sequence, event.clone()));
        if self.up {
            self.push(Push::Event(event));
        }
    }

    fn push(&self, push: Push) {
        if let Some(live) = &self.live {
            live.try_send(push).ok();
        }
    }
}

/// Sends events and breaks connections.
pub(crate) struct GatewayHandle(Arc<Shared>);

impl GatewayHandle {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self(shared)
    }

    /// A dispatch with the next sequence.
    pub(crate) fn dispatch(&self, name: &str, data: &Value) {
        self.0.change(|world| world.gateway.dispatch(name, data));
    }

    /// Op 7: the bot is asked to connect again.
    pub(crate) fn ask_to_reconnect(&self) {
        self.push(Push::Event(json!({ "op": 7, "d": null })));
    }

    /// Op 9: the session is invalid.
    pub(crate) fn invalidate(&self, resumable: bool) {
        self.push(Push::Event(json!({ "op": 9, "d": resumable })));
    }

    /// Any text, for example something that is no event.
    pub(crate) fn raw(&self, text: &str) {
        self.push(Push::Raw(text.to_owned()));
    }

    /// Closes the connection with a code.
    pub(crate) fn close(&self, code: u16) {
        self.push(Push::Close(code));
    }

    /// Cuts the connection without a word.
    pub(crate) fn cut(&self) {
        self.push(Push::Drop);
    }

    fn push(&self, push: Push) {
        self.0.change(|world| world.gateway.push(push));
    }
}

pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        stream.set_nodelay(true).ok();
        tokio::spawn(connection(stream, Arc::clone(&shared)));
    }
}

async fn connection(stream: TcpStream, shared: Arc<Shared>) {
    let plan = shared.change(|world| {
        world.gateway.connections.push(Instant::now());
        world.gateway.on_connect.next()
    });
    if plan == OnConnect::Drop {
        return;
    }
    let Ok((request, mut socket)) = ServerBuilder::new().accept(stream).await else { return };
    let query = request.uri().query().unwrap_or_default().to_owned();
    if !query.contains("v=10") || !query.contains("encoding=json") {
        shared.change(|world| world.violate(format!("gateway connection with {query:?}")));
    }
    match plan {
        OnConnect::Close(code) => {
            say_goodbye(&mut socket, code).await;
            return;
        }
        OnConnect::Silence => {
            while let Some(Ok(_)) = socket.next().await {}
            return;
        }
        OnConnect::HangUp => return,
        OnConnect::Serve | OnConnect::Drop => {}
    }
    let (sender, pushes) = mpsc::channel(PUSHES_MAX);
    let number = shared.change(|world| {
        let gateway = &mut world.gateway;
        gateway.number += 1;
        gateway.live = Some(sender);
        gateway.up = false;
        gateway.number
    });
    let mut line = Line { socket, encoder: Encoder::new(&query), shared, number };
    line.run(pushes).await;
    line.shared.change(|world| {
        if world.gateway.number == number {
            world.gateway.live = None;
            world.gateway.up = false;
        }
    });
}

async fn say_goodbye(socket: &mut WebSocketStream<TcpStream>, code: u16) {
    let code = CloseCode::try_from(code).expect("a close code");
    socket.send(Message::close(Some(code), "")).await.ok();
    // The bot answers the close; reading it lets the connection end without a reset.
    while let Some(Ok(_)) = socket.next().await {}
}

struct Line {
    socket: WebSocketStream<TcpStream>,
    encoder: Encoder,
    shared: Arc<Shared>,
    number: u64,
}

impl Line {
    async fn run(&mut self, mut pushes: mpsc::Receiver<Push>) {
        let interval = self.shared.world().gateway.heartbeat_interval_ms;
        let hello = json!({ "op": 10, "d": { "heartbeat_interval": interval } });
        if !self.send(&hello).await {
            return;
        }
        loop {
            tokio::select! {
                heard = self.socket.next() => match heard {
                    Some(Ok(message)) if message.is_close() => {
                        let code = message.as_close().map_or(1005, |(code, _)| code.into());
                        self.shared.change(|world| world.gateway.closed_by_bot.push(code));
                    }
                    Some(Ok(message)) => {
                        let Some(text) = message.as_text() else { continue };
                        let heard = serde_json::from_str(text).unwrap_or_default();
                        if !self.heard(&heard).await {
                            return;
                        }
                    }
                    Some(Err(_)) | None => return,
                },
                push = pushes.recv() => match push {
                    Some(Push::Event(event)) => {
                        if !self.send(&event).await {
                            return;
                        }
                    }
                    Some(Push::Raw(text)) => {
                        let message = self.encoder.encode_text(&text);
                        self.socket.send(message).await.ok();
                    }
                    Some(Push::Close(code)) => {
                        self.shared.change(|world| world.gateway.up = false);
                        return say_goodbye(&mut self.socket, code).await;
                    }
                    Some(Push::Drop) => return,
                    // a newer connection has taken over
                    None => return,
                },
            }
        }
    }

    async fn send(&mut self, event: &Value) -> bool {
        let message = self.encoder.encode(event);
        if event["t"] == json!("INTERACTION_CREATE") {
            let id: u64 = event["d"]["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or(0);
            self.shared.change(|world| {
                if let Some(one) = world.interactions.get_mut(&id) {
                    one.dispatched.get_or_insert_with(Instant::now);
                }
            });
        }
        self.socket.send(message).await.is_ok()
    }

    /// False when the connection is over.
    async fn heard(&mut self, heard: &Value) -> bool {
        match heard["op"].as_u64() {
            Some(1) => {
                self.shared.change(|world| world.gateway.heartbeats += 1);
                self.send(&json!({ "op": 11 })).await
            }
            Some(2) => self.identify(heard["d"].clone()).await,
            Some(6) => self.resume(&heard["d"]).await,
            _ => true,
        }
    }

    async fn identify(&mut self, identify: Value) -> bool {
        let right =
            identify["token"] == json!(format!("Bot {TOKEN}")) || identify["token"] == json!(TOKEN);
        let plan = self.shared.change(|world| {
            world.gateway.identifies.push(identify.clone());
            world.gateway.starts_remaining = world.gateway.starts_remaining.saturating_sub(1);
            world.gateway.on_identify.next()
        });
        let close = match plan {
            _ if !right => Some(4004),
            OnIdentify::Close(code) => Some(code),
            OnIdentify::Ignore => return true,
            OnIdentify::Ready | OnIdentify::ReadyThenClose(_) => None,
        };
        if let Some(code) = close {
            say_goodbye(&mut self.socket, code).await;
            return false;
        }
        let gateway_url = format!("ws://{}", self.shared.gateway);
        let ready = self.shared.change(|world| {
            let gateway = &mut world.gateway;
            gateway.sessions += 1;
            let id = format!("session-{}", gateway.sessions);
            gateway.session = Some(Session { id: id.clone(), sequence: 1, log: Vec::new() });
            json!({ "op": 0, "t": "READY", "s": 1, "d": {
                "v": 10, "user": bot_json(), "guilds": [], "session_id": id,
                "resume_gateway_url": gateway_url, "shard": [0, 1],
                "application": { "id": APPLICATION.to_string(), "flags": 0 },
            } })
        });
        if !self.send(&ready).await {
            return false;
        }
        self.shared.change(|world| {
            if world.gateway.number == self.number {
                world.gateway.up = true;
            }
            for event in std::mem::take(&mut world.gateway.early) {
                world.gateway.deliver(event);
            }
        });
        if let OnIdentify::ReadyThenClose(code) = plan {
            say_goodbye(&mut self.socket, code).await;
            return false;
        }
        true
    }

    async fn resume(&mut self, resume: &Value) -> bool {
        let session = resume["session_id"].as_str().unwrap_or_default().to_owned();
        let from = resume["seq"].as_u64().unwrap_or(0);
        let plan = self.shared.change(|world| {
            world.gateway.resumes.push((session.clone(), from));
            world.gateway.on_resume.next()
        });
        match plan {
            OnResume::Ignore => return true,
            OnResume::Invalid { resumable } => {
                return self.send(&json!({ "op": 9, "d": resumable })).await;
            }
            OnResume::Close(code) => {
                say_goodbye(&mut self.socket, code).await;
                return false;
            }
            OnResume::Resume => {}
        }
        let missed = {
            let world = self.shared.world();
            let known = world.gateway.session.as_ref();
            known.filter(|known| known.id == session && from <= known.sequence).map(|known| {
                let log = known.log.iter();
                log.filter(|(at, _)| *at > from).map(|(_, event)| event.clone()).collect::<Vec<_>>()
            })
        };
        let Some(missed) = missed else {
            return self.send(&json!({ "op": 9, "d": false })).await;
        };
        let last_sent = missed.last().and_then(|event| event["s"].as_u64()).unwrap_or(from);
        for event in &missed {
            if !self.send(event).await {
                return false;
            }
        }
        let mut rest = self.shared.change(|world| {
            let gateway = &mut world.gateway;
            let session = gateway.session.as_mut().expect("it was there a moment ago");
            let log = session.log.iter();
            let rest: Vec<Value> =
                log.filter(|(at, _)| *at > last_sent).map(|(_, event)| event.clone()).collect();
            session.sequence += 1;
            if gateway.number == self.number {
                gateway.up = true;
            }
            let sequence = session.sequence;
            (rest, json!({ "op": 0, "t": "RESUMED", "s": sequence, "d": { "_trace": [] } }))
        });
        rest.0.push(rest.1);
        for event in rest.0 {
            if !self.send(&event).await {
                return false;
            }
        }
        true
    }
}
