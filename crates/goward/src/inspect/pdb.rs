//! A Windows program and its PDB: found, held against the program, judged. The judgement is pure.

use super::{judge::outcome, pdb_paths};
use crate::cli::{InspectArgs, Need};
use goartifact::Artifact;
use goartifact::pdb::{Against, Coverage, Found, Mismatch, Pdb};
use goward_model::{Finding, Findings, Lang, Location, Outcome, Text};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Places that are named where a PDB was looked for.
const PLACES: usize = 3;

/// What there is to judge.
pub(crate) struct Looked {
    found: Found,
    mismatches: Vec<Mismatch>,
    coverage: Option<Coverage>,
}

impl Looked {
    /// The PDB, where it is the program's own.
    pub(crate) fn own(&self) -> Option<&Pdb> {
        match &self.found {
            Found::Pdb(_, pdb) if self.mismatches.is_empty() => Some(pdb),
            _ => None,
        }
    }
}

/// Looks for the PDB of a Windows program; none of another.
pub(crate) fn look(file: &Path, artifact: &Artifact, given: Option<&Path>) -> Option<Looked> {
    let image = artifact.pe.as_ref()?;
    let found = goartifact::pdb::find(file, artifact, given, &symbol_path());
    let (mut mismatches, mut coverage) = (vec![], None);
    if let Found::Pdb(_, pdb) = &found {
        let machine = Some(image.machine);
        mismatches = goartifact::pdb::mismatches(image.code_view.as_ref(), machine, pdb);
        coverage = goartifact::pdb::coverage(artifact, pdb);
    }
    Some(Looked { found, mismatches, coverage })
}

/// Where Windows' debuggers look, too.
#[expect(clippy::disallowed_methods, reason = "the user's own choice of folders, not the target's")]
fn symbol_path() -> Vec<PathBuf> {
    let of = |name: &str| std::env::var(name).unwrap_or_default();
    let path = [of("_NT_SYMBOL_PATH"), of("_NT_ALT_SYMBOL_PATH")].join(";");
    goartifact::pdb::symbol_folders(&path)
}

/// As `goward plumbing artifact` prints it.
pub(crate) fn json(looked: &Looked, artifact: &Artifact) -> serde_json::Value {
    use serde_json::json;
    match &looked.found {
        Found::Pdb(path, pdb) => {
            let image = artifact.pe.as_ref().and_then(|pe| pe.code_view.as_ref());
            let image = image.map(|image| image.path.as_str());
            json!({
                "path": path, "pdb": pdb, "mismatches": looked.mismatches, "coverage": looked.coverage,
                "procedures": pdb.procedures.len(),
                "line_blocks": pdb.lines.len(), "paths": pdb.paths, "local_paths": pdb_paths::local(pdb, image),
            })
        }
        Found::Unreadable(path, err) => json!({"path": path, "error": err.to_string()}),
        Found::Nowhere(places) => json!({"looked_for": places}),
    }
}

/// Whether an image is no Go program and all there is to judge is its PDB.
pub(super) fn is_all_there_is(artifact: &Artifact, args: &InspectArgs) -> bool {
    let named = artifact.pe.as_ref().is_some_and(|pe| pe.code_view.is_some() || args.pdb.is_some());
    named
        && artifact.functions.is_none()
        && artifact.build_info.is_none()
        && artifact.gaps.is_empty()
}

/// Three outcomes of a Windows program; of another one where a PDB was asked for.
pub(super) fn judge(
    artifact: &Artifact,
    looked: Option<&Looked>,
    args: &InspectArgs,
    file: &Path,
) -> Vec<Outcome> {
    // Who says where it is expects it there, if the program names one.
    let named = artifact.pe.as_ref().is_some_and(|pe| pe.code_view.is_some());
    let asked = args.need.contains(&Need::Pdb) || args.pdb.is_some() && named;
    let title = Text::new("the PDB is of the same link as the program", "PDB 与程序出自同一次链接");
    let place = Location::whole(file.display().to_string());
    let Some(looked) = looked else {
        let mut findings = Findings::default();
        findings.report(Finding::at(
            place,
            "pdb of no PE",
            Text::new("it is no Windows program and has no PDB", "不是 Windows 程序,没有 PDB"),
            Text::new("Need debug instead: --need debug.", "请改用 --need debug。"),
        ));
        return if asked {
            vec![outcome("pdb-match", title, findings, None, args)]
        } else {
            vec![]
        };
    };
    let alone = is_all_there_is(artifact, args);
    let mut findings = Findings::default();
    match &looked.found {
        Found::Nowhere(places) => {
            let why = why_none(artifact, places);
            match () {
                () if asked => {
                    findings.report(Finding::at(place.clone(), "no pdb", why, how(artifact)))
                }
                () if alone => findings.unknown(why),
                () => findings.not_applicable(why),
            }
        }
        Found::Unreadable(path, err) => {
            let path = path.display();
            let zh = super::chinese::reason(&err.to_string());
            findings.unknown(Text::new(format!("{path}: {err}"), format!("{path}:{zh}")));
        }
        Found::Pdb(path, pdb) => {
            for mismatch in &looked.mismatches {
                findings.report(mismatched(mismatch, path, &place));
            }
            let ages = Text::new(
                format!("{}: {} age {}", path.display(), pdb.guid, pdb.age),
                format!("{}:{},age {}", path.display(), pdb.guid, pdb.age),
            );
            findings.note(ages);
        }
    }
    let mut outcomes = vec![outcome("pdb-match", title, findings, None, args)];
    if let Some(pdb) = looked.own() {
        let wanted = args.need.contains(&Need::Pdb) || alone;
        outcomes.push(functions(artifact, pdb, looked.coverage.as_ref(), wanted, &place, args));
    }
    outcomes.extend(pdb_paths::judge(artifact, looked, &place, args));
    outcomes
}

/// Why there is no PDB, and that for a program without cgo there can be none.
fn why_none(artifact: &Artifact, places: &[PathBuf]) -> Text {
    let named = artifact.pe.as_ref().and_then(|pe| pe.code_view.as_ref());
    if named.is_some() {
        let list: Vec<String> =
            places.iter().take(PLACES).map(|place| place.display().to_string()).collect();
        let (list, more) = (list.join(", "), places.len().saturating_sub(PLACES));
        let more = match more {
            0 => Text::same(""),
            more => Text::new(format!(" and {more} more"), format!(" 等,另有 {more} 处")),
        };
        return Text::new(
            format!("the PDB that it names is not here; looked for: {list}{}", more.en),
            format!("其指名的 PDB 不在此处;已查找:{list}{}", more.zh),
        );
    }
    match without_cgo(artifact) {
        true => Text::new(
            "it has no PDB: Go's own linker, which links with CGO_ENABLED=0, writes none; its debug information is DWARF, in the program",
            "没有 PDB:CGO_ENABLED=0 时由 Go 自带的链接器链接,它不写 PDB;调试信息是程序内的 DWARF",
        ),
        false => Text::new(
            "it names no PDB: the linker was not asked for one",
            "程序未指名 PDB:链接时未要求生成",
        ),
    }
}

fn without_cgo(artifact: &Artifact) -> bool {
    let info = artifact.build_info.as_ref();
    info.and_then(|info| info.setting("CGO_ENABLED")).is_some_and(|value| value == "0")
}

fn how(artifact: &Artifact) -> Text {
    if artifact.pe.as_ref().is_some_and(|pe| pe.code_view.is_some()) {
        return Text::new(
            "Put the PDB beside the program, or name it, its folder or a symbol store: --pdb PATH.",
            "把 PDB 放在程序旁边,或用 --pdb PATH 指定该文件、其目录或符号库。",
        );
    }
    Text::new(
        "Delve and gdb read the program's DWARF: --need debug. For a PDB link with lld: CGO_ENABLED=1, CC=\"clang --target=x86_64-w64-mingw32 -gcodeview\", -ldflags '-linkmode external -extldflags \"-fuse-ld=lld -Wl,--pdb=app.pdb\"'.",
        "Delve 与 gdb 读取程序内的 DWARF:--need debug。若需要 PDB,请用 lld 链接:CGO_ENABLED=1,CC=\"clang --target=x86_64-w64-mingw32 -gcodeview\",-ldflags '-linkmode external -extldflags \"-fuse-ld=lld -Wl,--pdb=app.pdb\"'。",
    )
}

fn mismatched(mismatch: &Mismatch, path: &Path, place: &Location) -> Finding {
    let pdb_file = path.display();
    let (evidence, message) = match mismatch {
        Mismatch::NotNamed => (
            "pdb not named",
            Text::new(
                format!("the program names no PDB: nothing ties {pdb_file} to it"),
                format!("程序未指名任何 PDB:无法证明 {pdb_file} 属于它"),
            ),
        ),
        Mismatch::Guid { image, pdb } => (
            "pdb guid",
            Text::new(
                format!(
                    "{pdb_file} is of another build: the program names {image}, the PDB is {pdb}"
                ),
                format!("{pdb_file} 属于另一次构建:程序指名 {image},PDB 是 {pdb}"),
            ),
        ),
        Mismatch::Age { image, pdb } => (
            "pdb age",
            Text::new(
                format!(
                    "{pdb_file} is of another link: the program names age {image}, the PDB is of age {pdb}"
                ),
                format!("{pdb_file} 属于另一次链接:程序指名 age {image},PDB 的 age 为 {pdb}"),
            ),
        ),
        Mismatch::DbiAge { image, pdb } => {
            let pdb = pdb.map_or_else(|| "-".to_owned(), |age| age.to_string());
            (
                "pdb dbi age",
                Text::new(
                    format!(
                        "the debug information of {pdb_file} is of another link: the program names age {image}, the DBI stream is of age {pdb}"
                    ),
                    format!(
                        "{pdb_file} 的调试信息属于另一次链接:程序指名 age {image},DBI 流的 age 为 {pdb}"
                    ),
                ),
            )
        }
        Mismatch::Machine { image, pdb } => (
            "pdb machine",
            Text::new(
                format!(
                    "{pdb_file} is of another processor: the program is of {image:#06x}, the PDB of {pdb:#06x}"
                ),
                format!("{pdb_file} 属于另一种处理器:程序为 {image:#06x},PDB 为 {pdb:#06x}"),
            ),
        ),
    };
    let fix = Text::new(
        "Ship the PDB that this program's own link wrote; debuggers refuse any other.",
        "请发布此程序链接时写出的 PDB;调试器会拒绝其他任何 PDB。",
    );
    Finding::at(place.clone(), evidence, message, fix)
}

fn functions(
    artifact: &Artifact,
    pdb: &Pdb,
    coverage: Option<&Coverage>,
    wanted: bool,
    place: &Location,
    args: &InspectArgs,
) -> Outcome {
    let title = Text::new("the PDB knows the functions", "PDB 认识这些函数");
    let mut findings = Findings::default();
    let Some(coverage) = coverage.filter(|it| it.functions > 0) else {
        findings.unknown(Text::new(
            "the program has no function table, exports or .pdata to hold the PDB against",
            "程序没有函数表、导出或 .pdata,无从对照 PDB",
        ));
        return outcome("pdb-functions", title, findings, None, args);
    };
    if !wanted {
        findings.not_applicable(Text::new("no --need asks for it", "没有 --need 要求此项"));
    } else {
        if coverage.percent() < super::judge::min_percent(args) {
            let (known, all, percent) = (coverage.known, coverage.functions, coverage.percent());
            let missing = coverage.missing.join(", ");
            findings.report(Finding::at(
                place.clone(),
                "pdb functions",
                Text::new(
                    format!("the PDB knows {known} of {all} functions, {percent:.2} %; missing first: {missing}"),
                    format!("PDB 认识 {known} / {all} 个函数,{percent:.2} %;最先缺少:{missing}"),
                ),
                Text::new(
                    "Link with public symbols and with debug information in all object files; do not strip the PDB.",
                    "链接时保留公共符号,所有目标文件都带调试信息;不要裁剪 PDB。",
                ),
            ));
        }
        for gap in &pdb.gaps {
            findings.unknown(Text::new(gap.clone(), super::chinese::reason(gap)));
        }
    }
    findings.note(Text::new(
        counted(artifact, pdb, coverage, Lang::En),
        counted(artifact, pdb, coverage, Lang::Zh),
    ));
    outcome("pdb-functions", title, findings, Some(coverage.percent()), args)
}

/// The count, what it was held against, and whether there are lines.
fn counted(artifact: &Artifact, pdb: &Pdb, coverage: &Coverage, lang: Lang) -> String {
    let (known, all, percent) = (coverage.known, coverage.functions, coverage.percent());
    let against = match coverage.against {
        Against::Pclntab => lang.pick("Go's function table", "Go 函数表"),
        Against::FunctionStarts => lang.pick(
            "the image's own function starts (exports, .pdata): it is no Go program",
            "映像自身的函数起点(导出、.pdata):不是 Go 程序",
        ),
    };
    let mut text = match lang {
        Lang::En => format!("{known} of {all} functions by address, {percent:.2} %, of {against}"),
        Lang::Zh => format!("按地址 {known} / {all} 个函数,{percent:.2} %,对照{against}"),
    };
    if coverage.prebuilt > 0 {
        let count = coverage.prebuilt;
        // Writing to a string cannot fail.
        let _ = match lang {
            Lang::En => write!(
                text,
                "; {count} nameless ones of C's libraries and start-up code not counted"
            ),
            Lang::Zh => write!(text, ";未计入 C 库与启动代码中的 {count} 个无名函数"),
        };
    }
    let go = artifact.functions.is_some();
    text += "; ";
    text += match () {
        () if pdb.lines.is_empty() => lang.pick("names only, no lines", "只有名称,没有行号"),
        () if go && coverage.lines == 0 => lang.pick(
            "lines of C code only (Go's are in DWARF)",
            "只有 C 代码的行号(Go 的在 DWARF 中)",
        ),
        () => "",
    };
    if coverage.lines > 0 {
        let lines = coverage.lines;
        let _ = match lang {
            Lang::En => write!(text, "{lines} have lines"),
            Lang::Zh => write!(text, "{lines} 个有行号"),
        };
    }
    text += match (lang, pdb.srcsrv, pdb.source_link) {
        (Lang::En, true, _) => "; srcsrv",
        (Lang::En, _, true) => "; source link",
        (Lang::En, ..) => "; no srcsrv",
        (Lang::Zh, true, _) => ";有 srcsrv",
        (Lang::Zh, _, true) => ";有 source link",
        (Lang::Zh, ..) => ";无 srcsrv",
    };
    text
}

/// On the card.
pub(super) fn card(looked: &Looked, artifact: &Artifact, lang: Lang) -> String {
    let (path, pdb) = match &looked.found {
        Found::Pdb(path, pdb) => (path, pdb),
        Found::Unreadable(path, err) => {
            let (path, en) = (path.display(), err.to_string());
            return format!("PDB {path}: {}\n", lang.pick(&en, &super::chinese::reason(&en)));
        }
        Found::Nowhere(places) => {
            let why = why_none(artifact, places);
            return format!("PDB -: {}\n", lang.pick(&why.en, &why.zh));
        }
    };
    let same = match looked.mismatches.is_empty() {
        true => lang.pick("of this link", "出自此次链接"),
        false => lang.pick("of another link", "出自另一次链接"),
    };
    let mut out = format!("PDB {} · {} · age {} · {same}\n", path.display(), pdb.guid, pdb.age);
    if let Some(coverage) = looked.coverage.as_ref().filter(|_| looked.mismatches.is_empty()) {
        let _ = writeln!(out, "    {}", counted(artifact, pdb, coverage, lang));
    }
    for gap in &pdb.gaps {
        let _ = writeln!(out, "    {gap}");
    }
    out
}
