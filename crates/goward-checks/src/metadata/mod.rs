//! Whether the modules fit together.

pub(crate) mod module_path_repository;
