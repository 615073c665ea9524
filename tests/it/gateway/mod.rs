//! The connection to the gateway, against a Discord that closes, cuts, ignores and repeats.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use skirmish::discord::gateway::{
    Acks, Counters, Gateway, GatewayError, GatewayEvent, GatewayOptions, Mark, Session,
    SessionStore, SessionStoreError,
};
use skirmish::discord::transport::{Http, HttpOptions};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use twilight_model::application::interaction::Interaction;

use crate::support::discord::{FakeDiscord, PATIENCE, TOKEN};

mod events;
mod resume;
mod unwell;

const CHANNEL: u64 = 77;

/// Keeps the session in memory, over restarts of the gateway in one test.
#[derive(Debug, Clone, Default)]
struct Memory(Arc<Kept>);

#[derive(Debug, Default)]
struct Kept {
    session: Mutex<Option<Session>>,
    broken: AtomicBool,
}

impl Memory {
    fn session(&self) -> Option<Session> {
        self.0.session.lock().unwrap().clone()
    }

    fn sequence(&self) -> u64 {
        self.session().map_or(0, |session| session.sequence)
    }
}

impl SessionStore for Memory {
    async fn load(&self) -> Result<Option<Session>, SessionStoreError> {
        Ok(self.session())
    }

    async fn save(&self, session: &Session) -> Result<(), SessionStoreError> {
        if self.0.broken.load(Ordering::Relaxed) {
            return Err("read-only".into());
        }
        *self.0.session.lock().unwrap() = Some(session.clone());
        Ok(())
    }
}

/// A gateway that runs in a task, as it does in the program.
struct Bot {
    events: mpsc::Receiver<GatewayEvent>,
    acks: Acks,
    counters: Arc<Counters>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<Option<GatewayError>>,
}

fn options(fake: &FakeDiscord) -> GatewayOptions {
    GatewayOptions {
        url: Some(fake.gateway_url()),
        backoff_first: Duration::from_millis(10),
        backoff_max: Duration::from_millis(40),
        watchdog: Duration::from_millis(400),
        identify_every: Duration::from_millis(1),
        save_every: Duration::from_millis(1),
        ..GatewayOptions::new(TOKEN)
    }
}

fn transport(fake: &FakeDiscord, token: &str) -> Arc<Http> {
    let proxy = Some(fake.api_proxy());
    Arc::new(Http::new(&HttpOptions { proxy, ..HttpOptions::new(token) }).unwrap())
}

impl Bot {
    fn start(fake: &FakeDiscord, memory: &Memory) -> Self {
        Self::start_with(fake, memory, options(fake))
    }

    fn start_with(fake: &FakeDiscord, memory: &Memory, options: GatewayOptions) -> Self {
        let transport = transport(fake, &options.token);
        let mut gateway = Gateway::new(options, transport, memory.clone()).unwrap();
        let (sender, events) = mpsc::channel(100);
        let (stop, mut stopped) = oneshot::channel();
        let (acks, counters) = (gateway.acks(), gateway.counters());
        let task = tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = &mut stopped => {
                        gateway.close().await;
                        return None;
                    }
                    event = gateway.next() => match event {
                        Ok(event) => sender.send(event).await.unwrap(),
                        Err(error) => return Some(error),
                    },
                }
            }
        });
        Self { events, acks, counters, stop: Some(stop), task }
    }

    async fn event(&mut self) -> GatewayEvent {
        let event = tokio::time::timeout(PATIENCE, self.events.recv()).await;
        event.expect("an event in time").expect("a running gateway")
    }

    async fn interaction(&mut self) -> (Box<Interaction>, Mark) {
        loop {
            if let GatewayEvent::Interaction(interaction, mark) = self.event().await {
                return (interaction, mark);
            }
        }
    }

    async fn ready(&mut self) {
        assert!(matches!(self.event().await, GatewayEvent::Ready(_)));
    }

    async fn resumed(&mut self) {
        assert!(matches!(self.event().await, GatewayEvent::Resumed));
    }

    /// Stops in an orderly way.
    async fn stop(mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        assert!(self.task.await.unwrap().is_none());
    }

    /// What `kill -9` leaves: nothing is said, nothing is saved any more.
    async fn kill(self) {
        self.task.abort();
        assert!(self.task.await.unwrap_err().is_cancelled());
    }

    async fn error(self) -> GatewayError {
        tokio::time::timeout(PATIENCE, self.task).await.unwrap().unwrap().expect("an error")
    }
}

fn type_command(fake: &FakeDiscord) -> u64 {
    fake.user(7).slash_and_leave(CHANNEL, "combat", "status", &[("name", json!("duel"))])
}
