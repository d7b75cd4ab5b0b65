//! `module-cache-modified`

use crate::{Check, Group, Words};
use goward_facts::{GoModFile, GoSumFile, ModuleCache, Workspace};
use goward_model::{Finding, Findings, Location, SlaTier, Text};
use modcache::{Change, Part, Verified, Wanted};
use std::sync::Arc;

pub(crate) static CHECK: Check = Check {
    id: "module-cache-modified",
    group: Group::Integrity,
    title: Words {
        en: "the module cache holds what go.sum says",
        zh: "模块缓存的内容与 go.sum 一致",
    },
    tier: SlaTier::P0,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid", "go-sum-valid"],
    why: Words {
        en: "Go verifies a module when it downloads it and never again: an edited file in the module cache is compiled with exit status 0. `go mod verify` compares the cache with the hashes that lie beside it, so whoever rewrites folder, zip and hash passes that, too. Here every folder that Go would compile, every zip that it would unpack and every go.mod that decides about versions is summed and held against the committed go.sum.",
        zh: "Go 只在下载时校验模块，此后不再校验：模块缓存中被改动的文件会照常编译并以 0 退出。`go mod verify` 只与缓存旁边的哈希比较，因此把目录、zip 和哈希一并改写即可通过。这里对 Go 会编译的每个目录、会解包的每个 zip、参与版本选择的每个 go.mod 重新计算校验和，并与已提交的 go.sum 对照。",
    },
    fix: Words {
        en: "Find out who wrote there; then `go clean -modcache` and `go mod download`, and rebuild what was built from it.",
        zh: "查明是谁改动的；然后运行 `go clean -modcache` 和 `go mod download`，并重新构建由其产出的所有制品。",
    },
    references: &["https://go.dev/ref/mod#module-cache", "https://go.dev/ref/mod#go-mod-verify"],
    closes: &[
        r#"-- go env --
GOMODCACHE=/gomodcache
-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.0.0
-- go.sum --
example.com/a v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
example.com/a v1.0.0/go.mod h1:e96dX1sjlBfHEpPeW0vJaWKWpvUqETvYz9wR7a1K0q0=
-- /gomodcache/example.com/a@v1.0.0/a.go --
package a

func init() { println("not what was reviewed") }
"#,
        r#"-- go env --
GOMODCACHE=/gomodcache
-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.0.0
-- go.sum --
example.com/a v1.0.0/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
-- /gomodcache/cache/download/example.com/a/@v/v1.0.0.mod --
module example.com/a
"#,
    ],
    opens: &[r#"-- go env --
GOMODCACHE=/gomodcache
-- go.mod --
module example.com/m

go 1.24.0

require example.com/a v1.0.0
-- go.sum --
example.com/a v1.0.0 h1:VEUcYKYLbKBYq0eA/VEJ3mMQBzi4jjWpusjuduGJcBQ=
-- /gomodcache/example.com/a@v1.0.0/a.go --
package a
"#],
    judge: &(judge as fn(&GoModFile, &GoSumFile, &Workspace, &ModuleCache, &mut Findings)),
};

fn judge(
    module: &GoModFile,
    own: &GoSumFile,
    workspace: &Workspace,
    cache: &ModuleCache,
    findings: &mut Findings,
) {
    if cache.folder.is_empty() {
        return super::no_module(module, findings);
    }
    let place = |wanted: &Wanted, go_mod: bool| place(own, workspace, wanted, go_mod);
    let (mut folders, mut files, mut bytes, mut absent) = (0_usize, 0_usize, 0_u64, 0_usize);
    for (wanted, verified) in &cache.modules {
        if verified.dir == Part::Good {
            folders += 1;
            files += verified.files;
            bytes = bytes.saturating_add(verified.bytes);
        }
        if wanted.h1.is_some() && verified.dir == Part::Absent {
            absent += 1;
        }
        for (what, go_mod, said) in wrong(wanted, verified) {
            let (location, text) = place(wanted, go_mod);
            let evidence = format!("{} {} {what}", wanted.path, wanted.version);
            let finding = Finding::at(location, evidence, said, CHECK.fix.into());
            findings.report(finding.quoting(&text));
        }
        for part in [&verified.dir, &verified.zip, &verified.ziphash, &verified.go_mod] {
            if let Part::Unreadable(why) = part {
                let name = format!("{} {}", wanted.path, wanted.version);
                findings.unknown(Text::new(
                    format!("{name} in the module cache cannot be read: {why}; `go clean -modcache` and `go mod download` get it anew"),
                    format!("模块缓存中的 {name} 无法读取：{why}；`go clean -modcache` 后 `go mod download` 可重新获取"),
                ));
            }
        }
    }
    let seen = |part: &Part| !matches!(part, Part::Absent);
    let any = |(_, verified): &(Wanted, Verified)| {
        seen(&verified.dir) || seen(&verified.zip) || seen(&verified.go_mod)
    };
    if !cache.modules.is_empty() && !cache.modules.iter().any(any) {
        findings.not_applicable(Text::new(
            "nothing is in the module cache yet: Go will verify what it downloads",
            "模块缓存中尚无内容：Go 会校验其下载的内容",
        ));
    }
    findings.note(note(cache, folders, files, bytes, absent));
}

/// What was looked at, and what by its nature was not.
fn note(cache: &ModuleCache, folders: usize, files: usize, bytes: u64, absent: usize) -> Text {
    let megabytes = bytes / 1_000_000;
    let mut en = format!("{folders} modules ({files} files, {megabytes} MB) are what go.sum says");
    let mut zh = format!("{folders} 个模块（{files} 个文件，{megabytes} MB）与 go.sum 一致");
    if absent > 0 {
        en += &format!("; {absent} are not unpacked: Go will verify them");
        zh += &format!("；{absent} 个尚未解包：Go 届时会校验");
    }
    if let Some(uncovered) = cache.uncovered.as_ref().filter(|uncovered| !uncovered.is_empty()) {
        const SHOWN: usize = 5;
        let (count, selected) = (uncovered.len(), cache.selected);
        let names: Vec<&str> = uncovered.iter().take(SHOWN).map(String::as_str).collect();
        let (names, more) = (names.join(", "), if count > SHOWN { ", …" } else { "" });
        en += &format!(
            "; no committed sum covers {count} of the {selected} selected modules, from which nothing is built: {names}{more}"
        );
        zh += &format!(
            "；所选 {selected} 个模块中有 {count} 个没有已提交的校验和（不从中构建任何内容）：{names}{more}"
        );
    }
    Text::new(en, zh)
}

/// Each part that is not what was committed: its name, whether the go.mod's sum says so, and the words.
fn wrong(wanted: &Wanted, verified: &Verified) -> Vec<(&'static str, bool, Text)> {
    let name = format!("{} {}", wanted.path, wanted.version);
    let mut all = vec![];
    let mut say =
        |what, go_mod, en: String, zh: String| all.push((what, go_mod, Text::new(en, zh)));
    if let Part::Bad(found) = &verified.dir {
        let (en, zh) = changes(&verified.changes);
        say(
            "folder",
            false,
            format!(
                "the folder of {name} in the module cache was changed (its sum is {found}){en}"
            ),
            format!("模块缓存中 {name} 的目录被改动（其校验和为 {found}）{zh}"),
        );
    }
    if let Some(link) = verified.links.first() {
        say(
            "link",
            false,
            format!("{link} of {name} in the module cache is a link; Go makes none"),
            format!("模块缓存中 {name} 的 {link} 是符号链接；Go 不会创建链接"),
        );
    }
    if let Part::Bad(found) = &verified.zip {
        say(
            "zip",
            false,
            format!("the zip of {name} in the module cache is another one (its sum is {found})"),
            format!("模块缓存中 {name} 的 zip 已不是原来的（其校验和为 {found}）"),
        );
    }
    if let Part::Bad(found) = &verified.ziphash {
        say(
            "ziphash",
            false,
            format!(
                "the hash beside the zip of {name} in the module cache is {found}, not that of go.sum"
            ),
            format!("模块缓存中 {name} 的 zip 旁的哈希为 {found}，与 go.sum 不同"),
        );
    }
    if let Part::Bad(found) = &verified.go_mod {
        say(
            "go.mod",
            true,
            format!("the go.mod of {name} in the module cache was changed (its sum is {found})"),
            format!("模块缓存中 {name} 的 go.mod 被改动（其校验和为 {found}）"),
        );
    }
    all
}

/// The files that differ, in a few words.
fn changes(changes: &[Change]) -> (String, String) {
    const SHOWN: usize = 3;
    if changes.is_empty() {
        return (String::new(), String::new());
    }
    let each = |change: &Change| super::change_words(&change.name, &change.kind);
    let (en, zh): (Vec<_>, Vec<_>) = changes.iter().take(SHOWN).map(each).unzip();
    let more = changes.len().saturating_sub(SHOWN);
    let (mut en, mut zh) = (format!(": {}", en.join("; ")), format!("：{}", zh.join("；")));
    if more > 0 {
        en += &format!("; and {more} more");
        zh += &format!("；另有 {more} 处");
    }
    (en, zh)
}

/// The committed line that says otherwise, and its file's text.
fn place(
    own: &GoSumFile,
    workspace: &Workspace,
    wanted: &Wanted,
    go_mod: bool,
) -> (Location, Arc<str>) {
    let (path, version) = (&wanted.path, &wanted.version);
    let own = own.parsed.iter().zip(&own.text).map(|(sum, text)| ("go.sum", sum, text));
    let others = workspace.sums.iter().map(|file| (file.path.as_str(), &file.sum, &file.text));
    let found = own.chain(others).find_map(|(file, sum, text)| {
        let line = sum.lookup(path, version, go_mod).next()?;
        let number = u32::try_from(line.line).unwrap_or(u32::MAX);
        Some((Location::point(file, number, 1), Arc::clone(text)))
    });
    found.unwrap_or_else(|| (Location::whole("go.sum"), "".into()))
}
