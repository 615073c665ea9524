//! A hundred thousand broken inputs for each surface that reads JSON: an error each, no panic.
//!
//! The inputs are sound ones that were changed in a few places, so that most of them get past the
//! first parser, and noise in their bytes on top of some. How many got how deep is asserted, so
//! that a change of the formats cannot turn a test into one that only feeds a parser garbage.
//! Protobuf bytes, dice text, custom ids and the configuration have theirs beside the other tests
//! of those surfaces.

mod content;
mod exports;
mod gateway;
mod interactions;
mod json;
mod noise;
mod options;
mod scenarios;
mod sheets;

use std::time::Duration;

/// Inputs of one surface.
const INPUTS: usize = 100_000;
/// Generous for a debug build on a busy machine; alone on two cores each takes half a minute at most.
const TIME_MAX: Duration = Duration::from_mins(5);
