//! What only Linux has: namespaces (file systems that only this process and its children see, a root without rights),
//! and limits that hold.

use std::io;
use std::path::Path;

/// Enters a user and mount namespace in which we are this user. As user 0 file systems can be mounted; as another the
/// next program has no rights beyond those of the files' owner.
#[cfg(target_os = "linux")]
pub(super) fn enter(inside: u32) -> io::Result<()> {
    use nix::mount::{MsFlags, mount};
    use nix::sched::{CloneFlags, unshare};
    let (user, group) = (nix::unistd::geteuid(), nix::unistd::getegid());
    match unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNS) {
        Ok(()) => {
            std::fs::write("/proc/self/setgroups", "deny")?;
            std::fs::write("/proc/self/uid_map", format!("{inside} {user} 1"))?;
            std::fs::write("/proc/self/gid_map", format!("{inside} {group} 1"))?;
        }
        // Where user namespaces are forbidden, root needs none to mount.
        Err(_) if user.is_root() && inside == 0 => unshare(CloneFlags::CLONE_NEWNS)?,
        Err(err) => return Err(err.into()),
    }
    let none: Option<&str> = None;
    mount(none, "/", none, MsFlags::MS_REC | MsFlags::MS_PRIVATE, none)?;
    Ok(())
}

/// Mounts a file system in memory. It goes with the last process that sees it.
#[cfg(target_os = "linux")]
pub(super) fn mount(path: &Path, bytes: u64, read_only: bool) -> io::Result<()> {
    use nix::mount::MsFlags;
    let read_only = if read_only { MsFlags::MS_RDONLY } else { MsFlags::empty() };
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | read_only;
    let options = format!("size={bytes},mode=0755");
    nix::mount::mount(Some("goward-chaos"), path, Some("tmpfs"), flags, Some(options.as_str()))?;
    Ok(())
}

/// Becomes another user, who is in no groups.
#[cfg(target_os = "linux")]
pub(super) fn become_user(number: u32) -> io::Result<()> {
    use nix::unistd::{Gid, Uid, setgid, setgroups, setuid};
    setgroups(&[])?;
    setgid(Gid::from_raw(number))?;
    setuid(Uid::from_raw(number))?;
    Ok(())
}

/// So much address space and no more.
#[cfg(target_os = "linux")]
pub(super) fn limit_memory(bytes: u64) -> io::Result<()> {
    use nix::sys::resource::{Resource, setrlimit};
    Ok(setrlimit(Resource::RLIMIT_AS, bytes, bytes)?)
}

#[cfg(not(target_os = "linux"))]
fn only_linux() -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, "only Linux has this")
}

#[cfg(not(target_os = "linux"))]
pub(super) fn enter(_: u32) -> io::Result<()> {
    Err(only_linux())
}

#[cfg(not(target_os = "linux"))]
pub(super) fn mount(_: &Path, _: u64, _: bool) -> io::Result<()> {
    Err(only_linux())
}

#[cfg(not(target_os = "linux"))]
pub(super) fn become_user(_: u32) -> io::Result<()> {
    Err(only_linux())
}

#[cfg(not(target_os = "linux"))]
pub(super) fn limit_memory(_: u64) -> io::Result<()> {
    Err(only_linux())
}
