//! What the README shows is what the bot sends: the messages behind `docs/pictures/fight.png`.
//!
//! With `SKIRMISH_PICTURES` naming a folder, they are written there to be drawn.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::discord_bot::by_typing;
use crate::support::discord::MessageView;
use crate::support::guild::{BORIN, GM, MIRA, guild};

/// Turns of heroes after which the picture is taken, unless the fight is over before.
const TURNS: usize = 5;

/// A message as the script that draws it reads it.
fn drawn(author: &str, message: &MessageView) -> Value {
    json!({
        "author": author,
        "content": message.json["content"],
        "components": message.json["components"],
        "private": message.is_private(),
    })
}

/// A new reader of the README sees in one picture what a fight looks like: who is how hurt, where
/// everybody stands, what was rolled, and what the player whose turn it is can do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_of_a_fight_shows_what_the_bot_sends() {
    let guild = guild().await;
    let combat = guild.begun("3 goblin-warrior, wolf", Some("12x12")).await;
    let mut shown = None;
    for _ in 0..TURNS {
        let Some((user, snapshot)) = guild.player_to_act(combat).await else { break };
        let current = snapshot.creatures.iter().find(|one| one.id == snapshot.current_id).unwrap();
        let now = format!("Round {} · {}'s turn", snapshot.round, current.name);
        let card = guild.card(&now).await;
        let panel = user.click(&card, "My actions").await.message();
        shown = Some((card, panel));
        by_typing(&user).await;
    }
    let (card, panel) = shown.expect("a hero had a turn");
    let text = card.text();
    for part in ["Round", "Goblin Warrior", "Wolf", "```", "d20"] {
        assert!(text.contains(part), "no {part:?} on the card:\n{text}");
    }
    assert!(panel.is_private() && panel.has_button("End turn"), "{}", panel.text());
    #[expect(clippy::disallowed_methods, reason = "a test that writes its pictures on request")]
    let wanted = std::env::var_os("SKIRMISH_PICTURES");
    if let Some(folder) = wanted {
        let names = [(GM, "Gisela"), (MIRA, "Mira"), (BORIN, "Borin")];
        let names: Value = names.iter().map(|(id, name)| (id.to_string(), json!(name))).collect();
        let messages = [drawn("Skirmish", &card), drawn("Skirmish", &panel)];
        let all = json!({ "names": names, "messages": messages });
        fs::create_dir_all(&folder).unwrap();
        fs::write(Path::new(&folder).join("fight.json"), all.to_string()).unwrap();
    }
    guild.fake.assert_clean();
    guild.close().await;
}
