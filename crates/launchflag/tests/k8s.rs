//! Kubernetes manifests, case by case.

use launchflag::{Kind, Position, Span, State, judge};

const ON: State = State::On;
const OFF: State = State::Off;
const UNKNOWN: State = State::Unknown;

/// Fields of the only container of a Deployment, without indentation.
const CONTAINERS: &[(&str, State, &str)] = &[
    ("args, flow", ON, "args: [--port=80, --audit-log-enabled=true]"),
    ("args, block", ON, "args:\n- --port=80\n- --audit-log-enabled=true"),
    ("args, flow over lines", ON, "args: [\n  --port=80,\n  --audit-log-enabled=true\n]\nimage: x"),
    (
        "args, flow over lines, off",
        OFF,
        "args: [\n'--audit-log-enabled=true', # x\n'--audit-log-enabled=false',\n]",
    ),
    ("quoted text over lines", ON, "x: 'a\nb'\nargs: [--audit-log-enabled=true]"),
    ("quoted", ON, "args: ['--audit-log-enabled=true']"),
    ("command", ON, "command: [/server, --audit-log-enabled]"),
    ("command and args", ON, "command: [/server]\nargs: [--audit-log-enabled, 'true']"),
    (
        "args win, being behind",
        OFF,
        "command: [/server, --audit-log-enabled=true]\nargs: [--audit-log-enabled=false]",
    ),
    ("absent", OFF, "command: [/server]"),
    ("absent from args alone", OFF, "args: [--port=80]"),
    ("neither", UNKNOWN, "env: [{name: ARGS, value: --audit-log-enabled=true}]"),
    ("empty lists", UNKNOWN, "command: []\nargs:"),
    ("comment", OFF, "args:\n- --port=80\n# - --audit-log-enabled=true"),
    ("comment at the end", OFF, "args: [--port=80] # --audit-log-enabled=true"),
    ("one word with blanks", OFF, "args: ['--audit-log-enabled=true --port=80']"),
    ("one string as list", OFF, "args: ['/server --audit-log-enabled=true']"),
    ("a string instead of a list", UNKNOWN, "args: --audit-log-enabled=true"),
    ("a boolean as word", UNKNOWN, "args: [--audit-log-enabled, true]"),
    ("annotation-like text", OFF, "args: [--port=80]\nworkingDir: --audit-log-enabled=true"),
    (
        "probe",
        OFF,
        "args: [--port=80]\nlivenessProbe: {exec: {command: [/server, --audit-log-enabled=true]}}",
    ),
    (
        "lifecycle",
        OFF,
        "args: [--port=80]\nlifecycle: {postStart: {exec: {command: [/s, --audit-log-enabled=true]}}}",
    ),
    ("variable", ON, "args: [--audit-log-enabled=$(A)]\nenv: [{name: A, value: 'true'}]"),
    ("variable off", OFF, "args: [--audit-log-enabled=$(A)]\nenv: [{name: A, value: 'false'}]"),
    (
        "variable of a variable",
        ON,
        "args: [--audit-log-enabled=$(B)]\nenv: [{name: A, value: tr}, {name: B, value: $(A)ue}]",
    ),
    (
        "variable of a later variable stays",
        OFF,
        "args: [--audit-log-enabled=$(B)]\nenv: [{name: B, value: $(A)}, {name: A, value: 'true'}]",
    ),
    (
        "the last of two variables",
        OFF,
        "args: [--audit-log-enabled=$(A)]\nenv: [{name: A, value: 'true'}, {name: A, value: 'false'}]",
    ),
    ("undefined variable", OFF, "args: [--audit-log-enabled=$(A)]"),
    ("escaped variable", OFF, "args: [--audit-log-enabled=$$(A)]\nenv: [{name: A, value: 'true'}]"),
    (
        "braces are no variable",
        OFF,
        "args: ['--audit-log-enabled=${A}']\nenv: [{name: A, value: 'true'}]",
    ),
    (
        "valueFrom",
        UNKNOWN,
        "args: [--audit-log-enabled=$(A)]\nenv: [{name: A, valueFrom: {configMapKeyRef: {name: x, key: y}}}]",
    ),
    (
        "valueFrom elsewhere",
        ON,
        "args: [--audit-log-enabled=true, --p=$(A)]\nenv: [{name: A, valueFrom: {}}]",
    ),
    (
        "valueFrom as a whole word behind",
        UNKNOWN,
        "args: [--audit-log-enabled=true, $(A)]\nenv: [{name: A, valueFrom: {}}]",
    ),
    ("envFrom", UNKNOWN, "args: [--audit-log-enabled=$(A)]\nenvFrom: [{configMapRef: {name: x}}]"),
    (
        "env wins over envFrom",
        ON,
        "args: [--audit-log-enabled=$(A)]\nenv: [{name: A, value: '1'}]\nenvFrom: [{configMapRef: {name: x}}]",
    ),
    ("whole flag in a variable", ON, "args: [$(A)]\nenv: [{name: A, value: --audit-log-enabled}]"),
    ("sh -c", ON, "command: [sh, -c]\nargs: [exec /server --audit-log-enabled=true]"),
    (
        "sh -c, folded",
        ON,
        "command: [sh, -c]\nargs:\n- >-\n  exec /server\n  --port=80\n  --audit-log-enabled=true",
    ),
    (
        "sh -c, block",
        ON,
        "command:\n- /bin/sh\n- -c\n- |\n  set -e\n  cd /x\n  exec /server \\\n    --audit-log-enabled=true",
    ),
    (
        "sh -c, commented out",
        OFF,
        "command:\n- /bin/sh\n- -c\n- |\n  # exec /server --audit-log-enabled=true\n  exec /server",
    ),
    (
        "sh -c with a variable",
        ON,
        "command: [sh, -c, 'exec /server --audit-log-enabled=$A']\nenv: [{name: A, value: 'true'}]",
    ),
    (
        "sh -c with an unknown variable",
        UNKNOWN,
        "command: [sh, -c, 'exec /server --audit-log-enabled=${A:-true}']",
    ),
    (
        "sh -c, but the flag behind the script",
        OFF,
        "command: [sh, -c, exec /server]\nargs: [--audit-log-enabled=true]",
    ),
    (
        "sh -c with an unknown variable elsewhere",
        ON,
        "command: [sh, -c, 'exec /server --audit-log-enabled=true --port=$(A)']\nenv: [{name: A, valueFrom: {}}]",
    ),
    (
        "sh -c with an unknown value",
        UNKNOWN,
        "command: [sh, -c, 'exec /server --audit-log-enabled=$(A)']\nenv: [{name: A, valueFrom: {}}]",
    ),
    (
        "sh -c with a known value",
        ON,
        "command: [sh, -c, 'exec /server --audit-log-enabled=$(A)']\nenv: [{name: A, value: 'true'}]",
    ),
    (
        "sh -c with a template elsewhere",
        ON,
        "command: [sh, -c, 'exec /server --audit-log-enabled=true --port={{ .Values.port }}']",
    ),
    (
        "a boolean as value of a variable",
        UNKNOWN,
        "args: [--audit-log-enabled=$(A)]\nenv: [{name: A, value: true}]",
    ),
    ("template", UNKNOWN, "args: ['--audit-log-enabled={{ .Values.audit }}']"),
    ("template elsewhere", ON, "args: ['--audit-log-enabled=true', '--port={{ .Values.port }}']"),
    ("template as list", UNKNOWN, "args: {{ toYaml .Values.args }}"),
    (
        "template lines",
        UNKNOWN,
        "args:\n{{- range .Values.args }}\n- {{ . }}\n{{- end }}\n- --audit-log-enabled=true",
    ),
    ("anchor", ON, "env: [{name: A, value: &a --audit-log-enabled=true}]\nargs: [*a]"),
    (
        "the key twice",
        UNKNOWN,
        "args: [--audit-log-enabled=false]\nargs: [--audit-log-enabled=true]",
    ),
    ("pause", UNKNOWN, "command: [/pause]\nargs: [--audit-log-enabled=true]"),
];

/// Whole files.
const FILES: &[(&str, State, &str)] = &[
    ("Pod", ON, "kind: Pod\nspec: {containers: [{args: [--audit-log-enabled=true]}]}"),
    (
        "CronJob",
        ON,
        "kind: CronJob\nspec: {jobTemplate: {spec: {template: {spec: {containers: [{args: [--audit-log-enabled=true]}]}}}}}",
    ),
    (
        "PodTemplate",
        ON,
        "kind: PodTemplate\ntemplate: {spec: {containers: [{args: [--audit-log-enabled=true]}]}}",
    ),
    (
        "List",
        ON,
        "kind: List\nitems:\n- kind: Service\n- kind: Pod\n  spec: {containers: [{args: [--audit-log-enabled=true]}]}",
    ),
    (
        "several documents",
        ON,
        "kind: Service\n---\nkind: Pod\nspec: {containers: [{args: [--audit-log-enabled=true]}]}\n---\n",
    ),
    (
        "JSON",
        ON,
        "{\"kind\": \"Pod\", \"spec\": {\n\t\"containers\": [{\"args\": [\"--audit-log-enabled=true\"]}]}}",
    ),
    (
        "another kind with a pod template",
        ON,
        "kind: Rollout\nspec: {template: {spec: {containers: [{args: [--audit-log-enabled=true]}]}}}",
    ),
    (
        "sidecar without the flag",
        ON,
        "kind: Pod\nspec: {containers: [{args: [--x]}, {args: [--audit-log-enabled=true]}]}",
    ),
    (
        "sidecar without any words",
        ON,
        "kind: Pod\nspec: {containers: [{name: proxy}, {args: [--audit-log-enabled=true]}]}",
    ),
    (
        "two that differ",
        OFF,
        "kind: Pod\nspec: {containers: [{args: [--audit-log-enabled]}, {args: [--audit-log-enabled=false]}]}",
    ),
    ("image decides for one", OFF, "kind: Pod\nspec: {containers: [{args: [--x]}, {name: app}]}"),
    (
        "initContainers",
        OFF,
        "kind: Pod\nspec: {initContainers: [{args: [--audit-log-enabled=true]}], containers: [{args: [--x]}]}",
    ),
    (
        "sidecar as init container",
        OFF,
        "kind: Pod\nspec: {initContainers: [{restartPolicy: Always, args: [--audit-log-enabled=true]}], containers: [{args: [--x]}]}",
    ),
    (
        "ephemeral container",
        OFF,
        "kind: Pod\nspec: {ephemeralContainers: [{args: [--audit-log-enabled=true]}], containers: [{args: [--x]}]}",
    ),
    (
        "merge key",
        ON,
        "x: &x {args: [--audit-log-enabled=true]}\nspec: {containers: [{<<: *x, name: a}]}",
    ),
    (
        "own field over merge key",
        OFF,
        "x: &x {args: [--audit-log-enabled=true]}\nspec: {containers: [{<<: *x, args: [--x]}]}",
    ),
    (
        "ConfigMap with a manifest",
        UNKNOWN,
        "kind: ConfigMap\ndata: {x: \"spec: {containers: [{args: [--audit-log-enabled=true]}]}\"}",
    ),
    (
        "annotation",
        OFF,
        "kind: Pod\nmetadata: {annotations: {x: --audit-log-enabled=true}}\nspec: {containers: [{args: [--x]}]}",
    ),
    (
        "partial manifest",
        ON,
        "spec:\n  template:\n    spec:\n      containers:\n      - name: a\n        args: [--audit-log-enabled=true]",
    ),
    (
        "patch that deletes",
        UNKNOWN,
        "spec: {template: {spec: {containers: [{$patch: delete, args: [--audit-log-enabled=true]}]}}}",
    ),
    (
        "JSON patch",
        UNKNOWN,
        "- op: add\n  path: /spec/template/spec/containers/0/args/-\n  value: --audit-log-enabled=true",
    ),
    ("a container of its own", ON, "name: a\nargs: [--audit-log-enabled=true]"),
    ("containers of their own", ON, "containers:\n- args: [--audit-log-enabled=true]"),
    ("no workload", UNKNOWN, "kind: Service\nspec: {ports: []}"),
    ("empty", UNKNOWN, ""),
    ("no YAML", UNKNOWN, "kind: Pod\n  spec: {containers: [{args: [--audit-log-enabled=true]}]}"),
    (
        "deep",
        UNKNOWN,
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    ),
];

fn check(cases: &[(&str, State, &str)], text: impl Fn(&str) -> String) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(name, expected, case)| {
            let verdict = judge(Kind::K8s, text(case).as_bytes(), "audit-log-enabled");
            (verdict.state != *expected)
                .then(|| format!("{name}: {} because {}", verdict.state, verdict.why))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn containers() {
    check(CONTAINERS, |fields| {
        let fields: String = fields.lines().map(|line| format!("        {line}\n")).collect();
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - name: app\n{fields}"
        )
    });
}

#[test]
fn files() {
    check(FILES, str::to_owned);
}

#[test]
fn the_deciding_word_is_shown() {
    let span = |text: &str| judge(Kind::K8s, text.as_bytes(), "audit").span;
    let at = |line, start, end| {
        Some(Span { start: Position { line, column: start }, end: Position { line, column: end } })
    };
    assert_eq!(span("containers:\n- args:\n  - --é\n  - '--audit=true'\n"), at(4, 6, 18));
    assert_eq!(span("containers: [{args: [--é, --audit]}]"), at(1, 27, 34));
    assert_eq!(
        span("containers:\n- args:\n  - sh\n  - -c\n  - |\n    cd x\n    exec s --audit=true\n"),
        at(7, 12, 24)
    );
    assert_eq!(span("containers:\n- args: [\n  '--audit=true'\n  ]"), at(3, 4, 16));
    assert_eq!(span("containers:\n- command: [/s]"), at(2, 13, 15));
    assert_eq!(span("containers:\n- name: app"), at(2, 9, 12));
}

#[test]
fn hostile_aliases_and_variables_stay_bounded() {
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..40 {
        laughs
            .push_str(&format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(", ")));
    }
    laughs.push_str("containers: [{args: *a39}]\n");
    assert_eq!(judge(Kind::K8s, laughs.as_bytes(), "audit").state, UNKNOWN);
    let mut doubling =
        "containers:\n- args: [$(v60)]\n  env:\n  - {name: v0, value: xx}\n".to_owned();
    for n in 1..=60 {
        doubling.push_str(&format!("  - {{name: v{n}, value: $(v{})$(v{})}}\n", n - 1, n - 1));
    }
    assert_eq!(judge(Kind::K8s, doubling.as_bytes(), "audit").state, UNKNOWN);
}
