//! What the tests share: a Discord of our own to play against.
//!
//! Nothing here may be needed by the program itself.
#![allow(
    dead_code,
    unused_imports,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr,
    reason = "support for tests: a panic is a failed test, and each test uses a part of it"
)]

pub(crate) mod discord;
pub(crate) mod fight;
pub(crate) mod guild;
