//! Where configuration says the TLS files are.

use crate::scan::scan;
use crate::settings::TlsSettings;
use crate::{Fact, ProbeError, SourceTree, World};
use conftree::{Format, Node, Value};
use goward_model::{Location, Text};
use goward_system::Excludes;
use std::sync::Arc;

/// A larger configuration file is not read.
const LIMIT: u64 = 4 << 20;

/// What a path is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TlsRole {
    /// The certificate.
    Cert,
    /// The private key.
    Key,
    /// The CA bundle.
    Ca,
}

/// A configured path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsPath {
    /// What it is for.
    pub role: TlsRole,
    /// The key as the file has it: `server.tls.cert`.
    pub key: String,
    /// The value.
    pub value: String,
    /// Where the value is.
    pub location: Location,
    /// The file's text, for quoting.
    pub source: Arc<str>,
    /// The place the key has in common with its siblings: paths of one group belong together.
    pub group: String,
}

/// The configured paths of the target.
#[derive(Clone, Debug, Default)]
pub struct TlsPaths {
    /// In the order of the files and lines.
    pub paths: Vec<TlsPath>,
    /// Files that name such a key and cannot be read.
    pub unreadable: Vec<Text>,
}

impl TlsPath {
    /// Whether the value is a key or certificate itself: PEM, PEM in base64 as in a Secret's `data`,
    /// or DER in base64. It is no path, and no report may repeat it.
    pub fn is_material(&self) -> bool {
        let value = self.value.trim_start();
        let base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=\r\n".contains(&byte);
        // "-----BEGIN", once more encoded; a SEQUENCE of DER, which begins with 0x30.
        value.contains("-----BEGIN")
            || value.starts_with("LS0tLS1CRUdJTi")
            || (value.len() >= 60 && value.starts_with('M') && value.bytes().all(base64))
    }
}

impl Fact for TlsPaths {
    const NAME: &'static str = "configured TLS paths";

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        let settings = &world.settings.tls;
        let tree = world.fact::<SourceTree>()?;
        let chosen = Excludes::new(&settings.files)?;
        let excluded = Excludes::new(&settings.exclude)?;
        let wanted = |path: &str| {
            let named =
                if chosen.is_empty() { !excluded.matches(path) } else { chosen.matches(path) };
            named && Format::of_path(path).is_some()
        };
        let keys = Keys::of(settings);
        let paths = tree.paths(wanted);
        let scanned = scan(world, &paths, LIMIT, |path, bytes| keys.look(path, bytes))?;
        let mut facts = Self::default();
        for found in scanned.results {
            match found {
                Ok(mut paths) => facts.paths.append(&mut paths),
                Err(why) => facts.unreadable.push(why),
            }
        }
        // Where policy names files, each of them counts; elsewhere a huge JSON is no configuration.
        let matters = |path: &str| !chosen.is_empty() || leftover::FileKind::is_configuration(path);
        let unreadable = scanned.unreadable.into_iter().filter(|(path, _)| matters(path));
        let errors = unreadable.chain(tree.unreadable()).map(|(_, err)| err);
        facts.unreadable.extend(errors.map(|err| Text::new(err.to_string(), err.zh())));
        // Policy that names no file checks nothing, and must not look as if it did.
        for pattern in &settings.files {
            let one = Excludes::new([pattern])?;
            if !paths.iter().any(|path| one.matches(path)) {
                facts.unreadable.push(Text::new(
                    format!("`tls.files` names {pattern:?}, which matches no configuration file"),
                    format!("`tls.files` 中的 {pattern:?} 没有匹配任何配置文件"),
                ));
            }
        }
        Ok(facts)
    }
}

/// The keys that are looked for.
struct Keys {
    /// Dotted key and role.
    keys: Vec<(String, TlsRole)>,
    /// What a file must hold to be parsed at all.
    needles: Vec<String>,
    /// Whether policy names the files.
    named: bool,
}

impl Keys {
    fn of(settings: &TlsSettings) -> Self {
        let lists = [
            (&settings.cert_keys, TlsRole::Cert),
            (&settings.key_keys, TlsRole::Key),
            (&settings.ca_keys, TlsRole::Ca),
        ];
        let keys: Vec<(String, TlsRole)> = lists
            .into_iter()
            .flat_map(|(list, role)| list.iter().map(move |key| (key.clone(), role)))
            .collect();
        let last = |key: &str| key.rsplit('.').next().unwrap_or(key).to_owned();
        let mut needles: Vec<String> = keys.iter().map(|(key, _)| last(key)).collect();
        needles.extend(keys.iter().map(|(key, _)| variable(&last(key))));
        needles.sort();
        needles.dedup();
        Self { keys, needles, named: !settings.files.is_empty() }
    }

    /// The configured paths of a file; `None` where there are none.
    fn look(&self, path: &str, bytes: &[u8]) -> Option<Result<Vec<TlsPath>, Text>> {
        if !self.may_be_in(bytes) {
            return None;
        }
        // A stray byte in a comment must not hide the rest.
        let text = &*String::from_utf8_lossy(bytes);
        let format = Format::of_path(path)?;
        let (documents, error) = conftree::parse_lenient(text, format);
        let mut search = Search { keys: self, path, text, source: None, found: vec![] };
        for document in &documents {
            search.walk(document, &mut vec![], format);
        }
        match error {
            // A template is for its renderer to judge; what it renders is looked at elsewhere.
            Some(_) if is_template(path, text) => None,
            // What nobody named may be no configuration at all: documentation, a test's bad input.
            Some(err) if self.named => Some(Err(unparsable(path, &err))),
            // Nobody named it, but it says that it configures TLS.
            Some(err) if self.begins_a_map(text) => Some(Err(unparsable(path, &err))),
            _ => (!search.found.is_empty()).then_some(Ok(search.found)),
        }
    }

    /// Whether a line begins the map that such a key stands in: `tls:` or `[tls]` for `tls.cert`.
    fn begins_a_map(&self, text: &str) -> bool {
        let parents: Vec<&str> =
            self.keys.iter().filter_map(|(key, _)| Some(key.rsplit_once('.')?.0)).collect();
        text.lines().any(|line| {
            let line = line.trim().trim_end_matches(['{', ' ']);
            let name = line.strip_suffix(':').map(|name| name.trim_matches('"'));
            let name = name.or_else(|| line.strip_prefix('[')?.strip_suffix(']'));
            name.is_some_and(|name| parents.contains(&name))
        })
    }

    /// Whether it is worth parsing a text.
    fn may_be_in(&self, bytes: &[u8]) -> bool {
        let holds = |needle: &String| memchr::memmem::find(bytes, needle.as_bytes()).is_some();
        self.needles.iter().any(holds)
    }

    fn role(&self, dotted: &str) -> Option<TlsRole> {
        let ends = |key: &str| {
            dotted.strip_suffix(key).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        self.keys.iter().find(|(key, _)| ends(key)).map(|(_, role)| *role)
    }

    /// `PAYMENTS_TLS_CERT` for `tls.cert`.
    fn role_of_variable(&self, name: &str) -> Option<TlsRole> {
        let ends = |key: &str| {
            let wanted = variable(key);
            name.strip_suffix(&wanted).is_some_and(|rest| rest.is_empty() || rest.ends_with('_'))
        };
        self.keys.iter().find(|(key, _)| ends(key)).map(|(_, role)| *role)
    }
}

fn unparsable(path: &str, err: &conftree::ParseError) -> Text {
    let at = format!("{path}:{}:{}", err.pos.line, err.pos.column);
    Text::new(
        format!("{at}: cannot be parsed: {}", err.message),
        format!("{at}：无法解析：{}", err.message),
    )
}

/// Whether a text that does not parse is one that a renderer makes parse: Helm, Go or Jinja.
/// A placeholder such as `{{NAME}}` inside a value is none: the file must parse around it.
fn is_template(path: &str, text: &str) -> bool {
    let action = |marker: &str| {
        memchr::memmem::find_iter(text.as_bytes(), marker).any(|at| {
            let rest = text.get(at + marker.len()..).unwrap_or_default();
            let rest = rest.trim_start_matches(['-', ' ', '\t']);
            let word = rest.split(|ch: char| !ch.is_alphanumeric()).next().unwrap_or_default();
            let words = [
                "if", "range", "with", "end", "else", "define", "include", "template", "toYaml",
                "for",
            ];
            rest.starts_with(['.', '$']) || words.contains(&word)
        })
    };
    path.contains("/templates/") || action("{{") || action("{%")
}

/// The environment's spelling of a dotted key.
fn variable(key: &str) -> String {
    key.replace(['.', '-'], "_").to_uppercase()
}

/// Walks one file.
struct Search<'a> {
    keys: &'a Keys,
    path: &'a str,
    text: &'a str,
    source: Option<Arc<str>>,
    found: Vec<TlsPath>,
}

impl Search<'_> {
    /// The parser has bounded the depth.
    fn walk(&mut self, node: &Node, dotted: &mut Vec<String>, format: Format) {
        match &node.value {
            Value::Map(entries) => {
                self.kubernetes_variable(node, dotted);
                for entry in entries {
                    let key = entry.key.as_str().unwrap_or_default();
                    dotted.push(key.to_owned());
                    self.entry(key, &entry.value, dotted, format);
                    self.walk(&entry.value, dotted, format);
                    dotted.pop();
                }
            }
            Value::List(items) => items.iter().for_each(|item| self.walk(item, dotted, format)),
            Value::String(text) if text.contains('\n') => self.embedded(node, dotted),
            _ => {}
        }
    }

    fn entry(&mut self, key: &str, value: &Node, dotted: &[String], format: Format) {
        let Some(text) = value.as_str() else { return };
        let whole = dotted.join(".");
        let role = match format {
            Format::Env => self.keys.role_of_variable(key),
            _ => self.keys.role(&whole),
        };
        if let Some(role) = role {
            let group = match format {
                Format::Env => "env".to_owned(),
                _ => whole.rsplit_once('.').map_or("", |(parent, _)| parent).to_owned(),
            };
            self.take(role, whole, text, value, group);
        }
    }

    /// `- name: TLS_CERT` with `value: /path`, as Kubernetes writes variables.
    fn kubernetes_variable(&mut self, node: &Node, dotted: &[String]) {
        let (Some(name), Some(value)) = (node.get("name"), node.get("value")) else { return };
        let (Some(name), Some(text)) = (name.as_str(), value.as_str()) else { return };
        if let Some(role) = self.keys.role_of_variable(name) {
            self.take(role, name.to_owned(), text, value, dotted.join("."));
        }
    }

    /// A ConfigMap's `config.yaml: |`.
    fn embedded(&mut self, node: &Node, dotted: &mut Vec<String>) {
        if !node.as_str().is_some_and(|text| self.keys.may_be_in(text.as_bytes())) {
            return;
        }
        let format = dotted.last().and_then(|key| Format::of_path(key)).unwrap_or(Format::Yaml);
        let Some(Ok(documents)) = node.embedded(self.text, format) else { return };
        for document in documents.iter().filter(|document| document.as_map().is_some()) {
            self.walk(document, dotted, format);
        }
    }

    fn take(&mut self, role: TlsRole, key: String, value: &str, node: &Node, group: String) {
        let (start, end) = (node.span.start, node.span.end);
        let source = self.source.get_or_insert_with(|| self.text.into());
        self.found.push(TlsPath {
            role,
            key,
            value: value.trim().to_owned(),
            location: Location::span(self.path, (start.line, start.column), (end.line, end.column)),
            source: Arc::clone(source),
            group: format!("{}\n{group}", self.path),
        });
    }
}
