//! Whether the modules and packages fit together.

pub(crate) mod embed_missing;
mod fault;
pub(crate) mod import_ambiguous;
pub(crate) mod import_cycle;
pub(crate) mod import_missing;
pub(crate) mod import_program;
pub(crate) mod internal_import;
pub(crate) mod major_mixed;
mod mixed;
pub(crate) mod module_path_case;
pub(crate) mod module_path_repository;
pub(crate) mod package_excluded;
pub(crate) mod package_invalid;
pub(crate) mod package_name;
pub(crate) mod package_unreached;
pub(crate) mod path_case;
pub(crate) mod platform_excluded;
pub(crate) mod requirement_indirect;
pub(crate) mod requirement_missing;
pub(crate) mod requirement_unused;
mod tidy;

pub(crate) use fault::absent;
