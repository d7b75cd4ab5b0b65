//! Puts a fault into a world that would be whole.

use super::folder::each;
use super::{AfterFirst, Building, CACHE, Refusal};
use crate::cgroup::Cgroup;
use crate::modules;
use crate::serve::{Database, Honest, proxy};
use crate::shim::{ListingSpec, Mount, ToolSpec};
use crate::{Fault, Listing, Need, Strike};
use std::io;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::path::{Path, PathBuf};

/// The user without rights.
const NOBODY: u32 = 65534;

/// What a compiled package begins with.
const ARCHIVE: &[u8] = b"!<arch>\n";

/// Changes environment, command line and folder, and starts servers.
pub(super) fn put(fault: Fault, world: &mut Building<'_>) -> Result<(), Refusal> {
    let within = world.folder.path().to_owned();
    match fault {
        Fault::Module => {}
        Fault::Offline => world.env.set("GOPROXY", "off"),
        Fault::Refused => {
            // A port that was free a moment ago, and that nobody listens on.
            let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
            world.env.set("GOPROXY", format!("http://{address}"));
        }
        Fault::NoSuchHost => world.env.set("GOPROXY", "http://proxy.goward-chaos.invalid"),
        Fault::Proxy(how) => {
            let server = proxy(how, honest(world), world.probability, world.seed)?;
            world.env.set("GOPROXY", server.url());
            world.faulty = Some(server);
        }
        Fault::Sumdb(how) => {
            let honest = proxy(crate::Proxy::Stall, honest(world), 0.0, world.seed)?;
            let database = Database::start(how, &modules::dependency())?;
            world.env.set("GOPROXY", honest.url());
            world.env.set("GOSUMDB", &database.gosumdb);
            (world.honest, world.faulty) = (Some(honest), Some(database.server));
        }
        Fault::Listing(how) => listing(how, world)?,
        Fault::Tool { tool, strike } => tool_fault(tool, strike, world)?,
        Fault::NoTool(tool) => {
            let goroot = goroot_without(&world.setup.go.goroot, tool, &within)?;
            world.env.set("GOROOT", goroot);
        }
        Fault::NoCCompiler => world.env.set("CC", "goward-no-such-cc"),
        Fault::NoExternalLinker => {
            let path = world.env.get("PATH").unwrap_or_default();
            let found = std::env::split_paths(path)
                .any(|dir| ["gcc", "clang", "cc"].iter().any(|name| dir.join(name).is_file()));
            if !found {
                return Err(Refusal::Lacks(Need::CCompiler, "none is on the PATH".into()));
            }
        }
        Fault::FullOutput { bytes } => {
            world.out = world.folder.make("full")?.join("program");
            mount(world, "full", bytes, false);
        }
        Fault::FullTemporary { bytes } => {
            world.env.set("GOTMPDIR", world.folder.make("full")?);
            mount(world, "full", bytes, false);
        }
        Fault::ReadOnlyCache => {
            world.folder.make(CACHE)?;
            mount(world, CACHE, 1 << 20, true);
        }
        Fault::CorruptCache => world.first_build = Some(AfterFirst::Damage),
        Fault::NoHome => {
            for name in ["HOME", "GOCACHE", "XDG_CACHE_HOME"] {
                world.env.remove(name);
            }
        }
        Fault::UnreadableSource => {
            set_mode(&within.join("src/main.go"), 0o000)?;
            world.spec.launch.mortal = true;
        }
        Fault::UnwritableOutput => {
            let dir = world.folder.make("denied")?;
            world.out = dir.join("program");
            set_mode(&dir, 0o500)?;
            world.spec.launch.mortal = true;
        }
        Fault::FileLimit { files } => world.spec.launch.files = Some(files),
        Fault::ProcessLimit { processes } => {
            world.spec.launch.processes = Some(processes);
            if nix::unistd::geteuid().is_root() {
                each(&within, &|path, _| {
                    let _ = chown(path, Some(NOBODY), Some(NOBODY));
                });
            }
        }
        Fault::NoGit => no_git(world)?,
    }
    Ok(())
}

/// What an honest proxy has: our dependency, or the user's module cache.
fn honest(world: &Building<'_>) -> Honest {
    match &world.setup.foreign {
        None => Honest { published: vec![modules::dependency()], cache: None },
        Some(_) => Honest {
            published: vec![],
            cache: Some(world.setup.go.modcache.join("cache/download")),
        },
    }
}

fn mount(world: &mut Building<'_>, name: &str, bytes: u64, read_only: bool) {
    let path = world.folder.path().join(name);
    world.spec.launch.mounts.push(Mount { path, bytes, read_only });
}

fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
}

fn tool_fault(tool: &str, strike: Strike, world: &mut Building<'_>) -> Result<(), Refusal> {
    if strike == Strike::RemoveCache {
        // Only what an earlier build left in the cache is missed.
        world.first_build = Some(AfterFirst::Change);
    }
    if let Strike::Cgroup { bytes } = strike {
        let group =
            Cgroup::new(bytes).map_err(|err| Refusal::Lacks(Need::Cgroup, err.to_string()))?;
        world.cgroup = Some(group);
    }
    world.spec.tool = Some(ToolSpec {
        name: tool.to_owned(),
        strike,
        probability: world.probability,
        seed: world.seed,
        attempt: 0,
        behind: world.setup.foreign.as_ref().map_or(0, |foreign| foreign.toolexec.len()),
        cgroup: world.cgroup.as_ref().map(Cgroup::list),
        cache: world.folder.path().join(CACHE),
    });
    Ok(())
}

/// A go before the real one on the PATH.
fn listing(how: Listing, world: &mut Building<'_>) -> Result<(), Refusal> {
    let bin = world.folder.make("bin")?;
    let shim = bin.join("go");
    let quoted = |path: &Path| format!("'{}'", path.display().to_string().replace('\'', r"'\''"));
    let (goward, spec) = (quoted(&world.setup.goward), quoted(&world.spec_file()));
    let text = format!("#!/bin/sh\nexec {goward} {} {spec} \"$@\"\n", crate::shim::LISTING);
    std::fs::write(&shim, text)?;
    set_mode(&shim, 0o755)?;
    let path = world.env.get("PATH").unwrap_or_default().to_owned();
    let path = std::env::join_paths([bin].into_iter().chain(std::env::split_paths(&path)));
    world.env.set("PATH", path.map_err(io::Error::other)?);
    world.spec.listing = Some(ListingSpec { go: world.setup.go.program.clone(), how });
    world.reader = true;
    Ok(())
}

/// A GOROOT of links that lacks a tool.
fn goroot_without(goroot: &Path, tool: &str, within: &Path) -> io::Result<PathBuf> {
    let made = within.join("goroot");
    std::fs::create_dir_all(made.join("pkg/tool"))?;
    for entry in std::fs::read_dir(goroot)?.flatten().filter(|entry| entry.file_name() != "pkg") {
        symlink(entry.path(), made.join(entry.file_name()))?;
    }
    let include = goroot.join("pkg/include");
    if include.exists() {
        symlink(include, made.join("pkg/include"))?;
    }
    for platform in std::fs::read_dir(goroot.join("pkg/tool"))?.flatten() {
        let folder = made.join("pkg/tool").join(platform.file_name());
        std::fs::create_dir(&folder)?;
        for entry in std::fs::read_dir(platform.path())?.flatten() {
            if Path::new(&entry.file_name()).file_stem().is_none_or(|stem| stem != tool) {
                symlink(entry.path(), folder.join(entry.file_name()))?;
            }
        }
    }
    Ok(made)
}

/// A git repository, and a PATH that has go and no git.
fn no_git(world: &mut Building<'_>) -> Result<(), Refusal> {
    for folder in ["src/.git/objects", "src/.git/refs/heads"] {
        world.folder.make(folder)?;
    }
    std::fs::write(world.folder.path().join("src/.git/HEAD"), "ref: refs/heads/main\n")?;
    let bin = world.folder.make("bin")?;
    symlink(&world.setup.go.program, bin.join("go"))?;
    world.env.set("PATH", bin);
    Ok(())
}

/// Damages every compiled package in a build cache and keeps its size: zeros, as after a write that was lost.
pub(super) fn damage(cache: &Path) {
    each(cache, &|path, is_dir| {
        let is_object = !is_dir && path.to_string_lossy().ends_with("-d");
        if is_object
            && let Ok(mut bytes) = std::fs::read(path)
            && bytes.starts_with(ARCHIVE)
        {
            bytes.fill(0);
            let _ = set_mode(path, 0o600);
            let _ = std::fs::write(path, bytes);
        }
    });
}

/// Changes the main package, so that it is compiled again, against what the cache has of the others.
pub(super) fn change(src: &Path) -> io::Result<()> {
    let main = src.join("main.go");
    let text = std::fs::read_to_string(&main)? + "\nfunc init() { println(\"changed\") }\n";
    std::fs::write(main, text)
}
