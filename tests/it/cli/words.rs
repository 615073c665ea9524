//! What the binary says before it does anything: help, what is missing, what is wrong.

use super::{outcome, run, skirmish};

#[test]
fn without_a_token_it_says_exactly_what_to_do() {
    for arguments in [&[][..], &["serve"]] {
        let (status, out, err) = run(arguments);
        assert_eq!((status, out.as_str()), (Some(78), ""), "{err}");
        for word in
            ["DISCORD_TOKEN", "discord.com/developers", ".env", "skirmish serve", "skirmish demo"]
        {
            assert!(err.contains(word), "{word} is missing in {err}");
        }
    }
}

#[test]
fn an_invalid_dotenv_names_file_and_line_and_no_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(".env"), "LOG=info\nDISCORD_TOKEN=canary secret words\n")
        .expect("written");
    let (status, _, err) = outcome(&skirmish(folder.path()).output().expect("it runs"));
    assert_eq!(status, Some(78), "{err}");
    assert!(err.contains(".env: line 2 ") && !err.contains("canary"), "{err}");
    std::fs::write(folder.path().join(".env"), [0xff, 0xfe, b'=', 0xff]).expect("written");
    let (status, _, err) = outcome(&skirmish(folder.path()).output().expect("it runs"));
    assert_eq!(status, Some(78), "{err}");
    let both = ["LOG_FORMAT", "METRICS_ADDR"];
    std::fs::write(folder.path().join(".env"), both.map(|name| format!("{name}=x\n")).concat())
        .expect("written");
    let (status, _, err) = outcome(&skirmish(folder.path()).output().expect("it runs"));
    assert_eq!(status, Some(78), "{err}");
    assert!(both.iter().all(|name| err.contains(name)), "{err}");
}

#[test]
fn help_mentions_everything_and_unknown_commands_are_refused() {
    let (status, help, _) = run(&["--help"]);
    assert_eq!(status, Some(0));
    for word in ["serve", "roll", "healthcheck", "Examples:", "Exit statuses:", "  78  "] {
        assert!(help.contains(word), "{word} is missing in {help}");
    }
    for key in skirmish::config::KEYS {
        assert!(help.contains(key.name), "{} is missing in {help}", key.name);
    }
    let (status, short, _) = run(&["-h"]);
    assert!(status == Some(0) && short.len() < help.len() && short.contains("--help"), "{short}");
    let (status, rolls, _) = run(&["roll", "--help"]);
    assert!(status == Some(0) && rolls.contains("4d6kh3") && rolls.contains("--seed"), "{rolls}");
    let (status, version, _) = run(&["--version"]);
    assert_eq!((status, version), (Some(0), format!("skirmish {}\n", env!("CARGO_PKG_VERSION"))));
    for wrong in [&["fight"][..], &["roll"], &["roll", "--count", "0", "1d4"], &["roll", "--x"]] {
        let (status, out, err) = run(wrong);
        assert_eq!((status, out.as_str()), (Some(64), ""), "{wrong:?}: {err}");
        assert!(!err.is_empty());
    }
}

/// The page for operators lists the same exit statuses with the same words as `--help` does.
#[test]
fn the_operators_page_lists_the_exit_statuses() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/operations.md");
    let page = std::fs::read_to_string(path).expect("the page");
    for (exit, meaning) in skirmish::cli::exit::Exit::EXPLAINED {
        let row = format!("| {} | {meaning}", exit.status());
        assert!(page.lines().any(|line| line.starts_with(&row)), "{row:?} is missing");
    }
}
