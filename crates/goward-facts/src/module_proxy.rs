//! The module proxy, as the go command would ask it.

use crate::{GoEnv, ProbeError, World};
use goward_model::Text;
use goward_system::SystemError;
use std::time::Duration;

/// One request; a proxy may have to fetch the module itself first.
const LIMIT: Duration = Duration::from_secs(20);

/// The proxies of GOPROXY, and the modules that are never asked for there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ModuleProxy {
    urls: Vec<String>,
    /// GONOPROXY: private modules, whose names must not leave the house.
    private: String,
}

impl ModuleProxy {
    /// What `go env` says. `direct` and `off` are no proxies.
    pub(crate) fn of(env: &GoEnv) -> Self {
        let urls = env.get("GOPROXY").split([',', '|']).map(str::trim);
        // Behind `direct` Go asks version control, and behind `off` nobody.
        let urls = urls.take_while(|url| !matches!(*url, "direct" | "off"));
        let urls = urls.filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        let urls = urls.map(|url| url.trim_end_matches('/').to_owned()).collect();
        Self { urls, private: env.get("GONOPROXY").to_owned() }
    }

    /// The proxies, in order.
    pub(crate) fn urls(&self) -> impl Iterator<Item = &str> {
        self.urls.iter().map(String::as_str)
    }

    /// Whether a module is one whose name must not leave the house.
    pub(crate) fn is_private(&self, module: &str) -> bool {
        gomod::module_path::match_prefix_patterns(&self.private, module)
    }

    /// Downloads `suffix` (`/@latest`, `/@v/v1.0.0.zip`) of a module, at most `bytes`.
    pub(crate) fn fetch(
        &self,
        world: &World<'_>,
        module: &str,
        suffix: &str,
        bytes: u64,
    ) -> Result<Vec<u8>, ProbeError> {
        if self.is_private(module) {
            return Err(unusable(
                format!("{module} is private (GONOPROXY): no proxy is asked"),
                format!("{module} 是私有模块（GONOPROXY）：不询问代理"),
            ));
        }
        let escaped = gomod::module_path::escape(module).map_err(|err| {
            let why = err.to_string();
            ProbeError::Unusable(Text::same(why))
        })?;
        let mut last =
            unusable("GOPROXY names no proxy".to_owned(), "GOPROXY 未指定代理".to_owned());
        for url in &self.urls {
            match world.system.download(&format!("{url}/{escaped}{suffix}"), bytes, LIMIT) {
                Ok(body) => return Ok(body),
                Err(err @ SystemError::Cancelled) => return Err(err.into()),
                Err(err) => last = err.into(),
            }
        }
        Err(last)
    }
}

fn unusable(en: String, zh: String) -> ProbeError {
    ProbeError::Unusable(Text::new(en, zh))
}
