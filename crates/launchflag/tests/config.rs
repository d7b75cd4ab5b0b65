//! Configuration files, case by case.

use launchflag::{Kind, Position, Span, State, judge};

const ON: State = State::On;
const OFF: State = State::Off;
const UNKNOWN: State = State::Unknown;

const CASES: &[(&str, State, &str)] = &[
    // YAML.
    ("nested", ON, "audit:\n  log:\n    enabled: true\n"),
    ("nested off", OFF, "audit:\n  log:\n    enabled: false\n"),
    ("dotted", ON, "audit.log.enabled: true"),
    ("dashes", ON, "audit-log-enabled: true"),
    ("underscores", ON, "audit_log_enabled: true"),
    ("camel case", ON, "auditLogEnabled: true"),
    ("partly nested", ON, "audit:\n  log-enabled: true"),
    ("partly dotted", ON, "audit.log: {enabled: True}"),
    ("absent", OFF, "audit: {log: {level: 3}}"),
    ("empty", OFF, ""),
    ("another parent", OFF, "other: {audit: {log: {enabled: true}}}"),
    ("longer key", OFF, "audit-log-enabled-by: true"),
    ("a part", OFF, "log: {enabled: true}"),
    ("in a list", OFF, "audit: [{log: {enabled: true}}]"),
    ("comment", OFF, "# audit-log-enabled: true\nx: 1"),
    ("comment at the end", OFF, "audit-log-enabled: false # audit-log-enabled: true"),
    ("in a text", OFF, "x: 'audit-log-enabled: true'"),
    ("in a block", OFF, "x: |\n  audit-log-enabled: true"),
    ("quoted true", UNKNOWN, "audit-log-enabled: 'true'"),
    ("quoted false", OFF, "audit-log-enabled: 'false'"),
    ("YAML 1.1 yes", UNKNOWN, "audit-log-enabled: yes"),
    ("YAML 1.1 off", OFF, "audit-log-enabled: off"),
    ("quoted yes", OFF, "audit-log-enabled: 'yes'"),
    ("number 1", UNKNOWN, "audit-log-enabled: 1"),
    ("number 0", OFF, "audit-log-enabled: 0"),
    ("null", OFF, "audit-log-enabled:"),
    ("other text", OFF, "audit-log-enabled: truely"),
    ("a map", OFF, "audit-log-enabled: {x: true}"),
    ("anchor", ON, "x: &x {enabled: true}\naudit: {log: *x}"),
    ("merge key", ON, "x: &x {enabled: true}\naudit: {log: {<<: *x}}"),
    ("twice", UNKNOWN, "audit-log-enabled: true\naudit-log-enabled: true"),
    ("two spellings that agree", ON, "audit-log-enabled: true\naudit: {log: {enabled: true}}"),
    (
        "two spellings that differ",
        UNKNOWN,
        "audit-log-enabled: true\naudit: {log: {enabled: false}}",
    ),
    ("later document", UNKNOWN, "x: 1\n---\naudit-log-enabled: true"),
    ("template", UNKNOWN, "audit-log-enabled: '{{ .Values.audit }}'"),
    ("broken", UNKNOWN, "audit-log-enabled: true\n  x: [\n"),
    // JSON.
    ("JSON", ON, "{\"audit\": {\"log\": {\"enabled\": true}}}"),
    ("JSON with tabs", ON, "{\n\t\"auditLogEnabled\": true\n}"),
    ("JSON text", UNKNOWN, "{\"audit-log-enabled\": \"true\"}"),
    ("JSON twice", UNKNOWN, "{\"audit-log-enabled\": false, \"audit-log-enabled\": true}"),
    // TOML.
    ("TOML table", ON, "[audit.log]\nenabled = true"),
    ("TOML key", ON, "title = 'x'\naudit-log-enabled = true"),
    ("TOML dotted", ON, "audit.log.enabled = true # x"),
    ("TOML inline", OFF, "audit = { log = { enabled = false } }"),
    ("TOML another table", OFF, "[other]\naudit-log-enabled = true"),
    ("TOML text", UNKNOWN, "audit-log-enabled = \"true\""),
    ("TOML comment", OFF, "x = 1\n# audit-log-enabled = true"),
    ("TOML twice", UNKNOWN, "audit-log-enabled = false\naudit-log-enabled = true"),
    // env, properties, INI.
    ("env", ON, "A=hello world\nAUDIT_LOG_ENABLED=true"),
    ("env alone", ON, "AUDIT_LOG_ENABLED=true\n"),
    ("env, export and quotes", ON, "export A=b c\nexport AUDIT_LOG_ENABLED=\"true\""),
    ("env, 1", ON, "A=b c\nAUDIT_LOG_ENABLED=1"),
    ("env, off", OFF, "A=b c\nAUDIT_LOG_ENABLED=false"),
    ("env, yes", UNKNOWN, "A=b c\nAUDIT_LOG_ENABLED=yes"),
    ("env, comment", OFF, "A=b c\n#AUDIT_LOG_ENABLED=true"),
    ("env, prefix", OFF, "A=b c\nMY_AUDIT_LOG_ENABLED=true"),
    ("env, the last wins", OFF, "A=b c\nAUDIT_LOG_ENABLED=true\nAUDIT_LOG_ENABLED=false"),
    ("env, variable", UNKNOWN, "A=b c\nAUDIT_LOG_ENABLED=$X"),
    ("env, empty", OFF, "A=b c\nAUDIT_LOG_ENABLED="),
    ("properties", ON, "x=a b\naudit.log.enabled = true"),
    ("properties that differ", UNKNOWN, "x=a b\naudit.log.enabled=false\naudit.log.enabled=true"),
    ("INI", ON, "; x\n[audit]\nlog.enabled = true ; x\nname = a b"),
    ("INI default section", ON, "[DEFAULT]\nname = a b\naudit_log_enabled = true"),
    ("INI other section", OFF, "[server]\nname = a b\naudit_log_enabled = true"),
    // ConfigMaps.
    (
        "ConfigMap variable",
        ON,
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  AUDIT_LOG_ENABLED: 'true'\n",
    ),
    (
        "ConfigMap file",
        ON,
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  config.yaml: |\n    audit:\n      log:\n        enabled: true\n",
    ),
    (
        "ConfigMap file off",
        OFF,
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  config.yaml: |\n    # audit-log-enabled: true\n    audit-log-enabled: false\n",
    ),
    (
        "ConfigMap properties",
        ON,
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  app.properties: |\n    x=a b\n    audit.log.enabled=true\n",
    ),
    (
        "ConfigMap files that differ",
        UNKNOWN,
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  a.yaml: 'audit-log-enabled: true'\n  b.yaml: 'audit-log-enabled: false'\n",
    ),
    (
        "ConfigMap metadata",
        OFF,
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {labels: {audit-log-enabled: true}}\ndata: {x: y}\n",
    ),
];

#[test]
fn files() {
    let wrong: Vec<String> = CASES
        .iter()
        .filter_map(|(name, expected, text)| {
            let verdict = judge(Kind::Config, text.as_bytes(), "audit-log-enabled");
            (verdict.state != *expected)
                .then(|| format!("{name}: {} because {}", verdict.state, verdict.why))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_deciding_value_is_shown() {
    let span = |text: &str| judge(Kind::Config, text.as_bytes(), "audit-log").span;
    let at = |line, start, end| {
        Some(Span { start: Position { line, column: start }, end: Position { line, column: end } })
    };
    assert_eq!(span("audit:\n  log: true\n"), at(2, 8, 12));
    assert_eq!(span("x = 'é'\n[audit]\nlog = false\n"), at(3, 7, 12));
    assert_eq!(span("A=b c\nexport AUDIT_LOG=\"true\" # x\n"), at(2, 18, 24));
    assert_eq!(
        span("apiVersion: v1\nkind: ConfigMap\ndata:\n  c: |\n    audit:\n      log: true\n"),
        at(6, 12, 16)
    );
}
