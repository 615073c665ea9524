//! The calls about characters between fights.

use std::sync::Arc;

use tonic::{Request, Response, Status};

use super::caller::Caller;
use super::status::status;
use crate::hub::Hub;
use crate::protocol::pb;

/// `skirmish.v1.CharacterService`.
#[derive(Debug)]
pub(super) struct Characters {
    hub: Arc<Hub>,
}

impl Characters {
    pub(super) fn new(hub: Arc<Hub>) -> Self {
        Self { hub }
    }

    fn caller<T>(&self, request: &Request<T>) -> Result<Caller, Status> {
        Caller::of(&self.hub, request).map_err(|no| status(&no))
    }
}

#[tonic::async_trait]
impl pb::character_service_server::CharacterService for Characters {
    async fn create_character(
        &self,
        request: Request<pb::CreateCharacterRequest>,
    ) -> Result<Response<pb::Character>, Status> {
        let caller = self.caller(&request)?;
        let made = self.hub.create_character(&caller.principal, request.into_inner()).await;
        made.map(Response::new).map_err(|no| status(&no))
    }

    async fn get_character(
        &self,
        request: Request<pb::GetCharacterRequest>,
    ) -> Result<Response<pb::Character>, Status> {
        let caller = self.caller(&request)?;
        let found = self.hub.character(&caller.principal, request.get_ref());
        found.map(Response::new).map_err(|no| status(&no))
    }

    async fn update_character(
        &self,
        request: Request<pb::UpdateCharacterRequest>,
    ) -> Result<Response<pb::Character>, Status> {
        let caller = self.caller(&request)?;
        let changed = self.hub.update_character(&caller.principal, request.into_inner()).await;
        changed.map(Response::new).map_err(|no| status(&no))
    }

    async fn delete_character(
        &self,
        request: Request<pb::DeleteCharacterRequest>,
    ) -> Result<Response<pb::DeleteCharacterResponse>, Status> {
        let caller = self.caller(&request)?;
        let gone = self.hub.delete_character(&caller.principal, request.get_ref()).await;
        gone.map(|()| Response::new(pb::DeleteCharacterResponse {})).map_err(|no| status(&no))
    }

    async fn list_characters(
        &self,
        request: Request<pb::ListCharactersRequest>,
    ) -> Result<Response<pb::ListCharactersResponse>, Status> {
        let caller = self.caller(&request)?;
        let page = self.hub.list_characters(&caller.principal, request.get_ref());
        page.map(Response::new).map_err(|no| status(&no))
    }

    async fn get_character_sheet(
        &self,
        request: Request<pb::GetCharacterRequest>,
    ) -> Result<Response<pb::CharacterSheet>, Status> {
        let caller = self.caller(&request)?;
        let sheet = self.hub.character_sheet(&caller.principal, request.get_ref());
        sheet.map(Response::new).map_err(|no| status(&no))
    }

    async fn import_character(
        &self,
        request: Request<pb::ImportCharacterRequest>,
    ) -> Result<Response<pb::ImportCharacterResponse>, Status> {
        let caller = self.caller(&request)?;
        let done = self.hub.import_character(&caller.principal, request.into_inner()).await;
        done.map(Response::new).map_err(|no| status(&no))
    }

    async fn export_character(
        &self,
        request: Request<pb::GetCharacterRequest>,
    ) -> Result<Response<pb::ExportCharacterResponse>, Status> {
        let caller = self.caller(&request)?;
        let text = self.hub.export_character(&caller.principal, request.get_ref());
        text.map(Response::new).map_err(|no| status(&no))
    }
}
