//! Keeps the card of every open fight as it should be, in its channel, edited in place.
//!
//! A card is a reader of the log like any other: it follows as a spectator and shows the newest
//! state. A slow Discord delays the card and nothing else, and the last state always arrives.

pub mod desk;
pub mod memory;
pub mod pace;
pub mod supervisor;
pub mod wanted;
mod watcher;
