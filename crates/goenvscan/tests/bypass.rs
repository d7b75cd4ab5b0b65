//! Which assignments are bypasses, of which kind, and what in the value does it.

use goenvscan::FileKind::{Dockerfile, GithubWorkflow, Makefile, Shell};
use goenvscan::bypass::{BypassKind, judge, judge_all};
use goenvscan::{FileKind, scan};

fn kind(kind: BypassKind) -> String {
    match kind {
        BypassKind::Insecure { wide: true } => "InsecureWide".to_owned(),
        BypassKind::Insecure { wide: false } => "Insecure".to_owned(),
        kind => format!("{kind:?}"),
    }
}

/// All bypasses of a file: `KIND pattern LINE:COLUMN-COLUMN`, `~` for defaults.
fn found(file: FileKind, text: &str) -> Vec<String> {
    let scan = scan(file, text);
    assert_eq!(scan.unread, None, "{text}");
    let all = scan.assignments.iter().flat_map(judge_all);
    let shown = all.map(|bypass| {
        let default = if bypass.default { "~" } else { "" };
        let (start, end) = (bypass.span.start, bypass.span.end);
        assert_eq!(start.line, end.line);
        let place = format!("{}:{}-{}", start.line, start.column, end.column);
        format!("{}{default} {} {place}", kind(bypass.kind), bypass.pattern)
    });
    shown.collect()
}

/// `NAME=VALUE`, and what its export does.
const EXPORTS: &[(&str, &[&str])] = &[
    ("GOSUMDB=off", &["SumdbOff off 1:16-19"]),
    ("GOSUMDB=\"off\"", &["SumdbOff off 1:17-20"]),
    ("GOSUMDB=OFF", &[]),
    ("GOSUMDB=' off'", &[]),
    ("GOSUMDB=", &[]),
    ("GOSUMDB=sum.golang.org", &[]),
    ("GOSUMDB='sum.example.com+abc https://sum.example.com'", &[]),
    ("GOSUMDB=${GOSUMDB:-off}", &["SumdbOff~ off 1:27-30"]),
    ("GOSUMDB=${GOSUMDB:-${X:-off}}", &["SumdbOff~ off 1:32-35"]),
    ("GOSUMDB=${GOSUMDB:-sum.golang.org}", &[]),
    ("GOSUMDB=$X", &[]),
    ("GOSUMDB=$(echo off)", &[]),
    ("GONOSUMCHECK=1", &["SumdbOff 1 1:21-22"]),
    ("GONOSUMCHECK=0", &[]),
    ("GONOSUMCHECK=", &[]),
    ("GOFLAGS=-insecure", &["SumdbOff -insecure 1:16-25"]),
    ("GOFLAGS=-insecure=false", &[]),
    ("GOFLAGS=-mod=mod", &["ModMod -mod=mod 1:16-24"]),
    ("GOFLAGS=--mod=mod", &["ModMod --mod=mod 1:16-25"]),
    ("GOFLAGS='-v -mod=mod -trimpath'", &["ModMod -mod=mod 1:20-28"]),
    ("GOFLAGS=\"$GOFLAGS -mod=mod\"", &["ModMod -mod=mod 1:26-34"]),
    ("GOFLAGS=\"${GOFLAGS:--mod=mod}\"", &["ModMod~ -mod=mod 1:28-36"]),
    ("GOFLAGS=\"${GOFLAGS:+$GOFLAGS }-mod=mod\"", &["ModMod~ -mod=mod 1:38-46"]),
    ("GOFLAGS=-mod=$MOD", &[]),
    ("GOFLAGS=-mod=${MOD:-mod}", &["ModMod~ -mod=mod 1:16-31"]),
    ("GOFLAGS=-mod=vendor", &[]),
    ("GOFLAGS=-mod=readonly", &[]),
    ("GOFLAGS='-mod=mod -mod=vendor'", &[]),
    ("GOFLAGS='-mod=vendor -mod=mod'", &["ModMod -mod=mod 1:29-37"]),
    ("GOFLAGS=-mod=modern", &[]),
    ("GOFLAGS=-modfile=mod", &[]),
    ("GOFLAGS=\"'-ldflags=-X a=-mod=mod'\"", &[]),
    ("GOFLAGS=\"'-mod=mod'\"", &["ModMod -mod=mod 1:18-26"]),
    ("GOFLAGS='\"-ldflags=-s -mod=mod'", &[]),
    ("GOFLAGS=-modcacherw", &["ModCacheRw -modcacherw 1:16-27"]),
    ("GOFLAGS=-modcacherw=true", &["ModCacheRw -modcacherw=true 1:16-32"]),
    ("GOFLAGS=-modcacherw=0", &[]),
    (
        "GOFLAGS='-modcacherw -mod=mod'",
        &["ModCacheRw -modcacherw 1:17-28", "ModMod -mod=mod 1:29-37"],
    ),
    ("GOPRIVATE=*", &["PrivateTooWide * 1:18-19"]),
    ("GOPRIVATE='**'", &["PrivateTooWide ** 1:19-21"]),
    ("GOPRIVATE='*.com'", &["PrivateTooWide *.com 1:19-24"]),
    ("GOPRIVATE='*.com/*'", &["PrivateTooWide *.com/* 1:19-26"]),
    ("GOPRIVATE='*.org/*'", &["PrivateTooWide *.org/* 1:19-26"]),
    ("GOPRIVATE='*.*'", &["PrivateTooWide *.* 1:19-22"]),
    ("GOPRIVATE='*.xyz'", &["PrivateTooWide *.xyz 1:19-24"]),
    ("GOPRIVATE='*.co.uk'", &["PrivateTooWide *.co.uk 1:19-26"]),
    ("GOPRIVATE='?*'", &["PrivateTooWide ?* 1:19-21"]),
    ("GOPRIVATE='[a-z]*.com'", &["PrivateTooWide [a-z]*.com 1:19-29"]),
    ("GOPRIVATE=github.com", &["PrivateTooWide github.com 1:18-28"]),
    ("GOPRIVATE=github.com/", &["PrivateTooWide github.com/ 1:18-29"]),
    ("GOPRIVATE='github.com/*'", &["PrivateTooWide github.com/* 1:19-31"]),
    ("GOPRIVATE='github.com/*/*'", &["PrivateTooWide github.com/*/* 1:19-33"]),
    ("GOPRIVATE='git*.com'", &["PrivateTooWide git*.com 1:19-27"]),
    ("GOPRIVATE=golang.org/x", &["PrivateTooWide golang.org/x 1:18-30"]),
    ("GOPRIVATE=k8s.io", &["PrivateTooWide k8s.io 1:18-24"]),
    ("GOPRIVATE=github.com/acme", &["PrivateWithoutSumdb github.com/acme 1:18-33"]),
    ("GOPRIVATE='github.com/acme/*'", &["PrivateWithoutSumdb github.com/acme/* 1:19-36"]),
    ("GOPRIVATE='github.com/acme*'", &["PrivateWithoutSumdb github.com/acme* 1:19-35"]),
    ("GOPRIVATE='*/acme'", &["PrivateWithoutSumdb */acme 1:19-25"]),
    ("GOPRIVATE='*.example.com'", &["PrivateWithoutSumdb *.example.com 1:19-32"]),
    ("GOPRIVATE='*.internal'", &["PrivateWithoutSumdb *.internal 1:19-29"]),
    ("GOPRIVATE='*.corp.test'", &["PrivateWithoutSumdb *.corp.test 1:19-30"]),
    (
        "GOPRIVATE=git.example.com,github.com",
        &["PrivateWithoutSumdb git.example.com 1:18-33", "PrivateTooWide github.com 1:34-44"],
    ),
    ("GOPRIVATE=,,git.example.com,", &["PrivateWithoutSumdb git.example.com 1:20-35"]),
    ("GOPRIVATE=,", &[]),
    ("GOPRIVATE=", &[]),
    ("GOPRIVATE=none", &[]),
    ("GOPRIVATE='[a'", &[]),
    (
        "GOPRIVATE='git.example.com, *'",
        &["PrivateWithoutSumdb git.example.com 1:19-34", "PrivateWithoutSumdb  * 1:35-37"],
    ),
    ("GOPRIVATE=GitHub.com", &["PrivateWithoutSumdb GitHub.com 1:18-28"]),
    ("GOPRIVATE=$HOSTS", &[]),
    ("GOPRIVATE=\"$HOSTS,*\"", &["PrivateTooWide * 1:26-27"]),
    ("GONOSUMDB=*", &["NoSumdbTooWide * 1:18-19"]),
    ("GONOSUMDB=github.com", &["NoSumdbTooWide github.com 1:18-28"]),
    ("GONOSUMDB=git.example.com", &["PrivateWithoutSumdb git.example.com 1:18-33"]),
    ("GONOPROXY=*", &["NoProxyTooWide * 1:18-19"]),
    ("GONOPROXY=git.example.com", &[]),
    ("GONOPROXY=none", &[]),
    ("GOINSECURE=git.example.com", &["Insecure git.example.com 1:19-34"]),
    ("GOINSECURE=*", &["InsecureWide * 1:19-20"]),
    ("GOINSECURE=", &[]),
    ("GOINSECURE=$X", &[]),
    ("GOPROXY=direct", &["ProxyDirect direct 1:16-22"]),
    ("GOPROXY=direct,https://a.example", &["ProxyDirect direct 1:16-22"]),
    ("GOPROXY=' , direct'", &["ProxyDirect direct 1:20-26"]),
    ("GOPROXY=off", &[]),
    ("GOPROXY=", &[]),
    ("GOPROXY=https://a.example,direct", &[]),
    ("GOPROXY='https://a.example|direct'", &["ProxyPipe | 1:34-35"]),
    ("GOPROXY='https://a.example|https://b.example,direct'", &["ProxyPipe | 1:34-35"]),
    ("GOPROXY='https://a.example|'", &[]),
    ("GOPROXY='|https://a.example'", &[]),
    ("GOPROXY='off|direct'", &[]),
    ("GOPROXY='$X|direct'", &["ProxyPipe | 1:19-20"]),
    ("GOPROXY=$X", &[]),
    ("GOPROXY=\"$X,direct\"", &[]),
    ("GOPROXY=${X:-direct}", &["ProxyDirect~ direct 1:21-27"]),
    ("GOTOOLCHAIN=local", &[]),
    ("GO111MODULE=on", &[]),
    ("CGO_ENABLED=0", &[]),
];

#[test]
fn exports_are_judged_as_the_go_command_would_take_them() {
    let mut wrong = Vec::new();
    for (assignment, want) in EXPORTS {
        let got = found(Shell, &format!("export {assignment}\n"));
        if got != *want {
            wrong.push(format!("{assignment}\n   got {got:?}\n  want {want:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn commands_are_judged_by_what_they_are_for() {
    let cases: &[(&str, &[&str])] = &[
        ("go build -mod=mod", &["ModMod -mod=mod 1:10-18"]),
        ("go build -mod=mod -modfile=tools/bingo.mod example.com/tool", &[]),
        ("go build -modfile tools.mod -mod=mod ./...", &[]),
        ("go build -mod=mod -modfile=go.mod", &["ModMod -mod=mod 1:10-18"]),
        ("GOFLAGS='-mod=mod -modfile=tools.mod' go build", &[]),
        ("GOFLAGS=-mod=mod go build -modfile=tools.mod", &[]),
        ("go test -mod mod ./...", &["ModMod -mod=mod 1:9-17"]),
        ("go list -mod=mod -m all", &["ModMod -mod=mod 1:9-17"]),
        ("go generate -mod=mod", &["ModMod -mod=mod 1:13-21"]),
        ("go build -mod=vendor", &[]),
        ("go mod tidy", &[]),
        ("go mod vendor -mod=mod", &[]),
        ("go get -mod=mod example.com/a", &[]),
        ("go install -mod=mod ./cmd/a", &["ModMod -mod=mod 1:12-20"]),
        ("go install -mod=mod example.com/a@latest", &[]),
        ("go run -mod=mod example.com/a@v1.2.3", &[]),
        ("go run -mod=mod .", &["ModMod -mod=mod 1:8-16"]),
        ("GOFLAGS=-mod=mod go build", &["ModMod -mod=mod 1:9-17"]),
        ("GOFLAGS=-mod=mod go mod tidy", &[]),
        ("GOFLAGS=-mod=mod go get -u ./...", &[]),
        ("GOFLAGS=-mod=mod go install example.com/a@v1.2.3", &[]),
        ("GOFLAGS=-mod=mod make build", &["ModMod -mod=mod 1:9-17"]),
        ("GOFLAGS=-mod=mod; go mod tidy", &["ModMod -mod=mod 1:9-17"]),
        ("go env -w GOFLAGS=-mod=mod", &["ModMod -mod=mod 1:19-27"]),
        ("go mod download -modcacherw", &["ModCacheRw -modcacherw 1:17-28"]),
        ("go build -modcacherw=false", &[]),
        ("go get -insecure example.com/a", &["SumdbOff -insecure 1:8-17"]),
        ("GOSUMDB=off go mod tidy", &["SumdbOff off 1:9-12"]),
        ("GONOSUMDB=* go get example.com/a", &["NoSumdbTooWide * 1:11-12"]),
        ("unset GOSUMDB; env -u GOFLAGS go build", &[]),
        ("# export GOSUMDB=off", &[]),
        ("echo \"set GOSUMDB=off\"", &[]),
    ];
    for (text, want) in cases {
        assert_eq!(found(Shell, text), *want, "{text}");
    }
}

#[test]
fn files_are_judged_where_they_set_things() {
    let cases: &[(FileKind, &str, &[&str])] = &[
        (Makefile, "export GOSUMDB ?= off\n", &["SumdbOff~ off 1:19-22"]),
        (Makefile, "export GOFLAGS := $(GOFLAGS) -mod=mod\n", &["ModMod -mod=mod 1:30-38"]),
        (Makefile, "export GOFLAGS += -mod=mod\n", &["ModMod -mod=mod 1:19-27"]),
        (Makefile, "F = -mod=mod\na:\n\tgo build $(F)\n", &["ModMod -mod=mod 1:5-13"]),
        (Makefile, "a:\n\tgo build $(G)\n", &[]),
        (Dockerfile, "ARG GOSUMDB=off\nFROM a\n", &["SumdbOff~ off 1:13-16"]),
        (
            Dockerfile,
            "FROM a\nENV GOPRIVATE=\"git.example.com,*\"\n",
            &["PrivateWithoutSumdb git.example.com 2:16-31", "PrivateTooWide * 2:32-33"],
        ),
        (Dockerfile, "FROM a\nENV GOPROXY=$PROXY\n", &[]),
        (GithubWorkflow, "env:\n  GOFLAGS: '-v -mod=mod'\n", &["ModMod -mod=mod 2:16-24"]),
        (GithubWorkflow, "env:\n  GOFLAGS: ${{ env.X }} -mod=mod\n", &["ModMod -mod=mod 2:25-33"]),
    ];
    for (kind, text, want) in cases {
        assert_eq!(found(*kind, text), *want, "{text}");
    }
}

#[test]
fn of_several_the_worst_is_told() {
    let worst = |text: &str| {
        let scan = scan(Shell, text);
        judge(&scan.assignments[0]).map(|bypass| (kind(bypass.kind), bypass.kind.is_information()))
    };
    let case = |kind: &str, information| Some((kind.to_owned(), information));
    assert_eq!(worst("export GOPRIVATE=git.example.com,*"), case("PrivateTooWide", false));
    assert_eq!(worst("export GOPRIVATE=git.example.com"), case("PrivateWithoutSumdb", true));
    assert_eq!(worst("export GOFLAGS='-modcacherw -insecure -mod=mod'"), case("SumdbOff", false));
    assert_eq!(worst("export GOFLAGS=-v"), None);
}
