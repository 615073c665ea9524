//! The wire contract: what may be asked of a fight, and what each viewer may see of it.
//!
//! The same messages are the form in which events are stored. Nothing here does input or output,
//! and nobody but `visibility` decides what a viewer may know.

mod decode;
mod definition;
mod errors;
mod frame;
mod json;
mod malformed;
mod options;
pub mod pb;
mod roster;
mod snapshot;
mod stored;
mod trail;
mod values;
mod visibility;
mod words;

pub use decode::{
    BatchHead, CONDITIONS_MAX, COUNT_MAX, CreatureSpec, Decoded, JoinAs, PATH_MAX,
    REQUEST_ID_MAX_BYTES, SPECS_MAX, Source, TARGETS_MAX, Wish, action_of, batch_head, decode,
};
pub use definition::{definition_of, definition_to, remembered_definition};
pub use errors::{GrpcCode, REFUSALS, Refusal, grpc_code, refusal, refusals_page};
pub use frame::{FrameContext, FrameMeta, Framer, SnapshotAfter, frame};
pub use json::{BadJson, from_json, to_json};
pub use malformed::{Fault, Malformed};
pub use options::options;
pub use roster::Roster;
pub use snapshot::{SnapshotMeta, creature_state, phase_to, snapshot};
pub use stored::{
    Commit, Logged, STORED_FORMAT, Unreadable, decode_commit, encode_commit, read_commit,
};
pub use trail::Trail;
pub(crate) use values::{condition_of, effect_of};
pub use values::{millis, timestamp};
pub use visibility::Viewer;
