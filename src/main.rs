//! Reads the arguments and sets the exit code; everything else is in `cli` and `app`.
fn main() {}
