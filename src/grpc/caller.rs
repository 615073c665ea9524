//! Who is calling: the bearer token of a call, and whether it still lives while a stream is open.

use tonic::Request;

use crate::hub::Hub;
use crate::hub::access::Principal;
use crate::hub::refusal::Refusal;
use crate::hub::tokens::Tokens;

/// A caller with the means to ask again whether the token lives.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    pub(super) principal: Principal,
    token_hash: [u8; 32],
}

impl Caller {
    /// Reads and verifies `authorization: Bearer …`.
    pub(super) fn of<T>(hub: &Hub, request: &Request<T>) -> Result<Self, Refusal> {
        let caller = Self::known(hub, request);
        if let Err(refusal) = &caller {
            hub.metrics().count_refusal("grpc", refusal.code());
        }
        caller
    }

    fn known<T>(hub: &Hub, request: &Request<T>) -> Result<Self, Refusal> {
        let header = request.metadata().get("authorization").ok_or(Refusal::Unauthenticated)?;
        let text = header.to_str().map_err(|_| Refusal::BadToken)?;
        let (scheme, token) = text.split_once(' ').ok_or(Refusal::BadToken)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Refusal::BadToken);
        }
        let token = token.trim();
        let principal = hub.tokens().verify(token)?;
        Ok(Self { principal, token_hash: Tokens::hash(token) })
    }

    /// Whether the token is still what it was.
    pub(super) fn still_lives(&self, hub: &Hub) -> Result<(), Refusal> {
        hub.tokens().by_hash(&self.token_hash).map(|_| ())
    }
}
