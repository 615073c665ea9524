//! Fits what was chosen to what was on offer, so that the order of a list never matters.
//!
//! A rogue's four skills and a human's one are one list on the sheet; which of them pays for which
//! is found here. Nothing is judged: what finds no place, and which places stay empty, is all.

/// What came of it, by position in the lists.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    /// Choices for which there is no place.
    pub unplaced: Vec<usize>,
    /// Places without a choice.
    pub open: Vec<usize>,
}

/// Gives as many choices as possible a place each.
pub(super) fn assign(
    choices: usize,
    places: usize,
    fits: &dyn Fn(usize, usize) -> bool,
) -> Outcome {
    let mut taken = vec![None; places];
    let mut outcome = Outcome::default();
    for choice in 0..choices {
        let mut seen = vec![false; places];
        if !place(choice, fits, &mut seen, &mut taken) {
            outcome.unplaced.push(choice);
        }
    }
    let open = taken.iter().enumerate().filter(|(_, choice)| choice.is_none());
    outcome.open = open.map(|(at, _)| at).collect();
    outcome
}

/// Finds a place for one choice, moving others on if they have somewhere else to go.
fn place(
    choice: usize,
    fits: &dyn Fn(usize, usize) -> bool,
    seen: &mut [bool],
    taken: &mut [Option<usize>],
) -> bool {
    for at in 0..taken.len() {
        let Some(mark) = seen.get_mut(at) else { continue };
        if *mark || !fits(choice, at) {
            continue;
        }
        *mark = true;
        let free = match taken.get(at).copied().flatten() {
            None => true,
            Some(holder) => place(holder, fits, seen, taken),
        };
        if let (true, Some(spot)) = (free, taken.get_mut(at)) {
            *spot = Some(choice);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_moves_on_so_that_another_finds_its_only_place() {
        // Choice 0 fits both places, choice 1 only the first.
        let fits = |choice: usize, at: usize| choice == 0 || at == 0;
        assert_eq!(assign(2, 2, &fits), Outcome::default());
    }

    #[test]
    fn what_has_no_place_and_what_stays_empty_are_told() {
        let fits = |_: usize, at: usize| at == 1;
        assert_eq!(assign(2, 2, &fits), Outcome { unplaced: vec![1], open: vec![0] });
    }
}
