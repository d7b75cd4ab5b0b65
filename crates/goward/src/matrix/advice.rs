//! What to do about a cell that fails. Pure.

use super::compiler::Compiler;
use super::platforms::{cross_compiler, package, zig_target};
use goward_causes::cause_of;
use goward_model::Text;

/// The fix of a cause; a missing compiler is named.
pub(super) fn fix(cause: &str, compiler: Option<&Compiler>) -> Option<Text> {
    if let Some(compiler) = compiler.filter(|it| it.cause() == Some(cause)) {
        return Some(of_compiler(compiler));
    }
    cause_of(cause).map(|cause| Text::new(cause.fix.en, cause.fix.zh))
}

/// Names the compiler, its package and the other ways.
pub(super) fn of_compiler(compiler: &Compiler) -> Text {
    let platform = &compiler.platform;
    let (mut en, mut zh) = (vec![], vec![]);
    if let Some(program) = cross_compiler(platform) {
        match package(platform) {
            Some(package) => {
                en.push(format!("install {program} (Debian, Ubuntu: apt-get install {package})"));
                zh.push(format!("安装 {program}（Debian、Ubuntu：apt-get install {package}）"));
            }
            None => {
                en.push(format!("install {program}"));
                zh.push(format!("安装 {program}"));
            }
        }
    }
    if zig_target(platform).is_some() {
        en.push("or zig (pip install ziglang)".into());
        zh.push("或 zig（pip install ziglang）".into());
    }
    en.push(format!("{}name one: --cc {platform}=PROGRAM", if en.is_empty() { "" } else { "or " }));
    zh.push(format!("{}指定：--cc {platform}=PROGRAM", if zh.is_empty() { "" } else { "或" }));
    Text::new(en.join(", "), zh.join("，"))
}

/// For a cell in which the patterns match nothing.
pub(super) fn nothing_is_built() -> Text {
    Text::new(
        "Add a file whose constraints hold there, or let such cells fail: --allow OS/ARCH/nocgo",
        "添加一个约束在彼处成立的文件，或允许这些单元失败：--allow OS/ARCH/nocgo",
    )
}
