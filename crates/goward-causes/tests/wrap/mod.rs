//! A log inside the noise of a CI: pure functions from text to text.

/// Takes a log and whether it failed.
pub(crate) type Wrap = fn(&str, bool) -> String;

pub(crate) const WRAPPERS: &[(&str, Wrap)] = &[
    ("github", github),
    ("gh run view", gh),
    ("gitlab", gitlab),
    ("gitlab with times", gitlab_times),
    ("jenkins", jenkins),
    ("buildkit", buildkit),
    ("buildkit error block", buildkit_error),
    ("cloud build", cloud_build),
    ("buildkite", buildkite),
    ("compose", compose),
    ("colours and CRLF", colours),
    ("make", make),
    ("act", act),
];

fn each(log: &str, line: impl Fn(usize, &str) -> String) -> String {
    log.lines().enumerate().map(|(number, text)| line(number, text) + "\n").collect()
}

fn github(log: &str, failed: bool) -> String {
    let time = "2024-05-01T12:00:00.1234567Z ";
    let end = if failed {
        "##[error]Process completed with exit code 1.\n"
    } else {
        "Post job cleanup.\n"
    };
    format!(
        "{time}Current runner version: '2.316.0'\n{time}##[group]Operating System\n{time}Ubuntu\n{time}##[endgroup]\n\
         {time}##[group]Run actions/setup-go@v5\n{time}##[endgroup]\n{time}Successfully set up Go version 1.22\n\
         {time}##[group]Run go build ./...\n{time}\x1b[36;1mgo build ./...\x1b[0m\n{time}shell: /usr/bin/bash -e {{0}}\n{time}##[endgroup]\n\
         {}{time}{end}{time}Post job cleanup.\n{time}[command]/usr/bin/git version\n",
        each(log, |_, text| format!("{time}{text}"))
    )
}

fn gh(log: &str, failed: bool) -> String {
    let head = "build\tRun go build\t2024-05-01T12:00:00.1234567Z ";
    let end = if failed { "##[error]Process completed with exit code 1." } else { "done" };
    format!(
        "{head}##[group]Run go build ./...\n{}{head}{end}\n",
        each(log, |_, text| format!("{head}{text}"))
    )
}

fn gitlab(log: &str, failed: bool) -> String {
    let end = if failed {
        "\x1b[31;1mERROR: Job failed: exit code 1\x1b[0;m\n"
    } else {
        "\x1b[32;1mJob succeeded\x1b[0;m\n"
    };
    format!(
        "\x1b[0KRunning with gitlab-runner 16.9.0 (656c1943)\x1b[0;m\n\
         section_start:1714564800:step_script\r\x1b[0K\x1b[0K\x1b[36;1mExecuting \"step_script\" stage of the job script\x1b[0;m\n\
         \x1b[32;1m$ go build ./...\x1b[0;m\n{}section_end:1714564900:step_script\r\x1b[0K{end}",
        each(log, |_, text| text.to_owned())
    )
}

fn gitlab_times(log: &str, failed: bool) -> String {
    let end = if failed { "ERROR: Job failed: exit code 1\n" } else { "Job succeeded\n" };
    format!(
        "2024-05-01T12:00:00.000000Z 00O $ go build ./...\n{}2024-05-01T12:00:09.000000Z 00O {end}",
        each(log, |n, text| format!("2024-05-01T12:00:01.000000Z 0{}E {text}", n % 2))
    )
}

fn jenkins(log: &str, failed: bool) -> String {
    let end = if failed {
        "ERROR: script returned exit code 1\nFinished: FAILURE\n"
    } else {
        "Finished: SUCCESS\n"
    };
    format!(
        "Started by user admin\n[Pipeline] Start of Pipeline\n[Pipeline] sh\n[2024-05-01T12:00:00.123Z] + go build ./...\n{}[Pipeline] }}\n[Pipeline] End of Pipeline\n{end}",
        each(log, |_, text| format!("[2024-05-01T12:00:01.123Z] {text}"))
    )
}

fn buildkit(log: &str, failed: bool) -> String {
    let end = if failed {
        "#12 ERROR: process \"/bin/sh -c go build ./...\" did not complete successfully: exit code: 1\n"
    } else {
        "#12 DONE 12.3s\n"
    };
    format!(
        "#1 [internal] load build definition from Dockerfile\n#1 DONE 0.0s\n#12 [build 5/6] RUN go build ./...\n{}{end}",
        each(log, |n, text| format!("#12 {}.345 {text}", n % 90))
    )
}

fn buildkit_error(log: &str, failed: bool) -> String {
    if !failed {
        return buildkit(log, failed);
    }
    format!(
        "#12 [build 5/6] RUN go build ./...\n------\n > [build 5/6] RUN go build ./...:\n{}------\nDockerfile:7\nERROR: failed to solve: process \"/bin/sh -c go build ./...\" did not complete successfully: exit code: 1\n",
        each(log, |n, text| format!("{}.345 {text}", n % 90))
    )
}

fn cloud_build(log: &str, failed: bool) -> String {
    let end = if failed {
        "ERROR: build step 0 \"golang\" failed: step exited with non-zero status: 1\n"
    } else {
        "DONE\n"
    };
    format!(
        "starting build \"0123\"\nFETCHSOURCE\nBUILD\nStarting Step #0 - \"build\"\n{}Finished Step #0 - \"build\"\n{end}",
        each(log, |_, text| format!("Step #0 - \"build\": {text}"))
    )
}

fn buildkite(log: &str, failed: bool) -> String {
    let end = if failed {
        "🚨 Error: The command exited with status 1\n"
    } else {
        "~~~ Uploading artifacts\n"
    };
    format!(
        "\x1b_bk;t=1714564800000\x07~~~ Preparing\r\n\x1b_bk;t=1714564800001\x07$ go build ./...\r\n{}{end}",
        each(log, |_, text| format!("\x1b_bk;t=1714564800002\x07{text}\r"))
    )
}

fn compose(log: &str, failed: bool) -> String {
    let end = if failed { "app-1 exited with code 1\n" } else { "app-1 exited with code 0\n" };
    format!("Attaching to app-1\n{}{end}", each(log, |_, text| format!("app-1  | {text}")))
}

fn colours(log: &str, failed: bool) -> String {
    let end = if failed { "\x1b[31mexit status 1\x1b[0m\r\n" } else { "\x1b[32mok\x1b[0m\r\n" };
    each(log, |_, text| format!("\x1b[0m{text}\x1b[0m\r")) + end
}

fn make(log: &str, failed: bool) -> String {
    let end = if failed { "make: *** [Makefile:12: build] Error 1\n" } else { "" };
    format!(
        "make[1]: Entering directory '/home/ci/src'\ngo build ./...\n{}make[1]: Leaving directory '/home/ci/src'\n{end}",
        each(log, |_, text| text.to_owned())
    )
}

fn act(log: &str, failed: bool) -> String {
    let end = if failed {
        "[CI/build]   ❌  Failure - Main go build ./...\n[CI/build] exitcode '1': failure\n"
    } else {
        "[CI/build]   ✅  Success - Main go build ./...\n"
    };
    format!(
        "[CI/build] ⭐ Run Main go build ./...\n{}{end}",
        each(log, |_, text| format!("[CI/build]   | {text}"))
    )
}
