//! The bot with the real hub against the fake Discord: people type and click, a fight is fought.

use std::time::Duration;

use serde_json::json;
use skirmish::protocol::pb;
use skirmish::rules::id::CombatId;

use crate::support::discord::{InteractionResult, MessageView, User};
use crate::support::guild::{CHANNEL, GM, Guild, MIRA, guild, said, serve};

/// Turns after which a fight should long be over.
const TURNS_MAX: usize = 400;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fight_is_fought_to_its_end_by_typing_and_clicking() {
    let guild = guild().await;
    let combat = guild.begun("2 goblin-warrior", None).await;
    guild.card("Round 1").await;
    let mut turns = 0;
    while let Some((user, snapshot)) = guild.player_to_act(combat).await {
        turns += 1;
        assert!(turns < TURNS_MAX, "the fight does not end");
        if turns % 2 == 0 {
            by_clicking(&guild, &user, &snapshot).await;
        } else {
            by_typing(&user).await;
        }
    }
    let card = guild.card("Over").await;
    assert!(card.text().contains("Summary"), "{}", card.text());
    assert!(!card.has_button("My actions"));
    // every ping went with its turn
    let fake = guild.fake.clone();
    fake.wait_for("the last ping to go", |world| {
        let left = world.messages.values().filter(|one| {
            !one.deleted
                && one.body["content"].as_str().is_some_and(|text| text.contains("turn of"))
        });
        (left.count() == 0).then_some(())
    })
    .await;
    let slow: Vec<_> =
        fake.ack_latencies().into_iter().filter(|took| *took > Duration::from_secs(2)).collect();
    assert!(slow.is_empty(), "{slow:?}");
    guild.close().await;
    fake.assert_clean();
}

pub(crate) async fn by_typing(user: &User) {
    let offered =
        user.autocomplete(CHANNEL, "combat", "action", &[("type", json!("att"))], "type").await;
    if offered.iter().any(|(_, value)| value == "attack") {
        let options = [("type", json!("attack")), ("target", json!(""))];
        let targets = user.autocomplete(CHANNEL, "combat", "action", &options, "target").await;
        if let Some((_, target)) = targets.first() {
            let options = [("type", json!("attack")), ("target", target.clone())];
            let done = user.slash(CHANNEL, "combat", "action", &options).await;
            assert!(done.message().is_private());
        }
    }
    user.slash(CHANNEL, "combat", "end-turn", &[]).await;
}

async fn by_clicking(guild: &Guild, user: &User, snapshot: &pb::Snapshot) {
    let channel = guild.fake.channel(CHANNEL);
    let mention = format!("<@{}>", user.id);
    let turn = format!("|{}", snapshot.turn);
    let ping = channel
        .wait_for("the ping of the turn", |message| {
            message.text().contains(&mention)
                && message.buttons().iter().any(|one| one.custom_id.ends_with(&turn))
        })
        .await;
    let panel = user.click(&ping, "My actions").await;
    assert!(panel.message().is_private());
    let mut shown = panel.message();
    if let Some(select) = shown.selects().into_iter().find(|one| one.custom_id.contains("|act|")) {
        let attack = select.options.iter().find(|(_, _, what)| what.to_lowercase().contains("hit"));
        let attack = attack.unwrap_or(&select.options[0]).1.clone();
        let asked = user.choose(&shown, "What to do", &[&attack]).await;
        shown = asked.message();
        if let Some(targets) =
            shown.selects().into_iter().find(|one| one.custom_id.contains("|aim|"))
        {
            let target = targets.options[0].1.clone();
            shown = user.choose(&shown, "Choose", &[&target]).await.message();
        }
    }
    if shown.has_button("End turn") {
        user.click(&shown, "End turn").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_is_refused_in_one_private_sentence() {
    let guild = guild().await;
    let gm = guild.fake.user(GM);
    let private = |result: &InteractionResult| assert!(result.message().is_private());
    let none = gm.slash(CHANNEL, "combat", "status", &[]).await;
    private(&none);
    assert!(none.text().contains("No fight is open"), "{}", none.text());
    let bad = gm.slash(CHANNEL, "roll", "", &[("dice", json!("2d"))]).await;
    private(&bad);
    let bad = gm.slash(CHANNEL, "combat", "start", &[("monsters", json!("3 wyvernlings"))]).await;
    private(&bad);
    assert!(bad.text().contains("bestiary"), "{}", bad.text());
    let combat = guild.begun("goblin-warrior", None).await;
    let card = guild.card("Round").await;
    // a forged button, one with a good form and nothing behind it, and one of another fight
    for forged in ["v1|x|mine||0", "nonsense", &format!("v1|{}|mine||1", CombatId(12))] {
        let answer = guild.fake.user(MIRA).forge_component(&card, 2, forged, &[]).await;
        private(&answer);
    }
    for verb in ["gact", "gchg", "hp", "auto", "hide", "rmve", "undo", "ends", "paus", "gm"] {
        let id = format!("v1|{combat}|{verb}|goblin-warrior|1");
        let values = vec!["goblin-warrior".to_owned()];
        let answer = guild.fake.user(MIRA).forge_component(&card, 2, &id, &values).await;
        if answer.kind() != 9 {
            private(&answer);
        }
    }
    assert_eq!(guild.snapshot(combat).await.phase(), pb::Phase::Running, "nothing was changed");
    // an outsider has no panel
    let outsider = guild.fake.user(99).click(&card, "My actions").await;
    private(&outsider);
    assert!(outsider.text().contains("join"), "{}", outsider.text());
    guild.fake.assert_clean();
    guild.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_button_of_an_earlier_turn_shows_a_fresh_panel() {
    let guild = guild().await;
    let combat = guild.begun("goblin-warrior", None).await;
    let (user, _) = guild.player_to_act(combat).await.unwrap();
    let card = guild.card("Round").await;
    let old = user.click(&card, "My actions").await.message();
    user.click(&old, "End turn").await;
    let again = user.forge_component(&old, 2, &old.button("End turn").custom_id, &[]).await;
    let text = said(&again);
    assert!(text.to_lowercase().contains("turn"), "{text}");
    assert!(again.message().is_private());
    guild.fake.assert_clean();
    guild.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_game_master_steers_from_the_panel() {
    let guild = guild().await;
    let combat = guild.begun("goblin-warrior", Some("20x16")).await;
    let gm = guild.fake.user(GM);
    guild.player_to_act(combat).await.unwrap();
    let card = guild.card("Round").await;
    let panel = gm.click(&card, "GM").await.message();
    let select = panel.select("Change");
    let goblin = select.options.iter().find(|(name, ..)| name.contains("Goblin"));
    let goblin = goblin.expect("the goblin is there").1.clone();
    let sheet = gm.choose(&panel, "Change", &[&goblin]).await.message();
    let by_hand = gm.click(&sheet, "Play by hand").await.message();
    assert!(by_hand.has_button("Autopilot"), "{}", by_hand.text());
    let form = gm.click(&by_hand, "Hit points").await;
    let set = gm.submit_modal(&form, &[("hit_points", "3")]).await;
    assert!(said(&set).contains("3/"), "{}", said(&set));
    let panel = gm.click(&set.message(), "Back").await.message();
    let undone = gm.click(&panel, "Undo").await.message();
    assert!(undone.text().contains("undone"), "{}", undone.text());
    let paused = gm.click(&undone, "Pause").await.message();
    assert!(paused.has_button("Resume"), "{}", paused.text());
    guild.card("paused").await;
    let sure = gm.click(&paused, "End the fight").await.message();
    gm.click(&sure, "End it").await;
    guild.card("Over").await;
    guild.fake.assert_clean();
    guild.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dice_help_and_characters_answer() {
    let guild = guild().await;
    let user = guild.fake.user(MIRA);
    let rolled = user.slash(CHANNEL, "roll", "", &[("dice", json!("2d6+3 for @everyone"))]).await;
    assert!(!rolled.message().is_private());
    assert!(!rolled.text().contains("@everyone"), "{}", rolled.text());
    let help = user.slash(CHANNEL, "help", "", &[]).await;
    assert!(help.message().is_private());
    assert!(help.text().contains("/combat start") && help.text().contains("/character use"));
    let one = user.slash(CHANNEL, "help", "", &[("command", json!("combat action"))]).await;
    assert!(one.text().contains("target"), "{}", one.text());
    let classes =
        user.autocomplete(CHANNEL, "character", "create", &[("class", json!(""))], "class").await;
    assert!(classes.len() >= 8, "{classes:?}");
    let name = "**@everyone** \u{202e}Bob";
    let options = [("name", json!(name)), ("class", classes[0].1.clone())];
    let made = user.slash(CHANNEL, "character", "create", &options).await;
    assert!(made.text().contains("is ready"), "{}", made.text());
    let list = user.slash(CHANNEL, "character", "list", &[]).await;
    assert!(list.text().contains("played now"), "{}", list.text());
    assert!(!list.text().contains("@everyone"));
    let shown = user.slash(CHANNEL, "character", "show", &[]).await;
    assert!(shown.text().contains("HP"), "{}", shown.text());
    let monsters = user
        .autocomplete(
            CHANNEL,
            "combat",
            "start",
            &[("monsters", json!("bugbear, 3 gob"))],
            "monsters",
        )
        .await;
    let offered = json!("bugbear, 3 goblin-warrior");
    assert!(monsters.iter().any(|(_, value)| *value == offered), "{monsters:?}");
    guild.fake.assert_clean();
    guild.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_restart_old_buttons_work_and_the_card_is_not_posted_again() {
    let before = guild().await;
    let combat = before.begun("goblin-warrior", None).await;
    before.player_to_act(combat).await.unwrap();
    let card = before.card("Round").await;
    let (fake, store) = (before.fake.clone(), before.store.clone());
    let writes = fake.see(|world| world.command_writes);
    before.close().await;
    let after = serve(&fake, &store).await;
    let (user, _) = after.player_to_act(combat).await.unwrap();
    let panel = user.click(&card, "My actions").await.message();
    assert!(panel.is_private());
    user.click(&panel, "End turn").await;
    let cards = |messages: Vec<MessageView>| {
        messages.into_iter().filter(|one| one.has_button("Log") && one.has_button("GM")).count()
    };
    after.player_to_act(combat).await;
    assert_eq!(cards(fake.channel(CHANNEL).messages()), 1);
    assert_eq!(fake.see(|world| world.command_writes), writes, "the commands had not changed");
    fake.assert_clean();
    after.close().await;
}

/// SRD 5.2.1, Character Creation: a class, a level, a species, a background and six scores are said,
/// all else is filled in; and the sheet can be read, taken away and brought again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_character_is_made_of_what_is_said_and_goes_out_and_in_as_json() {
    let guild = guild().await;
    let user = guild.fake.user(MIRA);
    let offered = |option: &'static str, typed: &'static str| {
        let user = &user;
        async move {
            user.autocomplete(CHANNEL, "character", "create", &[(option, json!(typed))], option)
                .await
        }
    };
    let species = offered("species", "elf").await;
    assert!(species.iter().any(|(_, value)| *value == json!("Wood Elf")), "{species:?}");
    assert_eq!(offered("background", "").await.len(), 4);
    assert_eq!(offered("class", "").await.len(), 12);
    assert!(offered("level", "1").await.len() >= 11);
    assert_eq!(offered("scores", "").await[0].1, json!("15 14 13 12 10 8"));

    let said = |scores: &str, species: &str| {
        [
            ("name", json!("Ada")),
            ("class", json!("monk")),
            ("level", json!("5")),
            ("species", json!(species)),
            ("background", json!("criminal")),
            ("scores", json!(scores)),
        ]
    };
    let wrong = user.slash(CHANNEL, "character", "create", &said("15 15 15 15 8 8", "pixie")).await;
    let text = wrong.text();
    assert!(text.contains("27 to spend") && text.contains("pixie"), "{text}");
    let wrong = user.slash(CHANNEL, "character", "create", &said("many", "elf")).await;
    assert!(wrong.text().contains("six numbers"), "{}", wrong.text());
    let made =
        user.slash(CHANNEL, "character", "create", &said("8 15 13 10 14 12", "wood elf")).await;
    assert!(made.text().contains("Ada, Monk 5, is ready"), "{}", made.text());

    // Dexterity 17 and 19 with level 4, Wisdom 14: 10 + 4 + 2.
    let shown = user.slash(CHANNEL, "character", "show", &[]).await.text();
    for wanted in ["Armor Class 16: 10 (Unarmored Defense)", "Speed 45 ft", "Focus Points 5"] {
        assert!(shown.contains(wanted), "{wanted} is missing in {shown}");
    }
    let out = user.slash(CHANNEL, "character", "export", &[]).await.text();
    let json = out.split("```json\n").nth(1).unwrap().split("\n```").next().unwrap();
    let back = user.slash(CHANNEL, "character", "import", &[("sheet", json!(json))]).await;
    assert!(back.text().contains("Ada, Monk 5, is ready"), "{}", back.text());
    let broken = json.replace("Wood Elf", "Sea Elf").replace("\"acrobatics\"", "\"juggling\"");
    let told = user.slash(CHANNEL, "character", "import", &[("sheet", json!(broken))]).await.text();
    assert!(told.contains("lineage") && told.contains("juggling"), "{told}");
    // A new level in the place of the old sheet: still the same two characters.
    let grown = json.replace("\"level\": 5", "\"level\": 6");
    let options = [("sheet", json!(grown)), ("character", json!("Ada"))];
    let replaced = user.slash(CHANNEL, "character", "import", &options).await.text();
    assert!(replaced.contains("Ada, Monk 6, is ready"), "{replaced}");
    let list = user.slash(CHANNEL, "character", "list", &[]).await.text();
    assert_eq!((list.matches("Monk 5").count(), list.matches("Monk 6").count()), (1, 1), "{list}");
    let nonsense = user.slash(CHANNEL, "character", "import", &[("sheet", json!("hello"))]).await;
    assert!(nonsense.text().contains("line 1"), "{}", nonsense.text());
    guild.fake.assert_clean();
    guild.close().await;
}
