//! The contract: stored events read back for ever, viewers learn nothing they may not, and no
//! request, however broken, does more than being refused.

mod hostile;
mod samples;
mod secrets;
mod stored;

use skirmish::protocol::refusals_page;

#[test]
fn the_page_of_refusals_is_made_from_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/refusals.md");
    #[expect(clippy::disallowed_methods, reason = "a test that rewrites its own page on request")]
    let rewrite = std::env::var_os("UPDATE_DOCS").is_some();
    if rewrite {
        std::fs::write(path, refusals_page()).unwrap();
    }
    let page = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(page, refusals_page(), "run the tests with UPDATE_DOCS=1 to write docs/refusals.md");
}
