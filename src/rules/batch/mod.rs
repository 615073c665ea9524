//! Several wishes that come true together or not at all.
//!
//! A batch is checked and rolled against a copy of the fight; the fight itself never sees half of
//! one. Nothing in it may wait for an answer: a wish that would ask somebody refuses the batch.

use super::dice::Dice;
use super::event::{Event, Fact};
use super::illegal::Illegal;
use super::intent::Intent;
use super::state::Combat;

/// Most wishes in one batch.
pub const BATCH_MAX: usize = 256;

/// One to [`BATCH_MAX`] wishes, in the order in which they are to come true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch(Vec<Intent>);

/// Why a list of wishes is no batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadBatch {
    Empty,
    TooLong { max: usize },
}

impl TryFrom<Vec<Intent>> for Batch {
    type Error = BadBatch;

    fn try_from(intents: Vec<Intent>) -> Result<Self, BadBatch> {
        if intents.is_empty() {
            return Err(BadBatch::Empty);
        }
        if intents.len() > BATCH_MAX {
            return Err(BadBatch::TooLong { max: BATCH_MAX });
        }
        Ok(Self(intents))
    }
}

impl Batch {
    /// The wishes, in order.
    pub fn intents(&self) -> &[Intent] {
        &self.0
    }
}

/// Resolves all wishes of a batch, each in the state that those before it leave behind.
///
/// # Errors
/// The index of the first wish that is not allowed there, and why. The dice rolled for those
/// before it are spent all the same.
pub fn check_and_resolve(
    combat: &Combat,
    batch: &Batch,
    dice: &mut dyn Dice,
) -> Result<Vec<Event>, (usize, Illegal)> {
    let mut scratch = combat.clone();
    let mut all = Vec::new();
    for (index, intent) in batch.intents().iter().enumerate() {
        let legal = scratch.check(intent.clone()).map_err(|illegal| (index, illegal))?;
        let events = legal.resolve(dice);
        if events.iter().any(|event| matches!(event.fact, Fact::PromptOpened { .. })) {
            return Err((index, Illegal::WouldPrompt));
        }
        for event in &events {
            scratch.apply(event);
        }
        all.extend(events);
    }
    Ok(all)
}
