//! Policy: default < organisation < repository < environment < flags; every value knows its
//! origin; a layer may lock keys against those above it.
//!
//! [`load`] is pure: it is given texts and gives a [`Policy`] or every error it found.

mod error;
mod layers;
mod load;
mod matrix;
mod policy;
mod template;
mod validate;
mod waiver;

pub use error::{ConfigError, nearest};
pub use layers::{Layer, Origin};
pub use load::{Explained, PlacedCustom, Policy, PolicyText, Sources, load};
pub use matrix::{CgoCells, MatrixSettings, size};
pub use policy::{
    CheckPolicy, DiffSettings, FailOn, GateSettings, HistorySettings, HookSettings,
    InspectSettings, OnIgnored, OnInconclusive, OnSlow, PolicyFile, Profile, Record, RiskLevel,
    RunSettings, Waiver, schema,
};
pub use template::TEMPLATE;
pub use waiver::{NOTICE_DAYS, PlacedWaiver, Standing, today};
