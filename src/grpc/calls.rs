//! The single calls about fights.

use std::sync::Arc;

use tonic::{Request, Response, Status};

use super::caller::Caller;
use super::status::status;
use crate::hub::Hub;
use crate::hub::refusal::Refusal;
use crate::protocol::pb;

/// `skirmish.v1.CombatService`.
#[derive(Debug)]
pub(super) struct Calls {
    hub: Arc<Hub>,
}

impl Calls {
    pub(super) fn new(hub: Arc<Hub>) -> Self {
        Self { hub }
    }
}

/// Parses an id of the wire; the refusal names the field.
pub(super) fn id<T: core::str::FromStr>(text: &str, path: &str) -> Result<T, Status>
where
    T::Err: core::fmt::Display,
{
    text.parse().map_err(|bad: T::Err| {
        status(&Refusal::Malformed { path: path.to_owned(), message: bad.to_string() })
    })
}

#[tonic::async_trait]
impl pb::combat_service_server::CombatService for Calls {
    async fn submit(
        &self,
        request: Request<pb::CombatRequest>,
    ) -> Result<Response<pb::Receipt>, Status> {
        let caller = Caller::of(&self.hub, &request).map_err(|no| status(&no))?;
        let receipt = self.hub.submit(&caller.principal, request.into_inner()).await;
        receipt.map(Response::new).map_err(|no| status(&no))
    }

    async fn get_combat(
        &self,
        request: Request<pb::GetCombatRequest>,
    ) -> Result<Response<pb::Snapshot>, Status> {
        let caller = Caller::of(&self.hub, &request).map_err(|no| status(&no))?;
        let combat = id(&request.get_ref().session_id, "session_id")?;
        let snapshot = self.hub.snapshot(&caller.principal, combat).await;
        snapshot.map(Response::new).map_err(|no| status(&no))
    }

    async fn get_options(
        &self,
        request: Request<pb::GetOptionsRequest>,
    ) -> Result<Response<pb::Options>, Status> {
        let caller = Caller::of(&self.hub, &request).map_err(|no| status(&no))?;
        let combat = id(&request.get_ref().session_id, "session_id")?;
        let creature = id(&request.get_ref().creature_id, "creature_id")?;
        let options = self.hub.options(&caller.principal, combat, creature).await;
        options.map(Response::new).map_err(|no| status(&no))
    }

    async fn list_combats(
        &self,
        request: Request<pb::ListCombatsRequest>,
    ) -> Result<Response<pb::ListCombatsResponse>, Status> {
        let caller = Caller::of(&self.hub, &request).map_err(|no| status(&no))?;
        let page = self.hub.list(&caller.principal, request.get_ref());
        page.map(Response::new).map_err(|no| status(&no))
    }

    async fn get_history(
        &self,
        request: Request<pb::GetHistoryRequest>,
    ) -> Result<Response<pb::GetHistoryResponse>, Status> {
        let caller = Caller::of(&self.hub, &request).map_err(|no| status(&no))?;
        let page = self.hub.history(&caller.principal, request.get_ref()).await;
        page.map(Response::new).map_err(|no| status(&no))
    }
}
