//! Opens everything, serves it, and puts it away again: the only place that knows every layer.
//!
//! Nothing is served before the store is open and every port is bound; and nothing that was
//! acknowledged may be lost on the way out.

mod control;
mod metrics;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context;
use tokio::net::{TcpListener, UnixListener};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::grpc::{self, GrpcOptions};
use crate::hub::{Hub, HubOptions};
use crate::store::{OpenError, Store, StoreOptions};
use crate::telemetry::Metrics;

pub use control::{ExportWish, TokenWish, export_page, issue_token, list_fights, list_tokens};

/// What is to be opened.
#[derive(Debug, Clone)]
pub struct AppOptions {
    pub data_dir: PathBuf,
    pub hub: HubOptions,
    /// Where gRPC listens; nowhere if absent. Port 0 takes a free one.
    pub grpc_addr: Option<SocketAddr>,
    pub grpc: GrpcOptions,
    /// Where the figures for Prometheus are; nowhere if absent.
    pub metrics_addr: Option<SocketAddr>,
}

/// Why the program could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Store(#[from] OpenError),
    #[error("{setting} is {address}, and that cannot be listened on: {}", advice(.source))]
    Port { setting: &'static str, address: SocketAddr, source: std::io::Error },
    #[error("the socket {} cannot be made: a path of at most 100 bytes on a disk of this machine is \
             needed, so set another data folder", path.display())]
    Socket { path: PathBuf, source: std::io::Error },
}

/// What to do about an address that cannot be listened on.
fn advice(source: &std::io::Error) -> &'static str {
    match source.kind() {
        std::io::ErrorKind::AddrInUse => "choose another port, or stop the program that has it",
        std::io::ErrorKind::PermissionDenied => "choose a port above 1023",
        _ => "write an address that this machine has, such as 127.0.0.1",
    }
}

/// The running program.
#[derive(Debug)]
pub struct App {
    hub: Hub,
    grpc_addr: Option<SocketAddr>,
    metrics_addr: Option<SocketAddr>,
    socket: PathBuf,
    tasks: JoinSet<anyhow::Result<()>>,
    shutdown: CancellationToken,
}

async fn listen(
    setting: &'static str,
    address: Option<SocketAddr>,
) -> Result<Option<TcpListener>, StartError> {
    let Some(address) = address else { return Ok(None) };
    let bound = TcpListener::bind(address).await;
    bound.map(Some).map_err(|source| StartError::Port { setting, address, source })
}

fn bind_socket(data_dir: &Path) -> Result<(UnixListener, PathBuf), StartError> {
    use std::os::unix::fs::PermissionsExt;
    let path = data_dir.join(crate::cli::control::SOCKET_FILE);
    // The store is open, so no other server uses this folder: what lies there was left behind.
    if let Err(source) = std::fs::remove_file(&path)
        && source.kind() != std::io::ErrorKind::NotFound
    {
        return Err(StartError::Socket { path, source });
    }
    let bound = UnixListener::bind(&path).and_then(|listener| {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        Ok(listener)
    });
    match bound {
        Ok(listener) => Ok((listener, path)),
        Err(source) => Err(StartError::Socket { path, source }),
    }
}

impl App {
    /// Opens the store, binds every port, and begins to serve.
    ///
    /// # Errors
    /// [`StartError`]; nothing is left running.
    pub async fn start(options: AppOptions) -> Result<Self, StartError> {
        let store = Store::open(&options.data_dir, &StoreOptions::default())?;
        let metrics = Metrics::new();
        let hub = Hub::new(store, options.hub, metrics);
        let shutdown = CancellationToken::new();
        let mut tasks = JoinSet::new();
        // The socket last: a start that fails at a port leaves none behind.
        let metrics_port = listen("METRICS_ADDR", options.metrics_addr).await?;
        let grpc_port = listen("GRPC_ADDR", options.grpc_addr).await?;
        let (listener, socket) = bind_socket(&options.data_dir)?;
        tasks.spawn(control::serve(hub.clone(), listener, shutdown.clone()));
        let metrics_addr = metrics_port.as_ref().and_then(|port| port.local_addr().ok());
        if let Some(port) = metrics_port {
            tasks.spawn(metrics::serve(hub.clone(), port, shutdown.clone()));
        }
        let grpc_addr = grpc_port.as_ref().and_then(|port| port.local_addr().ok());
        if let Some(port) = grpc_port {
            let served = grpc::serve(hub.clone(), port, options.grpc, shutdown.clone());
            tasks.spawn(async move { Ok(served.await?) });
        }
        Ok(Self { hub, grpc_addr, metrics_addr, socket, tasks, shutdown })
    }

    /// The hub.
    pub fn hub(&self) -> &Hub {
        &self.hub
    }

    /// Where gRPC listens.
    pub fn grpc_addr(&self) -> Option<SocketAddr> {
        self.grpc_addr
    }

    /// Where the figures are.
    pub fn metrics_addr(&self) -> Option<SocketAddr> {
        self.metrics_addr
    }

    /// Tells every reader where to resume, lets what is under way end, and closes.
    ///
    /// # Errors
    /// What one of the services broke with.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        self.hub.drain();
        self.shutdown.cancel();
        let mut outcome = Ok(());
        while let Some(ended) = self.tasks.join_next().await {
            let ended = ended.context("a service panicked").and_then(|service| service);
            outcome = outcome.and(ended);
        }
        if let Err(error) = std::fs::remove_file(&self.socket) {
            tracing::debug!(%error, "the control socket was gone already");
        }
        outcome
    }
}

/// Listens from now on for being asked to stop, by SIGTERM or Ctrl-C; what it returns ends once
/// that has happened, even if it happened before anybody waited.
///
/// # Errors
/// When the system does not let signals be heard.
pub fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
