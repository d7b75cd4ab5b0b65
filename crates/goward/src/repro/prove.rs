//! A cause is proved by building without it: both sides again, with the knob turned.

use super::build::{Knob, Workshop};
use crate::cli::Vary;
use gorepro::Comparison;
use serde::Serialize;

/// What building without a cause showed.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Proof {
    /// The cause.
    pub(super) cause: &'static str,
    /// What was turned: `-trimpath`, `the same zone`.
    pub(super) knob: String,
    /// Whether the cause is gone.
    pub(super) gone: bool,
    /// Whether nothing differs any more.
    pub(super) same: bool,
}

/// The flag or variable that takes a cause away.
fn knob_of(cause: &str) -> Option<(String, Knob)> {
    let flags = |flags: &[&str]| {
        let flags: Vec<String> = flags.iter().map(|flag| (*flag).to_owned()).collect();
        (flags.join(" "), Knob { flags, ..Knob::default() })
    };
    Some(match cause {
        "repro.build-path" => {
            let (name, mut knob) = flags(&["-trimpath"]);
            let names = ["CGO_CFLAGS", "CGO_CXXFLAGS"].map(str::to_owned);
            knob.env = names.map(|name| (name, "{own} -ffile-prefix-map={dir}=.".into())).to_vec();
            (name, knob)
        }
        "repro.trimpath" => flags(&["-trimpath"]),
        "repro.vcs-stamp" | "repro.main-version" => flags(&["-buildvcs=false"]),
        "repro.build-id" => flags(&["-ldflags=-buildid="]),
        "repro.debug-info" => flags(&["-ldflags=-w"]),
        "repro.ldflags-x" => ("no -X".into(), Knob { without_x: true, ..Knob::default() }),
        "repro.c-date" => {
            let env = vec![("SOURCE_DATE_EPOCH".to_owned(), "0".to_owned())];
            // The variable is in none of go's action IDs: a cache would give the old object back.
            ("SOURCE_DATE_EPOCH=0".into(), Knob { env, fresh: true, ..Knob::default() })
        }
        _ => return None,
    })
}

fn name_of(what: Vary) -> &'static str {
    match what {
        Vary::None => "nothing",
        Vary::Dir => "dir",
        Vary::Zone => "zone",
        Vary::Umask => "umask",
        Vary::User => "user",
        Vary::Parallel => "parallel",
        Vary::Locale => "locale",
        Vary::Home => "home",
        Vary::Tmp => "tmp",
    }
}

/// Proves each cause; where it has no flag of its own, what varies is held still, one after the other.
pub(super) fn prove(shop: &Workshop<'_>, found: &Comparison) -> anyhow::Result<Vec<Proof>> {
    let mut proofs = vec![];
    for cause in &found.causes {
        let id = cause.cause.id;
        let knobs: Vec<(String, Knob)> = match knob_of(id) {
            Some(knob) => vec![knob],
            None => shop
                .vary
                .iter()
                .map(|what| {
                    (
                        format!("the same {}", name_of(*what)),
                        Knob { same: Some(*what), ..Knob::default() },
                    )
                })
                .collect(),
        };
        let mut last = None;
        for (name, knob) in knobs {
            let without = compare(shop, &knob)?;
            let gone = without.causes.iter().all(|other| other.cause != cause.cause);
            last = Some(Proof { cause: id, knob: name, gone, same: without.same });
            if gone {
                break;
            }
        }
        // Nothing that was held still took it away: not even that is known.
        proofs.extend(last.map(|proof| {
            let knob = if proof.gone || knob_of(id).is_some() {
                proof.knob
            } else {
                "each of what varies held still".into()
            };
            Proof { knob, ..proof }
        }));
    }
    Ok(proofs)
}

fn compare(shop: &Workshop<'_>, knob: &Knob) -> anyhow::Result<Comparison> {
    let (a, b) = (shop.build(0, "proof", knob)?, shop.build(1, "proof", knob)?);
    let (a, b) = (super::read(&a)?, super::read(&b)?);
    Ok(gorepro::compare(&a, &b)?)
}
