//! The matrix as a person reads it: a row per platform, a column per version of Go, and what was measured in words.

use super::cell::{Known, Platform, Verdict};
use super::versions::Version;
use super::{Matrix, advice, outcome};
use crate::build::page::escape;
use goward_model::{Gate, Lang, Report, Summary, Text};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// A row: a platform with or without cgo.
type Row = (Platform, bool);

/// The parts of the table.
pub(super) struct Table {
    pub(super) versions: Vec<Version>,
    pub(super) rows: Vec<(String, Vec<String>)>,
    /// What the numbers in it mean.
    pub(super) notes: Vec<Note>,
    /// What was found out, a sentence each.
    pub(super) sentences: Vec<String>,
}

/// A reason why cells fail.
pub(super) struct Note {
    /// The rows with such cells.
    pub(super) cells: Vec<String>,
    pub(super) message: String,
    pub(super) fix: String,
}

pub(super) fn table(matrix: &Matrix, lang: Lang) -> Table {
    let versions: BTreeSet<Version> = matrix.cells.iter().map(|it| it.cell.go).collect();
    let versions: Vec<Version> = versions.into_iter().collect();
    let mut rows: Vec<Row> = vec![];
    let mut at: BTreeMap<(Row, Version), &Known> = BTreeMap::new();
    for known in &matrix.cells {
        let row = (known.cell.platform.clone(), known.cell.cgo);
        if !rows.contains(&row) {
            rows.push(row.clone());
        }
        at.insert((row, known.cell.go), known);
    }
    rows.sort();
    let mut notes: Vec<Note> = vec![];
    let mut lines = vec![];
    for row in &rows {
        let cells = versions.iter().map(|version| match at.get(&(row.clone(), *version)) {
            Some(known) => cell(matrix, known, &mut notes, lang),
            None => "–".to_owned(),
        });
        lines.push((name(row), cells.collect()));
    }
    let sentences = sentences(matrix, &rows, lang);
    Table { versions, rows: lines, notes, sentences }
}

fn name((platform, cgo): &Row) -> String {
    format!("{platform} {}", if *cgo { "cgo" } else { "nocgo" })
}

/// ✓ with the time, ✗ or ⚠ with the number of its reason, ? where nobody knows.
fn cell(matrix: &Matrix, known: &Known, notes: &mut Vec<Note>, lang: Lang) -> String {
    if known.measured.is_none() && !matrix.predicted_only {
        return "?".into();
    }
    let sign = match known.verdict() {
        Verdict::Pass => match &known.measured {
            Some(measured) => return format!("✓ {:.1} s", measured.wall_ms as f64 / 1e3),
            None => return "✓".into(),
        },
        Verdict::Fail if known.allowed => "⚠",
        Verdict::Fail => "✗",
        Verdict::Unknown => "?",
    };
    let (message, fix) = told(matrix, known);
    let row = name(&(known.cell.platform.clone(), known.cell.cgo));
    let (message, fix) = (message.in_lang(lang).to_owned(), fix.in_lang(lang).to_owned());
    let number = match notes.iter().position(|it| it.message == message && it.fix == fix) {
        Some(number) => number,
        None => {
            notes.push(Note { cells: vec![], message, fix });
            notes.len() - 1
        }
    };
    if let Some(note) = notes.get_mut(number).filter(|note| !note.cells.contains(&row)) {
        note.cells.push(row);
    }
    format!("{sign} [{}]", number + 1)
}

/// The reason and the fix.
fn told(matrix: &Matrix, known: &Known) -> (Text, Text) {
    if known.verdict() == Verdict::Unknown && known.cause().is_none() {
        return (known.predicted.why.clone().unwrap_or_default(), Text::default());
    }
    let (message, fix) = outcome::failure(known);
    let compiler = matrix.compiler(known).filter(|it| it.cause().is_some());
    match compiler.filter(|it| it.cause() == known.cause()) {
        Some(compiler) => (
            Text::new(
                format!("{}: {}", known.cause().unwrap_or_default(), compiler.why().en),
                format!("{}: {}", known.cause().unwrap_or_default(), compiler.why().zh),
            ),
            advice::of_compiler(compiler),
        ),
        None => (message, fix),
    }
}

fn sentences(matrix: &Matrix, rows: &[Row], lang: Lang) -> Vec<String> {
    let mut said = vec![];
    let compilers: Vec<String> = matrix
        .compilers
        .iter()
        .map(|it| match it.cause() {
            None => format!("{} {}", it.platform, it.cc),
            Some(_) => format!("{} {}", it.platform, lang.pick("none", "无")),
        })
        .collect();
    if !compilers.is_empty() {
        said.push(format!(
            "{}: {}",
            lang.pick("C compilers that compile a line of C", "能编译一行 C 的编译器"),
            compilers.join(" · ")
        ));
    }
    versions_differ(matrix, rows, lang, &mut said);
    for known in matrix.cells.iter().filter(|it| it.verdict() == Verdict::Pass) {
        if let Some(first) = known.predicted.left_out.first() {
            let (count, id) = (known.predicted.left_out.len(), &known.id);
            said.push(match lang {
                Lang::En => format!("{id}: constraints leave out {count} packages: {first} first"),
                Lang::Zh => format!("{id}：约束排除了 {count} 个包，首个为 {first}"),
            });
        }
    }
    let is_old = |it: &&Known| it.measured.as_ref().is_some_and(|measured| measured.resumed);
    let (old, all) = (matrix.cells.iter().filter(is_old).count(), matrix.cells.len());
    if old > 0 {
        said.push(match lang {
            Lang::En => format!("Of an earlier run (--resume): {old} of {all} cells"),
            Lang::Zh => format!("来自之前的运行（--resume）：{all} 个单元中的 {old} 个"),
        });
    }
    let compared: Vec<(&Known, bool)> =
        matrix.cells.iter().filter_map(|it| Some((it, it.surprises()?))).collect();
    if !compared.is_empty() {
        let right = compared.iter().filter(|(_, wrong)| !wrong).count();
        let all = compared.len();
        said.push(match lang {
            Lang::En => {
                format!("Predicted before the build and measured the same: {right} of {all} cells")
            }
            Lang::Zh => format!("构建前的预测与测量一致：{all} 个单元中的 {right} 个"),
        });
    }
    for (known, _) in compared.iter().filter(|(_, wrong)| *wrong) {
        said.push(format!("{} {}", known.id, lang.pick("was predicted otherwise", "与预测不同")));
    }
    said
}

/// Whether the version of Go makes a difference: only what was measured is said.
fn versions_differ(matrix: &Matrix, rows: &[Row], lang: Lang, said: &mut Vec<String>) {
    let mut alike = true;
    let mut versions = 0;
    for row in rows {
        let of_row = |it: &&Known| it.cell.platform == row.0 && it.cell.cgo == row.1;
        let measured: Vec<&Known> = matrix
            .cells
            .iter()
            .filter(of_row)
            .filter(|it| it.measured.is_some() && it.verdict() != Verdict::Unknown)
            .collect();
        versions = versions.max(measured.len());
        let results: BTreeSet<Option<&str>> = measured.iter().map(|it| it.cause()).collect();
        if results.len() > 1 {
            alike = false;
            let each: Vec<String> = measured
                .iter()
                .map(|it| format!("{} {}", it.cell.go, it.cause().unwrap_or("✓")))
                .collect();
            let what = lang.pick("differs by version of Go", "因 Go 版本而异");
            said.push(format!("{} {what}: {}", name(row), each.join(", ")));
        }
    }
    if alike && versions > 1 {
        said.push(match lang {
            Lang::En => format!("Measured: in each row the {versions} versions of Go behave alike"),
            Lang::Zh => format!("测量结果：每一行中 {versions} 个 Go 版本的表现相同"),
        });
    }
}

/// For the terminal.
pub(super) fn human(matrix: &Matrix, lang: Lang) -> String {
    let table = table(matrix, lang);
    let mut head = vec![String::new()];
    head.extend(table.versions.iter().map(ToString::to_string));
    let mut lines = vec![head];
    for (name, cells) in &table.rows {
        lines.push([&[name.clone()][..], cells].concat());
    }
    let width = |column: usize| {
        lines.iter().filter_map(|line| line.get(column)).map(|it| it.chars().count()).max()
    };
    let widths: Vec<usize> = (0..=table.versions.len()).map(|it| width(it).unwrap_or(0)).collect();
    let mut text = String::new();
    for line in &lines {
        let cells = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        let _ = writeln!(text, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    for (number, note) in table.notes.iter().enumerate() {
        let _ = writeln!(text, "\n[{}] {}: {}", number + 1, note.cells.join(", "), note.message);
        if !note.fix.is_empty() {
            let _ = writeln!(text, "    {}: {}", lang.pick("fix", "修复"), note.fix);
        }
    }
    text.push('\n');
    for sentence in &table.sentences {
        let _ = writeln!(text, "{sentence}");
    }
    text
}

/// The decision in a line.
pub(super) fn end(report: &Report, lang: Lang) -> String {
    let Summary { pass, fail, skip, inconclusive, .. } = report.summary;
    let seconds = report.latency_ms / 1e3;
    let gate = match report.gate {
        Gate::Open => "放行",
        Gate::Inconclusive => "无法判定",
        Gate::Closed => "关闭",
    };
    match lang {
        Lang::En => format!(
            "gate {}: {pass} cells pass, {fail} fail, {skip} may fail and do, {inconclusive} not found out · {seconds:.1} s\n",
            report.gate.as_str()
        ),
        Lang::Zh => format!(
            "门禁{gate}：{pass} 个单元通过，{fail} 个失败，{skip} 个允许失败且失败，{inconclusive} 个未知 · {seconds:.1} 秒\n"
        ),
    }
}

/// For a README.
pub(super) fn markdown(matrix: &Matrix, lang: Lang) -> String {
    let table = table(matrix, lang);
    let escape = |text: &str| text.replace('|', "\\|").replace('<', "&lt;").replace('\n', " ");
    let mut text = String::from("| |");
    for version in &table.versions {
        let _ = write!(text, " {version} |");
    }
    text += "\n|---|";
    text += &"---|".repeat(table.versions.len());
    text.push('\n');
    for (name, cells) in &table.rows {
        let _ = writeln!(text, "| {name} | {} |", cells.join(" | "));
    }
    for (number, note) in table.notes.iter().enumerate() {
        let fix =
            if note.fix.is_empty() { String::new() } else { format!(" *{}*", escape(&note.fix)) };
        let _ = writeln!(
            text,
            "\n\\[{}] {}: {}.{fix}",
            number + 1,
            note.cells.join(", "),
            escape(&note.message)
        );
    }
    text.push('\n');
    for sentence in &table.sentences {
        let _ = writeln!(text, "- {}", escape(sentence));
    }
    text
}

/// A page for the browser, without anything from elsewhere.
pub(super) fn html(matrix: &Matrix, title: &str, lang: Lang) -> String {
    let table = table(matrix, lang);
    let head: String = table.versions.iter().map(|it| format!("<th>{it}</th>")).collect();
    let mut rows = String::new();
    for (name, cells) in &table.rows {
        let _ = write!(rows, "<tr><th scope=row>{}</th>", escape(name));
        for cell in cells {
            let class = match cell.chars().next() {
                Some('✓') => "pass",
                Some('✗') => "fail",
                Some('⚠') => "may",
                _ => "none",
            };
            let _ = write!(rows, "<td class={class}>{}</td>", escape(cell));
        }
        rows += "</tr>\n";
    }
    let mut notes = String::new();
    for note in &table.notes {
        let (cells, message, fix) =
            (escape(&note.cells.join(", ")), escape(&note.message), escape(&note.fix));
        let _ = writeln!(notes, "<li><b>{cells}</b>: {message}<br><i>{fix}</i></li>");
    }
    let said = table.sentences.iter().map(|it| format!("<p>{}</p>\n", escape(it)));
    include_str!("page.html")
        .replace("{{lang}}", lang.pick("en", "zh-CN"))
        .replace("{{head}}", &head)
        .replace("{{rows}}", &rows)
        .replace("{{notes}}", &notes)
        .replace("{{said}}", &said.collect::<String>())
        .replace("{{title}}", &escape(title))
}
