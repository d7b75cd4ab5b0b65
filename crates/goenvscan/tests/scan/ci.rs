//! Files of CI systems.

use crate::Cases;

/// GitHub workflows and actions: the keys.
pub(crate) const GITHUB: Cases = &[
    (
        "env of all levels",
        "env:\n  GOSUMDB: off\njobs:\n  a:\n    env: {GOPROXY: direct}\n    steps:\n      - env:\n          GOFLAGS: -mod=mod\n        uses: x\n",
        &[
            "GOSUMDB=off github-workflow 2:3-15",
            "GOPROXY=direct github-job 5:11-26",
            "GOFLAGS=-mod=mod github-step 8:11-28",
        ],
    ),
    (
        "quoted env",
        "env:\n  'GOFLAGS': \"-mod=mod\"\n  GOMAXPROCS: 4\n",
        &["GOFLAGS=-mod=mod github-workflow 2:3-24", "GOMAXPROCS=4 github-workflow 3:3-16"],
    ),
    (
        "expression in env",
        "env:\n  GOPROXY: ${{ secrets.X || 'direct' }}\n",
        &["GOPROXY=${{ secrets.X || 'direct' }}? github-workflow 2:3-40"],
    ),
    (
        "container and services",
        "jobs:\n  a:\n    container:\n      env:\n        GOSUMDB: off\n    services:\n      b:\n        env: {GOPROXY: direct}\n",
        &["GOSUMDB=off github-job 5:9-21", "GOPROXY=direct github-job 8:15-30"],
    ),
    (
        "action",
        "runs:\n  using: composite\n  steps:\n    - shell: bash\n      run: go env -w GOSUMDB=off\n",
        &["GOSUMDB=off env-w 5:22-33"],
    ),
    (
        "other shells",
        "jobs:\n  a:\n    defaults: {run: {shell: pwsh}}\n    steps:\n      - run: export GOSUMDB=off\n      - run: export GOSUMDB=off\n        shell: bash\n",
        &["GOSUMDB=off export 6:21-32"],
    ),
    (
        "build-push-action",
        "jobs:\n  a:\n    steps:\n      - with:\n          build-args: |\n            A=1\n            GOSUMDB=off\n",
        &["GOSUMDB=off build-arg 7:13-24"],
    ),
    (
        "anchor and alias",
        "jobs:\n  a:\n    env: &e\n      GOSUMDB: off\n    steps:\n      - env: *e\n",
        &["GOSUMDB=off github-job 4:7-19", "GOSUMDB=off github-step 4:7-19"],
    ),
    ("comment and other keys", "# env: {GOSUMDB: off}\nname: GOSUMDB=off\non: push\n", &[]),
];

/// GitLab CI files.
pub(crate) const GITLAB: Cases = &[
    (
        "variables",
        "variables:\n  GOSUMDB: \"off\"\na:\n  variables:\n    GOPROXY: direct\n  script: x\n",
        &["GOSUMDB=off gitlab-workflow 2:3-17", "GOPROXY=direct gitlab-job 5:5-20"],
    ),
    (
        "variable with a description",
        "variables:\n  GOSUMDB:\n    value: off\n    description: GOPROXY=direct\n",
        &["GOSUMDB=off gitlab-workflow 2:3-3:15"],
    ),
    (
        "variables of a rule",
        "a:\n  rules:\n    - if: $X\n      variables:\n        GOFLAGS: $GOFLAGS -mod=mod\n",
        &["GOFLAGS=$GOFLAGS -mod=mod? gitlab-job 5:9-35"],
    ),
    (
        "matrix",
        "a:\n  parallel:\n    matrix:\n      - GOOS: [linux, darwin]\n",
        &["GOOS=linux gitlab-job 4:9-30", "GOOS=darwin gitlab-job 4:9-30"],
    ),
    (
        "script",
        "a:\n  script:\n    - export GOSUMDB=off\n    - go build -mod=mod\n",
        &["GOSUMDB=off export 3:14-25", "-mod=mod flag-build 4:16-24"],
    ),
    ("script of one line", "a:\n  script: go env -w GOSUMDB=off\n", &["GOSUMDB=off env-w 2:21-32"]),
    (
        "before_script and after_script",
        "before_script:\n  - GOSUMDB=off\n  - export GOSUMDB\na:\n  after_script: [\"GOPROXY=direct go build\"]\n",
        &["GOSUMDB=off export 2:5-16", "GOPROXY=direct go-build 5:19-33"],
    ),
    (
        "literal line",
        "a:\n  script:\n    - |\n      set -e\n      GOSUMDB=off go build\n",
        &["GOSUMDB=off go-build 5:7-18"],
    ),
    (
        "nested scripts",
        "a:\n  script:\n    - - export GOSUMDB=off\n      - go build\n    - - go vet\n",
        &["GOSUMDB=off export 3:16-27"],
    ),
    ("comment", "a:\n  # GOSUMDB=off\n  script:\n    - echo GOSUMDB=off\n", &[]),
];
