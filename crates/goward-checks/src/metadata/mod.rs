//! Whether the modules fit together.

pub(crate) mod major_mixed;
mod mixed;
pub(crate) mod module_path_case;
pub(crate) mod module_path_repository;
