//! go.mod, go.sum, go.work and vendor/modules.txt as the Go tools read them.
//!
//! What the go command accepts is accepted, what it refuses is refused with the same message at the same place: the
//! lexer, the parser and the rules follow `golang.org/x/mod` and `cmd/go` line by line, and tests compare them with the
//! installed Go. Nothing here touches the disk or the network, nothing recurses, and time is linear in the size of the
//! files, but for the sorting of their lines.
//!
//! | | read | check | print |
//! |---|---|---|---|
//! | go.mod | [`parse_go_mod`], [`parse_go_mod_lax`] | [`GoMod::main_module`] | [`GoMod::to_json`], [`format_go_mod`] |
//! | go.work | [`parse_go_work`] | [`GoWork::check`], [`check_workspace`] | [`GoWork::to_json`], [`format_go_work`] |
//! | go.sum | [`parse_go_sum`] | [`GoSum::verify`], [`GoSum::problems`] | [`GoSum::to_json`] |
//! | vendor/modules.txt | [`parse_vendor_modules`] | [`vendor_consistency`], [`vendor_by_default`] | [`VendorModules::to_json`] |
//!
//! Beside them: [`semver`], [`go_version`], [`mod@module_path`], [`pseudo`]-versions, [`godebug`] settings, [`glob`]
//! patterns, names that look alike ([`confusable()`]) and modules at two major versions ([`mixed_majors`]).
//!
//! ```
//! let file = gomod::parse_go_mod("module example.com/m\n\ngo 1.26.0\n\nrequire example.com/a v1.2.3 // indirect\n")?;
//! assert_eq!(file.require[0].path, "example.com/a");
//! assert!(file.require[0].indirect);
//! assert_eq!(file.require[0].span.start.line, 5);
//!
//! let errors = gomod::parse_go_mod("module example.com/m\nrequire example.com/a v2.0.0\n").unwrap_err();
//! let message = r#"require example.com/a: version "v2.0.0" invalid: should be v0 or v1, not v2"#;
//! assert_eq!(errors[0].to_string(), format!("2:1: {message}"));
//!
//! let vendor = gomod::parse_vendor_modules("# example.com/a v1.2.2\n## explicit\nexample.com/a\n");
//! let findings = gomod::vendor_consistency(&vendor, &gomod::MainModules::Module(&file));
//! let message = "example.com/a@v1.2.3: is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt";
//! assert_eq!(findings[0].to_string(), message);
//! # Ok::<(), Vec<gomod::Error>>(())
//! ```

mod confusable;
mod directive;
mod format;
pub mod glob;
mod go_mod;
pub mod go_version;
mod go_work;
pub mod godebug;
mod json;
mod letter_table;
mod lex;
mod majors;
pub mod module_path;
mod path;
mod print;
mod print_table;
pub mod pseudo;
mod replacements;
mod rules;
pub mod semver;
mod span;
mod sum;
mod sum_check;
mod syntax;
mod text;
pub mod toolchain;
mod typo;
mod vendor;
mod vendor_check;
mod workspace;

pub use confusable::{Why, confusable};
pub use directive::is_directory_path;
pub use format::{format_go_mod, format_go_work};
pub use go_mod::{
    Exclude, Go, GoMod, Godebug, Ignore, MainModuleError, Module, ModuleVersion, Replace,
    Replacement, Require, Retract, Tool, Toolchain,
};
pub use go_work::{GoWork, Use, parse_go_work};
pub use majors::{Mix, MixedMajors, mixed_majors};
pub use span::{Position, Span};
pub use sum::{EMPTY_GO_MOD_HASH, GoSum, SumError, SumLine, SumMatch, parse_go_sum};
pub use sum_check::{HashProblem, SumFinding, SumProblem, hash_problem};
pub use vendor::{
    VendorModule, VendorModules, VendorNote, VendorPackage, VendorReason, VendorTooNew,
    parse_vendor_modules,
};
pub use vendor_check::{
    MainModules, VendorFinding, VendorProblem, VendorUnused, inconsistent_vendoring,
    vendor_by_default, vendor_consistency,
};
pub use workspace::{
    Anchor, SourceFile, Workspace, WorkspaceError, WorkspaceProblem, check_workspace,
};

/// What is wrong with a go.mod or go.work file, in the words of the Go tools.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub struct Error {
    /// 1-based line.
    pub line: usize,
    /// 1-based column in Unicode code points.
    pub column: usize,
    /// The message, without file and place.
    pub message: String,
}

impl Error {
    fn new(at: Position, message: String) -> Self {
        Self { line: at.line, column: at.column, message }
    }
}

/// Reads the go.mod file of a main module, as `modfile.Parse` and `go mod edit` do.
///
/// Versions have to be canonical; the go command itself would replace others, such as branch names, after asking the
/// network. Whether there is a `module` directive is not asked here: see [`GoMod::main_module`].
///
/// # Errors
/// A syntax error, or everything else that is wrong.
pub fn parse_go_mod(text: impl AsRef<[u8]>) -> Result<GoMod, Vec<Error>> {
    parse(text.as_ref(), true)
}

/// Reads the go.mod file of a dependency, as `modfile.ParseLax` does: only `module`, `go`, `require`, `retract` and
/// `ignore` count, and what is unknown is passed over.
///
/// # Errors
/// A syntax error, or everything else that is wrong.
pub fn parse_go_mod_lax(text: impl AsRef<[u8]>) -> Result<GoMod, Vec<Error>> {
    parse(text.as_ref(), false)
}

fn parse(text: &[u8], strict: bool) -> Result<GoMod, Vec<Error>> {
    let text = text::decode(text);
    match syntax::parse(&text, "go.mod") {
        Ok(statements) => rules::read(&statements, strict),
        Err(error) => Err(vec![Error::new(error.at, error.message)]),
    }
}
