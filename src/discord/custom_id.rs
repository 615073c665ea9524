//! What a button says about itself: which fight, what to do, with what, and in which turn.
//!
//! `v1|combat|verb|arg|turn`, at most 100 characters. It holds no secret and no right: who clicked
//! is taken from the interaction, and what they may do is decided by the hub. Whatever somebody
//! forges reads as a friendly refusal.

use core::fmt;
use core::str::FromStr;

use super::lint::CUSTOM_ID_MAX_CHARS;
use crate::rules::id::CombatId;

/// The longest argument, in bytes: what is left of 100 after the longest of everything else.
pub const ARG_MAX_BYTES: usize = 54;
/// The form of the ids; an older one would be told apart here.
const VERSION: &str = "v1";

macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// What a component does.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Verb { $($(#[$doc])* $name,)+ }

        impl Verb {
            /// Every verb, for tests and tables.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The verb as it is written in an id.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }
    };
}

verbs! {
    /// Open the panel of one's own creature.
    Mine = "mine",
    /// Join with the active character, or choose one.
    Join = "join",
    /// Join with the chosen character or hero.
    JoinAs = "joas",
    /// A page of the log; the argument is the number it begins after.
    Log = "log",
    /// Open the game master's panel; the argument is a page.
    Gm = "gm",
    /// Begin the fight.
    Begin = "begn",
    /// Show a creature's panel anew; the argument is `creature.page`.
    Panel = "panl",
    /// An action was chosen; the argument is the creature.
    Act = "act",
    /// One action, as a button; the argument is `creature.digest`.
    Do = "do",
    /// Targets were chosen; the argument is `creature.digest`.
    Aim = "aim",
    /// Another page of targets; the argument is `creature.digest.page`.
    Targets = "tgts",
    /// What to keep ready was chosen, or another page of moments; the argument is
    /// `creature.digest.page`, without the digest where the value says it.
    ReadyAs = "rdas",
    /// The moment to keep it for was chosen; the argument is `creature.digest`.
    ReadyWhen = "rdwn",
    /// A square was chosen; the argument is the creature.
    Move = "move",
    /// End the turn; the argument is the creature.
    EndTurn = "endt",
    /// Look at a question; the argument is its number.
    Prompt = "ask",
    /// Say yes; the argument is the number of the question.
    Accept = "yes",
    /// Say yes with the chosen attack.
    AcceptWith = "ywit",
    /// Say no.
    Decline = "no",
    /// Choose the creature to act for; the argument is a page.
    GmAct = "gact",
    /// Choose the creature to change; the argument is a page.
    GmChange = "gchg",
    /// Hand a creature to the program or take it back; the argument is the creature.
    Autopilot = "auto",
    /// Open the form for hit points; the argument is the creature.
    HitPoints = "hp",
    /// The form came back.
    SetHitPoints = "hpst",
    /// Hide or reveal a creature.
    Hide = "hide",
    /// Take a creature out of the fight.
    Remove = "rmve",
    Pause = "paus",
    Resume = "resm",
    Undo = "undo",
    Redo = "redo",
    /// Ask whether the fight is really to end.
    End = "end",
    /// End the fight.
    EndSure = "ends",
}

/// A component's id, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomId {
    pub combat: CombatId,
    pub verb: Verb,
    /// Up to [`ARG_MAX_BYTES`] of `[A-Za-z0-9_.-]`.
    pub arg: String,
    /// The turn it was made in.
    pub turn: u32,
}

/// The component was not made by this bot, or by one too old or too new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "This button is not one of mine, or from a version too old: open the panel from the card anew."
)]
pub struct NotMine;

impl CustomId {
    /// An id without argument, of turn 0.
    pub fn new(combat: CombatId, verb: Verb) -> Self {
        Self { combat, verb, arg: String::new(), turn: 0 }
    }

    /// With the argument; what does not fit the form is left out.
    #[must_use]
    pub fn arg(mut self, arg: impl fmt::Display) -> Self {
        self.arg = arg.to_string().chars().filter(|c| is_plain(*c)).take(ARG_MAX_BYTES).collect();
        self
    }

    /// Of this turn.
    #[must_use]
    pub fn turn(mut self, turn: u32) -> Self {
        self.turn = turn;
        self
    }

    /// The parts of the argument, which are separated by dots.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.arg.split('.')
    }
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

impl fmt::Display for CustomId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{VERSION}|{}|{}|{}|{}", self.combat, self.verb.as_str(), self.arg, self.turn)
    }
}

impl FromStr for CustomId {
    type Err = NotMine;

    fn from_str(text: &str) -> Result<Self, NotMine> {
        if text.len() > CUSTOM_ID_MAX_CHARS {
            return Err(NotMine);
        }
        let mut parts = text.split('|');
        let mut next = || parts.next().ok_or(NotMine);
        let (version, combat, verb, arg, turn) = (next()?, next()?, next()?, next()?, next()?);
        if version != VERSION || parts.next().is_some() {
            return Err(NotMine);
        }
        if arg.len() > ARG_MAX_BYTES || !arg.chars().all(is_plain) {
            return Err(NotMine);
        }
        let canonical =
            turn == "0" || (turn.bytes().all(|b| b.is_ascii_digit()) && !turn.starts_with('0'));
        Ok(Self {
            combat: combat.parse().map_err(|_| NotMine)?,
            verb: *Verb::ALL.iter().find(|one| one.as_str() == verb).ok_or(NotMine)?,
            arg: arg.to_owned(),
            turn: turn.parse().ok().filter(|_| canonical).ok_or(NotMine)?,
        })
    }
}

/// A short stand-in for a longer id, to find it again among the few that exist: 40 bits.
pub fn digest(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().chars().take(10).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_id_fits_and_reads_back() {
        for verb in Verb::ALL {
            let id = CustomId::new(CombatId(u128::MAX), *verb)
                .arg("x".repeat(ARG_MAX_BYTES + 9))
                .turn(u32::MAX);
            let text = id.to_string();
            assert!(text.len() <= CUSTOM_ID_MAX_CHARS, "{text}");
            assert_eq!(text.parse(), Ok(id));
        }
    }

    #[test]
    fn two_verbs_are_never_written_alike() {
        let mut texts: Vec<_> = Verb::ALL.iter().map(|verb| verb.as_str()).collect();
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), Verb::ALL.len());
    }

    #[test]
    fn forged_ids_are_refused() {
        let good = CustomId::new(CombatId(7), Verb::Mine).turn(3).to_string();
        assert!(good.parse::<CustomId>().is_ok());
        for bad in [
            String::new(),
            "v2".to_owned() + good.trim_start_matches("v1"),
            good.clone() + "|",
            good.replace("mine", "mine2"),
            good.replace("|3", "|03"),
            good.replace("|3", "|+3"),
            good.replace("|3", "|-1"),
            good.replace("|3", "|4294967296"),
            good.replace("mine||", "mine|a b|"),
            good.replace("mine||", "mine|é|"),
        ] {
            assert_eq!(bad.parse::<CustomId>(), Err(NotMine), "{bad}");
        }
    }
}
