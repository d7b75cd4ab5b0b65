//! Lists of module path patterns: `GOPRIVATE`, `GONOSUMDB`, `GONOPROXY`, `GOINSECURE`.

use crate::bypass::BypassKind;
use crate::text::UNKNOWN;
use gomod::glob;
use std::ops::Range;

/// Hosts of public modules.
const PUBLIC_HOSTS: [&str; 56] = [
    "bitbucket.org",
    "buf.build",
    "cel.dev",
    "cloud.google.com",
    "code.cloudfoundry.org",
    "codeberg.org",
    "contrib.go.opencensus.io",
    "cuelang.org",
    "dario.cat",
    "filippo.io",
    "firebase.google.com",
    "git.sr.ht",
    "gitea.com",
    "gitee.com",
    "github.com",
    "gitlab.com",
    "go.dev",
    "go.etcd.io",
    "go.googlesource.com",
    "go.mongodb.org",
    "go.mozilla.org",
    "go.opencensus.io",
    "go.opentelemetry.io",
    "go.starlark.net",
    "go.uber.org",
    "go.yaml.in",
    "gocloud.dev",
    "golang.org",
    "gonum.org",
    "google.golang.org",
    "gopkg.in",
    "gorm.io",
    "gotest.tools",
    "helm.sh",
    "honnef.co",
    "istio.io",
    "k8s.io",
    "knative.dev",
    "launchpad.net",
    "lukechampine.com",
    "modernc.org",
    "mvdan.cc",
    "nhooyr.io",
    "oras.land",
    "pault.ag",
    "pgregory.net",
    "rsc.io",
    "sigs.k8s.io",
    "software.sslmate.com",
    "sourcegraph.com",
    "storj.io",
    "tailscale.com",
    "tags.cncf.io",
    "upper.io",
    "xorm.io",
    "zombiezen.com",
];

/// Paths below which all of a public project lives.
const PUBLIC_PATHS: [&str; 1] = ["golang.org/x"];

/// Top-level domains that nobody can register in, so that a wildcard there is one's own.
const PRIVATE_DOMAINS: [&str; 12] = [
    "alt", "arpa", "corp", "example", "home", "internal", "intra", "intranet", "invalid", "lan",
    "local", "test",
];

/// Names that a wildcard for every owner or repository matches.
const ANY: [&str; 4] = ["a", "m0", "zz-top_9", "acme"];

pub(crate) fn is_unknown(value: &str) -> bool {
    value.contains(UNKNOWN)
}

/// The patterns that are too wide; and, if `narrow` is given, the others. Empty ones, those that Go passes over as
/// malformed, and `none` (by custom, for nothing) are no patterns.
pub(crate) fn judge(
    value: &str,
    wide: BypassKind,
    narrow: Option<BypassKind>,
) -> Vec<(BypassKind, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = 0;
    for pattern in value.split(',') {
        let range = at..at + pattern.len();
        at = range.end + 1;
        let bare = pattern.strip_suffix('/').unwrap_or(pattern);
        if bare.is_empty() || bare == "none" || is_unknown(bare) || glob::matches(bare, "").is_err()
        {
            continue;
        }
        let kind = if is_wide(bare) { Some(wide) } else { narrow };
        found.extend(kind.map(|kind| (kind, range)));
    }
    found
}

/// Whether a pattern covers everything, a public host, or a top-level domain.
fn is_wide(pattern: &str) -> bool {
    if PUBLIC_PATHS.iter().any(|path| covers_path(pattern, path)) {
        return true;
    }
    let mut elements = pattern.split('/');
    let host = elements.next().unwrap_or_default();
    let any = |element: &str| ANY.iter().all(|name| matches(element, name));
    elements.all(any)
        && (PUBLIC_HOSTS.iter().any(|name| matches(host, name)) || covers_domain(host))
}

/// `*`, `*.com`, `*.co.uk`: hosts that have nothing in common but their public ending.
fn covers_domain(host: &str) -> bool {
    if !host.contains(['*', '?', '[']) {
        return false;
    }
    let labels: Vec<&str> = host.split('.').collect();
    match labels.as_slice() {
        [label] => matches(label, "acme.com"),
        [first, top] => matches(first, "acme") && !PRIVATE_DOMAINS.contains(top),
        [first, second, country] => {
            let public =
                ["ac", "co", "com", "edu", "gov", "ne", "net", "or", "org"].contains(second);
            matches(first, "acme") && public && country.len() == 2
        }
        _ => false,
    }
}

fn covers_path(pattern: &str, path: &str) -> bool {
    let same = pattern.matches('/').count() == path.matches('/').count();
    same && matches(pattern, path)
}

fn matches(pattern: &str, name: &str) -> bool {
    glob::matches(pattern, name).unwrap_or(false)
}
