//! What the process is given: rights, limits, programs.

use crate::scenario::{Fault, Scenario, Stage::Env};

pub(super) static SCENARIOS: &[Scenario] = &[
    Scenario::new(
        "env-unreadable",
        Env,
        ("a source file cannot be read", "源文件不可读"),
        &["resource.permission"],
        Fault::UnreadableSource,
    )
    .own(),
    Scenario::new(
        "env-unwritable",
        Env,
        ("the program's folder cannot be written", "输出目录不可写"),
        &["resource.permission"],
        Fault::UnwritableOutput,
    )
    .own(),
    Scenario::new(
        "env-file-limit",
        Env,
        ("8 files may be open (RLIMIT_NOFILE)", "最多打开 8 个文件(RLIMIT_NOFILE)"),
        &["resource.file-limit"],
        Fault::FileLimit { files: 8 },
    ),
    Scenario::new(
        "env-process-limit",
        Env,
        (
            "6 more processes and threads may be made (RLIMIT_NPROC)",
            "最多再创建 6 个进程和线程(RLIMIT_NPROC)",
        ),
        &["resource.process-limit"],
        Fault::ProcessLimit { processes: 6 },
    )
    .own(),
    Scenario::new(
        "env-no-git",
        Env,
        (
            "the version is to be stamped, and git is not on the PATH",
            "需写入版本信息,而 PATH 中没有 git",
        ),
        // Both are true: git is missing, and so the version cannot be stamped.
        &["config.vcs-stamping", "toolchain.not-installed"],
        Fault::NoGit,
    )
    .args(&["build", "-buildvcs=true", "-o", "OUT", "."])
    .own(),
];
