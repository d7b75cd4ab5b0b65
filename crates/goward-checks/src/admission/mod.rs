//! Whether the release's preconditions are met.

pub(crate) mod audit_switch;
pub(crate) mod audit_switch_live;
mod placeholder;
pub(crate) mod placeholder_left;
pub(crate) mod placeholder_lower_case;
pub(crate) mod placeholder_unknown;
mod tls;
pub(crate) mod tls_chain_invalid;
pub(crate) mod tls_chain_order;
pub(crate) mod tls_expired;
pub(crate) mod tls_expires_soon;
pub(crate) mod tls_file;
pub(crate) mod tls_key_inline;
pub(crate) mod tls_key_mismatch;
pub(crate) mod tls_key_perm;
pub(crate) mod tls_name_mismatch;
pub(crate) mod tls_no_san;
pub(crate) mod tls_parse;
pub(crate) mod tls_path_absolute;
pub(crate) mod tls_path_extension;
pub(crate) mod tls_path_volatile;
mod tls_paths;
pub(crate) mod tls_usage;
pub(crate) mod tls_weak_key;
pub(crate) mod tls_weak_sig;
