//! Programs that start another program: init processes, user switchers, `env`, `timeout` and their like.
//!
//! The wrapper's own options, and above all its own `--`, must not be taken for the service's.

use crate::place::Word;

/// How a wrapper reads its own words.
#[derive(Clone, Copy)]
struct Wrapper {
    names: &'static [&'static str],
    /// Letters of short options that take a value.
    short: &'static str,
    /// Long options whose value is the next word unless `=` follows.
    long: &'static [&'static str],
    /// Words of its own in front of the program, such as the user.
    operands: usize,
    /// Whether `NAME=value` words may come in front of the program.
    assignments: bool,
}

const fn plain(names: &'static [&'static str], short: &'static str, operands: usize) -> Wrapper {
    Wrapper { names, short, long: &[], operands, assignments: false }
}

const fn longer(
    names: &'static [&'static str],
    short: &'static str,
    long: &'static [&'static str],
    operands: usize,
) -> Wrapper {
    Wrapper { names, short, long, operands, assignments: false }
}

const WRAPPERS: &[Wrapper] = &[
    plain(&["tini", "tini-static", "tini-amd64", "docker-init", "docker-init-static"], "pe", 0),
    longer(&["dumb-init"], "r", &["rewrite"], 0),
    plain(&["catatonit", "podman-init", "pid1", "yelp-dumb-init"], "", 0),
    plain(
        &[
            "su-exec",
            "gosu",
            "s6-setuidgid",
            "setuidgid",
            "s6-envuidgid",
            "envuidgid",
            "envdir",
            "s6-envdir",
        ],
        "",
        1,
    ),
    plain(&["s6-applyuidgid"], "ugG", 0),
    longer(
        &["setpriv"],
        "",
        &[
            "reuid",
            "regid",
            "ruid",
            "euid",
            "rgid",
            "egid",
            "groups",
            "inh-caps",
            "ambient-caps",
            "bounding-set",
            "securebits",
            "pdeathsig",
            "ptracer",
            "selinux-label",
            "apparmor-profile",
            "landlock-access",
            "landlock-rule",
            "seccomp-filter",
        ],
        0,
    ),
    longer(&["nice"], "n", &["adjustment"], 0),
    longer(&["ionice"], "cnpPu", &["class", "classdata"], 0),
    plain(&["chrt"], "TPD", 1),
    plain(&["taskset"], "", 1),
    longer(
        &["numactl"],
        "CNmilLpP",
        &["cpunodebind", "physcpubind", "membind", "interleave", "preferred"],
        0,
    ),
    Wrapper {
        names: &["env"],
        short: "uC",
        long: &["unset", "chdir"],
        operands: 0,
        assignments: true,
    },
    longer(&["chroot"], "", &["userspec", "groups"], 1),
    longer(&["timeout"], "ks", &["kill-after", "signal"], 1),
    longer(&["stdbuf"], "ioe", &["input", "output", "error"], 0),
    plain(
        &[
            "nohup",
            "setsid",
            "catchsegv",
            "unbuffer",
            "with-contenv",
            "command",
            "builtin",
            "nocache",
            "eatmydata",
        ],
        "",
        0,
    ),
    plain(&["fixuid", "vault-env", "bubblewrap-run", "pid1.sh"], "", 0),
    plain(&["exec"], "a", 0),
    longer(&["flock"], "wE", &["timeout", "wait", "conflict-exit-code"], 1),
    longer(&["time"], "fo", &["format", "output"], 0),
    Wrapper {
        names: &["sudo"],
        short: "ugCcDhpRrTtU",
        long: &["user", "group", "chdir", "host", "prompt", "chroot", "role", "type"],
        operands: 0,
        assignments: true,
    },
    plain(&["doas"], "uC", 0),
    longer(&["runuser"], "ugGws", &["user", "group", "supp-group", "shell"], 0),
    plain(&["chpst"], "uUbenmodpfclLrt/", 0),
    longer(&["authbind"], "", &["depth"], 0),
    longer(&["strace", "ltrace"], "eopsauEIOSPX", &[], 0),
    plain(&["unshare", "prlimit"], "SGRw", 0),
];

/// Tools whose program stands behind `--`, whatever precedes it.
const BEHIND_DASHES: &[&str] = &[
    "wait-for-it",
    "wait-for-it.sh",
    "wait-for",
    "wait-for.sh",
    "wait4x",
    "chamber",
    "doppler",
    "op",
    "aws-vault",
    "infisical",
    "sops",
    "berglas",
    "summon",
    "teller",
    "dotenv",
    "envconsul",
    "reflex",
    "watchexec",
    "gow",
    "dlv",
    "dlv-dap",
    "honeyvent",
    "otel-cli",
    "s6-overlay",
    "dockerize",
    "consul-template",
    "nsenter",
    "ssh-agent",
    "xvfb-run",
    "bwrap",
    "start-stop-daemon",
];

/// Processes that hold a pod's namespaces open and do nothing else.
const PAUSE: &[&str] = &["pause", "pause-amd64", "pause-arm64", "catatonit-pause"];

/// Processes that start services by their own configuration.
const SUPERVISORS: &[&str] = &[
    "systemd",
    "supervisord",
    "runsvdir",
    "runsv",
    "runit",
    "runit-init",
    "openrc-init",
    "s6-svscan",
    "s6-supervise",
    "execlineb",
    "monit",
    "circusd",
    "pm2",
    "pm2-runtime",
    "foreman",
    "forego",
    "honcho",
    "overmind",
    "hivemind",
    "goreman",
    "upstart",
    "launchd",
    "crond",
    "cron",
    "containerd-shim",
    "containerd-shim-runc-v2",
    "conmon",
    "sshd",
    // These start it somewhere else.
    "ssh",
    "kubectl",
    "oc",
    "make",
];

/// Programs that do something and end, or do nothing: never the service.
const PREPARATIONS: &[&str] = &[
    "[",
    "[[",
    ":",
    "alias",
    "apk",
    "apt-get",
    "awk",
    "basename",
    "break",
    "cat",
    "cd",
    "chgrp",
    "chmod",
    "chown",
    "continue",
    "cp",
    "curl",
    "cut",
    "date",
    "declare",
    "dirname",
    "echo",
    "envsubst",
    "eval",
    "exit",
    "export",
    "false",
    "find",
    "grep",
    "head",
    "hostname",
    "id",
    "install",
    "jq",
    "kill",
    "let",
    "ln",
    "local",
    "ls",
    "mkdir",
    "mktemp",
    "mv",
    "nc",
    "openssl",
    "popd",
    "printenv",
    "printf",
    "pushd",
    "pwd",
    "read",
    "readonly",
    "return",
    "rm",
    "sed",
    "set",
    "shift",
    "shopt",
    "sleep",
    "sort",
    "source",
    ".",
    "stat",
    "stty",
    "sysctl",
    "tail",
    "tee",
    "test",
    "touch",
    "tr",
    "trap",
    "true",
    "type",
    "typeset",
    "ulimit",
    "umask",
    "unalias",
    "uname",
    "uniq",
    "unset",
    "update-ca-certificates",
    "wait",
    "wc",
    "wget",
    "which",
    "whoami",
    "xargs",
    "yq",
];

/// The last part of a program's path, in lower case.
pub(crate) fn base_name(word: &Word) -> String {
    let name = word.text.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
    // A login shell is called "-bash".
    let name = name.strip_prefix('-').unwrap_or(&name);
    name.strip_suffix(".exe").unwrap_or(name).to_owned()
}

/// Whether the program is a pause process. `catatonit -P` and OpenShift's `/usr/bin/pod` are, too.
pub(crate) fn is_pause(path: &str, name: &str, rest: &[Word]) -> bool {
    PAUSE.contains(&name)
        || (name == "pod" && path == "/usr/bin/pod")
        || (name == "catatonit" && rest.iter().any(|word| word.text == "-P"))
}

/// Whether the program starts services by its own configuration. `/init` of s6-overlay runs its arguments.
pub(crate) fn is_supervisor(path: &str, name: &str, rest: &[Word]) -> bool {
    let interpreted =
        ["python", "perl", "ruby", "node"].iter().any(|interpreter| name.starts_with(interpreter));
    let script = rest.first().filter(|_| interpreted).map(base_name);
    SUPERVISORS.contains(&script.as_deref().unwrap_or(name))
        || (name == "init" && (path != "/init" || rest.is_empty()))
}

/// Whether the program can be no service.
pub(crate) fn is_preparation(name: &str) -> bool {
    PREPARATIONS.contains(&name)
}

/// What stripping a wrapper leaves.
pub(crate) struct Stripped {
    /// The program and its words.
    pub(crate) rest: Vec<Word>,
    /// Variables that the wrapper sets.
    pub(crate) assignments: Vec<(String, Word)>,
    /// The text of `env -S`, to be split into words in front of the rest.
    pub(crate) split: Option<Word>,
    /// Whether the program may see fewer variables: `env -i`, `env -u NAME`, `sudo`.
    pub(crate) clears: bool,
}

/// Takes off the wrapper that `words` begin with; `None` if there is none.
pub(crate) fn strip(words: &[Word]) -> Option<Stripped> {
    let (program, rest) = words.split_first()?;
    let name = base_name(program);
    let just = |rest: &[Word]| {
        Some(Stripped { rest: rest.to_vec(), assignments: Vec::new(), split: None, clears: false })
    };
    if BEHIND_DASHES.contains(&name.as_str()) {
        let dashes = rest.iter().position(|word| word.as_known() == Some("--"));
        match dashes {
            Some(at) => return just(rest.get(at + 1..).unwrap_or_default()),
            None if name == "dockerize" => {
                return just(go_options(rest, &["no-overwrite", "poll", "version"]));
            }
            None => return None,
        }
    }
    if name == "busybox" || (name == "init" && program.text == "/init") {
        return just(rest);
    }
    if is_script(&name)
        && rest.first().is_some_and(|next| !next.text.starts_with('-') && !next.text.is_empty())
    {
        return just(rest);
    }
    let wrapper = WRAPPERS.iter().find(|wrapper| wrapper.names.contains(&name.as_str()))?;
    Some(wrapper.strip(rest))
}

/// `entrypoint.sh server --flag`: by convention such a script ends with `exec "$@"`.
fn is_script(name: &str) -> bool {
    name.ends_with(".sh") || name == "entrypoint" || name.ends_with("-entrypoint")
}

/// Skips options of a Go program: a single dash, and the value in the next word unless `=` follows.
fn go_options<'w>(mut words: &'w [Word], boolean: &[&str]) -> &'w [Word] {
    while let Some((first, rest)) = words.split_first() {
        let Some(name) = first.text.strip_prefix("--").or_else(|| first.text.strip_prefix('-'))
        else {
            break;
        };
        let alone = name.contains('=') || boolean.contains(&name);
        words = if alone { rest } else { rest.get(1..).unwrap_or_default() };
    }
    words
}

impl Wrapper {
    fn strip(&self, words: &[Word]) -> Stripped {
        let mut words = words.iter().peekable();
        let mut assignments = Vec::new();
        let mut split = None;
        let mut clears = self.names.contains(&"sudo");
        while let Some(word) = words.next_if(|word| word.text.starts_with('-')) {
            let text = word.text.as_str();
            if text == "--" {
                break;
            }
            if self.assignments && (text.starts_with("-S") || text.starts_with("--split-string")) {
                let full = word.with_its_holes();
                let inline =
                    full.strip_prefix("--split-string=").or_else(|| full.strip_prefix("-S"));
                split = match inline.filter(|text| !text.is_empty()) {
                    Some(text) => Some(Word::with_holes(text.to_owned(), word.place.clone())),
                    None => words.next().cloned(),
                };
                break;
            }
            clears |= self.assignments
                && (text == "-"
                    || text.starts_with("-i")
                    || text.starts_with("-u")
                    || text == "--ignore-environment"
                    || text.starts_with("--unset"));
            if self.takes_next(text) {
                words.next();
            }
        }
        if self.assignments {
            while let Some(word) = words.next_if(|word| word.text.contains('=')) {
                if let Some((name, value)) = word.with_its_holes().split_once('=') {
                    let value = Word::with_holes(value.to_owned(), word.place.clone());
                    assignments.push((name.to_owned(), value));
                }
            }
        }
        for _ in 0..self.operands {
            words.next();
        }
        words.next_if(|word| word.text == "--");
        Stripped { rest: words.cloned().collect(), assignments, split, clears }
    }

    /// Whether option `text` takes the next word as its value.
    fn takes_next(&self, text: &str) -> bool {
        if let Some(name) = text.strip_prefix("--") {
            return self.long.contains(&name);
        }
        let letters = text.strip_prefix('-').unwrap_or_default();
        let first = letters.char_indices().find(|(_, letter)| self.short.contains(*letter));
        // "-p9" carries its value with it.
        first.is_some_and(|(at, letter)| at + letter.len_utf8() == letters.len())
    }
}
