//! The requests the bot makes of Discord, each body checked before it leaves.
//!
//! Bodies are our own JSON, because twilight's builders check creates only. A body that breaks a
//! limit is reported and still sent: Discord decides, and a fight does not stop for it. Nothing in
//! here may log a body or a token.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};
use twilight_http::request::RequestBuilder;
use twilight_http_ratelimiting::Method;

use super::lint::{Kind, Problem, lint_message_pinging};
use super::transport::{Response, Transport, TransportError};

/// Sends what the bot says. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Api {
    transport: Arc<dyn Transport>,
    /// Bodies that broke a limit; 0 in every test.
    broken: Arc<AtomicU64>,
}

/// An interaction, as far as answering it needs. Its token must not be printed.
#[derive(Clone)]
pub struct Answerable {
    pub id: u64,
    pub application: u64,
    pub token: String,
}

impl core::fmt::Debug for Answerable {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Answerable").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Api {
    pub fn new(transport: Arc<dyn Transport>) -> Self {
        Self { transport, broken: Arc::default() }
    }

    /// How many bodies broke a limit of Discord's or ours since the start.
    pub fn broken_bodies(&self) -> u64 {
        self.broken.load(Ordering::Relaxed)
    }

    fn examine(&self, body: &Value, kind: Kind, pings: &[u64]) {
        let problems: Vec<String> =
            lint_message_pinging(body, kind, pings).iter().map(Problem::to_string).collect();
        if !problems.is_empty() {
            self.broken.fetch_add(1, Ordering::Relaxed);
            tracing::error!(?problems, "a message breaks Discord's limits");
        }
    }

    async fn send(
        &self,
        method: Method,
        path: String,
        body: Option<&Value>,
    ) -> Result<Response, TransportError> {
        let own_token = path.starts_with("interactions/") || path.starts_with("webhooks/");
        let mut builder = RequestBuilder::raw(method, path).use_authorization_token(!own_token);
        if let Some(body) = body {
            builder = builder.json(body);
        }
        let request =
            builder.build().map_err(|source| TransportError::Unbuildable(Box::new(source)))?;
        self.transport.send(request).await
    }

    /// The first answer to an interaction.
    pub async fn callback(&self, to: &Answerable, body: &Value) -> Result<(), TransportError> {
        self.examine(body, Kind::Callback, &[]);
        let path = format!("interactions/{}/{}/callback", to.id, to.token);
        self.send(Method::Post, path, Some(body)).await.map(drop)
    }

    /// Writes or changes the message that answers an interaction.
    pub async fn edit_answer(&self, to: &Answerable, body: &Value) -> Result<(), TransportError> {
        self.examine(body, Kind::Edit, &[]);
        let path = format!("webhooks/{}/{}/messages/@original", to.application, to.token);
        self.send(Method::Patch, path, Some(&without_privacy(body))).await.map(drop)
    }

    /// Takes the answer away.
    pub async fn delete_answer(&self, to: &Answerable) -> Result<(), TransportError> {
        let path = format!("webhooks/{}/{}/messages/@original", to.application, to.token);
        self.send(Method::Delete, path, None).await.map(drop)
    }

    /// One more message in answer to an interaction.
    pub async fn follow_up(&self, to: &Answerable, body: &Value) -> Result<(), TransportError> {
        self.examine(body, Kind::Create, &[]);
        let path = format!("webhooks/{}/{}", to.application, to.token);
        self.send(Method::Post, path, Some(body)).await.map(drop)
    }

    /// Posts a message once, however often this is repeated with the same nonce; gives its id.
    pub async fn post(
        &self,
        channel: u64,
        body: &Value,
        nonce: &str,
        pings: &[u64],
    ) -> Result<u64, TransportError> {
        self.examine(body, Kind::Create, pings);
        let mut body = body.clone();
        if let Some(fields) = body.as_object_mut() {
            fields.insert("nonce".to_owned(), json!(nonce));
            fields.insert("enforce_nonce".to_owned(), json!(true));
        }
        let path = format!("channels/{channel}/messages");
        let posted: Posted = self.send(Method::Post, path, Some(&body)).await?.json()?;
        Ok(posted.id.parse().unwrap_or_default())
    }

    /// Changes a message of ours.
    pub async fn edit(
        &self,
        channel: u64,
        message: u64,
        body: &Value,
    ) -> Result<(), TransportError> {
        self.examine(body, Kind::Edit, &[]);
        let path = format!("channels/{channel}/messages/{message}");
        self.send(Method::Patch, path, Some(body)).await.map(drop)
    }

    /// Takes a message of ours away.
    pub async fn delete(&self, channel: u64, message: u64) -> Result<(), TransportError> {
        let path = format!("channels/{channel}/messages/{message}");
        self.send(Method::Delete, path, None).await.map(drop)
    }

    /// The id of the application that the token belongs to.
    pub async fn application(&self) -> Result<u64, TransportError> {
        let me: Posted =
            self.send(Method::Get, "applications/@me".to_owned(), None).await?.json()?;
        Ok(me.id.parse().unwrap_or_default())
    }

    /// The commands as Discord knows them.
    pub async fn commands(&self, application: u64) -> Result<Value, TransportError> {
        self.send(Method::Get, format!("applications/{application}/commands"), None).await?.json()
    }

    /// Replaces the commands by these.
    pub async fn set_commands(&self, application: u64, all: &Value) -> Result<(), TransportError> {
        let path = format!("applications/{application}/commands");
        self.send(Method::Put, path, Some(all)).await.map(drop)
    }
}

/// All that is read of a message or application: its id.
#[derive(serde::Deserialize)]
struct Posted {
    id: String,
}

/// An edit cannot change who sees a message, and Discord refuses the flag there.
pub fn without_privacy(body: &Value) -> Value {
    let mut body = body.clone();
    if let Some(flags) = body.get("flags").and_then(Value::as_u64)
        && let Some(fields) = body.as_object_mut()
    {
        fields.insert("flags".to_owned(), json!(flags & !super::render::parts::EPHEMERAL));
    }
    body
}
