//! Runs a check on a world made of text, through the whole pipeline.

use goward_checks::{CATALOGUE, Check};
use goward_config::{Origin, PlacedWaiver, Policy, PolicyText, Sources, Waiver, load};
use goward_engine::{Plan, Quiet, Selection, attempt_all, grade, plan_of};
use goward_facts::Facts;
use goward_model::{Location, Outcome};
use goward_system::{CancelToken, FakeSystem, System as _};
use servercert::testkit::{self, Authority, Pair, WEAK_KEY_PEM, WEAK_SIGNATURE_PEM};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

/// The fake world's date, 2026-01-01.
const NOW: i64 = 1_767_225_600;

/// A check's outcome with what led to it.
pub(crate) struct Run {
    pub(crate) world: FakeSystem,
    pub(crate) facts: Arc<Facts>,
    pub(crate) outcome: Outcome,
}

/// Runs one check (and what it requires).
pub(crate) fn run(check: &'static Check, text: &str) -> Run {
    let world = world(text);
    run_under(check, world.clone(), &policy(&world))
}

/// Runs one check in a world that something was done to.
pub(crate) fn run_with(
    check: &'static Check,
    text: &str,
    change: &dyn Fn(FakeSystem) -> FakeSystem,
) -> Run {
    let world = world(text);
    let policy = policy(&world);
    run_under(check, change(world), &policy)
}

/// Runs one check with a waiver of one finding.
pub(crate) fn run_waived(check: &'static Check, text: &str, fingerprint: &str) -> Run {
    let world = world(text);
    let mut policy = policy(&world);
    let waiver = Waiver {
        check: check.id.into(),
        fingerprint: fingerprint.into(),
        reason: "reason".into(),
        owner: "owner".into(),
        expires: "2099-01-01".into(),
    };
    policy.waivers.push(PlacedWaiver { waiver, origin: Origin::default() });
    run_under(check, world, &policy)
}

fn world(text: &str) -> FakeSystem {
    FakeSystem::generated(text, &|name| MATERIAL.get(name).cloned())
}

fn run_under(check: &'static Check, world: FakeSystem, policy: &Policy) -> Run {
    let plan = planned(check, policy);
    let facts = Arc::new(Facts::new(
        Arc::new(world.clone()),
        Arc::new(policy.file.settings()),
        Duration::from_secs(20),
    ));
    let outcomes = attempt_all(&plan, &facts, 4, &Quiet, &CancelToken::default());
    let graded = grade(&plan, outcomes, &facts, policy, &Location::whole("go.mod"));
    let outcome = graded.outcomes.into_iter().find(|outcome| outcome.check == check.id);
    Run { world, facts, outcome: outcome.expect("the check was planned") }
}

/// Checks that review the run need all the others; planted checks are not in the catalogue.
fn planned(check: &'static Check, policy: &Policy) -> Plan {
    let mut checks: Vec<&'static Check> = CATALOGUE.to_vec();
    if !checks.iter().any(|known| known.id == check.id) {
        checks.push(check);
    }
    let only = if super::reviews(check) { vec![] } else { vec![check.id.to_owned()] };
    plan_of(&checks, policy, &Selection { only, ..Selection::default() }).unwrap()
}

/// Judges once more with facts that are there.
pub(crate) fn judge_again(check: &'static Check, facts: &Arc<Facts>) -> Outcome {
    let policy = Policy::default();
    let selection = Selection { only: vec![check.id.into()], ..Selection::default() };
    let plan = plan_of(&[check], &policy, &selection).unwrap();
    let outcomes = attempt_all(&plan, facts, 1, &Quiet, &CancelToken::default());
    outcomes.into_iter().next().unwrap()
}

fn policy(world: &FakeSystem) -> Policy {
    let text = world.read_text("goward.toml", 1 << 20).ok();
    let repository = text.map(|text| PolicyText { path: "goward.toml".into(), text });
    load(&Sources { repository, ..Sources::default() })
        .unwrap_or_else(|errors| panic!("{errors:#?}"))
}

/// Whether a location lies inside its file. What is missing is pointed at by its first character.
pub(crate) fn inside(world: &FakeSystem, location: &Location) -> Result<(), String> {
    let Ok(text) = world.read_text(&location.path, 1 << 20) else {
        let first = (location.line, location.column) == (1, 1);
        return if first { Ok(()) } else { Err("there is no such file".into()) };
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let lines: Vec<&str> = text.split('\n').collect();
    for (line, column) in
        [(location.line, location.column), (location.end_line, location.end_column)]
    {
        let there = lines.get(line as usize - 1).ok_or(format!("there is no line {line}"))?;
        let width = there.chars().count() as u32;
        if column > width + 1 {
            return Err(format!("line {line} has {width} columns, not {column}"));
        }
    }
    Ok(())
}

/// What `generated=NAME` stands for. Made once; no key is committed.
static MATERIAL: LazyLock<HashMap<String, Vec<u8>>> = LazyLock::new(|| {
    const HOST: &str = "payments.example.com";
    const DAY: i64 = 86_400;
    let mut made = HashMap::new();
    let mut put = |name: &str, pair: Pair, ca: String| {
        made.insert(format!("{name}.crt"), pair.cert_pem.into_bytes());
        made.insert(format!("{name}.key"), pair.key_pem.into_bytes());
        made.insert(format!("{name}.ca"), ca.into_bytes());
    };
    let own = |hosts: &[&str], days| testkit::self_signed(NOW, hosts, days).unwrap();
    let with_cert = |pem: &str| Pair { cert_pem: pem.into(), ..own(&[HOST], 90) };
    let root = Authority::root(NOW, "root", 900).unwrap();
    let other = Authority::root(NOW, "other root", 900).unwrap();
    let below = root.intermediate("intermediate", 800).unwrap();
    let chain = below.issue(&[HOST], 90).unwrap();
    let reversed = Pair {
        cert_pem: below.cert_pem() + &root.issue(&[HOST], 90).unwrap().cert_pem,
        ..chain.clone()
    };
    put("good", own(&[HOST], 90), String::new());
    put("chain", chain.clone(), root.cert_pem());
    put("other-ca", chain, other.cert_pem());
    put("chain-order", reversed, root.cert_pem());
    put("expired", testkit::expired(NOW, &[HOST]).unwrap(), String::new());
    put(
        "soon",
        testkit::self_signed_between(&[HOST], NOW - DAY, NOW + 7 * DAY).unwrap(),
        String::new(),
    );
    put("other-key", Pair { key_pem: own(&[HOST], 90).key_pem, ..own(&[HOST], 90) }, String::new());
    put("other-name", own(&["other.example.com"], 90), String::new());
    put("no-san", own(&[], 90), String::new());
    put(
        "nonsense",
        with_cert("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
        String::new(),
    );
    put("client-only", with_cert(include_str!("client-only.pem")), String::new());
    put("weak-key", with_cert(WEAK_KEY_PEM), String::new());
    let (lookup, tile) = sum_database();
    put("weak-sig", with_cert(WEAK_SIGNATURE_PEM), String::new());
    made.insert("sumdb-lookup".into(), lookup);
    made.insert("sumdb-tile".into(), tile);
    made
});

/// A checksum database with one record, as the go command caches it. Its key is in the worlds.
fn sum_database() -> (Vec<u8>, Vec<u8>) {
    let signer = gosumdb::testkit::Signer::new("example.com/db", [7; 32]).unwrap();
    assert_eq!(
        signer.vkey(),
        "example.com/db+849ee63d+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs",
        "the worlds name another key"
    );
    let mut log = gosumdb::testkit::Log::default();
    let record = "example.com/a v1.0.0 h1:VEUcYKYLbKBYq0eA/VEJ3mMQBzi4jjWpusjuduGJcBQ=\nexample.com/a v1.0.0/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
    log.add("example.com/a", "v1.0.0", record).unwrap();
    let signed = log.signed(1, &signer).unwrap();
    let answer = |path: &str| log.answer(path, 1, &signed).unwrap();
    (answer("/lookup/example.com/a@v1.0.0"), answer("/tile/8/0/000.p/1"))
}
