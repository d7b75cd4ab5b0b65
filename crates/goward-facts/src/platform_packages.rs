//! The packages on the platforms that are released besides this machine's.

use crate::build_lists::{Gap, known};
use crate::go_packages::{options, vendored};
use crate::package_faults::{Fault, faults, not_downloaded};
use crate::sum_faults::sum_faults;
use crate::{BuildLists, Fact, GoEnv, GoModFile, ProbeError, VendorList, World};
use buildlist::Mode;
use goheader::Tags;
use gopackages::Options;
use goward_model::Text;
use std::collections::BTreeSet;

/// Imports for which a platform leaves no file.
#[derive(Clone, Debug, Default)]
pub struct PlatformPackages {
    /// The platforms that were looked at; empty where policy names none.
    pub platforms: Vec<String>,
    /// Why nothing is known, if so.
    pub unknown: Option<Gap>,
    /// What stops a build there, with its platform; also what does so on this machine.
    pub faults: Vec<(String, Fault)>,
    /// What is said of the modules that are not downloaded, so that nobody knows what they import.
    pub absent: BTreeSet<String>,
}

impl Fact for PlatformPackages {
    const NAME: &'static str = "packages on other platforms";
    const SLOW: bool = true;

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        let platforms = world.settings.metadata.platforms.clone();
        if platforms.is_empty() {
            return Ok(Self::default());
        }
        let module = world.fact::<GoModFile>()?;
        let lists = world.fact::<BuildLists>()?;
        let env = world.fact::<GoEnv>()?;
        let vendor = world.fact::<VendorList>()?;
        let unknown = |why: Gap| Self { unknown: Some(why), ..Self::default() };
        if module.valid().is_none() || env.get("GOMODCACHE").is_empty() {
            return Ok(unknown(Gap::no_module()));
        }
        let here = options(world, &env)?;
        let by_vendor = vendored(&env, &vendor, &here);
        let list = match known(by_vendor.as_ref(), &lists.build) {
            Ok(list) => list,
            Err(why) => return Ok(unknown(why)),
        };
        let has_std = here.goroot.join("src").is_dir();
        let (mut found, mut absent) = (vec![], BTreeSet::new());
        for platform in &platforms {
            world.system.check_time()?;
            let Some((goos, goarch)) = platform.split_once('/') else { continue };
            let same = here.tags.goos == goos && here.tags.goarch == goarch;
            let tags = Tags {
                goos: goos.to_owned(),
                goarch: goarch.to_owned(),
                cgo: same && here.tags.cgo,
                ..here.tags.clone()
            };
            let options = Options { tags, ..here.clone() };
            let mut packages = gopackages::load(list, &["./..."], &options)
                .map_err(|err| ProbeError::Unusable(Text::same(err.to_string())))?;
            if !matches!(env.mode(), Ok(Some(Mode::Mod))) {
                packages.hold_against_sums(list, &buildlist::Options::default(), &options);
            }
            absent.extend(not_downloaded(&packages));
            let all = faults(&packages, &options, has_std).into_iter();
            let all = all.chain(sum_faults(&packages, list, &options));
            found.extend(all.map(|fault| (platform.clone(), fault)));
        }
        Ok(Self { platforms, unknown: None, faults: found, absent })
    }
}
