//! Rolls the dice of a fight again, from the file that `skirmish export` wrote and the seed that was
//! shown at the end.
//!
//! It believes nothing that the file says about its dice: each face is computed. What cannot be
//! computed is counted and named, never passed over. It does not judge whether the rules were
//! followed.

mod eras;
mod rolls;
mod stream;

use super::dice::face;
use super::export::EXPORT_FORMAT;
use super::fold::to_timeline;
use crate::protocol::pb::combat_event::Event;
use crate::protocol::{Commit, Unreadable, pb, read_commit};
use crate::rules::timeline::Timeline;
use eras::Eras;
use rolls::{Roll, rolls_of};
use stream::Shown;

/// Most findings that are told one by one; all are counted.
pub const FINDINGS_MAX: usize = 100;

/// Something in the file that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The number of the event; 0 for the whole file.
    pub seq: u64,
    /// What was found, and what was expected.
    pub what: String,
}

/// What the file comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Every public roll in it was computed again and is the same.
    Verified,
    /// Nothing is wrong, but not every public roll could be computed.
    Unproven,
    /// Something is not as it must be.
    Mismatch,
}

impl Verdict {
    /// As JSON says it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Unproven => "unproven",
            Self::Mismatch => "mismatch",
        }
    }
}

/// A promise about the public dice, and whether it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// BLAKE3 of the seed.
    pub commitment: [u8; 32],
    /// The event that published it.
    pub seq: u64,
    /// Whether the seed was shown.
    pub revealed: bool,
}

/// What was found in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proof {
    pub events: u64,
    /// Whether it is a complete file, and not what a spectator saw.
    pub complete: bool,
    pub promises: Vec<Promise>,
    /// Rolls and dice computed again: with the public seeds, and with the hidden ones.
    pub public_rolls: u64,
    pub public_dice: u64,
    pub hidden_rolls: u64,
    pub hidden_dice: u64,
    /// Public rolls made before a commitment was published.
    pub early_rolls: u64,
    /// Public rolls whose seed was not shown.
    pub sealed_rolls: u64,
    /// Rolls of hidden dice whose seed is not in the file.
    pub secret_rolls: u64,
    /// Rolls that do not say where they were drawn.
    pub unplaced_rolls: u64,
    /// Public dice of events that this viewer may not see.
    pub unseen_dice: u64,
    /// The first [`FINDINGS_MAX`], in the order of the file.
    pub findings: Vec<Finding>,
    pub findings_in_all: usize,
}

impl Proof {
    /// What it comes to.
    pub fn verdict(&self) -> Verdict {
        if self.findings_in_all > 0 {
            Verdict::Mismatch
        } else if self.sealed_rolls > 0 || self.unplaced_rolls > 0 || !self.kept() {
            Verdict::Unproven
        } else {
            Verdict::Verified
        }
    }

    /// Whether there was a promise, and one was kept.
    fn kept(&self) -> bool {
        self.promises.iter().any(|promise| promise.revealed)
    }
}

/// Why a file is none of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoExport {
    #[error("it was written by a newer version of Skirmish (format {format}); use that version")]
    Newer { format: u32 },
    #[error("{path} {message}")]
    Wrong { path: String, message: String },
}

fn wrong(path: impl Into<String>, message: impl Into<String>) -> NoExport {
    NoExport::Wrong { path: path.into(), message: message.into() }
}

/// Computes every roll of a file again.
///
/// # Errors
/// Where the file is no export at all; what is wrong with its dice is in the [`Proof`].
pub fn prove(export: &pb::FightExport) -> Result<Proof, NoExport> {
    match export.format {
        1..=EXPORT_FORMAT => {}
        0 => return Err(wrong("format", "must be given")),
        format => return Err(NoExport::Newer { format }),
    }
    let complete = export.viewer() == pb::ViewerRole::Unspecified;
    if complete != export.events.is_empty() || complete == export.commits.is_empty() {
        return Err(wrong("commits", "or events must be given, as the viewer says"));
    }
    let events: Vec<&pb::CombatEvent> = if complete {
        export.commits.iter().flat_map(|commit| &commit.events).collect()
    } else {
        export.events.iter().collect()
    };
    let mut proving = Proving::new(&events, export);
    proving.numbers(export.last_seq);
    proving.dice();
    if complete {
        proving.replay(export)?;
    }
    Ok(proving.finish())
}

/// A file on its way to a verdict.
struct Proving<'a> {
    events: &'a [&'a pb::CombatEvent],
    eras: Eras,
    public: Shown,
    hidden: Shown,
    proof: Proof,
    findings: Vec<Finding>,
}

impl<'a> Proving<'a> {
    fn new(events: &'a [&'a pb::CombatEvent], export: &pb::FightExport) -> Self {
        let mut findings = Vec::new();
        let eras = Eras::of(events, &export.hidden_seeds, &mut findings);
        let complete = export.viewer() == pb::ViewerRole::Unspecified;
        let proof = Proof {
            events: u64::try_from(events.len()).unwrap_or(u64::MAX),
            complete,
            promises: eras.promises(),
            ..Proof::default()
        };
        Self { events, eras, public: Shown::default(), hidden: Shown::default(), proof, findings }
    }

    fn find(&mut self, seq: u64, what: impl Into<String>) {
        self.findings.push(Finding { seq, what: what.into() });
    }

    /// From 1 to the last, without a gap.
    fn numbers(&mut self, last_seq: u64) {
        let mut expected = 1_u64;
        for event in self.events {
            let seq = event.seq.unwrap_or_default();
            if seq != expected {
                self.find(seq, format!("event {expected} is missing: this is {seq}"));
            }
            expected = seq.saturating_add(1);
        }
        if expected != last_seq.saturating_add(1) {
            let last = expected.saturating_sub(1);
            self.find(last, format!("the file ends here, and says that it goes on to {last_seq}"));
        }
    }

    fn dice(&mut self) {
        for event in self.events {
            let seq = event.seq.unwrap_or_default();
            for roll in event.event.iter().flat_map(rolls_of) {
                if let Some(what) = &roll.wrong_sum {
                    self.find(seq, format!("{}: {what}", roll.what));
                }
                self.roll(seq, &roll);
            }
        }
    }

    /// One roll: where it was drawn, and each of its faces.
    fn roll(&mut self, seq: u64, roll: &Roll) {
        if roll.dice.is_empty() {
            return;
        }
        let Some(draw) = roll.draw else {
            self.proof.unplaced_rolls = self.proof.unplaced_rolls.saturating_add(1);
            return;
        };
        let era = self.eras.at(seq);
        let (seed, early) = (era.public_seed, era.commitment.is_none_or(|at| at.seq > seq));
        let hidden_seed = era.hidden_seed;
        let proof = &mut self.proof;
        match (draw.stream(), draw.first) {
            (pb::DiceStream::Public, Some(first)) => {
                self.public.note(seq, first, &roll.dice);
                proof.early_rolls = proof.early_rolls.saturating_add(u64::from(early));
                match seed {
                    Some(seed) => {
                        let dice = self.compute(&seed, seq, first, roll);
                        self.proof.public_rolls = self.proof.public_rolls.saturating_add(1);
                        self.proof.public_dice = self.proof.public_dice.saturating_add(dice);
                    }
                    None => proof.sealed_rolls = proof.sealed_rolls.saturating_add(1),
                }
            }
            (pb::DiceStream::Hidden, Some(first)) => {
                self.hidden.note(seq, first, &roll.dice);
                match hidden_seed {
                    Some(seed) => {
                        let dice = self.compute(&seed, seq, first, roll);
                        self.proof.hidden_rolls = self.proof.hidden_rolls.saturating_add(1);
                        self.proof.hidden_dice = self.proof.hidden_dice.saturating_add(dice);
                    }
                    None => proof.secret_rolls = proof.secret_rolls.saturating_add(1),
                }
            }
            (pb::DiceStream::Hidden, None) => {
                proof.secret_rolls = proof.secret_rolls.saturating_add(1);
            }
            (pb::DiceStream::Public, None) | (pb::DiceStream::Unspecified, _) => {
                proof.unplaced_rolls = proof.unplaced_rolls.saturating_add(1);
            }
        }
    }

    /// Compares each face; how many there were.
    fn compute(&mut self, seed: &[u8; 32], seq: u64, first: u64, roll: &Roll) -> u64 {
        let numbers = (first..=u64::MAX).zip(&roll.dice);
        for (die, (sides, shown)) in numbers {
            let expected = u16::try_from(*sides).ok().filter(|sides| *sides > 0);
            let expected = expected.map(|sides| u32::from(face(seed, die, sides)));
            if expected != Some(*shown) {
                let right = expected.map_or("no such die".to_owned(), |face| face.to_string());
                let what = roll.what;
                let what =
                    format!("{what}, die {die} (d{sides}): {shown} is shown, {right} is right");
                self.find(seq, what);
            }
        }
        u64::try_from(roll.dice.len()).unwrap_or(u64::MAX)
    }

    /// The events of a complete file lead to the state that it states.
    fn replay(&mut self, export: &pb::FightExport) -> Result<(), NoExport> {
        let stated: Option<[u8; 16]> = export.fingerprint.as_ref().try_into().ok();
        let found = replay(export)?.combat().fingerprint();
        if stated.map(u128::from_be_bytes) != Some(found) {
            self.find(0, "the events lead to another state than the file says");
        }
        Ok(())
    }

    fn finish(mut self) -> Proof {
        let drawn = |which: fn(&pb::DrawIndex) -> u64| {
            let all = self.events.iter().filter_map(|event| event.drawn.as_ref());
            all.map(which).max().filter(|_| self.proof.complete)
        };
        let (public, hidden) = (drawn(|it| it.public), drawn(|it| it.hidden));
        let public = self.public.walk(public, &mut self.findings);
        let hidden = self.hidden.walk(hidden, &mut self.findings);
        let blind = |gap: &stream::Gap| {
            let seqs = gap.after_seq..=gap.before_seq;
            self.events.iter().any(|event| {
                matches!(event.event, Some(Event::Hidden(_)))
                    && event.seq.is_some_and(|seq| seqs.contains(&seq))
            })
        };
        // A roll that does not say where it was drawn may be what fills a hole.
        let excused = self.proof.unplaced_rolls > 0;
        for gap in public {
            if !self.proof.complete && blind(&gap) {
                let dice = gap.end.saturating_sub(gap.first);
                self.proof.unseen_dice = self.proof.unseen_dice.saturating_add(dice);
            } else if !excused {
                self.findings.push(hole("public", &gap));
            }
        }
        if self.proof.complete && !excused {
            self.findings.extend(hidden.iter().map(|gap| hole("hidden", gap)));
        }
        self.findings.sort_by_key(|finding| finding.seq);
        self.proof.findings_in_all = self.findings.len();
        self.findings.truncate(FINDINGS_MAX);
        Proof { findings: self.findings, ..self.proof }
    }
}

fn hole(stream: &str, gap: &stream::Gap) -> Finding {
    let (first, last) = (gap.first, gap.end.saturating_sub(1));
    let what = format!("the {stream} dice {first} to {last} were drawn and are shown nowhere");
    Finding { seq: gap.after_seq, what }
}

/// The commits of a complete file, as the log has them.
///
/// # Errors
/// Which of them cannot be read, and why.
pub fn import(export: &pb::FightExport) -> Result<Vec<Commit>, NoExport> {
    let mut read = Vec::with_capacity(export.commits.len());
    for (index, commit) in export.commits.iter().enumerate() {
        let path = format!("commits[{index}]");
        let commit = read_commit(commit.clone()).map_err(|fault| match fault {
            Unreadable::Newer { format } => NoExport::Newer { format },
            Unreadable::Damaged(fault) => wrong(format!("{path}.{}", fault.path), fault.message),
        })?;
        if commit.session_id.to_string() != export.session_id {
            return Err(wrong(path, "is of another fight"));
        }
        read.push(commit);
    }
    Ok(read)
}

/// The fight that a complete file leads to.
///
/// # Errors
/// As [`import`].
pub fn replay(export: &pb::FightExport) -> Result<Timeline, NoExport> {
    let commits = import(export)?;
    Ok(Timeline::refold(commits.iter().map(to_timeline)))
}
