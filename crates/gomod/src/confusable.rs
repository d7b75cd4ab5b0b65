//! Module paths that a reader could take for one another.
//!
//! What is compared is who is trusted: the host, the owner (the second element) and the repository (the third one).
//! Modules of one host and owner are siblings, however alike their names; so are all modules of a host whose paths have
//! two elements, like `k8s.io/api`. Only a difference of upper and lower case is told of those, too, because the go
//! command and the services behind it disagree on whether they are the same.

use crate::module_path::split_path_version;
use crate::typo;

/// Why two module paths can be taken for one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Why {
    /// `github.com/Sirupsen/logrus`, `github.com/sirupsen/logrus`
    #[error("they differ only in upper and lower case")]
    Case,
    /// `github.com/gorilla/mux`, `github.com/mux/gorilla`
    #[error("owner and repository are swapped")]
    Swapped,
    /// `github.com/go-redis/redis`, `github.com/goredis/redis`
    #[error("they differ only in hyphens, underscores and dots")]
    Separators,
    /// `github.com/google/uuid`, `github.com/goog1e/uuid`
    #[error("they differ only in characters that look alike")]
    Homoglyphs,
    /// `github.com/gorilla/mux`, `github.com/gorrilla/mux`
    #[error("their owners differ by {0} edits")]
    Typo(u8),
    /// `github.com/boltdb/bolt`, `github.com/boltdb-go/bolt`
    #[error("their owners differ only in a word that many names have")]
    Affix,
    /// `github.com/gorilla/mux`, `githab.com/gorilla/mux`
    #[error("their hosts look alike")]
    Host,
}

/// Hosts that many modules come from; what looks like one of these and is none is told whatever its path.
const HOSTS: [&str; 15] = [
    "bitbucket.org",
    "cloud.google.com",
    "codeberg.org",
    "gitea.com",
    "gitee.com",
    "github.com",
    "gitlab.com",
    "go.opentelemetry.io",
    "go.uber.org",
    "golang.org",
    "google.golang.org",
    "gopkg.in",
    "honnef.co",
    "modernc.org",
    "sigs.k8s.io",
];

/// Words that owners put in front of or behind the name that they want to have.
const AFFIXES: [&str; 10] =
    ["dev", "go", "golang", "hq", "inc", "io", "labs", "official", "org", "team"];

/// Projects on GitHub that moved to where they look like copies of themselves.
const MOVED: [[&str; 2]; 3] = [
    ["go-redis/redis", "redis/go-redis"],
    ["xdg/scram", "xdg-go/scram"],
    ["xdg/stringprep", "xdg-go/stringprep"],
];

/// From how many characters on one edit is taken for a typo, if all the rest is the same; if not; and two edits.
const ONE_EDIT: usize = 3;
const ONE_EDIT_ALONE: usize = 5;
const TWO_EDITS: usize = 10;
/// From how many characters on hosts are compared.
const HOST: usize = 6;

/// The parts of a module path that say whom one trusts.
struct Parts<'a> {
    host: &'a str,
    /// Empty if the host is all that counts.
    owner: &'a str,
    /// Empty if there is none.
    repo: &'a str,
    /// The folder of a module inside of its repository.
    rest: &'a str,
}

impl<'a> Parts<'a> {
    fn new(path: &'a str) -> Self {
        let bare = split_path_version(path).map_or(path, |(prefix, _)| prefix);
        let mut elements = bare.splitn(4, '/');
        let mut next = || elements.next().unwrap_or_default();
        let (host, owner, repo, rest) = (next(), next(), next(), next());
        // Of gopkg.in/yaml, the owner is the GitHub user go-yaml.
        if repo.is_empty() && host != "gopkg.in" {
            return Self { host, owner: "", repo: owner, rest };
        }
        Self { host, owner, repo, rest }
    }
}

/// Why the module paths `a` and `b` can be taken for one another; `None` if they cannot, and for equal ones.
///
/// The major version of a path does not count, and a folder inside of a repository only for upper and lower case.
pub fn confusable(a: &str, b: &str) -> Option<Why> {
    let (a, b) = (Parts::new(a), Parts::new(b));
    if a.host != b.host && !a.host.eq_ignore_ascii_case(b.host) {
        return hosts(&a, &b).then_some(Why::Host);
    }
    let same = |left: &str, right: &str| left.eq_ignore_ascii_case(right);
    if same(a.owner, b.owner) && same(a.repo, b.repo) {
        let exact = (a.host, a.owner, a.repo) == (b.host, b.owner, b.repo);
        let folders = a.rest != b.rest && same(a.rest, b.rest);
        return (!exact || folders).then_some(Why::Case);
    }
    // The same owner, in any case: siblings.
    if same(a.owner, b.owner) || moved(&a, &b) {
        return None;
    }
    if same(a.owner, b.repo) && same(a.repo, b.owner) {
        return Some(Why::Swapped);
    }
    alike(&a, &b)
}

fn moved(a: &Parts<'_>, b: &Parts<'_>) -> bool {
    let is = |name: &str, one: &Parts<'_>| name.split_once('/') == Some((one.owner, one.repo));
    a.host == "github.com"
        && MOVED.iter().any(|[old, new]| is(old, a) && is(new, b) || is(old, b) && is(new, a))
}

/// Owners that look alike, with repositories that do.
fn alike(a: &Parts<'_>, b: &Parts<'_>) -> Option<Why> {
    if same_but_affix(a, b) {
        return Some(Why::Affix);
    }
    // Most pairs differ too much in length to go on.
    let far = |left: &str, right: &str| left.chars().count().abs_diff(right.chars().count()) > 4;
    if far(a.owner, b.owner) || far(a.repo, b.repo) {
        return None;
    }
    let equal =
        |form: fn(&str) -> String| form(a.owner) == form(b.owner) && form(a.repo) == form(b.repo);
    if equal(typo::without_separators) {
        return Some(Why::Separators);
    }
    if equal(typo::skeleton) || equal(|text| typo::skeleton(&typo::without_separators(text))) {
        return Some(Why::Homoglyphs);
    }
    if numbered(a.owner, b.owner) {
        return None;
    }
    let (owner, repo) = (lower(a.owner), lower(a.repo));
    let (other, other_repo) = (lower(b.owner), lower(b.repo));
    let length = owner.chars().count().min(other.chars().count());
    let limit = if length >= TWO_EDITS { 2 } else { 1 };
    let edits = typo::distance(&owner, &other, limit)?;
    let enough = if repo == other_repo && !repo.is_empty() {
        length >= ONE_EDIT
    } else {
        let short = repo.chars().count().min(other_repo.chars().count());
        let good = repo == other_repo
            || (edits == 1
                && short >= ONE_EDIT_ALONE
                && typo::distance(&repo, &other_repo, 1).is_some());
        good && length >= ONE_EDIT_ALONE
    };
    enough.then_some(Why::Typo(edits))
}

/// The same repository of owners of whom one has a word more.
fn same_but_affix(a: &Parts<'_>, b: &Parts<'_>) -> bool {
    if a.repo.is_empty() || !a.repo.eq_ignore_ascii_case(b.repo) {
        return false;
    }
    let (left, right) = (typo::without_separators(a.owner), typo::without_separators(b.owner));
    let (short, long) = if left.len() < right.len() { (left, right) } else { (right, left) };
    let word = long.strip_prefix(&short).or_else(|| long.strip_suffix(&short));
    short.len() >= ONE_EDIT && word.is_some_and(|word| AFFIXES.contains(&word))
}

fn lower(text: &str) -> String {
    text.to_lowercase()
}

/// `team1` and `team2` are no typos.
fn numbered(left: &str, right: &str) -> bool {
    let bare = |text: &str| -> String { text.chars().filter(|c| !c.is_ascii_digit()).collect() };
    let has = |text: &str| text.contains(|c: char| c.is_ascii_digit());
    has(left) && has(right) && bare(left) == bare(right)
}

/// Hosts that look alike: with a well-known one, whatever the path; else with the same path.
fn hosts(a: &Parts<'_>, b: &Parts<'_>) -> bool {
    let (left, right) = (lower(a.host), lower(b.host));
    let (known, other_known) = (HOSTS.contains(&left.as_str()), HOSTS.contains(&right.as_str()));
    if known && other_known {
        return false;
    }
    // What has no dot is no host, but the name of a module that nobody downloads.
    if !left.contains('.') || !right.contains('.') {
        return false;
    }
    let path = (a.owner, a.repo) == (b.owner, b.repo);
    if !known && !other_known && !path {
        return false;
    }
    // github.com.example.net, github.com-example.net
    let continues = |host: &str, longer: &str| {
        longer.strip_prefix(host).is_some_and(|rest| rest.starts_with(['.', '-']))
    };
    if known && continues(&left, &right) || other_known && continues(&right, &left) {
        return true;
    }
    if left.len().min(right.len()) < HOST || left.len().abs_diff(right.len()) > 4 {
        return false;
    }
    let form = |host: &str| typo::skeleton(&typo::without_separators(host));
    form(&left) == form(&right) || top_level(&left, &right) || {
        !numbered(&left, &right) && typo::distance(&left, &right, 1).is_some()
    }
}

/// The same name in another top-level domain: `github.com`, `github.co`, `github.io`.
fn top_level(left: &str, right: &str) -> bool {
    match (left.rsplit_once('.'), right.rsplit_once('.')) {
        (Some((left, _)), Some((right, _))) => left == right,
        _ => false,
    }
}
