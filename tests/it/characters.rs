//! Characters between fights: made of a few choices, brought and taken away as JSON, levelled up.

use serde_json::{Value, json};

use skirmish::hub::{Hub, Refusal};
use skirmish::protocol::pb;

use crate::support::fight::{GUILD, Wish, gathered, hub, master, player, send};

fn choices(class: &str, level: u32) -> pb::CharacterChoices {
    pb::CharacterChoices { class: class.into(), level, ..pb::CharacterChoices::default() }
}

async fn make(hub: &Hub, who: u64, of: pb::CharacterChoices) -> Result<pb::Character, Refusal> {
    let request = pb::CreateCharacterRequest {
        guild_id: GUILD.0.to_string(),
        name: "Mira".into(),
        sheet: Some(pb::create_character_request::Sheet::Choices(of)),
        ..pb::CreateCharacterRequest::default()
    };
    hub.create_character(&player(who), request).await
}

fn named(character: &pb::Character) -> pb::GetCharacterRequest {
    pb::GetCharacterRequest {
        guild_id: character.guild_id.clone(),
        character_id: character.character_id.clone(),
    }
}

fn export(hub: &Hub, character: &pb::Character) -> String {
    hub.export_character(&player(13), &named(character)).unwrap().json
}

fn bring(json: &str) -> pb::ImportCharacterRequest {
    pb::ImportCharacterRequest {
        guild_id: GUILD.0.to_string(),
        json: json.to_owned(),
        ..pb::ImportCharacterRequest::default()
    }
}

fn count(hub: &Hub, who: u64) -> usize {
    let list = pb::ListCharactersRequest {
        guild_id: GUILD.0.to_string(),
        ..pb::ListCharactersRequest::default()
    };
    hub.list_characters(&player(who), &list).unwrap().characters.len()
}

/// A few words are a whole sheet, and the sheet tells where its figures come from.
#[tokio::test]
async fn a_few_choices_make_a_character_with_a_whole_sheet() {
    let hub = hub();
    let mut wanted = choices("paladin", 5);
    wanted.species = "Wood Elf".into();
    wanted.scores = Some(pb::AbilityScores {
        strength: 15,
        dexterity: 8,
        constitution: 14,
        intelligence: 8,
        wisdom: 10,
        charisma: 15,
    });
    let made = make(&hub, 13, wanted).await.unwrap();
    assert_eq!((made.class.as_str(), made.level, made.name.as_str()), ("Paladin", 5, "Mira"));
    let sheet = hub.character_sheet(&player(13), &named(&made)).unwrap();
    let all: Vec<String> = sheet.sections.into_iter().flat_map(|section| section.lines).collect();
    let all = all.join("\n");
    for wanted in [
        "Chain Mail 16, Shield +2, Defense +1",
        "Slots: 4 of level 1, 2 of level 2",
        "2 attacks in",
    ] {
        assert!(all.contains(wanted), "{wanted} is missing in {all}");
    }
    let written: Value = serde_json::from_str(&export(&hub, &made)).unwrap();
    assert_eq!(written["lineage"], "Wood Elf");
    assert_eq!(written["abilities"]["method"], "point_buy");
}

/// What cannot be is refused with everything that is wrong, and nothing is stored.
#[tokio::test]
async fn choices_that_cannot_be_are_refused_in_words() {
    let hub = hub();
    let mut wanted = choices("paladin", 21);
    wanted.species = "Pixie".into();
    wanted.background = "Pirate".into();
    let refused = make(&hub, 13, wanted).await.unwrap_err();
    let said = refused.to_string();
    for word in ["classes[0].level", "Pixie", "Pirate", "Soldier", "Dragonborn"] {
        assert!(said.contains(word), "{word} is missing in {said}");
    }
    assert_eq!(refused.code(), "malformed");
    assert_eq!(count(&hub, 13), 0);
}

/// What is exported and brought again is the same character, choice for choice.
#[tokio::test]
async fn a_sheet_goes_out_and_comes_in_unchanged() {
    let hub = hub();
    for class in ["Fighter", "Wizard", "Rogue", "Cleric"] {
        let made = make(&hub, 13, choices(class, 11)).await.unwrap();
        let json = export(&hub, &made);
        let back = hub.import_character(&player(13), bring(&json)).await.unwrap();
        assert_eq!(back.problems, []);
        let back = back.character.unwrap();
        assert_ne!(back.character_id, made.character_id);
        assert_eq!(back.definition, made.definition, "{class}");
        assert_eq!(export(&hub, &back), json, "{class}");
    }
    let ready = pb::CreateCharacterRequest {
        guild_id: GUILD.0.to_string(),
        name: "Ada".into(),
        sheet: Some(pb::create_character_request::Sheet::Class("bard".into())),
        ..pb::CreateCharacterRequest::default()
    };
    let ready = hub.create_character(&player(13), ready).await.unwrap();
    let written: Value = serde_json::from_str(&export(&hub, &ready)).unwrap();
    assert_eq!((&written["name"], &written["species"]), (&json!("Ada"), &json!("Tiefling")));
}

/// The same request twice brings one character.
#[tokio::test]
async fn an_import_that_is_repeated_is_done_once() {
    let hub = hub();
    let made = make(&hub, 13, choices("Monk", 3)).await.unwrap();
    let mut again = bring(&export(&hub, &made));
    again.request_id = "once".into();
    let first = hub.import_character(&player(13), again.clone()).await.unwrap();
    let second = hub.import_character(&player(13), again.clone()).await.unwrap();
    assert_eq!(first, second);
    assert_eq!(count(&hub, 13), 2);
    again.json = again.json.replace("\"Monk\"", "\"Bard\"");
    let changed = hub.import_character(&player(13), again).await;
    let refused = changed.map(|done| done.problems.is_empty());
    assert_ne!(refused, Ok(true), "an id is for one request");
}

/// A sheet with problems, and one that is only checked, leave nothing behind.
#[tokio::test]
async fn everything_wrong_is_told_and_nothing_is_stored() {
    let hub = hub();
    let made = make(&hub, 13, choices("Fighter", 4)).await.unwrap();
    let mut sheet: Value = serde_json::from_str(&export(&hub, &made)).unwrap();
    let mut checked = bring(&sheet.to_string());
    checked.check_only = true;
    let shown = hub.import_character(&player(13), checked).await.unwrap();
    assert_eq!(shown.character.unwrap().character_id, "");
    sheet["species"] = json!("Pixie");
    sheet["gold"] = json!(u32::MAX);
    sheet["abilities"]["scores"]["strength"] = json!(9);
    let told = hub.import_character(&player(13), bring(&sheet.to_string())).await.unwrap();
    assert!(told.character.is_none());
    let paths: Vec<&str> = told.problems.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(paths, ["species", "abilities.scores", "gold"]);
    let broken = hub.import_character(&player(13), bring("{\"name\": 3")).await.unwrap();
    assert!(broken.problems[0].message.contains("line 1"), "{:?}", broken.problems);
    assert_eq!(count(&hub, 13), 1);
}

/// A new level takes the place of the old sheet: wounds stay, and nobody overwrites what they have
/// not seen.
#[tokio::test]
async fn a_sheet_is_replaced_by_who_has_seen_it() {
    let hub = hub();
    let made = make(&hub, 13, choices("Fighter", 4)).await.unwrap();
    let hurt = pb::UpdateCharacterRequest {
        guild_id: made.guild_id.clone(),
        character_id: made.character_id.clone(),
        expected_version: made.version,
        hit_points: Some(made.hit_points - 5),
        ..pb::UpdateCharacterRequest::default()
    };
    let hurt = hub.update_character(&player(13), hurt).await.unwrap();
    let mut sheet: Value = serde_json::from_str(&export(&hub, &hurt)).unwrap();
    sheet["classes"][0]["level"] = json!(5);
    let mut next = bring(&sheet.to_string());
    next.character_id.clone_from(&made.character_id);
    next.expected_version = made.version;
    let late = hub.import_character(&player(13), next.clone()).await.unwrap_err();
    assert_eq!(late.code(), "sheet_moved");
    next.expected_version = hurt.version;
    let other = hub.import_character(&player(14), next.clone()).await.unwrap_err();
    assert_eq!(other.code(), "no_such_character");
    let grown = hub.import_character(&player(13), next.clone()).await.unwrap().character.unwrap();
    assert_eq!((grown.level, grown.character_id), (5, made.character_id.clone()));
    let most = grown.definition.unwrap().hit_points;
    assert_eq!(grown.hit_points, most - 5);

    let combat = gathered(&hub, "grows", false).await;
    let join = Wish::Join(pb::Join {
        who: Some(pb::join::Who::CharacterId(made.character_id.clone())),
        side: "party".to_owned(),
        ..pb::Join::default()
    });
    send(&hub, player(13), "join", combat, join).await.unwrap();
    next.expected_version = hub.character(&player(13), &named(&made)).unwrap().version;
    let busy = hub.import_character(&player(13), next).await.unwrap_err();
    assert_eq!(busy.code(), "character_in_combat");
    send(&hub, master(), "end", combat, Wish::EndCombat(pb::EndCombat {})).await.unwrap();
}

/// A character that came as a definition has no choices to write, and loses those it had.
#[tokio::test]
async fn a_definition_has_no_sheet() {
    let hub = hub();
    let made = make(&hub, 13, choices("Fighter", 4)).await.unwrap();
    let change = pb::UpdateCharacterRequest {
        guild_id: made.guild_id.clone(),
        character_id: made.character_id.clone(),
        expected_version: made.version,
        definition: made.definition.clone(),
        ..pb::UpdateCharacterRequest::default()
    };
    hub.update_character(&player(13), change).await.unwrap();
    let refused = hub.export_character(&player(13), &named(&made)).unwrap_err();
    assert_eq!(refused.code(), "malformed");
    assert!(!hub.character_sheet(&player(13), &named(&made)).unwrap().sections.is_empty());
}
