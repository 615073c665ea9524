//! The socket in the data folder through which other commands talk to the running server.
//!
//! One line asks, one line of JSON answers. Only the owner of the folder can connect.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio_util::sync::CancellationToken;

use crate::clock;
use crate::hub::{ExportView, Hub, Principal, Refusal, Scope};
use crate::protocol::{pb, to_json};
use crate::rules::id::{BadId, GuildId, UserId};

/// The longest line that is read, in bytes.
const MAX_LINE_BYTES: u64 = 4 * 1024;
/// Fights that are listed at once.
const FIGHTS_LISTED_MAX: u32 = 100;
/// How long somebody may take to ask.
const ASK_TIMEOUT: Duration = Duration::from_secs(5);

/// A token that is wished for on the command line.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenWish {
    pub user: u64,
    /// `observe`, `act`, `game-master`, `start` or `admin`.
    pub scope: String,
    pub guild: Option<u64>,
    pub combat: Option<String>,
    /// Hours until it expires; never if absent.
    pub hours: Option<u64>,
}

fn missing(path: &str, scope: &str) -> Refusal {
    Refusal::Malformed { path: path.to_owned(), message: format!("is needed for scope {scope}") }
}

fn scope_of(wish: &TokenWish) -> Result<Scope, Refusal> {
    let guild = || wish.guild.map(GuildId).ok_or_else(|| missing("guild", &wish.scope));
    let combat = || {
        let text = wish.combat.as_deref().ok_or_else(|| missing("combat", &wish.scope))?;
        text.parse().map_err(|bad: BadId| Refusal::Malformed {
            path: "combat".to_owned(),
            message: bad.to_string(),
        })
    };
    match wish.scope.as_str() {
        "observe" => Ok(Scope::Observe { combat: combat()? }),
        "act" => Ok(Scope::Act { guild: guild()? }),
        "game-master" => Ok(Scope::GameMaster { combat: combat()? }),
        "start" => Ok(Scope::Start { guild: guild()? }),
        "admin" => Ok(Scope::Admin),
        _ => Err(Refusal::Malformed {
            path: "scope".to_owned(),
            message: "must be observe, act, game-master, start or admin".to_owned(),
        }),
    }
}

/// Makes a token as wished: what is shown of it, this once.
///
/// # Errors
/// What is missing in the wish, or what the store says.
pub async fn issue_token(hub: &Hub, wish: &TokenWish) -> Result<Value, Refusal> {
    let scope = scope_of(wish)?;
    if wish.user == 0 && !matches!(scope, Scope::Observe { .. } | Scope::Admin) {
        return Err(missing("user", &wish.scope));
    }
    let lifetime = wish.hours.map(|hours| Duration::from_secs(hours.saturating_mul(3_600)));
    let fresh = hub.tokens().issue(UserId(wish.user), scope, lifetime).await?;
    Ok(json!({ "token": fresh.secret, "id": fresh.id }))
}

/// All tokens there are, dead ones too, without what they are.
///
/// # Errors
/// What the store says.
pub fn list_tokens(hub: &Hub) -> Result<Value, Refusal> {
    let rows = hub.tokens().list()?.into_iter().map(|token| {
        let (scope, reach) = match token.scope {
            Scope::Observe { combat } => ("observe", format!("combat {combat}")),
            Scope::Act { guild } => ("act", format!("guild {}", guild.0)),
            Scope::GameMaster { combat } => ("game-master", format!("combat {combat}")),
            Scope::Start { guild } => ("start", format!("guild {}", guild.0)),
            Scope::Admin => ("admin", "everywhere".to_owned()),
        };
        let now = clock::now();
        let left = token.expires_at.map(|at| at.0.saturating_sub(now.0) / 1_000);
        json!({
            "id": token.id, "scope": scope, "reach": reach, "user": token.user.0,
            "seconds_left": left,
        })
    });
    Ok(rows.collect())
}

/// The newest fights, over or not, of all guilds.
///
/// # Errors
/// What the store says.
pub fn list_fights(hub: &Hub) -> Result<Value, Refusal> {
    let owner = Principal { user: UserId(0), scope: Scope::Admin };
    let wanted = pb::ListCombatsRequest {
        include_ended: true,
        page_size: FIGHTS_LISTED_MAX,
        ..pb::ListCombatsRequest::default()
    };
    let rows = hub.list(&owner, &wanted)?.combats.into_iter().map(|fight| {
        json!({
            "id": fight.session_id, "name": fight.name, "events": fight.last_seq,
            "over": fight.phase == i32::from(pb::Phase::Ended),
        })
    });
    Ok(rows.collect())
}

/// A page of a fight that is wished for as a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportWish {
    pub combat: String,
    /// As a spectator saw it, and not completely.
    pub spectator: bool,
    /// Events after this number.
    pub after: u64,
    /// Up to this number; to the end if absent.
    pub until: Option<u64>,
}

/// A page of a fight, as JSON of the contract's `FightExport`.
///
/// # Errors
/// What the store says, or that there is no such fight.
pub async fn export_page(hub: &Hub, wish: &ExportWish) -> Result<Value, Refusal> {
    let combat = wish.combat.parse().map_err(|bad: BadId| Refusal::Malformed {
        path: "combat".to_owned(),
        message: bad.to_string(),
    })?;
    let view = if wish.spectator { ExportView::Spectator } else { ExportView::Complete };
    let page = hub.export_page(combat, view, wish.after, wish.until).await?;
    to_json("FightExport", &page).map_err(|fault| Refusal::bug(&fault))
}

async fn answer(hub: &Hub, line: &str) -> Result<Value, Refusal> {
    let (command, rest) = line.split_once(' ').unwrap_or((line, ""));
    match command {
        "health" => Ok(json!({ "status": "serving" })),
        "token" => {
            let wish = serde_json::from_str(rest).map_err(|fault| Refusal::Malformed {
                path: "token".to_owned(),
                message: fault.to_string(),
            })?;
            issue_token(hub, &wish).await
        }
        "export" => {
            let wish = serde_json::from_str(rest).map_err(|fault| Refusal::Malformed {
                path: "export".to_owned(),
                message: fault.to_string(),
            })?;
            export_page(hub, &wish).await
        }
        "fights" => list_fights(hub),
        "tokens" => list_tokens(hub),
        "revoke" => hub.tokens().revoke(rest.trim()).await.map(|()| json!({ "revoked": true })),
        _ => Err(Refusal::Malformed {
            path: "command".to_owned(),
            message: "must be health, token, tokens, revoke, fights or export".to_owned(),
        }),
    }
}

async fn talk(hub: Hub, stream: UnixStream) -> std::io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut line = String::new();
    let mut reader = BufReader::new(reader.take(MAX_LINE_BYTES));
    let read = tokio::time::timeout(ASK_TIMEOUT, reader.read_line(&mut line)).await;
    read.map_err(|_elapsed| std::io::Error::from(std::io::ErrorKind::TimedOut))??;
    let said = match answer(&hub, line.trim()).await {
        Ok(value) => json!({ "ok": value }),
        Err(refusal) => {
            json!({ "error": { "code": refusal.code(), "message": refusal.to_string() } })
        }
    };
    writer.write_all(format!("{said}\n").as_bytes()).await?;
    writer.shutdown().await
}

/// Answers until told to stop.
pub(super) async fn serve(
    hub: Hub,
    listener: UnixListener,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            accepted = listener.accept() => accepted,
        };
        let (stream, _) = accepted?;
        let hub = hub.clone();
        tokio::spawn(async move {
            if let Err(error) = talk(hub, stream).await {
                tracing::debug!(%error, "a command left before it was answered");
            }
        });
    }
}
