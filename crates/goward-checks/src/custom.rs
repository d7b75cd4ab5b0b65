//! Judges custom items: evidence against assertions.

use goward_facts::item::{Answer, Assertions, CustomCheck, Evidence, Expected, ItemKind};
use goward_model::{Finding, Findings, Location, Text};
use serde_json::Value;

/// Where a custom check is declared: findings point there.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The place in the policy file.
    pub location: Location,
    /// The policy file's text.
    pub source: std::sync::Arc<str>,
}

/// Judges what came back. The second value is what is compared with the critical threshold.
pub fn judge(
    spec: &CustomCheck,
    kind: &ItemKind,
    evidence: &Evidence,
    declared: &Declared,
    findings: &mut Findings,
) -> Option<(String, f64)> {
    let mut wrong = Wrong { spec, declared, findings };
    let answer = match evidence {
        Evidence::Answer(answer) => answer,
        Evidence::Refused(why) => {
            wrong.report("refused", why.clone());
            return None;
        }
    };
    if let ItemKind::File(path) = kind {
        judge_file(path, answer, &mut wrong);
    } else {
        judge_status(kind, answer, &mut wrong);
    }
    judge_text(answer, &mut wrong);
    let json = judge_json(answer, &mut wrong);
    judge_latency(answer, &mut wrong);
    measure(spec, answer, json.as_ref(), &mut wrong)
}

/// Words a finding about one item.
struct Wrong<'a> {
    spec: &'a CustomCheck,
    declared: &'a Declared,
    findings: &'a mut Findings,
}

impl Wrong<'_> {
    /// `what` names the assertion: it is the finding's evidence, so it holds nothing that changes
    /// from run to run.
    fn report(&mut self, what: &str, message: Text) {
        let help = Text::new(
            format!("see what {:?} found, or change its assertions in the policy", self.spec.id),
            format!("查看 {:?} 的结果，或修改策略中的断言", self.spec.id),
        );
        let location = self.declared.location.clone();
        let finding = Finding::at(location, format!("{}: {what}", self.spec.id), message, help);
        self.findings.report(finding.quoting(&self.declared.source));
    }

    fn assert(&self) -> &Assertions {
        &self.spec.assert
    }
}

fn judge_status(kind: &ItemKind, answer: &Answer, wrong: &mut Wrong<'_>) {
    let Some(status) = answer.status else { return };
    let wanted = wrong.assert().status;
    let good = match (wanted, kind) {
        (Some(wanted), _) => status == wanted,
        (None, ItemKind::Http(_)) => (200..300).contains(&status),
        (None, _) => status == 0,
    };
    if good {
        return;
    }
    let said =
        last_line(if answer.stderr.trim().is_empty() { &answer.text } else { &answer.stderr });
    let colon = if said.is_empty() { "" } else { ": " };
    let message = match kind {
        ItemKind::Http(_) => Text::new(
            format!("answered with HTTP status {status}{colon}{said}"),
            format!("HTTP 状态码 {status}{colon}{said}"),
        ),
        _ => Text::new(
            format!("exited with {status}{colon}{said}"),
            format!("退出码 {status}{colon}{said}"),
        ),
    };
    // A waiver of one failure covers no other.
    wrong.report(&format!("status {status}"), message);
}

/// The last line that says something, cut to a readable length.
fn last_line(text: &str) -> String {
    let line = text.trim().lines().next_back().unwrap_or_default();
    line.chars().take(200).collect()
}

fn judge_file(path: &str, answer: &Answer, wrong: &mut Wrong<'_>) {
    let must_exist = wrong.assert().exists.unwrap_or(true);
    match (must_exist, answer.exists) {
        (true, false) => {
            wrong.report(
                "exists",
                Text::new(format!("{path} does not exist"), format!("{path} 不存在")),
            );
        }
        (false, true) => {
            wrong.report("exists", Text::new(format!("{path} exists"), format!("{path} 不应存在")));
        }
        _ => {}
    }
    let Some(widest) = wrong.assert().max_mode.clone() else { return };
    let (Some(mode), Ok(allowed)) = (answer.mode, u32::from_str_radix(&widest, 8)) else { return };
    if mode & !allowed != 0 {
        wrong.report(
            "max_mode",
            Text::new(
                format!("{path} has mode {mode:04o}, wider than {widest}"),
                format!("{path} 的权限 {mode:04o} 超过 {widest}"),
            ),
        );
    }
}

fn judge_text(answer: &Answer, wrong: &mut Wrong<'_>) {
    let Some(wanted) = wrong.assert().contains.clone() else { return };
    if answer.text.contains(&wanted) {
        return;
    }
    if answer.left_out > 0 {
        wrong.findings.unknown(Text::new(
            format!(
                "{} bytes of the output were not kept, so {wanted:?} cannot be ruled out",
                answer.left_out
            ),
            format!("输出有 {} 字节未保留，无法断定是否含有 {wanted:?}", answer.left_out),
        ));
    } else {
        let (en, zh) = (format!("does not contain {wanted:?}"), format!("不含 {wanted:?}"));
        wrong.report("contains", Text::new(en, zh));
    }
}

fn judge_latency(answer: &Answer, wrong: &mut Wrong<'_>) {
    let Some(limit) = wrong.assert().latency_ms else { return };
    let took = answer.latency_ms;
    if took > limit {
        wrong.report(
            "latency_ms",
            Text::new(
                format!("took {took:.1} ms, more than {limit} ms"),
                format!("耗时 {took:.1} 毫秒，超过 {limit} 毫秒"),
            ),
        );
    }
}

/// Judges the fields of the output. An output of the shape `{"status": …, "error": …}` is taken
/// at its word even where nothing is asserted of it.
fn judge_json(answer: &Answer, wrong: &mut Wrong<'_>) -> Option<Value> {
    let parsed = serde_json::from_str::<Value>(answer.text.trim());
    let expected = wrong.assert().json.clone();
    let json = match parsed {
        Ok(json) => json,
        Err(err) => {
            if !expected.is_empty() || wrong.spec.measure.is_some() {
                let message = format!("the output is not JSON: {err}");
                wrong.report("json", Text::new(message, format!("输出不是 JSON：{err}")));
            }
            return None;
        }
    };
    let named = expected.keys().any(|path| path.trim_start_matches("$.") == "status");
    if !named && json.get("status") == Some(&Value::Bool(false)) {
        let error = json.get("error").and_then(Value::as_str).unwrap_or_default();
        let colon = if error.is_empty() { "" } else { ": " };
        wrong.report(
            "json status",
            Text::new(
                format!("reports status false{colon}{error}"),
                format!("报告 status 为 false{colon}{error}"),
            ),
        );
    }
    for (path, expected) in &expected {
        if let Some(why) = mismatch(path, field(&json, path), expected) {
            wrong.report(&format!("json {path}"), why);
        }
    }
    Some(json)
}

/// The field at `a.b[0].c`; a leading `$.` may stand before it.
fn field<'a>(json: &'a Value, path: &str) -> Option<&'a Value> {
    let path = path.strip_prefix("$.").unwrap_or(path);
    path.split(['.', '[']).try_fold(json, |value, step| match step.strip_suffix(']') {
        Some(index) => value.get(index.parse::<usize>().ok()?),
        None => value.get(step),
    })
}

/// Why `actual` is not what is expected; `None` where it is.
fn mismatch(path: &str, actual: Option<&Value>, expected: &Expected) -> Option<Text> {
    let shown = actual.map_or_else(|| "absent".to_owned(), Value::to_string);
    let wrong = |en: String, zh: String| {
        Some(Text::new(format!("{path} is {shown}, {en}"), format!("{path} 为 {shown}，{zh}")))
    };
    let compare = match expected {
        Expected::Value(wanted) => {
            let equal = actual.is_some_and(|actual| same(actual, wanted));
            return if equal {
                None
            } else {
                wrong(format!("not {wanted}"), format!("应为 {wanted}"))
            };
        }
        Expected::Compare(compare) => compare,
    };
    match compare.exists {
        Some(exists) if exists != actual.is_some() => {
            let words = if exists {
                ("but must be there", "但必须存在")
            } else {
                ("but must be absent", "但不应存在")
            };
            return wrong(words.0.into(), words.1.into());
        }
        _ => {}
    }
    if let (Some(not), Some(actual)) = (&compare.not, actual)
        && same(actual, not)
    {
        return wrong("which it must not be".into(), "不允许取此值".into());
    }
    if compare.max.is_none() && compare.min.is_none() {
        return None;
    }
    let Some(number) = actual.and_then(Value::as_f64) else {
        return wrong("not a number".into(), "不是数字".into());
    };
    if let Some(max) = compare.max.filter(|max| number > *max) {
        return wrong(format!("more than {max}"), format!("超过 {max}"));
    }
    let min = compare.min.filter(|min| number < *min)?;
    wrong(format!("less than {min}"), format!("低于 {min}"))
}

/// Equality in which 1 and 1.0 are the same number.
fn same(a: &Value, b: &Value) -> bool {
    a == b || matches!((a.as_f64(), b.as_f64()), (Some(a), Some(b)) if a == b)
}

/// What is compared with the critical threshold.
fn measure(
    spec: &CustomCheck,
    answer: &Answer,
    json: Option<&Value>,
    wrong: &mut Wrong<'_>,
) -> Option<(String, f64)> {
    let Some(name) = &spec.measure else {
        return Some(("latency_ms".into(), answer.latency_ms));
    };
    let value = field(json?, name).and_then(Value::as_f64);
    if value.is_none() {
        wrong.report(
            "measure",
            Text::new(
                format!("the output has no number at {name:?}"),
                format!("输出中 {name:?} 处没有数字"),
            ),
        );
    }
    Some((name.clone(), value?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(policy: &str, text: &str, status: i64) -> Vec<String> {
        let spec: CustomCheck = serde_json::from_str(policy).unwrap();
        let evidence = Evidence::Answer(Answer {
            status: Some(status),
            text: text.into(),
            latency_ms: 5.0,
            ..Answer::default()
        });
        let declared = Declared { location: Location::whole("goward.toml"), source: "".into() };
        let mut findings = Findings::default();
        judge(&spec, &spec.kind().unwrap(), &evidence, &declared, &mut findings);
        match goward_model::Verdict::of("x", findings).0 {
            goward_model::Verdict::Fail(found) => found.into_iter().map(|f| f.message.en).collect(),
            _ => vec![],
        }
    }

    #[test]
    fn assertions_are_judged() {
        let cases: &[(&str, &str, i64, &[&str])] = &[
            (r#"{"id":"x","command":"true"}"#, "", 0, &[]),
            (
                r#"{"id":"x","command":"true"}"#,
                "no such table",
                3,
                &["exited with 3: no such table"],
            ),
            (r#"{"id":"x","command":"t","assert":{"status":3}}"#, "", 3, &[]),
            (r#"{"id":"x","command":"t"}"#, r#"{"status":true,"error":""}"#, 0, &[]),
            (
                r#"{"id":"x","command":"t"}"#,
                r#"{"status":false,"latency_ms":1.2,"error":"lag"}"#,
                0,
                &["reports status false: lag"],
            ),
            (
                r#"{"id":"x","command":"t","assert":{"json":{"a.b[1]":2,"c":{"max":3},"$.d":{"exists":false}}}}"#,
                r#"{"a":{"b":[1,2.0]},"c":3}"#,
                0,
                &[],
            ),
            (
                r#"{"id":"x","command":"t","assert":{"json":{"c":{"max":3}}}}"#,
                r#"{"c":4}"#,
                0,
                &["c is 4, more than 3"],
            ),
            (
                r#"{"id":"x","command":"t","assert":{"json":{"c":true}}}"#,
                "{}",
                0,
                &["c is absent, not true"],
            ),
            (
                r#"{"id":"x","command":"t","assert":{"latency_ms":4}}"#,
                "",
                0,
                &["took 5.0 ms, more than 4 ms"],
            ),
            (
                r#"{"id":"x","command":"t","assert":{"contains":"ok"}}"#,
                "fine",
                0,
                &["does not contain \"ok\""],
            ),
            (r#"{"id":"x","http":"http://h"}"#, "", 503, &["answered with HTTP status 503"]),
            (r#"{"id":"x","http":"http://h"}"#, "", 204, &[]),
            (r#"{"id":"x","file":"a"}"#, "", 0, &["a does not exist"]),
            (r#"{"id":"x","file":"a","assert":{"exists":false}}"#, "", 0, &[]),
        ];
        for (policy, text, status, wanted) in cases {
            assert_eq!(&judged(policy, text, *status), wanted, "{policy} {text}");
        }
    }

    #[test]
    fn an_output_that_should_be_json_and_is_not_fails() {
        let found = judged(r#"{"id":"x","command":"t","assert":{"json":{"a":1}}}"#, "oops", 0);
        assert!(found[0].starts_with("the output is not JSON"), "{found:?}");
    }
}
