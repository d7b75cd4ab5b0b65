//! The packages of the module and all that they import, with their tests: without `go list`.

use crate::build_lists::Listed;
use crate::{BuildLists, Fact, GoEnv, GoModFile, ProbeError, VendorList, World};
use gomod::ModuleVersion;
use gopackages::{ErrorKind, Options, Tags};
use goward_model::Text;
use std::collections::BTreeSet;

/// Modules in which the build and its tests look for packages, by the module cache.
#[derive(Clone, Debug, Default)]
pub struct GoPackages {
    /// Whether the packages are known at all: not beside a vendor folder, where Go reads no module.
    pub known: bool,
    /// The modules, replacements applied: Go refuses the build where go.sum does not have each.
    pub searched: BTreeSet<ModuleVersion>,
    /// The modules that are not downloaded, so that nobody knows what they import.
    pub absent: BTreeSet<String>,
    /// Whether Go reads the whole requirement graph for the build.
    pub needs_graph: bool,
    /// How many packages were looked at.
    pub count: usize,
    /// `linux/amd64`
    pub platform: String,
}

impl Fact for GoPackages {
    const NAME: &'static str = "Go packages";
    const SLOW: bool = true;

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        let module = world.fact::<GoModFile>()?;
        let lists = world.fact::<BuildLists>()?;
        let env = world.fact::<GoEnv>()?;
        let vendor = world.fact::<VendorList>()?;
        let (Some(_), Listed::List(list), None) = (module.valid(), &lists.build, &vendor.text)
        else {
            return Ok(Self::default());
        };
        let absolute = |path: &str| {
            let path = std::path::absolute(world.system.on_disk(path)?);
            path.map_err(|err| ProbeError::Unusable(Text::same(err.to_string())))
        };
        let options = Options {
            goroot: absolute(env.get("GOROOT"))?,
            gomodcache: absolute(env.get("GOMODCACHE"))?,
            cwd: absolute(".")?,
            tags: tags(&env),
            tests: true,
            threads: 0,
        };
        world.system.check_time()?;
        let packages = gopackages::load(list, &["./..."], &options)
            .map_err(|err| ProbeError::Unusable(Text::same(err.to_string())))?;
        world.system.check_time()?;
        let errors = packages.iter().filter_map(|(_, package)| package.error.as_ref());
        let absent = errors.filter(|error| error.kind == ErrorKind::NotDownloaded);
        let absent = absent.map(|error| error.message.clone()).collect();
        Ok(Self {
            known: true,
            searched: packages.searched().clone(),
            absent,
            needs_graph: packages.needs_graph(),
            count: packages.iter().count(),
            platform: format!("{}/{}", options.tags.goos, options.tags.goarch),
        })
    }
}

/// The tags of the build on this machine. Those of experiments matter in the standard library only.
fn tags(env: &GoEnv) -> Tags {
    let version = env.get("GOVERSION").strip_prefix("go1.").unwrap_or("26");
    let minor: u32 =
        version.split(['.', 'r', 'b', '-', ' ']).next().unwrap_or("").parse().unwrap_or(26);
    let build_tags = env
        .get("GOFLAGS")
        .split_whitespace()
        .filter_map(|flag| flag.strip_prefix("-tags=").or_else(|| flag.strip_prefix("--tags=")));
    Tags {
        goos: env.get("GOOS").to_owned(),
        goarch: env.get("GOARCH").to_owned(),
        cgo: env.get("CGO_ENABLED") == "1",
        compiler: "gc".to_owned(),
        build_tags: build_tags.flat_map(|tags| tags.split(',')).map(str::to_owned).collect(),
        tool_tags: BTreeSet::new(),
        release_tags: (1..=minor).map(|minor| format!("go1.{minor}")).collect(),
    }
}
