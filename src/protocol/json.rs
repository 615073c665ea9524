//! Messages of the contract as protobuf JSON, for files that other programs read as well.
//!
//! Written as the protobuf documentation says and read strictly: a field that is not known is an
//! error, because what a file says and nobody reads is not what somebody meant.

use std::sync::OnceLock;

use prost::Message;
use prost_reflect::{DescriptorPool, DeserializeOptions, DynamicMessage, MessageDescriptor};
use serde_json::Value;

use super::pb;

/// Why a message could not be written or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadJson {
    /// What is wrong, with line and column, for the person who has the file.
    #[error("{0}")]
    Wrong(String),
    /// The contract in this program has no such message: a fault of ours.
    #[error("the contract has no message {0}")]
    NoSuchMessage(&'static str),
}

fn descriptor(name: &'static str) -> Result<MessageDescriptor, BadJson> {
    static POOL: OnceLock<Option<DescriptorPool>> = OnceLock::new();
    POOL.get_or_init(|| DescriptorPool::decode(pb::DESCRIPTORS).ok())
        .as_ref()
        .and_then(|pool| pool.get_message_by_name(&format!("skirmish.v1.{name}")))
        .ok_or(BadJson::NoSuchMessage(name))
}

/// A message as JSON; `name` is what the contract calls it.
///
/// # Errors
/// Only where the contract has no such message.
pub fn to_json(name: &'static str, message: &impl Message) -> Result<Value, BadJson> {
    let bytes = message.encode_to_vec();
    let wrong = |what: &dyn std::fmt::Display| BadJson::Wrong(what.to_string());
    let message = DynamicMessage::decode(descriptor(name)?, bytes.as_slice());
    let message = message.map_err(|fault| wrong(&fault))?;
    serde_json::to_value(&message).map_err(|fault| wrong(&fault))
}

/// The message that a JSON text is.
///
/// # Errors
/// What is wrong with the text, and where.
pub fn from_json<M: Message + Default>(name: &'static str, text: &[u8]) -> Result<M, BadJson> {
    let wrong = |what: &dyn std::fmt::Display| BadJson::Wrong(what.to_string());
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let options = DeserializeOptions::new().deny_unknown_fields(true);
    let message =
        DynamicMessage::deserialize_with_options(descriptor(name)?, &mut deserializer, &options)
            .map_err(|fault| wrong(&fault))?;
    deserializer.end().map_err(|fault| wrong(&fault))?;
    M::decode(message.encode_to_vec().as_slice()).map_err(|fault| wrong(&fault))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_reads_back_as_itself() {
        let before = pb::DiceRevealed { public_seed: vec![7; 32].into() };
        let json = to_json("DiceRevealed", &before).unwrap();
        let after = from_json("DiceRevealed", json.to_string().as_bytes());
        assert_eq!(after, Ok(before));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let read = |text: &str| from_json::<pb::DiceRolled>("DiceRolled", text.as_bytes());
        for (text, words) in [
            ("{\"sides\": 6, \"colour\": 1}", "colour"),
            ("{\"sides\": -1}", "line 1"),
            ("{\"sides\": 6} more", "trailing"),
            ("{", "EOF"),
        ] {
            let Err(BadJson::Wrong(said)) = read(text) else { panic!("{text} was read") };
            assert!(said.contains(words), "{said}");
        }
    }
}
