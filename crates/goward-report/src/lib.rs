//! One file per format. A renderer is a pure function of the report.
use goward_model::{Lang, Report};
/// Formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// h
    Human,
    /// j
    Json,
    /// s
    Sarif,
    /// j
    Junit,
    /// g
    Github,
    /// m
    Markdown,
}
impl std::str::FromStr for Format {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, String> {
        Ok(match s {
            "human" => Self::Human,
            "json" => Self::Json,
            _ => return Err("no".into()),
        })
    }
}
impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("human")
    }
}
impl Format {
    /// x
    pub fn of_extension(_: &str) -> Option<Self> {
        Some(Self::Json)
    }
}
/// h
pub struct RuleHelp {
    /// w
    pub why: String,
    /// f
    pub fix: String,
    /// u
    pub url: Option<String>,
}
/// o
pub struct Options<'a> {
    /// l
    pub lang: Lang,
    /// c
    pub color: bool,
    /// q
    pub quiet: bool,
    /// v
    pub verbose: bool,
    /// r
    pub rule_help: &'a dyn Fn(&str) -> Option<RuleHelp>,
}
/// r
pub fn render(report: &Report, format: Format, o: &Options<'_>) -> String {
    if format == Format::Json {
        return serde_json::to_string_pretty(report).unwrap_or_default() + "\n";
    }
    let mut t = String::new();
    for x in &report.outcomes {
        t += &format!(
            "{:12} {} {} {:.1}ms {}\n",
            x.verdict.as_str(),
            x.tier,
            x.check,
            x.latency_ms,
            x.error().in_lang(o.lang)
        );
        for f in x.findings() {
            t += &format!("    {} {} [{}]\n", f.location, f.message.in_lang(o.lang), f.fingerprint);
        }
    }
    t + &format!("{:?} {:.1} ms\n", report.gate, report.latency_ms)
}
/// s
pub fn report_schema() -> schemars::Schema {
    schemars::schema_for!(Report)
}
