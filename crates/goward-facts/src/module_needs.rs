//! What the packages of the module need of its requirements, whatever they are built for: what `go mod tidy` looks at.

use crate::build_lists::{Gap, known};
use crate::go_packages::{options, vendored};
use crate::package_faults::near;
use crate::{BuildLists, Fact, GoEnv, GoModFile, Place, ProbeError, VendorList, World};
use goward_model::Text;
use std::collections::{BTreeMap, BTreeSet};

/// The modules that are needed, and the imports that nothing offers.
#[derive(Clone, Debug, Default)]
pub struct ModuleNeeds {
    /// Why it is not known, if it is not.
    pub unknown: Option<Gap>,
    /// The modules that offer what is imported, by path; without the module itself.
    pub modules: BTreeMap<String, Needed>,
    /// The import paths that no module of the build list offers.
    pub missing: BTreeMap<String, Needed>,
    /// Modules that tests of other modules' packages reach; `None` where that is not known.
    pub for_tests_of_others: Option<BTreeSet<String>>,
}

/// Who needs it.
#[derive(Clone, Debug)]
pub struct Needed {
    /// Whether a package or test of the module itself imports it.
    pub direct: bool,
    /// The package that imports it; empty for a tool.
    pub importer: String,
    /// The import path.
    pub import: String,
    /// Where.
    pub place: Option<Place>,
}

impl Fact for ModuleNeeds {
    const NAME: &'static str = "what the packages need";
    const SLOW: bool = true;

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        let module = world.fact::<GoModFile>()?;
        let lists = world.fact::<BuildLists>()?;
        let env = world.fact::<GoEnv>()?;
        let vendor = world.fact::<VendorList>()?;
        let unknown = |why: Gap| Self { unknown: Some(why), ..Self::default() };
        if module.valid().is_none() || env.get("GOMODCACHE").is_empty() {
            return Ok(unknown(Gap::no_module()));
        }
        let options = options(world, &env)?;
        if options.cwd.starts_with(options.goroot.join("src")) {
            return Ok(unknown(Gap::Nothing(Text::new(
                "the toolchain's own modules import from their vendor folders by other paths",
                "工具链自身的模块以其他路径从其 vendor 目录导入",
            ))));
        }
        let is_alone = matches!(env.get("GOWORK"), "" | "off");
        let by_vendor = is_alone.then(|| vendored(&env, &vendor, &options)).flatten();
        let list = match known(by_vendor.as_ref(), &lists.alone) {
            Ok(list) => list,
            Err(why) => return Ok(unknown(why)),
        };
        world.system.check_time()?;
        let needs = gopackages::needs(list, &options)
            .map_err(|err| ProbeError::Unusable(Text::same(err.to_string())))?;
        world.system.check_time()?;
        if needs.is_partial {
            return Ok(unknown(Gap::Unknown(Text::new(
                "the module cache does not have all modules that builds for other platforms and their tests may need (run `go mod download`)",
                "模块缓存中缺少其他平台的构建及测试可能需要的模块（请运行 `go mod download`）",
            ))));
        }
        let needed = |need: &gopackages::Need| Needed {
            direct: need.direct,
            importer: need.importer.to_string(),
            import: need.import.to_string(),
            place: need.place.as_ref().map(|(file, at)| Place {
                file: near(file, &options),
                line: at.line,
                column: at.column,
            }),
        };
        let modules = needs.modules.iter().filter_map(|(index, need)| {
            let module = list.modules().get(*index).filter(|module| !module.is_main())?;
            Some((module.path.clone(), needed(need)))
        });
        let missing = needs.missing.iter().map(|(path, need)| (path.clone(), needed(need)));
        Ok(Self {
            unknown: None,
            modules: modules.collect(),
            missing: missing.collect(),
            for_tests_of_others: needs.for_tests_of_others.map(|all| {
                let modules = all.iter().filter_map(|index| list.modules().get(*index));
                modules.map(|module| module.path.clone()).collect()
            }),
        })
    }
}
