//! Bearer tokens: 32 random bytes that are shown once and kept only as a hash.
//!
//! A token itself must never be written anywhere: not to the store, not to the log, not to an error.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::{self, UtcMillis};
use crate::rules::id::{GuildId, UserId};
use crate::store::{Commit, Space, Store};

use super::access::{Principal, Scope};
use super::refusal::Refusal;

/// What every token begins with, so that a leaked one can be recognised.
pub const TOKEN_PREFIX: &str = "skm1_";
/// How long player and game master tokens live unless somebody says otherwise.
pub const DEFAULT_LIFETIME: Duration = Duration::from_hours(24);
/// The longest lifetime that can be asked for.
pub const LIFETIME_MAX: Duration = Duration::from_hours(24 * 365);
/// Most tokens that `list` returns.
pub const LISTED_MAX: usize = 1_000;

/// A token just made. This is the only time it can be read.
#[derive(Clone)]
pub struct FreshToken {
    /// The token itself.
    pub secret: String,
    /// The name under which it can be revoked.
    pub id: String,
    pub expires_at: Option<UtcMillis>,
}

impl core::fmt::Debug for FreshToken {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("FreshToken").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What is kept of a token.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    user: u64,
    scope: KeptScope,
    created_ms: u64,
    expires_ms: Option<u64>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KeptScope {
    Observe { combat: String },
    Act { guild: u64 },
    GameMaster { combat: String },
    Start { guild: u64 },
    Admin,
}

impl From<Scope> for KeptScope {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Observe { combat } => Self::Observe { combat: combat.to_string() },
            Scope::Act { guild } => Self::Act { guild: guild.0 },
            Scope::GameMaster { combat } => Self::GameMaster { combat: combat.to_string() },
            Scope::Start { guild } => Self::Start { guild: guild.0 },
            Scope::Admin => Self::Admin,
        }
    }
}

impl KeptScope {
    fn scope(&self) -> Option<Scope> {
        Some(match self {
            Self::Observe { combat } => Scope::Observe { combat: combat.parse().ok()? },
            Self::Act { guild } => Scope::Act { guild: GuildId(*guild) },
            Self::GameMaster { combat } => Scope::GameMaster { combat: combat.parse().ok()? },
            Self::Start { guild } => Scope::Start { guild: GuildId(*guild) },
            Self::Admin => Scope::Admin,
        })
    }
}

/// A token as its owner may see it in a list.
#[derive(Debug, Clone)]
pub struct TokenListing {
    pub id: String,
    pub user: UserId,
    pub scope: Scope,
    pub expires_at: Option<UtcMillis>,
}

/// The tokens of this bot.
#[derive(Debug, Clone)]
pub struct Tokens {
    store: Store,
}

fn hash_of(secret: &str) -> [u8; 32] {
    *blake3::hash(secret.as_bytes()).as_bytes()
}

impl Tokens {
    pub(super) fn new(store: Store) -> Self {
        Self { store }
    }

    /// Makes a token for a person with a ceiling. `lifetime` of `None` never expires.
    ///
    /// # Errors
    /// When the store cannot be written or there is no randomness.
    pub async fn issue(
        &self,
        user: UserId,
        scope: Scope,
        lifetime: Option<Duration>,
    ) -> Result<FreshToken, Refusal> {
        let bytes = clock::random_bytes::<32>().map_err(|fault| Refusal::bug(&fault))?;
        let secret = format!("{TOKEN_PREFIX}{}", hex(&bytes));
        let hash = hash_of(&secret);
        let now = clock::now();
        let expires_at = lifetime.map(|lifetime| now.plus(lifetime.min(LIFETIME_MAX)));
        let kept = Kept {
            user: user.0,
            scope: scope.into(),
            created_ms: now.0,
            expires_ms: expires_at.map(|at| at.0),
        };
        let value = serde_json::to_vec(&kept).map_err(|fault| Refusal::bug(&fault))?;
        let commit = Commit {
            puts: vec![(Space::Tokens, hash.to_vec(), Some(value.into()))],
            ..Commit::default()
        };
        self.store.commit(commit).await.map_err(super::commit_refusal)?;
        let id = hex(hash.get(..8).unwrap_or_default());
        Ok(FreshToken { secret, id, expires_at })
    }

    /// Whom a token stands for.
    ///
    /// # Errors
    /// [`Refusal::BadToken`] for anything that is not a living token; the reasons look alike.
    pub fn verify(&self, secret: &str) -> Result<Principal, Refusal> {
        if !secret.starts_with(TOKEN_PREFIX) {
            return Err(Refusal::BadToken);
        }
        self.by_hash(&hash_of(secret)).map(|(principal, _)| principal)
    }

    /// Like `verify`, for a stream that asks again whether its token still lives.
    ///
    /// # Errors
    /// [`Refusal::BadToken`] once it has expired or was revoked.
    pub fn by_hash(&self, hash: &[u8; 32]) -> Result<(Principal, Option<UtcMillis>), Refusal> {
        let found = self.store.get(Space::Tokens, hash).map_err(|fault| Refusal::bug(&fault))?;
        let kept: Kept =
            found.and_then(|bytes| serde_json::from_slice(&bytes).ok()).ok_or(Refusal::BadToken)?;
        if kept.expires_ms.is_some_and(|at| at <= clock::now().0) {
            return Err(Refusal::BadToken);
        }
        let scope = kept.scope.scope().ok_or(Refusal::BadToken)?;
        Ok((Principal { user: UserId(kept.user), scope }, kept.expires_ms.map(UtcMillis)))
    }

    /// The hash under which a token is kept.
    pub fn hash(secret: &str) -> [u8; 32] {
        hash_of(secret)
    }

    /// Ends a token by the id that was shown with it.
    ///
    /// # Errors
    /// [`Refusal::BadToken`] if no token has this id.
    pub async fn revoke(&self, id: &str) -> Result<(), Refusal> {
        let prefix = unhex(id).filter(|bytes| bytes.len() == 8).ok_or(Refusal::BadToken)?;
        let found =
            self.store.scan(Space::Tokens, &prefix, 1).map_err(|fault| Refusal::bug(&fault))?;
        let (key, _) = found.into_iter().next().ok_or(Refusal::BadToken)?;
        let commit = Commit { puts: vec![(Space::Tokens, key, None)], ..Commit::default() };
        self.store.commit(commit).await.map_err(super::commit_refusal)
    }

    /// All living and dead tokens, without their secrets.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn list(&self) -> Result<Vec<TokenListing>, Refusal> {
        let found = self
            .store
            .scan(Space::Tokens, &[], LISTED_MAX)
            .map_err(|fault| Refusal::bug(&fault))?;
        Ok(found
            .into_iter()
            .filter_map(|(key, value)| {
                let kept: Kept = serde_json::from_slice(&value).ok()?;
                Some(TokenListing {
                    id: hex(key.get(..8)?),
                    user: UserId(kept.user),
                    scope: kept.scope.scope()?,
                    expires_at: kept.expires_ms.map(UtcMillis),
                })
            })
            .collect())
    }
}

/// Lower-case hexadecimal.
fn hex(bytes: &[u8]) -> String {
    use core::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let written = write!(text, "{byte:02x}");
        debug_assert!(written.is_ok(), "writing to a string cannot fail");
        text
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(core::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
