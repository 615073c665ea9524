//! How long a fight has gone nowhere while the program played it alone.
//!
//! Two sides that cannot hurt each other would fight for ever and fill the disk. What counts as
//! getting somewhere is told by the log alone; nothing here may look at who could hurt whom.

use super::table::PROGRAM;
use crate::protocol::Commit;
use crate::rules::state::{Combat, Creature};

/// Whole rounds without harm to anybody after which the program does not play on by itself.
pub(super) const STALEMATE_ROUNDS: u32 = 20;

/// The last time that somebody came to harm or a person asked for something.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Calm {
    since_round: u32,
    /// The fewest hit points that all had together since a person asked for something. Only fewer
    /// still are harm: wounds that close again as fast as they are dealt lead nowhere.
    fewest_hit_points: u32,
}

impl Calm {
    /// Goes past a commit that left the fight like this.
    pub(super) fn pass(&mut self, commit: &Commit, combat: &Combat) {
        let present = combat.creatures().iter().filter(|it| it.present());
        let hit_points = present.map(Creature::hit_points).map(u32::from).sum();
        let is_asked = commit.principal.is_some_and(|user| user != PROGRAM);
        if is_asked || hit_points < self.fewest_hit_points {
            *self = Self { since_round: combat.round(), fewest_hit_points: hit_points };
        }
    }

    /// Whole rounds that have passed since.
    pub(super) fn rounds(self, combat: &Combat) -> u32 {
        combat.round().saturating_sub(self.since_round).saturating_sub(1)
    }
}
