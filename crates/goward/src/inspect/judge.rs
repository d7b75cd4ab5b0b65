//! An artifact against what it must serve: a pure function.

use crate::cli::{InspectArgs, Need};
use crate::units::human;
use goartifact::{Artifact, Level, LevelKind, Reason, Sign, State};
use goward_model::{Finding, Findings, Lang, Location, Measured, Outcome, SlaTier, Text};
use std::path::Path;

/// The levels that a profile needs.
fn needed(need: Need) -> &'static [LevelKind] {
    match need {
        Need::Trace => &[LevelKind::Names],
        Need::Perf => &[LevelKind::Names, LevelKind::Symbols],
        Need::Debug => &[LevelKind::Names, LevelKind::Debug, LevelKind::Lines],
        Need::Pdb => &[],
    }
}

/// What each level makes sure of.
fn title(kind: LevelKind) -> Text {
    match kind {
        LevelKind::Names => {
            Text::new("panics and profiles can name the functions", "panic 与性能分析能给出函数名")
        }
        LevelKind::Symbols => {
            Text::new("nm, perf and uprobes find the functions", "nm、perf 与 uprobes 能找到函数")
        }
        LevelKind::Debug => Text::new("debuggers know the functions", "调试器认识这些函数"),
        LevelKind::Lines => Text::new("debuggers know the lines", "调试器认识源码行"),
    }
}

fn fix(level: &Level) -> Text {
    match level.kind {
        LevelKind::Debug | LevelKind::Lines if level.reason == Some(Reason::CCode) => Text::new(
            "Compile C code with -g, as cgo does by default: CGO_CFLAGS=\"-g -O2\"; or need less: --need trace.",
            "编译 C 代码时使用 -g(cgo 的默认值):CGO_CFLAGS=\"-g -O2\";或降低要求:--need trace。",
        ),
        LevelKind::Debug | LevelKind::Lines if level.reason == Some(Reason::CInternal) => {
            Text::new(
                "Link with -ldflags=-linkmode=external, which keeps the debug information of C code; or need less: --need trace.",
                "使用 -ldflags=-linkmode=external 链接,以保留 C 代码的调试信息;或降低要求:--need trace。",
            )
        }
        LevelKind::Names => Text::new(
            "Build it anew with an unmodified Go toolchain: the function table is part of every Go program.",
            "用未经修改的 Go 工具链重新构建:函数表是每个 Go 程序的一部分。",
        ),
        LevelKind::Symbols => Text::new(
            "Build without -ldflags=-s and do not strip; or need less: --need trace.",
            "构建时不要使用 -ldflags=-s,也不要 strip;或降低要求:--need trace。",
        ),
        LevelKind::Debug | LevelKind::Lines => Text::new(
            "Build without -ldflags=-s and -w and do not strip; ship a stripped copy and keep this one for the debugger, or need less: --need trace.",
            "构建时不要使用 -ldflags=-s 与 -w,也不要 strip;可发布去除符号的副本并保留此文件供调试器使用,或降低要求:--need trace。",
        ),
    }
}

/// What is looked at: a file, or one of the programs of a universal file.
struct Subject<'a> {
    place: Location,
    /// Its processor; empty where the file is one program.
    part: &'a str,
}

impl Subject<'_> {
    /// What two programs of a file lack are two findings.
    fn finding(&self, evidence: &str, message: Text, fix: Text) -> Finding {
        let Self { place, part } = self;
        match *part {
            "" => Finding::at(place.clone(), evidence, message, fix),
            part => {
                let named =
                    Text::new(format!("{part}: {}", message.en), format!("{part}:{}", message.zh));
                Finding::at(place.clone(), format!("{evidence} {part}"), named, fix)
            }
        }
    }
}

/// Whether it is a Go program, and can be read.
fn program(artifact: &Artifact, args: &InspectArgs, subject: &Subject<'_>) -> Findings {
    let mut known = Findings::default();
    if super::pdb::is_all_there_is(artifact, args) {
        known.not_applicable(Text::new(
            "it is no Go program; judged by its PDB",
            "不是 Go 程序;以其 PDB 判断",
        ));
    } else if artifact.functions.is_none() {
        let why = match (artifact.packed, obfuscated(artifact), artifact.gaps.first()) {
            _ if artifact.unread.is_some() => {
                too_long(artifact.unread.as_deref().unwrap_or_default())
            }
            (Some(packer), ..) => Text::new(
                format!(
                    "it is packed ({packer}), and nothing of it can be read; unpack it first ({} -d)",
                    packer.to_lowercase()
                ),
                format!(
                    "已被 {packer} 加壳,无法读取任何内容;请先脱壳({} -d)",
                    packer.to_lowercase()
                ),
            ),
            (_, Some(signs), _) => signs,
            (.., Some(gap)) => Text::new(gap.clone(), super::chinese::reason(gap)),
            _ => Text::new(
                "no function table was found: it is no Go program, or it is packed",
                "未找到函数表:不是 Go 程序,或已被加壳",
            ),
        };
        known.unknown(why);
    } else if let Some(why) = &artifact.unread {
        // All that was read may be right, and it is not all.
        known.unknown(too_long(why));
    } else if artifact.build_info.is_none() {
        known.report(subject.finding(
            "no build info",
            Text::new("it has no build info", "没有构建信息"),
            Text::new(
                "Build it with the go command, of packages and not of files alone, and do not remove the section.",
                "使用 go 命令按包(而非仅按文件)构建,且不要删除该节。",
            ),
        ));
    }
    if artifact.functions.is_some()
        && let Some(signs) = obfuscated(artifact)
    {
        known.note(signs);
    }
    if artifact.build_id.is_some() || artifact.build_info.is_some() {
        known.note(super::after_link::text(&artifact.after_link));
    }
    known
}

/// An outcome per level, and one for whether it is a Go program at all.
pub(super) fn judge(
    artifact: &Artifact,
    levels: &[Level],
    args: &InspectArgs,
    file: &Path,
    part: &str,
) -> Vec<Outcome> {
    let subject = Subject { place: Location::whole(file.display().to_string()), part };
    let title_of_program =
        Text::new("it is a Go program and says how it was built", "是 Go 程序并说明了构建方式");
    let of_program = program(artifact, args, &subject);
    let mut outcomes = vec![outcome("build-info", title_of_program, of_program, None, args)];
    outcomes.extend(debug_file(artifact, args, &subject));
    let unread =
        artifact.debug_file.as_ref().filter(|it| matches!(it.state, State::Unreadable { .. }));
    for level in levels {
        let mut findings = Findings::default();
        let wanted = args.need.iter().any(|need| needed(*need).contains(&level.kind));
        if !wanted {
            findings.not_applicable(Text::new("no --need asks for it", "没有 --need 要求此项"));
        } else if level.percent() >= min_percent(args) {
        } else if let (Some(file), LevelKind::Debug | LevelKind::Lines) = (unread, level.kind) {
            // It may hold them all.
            let path = file.path.display();
            findings
                .unknown(Text::new(format!("{path} cannot be read"), format!("{path} 无法读取")));
        } else if let Some(why) = &artifact.unread {
            findings.unknown(too_long(why));
        } else if level.reason == Some(Reason::BrokenUnits) {
            // What they describe is not known.
            findings.unknown(short(level));
        } else {
            findings.report(subject.finding(level.kind.as_str(), short(level), fix(level)));
        }
        // Where none is known the finding is short: in an alert twenty names would hide the reason.
        let listed = wanted && level.known == 0 && !level.missing.is_empty();
        let first = |words: &str| match listed {
            true => format!("{words}{}", level.missing.join(", ")),
            false => String::new(),
        };
        findings.note(Text::new(
            format!(
                "{} of {} functions, {:.2} %{}{}",
                level.known,
                level.functions,
                level.percent(),
                uncounted(level, Lang::En),
                first("; missing first: ")
            ),
            format!(
                "{} / {} 个函数,{:.2} %{}{}",
                level.known,
                level.functions,
                level.percent(),
                uncounted(level, Lang::Zh),
                first(";最先缺少:")
            ),
        ));
        let title = title(level.kind);
        let id = match level.kind {
            LevelKind::Names => "function-names",
            LevelKind::Symbols => "symbol-table",
            LevelKind::Debug => "debug-functions",
            LevelKind::Lines => "debug-lines",
        };
        outcomes.push(outcome(id, title, findings, Some(level.percent()), args));
    }
    outcomes
}

/// That it looks obfuscated, with the signs.
pub(super) fn obfuscated(artifact: &Artifact) -> Option<Text> {
    let signs = &artifact.obfuscated;
    if signs.is_empty() {
        return None;
    }
    let zh = |sign: &Sign| match sign {
        Sign::AlteredTable => "函数表开头的标记不是任何 Go 所写",
        Sign::NoVersion => "构建信息未说明工具链",
        Sign::HashedNames => "包名为散列",
    };
    let en: Vec<&str> = signs.iter().map(|sign| sign.as_str()).collect();
    let zh: Vec<&str> = signs.iter().map(zh).collect();
    Some(Text::new(
        format!("it looks obfuscated (garble): {}", en.join("; ")),
        format!("疑似经过混淆(garble):{}", zh.join(";")),
    ))
}

/// Parts of it were not read: what is missing may be there.
fn too_long(why: &str) -> Text {
    Text::new(why, super::chinese::reason(why))
}

/// An outcome where nothing could be read of it.
pub(super) fn not_read(err: &goartifact::Error, args: &InspectArgs) -> Outcome {
    let title =
        Text::new("it is a Go program and says how it was built", "是 Go 程序并说明了构建方式");
    let mut findings = Findings::default();
    findings.unknown(too_long(&err.to_string()));
    outcome("build-info", title, findings, None, args)
}

/// Whether the debug file is the program's; none where there is none.
fn debug_file(artifact: &Artifact, args: &InspectArgs, subject: &Subject<'_>) -> Option<Outcome> {
    let file = artifact.debug_file.as_ref()?;
    let path = file.path.display();
    let mut findings = Findings::default();
    match &file.state {
        State::Own { by } => findings.note(Text::new(
            format!("debug information from {path}, tied by {by}"),
            format!("调试信息取自 {path},凭 {by} 相符"),
        )),
        State::Other { program, file } => findings.report(subject.finding(
            "debug file",
            Text::new(
                format!("{path} is of another build: the program has {program}, the file {file}"),
                format!("{path} 属于另一次构建:程序为 {program},该文件为 {file}"),
            ),
            Text::new(
                "Ship the debug file that was split from this very program; debuggers refuse any other.",
                "请发布从此程序分离出的调试文件;调试器会拒绝其他任何文件。",
            ),
        )),
        State::Unreadable { why } => {
            let zh = super::chinese::reason(why);
            findings.unknown(Text::new(format!("{path}: {why}"), format!("{path}:{zh}")));
        }
    }
    let title = Text::new(
        "the debug file is of the same link as the program",
        "调试文件与程序出自同一次链接",
    );
    Some(outcome("debug-file", title, findings, None, args))
}

pub(super) fn min_percent(args: &InspectArgs) -> f64 {
    args.min_percent.unwrap_or(95.0)
}

/// Whether it grew by more than it may; without a limit that is only measured.
pub(super) fn growth(file: &Path, old: u64, new: u64, limit: Option<f64>) -> Outcome {
    let percent = super::sizes::growth(old, new);
    let (before, after) = (human(old), human(new));
    let mut findings = Findings::default();
    match limit {
        None => findings.not_applicable(Text::new(
            format!("{before} before, {after} now, {percent:+.2} %; no --max-growth limits it"),
            format!("之前 {before},现在 {after},{percent:+.2} %;没有 --max-growth 限制"),
        )),
        Some(limit) if percent > limit => findings.report(Finding::at(
            Location::whole(file.display().to_string()),
            "growth",
            Text::new(
                format!("it grew from {before} to {after}: {percent:+.2} %, at most {limit} % are allowed"),
                format!("从 {before} 增长到 {after}:{percent:+.2} %,最多允许 {limit} %"),
            ),
            Text::new(
                "See what grew with --sizes --against OLD; raise --max-growth or max_growth_percent in [inspect] where it is meant.",
                "用 --sizes --against OLD 查看是什么增长了;若属有意,请提高 --max-growth 或 [inspect] 中的 max_growth_percent。",
            ),
        )),
        Some(_) => findings.note(Text::new(
            format!("{before} before, {after} now, {percent:+.2} %"),
            format!("之前 {before},现在 {after},{percent:+.2} %"),
        )),
    }
    let title = Text::new("it did not grow too much", "没有增长过多");
    Outcome {
        critical_threshold: limit,
        measured: Some(Measured { name: "percent".into(), value: percent }),
        ..Outcome::of("size-growth", "artifact", title, SlaTier::P2, findings)
    }
}

/// Why functions are missing, in both languages.
pub(super) fn reason(level: &Level, lang: Lang) -> Option<&'static str> {
    let reason = level.reason?;
    Some(match (lang, reason) {
        (Lang::En, reason) => reason.as_str(),
        (Lang::Zh, Reason::LinkerFlagS) => "构建时使用了 -ldflags=-s",
        (Lang::Zh, Reason::LinkerFlagW) => "构建时使用了 -ldflags=-w",
        (Lang::Zh, Reason::LinkedWithout) => {
            "链接时就没有(-ldflags=-s 或 -w,或 C 链接器的选项):文件与链接时一致"
        }
        (Lang::Zh, Reason::Stripped) => "链接之后被 strip",
        (Lang::Zh, Reason::NotTold) => {
            "链接时使用了 -ldflags=-s 或 -w,或之后被 strip:使用 -trimpath 时构建信息不会说明"
        }
        (Lang::Zh, Reason::BrokenUnits) => "部分调试信息单元无法读取",
        (Lang::Zh, Reason::NoCoffTable) => "lld 不在映像中写符号表;名称在其 PDB 中",
        (Lang::Zh, Reason::CInternal) => {
            "C 代码:Go 自带的链接器不会带入其调试信息(-linkmode=external 会)"
        }
        (Lang::Zh, Reason::CCode) => "C 代码编译时未带调试信息",
    })
}

/// C that came compiled.
pub(super) fn uncounted(level: &Level, lang: Lang) -> String {
    match (level.uncounted_c, lang) {
        (0, _) => String::new(),
        (count, Lang::En) => {
            format!("; not counted: {count} of C that came compiled, without debug information")
        }
        (count, Lang::Zh) => format!(";未计入:{count} 个预先编译、不带调试信息的 C 函数"),
    }
}

/// How far it falls short, why, and which functions are missing where some are there.
fn short(level: &Level) -> Text {
    let why = |lang| reason(level, lang).map(|reason| format!(": {reason}")).unwrap_or_default();
    let (known, all, percent) = (level.known, level.functions, level.percent());
    if known == 0 {
        return Text::new(
            format!("none of {all} functions is known{}", why(Lang::En)),
            format!("{all} 个函数全部未知{}", why(Lang::Zh)),
        );
    }
    let missing = level.missing.join(", ");
    Text::new(
        format!(
            "{known} of {all} functions are known, {percent:.2} %{}; missing first: {missing}",
            why(Lang::En)
        ),
        format!("已知 {known} / {all} 个函数,{percent:.2} %{};最先缺少:{missing}", why(Lang::Zh)),
    )
}

pub(super) fn outcome(
    id: &str,
    title: Text,
    findings: Findings,
    percent: Option<f64>,
    args: &InspectArgs,
) -> Outcome {
    Outcome {
        critical_threshold: percent.map(|_| min_percent(args)),
        measured: percent.map(|value| Measured { name: "percent".into(), value }),
        ..Outcome::of(id, "artifact", title, SlaTier::P1, findings)
    }
}
