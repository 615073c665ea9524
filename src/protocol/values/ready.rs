//! What somebody waits for, and what will be done then.
//!
//! Who may see it is not decided here but where it is framed.

use super::{id, number};
use crate::protocol::malformed::Malformed;
use crate::protocol::pb;
use crate::rules::event::{ReadiedResponse, Trigger};

pub(crate) fn trigger_to(trigger: Trigger) -> pb::Trigger {
    use pb::trigger::Trigger as Wire;
    let wire = match trigger {
        Trigger::EnemyWithin { feet } => Wire::EnemyWithinFeet(feet.into()),
        Trigger::EnemyAttacks => Wire::EnemyAttacks(true),
        Trigger::CreatureActs { creature } => Wire::CreatureActs(creature.to_string()),
        Trigger::OnCall => Wire::OnCall(true),
    };
    pb::Trigger { trigger: Some(wire) }
}

pub(crate) fn trigger_of(trigger: &pb::Trigger) -> Result<Trigger, Malformed> {
    use pb::trigger::Trigger as Wire;
    Ok(match trigger.trigger.as_ref().ok_or_else(|| Malformed::no_choice("trigger"))? {
        Wire::EnemyWithinFeet(feet) => {
            Trigger::EnemyWithin { feet: number(*feet, "enemy_within_feet")? }
        }
        Wire::EnemyAttacks(_) => Trigger::EnemyAttacks,
        Wire::CreatureActs(creature) => {
            Trigger::CreatureActs { creature: id(creature, "creature_acts")? }
        }
        Wire::OnCall(_) => Trigger::OnCall,
    })
}

pub(crate) fn response_to(response: ReadiedResponse) -> pb::ReadiedResponse {
    use pb::readied_response::Response as Wire;
    let wire = match response {
        ReadiedResponse::Attack { attack } => Wire::Attack(attack.to_string()),
        ReadiedResponse::Retreat => Wire::Retreat(true),
        ReadiedResponse::Dodge => Wire::Dodge(true),
    };
    pb::ReadiedResponse { response: Some(wire) }
}

pub(crate) fn response_of(response: &pb::ReadiedResponse) -> Result<ReadiedResponse, Malformed> {
    use pb::readied_response::Response as Wire;
    Ok(match response.response.as_ref().ok_or_else(|| Malformed::no_choice("response"))? {
        Wire::Attack(attack) => ReadiedResponse::Attack { attack: id(attack, "attack")? },
        Wire::Retreat(_) => ReadiedResponse::Retreat,
        Wire::Dodge(_) => ReadiedResponse::Dodge,
    })
}
