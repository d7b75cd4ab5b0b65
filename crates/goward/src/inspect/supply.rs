//! What both documents of the supply chain name: the program by its hash, modules by their package URL.

use goartifact::{BuildInfo, Module};
use sha2::{Digest as _, Sha256};
use std::io::Read as _;
use std::path::Path;

/// A module that is in the program, with what it stands in for.
pub(super) struct Part<'a> {
    /// The module whose code was built.
    pub(super) built: &'a Module,
    /// The module that was required, where another stands in for it.
    pub(super) instead_of: Option<&'a Module>,
}

/// What the programs of a file were made of, all together: those of a universal file have other settings each, and may
/// have other modules.
pub(super) fn together(infos: &[&BuildInfo]) -> Option<BuildInfo> {
    let (first, others) = infos.split_first()?;
    let mut all = (*first).clone();
    for info in others {
        for module in &info.deps {
            if !all.deps.contains(module) {
                all.deps.push(module.clone());
            }
        }
        for setting in &info.settings {
            if !all.settings.contains(setting) {
                all.settings.push(setting.clone());
            }
        }
    }
    Some(all)
}

/// The modules of a program, the main one left out. Of one that is replaced, the replacement was built.
pub(super) fn parts<'a>(info: &'a BuildInfo) -> Vec<Part<'a>> {
    let part = |module: &'a Module| match &module.replace {
        Some(replacement) => Part { built: replacement, instead_of: Some(module) },
        None => Part { built: module, instead_of: None },
    };
    info.deps.iter().map(part).collect()
}

/// <https://github.com/package-url/purl-spec>, type `golang`: lower case, `+` escaped. A folder on a
/// disk has none.
pub(super) fn purl(module: &Module) -> Option<String> {
    let local = module.path.starts_with(['.', '/']) || module.path.get(1..3) == Some(":\\");
    if local || module.path.is_empty() {
        return None;
    }
    let escape = |text: &str| {
        let mut out = String::new();
        for byte in text.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'~' | b'/' => {
                    out.push(char::from(byte))
                }
                _ => out += &format!("%{byte:02X}"),
            }
        }
        out
    };
    let version = match module.version.as_str() {
        "" | "(devel)" => String::new(),
        version => format!("@{}", escape(version)),
    };
    Some(format!("pkg:golang/{}{version}", escape(&module.path.to_lowercase())))
}

/// The standard library is a module, too, of the toolchain's version.
pub(super) fn std(info: &BuildInfo) -> Module {
    let version = info.go_version.split_whitespace().next().unwrap_or_default();
    Module {
        path: "std".into(),
        version: version.trim_start_matches("go").to_owned(),
        ..Module::default()
    }
}

/// The hash in an `h1:` sum: of a list of the hashes of all files, not of one file
/// (`golang.org/x/mod/sumdb/dirhash`); in hexadecimal, as in-toto's `dirHash` wants it.
pub(super) fn dir_hash(module: &Module) -> Option<String> {
    use base64::Engine as _;
    let bytes =
        base64::engine::general_purpose::STANDARD.decode(module.sum.strip_prefix("h1:")?).ok()?;
    (bytes.len() == 32).then(|| hex(&bytes))
}

/// SHA-256 of a file.
#[expect(
    clippy::disallowed_methods,
    reason = "a program may be larger than what System::read takes"
)]
pub(super) fn sha256(file: &Path) -> std::io::Result<[u8; 32]> {
    let mut file = std::fs::File::open(file)?;
    let mut hash = Sha256::new();
    let mut block = vec![0; 256 << 10];
    loop {
        match file.read(&mut block)? {
            0 => return Ok(hash.finalize().into()),
            count => hash.update(block.get(..count).unwrap_or_default()),
        }
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(path: &str, version: &str) -> Module {
        Module { path: path.into(), version: version.into(), ..Module::default() }
    }

    #[test]
    fn what_one_program_of_a_universal_file_has_is_in_the_documents() {
        let info = |arch: &str, modules: &[&str]| BuildInfo {
            deps: modules.iter().map(|path| module(path, "v1.0.0")).collect(),
            settings: vec![goartifact::Setting { key: "GOARCH".into(), value: arch.into() }],
            ..BuildInfo::default()
        };
        let (amd, arm) = (info("amd64", &["a", "b"]), info("arm64", &["a", "c"]));
        let all = together(&[&amd, &arm]).unwrap();
        let paths: Vec<&str> = all.deps.iter().map(|module| module.path.as_str()).collect();
        assert_eq!((paths, all.settings.len()), (vec!["a", "b", "c"], 2));
        assert_eq!(together(&[]), None);
    }

    #[test]
    fn package_urls_are_as_the_specification_has_them() {
        let of = |path, version| purl(&module(path, version));
        assert_eq!(
            of("github.com/Masterminds/semver/v3", "v3.4.0").unwrap(),
            "pkg:golang/github.com/masterminds/semver/v3@v3.4.0"
        );
        assert_eq!(
            of("example.com/x", "v2.0.0+incompatible").unwrap(),
            "pkg:golang/example.com/x@v2.0.0%2Bincompatible"
        );
        assert_eq!(of("example.com/x", "(devel)").unwrap(), "pkg:golang/example.com/x");
        assert_eq!(of("./fork", ""), None);
        assert_eq!(of("../fork", ""), None);
    }

    #[test]
    fn a_directory_hash_is_written_in_hexadecimal() {
        let sum = "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        let module = Module { sum: sum.into(), ..Module::default() };
        // The example of in-toto's own specification.
        assert_eq!(
            dir_hash(&module).unwrap(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(dir_hash(&Module { sum: "h1:AAAA".into(), ..Module::default() }), None);
    }
}
