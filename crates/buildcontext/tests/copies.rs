//! What Dockerfiles take out of a context.

#![expect(clippy::unwrap_used, clippy::panic, reason = "these are parts of tests")]

use buildcontext::{
    Entry, EntryKind, Fate, Filter, Matcher, Origin, Resolution, Tree, Verb, follow_paths, needs,
    walk_order,
};
use dockerfile::Certainty;

/// A context of these files; `name -> target` is a link. The directories above are added.
fn context(files: &[&str], ignore: &[&str]) -> Vec<Entry> {
    let filter = Filter::new(Matcher::of(ignore).unwrap());
    let mut entries: Vec<Entry> = Vec::new();
    for file in files {
        let (path, target) =
            file.split_once(" -> ").map_or((*file, None), |(path, to)| (path, Some(to)));
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        for end in ends {
            let part = &path[..end];
            if entries.iter().any(|entry| entry.path == part) {
                continue;
            }
            let kind = match target {
                _ if end < path.len() => EntryKind::Folder,
                Some(_) => EntryKind::Link,
                None => EntryKind::File,
            };
            let decision = filter.decide(part, kind == EntryKind::Folder).unwrap();
            let by = decision.pattern.and_then(|by| {
                let at = filter.matcher().patterns().iter().position(|one| one == by)?;
                u32::try_from(at).ok()
            });
            let fate = if decision.ignored { Fate::Excluded(by.unwrap()) } else { Fate::Sent };
            let target = target.filter(|_| end == path.len()).map(str::to_owned);
            entries.push(Entry { path: part.to_owned(), kind, size: 1, mode: 0o644, fate, target });
        }
    }
    entries.sort_by(|one, two| walk_order(&one.path, &two.path));
    entries
}

const FILES: &[&str] = &[
    "Dockerfile",
    "README.md",
    "go.mod",
    "go.sum",
    "main.go",
    "cmd/app/main.go",
    "cmd/tool/main.go",
    "docs/a.md",
    "docs/b.txt",
    "docs/sub/c.md",
    ".git/config",
    "data/x.csv",
    "link -> docs",
    "deep/er -> ../docs/sub",
    "gone -> nowhere",
    "loop -> loop",
    "name[1]",
    "docs.d/z",
];

/// What the sources of the first instruction take, as text.
fn taken(dockerfile: &str, ignore: &[&str]) -> String {
    let file = dockerfile::parse(&format!("FROM scratch\n{dockerfile}")).unwrap();
    let entries = context(FILES, ignore);
    let tree = Tree::new(&entries);
    let needs = needs(&file);
    let need = needs.first().unwrap_or_else(|| panic!("{dockerfile} takes nothing"));
    let describe = |resolution: Resolution| match resolution {
        Resolution::Taken(taken) => {
            let files = taken.iter().map(|at| &entries[*at]);
            let files = files.filter(|entry| entry.kind != EntryKind::Folder);
            files.map(|entry| entry.path.as_str()).collect::<Vec<_>>().join(" ")
        }
        Resolution::Excluded { path, pattern } => format!("excluded: {path} by {pattern:?}"),
        Resolution::Absent { path } => format!("absent: {path}"),
        Resolution::NoMatch(missed) => format!("no match, {} excluded", missed.len()),
        other => format!("{other:?}"),
    };
    let each = need.sources.iter().map(|source| describe(tree.resolve(need, source)));
    each.collect::<Vec<_>>().join(" | ")
}

#[test]
fn sources_take_what_buildkit_copies() {
    let all = ".git/config Dockerfile README.md cmd/app/main.go cmd/tool/main.go data/x.csv deep/er docs/a.md \
               docs/b.txt docs/sub/c.md docs.d/z go.mod go.sum gone link loop main.go name[1]";
    let cases: &[(&str, &str, &[&str], &str)] = &[
        ("a file", "COPY go.mod ./", &[], "go.mod"),
        ("two files", "COPY go.mod go.sum ./", &[], "go.mod | go.sum"),
        ("json", "COPY [\"go.mod\", \"/\"]", &[], "go.mod"),
        ("the whole context", "COPY . .", &[], all),
        ("a slash", "COPY / /", &[], all),
        ("out of the context", "COPY ../../go.mod /", &[], "go.mod"),
        ("a folder", "COPY docs /d", &[], "docs/a.md docs/b.txt docs/sub/c.md"),
        ("a folder with a slash", "COPY ./docs/ /d", &[], "docs/a.md docs/b.txt docs/sub/c.md"),
        ("a folder with dot", "COPY docs/. /d", &[], "docs/a.md docs/b.txt docs/sub/c.md"),
        ("a wildcard", "COPY go.* ./", &[], "go.mod go.sum"),
        ("a wildcard of folders", "COPY cmd/* /c/", &[], "cmd/app/main.go cmd/tool/main.go"),
        (
            "a wildcard in the middle",
            "COPY cmd/*/main.go /c/",
            &[],
            "cmd/app/main.go cmd/tool/main.go",
        ),
        ("two stars are one", "COPY docs/** /d/", &[], "docs/a.md docs/b.txt docs/sub/c.md"),
        ("a question mark", "COPY docs/?.md /d/", &[], "docs/a.md"),
        ("an escaped bracket", "COPY name[[]1] /", &[], "name[1]"),
        ("no wildcard matches", "COPY *.zip /", &[], "no match, 0 excluded"),
        ("only excluded match", "COPY *.go /", &["*.go"], "no match, 1 excluded"),
        ("absent", "COPY missing /", &[], "absent: missing"),
        ("absent below a file", "COPY go.mod/x /", &[], "absent: go.mod/x"),
        ("excluded", "COPY go.sum /", &["docs", "go.sum"], "excluded: go.sum by Some(1)"),
        ("excluded with its folder", "COPY docs/a.md /", &["docs"], "excluded: docs by Some(0)"),
        ("partly excluded", "COPY docs /", &["**/*.md"], "docs/b.txt"),
        ("a link", "COPY link /", &[], "docs/a.md docs/b.txt docs/sub/c.md"),
        ("through a link", "COPY link/a.md /", &[], "docs/a.md"),
        ("a relative link", "COPY deep/er/c.md /", &[], "docs/sub/c.md"),
        ("a dangling link", "COPY gone /", &[], "absent: gone"),
        ("a link to itself", "COPY loop /", &[], "absent: loop"),
        ("a link to what is excluded", "COPY link /", &["docs"], "excluded: docs by Some(0)"),
        ("a variable", "ARG A=docs\nCOPY $A/a.md /", &[], "docs/a.md"),
        ("an environment variable", "ENV A=docs\nCOPY ${A}/b.txt /", &[], "docs/b.txt"),
        ("an argument without value", "ARG A\nCOPY $A /", &[], "Unresolved"),
        ("a URL", "ADD https://example.com/a.tgz /", &[], "Elsewhere"),
        ("exclude", "COPY --exclude=*.md docs /d", &[], "docs/b.txt docs/sub/c.md"),
        ("exclude everywhere", "COPY --exclude=**/*.md docs /d", &[], "docs/b.txt"),
        (
            "exclude a folder but",
            "COPY --exclude=sub --exclude=!sub/c.md docs /d",
            &[],
            "docs/a.md docs/b.txt docs/sub/c.md",
        ),
        ("exclude does not see the source", "COPY --exclude=*.md docs/a.md /d", &[], "docs/a.md"),
        (
            "exclude badly",
            "COPY --exclude=[ docs /d",
            &[],
            "BadPattern(\"line 1: syntax error in pattern \\\"[\\\"\")",
        ),
        ("parents", "COPY --parents cmd/app/main.go /c", &[], "cmd/app/main.go"),
        (
            "parents with wildcards",
            "COPY --parents cmd/*/main.go /c",
            &[],
            "cmd/app/main.go cmd/tool/main.go",
        ),
        (
            "parents two stars",
            "COPY --parents **/*.md /c",
            &[],
            "README.md docs/a.md docs/sub/c.md",
        ),
        ("parents with pivot", "COPY --parents docs/./sub /c", &[], "docs/sub/c.md"),
        ("parents absent", "COPY --parents cmd/missing /c", &[], "absent: cmd/missing"),
        ("parents no match", "COPY --parents **/*.zip /c", &[], "no match, 0 excluded"),
        ("parents off", "COPY --parents=false cmd/app/main.go /c", &[], "cmd/app/main.go"),
        ("a mount", "RUN --mount=type=bind,source=go.mod,target=/m true", &[], "go.mod"),
        ("a mount of all", "RUN --mount=target=. true", &[], all),
        (
            "a mount knows no wildcards",
            "RUN --mount=source=go.*,target=/m true",
            &[],
            "absent: go.*",
        ),
        (
            "a quoted mount",
            "RUN --mount=type=bind,\"source=docs\",target=/m true",
            &[],
            "docs/a.md docs/b.txt docs/sub/c.md",
        ),
    ];
    for (name, dockerfile, ignore, expected) in cases {
        assert_eq!(taken(dockerfile, ignore), *expected, "{name}: {dockerfile}");
    }
}

#[test]
fn only_the_context_is_needed() {
    let file = dockerfile::parse(
        "FROM example.com/a AS one\n\
         COPY --from=two x y\n\
         COPY --from=example.com/img x y\n\
         COPY <<EOF /x\nhello\nEOF\n\
         COPY go.mod <<A <<B ./\na\nA\nb\nB\n\
         RUN --mount=type=cache,target=/x --mount=type=secret,id=a --mount=from=one,source=q,target=/r true\n\
         ADD git@example.com:a/b.git https://example.com/c.git ./d /e/\n",
    )
    .unwrap();
    let needs = needs(&file);
    let sources: Vec<(&str, Origin)> = needs
        .iter()
        .flat_map(|need| &need.sources)
        .map(|source| (source.written.as_str(), source.origin))
        .collect();
    let expected = [
        ("go.mod", Origin::Context),
        ("git@example.com:a/b.git", Origin::Git),
        ("https://example.com/c.git", Origin::Git),
        ("./d", Origin::Context),
    ];
    assert_eq!(sources, expected);
}

#[test]
fn sources_are_classified_as_buildkit_does() {
    let cases = [
        ("http://example.com/x", Origin::Http),
        ("https://example.com", Origin::Http),
        ("https://example.com/x.git", Origin::Git),
        ("https://example.com/x.git?ref=v1#a:b", Origin::Git),
        ("https://example.com/x.git/y", Origin::Http),
        ("ssh://git@example.com/x", Origin::Git),
        ("git://example.com/x", Origin::Git),
        ("git@example.com:x", Origin::Git),
        ("user-1@host:path/with/slash", Origin::Git),
        ("us er@host:path", Origin::Context),
        ("a@b", Origin::Context),
        ("github.com/owner/name", Origin::Context),
        ("ftp://example.com/x", Origin::Context),
        ("./git@example.com:x", Origin::Context),
        ("HTTP://example.com/x", Origin::Context),
        ("go.mod", Origin::Context),
        ("", Origin::Context),
    ];
    for (source, origin) in cases {
        assert_eq!(Origin::of(source), origin, "{source}");
    }
}

#[test]
fn stages_triggers_and_certainty() {
    let file = dockerfile::parse(
        "ARG V=1\nFROM scratch AS base\nARG V\nENV DIR=src\nONBUILD COPY trigger$V ./\n\
         FROM example.com/other AS unused\nCOPY unused $HOME ./\n\
         FROM base AS build\nCOPY $DIR/$V ./\nCOPY ${W}x ./\n\
         FROM example.com/last\nONBUILD ADD later /\nCOPY --from=build /x /y\nRUN --mount=type=bind,src=m,target=/m true\n",
    )
    .unwrap();
    let seen: Vec<_> = needs(&file)
        .into_iter()
        .flat_map(|need| {
            let about = (need.verb, need.stage, need.reachable, need.deferred, need.lines.first);
            need.sources.into_iter().map(move |source| (about, source.path(), source.certainty))
        })
        .collect();
    let path = |text: &str| Some(text.to_owned());
    use Certainty::{BuildArgument, Fixed, Unknown};
    assert_eq!(
        seen,
        [
            ((Verb::Copy, 1, false, false, 7), path("unused"), Fixed),
            ((Verb::Copy, 1, false, false, 7), None, Unknown),
            ((Verb::Copy, 2, true, false, 5), path("trigger1"), BuildArgument),
            ((Verb::Copy, 2, true, false, 9), path("src/1"), BuildArgument),
            ((Verb::Copy, 2, true, false, 10), path("x"), Fixed),
            ((Verb::Mount, 3, true, false, 14), path("m"), Fixed),
            ((Verb::Add, 3, false, true, 12), path("later"), Fixed),
        ]
    );
}

#[test]
fn spans_are_those_of_the_words() {
    let file = dockerfile::parse("FROM scratch\nCOPY a \\\n  bc /\n").unwrap();
    let places: Vec<_> = needs(&file)[0]
        .sources
        .iter()
        .map(|source| (source.span.start.line, source.span.start.column, source.span.end.column))
        .collect();
    assert_eq!(places, [(2, 6, 7), (3, 3, 5)]);
}

#[test]
fn buildkit_asks_only_for_what_is_needed() {
    let paths = |text: &str| follow_paths(&needs(&dockerfile::parse(text).unwrap()));
    let some =
        |paths: &[&str]| Some(paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>());
    assert_eq!(
        paths("FROM scratch\nCOPY b a/ /a /x/\nADD https://example.com/x /\n"),
        some(&["a", "b"])
    );
    assert_eq!(paths("FROM scratch\nCOPY a /\nCOPY . /\n"), None);
    assert_eq!(paths("FROM scratch\nRUN --mount=target=/x true\n"), None);
    assert_eq!(paths("FROM scratch AS x\nCOPY . /\nFROM scratch\nCOPY a /\n"), some(&["a"]));
    assert_eq!(paths("FROM scratch\nARG A\nCOPY $A /\n"), None);
    assert_eq!(paths("FROM scratch\n"), None);
    let choice = "FROM scratch AS b-linux\nCOPY l /\nFROM scratch AS b-windows\nCOPY w /\nFROM b-$TARGETOS\n";
    assert_eq!(paths(choice), some(&["l", "w"]));
}
