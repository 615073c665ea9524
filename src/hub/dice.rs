//! The dice of a fight: every face is a function of a seed and of how many dice came before it.
//!
//! Two seeds: one for rolls everybody sees, one for rolls nobody but the GM sees, so that a hidden
//! roll does not show in the numbering of the public ones. No seed may ever reach a frame before
//! the fight has ended, nor a log line.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::rules::dice::Dice;
use crate::rules::state::DrawIndex;

/// The two secret seeds of a fight.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Seeds {
    pub public: [u8; 32],
    pub hidden: [u8; 32],
}

impl core::fmt::Debug for Seeds {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Seeds(secret)")
    }
}

impl Seeds {
    /// The hashes that commit to the seeds: (public, hidden). BLAKE3 of each seed.
    pub fn commitments(&self) -> ([u8; 32], [u8; 32]) {
        (*blake3::hash(&self.public).as_bytes(), *blake3::hash(&self.hidden).as_bytes())
    }
}

/// The face of one die: uniform over `1..=sides`, from the `index`th substream of the seed.
pub fn face(seed: &[u8; 32], index: u64, sides: u16) -> u16 {
    let mut stream = ChaCha20Rng::from_seed(*seed);
    stream.set_stream(index);
    let sides = u64::from(sides.max(1));
    // Draws beyond the last whole multiple of `sides` are thrown away, or low faces would be
    // likelier. Each is thrown away with a chance below one in 2^48, so this ends.
    let limit = u64::MAX - u64::MAX % sides;
    let drawn = loop {
        let word = stream.next_u64();
        if word < limit {
            break word;
        }
    };
    u16::try_from(drawn % sides + 1).unwrap_or(1)
}

/// Dice for one request, continuing where the fight's draws stand.
#[derive(Debug)]
pub(super) struct SeededDice<'a> {
    seeds: &'a Seeds,
    drawn: DrawIndex,
}

impl<'a> SeededDice<'a> {
    pub(super) fn new(seeds: &'a Seeds, drawn: DrawIndex) -> Self {
        Self { seeds, drawn }
    }
}

impl Dice for SeededDice<'_> {
    fn roll(&mut self, sides: u16) -> u16 {
        let shown = face(&self.seeds.public, self.drawn.public, sides);
        self.drawn.public = self.drawn.public.saturating_add(1);
        shown
    }

    fn roll_hidden(&mut self, sides: u16) -> u16 {
        let shown = face(&self.seeds.hidden, self.drawn.hidden, sides);
        self.drawn.hidden = self.drawn.hidden.saturating_add(1);
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_face_depends_on_seed_and_index_alone() {
        let seeds = Seeds { public: [7; 32], hidden: [8; 32] };
        let mut dice = SeededDice::new(&seeds, DrawIndex { public: 3, hidden: 0 });
        let first = dice.roll(20);
        let hidden = dice.roll_hidden(20);
        let second = dice.roll(20);
        assert_eq!(first, face(&seeds.public, 3, 20));
        assert_eq!(second, face(&seeds.public, 4, 20));
        assert_eq!(hidden, face(&seeds.hidden, 0, 20));
    }

    #[test]
    fn faces_are_uniform() {
        // 60,000 rolls of a d6: chi-square with 5 degrees of freedom stays under 25.7 (p = 0.0001).
        let mut counts = [0_i64; 6];
        for index in 0..60_000 {
            counts[usize::from(face(&[1; 32], index, 6)) - 1] += 1;
        }
        let chi: i64 = counts.iter().map(|n| (n - 10_000) * (n - 10_000)).sum::<i64>() / 10_000;
        assert!(chi < 26, "{counts:?}");
    }

    #[test]
    fn seeds_do_not_print() {
        let printed = format!("{:?}", Seeds { public: [0xAB; 32], hidden: [0xCD; 32] });
        assert!(!printed.contains("171") && !printed.to_lowercase().contains("ab,"));
    }
}
