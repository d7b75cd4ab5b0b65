//! What an assignment does to Go's verification (`go help environment`, `go help module-private`,
//! <https://go.dev/ref/mod#environment-variables>).

/// A way around Go's verification.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Bypass {
    /// The checksum database is off: GOSUMDB=off, GONOSUMCHECK, -insecure.
    SumdbOff,
    /// A pattern of GOPRIVATE, GONOSUMDB or GONOPROXY that covers a whole public host or more.
    PrivateTooWide {
        /// The pattern.
        pattern: String,
    },
    /// A narrow pattern: these modules have no checksum database, which is what it is for.
    PrivateWithoutSumdb {
        /// The patterns.
        patterns: String,
    },
    /// GOINSECURE: modules are fetched over plain HTTP or without a look at the certificate.
    Insecure {
        /// The patterns.
        patterns: String,
    },
    /// -mod=mod: the build changes go.mod and go.sum instead of obeying them.
    ModMod,
    /// -modcacherw: what was verified can be changed afterwards.
    ModCacheRw,
    /// GOPROXY=direct: every host of a module is trusted to be there and to be honest.
    ProxyDirect,
    /// `|` in GOPROXY: any error of a proxy, a refusal too, falls through to the next.
    ProxyPipe,
}

/// Hosts on which anybody can publish.
const PUBLIC_HOSTS: &[&str] = &[
    "bitbucket.org",
    "cloud.google.com",
    "codeberg.org",
    "gitee.com",
    "github.com",
    "gitlab.com",
    "go.etcd.io",
    "go.opentelemetry.io",
    "go.uber.org",
    "golang.org",
    "google.golang.org",
    "gopkg.in",
    "k8s.io",
    "sigs.k8s.io",
    "sr.ht",
];

/// What setting `name` to `value` bypasses; nothing, one thing, or several.
pub fn judge(name: &str, value: &str) -> Vec<Bypass> {
    let value = value.trim();
    match name {
        "GOSUMDB" if value == "off" => vec![Bypass::SumdbOff],
        // Gone from Go since 1.13, but some tools obey it; any value but these switches it on.
        "GONOSUMCHECK" if !matches!(value, "" | "0" | "false") => vec![Bypass::SumdbOff],
        "GOPRIVATE" | "GONOSUMDB" => private(value, true),
        "GONOPROXY" => private(value, false),
        "GOINSECURE" if !patterns(value).is_empty() => {
            vec![Bypass::Insecure { patterns: value.to_owned() }]
        }
        "GOFLAGS" => flags(value),
        "GOPROXY" => proxy(value),
        _ => vec![],
    }
}

fn patterns(value: &str) -> Vec<&str> {
    value
        .split(',')
        .map(str::trim)
        .filter(|pattern| !pattern.is_empty() && *pattern != "none")
        .collect()
}

fn private(value: &str, skips_sumdb: bool) -> Vec<Bypass> {
    let (wide, narrow): (Vec<&str>, Vec<&str>) =
        patterns(value).into_iter().partition(|p| is_wide(p));
    let mut found: Vec<Bypass> =
        wide.iter().map(|p| Bypass::PrivateTooWide { pattern: (*p).to_owned() }).collect();
    if skips_sumdb && !narrow.is_empty() {
        found.push(Bypass::PrivateWithoutSumdb { patterns: narrow.join(",") });
    }
    found
}

/// Whether a pattern (`path.Match` on as many leading elements as it has) covers every host, a
/// public one, or all that is on it.
fn is_wide(pattern: &str) -> bool {
    let mut elements = pattern.trim_end_matches('/').split('/');
    let host = elements.next().unwrap_or_default();
    let rest: Vec<&str> = elements.collect();
    // An owner, or the beginning of one's name, narrows it down.
    let anything =
        |element: &&str| !element.is_empty() && element.chars().all(|ch| matches!(ch, '*' | '?'));
    if !rest.is_empty() && !rest.iter().all(anything) {
        return is_wild_host(host) && host.chars().all(|ch| matches!(ch, '*' | '?' | '.'));
    }
    is_wild_host(host) || PUBLIC_HOSTS.contains(&host)
}

/// `*`, `*.com`, `*.*`, `g*.com`: a wildcard that leaves the registrable name open.
fn is_wild_host(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let wild = |label: &&str| label.contains(['*', '?', '[']);
    match labels.as_slice() {
        [one] => wild(one),
        [.., name, top] => wild(name) || wild(top),
        [] => false,
    }
}

fn flags(value: &str) -> Vec<Bypass> {
    let mut found = vec![];
    let mut words = value.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
    while let Some(word) = words.next() {
        let flag = word.strip_prefix("--").or_else(|| word.strip_prefix('-')).unwrap_or_default();
        let bypass = match flag {
            "mod=mod" => Bypass::ModMod,
            "mod" if words.next() == Some("mod") => Bypass::ModMod,
            "modcacherw" | "modcacherw=true" | "modcacherw=1" => Bypass::ModCacheRw,
            "insecure" | "insecure=true" => Bypass::SumdbOff,
            _ => continue,
        };
        if !found.contains(&bypass) {
            found.push(bypass);
        }
    }
    found
}

fn proxy(value: &str) -> Vec<Bypass> {
    let first = value.split([',', '|']).map(str::trim).find(|entry| !entry.is_empty());
    let mut found = vec![];
    if first == Some("direct") {
        found.push(Bypass::ProxyDirect);
    }
    if value.contains('|') {
        found.push(Bypass::ProxyPipe);
    }
    found
}
