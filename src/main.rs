//! Reads the arguments and sets the exit code; everything else is in `cli` and `app`.

use std::process::ExitCode;

fn main() -> ExitCode {
    // One crypto provider for every connection, chosen before the first could be made. It fails
    // only if one is installed already, which is as good.
    let _already_installed = rustls::crypto::ring::default_provider().install_default();
    skirmish::cli::main(std::env::args_os())
}
