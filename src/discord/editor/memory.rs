//! What is remembered of a card over restarts: where it is, and how far it has told the fight.
//!
//! An intent is written before a message is posted and its id afterwards, so that a crash between
//! the two does not leave two cards.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;

use serde::{Deserialize, Serialize};

/// A message of ours, posted or about to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// The same for every attempt to post it.
    pub nonce: String,
    /// Its id, once it is known.
    pub message: Option<u64>,
    pub posted_at_ms: u64,
}

/// A small message beside the card: a ping, or a question that awaits an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// What it is for, such as `turn:12` or `ask:3`.
    pub key: String,
    pub posting: Posting,
}

/// What is remembered of one fight's card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    pub guild: u64,
    pub channel: u64,
    /// The number of the last event that the card tells.
    pub cursor: u64,
    /// A digest of what was last delivered.
    pub delivered: String,
    pub card: Option<Posting>,
    pub beside: Vec<Beside>,
}

impl Remembered {
    /// Nothing posted yet.
    pub fn new(guild: u64, channel: u64) -> Self {
        Self { guild, channel, cursor: 0, delivered: String::new(), card: None, beside: Vec::new() }
    }
}

/// A boxed future, so that [`Memory`] can stand behind a pointer.
pub type Saving<'a> = Pin<Box<dyn Future<Output = Result<(), MemoryFull>> + Send + 'a>>;

/// It could not be written down; the store does not take anything now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("what was posted could not be remembered")]
pub struct MemoryFull;

/// Where cards are remembered.
pub trait Memory: Send + Sync + Debug {
    /// Remembers this of a fight; nothing: forgets it.
    fn save<'a>(&'a self, fight: &'a str, what: Option<&'a Remembered>) -> Saving<'a>;
}
