//! Reports made by hand: one with every case that a renderer knows, and large ones.

use goward_model::{
    Finding, Findings, Gate, Identity, Lang, Location, Measured, Outcome, Report, SlaTier, Text,
    Verdict, WaiverNote, WaiverState,
};
use goward_report::{Format, Options, RuleHelp, render};

/// Renders as a pipe would get it.
pub(crate) fn rendered(report: &Report, format: Format, lang: Lang) -> String {
    render(report, format, &options(lang))
}

pub(crate) fn options(lang: Lang) -> Options<'static> {
    let rule_help: &'static dyn Fn(&str) -> Option<RuleHelp> = match lang {
        Lang::En => &|check| documentation(check, Lang::En),
        Lang::Zh => &|check| documentation(check, Lang::Zh),
    };
    Options { lang, color: false, quiet: false, verbose: false, rule_help }
}

/// One check is documented, the others are not.
fn documentation(check: &str, lang: Lang) -> Option<RuleHelp> {
    (check == "replace-outside").then(|| RuleHelp {
        why: lang
            .pick(
                "A build must not depend on what lies **beside** it.",
                "构建不得依赖仓库**之外**的内容。",
            )
            .into(),
        fix: lang
            .pick(
                "Publish the module, then run `go mod tidy`.",
                "发布该模块，然后运行 `go mod tidy`。",
            )
            .into(),
        url: Some("https://go.dev/ref/mod#go-mod-file-replace".into()),
    })
}

const GO_MOD: &str =
    "module example.com/pay\n\ngo 1.24\n\nreplace example.com/lib => ../../../lib\n";
const VALUES: &str = "# 中文注释\nname: \"支付服务 {{ENV}}\"\n\tkey:\t{{TOKEN}} # 制表符\n";
/// A terminal escape, a bidirectional override, and commands of CI systems.
pub(crate) const HOSTILE: &str = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{202e}txt.exe\r\n::set-output name=gate::open\n##vso[task.complete result=Succeeded;]ok `|<b>@team</b> </details>";

pub(crate) fn outcome(group: &str, check: &str, tier: SlaTier, verdict: Verdict) -> Outcome {
    Outcome {
        check: check.into(),
        group: group.into(),
        title: Text::new(format!("{check} holds"), format!("{check} 成立")),
        tier,
        verdict,
        unknown: None,
        latency_ms: 12.345,
        timeout_ms: 5_000,
        critical_threshold: None,
        measured: None,
        note: None,
        blocked_by: None,
    }
}

fn both(en: &str, zh: &str) -> Text {
    Text::new(en, zh)
}

fn sealed(check: &str, findings: Vec<Finding>) -> Verdict {
    let mut all = Findings::default();
    findings.into_iter().for_each(|finding| all.report(finding));
    Verdict::of(check, all).0
}

fn waived(mut verdict: Verdict, state: WaiverState) -> Verdict {
    if let Verdict::Fail(findings) = &mut verdict {
        findings[0].waiver = Some(WaiverNote {
            reason: "vendor fix is due | see the plan".into(),
            owner: "alice@example.com".into(),
            expires: "2025-12-31".into(),
            state,
        });
    }
    verdict
}

fn replacement() -> Verdict {
    let location = Location::span("go.mod", (5, 28), (5, 40));
    let finding = Finding::at(
        location,
        "example.com/lib",
        both("the replacement lies outside the repository", "替换目标位于仓库之外"),
        both(
            "publish `example.com/lib` and require a version of it",
            "发布 `example.com/lib` 并引用其版本",
        ),
    )
    .quoting(&GO_MOD.into())
    .related(
        Location::point("../go.work", 3, 5),
        both("the workspace names it too", "工作区也引用了它"),
    );
    sealed("replace-outside", vec![finding])
}

fn placeholders() -> Verdict {
    let found = |location, evidence: &str| {
        Finding::at(
            location,
            evidence,
            both(
                &format!("the placeholder {evidence} is left"),
                &format!("占位符 {evidence} 未替换"),
            ),
            both("fill it in when the image is built", "在构建镜像时填入"),
        )
        .quoting(&VALUES.into())
    };
    sealed(
        "placeholder",
        vec![
            found(Location::span("配置/values.yaml", (2, 13), (2, 20)), "{{ENV}}"),
            found(Location::span("配置/values.yaml", (3, 7), (3, 16)), "{{TOKEN}}"),
        ],
    )
}

fn hostile() -> Verdict {
    let long = "x".repeat(399);
    let at = |location, evidence: &str| {
        Finding::at(location, evidence, Text::same(HOSTILE), Text::same(HOSTILE))
    };
    sealed(
        "hostile",
        vec![
            at(Location::span(format!("a,b:c%/{HOSTILE}"), (1, 1), (2, 3)), "many lines")
                .quoting(&"x\u{1b}[31m\r\n::error::x ```` ##[group]\n".into()),
            at(Location::point("long.json", 1, 399), "long line").quoting(&long.as_str().into()),
            at(Location::point("/etc/ssl/server.pem", 7, 1), "no snippet"),
            at(Location::point("../../../up.yaml", 1, 90), "outside the snippet")
                .quoting(&"short".into()),
        ],
    )
}

fn accepted() -> Vec<Outcome> {
    let certificate = |name: &str| {
        let message = both("the certificate is valid for 20 years", "证书有效期长达 20 年");
        let help = both("issue one for at most 398 days", "签发有效期不超过 398 天的证书");
        Finding::at(Location::whole(name), name, message, help)
    };
    let one = |name: &str| sealed("tls-age", vec![certificate(name)]);
    vec![
        outcome("admission", "tls-age", SlaTier::P1, waived(one("a.pem"), WaiverState::Active)),
        outcome(
            "admission",
            "tls-age-old",
            SlaTier::P1,
            waived(one("b.pem"), WaiverState::Expired),
        ),
    ]
}

/// Every verdict, tier and kind of finding.
pub(crate) fn sample() -> Report {
    let unknown = both("git did not answer\nwithin 3 s", "git 没有响应\n超过 3 秒");
    let mut half = outcome("integrity", "go-sum-direct", SlaTier::P2, replacement());
    half.unknown = Some(both("vendor/modules.txt is not readable", "无法读取 vendor/modules.txt"));
    let mut slow = outcome(
        "environment",
        "proxy",
        SlaTier::P3,
        sealed(
            "proxy",
            vec![Finding::at(
                Location::whole("goward.toml"),
                "critical_threshold",
                both(
                    "latency_ms is 1200.0, over the critical threshold 1000",
                    "latency_ms 为 1200.0，超过临界阈值 1000",
                ),
                both("find out what became slow", "查明变慢的原因"),
            )],
        ),
    );
    slow.latency_ms = 1_200.0;
    slow.critical_threshold = Some(1_000.0);
    slow.measured = Some(Measured { name: "latency_ms".into(), value: 1_200.0 });
    let mut blocked =
        outcome("integrity", "go-sum-match", SlaTier::P0, Verdict::Inconclusive(unknown));
    blocked.blocked_by = Some("go-mod-valid".into());
    let skipped = Verdict::Skip(both("there is no vendor folder", "没有 vendor 目录"));
    let mut outcomes = vec![
        outcome("integrity", "go-mod-valid", SlaTier::P0, Verdict::Pass),
        outcome("integrity", "replace-outside", SlaTier::P0, replacement()),
        outcome("admission", "placeholder", SlaTier::P1, placeholders()),
        half,
        outcome("integrity", "vendor-match", SlaTier::P2, skipped),
        blocked,
        slow,
        outcome("自定义", "hostile", SlaTier::P1, hostile()),
    ];
    outcomes.extend(accepted());
    Report::new(identity(), outcomes, Gate::Closed, 1_534.567_8)
}

fn identity() -> Identity {
    Identity {
        run_id: "20250131T235959Z-0badcafe".into(),
        started_at: "2025-01-31T23:59:59Z".into(),
        goward_version: "0.1.0".into(),
        target: "./services/pay".into(),
        prefix: "services/pay/".into(),
        module: Some("example.com/pay".into()),
        commit: Some("3f2a9c1d04b7e6518a90cc41d2f83e5b7a61d09c".into()),
        dirty: Some(true),
        go_version: Some("go1.24.3".into()),
        goflags: Some("-mod=vendor".into()),
        policy: vec!["/etc/goward/org.toml".into(), "goward.toml".into()],
        selection: vec![],
    }
}

/// A report in which all is well.
pub(crate) fn fine() -> Report {
    let outcomes = vec![outcome("integrity", "go-mod-valid", SlaTier::P0, Verdict::Pass)];
    Report::new(identity(), outcomes, Gate::Open, 3.0)
}

/// A report of a run in which `checks` checks each found `findings` placeholders.
pub(crate) fn many(checks: usize, findings: usize) -> Report {
    let finding = |n: usize| {
        let line = u32::try_from(n + 1).unwrap();
        Finding::at(
            Location::point("values.yaml", line, 1),
            n.to_string(),
            Text::same(format!("placeholder {n} is left")),
            Text::same("fill it in"),
        )
    };
    let one = |check: usize| {
        let id = format!("placeholder-{check:04}");
        let verdict = sealed(&id, (0..findings).map(finding).collect());
        outcome("admission", &id, SlaTier::ALL[check % 4], verdict)
    };
    Report::new(identity(), (0..checks).map(one).collect(), Gate::Closed, 9.0)
}
