//! `file`: whether it exists, what it holds, who may read it.

use super::{Answer, Evidence};
use crate::ProbeError;
use goward_system::{FileKind, System, SystemError};

/// A larger file is not looked into.
const LIMIT: u64 = 1 << 20;

pub(super) fn probe(path: &str, system: &dyn System) -> Result<Evidence, ProbeError> {
    let stat = match system.stat(path) {
        Ok(stat) => stat,
        Err(SystemError::NotFound(_)) => return Ok(Evidence::Answer(Answer::default())),
        Err(err) => return Err(err.into()),
    };
    let text = match stat.kind {
        FileKind::File if stat.size <= LIMIT => {
            String::from_utf8_lossy(&system.read(path, LIMIT)?).into_owned()
        }
        _ => String::new(),
    };
    let left_out = if text.is_empty() { stat.size } else { 0 };
    Ok(Evidence::Answer(Answer {
        text,
        left_out,
        mode: Some(stat.mode & 0o777),
        exists: true,
        ..Answer::default()
    }))
}
