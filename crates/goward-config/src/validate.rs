//! What types cannot say: names that must exist, limits, patterns.

use crate::{ConfigError, PlacedCustom, Policy};
use goward_checks::CATALOGUE;
use goward_system::Excludes;
use std::collections::HashSet;

/// A day: nobody waits longer for a check.
const MAX_TIMEOUT_MS: u64 = 86_400_000;

/// `go tool dist list` of Go 1.21 to 1.26.
const PLATFORMS: &str = "aix/ppc64 android/386 android/amd64 android/arm android/arm64 darwin/amd64 darwin/arm64 \
    dragonfly/amd64 freebsd/386 freebsd/amd64 freebsd/arm freebsd/arm64 freebsd/riscv64 illumos/amd64 ios/amd64 \
    ios/arm64 js/wasm linux/386 linux/amd64 linux/arm linux/arm64 linux/loong64 linux/mips linux/mips64 \
    linux/mips64le linux/mipsle linux/ppc64 linux/ppc64le linux/riscv64 linux/s390x netbsd/386 netbsd/amd64 \
    netbsd/arm netbsd/arm64 openbsd/386 openbsd/amd64 openbsd/arm openbsd/arm64 openbsd/mips64 openbsd/ppc64 \
    openbsd/riscv64 plan9/386 plan9/amd64 plan9/arm solaris/amd64 wasip1/wasm windows/386 windows/amd64 windows/arm \
    windows/arm64";

/// Everything that is wrong with a merged policy.
pub(crate) fn all(policy: &Policy) -> Vec<ConfigError> {
    let mut errors = vec![];
    version(policy, &mut errors);
    check_ids(policy, &mut errors);
    custom(policy, &mut errors);
    waivers(policy, &mut errors);
    patterns(policy, &mut errors);
    limits(policy, &mut errors);
    platforms(policy, &mut errors);
    percents(policy, &mut errors);
    differences(policy, &mut errors);
    crate::matrix::validate(policy, &mut errors);
    locks(policy, &mut errors);
    errors
}

/// Platforms are written as `go tool dist list` has them.
fn platforms(policy: &Policy, errors: &mut Vec<ConfigError>) {
    for platform in &policy.file.metadata.platforms {
        let is_known = PLATFORMS.split_whitespace().any(|known| known == platform);
        if !is_known {
            let message = format!("`{platform}` is no platform that Go builds for");
            let error = ConfigError::at(&policy.origin("metadata.platforms"), message);
            let error =
                error.help("write GOOS/GOARCH as `go tool dist list` has them, as `linux/arm64`");
            errors.push(error.nearest(platform, PLATFORMS.split_whitespace()));
        }
    }
}

/// Shares are written in hundredths.
fn percents(policy: &Policy, errors: &mut Vec<ConfigError>) {
    let settings = &policy.file.inspect;
    let wrong = [
        (!(0.0..=100.0).contains(&settings.min_percent), "inspect.min_percent", "0 to 100"),
        (
            settings.max_growth_percent.is_some_and(|growth| !(0.0..=1e6).contains(&growth)),
            "inspect.max_growth_percent",
            "0 upwards",
        ),
    ];
    for (_, key, range) in wrong.into_iter().filter(|(wrong, ..)| *wrong) {
        let error = ConfigError::at(&policy.origin(key), format!("`{key}` is no share"));
        errors.push(error.help(format!("write a number from {range}")));
    }
}

/// Kinds of difference that `goward diff` does not know would be heard of by nobody.
fn differences(policy: &Policy, errors: &mut Vec<ConfigError>) {
    let names = || gosnapshot::RULES.iter().map(|rule| rule.id);
    let regraded = policy.file.diff.regrade.keys();
    let regraded = regraded.map(|id| (format!("diff.regrade.{id}"), id));
    let accepted = policy.file.diff.accept_unknown.iter();
    let accepted = accepted.map(|id| ("diff.accept_unknown".to_owned(), id));
    for (key, id) in regraded.chain(accepted) {
        if gosnapshot::rule(id).is_none() {
            let message = format!("no kind of difference is called `{id}`");
            errors.push(ConfigError::at(&policy.origin(&key), message).nearest(id, names()));
        }
    }
}

/// A lock that covers no key locks nothing, so a misspelled one must be heard of.
fn locks(policy: &Policy, errors: &mut Vec<ConfigError>) {
    let mut keys: Vec<String> = policy.explained.iter().map(|known| known.key.clone()).collect();
    let optional = [
        "audit.pid",
        "container.build",
        "custom",
        "history.path",
        "inspect.max_growth_percent",
        "integrity.since",
        "matrix.cc",
        "matrix.max_memory",
        "metadata.from_list",
        "tls.root",
        "waiver",
    ];
    keys.extend(optional.map(str::to_owned));
    keys.extend(gosnapshot::RULES.iter().map(|rule| format!("diff.regrade.{}", rule.id)));
    for id in known(policy) {
        let settings = ["enabled", "tier", "timeout_ms", "critical_threshold", "waiver"];
        keys.extend(settings.map(|setting| format!("checks.{id}.{setting}")));
    }
    let covers = |lock: &str, key: &str| {
        key.strip_prefix(lock).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    for lock in &policy.file.locked {
        if !keys.iter().any(|key| covers(lock, key)) {
            let error = ConfigError::at(
                &policy.origin("locked"),
                format!("`locked` names `{lock}`, which is no key"),
            );
            let prefixes = keys.iter().flat_map(|key| {
                key.match_indices('.')
                    .map(|(at, _)| key.get(..at).unwrap_or_default())
                    .chain([key.as_str()])
            });
            errors.push(error.nearest(lock, prefixes));
        }
    }
}

fn version(policy: &Policy, errors: &mut Vec<ConfigError>) {
    if let Some(version) = policy.file.version.filter(|version| *version != 1) {
        let message = format!("policy version {version} is not one this goward reads");
        errors
            .push(ConfigError::at(&policy.origin("version"), message).help("write `version = 1`"));
    }
}

/// The identifiers of the catalogue and of the policy's own checks.
fn known(policy: &Policy) -> Vec<&str> {
    let own = policy.custom.iter().map(|custom| custom.spec.id.as_str());
    CATALOGUE.iter().map(|check| check.id).chain(own).collect()
}

fn check_ids(policy: &Policy, errors: &mut Vec<ConfigError>) {
    let known = known(policy);
    for id in policy.file.checks.keys().filter(|id| !known.contains(&id.as_str())) {
        let prefix = format!("checks.{id}.");
        let key = policy.explained.iter().find(|explained| explained.key.starts_with(&prefix));
        let origin = key.map(|explained| explained.origin.clone()).unwrap_or_default();
        let error = ConfigError::at(&origin, format!("no check is called `{id}`"));
        errors.push(error.nearest(id, known.iter().copied()));
    }
}

fn custom(policy: &Policy, errors: &mut Vec<ConfigError>) {
    let known: HashSet<&str> = known(policy).into_iter().collect();
    let mut seen = HashSet::new();
    for custom in &policy.custom {
        let id = custom.spec.id.as_str();
        let origin = crate::Origin {
            source: custom.declared.location.path.clone(),
            place: Some((custom.declared.location.line, custom.declared.location.column)),
            ..crate::Origin::default()
        };
        let mut wrong = |message: String| errors.push(ConfigError::at(&origin, message));
        let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if id.is_empty() || !id.chars().all(kebab) {
            wrong(format!("the id {id:?} is not in kebab case (a-z, 0-9, -)"));
        }
        if CATALOGUE.iter().any(|check| check.id == id) {
            wrong(format!("the id `{id}` is that of a check of the catalogue"));
        }
        if !seen.insert(id) {
            wrong(format!("two custom checks are called `{id}`"));
        }
        if custom.spec.assert.max_mode.as_ref().is_some_and(|m| u32::from_str_radix(m, 8).is_err())
        {
            wrong(format!("max_mode of `{id}` is not octal, such as \"0640\""));
        }
        if custom.spec.timeout_ms.is_some_and(|ms| ms == 0 || ms > MAX_TIMEOUT_MS) {
            wrong(format!("timeout_ms of `{id}` is not between 1 and {MAX_TIMEOUT_MS}"));
        }
        for required in custom.spec.requires.iter().filter(|r| !known.contains(r.as_str())) {
            let error = ConfigError::at(
                &origin,
                format!("`{id}` requires `{required}`, which does not exist"),
            );
            errors.push(error.nearest(required, known.iter().copied()));
        }
    }
    errors.extend(circles(policy));
}

/// Custom checks that require each other in a circle could never be tried.
fn circles(policy: &Policy) -> Option<ConfigError> {
    let waits = |custom: &&PlacedCustom| !custom.spec.requires.is_empty();
    let mut open: Vec<_> = policy.custom.iter().filter(waits).collect();
    loop {
        let ids: HashSet<&str> = open.iter().map(|custom| custom.spec.id.as_str()).collect();
        let waiting = |custom: &&&PlacedCustom| {
            custom.spec.requires.iter().any(|id| ids.contains(id.as_str()))
        };
        let blocked: Vec<_> = open.iter().filter(waiting).copied().collect();
        if blocked.len() == open.len() {
            break;
        }
        open = blocked;
    }
    let first = open.first()?;
    let ids: Vec<_> = open.iter().map(|custom| custom.spec.id.as_str()).collect();
    let location = &first.declared.location;
    let origin = crate::Origin {
        source: location.path.clone(),
        place: Some((location.line, location.column)),
        ..crate::Origin::default()
    };
    Some(ConfigError::at(
        &origin,
        format!("custom checks require each other in a circle: {}", ids.join(", ")),
    ))
}

fn waivers(policy: &Policy, errors: &mut Vec<ConfigError>) {
    let known = known(policy);
    for placed in &policy.waivers {
        let waiver = &placed.waiver;
        let fields = [
            ("fingerprint", &waiver.fingerprint),
            ("reason", &waiver.reason),
            ("owner", &waiver.owner),
            ("expires", &waiver.expires),
        ];
        for (name, _) in fields.into_iter().filter(|(_, value)| value.trim().is_empty()) {
            errors.push(ConfigError::at(&placed.origin, format!("the waiver's `{name}` is empty")));
        }
        if !known.contains(&waiver.check.as_str()) {
            let message = format!("the waiver names `{}`, which is no check", waiver.check);
            let error = ConfigError::at(&placed.origin, message);
            errors.push(error.nearest(&waiver.check, known.iter().copied()));
        }
    }
}

fn patterns(policy: &Policy, errors: &mut Vec<ConfigError>) {
    let file = &policy.file;
    let lists = [
        ("tree.exclude", &file.tree.exclude),
        ("tls.files", &file.tls.files),
        ("placeholders.rendered", &file.placeholders.rendered),
        ("tls.exclude", &file.tls.exclude),
        ("placeholders.exclude", &file.placeholders.exclude),
        ("audit.files", &file.audit.files),
        ("container.dockerfiles", &file.container.dockerfiles),
        ("container.exclude", &file.container.exclude),
        ("container.allow", &file.container.allow),
    ];
    for (key, list) in lists {
        if let Err(err) = Excludes::new(list) {
            errors.push(ConfigError::at(&policy.origin(key), format!("`{key}`: {err}")));
        }
    }
}

fn limits(policy: &Policy, errors: &mut Vec<ConfigError>) {
    let own = policy
        .file
        .checks
        .iter()
        .filter_map(|(id, check)| Some((format!("checks.{id}.timeout_ms"), check.timeout_ms?)));
    let all = own.chain([
        ("run.timeout_ms".to_owned(), policy.file.run.timeout_ms),
        ("run.slow_timeout_ms".to_owned(), policy.file.run.slow_timeout_ms),
    ]);
    for (key, ms) in all.filter(|(_, ms)| *ms == 0 || *ms > MAX_TIMEOUT_MS) {
        let message = format!("`{key}` is {ms}, not between 1 and {MAX_TIMEOUT_MS}");
        errors.push(ConfigError::at(&policy.origin(&key), message));
    }
    for (id, check) in &policy.file.checks {
        if check
            .critical_threshold
            .is_some_and(|threshold| !threshold.is_finite() || threshold < 0.0)
        {
            let key = format!("checks.{id}.critical_threshold");
            let message = format!("`{key}` must be a number of at least 0");
            errors.push(ConfigError::at(&policy.origin(&key), message));
        }
    }
    if policy.file.audit.flag.trim_start_matches('-').is_empty() {
        let message = "`audit.flag` names no flag";
        errors.push(ConfigError::at(&policy.origin("audit.flag"), message));
    }
}
