//! Everything that people read in the course of a fight, looked over for what no person should see.
//!
//! `cargo test --test it discord_transcript -- --nocapture` prints it all, to be read.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::support::discord::{InteractionResult, MessageView};
use crate::support::guild::{BORIN, CHANNEL, GM, Guild, MIRA, guild};

/// Turns after which the fight is called off.
const TURNS: usize = 30;
/// Characters of a private answer; more is a wall of text.
const ANSWER_MAX_CHARS: usize = 2_600;

/// What a person sees of a body, in plain text.
fn seen(body: &Value, out: &mut String) {
    let text = |name: &str| body[name].as_str().unwrap_or_default();
    match body["type"].as_u64() {
        Some(2) => {
            let off = if body["disabled"] == true { " (off)" } else { "" };
            write!(out, "[{}{off}] ", text("label")).unwrap();
        }
        Some(3) => {
            writeln!(out, "<{}>", text("placeholder")).unwrap();
            for option in body["options"].as_array().into_iter().flatten() {
                let about = option["description"].as_str().unwrap_or_default();
                writeln!(out, "    {} — {about}", option["label"].as_str().unwrap()).unwrap();
            }
        }
        Some(10) => writeln!(out, "{}", text("content")).unwrap(),
        Some(14) => writeln!(out, "----").unwrap(),
        Some(18) => writeln!(out, "{}: ____", text("label")).unwrap(),
        _ => {
            for name in ["title", "content"] {
                if !text(name).is_empty() {
                    writeln!(out, "{}", text(name)).unwrap();
                }
            }
            for choice in body["choices"].as_array().into_iter().flatten() {
                writeln!(out, "  > {}", choice["name"].as_str().unwrap()).unwrap();
            }
            for inner in body["components"].as_array().into_iter().flatten() {
                seen(inner, out);
            }
            if body["type"] == 1 {
                out.push('\n');
            }
        }
    }
}

/// Everything that was sent, in order, with what it answers.
fn transcript(guild: &Guild) -> Vec<(String, String)> {
    guild.fake.see(|world| {
        let sent = world.requests.iter().filter(|one| one.body.is_object());
        sent.map(|one| {
            let id = one.path.split('/').nth(1).and_then(|id| id.parse().ok()).unwrap_or(0);
            let answered = world.interactions.get(&id).filter(|_| one.path.starts_with("inter"));
            let what = answered.map_or_else(
                || format!("{} {}", one.method, one.path),
                |it| format!("{} did: {}", it.user, it.what),
            );
            let mut text = String::new();
            let data = &one.body["data"];
            seen(if data.is_object() { data } else { &one.body }, &mut text);
            (what, text)
        })
        .collect()
    })
}

/// What no person should see, wherever it stands.
const NEVER: [&str; 14] = [
    "Some(",
    "None",
    "Err(",
    "srd:",
    "hero:",
    "null",
    "session_id",
    "request_id",
    "::",
    "Slug",
    " ,",
    "..",
    "  ·",
    "incident",
];

fn look_over(what: &str, text: &str) {
    for never in NEVER {
        assert!(!text.contains(never), "{never:?} in the answer to {what}:\n{text}");
    }
    let is_private = what.contains(" did: ");
    let length = text.chars().count();
    assert!(!is_private || length <= ANSWER_MAX_CHARS, "{length} characters for {what}:\n{text}");
}

async fn odds_and_ends(guild: &Guild) {
    // whoever makes a character joins with it, so this is not Mira
    let (gm, mira) = (guild.fake.user(GM), guild.fake.user(GM + 7));
    gm.slash(CHANNEL, "combat", "status", &[]).await;
    gm.slash(CHANNEL, "combat", "undo", &[]).await;
    mira.slash(CHANNEL, "help", "", &[]).await;
    mira.slash(CHANNEL, "help", "", &[("command", json!("combat action"))]).await;
    mira.slash(CHANNEL, "help", "", &[("command", json!("dance"))]).await;
    mira.slash(CHANNEL, "character", "list", &[]).await;
    mira.slash(CHANNEL, "character", "show", &[]).await;
    mira.slash(CHANNEL, "character", "use", &[("character", json!("Nobody"))]).await;
    let make = [("name", json!("Ada")), ("class", json!("juggler"))];
    mira.slash(CHANNEL, "character", "create", &make).await;
    let make = [("name", json!("Ada")), ("class", json!("cleric"))];
    mira.slash(CHANNEL, "character", "create", &make).await;
    mira.slash(CHANNEL, "character", "list", &[]).await;
    mira.slash(CHANNEL, "character", "show", &[]).await;
    for dice in ["2d6+3", "2d", "1d20+5 to climb", "", "5000d6", "1d0", "4d6kh3", "d%", "1/0"] {
        if !dice.is_empty() {
            mira.slash(CHANNEL, "roll", "", &[("dice", json!(dice))]).await;
        }
    }
    for monsters in ["3 wyvernlings", "0 goblin-warrior", "@@@", "200 goblin-warrior"] {
        gm.slash(CHANNEL, "combat", "start", &[("monsters", json!(monsters))]).await;
    }
    let typed = [("monsters", json!("2 gob"))];
    gm.autocomplete(CHANNEL, "combat", "start", &typed, "monsters").await;
}

async fn game_master(guild: &Guild, card: &MessageView) {
    let (gm, mira) = (guild.fake.user(GM), guild.fake.user(MIRA));
    let panel = gm.click(card, "GM").await.message();
    let listed = panel.select("Change").options;
    let goblin = listed.iter().find(|one| one.0.contains("Goblin")).unwrap().1.clone();
    let sheet = gm.choose(&panel, "Change", &[&goblin]).await.message();
    let form = gm.click(&sheet, "Hit points").await;
    gm.submit_modal(&form, &[("hit_points", "many")]).await;
    let form = gm.click(&sheet, "Hit points").await;
    let set = gm.submit_modal(&form, &[("hit_points", "5")]).await.message();
    let hidden = gm.click(&set, "Hide").await.message();
    gm.click(&hidden, "Reveal").await;
    gm.choose(&panel, "Act for", &[&goblin]).await;
    mira.click(card, "GM").await;
    mira.slash(CHANNEL, "combat", "pause", &[]).await;
    gm.slash(CHANNEL, "combat", "pause", &[]).await;
    mira.click(card, "My actions").await;
    mira.slash(CHANNEL, "combat", "end-turn", &[]).await;
    gm.slash(CHANNEL, "combat", "resume", &[]).await;
    gm.slash(CHANNEL, "combat", "redo", &[]).await;
    gm.slash(CHANNEL, "combat", "add", &[("monsters", json!("wolf"))]).await;
    gm.slash(CHANNEL, "combat", "begin", &[]).await;
    mira.click(card, "Join").await;
    guild.fake.user(99).click(card, "My actions").await;
    guild.fake.user(99).slash(CHANNEL, "combat", "end-turn", &[]).await;
    mira.slash(CHANNEL, "combat", "status", &[]).await;
    let log = mira.click(card, "Log").await.message();
    if !log.button("Older").disabled {
        mira.click(&log, "Older").await;
    }
}

async fn turns(guild: &Guild, combat: skirmish::rules::id::CombatId) {
    for turn in 0..TURNS {
        let Some((user, _)) = guild.player_to_act(combat).await else { return };
        let card = guild.card("Round").await;
        let mut shown = user.click(&card, "My actions").await.message();
        if turn % 3 == 2 {
            let typed = [("type", json!("dance"))];
            user.slash(CHANNEL, "combat", "action", &typed).await;
            user.autocomplete(CHANNEL, "combat", "action", &[("type", json!(""))], "type").await;
            let typed = [("type", json!("attack")), ("target", json!("nobody"))];
            user.slash(CHANNEL, "combat", "action", &typed).await;
        }
        let attack = shown.selects().into_iter().find(|one| one.custom_id.contains("|act|"));
        let attack = attack.and_then(|one| {
            let hits = one.options.iter().find(|(_, _, what)| what.to_lowercase().contains("hit"));
            hits.or(one.options.get(turn % one.options.len())).cloned()
        });
        if let Some((_, attack, _)) = attack {
            shown = user.choose(&shown, "What to do", &[&attack]).await.message();
            let aim = shown.selects().into_iter().find(|one| one.custom_id.contains("|aim|"));
            if let Some(aim) = aim {
                let target = aim.options[0].1.clone();
                shown = user.choose(&shown, "Choose", &[&target]).await.message();
            }
        }
        let place = shown.selects().into_iter().find(|one| one.custom_id.contains("|move|"));
        if let Some(place) = place {
            let to = place.options[0].1.clone();
            shown = user.choose(&shown, "Move to", &[&to]).await.message();
        }
        if shown.has_button("End turn") {
            user.click(&shown, "End turn").await;
        } else {
            user.slash(CHANNEL, "combat", "end-turn", &[]).await;
        }
    }
}

async fn read(guild: Guild, title: &str) {
    println!("######## {title}");
    for (what, text) in transcript(&guild) {
        println!("==== {what}\n{text}");
        look_over(&what, &text);
    }
    guild.fake.assert_clean();
    guild.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fight_without_a_map_reads_well() {
    let guild = guild().await;
    odds_and_ends(&guild).await;
    let combat = guild.begun("2 goblin-warrior", None).await;
    guild.player_to_act(combat).await.unwrap();
    game_master(&guild, &guild.card("Round").await).await;
    turns(&guild, combat).await;
    let card = guild.fake.channel(CHANNEL).last();
    let late: InteractionResult =
        guild.fake.user(BORIN).forge_component(&card, 2, "old", &[]).await;
    assert!(late.message().is_private());
    guild.fake.user(MIRA).slash(CHANNEL, "combat", "status", &[]).await;
    read(guild, "without a map").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fight_on_a_map_reads_well() {
    let guild = guild().await;
    let combat = guild.begun("goblin-warrior, 2 wolf", Some("12x12")).await;
    turns(&guild, combat).await;
    guild.fake.user(GM).slash(CHANNEL, "combat", "end", &[]).await;
    read(guild, "on a map").await;
}
