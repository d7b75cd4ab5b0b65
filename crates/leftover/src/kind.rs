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
    /// A page: a template before it is rendered, settings afterwards.
    Page,
    /// A script that holds settings, for browsers mostly: as a page.
    Script,
    /// Perhaps another engine's template, by its folder or its text: words in lower case are its.
    Likely,
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
    /// A unit of systemd, which expands `${NAME}` itself.
    Unit,
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
    "tsx",
    "rs",
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
    "bazel",
    "bzl",
    "star",
    "jsonnet",
    "libsonnet",
    "sarif",
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
const PAGE: &[&str] = &["html", "htm", "xhtml"];
const SCRIPT: &[&str] = &["js", "mjs", "cjs", "ts", "css", "py", "rb", "php", "csv", "tsv"];
/// Tools with a template language of their own; their files begin with a dot.
const TOOLS: &[&str] = &[
    ".chglog",
    ".cliff",
    ".commitlint",
    ".cookiecutter",
    ".copier",
    ".golangci",
    ".goreleaser",
    ".licenserc",
    ".lintstaged",
    ".mockery",
    ".pre-commit",
    ".promu",
    ".releaserc",
    ".renovaterc",
];
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
            Self::Yaml
            | Self::Json
            | Self::Toml
            | Self::Conf
            | Self::Ini
            | Self::Unit
            | Self::Env
            | Self::Properties
            | Self::Plain
                if has_jinja(bytes) =>
            {
                Self::OtherTemplate
            }
            Self::Yaml if is_argo(bytes) || is_ansible(path, &has) => Self::Likely,
            kind => kind,
        }
    }

    pub(crate) fn of_name(path: &str) -> Self {
        let path = path.replace('\\', "/").to_ascii_lowercase();
        let name = path.rsplit('/').next().unwrap_or(&path);
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let inner = stem.rsplit_once('.').map_or("", |(_, inner)| inner);
        let yaml = matches!(extension, "yaml" | "yml");
        let json = extension.starts_with("json");
        let begins = |names: &[&str]| {
            names.iter().any(|begin| {
                let rest = name.strip_prefix(begin);
                rest.is_some_and(|rest| !rest.starts_with(|ch: char| ch.is_ascii_alphanumeric()))
            })
        };
        let below = |folder: &str| {
            path.starts_with(&format!("{folder}/")) || path.contains(&format!("/{folder}/"))
        };
        let folder = path.rsplit('/').nth(1).unwrap_or_default();
        match extension {
            "" | "txt" if begins(DOCUMENTS) => Self::Documentation,
            _ if DOCUMENTATION.contains(&extension) => Self::Documentation,
            _ if begins(&["dockerfile", "containerfile"]) || extension == "dockerfile" => {
                Self::Dockerfile
            }
            _ if begins(&["makefile", "gnumakefile"]) || matches!(extension, "mk" | "make") => {
                Self::Makefile
            }
            _ if begins(&["justfile"]) || extension == "just" => Self::OtherTemplate,
            _ if begins(&["taskfile"]) && yaml => Self::GoTemplate,
            _ if name == ".env"
                || name.starts_with(".env.")
                || extension == "env"
                || extension == "envrc" =>
            {
                Self::Env
            }
            // No deployment reads these.
            _ if TOOLS.iter().any(|tool| name.starts_with(tool)) => Self::Tool,
            _ if begins(&["renovate"]) || (json && folder.contains("renovate")) => Self::Likely,
            // npm and yarn expand `${NAME}` themselves.
            _ if begins(&[".npmrc", ".yarnrc"]) => Self::Shell,
            _ if OTHER_TEMPLATE.contains(&extension) || OTHER_TEMPLATE.contains(&inner) => {
                Self::OtherTemplate
            }
            _ if GO_TEMPLATE.contains(&extension) || GO_TEMPLATE.contains(&inner) => {
                Self::GoTemplate
            }
            _ if yaml && (begins(&[".gitlab-ci"]) || stem == "action") => Self::Workflow,
            _ if (yaml || json) && below(".github") => Self::Workflow,
            _ if below("templates") && (yaml || extension == "txt") => Self::GoTemplate,
            // Texts of a user interface, with the interpolation of i18next or ngx-translate.
            _ if json && TRANSLATIONS.iter().any(|folder| below(folder)) => Self::Likely,
            _ if below("roles") && below("templates") => Self::Likely,
            _ if PAGE.contains(&extension) => Self::Page,
            _ if SCRIPT.contains(&extension) => Self::Script,
            _ if PROGRAM.contains(&extension) => Self::Program,
            "yaml" | "yml" => Self::Yaml,
            "json" => Self::Json,
            "jsonc" | "json5" => Self::Jsonc,
            "toml" => Self::Toml,
            "properties" => Self::Properties,
            "ini" | "cfg" | "desktop" => Self::Ini,
            "service" | "timer" | "socket" | "mount" => Self::Unit,
            "conf" | "cnf" | "nginx" => Self::Conf,
            "xml" | "svg" | "xsd" | "xsl" | "plist" | "config" => Self::Markup,
            "tf" | "tfvars" | "hcl" => Self::Hcl,
            "sql" => Self::Sql,
            "sh" | "bash" | "zsh" | "ksh" | "csh" | "fish" | "bats" | "ps1" | "psm1" | "bat"
            | "cmd" | "awk" | "sed" => Self::Shell,
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
            Self::Page | Self::Script => mode == Mode::Source,
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
                | Self::Page
                | Self::Script
        )
    }

    /// Whether `<NAME>` is a tag.
    pub(crate) fn is_markup(self) -> bool {
        self == Self::Markup
    }

    /// Whether what looks like a placeholder is one in this kind of file.
    pub(crate) fn means(self, candidate: &Candidate<'_>) -> bool {
        if candidate.syntax != Syntax::DoubleBrace {
            return true;
        }
        let name = candidate.name;
        let own = match self {
            Self::GoTemplate => !crate::is_upper(name) || matches!(name, "OS" | "ARCH"),
            // Actions have templates of their own: docker/metadata-action's `{{version}}`.
            Self::Dashboard | Self::Workflow | Self::Page | Self::Script | Self::Likely => {
                !crate::is_upper(name)
            }
            // Go templates occur in values anywhere: alerting rules, `docker --format`.
            _ => GO_WORDS.contains(&name),
        };
        !own
    }
}

/// Keywords that stand alone in a Go template.
const GO_WORDS: &[&str] = &["break", "continue", "else", "end"];

/// Names of documents that need no extension.
const DOCUMENTS: &[&str] = &[
    "readme",
    "changelog",
    "changes",
    "contributing",
    "license",
    "licence",
    "notice",
    "authors",
    "security",
];

/// Folders of translated texts.
const TRANSLATIONS: &[&str] = &["i18n", "l10n", "locale", "locales", "translations"];

/// Whether there is a statement of Jinja: `{% if`.
fn has_jinja(bytes: &[u8]) -> bool {
    const STATEMENTS: &[&[u8]] = &[
        b"block",
        b"call",
        b"do",
        b"elif",
        b"else",
        b"endblock",
        b"endfor",
        b"endif",
        b"extends",
        b"filter",
        b"for",
        b"from",
        b"if",
        b"import",
        b"include",
        b"macro",
        b"raw",
        b"set",
        b"with",
    ];
    memmem::find_iter(bytes, b"{%").any(|at| {
        let rest = bytes.get(at + 2..).unwrap_or_default();
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'-' | b'+'));
        let word = rest.get(blanks.count()..).unwrap_or_default();
        let length = word.iter().take(16).take_while(|byte| byte.is_ascii_alphabetic()).count();
        STATEMENTS.contains(&word.get(..length).unwrap_or_default())
    })
}

/// Argo's workflows and application sets have `{{item}}`; its other kinds and annotations do not.
fn is_argo(bytes: &[u8]) -> bool {
    let lines = || bytes.split(|byte| *byte == b'\n');
    memmem::find(bytes, b"argoproj.io/").is_some()
        && lines().any(|line| line.starts_with(b"apiVersion: argoproj.io/"))
        && !lines().any(|line| {
            let kind = line.trim_ascii().strip_prefix(b"kind:").map(<[u8]>::trim_ascii);
            matches!(kind, Some(b"Rollout" | b"Application" | b"AppProject"))
        })
}

/// Ansible's files are YAML in which every value may be Jinja.
fn is_ansible(path: &str, has: &dyn Fn(&str) -> bool) -> bool {
    let folder = ["ansible/", "playbooks/", "roles/", "group_vars/", "host_vars/"];
    folder.iter().any(|folder| path.contains(folder))
        || (has("hosts:") && (has("tasks:") || has("roles:")))
        || has("ansible.builtin.")
}
