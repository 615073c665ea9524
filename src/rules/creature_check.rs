//! What makes a draft a creature: every figure within its limits, every name that is used defined.

use super::creature::{Draft, HIT_POINTS_MAX, Problem};

/// Everything that is wrong with a draft, in the order of its fields.
pub(super) fn problems_of(draft: &Draft) -> Vec<Problem> {
    let mut problems = Vec::new();
    if draft.hit_points == 0 || draft.hit_points > HIT_POINTS_MAX {
        problems.push(Problem {
            path: "hit_points".into(),
            message: format!("must be 1 to {HIT_POINTS_MAX}"),
        });
    }
    problems
}
