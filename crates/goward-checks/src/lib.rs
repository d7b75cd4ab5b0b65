//! What we judge. One file per check; this file is the catalogue.

mod admission;
mod check;
mod container;
pub mod custom;
mod environment;
mod integrity;
mod metadata;
mod page;
mod policy;

pub use check::{Check, Group, Judge, Words};
pub use page::{list, page};

/// Every check, ordered by group, then identifier. The order is the order of reports.
pub static CATALOGUE: &[&Check] = &[
    &environment::goflags_mod_mod::CHECK,
    &environment::goflags_modcacherw::CHECK,
    &environment::goinsecure::CHECK,
    &environment::goprivate_wide::CHECK,
    &environment::goproxy_direct::CHECK,
    &environment::goproxy_pipe::CHECK,
    &environment::gosumdb_off::CHECK,
    &environment::gosumdb_private::CHECK,
    &environment::toolchain_pinned::CHECK,
    &environment::toolchain_too_old::CHECK,
    &integrity::build_list::CHECK,
    &integrity::go_mod_valid::CHECK,
    &integrity::go_sum_complete::CHECK,
    &integrity::go_sum_contradictory::CHECK,
    &integrity::go_sum_database::CHECK,
    &integrity::go_sum_direct::CHECK,
    &integrity::go_sum_stale::CHECK,
    &integrity::go_sum_valid::CHECK,
    &integrity::go_work_valid::CHECK,
    &integrity::module_cache_modified::CHECK,
    &integrity::module_look_alike::CHECK,
    &integrity::module_new::CHECK,
    &integrity::replace_fork::CHECK,
    &integrity::replace_local::CHECK,
    &integrity::replace_outside::CHECK,
    &integrity::require_deprecated::CHECK,
    &integrity::require_incompatible::CHECK,
    &integrity::require_retracted::CHECK,
    &integrity::require_untagged::CHECK,
    &integrity::vendor_modified::CHECK,
    &integrity::vendor_modules_txt::CHECK,
    &integrity::vendor_uncommitted::CHECK,
    &metadata::embed_missing::CHECK,
    &metadata::import_ambiguous::CHECK,
    &metadata::import_cycle::CHECK,
    &metadata::import_missing::CHECK,
    &metadata::import_program::CHECK,
    &metadata::internal_import::CHECK,
    &metadata::major_mixed::CHECK,
    &metadata::module_path_case::CHECK,
    &metadata::module_path_repository::CHECK,
    &metadata::package_excluded::CHECK,
    &metadata::package_invalid::CHECK,
    &metadata::package_name::CHECK,
    &metadata::package_unreached::CHECK,
    &metadata::path_case::CHECK,
    &metadata::platform_excluded::CHECK,
    &metadata::requirement_indirect::CHECK,
    &metadata::requirement_missing::CHECK,
    &metadata::requirement_unused::CHECK,
    &container::add_unverified::CHECK,
    &container::base_image_unpinned::CHECK,
    &container::context_history::CHECK,
    &container::context_link::CHECK,
    &container::context_secret::CHECK,
    &container::context_waste::CHECK,
    &container::copy_excluded::CHECK,
    &container::copy_missing::CHECK,
    &container::dockerfile_valid::CHECK,
    &container::dockerignore_missing::CHECK,
    &container::dockerignore_valid::CHECK,
    &container::go_sum_not_copied::CHECK,
    &container::image_secret::CHECK,
    &admission::audit_switch::CHECK,
    &admission::audit_switch_live::CHECK,
    &admission::placeholder_left::CHECK,
    &admission::placeholder_lower_case::CHECK,
    &admission::placeholder_unknown::CHECK,
    &admission::tls_chain_invalid::CHECK,
    &admission::tls_chain_order::CHECK,
    &admission::tls_expired::CHECK,
    &admission::tls_expires_soon::CHECK,
    &admission::tls_file::CHECK,
    &admission::tls_key_inline::CHECK,
    &admission::tls_key_mismatch::CHECK,
    &admission::tls_key_perm::CHECK,
    &admission::tls_name_mismatch::CHECK,
    &admission::tls_no_san::CHECK,
    &admission::tls_parse::CHECK,
    &admission::tls_path_absolute::CHECK,
    &admission::tls_path_extension::CHECK,
    &admission::tls_path_volatile::CHECK,
    &admission::tls_usage::CHECK,
    &admission::tls_weak_key::CHECK,
    &admission::tls_weak_sig::CHECK,
    &policy::waiver_expired::CHECK,
    &policy::waiver_expiring::CHECK,
    &policy::waiver_unmatched::CHECK,
];

/// Finds a check by its identifier.
pub fn find(id: &str) -> Option<&'static Check> {
    CATALOGUE.iter().find(|check| check.id == id).copied()
}

/// Enough of a line to know it by.
pub(crate) fn shortened(line: &str) -> String {
    match line.char_indices().nth(100) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line.to_owned(),
    }
}
