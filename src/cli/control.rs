//! Talks to the running server through its Unix socket in the data folder.
//!
//! The agreement: one line is the request; one line of JSON is the answer, and then the server
//! closes. `{"ok": …}` holds what was asked for, `{"error": {"code": "…", "message": "…"}}` says why
//! not. The file of fights belongs to the server; nothing here opens it.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use thiserror::Error;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;

/// The socket's name in the data folder.
pub const SOCKET_FILE: &str = "skirmish.sock";
/// How long an answer may take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);
/// The longest answer that is read.
const MAX_ANSWER_BYTES: u64 = 32 * 1024 * 1024;

/// Why a running server did not answer, or how it refused.
#[derive(Debug, Error)]
pub enum ControlError {
    #[error("no server is running on {}", folder.display())]
    NotRunning { folder: PathBuf },
    #[error("the server did not answer within {} seconds", ANSWER_TIMEOUT.as_secs())]
    TimedOut,
    #[error("the connection to the server broke")]
    Broken(#[source] io::Error),
    #[error("the server answered something that is not understood")]
    NotUnderstood,
    /// The server's own words.
    #[error("{message}")]
    Refused { code: String, message: String },
}

/// The socket of the server that keeps its data in this folder.
pub fn socket_path(folder: &Path) -> PathBuf {
    folder.join(SOCKET_FILE)
}

/// Sends one line to the server of this data folder and returns what it answered.
///
/// # Errors
/// [`ControlError`].
pub async fn request(folder: &Path, line: &str) -> Result<Value, ControlError> {
    let answer = tokio::time::timeout(ANSWER_TIMEOUT, ask(folder, line));
    let answer = answer.await.map_err(|_elapsed| ControlError::TimedOut)??;
    understand(&answer).ok_or(ControlError::NotUnderstood)?
}

async fn ask(folder: &Path, line: &str) -> Result<String, ControlError> {
    let connected = UnixStream::connect(socket_path(folder)).await;
    let mut stream = connected.map_err(|error| match error.kind() {
        // A server that was killed leaves its socket behind, and nobody listens on it.
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => {
            ControlError::NotRunning { folder: folder.to_owned() }
        }
        _ => ControlError::Broken(error),
    })?;
    let request = format!("{}\n", line.replace(['\n', '\r'], " "));
    stream.write_all(request.as_bytes()).await.map_err(ControlError::Broken)?;
    let mut answer = String::new();
    let mut reader = BufReader::new(stream).take(MAX_ANSWER_BYTES);
    reader.read_line(&mut answer).await.map_err(ControlError::Broken)?;
    Ok(answer)
}

fn understand(answer: &str) -> Option<Result<Value, ControlError>> {
    let Value::Object(mut answer) = serde_json::from_str(answer).ok()? else { return None };
    if let Some(value) = answer.remove("ok") {
        return Some(Ok(value));
    }
    let error = answer.remove("error")?;
    let text = |name: &str| Some(error.get(name)?.as_str()?.to_owned());
    Some(Err(ControlError::Refused { code: text("code")?, message: text("message")? }))
}
