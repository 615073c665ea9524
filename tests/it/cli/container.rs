//! The program as its container runs it: not as root, in a root that nobody can write to, with the
//! data folder as the only exception.
//!
//! The container is made by hand, from what util-linux and coreutils have: a mount namespace, a
//! file system in memory with the program and the libraries it was linked with (the image's program
//! has none), and `chroot`. Where the system allows no namespace the tests say that they were not
//! run; with CI=true that is a failure.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use skirmish::protocol::pb;

use super::outcome;
use super::server::{self, Server};
use crate::support::fight::{GUILD, call, goblins, initiate, request};

/// The user of the Dockerfile.
const USER: u32 = 65_532;

/// Makes the root and becomes the program in it. Whatever fails ends it with the shell's words.
const ENTER: &str = r#"
set -eu
root=$1 data=$2 mode=$3 user=$4 binary=$5
shift 5
mount -t tmpfs -o mode=0755,size=64m skirmish "$root"
mkdir "$root/data"
touch "$root/skirmish"
mount --bind "$binary" "$root/skirmish"
mount -o remount,bind,ro "$root/skirmish"
ldd "$binary" | sed -n 's,^[^/]*\(/[^ ]*\) (0x.*,\1,p' | while read -r library; do
  mkdir -p "$root$(dirname "$library")"
  cp "$library" "$root$library"
done
mount --bind "$data" "$root/data"
mount -o "remount,bind,$mode" "$root/data"
mount -o remount,bind,ro "$root"
if touch "$root/probe" 2>/dev/null; then
  echo "the root can be written to" >&2
  exit 99
fi
if [ "$user" = same ]; then
  exec chroot "$root" /skirmish "$@"
fi
exec chroot --userspec="$user:$user" --groups="$user" "$root" /skirmish "$@"
"#;

/// A root of its own for the program, and what is mounted at `/data` in it.
pub(super) struct Container {
    folder: tempfile::TempDir,
    /// Root of the machine can become somebody else; anybody else is nobody but themselves.
    as_root: bool,
}

impl Container {
    /// Nothing where the system allows no namespace; the reason has been said then.
    #[allow(clippy::disallowed_methods, reason = "whether this is CI is asked of the shell")]
    pub(super) fn new() -> Option<Self> {
        let as_root = std::fs::metadata("/proc/self").expect("procfs").uid() == 0;
        let mut probe = namespace(as_root);
        let probe = probe.arg("true").output().expect("unshare, of util-linux");
        if !probe.status.success() {
            let why = String::from_utf8_lossy(&probe.stderr).trim().to_owned();
            let in_ci = std::env::var_os("CI").is_some_and(|ci| ci == "true");
            assert!(!in_ci, "no namespace can be made, and CI may skip nothing: {why}");
            eprintln!("NOT RUN, for no namespace can be made here: {why}");
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let container = Self { folder, as_root };
        std::fs::create_dir(container.path("root")).expect("made");
        std::fs::create_dir(container.path("data")).expect("made");
        if as_root {
            std::os::unix::fs::chown(container.path("data"), Some(USER), Some(USER)).expect("own");
        }
        Some(container)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program with these arguments; `mode` of the data folder is `rw` or `ro`.
    pub(super) fn command(&self, mode: &str, arguments: &[&str]) -> Command {
        let user = if self.as_root { USER.to_string() } else { "same".to_owned() };
        let mut command = namespace(self.as_root);
        command.args(["sh", "-c", ENTER, "sh"]).args([self.path("root"), self.path("data")]);
        command.args([mode, &user, env!("CARGO_BIN_EXE_skirmish")]).args(arguments);
        command.env("DATA_DIR", "/data");
        command
    }

    /// The program once more, next to one that runs.
    fn beside(&self, server: &Server, arguments: &[&str]) -> Command {
        let mut command = plain("nsenter");
        command.arg(format!("--target={}", server.child.id())).args(["--mount", "--root", "--wd"]);
        if self.as_root {
            command.args([format!("--setuid={USER}"), format!("--setgid={USER}")]);
        } else {
            command.args(["--user", "--preserve-credentials"]);
        }
        command.arg("/skirmish").args(arguments).env("DATA_DIR", "/data");
        command
    }

    /// Names in the data folder.
    pub(super) fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.path("data")).expect("a folder");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
            .collect();
        names.sort();
        names
    }
}

/// A command that knows where programs are and nothing else.
fn plain(program: &str) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").stdin(Stdio::null());
    command
}

fn namespace(as_root: bool) -> Command {
    let mut command = plain("unshare");
    command.args(["--mount", "--propagation=private"]);
    if !as_root {
        command.args(["--user", "--map-root-user"]);
    }
    command
}

/// Mount points of a process, as it sees them, with `rw` or `ro`.
fn mounts(pid: u32) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/mountinfo")).expect("readable");
    let mount = |line: &str| {
        let fields: Vec<&str> = line.split(' ').collect();
        let super_options = fields.last().expect("options").split(',').next().expect("one");
        let own = fields[5].split(',').next().expect("one");
        let writable = own == "rw" && super_options == "rw";
        (fields[4].to_owned(), if writable { "rw" } else { "ro" }.to_owned())
    };
    text.lines().map(mount).collect()
}

fn status_field(pid: u32, name: &str) -> String {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("readable");
    let line = text.lines().find_map(|line| line.strip_prefix(name)).expect("a field");
    line.trim_start_matches(':').trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_runs_without_root_in_a_root_that_cannot_be_written() {
    let Some(container) = Container::new() else { return };
    let mut command = container.command("rw", &["serve"]);
    server::without_discord(&mut command);
    let mut running = Server::start(&mut command);
    let pid = running.child.id();

    let writable: Vec<String> =
        mounts(pid).into_iter().filter(|(_, mode)| mode == "rw").map(|(at, _)| at).collect();
    assert_eq!(writable, ["/data"], "{:?}", mounts(pid));
    assert!(mounts(pid).contains(&("/".to_owned(), "ro".to_owned())), "{:?}", mounts(pid));
    if container.as_root {
        assert_eq!(status_field(pid, "Uid"), [USER.to_string().as_str(); 4].join("\t"));
        assert_eq!(status_field(pid, "Groups"), USER.to_string());
        assert_eq!(status_field(pid, "CapEff"), "0".repeat(16));
    } else {
        assert_ne!(status_field(pid, "Uid").split('\t').next(), Some("0"));
    }

    let healthy = container.beside(&running, &["healthcheck"]).output().expect("it runs");
    assert_eq!(outcome(&healthy), (Some(0), String::new(), String::new()));

    // Something to write: a token through the socket, a fight through the port.
    let wish = ["token", "add", "start", "--guild", "1", "--user", "1"];
    let made = container.beside(&running, &wish).output().expect("it runs");
    let (status, token, err) = outcome(&made);
    assert_eq!(status, Some(0), "{err}");
    let open = request("open", "", initiate(GUILD, vec![goblins(1, false)]));
    let receipt = running.calls().await.submit(call(token.trim(), open)).await.expect("opened");
    let session = receipt.into_inner().session_id;
    assert!(running.figures().contains("skirmish_commits_total 1\n"), "{}", running.figures());

    assert_eq!(running.terminate().code(), Some(0), "{}", running.log);
    assert!(!running.log.contains("\"level\":\"ERROR\""), "{}", running.log);
    assert_eq!(container.files(), ["skirmish.lock", "skirmish.redb"], "the socket is taken away");

    // The next container finds the fight.
    let mut again = Server::start(&mut command);
    let list = pb::ListCombatsRequest::default();
    let found = again.calls().await.list_combats(call(token.trim(), list)).await.expect("listed");
    let found: Vec<String> =
        found.into_inner().combats.into_iter().map(|one| one.session_id).collect();
    assert_eq!(found, [session]);
    assert_eq!(again.terminate().code(), Some(0), "{}", again.log);
    let stopped = container.command("rw", &["healthcheck"]).output().expect("it runs");
    let (status, _, err) = outcome(&stopped);
    assert_eq!(status, Some(69), "{err}");
}

#[test]
fn a_data_folder_that_is_mounted_read_only_is_refused() {
    let Some(container) = Container::new() else { return };
    let mut command = container.command("ro", &["serve"]);
    server::without_discord(&mut command);
    let (status, out, err) = outcome(&command.output().expect("it runs"));
    assert_eq!((status, out.as_str()), (Some(73), ""), "{err}");
    assert!(err.starts_with("skirmish: cannot write in the data folder /data: "), "{err}");
    assert!(err.contains("mount it writable") && err.contains("Read-only file system"), "{err}");
    assert_eq!(err.lines().count(), 1, "{err}");
    assert_eq!(container.files(), [""; 0], "nothing half done");
}

/// What the two tests above hold the program to, the Dockerfile has to ask for.
#[test]
fn the_dockerfile_asks_for_it() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("Dockerfile");
    let text = std::fs::read_to_string(path).expect("a Dockerfile");
    let image = text.rsplit_once("\nFROM ").expect("a last stage").1;
    for line in [
        "scratch",
        "ENV DATA_DIR=/data",
        "VOLUME /data",
        "USER 65532:65532",
        "STOPSIGNAL SIGTERM",
        "ENTRYPOINT [\"/skirmish\"]",
        "CMD [\"serve\"]",
    ] {
        assert!(image.lines().any(|has| has == line), "{line} is missing in\n{image}");
    }
    assert!(image.contains("--chown=65532:65532 /out/data /data"), "{image}");
    assert!(image.contains("CMD [\"/skirmish\", \"healthcheck\"]"), "{image}");
    assert!(!image.contains("\nRUN "), "nothing runs in an image without a shell");
}
