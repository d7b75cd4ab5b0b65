//! What a scenario is. All of it is data.

use goward_causes::Text;
use serde::{Deserialize, Serialize};

/// Where in the build the fault is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Packages are found and listed.
    List,
    /// Module versions, downloads, verification.
    Resolve,
    /// The compiler.
    Compile,
    /// The linker.
    Link,
    /// The build cache.
    Cache,
    /// What the process is given: rights, limits, programs.
    Env,
}

impl Stage {
    /// Every stage, in the order of a build.
    pub const ALL: [Self; 6] =
        [Self::List, Self::Resolve, Self::Compile, Self::Link, Self::Cache, Self::Env];

    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Resolve => "resolve",
            Self::Compile => "compile",
            Self::Link => "link",
            Self::Cache => "cache",
            Self::Env => "env",
        }
    }
}

/// One way to break a build, and what must be said of it.
#[derive(Debug)]
pub struct Scenario {
    /// Its name, which begins with the stage.
    pub id: &'static str,
    /// Where the fault is put.
    pub stage: Stage,
    /// What is done, as a lowercase fragment.
    pub does: Text,
    /// The causes one of which must be reported; the first is the best.
    pub expected: &'static [&'static str],
    /// What is done, for the machine.
    pub fault: Fault,
    /// What is built where no go command is given.
    pub module: Module,
    /// The go command's arguments; `OUT` stands for the program that is built.
    pub args: &'static [&'static str],
    /// The build's deadline in seconds, where the fault is a delay.
    pub deadline: Option<u64>,
    /// How likely the fault strikes when it could.
    pub probability: f64,
    /// Whether it needs a module of its own, so that it cannot be put into another build.
    pub own_module: bool,
}

impl Scenario {
    /// A scenario with the usual module, command and deadline.
    pub(crate) const fn new(
        id: &'static str,
        stage: Stage,
        (en, zh): (&'static str, &'static str),
        expected: &'static [&'static str],
        fault: Fault,
    ) -> Self {
        Self {
            id,
            stage,
            does: Text { en, zh },
            expected,
            fault,
            module: Module::Plain,
            args: &["build", "-o", "OUT", "."],
            deadline: None,
            probability: 1.0,
            own_module: false,
        }
    }

    /// Builds this module; the scenario means nothing for another.
    pub(crate) const fn of(mut self, module: Module) -> Self {
        self.module = module;
        self.own_module = true;
        self
    }

    /// Builds this module, unless another build is given.
    pub(crate) const fn with(mut self, module: Module) -> Self {
        self.module = module;
        self
    }

    /// The scenario means nothing for another build.
    pub(crate) const fn own(mut self) -> Self {
        self.own_module = true;
        self
    }

    /// Another go command.
    pub(crate) const fn args(mut self, args: &'static [&'static str]) -> Self {
        self.args = args;
        self
    }

    /// The build may take so many seconds.
    pub(crate) const fn deadline(mut self, seconds: u64) -> Self {
        self.deadline = Some(seconds);
        self
    }

    /// The fault does not strike always.
    pub(crate) const fn probability(mut self, probability: f64) -> Self {
        self.probability = probability;
        self
    }

    /// Whether the fault is one of who modules are fetched from.
    pub const fn is_of_proxy(&self) -> bool {
        matches!(self.fault, Fault::Proxy(_)) || self.fault.leaves_no_proxy()
    }

    /// What the machine must allow.
    pub const fn needs(&self) -> &'static [Need] {
        match self.fault {
            Fault::Tool { strike: Strike::NoSpace { .. }, .. }
            | Fault::FullOutput { .. }
            | Fault::FullTemporary { .. }
            | Fault::ReadOnlyCache => &[Need::MountNamespace],
            Fault::Tool { strike: Strike::Cgroup { .. }, .. } => &[Need::Cgroup],
            Fault::UnreadableSource | Fault::UnwritableOutput => &[Need::UserNamespaceOfRoot],
            Fault::NoExternalLinker => &[Need::CCompiler],
            Fault::ProcessLimit { .. } => &[Need::NobodyOfRoot],
            _ => &[],
        }
    }
}

/// What is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Module {
    /// A program that imports nothing.
    Plain,
    /// A program that needs a module from the proxy, with its lines in go.sum.
    Dependency,
    /// The same without go.sum, so that the checksum database is asked.
    Unsummed,
    /// A program with more data than a linker takes.
    Huge,
    /// A program with a line of C.
    Cgo,
}

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// The module proxy misbehaves.
    Proxy(Proxy),
    /// The checksum database misbehaves.
    Sumdb(Sumdb),
    /// GOPROXY=off, and the module is in no cache.
    Offline,
    /// Nobody listens where GOPROXY points.
    Refused,
    /// GOPROXY names a host that does not exist.
    NoSuchHost,
    /// A go command before the real one spoils its listing.
    Listing(Listing),
    /// One of Go's tools is struck.
    Tool {
        /// Its name.
        tool: &'static str,
        /// How.
        strike: Strike,
    },
    /// GOROOT lacks a tool.
    NoTool(&'static str),
    /// CC names a program that does not exist.
    NoCCompiler,
    /// `-extld` names a program that does not exist.
    NoExternalLinker,
    /// The code is at fault.
    Module,
    /// The program is written to a file system of this size.
    FullOutput {
        /// Bytes.
        bytes: u64,
    },
    /// GOTMPDIR is on a file system of this size.
    FullTemporary {
        /// Bytes.
        bytes: u64,
    },
    /// GOCACHE is on a read-only file system.
    ReadOnlyCache,
    /// A first build fills the cache; then every compiled package in it is damaged, keeping its size.
    CorruptCache,
    /// Neither HOME nor GOCACHE is set.
    NoHome,
    /// The source cannot be read.
    UnreadableSource,
    /// The program's folder cannot be written.
    UnwritableOutput,
    /// So many files may be open.
    FileLimit {
        /// How many.
        files: u64,
    },
    /// So many more processes and threads may be made.
    ProcessLimit {
        /// How many.
        processes: u64,
    },
    /// The module is a git repository, and git is not on the PATH.
    NoGit,
}

impl Fault {
    /// No module can be fetched from anywhere.
    pub(crate) const fn leaves_no_proxy(self) -> bool {
        matches!(self, Self::Offline | Self::Refused | Self::NoSuchHost)
    }
}

/// How a module proxy misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proxy {
    /// It answers with this status.
    Status(u16),
    /// A byte now and then.
    Drip,
    /// The request is read and never answered.
    Stall,
    /// The connection is reset in the middle of the answer.
    Reset,
    /// The certificate is signed by nobody but itself.
    SelfSigned,
    /// The TLS handshake is answered by something else.
    NoTls,
    /// The TLS handshake is never answered.
    StalledHandshake,
    /// Another module's zip.
    OtherZip,
    /// No zip at all.
    CorruptZip,
    /// A go.mod with a line more.
    TamperedMod,
    /// A zip with other code.
    TamperedZip,
}

/// How a checksum database misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sumdb {
    /// Its record has other sums than the module.
    OtherSum,
    /// It has no record of the module.
    Missing,
    /// Its tree is signed by another key of the same name.
    Forged,
}

/// How a listing is spoilt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Listing {
    /// It ends in the middle, and go is killed.
    Cut,
    /// There is none, and go says that all is well.
    Empty,
}

/// How a tool is struck.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Strike {
    /// It exits with this status and no word.
    Exit(i32),
    /// SIGKILL.
    Kill,
    /// So much address space and no more (RLIMIT_AS).
    Memory {
        /// Bytes.
        bytes: u64,
    },
    /// So much memory and no more, by a control group; the kernel kills.
    Cgroup {
        /// Bytes.
        bytes: u64,
    },
    /// It starts so much later.
    Sleep {
        /// Seconds.
        seconds: u64,
    },
    /// It is asked to be of another Go version.
    OtherVersion,
    /// What it writes is on a file system of this size.
    NoSpace {
        /// Bytes.
        bytes: u64,
    },
    /// The build cache, which an earlier build filled, is removed before it starts.
    RemoveCache,
}

/// What the machine must allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// To mount within a namespace: root, or unprivileged user namespaces.
    MountNamespace,
    /// A memory control group that we may write.
    Cgroup,
    /// Only root needs it: user namespaces, to be without its rights.
    UserNamespaceOfRoot,
    /// Only root needs it: to become the user nobody, because root has no process limit.
    NobodyOfRoot,
    /// A C compiler.
    CCompiler,
}

impl Need {
    /// In words.
    pub const fn text(self) -> Text {
        match self {
            Self::MountNamespace => Text {
                en: "root, or unprivileged user namespaces",
                zh: "root，或允许非特权用户命名空间",
            },
            Self::Cgroup => Text {
                en: "root, or a delegated memory cgroup",
                zh: "root，或已委派的内存 cgroup",
            },
            Self::UserNamespaceOfRoot => Text {
                en: "as root: user namespaces",
                zh: "以 root 运行时：用户命名空间",
            },
            Self::NobodyOfRoot => Text {
                en: "as root: a go that nobody may run",
                zh: "以 root 运行时：nobody 可运行的 go",
            },
            Self::CCompiler => Text { en: "a C compiler", zh: "C 编译器" },
        }
    }
}
