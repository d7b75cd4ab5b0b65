//! What is a leftover, and what only looks like one.

use leftover::{Mode, scan};

fn names(path: &str, text: &str, mode: Mode) -> Vec<String> {
    let allowed = |name: &str| matches!(name, "DB_PASSWORD" | "S3_BUCKET" | "allowed_lower");
    let found = scan(path, text.as_bytes(), mode, &allowed).findings;
    found.into_iter().map(|f| format!("{}@{}:{}", f.name, f.line, f.column)).collect()
}

fn table(mode: Mode, cases: &[(&str, &str, &[&str])]) {
    for (path, text, wanted) in cases {
        assert_eq!(&names(path, text, mode), wanted, "{path}: {text:?}");
    }
}

#[test]
fn double_braces() {
    table(
        Mode::Source,
        &[
            ("a.yaml", "x: {{DB_HOST}}", &["DB_HOST@1:4"]),
            ("a.yaml", "x: {{ DB_HOST }}", &["DB_HOST@1:4"]),
            ("a.yaml", "x: {{\tDB_HOST\t}}", &["DB_HOST@1:4"]),
            ("a.yaml", "x: {{DB_PASSWORD}}", &[]),
            ("a.yaml", "x: {{ DB_PASSWORD }}{{S3_BUCKET}}", &[]),
            ("a.yaml", "x: {{S3_BUCKET2}}", &["S3_BUCKET2@1:4"]),
            ("a.yaml", "x: {{2FA_KEY}}", &["2FA_KEY@1:4"]),
            ("a.yaml", "x: {{secret_key}}", &["secret_key@1:4"]),
            ("a.yaml", "x: {{secretKey}} {{Secret}}", &["secretKey@1:4", "Secret@1:18"]),
            ("a.yaml", "x: {{allowed_lower}}", &["allowed_lower@1:4"]),
            ("a.yaml", "x: {{_}}", &["_@1:4"]),
            ("a.yaml", "x: {{{DB_HOST}}}", &["DB_HOST@1:5"]),
            ("a.yaml", "x: {{ {{DB_HOST}} }}", &["DB_HOST@1:7"]),
            ("a.yaml", "密码: {{DB_HOST}}", &["DB_HOST@1:5"]),
            ("a.yaml", "x: {{\nDB_HOST\n}}", &[]),
            ("a.yaml", "x: {{ DB_HOST\r\n}}", &[]),
            ("a.yaml", "x: {{DB_HOST}}\r\ny: {{X}}\r\n", &["DB_HOST@1:4", "X@2:4"]),
            ("a.yaml", "\u{feff}x: {{DB_HOST}}", &["DB_HOST@1:4"]),
            ("a.yaml", "x: {{}} {{ }} {{1}} {{A-B}} {{a.b}} {{.X}} {DB_HOST} {{DB_HOST} }", &[]),
            (
                "a.yaml",
                "x: {{ .Values.x }} {{- .Values.y -}} {{ $labels.instance }} {{ $value }}",
                &[],
            ),
            ("a.yaml", "x: {{ if .X }}a{{ else }}b{{ end }}{{/* c */}}{{ include \"x\" . }}", &[]),
            ("a.yaml", "x: {{ NAME | default }}", &[]),
            ("a.yaml", "x: ${{ secrets.TOKEN }} ${{TOKEN}} ${{ TOKEN }}", &[]),
            ("a.json", "{\"a\": {\"b\": {}}, \"c\": \"{{DB_HOST}}\"}", &["DB_HOST@1:24"]),
            ("a.toml", "x = \"{{DB_HOST}}\"", &["DB_HOST@1:6"]),
            (".env", "X={{DB_HOST}}", &["DB_HOST@1:3"]),
            ("Dockerfile", "ENV X={{DB_HOST}}", &["DB_HOST@1:7"]),
            ("a.sh", "X={{DB_HOST}}", &["DB_HOST@1:3"]),
            ("Makefile", "X = {{DB_HOST}}", &["DB_HOST@1:5"]),
            ("a.sh", "docker inspect --format '{{json .State}}' {{.Names}}", &[]),
            ("a.properties", "x={{DB_HOST}}", &["DB_HOST@1:3"]),
            ("config", "x {{DB_HOST}}", &["DB_HOST@1:3"]),
        ],
    );
}

#[test]
fn comments_are_told_apart() {
    table(
        Mode::Source,
        &[
            ("a.yaml", "# {{X}}", &[]),
            ("a.yaml", "x: 1 # {{X}}", &[]),
            ("a.yaml", "x: \"a # {{X}}\"", &["X@1:9"]),
            ("a.yaml", "x: 'a # {{X}}'", &["X@1:9"]),
            ("a.yaml", "x: it's # {{X}}", &[]),
            ("a.yaml", "x: a#{{X}}", &["X@1:6"]),
            ("a.yaml", "x: |\n  # {{X}}\ny: 1 # {{Y}}", &["X@2:5"]),
            ("a.yaml", "x: |\n  #!/bin/sh\n  # {{X}}\n  echo {{Y}}\n", &["Y@4:8"]),
            ("a.yaml", "- x: >-\n    # {{X}}\n  y: 1 # {{Y}}", &["X@2:7"]),
            ("a.toml", "x = \"#\" # {{X}}", &[]),
            ("a.toml", "x = \"\"\"\n# {{X}}\n\"\"\" # {{Y}}", &["X@2:3"]),
            ("a.json", "{\"x\": \"# {{X}}\"}", &["X@1:10"]),
            ("a.jsonc", "{ // {{X}}\n \"y\": \"// {{Y}}\" /* {{Z}}\n {{Z}} */ }", &["Y@2:11"]),
            ("a.xml", "<!-- {{X}}\n{{X}} --><a>{{Y}}</a>", &["Y@2:13"]),
            (".env", "X=a#{{X}} # {{Y}}", &["X@1:5"]),
            ("a.ini", "; {{X}}\n# {{X}}\ny={{Y}}", &["Y@3:3"]),
            ("a.properties", "! {{X}}\ny=1 # {{Y}}", &["Y@2:7"]),
            ("Dockerfile", "# {{X}}\nRUN a # {{Y}}", &["Y@2:9"]),
            ("Makefile", "X = 1 # {{X}}", &[]),
            ("a.sh", "echo 'a # {{X}}' # {{Y}}", &["X@1:11"]),
            ("a.sql", "-- {{X}}\nselect '{{Y}}' /* {{Z}} */", &["Y@2:9"]),
            ("a.tf", "x = \"{{X}}\" // {{Y}}\n# {{Z}}", &["X@1:6"]),
        ],
    );
}

#[test]
fn documents_programs_and_other_engines_are_told_apart() {
    table(
        Mode::Source,
        &[
            ("README.md", "set {{DB_HOST}}", &[]),
            ("docs/guide.rst", "{{DB_HOST}}", &[]),
            ("README", "{{DB_HOST}}", &[]),
            ("main.go", "x := []T{{NAME}}", &[]),
            ("a.ts", "f({{NAME}})", &[]),
            ("a.j2", "{{ db_host }} {{DB_HOST}}", &[]),
            ("a.yaml", "{% if x %}\nx: {{ db_host }}\n{% endif %}", &[]),
            ("chart/templates/a.yaml", "x: {{ fullname }} {{ .Values.x }}", &[]),
            ("chart/templates/a.yaml", "x: {{DB_HOST}}", &["DB_HOST@1:4"]),
            ("a.tmpl", "{{ version }} {{end}}", &[]),
            ("Taskfile.yml", "x: {{OS}} {{.X}}", &[]),
            ("dash.json", "{\"panels\": [], \"schemaVersion\": 1, \"t\": \"{{instance}}\"}", &[]),
            ("dash.json", "{\"legendFormat\": \"{{pod}} {{ job }}\"}", &[]),
            ("wf.yaml", "apiVersion: argoproj.io/v1alpha1\nx: {{item}}", &[]),
            ("play.yml", "- hosts: all\n  tasks:\n  - debug: msg={{ name }}", &[]),
            (".github/workflows/ci.yml", "x: ${{ github.ref }} ${{X}}", &[]),
            (".github/workflows/ci.yml", "x: {{TOKEN}}", &["TOKEN@1:4"]),
            (".github/workflows/ci.yml", "tags: type=semver,pattern={{version}}", &[]),
            (".promu.yml", "x: {{user}}@{{host}}", &[]),
            ("ui/src/i18n/lang/de.json", "{\"A\": \"{{param}}\"}", &[]),
            (
                "argo/deploy.yaml",
                "a: {argocd.argoproj.io/wave: 1}\np: '{{DB_PASS}}'",
                &["DB_PASS@2:5"],
            ),
            ("ro.yaml", "apiVersion: argoproj.io/v1\nkind: Rollout\nx: {{item}}", &["item@3:4"]),
            ("config/security.yaml", "jwt: {{JWT_SECRET}}", &["JWT_SECRET@1:6"]),
            ("SECURITY.txt", "{{X}}", &[]),
            ("k8s/roles/a.yaml", "x: {{ROLE}}", &["ROLE@1:4"]),
            ("/builds/i18n/app/deploy.yaml", "x: {{ROLE}}", &["ROLE@1:4"]),
            ("filebeat.yml", "hosts: [es]\nroles: [a]\np: {{ES_PASSWORD}}", &["ES_PASSWORD@3:4"]),
            ("log.yaml", "pattern: \"{%d}\"\np: {{DB_PASS}}", &["DB_PASS@2:4"]),
            (".platform.app.yaml", "x: {{ROLE}}", &["ROLE@1:4"]),
            (".npmrc", "//registry.example.com/:_authToken={{NPM_TOKEN}}", &["NPM_TOKEN@1:36"]),
            ("u.yaml", "u: https://cdn.example/s/{{TENANT}}/files/a.js", &["TENANT@1:26"]),
            ("u.yaml", "u: https://x.example/api?s={{API_KEY}}&a=1&b=2", &["API_KEY@1:28"]),
            ("q.yaml", "x: 'it''s # {{B}}'", &["B@1:13"]),
            ("q.yaml", "x: a \"b # {{C}}\"", &[]),
            ("q.yaml", "a: &d |\n  # {{X}}\nb: !!str >\n  # {{Y}}", &["X@2:5", "Y@4:5"]),
            ("a.tf", "x = <<EOF\nurl=https://{{HOST}}/\nEOF", &["HOST@2:13"]),
            ("w.yaml", "x: {{true}} {{now}} {{end}}", &["true@1:4", "now@1:13"]),
            ("justfile", "build:\n  docker build -t {{IMAGE}} .", &[]),
            ("d.tmpl.yaml", "x: {{ fullname }}", &[]),
            ("roles/db/templates/my.cnf", "user={{ mysql_user }}", &[]),
            (".github/renovate.json5", "groupName: 'helm-{{packageName}}'", &[]),
            ("renovate-presets/a.json", "{\"a\": \"{{newVersion}}\"}", &[]),
            ("a.mk", "\tsed -e \"s:{{VERSION}}:$(VERSION):g\" < $< > $@", &[]),
            ("a.sh", "sed -i 's|{{IMAGE}}:latest|x|;s/{{ TAG }}/y/' a.yaml", &[]),
            ("a.sh", "hosts:{{IMAGE}} s:{{TAG}}", &["IMAGE@1:7", "TAG@1:19"]),
            (".golangci.yaml", "x: Copyright {{ORIGINAL_YEAR}}", &[]),
            (".gitlab-ci.yml", "x: {{TOKEN}}", &["TOKEN@1:4"]),
            (".env.example", "X={{TOKEN}}", &["TOKEN@1:3"]),
            ("web/index.html", "<b>{{NAME}}</b>", &[]),
            ("rules.yaml", "x: '{{ $labels.job }} {{ end }} {{secret_key}}'", &["secret_key@1:33"]),
        ],
    );
}

#[test]
fn rendered_files_keep_nothing() {
    table(
        Mode::Rendered,
        &[
            ("a.yaml", "x: ${DB_HOST}", &["DB_HOST@1:4"]),
            ("a.yaml", "x: ${DB_HOST:-localhost}", &["DB_HOST@1:4"]),
            ("a.yaml", "x: ${db_host}", &["db_host@1:4"]),
            ("a.yaml", "x: $${DB_HOST} $(POD_IP) $X ${a.b} ${}", &[]),
            ("a.yaml", "x: ${DB_PASSWORD} {{DB_PASSWORD}}", &[]),
            ("a.yaml", "x: __DB_HOST__", &["DB_HOST@1:4"]),
            ("a.yaml", "x: __init__ ____ a__X__b __address__ __", &[]),
            ("a.yaml", "x: <CHANGE_ME>", &["CHANGE_ME@1:4"]),
            (
                "a.yaml",
                "x: <change-me> <your-api-key> <TODO>",
                &["change-me@1:4", "your-api-key@1:16", "TODO@1:31"],
            ),
            ("a.yaml", "x: <none> <a@b.example> <T> a < B > c", &[]),
            (
                "a.yaml",
                "x: {{DB_HOST}} ${X} __Y__ <CHANGE_ME>",
                &["DB_HOST@1:4", "X@1:16", "Y@1:21", "CHANGE_ME@1:27"],
            ),
            ("a.xml", "<NAME>${X}</NAME>", &["X@1:7"]),
            ("nginx.conf", "return 301 https://${host}${REDIRECT};", &["REDIRECT@1:27"]),
            ("a.yaml", "# ${X} <CHANGE_ME>", &[]),
            ("a.yaml", "x: |\n  #!/bin/sh\n  echo ${X}\n", &[]),
            ("web/index.html", "<b>{{API_URL}}</b> {{name}} ${X} <DIV>", &["API_URL@1:4"]),
            ("web/config.js", "f(`${X}`, '{{API_URL}}', {{a}})", &["API_URL@1:12"]),
            (".npmrc", "//registry.example.com/:_authToken=${NPM_TOKEN}", &[]),
            ("v.yaml", "x: app:v__VERSION__ db__ENV__.example", &["VERSION@1:9", "ENV@1:23"]),
            ("pod.yaml", "command: [sh, -c, \"exec server --port ${PORT}\"]\nx: ${X}", &["X@2:4"]),
            (
                "pod.yaml",
                "command:\n- /bin/sh\n- -ec\n- |\n  exec server ${PORT}\nargs:\n- ${X}",
                &["X@7:3"],
            ),
            ("pod.yaml", "- sh\n- -c\n- exec server ${PORT}\n- ${X}", &["X@4:3"]),
            ("Dockerfile-prod", "FROM a\nENV A=${B}", &[]),
            ("common.make", "a:\n\techo ${B}", &[]),
            (".gitlab-ci.yml", "script:\n  - echo ${CI_COMMIT_SHA}", &[]),
            ("action.yml", "runs: {steps: [{run: \"echo ${X} ${{ inputs.a }}\"}]}", &[]),
            ("x.service", "[Service]\nExecStart=/bin/x ${OPTS} <CHANGE_ME>", &["CHANGE_ME@2:26"]),
            ("web.js", "/* {{API_URL}} */ x = '{{B}}'", &["B@1:24"]),
            ("settings.py", "# {{A}}\nX = '{{B}}'", &["B@2:6"]),
            ("a.sh", "echo ${X} __X__ <CHANGE_ME>", &[]),
            ("Dockerfile", "ENV A=${X}", &[]),
            ("Makefile", "a: ${X}", &[]),
            (".github/workflows/ci.yml", "run: echo ${X} ${{ y }}", &[]),
            ("README.md", "${X}", &[]),
        ],
    );
    assert_eq!(names("a.yaml", "x: ${X} __Y__ <CHANGE_ME>", Mode::Source), [""; 0]);
}

#[test]
fn binary_files_are_skipped_and_long_ones_bounded() {
    assert_eq!(names("a.bin", "{{X}}\0", Mode::Source), [""; 0]);
    let many = "{{X}} ".repeat(20_000);
    let scanned = scan("a.yaml", many.as_bytes(), Mode::Source, &|_| false);
    assert!(scanned.truncated && scanned.findings.len() == leftover::MAX_FINDINGS);
}

proptest::proptest! {
    #[test]
    fn nothing_panics(bytes: Vec<u8>, index in 0..14_usize, rendered: bool) {
        let paths = ["a.yaml", "a.toml", "a.json", "a.jsonc", "a.xml", "a.env", "a.ini", "Makefile", "Dockerfile", "a.sh", "a.sql", "a.tf", "a", "a.properties"];
        let mode = if rendered { Mode::Rendered } else { Mode::Source };
        scan(paths[index], &bytes, mode, &|_| false);
    }

    #[test]
    fn nothing_panics_on_likely_text(text in "([ \\t\\n\\r\"'{}$#_<>/*|:é-]|\\{\\{X\\}\\}|\\$\\{X\\}|<!--|-->|__X__|x: \\|\\n)*", index in 0..14_usize) {
        let paths = ["a.yaml", "a.toml", "a.json", "a.jsonc", "a.xml", "a.env", "a.ini", "Makefile", "Dockerfile", "a.sh", "a.sql", "a.tf", "a", "a.properties"];
        for mode in [Mode::Source, Mode::Rendered] {
            for finding in scan(paths[index], text.as_bytes(), mode, &|_| false).findings {
                let line = text.split('\n').nth(finding.line as usize - 1).unwrap_or_default();
                proptest::prop_assert!(finding.end_column as usize <= line.chars().count() + 1);
            }
        }
    }

    /// In a file without comments or other engines, the plain expression is the truth.
    #[test]
    fn plain_json_agrees_with_the_expression(text in "[A-Za-z_0-9{} \\t$]{0,60}") {
        let expression = regex::Regex::new(r"\{\{[ \t]*([A-Za-z0-9_]+)[ \t]*\}\}").map_err(|e| proptest::test_runner::TestCaseError::fail(e.to_string()))?;
        let expected: Vec<String> = expression
            .captures_iter(&text)
            .filter(|found| {
                let start = found.get(0).map_or(0, |m| m.start());
                let before = text[..start].trim_end_matches('{');
                let name = &found[1];
                let word = ["break", "continue", "else", "end", "json", "nil", "now", "true", "false", "uuidv4"].contains(&name);
                !before.ends_with('$') && name.bytes().any(|b| !b.is_ascii_digit()) && !word
            })
            .map(|found| found[1].to_owned())
            .collect();
        let found: Vec<String> = scan("a.json", text.as_bytes(), Mode::Source, &|_| false).findings.into_iter().map(|f| f.name).collect();
        proptest::prop_assert_eq!(found, expected);
    }
}
