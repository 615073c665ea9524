//! The rules of a fight: what may be done, what comes of it, and what the fight looks like afterwards.
//!
//! Pure: no input or output, no clock, no randomness of its own, nothing of ours above it.
