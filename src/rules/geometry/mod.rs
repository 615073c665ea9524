//! Who stands where, who can see whom, what a blast covers and how to walk there.
//!
//! Everything here is a question about a fight and its map; nothing changes either, rolls a die or
//! decides what is allowed. Without a map, or for a creature without a position, there is no
//! answer (`None`): the fight is then played in the theatre of the mind.

mod area;
mod movement;
mod place;
mod sight;
mod space;
#[cfg(test)]
mod tests;

pub use area::area_squares;
pub use movement::{
    Crossing, PathFault, Reachable, Step, Way, drawn_to, leaves_reach, melee_reach_feet,
    path_cost_feet, provoked_by, pull_path, push_path, reachable, step_to, straight_run_feet,
    way_beside, way_to,
};
pub use place::place;
pub use sight::{
    cover, cover_between, cover_from_square, line_of_sight, sees_square, sight_between,
};
pub use space::{Space, distance_feet, space_of};
