//! Settings: what is accepted, what is complained about, and that the table, the help and
//! `.env.example` say the same.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use skirmish::config::{self, Config, ConfigError, KEYS, LogFormat};

fn parse(environment: &[(&str, &str)], dotenv: Option<&str>) -> Result<Config, ConfigError> {
    let environment: BTreeMap<&str, &str> = environment.iter().copied().collect();
    config::parse(|name| environment.get(name).map(OsString::from), dotenv)
}

#[track_caller]
fn problems(environment: &[(&str, &str)], dotenv: Option<&str>) -> Vec<(String, String)> {
    let error = parse(environment, dotenv).expect_err("a problem");
    error.problems.into_iter().map(|problem| (problem.subject, problem.message)).collect()
}

#[test]
fn without_any_setting_the_defaults_hold() {
    let config = parse(&[], None).expect("defaults are good");
    assert_eq!(config.discord_token, None);
    assert_eq!(config.data_dir, PathBuf::from("./data"));
    assert_eq!((config.grpc_addr, config.metrics_addr), (None, None), "ports are off");
    assert!(config.grpc_reflection && !config.grpc_public);
    assert_eq!(config.idle_evict, Duration::from_mins(15));
    assert_eq!((config.log.as_str(), config.log_format), ("info", LogFormat::Text));
    assert_eq!(config.warnings, [""; 0]);
}

#[test]
fn every_setting_can_be_set_and_the_environment_counts_more_than_the_file() {
    let dotenv = "DISCORD_TOKEN=from.the.file\nDATA_DIR='/srv/my fights'\nLOG=warn # quiet\n\
                  export METRICS_ADDR=127.0.0.1:9465\nGRPC_ADDR=\n";
    let config = parse(
        &[
            ("DISCORD_TOKEN", "from.the.environment"),
            ("GRPC_ADDR", "[::1]:50051"),
            ("GRPC_REFLECTION", "off"),
            ("LOG_FORMAT", "json"),
            ("IDLE_EVICT_SECONDS", "60"),
            ("DISCORD_API_PROXY", "localhost:8080"),
            ("DISCORD_GATEWAY_URL", "ws://127.0.0.1:8081/gateway"),
        ],
        Some(dotenv),
    )
    .expect("all good");
    assert_eq!(config.discord_token.expect("set").expose(), "from.the.environment");
    assert_eq!(config.data_dir, PathBuf::from("/srv/my fights"));
    assert_eq!(config.metrics_addr.map(|address| address.port()), Some(9465));
    assert_eq!(config.grpc_addr.map(|address| address.port()), Some(50051));
    assert!(!config.grpc_reflection);
    assert_eq!(config.log, "warn");
    assert_eq!(config.log_format, LogFormat::Json);
}

#[test]
fn all_problems_are_said_at_once_and_no_secret_is() {
    let found = problems(
        &[
            ("DISCORD_TOKEN", "Bot canary-token-1234"),
            ("GRPC_ADDR", "localhost"),
            ("METRICS_ADDR", "0.0.0.0:9464"),
            ("LOG_FORMAT", "xml"),
            ("LOG", "=[["),
            ("IDLE_EVICT_SECONDS", "-1"),
            ("GRPC_REFLECTION", "maybe"),
            ("DISCORD_API_PROXY", "http://127.0.0.1:1"),
            ("DISCORD_GATEWAY_URL", "http://127.0.0.1"),
            ("GRPC_ALLOW_PUBLIC_PLAINTEXT", "yes"),
            ("DISCORD_TEST_ENDPOINTS_ANYWHERE", "1"),
        ],
        None,
    );
    assert_eq!(found.len(), 11, "{found:#?}");
    for (subject, message) in &found {
        assert!(message.len() > 10 && !message.contains("canary"), "{subject}: {message}");
    }
}

#[test]
fn addresses_that_others_reach_need_consent_in_words() {
    let open = ("GRPC_ADDR", "0.0.0.0:50051");
    let found = problems(&[open], None);
    assert!(found[0].1.contains("GRPC_ALLOW_PUBLIC_PLAINTEXT=i-understand"), "{found:?}");
    let consent = ("GRPC_ALLOW_PUBLIC_PLAINTEXT", config::GRPC_PUBLIC_CONSENT);
    assert!(parse(&[open, consent], None).expect("with consent").grpc_public);

    let elsewhere =
        [("DISCORD_API_PROXY", "10.0.0.9:80"), ("DISCORD_GATEWAY_URL", "wss://evil.example")];
    let found = problems(&elsewhere, None);
    assert_eq!(
        found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["DISCORD_API_PROXY", "DISCORD_GATEWAY_URL"]
    );
    let consent = ("DISCORD_TEST_ENDPOINTS_ANYWHERE", config::TEST_ENDPOINTS_CONSENT);
    assert!(parse(&[elsewhere[0], elsewhere[1], consent], None).is_ok());
    for sly in ["ws://127.0.0.1@evil.example", "ws://127.0.0.1.evil.example", "ws://127.0.0.1:x"] {
        assert!(parse(&[("DISCORD_GATEWAY_URL", sly)], None).is_err(), "{sly}");
    }
}

#[test]
fn a_dotenv_that_cannot_be_read_is_named_with_its_line_and_not_repeated() {
    let found = problems(&[], Some("LOG=info\n\nDISCORD_TOKEN=canary secret words\n"));
    assert_eq!(found[0].0, ".env");
    assert!(found[0].1.starts_with("line 3 "), "{found:?}");
    assert!(!found[0].1.contains("canary"), "{found:?}");
}

#[test]
fn a_misspelt_name_in_the_file_is_a_warning() {
    let config = parse(&[], Some("DISCORD_TOKN=abc\n")).expect("no fault");
    assert_eq!(config.warnings.len(), 1);
    assert!(config.warnings[0].contains("DISCORD_TOKN") && !config.warnings[0].contains("abc"));
}

/// `config` knows nothing of the hub, so the beginning of a token is written down in both.
#[test]
fn what_the_hub_makes_as_a_token_is_taken_out_of_texts() {
    let token = format!("{}0123456789abcdef", skirmish::hub::tokens::TOKEN_PREFIX);
    assert_eq!(config::redact(&format!("Bearer {token}.")), "Bearer [redacted].");
}

#[test]
fn a_secret_may_be_in_a_file_of_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("token");
    std::fs::write(&path, "from.a.file\n").expect("written");
    let path = path.to_str().expect("text");
    let config = parse(&[("DISCORD_TOKEN_FILE", path)], None).expect("good");
    assert_eq!(config.discord_token.expect("set").expose(), "from.a.file");
    let both = problems(&[("DISCORD_TOKEN_FILE", path), ("DISCORD_TOKEN", "x.y.z")], None);
    assert!(both[0].1.contains("remove one"), "{both:?}");
    let missing = problems(&[("DISCORD_TOKEN_FILE", "/nowhere/token")], None);
    assert!(missing[0].1.contains("/nowhere/token"), "{missing:?}");
    std::fs::write(path, "x".repeat(70_000)).expect("written");
    assert!(problems(&[("DISCORD_TOKEN_FILE", path)], None)[0].1.contains("larger"));
}

#[test]
#[allow(
    clippy::disallowed_methods,
    reason = "whether to write the file anew is asked of the shell"
)]
fn the_example_file_is_generated_from_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(".env.example");
    if std::env::var_os("SKIRMISH_BLESS").is_some() {
        std::fs::write(&path, config::example()).expect("written");
    }
    let shown = std::fs::read_to_string(&path).expect(".env.example");
    assert!(shown == config::example(), "run SKIRMISH_BLESS=1 cargo test example_file, and look");
    // With the # taken away every line of it must be a good setting.
    for key in KEYS {
        let consent = ("GRPC_ALLOW_PUBLIC_PLAINTEXT", config::GRPC_PUBLIC_CONSENT);
        assert!(parse(&[(key.name, key.example), consent], None).is_ok(), "{}", key.name);
        assert!(config::help().contains(key.name));
    }
}

#[test]
fn a_hundred_thousand_malformed_files_are_answered() {
    const PIECES: [&str; 24] = [
        "DISCORD_TOKEN",
        "GRPC_ADDR",
        "LOG",
        "METRICS_ADDR",
        "=",
        "=",
        "\n",
        "\n",
        "'",
        "\"",
        "#",
        "$",
        "${",
        "}",
        "\\",
        " ",
        "export ",
        "127.0.0.1:1",
        "https://",
        "[",
        "\u{0}",
        "é",
        "\r\n",
        "99999999999999999999",
    ];
    let mut state = 0x5eed_u64;
    let mut pick = |limit: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % limit).expect("small")
    };
    let (mut good, mut bad) = (0, 0);
    for _ in 0..100_000 {
        let text: String = (0..pick(12)).map(|_| PIECES[pick(24)]).collect();
        match parse(&[("METRICS_ADDR", PIECES[pick(24)])], Some(&text)) {
            Ok(_) => good += 1,
            Err(error) => {
                assert!(!error.problems.is_empty());
                bad += 1;
            }
        }
    }
    assert!(good > 1_000 && bad > 1_000, "{good} good, {bad} bad");
}
