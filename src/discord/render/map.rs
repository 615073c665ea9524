//! Squares by their names (`C4`), and a small map in letters for a place that shows text.
//!
//! The map shows only creatures that the viewer's scene holds, and never where a hidden one is.

use crate::protocol::pb;
use crate::view::scene::Scene;

/// The widest map drawn in letters; a wider one would be broken over lines on a phone.
const WIDTH_MAX: u32 = 26;
/// The tallest map drawn in letters.
const HEIGHT_MAX: u32 = 24;
/// Letters of the alphabet.
const LETTERS: u32 = 26;

/// `C4` for x 2, y 3; `AA1` after `Z1`.
pub fn square_name(at: pb::Position) -> String {
    let mut letters = Vec::new();
    let mut rest = at.x;
    loop {
        let letter = u8::try_from(rest % LETTERS).unwrap_or_default();
        letters.push(char::from(b'A'.saturating_add(letter)));
        rest /= LETTERS;
        if rest == 0 {
            break;
        }
        rest -= 1;
    }
    let letters: String = letters.into_iter().rev().collect();
    format!("{letters}{}", at.y.saturating_add(1))
}

/// The square that a name such as `c4` stands for.
pub fn square_of(name: &str) -> Option<pb::Position> {
    let name = name.trim();
    let split = name.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = name.split_at_checked(split)?;
    if letters.is_empty() || letters.len() > 3 || digits.len() > 4 {
        return None;
    }
    let mut x: u32 = 0;
    for letter in letters.chars() {
        let upper = letter.to_ascii_uppercase();
        if !upper.is_ascii_uppercase() {
            return None;
        }
        x = x * LETTERS + (u32::from(upper) - u32::from('A')) + 1;
    }
    let y: u32 = digits.parse().ok()?;
    Some(pb::Position { x: x - 1, y: y.checked_sub(1)? })
}

/// How many squares a side of a creature's space has.
pub fn footprint(size: pb::Size) -> u32 {
    match size {
        pb::Size::Unspecified | pb::Size::Tiny | pb::Size::Small | pb::Size::Medium => 1,
        pb::Size::Large => 2,
        pb::Size::Huge => 3,
        pb::Size::Gargantuan => 4,
    }
}

/// Whether a creature stands on this square.
pub fn covers(creature: &pb::CreatureState, at: pb::Position) -> bool {
    let Some(from) = creature.position else { return false };
    let side = footprint(creature.size());
    let within = |start: u32, place: u32| place >= start && place < start.saturating_add(side);
    !creature.left
        && creature.life() != pb::Life::Dead
        && within(from.x, at.x)
        && within(from.y, at.y)
}

/// The mark of the creature with this place in the order: 1 to 9, then letters.
pub fn mark(place: usize) -> char {
    let place = u32::try_from(place).unwrap_or(u32::MAX).saturating_add(1);
    char::from_digit(place, 36).map_or('*', |c| c.to_ascii_uppercase())
}

/// The map in letters, one line a row; nothing if there is none or it is too large.
pub fn drawing(scene: &Scene) -> Option<String> {
    let map = scene.map.as_ref()?;
    if map.width > WIDTH_MAX || map.height > HEIGHT_MAX || map.width == 0 || map.height == 0 {
        return None;
    }
    let order = scene.in_order();
    let mut text = String::from("   ");
    for x in 0..map.width {
        text.push(square_name(pb::Position { x, y: 0 }).chars().next().unwrap_or(' '));
    }
    for y in 0..map.height {
        super::text::add(&mut text, format_args!("\n{:>2} ", y + 1));
        for x in 0..map.width {
            let at = pb::Position { x, y };
            let terrain = map.squares.iter().find(|square| square.at == Some(at));
            let ground = match terrain.map(pb::grid_map::Square::terrain) {
                Some(pb::Terrain::Wall) => '#',
                Some(pb::Terrain::Difficult) => '~',
                Some(pb::Terrain::Open | pb::Terrain::Unspecified) | None => '·',
            };
            let who = order.iter().position(|creature| covers(creature, at));
            text.push(who.map_or(ground, mark));
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_have_names_and_names_squares() {
        for (x, y, name) in
            [(0, 0, "A1"), (2, 3, "C4"), (25, 9, "Z10"), (26, 0, "AA1"), (702, 0, "AAA1")]
        {
            let at = pb::Position { x, y };
            assert_eq!(square_name(at), name);
            assert_eq!(square_of(name), Some(at));
        }
        for bad in ["", "C", "4", "C0", "ÄÖ4", "CCCC4", "C99999", "C4x"] {
            assert_eq!(square_of(bad), None, "{bad}");
        }
    }
}
