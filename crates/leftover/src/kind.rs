//! What a file is, by its name and a look at its text: which comments it has, and who else reads
//! double braces in it.

use crate::find::Candidate;
use crate::{Mode, Syntax};
use memchr::memmem;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// Prose.
    Documentation,
    /// The configuration of a developer's tool, with a template language of that tool.
    Tool,
    /// What a browser loads: templates before it is rendered, settings afterwards.
    Web,
    /// A program: double braces are literals and strings of its own.
    Program,
    /// A template of Jinja, Handlebars and their like: every name is theirs.
    OtherTemplate,
    /// A template of Go or Helm, by its name: words in lower case are functions.
    GoTemplate,
    /// A Grafana dashboard: words in lower case are labels.
    Dashboard,
    /// YAML.
    Yaml,
    /// A GitHub workflow.
    Workflow,
    /// JSON.
    Json,
    /// JSON with comments.
    Jsonc,
    /// TOML.
    Toml,
    /// `NAME=value`.
    Env,
    /// Java's properties.
    Properties,
    /// INI.
    Ini,
    /// nginx and its like.
    Conf,
    /// XML and HTML.
    Markup,
    /// Terraform's language.
    Hcl,
    /// SQL.
    Sql,
    /// A shell script.
    Shell,
    /// A Dockerfile.
    Dockerfile,
    /// A Makefile.
    Makefile,
    /// Anything else.
    Plain,
}

const DOCUMENTATION: &[&str] =
    &["md", "markdown", "mdx", "rst", "adoc", "asciidoc", "org", "textile", "1", "pdf"];
const PROGRAM: &[&str] = &[
    "go",
    "c",
    "h",
    "cc",
    "cpp",
    "hpp",
    "java",
    "kt",
    "kts",
    "scala",
    "jsx",
    "ts",
    "tsx",
    "py",
    "rb",
    "rs",
    "php",
    "cs",
    "swift",
    "m",
    "lua",
    "pl",
    "pm",
    "r",
    "dart",
    "ex",
    "exs",
    "erl",
    "hs",
    "proto",
    "graphql",
    "scss",
    "less",
    "vue",
    "svelte",
    "ipynb",
    "patch",
    "diff",
    "snap",
    "golden",
    "tex",
    "bib",
    "lock",
    "sum",
    "map",
    "csv",
    "tsv",
    "bazel",
    "bzl",
    "star",
    "jsonnet",
    "libsonnet",
    "cue",
    "rego",
];
const OTHER_TEMPLATE: &[&str] = &[
    "j2",
    "jinja",
    "jinja2",
    "hbs",
    "handlebars",
    "mustache",
    "liquid",
    "erb",
    "ejs",
    "njk",
    "twig",
    "ftl",
    "vm",
];
const WEB: &[&str] = &["html", "htm", "xhtml", "js", "mjs", "cjs", "css"];
const GO_TEMPLATE: &[&str] = &["tmpl", "tpl", "gotmpl", "gohtml", "gotpl"];

impl FileKind {
    /// Looks at a file.
    pub fn of(path: &str, bytes: &[u8]) -> Self {
        let kind = Self::of_name(path);
        let has = |needle: &str| memmem::find(bytes, needle.as_bytes()).is_some();
        match kind {
            Self::Plain if bytes.starts_with(b"#!") => Self::Shell,
            Self::Json | Self::Yaml
                if has("legendFormat") || (has("\"panels\"") && has("\"schemaVersion\"")) =>
            {
                Self::Dashboard
            }
            // Jinja's statements, Ansible's tasks, Argo's workflows: names are theirs.
            Self::Yaml if has("{%") || has("argoproj.io/") || is_ansible(path, &has) => {
                Self::OtherTemplate
            }
            Self::Json
            | Self::Toml
            | Self::Conf
            | Self::Ini
            | Self::Env
            | Self::Properties
            | Self::Plain
                if has("{%") && has("%}") =>
            {
                Self::OtherTemplate
            }
            kind => kind,
        }
    }

    pub(crate) fn of_name(path: &str) -> Self {
        let path = path.replace('\\', "/").to_ascii_lowercase();
        let name = path.rsplit('/').next().unwrap_or(&path);
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let yaml = matches!(extension, "yaml" | "yml");
        let begins = |names: &[&str]| {
            let stem = name.split('.').next().unwrap_or(name);
            names.contains(&stem)
        };
        let below = |folder: &str| {
            path.starts_with(&format!("{folder}/")) || path.contains(&format!("/{folder}/"))
        };
        match extension {
            _ if begins(&[
                "readme",
                "changelog",
                "changes",
                "contributing",
                "license",
                "licence",
                "notice",
                "authors",
                "security",
            ]) =>
            {
                Self::Documentation
            }
            _ if DOCUMENTATION.contains(&extension) => Self::Documentation,
            _ if begins(&["dockerfile", "containerfile"]) || matches!(extension, "dockerfile") => {
                Self::Dockerfile
            }
            _ if begins(&["makefile", "gnumakefile"]) || extension == "mk" => Self::Makefile,
            _ if begins(&["taskfile"]) && yaml => Self::GoTemplate,
            _ if name == ".env"
                || name.starts_with(".env.")
                || extension == "env"
                || extension == "envrc" =>
            {
                Self::Env
            }
            // .golangci.yml, .goreleaser.yaml, .promu.yml, .mockery.yaml: no deployment reads them.
            // Texts of a user interface, with the interpolation of i18next or ngx-translate.
            _ if ["i18n", "l10n", "locale", "locales", "translations"]
                .iter()
                .any(|folder| below(folder)) =>
            {
                Self::OtherTemplate
            }
            // Renovate's presets may have any name in a folder of theirs.
            _ if path.contains("renovate") => Self::Tool,
            _ if name.starts_with('.') && !name.starts_with(".gitlab-ci") => Self::Tool,
            _ if OTHER_TEMPLATE.contains(&extension) => Self::OtherTemplate,
            _ if GO_TEMPLATE.contains(&extension) => Self::GoTemplate,
            _ if (yaml || extension.starts_with("json")) && below(".github") => Self::Workflow,
            _ if below("templates") && (yaml || extension == "txt") => Self::GoTemplate,
            _ if WEB.contains(&extension) => Self::Web,
            _ if PROGRAM.contains(&extension) => Self::Program,
            "yaml" | "yml" => Self::Yaml,
            "json" => Self::Json,
            "jsonc" | "json5" => Self::Jsonc,
            "toml" => Self::Toml,
            "properties" => Self::Properties,
            "ini" | "cfg" | "service" | "timer" | "socket" | "desktop" => Self::Ini,
            "conf" | "cnf" | "nginx" => Self::Conf,
            "xml" | "svg" | "xsd" | "xsl" | "plist" | "config" => Self::Markup,
            "tf" | "tfvars" | "hcl" => Self::Hcl,
            "sql" => Self::Sql,
            "sh" | "bash" | "zsh" | "ksh" | "fish" | "bats" => Self::Shell,
            _ => Self::Plain,
        }
    }

    /// Whether people write such files to configure something: one that is too large to be read
    /// cannot be passed over.
    pub fn is_configuration(path: &str) -> bool {
        use FileKind::{Conf, Env, Ini, Properties, Toml, Workflow, Yaml};
        matches!(Self::of_name(path), Yaml | Workflow | Toml | Env | Properties | Ini | Conf)
    }

    /// Whether nothing in it is meant for the deployment.
    pub(crate) fn is_skipped(self, mode: Mode) -> bool {
        match self {
            Self::Documentation | Self::Tool | Self::Program | Self::OtherTemplate => true,
            Self::Web => mode == Mode::Source,
            _ => false,
        }
    }

    /// Whether `${X}` and the others can be leftovers: in scripts they are code.
    pub(crate) fn has_other_syntaxes(self) -> bool {
        !matches!(
            self,
            Self::Shell
                | Self::Dockerfile
                | Self::Makefile
                | Self::Workflow
                | Self::GoTemplate
                | Self::Web
        )
    }

    /// Whether `<NAME>` is a tag.
    pub(crate) fn is_markup(self) -> bool {
        self == Self::Markup
    }

    /// Whether what looks like a placeholder is one in this kind of file.
    pub(crate) fn means(self, candidate: &Candidate<'_>, line: &str) -> bool {
        if candidate.syntax != Syntax::DoubleBrace {
            return true;
        }
        let name = candidate.name;
        let own = match self {
            Self::GoTemplate => !crate::is_upper(name) || matches!(name, "OS" | "ARCH"),
            // Actions have templates of their own: docker/metadata-action's `{{version}}`.
            Self::Dashboard | Self::Workflow | Self::Web => !crate::is_upper(name),
            // Go templates occur in values anywhere: alerting rules, `docker --format`.
            _ => {
                let behind = line.get(candidate.end..).unwrap_or_default();
                GO_WORDS.contains(&name) && !behind.starts_with(':')
            }
        };
        !own
    }
}

/// Words that stand alone in a Go template: keywords and functions without arguments.
const GO_WORDS: &[&str] =
    &["break", "continue", "else", "end", "json", "nil", "now", "true", "false", "uuidv4"];

/// Ansible's files are YAML in which every value may be Jinja.
fn is_ansible(path: &str, has: &dyn Fn(&str) -> bool) -> bool {
    let folder = ["ansible/", "playbooks/", "roles/", "group_vars/", "host_vars/"];
    folder.iter().any(|folder| path.contains(folder))
        || (has("hosts:") && (has("tasks:") || has("roles:")))
        || has("ansible.builtin.")
}
