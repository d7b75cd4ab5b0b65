//! `compare explain`: how often the classifier is right on our own transcripts, by class, bare and
//! inside the noise of each CI.

use crate::transcripts;
use anyhow::Result;
use std::collections::BTreeMap;
use std::fmt::Write as _;

#[path = "../../../crates/goward-causes/tests/wrap/mod.rs"]
mod wrap;

/// What became of the transcripts of one cause.
#[derive(Default)]
struct Row {
    bare: (usize, usize),
    wrapped: (usize, usize),
    others: BTreeMap<&'static str, usize>,
}

/// The table, in Markdown.
pub fn report() -> Result<String> {
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    let (mut made, mut domains) = (0, 0);
    let transcripts = transcripts::read()?;
    for transcript in &transcripts {
        made += usize::from(transcript.made);
        let row = rows.entry(transcript.cause.clone()).or_default();
        let id = goward_causes::classify(transcript.log.as_bytes()).id();
        row.bare.0 += usize::from(id == transcript.cause);
        row.bare.1 += 1;
        domains += usize::from(domain(id) == domain(&transcript.cause));
        if id != transcript.cause {
            *row.others.entry(id).or_default() += 1;
        }
        // A wrapper says that the build failed; of these two that is not so.
        if matches!(transcript.cause.as_str(), "unknown" | "none.other-failure") {
            continue;
        }
        for (_, wrap) in wrap::WRAPPERS {
            let log = wrap(&transcript.log, transcript.cause != "none.success");
            let id = goward_causes::classify(log.as_bytes()).id();
            row.wrapped.0 += usize::from(id == transcript.cause);
            row.wrapped.1 += 1;
            if id != transcript.cause {
                *row.others.entry(id).or_default() += 1;
            }
        }
    }
    let sum = |pick: fn(&Row) -> (usize, usize)| {
        rows.values().map(pick).fold((0, 0), |(a, b), (c, d)| (a + c, b + d))
    };
    let (bare, wrapped) = (sum(|row| row.bare), sum(|row| row.wrapped));
    let mut out = "# Accuracy on our own transcripts\n\n".to_owned();
    let _ = writeln!(
        out,
        "{} transcripts ({made} of them made by hand) of {} causes. First cause right: bare {} of {}, inside the noise \
         of {} CIs {} of {}; domain right: {domains} of {}. The signatures were written with these at hand, so this says \
         what has regressed and not how well strangers' logs are read.\n",
        transcripts.len(),
        rows.len(),
        bare.0,
        bare.1,
        wrap::WRAPPERS.len(),
        wrapped.0,
        wrapped.1,
        transcripts.len()
    );
    out += "| cause | bare | wrapped | taken for |\n|---|---|---|---|\n";
    for (cause, row) in &rows {
        let others: Vec<String> =
            row.others.iter().map(|(id, count)| format!("{id} {count}")).collect();
        let _ = writeln!(
            out,
            "| {cause} | {}/{} | {}/{} | {} |",
            row.bare.0,
            row.bare.1,
            row.wrapped.0,
            row.wrapped.1,
            others.join(", ")
        );
    }
    Ok(out)
}

fn domain(id: &str) -> &str {
    id.split_once('.').map_or(id, |(domain, _)| domain)
}
