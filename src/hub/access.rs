//! Who a caller is and what that allows: one table, asked for every request on every surface.
//!
//! A token or an interaction names a person and a ceiling. Rights are computed from the fight as it
//! is now, so that handing over the fight takes effect at once. A fight of another guild does not
//! exist for its outsiders.

use crate::protocol::Viewer;
use crate::rules::id::{CombatId, CreatureId, GuildId, UserId};
use crate::rules::state::Combat;

use super::refusal::Refusal;

/// The most that a caller may do, whatever the fight says about the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Watch one fight as a spectator.
    Observe { combat: CombatId },
    /// Play one's own creatures in one guild.
    Act { guild: GuildId },
    /// Run one fight, as long as the person is its game master.
    GameMaster { combat: CombatId },
    /// Start fights in one guild, and do there what the person may do.
    Start { guild: GuildId },
    /// Everything, everywhere: the owner of the bot.
    Admin,
}

/// A caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Principal {
    pub user: UserId,
    pub scope: Scope,
}

/// What a caller is in one fight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Spectator,
    Player,
    GameMaster,
}

/// The kinds of requests that differ in who may make them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deed {
    /// Read a fight: snapshot, history, stream.
    Watch,
    /// Open a fight in a guild.
    Initiate,
    /// Enter with one's own character.
    Join,
    /// Act with, or answer for, a creature.
    PlayCreature,
    /// Everything the game master alone may do.
    RunFight,
    /// Read and change one's own characters in a guild.
    KeepCharacters,
    /// Hand out tokens for a fight.
    HandOutTokens,
}

impl Deed {
    /// All of them, for the table's test.
    pub const ALL: [Self; 7] = [
        Self::Watch,
        Self::Initiate,
        Self::Join,
        Self::PlayCreature,
        Self::RunFight,
        Self::KeepCharacters,
        Self::HandOutTokens,
    ];
}

impl Principal {
    /// Whether the scope lets this caller see that the fight exists at all.
    pub fn reaches(&self, guild: GuildId, combat: CombatId) -> bool {
        match self.scope {
            Scope::Observe { combat: one } | Scope::GameMaster { combat: one } => one == combat,
            Scope::Act { guild: own } | Scope::Start { guild: own } => own == guild,
            Scope::Admin => true,
        }
    }

    /// Whether the scope lets this caller do something in a guild, outside any fight.
    pub fn reaches_guild(&self, guild: GuildId) -> bool {
        match self.scope {
            Scope::Observe { .. } | Scope::GameMaster { .. } => false,
            Scope::Act { guild: own } | Scope::Start { guild: own } => own == guild,
            Scope::Admin => true,
        }
    }

    /// Through whose eyes the caller sees a fight with this game master and these players.
    pub(super) fn viewer(&self, game_master: Option<UserId>, plays: bool) -> Viewer {
        match self.role_of(game_master == Some(self.user), plays) {
            Role::GameMaster => Viewer::Gm,
            Role::Player => Viewer::Player { user: self.user },
            Role::Spectator => Viewer::Spectator,
        }
    }

    /// What the caller is in a fight, under the ceiling of its scope.
    pub fn role(&self, combat: &Combat) -> Role {
        let is_master = combat.game_master() == Some(self.user);
        let owns = combat.creatures().iter().any(|creature| creature.owner() == Some(self.user));
        self.role_of(is_master, owns)
    }

    fn role_of(&self, is_master: bool, owns: bool) -> Role {
        match self.scope {
            Scope::Admin => Role::GameMaster,
            Scope::Start { .. } | Scope::GameMaster { .. } if is_master => Role::GameMaster,
            Scope::Start { .. } | Scope::GameMaster { .. } | Scope::Act { .. } if owns => {
                Role::Player
            }
            Scope::Start { .. }
            | Scope::GameMaster { .. }
            | Scope::Act { .. }
            | Scope::Observe { .. } => Role::Spectator,
        }
    }

    /// The access matrix for deeds in an existing fight. `creature` is whose turn, answer or
    /// departure it is, for [`Deed::PlayCreature`].
    ///
    /// # Errors
    /// The refusal this caller gets.
    pub fn may(
        &self,
        deed: Deed,
        combat: &Combat,
        creature: Option<CreatureId>,
    ) -> Result<Role, Refusal> {
        let role = self.role(combat);
        let allowed = match deed {
            Deed::Watch => return Ok(role),
            Deed::Join => match self.scope {
                Scope::Act { .. } | Scope::Start { .. } | Scope::Admin => return Ok(role),
                Scope::Observe { .. } | Scope::GameMaster { .. } => {
                    return Err(Refusal::ScopeTooNarrow);
                }
            },
            Deed::Initiate | Deed::KeepCharacters => {
                return Err(Refusal::ScopeTooNarrow);
            }
            Deed::PlayCreature => match role {
                Role::GameMaster => true,
                Role::Player => creature
                    .and_then(|id| combat.creature(id))
                    .is_some_and(|creature| creature.owner() == Some(self.user)),
                Role::Spectator => false,
            },
            Deed::RunFight | Deed::HandOutTokens => role == Role::GameMaster,
        };
        match (allowed, deed) {
            (true, _) => Ok(role),
            (false, Deed::PlayCreature) => Err(Refusal::NotYourCreature),
            (false, _) => Err(Refusal::GameMasterOnly),
        }
    }

    /// The access matrix for deeds in a guild, outside any fight.
    ///
    /// # Errors
    /// The refusal this caller gets.
    pub fn may_in_guild(&self, deed: Deed, guild: GuildId) -> Result<(), Refusal> {
        let scope_allows = match deed {
            Deed::Initiate => matches!(self.scope, Scope::Start { .. } | Scope::Admin),
            Deed::KeepCharacters => {
                matches!(self.scope, Scope::Act { .. } | Scope::Start { .. } | Scope::Admin)
            }
            Deed::Watch
            | Deed::Join
            | Deed::PlayCreature
            | Deed::RunFight
            | Deed::HandOutTokens => false,
        };
        if scope_allows && self.reaches_guild(guild) {
            Ok(())
        } else {
            Err(Refusal::ScopeTooNarrow)
        }
    }
}
