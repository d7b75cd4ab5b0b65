//! What should not be in a build context, judged by names.
//!
//! Nothing is read here. Where only the content can tell, [`Leak::wants_content`] says so, and
//! [`holds_private_key`] judges it.

use std::collections::{BTreeMap, HashSet};

use crate::entry::{Entry, EntryKind};

/// Archives from this size on are told, in bytes.
const LARGE_ARCHIVE: u64 = 10 << 20;
/// Core dumps and test binaries are at least this large, in bytes.
const LARGE_DUMP: u64 = 1 << 20;

/// What kind of thing it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// `.git`, `.hg`, `.svn`: the whole history, with everything that was ever removed from it.
    History,
    /// `.env` files.
    Environment,
    /// Private keys and key stores.
    PrivateKey,
    /// Credentials of tools: `.aws`, `.kube/config`, `.npmrc`, `.netrc` and their like.
    Credentials,
    /// Terraform state and variables, which hold secrets in plain text.
    Terraform,
    /// A memory image.
    CoreDump,
    /// `node_modules`
    NodeModules,
    /// A `vendor` directory within another one.
    VendorTwice,
    /// The Go module cache.
    ModuleCache,
    /// Caches of tools.
    Cache,
    /// Settings of editors, and what operating systems leave behind.
    Editor,
    /// `testdata` directories.
    TestData,
    /// Binaries of `go test -c`.
    TestBinary,
    /// Coverage reports and profiles.
    Coverage,
    /// Large archives and disk images.
    Archive,
}

/// What is bad about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A secret may get into an image or a cache.
    Secret,
    /// It makes builds slow and caches useless.
    Waste,
}

impl Category {
    /// What is bad about this kind of thing.
    pub fn severity(self) -> Severity {
        match self {
            Self::History
            | Self::Environment
            | Self::PrivateKey
            | Self::Credentials
            | Self::Terraform
            | Self::CoreDump => Severity::Secret,
            _ => Severity::Waste,
        }
    }

    /// Whether all that is below such a directory is told with it.
    fn covers(self) -> bool {
        self != Self::TestData
    }
}

/// Something that is sent and should not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    /// The file, or the directory if all of it is meant.
    pub path: String,
    /// What kind of thing it is.
    pub category: Category,
    /// How many files there are; 1 for a file.
    pub files: u64,
    /// Their size in bytes.
    pub bytes: u64,
    /// It is a directory.
    pub is_folder: bool,
    /// It lies within a `testdata` directory.
    pub in_test_data: bool,
    /// The name does not decide: it counts only if [`holds_private_key`] is true of its content.
    pub wants_content: bool,
}

/// What should not be sent of these entries, which must be in the order of [`crate::walk`]. In that order.
pub fn leaks(entries: &[Entry]) -> Vec<Leak> {
    let paths: HashSet<&str> = entries.iter().map(|entry| entry.path.as_str()).collect();
    let mut found: Vec<Leak> = Vec::new();
    // Directories that were found and are not left yet, as indices.
    let mut open: Vec<usize> = Vec::new();
    for entry in entries.iter().filter(|entry| entry.is_sent()) {
        let inside = |leak: &Leak| {
            entry.path.strip_prefix(leak.path.as_str()).is_some_and(|rest| rest.starts_with('/'))
        };
        while open.last().is_some_and(|at| !found.get(*at).is_some_and(inside)) {
            open.pop();
        }
        let is_folder = entry.kind == EntryKind::Folder;
        for at in &open {
            if let Some(leak) = found.get_mut(*at).filter(|_| !is_folder) {
                leak.files = leak.files.saturating_add(1);
                leak.bytes = leak.bytes.saturating_add(entry.size);
            }
        }
        let outer = open.last().and_then(|at| found.get(*at));
        if outer.is_some_and(|leak| leak.category.covers()) {
            continue;
        }
        let in_test_data = outer.is_some();
        let judged = if is_folder { folder(&entry.path, &paths) } else { file(entry) };
        let Some((category, wants_content)) = judged else { continue };
        if in_test_data && category == Category::TestData {
            continue;
        }
        if is_folder {
            open.push(found.len());
        }
        found.push(Leak {
            path: entry.path.clone(),
            category,
            files: u64::from(!is_folder),
            bytes: entry.size,
            is_folder,
            in_test_data,
            wants_content,
        });
    }
    found.retain(|leak| leak.files > 0);
    found
}

/// How much of each kind there is: number of places, files, bytes.
pub fn by_category(leaks: &[Leak]) -> BTreeMap<Category, (u64, u64, u64)> {
    let mut sums = BTreeMap::new();
    for leak in leaks {
        let (places, files, bytes): &mut (u64, u64, u64) = sums.entry(leak.category).or_default();
        *places += 1;
        *files = files.saturating_add(leak.files);
        *bytes = bytes.saturating_add(leak.bytes);
    }
    sums
}

fn folder(path: &str, paths: &HashSet<&str>) -> Option<(Category, bool)> {
    let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
    let has = |name: &str| paths.contains(format!("{path}/{name}").as_str());
    let category = match name {
        ".git" | ".hg" | ".svn" | ".bzr" => Category::History,
        ".ssh" | ".aws" | ".azure" | ".gnupg" | ".gcloud" | ".kube" | ".docker" => {
            Category::Credentials
        }
        "gcloud" if above.ends_with(".config") => Category::Credentials,
        "node_modules" | "bower_components" => Category::NodeModules,
        ".idea" | ".vscode" | ".vs" | ".fleet" | ".settings" => Category::Editor,
        ".cache" | "__pycache__" | ".gocache" | "go-build" | ".pytest_cache" | ".mypy_cache"
        | ".ruff_cache" | ".gradle" | ".terraform" | ".parcel-cache" | ".turbo"
        | ".golangci-lint" | ".npm" | ".yarn-cache" => Category::Cache,
        "mod" if (above == "pkg" || above.ends_with("/pkg")) && has("cache/download") => {
            Category::ModuleCache
        }
        ".gomodcache" | ".modcache" => Category::ModuleCache,
        "vendor" if above.split('/').any(|part| part == "vendor") => Category::VendorTwice,
        "testdata" => Category::TestData,
        "coverage"
            if ["index.html", "lcov.info", "coverage-final.json", "clover.xml"]
                .into_iter()
                .any(has) =>
        {
            Category::Coverage
        }
        ".nyc_output" | "htmlcov" => Category::Coverage,
        _ => return None,
    };
    Some((category, false))
}

fn file(entry: &Entry) -> Option<(Category, bool)> {
    let (above, name) = entry.path.rsplit_once('/').unwrap_or(("", &entry.path));
    let lower = name.to_ascii_lowercase();
    let (stem, extension) = lower.rsplit_once('.').unwrap_or((lower.as_str(), ""));
    if is_environment(&lower) {
        return Some((Category::Environment, false));
    }
    if is_credential(above, &lower) {
        return Some((Category::Credentials, false));
    }
    if let Some(wants_content) = key(&lower, stem, extension) {
        return Some((Category::PrivateKey, wants_content));
    }
    let regular = entry.kind == EntryKind::File;
    let executable = entry.mode & 0o111 != 0;
    let large = regular && entry.size >= LARGE_DUMP;
    let category = match extension {
        "tfstate" | "tfvars" => Category::Terraform,
        "backup" if stem.ends_with(".tfstate") => Category::Terraform,
        "json" if stem.ends_with(".tfvars") => Category::Terraform,
        "core" | "hprof" | "dmp" if large => Category::CoreDump,
        _ if large && is_core(&lower) => Category::CoreDump,
        "test" if large && executable => Category::TestBinary,
        "coverprofile" | "lcov" | "gcov" | "gcda" | "gcno" | "pprof" | "prof" => Category::Coverage,
        "swp" | "swo" => Category::Editor,
        _ if matches!(
            lower.as_str(),
            "coverage.out"
                | "cover.out"
                | "coverage.txt"
                | "coverage.html"
                | "lcov.info"
                | ".coverage"
        ) =>
        {
            Category::Coverage
        }
        _ if matches!(lower.as_str(), ".ds_store" | "thumbs.db") => Category::Editor,
        _ if regular && entry.size >= LARGE_ARCHIVE && is_archive(extension) => Category::Archive,
        _ => return None,
    };
    Some((category, false))
}

/// `.env`, `.env.production`, `prod.env`; not the examples, which hold no secrets.
fn is_environment(name: &str) -> bool {
    const EXAMPLES: [&str; 7] =
        ["example", "sample", "template", "dist", "defaults", "schema", "tmpl"];
    let example = name.rsplit('.').next().is_some_and(|last| EXAMPLES.contains(&last));
    let is = name == ".env"
        || name == ".envrc"
        || name.starts_with(".env.")
        || name.starts_with(".env-");
    is && !example
}

fn is_credential(above: &str, name: &str) -> bool {
    let folder = above.rsplit('/').next().unwrap_or_default();
    match name {
        ".npmrc" | ".netrc" | "_netrc" | ".pypirc" | ".git-credentials" | ".htpasswd"
        | ".dockercfg" | ".pgpass" | ".my.cnf" | ".vault-token" | ".boto" | ".s3cfg"
        | "kubeconfig" | ".yarnrc.yml.local" => true,
        "config" => folder == ".kube",
        "config.json" => folder == ".docker",
        "credentials" => folder == ".aws",
        _ => name.ends_with(".kubeconfig"),
    }
}

/// Whether it is a key; true inside if the content must be asked.
fn key(name: &str, stem: &str, extension: &str) -> Option<bool> {
    if matches!(
        name,
        "id_rsa" | "id_dsa" | "id_ecdsa" | "id_ed25519" | "id_ecdsa_sk" | "id_ed25519_sk"
    ) {
        return Some(false);
    }
    match extension {
        "key" | "p12" | "pfx" | "jks" | "keystore" | "ppk" => {
            Some(stem.ends_with("pub") || stem.contains("public"))
        }
        "pem" => Some(!stem.contains("key") || stem.contains("pub")),
        _ => None,
    }
}

/// `core`, `core.1234`
fn is_core(name: &str) -> bool {
    name.strip_prefix("core").is_some_and(|rest| {
        let number = rest.strip_prefix('.').unwrap_or(rest);
        rest.is_empty() || (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

fn is_archive(extension: &str) -> bool {
    const ARCHIVES: [&str; 21] = [
        "tar", "gz", "tgz", "bz2", "tbz2", "xz", "txz", "zst", "zip", "7z", "rar", "iso", "img",
        "qcow2", "vmdk", "vdi", "deb", "rpm", "dmg", "sql", "dump",
    ];
    ARCHIVES.contains(&extension)
}

/// Whether a file's content is a private key in PEM, of any kind, encrypted or not, or holds one.
pub fn holds_private_key(content: &[u8]) -> bool {
    if !crate::private_keys(content).is_empty() {
        return true;
    }
    let mut lines = content.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    lines.any(|line| {
        let label = line.strip_prefix(b"-----BEGIN ").and_then(|rest| rest.strip_suffix(b"-----"));
        label.is_some_and(|label| {
            label.ends_with(b"PRIVATE KEY") || label == b"PGP PRIVATE KEY BLOCK"
        })
    })
}
