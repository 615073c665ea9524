//! A refusal as a gRPC status. The only place where this translation is made.

use tonic::metadata::MetadataValue;
use tonic::{Code, Status};

use crate::hub::refusal::Refusal;
use crate::protocol::{GrpcCode, pb};

/// The metadata key under which the stable refusal code travels.
pub const CODE_KEY: &str = "skirmish-code";

/// The status of a refusal, its stable code in the metadata.
pub(super) fn status(refusal: &Refusal) -> Status {
    let code = match refusal.status() {
        GrpcCode::InvalidArgument => Code::InvalidArgument,
        GrpcCode::AlreadyExists => Code::AlreadyExists,
        GrpcCode::NotFound => Code::NotFound,
        GrpcCode::PermissionDenied => Code::PermissionDenied,
        GrpcCode::ResourceExhausted => Code::ResourceExhausted,
        GrpcCode::FailedPrecondition => Code::FailedPrecondition,
        GrpcCode::Aborted => Code::Aborted,
        GrpcCode::OutOfRange => Code::OutOfRange,
        GrpcCode::Internal => Code::Internal,
        GrpcCode::Unavailable => Code::Unavailable,
        GrpcCode::Unauthenticated => Code::Unauthenticated,
    };
    let mut status = Status::new(code, refusal.to_string());
    status.metadata_mut().insert(CODE_KEY, MetadataValue::from_static(refusal.code()));
    status
}

/// A refusal as the `error` event of a stream that lives on.
pub(super) fn error_event(
    refusal: &Refusal,
    session_id: &str,
    request_id: &str,
) -> pb::CombatEvent {
    pb::CombatEvent {
        session_id: session_id.to_owned(),
        event: Some(pb::combat_event::Event::Error(refusal.to_error(request_id))),
        ..pb::CombatEvent::default()
    }
}
