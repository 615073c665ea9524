//! The battle map of a scenario: rows of characters, or a list of the squares that are not open.
//!
//! A square is given once; what lies outside the map is a problem and never dropped.

use serde_json::Value;

use super::reading::{At, Field, Problems, Single, fields, inside, kind_of, object, snake};
use crate::rules::grid::{MAP_SIDE_MAX, Map, Position, Terrain};

const MAP: &[Field] = &[("width", &[]), ("height", &[]), ("terrain", &["squares"])];
const SQUARE: &[Field] = &[
    ("at", &["position", "pos", "square", "squares"]),
    ("x", &[]),
    ("y", &[]),
    ("terrain", &["kind", "type"]),
    ("from", &[]),
    ("to", &[]),
];

/// Reads a map.
pub(super) fn read(path: &str, value: &Value, problems: &mut Problems) -> Option<Map> {
    let map = object(path, value, problems)?;
    let map = fields(path, map, &[MAP], &[], problems);
    let rows = map.get("terrain").filter(|at| is_rows(at.value));
    let mut side = |name: &str, drawn: Option<usize>| -> Option<u8> {
        let drawn = drawn.and_then(|drawn| u8::try_from(drawn).ok());
        let given = map.get(name);
        if given.is_none() && drawn.is_none() {
            problems.add(&inside(path, name), "must be given: squares of five feet");
        }
        given.map_or(drawn, |at| at.number(1, i64::from(MAP_SIDE_MAX), problems))
    };
    let drawn = rows.as_ref().and_then(|at| at.value.as_array());
    let widest = drawn.and_then(|rows| rows.iter().filter_map(Value::as_str).map(str::len).max());
    let (width, height) = (side("width", widest)?, side("height", drawn.map(Vec::len))?);
    let mut field = Map::open(width, height);
    match (map.get("terrain"), rows) {
        (_, Some(rows)) => draw(&mut field, &rows, problems),
        (Some(squares), None) => {
            for square in squares.list(Single::Refused, problems) {
                lay(&mut field, &square, problems);
            }
        }
        (None, None) => {}
    }
    Some(field)
}

fn is_rows(value: &Value) -> bool {
    value.as_array().is_some_and(|rows| !rows.is_empty() && rows.iter().all(Value::is_string))
}

/// Rows of one character a square: `.` open, `~` difficult, `#` a wall.
fn draw(map: &mut Map, rows: &At<'_>, problems: &mut Problems) {
    for (y, row) in rows.list(Single::Refused, problems).iter().enumerate() {
        for (x, drawn) in row.text(problems).unwrap_or_default().chars().enumerate() {
            let terrain = match drawn {
                '.' | ' ' => Terrain::Open,
                '~' | ',' => Terrain::Difficult,
                '#' => Terrain::Wall,
                _ => {
                    let message = format!("has '{drawn}'; draw . open, ~ difficult, # wall");
                    problems.add(&row.path, message);
                    return;
                }
            };
            let at = u8::try_from(x).ok().zip(u8::try_from(y).ok());
            let Some((x, y)) = at.filter(|(x, y)| *x < map.width && *y < map.height) else {
                problems.add(&row.path, format!("goes beyond {} x {}", map.width, map.height));
                return;
            };
            set(map, Position { x, y }, terrain);
        }
    }
}

/// One entry of the list: squares and what they are made of.
fn lay(map: &mut Map, entry: &At<'_>, problems: &mut Problems) {
    let Some(written) = object(&entry.path, entry.value, problems) else { return };
    let square = fields(&entry.path, written, &[SQUARE], &[], problems);
    let Some(terrain) = square.get("terrain") else {
        problems.add(&inside(&entry.path, "terrain"), "must be given: difficult, wall or open");
        return;
    };
    let Some(terrain) = terrain_of(&terrain, problems) else { return };
    let mut squares = Vec::new();
    if let Some(at) = square.get("at") {
        let several = at.value.as_array().is_some_and(|list| list.iter().any(|it| !it.is_number()));
        let each = if several { at.list(Single::Refused, problems) } else { vec![at] };
        squares.extend(each.iter().filter_map(|at| position(at, problems)));
    }
    if square.get("x").is_some() || square.get("y").is_some() {
        let x = square.number("x", 0, i64::from(MAP_SIDE_MAX), problems);
        let y = square.number("y", 0, i64::from(MAP_SIDE_MAX), problems);
        squares.extend(x.zip(y).map(|(x, y)| Position { x, y }));
    }
    if let Some((from, to)) = square.get("from").zip(square.get("to"))
        && let Some((from, to)) = position(&from, problems).zip(position(&to, problems))
    {
        let across = from.x.min(to.x)..=from.x.max(to.x);
        let down = from.y.min(to.y)..=from.y.max(to.y);
        squares.extend(across.flat_map(|x| down.clone().map(move |y| Position { x, y })));
    }
    if squares.is_empty() {
        problems.add(&inside(&entry.path, "at"), "must say which square, such as [3, 4]");
    }
    for square in squares {
        if square.x < map.width && square.y < map.height {
            set(map, square, terrain);
        } else {
            problems
                .add(&entry.path, format!("is not on the map of {} x {}", map.width, map.height));
        }
    }
}

fn terrain_of(at: &At<'_>, problems: &mut Problems) -> Option<Terrain> {
    let word = snake(at.text(problems)?);
    match word.strip_prefix("terrain_").unwrap_or(&word) {
        "open" => Some(Terrain::Open),
        "difficult" | "difficult_terrain" => Some(Terrain::Difficult),
        "wall" => Some(Terrain::Wall),
        _ => {
            problems.add(&at.path, "must be open, difficult or wall");
            None
        }
    }
}

fn set(map: &mut Map, at: Position, terrain: Terrain) {
    let index = usize::from(at.y) * usize::from(map.width) + usize::from(at.x);
    if let Some(square) = map.terrain.get_mut(index) {
        *square = terrain;
    }
}

/// A square: `[3, 4]` or `{"x": 3, "y": 4}`.
pub(super) fn position(at: &At<'_>, problems: &mut Problems) -> Option<Position> {
    let pair = match at.value {
        Value::Array(pair) => match pair.as_slice() {
            [x, y] => Some((x.as_u64(), y.as_u64())),
            _ => None,
        },
        Value::Object(pair) if pair.len() == 2 => {
            Some((pair.get("x").and_then(Value::as_u64), pair.get("y").and_then(Value::as_u64)))
        }
        Value::Object(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            None
        }
    };
    let small = |n: u64| u8::try_from(n).ok().filter(|n| *n < MAP_SIDE_MAX);
    let found = pair.and_then(|(x, y)| Some(Position { x: small(x?)?, y: small(y?)? }));
    if found.is_none() {
        let what = kind_of(at.value);
        problems.add(&at.path, format!("is {what}; a square is [3, 4] or {{\"x\": 3, \"y\": 4}}"));
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read_map(value: &Value) -> Result<Map, Vec<String>> {
        let mut problems = Problems::default();
        let map = read("map", value, &mut problems);
        if problems.count() == 0 {
            return Ok(map.unwrap());
        }
        Err(problems
            .into_list()
            .into_iter()
            .map(|p| format!("{}: {}", p.path, p.message))
            .collect())
    }

    #[test]
    fn rows_and_lists_say_the_same() {
        let drawn = read_map(&json!({"terrain": ["..#", "~~#"]})).unwrap();
        for listed in [
            json!({"width": 3, "height": 2, "terrain": [
                {"at": [2, 0], "terrain": "wall"}, {"x": 2, "y": 1, "kind": "wall"},
                {"from": [0, 1], "to": [1, 1], "type": "difficult"}]}),
            json!({"width": 3, "height": 2, "squares": [
                {"at": {"x": 2, "y": 0}, "terrain": "TERRAIN_WALL"},
                {"position": {"x": 2, "y": 1}, "terrain": "wall"},
                {"squares": [[0, 1], [1, 1]], "terrain": "difficult"}]}),
        ] {
            assert_eq!(read_map(&listed).unwrap(), drawn);
        }
        assert_eq!(drawn.at(Position { x: 1, y: 1 }), Terrain::Difficult);
        assert_eq!(read_map(&json!({"width": 4, "height": 3})).unwrap(), Map::open(4, 3));
    }

    #[test]
    fn every_fault_is_named_with_its_path() {
        let faults = read_map(&json!({"width": 3, "height": 200, "wide": 1})).unwrap_err();
        assert_eq!(faults.len(), 2, "{faults:?}");
        let faults = read_map(&json!({"width": 3, "height": 2, "terrain": [
            {"at": [9, 9], "terrain": "wall"}, {"at": [1, 1], "terrain": "lava"}, {"terrain": "wall"}]}))
            .unwrap_err();
        assert_eq!(
            faults,
            [
                "map.terrain[0]: is not on the map of 3 x 2",
                "map.terrain[1].terrain: must be open, difficult or wall",
                "map.terrain[2].at: must say which square, such as [3, 4]",
            ]
        );
    }
}
