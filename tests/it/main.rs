//! Everything that needs more than one module: one binary, so that it links once.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::as_conversions,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that meets the unexpected should stop right there; clippy.toml says so for the \
              tests themselves, this says it for what they share"
)]

mod autopilot;
mod characters;
mod cli;
mod config;
mod content;
mod dice_text;
pub(crate) mod discord_bot;
mod discord_card;
mod discord_limits;
mod discord_panels;
mod discord_replies;
mod discord_transcript;
mod draining;
mod end_to_end;
mod fairness;
mod forecast;
mod gateway;
mod grpc;
mod hub;
mod long_fights;
mod malformed;
mod protocol;
mod readme;
mod rules_props;
mod scenarios;
mod stalemate;
mod store;
mod support;
mod tidy;
mod transport;
