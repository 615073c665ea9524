//! The seeds of a fight's dice: made, kept apart from all that is shown, and made anew once they
//! were told.
//!
//! A seed that anybody has been shown must never decide a die again.

use bytes::Bytes;
use prost::Message;

use super::dice::Seeds;
use super::fight::FightKey;
use super::refusal::Refusal;
use super::{Hub, read_refusal};
use crate::clock;
use crate::protocol::pb;

/// All seeds that a fight has had.
#[derive(Debug)]
pub(super) struct Secrets {
    pub(super) seeds: Seeds,
    /// The hidden seeds before these, oldest first: each time the end was taken back, new ones came.
    pub(super) earlier_hidden: Vec<[u8; 32]>,
}

/// The seeds as the store keeps them.
pub(super) fn stored(seeds: &Seeds, earlier_hidden: &[[u8; 32]]) -> Bytes {
    let secret = pb::StoredSecret {
        public_seed: seeds.public.to_vec().into(),
        hidden_seed: seeds.hidden.to_vec().into(),
        earlier_hidden_seeds: earlier_hidden.iter().map(|seed| seed.to_vec().into()).collect(),
    };
    secret.encode_to_vec().into()
}

fn whole(bytes: &[u8]) -> Result<[u8; 32], Refusal> {
    bytes.try_into().map_err(|_| Refusal::bug(&"a dice seed of the wrong length"))
}

impl Hub {
    /// What the store keeps of a fight's seeds.
    pub(super) fn secrets(&self, key: FightKey) -> Result<Secrets, Refusal> {
        let bytes = self.store().secret(key.store()).map_err(|fault| read_refusal(&fault))?;
        let stored = pb::StoredSecret::decode(bytes.ok_or(Refusal::NoSuchCombat)?)
            .map_err(|fault| Refusal::bug(&fault))?;
        let pb::StoredSecret { public_seed, hidden_seed, earlier_hidden_seeds } = stored;
        let seeds = Seeds { public: whole(&public_seed)?, hidden: whole(&hidden_seed)? };
        let earlier = earlier_hidden_seeds.iter().map(|seed| whole(seed)).collect::<Result<_, _>>();
        Ok(Secrets { seeds, earlier_hidden: earlier? })
    }

    /// Two fresh seeds, or those made of the fixed one; `times` counts how often this fight has had
    /// fresh ones before.
    pub(super) fn fresh_seeds(&self, times: usize) -> Result<Seeds, Refusal> {
        match self.settings().seed {
            Some(seed) => {
                let made = |what: &str| {
                    let mut hasher = blake3::Hasher::new_derive_key(what);
                    hasher.update(&seed.to_be_bytes());
                    if times > 0 {
                        hasher.update(&u64::try_from(times).unwrap_or(u64::MAX).to_be_bytes());
                    }
                    *hasher.finalize().as_bytes()
                };
                Ok(Seeds {
                    public: made("skirmish public dice"),
                    hidden: made("skirmish hidden dice"),
                })
            }
            None => {
                let fresh = || clock::random_bytes().map_err(|fault| Refusal::bug(&fault));
                Ok(Seeds { public: fresh()?, hidden: fresh()? })
            }
        }
    }
}
