//! Small durable notes of the surfaces: where a card stands, which session the gateway had.
//!
//! A surface never touches the store; it remembers and recalls through here, in spaces of its own.

use bytes::Bytes;

use super::refusal::Refusal;
use super::{Hub, commit_refusal, read_refusal};
use crate::store::{Commit, Space};

/// Most notes that one call returns.
const RECALLED_MAX: usize = 1_000;

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notes {
    /// Where the live cards are, and how far each has been drawn.
    Cards,
    /// The gateway's session.
    Gateway,
    /// Choices in progress on private panels.
    Choices,
    /// Settings of guilds and of the surface itself.
    Settings,
}

/// What every key of a surface's settings begins with, apart from the hub's own.
const SURFACE_PREFIX: &[u8] = b"surface:";

impl Notes {
    const fn space(self) -> Space {
        match self {
            Self::Cards => Space::Cards,
            Self::Gateway => Space::Gateway,
            Self::Choices => Space::Choices,
            Self::Settings => Space::Settings,
        }
    }

    fn key(self, key: &[u8]) -> Vec<u8> {
        let mut whole = match self {
            Self::Settings => SURFACE_PREFIX.to_vec(),
            Self::Cards | Self::Gateway | Self::Choices => Vec::new(),
        };
        whole.extend_from_slice(key);
        whole
    }
}

impl Hub {
    /// Writes a note, or removes it; durable when this returns.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn remember(
        &self,
        notes: Notes,
        key: &[u8],
        value: Option<Bytes>,
    ) -> Result<(), Refusal> {
        let commit =
            Commit { puts: vec![(notes.space(), notes.key(key), value)], ..Commit::default() };
        self.store().commit(commit).await.map_err(commit_refusal)
    }

    /// Reads a note.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn recall(&self, notes: Notes, key: &[u8]) -> Result<Option<Bytes>, Refusal> {
        self.store().get(notes.space(), &notes.key(key)).map_err(|fault| read_refusal(&fault))
    }

    /// Reads up to `limit` notes whose keys begin with `prefix`, in the order of their keys.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn recall_all(
        &self,
        notes: Notes,
        prefix: &[u8],
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Bytes)>, Refusal> {
        let own = notes.key(b"");
        let found = self
            .store()
            .scan(notes.space(), &notes.key(prefix), limit.min(RECALLED_MAX))
            .map_err(|fault| read_refusal(&fault))?;
        Ok(found
            .into_iter()
            .map(|(key, value)| (key.get(own.len()..).unwrap_or_default().to_vec(), value))
            .collect())
    }
}
