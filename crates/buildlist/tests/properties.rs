//! Whatever files hold, there is an answer or an error: no panic, and no endless loop.

#![expect(clippy::unwrap_used, reason = "these are parts of tests")]

use buildlist::{GoMods, Input, MainModule, Mode, ReadError, Source, Work, resolve};
use proptest::prelude::*;
use std::borrow::Cow;

/// Every module has the same go.mod file, but for its name.
struct Same(String);

impl GoMods for Same {
    fn go_mod(&self, source: Source<'_>) -> Result<Cow<'_, [u8]>, ReadError> {
        let name = match source {
            Source::Module { path, .. } => format!("module {path}\n"),
            Source::Directory(_) => String::new(),
        };
        Ok(Cow::Owned(format!("{name}{}", self.0).into_bytes()))
    }
}

/// Lines that are nearly right, for every kind of file.
fn lines() -> impl Strategy<Value = String> {
    let module = "(a|b|go|toolchain|example\\.com/(a|b|main))";
    let version = "(v1\\.[0-2]\\.0|v1|v2\\.0\\.0\\+incompatible|none|1\\.2[0-4])";
    let patterns = vec![
        format!("require {module} {version}( // indirect)?"),
        format!("exclude {module} {version}"),
        format!("replace {module}( {version})? => (\\./x|/y|{module} {version})"),
        "go (1\\.1[5-9]|1\\.2[0-4](\\.1)?|1\\.21\\.0rc1)".to_owned(),
        "toolchain (default|go1(\\.2[0-4])?(\\.1)?)".to_owned(),
        "use (\\.|\\./a|\\(|/b)".to_owned(),
        format!("# {module}( {version})?( => (\\./x|{module} {version}))?"),
        "## (explicit|go 1\\.2[0-9]|workspace)(; explicit)?".to_owned(),
        "[ -~\\t\u{e9}\u{4e2d}]{0,20}".to_owned(),
    ];
    let one = |pattern: String| proptest::string::string_regex(&pattern).unwrap().boxed();
    let line = proptest::strategy::Union::new(patterns.into_iter().map(one));
    proptest::collection::vec(line, 0..12).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn any_go_mod_file_has_an_answer(main in lines(), other in lines(), vendored in lines(), mode in 0..3) {
        let Ok(main) = MainModule::parse("/src", format!("module example.com/main\n{main}")) else { return Ok(()) };
        let mut input = Input::new(main);
        input.mode = [Mode::Mod, Mode::Readonly, Mode::Vendor].get(usize::try_from(mode)?).copied().unwrap_or(Mode::Mod);
        input.modules_txt = vendored.into_bytes();
        input.threads = 2;
        if let Ok(list) = resolve(input, &Same(other)) {
            prop_assert_eq!(list.modules().first().map(|one| one.path.as_str()), Some("example.com/main"));
            for module in list.modules() {
                prop_assert!(!list.why(&module.path).is_empty(), "{}", module);
            }
        }
    }

    #[test]
    fn any_workspace_has_an_answer(work in lines(), first in lines(), second in lines(), other in lines()) {
        let Ok(work) = Work::parse("/w/go.work", work) else { return Ok(()) };
        let module = |name: &str, text: &str| {
            MainModule::parse(format!("/w/{name}"), format!("module example.com/{name}\n{text}"))
        };
        let (Ok(first), Ok(second)) = (module("main", &first), module("a", &second)) else { return Ok(()) };
        let mut input = Input::new(first.clone());
        input.main = vec![first, second];
        input.work = Some(work);
        if let Ok(list) = resolve(input, &Same(other)) {
            prop_assert_eq!(list.modules().iter().filter(|one| one.is_main()).count(), 2);
        }
    }

    #[test]
    fn bytes_are_no_reason_to_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Work::parse("/w/go.work", &bytes);
        if let Ok(main) = MainModule::parse("/src", "module example.com/main\ngo 1.24\n") {
            let input = Input { mode: Mode::Vendor, modules_txt: bytes, ..Input::new(main) };
            let _ = resolve(input, &Same(String::new()));
        }
    }
}
