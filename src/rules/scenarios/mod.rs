//! Small creatures and a fight to try the rules on, for tests alone.
//!
//! Dice are written down; whatever was resolved is folded into a second copy and compared, so that
//! every scenario is also a test that the events alone tell the whole story.

mod attacks;
mod bodies;
mod concentration;
mod conditions;
mod course;
mod inquiries;
mod legends;
mod monsters;
mod moves;
mod nested;
mod offers;
mod reactions;
mod spared;
mod specials;
mod surprise;
mod unarmed;
mod weapons;

use std::sync::Arc;

use crate::rules::ability::ByAbility;
use crate::rules::condition::{Condition, Until};
use crate::rules::creature::{
    Attack, Cost, DamagePart, Definition, Draft, Kind, Range, Senses, Size, Speeds, Uses, Weapon,
    When,
};
use crate::rules::damage::{DamageType, DiceExpr};
use crate::rules::dice::Scripted;
use crate::rules::event::{Deed, Edition, Event, Fact};
use crate::rules::grid::{Map, Position};
use crate::rules::id::{CreatureId, SideId, Slug, UserId};
use crate::rules::illegal::Illegal;
use crate::rules::intent::{Action, Adjustments, Entrant, Intent};
use crate::rules::pending::Answer;
use crate::rules::state::{Combat, Creature, Life};

/// The id written as text.
pub(super) fn id(text: &str) -> CreatureId {
    text.parse().unwrap()
}

/// The slug written as text.
pub(super) fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

/// Dice such as 1d6+2.
pub(super) fn dice(count: u8, sides: u16, bonus: i16) -> DiceExpr {
    DiceExpr { count, sides, bonus }
}

/// One line of damage that always counts.
pub(super) fn part(dice: DiceExpr, kind: DamageType) -> DamagePart {
    DamagePart { dice, kind, when: When::Always }
}

/// A melee attack: +4, reach 5 ft, 1d6+2 slashing.
pub(super) fn blade(name: &str) -> Attack {
    Attack {
        id: Slug::of_name(name).unwrap(),
        name: name.into(),
        reach: Some(5),
        range: None,
        to_hit: 4,
        advantage: None,
        damage: vec![part(dice(1, 6, 2), DamageType::Slashing)],
        riders: Vec::new(),
        uses: Uses::AtWill,
        cost: Cost::Action,
        spell: false,
        light: false,
        weapon: Weapon::default(),
    }
}

/// A bow: +4, range 80/320 ft, 1d6+2 piercing.
pub(super) fn bow() -> Attack {
    Attack {
        reach: None,
        range: Some(Range { normal: 80, long: 320 }),
        damage: vec![part(dice(1, 6, 2), DamageType::Piercing)],
        ..blade("Bow")
    }
}

/// A monster with 20 hit points, AC 12, speed 30, a blade and a bow.
pub(super) fn draft(name: &str) -> Draft {
    Draft {
        name: name.into(),
        kind: Kind::Monster { rating_eighths: 2 },
        size: Size::Medium,
        creature_type: "humanoid".into(),
        armor_class: 12,
        hit_points: 20,
        hit_dice: None,
        speeds: Speeds { walk: 30, ..Speeds::default() },
        abilities: ByAbility::from_fn(|_| 10),
        saves: ByAbility::default(),
        skills: Vec::new(),
        proficiency_bonus: 2,
        initiative_bonus: 0,
        senses: Senses::default(),
        resistances: crate::rules::damage::DamageSet::default(),
        immunities: crate::rules::damage::DamageSet::default(),
        vulnerabilities: crate::rules::damage::DamageSet::default(),
        condition_immunities: crate::rules::condition::ConditionSet::default(),
        attacks: vec![blade("Blade"), bow()],
        multiattack: Vec::new(),
        specials: Vec::new(),
        traits: Vec::new(),
        legendary_actions: 0,
        spell_lists: Vec::new(),
        experience: 50,
        lair_experience: None,
    }
}

/// The same as a hero of level 3.
pub(super) fn hero(name: &str) -> Draft {
    Draft { kind: Kind::Hero { class: "Fighter".into(), level: 3 }, ..draft(name) }
}

/// Somebody who wants to enter a fight.
pub(super) fn entrant(name: &str, side: &str, draft: Draft, at: Option<(u8, u8)>) -> Entrant {
    Entrant {
        id: id(name),
        name: name.into(),
        side: side.parse().unwrap(),
        owner: None,
        character: None,
        definition: Arc::new(Definition::try_from(draft).unwrap()),
        hit_points: None,
        temporary_hit_points: 0,
        spent: Vec::new(),
        position: at.map(|(x, y)| Position { x, y }),
        hidden: false,
        autopilot: false,
    }
}

/// A fight being tried out.
pub(super) struct Try {
    pub(super) combat: Combat,
}

impl Try {
    /// Opened, with nobody in it yet.
    pub(super) fn gathering(map: Option<Map>) -> Self {
        Self::gathering_by(Edition::Srd521, map)
    }

    /// The same by one of the editions.
    pub(super) fn gathering_by(edition: Edition, map: Option<Map>) -> Self {
        let mut fight = Self { combat: Combat::default() };
        fight.does(
            Intent::Initiate { name: "The Old Mill".into(), game_master: UserId(1), edition, map },
            [],
        );
        fight
    }

    /// Begun, with turns in the order given; the first is open.
    pub(super) fn of(map: Option<Map>, entrants: Vec<Entrant>) -> Self {
        Self::by(Edition::Srd521, map, entrants)
    }

    /// The same by one of the editions.
    pub(super) fn by(edition: Edition, map: Option<Map>, entrants: Vec<Entrant>) -> Self {
        let mut fight = Self::gathering_by(edition, map);
        let count = u16::try_from(entrants.len()).unwrap();
        fight.does(Intent::Enter { entrants }, []);
        let begin = Intent::Begin { public_commitment: [1; 32], hidden_commitment: [2; 32] };
        fight.does(begin, (0..count).map(|n| 20 - n));
        fight
    }

    /// A hero `a` and a monster `b`, without a map.
    pub(super) fn duel(hero: Draft, monster: Draft) -> Self {
        Self::of(None, vec![entrant("a", "party", hero, None), entrant("b", "foes", monster, None)])
    }

    /// Carries out a wish with exactly these dice, and applies what came of it.
    pub(super) fn does(
        &mut self,
        intent: Intent,
        faces: impl IntoIterator<Item = u16>,
    ) -> Vec<Fact> {
        let mut dice = Scripted::new(faces);
        let shown = format!("{intent:?}");
        let legal = self.combat.check(intent).unwrap_or_else(|e| panic!("{shown}: {e:?}"));
        let events: Vec<Event> = legal.resolve(&mut dice);
        assert_eq!(dice.faults(), [], "{shown}: {events:#?}");
        assert_eq!(dice.left_over(), 0, "{shown}: {events:#?}");
        for event in &events {
            self.combat.apply(event);
        }
        let sound = self.combat.creatures().iter().all(|c| {
            c.hit_points() <= c.definition().hit_points
                && (c.life() == Life::Up) == (c.hit_points() > 0)
        });
        assert!(sound, "{shown}: {events:#?}");
        events.into_iter().map(|event| event.fact).collect()
    }

    pub(super) fn act(
        &mut self,
        who: &str,
        action: Action,
        faces: impl IntoIterator<Item = u16>,
    ) -> Vec<Fact> {
        self.does(Intent::Act { creature: id(who), action }, faces)
    }

    pub(super) fn attack(
        &mut self,
        who: &str,
        with: &str,
        target: &str,
        faces: impl IntoIterator<Item = u16>,
    ) -> Vec<Fact> {
        self.act(who, attack(with, target), faces)
    }

    pub(super) fn end_turn(
        &mut self,
        who: &str,
        faces: impl IntoIterator<Item = u16>,
    ) -> Vec<Fact> {
        self.does(Intent::EndTurn { creature: id(who) }, faces)
    }

    pub(super) fn walk(&mut self, who: &str, to: (u8, u8)) -> Vec<Fact> {
        self.act(who, walk(to), [])
    }

    pub(super) fn answers(
        &mut self,
        answer: Answer,
        faces: impl IntoIterator<Item = u16>,
    ) -> Vec<Fact> {
        let prompt = self.combat.pending().last().expect("a question is open").prompt.id;
        self.does(Intent::Respond { prompt, answer, timed_out: false }, faces)
    }

    /// Why the wish is refused.
    pub(super) fn refuses(&self, who: &str, action: Action) -> Illegal {
        let intent = Intent::Act { creature: id(who), action };
        self.combat.check(intent).map(|_| ()).expect_err("it should be refused")
    }

    pub(super) fn adjust(&mut self, who: &str, adjustments: Adjustments) -> Vec<Fact> {
        self.does(Intent::Adjust { creature: id(who), adjustments }, [])
    }

    /// The GM gives the creature a condition.
    pub(super) fn condition(&mut self, who: &str, condition: Condition) {
        self.adjust(
            who,
            Adjustments {
                add_conditions: vec![(condition, Until::Removed)],
                ..Adjustments::default()
            },
        );
    }

    pub(super) fn hit_points(&mut self, who: &str, hit_points: u16) {
        self.adjust(who, Adjustments { hit_points: Some(hit_points), ..Adjustments::default() });
    }

    pub(super) fn the(&self, who: &str) -> &Creature {
        self.combat.creature(id(who)).unwrap()
    }
}

/// An attack as an action.
pub(super) fn attack(with: &str, target: &str) -> Action {
    Action::Attack { attack: slug(with), target: id(target), mode: None }
}

/// The cheapest way to a square.
pub(super) fn walk((x, y): (u8, u8)) -> Action {
    Action::Move { to: Position { x, y }, path: Vec::new() }
}

/// The attack deed among the facts.
pub(super) fn blow(facts: &[Fact]) -> &Deed {
    facts
        .iter()
        .find_map(|fact| match fact {
            Fact::Action { deed: deed @ Deed::Attack { .. }, .. } => Some(deed),
            _ => None,
        })
        .expect("an attack was made")
}

/// A hero `a` at (5, 5) on an open field of 20 by 20, and a monster `b` somewhere on it.
pub(super) fn field_of(hero: Draft, monster: Draft, b: (u8, u8)) -> Try {
    Try::of(
        Some(Map::open(20, 20)),
        vec![entrant("a", "party", hero, Some((5, 5))), entrant("b", "foes", monster, Some(b))],
    )
}

/// The same with Ann and an orc.
pub(super) fn field(b: (u8, u8)) -> Try {
    field_of(hero("Ann"), draft("Orc"), b)
}

/// Where somebody stands.
pub(super) fn at(fight: &Try, who: &str) -> (u8, u8) {
    let Position { x, y } = fight.the(who).position().unwrap();
    (x, y)
}

/// The side of the players.
pub(super) fn party() -> SideId {
    SideId::party()
}
