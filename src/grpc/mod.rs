//! Fights over gRPC: everything Discord can do, any client can do, and anybody with a token watches.
//!
//! One port carries gRPC, grpc-web, health and reflection. It knows nothing of Discord, of the
//! store or of the rules' state: it asks the hub. A token must never reach a log line.

mod accept;
mod caller;
mod calls;
mod characters;
mod status;
mod streams;

pub use status::CODE_KEY;

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic_web::GrpcWebLayer;
use tower::Layer;

use crate::hub::Hub;
use crate::protocol::pb;
use pb::character_service_server::CharacterServiceServer;
use pb::combat_service_server::CombatServiceServer;
use pb::combat_streaming_service_server::CombatStreamingServiceServer;

/// Largest message that is read, in bytes.
pub const RECEIVE_MAX_BYTES: usize = 64 * 1024;
/// Largest message that is sent, in bytes: a snapshot of the largest fight fits.
pub const SEND_MAX_BYTES: usize = 4 * 1024 * 1024;

/// What can be set about the port.
#[derive(Debug, Clone)]
pub struct GrpcOptions {
    /// Whether clients may ask what services there are.
    pub reflection: bool,
    /// Connections at one time; more wait to be accepted.
    pub connections_max: usize,
    /// How long open streams get to end after a shutdown was asked for.
    pub drain: Duration,
}

impl Default for GrpcOptions {
    fn default() -> Self {
        Self { reflection: true, connections_max: 1_024, drain: Duration::from_secs(3) }
    }
}

/// Why serving could not begin.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("the reflection service cannot be built from the descriptors")]
    Reflection(#[from] tonic_reflection::server::Error),
}

/// Serves until `shutdown` is cancelled, then lets streams end for as long as the options say.
///
/// # Errors
/// When the reflection service cannot be built from the descriptors; a fault of the build.
pub async fn serve(
    hub: Hub,
    listener: TcpListener,
    options: GrpcOptions,
    shutdown: CancellationToken,
) -> Result<(), ServeError> {
    let routes = routes(hub, &options).await?;
    accept::run(listener, routes.into_axum_router(), &options, shutdown).await;
    Ok(())
}

async fn routes(hub: Hub, options: &GrpcOptions) -> Result<Routes, ServeError> {
    let hub = Arc::new(hub);
    let web = GrpcWebLayer::new();
    let streams = CombatStreamingServiceServer::new(streams::Streams::new(Arc::clone(&hub)))
        .max_decoding_message_size(RECEIVE_MAX_BYTES)
        .max_encoding_message_size(SEND_MAX_BYTES);
    let combats = CombatServiceServer::new(calls::Calls::new(Arc::clone(&hub)))
        .max_decoding_message_size(RECEIVE_MAX_BYTES)
        .max_encoding_message_size(SEND_MAX_BYTES);
    let characters = CharacterServiceServer::new(characters::Characters::new(hub))
        .max_decoding_message_size(RECEIVE_MAX_BYTES)
        .max_encoding_message_size(SEND_MAX_BYTES);
    let (reporter, health) = tonic_health::server::health_reporter();
    reporter.set_serving::<CombatStreamingServiceServer<streams::Streams>>().await;
    reporter.set_serving::<CombatServiceServer<calls::Calls>>().await;
    reporter.set_serving::<CharacterServiceServer<characters::Characters>>().await;
    let mut routes = Routes::new(web.layer(streams))
        .add_service(web.layer(combats))
        .add_service(web.layer(characters))
        .add_service(web.layer(health));
    if options.reflection {
        let reflection = tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(pb::DESCRIPTORS)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
            .build_v1()?;
        routes = routes.add_service(web.layer(reflection));
    }
    Ok(routes.prepare())
}
