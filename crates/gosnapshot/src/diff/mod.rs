//! What differs between two snapshots: A runs, B comes. Pure functions, a room for each kind of fact.

mod libraries;
mod link;
mod modules;
mod packages;
mod settings;
mod toolchain;
mod universal;

pub use toolchain::words as go_words;
pub use universal::compare_all;

use crate::{Program, Snapshot, Words};
use std::collections::{BTreeMap, BTreeSet};

/// One thing that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The rule.
    pub rule: &'static str,
    /// What differs: a module, a setting, a package.
    pub subject: String,
    /// What A has; none where it has nothing.
    pub a: Option<String>,
    /// What B has.
    pub b: Option<String>,
    /// The processors that it is so for, where files of several programs are compared and it is not so in all.
    pub part: String,
}

/// What cannot be told because a side does not say it; never taken for equality.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The rule that cannot be judged.
    pub rule: &'static str,
    /// Why.
    pub why: Words,
    /// As [`Difference::part`].
    pub part: String,
}

/// What came of a comparison.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// What differs, in the order of the rules.
    pub differences: Vec<Difference>,
    /// What could not be compared.
    pub gaps: Vec<Gap>,
    /// Rules that were judged.
    pub compared: BTreeSet<&'static str>,
    /// Why a rule was not, where it is worth a word: it does not apply, or neither side can tell.
    pub skipped: BTreeMap<&'static str, Words>,
}

impl Comparison {
    /// Something differs.
    fn differs(
        &mut self,
        rule: &'static str,
        subject: impl Into<String>,
        a: Option<&str>,
        b: Option<&str>,
    ) {
        self.compared.insert(rule);
        let owned = |it: Option<&str>| it.map(str::to_owned);
        let (subject, part) = (subject.into(), String::new());
        let difference = Difference { rule, subject, a: owned(a), b: owned(b), part };
        self.differences.push(difference);
    }

    /// Two values that should be the same; nothing and the empty text are.
    fn same(&mut self, rule: &'static str, subject: &str, a: Option<&str>, b: Option<&str>) {
        let value = |it: Option<&str>| it.filter(|it| !it.is_empty()).map(str::to_owned);
        self.compared.insert(rule);
        if value(a) != value(b) {
            self.differs(rule, subject, a, b);
        }
    }

    fn gap(&mut self, rule: &'static str, en: impl Into<String>, zh: impl Into<String>) {
        self.gaps.push(Gap { rule, why: Words::new(en, zh), part: String::new() });
    }

    fn skip(&mut self, rule: &'static str, en: &str, zh: &str) {
        self.skipped.insert(rule, Words::new(en, zh));
    }
}

/// What two sides are to each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Roles {
    /// A plugin, or a program that can load them, takes part.
    plugins: bool,
    /// One side is a plugin and the other is none.
    host_and_plugin: bool,
}

impl Roles {
    fn of(a: &Snapshot, b: &Snapshot) -> Self {
        let is_plugin = |it: &Snapshot| it.program.as_ref().is_some_and(Program::is_plugin);
        let loads = |it: &Snapshot| it.packages.as_ref().is_some_and(|all| !all.is_empty());
        // Checkouts that were compiled have hashes, too; they load plugins only where they import `plugin`.
        let loads = |it: &Snapshot| {
            let has_loader = it.packages.as_ref().is_some_and(|all| all.contains_key("plugin"));
            loads(it) && (has_loader || it.program.as_ref().is_some_and(|program| program.built))
        };
        Self {
            plugins: is_plugin(a) || is_plugin(b) || loads(a) || loads(b),
            host_and_plugin: is_plugin(a) != is_plugin(b),
        }
    }
}

/// Compares what runs (`a`) with what comes (`b`).
pub fn compare(a: &Snapshot, b: &Snapshot) -> Comparison {
    let mut all = Comparison::default();
    let (a, b) = (&completed(a, b), &completed(b, a));
    let roles = Roles::of(a, b);
    match (&a.program, &b.program) {
        (Some(old), Some(new)) => {
            all.compared.insert("build-info");
            toolchain::compare(a, b, old, new, roles, &mut all);
            settings::compare(a, b, old, new, &mut all);
            link::compare(old, new, roles, &mut all);
        }
        (old, new) => {
            for (side, program, snapshot) in [("A", old, a), ("B", new, b)] {
                if program.is_none() {
                    let name = &snapshot.source.name;
                    let why = why(snapshot, "program");
                    all.gap(
                        "build-info",
                        format!("{side} ({name}) does not say how it was built{}", why.en),
                        format!("{side}({name})没有说明构建方式{}", why.zh),
                    );
                }
            }
        }
    }
    modules::compare(a, b, roles, &mut all);
    packages::compare(a, b, roles, &mut all);
    libraries::compare(a, b, &mut all);
    unrecorded(a, b, &mut all);
    sort(&mut all);
    all
}

/// In the order of the rules.
fn sort(all: &mut Comparison) {
    let place = |it: &Difference| crate::RULES.iter().position(|rule| rule.id == it.rule);
    all.differences.sort_by(|x, y| (place(x), &x.subject).cmp(&(place(y), &y.subject)));
}

/// The same build ID is the same program, for it holds a hash of the content: what the one could not be asked, the
/// other tells.
fn completed(side: &Snapshot, other: &Snapshot) -> Snapshot {
    let id = |it: &Snapshot| {
        let program = it.program.as_ref().filter(|program| program.built)?;
        program.build_id.clone().filter(|id| !id.is_empty())
    };
    let mut side = side.clone();
    if id(&side).is_some() && id(&side) == id(other) {
        if side.links.is_none() && other.links.is_some() {
            side.links.clone_from(&other.links);
            side.unknown.retain(|it| it.part != "links");
        }
        if side.packages.is_none() && other.packages.is_some() {
            side.packages.clone_from(&other.packages);
            side.unknown.retain(|it| it.part != "packages");
        }
        // Four parts are the go command's hashes of all that went into the link; anything else somebody chose.
        let hashed = id(&side).is_some_and(|id| id.split('/').count() == 4);
        if hashed && side.toolchain.is_none() && other.toolchain.is_some() {
            side.toolchain.clone_from(&other.toolchain);
            side.unknown.retain(|it| it.part != "toolchain");
        }
        if hashed && side.c_compiler.is_none() && other.c_compiler.is_some() {
            side.c_compiler.clone_from(&other.c_compiler);
            side.unknown.retain(|it| it.part != "c-compiler");
        }
        if hashed && side.paths.is_none() {
            side.paths.clone_from(&other.paths);
        }
    }
    side
}

/// What went wrong when a side was recorded, where no rule has said it yet.
fn unrecorded(a: &Snapshot, b: &Snapshot, all: &mut Comparison) {
    for (side, snapshot) in [("A", a), ("B", b)] {
        for unknown in snapshot.unknown.iter().filter(|it| !it.by_nature) {
            let rule = match unknown.part.as_str() {
                "program" => "build-info",
                "packages" => "package-hash",
                "links" => "glibc",
                "toolchain" => "toolchain-identity",
                "c-compiler" => "c-compiler",
                "runtime" => "godebug-environment",
                "godebug" => "godebug-default",
                // Of a later kind, or of modules.
                _ => "modules",
            };
            let is_said = all.gaps.iter().any(|gap| gap.why.en.contains(&unknown.why));
            if !is_said && !all.skipped.contains_key(rule) {
                let (name, why) = (&snapshot.source.name, &unknown.why);
                all.gap(
                    rule,
                    format!("{side} ({name}) is not known whole: {why}"),
                    format!("{side}({name})未能完整记录:{}", crate::in_chinese(why)),
                );
            }
        }
    }
}

/// The reason that a snapshot gives for what it does not have, with what joins it to a sentence.
fn why(snapshot: &Snapshot, part: &str) -> Words {
    let found = snapshot.unknown.iter().find(|it| it.part == part);
    found.map_or_else(Words::default, |it| {
        Words::new(format!(": {}", it.why), format!(":{}", crate::in_chinese(&it.why)))
    })
}
