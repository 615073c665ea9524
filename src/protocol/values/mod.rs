//! Numbers, ids, squares, dice and durations: the small values that every message is made of.
//!
//! To the wire nothing can fail; from the wire a figure that does not fit its rules type is
//! refused and never cut.

mod ready;
mod roll;

pub(crate) use ready::{response_of, response_to, trigger_of, trigger_to};
pub(crate) use roll::{
    contest_of, contest_to, d20_of, d20_to, damage_of, damage_to, dice_rolled_of, dice_rolled_to,
    drawn_at_of, drawn_at_to, role_of, role_to,
};

use std::str::FromStr;

use super::malformed::{Inside, Malformed};
use super::pb;
use super::words::{Word, word};
use crate::rules::condition::{ActiveCondition, Until};
use crate::rules::creature::{SaveSpec, Suffering, Worse};
use crate::rules::damage::DiceExpr;
use crate::rules::grid::{MAP_SIDE_MAX, Map, Position, Terrain};
use crate::rules::id::{BadId, CreatureId, Slug, UserId};
use crate::rules::state::ActiveEffect;

/// Digits of the largest 64-bit number, in which guilds, channels and people are written.
pub(crate) const SNOWFLAKE_DIGITS_MAX: usize = 20;

/// A wire number as the narrower one of the rules.
pub(crate) fn number<T>(value: impl TryInto<T>, field: &str) -> Result<T, Malformed>
where
    T: Bounds,
{
    value.try_into().map_err(|_| Malformed::wrong(field, T::message()))
}

/// The range of a number, for a refusal that says what would do.
pub(crate) trait Bounds: Sized {
    fn message() -> String;
}

macro_rules! bounds {
    ($($ty:ty),+) => {$(
        impl Bounds for $ty {
            fn message() -> String {
                format!("must be {} to {}", <$ty>::MIN, <$ty>::MAX)
            }
        }
    )+};
}
bounds!(u8, u16, i8, i16);

/// A message that must be there.
pub(crate) fn needed<T>(value: Option<T>, field: &str) -> Result<T, Malformed> {
    value.ok_or_else(|| Malformed::absent(field))
}

/// An id of the rules.
pub(crate) fn id<T: FromStr<Err = BadId>>(text: &str, field: &str) -> Result<T, Malformed> {
    text.parse().map_err(|bad: BadId| {
        let fault = Malformed::wrong(field, bad.to_string());
        if bad == BadId::Empty { Malformed { fault: super::Fault::Absent, ..fault } } else { fault }
    })
}

/// An id where the empty text is nobody.
pub(crate) fn id_or_none<T: FromStr<Err = BadId>>(
    text: &str,
    field: &str,
) -> Result<Option<T>, Malformed> {
    if text.is_empty() { Ok(None) } else { id(text, field).map(Some) }
}

/// The wire text of an id that may be absent.
pub(crate) fn text_or_empty<T: ToString>(id: Option<T>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

/// Ids in the order of the list.
pub(crate) fn ids<T: FromStr<Err = BadId>>(
    texts: &[String],
    field: &str,
) -> Result<Vec<T>, Malformed> {
    texts.iter().enumerate().map(|(index, text)| id(text, "").inside_nth(field, index)).collect()
}

/// A guild, channel or person: a decimal number of up to 20 digits, not 0.
pub(crate) fn snowflake(text: &str, field: &str) -> Result<u64, Malformed> {
    let plain = !text.is_empty()
        && text.len() <= SNOWFLAKE_DIGITS_MAX
        && text.bytes().all(|b| b.is_ascii_digit());
    let value = if plain { text.parse::<u64>().ok().filter(|v| *v != 0) } else { None };
    value.ok_or_else(|| Malformed::wrong(field, "must be a decimal number of 1 to 20 digits"))
}

/// A person.
pub(crate) fn user(text: &str, field: &str) -> Result<UserId, Malformed> {
    snowflake(text, field).map(UserId)
}

pub(crate) fn user_or_none(text: &str, field: &str) -> Result<Option<UserId>, Malformed> {
    if text.is_empty() { Ok(None) } else { user(text, field).map(Some) }
}

pub(crate) fn user_to(user: UserId) -> String {
    user.0.to_string()
}

/// Milliseconds since 1970 as a timestamp.
pub fn timestamp(at_ms: i64) -> prost_types::Timestamp {
    let nanos = at_ms.rem_euclid(1_000).saturating_mul(1_000_000);
    prost_types::Timestamp {
        seconds: at_ms.div_euclid(1_000),
        nanos: i32::try_from(nanos).unwrap_or_default(),
    }
}

/// A timestamp as milliseconds since 1970; what does not fit is cut at the ends of time.
pub fn millis(at: &prost_types::Timestamp) -> i64 {
    at.seconds.saturating_mul(1_000).saturating_add(i64::from(at.nanos) / 1_000_000)
}

pub(crate) fn position_to(position: Position) -> pb::Position {
    pb::Position { x: position.x.into(), y: position.y.into() }
}

pub(crate) fn position_of(position: pb::Position) -> Result<Position, Malformed> {
    Ok(Position { x: number(position.x, "x")?, y: number(position.y, "y")? })
}

pub(crate) fn path_to(path: &[Position]) -> Vec<pb::Position> {
    path.iter().copied().map(position_to).collect()
}

pub(crate) fn path_of(path: &[pb::Position], field: &str) -> Result<Vec<Position>, Malformed> {
    path.iter()
        .enumerate()
        .map(|(index, square)| position_of(*square).inside_nth(field, index))
        .collect()
}

pub(crate) fn map_to(map: &Map) -> pb::GridMap {
    let rows = (0..map.height).flat_map(|y| (0..map.width).map(move |x| Position { x, y }));
    let squares = rows
        .map(|at| (at, map.at(at)))
        .filter(|(_, terrain)| *terrain != Terrain::Open)
        .map(|(at, terrain)| pb::grid_map::Square {
            at: Some(position_to(at)),
            terrain: terrain.to_wire(),
        })
        .collect();
    pb::GridMap { width: map.width.into(), height: map.height.into(), squares }
}

pub(crate) fn map_of(map: &pb::GridMap) -> Result<Map, Malformed> {
    let side = |value: u32, field: &str| {
        u8::try_from(value)
            .ok()
            .filter(|v| (1..=MAP_SIDE_MAX).contains(v))
            .ok_or_else(|| Malformed::wrong(field, format!("must be 1 to {MAP_SIDE_MAX} squares")))
    };
    let mut read = Map::open(side(map.width, "width")?, side(map.height, "height")?);
    if map.squares.len() > read.terrain.len() {
        return Err(Malformed::wrong("squares", "lists more squares than the map has"));
    }
    for (index, square) in map.squares.iter().enumerate() {
        let (at, terrain) = square_of(square).inside_nth("squares", index)?;
        let place = usize::from(at.y) * usize::from(read.width) + usize::from(at.x);
        match read.terrain.get_mut(place) {
            Some(slot) if at.x < read.width => *slot = terrain,
            Some(_) | None => {
                let fault = Malformed::wrong("at", "must lie on the map");
                return Err(fault).inside_nth("squares", index);
            }
        }
    }
    Ok(read)
}

fn square_of(square: &pb::grid_map::Square) -> Result<(Position, Terrain), Malformed> {
    let at = position_of(needed(square.at, "at")?).inside("at")?;
    Ok((at, word(square.terrain, "terrain")?))
}

pub(crate) fn dice_to(dice: DiceExpr) -> pb::DiceExpr {
    pb::DiceExpr { count: dice.count.into(), sides: dice.sides.into(), bonus: dice.bonus.into() }
}

pub(crate) fn dice_of(dice: pb::DiceExpr) -> Result<DiceExpr, Malformed> {
    Ok(DiceExpr {
        count: number(dice.count, "count")?,
        sides: number(dice.sides, "sides")?,
        bonus: number(dice.bonus, "bonus")?,
    })
}

pub(crate) fn save_to(save: SaveSpec) -> pb::SaveSpec {
    pb::SaveSpec { ability: save.ability.to_wire(), dc: save.dc.into() }
}

pub(crate) fn save_of(save: pb::SaveSpec) -> Result<SaveSpec, Malformed> {
    Ok(SaveSpec { ability: word(save.ability, "ability")?, dc: number(save.dc, "dc")? })
}

pub(crate) fn until_to(until: Until) -> pb::Until {
    use pb::until::{TurnPoint, Until as Wire};
    let wire = match until {
        Until::Removed => Wire::Removed(true),
        Until::StartOfTurn { of, turns } => {
            Wire::StartOfTurn(TurnPoint { creature_id: of.to_string(), turns: turns.into() })
        }
        Until::EndOfTurn { of, turns } => {
            Wire::EndOfTurn(TurnPoint { creature_id: of.to_string(), turns: turns.into() })
        }
        Until::SaveEnds { ability, dc } => Wire::SaveEnds(save_to(SaveSpec { ability, dc })),
        Until::TurnsUnlessHarmed { of, turns } => {
            Wire::TurnsUnlessHarmed(TurnPoint { creature_id: of.to_string(), turns: turns.into() })
        }
        Until::Worsens { of, turns, save, into, then } => {
            use pb::until::worsens::Then;
            Wire::Worsens(pb::until::Worsens {
                at: Some(TurnPoint { creature_id: of.to_string(), turns: turns.into() }),
                save: Some(save_to(save)),
                into: into.to_wire(),
                then: Some(match then {
                    Worse::Removed => Then::Removed(true),
                    Worse::TurnsUnlessHarmed(turns) => Then::TurnsUnlessHarmed(turns.into()),
                    Worse::SaveEnds => Then::SaveEnds(true),
                }),
            })
        }
        Until::Escaped { dc } => Wire::EscapeDc(dc.into()),
        Until::Contested => Wire::Contested(true),
        Until::Healed => Wire::Healed(true),
    };
    pb::Until { until: Some(wire) }
}

pub(crate) fn until_of(until: &pb::Until) -> Result<Until, Malformed> {
    use pb::until::Until as Wire;
    let point = |point: &pb::until::TurnPoint| -> Result<(CreatureId, u8), Malformed> {
        Ok((id(&point.creature_id, "creature_id")?, number(point.turns, "turns")?))
    };
    match until.until.as_ref().ok_or_else(|| Malformed::no_choice("until"))? {
        Wire::Removed(_) => Ok(Until::Removed),
        Wire::StartOfTurn(at) => {
            let (of, turns) = point(at).inside("start_of_turn")?;
            Ok(Until::StartOfTurn { of, turns })
        }
        Wire::EndOfTurn(at) => {
            let (of, turns) = point(at).inside("end_of_turn")?;
            Ok(Until::EndOfTurn { of, turns })
        }
        Wire::SaveEnds(save) => {
            let SaveSpec { ability, dc } = save_of(*save).inside("save_ends")?;
            Ok(Until::SaveEnds { ability, dc })
        }
        Wire::TurnsUnlessHarmed(at) => {
            let (of, turns) = point(at).inside("turns_unless_harmed")?;
            Ok(Until::TurnsUnlessHarmed { of, turns })
        }
        Wire::Worsens(wire) => {
            use pb::until::worsens::Then;
            let (of, turns) = point(needed(wire.at.as_ref(), "worsens.at")?).inside("worsens")?;
            let then = match wire.then.as_ref() {
                Some(Then::Removed(_)) => Worse::Removed,
                Some(Then::TurnsUnlessHarmed(turns)) => {
                    Worse::TurnsUnlessHarmed(number(*turns, "worsens.turns_unless_harmed")?)
                }
                Some(Then::SaveEnds(_)) => Worse::SaveEnds,
                None => return Err(Malformed::no_choice("worsens.then")),
            };
            let save = save_of(needed(wire.save, "worsens.save")?).inside("worsens.save")?;
            let into = word(wire.into, "worsens.into")?;
            Ok(Until::Worsens { of, turns, save, into, then })
        }
        Wire::EscapeDc(dc) => Ok(Until::Escaped { dc: number(*dc, "escape_dc")? }),
        Wire::Contested(_) => Ok(Until::Contested),
        Wire::Healed(_) => Ok(Until::Healed),
    }
}

pub(crate) fn condition_of(condition: &pb::ActiveCondition) -> Result<ActiveCondition, Malformed> {
    Ok(ActiveCondition {
        condition: word(condition.condition, "condition")?,
        source: id_or_none(&condition.source_id, "source_id")?,
        until: until_of(needed(condition.until.as_ref(), "until")?).inside("until")?,
        level: number(condition.level, "level")?,
    })
}

pub(crate) fn effect_of(effect: &pb::ActiveEffect) -> Result<ActiveEffect, Malformed> {
    Ok(ActiveEffect {
        kind: word(effect.kind, "kind")?,
        source: id(&effect.source_id, "source_id")?,
        until: until_of(needed(effect.until.as_ref(), "until")?).inside("until")?,
        magnitude: number(effect.magnitude, "magnitude")?,
        suffering: effect.suffering.as_ref().map(suffering_of).transpose().inside("suffering")?,
    })
}

pub(crate) fn suffering_to(suffering: Suffering) -> pb::Suffering {
    let Suffering { dice, kind, each } = suffering;
    pb::Suffering { dice: Some(dice_to(dice)), kind: kind.to_wire(), each: each.to_wire() }
}

pub(crate) fn suffering_of(wire: &pb::Suffering) -> Result<Suffering, Malformed> {
    Ok(Suffering {
        dice: dice_of(needed(wire.dice, "dice")?).inside("dice")?,
        kind: word(wire.kind, "kind")?,
        each: word(wire.each, "each")?,
    })
}

pub(crate) fn use_to(entry: Slug, spent: u8) -> pb::UseCount {
    pb::UseCount { entry: entry.to_string(), spent: spent.into() }
}

pub(crate) fn use_of(count: &pb::UseCount) -> Result<(Slug, u8), Malformed> {
    Ok((id(&count.entry, "entry")?, number(count.spent, "spent")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_lists_only_what_is_not_open_and_reads_back() {
        let mut map = Map::open(7, 3);
        map.terrain[9] = Terrain::Wall;
        map.terrain[20] = Terrain::Difficult;
        let wire = map_to(&map);
        assert_eq!(wire.squares.len(), 2);
        assert_eq!(map_of(&wire), Ok(map));
    }

    #[test]
    fn a_square_beside_the_map_is_refused_even_if_the_row_below_has_it() {
        let square = pb::grid_map::Square { at: Some(pb::Position { x: 4, y: 0 }), terrain: 3 };
        let map = pb::GridMap { width: 4, height: 4, squares: vec![square] };
        assert_eq!(map_of(&map).unwrap_err().path, "squares[0].at");
    }

    #[test]
    fn time_reads_back_to_the_millisecond_before_and_after_1970() {
        for at_ms in [0, 1, 999, 1_000, 1_790_000_000_123, -1, -1_500] {
            assert_eq!(millis(&timestamp(at_ms)), at_ms);
        }
    }

    #[test]
    fn people_are_plain_numbers() {
        assert_eq!(snowflake("80351110224678912", "u").unwrap(), 80_351_110_224_678_912);
        for bad in ["", "0", "-1", "+5", "１２", "99999999999999999999999", "18446744073709551616"]
        {
            assert!(snowflake(bad, "u").is_err(), "{bad}");
        }
    }
}
