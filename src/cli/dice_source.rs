//! Dice for rolls on the command line: from a seed, so that they can be repeated, or from the
//! operating system.
//!
//! Never a biased face: a draw that would favour the low faces is thrown away. Nothing here depends
//! on how a library maps its stream to ranges, for that changes between versions.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::clock;
use crate::rules::dice::Dice;

/// A stream of faces.
#[derive(Debug, Clone)]
pub struct Seeded {
    stream: ChaCha20Rng,
}

impl Seeded {
    /// The faces that belong to this number: the same ones for ever.
    pub fn new(seed: u64) -> Self {
        let mut bytes = [0; 32];
        for (byte, of_seed) in bytes.iter_mut().zip(seed.to_le_bytes()) {
            *byte = of_seed;
        }
        Self { stream: ChaCha20Rng::from_seed(bytes) }
    }

    /// Faces that nobody can foresee; `None` if the operating system has no randomness to give.
    pub fn from_entropy() -> Option<Self> {
        let bytes = clock::random_bytes().ok()?;
        Some(Self { stream: ChaCha20Rng::from_seed(bytes) })
    }
}

impl Dice for Seeded {
    fn roll(&mut self, sides: u16) -> u16 {
        let sides = u64::from(sides.max(1));
        // The largest multiple of `sides` that fits; fewer than one draw in 10^14 lies above it.
        let fair = u64::MAX - u64::MAX % sides;
        loop {
            let draw = self.stream.next_u64();
            if draw < fair {
                return u16::try_from(draw % sides + 1).unwrap_or(u16::MAX);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_faces_for_ever() {
        let mut dice = Seeded::new(7);
        let faces: Vec<u16> = (0..12).map(|_| dice.roll(20)).collect();
        assert_eq!(faces, GOLDEN, "a published seed must keep its faces");
        let mut other = Seeded::new(8);
        assert_ne!(faces, (0..12).map(|_| other.roll(20)).collect::<Vec<_>>());
    }

    const GOLDEN: [u16; 12] = [14, 1, 8, 12, 20, 8, 20, 9, 16, 13, 19, 10];

    #[test]
    fn every_face_comes_about_equally_often() {
        let mut dice = Seeded::new(1);
        let mut counts = [0_u32; 6];
        for _ in 0..60_000 {
            counts[usize::from(dice.roll(6)) - 1] += 1;
        }
        // Five standard deviations around 10,000.
        assert!(counts.iter().all(|count| (9_543..=10_457).contains(count)), "{counts:?}");
        assert_eq!(dice.roll(0), 1);
    }
}
