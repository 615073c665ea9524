//! A wire between a client and a server that can be cut where a test wants it, and led to another
//! server while the client knows one address only.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What the two ends have in common.
struct Shared {
    target: Mutex<SocketAddr>,
    /// How many bytes of the server each of the next connections lets through.
    budgets: Mutex<VecDeque<usize>>,
    cuts: AtomicUsize,
}

pub(super) struct Wire {
    pub(super) address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Wire {
    /// A wire to this server that breaks each of the first connections after so many bytes.
    pub(super) async fn to(target: SocketAddr, budgets: impl IntoIterator<Item = usize>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            target: Mutex::new(target),
            budgets: Mutex::new(budgets.into_iter().collect()),
            cuts: AtomicUsize::new(0),
        });
        let task = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Self { address, shared, task }
    }

    /// From now on connections lead to this server.
    pub(super) fn lead_to(&self, target: SocketAddr) {
        *self.shared.target.lock().expect("not poisoned") = target;
    }

    /// How often it broke.
    pub(super) fn cuts(&self) -> usize {
        self.shared.cuts.load(Ordering::SeqCst)
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        let (client, _) = listener.accept().await.expect("accepted");
        let target = *shared.target.lock().expect("not poisoned");
        let Ok(server) = TcpStream::connect(target).await else { continue };
        let budget = shared.budgets.lock().expect("not poisoned").pop_front();
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            if carry(client, server, budget).await {
                shared.cuts.fetch_add(1, Ordering::SeqCst);
            }
        });
    }
}

/// Carries bytes both ways until one end is closed or the budget is used up; true if it was.
async fn carry(mut client: TcpStream, mut server: TcpStream, budget: Option<usize>) -> bool {
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = server.split();
    let up = tokio::io::copy(&mut from_client, &mut to_server);
    let down = async {
        let mut left = budget.unwrap_or(usize::MAX);
        let mut bytes = [0; 4096];
        while left > 0 {
            let most = left.min(bytes.len());
            match from_server.read(&mut bytes[..most]).await {
                Ok(read) if read > 0 => {
                    if to_client.write_all(&bytes[..read]).await.is_err() {
                        return false;
                    }
                    left -= read;
                }
                _ => return false,
            }
        }
        true
    };
    tokio::select! {
        _ = up => false,
        cut = down => cut,
    }
}
