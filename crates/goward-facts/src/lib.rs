//! What we know about a target. One file per fact: its type and its probe.
//!
//! A fact is gathered at most once a run, on a thread of its own, when the first check asks for
//! it. Settings are facts too: what policy says about the target is evidence like any other.

mod bag;
mod build_lists;
mod dockerfiles;
mod error;
mod go_assignments;
mod go_env;
mod go_mod_file;
mod go_packages;
mod go_reach;
mod image_builds;
pub mod item;
mod launch_files;
mod live_process;
mod module_advice;
mod module_cache;
mod module_needs;
mod module_proxy;
mod new_modules;
mod package_reach;
mod placeholder_scan;
mod platform_packages;
mod remotes;
mod repository;
mod scan;
pub mod settings;
mod source_tree;
mod sum_database;
mod tls_material;
mod tls_paths;
mod vendor_changes;
mod vendor_folder;
mod waiver_review;
mod workspace;

pub use bag::{Fact, FactKey, Facts, World};
pub use build_lists::{BuildLists, Listed};
pub use dockerfiles::{DockerfileSource, Dockerfiles};
pub use error::ProbeError;
pub use go_assignments::{AssigningFile, GoAssignments, GoEnvFile};
pub use go_env::GoEnv;
pub use go_mod_file::{GoModFile, GoSumFile, replacement_of};
pub use go_packages::{Fault, GoPackages, Misnamed, Place};
pub use go_reach::Reach;
pub use image_builds::{IgnoreFile, ImageBuild, ImageBuilds, Lack};
pub use launch_files::{LaunchFile, LaunchFiles};
pub use live_process::LiveProcess;
pub use module_advice::{Advice, ModuleAdvice};
pub use module_cache::ModuleCache;
pub use module_needs::{ModuleNeeds, Needed};
pub use new_modules::{NewModule, NewModules};
pub use package_reach::PackageReach;
pub use placeholder_scan::{LeftoverFile, PlaceholderScan};
pub use platform_packages::PlatformPackages;
pub use remotes::Remotes;
pub use repository::Repository;
pub use source_tree::SourceTree;
pub use sum_database::{ProvenLine, SumDatabase};
pub use tls_material::{TlsFile, TlsGroup, TlsMaterial};
pub use tls_paths::{TlsPath, TlsPaths, TlsRole};
pub use vendor_changes::VendorChanges;
pub use vendor_folder::{VendorContent, VendorList};
pub use waiver_review::{ReviewedWaiver, WaiverReview};
pub use workspace::{BrokenSum, CommittedSum, Member, WorkFile, Workspace};
