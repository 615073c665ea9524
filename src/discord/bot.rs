//! The bot itself: hears of interactions, has each answered, and keeps the cards of all fights.
//!
//! Interactions are handled side by side, a bounded number of them; one that panics is answered
//! with an incident and harms no other. An event is acknowledged to the gateway only after its
//! effect is durable.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use twilight_model::application::interaction::{Interaction, InteractionData, InteractionType};

use super::api::{Answerable, Api};
use super::call::Call;
use super::commands::{self, Command, options::Args, register};
use super::components;
use super::custom_id::CustomId;
use super::editor::pace::Paces;
use super::editor::supervisor;
use super::flood::{self, Allowance, Flood};
use super::gateway::{
    Gateway, GatewayError, GatewayEvent, Session, SessionStore, SessionStoreError,
};
use super::panel::opened::{self, Left, OpenPanels, Seat};
use super::render::parts::EPHEMERAL;
use super::replies::{self, Deferral, Reply, sentence};
use super::transport::{Reaction, Transport};
use crate::clock;
use crate::hub::{Hub, Notes};
use crate::rules::id::GuildId;

/// Interactions handled at the same time; more are told to try again.
pub const AT_ONCE_MAX: usize = 256;
/// Refusals for being busy that are sent at the same time; more get no answer.
const BUSY_AT_ONCE_MAX: usize = 256;
/// How long interactions in progress have to finish at a stop.
const FINISH_WITHIN: Duration = Duration::from_secs(4);
/// The wait before the commands are written again after a failure.
const REGISTER_AGAIN: Duration = Duration::from_secs(30);
/// What the figures of this surface are called.
const SURFACE: &str = "discord";
/// The code of the refusal for who is too fast.
pub const TOO_FAST: &str = "too_fast";
/// The code of the refusal when too much is in work.
pub const BUSY: &str = "busy";
/// The code of what was not even answered.
pub const UNANSWERED: &str = "unanswered";
/// Where the gateway's session is remembered.
const SESSION_KEY: &[u8] = b"session";

/// What the owner of the bot chose.
#[derive(Debug, Clone, Default)]
pub struct BotOptions {
    /// How much one person may do.
    pub allowance: Allowance,
}

/// What every interaction needs.
#[derive(Debug)]
pub struct Shared {
    pub hub: Hub,
    pub api: Api,
    pub options: BotOptions,
    pub paces: Paces,
    pub panels: OpenPanels,
    flood: Flood,
    /// Channels in which a card may not be written, with the sentence that says why; each sentence
    /// is said once.
    missing: Mutex<BTreeMap<u64, &'static str>>,
}

impl Shared {
    pub fn new(hub: Hub, transport: Arc<dyn Transport>, options: BotOptions) -> Self {
        Self {
            hub,
            api: Api::new(transport),
            flood: Flood::new(options.allowance),
            options,
            paces: Paces::default(),
            panels: OpenPanels::default(),
            missing: Mutex::default(),
        }
    }

    /// What stands in the way of the card in this channel, if it was not said yet.
    pub fn missing(&self, channel: u64) -> Option<&'static str> {
        self.missing.lock().unwrap_or_else(PoisonError::into_inner).remove(&channel)
    }

    /// Notes that something stands in the way, or no longer.
    pub fn set_missing(&self, channel: u64, what: Option<&'static str>) {
        let mut missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
        match what {
            Some(what) => missing.insert(channel, what),
            None => missing.remove(&channel),
        };
    }
}

/// The gateway's session among the notes of the hub.
#[derive(Debug, Clone)]
pub struct SessionNotes(pub Hub);

impl SessionStore for SessionNotes {
    async fn load(&self) -> Result<Option<Session>, SessionStoreError> {
        let found = self.0.recall(Notes::Gateway, SESSION_KEY)?;
        Ok(found.map(|bytes| serde_json::from_slice(&bytes)).transpose()?)
    }

    async fn save(&self, session: &Session) -> Result<(), SessionStoreError> {
        let bytes = Bytes::from(serde_json::to_vec(session)?);
        Ok(self.0.remember(Notes::Gateway, SESSION_KEY, Some(bytes)).await?)
    }
}

/// The bot.
#[derive(Debug)]
pub struct Bot;

impl Bot {
    /// Serves the guilds until `shutdown`, or until Discord refuses for good.
    ///
    /// # Errors
    /// [`GatewayError`] when connecting is pointless; it says what to do.
    pub async fn run<S: SessionStore>(
        hub: Hub,
        transport: Arc<dyn Transport>,
        gateway: Gateway<S>,
        options: BotOptions,
        shutdown: CancellationToken,
    ) -> Result<(), GatewayError> {
        let shared = Arc::new(Shared::new(hub, transport, options));
        Box::pin(Self::serve(shared, gateway, shutdown)).await
    }

    async fn serve<S: SessionStore>(
        shared: Arc<Shared>,
        mut gateway: Gateway<S>,
        shutdown: CancellationToken,
    ) -> Result<(), GatewayError> {
        let stop = shutdown.child_token();
        let tasks = TaskTracker::new();
        tasks.spawn(keep_registered(Arc::clone(&shared), stop.clone()));
        tasks.spawn(supervisor::run(Arc::clone(&shared), stop.clone()));
        tasks.spawn(opened::run(Arc::clone(&shared), stop.clone()));
        let desk = Reception::new(Arc::clone(&shared));
        let ended = loop {
            let event = tokio::select! {
                event = gateway.next() => event,
                () = shutdown.cancelled() => break Ok(()),
            };
            match event {
                Ok(GatewayEvent::Interaction(interaction, mark)) => {
                    let acks = gateway.acks();
                    desk.receive(*interaction, move || acks.ack(mark));
                }
                Ok(GatewayEvent::Other(_, mark)) => gateway.ack(mark),
                Ok(GatewayEvent::Ready(_) | GatewayEvent::Resumed) => {}
                Err(error) => break Err(error),
            }
        };
        stop.cancel();
        desk.finish().await;
        gateway.close().await;
        tasks.close();
        if tokio::time::timeout(FINISH_WITHIN, tasks.wait()).await.is_err() {
            tracing::warn!("some cards were not finished in time; they go on after the restart");
        }
        ended
    }
}

/// Writes the commands at the start, again and again until Discord takes them.
async fn keep_registered(shared: Arc<Shared>, stop: CancellationToken) {
    loop {
        match register::register(&shared.hub, &shared.api).await {
            Ok(()) => return,
            Err(error) if error.reaction() == Reaction::OurFault => {
                tracing::error!(%error, "Discord refuses the commands");
                return;
            }
            Err(error) => tracing::warn!(%error, "the commands could not be registered yet"),
        }
        tokio::select! {
            () = tokio::time::sleep(REGISTER_AGAIN) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Takes interactions in and has each one handled.
#[derive(Debug)]
pub struct Reception {
    shared: Arc<Shared>,
    table: Arc<Vec<Command>>,
    at_once: Arc<Semaphore>,
    busy: Arc<Semaphore>,
    tasks: TaskTracker,
}

impl Reception {
    pub fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            table: Arc::new(commands::table()),
            at_once: Arc::new(Semaphore::new(AT_ONCE_MAX)),
            busy: Arc::new(Semaphore::new(BUSY_AT_ONCE_MAX)),
            tasks: TaskTracker::new(),
        }
    }

    /// Has an interaction handled; `done` is called when its effects are durable.
    pub fn receive(&self, interaction: Interaction, done: impl FnOnce() + Send + 'static) {
        if let Some(user) = interaction.author_id()
            && let Err(wait) = self.shared.flood.pass(user.get(), clock::monotonic())
        {
            self.shared.hub.metrics().count_refusal(SURFACE, TOO_FAST);
            self.decline(&interaction, flood::words(wait), done);
            return;
        }
        let shared = Arc::clone(&self.shared);
        if let Ok(permit) = Arc::clone(&self.at_once).try_acquire_owned() {
            let table = Arc::clone(&self.table);
            self.tasks.spawn(async move {
                Box::pin(handle(shared, &table, interaction)).await;
                done();
                drop(permit);
            });
        } else {
            self.shared.hub.metrics().count_refusal(SURFACE, BUSY);
            let words = "I have too much to do at once: try again in a moment.";
            self.decline(&interaction, words.to_owned(), done);
        }
    }

    /// Says why nothing is done, unless even that would be too much.
    fn decline(
        &self,
        interaction: &Interaction,
        words: String,
        done: impl FnOnce() + Send + 'static,
    ) {
        let Ok(permit) = Arc::clone(&self.busy).try_acquire_owned() else {
            self.shared.hub.metrics().count_refusal(SURFACE, UNANSWERED);
            tracing::warn!("an interaction was left unanswered: too many at once");
            done();
            return;
        };
        let shared = Arc::clone(&self.shared);
        let to = answerable(interaction);
        let reply = said_to(interaction, &words);
        self.tasks.spawn(async move {
            replies::answer(&shared.api, &to, Deferral::Private, async { reply }).await;
            done();
            drop(permit);
        });
    }

    /// Waits until everything taken in is answered, for a while.
    pub async fn finish(&self) {
        self.tasks.close();
        if tokio::time::timeout(FINISH_WITHIN, self.tasks.wait()).await.is_err() {
            tracing::warn!("some interactions were not answered before the stop");
        }
    }
}

fn answerable(interaction: &Interaction) -> Answerable {
    Answerable {
        id: interaction.id.get(),
        application: interaction.application_id.get(),
        token: interaction.token.clone(),
    }
}

/// Words in answer to an interaction; while somebody is typing there is no place for any.
fn said_to(interaction: &Interaction, words: &str) -> Reply {
    if interaction.kind == InteractionType::ApplicationCommandAutocomplete {
        Reply::Choices(Vec::new())
    } else {
        sentence(words)
    }
}

/// Handles one interaction from its arrival to its last answer.
async fn handle(shared: Arc<Shared>, table: &[Command], interaction: Interaction) {
    let to = answerable(&interaction);
    let api = shared.api.clone();
    let kind = interaction.kind;
    let completes = kind == InteractionType::ApplicationCommandAutocomplete;
    let Some(call) = call_of(&shared, &interaction, to.clone()) else {
        let words = "I only work in servers: invite me to one and use me there.";
        let reply = said_to(&interaction, words);
        return replies::answer(&api, &to, Deferral::Private, async { reply }).await;
    };
    match interaction.data {
        Some(InteractionData::ApplicationCommand(data)) => {
            let on_screen = OnScreen::of(&call);
            command(&api, &to, table, call, &data.name, completes, Args::of(&data)).await;
            on_screen.note();
        }
        Some(InteractionData::MessageComponent(data)) => {
            let on_screen = OnScreen::of(&call);
            let values = data.values;
            component(&api, &to, call, &data.custom_id, values, BTreeMap::new()).await;
            on_screen.note();
        }
        Some(InteractionData::ModalSubmit(data)) => {
            let on_screen = OnScreen::of(&call);
            let fields = components::modal_fields(&data.components);
            component(&api, &to, call, &data.custom_id, Vec::new(), fields).await;
            on_screen.note();
        }
        _ => {
            let unknown = async { sentence("I do not know what to do with this.") };
            replies::answer(&api, &to, Deferral::Private, unknown).await;
        }
    }
}

#[allow(deprecated, reason = "Discord still sends the id when it leaves out the channel")]
fn call_of(shared: &Arc<Shared>, interaction: &Interaction, to: Answerable) -> Option<Call> {
    let guild = interaction.guild_id?;
    let user = interaction.author_id()?;
    let channel = interaction.channel.as_ref().map(|one| one.id).or(interaction.channel_id)?;
    let flags = interaction.message.as_ref().and_then(|message| message.flags);
    Some(Call {
        shared: Arc::clone(shared),
        to,
        user: user.get(),
        guild: GuildId(guild.get()),
        channel: channel.get(),
        args: Args::default(),
        from_private: flags.is_some_and(|flags| flags.bits() & EPHEMERAL != 0),
        asked: AtomicU32::new(0),
        left: Arc::default(),
    })
}

/// Where an interaction leaves a panel, to be noted once it is answered.
struct OnScreen {
    shared: Arc<Shared>,
    seat: Seat,
    left: Arc<Mutex<Left>>,
}

impl OnScreen {
    fn of(call: &Call) -> Self {
        Self { shared: Arc::clone(&call.shared), seat: call.seat(), left: Arc::clone(&call.left) }
    }

    fn note(self) {
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self.shared.panels.note(self.seat, left);
    }
}

async fn command(
    api: &Api,
    to: &Answerable,
    table: &[Command],
    mut call: Call,
    name: &str,
    completes: bool,
    (path, args): (String, Args),
) {
    let found = table.iter().find(|one| one.name == path);
    let Some(found) = found.copied() else {
        tracing::info!(name, "an unknown command");
        let words = "I do not know this command; `/help` shows those I know.";
        let reply = if completes { Reply::Choices(Vec::new()) } else { sentence(words) };
        return replies::answer(api, to, Deferral::Private, async { reply }).await;
    };
    call.args = args;
    if completes {
        let work = async move { Reply::Choices((found.autocomplete)(call).await) };
        return replies::answer(api, to, Deferral::Empty, work).await;
    }
    let work =
        async move { (found.run)(call).await.unwrap_or_else(|said| sentence(&said.sentence())) };
    replies::answer(api, to, found.deferral, work).await;
}

async fn component(
    api: &Api,
    to: &Answerable,
    call: Call,
    custom_id: &str,
    values: Vec<String>,
    fields: BTreeMap<String, String>,
) {
    let deferral = if call.from_private { Deferral::Update } else { Deferral::Private };
    let work = async move {
        match custom_id.parse::<CustomId>() {
            Ok(id) => {
                let reply = components::run(&call, &id, &values, &fields).await;
                let reply = reply.unwrap_or_else(|said| call.say(&said.sentence()));
                call.settle(id.combat, &reply);
                reply
            }
            Err(not_mine) => sentence(&not_mine.to_string()),
        }
    };
    replies::answer(api, to, deferral, work).await;
}

/// Tells the shared notes what a card's desk says is missing.
pub async fn carry_missing(
    shared: Arc<Shared>,
    channel: u64,
    mut missing: watch::Receiver<Option<&'static str>>,
) {
    while missing.changed().await.is_ok() {
        let now = *missing.borrow_and_update();
        shared.set_missing(channel, now);
    }
}
