//! Character sheets between fights: whose they are, what they are called, what level they are.
//!
//! The sheet itself is opaque; what is searched for stands beside it. A sheet is never replaced
//! unless the writer names the version it has seen.

use super::{error::ReadError, keys::CharacterKey, tables};
use bytes::Bytes;

/// A change to one character sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CharacterWrite {
    /// Creates or replaces a sheet. Its version becomes one more than the expected one; the first
    /// version is 1.
    Put {
        /// Which sheet.
        key: CharacterKey,
        /// The user it belongs to.
        owner: u64,
        /// Its name, as it is shown.
        name: String,
        /// Its level.
        level: u8,
        /// The version that is replaced; `None` creates, and conflicts if the sheet exists.
        expected_version: Option<u64>,
        /// The sheet.
        bytes: Bytes,
    },
    /// Removes a sheet.
    Delete {
        /// Which sheet.
        key: CharacterKey,
        /// The version that is removed; `None` removes any, and is content if there is none.
        expected_version: Option<u64>,
    },
}

/// A character sheet as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCharacter {
    /// Which sheet.
    pub key: CharacterKey,
    /// The user it belongs to.
    pub owner: u64,
    /// Its name, as it is shown.
    pub name: String,
    /// Its level.
    pub level: u8,
    /// How often it has been written; the first version is 1.
    pub version: u64,
    /// The sheet.
    pub bytes: Bytes,
}

impl CharacterWrite {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Put { name, .. } => name,
            Self::Delete { .. } => "",
        }
    }

    pub(super) fn value_bytes(&self) -> usize {
        match self {
            Self::Put { bytes, .. } => bytes.len(),
            Self::Delete { .. } => 0,
        }
    }
}

impl StoredCharacter {
    /// The payload in the file: owner, level, version, length of the name, name, sheet.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(32 + self.name.len() + self.bytes.len());
        out.extend_from_slice(&self.owner.to_be_bytes());
        out.push(self.level);
        out.extend_from_slice(&self.version.to_be_bytes());
        out.extend_from_slice(&u32::try_from(self.name.len()).unwrap_or(u32::MAX).to_be_bytes());
        out.extend_from_slice(self.name.as_bytes());
        out.extend_from_slice(&self.bytes);
        out
    }

    pub(super) fn decode(key: CharacterKey, payload: &[u8]) -> Result<Self, ReadError> {
        Self::parse(key, payload)
            .ok_or_else(|| ReadError::corrupt(tables::CHARACTERS_NAME, &key.bytes()))
    }

    fn parse(key: CharacterKey, payload: &[u8]) -> Option<Self> {
        let (owner, rest) = payload.split_first_chunk::<8>()?;
        let (&level, rest) = rest.split_first()?;
        let (version, rest) = rest.split_first_chunk::<8>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (name, bytes) = rest.split_at_checked(length)?;
        Some(Self {
            key,
            owner: u64::from_be_bytes(*owner),
            name: std::str::from_utf8(name).ok()?.to_owned(),
            level,
            version: u64::from_be_bytes(*version),
            bytes: Bytes::copy_from_slice(bytes),
        })
    }

    /// Its row in the list of a user's characters.
    pub(super) fn owner_row(&self) -> Vec<u8> {
        row(&owner_prefix(self.key.guild, self.owner), self.key)
    }

    /// Its row in the list by name.
    pub(super) fn name_row(&self) -> Vec<u8> {
        // a zero byte ends the name, so that "Bo" comes before "Bob" whatever the ids are
        let mut prefix = name_prefix(self.key.guild, &self.name);
        prefix.push(0);
        row(&prefix, self.key)
    }

    /// Its row in the list by level.
    pub(super) fn level_row(&self) -> Vec<u8> {
        row(&level_prefix(self.key.guild, self.level), self.key)
    }
}

fn row(prefix: &[u8], key: CharacterKey) -> Vec<u8> {
    let mut out = prefix.to_vec();
    out.extend_from_slice(&key.character.to_be_bytes());
    out
}

pub(super) fn owner_prefix(guild: u64, owner: u64) -> Vec<u8> {
    [guild.to_be_bytes(), owner.to_be_bytes()].concat()
}

pub(super) fn name_prefix(guild: u64, name: &str) -> Vec<u8> {
    let mut out = guild.to_be_bytes().to_vec();
    out.extend_from_slice(fold(name).as_bytes());
    out
}

pub(super) fn level_prefix(guild: u64, level: u8) -> Vec<u8> {
    let mut out = guild.to_be_bytes().to_vec();
    out.push(level);
    out
}

/// A name as it is looked up: whoever types "bob" means "Bob".
fn fold(name: &str) -> String {
    name.to_lowercase().replace('\0', " ")
}

/// The sheet that a row of a list names.
pub(super) fn row_key(guild: u64, row: &[u8]) -> Option<CharacterKey> {
    let character = row.last_chunk::<16>()?;
    Some(CharacterKey { guild, character: u128::from_be_bytes(*character) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_comes_back_as_it_was_and_a_cut_one_does_not() {
        let key = CharacterKey { guild: 1, character: 2 };
        let sheet = StoredCharacter {
            key,
            owner: 3,
            name: "Ylva the Grey".to_owned(),
            level: 4,
            version: 5,
            bytes: Bytes::from_static(b""),
        };
        let encoded = sheet.encode();
        assert_eq!(StoredCharacter::decode(key, &encoded), Ok(sheet));
        for end in 0..encoded.len() {
            assert!(StoredCharacter::decode(key, &encoded[..end]).is_err(), "cut at {end}");
        }
    }
}
