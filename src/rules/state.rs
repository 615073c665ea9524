//! What a fight looks like at one moment: the fold of its events, and nothing else.
//!
//! Only `apply` changes it. Everybody else reads; hence no public fields that can be written from
//! outside `rules`.

use std::sync::Arc;

use super::condition::{ActiveCondition, Condition, Until};
use super::creature::{Definition, EffectKind, Suffering};
use super::creatures::Creatures;
use super::event::{D20Roll, Edition, EndReason, ReadiedResponse, Summary, Tally, Trigger};
use super::grid::{Map, Position};
use super::id::{CharacterId, CreatureId, SideId, Slug, UserId};
use super::illegal::Phase;
use super::pending::Pending;

/// Most creatures in one fight.
pub const CREATURES_MAX: usize = 200;

/// Whether a creature stands, bleeds or is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Life {
    #[default]
    Up,
    /// At 0 hit points, making death saving throws.
    Dying {
        successes: u8,
        failures: u8,
    },
    /// At 0 hit points and unconscious, but no longer dying.
    Stable,
    Dead,
}

/// What of a turn has been used. Reset when the creature's turn starts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Economy {
    pub action_spent: bool,
    pub bonus_action_spent: bool,
    /// Comes back at the start of the creature's turn.
    pub reaction_spent: bool,
    /// Actions beyond the first that may still be taken this turn (Action Surge).
    pub extra_actions: u8,
    pub moved_feet: u16,
    /// Feet that Dash added this turn.
    pub dash_feet: u16,
    /// Attacks and specials already made as part of the Attack or Multiattack action of this turn.
    pub multiattack: Vec<Slug>,
    /// Legendary actions taken since the start of its last turn.
    pub legendary_spent: u8,
    /// Whether a Sneak Attack was dealt this turn.
    pub sneak_attack_spent: bool,
    /// Squares entered this turn, in order, for charges.
    pub path: Vec<Position>,
    /// A light weapon struck this turn: the other hand may strike as a bonus action.
    pub light_attack: Option<Slug>,
    /// Whether the other hand has.
    pub light_extra_spent: bool,
    /// With which weapon somebody was hit this turn who may be cleft through, and who.
    pub cleave: Option<(Slug, CreatureId)>,
    pub cleave_spent: bool,
    /// Whether something was done with an object for nothing this turn.
    pub object_used: bool,
}

/// Something that lasts on a creature and is no condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveEffect {
    pub kind: EffectKind,
    pub source: CreatureId,
    pub until: Until,
    pub magnitude: u16,
    /// The damage that comes with it, again and again.
    pub suffering: Option<Suffering>,
}

/// An effect comes to those there are, in place of the same from the same source.
pub fn add_effect(to: &mut Vec<ActiveEffect>, added: ActiveEffect) {
    remove_effect(to, added.kind, added.source);
    to.push(added);
}

/// The effect of that kind from that source goes.
pub fn remove_effect(from: &mut Vec<ActiveEffect>, gone: EffectKind, source: CreatureId) {
    from.retain(|known| known.kind != gone || known.source != source);
}

/// One creature in the fight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Creature {
    pub(crate) id: CreatureId,
    pub(crate) name: Arc<str>,
    pub(crate) side: SideId,
    pub(crate) owner: Option<UserId>,
    pub(crate) character: Option<CharacterId>,
    pub(crate) definition: Arc<Definition>,
    pub(crate) hit_points: u16,
    pub(crate) temporary_hit_points: u16,
    pub(crate) life: Life,
    pub(crate) conditions: Vec<ActiveCondition>,
    pub(crate) effects: Vec<ActiveEffect>,
    pub(crate) spent: Vec<(Slug, u8)>,
    pub(crate) position: Option<Position>,
    /// The special it concentrates on.
    pub(crate) concentration: Option<Slug>,
    /// Shared between copies of the fight: it hardly ever changes.
    pub(crate) initiative: Option<Arc<(D20Roll, Vec<u8>)>>,
    pub(crate) economy: Economy,
    pub(crate) readied: Option<(Trigger, ReadiedResponse)>,
    pub(crate) hidden: bool,
    pub(crate) autopilot: bool,
    pub(crate) left: bool,
    pub(crate) tally: Tally,
    /// Types of damage taken since the start of its last turn (Regeneration).
    pub(crate) damage_since_turn: super::damage::DamageSet,
    /// Points by which its hit point maximum has fallen.
    pub(crate) maximum_lost: u16,
    /// Failed saves that it turned into successes today.
    pub(crate) resistances_spent: u8,
    /// Whose specials it has withstood for good.
    pub(crate) withstood: Vec<(CreatureId, Slug)>,
}

/// A fight.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Combat {
    pub(crate) phase: Phase,
    pub(crate) name: Arc<str>,
    pub(crate) game_master: Option<UserId>,
    pub(crate) edition: Edition,
    pub(crate) map: Option<Arc<Map>>,
    /// In the order they joined; those who left stay, marked.
    pub(crate) creatures: Creatures,
    /// The order of turns, first to last.
    pub(crate) order: Vec<CreatureId>,
    pub(crate) round: u32,
    /// Counts turns from 1 through the whole fight; 0 before the first.
    pub(crate) turn: u32,
    /// The highest turn number ever opened, undone turns included: the next turn is one more, so
    /// that no number ever means two turns. Undo never takes it back.
    pub(crate) last_turn: u32,
    pub(crate) current: Option<CreatureId>,
    /// Open questions, outermost first; the last one must be answered first.
    pub(crate) pending: Vec<Pending>,
    /// Higher than the id of every prompt ever opened, undone ones included; so after an undo too.
    pub(crate) next_prompt: u32,
    pub(crate) commitments: Option<([u8; 32], [u8; 32])>,
    pub(crate) ended: Option<(EndReason, Summary)>,
    /// Dice drawn so far from the public and from the hidden stream. Undo never takes them back,
    /// and the state hash leaves them out.
    pub(crate) drawn: DrawIndex,
}

/// How many dice have been drawn from each stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct DrawIndex {
    pub public: u64,
    pub hidden: u64,
}

impl Creature {
    pub fn id(&self) -> CreatureId {
        self.id
    }
    pub fn name(&self) -> &str {
        &self.name
    }
    pub fn side(&self) -> SideId {
        self.side
    }
    pub fn owner(&self) -> Option<UserId> {
        self.owner
    }
    pub fn character(&self) -> Option<CharacterId> {
        self.character
    }
    pub fn definition(&self) -> &Arc<Definition> {
        &self.definition
    }
    pub fn hit_points(&self) -> u16 {
        self.hit_points
    }
    /// Its hit point maximum as it is now.
    pub fn maximum(&self) -> u16 {
        self.definition.hit_points.saturating_sub(self.maximum_lost)
    }
    /// Half its hit points or fewer.
    pub fn bloodied(&self) -> bool {
        self.hit_points <= self.maximum() / 2
    }
    /// Whether it withstood this special of that creature before, and is safe from it now.
    pub fn withstands(&self, source: CreatureId, special: Slug) -> bool {
        self.withstood.contains(&(source, special))
    }
    pub fn temporary_hit_points(&self) -> u16 {
        self.temporary_hit_points
    }
    pub fn life(&self) -> Life {
        self.life
    }
    pub fn conditions(&self) -> &[ActiveCondition] {
        &self.conditions
    }
    pub fn effects(&self) -> &[ActiveEffect] {
        &self.effects
    }
    pub fn spent(&self) -> &[(Slug, u8)] {
        &self.spent
    }
    pub fn position(&self) -> Option<Position> {
        self.position
    }
    /// The special of its own that it concentrates on.
    pub fn concentration(&self) -> Option<Slug> {
        self.concentration
    }
    /// The initiative roll and the faces of its roll-off.
    pub fn initiative(&self) -> Option<&(D20Roll, Vec<u8>)> {
        self.initiative.as_deref()
    }
    pub fn economy(&self) -> &Economy {
        &self.economy
    }
    pub fn readied(&self) -> Option<(Trigger, ReadiedResponse)> {
        self.readied
    }
    pub fn hidden(&self) -> bool {
        self.hidden
    }
    pub fn autopilot(&self) -> bool {
        self.autopilot
    }
    pub fn left(&self) -> bool {
        self.left
    }
    pub fn tally(&self) -> &Tally {
        &self.tally
    }
    /// Whether the creature has the condition, from whatever source.
    pub fn has(&self, condition: Condition) -> bool {
        self.conditions.iter().any(|active| active.condition == condition)
    }
    /// Whether the effect is on the creature.
    pub fn affected(&self, kind: EffectKind) -> bool {
        self.effects.iter().any(|effect| effect.kind == kind)
    }
    /// The greatest magnitude of an effect on it; 0 without one.
    pub fn magnitude(&self, kind: EffectKind) -> u16 {
        let on_it = self.effects.iter().filter(|effect| effect.kind == kind);
        on_it.map(|effect| effect.magnitude).max().unwrap_or_default()
    }
    /// Whether somebody holds it in its grip.
    pub fn held_by(&self, holder: CreatureId) -> bool {
        self.conditions
            .iter()
            .any(|active| active.condition == Condition::Grappled && active.source == Some(holder))
    }
    /// The condition that keeps it from acting, if one does.
    pub fn incapacitated(&self) -> Option<Condition> {
        self.conditions.iter().map(|active| active.condition).find(|c| c.incapacitates())
    }
    /// Whether it was knocked out and lies there, not dying.
    pub fn knocked_out(&self) -> bool {
        self.conditions.iter().any(|active| active.until == Until::Healed)
    }
    /// Whether it is here and on its feet, or could be.
    pub fn stands(&self) -> bool {
        self.present() && self.life == Life::Up && !self.knocked_out()
    }
    /// Whether it cannot get the condition: by nature, or poisoned while it is stone.
    pub fn immune_to(&self, condition: Condition) -> bool {
        let stone = condition == Condition::Poisoned && self.has(Condition::Petrified);
        stone || self.definition.condition_immunities.contains(condition)
    }
    /// Its levels of exhaustion.
    pub fn exhaustion(&self) -> u8 {
        let tired = self.conditions.iter().filter(|it| it.condition == Condition::Exhaustion);
        tired.map(|it| it.level).max().unwrap_or_default()
    }
    /// Whether it is still part of the fight: here and not dead.
    pub fn present(&self) -> bool {
        !self.left && self.life != Life::Dead
    }
}

impl Combat {
    pub fn phase(&self) -> Phase {
        self.phase
    }
    pub fn name(&self) -> &str {
        &self.name
    }
    pub fn game_master(&self) -> Option<UserId> {
        self.game_master
    }
    pub fn edition(&self) -> Edition {
        self.edition
    }
    pub fn map(&self) -> Option<&Map> {
        self.map.as_deref()
    }
    pub fn creatures(&self) -> &Creatures {
        &self.creatures
    }
    pub fn order(&self) -> &[CreatureId] {
        &self.order
    }
    pub fn round(&self) -> u32 {
        self.round
    }
    /// The number of the turn now open, counting from 1; requests name it.
    pub fn turn(&self) -> u32 {
        self.turn
    }
    pub fn current(&self) -> Option<CreatureId> {
        self.current
    }
    pub fn pending(&self) -> &[Pending] {
        &self.pending
    }
    pub fn ended(&self) -> Option<&(EndReason, Summary)> {
        self.ended.as_ref()
    }
    pub fn commitments(&self) -> Option<([u8; 32], [u8; 32])> {
        self.commitments
    }
    pub fn drawn(&self) -> DrawIndex {
        self.drawn
    }
    /// The creature of that id, whether or not it is still here.
    pub fn creature(&self, id: CreatureId) -> Option<&Creature> {
        self.creatures.find(id)
    }
}
