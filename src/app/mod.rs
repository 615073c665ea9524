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

pub use control::{TokenWish, issue_token};

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
    #[error(
        "{setting} is {address}, and that cannot be listened on: {source}; choose another port or stop the other program"
    )]
    Port { setting: &'static str, address: SocketAddr, source: std::io::Error },
    #[error("the socket {} cannot be made: {source}", path.display())]
    Socket { path: PathBuf, source: std::io::Error },
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

async fn bind(setting: &'static str, address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|source| StartError::Port { setting, address, source })
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
        let (listener, socket) = bind_socket(&options.data_dir)?;
        tasks.spawn(control::serve(hub.clone(), listener, shutdown.clone()));
        let mut metrics_addr = None;
        if let Some(address) = options.metrics_addr {
            let listener = bind("METRICS_ADDR", address).await?;
            metrics_addr = listener.local_addr().ok();
            tasks.spawn(metrics::serve(hub.clone(), listener, shutdown.clone()));
        }
        let mut grpc_addr = None;
        if let Some(address) = options.grpc_addr {
            let listener = bind("GRPC_ADDR", address).await?;
            grpc_addr = listener.local_addr().ok();
            let served = grpc::serve(hub.clone(), listener, options.grpc, shutdown.clone());
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

/// Waits until the process is asked to stop: SIGTERM or Ctrl-C.
///
/// # Errors
/// When the system does not let signals be heard.
pub async fn asked_to_stop() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}
