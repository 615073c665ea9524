//! The live card of a fight: what everybody in the channel sees, edited in place.
//!
//! A pure function of what a spectator knows. It must fit Discord's limits for any fight: what is
//! too much is counted, never silently dropped.

use serde_json::Value;

use super::parts::{self, Style};
use super::{map, text};
use crate::discord::custom_id::{CustomId, Verb};
use crate::protocol::pb;
use crate::view::card::{Card, Row};
use crate::view::scene::Scene;

/// Characters for the creatures, the map, the log and the rest; together below Discord's 4,000
/// with the title. The summary stands where the map stood.
const ROWS_MAX_CHARS: usize = 1_500;
const MAP_MAX_CHARS: usize = 700;
const LOG_MAX_CHARS: usize = 900;
const AWAITED_MAX_CHARS: usize = 300;
const SUMMARY_MAX_CHARS: usize = 700;

/// The body of the card's message.
pub fn card(scene: &Scene, card: &Card) -> Value {
    let mut inside = vec![parts::text(&format!(
        "## {}\n{}",
        text::name(&card.title),
        text::line(&card.status, 80)
    ))];
    let has_map = scene.map.is_some();
    let rows: Vec<String> =
        card.rows.iter().enumerate().map(|(place, row)| line(scene, row, place, has_map)).collect();
    let (mut listed, unlisted) = text::fitting(&rows, ROWS_MAX_CHARS);
    if unlisted + card.more > 0 {
        text::add(&mut listed, format_args!("\n… and {} more", unlisted + card.more));
    }
    inside.push(parts::text(if listed.is_empty() { "Nobody has joined yet." } else { &listed }));
    let map = map::drawing(scene).filter(|drawn| drawn.chars().count() <= MAP_MAX_CHARS);
    if let Some(drawn) = map.filter(|_| !card.is_over) {
        inside.push(parts::text(&format!("```\n{drawn}\n```")));
    }
    if card.is_over && !card.summary.is_empty() {
        let lines: Vec<String> = card.summary.iter().map(|one| text::line(one, 200)).collect();
        let (shown, _) = text::fitting(&lines, SUMMARY_MAX_CHARS);
        inside.push(parts::text(&format!("**Summary**\n{shown}")));
    }
    let mut log: Vec<String> = Vec::new();
    let mut length = 0;
    for one in card.log.iter().rev() {
        let line = format!("-# {}", text::line(one, text::LINE_SHOWN_CHARS));
        length += line.encode_utf16().count() + 1;
        if length > LOG_MAX_CHARS {
            break;
        }
        log.push(line);
    }
    log.reverse();
    if !log.is_empty() {
        inside.push(parts::separator());
        inside.push(parts::text(&log.join("\n")));
    }
    let awaited: Vec<String> = card.awaited.iter().map(|one| text::line(one, 100)).collect();
    let (shown, _) = text::fitting(&awaited, AWAITED_MAX_CHARS);
    if !shown.is_empty() {
        inside.push(parts::text(&shown));
    }
    for row in buttons(scene) {
        inside.push(row);
    }
    parts::message(vec![parts::container(inside)])
}

/// One creature in a line that explains itself: its mark on the map, name, health, conditions,
/// initiative and square. What decides the next turn stands first.
fn line(scene: &Scene, row: &Row, place: usize, has_map: bool) -> String {
    let mut out = String::new();
    if row.is_current {
        out.push_str("▶ ");
    }
    if has_map {
        text::add(&mut out, format_args!("`{}` ", map::mark(place)));
    }
    let name = text::name(&row.name);
    if row.is_down {
        text::add(&mut out, format_args!("{name} · {}", row.health));
    } else {
        text::add(&mut out, format_args!("**{name}** · {}", row.health));
    }
    if !row.states.is_empty() {
        text::add(&mut out, format_args!(" · {}", text::line(&row.states.join(", "), 120)));
    }
    if let Some(initiative) = row.initiative {
        text::add(&mut out, format_args!(" · initiative {initiative}"));
    }
    let at = scene.creatures.get(&row.id).and_then(|creature| creature.position);
    if let Some(at) = at.filter(|_| has_map) {
        text::add(&mut out, format_args!(" · at {}", map::square_name(at)));
    }
    out
}

/// The buttons in their fixed order. They hold all they need, so that old ones work for ever.
fn buttons(scene: &Scene) -> Vec<Value> {
    let Ok(combat) = scene.session_id.parse() else { return Vec::new() };
    let id = |verb| CustomId::new(combat, verb).turn(scene.turn).to_string();
    let mut first = Vec::new();
    let over = scene.phase == pb::Phase::Ended;
    if !over {
        first.push(parts::button(Style::Primary, "My actions", &id(Verb::Mine)));
        first.push(parts::button(Style::Success, "Join", &id(Verb::Join)));
    }
    first.push(parts::button(Style::Secondary, "Log", &id(Verb::Log)));
    if !over {
        first.push(parts::button(Style::Secondary, "GM", &id(Verb::Gm)));
    }
    let mut rows = vec![parts::row(first)];
    if scene.phase == pb::Phase::Gathering {
        rows.push(parts::row(vec![parts::button(Style::Success, "Begin (GM)", &id(Verb::Begin))]));
    }
    rows
}

/// What is left of a card that was posted anew further down.
pub fn moved(url: &str) -> Value {
    parts::message(vec![parts::text(&format!("The fight goes on further down: {url}"))])
}
