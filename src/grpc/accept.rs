//! The door: accepts connections within stated limits, so that no stranger can exhaust the process.
//!
//! The limits are those that held in trials against slow, silent and resetting clients; the stock
//! server of the gRPC library has none of them.

use std::sync::Arc;
use std::time::Duration;

use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::GrpcOptions;

/// Streams on one connection.
const STREAMS_MAX: u32 = 128;
/// Bytes buffered for sending, per stream.
const SEND_BUFFER_BYTES: usize = 32 * 1024;
/// Flow-control window of one stream, in bytes.
const STREAM_WINDOW_BYTES: u32 = 64 * 1024;
/// Flow-control window of a connection, in bytes.
const CONNECTION_WINDOW_BYTES: u32 = 256 * 1024;
/// Largest header list, in bytes.
const HEADERS_MAX_BYTES: u32 = 8 * 1024;
/// A silent connection is asked whether it lives this often.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(20);
/// And closed if it does not answer within this.
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(10);
/// Streams reset by the peer that may be pending.
const PENDING_RESETS_MAX: usize = 20;
/// An HTTP/1 client must have sent its headers by then.
const HTTP1_HEADERS_TIMEOUT: Duration = Duration::from_secs(10);
/// How long to wait after the operating system refused to accept, for example without descriptors.
const ACCEPT_ERROR_PAUSE: Duration = Duration::from_millis(100);

/// Accepts and serves until told to stop.
pub(super) async fn run(
    listener: TcpListener,
    router: axum::Router,
    options: &GrpcOptions,
    shutdown: CancellationToken,
) {
    let connections = Arc::new(Semaphore::new(options.connections_max));
    let graceful = GracefulShutdown::new();
    let builder = builder();
    loop {
        let permit = tokio::select! {
            () = shutdown.cancelled() => break,
            permit = Arc::clone(&connections).acquire_owned() => permit,
        };
        let Ok(permit) = permit else { break };
        let accepted = tokio::select! {
            () = shutdown.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_ERROR_PAUSE).await;
                continue;
            }
        };
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection closed as it was accepted");
            continue;
        }
        let service = TowerToHyperService::new(router.clone());
        let connection =
            builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended");
            }
            drop(permit);
        });
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(options.drain) => {
            tracing::info!("some connections were still open when the time to drain was over");
        }
    }
}

fn builder() -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS_MAX)
        .max_send_buf_size(SEND_BUFFER_BYTES)
        .initial_stream_window_size(STREAM_WINDOW_BYTES)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
        .max_header_list_size(HEADERS_MAX_BYTES)
        .keep_alive_interval(KEEPALIVE_INTERVAL)
        .keep_alive_timeout(KEEPALIVE_TIMEOUT)
        .max_pending_accept_reset_streams(PENDING_RESETS_MAX);
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HTTP1_HEADERS_TIMEOUT);
    builder
}
