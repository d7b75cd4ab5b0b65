//! A memory control group of the scenario's own, below the one that we are in.

use std::io;
use std::path::{Path, PathBuf};

/// Removed when it is dropped; by then nobody is in it.
pub(crate) struct Cgroup(PathBuf);

/// The files of the two versions: the limit, and where the kernel counts whom it killed.
const VERSIONS: [(&str, &str); 2] =
    [("memory.max", "memory.events"), ("memory.limit_in_bytes", "memory.oom_control")];

impl Cgroup {
    /// Makes one with a limit; the error says why there can be none.
    pub(crate) fn new(bytes: u64) -> io::Result<Self> {
        let ours = std::fs::read_to_string("/proc/self/cgroup")?;
        let mounts = std::fs::read_to_string("/proc/self/mountinfo")?;
        let mut last = io::Error::new(io::ErrorKind::NotFound, "there is no memory controller");
        for parent in parents(&ours, &mounts) {
            let dir = parent.join(format!("goward-chaos-{}", std::process::id()));
            match std::fs::create_dir(&dir).map(|()| Self(dir)).and_then(|made| made.limit(bytes)) {
                Ok(made) => return Ok(made),
                Err(err) => last = err,
            }
        }
        Err(last)
    }

    fn limit(self, bytes: u64) -> io::Result<Self> {
        let file = VERSIONS.iter().map(|(limit, _)| self.0.join(limit)).find(|file| file.exists());
        let file = file.ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::Unsupported,
                "the memory controller is not delegated to us",
            )
        })?;
        std::fs::write(file, bytes.to_string())?;
        // Where there is swap, it does not help.
        let _ = std::fs::write(self.0.join("memory.swap.max"), "0");
        Ok(self)
    }

    /// Whoever writes its number here is in the group.
    pub(crate) fn list(&self) -> PathBuf {
        self.0.join("cgroup.procs")
    }

    /// How many processes of it the kernel has killed for lack of memory.
    pub(crate) fn kills(&self) -> u64 {
        let texts =
            VERSIONS.iter().filter_map(|(_, file)| std::fs::read_to_string(self.0.join(file)).ok());
        texts.filter_map(|text| kills_in(&text)).next().unwrap_or(0)
    }
}

impl Drop for Cgroup {
    fn drop(&mut self) {
        for _ in 0..20 {
            if std::fs::remove_dir(&self.0).is_ok() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }
}

fn kills_in(text: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix("oom_kill "))?.trim().parse().ok()
}

/// Where a group may be made: in ours, else beside it, by version 2, else 1.
fn parents(ours: &str, mounts: &str) -> Vec<PathBuf> {
    let mut parents = vec![];
    for line in mounts.lines() {
        // 30 25 0:26 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw
        let Some((left, right)) = line.split_once(" - ") else { continue };
        let Some(at) = left.split(' ').nth(4) else { continue };
        let kind = right.split(' ').next().unwrap_or_default();
        let options = right.split(' ').nth(2).unwrap_or_default();
        let within = ours.lines().find_map(|line| {
            let (_, rest) = line.split_once(':')?;
            let (controllers, path) = rest.split_once(':')?;
            let ours = match kind {
                "cgroup2" => controllers.is_empty(),
                "cgroup" => {
                    options.split(',').any(|option| option == "memory")
                        && controllers.split(',').any(|name| name == "memory")
                }
                _ => false,
            };
            ours.then(|| path.trim_start_matches('/'))
        });
        let Some(within) = within else { continue };
        let own = Path::new(at).join(within);
        parents.extend(own.parent().filter(|_| !within.is_empty()).map(Path::to_owned));
        parents.push(own);
    }
    parents.reverse();
    parents
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_group_we_are_in_is_found_in_either_version() {
        let two = parents("0::/a/b\n", "30 25 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
        assert_eq!(two, ["/sys/fs/cgroup/a/b", "/sys/fs/cgroup/a"].map(PathBuf::from));
        let one = parents(
            "4:memory:/x\n0::/\n",
            "30 25 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n\
             31 25 0:27 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n",
        );
        assert_eq!(one, ["/sys/fs/cgroup/memory/x", "/sys/fs/cgroup/memory"].map(PathBuf::from));
    }

    #[test]
    fn kills_are_counted() {
        assert_eq!(kills_in("low 0\noom 2\noom_kill 1\n"), Some(1));
        assert_eq!(kills_in("oom_kill_disable 0\nunder_oom 0\noom_kill 3"), Some(3));
        assert_eq!(kills_in(""), None);
    }
}
