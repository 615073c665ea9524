//! The bot in a guild: what players type and click comes in here, cards and panels go out.
//!
//! Nothing here decides what a fight does, and nothing here may speak gRPC: both surfaces know the
//! hub only. Everything that leaves goes through [`transport`]; everything that arrives comes
//! through [`gateway`]; every body is held to the budgets of [`lint`].

pub mod api;
pub mod bot;
pub mod call;
pub mod commands;
pub mod components;
mod counters;
pub mod custom_id;
pub mod editor;
pub mod flood;
pub mod gateway;
pub mod lint;
pub mod panel;
pub mod render;
pub mod replies;
pub mod transport;
