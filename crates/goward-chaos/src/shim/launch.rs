//! Between goward and go: limits and namespaces are put on, then go starts.

use super::{Launch, Spec, become_program, namespace};
use nix::sys::resource::{Resource, setrlimit};
use std::ffi::OsString;
use std::io;

/// The user without rights.
const NOBODY: u32 = 65534;

pub(super) fn run(spec: &Spec, argv: &[OsString]) -> u8 {
    match prepare(&spec.launch) {
        Ok(()) => {
            let status = become_program(argv);
            // It came back: go was not started.
            let go = argv.first().map(|go| go.display().to_string()).unwrap_or_default();
            spec.refuse(&format!("{go} cannot be started"));
            status
        }
        Err((what, err)) => spec.refuse(&format!("{what}: {err}")),
    }
}

type Failed = (&'static str, io::Error);

fn prepare(launch: &Launch) -> Result<(), Failed> {
    let failed = |what: &'static str| move |err: nix::Error| (what, io::Error::from(err));
    if !launch.mounts.is_empty() {
        namespace::enter(0).map_err(|err| ("no mount namespace", err))?;
        for mount in &launch.mounts {
            namespace::mount(&mount.path, mount.bytes, mount.read_only)
                .map_err(|err| ("mounting a file system in memory", err))?;
        }
    }
    let root = nix::unistd::geteuid().is_root();
    if launch.mortal && root {
        namespace::enter(1000).map_err(|err| ("no user namespace", err))?;
    }
    if let Some(more) = launch.processes {
        if root {
            namespace::become_user(NOBODY).map_err(|err| ("becoming nobody", err))?;
        }
        let limit = threads_of(nix::unistd::getuid().as_raw()) + more;
        setrlimit(Resource::RLIMIT_NPROC, limit, limit).map_err(failed("RLIMIT_NPROC"))?;
    }
    if let Some(files) = launch.files {
        setrlimit(Resource::RLIMIT_NOFILE, files, files).map_err(failed("RLIMIT_NOFILE"))?;
    }
    #[cfg(target_os = "linux")]
    {
        // Should goward be killed, go does not live on. After the user changed, which clears it.
        let _ = nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGKILL);
    }
    Ok(())
}

/// How many threads a user has: the kernel counts them all.
fn threads_of(user: u32) -> u64 {
    use std::os::unix::fs::MetadataExt as _;
    let mut count = 0;
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        if entry.metadata().is_ok_and(|meta| meta.uid() == user)
            && let Ok(tasks) = std::fs::read_dir(entry.path().join("task"))
        {
            count += tasks.count() as u64;
        }
    }
    count
}
