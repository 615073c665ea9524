//! `skirmish verify`: rolls every die of an exported fight again and says what it found.
//!
//! It needs nothing but the file: no server, no data folder, no network. Never "verified" where a
//! public roll was not computed.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::exit::{Exit, Failure};
use crate::hub::{Finding, NoExport, Promise, Proof, Verdict, prove};
use crate::protocol::{BadJson, from_json, pb};

/// The largest file that is read.
const MAX_FILE_BYTES: u64 = 512 * 1024 * 1024;

const EXAMPLES: &str = "\
How it works: when a fight begins, the hash of a secret seed is published (the commitment). Every die is
a function of that seed and of the die's number, so nobody can choose a face later. At the end the seed
is shown, and anybody can compute all faces again; this command does.

What it proves: the public dice fell as the seed says that was chosen before the first of them, and no
public roll is missing or added. To be sure of the commitment as well, compare it with the one that was
shown when the fight began, or give that one with --commitment.

What it does not prove: that whoever runs the bot, and so has the seeds, did not look at dice to come;
that seeds were chosen without looking at what they give; rolls of hidden creatures, in a file without
the hidden seeds; and that the rules were followed in what was made of the dice.

Examples:
  skirmish export 01jd… -o fight.json && skirmish verify fight.json
  skirmish verify --json fight.json
  skirmish verify --commitment 9f86d081… fight.json

Exit status: 0 if every public roll was computed again and is the same; 65 if anything differs, if a
roll cannot be computed (the fight is not over, or its rolls do not say where they were drawn), or if
the file is not one of ours.";

/// Roll the dice of an exported fight again
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// A file that `skirmish export` wrote; - reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The commitment that was shown when the fight began: 64 hexadecimal digits
    #[arg(long, value_name = "HEX", value_parser = commitment_of)]
    commitment: Option<Commitment>,
    /// One JSON object, instead of lines for people
    #[arg(long)]
    json: bool,
}

/// A hash of a seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Commitment([u8; 32]);

fn commitment_of(text: &str) -> Result<Commitment, String> {
    let wrong = || "64 hexadecimal digits are needed".to_owned();
    if text.len() != 64 || !text.is_ascii() {
        return Err(wrong());
    }
    let mut bytes = [0; 32];
    for (place, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        let pair = core::str::from_utf8(pair).map_err(|_| wrong())?;
        *place = u8::from_str_radix(pair, 16).map_err(|_| wrong())?;
    }
    Ok(Commitment(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// Verifies.
///
/// # Errors
/// [`Failure`] with [`Exit::Data`] unless every public roll is as it must be.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let text = read(&arguments.file)?;
    let named = arguments.file.display();
    let no_file = |message: String| {
        Failure::new(Exit::Data, format!("{named} is not a fight that was exported: {message}"))
    };
    let export: pb::FightExport = from_json("FightExport", &text).map_err(|fault| match fault {
        BadJson::Wrong(message) => no_file(message),
        BadJson::NoSuchMessage(_) => Failure::new(Exit::Bug, fault.to_string()),
    })?;
    let mut proof = prove(&export).map_err(|fault: NoExport| no_file(fault.to_string()))?;
    if let Some(Commitment(shown)) = arguments.commitment {
        compare(&mut proof, shown);
    }
    let mut out = io::stdout().lock();
    if arguments.json {
        writeln!(out, "{}", as_json(&export, &proof))?;
    } else {
        write!(out, "{}", in_words(&export, &proof))?;
    }
    match proof.verdict() {
        Verdict::Verified => Ok(()),
        // Everything is said in the report.
        Verdict::Unproven | Verdict::Mismatch => Err(Failure::new(Exit::Data, "")),
    }
}

fn read(path: &PathBuf) -> Result<Vec<u8>, Failure> {
    let cannot = |error: io::Error| {
        Failure::new(Exit::Data, format!("{} cannot be read: {error}", path.display()))
    };
    let mut text = Vec::new();
    let limit = MAX_FILE_BYTES.saturating_add(1);
    if path.as_os_str() == "-" {
        io::stdin().lock().take(limit).read_to_end(&mut text).map_err(cannot)?;
    } else {
        File::open(path).map_err(cannot)?.take(limit).read_to_end(&mut text).map_err(cannot)?;
    }
    if u64::try_from(text.len()).unwrap_or(u64::MAX) > MAX_FILE_BYTES {
        let message = format!("{} is larger than {MAX_FILE_BYTES} bytes", path.display());
        return Err(Failure::new(Exit::Data, message));
    }
    Ok(text)
}

/// Compares the first commitment with the one that somebody saw.
fn compare(proof: &mut Proof, shown: [u8; 32]) {
    let promised = proof.promises.first();
    if promised.is_some_and(|promised| promised.commitment == shown) {
        return;
    }
    let what = match promised {
        Some(promised) => {
            format!(
                "the commitment is {}, and not the one that was shown",
                hex(&promised.commitment)
            )
        }
        None => "there is no commitment in it".to_owned(),
    };
    let seq = promised.map_or(0, |promised| promised.seq);
    proof.findings.insert(0, Finding { seq, what });
    proof.findings_in_all = proof.findings_in_all.saturating_add(1);
}

fn as_json(export: &pb::FightExport, proof: &Proof) -> Value {
    let Proof {
        events,
        complete,
        promises,
        public_rolls,
        public_dice,
        hidden_rolls,
        hidden_dice,
        early_rolls,
        sealed_rolls,
        secret_rolls,
        unplaced_rolls,
        unseen_dice,
        findings,
        findings_in_all,
    } = proof;
    let promises: Vec<Value> = promises
        .iter()
        .map(|it| json!({"commitment": hex(&it.commitment), "event": it.seq, "revealed": it.revealed}))
        .collect();
    let findings: Vec<Value> =
        findings.iter().map(|it| json!({"event": it.seq, "what": it.what})).collect();
    json!({
        "verdict": proof.verdict().word(),
        "fight": export.session_id, "name": export.name, "events": events, "complete": complete,
        "commitments": promises,
        "checked": {
            "public_rolls": public_rolls, "public_dice": public_dice,
            "hidden_rolls": hidden_rolls, "hidden_dice": hidden_dice,
        },
        "not_checked": {
            "sealed_rolls": sealed_rolls, "hidden_rolls": secret_rolls,
            "unplaced_rolls": unplaced_rolls, "unseen_dice": unseen_dice,
        },
        "rolls_before_commitment": early_rolls,
        "mismatches": findings_in_all, "findings": findings,
    })
}

fn in_words(export: &pb::FightExport, proof: &Proof) -> String {
    let mut lines = Vec::new();
    let kind = if proof.complete { "a complete file" } else { "as a spectator saw it" };
    let (name, id, events) = (&export.name, &export.session_id, proof.events);
    lines.push(format!("{name}, fight {id}: {events} events, {kind}."));
    lines.extend(proof.promises.iter().map(promise_in_words));
    lines.push(format!(
        "Public dice: {} rolls, {} dice computed again.",
        proof.public_rolls, proof.public_dice
    ));
    if proof.hidden_rolls > 0 {
        lines.push(format!(
            "Hidden dice: {} rolls, {} dice computed again.",
            proof.hidden_rolls, proof.hidden_dice
        ));
    }
    let mut note = |count: u64, text: &str| {
        if count > 0 {
            lines.push(format!("Not checked: {count} {text}"));
        }
    };
    note(proof.sealed_rolls, "rolls whose seed is not shown yet: the fight is not over.");
    note(proof.secret_rolls, "rolls with hidden dice: their seed is not in this file.");
    note(
        proof.unplaced_rolls,
        "rolls that do not say which dice they took, as in fights that version 0.1.0 began.",
    );
    note(proof.unseen_dice, "public dice of events that a spectator may not see.");
    if proof.early_rolls > 0 {
        lines.push(format!(
            "Rolled before the commitment was published: {} rolls (initiative, rolled early).",
            proof.early_rolls
        ));
    }
    for Finding { seq, what } in &proof.findings {
        lines.push(format!("MISMATCH at event {seq}: {what}."));
    }
    let more = proof.findings_in_all.saturating_sub(proof.findings.len());
    if more > 0 {
        lines.push(format!("MISMATCH: {more} more."));
    }
    lines.push(match proof.verdict() {
        Verdict::Verified => {
            "Verified: every public roll is what the seed says that was promised. \
                              Not proven: that whoever runs the bot did not look at the seed; \
                              `skirmish verify --help` says more."
                .to_owned()
        }
        Verdict::Unproven => "Unproven: nothing is wrong, but not every public roll could be \
                              computed."
            .to_owned(),
        Verdict::Mismatch => {
            format!("Mismatch: {} things are not as they must be.", proof.findings_in_all)
        }
    });
    lines.push(String::new());
    lines.join("\n")
}

fn promise_in_words(promise: &Promise) -> String {
    let Promise { commitment, seq, revealed } = promise;
    let shown = if *revealed { "its seed was shown and fits" } else { "its seed is not shown" };
    format!("Commitment {}, published by event {seq}: {shown}.", hex(commitment))
}
