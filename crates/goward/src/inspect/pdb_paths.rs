//! Paths in a PDB against the rules that were given: a pure judgement.

use super::judge::outcome;
use super::pdb::Looked;
use crate::cli::InspectArgs;
use goartifact::Artifact;
use goartifact::pdb::{Broken, PathKind, Pdb, Rules};
use goward_model::{Finding, Findings, Location, Outcome, Text};

/// Findings of paths that are listed. All of what a program's build leaves; a whole C++ library may leave more.
const SHOWN: usize = 1000;

/// Paths of the machine that built it.
pub(super) fn local(pdb: &Pdb, image: Option<&str>) -> Vec<Broken> {
    pdb.broken(image, &Rules { no_local: true, ..Rules::default() })
}

/// What is asked of paths; none where nothing is.
fn rules(args: &InspectArgs) -> Option<Rules> {
    let named = |prefix: &&String| prefix.as_str() != LOCAL;
    let rules = Rules {
        required: args.require_source_prefix.clone(),
        forbidden: args.forbid_source_prefix.iter().filter(named).cloned().collect(),
        no_local: args.forbid_source_prefix.iter().any(|prefix| prefix == LOCAL),
    };
    (rules != Rules::default()).then_some(rules)
}

/// Stands for all places of the machine that built it.
const LOCAL: &str = "local";

/// Judged where rules are given; else only told.
pub(super) fn judge(
    artifact: &Artifact,
    looked: &Looked,
    place: &Location,
    args: &InspectArgs,
) -> Option<Outcome> {
    let title = Text::new("paths in the PDB keep to the rules", "PDB 中的路径符合规则");
    let rules = rules(args);
    let Some(pdb) = looked.own() else {
        rules?;
        let mut findings = Findings::default();
        findings.unknown(Text::new(
            "there is no PDB of this program to read paths from",
            "没有此程序的 PDB 可供读取路径",
        ));
        return Some(outcome("pdb-paths", title, findings, None, args));
    };
    let file = artifact.pe.as_ref().and_then(|pe| pe.code_view.as_ref()).map(|it| it.path.as_str());
    let mut findings = Findings::default();
    match &rules {
        Some(rules) => {
            let broken = pdb.broken(file, rules);
            for one in broken.iter().take(SHOWN) {
                findings.report(path_finding(one, rules, place));
            }
            if broken.len() > SHOWN {
                let more = broken.len() - SHOWN;
                findings.note(Text::new(format!("and {more} more"), format!("另有 {more} 处")));
            }
        }
        None => {
            let local = local(pdb, file);
            let first: Vec<&str> = local.iter().take(3).map(|one| one.path.as_str()).collect();
            let (count, first) = (local.len(), first.join(", "));
            findings.not_applicable(Text::new(
                "no --require-source-prefix or --forbid-source-prefix asks for it",
                "没有 --require-source-prefix 或 --forbid-source-prefix 要求此项",
            ));
            if count > 0 {
                findings.note(Text::new(
                    format!("{count} of the machine that built it: {first} (--forbid-source-prefix local)"),
                    format!("{count} 处属于构建机器:{first}(--forbid-source-prefix local)"),
                ));
            }
        }
    }
    Some(outcome("pdb-paths", title, findings, None, args))
}

fn path_finding(broken: &Broken, rules: &Rules, place: &Location) -> Finding {
    let (en, zh) = match broken.kind {
        PathKind::PdbFile => ("the PDB's own path in the program", "程序中的 PDB 路径"),
        PathKind::Source => ("a source path", "源文件路径"),
        PathKind::Object => ("an object file's path", "目标文件路径"),
        PathKind::Linker => ("the linker's folder or command line", "链接器目录或命令行"),
        PathKind::Compiler => ("the compiler's folder or command line", "编译器目录或命令行"),
    };
    let path = &broken.path;
    let message = match &broken.prefix {
        Some(prefix) => Text::new(
            format!("{en} is of a place that is forbidden ({prefix}): {path}"),
            format!("{zh}位于被禁止的位置({prefix}):{path}"),
        ),
        None => {
            let wanted = rules.required.join(", ");
            Text::new(
                format!("{en} does not begin with {wanted}: {path}"),
                format!("{zh}未以 {wanted} 开头:{path}"),
            )
        }
    };
    let fix = match broken.kind {
        PathKind::Source => Text::new(
            "Compile with -ffile-prefix-map=OLD=/src/ (clang, gcc) or /pathmap (MSVC), or build in /src.",
            "编译时使用 -ffile-prefix-map=旧=/src/(clang、gcc)或 /pathmap(MSVC),或在 /src 中构建。",
        ),
        PathKind::Compiler => Text::new(
            "Compile with -ffile-compilation-dir=/src and -gno-codeview-command-line (clang), or build in /src.",
            "编译时使用 -ffile-compilation-dir=/src 与 -gno-codeview-command-line(clang),或在 /src 中构建。",
        ),
        PathKind::PdbFile => Text::new(
            "Link with /PDBALTPATH:%_PDB% (for clang: -Wl,-Xlink=-pdbaltpath:%_PDB%).",
            "链接时使用 /PDBALTPATH:%_PDB%(clang:-Wl,-Xlink=-pdbaltpath:%_PDB%)。",
        ),
        PathKind::Object | PathKind::Linker => Text::new(
            "Name object files and the PDB by relative paths and link with -Wl,-Xlink=-pdbsourcepath:/src (lld), or build in /src; for cgo also with GOTMPDIR=/src/tmp and -ldflags=-tmpdir=/src/tmp.",
            "以相对路径给出目标文件与 PDB,并用 -Wl,-Xlink=-pdbsourcepath:/src(lld)链接,或在 /src 中构建;cgo 还需 GOTMPDIR=/src/tmp 与 -ldflags=-tmpdir=/src/tmp。",
        ),
    };
    Finding::at(place.clone(), format!("{:?} {path}", broken.kind), message, fix)
}
