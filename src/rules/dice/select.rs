//! Which of some values an operator chooses: equal, highest, lowest, above, below.
//!
//! Several selectors of one operator are a union over the same values, ties or not: the choice is
//! made once, never selector by selector on what the one before has left.

use core::cmp::Reverse;

use super::text::Selector;

/// The union of some selectors, boiled down so that choosing takes one pass.
#[derive(Debug, Clone, Default)]
pub(super) struct Union {
    highest: usize,
    lowest: usize,
    above: Option<i128>,
    below: Option<i128>,
    /// Sorted.
    equal: Vec<i128>,
}

impl Union {
    pub(super) fn new(selectors: &[Selector]) -> Self {
        let mut union = Self::default();
        for selector in selectors {
            match *selector {
                Selector::Equal(number) => union.equal.push(number),
                Selector::Highest(count) => union.highest = union.highest.max(how_many(count)),
                Selector::Lowest(count) => union.lowest = union.lowest.max(how_many(count)),
                Selector::Above(number) => {
                    union.above = Some(union.above.map_or(number, |least| least.min(number)));
                }
                Selector::Below(number) => {
                    union.below = Some(union.below.map_or(number, |most| most.max(number)));
                }
            }
        }
        union.equal.sort_unstable();
        union
    }

    /// For each value, whether it is chosen; `int` makes a value to compare with. Of equal values
    /// the earlier counts as the higher, so that the highest four and the lowest three of ten are
    /// always seven, ties or not.
    pub(super) fn choose<T: Ord + Copy>(&self, values: &[T], int: fn(i128) -> T) -> Vec<bool> {
        if self.highest.max(self.lowest) >= values.len() {
            return vec![true; values.len()];
        }
        let (above, below) = (self.above.map(int), self.below.map(int));
        let equal: Vec<T> = self.equal.iter().copied().map(int).collect();
        let by_value = |value: &T| {
            above.is_some_and(|least| *value > least)
                || below.is_some_and(|most| *value < most)
                || equal.binary_search(value).is_ok()
        };
        let mut chosen: Vec<bool> = values.iter().map(by_value).collect();
        if self.highest == 0 && self.lowest == 0 {
            return chosen;
        }
        let mut ranks: Vec<Rank<T>> =
            values.iter().enumerate().map(|(index, value)| (*value, Reverse(index))).collect();
        if self.highest > 0 {
            let first = values.len().saturating_sub(self.highest);
            choose_ranks(part_from(&mut ranks, first), &mut chosen);
        }
        if self.lowest > 0 {
            choose_ranks(part_below(&mut ranks, self.lowest), &mut chosen);
        }
        chosen
    }
}

type Rank<T> = (T, Reverse<usize>);

/// The ranks from the `first`-th on, in any order among themselves; linear in their number.
fn part_from<T: Ord>(ranks: &mut [Rank<T>], first: usize) -> &[Rank<T>] {
    if first > 0 && first < ranks.len() {
        ranks.select_nth_unstable(first);
    }
    ranks.get(first..).unwrap_or_default()
}

/// The `count` lowest ranks, in any order among themselves.
fn part_below<T: Ord>(ranks: &mut [Rank<T>], count: usize) -> &[Rank<T>] {
    if count < ranks.len() {
        ranks.select_nth_unstable(count);
    }
    ranks.get(..count).unwrap_or(ranks)
}

fn choose_ranks<T>(ranks: &[Rank<T>], chosen: &mut [bool]) {
    for (_, Reverse(index)) in ranks {
        if let Some(flag) = chosen.get_mut(*index) {
            *flag = true;
        }
    }
}

/// A count too large to matter is all of them; selectors are never negative.
fn how_many(count: i128) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(values: &[i128], selectors: &[Selector]) -> Vec<usize> {
        let flags = Union::new(selectors).choose(values, |number| number);
        flags.iter().enumerate().filter(|(_, flag)| **flag).map(|(index, _)| index).collect()
    }

    #[test]
    fn each_selector_and_their_union() {
        let values = [4, 1, 4, 6, 4, 2];
        assert_eq!(chosen(&values, &[Selector::Highest(2)]), [0, 3], "the earlier of equals");
        assert_eq!(chosen(&values, &[Selector::Lowest(3)]), [1, 4, 5], "the later of equals");
        assert_eq!(chosen(&values, &[Selector::Equal(4)]), [0, 2, 4]);
        assert_eq!(chosen(&values, &[Selector::Above(4)]), [3]);
        assert_eq!(chosen(&values, &[Selector::Below(2), Selector::Below(1)]), [1]);
        assert_eq!(chosen(&values, &[Selector::Highest(1), Selector::Lowest(1)]), [1, 3]);
        assert_eq!(chosen(&values, &[Selector::Highest(99)]), [0, 1, 2, 3, 4, 5]);
        assert_eq!(chosen(&values, &[Selector::Highest(0)]), [0_usize; 0]);
        assert_eq!(chosen(&[], &[Selector::Lowest(1)]), [0_usize; 0]);
    }

    #[test]
    fn a_union_keeps_exactly_the_union_even_among_ties() {
        assert_eq!(
            chosen(&[3; 10], &[Selector::Highest(4), Selector::Lowest(3)]).len(),
            7,
            "ten equal dice: four and three of them"
        );
        let mixed = [1, 1, 2, 2, 2, 2, 2, 2, 6, 6];
        assert_eq!(
            chosen(&mixed, &[Selector::Highest(4), Selector::Lowest(3)]),
            [0, 1, 2, 3, 7, 8, 9]
        );
    }
}
