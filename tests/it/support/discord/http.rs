//! The HTTP side: takes requests in, lets scripted faults and limits have their way, records all.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::answer::{self, Asked};
use super::world::{Recorded, World};
use super::{Shared, TOKEN, multipart};

/// What can be made to happen to a request.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// 429 of some kind.
    TooMany { retry_after: f64, kind: Kind429 },
    /// 429 as a page of HTML from the network in front of Discord.
    Cloudflare { retry_after: Option<u64> },
    /// A refusal with one of Discord's codes.
    Api { status: u16, code: u64 },
    /// A bare status, as a 502 of a load balancer.
    Status(u16),
    /// The answer takes this long.
    Delay(Duration),
    /// The request waits until it is let go.
    Hold(Hold),
    /// The connection breaks before anything is done.
    DropBefore,
    /// It is done, and the connection breaks before the answer.
    DropAfter,
}

/// The kinds of 429 that are JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind429 {
    /// This bot on this route, with all headers.
    User,
    /// This resource, for whoever asks.
    Shared,
    /// This bot everywhere.
    Global,
    /// Says how long in the body only.
    BodyOnly,
    /// Edits to an old message (30046).
    OldMessage,
}

/// Lets held requests go.
#[derive(Clone)]
pub(crate) struct Hold(Arc<Semaphore>);

impl Default for Hold {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }
}

impl Hold {
    /// Lets `n` requests go, now or when they come.
    pub(crate) fn release(&self, n: usize) {
        self.0.add_permits(n);
    }

    /// Lets all go.
    pub(crate) fn release_all(&self) {
        self.0.close();
    }
}

impl fmt::Debug for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hold")
    }
}

/// A method and a path with `*` for one part and `**` for the rest.
#[derive(Debug, Clone)]
pub(crate) struct Pattern(String);

impl Pattern {
    pub(crate) fn new(pattern: &str) -> Self {
        Self(pattern.to_owned())
    }

    pub(crate) fn fits(&self, method: &str, path: &str) -> bool {
        let (wanted_method, wanted) = self.0.split_once(' ').expect("a method and a path");
        if wanted_method != "*" && wanted_method != method {
            return false;
        }
        let mut have = path.split('/');
        for want in wanted.split('/') {
            match (want, have.next()) {
                ("**", _) => return true,
                (_, None) => return false,
                ("*", Some(_)) => {}
                (want, Some(part)) if want == part => {}
                _ => return false,
            }
        }
        have.next().is_none()
    }
}

/// A fault for the next `times` requests that fit.
#[derive(Debug, Clone)]
pub(crate) struct Scripted {
    pattern: Pattern,
    times: usize,
    fault: Fault,
}

impl Scripted {
    pub(crate) fn new(pattern: &str, times: usize, fault: Fault) -> Self {
        Self { pattern: Pattern::new(pattern), times, fault }
    }
}

/// A rate limit.
#[derive(Debug, Clone)]
pub(crate) struct Limit {
    pattern: Pattern,
    most: u16,
    per: Duration,
}

impl Limit {
    pub(crate) fn new(pattern: &str, limit: u16, per: Duration) -> Self {
        Self { pattern: Pattern::new(pattern), most: limit, per }
    }
}

/// What is left of a limit.
#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    remaining: u16,
    resets_at: Instant,
}

/// What goes back over the wire; `None` breaks the connection instead.
struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

#[derive(Debug)]
struct Dropped;

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("dropped on purpose")
    }
}

impl std::error::Error for Dropped {}

pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        stream.set_nodelay(true).ok();
        let shared = Arc::clone(&shared);
        let weak = Arc::downgrade(&shared);
        drop(shared);
        tokio::spawn(async move {
            let service = service_fn(move |request: Request<Incoming>| {
                let weak = weak.clone();
                async move {
                    let Some(shared) = weak.upgrade() else { return Err(Dropped) };
                    respond(&shared, request).await.ok_or(Dropped)
                }
            });
            let http = hyper::server::conn::http1::Builder::new();
            http.serve_connection(TokioIo::new(stream), service).await.ok();
        });
    }
}

async fn respond(shared: &Shared, request: Request<Incoming>) -> Option<Response<Full<Bytes>>> {
    let reply = handle(shared, request).await?;
    let mut response = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(*name, value);
    }
    Some(response.body(Full::new(Bytes::from(reply.body))).unwrap())
}

async fn handle(shared: &Shared, request: Request<Incoming>) -> Option<Reply> {
    let arrived = Instant::now();
    let (head, body) = request.into_parts();
    let body = body.collect().await.ok()?.to_bytes();
    let header = |name: &str| {
        head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    let content_type = header("content-type");
    let form = if content_type.starts_with("multipart/") {
        multipart::read(&content_type, &body)
    } else {
        Some(multipart::Form {
            payload: serde_json::from_slice(&body).unwrap_or_default(),
            ..multipart::Form::default()
        })
    };
    let path = head.uri.path().strip_prefix("/api/v10/").unwrap_or_default().to_owned();
    let form = form.unwrap_or_default();
    let asked = Asked {
        method: head.method.to_string(),
        path,
        query: head.uri.query().unwrap_or_default().to_owned(),
        body: form.payload,
        files: form.files,
        at: arrived,
    };
    let agent = header("user-agent");
    let index = shared.change(|world| {
        if !agent.starts_with("DiscordBot (") {
            world.violate(format!("{} {}: user agent {agent:?}", asked.method, asked.path));
        }
        world.requests.push(Recorded {
            method: asked.method.clone(),
            path: asked.path.clone(),
            query: asked.query.clone(),
            body: asked.body.clone(),
            files: asked.files.values().map(|(name, _)| name.clone()).collect(),
            status: 0,
            at: arrived,
        });
        world.requests.len() - 1
    });
    let reply = decide(shared, &asked, &header("authorization")).await;
    shared.change(|world| {
        world.requests[index].status = reply.as_ref().map_or(0, |reply| reply.status);
    });
    reply
}

async fn decide(shared: &Shared, asked: &Asked, authorization: &str) -> Option<Reply> {
    let fault = shared.world().next_fault(asked);
    let mut drop_after = false;
    match fault {
        None => {}
        Some(Fault::DropBefore) => return None,
        Some(Fault::DropAfter) => drop_after = true,
        Some(Fault::Delay(time)) => tokio::time::sleep(time).await,
        Some(Fault::Hold(hold)) => {
            if let Ok(permit) = hold.0.acquire().await {
                permit.forget();
            }
        }
        Some(fault) => return Some(refusal(&fault)),
    }
    if !asked.carries_its_own_token() && authorization != format!("Bot {TOKEN}") {
        return Some(json_reply(
            401,
            &json!({ "code": 0, "message": "401: Unauthorized" }),
            vec![],
        ));
    }
    let reply = shared.change(|world| {
        let headers = match world.take_from_bucket(asked) {
            Ok(headers) => headers,
            Err(too_many) => return too_many,
        };
        let (status, body) = answer::answer(world, shared.gateway, asked);
        json_reply(status, &body, headers)
    });
    (!drop_after).then_some(reply)
}

fn json_reply(status: u16, body: &Value, mut headers: Vec<(&'static str, String)>) -> Reply {
    let body = if status == 204 { Vec::new() } else { body.to_string().into_bytes() };
    if !body.is_empty() {
        headers.push(("content-type", "application/json".to_owned()));
    }
    Reply { status, headers, body }
}

fn refusal(fault: &Fault) -> Reply {
    match fault {
        Fault::TooMany { retry_after, kind } => too_many(*retry_after, *kind, Vec::new()),
        Fault::Cloudflare { retry_after } => {
            let mut headers = vec![("content-type", "text/html; charset=UTF-8".to_owned())];
            if let Some(seconds) = retry_after {
                headers.push(("retry-after", seconds.to_string()));
            }
            let body = b"<html><title>Access denied | error code: 1015</title></html>".to_vec();
            Reply { status: 429, headers, body }
        }
        Fault::Api { status, code } => {
            json_reply(*status, &json!({ "code": code, "message": "as scripted" }), vec![])
        }
        Fault::Status(status) => Reply {
            status: *status,
            headers: vec![("content-type", "text/html".to_owned())],
            body: b"<html>bad gateway</html>".to_vec(),
        },
        Fault::Delay(_) | Fault::Hold(_) | Fault::DropBefore | Fault::DropAfter => unreachable!(),
    }
}

fn too_many(retry_after: f64, kind: Kind429, mut headers: Vec<(&'static str, String)>) -> Reply {
    let mut body = json!({
        "message": "You are being rate limited.",
        "retry_after": retry_after,
        "global": kind == Kind429::Global,
    });
    if kind == Kind429::OldMessage {
        body["code"] = json!(30046);
    }
    if kind != Kind429::BodyOnly {
        headers.push(("retry-after", retry_after.to_string()));
        let scope = match kind {
            Kind429::Global => "global",
            Kind429::Shared => "shared",
            Kind429::User | Kind429::OldMessage | Kind429::BodyOnly => "user",
        };
        headers.push(("x-ratelimit-scope", scope.to_owned()));
        if kind == Kind429::Global {
            headers.push(("x-ratelimit-global", "true".to_owned()));
        }
    }
    json_reply(429, &body, headers)
}

impl World {
    fn next_fault(&mut self, asked: &Asked) -> Option<Fault> {
        let scripted = self
            .faults
            .iter_mut()
            .find(|one| one.times > 0 && one.pattern.fits(&asked.method, &asked.path))?;
        scripted.times -= 1;
        Some(scripted.fault.clone())
    }

    /// The rate limit headers of the answer, without a scope as Discord does it; or the 429.
    fn take_from_bucket(&mut self, asked: &Asked) -> Result<Vec<(&'static str, String)>, Reply> {
        if asked.path.starts_with("interactions/") {
            return Ok(Vec::new());
        }
        let limit = self.limits.iter().find(|one| one.pattern.fits(&asked.method, &asked.path));
        let (name, limit, per) = match limit {
            Some(limit) => (limit.pattern.0.clone(), limit.most, limit.per),
            None => ("roomy".to_owned(), 1_000, Duration::from_secs(1)),
        };
        let major: Vec<&str> = asked.path.split('/').take(3).collect();
        let major = if major[0] == "webhooks" {
            major.join("/")
        } else {
            major[..2.min(major.len())].join("/")
        };
        let now = Instant::now();
        let fresh = Bucket { remaining: limit, resets_at: now + per };
        let bucket = self.buckets.entry(format!("{name} {major}")).or_insert_with(|| fresh.clone());
        if bucket.resets_at <= now {
            *bucket = fresh;
        }
        let after = bucket.resets_at.duration_since(now).as_secs_f64();
        let headers = |remaining: u16| {
            vec![
                ("x-ratelimit-bucket", blake3::hash(name.as_bytes()).to_hex().to_string()),
                ("x-ratelimit-limit", limit.to_string()),
                ("x-ratelimit-remaining", remaining.to_string()),
                ("x-ratelimit-reset-after", format!("{after:.3}")),
            ]
        };
        if bucket.remaining == 0 {
            return Err(too_many(after, Kind429::User, headers(0)));
        }
        bucket.remaining -= 1;
        Ok(headers(bucket.remaining))
    }
}
