//! Any report at all, as it may be read from a JSON file that somebody else wrote.

use crate::sample::HOSTILE;
use goward_model::{
    Alert, Finding, Fingerprint, Gate, Identity, Location, Measured, Outcome, Related, Report,
    SlaTier, Snippet, Summary, Text, Verdict, WaiverNote, WaiverState,
};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

/// Text with everything that a format could stumble over.
fn words() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        any::<String>(),
        Just(HOSTILE.to_owned()),
        r"[ -~\t\r\n\x00-\x1f\x7f-\x9f\u{2028}\u{202e}\u{fffe}\u{feff}\u{200d}中文é😀{}\[\]|`<>&@#:%*_$]{0,12}",
        "(::error::|##\\[|##vso\\[|\\]\\]>|<!--|-->|```|~~~|\r\n|\\{0\\}|\\]\\(|https://|%0A){0,4}",
    ];
    vec(pieces, 0..3).prop_map(|pieces| pieces.concat())
}

fn text() -> impl Strategy<Value = Text> {
    (words(), words()).prop_map(|(en, zh)| Text { en, zh })
}

fn number() -> impl Strategy<Value = u32> {
    prop_oneof![8 => 0_u32..6, 1 => any::<u32>(), 1 => Just(u32::MAX)]
}

fn path() -> impl Strategy<Value = String> {
    prop_oneof![words(), "(\\.\\./|/|\\./|[a-z]:|\\\\|a b/|中/|x){0,6}"]
}

fn location() -> impl Strategy<Value = Location> {
    (path(), number(), number(), number(), number()).prop_map(
        |(path, line, column, end_line, end_column)| Location {
            path,
            line,
            column,
            end_line,
            end_column,
        },
    )
}

fn snippet() -> impl Strategy<Value = Snippet> {
    let lines = "([ab\t中é😀\u{301}\u{200d}\u{1b}\r\\x00]{0,7}\n?){0,4}";
    let text =
        prop_oneof![4 => lines.boxed(), 1 => words().boxed(), 1 => "(x|长){300,500}".boxed()];
    (number(), text).prop_map(|(first_line, text)| Snippet { first_line, text })
}

fn waiver() -> impl Strategy<Value = WaiverNote> {
    (words(), words(), words(), any::<bool>()).prop_map(|(reason, owner, expires, active)| {
        WaiverNote {
            reason,
            owner,
            expires,
            state: if active { WaiverState::Active } else { WaiverState::Expired },
        }
    })
}

fn finding() -> impl Strategy<Value = Finding> {
    let related =
        (location(), text()).prop_map(|(location, message)| Related { location, message });
    let parts = (
        words(),
        location(),
        text(),
        text(),
        words(),
        vec(related, 0..3),
        of(snippet()),
        of(waiver()),
    );
    parts.prop_map(|(print, location, message, help, evidence, related, snippet, waiver)| {
        let mut finding = Finding::at(location, evidence, message, help);
        finding.fingerprint = Fingerprint(print);
        finding.related = related;
        finding.snippet = snippet;
        finding.waiver = waiver;
        finding
    })
}

/// Milliseconds as JSON carries them.
fn ms() -> impl Strategy<Value = f64> {
    prop_oneof![(0_u32..10_000_000).prop_map(|n| f64::from(n) / 1e3), Just(0.0)]
}

fn verdict() -> impl Strategy<Value = Verdict> {
    prop_oneof![
        Just(Verdict::Pass),
        vec(finding(), 0..4).prop_map(Verdict::Fail),
        text().prop_map(Verdict::Skip),
        text().prop_map(Verdict::Inconclusive),
    ]
}

fn tier() -> impl Strategy<Value = SlaTier> {
    (0_usize..4).prop_map(|n| SlaTier::ALL[n])
}

fn outcome() -> impl Strategy<Value = Outcome> {
    let measured = (words(), ms()).prop_map(|(name, value)| Measured { name, value });
    let parts = (words(), words(), text(), tier(), verdict(), of(text()), ms(), any::<u64>());
    (parts, of(ms()), of(measured), of(words())).prop_map(
        |(
            (check, group, title, tier, verdict, unknown, latency_ms, timeout_ms),
            limit,
            measured,
            by,
        )| {
            let unknown = unknown.filter(|_| matches!(verdict, Verdict::Fail(_)));
            let (critical_threshold, blocked_by) = (limit, by);
            Outcome {
                check,
                group,
                title,
                tier,
                verdict,
                unknown,
                latency_ms,
                timeout_ms,
                critical_threshold,
                measured,
                note: None,
                blocked_by,
            }
        },
    )
}

fn identity() -> impl Strategy<Value = Identity> {
    let times = prop_oneof![
        words(),
        Just("2025-01-31T23:59:59Z".to_owned()),
        "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
    ];
    let first = (words(), times, words(), words(), path(), of(words()));
    (
        first,
        of(words()),
        of(any::<bool>()),
        of(words()),
        of(words()),
        (vec(words(), 0..3), vec(words(), 0..2)),
    )
        .prop_map(
            |(
                (run_id, started_at, goward_version, target, prefix, module),
                commit,
                dirty,
                go_version,
                goflags,
                (policy, selection),
            )| {
                Identity {
                    run_id,
                    started_at,
                    goward_version,
                    target,
                    prefix,
                    module,
                    commit,
                    dirty,
                    go_version,
                    goflags,
                    policy,
                    selection,
                }
            },
        )
}

/// A report: also one whose numbers contradict each other.
pub(crate) fn report() -> impl Strategy<Value = Report> {
    let alert =
        (tier(), words(), text()).prop_map(|(tier, check, message)| Alert { tier, check, message });
    let gate = prop_oneof![Just(Gate::Open), Just(Gate::Inconclusive), Just(Gate::Closed)];
    let parts = (
        words(),
        identity(),
        gate,
        any::<u8>(),
        any::<bool>(),
        ms(),
        vec(alert, 0..2),
        vec(outcome(), 0..4),
    );
    (parts, any::<[u16; 5]>()).prop_map(
        |((schema, identity, gate, exit_status, interrupted, latency_ms, alerts, outcomes), n)| {
            let [pass, fail, waived, skip, inconclusive] = n.map(usize::from);
            let summary = Summary { pass, fail, waived, skip, inconclusive };
            Report {
                schema,
                identity,
                gate,
                exit_status,
                interrupted,
                summary,
                latency_ms,
                alerts,
                outcomes,
            }
        },
    )
}
