//! One number for how a fight stands, so that two copies of it can be compared from afar.
//!
//! Left out is what undo never takes back: numbers of turns and questions, the game master, the
//! dice drawn. Hash maps and addresses never enter it: the same fight gives the same number anywhere.

use core::fmt::Write;

use super::state::{Combat, Creature};

/// FNV-1a with 128 bits; what is written into it is hashed.
struct Fnv(u128);

const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

impl Write for Fnv {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u128::from(byte)).wrapping_mul(PRIME);
        }
        Ok(())
    }
}

impl Combat {
    /// The fingerprint of everything that undo takes back.
    pub fn fingerprint(&self) -> u128 {
        let mut fnv = Fnv(OFFSET);
        // Writing into the hash cannot fail, so there is no error to hand on.
        let written = self.walk(&mut fnv);
        debug_assert!(written.is_ok(), "hashing does not fail");
        fnv.0
    }

    fn walk(&self, out: &mut Fnv) -> core::fmt::Result {
        let Self {
            phase,
            name,
            game_master: _,
            edition,
            map,
            creatures,
            order,
            round,
            turn: _,
            last_turn: _,
            current,
            pending,
            next_prompt: _,
            commitments: _,
            ended,
            drawn: _,
        } = self;
        write!(out, "{phase:?}|{name:?}|{edition:?}|{map:?}|{order:?}|{round}|{current:?}|")?;
        for open in pending {
            let (creature, question) = (open.prompt.creature, open.prompt.question);
            write!(out, "{creature:?}|{question:?}|{:?}|", open.suspended)?;
        }
        let reason = ended.as_ref().map(|(reason, _)| reason);
        write!(out, "{reason:?}|")?;
        creatures.iter().try_for_each(|creature| walk_creature(creature, out))
    }
}

fn walk_creature(creature: &Creature, out: &mut Fnv) -> core::fmt::Result {
    let Creature {
        id,
        name,
        side,
        owner,
        character,
        definition,
        hit_points,
        temporary_hit_points,
        life,
        conditions,
        effects,
        spent,
        position,
        concentration,
        initiative,
        economy,
        readied,
        hidden,
        autopilot,
        left,
        tally,
        damage_since_turn,
        maximum_lost,
        resistances_spent,
        withstood,
    } = creature;
    write!(out, "{id:?}|{name:?}|{side:?}|{owner:?}|{character:?}|{definition:?}|")?;
    write!(out, "{hit_points}|{temporary_hit_points}|{life:?}|{conditions:?}|{effects:?}|")?;
    write!(
        out,
        "{spent:?}|{position:?}|{concentration:?}|{initiative:?}|{economy:?}|{readied:?}|"
    )?;
    write!(out, "{hidden}|{autopilot}|{left}|{tally:?}|{damage_since_turn:?}|")?;
    write!(out, "{maximum_lost}|{resistances_spent}|{withstood:?}|")
}
