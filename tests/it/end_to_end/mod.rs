//! The whole program as people meet it: the real binary, Discord on one side, gRPC on the other.
//!
//! Nothing is called in process but the fake Discord; what is known of a fight is what the channel
//! shows and what gRPC says.

mod arena;
mod burst;
mod observers;
mod players;
mod process;
mod questions;
mod restart;
mod whole;
