//! Memory, disk, limits, caches; the runner itself.

use super::Signature;
use crate::Stage::{Compile, Env, Link, Output, Resolve, Test};

pub(super) static SIGNATURES: &[Signature] = &[
    // Disk.
    Signature::line(
        "disk-full-go",
        "resource.disk-full",
        Compile,
        &["no space left on device", "disk quota exceeded", "not enough space on the disk"],
        r"(?i)(?:{at}go(?: build)?: |compile: |link: |asm: |cgo: |/ld(?:\.\w+)?: |collect2|final link failed|go-build|_pkg_\.a|\$WORK|gomodcache|pkg/mod|a\.out\.exe|fatal error: error writing to|assembler messages|mapping output file|unzip |\.cache/go).*(?:no space left on device|disk quota exceeded|not enough space on the disk)|(?:no space left on device|disk quota exceeded).*(?:go-build|pkg/mod)|no space left on device : '[^']*/_diag/",
    )
    .shared()
    .in_tests(),
    Signature::line(
        "disk-full-any",
        "resource.disk-full",
        Output,
        &["no space left on device", "disk quota exceeded", "not enough space on the disk", "enospc", "runner is running low on disk space", "out of disk space"],
        r"(?i)no space left on device|disk quota exceeded|not enough space on the disk|\bENOSPC\b|out of disk space|running low on disk space.*(?:0 MB|stop)",
    )
    .shared()
    .weak(),
    // Memory.
    Signature::line(
        "memory-runtime",
        "resource.memory",
        Compile,
        &["runtime: out of memory", "runtime: cannot allocate", "cannot allocate memory", "virtual memory exhausted", "memory exhausted", "out of memory allocating", "failed to reserve", "cannot map pages in arena"],
        r"(?i)fatal error: (?:runtime: )?(?:out of memory|cannot allocate memory)|runtime: (?:out of memory|cannot allocate (?:heap|memory))|fork/exec .*: cannot allocate memory|running \S+ failed: cannot allocate memory|virtual memory exhausted|/ld(?:\.\w+)?: .*memory exhausted|(?:compile|link|asm|cgo): .*cannot allocate memory|out of memory allocating \d+ bytes|{at}go(?: build)?: .*cannot allocate memory|failed to reserve .*memory|cannot map pages in arena",
    )
    .shared()
    .in_tests(),
    Signature::line(
        "memory-oom-event",
        "resource.memory",
        Compile,
        &["oomkilled", "oom-kill", "out of memory: kill", "memory cgroup out of memory", "oom killed", "exceeded memory limit", "memory limit exceeded", "ran out of memory", "lack of memory", "oom killer"],
        r"(?i)\boom[- ]?kill(?:ed|er)?\b|out of memory: kill|memory cgroup out of memory|exceeded (?:its |the )?memory limit|memory limit exceeded|ran out of memory|lack of memory",
    )
    .shared(),
    Signature::line(
        "memory-c-compiler",
        "resource.memory",
        Compile,
        &["killed signal terminated program", "cannot allocate", "out of memory", "killed (program"],
        r"internal compiler error: Killed \(program|fatal error: Killed signal terminated program|(?:cc1|cc1plus|as|ld|collect2|clang)(?:\.\w+)?: (?:error: |fatal error: )?(?:out of memory|.*cannot allocate)|LLVM ERROR: out of memory",
    )
    .shared(),
    Signature::line(
        "memory-any",
        "resource.memory",
        Compile,
        &["cannot allocate memory", "out of memory"],
        r"(?i)cannot allocate memory|\bout of memory\b",
    )
    .shared()
    .weak(),
    // Files, processes.
    Signature::line(
        "file-limit-go",
        "resource.file-limit",
        Compile,
        &["too many open files", "failed with 24"],
        r"(?:{at}go(?: \w+)?: |compile: |link: |fork/exec|pipe2?: |go-build|\.go: |/ld(?:\.\w+)?: |could not import|pkg/mod|open |\$WORK).*[Tt]oo many open files|runtime: \w+ failed with 24",
    )
    .shared(),
    Signature::line(
        "file-limit-any",
        "resource.file-limit",
        Compile,
        &["too many open files"],
        r"[Tt]oo many open files",
    )
    .shared()
    .weak(),
    Signature::line(
        "process-limit",
        "resource.process-limit",
        Compile,
        &["resource temporarily unavailable", "failed to create new os thread", "pthread_create failed", "may need to increase max user processes", "cannot fork", "fork: retry"],
        r"(?i)(?:fork/exec|newosproc|{at}go(?: \w+)?: |compile|link|gcc|vfork|clone).*resource temporarily unavailable|failed to create new OS thread|runtime/cgo: pthread_create failed|may need to increase max user processes|\bcannot fork\b|fork: (?:retry: )?resource temporarily",
    )
    .shared()
    .in_tests(),
    // Caches.
    Signature::line(
        "cache-undefined",
        "cache.unavailable",
        Env,
        &["build cache is required", "module cache not found", "could not create module cache", "failed to initialize build cache", "build cache is disabled by gocache=off", "gocache is not an absolute path", "gocache is not defined", "could not lock", "neither gomodcache nor gopath is set", "with build cache disabled", "initializing cache in "],
        r"build cache is required, but could not be located|GOCACHE is not (?:defined|an absolute path)|build cache is disabled by GOCACHE=off|go: cannot use modules with build cache disabled|failed to initialize build cache|initializing cache in \$GOCACHE: |module cache not found|could not create module cache|(?:cache|modcache|\.lock).*(?:could not lock|file locking not supported|no locks available)",
    ),
    Signature::line(
        "cache-trim-lock",
        "cache.unavailable",
        Resolve,
        &["@v/list.lock", ".lock: ", "no locks available", "function not implemented"],
        r"(?:cache/download|/cache/lock|cache/vcs|\.lock)\S*: (?:no locks available|function not implemented|operation not supported|input/output error|read-only file system|stale NFS file handle|no such file or directory)",
    ),
    Signature::line(
        "cache-corrupt-object",
        "cache.corrupt",
        Compile,
        &["not a package file", "truncated", "bad magic", "corrupt", "unexpected eof", "malformed archive", "reading export data", "not a valid zip file", "input/output error", "cache entry not found", "export data", "invalid checksum", "stream did not contain valid", "not an object file", "unsupported version of", "(eof)", "not the start of an archive", "not a go object file", "internal cache error"],
        r"(?i)could not import .*(?:not the start of an archive|not a (?:go object|package) file|truncated|bad magic|unexpected EOF|corrupt|reading export data: (?:unexpected|invalid|unknown)|malformed|can't find export data|EOF\)|buffer full)|(?:go-build|\.cache/go-build|gocache)\S*(?:: | ).*(?:truncated|not a package file|bad magic|unexpected EOF|corrupt|input/output error|malformed|not an object file|unrecognized|file too short|invalid)|link: .*: (?:not a package file|truncated|malformed archive|corrupt|unexpected EOF|not an object file)|internal cache error|cache entry not found: .*-[ad]\b|build cache .*corrupt|{at}go: (?:cache|corrupt)",
    ),
    Signature::line(
        "cache-corrupt-modules",
        "cache.corrupt",
        Resolve,
        &["not a valid zip file", "corrupted download", "zip: checksum error", "unexpected newline", "error loading module cache", "is corrupted", "malformed module cache", "invalid character", "unexpected end of json input", "missing ziphash"],
        r"(?:pkg/mod|modcache|cache/download)\S*.*(?:not a valid zip file|zip: checksum error|corrupt)|unzip \S+: .*(?:zip: not a valid zip file|zip: checksum error)|(?:^|[\s:])go: .*: zip: not a valid zip file|not a valid zip file$|missing ziphash|corrupted (?:module cache|download)|cache/download\S*\.info.*(?:invalid character|unexpected end)",
    ),
    Signature::line(
        "cache-missing-object",
        "cache.corrupt",
        Link,
        &["go-build", "gocache", "-d: no such file"],
        r"(?:could not import|open|cannot open file) .*/[0-9a-f]{2}/[0-9a-f]{8,}-[ad]: no such file or directory",
    ),
    Signature::line(
        "cache-write-denied",
        "resource.permission",
        Compile,
        &["permission denied", "read-only file system", "operation not permitted", "access is denied"],
        r"(?i)(?:{at}go(?: \w+)?: |compile: |link: |asm: |cgo: |go-build|pkg/mod|\.cache/go|vendor/modules\.txt|go\.sum|go\.mod|/ld(?:\.\w+)?: |a\.out|\$WORK|fork/exec |copying |build output|pattern \./|\.go(?:$|: )|open \S+/[0-9a-f]{2}/[0-9a-f]+-[ad]: ).*(?:permission denied|read-only file system|operation not permitted|access is denied)",
    )
    .shared(),
    Signature::line(
        "permission-any",
        "resource.permission",
        Output,
        &["permission denied", "read-only file system", "eacces"],
        r"(?i)permission denied|read-only file system|\bEACCES\b",
    )
    .shared()
    .weak(),
    // Killed, and by whom.
    Signature::line(
        "killed-tool",
        "resource.killed",
        Compile,
        &["signal: killed", "signal: terminated", "signal: hangup", "signal: bus error", "signal: quit", "signal: user defined"],
        r"(?:compile|link|asm|cgo|vet|gcc|clang|cc1|ld|cover|buildid|pack|go|builder|\w+\.test|^exit status \d+|error=|ko|publish\w*|build\w*)\b[^:]*: (?:.*: )?signal: (?:killed|terminated|hangup|bus error|quit|user defined)|^(?:go build )?[\w./@-]+: \S+: signal: (?:killed|terminated)|^\s*signal: (?:killed|terminated|hangup|bus error)(?: \(core dumped\))?\s*$",
    )
    .shared()
    .in_tests(),
    Signature::line(
        "killed-shell",
        "resource.killed",
        Compile,
        &["killed", "error 137", "code 137", "status 137", "code: 137", "code=137"],
        r"line \d+: +\d+ Killed\b|^\s*Killed\s*$|^\s*\d+ Killed\s|\bError 137\b|exit(?:ed with)? (?:code|status):? ?137\b|non-zero code: 137\b|exit code 137\b|(?:code|status)[:=] ?137\b|script returned exit code 137\b",
    )
    .shared()
    .weak(),
    // The runner.
    Signature::line(
        "job-time-limit",
        "resource.timeout",
        Test,
        &["maximum execution time", "execution took longer than", "build timed out", "has timed out after", "no output has been received", "too long with no output", "exceeded the maximum", "timeout has been exceeded", "timeout: sending signal", "timed out after", "deadlineexceeded", "job's execution time", "build exceeded", "execution timeout", "timed_out", "deadline expired", "reached its time limit", "time limit", "ran longer than", "error: context deadline exceeded"],
        r"(?i)exceeded the maximum execution time|execution took longer than|Build timed out \(after|has timed out after \d+|No output has been received in the last|Too long with no output|exceeded the maximum (?:time|execution|run)|Timeout has been exceeded|timeout: sending signal|(?:job|step|build|pipeline|task|command|action|script) (?:\S+ ){0,4}timed out after|\bDeadlineExceeded\b|ran longer than the maximum|exceeded (?:its )?time ?limit|BUILD_TIMED_OUT|^error: context deadline exceeded$|build exceeded .*time ?limit",
    ),
    Signature::line(
        "runner-lost",
        "infra.runner",
        Env,
        &["received a shutdown signal", "lost communication with the server", "runner system failure", "system failure", "agent went offline", "channelclosedexception", "node was low on resource", "pod was evicted", "evicted", "spot instance", "preempted", "runner has been", "removed or went offline", "agent was lost", "agent lost", "runner shut down", "lost connection to", "was terminated", "cannot contact", "unexpected termination of the channel", "stopped hearing from agent", "hosted runner", "process apparently never started"],
        r"(?i)received a shutdown signal|lost communication with the server|(?:runner )?system failure\)?|agent went offline|ChannelClosedException|node was low on resource|pod (?:\S+ )?was evicted|\bEvicted\b.*(?:pod|node|runner)|spot instance (?:\S+ )?(?:interrupt|terminat)|\bpreempted\b|agent (?:was )?lost\b|unexpected termination of the channel|stopped hearing from agent|Cannot contact \S+: |runner \S* ?(?:was )?(?:terminated|shut down)|hosted runner.*(?:lost|encountered an error)|node .* was deleted or .*offline|Agent .* (?:disconnected|is offline)|process apparently never started in",
    ),
    Signature::line(
        "runner-cancelled",
        "infra.runner",
        Env,
        &["the operation was canceled", "operation was cancelled", "job was canceled", "job was cancelled", "aborted by", "canceling since a higher priority", "the run was canceled", "build was aborted", "has been cancelled", "canceled by", "cancelled by", "finished: aborted", "sending interrupt signal to process", "build cancelled", "job canceled", "canceled", "received interrupt signal"],
        r"(?i)the operation was cancell?ed|job (?:\S+ )?(?:was|has been) cancell?ed|^Aborted by |Cancel(?:l)?ing since a higher priority|run was cancell?ed|Finished: ABORTED|(?:build|pipeline|job|workflow) (?:was |has been )?cancell?ed\b|cancell?ed by (?:user|the user|\S+@)|Sending interrupt signal to process|ERROR: Job failed: canceled",
    ),
];
