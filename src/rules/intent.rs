//! Wishes: what somebody would like to happen in a fight, well formed but not yet allowed.

use std::sync::Arc;

use super::ability::Skill;
use super::condition::{Condition, Until};
use super::creature::{Cost, Definition};
use super::event::{Edition, Inquiry, ReadiedResponse, RollMode, Trigger};
use super::grid::{Map, Position};
use super::id::{CharacterId, CreatureId, PromptId, SideId, Slug, UserId};
use super::pending::Answer;

/// A creature that wishes to enter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entrant {
    /// Chosen by the hub, opaque.
    pub id: CreatureId,
    pub name: String,
    pub side: SideId,
    pub owner: Option<UserId>,
    pub character: Option<CharacterId>,
    pub definition: Arc<Definition>,
    /// Hit points it comes with; its maximum if absent.
    pub hit_points: Option<u16>,
    pub temporary_hit_points: u16,
    pub spent: Vec<(Slug, u8)>,
    /// Where it stands on a map; the engine places it beside its side if absent.
    pub position: Option<Position>,
    pub hidden: bool,
    pub autopilot: bool,
}

/// What the GM sets on a creature; absent fields stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Adjustments {
    pub hit_points: Option<u16>,
    pub temporary_hit_points: Option<u16>,
    pub position: Option<Position>,
    pub hidden: Option<bool>,
    pub autopilot: Option<bool>,
    /// Caught unawares, until its first turn has come.
    pub surprised: Option<bool>,
    pub add_conditions: Vec<(Condition, Until)>,
    pub remove_conditions: Vec<Condition>,
}

/// What a creature does with its turn, or with its reaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    Attack {
        attack: Slug,
        target: CreatureId,
        /// The GM's word instead of the computed advantage.
        mode: Option<RollMode>,
    },
    /// A melee attack that leaves alive whom it would kill.
    KnockOut {
        attack: Slug,
        target: CreatureId,
        /// As for an attack.
        mode: Option<RollMode>,
    },
    Special {
        special: Slug,
        targets: Vec<CreatureId>,
        aim: Option<Position>,
    },
    /// Along `path` if it is not empty, otherwise the cheapest way to `to`.
    Move {
        to: Position,
        path: Vec<Position>,
    },
    /// Cost is the action unless a feature allows a bonus action; so for the next two and `Hide`.
    Dash {
        cost: Cost,
    },
    Disengage {
        cost: Cost,
    },
    Hide {
        cost: Cost,
    },
    Dodge,
    /// Distract an enemy within 5 feet for the next ally that attacks it.
    Help {
        target: CreatureId,
    },
    Ready {
        trigger: Trigger,
        response: ReadiedResponse,
    },
    /// Take the readied action now (trigger `OnCall`), at this creature.
    ReleaseReadied {
        target: Option<CreatureId>,
    },
    StandUp,
    DropProne,
    Stabilize {
        target: CreatureId,
    },
    /// Break free of a grapple or restraint that allows a check.
    Escape,
    /// Seize an enemy with an unarmed strike, in place of an attack.
    Grapple {
        target: CreatureId,
    },
    /// Push an enemy away or down with an unarmed strike, in place of an attack.
    Shove {
        target: CreatureId,
        prone: bool,
    },
    /// A check as an action: Search, Study or Influence.
    Inquire {
        inquiry: Inquiry,
        skill: Skill,
    },
    /// Help an ally with its next check of a skill.
    Assist {
        target: CreatureId,
        skill: Skill,
    },
    /// Something with an object: free once a turn, otherwise the action.
    UseObject,
    /// Give up what it concentrates on; takes nothing.
    StopConcentrating,
    /// Let go of somebody it holds; takes nothing.
    LetGo {
        target: CreatureId,
    },
}

/// A wish for a fight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    Initiate {
        name: String,
        game_master: UserId,
        edition: Edition,
        map: Option<Map>,
    },
    /// One creature of a player, or several of the GM: all or none.
    Enter {
        entrants: Vec<Entrant>,
    },
    RollInitiative {
        creature: CreatureId,
    },
    /// The order of creatures that tied, or any order the GM wants, before the first turn.
    SetOrder {
        order: Vec<CreatureId>,
    },
    /// Rolls initiative for whoever has not and opens turn 1. The hashes commit to the dice.
    Begin {
        public_commitment: [u8; 32],
        hidden_commitment: [u8; 32],
    },
    Act {
        creature: CreatureId,
        action: Action,
    },
    EndTurn {
        creature: CreatureId,
    },
    Leave {
        creature: CreatureId,
    },
    /// The GM calls the fight over.
    End,
    Pause,
    /// The program, which has played alone for so many rounds, pauses: nobody comes to harm.
    Stalemate {
        rounds: u32,
    },
    Resume,
    Adjust {
        creature: CreatureId,
        adjustments: Adjustments,
    },
    Respond {
        prompt: PromptId,
        answer: Answer,
        timed_out: bool,
    },
    Transfer {
        game_master: UserId,
    },
}
