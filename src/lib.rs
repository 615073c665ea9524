//! Skirmish runs tactical fights in Discord channels and streams every one of them over gRPC.
//!
//! The map of the crate, from the inside out (ARCHITECTURE.md has the whole picture):
//!
//! | module | what it is |
//! |---|---|
//! | [`rules`] | the pure rules of a fight: a wish is checked, resolved into events, folded into a state |
//! | [`content`] | stat blocks, heroes, weapons and armour from JSON into rules types |
//! | [`protocol`] | the wire contract: requests in, frames and snapshots out, and the stored form of events |
//! | [`store`] | the log on disk: opaque bytes under typed keys, group-committed |
//! | [`scenario`] | creatures and whole fights as files that people write, and the runner that tries them |
//! | [`forecast`] | a fight played many times, and what that says |
//! | [`view`] | what a person sees, computed once for every surface |
//! | [`hub`] | one task per combat; everything that happens in a fight passes through here |
//! | [`grpc`] | the streams and calls of `skirmish.v1` |
//! | [`discord`] | the bot in a guild |
//! | [`app`] | opens, recovers, serves and drains; the only place that knows every layer |
//! | [`cli`] | the subcommands |
//! | [`config`] | the settings: the only reader of the environment |
//! | [`telemetry`] | log lines without secrets, and figures for Prometheus |
//!
//! The rule that must never be broken: an event is durable before anybody hears of it.

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod content;
pub mod discord;
pub mod forecast;
pub mod grpc;
pub mod hub;
pub mod protocol;
pub mod rules;
pub mod scenario;
pub mod store;
pub mod telemetry;
pub mod view;
