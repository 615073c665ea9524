//! A fight at one moment, as one viewer may see it.
//!
//! It asks the same questions as a frame does about who may know what, so that frames folded over
//! a snapshot never contradict it. It names nobody whom its viewer may not know of.

use super::frame::summary_to;
use super::pb;
use super::values::{map_to, text_or_empty, timestamp, user_to};
use super::visibility::{Eyes, Portrait, Viewer};
use super::words::Word;
use crate::rules::creature::{Cost, EffectKind};
use crate::rules::event::{EndReason, ReadiedResponse};
use crate::rules::id::{CombatId, GuildId, PromptId, Slug};
use crate::rules::illegal::Phase;
use crate::rules::pending::{Pending, Question};
use crate::rules::state::{Combat, Creature};
use crate::rules::unarmed::Hold;

/// What surrounds a state: where it is played, and its number in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SnapshotMeta<'a> {
    pub session_id: CombatId,
    /// The number of the last event in it.
    pub as_of: u64,
    pub guild: GuildId,
    pub channel: Option<u64>,
    pub started_at_ms: Option<i64>,
    pub ended_at_ms: Option<i64>,
    pub can_undo: bool,
    pub can_redo: bool,
    /// When the default of each open question takes effect.
    pub deadlines: &'a [(PromptId, i64)],
}

/// The state as the viewer may see it.
pub fn snapshot(combat: &Combat, meta: &SnapshotMeta<'_>, viewer: &Viewer) -> pb::Snapshot {
    let eyes = Eyes { viewer: *viewer, cast: combat };
    let seen = combat.creatures().iter().filter(|creature| eyes.sees(creature.id()));
    let (summary, winner) = ending(combat, meta, eyes);
    let (public, hidden) = combat.commitments().unzip();
    let hash = |hash: Option<[u8; 32]>| hash.map(|h| h.to_vec().into()).unwrap_or_default();
    pb::Snapshot {
        session_id: meta.session_id.to_string(),
        as_of: meta.as_of,
        phase: phase_to(combat.phase()).into(),
        name: combat.name().to_owned(),
        game_master_id: text_or_empty(combat.game_master().map(user_to)),
        edition: combat.edition().to_wire(),
        map: combat.map().map(map_to),
        round: combat.round(),
        turn: combat.turn(),
        current_id: eyes.mention_or_none(combat.current()),
        order: eyes.only_seen(combat.order()),
        creatures: seen.map(|creature| creature_to(combat, creature, eyes)).collect(),
        prompts: combat
            .pending()
            .iter()
            .filter(|pending| eyes.sees(pending.prompt.creature))
            .map(|pending| prompt_to(combat, pending, meta, eyes))
            .collect(),
        summary,
        winner,
        started_at: meta.started_at_ms.map(timestamp),
        guild_id: meta.guild.0.to_string(),
        channel_id: text_or_empty(meta.channel),
        viewer: viewer.role().into(),
        can_undo: meta.can_undo,
        can_redo: meta.can_redo,
        public_commitment: hash(public),
        hidden_commitment: hash(hidden),
    }
}

/// One creature as the viewer may see it; nothing if it may not know of it.
pub fn creature_state(
    combat: &Combat,
    creature: &Creature,
    viewer: &Viewer,
) -> Option<pb::CreatureState> {
    let eyes = Eyes { viewer: *viewer, cast: combat };
    eyes.sees(creature.id()).then(|| creature_to(combat, creature, eyes))
}

fn creature_to(combat: &Combat, creature: &Creature, eyes: Eyes<'_>) -> pb::CreatureState {
    eyes.portrait(&Portrait::of(creature, Some(economy_to(combat, creature))))
}

/// Where a fight is in its life; one that is not opened yet counts as gathering.
pub fn phase_to(phase: Phase) -> pb::Phase {
    match phase {
        Phase::Unopened | Phase::Gathering => pb::Phase::Gathering,
        Phase::Running => pb::Phase::Running,
        Phase::Paused => pb::Phase::Paused,
        Phase::Ended => pb::Phase::Ended,
    }
}

fn economy_to(combat: &Combat, creature: &Creature) -> pb::Economy {
    let economy = creature.economy();
    pb::Economy {
        action: !economy.action_spent || economy.extra_actions > 0,
        bonus_action: !economy.bonus_action_spent,
        reaction: !economy.reaction_spent && !creature.affected(EffectKind::NoReactions),
        movement_left: combat.movement_left(creature.id()).into(),
        legendary_left: creature
            .definition()
            .legendary_actions
            .saturating_sub(economy.legendary_spent)
            .into(),
    }
}

fn ending(
    combat: &Combat,
    meta: &SnapshotMeta<'_>,
    eyes: Eyes<'_>,
) -> (Option<pb::Summary>, String) {
    let Some((reason, summary)) = combat.ended() else { return (None, String::new()) };
    let winner = match reason {
        EndReason::Victory { side } => side.to_string(),
        EndReason::NobodyLeft | EndReason::Called => String::new(),
    };
    (Some(summary_to(summary, eyes, meta.started_at_ms, meta.ended_at_ms)), winner)
}

fn prompt_to(
    combat: &Combat,
    pending: &Pending,
    meta: &SnapshotMeta<'_>,
    eyes: Eyes<'_>,
) -> pb::OpenPrompt {
    let prompt = pending.prompt;
    let deadline = meta.deadlines.iter().find(|(id, _)| *id == prompt.id).map(|(_, at_ms)| *at_ms);
    let (question, choices) = if eyes.owns(prompt.creature) {
        question_to(combat, pending, eyes)
    } else {
        (String::new(), Vec::new())
    };
    pb::OpenPrompt {
        prompt_id: prompt.id.0,
        creature_id: prompt.creature.to_string(),
        question,
        deadline: deadline.map(timestamp),
        choices,
    }
}

/// The question in words, and the attacks that would answer it.
fn question_to(
    combat: &Combat,
    pending: &Pending,
    eyes: Eyes<'_>,
) -> (String, Vec<pb::open_prompt::PromptChoice>) {
    let name = |id| {
        let known = combat.creature(id).filter(|_| eyes.sees(id));
        known.map_or("somebody unseen", Creature::name)
    };
    let asked = combat.creature(pending.prompt.creature);
    let choice = |attack: &crate::rules::creature::Attack| pb::open_prompt::PromptChoice {
        attack: attack.id.to_string(),
        name: attack.name.clone(),
    };
    let one = |slug: Slug| asked.and_then(|c| c.definition().attack(slug)).map(choice);
    match pending.prompt.question {
        Question::OpportunityAttack { target } => {
            let own = asked.into_iter().flat_map(|creature| &creature.definition().attacks);
            let bare = asked.and_then(|creature| creature.definition().unarmed());
            let melee = own.chain(bare).filter(|attack| attack.reach.is_some()).map(choice);
            let holds = Hold::ALL.into_iter().filter(|hold| {
                // What cannot be done to whoever leaves is not offered.
                asked.is_some_and(|creature| combat.could_hold(creature, *hold, target))
            });
            let hold = |hold: Hold| pb::open_prompt::PromptChoice {
                attack: hold.word().to_owned(),
                name: hold.name().to_owned(),
            };
            let choices = melee.chain(holds.map(hold)).collect();
            (format!("{} leaves your reach. Strike?", name(target)), choices)
        }
        Question::Legendary => {
            let specials = asked.into_iter().flat_map(|creature| &creature.definition().specials);
            let choices = specials.filter(|special| special.cost == Cost::Legendary).map(|it| {
                pb::open_prompt::PromptChoice { attack: it.id.to_string(), name: it.name.clone() }
            });
            ("A turn is over. Take a legendary action?".to_owned(), choices.collect())
        }
        Question::Readied { trigger_by, response } => match response {
            ReadiedResponse::Attack { attack } => (
                format!("Your trigger came: {}. Make the attack you readied?", name(trigger_by)),
                one(attack).into_iter().collect(),
            ),
            ReadiedResponse::Retreat => {
                (format!("Your trigger came: {}. Move away?", name(trigger_by)), Vec::new())
            }
            ReadiedResponse::Dodge => {
                (format!("Your trigger came: {}. Dodge?", name(trigger_by)), Vec::new())
            }
        },
    }
}
