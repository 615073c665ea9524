//! A Discord that runs inside the test: HTTP API and gateway on two loopback ports.
//!
//! It does what the real one does with the requests a bot sends, does its worst when a test asks
//! for it ([`Fault`], [`OnConnect`]…), records everything ([`World`]) and holds every body to
//! Discord's own description, to `lint_message` and to the rule that nobody is pinged. What is
//! wrong ends up in [`World::violations`]; [`FakeDiscord::assert_clean`] reads it out.
//!
//! It must never be gentler than Discord: an answer that comes too late is refused, a second
//! answer is refused, a token that is wrong is refused.

mod answer;
mod channel;
mod contract;
mod driver;
mod gateway;
mod http;
mod multipart;
mod outcome;
mod see;
#[cfg(test)]
mod tests;
mod typed;
mod wire;
mod world;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub(crate) use channel::Channel;
pub(crate) use contract::is_available as contract_is_available;
pub(crate) use driver::User;
pub(crate) use gateway::{GatewayHandle, OnConnect, OnIdentify, OnResume};
pub(crate) use http::{Fault, Hold, Kind429};
pub(crate) use outcome::InteractionResult;
pub(crate) use see::{Button, MessageView, Select};
pub(crate) use wire::Encoder;
pub(crate) use world::{Ack, Interaction, Message, Recorded, World};

/// How long [`FakeDiscord::wait_for`] waits before the test fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// The token the fake accepts. It is a canary: it must turn up in no log and no error.
pub(crate) const TOKEN: &str = "MTAxMDEwMTAx.canary.n0t-a-real-t0ken-of-anybody";

pub(crate) const APPLICATION: u64 = 1_010_101_010_101_010_101;
pub(crate) const GUILD: u64 = 2_020_202_020_202_020_202;

/// The whole of Discord. Cheap to clone; everything ends when the last clone is dropped.
#[derive(Clone)]
pub(crate) struct FakeDiscord {
    pub(crate) shared: Arc<Shared>,
    _tasks: Arc<Tasks>,
}

/// What the two servers and the driver have in common.
pub(crate) struct Shared {
    world: Mutex<World>,
    /// Moves with every change of the world.
    changed: watch::Sender<u64>,
    pub(crate) api: SocketAddr,
    pub(crate) gateway: SocketAddr,
}

struct Tasks(Vec<JoinHandle<()>>);

impl Drop for Tasks {
    fn drop(&mut self) {
        for task in &self.0 {
            task.abort();
        }
    }
}

impl Shared {
    /// The world, to look at or to change; readers are told afterwards only through
    /// [`Self::change`].
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Changes the world and wakes whoever waits for it.
    pub(crate) fn change<T>(&self, with: impl FnOnce(&mut World) -> T) -> T {
        let value = with(&mut self.world());
        self.changed.send_modify(|count| *count += 1);
        value
    }
}

impl FakeDiscord {
    /// Starts both servers on free ports of the loopback.
    pub(crate) async fn start() -> Self {
        let api = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let gateway = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let shared = Arc::new(Shared {
            world: Mutex::new(World::default()),
            changed: watch::Sender::new(0),
            api: api.local_addr().unwrap(),
            gateway: gateway.local_addr().unwrap(),
        });
        let tasks = vec![
            tokio::spawn(http::serve(api, Arc::clone(&shared))),
            tokio::spawn(gateway::serve(gateway, Arc::clone(&shared))),
        ];
        Self { shared, _tasks: Arc::new(Tasks(tasks)) }
    }

    /// `host:port` for `DISCORD_API_PROXY`.
    pub(crate) fn api_proxy(&self) -> String {
        self.shared.api.to_string()
    }

    /// `ws://host:port` for `DISCORD_GATEWAY_URL`.
    pub(crate) fn gateway_url(&self) -> String {
        format!("ws://{}", self.shared.gateway)
    }

    /// What a child process needs in its environment to talk to this Discord.
    pub(crate) fn env(&self) -> [(&'static str, String); 3] {
        [
            ("DISCORD_TOKEN", TOKEN.to_owned()),
            ("DISCORD_API_PROXY", self.api_proxy()),
            ("DISCORD_GATEWAY_URL", self.gateway_url()),
        ]
    }

    /// Looks at the world.
    pub(crate) fn see<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&self.shared.world())
    }

    /// Changes the world.
    pub(crate) fn change<T>(&self, with: impl FnOnce(&mut World) -> T) -> T {
        self.shared.change(with)
    }

    /// Waits until `look` finds something in the world.
    ///
    /// # Panics
    /// After [`PATIENCE`], naming `what`.
    #[track_caller]
    pub(crate) fn wait_for<'a, T: 'a>(
        &'a self,
        what: &'a str,
        look: impl FnMut(&World) -> Option<T> + 'a,
    ) -> impl Future<Output = T> + 'a {
        self.wait_within(PATIENCE, what, look)
    }

    /// [`Self::wait_for`] with a patience of its own.
    #[track_caller]
    pub(crate) fn wait_within<'a, T: 'a>(
        &'a self,
        patience: Duration,
        what: &'a str,
        mut look: impl FnMut(&World) -> Option<T> + 'a,
    ) -> impl Future<Output = T> + 'a {
        let asked_at = std::panic::Location::caller();
        async move {
            let mut changed = self.shared.changed.subscribe();
            let seen = tokio::time::timeout(patience, async {
                loop {
                    changed.borrow_and_update();
                    let found = look(&self.shared.world());
                    if let Some(found) = found {
                        return found;
                    }
                    changed.changed().await.expect("the fake outlives its waiters");
                }
            })
            .await;
            seen.unwrap_or_else(|_| {
                panic!("waited {patience:?} for {what} (at {asked_at})\n{}", self.report())
            })
        }
    }

    /// Waits until the bot is connected: READY or RESUMED was sent to it.
    pub(crate) async fn ready(&self) {
        self.wait_for("the bot on the gateway", |world| world.gateway.is_up().then_some(())).await;
    }

    /// Waits until the bot has written its commands.
    pub(crate) async fn commands_registered(&self) {
        self.wait_for("the commands", |world| (!world.commands.is_empty()).then_some(())).await;
    }

    /// Lets the bot ping `user`; whoever is not named here may not be pinged.
    pub(crate) fn allow_ping(&self, user: u64) {
        self.change(|world| world.allowed_pings.insert(user));
    }

    /// From now on the next `times` requests that match `pattern` meet `fault`.
    ///
    /// A pattern is a method and a path, `*` for one part of it and `**` for the rest:
    /// `PATCH channels/*/messages/*`, `* **`.
    pub(crate) fn fail(&self, pattern: &str, times: usize, fault: Fault) {
        self.change(|world| world.faults.push(http::Scripted::new(pattern, times, fault)));
    }

    /// Holds the requests that match until the returned value lets them go.
    pub(crate) fn hold(&self, pattern: &str, times: usize) -> Hold {
        let hold = Hold::default();
        self.fail(pattern, times, Fault::Hold(hold.clone()));
        hold
    }

    /// Limits requests that match `pattern` to `limit` in each `per`, with Discord's headers.
    /// The first match counts; each channel has its own bucket.
    pub(crate) fn limit(&self, pattern: &str, limit: u16, per: Duration) {
        self.change(|world| world.limits.push(http::Limit::new(pattern, limit, per)));
    }

    /// How many requests matched `pattern` so far.
    pub(crate) fn count(&self, pattern: &str) -> usize {
        let pattern = http::Pattern::new(pattern);
        self.see(|world| {
            world.requests.iter().filter(|one| pattern.fits(&one.method, &one.path)).count()
        })
    }

    /// Makes the token of an interaction expire now, as it would after fifteen minutes.
    pub(crate) fn expire(&self, interaction: u64) {
        self.change(|world| {
            world.interactions.get_mut(&interaction).expect("a known interaction").expired = true;
        });
    }

    /// Someone in the guild.
    pub(crate) fn user(&self, id: u64) -> User {
        User::new(self.clone(), id)
    }

    /// A channel of the guild.
    pub(crate) fn channel(&self, id: u64) -> Channel {
        Channel::new(self.clone(), id)
    }

    /// The gateway, to send what a test needs and to break it.
    pub(crate) fn gateway(&self) -> GatewayHandle {
        GatewayHandle::new(Arc::clone(&self.shared))
    }

    /// What was wrong so far; the list is empty afterwards.
    pub(crate) fn take_violations(&self) -> Vec<String> {
        self.change(|world| std::mem::take(&mut world.violations))
    }

    /// How long each answered interaction waited for its first answer.
    pub(crate) fn ack_latencies(&self) -> Vec<Duration> {
        self.see(|world| world.interactions.values().filter_map(Interaction::latency).collect())
    }

    /// Fails when a request broke a rule, or an interaction was not answered exactly once.
    #[track_caller]
    pub(crate) fn assert_clean(&self) {
        let mut wrong = self.see(|world| world.violations.clone());
        self.see(|world| {
            for (id, one) in &world.interactions {
                if one.acks.len() != 1 && !one.forgiven {
                    wrong.push(format!(
                        "interaction {id} ({}) has {} answers",
                        one.what,
                        one.acks.len()
                    ));
                }
            }
        });
        assert!(wrong.is_empty(), "the bot broke the rules:\n  {}", wrong.join("\n  "));
    }

    /// What happened, for the message of a failed test.
    pub(crate) fn report(&self) -> String {
        self.see(World::report)
    }
}
