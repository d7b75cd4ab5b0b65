//! The module proxy, asked as the go command asks it (<https://go.dev/ref/mod#goproxy-protocol>).

use crate::{GoEnv, ProbeError, World};
use goward_model::Text;
use goward_system::SystemError;
use std::io::Write;
use std::time::Duration;
use tempfile::NamedTempFile;

/// One request; a proxy may have to fetch the module itself first.
const LIMIT: Duration = Duration::from_secs(20);
/// A zip; the check's own limit ends it before, or it has none.
const ZIP_LIMIT: Duration = Duration::from_secs(600);

/// The proxies of GOPROXY, and the modules that are never asked for there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ModuleProxy {
    proxies: Vec<Proxy>,
    /// Whether the list goes on with `direct` or `off`: there Go asks version control, or nobody.
    ends: bool,
    /// GONOPROXY: private modules, whose names must not leave the house.
    private: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Proxy {
    /// Without a slash at the end; `https:`, `http:` or `file:`.
    url: String,
    /// Followed by `|`: the next is asked after any error, not only where this one has nothing.
    falls_back: bool,
}

impl ModuleProxy {
    /// What `go env` says.
    pub(crate) fn of(env: &GoEnv) -> Self {
        Self::parse(env.get("GOPROXY"), env.get("GONOPROXY"))
    }

    fn parse(list: &str, private: &str) -> Self {
        let (mut proxies, mut ends) = (vec![], false);
        for entry in list.split_inclusive([',', '|']) {
            let falls_back = entry.ends_with('|');
            let url = entry.trim_end_matches([',', '|']).trim();
            if matches!(url, "direct" | "off") {
                ends = true;
                break;
            }
            if ["https://", "http://", "file:///"].iter().any(|scheme| url.starts_with(scheme)) {
                proxies.push(Proxy { url: url.trim_end_matches('/').to_owned(), falls_back });
            }
        }
        Self { proxies, ends, private: private.to_owned() }
    }

    /// Whether a module is one whose name must not leave the house.
    pub(crate) fn is_private(&self, module: &str) -> bool {
        gomod::module_path::match_prefix_patterns(&self.private, module)
    }

    /// Tries the proxies in turn, as the go command does: the next after an error only where this
    /// one has nothing, or `|` follows it. `None`: none has it, or `direct` or `off` was reached.
    pub(crate) fn first<T>(
        &self,
        mut ask: impl FnMut(&str) -> Result<T, SystemError>,
    ) -> Result<Option<T>, SystemError> {
        let mut failed = None;
        for proxy in &self.proxies {
            match ask(&proxy.url) {
                Ok(answer) => return Ok(Some(answer)),
                Err(SystemError::NotFound(_)) => {}
                Err(err) if proxy.falls_back && !matches!(err, SystemError::Cancelled) => {
                    failed = Some(err);
                }
                Err(err) => return Err(err),
            }
        }
        match failed {
            Some(err) if !self.ends => Err(err),
            _ => Ok(None),
        }
    }

    /// Downloads `suffix` (`/@latest`, `/@v/v1.0.0.mod`) of a module, at most `bytes`.
    pub(crate) fn fetch(
        &self,
        world: &World<'_>,
        module: &str,
        suffix: &str,
        bytes: u64,
    ) -> Result<Vec<u8>, ProbeError> {
        self.ask(module, suffix, |url| get(world, url, bytes))
    }

    /// Downloads the zip of a module to a file of ours: it may have half a gigabyte.
    pub(crate) fn zip(
        &self,
        world: &World<'_>,
        module: &gomod::ModuleVersion,
    ) -> Result<NamedTempFile, ProbeError> {
        let version = gomod::module_path::escape_version(&module.version)
            .ok_or_else(|| ProbeError::Unusable(Text::same(module.version.clone())))?;
        self.ask(&module.path, &format!("/@v/{version}.zip"), |url| {
            let failed = |err: std::io::Error| SystemError::Failed(err.to_string());
            let mut file = NamedTempFile::new().map_err(failed)?;
            get_into(world, url, &mut file, modcache::MAX_ZIP, ZIP_LIMIT)?;
            Ok(file)
        })
    }

    /// Asks the proxies for a file of a module.
    fn ask<T>(
        &self,
        module: &str,
        suffix: &str,
        mut get: impl FnMut(&str) -> Result<T, SystemError>,
    ) -> Result<T, ProbeError> {
        if self.is_private(module) {
            return Err(unusable(
                format!("{module} is private (GONOPROXY): no proxy is asked"),
                format!("{module} 是私有模块（GONOPROXY）：不询问代理"),
            ));
        }
        if self.proxies.is_empty() {
            return Err(unusable(
                "GOPROXY names no proxy".to_owned(),
                "GOPROXY 未指定代理".to_owned(),
            ));
        }
        let escaped = gomod::module_path::escape(module)
            .map_err(|err| ProbeError::Unusable(Text::same(err.to_string())))?;
        let found = self.first(|url| get(&format!("{url}/{escaped}{suffix}")))?;
        found.ok_or_else(|| {
            unusable(
                format!("no proxy of GOPROXY has {module}{suffix}"),
                format!("GOPROXY 中没有代理提供 {module}{suffix}"),
            )
        })
    }
}

/// Downloads a URL of a proxy.
pub(crate) fn get(world: &World<'_>, url: &str, bytes: u64) -> Result<Vec<u8>, SystemError> {
    let mut body = vec![];
    get_into(world, url, &mut body, bytes, LIMIT)?;
    Ok(body)
}

/// Downloads a URL of a proxy, which may be a folder of this machine (`file:///…`).
fn get_into(
    world: &World<'_>,
    url: &str,
    into: &mut dyn Write,
    bytes: u64,
    limit: Duration,
) -> Result<(), SystemError> {
    let Some(path) = url.strip_prefix("file://") else {
        return world.system.download(url, into, bytes, limit);
    };
    let body = world.system.read(path, bytes)?;
    into.write_all(&body).map_err(|err| SystemError::Failed(err.to_string()))
}

fn unusable(en: String, zh: String) -> ProbeError {
    ProbeError::Unusable(Text::new(en, zh))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What each proxy says: `ok`, `none` or `bad`; and who was asked.
    fn asked(list: &str) -> (Vec<String>, String) {
        let proxy = ModuleProxy::parse(list, "");
        let mut asked = vec![];
        let found = proxy.first(|url| {
            let name = url.trim_start_matches("https://").to_owned();
            asked.push(name.clone());
            match name.as_str() {
                "ok" => Ok(name),
                "none" => Err(SystemError::NotFound(name)),
                _ => Err(SystemError::Failed(name)),
            }
        });
        let said = match found {
            Ok(Some(name)) => name,
            Ok(None) => "nobody".to_owned(),
            Err(err) => format!("error {err}"),
        };
        (asked, said)
    }

    #[test]
    fn proxies_are_tried_in_turn_as_the_go_command_does() {
        let is = |list: &str, all: &[&str], said: &str| {
            let (asked, found) = asked(list);
            assert_eq!(asked, all, "{list}");
            assert_eq!(found, said, "{list}");
        };
        is("https://none,https://ok", &["none", "ok"], "ok");
        is("https://bad,https://ok", &["bad"], "error bad");
        is("https://bad|https://ok/", &["bad", "ok"], "ok");
        is("https://none,direct,https://ok", &["none"], "nobody");
        is("https://bad|off", &["bad"], "nobody");
        is("https://bad|https://none", &["bad", "none"], "error bad");
        is("off", &[], "nobody");
    }
}
