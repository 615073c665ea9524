//! The generated messages of `proto/skirmish/v1`, and their descriptors.

#![allow(
    clippy::all,
    clippy::pedantic,
    clippy::as_conversions,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::allow_attributes_without_reason,
    reason = "generated from the contract; its style is not ours"
)]

tonic::include_proto!("skirmish.v1");

/// The descriptor set of the contract, for reflection and for protobuf JSON.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/skirmish.v1.binpb"));
