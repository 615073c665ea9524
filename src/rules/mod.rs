//! The rules of a fight: what may be done, what comes of it, and what the fight looks like afterwards.
//!
//! Pure: no input or output, no clock, no randomness of its own, nothing of ours above it. Only
//! `legal` refuses, only `resolve` rolls, only `apply` changes a combat.

pub mod ability;
mod apply;
pub mod batch;
pub mod condition;
pub mod creature;
mod creature_check;
pub mod creatures;
pub mod damage;
pub mod dice;
pub mod edition;
pub mod event;
mod fingerprint;
pub mod geometry;
pub mod grid;
pub mod id;
pub mod illegal;
pub mod intent;
pub mod legal;
pub mod pending;
mod resolve;
#[cfg(test)]
mod scenarios;
pub mod state;
pub mod tactics;
pub mod timeline;
pub mod unarmed;
