//! What a message looks like: texts made safe, parts put together, the card and the panels.
//!
//! Pure functions from what a viewer may know to the JSON that Discord takes. Nothing in here may
//! send, wait, or look at anything that it was not given.

pub mod card;
pub mod map;
pub mod parts;
pub mod text;
