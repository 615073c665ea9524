//! Spaces out what is written to a channel, so that Discord never has to say "too many".
//!
//! At most [`BURST`] writes in any [`WINDOW`], for each channel over all its fights together.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;

/// Edits of cards in a channel within [`WINDOW`].
pub const BURST: usize = 5;
/// The time they are counted in. A little more than Discord's five seconds, because requests may
/// arrive closer together than they were sent.
pub const WINDOW: Duration = Duration::from_millis(5_250);

/// The turns of every channel.
#[derive(Debug, Clone, Default)]
pub struct Paces(Arc<Mutex<BTreeMap<u64, Arc<Semaphore>>>>);

impl Paces {
    /// Waits until another write to the channel is decent, and counts it.
    pub async fn turn(&self, channel: u64) {
        let semaphore = {
            let mut channels = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(channels.entry(channel).or_insert_with(|| Arc::new(Semaphore::new(BURST))))
        };
        let Ok(permit) = semaphore.clone().acquire_owned().await else { return };
        permit.forget();
        tokio::spawn(async move {
            tokio::time::sleep(WINDOW).await;
            semaphore.add_permits(1);
        });
    }

    /// Forgets a channel in which no fight is left.
    pub fn forget(&self, channel: u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&channel);
    }
}
