//! One interaction on its way through: who, where, and what the hub is asked on their behalf.
//!
//! Who it is comes from Discord and from nowhere else. What they may do is the hub's to say.

use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::api::Answerable;
use super::bot::Shared;
use super::commands::options::Args;
use super::panel::opened::{Left, Opened, Seat};
use super::render::{parts, text};
use super::replies::{Reply, sentence};
use crate::hub::Principal;
use crate::hub::Scope;
use crate::hub::refusal::Refusal;
use crate::protocol::pb;
use crate::rules::id::{CombatId, CreatureId, GuildId, UserId};
use crate::view;
use crate::view::scene::Scene;
use pb::combat_request::Request;

/// Lines of what just happened that an answer repeats.
const TOLD_LINES: usize = 6;
/// Events that are read to find them.
const TOLD_EVENTS: u32 = 60;

/// What running an interaction gives.
pub type Work = Pin<Box<dyn Future<Output = Result<Reply, Said>> + Send>>;

/// Why there is no answer but a sentence.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Said {
    /// The hub refuses.
    #[error("{0}")]
    Refusal(#[from] Refusal),
    /// This layer says what to change.
    #[error("{0}")]
    Words(String),
}

impl Said {
    pub fn words(words: impl Into<String>) -> Self {
        Self::Words(words.into())
    }

    /// What is said in a guild: refusals that speak of requests and ids are put in other words.
    fn plainly(&self) -> String {
        match self {
            // Each part of it names its place already.
            Self::Refusal(Refusal::Malformed { path, message }) if path == "sheet" => {
                message.clone()
            }
            Self::Refusal(Refusal::Malformed { path, message }) => {
                let field = path.rsplit('.').next().unwrap_or_default();
                let field = field.split('[').next().unwrap_or_default().replace('_', " ");
                format!("the {field} {message}")
            }
            Self::Refusal(Refusal::ChannelBusy { .. }) => "a fight of that name is already open \
                                                           in this channel: name the new one \
                                                           differently"
                .to_owned(),
            Self::Refusal(Refusal::NoSuchCombat) => {
                "that fight is not here; `/combat status` shows the one that is open".to_owned()
            }
            Self::Refusal(Refusal::StaleTurn { .. }) => {
                "that turn is over; this is how it stands now".to_owned()
            }
            Self::Refusal(Refusal::SequenceMoved { .. } | Refusal::RequestIdReused) => {
                "the fight has moved on meanwhile: please try again".to_owned()
            }
            Self::Refusal(_) | Self::Words(_) => self.to_string(),
        }
    }

    /// One sentence, with a capital and a full stop.
    pub fn sentence(&self) -> String {
        let said = self.plainly();
        let mut chars = said.chars();
        let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
        let rest = chars.as_str();
        let stop = if said.ends_with(['.', '!', '?', '…']) { "" } else { "." };
        format!("{first}{rest}{stop}")
    }
}

/// One interaction.
#[derive(Debug)]
pub struct Call {
    pub shared: Arc<Shared>,
    pub to: Answerable,
    pub user: u64,
    pub guild: GuildId,
    pub channel: u64,
    pub args: Args,
    /// Whether the message with the component is one that only the clicker sees.
    pub from_private: bool,
    pub asked: AtomicU32,
    /// What this interaction leaves on the asker's screen.
    pub left: Arc<Mutex<Left>>,
}

impl Call {
    /// The same person once more, to show them their open panel anew.
    pub fn again(shared: &Arc<Shared>, seat: &Seat) -> Self {
        Self {
            shared: Arc::clone(shared),
            to: seat.to.clone(),
            user: seat.user,
            guild: seat.guild,
            channel: seat.channel,
            args: Args::default(),
            from_private: true,
            asked: AtomicU32::new(0),
            left: Arc::default(),
        }
    }

    /// Where the answer to this interaction is found again.
    pub fn seat(&self) -> Seat {
        Seat { to: self.to.clone(), user: self.user, guild: self.guild, channel: self.channel }
    }

    /// What is on the asker's screen after this.
    pub fn left(&self) -> Left {
        self.left.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn leave(&self, left: Left) {
        *self.left.lock().unwrap_or_else(PoisonError::into_inner) = left;
    }

    /// Notes that a reply which is no panel took the place of what was there.
    pub fn settle(&self, combat: CombatId, reply: &Reply) {
        if matches!((self.left(), reply), (Left::Nothing, Reply::Update(_))) {
            self.leave(Left::Replaced(combat));
        }
    }

    pub fn who(&self) -> Principal {
        Principal { user: UserId(self.user), scope: Scope::Start { guild: self.guild } }
    }

    /// Asks the hub. The first request of an interaction is named after it, so that an interaction
    /// that Discord delivers twice changes the fight once.
    pub async fn submit(
        &self,
        combat: Option<CombatId>,
        turn: Option<u32>,
        request: Request,
    ) -> Result<pb::Receipt, Said> {
        let request_id = match self.asked.fetch_add(1, Ordering::Relaxed) {
            0 => format!("discord-{}", self.to.id),
            more => format!("discord-{}-{}", self.to.id, more.saturating_add(1)),
        };
        let request = pb::CombatRequest {
            request_id,
            session_id: combat.map(|combat| combat.to_string()).unwrap_or_default(),
            turn,
            expected_seq: None,
            request: Some(request),
        };
        Ok(self.shared.hub.submit(&self.who(), request).await?)
    }

    pub async fn snapshot(&self, combat: CombatId) -> Result<pb::Snapshot, Said> {
        Ok(self.shared.hub.snapshot(&self.who(), combat).await?)
    }

    pub async fn options(
        &self,
        combat: CombatId,
        creature: CreatureId,
    ) -> Result<pb::Options, Said> {
        Ok(self.shared.hub.options(&self.who(), combat, creature).await?)
    }

    /// The open fights of this channel, newest first.
    pub fn fights(&self) -> Result<Vec<pb::CombatHeader>, Said> {
        Ok(self.shared.hub.open_fights(self.guild, &self.channel.to_string())?)
    }

    /// The fight that is meant: the one named by the option `fight`, or the newest here.
    pub fn fight(&self) -> Result<CombatId, Said> {
        let fights = self.fights()?;
        let found = match self.args.text("fight") {
            Some(name) => fights
                .iter()
                .find(|one| one.session_id == name || one.name.eq_ignore_ascii_case(name))
                .ok_or_else(|| Said::words("No open fight in this channel has that name."))?,
            None => fights.first().ok_or_else(|| {
                Said::words("No fight is open in this channel: start one with `/combat start`.")
            })?,
        };
        found.session_id.parse().map_err(|_| Said::words("That fight cannot be read."))
    }

    /// The edition of the fight that is meant; the usual one if none is open.
    pub async fn edition(&self) -> pb::Edition {
        match self.fight() {
            Ok(combat) => {
                self.snapshot(combat).await.map_or(pb::Edition::Srd521, |it| it.edition())
            }
            Err(_) => pb::Edition::Srd521,
        }
    }

    /// The creature that the person would act with: the current one if it is theirs, else their
    /// own, else, for the game master, the current one.
    pub fn actor(&self, snapshot: &pb::Snapshot) -> Result<CreatureId, Said> {
        let mine = self.user.to_string();
        let own = || snapshot.creatures.iter().filter(|one| one.owner_id == mine && !one.left);
        let current = own().find(|one| one.id == snapshot.current_id);
        let mut found = current.or_else(|| own().next());
        if snapshot.viewer() == pb::ViewerRole::GameMaster {
            let shown = snapshot.creatures.iter().find(|one| one.id == snapshot.current_id);
            let is_anothers =
                shown.is_some_and(|one| !one.owner_id.is_empty() && one.owner_id != mine);
            if current.is_none() && (found.is_none() || !is_anothers) {
                found = shown.or(found);
            }
        }
        let found = found.ok_or_else(|| {
            Said::words("You have no creature in this fight: join it with `/combat join`.")
        })?;
        found.id.parse().map_err(|_| Said::words("That creature cannot be read."))
    }

    /// What became of a request, in the words of the log, oldest first.
    pub async fn told(
        &self,
        combat: CombatId,
        scene: &Scene,
        receipt: &pb::Receipt,
    ) -> Vec<String> {
        let (Some(first), Some(last)) = (receipt.first_seq, receipt.last_seq) else {
            return Vec::new();
        };
        self.told_between(combat, scene, first.saturating_sub(1), last).await
    }

    /// What happened after one event and up to another, in the words of the log, oldest first.
    pub async fn told_between(
        &self,
        combat: CombatId,
        scene: &Scene,
        after: u64,
        last: u64,
    ) -> Vec<String> {
        let lines = self.lines(combat, scene, after, TOLD_EVENTS).await;
        let lines: Vec<String> = lines
            .unwrap_or_default()
            .into_iter()
            .filter(|(seq, _)| *seq <= last)
            .map(|(_, line)| line)
            .collect();
        let skip = lines.len().saturating_sub(TOLD_LINES);
        lines.into_iter().skip(skip).collect()
    }

    /// Lines of the log after a number, with theirs, as this person may see them.
    pub async fn lines(
        &self,
        combat: CombatId,
        scene: &Scene,
        after_seq: u64,
        limit: u32,
    ) -> Result<Vec<(u64, String)>, Said> {
        let request = pb::GetHistoryRequest { session_id: combat.to_string(), after_seq, limit };
        let page = self.shared.hub.history(&self.who(), &request).await?;
        let told = page.events.iter().filter_map(|frame| {
            Some((frame.seq.unwrap_or_default(), view::log::line(scene, frame)?))
        });
        Ok(told.collect())
    }

    /// Shows a private body: in place of the private message it came from, or as a new one.
    pub fn show(&self, components: Vec<Value>) -> Reply {
        let body = parts::private(components);
        if self.from_private { Reply::Update(body) } else { Reply::New(body) }
    }

    /// [`Self::show`] for a creature's panel, which is kept true while it is open.
    pub fn show_panel(
        &self,
        snapshot: &pb::Snapshot,
        combat: CombatId,
        creature: CreatureId,
        components: Vec<Value>,
    ) -> Reply {
        let reply = self.show(components);
        if let Reply::New(body) | Reply::Update(body) = &reply {
            self.leave(Left::Panel(Box::new(Opened::of(snapshot, combat, creature, body))));
        }
        reply
    }

    /// One private sentence, with what was not said yet about this channel.
    pub fn say(&self, words: &str) -> Reply {
        match self.shared.missing(self.channel) {
            Some(missing) => sentence(&format!("{words} {missing}")),
            None => sentence(words),
        }
    }
}

/// Lines as small print, made safe.
pub fn small_print(lines: &[String]) -> String {
    let lines: Vec<String> =
        lines.iter().map(|one| format!("-# {}", text::line(one, text::LINE_SHOWN_CHARS))).collect();
    text::fitting(&lines, 1_200).0
}
