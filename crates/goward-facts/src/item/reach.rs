//! `tcp` and `http`: whether somebody is there.

use super::{Answer, Evidence, refused};
use crate::ProbeError;
use goward_system::System;
use std::time::Duration;

pub(super) fn tcp(
    address: &str,
    system: &dyn System,
    limit: Duration,
) -> Result<Evidence, ProbeError> {
    match system.connect(address, limit) {
        Ok(_) => Ok(Evidence::Answer(Answer::default())),
        Err(err) => refused(err),
    }
}

pub(super) fn http(
    url: &str,
    system: &dyn System,
    limit: Duration,
) -> Result<Evidence, ProbeError> {
    match system.http_get(url, limit) {
        Ok(answer) => Ok(Evidence::Answer(Answer {
            status: Some(answer.status.into()),
            text: answer.body,
            ..Answer::default()
        })),
        Err(err) => refused(err),
    }
}
