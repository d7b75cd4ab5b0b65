//! Platforms: their names, what their C compilers are called, how a C compiler says that it compiles for one. Pure.

use super::cell::Platform;
use anyhow::{Context as _, bail};
use goward_config::nearest;
use std::collections::BTreeMap;

/// Whether cgo is there, for each platform that a version of Go knows.
pub(super) type Ports = BTreeMap<Platform, bool>;

/// The ports in `internal/platform/zosarch.go` of a GOROOT: lines as `{"aix", "ppc64"}: {CgoSupported: true},`.
pub(super) fn ports(source: &str) -> Ports {
    let of = |line: &str| {
        let (names, rest) = line.trim().strip_prefix("{\"")?.split_once("\"}:")?;
        let (os, arch) = names.split_once("\", \"")?;
        Some((Platform::new(os, arch), rest.contains("CgoSupported: true")))
    };
    source.lines().filter_map(of).collect()
}

/// Reads `GOOS/GOARCH`; a wrong one is told with its neighbour.
pub(super) fn parse(
    flag: &str,
    text: &str,
    host: &Platform,
    known: &Ports,
) -> anyhow::Result<Platform> {
    if text == "host" {
        return Ok(host.clone());
    }
    let (os, arch) = text
        .split_once('/')
        .with_context(|| format!("{flag} {text}: write GOOS/GOARCH, as in linux/arm64"))?;
    let platform = Platform::new(os, arch);
    if known.is_empty() || known.contains_key(&platform) {
        return Ok(platform);
    }
    let names: Vec<String> = known.keys().map(ToString::to_string).collect();
    let hint = nearest(text, names.iter().map(String::as_str));
    let hint = hint.map_or_else(String::new, |name| format!("; did you mean {name}?"));
    bail!("{flag} {text}: Go has no such platform{hint} (go tool dist list names them all)")
}

/// How a cross compiler for a platform is called, and in which package of Debian and Ubuntu it is.
struct Cross {
    platform: (&'static str, &'static str),
    program: &'static str,
    package: &'static str,
    /// Zig's name of the target.
    zig: &'static str,
}

const CROSS: &[Cross] = &[
    cross("linux", "amd64", "x86_64-linux-gnu-gcc", "gcc-x86-64-linux-gnu", "x86_64-linux-gnu"),
    cross("linux", "arm64", "aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu", "aarch64-linux-gnu"),
    cross(
        "linux",
        "arm",
        "arm-linux-gnueabihf-gcc",
        "gcc-arm-linux-gnueabihf",
        "arm-linux-gnueabihf",
    ),
    cross("linux", "386", "i686-linux-gnu-gcc", "gcc-i686-linux-gnu", "x86-linux-gnu"),
    cross(
        "linux",
        "riscv64",
        "riscv64-linux-gnu-gcc",
        "gcc-riscv64-linux-gnu",
        "riscv64-linux-gnu",
    ),
    cross(
        "linux",
        "ppc64le",
        "powerpc64le-linux-gnu-gcc",
        "gcc-powerpc64le-linux-gnu",
        "powerpc64le-linux-gnu",
    ),
    cross("linux", "s390x", "s390x-linux-gnu-gcc", "gcc-s390x-linux-gnu", "s390x-linux-gnu"),
    cross(
        "linux",
        "mips64le",
        "mips64el-linux-gnuabi64-gcc",
        "gcc-mips64el-linux-gnuabi64",
        "mips64el-linux-gnuabi64",
    ),
    cross(
        "windows",
        "amd64",
        "x86_64-w64-mingw32-gcc",
        "gcc-mingw-w64-x86-64",
        "x86_64-windows-gnu",
    ),
    cross("windows", "386", "i686-w64-mingw32-gcc", "gcc-mingw-w64-i686", "x86-windows-gnu"),
    cross("windows", "arm64", "aarch64-w64-mingw32-gcc", "", "aarch64-windows-gnu"),
];

const fn cross(
    os: &'static str,
    arch: &'static str,
    program: &'static str,
    package: &'static str,
    zig: &'static str,
) -> Cross {
    Cross { platform: (os, arch), program, package, zig }
}

fn of(platform: &Platform) -> Option<&'static Cross> {
    CROSS.iter().find(|it| it.platform == (platform.os.as_str(), platform.arch.as_str()))
}

/// The usual cross compiler.
pub(super) fn cross_compiler(platform: &Platform) -> Option<&'static str> {
    of(platform).map(|it| it.program)
}

/// Its package, of Debian and Ubuntu.
pub(super) fn package(platform: &Platform) -> Option<&'static str> {
    of(platform).map(|it| it.package).filter(|package| !package.is_empty())
}

/// Zig's target.
pub(super) fn zig_target(platform: &Platform) -> Option<&'static str> {
    of(platform).map(|it| it.zig)
}

/// What go tells a C compiler about the processor.
pub(super) fn machine_flag(platform: &Platform) -> Option<&'static str> {
    match platform.arch.as_str() {
        "amd64" => Some("-m64"),
        "386" => Some("-m32"),
        "arm" => Some("-marm"),
        "s390x" => Some("-m64"),
        _ => None,
    }
}

/// What the preprocessor of a C compiler for the platform defines; `None` where that is not known here.
pub(super) fn condition(platform: &Platform) -> Option<String> {
    let arch = match platform.arch.as_str() {
        "amd64" => "defined(__x86_64__)",
        "386" => "defined(__i386__)",
        "arm64" => "defined(__aarch64__)",
        "arm" => "defined(__arm__)",
        "riscv64" => "defined(__riscv)",
        "ppc64le" | "ppc64" => "defined(__powerpc64__)",
        "s390x" => "defined(__s390x__)",
        "loong64" => "defined(__loongarch64)",
        "mips" | "mipsle" | "mips64" | "mips64le" => "defined(__mips__)",
        _ => return None,
    };
    let os = match platform.os.as_str() {
        "linux" => "defined(__linux__)",
        "windows" => "defined(_WIN32)",
        "darwin" | "ios" => "defined(__APPLE__)",
        "android" => "defined(__ANDROID__)",
        "freebsd" => "defined(__FreeBSD__)",
        "netbsd" => "defined(__NetBSD__)",
        "openbsd" => "defined(__OpenBSD__)",
        "dragonfly" => "defined(__DragonFly__)",
        "solaris" | "illumos" => "defined(__sun)",
        "aix" => "defined(_AIX)",
        _ => return None,
    };
    Some(format!("{arch} && {os}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "var List = []OSArch{\n\t{\"js\", \"wasm\"},\n}\n\nvar distInfo = map[OSArch]osArchInfo{\n\
        \t{\"js\", \"wasm\"}:       {},\n\t{\"linux\", \"amd64\"}:   {CgoSupported: true, FirstClass: true},\n\
        \t{\"linux\", \"arm64\"}:   {CgoSupported: true},\n\t{\"openbsd\", \"mips64\"}: {CgoSupported: true, Broken: true},\n}\n";

    #[test]
    fn the_ports_stand_in_gos_own_source() {
        let ports = ports(SOURCE);
        assert_eq!(ports.len(), 4);
        assert_eq!(ports.get(&Platform::new("js", "wasm")), Some(&false));
        assert_eq!(ports.get(&Platform::new("linux", "arm64")), Some(&true));
    }

    #[test]
    fn a_wrong_platform_is_told_with_its_neighbour() {
        let (ports, host) = (ports(SOURCE), Platform::new("linux", "amd64"));
        let read = |text| parse("--platform", text, &host, &ports);
        assert_eq!(read("host").unwrap(), host);
        assert_eq!(read("linux/arm64").unwrap().arch, "arm64");
        assert!(read("linux/am64").unwrap_err().to_string().contains("did you mean linux/a"));
        assert!(read("linux").unwrap_err().to_string().contains("write GOOS/GOARCH"));
    }

    #[test]
    fn every_cross_compiler_can_be_probed() {
        for it in CROSS {
            let platform = Platform::new(it.platform.0, it.platform.1);
            assert!(condition(&platform).is_some(), "{platform}");
            assert_eq!(cross_compiler(&platform), Some(it.program));
        }
    }
}
