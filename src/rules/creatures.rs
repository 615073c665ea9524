//! Everybody in a fight, in the order they joined.
//!
//! Copies of a fight share every creature that is the same in both: a wish is tried on a copy, and
//! changes one or two of them. Nobody is ever taken out; who has left is marked.

use std::sync::Arc;

use super::id::CreatureId;
use super::state::Creature;

/// The creatures of a fight.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Creatures(Vec<Arc<Creature>>);

/// Goes through the creatures in the order they joined.
pub type Iter<'a> =
    core::iter::Map<core::slice::Iter<'a, Arc<Creature>>, fn(&'a Arc<Creature>) -> &'a Creature>;

impl Creatures {
    pub fn iter(&self) -> Iter<'_> {
        self.0.iter().map(Arc::as_ref)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The one at that place.
    pub fn get(&self, place: usize) -> Option<&Creature> {
        self.0.get(place).map(Arc::as_ref)
    }

    pub(super) fn find(&self, id: CreatureId) -> Option<&Creature> {
        self.iter().find(|creature| creature.id == id)
    }

    /// To be changed; from here on it is no longer shared.
    pub(super) fn find_mut(&mut self, id: CreatureId) -> Option<&mut Creature> {
        self.0.iter_mut().find(|creature| creature.id == id).map(Arc::make_mut)
    }

    pub(super) fn push(&mut self, creature: Creature) {
        self.0.push(Arc::new(creature));
    }

    /// Changes those that need it, and touches no other.
    pub(super) fn change_where(
        &mut self,
        needed: impl Fn(&Creature) -> bool,
        mut change: impl FnMut(&mut Creature),
    ) {
        for creature in &mut self.0 {
            if needed(creature) {
                change(Arc::make_mut(creature));
            }
        }
    }
}

impl<'a> IntoIterator for &'a Creatures {
    type Item = &'a Creature;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}
