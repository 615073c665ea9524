//! The names under which things are kept: always the guild first, so that guilds cannot mix.
//!
//! Every key is written big-endian, so that the order of the bytes is the order of the numbers.
//! Two different keys never have the same bytes.

/// One fight of one guild.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CombatKey {
    /// The guild that the fight belongs to.
    pub guild: u64,
    /// The fight's own id.
    pub combat: u128,
}

/// One character sheet of one guild.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CharacterKey {
    /// The guild that the sheet belongs to.
    pub guild: u64,
    /// The sheet's own id.
    pub character: u128,
}

/// Who asked, and the id they gave their request: asked twice, answered once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReceiptKey {
    /// The guild in which it was asked.
    pub guild: u64,
    /// Who asked: a user, a token.
    pub principal: u64,
    /// The id of the request, at most [`super::MAX_REQUEST_ID_BYTES`] long.
    pub request_id: String,
}

/// A small side table, each for one purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Space {
    /// Gateway sessions, to resume after a restart.
    Gateway,
    /// Where the live cards are, and how far each has been drawn.
    Cards,
    /// Bearer tokens, as hashes.
    Tokens,
    /// Settings of guilds.
    Settings,
    /// What a person chose on a private panel and has not confirmed.
    Choices,
    /// Messages still to be sent.
    Outbox,
}

impl Space {
    /// The first byte of a key of this space in the file. Never renumbered, never reused.
    const fn tag(self) -> u8 {
        match self {
            Self::Gateway => 1,
            Self::Cards => 2,
            Self::Tokens => 3,
            Self::Settings => 4,
            Self::Choices => 5,
            Self::Outbox => 6,
        }
    }

    pub(super) fn key(self, key: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(key.len() + 1);
        bytes.push(self.tag());
        bytes.extend_from_slice(key);
        bytes
    }
}

/// Guild, fight, last sequence number.
pub(super) type IndexKey = [u8; 32];

impl CombatKey {
    pub(super) fn bytes(self) -> Vec<u8> {
        pair(self.guild, self.combat)
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (guild, combat) = split_pair(bytes)?;
        Some(Self { guild, combat })
    }

    /// The key of this fight's commit that ends with `last_seq` in the index.
    pub(super) fn index(self, last_seq: u64) -> IndexKey {
        let mut bytes = [0; 32];
        let parts =
            [&self.guild.to_be_bytes()[..], &self.combat.to_be_bytes(), &last_seq.to_be_bytes()];
        for (place, byte) in bytes.iter_mut().zip(parts.concat()) {
            *place = byte;
        }
        bytes
    }
}

impl CharacterKey {
    pub(super) fn bytes(self) -> Vec<u8> {
        pair(self.guild, self.character)
    }
}

impl ReceiptKey {
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(16 + self.request_id.len());
        bytes.extend_from_slice(&self.guild.to_be_bytes());
        bytes.extend_from_slice(&self.principal.to_be_bytes());
        bytes.extend_from_slice(self.request_id.as_bytes());
        bytes
    }
}

fn pair(guild: u64, id: u128) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(24);
    bytes.extend_from_slice(&guild.to_be_bytes());
    bytes.extend_from_slice(&id.to_be_bytes());
    bytes
}

pub(super) fn split_pair(bytes: &[u8]) -> Option<(u64, u128)> {
    let (guild, id) = bytes.split_first_chunk::<8>()?;
    let id: [u8; 16] = id.try_into().ok()?;
    Some((u64::from_be_bytes(*guild), u128::from_be_bytes(id)))
}

/// The last sequence number that an index key names.
pub(super) fn index_seq(bytes: &[u8]) -> Option<u64> {
    bytes.last_chunk::<8>().map(|seq| u64::from_be_bytes(*seq))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_the_bytes_is_the_order_of_the_keys() {
        let mut keys = vec![];
        for guild in [0, 1, 255, 256, u64::MAX] {
            for combat in [0, 1, 255, 256, u128::MAX] {
                keys.push(CombatKey { guild, combat });
            }
        }
        let mut by_bytes = keys.clone();
        by_bytes.sort_by_key(|key| key.bytes());
        keys.sort();
        assert_eq!(keys, by_bytes);
        for key in keys {
            assert_eq!(CombatKey::from_bytes(&key.bytes()), Some(key));
            assert_eq!(index_seq(&key.index(7)), Some(7));
        }
    }
}
