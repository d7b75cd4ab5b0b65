//! What `goward matrix` builds, where the command line does not say.

use crate::{ConfigError, Layer, Policy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// More cells at once no machine builds.
const MAX_JOBS: u16 = 256;

/// What `goward matrix` builds, where the command line does not say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MatrixSettings {
    /// Go versions: `1.24` (its latest release), `1.21..1.26`, `1.24.11`, `local`.
    pub go: Vec<String>,
    /// Platforms: `GOOS/GOARCH`, or `host`.
    pub platforms: Vec<String>,
    /// With cgo, without it, or a cell each.
    pub cgo: CgoCells,
    /// Platform → its C compiler; none: the first that is found and compiles.
    pub cc: BTreeMap<String, String>,
    /// Cells that may fail: `OS/ARCH`, `OS/ARCH/cgo` or `OS/ARCH/nocgo`.
    pub allow: Vec<String>,
    /// How many cells are built at once; 0: half the processors.
    pub jobs: u16,
    /// All cells together may hold so much memory: `2GiB`; none: four fifths of what is free.
    pub max_memory: Option<String>,
}

impl Default for MatrixSettings {
    fn default() -> Self {
        Self {
            go: vec!["local".into()],
            platforms: vec!["host".into()],
            cgo: CgoCells::Both,
            cc: BTreeMap::new(),
            allow: vec![],
            jobs: 0,
            max_memory: None,
        }
    }
}

/// Which cells a platform has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CgoCells {
    /// With cgo.
    On,
    /// Without it.
    Off,
    /// A cell each.
    #[default]
    Both,
}

/// Bytes of `4GiB`, `512M`, `1.5g`; a bare number is bytes. All units are powers of 1024, as memory has them.
pub fn size(text: &str) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: f64 = number.parse().ok()?;
    let power = match unit.to_ascii_lowercase().trim_end_matches("ib").trim_end_matches('b') {
        "" => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        _ => return None,
    };
    let bytes = number * 1024_f64.powi(power);
    (bytes >= 1.0 && bytes < u64::MAX as f64).then_some(bytes as u64)
}

/// What is wrong with it. Which versions and platforms there are, only Go knows; flags are judged by whoever reads them.
pub(crate) fn validate(policy: &Policy, errors: &mut Vec<ConfigError>) {
    let settings = &policy.file.matrix;
    let mut wrong = |key: &str, message: String, help: &str| {
        let origin = policy.origin(key);
        if origin.layer != Layer::Flag {
            errors.push(ConfigError::at(&origin, message).help(help));
        }
    };
    let unlike = |list: &[String], is_right: fn(&str) -> bool| -> Vec<String> {
        list.iter().filter(|text| !is_right(text)).cloned().collect()
    };
    for text in unlike(&settings.go, is_version) {
        let help = "write 1.24, 1.21..1.26, 1.24.11 or local";
        wrong("matrix.go", format!("`{text}` names no Go version"), help);
    }
    let lists = [("matrix.go", &settings.go), ("matrix.platforms", &settings.platforms)];
    for (key, _) in lists.iter().filter(|(_, list)| list.is_empty()) {
        wrong(key, format!("`{key}` is empty: no cell would be left"), "name one, or leave it out");
    }
    for text in unlike(&settings.platforms, is_platform) {
        let help = "write GOOS/GOARCH, as `linux/arm64`, or host";
        wrong("matrix.platforms", format!("`{text}` is no platform"), help);
    }
    for text in unlike(&settings.allow, is_cell) {
        let help = "write OS/ARCH, OS/ARCH/cgo or OS/ARCH/nocgo";
        wrong("matrix.allow", format!("`{text}` is no cell"), help);
    }
    for (platform, program) in &settings.cc {
        let key = format!("matrix.cc.{platform}");
        if !is_platform(platform) || program.trim().is_empty() {
            let help = "write cc = { \"linux/arm64\" = \"aarch64-linux-gnu-gcc\" }";
            wrong(&key, format!("`{platform}` = `{program}` is no C compiler of a platform"), help);
        }
    }
    if settings.jobs > MAX_JOBS {
        let message = format!("`matrix.jobs` is {}, more than {MAX_JOBS}", settings.jobs);
        wrong("matrix.jobs", message, "write 0 for half the processors");
    }
    if let Some(text) = settings.max_memory.as_ref().filter(|text| size(text).is_none()) {
        let message = format!("`matrix.max_memory` is `{text}`, which is no size");
        wrong("matrix.max_memory", message, "write 512MiB or 4GiB");
    }
}

fn is_version(text: &str) -> bool {
    let one = |text: &str| {
        let text = text.strip_prefix("go").unwrap_or(text);
        let rest = text.strip_prefix("1.").unwrap_or_default();
        let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'.';
        rest.starts_with(|c: char| c.is_ascii_digit()) && rest.bytes().all(is_part)
    };
    text == "local" || text.split_once("..").map_or_else(|| one(text), |(a, b)| one(a) && one(b))
}

fn is_platform(text: &str) -> bool {
    let is_name = |name: &str| {
        let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        !name.is_empty() && name.bytes().all(is_part)
    };
    text == "host" || text.split_once('/').is_some_and(|(os, arch)| is_name(os) && is_name(arch))
}

fn is_cell(text: &str) -> bool {
    let platform = text.strip_suffix("/cgo").or_else(|| text.strip_suffix("/nocgo"));
    is_platform(platform.unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_powers_of_1024() {
        assert_eq!(size("4GiB"), Some(4 << 30));
        assert_eq!(size("512M"), Some(512 << 20));
        assert_eq!(size("1.5k"), Some(1536));
        assert_eq!(size("100"), Some(100));
        for wrong in ["", "0", "x", "4Q", "-1G", "99999999999T"] {
            assert_eq!(size(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn words_of_a_matrix_are_told_from_others() {
        for right in ["local", "1.24", "go1.24.11", "1.21..1.26", "1.27rc1"] {
            assert!(is_version(right), "{right}");
        }
        for wrong in ["", "24", "1.", "latest", "1.21..", "1.x"] {
            assert!(!is_version(wrong), "{wrong}");
        }
        for right in ["host", "linux/arm64", "linux/arm64/cgo", "host/nocgo"] {
            assert!(is_cell(right), "{right}");
        }
        for wrong in ["", "linux", "linux/", "Linux/arm64", "linux/arm64/c"] {
            assert!(!is_cell(wrong), "{wrong}");
        }
    }
}
