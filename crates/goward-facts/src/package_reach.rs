//! Which packages programs and tests reach, whatever they are built for.

use crate::build_lists::{Gap, known};
use crate::go_packages::{options, vendored};
use crate::package_faults::near;
use crate::{BuildLists, Fact, GoEnv, GoModFile, ProbeError, VendorList, World};
use goward_model::Text;

/// What nobody reaches.
#[derive(Clone, Debug, Default)]
pub struct PackageReach {
    /// Why nothing is known, if so.
    pub unknown: Option<Gap>,
    /// Packages that no program and no test of the target (of a workspace: of its modules) reaches, and a file of each.
    pub unreached: Vec<(String, String)>,
}

impl Fact for PackageReach {
    const NAME: &'static str = "what programs and tests reach";
    const SLOW: bool = true;

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        let module = world.fact::<GoModFile>()?;
        let lists = world.fact::<BuildLists>()?;
        let env = world.fact::<GoEnv>()?;
        let vendor = world.fact::<VendorList>()?;
        let unknown = |why: Gap| Self { unknown: Some(why), unreached: vec![] };
        if module.valid().is_none() || env.get("GOMODCACHE").is_empty() {
            return Ok(unknown(Gap::no_module()));
        }
        let options = options(world, &env)?;
        let by_vendor = vendored(&env, &vendor, &options);
        let list = match known(by_vendor.as_ref(), &lists.build) {
            Ok(list) => list,
            Err(why) => return Ok(unknown(why)),
        };
        world.system.check_time()?;
        let found = gopackages::unreached(list, &options)
            .map_err(|err| ProbeError::Unusable(Text::same(err.to_string())))?;
        let Some(found) = found else {
            return Ok(unknown(Gap::Nothing(Text::new(
                "there is no program: all packages are for others",
                "没有程序：所有包都供他人使用",
            ))));
        };
        // The other modules of a workspace are targets of their own.
        let here = found.into_iter().filter(|(_, file)| file.starts_with(&options.cwd));
        let unreached = here.map(|(path, file)| (path.to_string(), near(&file, &options)));
        Ok(Self { unknown: None, unreached: unreached.collect() })
    }
}
