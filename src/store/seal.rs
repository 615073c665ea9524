//! A seal on everything written, so that a damaged byte is noticed and never shown to a player.
//!
//! Each value ends with the first eight bytes of a BLAKE3 hash over its table, its key and its
//! bytes. The key is part of it because a page that ends up in the wrong place is damage too.
//! Nothing may be read past this file without its seal being checked.

use super::error::ReadError;

/// Length of a seal, in bytes: random damage passes once in 2^64.
pub(super) const SEAL_BYTES: usize = 8;

fn sum(table: &str, key: &[u8], payload: &[u8]) -> [u8; SEAL_BYTES] {
    let mut hasher = blake3::Hasher::new();
    // lengths first, so that no two (table, key, payload) read the same
    hasher.update(&u64::try_from(table.len()).unwrap_or(u64::MAX).to_le_bytes());
    hasher.update(&u64::try_from(key.len()).unwrap_or(u64::MAX).to_le_bytes());
    hasher.update(table.as_bytes());
    hasher.update(key);
    hasher.update(payload);
    hasher.finalize().as_bytes().first_chunk().copied().unwrap_or_default()
}

/// The bytes to store: the payload and its seal.
pub(super) fn seal(table: &str, key: &[u8], mut payload: Vec<u8>) -> Vec<u8> {
    let sum = sum(table, key, &payload);
    payload.extend_from_slice(&sum);
    payload
}

/// The payload of what was stored, once its seal has been checked.
pub(super) fn unseal<'a>(
    table: &'static str,
    key: &[u8],
    stored: &'a [u8],
) -> Result<&'a [u8], ReadError> {
    let (payload, found) =
        stored.split_last_chunk::<SEAL_BYTES>().ok_or_else(|| ReadError::corrupt(table, key))?;
    if *found == sum(table, key, payload) {
        Ok(payload)
    } else {
        Err(ReadError::corrupt(table, key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flipped_bit_and_every_wrong_place_is_noticed() {
        let stored = seal("log", b"key", b"the goblin misses".to_vec());
        assert_eq!(unseal("log", b"key", &stored).unwrap(), b"the goblin misses");
        for bit in 0..stored.len() * 8 {
            let mut damaged = stored.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(unseal("log", b"key", &damaged).is_err(), "bit {bit}");
        }
        for end in 0..stored.len() {
            assert!(unseal("log", b"key", &stored[..end]).is_err(), "cut at {end}");
        }
        assert!(unseal("log", b"kez", &stored).is_err());
        assert!(unseal("header", b"key", &stored).is_err());
    }
}
