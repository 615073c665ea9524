//! Chance from a seed: the same inputs on every run and every machine.

/// A small generator (xorshift).
pub(super) struct Noise(u64);

impl Noise {
    /// `seed` must not be 0.
    pub(super) fn new(seed: u64) -> Self {
        assert_ne!(seed, 0);
        Self(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Below `end`; 0 when there is nothing below it.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    /// True once in `times`.
    pub(super) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(super) fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[3]
    }

    pub(super) fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// Flips, takes away, puts in or cuts off a few bytes.
    pub(super) fn spoil(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(3) {
            let (place, byte) = (self.below(bytes.len()), self.byte());
            match self.below(8) {
                0 => bytes.truncate(place),
                1 | 2 if !bytes.is_empty() => drop(bytes.remove(place)),
                3 | 4 if !bytes.is_empty() => bytes.insert(place, byte),
                _ => {
                    if let Some(at) = bytes.get_mut(place) {
                        *at = byte;
                    }
                }
            }
        }
    }

    /// [`Self::spoil`] for what has to stay text.
    pub(super) fn spoil_text(&mut self, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        self.spoil(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
