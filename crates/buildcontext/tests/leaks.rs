//! What should not be sent, and lines against it.

#![expect(clippy::unwrap_used, reason = "these are parts of tests")]

use buildcontext::{
    Category, Entry, EntryKind, Fate, Filter, Matcher, Severity, by_category, holds_private_key,
    leaks, parse, suggest, walk_order,
};
use proptest::prelude::*;

/// A context of these files; `name=size` gives a size in bytes, `name*` is executable.
fn context(files: &[&str]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for file in files {
        let (path, size) =
            file.split_once('=').map_or((*file, 1), |(path, size)| (path, size.parse().unwrap()));
        let mode = if path.ends_with('*') { 0o755 } else { 0o644 };
        let path = path.trim_end_matches('*');
        for end in path.match_indices('/').map(|(at, _)| at).chain([path.len()]) {
            let path_here = path[..end].to_owned();
            let is_file = end == path.len();
            if !entries.iter().any(|entry| entry.path == path_here) {
                let kind = if is_file { EntryKind::File } else { EntryKind::Folder };
                let size = if is_file { size } else { 0 };
                entries.push(Entry {
                    path: path_here,
                    kind,
                    size,
                    mode,
                    fate: Fate::Sent,
                    target: None,
                });
            }
        }
    }
    entries.sort_by(|one, two| walk_order(&one.path, &two.path));
    entries
}

/// Files, and what is found among them.
type Case = (&'static [&'static str], &'static [(&'static str, Category)]);

use Category::*;

#[rustfmt::skip]
const NAMES: &[Case] = &[
    (&[".git/config", ".git/HEAD"], &[(".git", History)]),
    (&["sub/.git/config"], &[("sub/.git", History)]),
    (&[".gitignore", ".github/x.yml"], &[]),
    (&[".env", ".env.local", ".envrc", "a/.env"],
     &[(".env", Environment), (".env.local", Environment), (".envrc", Environment), ("a/.env", Environment)]),
    (&[".env.example", ".env.sample", ".environment", "env"], &[]),
    (&["tls/server.key", "server-key.pem", "id_rsa", "a/id_ed25519"],
     &[("a/id_ed25519", PrivateKey), ("id_rsa", PrivateKey), ("server-key.pem", PrivateKey), ("tls/server.key", PrivateKey)]),
    (&["id_rsa.pub", "key.go", "keys/readme.md"], &[]),
    (&[".ssh/known_hosts", ".aws/credentials", ".kube/config"],
     &[(".aws", Credentials), (".kube", Credentials), (".ssh", Credentials)]),
    (&[".npmrc", ".netrc", "a/.pypirc", "kubeconfig"],
     &[(".netrc", Credentials), (".npmrc", Credentials), ("a/.pypirc", Credentials), ("kubeconfig", Credentials)]),
    (&["web/node_modules/a/b.js", "web/node_modules/a/node_modules/c.js"], &[("web/node_modules", NodeModules)]),
    (&[".idea/x", ".vscode/y", ".DS_Store"], &[(".DS_Store", Editor), (".idea", Editor), (".vscode", Editor)]),
    (&[".cache/x", "a/__pycache__/y", ".gocache/z"],
     &[(".cache", Cache), (".gocache", Cache), ("a/__pycache__", Cache)]),
    (&["go/pkg/mod/cache/download/x", "go/pkg/mod/example.com/a@v1/x.go"], &[("go/pkg/mod", ModuleCache)]),
    (&["pkg/mod/mod.go"], &[]),
    (&["a/testdata/x", "a/testdata/deep/testdata/y"], &[("a/testdata", TestData)]),
    (&["a/testdata/x", "a/testdata/server.key"], &[("a/testdata", TestData), ("a/testdata/server.key", PrivateKey)]),
    (&["pkg.test*=5000000", "small.test*", "text.test=5000000"], &[("pkg.test", TestBinary)]),
    (&["coverage.out", "cover.out", "coverage/index.html"],
     &[("cover.out", Coverage), ("coverage", Coverage), ("coverage.out", Coverage)]),
    (&["coverage.go", "coverage/x.go"], &[]),
    (&["terraform.tfstate", "terraform.tfstate.backup", "prod.tfvars", "a.auto.tfvars.json", ".terraform/x"],
     &[(".terraform", Cache), ("a.auto.tfvars.json", Terraform), ("prod.tfvars", Terraform), ("terraform.tfstate", Terraform), ("terraform.tfstate.backup", Terraform)]),
    (&["vendor/a/x.go", "vendor/a/vendor/b/y.go"], &[("vendor/a/vendor", VendorTwice)]),
    (&["a.tar.gz=20000000", "b.zip", "c.iso=999999999"], &[("a.tar.gz", Archive), ("c.iso", Archive)]),
    (&["core=2000000", "core.123=2000000", "core.go=2000000", "core"], &[("core", CoreDump), ("core.123", CoreDump)]),
    (&["main.go", "go.mod", "Dockerfile"], &[]),
];

#[test]
fn names_give_leaks_away() {
    for (files, expected) in NAMES {
        let found = leaks(&context(files));
        let found: Vec<(&str, Category)> =
            found.iter().map(|leak| (leak.path.as_str(), leak.category)).collect();
        assert_eq!(found, *expected, "{files:?}");
    }
}

#[test]
fn folders_are_told_once_with_their_sums() {
    let found = leaks(&context(&[
        "node_modules/a=10",
        "node_modules/b/c=20",
        "x/testdata/k.key=5",
        "x/testdata/y=1",
    ]));
    let sums: Vec<_> = found
        .iter()
        .map(|leak| (leak.path.as_str(), leak.files, leak.bytes, leak.is_folder, leak.in_test_data))
        .collect();
    let expected = [
        ("node_modules", 2, 30, true, false),
        ("x/testdata", 2, 6, true, false),
        ("x/testdata/k.key", 1, 5, false, true),
    ];
    assert_eq!(sums, expected);
    assert_eq!(by_category(&found)[&PrivateKey], (1, 1, 5));
    assert_eq!(PrivateKey.severity(), Severity::Secret);
    assert_eq!(NodeModules.severity(), Severity::Waste);
}

#[test]
fn what_is_not_sent_is_no_leak() {
    let mut entries = context(&[".git/config", ".env"]);
    for entry in &mut entries {
        entry.fate = Fate::Excluded(0);
    }
    assert_eq!(leaks(&entries), []);
}

#[test]
fn content_decides_where_names_do_not() {
    let found = leaks(&context(&["ca.pem", "server.key", "my-key.pem", "public.key"]));
    let wants: Vec<_> = found.iter().map(|leak| (leak.path.as_str(), leak.wants_content)).collect();
    assert_eq!(
        wants,
        [("ca.pem", true), ("my-key.pem", false), ("public.key", true), ("server.key", false)]
    );
    let pem = |label: &str| {
        format!("text\r\n-----BEGIN {label}-----\r\nAAAA\r\n-----END {label}-----\r\n")
    };
    for (label, expected) in [
        ("RSA PRIVATE KEY", true),
        ("PRIVATE KEY", true),
        ("ENCRYPTED PRIVATE KEY", true),
        ("OPENSSH PRIVATE KEY", true),
        ("PGP PRIVATE KEY BLOCK", true),
        ("PUBLIC KEY", false),
        ("CERTIFICATE", false),
    ] {
        assert_eq!(holds_private_key(pem(label).as_bytes()), expected, "{label}");
    }
}

fn lines(files: &[&str], named: &[&str], present: &str) -> Vec<String> {
    let named: Vec<String> = named.iter().map(|path| (*path).to_owned()).collect();
    let present = parse(present).unwrap();
    let found = suggest(&leaks(&context(files)), &named, &present);
    found.into_iter().map(|suggestion| suggestion.line).collect()
}

#[test]
fn suggestions_are_few_and_spare_what_is_named() {
    type Case<'c> = (&'c str, &'c [&'c str], &'c [&'c str], &'c str, &'c [&'c str]);
    let cases: &[Case<'_>] = &[
        ("at the root", &[".git/x", ".env"], &[], "", &[".git", ".env"]),
        ("in one place", &["web/node_modules/x"], &[], "", &["web/node_modules"]),
        (
            "in several places",
            &["a/node_modules/x", "node_modules/x"],
            &[],
            "",
            &["**/node_modules"],
        ),
        ("named itself", &[".env", "tls/server.key"], &["tls/server.key"], "", &[".env"]),
        (
            "named elsewhere with that name",
            &["a/testdata/x", "b/testdata/y"],
            &["b/testdata"],
            "",
            &["a/testdata"],
        ),
        (
            "named inside",
            &["testdata/x", "testdata/y"],
            &["testdata/x"],
            "",
            &["testdata", "!testdata/x"],
        ),
        ("a named folder above", &["conf/.env", "conf/app.yaml"], &["conf"], "", &["conf/.env"]),
        ("hidden by a present line anyway", &[".env"], &[], "foo", &[".env"]),
        ("present exceptions that are stronger", &[".git/x"], &[], ".git\n!.git/x", &[".git"]),
        (
            "odd names",
            &["a [1]/.env", "!x/.env.p", "#y/.envrc"],
            &[],
            "",
            &["a \\[1\\]/\\.env", "\\!x/\\.env\\.p", "\\#y/\\.envrc"],
        ),
        ("what a folder covers", &["a/testdata/x.key", "testdata/y"], &[], "", &["**/testdata"]),
        ("what only content tells", &["ca.pem"], &[], "", &[]),
        ("nothing to do", &["main.go"], &["main.go"], "", &[]),
    ];
    for (name, files, named, present, expected) in cases {
        assert_eq!(lines(files, named, present), *expected, "{name}");
    }
}

fn names() -> impl Strategy<Value = String> {
    let name = proptest::sample::select(vec![
        ".git",
        ".env",
        "node_modules",
        "a",
        "testdata",
        "server.key",
        " x",
        "b*",
        "[c]",
        "!d",
        "#e",
        "f{1}",
        "\\g",
        "vendor",
        "é\n",
    ]);
    proptest::collection::vec(name, 1..4).prop_map(|parts| parts.join("/"))
}

proptest! {
    /// With the suggestions nothing of what they claim is sent, and everything that is named is.
    #[test]
    fn suggestions_do_what_they_claim(
        files in proptest::collection::vec(names(), 1..12),
        named in proptest::collection::vec(names(), 0..3),
    ) {
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let entries = context(&files);
        let found = leaks(&entries);
        let suggested = suggest(&found, &named, &[]);
        let text: String = suggested.iter().map(|one| format!("{}\n", one.line)).collect();
        let filter = Filter::new(Matcher::new(&parse(&text).unwrap()).unwrap());
        for path in suggested.iter().flat_map(|one| &one.leaks) {
            let folder = found.iter().any(|leak| leak.path == *path && leak.is_folder);
            prop_assert!(filter.decide(path, folder).unwrap().ignored, "{path:?} with {text:?}");
        }
        for path in &named {
            prop_assert!(!filter.decide(path, false).unwrap().ignored, "{path:?} with {text:?}");
        }
    }
}
