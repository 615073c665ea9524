//! Fights as files that anybody can write: creatures, a map, dice, and what should come of it.
//!
//! A file is read whole or refused with everything that is wrong with it. What it asks for goes the
//! way of every request; nothing here knows a rule of play.

mod access;
mod block;
mod compare;
mod creature;
mod entry;
mod file;
mod map;
mod reading;
mod report;
mod run;
mod schema;
mod setting;
mod standing;
mod table;
mod wire;

pub use compare::Difference;
pub use creature::{Placed, Policy};
pub use file::Scenario;
pub use reading::PROBLEMS_MAX;
pub use run::{Failure, Fault};
pub use schema::json_schema;
pub use setting::{INPUT_MAX_BYTES, Setting, read_encounter};
