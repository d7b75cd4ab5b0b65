//! The answer: on, off or unknown, why, and where.

use std::fmt;

use crate::place::Span;

/// Whether the service is launched with the flag on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// It certainly is.
    On,
    /// It certainly is not: the flag is off, not given, or given a value that the program refuses.
    Off,
    /// The text does not tell.
    Unknown,
}

impl State {
    /// `on`, `off` or `unknown`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A state with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// On, off or unknown.
    pub state: State,
    /// Why. English through [`fmt::Display`], Chinese through [`Why::zh`].
    pub why: Why,
    /// The word that decides, where the text has lines. A `/proc/N/cmdline` has none.
    pub span: Option<Span>,
}

macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $name:ident $(($($field:ident),+))? => $state:ident, $en:literal, $zh:literal;)+) => {
        /// Why a verdict is what it is. Quoted words are as they stand in the text, cut after 200 characters.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Why {
            $($(#[doc = $doc])+ $name $(($(reasons!(@string $field)),+))?,)+
        }

        impl Why {
            /// The state that this reason stands for.
            pub fn state(&self) -> State {
                match self {
                    $(Self::$name $(($(reasons!(@ignore $field)),+))? => State::$state,)+
                }
            }

            /// The reason in Chinese.
            pub fn zh(&self) -> String {
                match self {
                    $(Self::$name $(($($field),+))? => format!($zh $($(, $field = short($field))+)?),)+
                }
            }
        }

        impl fmt::Display for Why {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$name $(($($field),+))? => write!(f, $en $($(, $field = short($field))+)?),)+
                }
            }
        }
    };
    (@string $field:ident) => { String };
    (@ignore $field:ident) => { _ };
}

reasons! {
    /// `--flag=true`, or `--flag true`, or a configuration value.
    True(word) => On, "{word} sets it to true", "{word} 将其设为 true";
    /// `--flag` alone.
    Bare(word) => On, "{word} without a value means true", "{word} 未带值，即为 true";
    /// `--flag=false`.
    False(word) => Off, "{word} sets it to false", "{word} 将其设为 false";
    /// `--no-flag`.
    Negated(word) => Off, "{word} turns it off", "{word} 将其关闭";
    /// `--flag=yes`: the program would not start.
    NotBoolean(word) => Off, "{word} is no boolean for Go's strconv.ParseBool: the program refuses it", "{word} 不是 Go strconv.ParseBool 接受的布尔值，程序会拒绝启动";
    /// The flag is not on the command line.
    NotSet(flag) => Off, "--{flag} is not on the command line", "命令行中没有 --{flag}";
    /// No such key.
    NoKey(key) => Off, "the configuration has no key {key}", "配置中没有键 {key}";
    /// A configuration value that is no boolean.
    ConfigNotBoolean(word) => Off, "{word} is no boolean", "{word} 不是布尔值";
    /// The command is `echo` or its like.
    NotAService(program) => Off, "{program} is not a service", "{program} 不是服务程序";
    /// A variable decides the value.
    Variable(word, name) => Unknown, "the value of {word} comes from {name}, which is set elsewhere", "{word} 的值来自在别处设置的 {name}";
    /// A variable may hold the flag, or turn it off.
    VariableWords(name) => Unknown, "{name} is set elsewhere and may hold or override the flag", "{name} 在别处设置，可能包含或覆盖该标志";
    /// `--flag off` and its like.
    Ambiguous(word) => Unknown, "{word}: some flag libraries read the next word as the value, others do not", "{word}：下一个词是否作为值，各标志库不一致";
    /// `--no-flag=false`.
    DoubleNegative(word) => Unknown, "{word} is a double negative that flag libraries do not agree on", "{word} 是双重否定，各标志库处理不一致";
    /// The branches of a script differ.
    Branches => Unknown, "the script starts the service in several ways that do not agree", "脚本以多种不一致的方式启动服务";
    /// Another command than the last one has the flag.
    EarlierCommand => Unknown, "the flag is on another command than the one that keeps running", "该标志位于其他命令，而非最终运行的命令";
    /// A script that only prepares.
    NoService => Unknown, "the script starts no program that could be the service", "脚本没有启动任何可能是服务的程序";
    /// A script that cannot be read.
    Script(problem) => Unknown, "the shell script cannot be read: {problem}", "无法解析 shell 脚本：{problem}";
    /// An interactive shell.
    Shell(program) => Unknown, "{program} runs no script: its children are elsewhere", "{program} 未运行脚本，其子进程在别处";
    /// A pause container.
    Pause(program) => Unknown, "{program} is a pause process: the service runs elsewhere", "{program} 是 pause 进程，服务在别处运行";
    /// `systemd`, `supervisord` and their like.
    Supervisor(program) => Unknown, "{program} starts services by its own configuration", "{program} 按自身配置启动服务";
    /// An empty cmdline.
    NoProcess => Unknown, "empty command line: a kernel thread or a dead process", "命令行为空：内核线程或已退出的进程";
    /// `setproctitle`.
    Title => Unknown, "one word with blanks: the process has rewritten its title", "只有一个含空格的词：进程改写了自己的标题";
    /// A wrapper without a program.
    NoProgram => Unknown, "there is no program to run", "没有要运行的程序";
    /// No container gives command or args.
    ImageDecides => Unknown, "neither command nor args are given: the image decides", "未给出 command 或 args：由镜像决定";
    /// No ENTRYPOINT, no CMD.
    BaseImageDecides => Unknown, "neither ENTRYPOINT nor CMD is given: the base image decides", "未给出 ENTRYPOINT 或 CMD：由基础镜像决定";
    /// No workload in the file.
    NoWorkload => Unknown, "there is no workload with containers", "没有包含容器的工作负载";
    /// No compose services.
    NoServices => Unknown, "there are no services", "没有 services";
    /// A patch.
    Patch => Unknown, "a patch: the resource that it changes decides", "这是补丁：由被修改的资源决定";
    /// No ExecStart.
    NoExecStart => Unknown, "[Service] has no ExecStart", "[Service] 中没有 ExecStart";
    /// ExecStart that systemd refuses.
    ExecStart(problem) => Unknown, "ExecStart cannot be read: {problem}", "无法解析 ExecStart：{problem}";
    /// The text cannot be parsed.
    Syntax(problem) => Unknown, "cannot be parsed: {problem}", "无法解析：{problem}";
    /// `"true"`, `1`, or `yes` where the format has no booleans.
    TextValue(word) => Unknown, "{word} is true for some configuration libraries, others refuse it", "{word}：部分配置库视为 true，其余拒绝";
    /// A key behind the first document.
    LaterDocument => Unknown, "the key stands in a later document, which most loaders do not read", "该键位于后续文档，多数加载器不会读取";
    /// A template.
    Template => Unknown, "a template that must be rendered first", "模板需先渲染";
    /// A key twice.
    Duplicate(key) => Unknown, "key {key} is given twice: parsers do not agree on which counts", "键 {key} 重复：各解析器取值不一致";
    /// A value of an unexpected type.
    Shape(what) => Unknown, "{what} has an unexpected type", "{what} 的类型不符合预期";
    /// Another file is merged in.
    Elsewhere(what) => Unknown, "{what} refers to another file", "{what} 引用了其他文件";
    /// Not a flag's name.
    FlagName(name) => Unknown, "{name:?} is not the name of a flag", "{name:?} 不是标志名";
    /// Not UTF-8.
    Encoding => Unknown, "not valid UTF-8", "不是有效的 UTF-8";
    /// A bound of ours.
    TooLarge => Unknown, "too large to judge", "过大，无法判定";
}

/// Quotes of the text stay readable.
fn short(text: &str) -> String {
    const MAX: usize = 200;
    let mut out: String =
        text.chars().take(MAX).map(|ch| if ch.is_control() { ' ' } else { ch }).collect();
    if text.chars().nth(MAX).is_some() {
        out.push('…');
    }
    out
}
