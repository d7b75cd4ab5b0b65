//! Puts the layers together.

use crate::layers::{LayerValues, Placed, Places, flatten, insert, of_file, of_pairs};
use crate::{ConfigError, Layer, Origin, PlacedWaiver, PolicyFile, Waiver, validate};
use goward_checks::custom::Declared;
use goward_facts::item::{CustomCheck, ItemKind};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use toml::{Table, Value};

/// A policy file as it was read.
#[derive(Clone, Debug)]
pub struct PolicyText {
    /// Its path, as messages name it.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Everything a policy is made of.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The organisation's file.
    pub organisation: Option<PolicyText>,
    /// The repository's file.
    pub repository: Option<PolicyText>,
    /// The environment; only `GOWARD_A__B` is looked at.
    pub environment: Vec<(String, String)>,
    /// Flags: what the user typed, the key it sets, the value.
    pub flags: Vec<(String, String, String)>,
}

/// One key for `goward config explain`.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The dotted key.
    pub key: String,
    /// The value that holds, as TOML.
    pub value: String,
    /// Who set it.
    pub origin: Origin,
    /// Who set it below, lowest first, and to what.
    pub overridden: Vec<(Origin, String)>,
    /// Who locked it.
    pub locked: Option<Origin>,
}

/// A custom check, ready to be planned.
#[derive(Clone, Debug)]
pub struct PlacedCustom {
    /// What it says.
    pub spec: CustomCheck,
    /// What it does.
    pub kind: ItemKind,
    /// Where it was written.
    pub declared: Declared,
}

/// A policy: what all layers say together.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The merged values; `custom` and `waiver` are below.
    pub file: PolicyFile,
    /// Custom checks, in the order of their declaration.
    pub custom: Vec<PlacedCustom>,
    /// Waivers, in the order of their declaration.
    pub waivers: Vec<PlacedWaiver>,
    /// Every key with its origin.
    pub explained: Vec<Explained>,
    /// The texts of the policy files, for quoting.
    pub texts: HashMap<String, Arc<str>>,
    /// The files that took part, lowest first.
    pub files: Vec<String>,
}

impl Policy {
    /// Who set `key`; the default where nobody did.
    pub fn origin(&self, key: &str) -> Origin {
        let found = self.explained.iter().find(|explained| explained.key == key);
        found.map(|explained| explained.origin.clone()).unwrap_or_default()
    }

    /// The lock that covers `key`, and who locked it.
    pub fn lock_of(&self, key: &str) -> Option<(&str, Origin)> {
        let lock = self.file.locked.iter().find(|lock| covers(lock, key))?;
        Some((lock, self.origin("locked")))
    }

    /// The text of a policy file, for quoting; empty where there is none.
    pub fn text(&self, path: &str) -> Arc<str> {
        self.texts.get(path).cloned().unwrap_or_else(|| "".into())
    }
}

/// Puts the layers together, or says everything that is wrong with them.
pub fn load(sources: &Sources) -> Result<Policy, Vec<ConfigError>> {
    let mut errors = vec![];
    let mut policy = Policy::default();
    let mut layers = vec![];
    let files =
        [(Layer::Organisation, &sources.organisation), (Layer::Repository, &sources.repository)];
    for (layer, file) in files {
        let Some(PolicyText { path, text }) = file else { continue };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        policy.texts.insert(path.clone(), text.into());
        policy.files.push(path.clone());
        match check_file(layer, path, text).and_then(|()| of_file(layer, path, text)) {
            Ok(values) => layers.push(values),
            Err(error) => errors.push(error),
        }
    }
    layers.push(of_pairs(Layer::Environment, environment(&sources.environment)));
    layers.push(of_pairs(Layer::Flag, sources.flags.iter().cloned()));
    errors.extend(locks_broken(&layers));

    policy.explained = explain(&layers);
    match merge(&layers) {
        Ok(file) => policy.file = file,
        Err(error) if errors.is_empty() => errors.push(error),
        Err(_) => {}
    }
    for layer in layers {
        take_lists(layer, &mut policy, &mut errors);
    }
    errors.extend(validate::all(&policy));
    if errors.is_empty() { Ok(policy) } else { Err(errors) }
}

/// `GOWARD_TLS__MIN_DAYS` → `tls.min_days`; in a check's id `_` stands for `-`.
fn environment(all: &[(String, String)]) -> Vec<(String, String, String)> {
    let key = |name: &str| {
        let path = name.strip_prefix("GOWARD_").filter(|path| path.contains("__"))?;
        let mut segments: Vec<String> =
            path.to_lowercase().split("__").map(str::to_owned).collect();
        match segments.as_mut_slice() {
            [section, id, ..] if section == "checks" => *id = id.replace('_', "-"),
            [section, key, id] if section == "diff" && key == "regrade" => {
                *id = id.replace('_', "-");
            }
            _ => {}
        }
        Some(segments.join("."))
    };
    let named = |(name, value): &(String, String)| Some((name.clone(), key(name)?, value.clone()));
    let mut pairs: Vec<_> = all.iter().filter_map(named).collect();
    pairs.sort();
    pairs
}

/// Whether a text is a policy file at all: this error knows the line.
fn check_file(layer: Layer, path: &str, text: &str) -> Result<(), ConfigError> {
    let err = match toml::from_str::<PolicyFile>(text) {
        Ok(_) => return Ok(()),
        Err(err) => err,
    };
    let offset = err.span().map_or(0, |span| span.start);
    let origin = Origin { layer, source: path.into(), place: Some(Places::new(text).at(offset)) };
    Err(explain_serde(&origin, err.message()))
}

/// serde's "unknown field `x`, expected one of `a`, `b`" with the nearest name in front.
fn explain_serde(origin: &Origin, message: &str) -> ConfigError {
    let first_line = message.lines().next().unwrap_or_default();
    let mut quoted = first_line.split('`').skip(1).step_by(2);
    match (first_line.starts_with("unknown field"), quoted.next()) {
        (true, Some(given)) => {
            let error = ConfigError::at(origin, format!("unknown key `{given}`"));
            let names: Vec<&str> = quoted.collect();
            let known = names.join(", ");
            match crate::error::nearest(given, names) {
                Some(name) => error.help(format!("did you mean `{name}`?")),
                None => error.help(format!("the keys here are {known}")),
            }
        }
        _ => {
            // Rust's words for numbers are not the user's.
            let plain = ["u64", "u32", "usize"].iter().fold(first_line.to_owned(), |line, name| {
                line.replace(&format!("expected {name}"), "expected a whole number from 0 on")
            });
            let error =
                ConfigError::at(origin, plain.replace("a sequence", "a list, such as [\"P1\"]"));
            match quoted.next().filter(|_| first_line.starts_with("missing field")) {
                Some(field) => error.help(format!("add `{field} = …`")),
                None => error,
            }
        }
    }
}

fn merge(layers: &[LayerValues]) -> Result<PolicyFile, ConfigError> {
    let mut table = Table::new();
    for layer in layers {
        for (key, placed) in &layer.values {
            // A pair of the environment or the command line was never checked on its own.
            if placed.origin.place.is_none() {
                let mut alone = Table::new();
                insert(&mut alone, key, placed.value.clone());
                read::<PolicyFile>(Value::Table(alone), &placed.origin)?;
            }
            insert(&mut table, key, placed.value.clone());
        }
    }
    read(Value::Table(table), &Origin::default())
}

fn read<T: DeserializeOwned>(value: Value, origin: &Origin) -> Result<T, ConfigError> {
    T::deserialize(value).map_err(|err| explain_serde(origin, err.message()))
}

/// A key that is set although a layer below locked it.
fn locks_broken(layers: &[LayerValues]) -> Vec<ConfigError> {
    let mut errors = vec![];
    let mut locks: Vec<(String, Origin)> = vec![];
    for layer in layers {
        let items = layer.custom.iter().map(|placed| ("custom".to_owned(), placed));
        let waivers = layer.waivers.iter().flat_map(|placed| {
            let check = placed.value.get("check").and_then(Value::as_str).unwrap_or_default();
            [("waiver".to_owned(), placed), (format!("checks.{check}.waiver"), placed)]
        });
        let plain = layer.values.iter().map(|(key, placed)| (key.clone(), placed));
        for (key, placed) in plain.chain(items).chain(waivers) {
            if let Some((lock, by)) = locks.iter().find(|(lock, _)| covers(lock, &key)) {
                errors.push(
                    ConfigError::at(&placed.origin, format!("`{key}` is locked by {by}")).help(
                        format!("remove it, or ask the owner of {} to unlock `{lock}`", by.source),
                    ),
                );
            }
        }
        if let Some(placed) = layer.values.get("locked") {
            let keys = placed.value.as_array().into_iter().flatten().filter_map(Value::as_str);
            locks.extend(keys.map(|key| (key.to_owned(), placed.origin.clone())));
        }
    }
    errors
}

/// Whether a locked key covers another; `locked` itself only grows.
fn covers(lock: &str, key: &str) -> bool {
    key.strip_prefix(lock).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn explain(layers: &[LayerValues]) -> Vec<Explained> {
    let mut all: BTreeMap<String, Vec<(Origin, String)>> = BTreeMap::new();
    let mut defaults = BTreeMap::new();
    if let Ok(Value::Table(table)) = Value::try_from(PolicyFile::default()) {
        flatten("", &table, &mut defaults);
    }
    for (key, value) in
        defaults.into_iter().filter(|(key, _)| !matches!(key.as_str(), "custom" | "waiver"))
    {
        all.entry(key).or_default().push((Origin::default(), value.to_string()));
    }
    let mut locks = vec![];
    for layer in layers {
        for (key, Placed { value, origin }) in &layer.values {
            all.entry(key.clone()).or_default().push((origin.clone(), value.to_string()));
            if key == "locked" {
                let keys = value.as_array().into_iter().flatten().filter_map(Value::as_str);
                locks.extend(keys.map(|key| (key.to_owned(), origin.clone())));
            }
        }
    }
    all.into_iter()
        .filter_map(|(key, mut settings)| {
            let (origin, value) = settings.pop()?;
            let locked = locks.iter().find(|(lock, _)| covers(lock, &key));
            let locked = locked.map(|(_, by)| by.clone());
            Some(Explained { key, value, origin, overridden: settings, locked })
        })
        .collect()
}

/// Adds a layer's custom checks and waivers.
fn take_lists(layer: LayerValues, policy: &mut Policy, errors: &mut Vec<ConfigError>) {
    for Placed { value, origin } in layer.custom {
        let declared =
            Declared { location: origin.location(), source: policy.text(&origin.source) };
        let taken = read::<CustomCheck>(value, &origin).and_then(|spec| {
            let kind = spec.kind().map_err(|err| ConfigError::at(&origin, err.to_string()))?;
            Ok(PlacedCustom { spec, kind, declared })
        });
        match taken {
            Ok(custom) => policy.custom.push(custom),
            Err(error) => errors.push(error),
        }
    }
    for Placed { value, origin } in layer.waivers {
        match read::<Waiver>(value, &origin) {
            Ok(waiver) => policy.waivers.push(PlacedWaiver { waiver, origin }),
            Err(error) => errors.push(error),
        }
    }
}
