//! Compiles the contract without protoc, and writes the descriptor set that reflection serves.

use std::path::PathBuf;

const FILES: &[&str] = &[
    "skirmish/v1/common.proto",
    "skirmish/v1/creature.proto",
    "skirmish/v1/request.proto",
    "skirmish/v1/snapshot.proto",
    "skirmish/v1/event.proto",
    "skirmish/v1/combat_service.proto",
    "skirmish/v1/combat_streaming_service.proto",
    "skirmish/v1/character_service.proto",
    "skirmish/v1/log.proto",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=proto");
    let files: Vec<PathBuf> = FILES.iter().map(|file| PathBuf::from("proto").join(file)).collect();
    let descriptors = protox::compile(&files, ["proto"])?;
    #[allow(clippy::disallowed_methods, reason = "cargo tells a build script its folder this way")]
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let bytes = prost::Message::encode_to_vec(&descriptors);
    std::fs::write(out.join("skirmish.v1.binpb"), bytes)?;
    tonic_prost_build::configure()
        .bytes(".")
        .build_client(true)
        .build_server(true)
        .compile_fds(descriptors)?;
    Ok(())
}
