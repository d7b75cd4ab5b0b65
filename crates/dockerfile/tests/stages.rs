//! Stages, what they run, and their environment.

use dockerfile::{Base, Certainty, Dockerfile, Setting, parse_lenient};

fn read(text: &str) -> Dockerfile {
    let (file, errors) = parse_lenient(text);
    assert_eq!(errors, [], "{text}");
    file
}

#[test]
fn bases() {
    let file = read(
        "ARG V=1.26\nARG B=Build\nFROM golang:${V}-alpine AS Build\nFROM ${B} as test\nFROM scratch\nFROM $NOPE\nFROM build\nFROM a AS build\nFROM build",
    );
    let bases: Vec<_> = file.stages.iter().map(|stage| stage.base.clone()).collect();
    let expected = [
        Base::Image("golang:1.26-alpine".into()),
        Base::Stage(0),
        Base::Scratch,
        Base::Unresolved("$NOPE".into()),
        Base::Stage(0),
        Base::Image("a".into()),
        Base::Stage(5),
    ];
    assert_eq!(bases, expected);
    assert_eq!(file.stage("TEST").map(|stage| stage.index), Some(1));
    assert_eq!(file.stage("build").map(|stage| stage.index), Some(5));
    assert_eq!(file.stage("2").map(|stage| stage.index), Some(2));
    assert_eq!(file.stages[0].lines.first, 3);
}

/// Name, file, and the words that a container of the last stage runs.
const LAUNCHES: &[(&str, &str, Option<&[&str]>)] = &[
    ("nothing set", "FROM a\nRUN x", None),
    ("nothing above scratch", "FROM scratch", Some(&[])),
    ("CMD alone needs the base's ENTRYPOINT", "FROM a\nCMD [\"x\"]", None),
    ("CMD alone above scratch", "FROM scratch\nCMD [\"x\"]", Some(&["x"])),
    ("ENTRYPOINT resets the base's CMD", "FROM a\nENTRYPOINT [\"x\"]", Some(&["x"])),
    ("both", "FROM a\nENTRYPOINT [\"x\"]\nCMD [\"y\"]", Some(&["x", "y"])),
    (
        "order does not matter within a stage",
        "FROM a\nCMD [\"y\"]\nENTRYPOINT [\"x\"]",
        Some(&["x", "y"]),
    ),
    ("the last wins", "FROM scratch\nCMD [\"x\"]\nCMD [\"y\"]", Some(&["y"])),
    ("shell form", "FROM scratch\nCMD x  y", Some(&["/bin/sh", "-c", "x  y"])),
    (
        "exec entrypoint with shell CMD",
        "FROM a\nENTRYPOINT [\"x\"]\nCMD y",
        Some(&["x", "/bin/sh", "-c", "y"]),
    ),
    ("SHELL", "FROM scratch\nSHELL [\"bash\", \"-ec\"]\nCMD x", Some(&["bash", "-ec", "x"])),
    (
        "SHELL counts from its line on",
        "FROM scratch\nCMD x\nSHELL [\"bash\", \"-ec\"]",
        Some(&["/bin/sh", "-c", "x"]),
    ),
    (
        "SHELL is inherited",
        "FROM scratch AS s\nSHELL [\"bash\", \"-ec\"]\nFROM s\nCMD x",
        Some(&["bash", "-ec", "x"]),
    ),
    ("the last stage counts", "FROM scratch\nCMD [\"x\"]\nFROM scratch\nCMD [\"y\"]", Some(&["y"])),
    ("inherited", "FROM a AS s\nENTRYPOINT [\"x\"]\nCMD [\"y\"]\nFROM s", Some(&["x", "y"])),
    (
        "inherited ENTRYPOINT, own CMD",
        "FROM a AS s\nENTRYPOINT [\"x\"]\nCMD [\"y\"]\nFROM s\nCMD [\"z\"]",
        Some(&["x", "z"]),
    ),
    (
        "own ENTRYPOINT resets an inherited CMD",
        "FROM scratch AS s\nCMD [\"y\"]\nFROM s\nENTRYPOINT [\"x\"]",
        Some(&["x"]),
    ),
    (
        "an empty ENTRYPOINT",
        "FROM a AS s\nENTRYPOINT [\"x\"]\nFROM s\nENTRYPOINT []\nCMD [\"z\"]",
        Some(&["z"]),
    ),
    ("a trigger does not run in its own stage", "FROM scratch\nONBUILD CMD [\"x\"]", Some(&[])),
    ("a trigger runs in the child", "FROM scratch AS s\nONBUILD CMD [\"x\"]\nFROM s", Some(&["x"])),
    (
        "a trigger runs once",
        "FROM scratch AS s\nONBUILD CMD [\"x\"]\nFROM s AS t\nCMD [\"y\"]\nFROM t",
        Some(&["y"]),
    ),
    (
        "the health check does not count",
        "FROM scratch\nCMD [\"x\"]\nHEALTHCHECK CMD y",
        Some(&["x"]),
    ),
];

#[test]
fn what_a_container_runs() {
    for (name, text, expected) in LAUNCHES {
        let file = read(text);
        let argv = file.launch_of(file.final_stage().expect("a stage")).argv();
        assert_eq!(
            argv.as_deref(),
            expected
                .map(|words| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
                .as_deref(),
            "{name}"
        );
    }
    let file = read("FROM a AS s\nCMD x\nFROM s");
    let launch = file.launch_of(file.final_stage().expect("a stage"));
    assert_eq!(launch.entrypoint, Setting::Inherited);
    assert_eq!(
        launch.cmd.command().map(|command| (command.instruction, command.stage)),
        Some((1, 0))
    );
}

#[test]
fn environment() {
    use Certainty::{BuildArgument, Fixed, Unknown};
    type Case = (&'static str, &'static str, &'static [(&'static str, &'static str, Certainty)]);
    let cases: &[Case] = &[
        ("literals", "FROM a\nENV x=1 y=\"a b\"", &[("x", "1", Fixed), ("y", "a b", Fixed)]),
        ("the old form", "FROM a\nENV x a  b", &[("x", "a  b", Fixed)]),
        ("the last wins", "FROM a\nENV x=1\nENV x=2", &[("x", "2", Fixed)]),
        ("reference", "FROM a\nENV x=1\nENV y=$x${x}", &[("x", "1", Fixed), ("y", "11", Fixed)]),
        (
            "one instruction sees the values before it",
            "FROM a\nENV x=1\nENV x=2 y=$x",
            &[("x", "2", Fixed), ("y", "1", Fixed)],
        ),
        (
            "escaped",
            "FROM a\nENV x=1 y=\\$x\nENV z='$x'",
            &[("x", "1", Fixed), ("y", "$x", Fixed), ("z", "$x", Fixed)],
        ),
        ("ARG is not kept", "FROM a\nARG x=1", &[]),
        ("through ARG", "FROM a\nARG v=1\nENV x=$v", &[("x", "1", BuildArgument)]),
        ("through a global ARG", "ARG v=1\nFROM a\nARG v\nENV x=$v", &[("x", "1", BuildArgument)]),
        (
            "a global ARG is not seen unless declared",
            "ARG v=1\nFROM scratch\nENV x=$v",
            &[("x", "", Fixed)],
        ),
        (
            "an ARG without value",
            "FROM scratch\nARG v\nENV x=${v:-d}",
            &[("x", "d", BuildArgument)],
        ),
        ("the base image may have it", "FROM a\nENV x=$HOME/x", &[("x", "/x", Unknown)]),
        (
            "inherited",
            "FROM a AS s\nENV x=1\nFROM s\nENV y=$x",
            &[("x", "1", Fixed), ("y", "1", Fixed)],
        ),
        ("trigger", "FROM a AS s\nONBUILD ENV x=1\nFROM s", &[("x", "1", Fixed)]),
        ("not from another stage", "FROM a AS s\nENV x=1\nFROM a", &[]),
    ];
    for (name, text, expected) in cases {
        let file = read(text);
        let variables = file.env_of(file.final_stage().expect("a stage"));
        let found: Vec<_> =
            variables.iter().map(|v| (v.name.as_str(), v.value.as_str(), v.certainty)).collect();
        assert_eq!(found, expected.to_vec(), "{name}");
    }
}

#[test]
fn doubling_variables_stay_bounded() {
    let mut text = "FROM scratch\nENV v0=0123456789abcdef\n".to_owned();
    for n in 1..200 {
        text.push_str(&format!("ENV v{n}=$v{}$v{}\n", n - 1, n - 1));
    }
    let file = read(&text);
    let variables = file.env_of(&file.stages[0]);
    assert_eq!(variables.last().map(|variable| variable.certainty), Some(Certainty::Unknown));
    assert!(variables.iter().map(|variable| variable.value.len()).sum::<usize>() < 40 << 20);
}
