//! Kinds of difference: identifiers that stay, risks, consequences, fixes.

use crate::rule::{Risk, Rule};

const fn new(
    id: &'static str,
    risk: Risk,
    title: [&'static str; 2],
    consequence: [&'static str; 2],
    fix: [&'static str; 2],
) -> Rule {
    Rule { id, risk, title, consequence, fix }
}

use Risk::{Extreme, High, Low, Medium};

const SAME_TOOLCHAIN: [&str; 2] = [
    "Build B with the toolchain of A: set GOTOOLCHAIN, or the toolchain line of go.mod.",
    "用 A 的工具链构建 B:设置 GOTOOLCHAIN,或 go.mod 的 toolchain 行。",
];
const SAME_FLAGS: [&str; 2] = [
    "Build B with the flags and the environment of A, or replace the whole program in a planned release.",
    "用 A 的标志与环境构建 B,或在计划内的发布中替换整个程序。",
];
const READ_NOTES: [&str; 2] = [
    "Keep A's version for the hot patch; change it in a planned release, with its tests.",
    "热补丁保持 A 的版本;在计划内的发布中连同测试一起更改。",
];

/// All kinds, the worst first; the order of reports.
pub const RULES: &[Rule] = &[
    // Extreme.
    new(
        "build-info",
        Extreme,
        ["both sides say how they were built", "两侧都说明了构建方式"],
        [
            "without build info nothing of the build can be compared",
            "没有构建信息就无法比较任何构建内容",
        ],
        [
            "Build with the go command, by package, and do not remove the section .go.buildinfo.",
            "使用 go 命令按包构建,且不要删除 .go.buildinfo 节。",
        ],
    ),
    new(
        "platform",
        Extreme,
        ["both are for the same system and processor", "两侧面向相同的系统与处理器"],
        ["B does not start where A runs", "B 无法在 A 运行之处启动"],
        ["Build B with the GOOS and GOARCH of A.", "用 A 的 GOOS 与 GOARCH 构建 B。"],
    ),
    new(
        "package-hash",
        Extreme,
        ["the packages that both have are built alike", "两侧共有的包构建一致"],
        [
            "plugin.Open refuses: \"plugin was built with a different version of package\"",
            "plugin.Open 会拒绝:\"plugin was built with a different version of package\"",
        ],
        [
            "Build host and plugin from the same commit, the same go.sum, the same toolchain and the same flags.",
            "用同一提交、同一 go.sum、同一工具链与相同标志构建宿主与插件。",
        ],
    ),
    new(
        "plugin-host",
        Extreme,
        ["the program can load plugins", "程序能够加载插件"],
        [
            "the program has no plugin loader: only one that imports `plugin` and is built with CGO_ENABLED=1 has",
            "程序没有插件加载器:只有导入 `plugin` 且以 CGO_ENABLED=1 构建的程序才有",
        ],
        [
            "Compare the plugin with the host that loads it; build the host with CGO_ENABLED=1.",
            "请将插件与加载它的宿主比较;以 CGO_ENABLED=1 构建宿主。",
        ],
    ),
    new(
        "plugin-go-version",
        Extreme,
        ["host and plugin are of the same Go minor version", "宿主与插件属于同一 Go 次版本"],
        [
            "the two runtimes do not share their data structures: plugin.Open refuses, or the host process dies in it",
            "两个运行时的数据结构不同:plugin.Open 会拒绝,或宿主进程在其中崩溃",
        ],
        SAME_TOOLCHAIN,
    ),
    new(
        "path-mode",
        Extreme,
        ["-trimpath is set on both sides or on none", "两侧都使用或都不使用 -trimpath"],
        [
            "packages have other file names in them and so other hashes: a plugin is refused; traces and debuggers name other files",
            "包中的文件名不同,哈希也就不同:插件会被拒绝;堆栈与调试器给出不同的文件",
        ],
        ["Build both with -trimpath, or both without.", "两侧都使用 -trimpath,或都不使用。"],
    ),
    new(
        "replace-local",
        Extreme,
        [
            "no module is replaced by a folder on one side's disk",
            "没有模块被某一侧磁盘上的目录替换",
        ],
        [
            "the code comes from a folder that no sum covers: nobody can say later what was shipped",
            "代码来自没有校验和的目录:事后无人能说明发布了什么",
        ],
        [
            "Publish the change as a version or a fork, and replace by that; `goward check --only replace-outside` finds such lines.",
            "将改动发布为版本或分支仓库并替换为它;`goward check --only replace-outside` 可找出这样的行。",
        ],
    ),
    new(
        "replace-one-side",
        Extreme,
        ["modules are replaced on both sides or on none", "模块在两侧都被替换或都不被替换"],
        ["one side runs a fork under the name of the original", "一侧以原名运行着分支代码"],
        [
            "Carry the replace line over, or take it out on both sides.",
            "在两侧都加上或都去掉 replace 行。",
        ],
    ),
    new(
        "replace-changed",
        Extreme,
        ["modules are replaced by the same on both sides", "两侧的替换目标相同"],
        ["the two sides run different forks under one name", "两侧以同一名称运行不同的分支代码"],
        ["Replace by the same module and version on both sides.", "两侧替换为相同的模块与版本。"],
    ),
    new(
        "glibc",
        Extreme,
        ["the target's C library has what B asks of it", "目标的 C 库具备 B 所需的版本"],
        [
            "the loader refuses B: \"version `GLIBC_…' not found\"",
            "加载器拒绝 B:\"version `GLIBC_…' not found\"",
        ],
        [
            "Build B on a system as old as the target, or with CGO_ENABLED=0; record the target with `goward snapshot --pid N` or `--here`.",
            "在与目标同样旧的系统上构建 B,或使用 CGO_ENABLED=0;用 `goward snapshot --pid N` 或 `--here` 记录目标。",
        ],
    ),
    new(
        "libc-kind",
        Extreme,
        ["both need the same C library", "两侧需要同一种 C 库"],
        [
            "the loader that B names is not there: \"no such file or directory\"",
            "B 指定的加载器不存在:\"no such file or directory\"",
        ],
        [
            "Build B in an image of the target's kind (glibc or musl), or with CGO_ENABLED=0.",
            "在与目标同类(glibc 或 musl)的镜像中构建 B,或使用 CGO_ENABLED=0。",
        ],
    ),
    new(
        "cpu-level",
        Extreme,
        ["the target's processor has what B uses", "目标处理器具备 B 使用的指令"],
        [
            "B ends at once: \"This program can only be run on AMD64 processors with v… microarchitecture support\"",
            "B 会立即退出:\"This program can only be run on AMD64 processors with v… microarchitecture support\"",
        ],
        ["Build B with the GOAMD64 of the target's processor.", "用目标处理器的 GOAMD64 构建 B。"],
    ),
    // High.
    new(
        "modules",
        High,
        ["the modules of both sides are known", "两侧的模块均已知"],
        [
            "a replaced, older or altered module would not be seen",
            "被替换、降级或被改动的模块将无法发现",
        ],
        [
            "Record the snapshot where the modules can be listed (network, or a filled module cache).",
            "在能列出模块之处(有网络或已有模块缓存)记录快照。",
        ],
    ),
    new(
        "program",
        High,
        ["both are the same program", "两侧是同一个程序"],
        ["B is another program than A", "B 与 A 不是同一个程序"],
        ["Compare builds of the same main package.", "请比较同一个 main 包的构建。"],
    ),
    new(
        "go-minor",
        High,
        ["both are of the same Go minor version", "两侧属于同一 Go 次版本"],
        [
            "another runtime, compiler and standard library: scheduling, memory, TLS and HTTP defaults may change",
            "运行时、编译器与标准库均不同:调度、内存、TLS 与 HTTP 默认值可能改变",
        ],
        SAME_TOOLCHAIN,
    ),
    new(
        "go-patch",
        High,
        ["both are of the same Go patch version", "两侧属于同一 Go 补丁版本"],
        [
            "other fixes are in runtime and standard library; plugin.Open accepts it without a word where no declaration changed",
            "运行时与标准库的修复不同;若声明未变,plugin.Open 会不加提示地接受",
        ],
        SAME_TOOLCHAIN,
    ),
    new(
        "go-older",
        High,
        ["B's Go is not older than A's", "B 的 Go 不比 A 旧"],
        [
            "security fixes of the standard library that A has are lost",
            "A 已有的标准库安全修复会丢失",
        ],
        SAME_TOOLCHAIN,
    ),
    new(
        "go-devel",
        High,
        ["both are of a released Go", "两侧均使用正式发布的 Go"],
        [
            "a development version may contain anything; equal words do not mean equal toolchains",
            "开发版可能包含任何内容;版本字样相同并不意味着工具链相同",
        ],
        ["Build with a released toolchain.", "使用正式发布的工具链构建。"],
    ),
    new(
        "after-link",
        High,
        ["both are as their link made them", "两侧都与链接时一致"],
        [
            "one side was changed after its link (strip, objcopy, a packer, a patch): no source and no build answers for what is in it now",
            "一侧在链接之后被改动(strip、objcopy、加壳或补丁):其现有内容没有源码与构建可以对应",
        ],
        [
            "Ship what the link made: leave symbols out with -ldflags=-s, not with strip; `goward inspect` says what changed it. Where it is yours, strip both sides alike.",
            "发布链接产生的文件:用 -ldflags=-s 而非 strip 去除符号;`goward inspect` 会说明由何改动。若为己方所为,请对两侧做同样处理。",
        ],
    ),
    new(
        "toolchain-identity",
        High,
        ["the same version words are the same toolchain", "版本字样相同的确是同一工具链"],
        [
            "a patched toolchain or standard library calls itself by the same version: what it compiles differs unseen",
            "经修改的工具链或标准库使用相同的版本号:其编译结果的差异不可见",
        ],
        [
            "Take both toolchains from one source, verified: GOTOOLCHAIN fetches them against the checksum database. Where a side does not tell, record it where it is built: `goward snapshot DIR --binary FILE`.",
            "两侧使用同一来源且经校验的工具链:GOTOOLCHAIN 会按校验和数据库获取。若一侧没有记录,请在构建处记录:`goward snapshot DIR --binary FILE`。",
        ],
    ),
    new(
        "arch-level-raised",
        High,
        ["B needs no newer processor than A", "B 不需要比 A 更新的处理器"],
        [
            "on an older machine of the fleet B ends at the start, or dies of an illegal instruction; a plugin is accepted without a check",
            "在较旧的机器上 B 启动即退出,或因非法指令崩溃;插件则不经检查即被接受",
        ],
        [
            "Build B with the level of A (GOAMD64, GOARM, GOARM64, …).",
            "用 A 的级别(GOAMD64、GOARM、GOARM64 等)构建 B。",
        ],
    ),
    new(
        "goexperiment",
        High,
        ["GOEXPERIMENT is the same", "GOEXPERIMENT 相同"],
        [
            "experiments change the runtime's and the compiler's behaviour, memory layout included",
            "实验特性会改变运行时与编译器的行为,包括内存布局",
        ],
        SAME_FLAGS,
    ),
    new(
        "module-sum",
        High,
        ["the same module version is the same code", "同一模块版本即同一代码"],
        [
            "one version with two contents: a tag was moved, a proxy was changed, or the code was altered",
            "同一版本有两种内容:标签被移动、代理被更改或代码被篡改",
        ],
        [
            "Find out which one the checksum database knows: `goward check --online`; do not ship before.",
            "查明校验和数据库认可哪一个:`goward check --online`;在此之前不要发布。",
        ],
    ),
    new(
        "module-major",
        High,
        ["no dependency has another major version", "没有依赖更换主版本"],
        [
            "a major version breaks its API and often its data formats",
            "主版本会破坏 API,常常也会改变数据格式",
        ],
        READ_NOTES,
    ),
    new(
        "module-older",
        High,
        ["no dependency goes back", "没有依赖回退"],
        [
            "fixes that A has are lost, those of vulnerabilities too",
            "A 已有的修复(包括漏洞修复)会丢失",
        ],
        [
            "Raise it to A's version: go get MODULE@VERSION.",
            "升级到 A 的版本:go get MODULE@VERSION。",
        ],
    ),
    new(
        "fips",
        High,
        ["the FIPS 140-3 mode is the same", "FIPS 140-3 模式相同"],
        [
            "other cryptographic code runs: certified on one side only, or with other algorithms refused",
            "运行的密码学代码不同:仅一侧经认证,或拒绝的算法不同",
        ],
        [
            "Build both with the same GOFIPS140 and run them with the same GODEBUG=fips140.",
            "两侧使用相同的 GOFIPS140 构建,并以相同的 GODEBUG=fips140 运行。",
        ],
    ),
    new(
        "godebug-default",
        High,
        ["the defaults of GODEBUG are the same", "GODEBUG 默认值相同"],
        [
            "the go line of go.mod (or a //go:debug line) changes defaults of the standard library, of TLS, HTTP and x509 among them",
            "go.mod 的 go 行(或 //go:debug 行)改变标准库默认值,包括 TLS、HTTP 与 x509",
        ],
        [
            "Keep A's go line for the patch, or pin the settings with `godebug` lines in go.mod.",
            "补丁保持 A 的 go 行,或在 go.mod 中用 `godebug` 行固定这些设置。",
        ],
    ),
    new(
        "cgo",
        High,
        ["cgo is on in both or off in both", "两侧同时启用或禁用 cgo"],
        [
            "DNS, user lookup and certificates come from the C library or from Go; a plugin needs cgo",
            "DNS、用户查询与证书来自 C 库或 Go 实现;插件需要 cgo",
        ],
        ["Set CGO_ENABLED as A has it, explicitly.", "明确设置与 A 相同的 CGO_ENABLED。"],
    ),
    new(
        "buildmode",
        High,
        ["-buildmode is the same", "-buildmode 相同"],
        ["the file is of another kind, or is loaded in another way", "文件种类不同,或加载方式不同"],
        SAME_FLAGS,
    ),
    new(
        "compiler",
        High,
        ["the Go compiler is the same", "Go 编译器相同"],
        ["gc and gccgo share neither ABI nor runtime", "gc 与 gccgo 的 ABI 与运行时均不同"],
        SAME_FLAGS,
    ),
    new(
        "sanitizer",
        High,
        [
            "race detector, sanitizers and coverage are the same",
            "竞态检测、sanitizer 与覆盖率设置相同",
        ],
        [
            "an instrumented program is several times slower and larger; instrumented and plain packages do not mix",
            "插桩程序慢数倍且更大;插桩与未插桩的包不能混用",
        ],
        [
            "Ship builds without -race, -msan, -asan and -cover.",
            "发布不带 -race、-msan、-asan 与 -cover 的构建。",
        ],
    ),
    new(
        "shared-library",
        High,
        ["B needs no shared library that A does not need", "B 不需要 A 所没有的共享库"],
        ["where the library is not installed the loader refuses B", "未安装该库时加载器拒绝 B"],
        [
            "Install the library on the target, or link it statically.",
            "在目标上安装该库,或静态链接。",
        ],
    ),
    // Medium.
    new(
        "module-version",
        Medium,
        ["direct dependencies have the same versions", "直接依赖版本相同"],
        ["its code runs in another version", "其代码以另一版本运行"],
        READ_NOTES,
    ),
    new(
        "module-indirect",
        Medium,
        ["indirect dependencies have the same versions", "间接依赖版本相同"],
        [
            "code that nobody asked for by name changed with something else",
            "未被直接要求的代码随其他改动而变化",
        ],
        READ_NOTES,
    ),
    new(
        "module-one-side",
        Medium,
        ["no module is on one side only", "没有仅存在于一侧的模块"],
        ["code comes in or goes away, its init functions too", "代码(包括其 init 函数)增加或消失"],
        [
            "See why it is there: `goward graph why PACKAGE`.",
            "查看它为何存在:`goward graph why PACKAGE`。",
        ],
    ),
    new(
        "dirty",
        Medium,
        ["B was built of what was committed", "B 由已提交的源码构建"],
        [
            "B has changes that no commit holds: nobody can look them up, review them or build them again",
            "B 含有任何提交都没有的改动:无法查阅、审查或再次构建",
        ],
        [
            "Commit, and build from a clean checkout; `git status --porcelain` before the build names what is changed, untracked files too.",
            "提交后从干净的检出构建;构建前 `git status --porcelain` 会列出改动,包括未跟踪的文件。",
        ],
    ),
    new(
        "arch-level-lowered",
        Medium,
        ["B uses the processor as A does", "B 对处理器的使用与 A 相同"],
        ["B may be slower", "B 可能更慢"],
        SAME_FLAGS,
    ),
    new(
        "tags",
        Medium,
        ["build tags are the same", "构建标签相同"],
        ["other files were compiled", "编译了不同的文件"],
        SAME_FLAGS,
    ),
    new(
        "c-compiler",
        Medium,
        ["the C compiler is the same", "C 编译器相同"],
        ["C code of cgo is compiled otherwise", "cgo 的 C 代码编译结果不同"],
        ["Build in the same image.", "在同一镜像中构建。"],
    ),
    new(
        "cgo-flags",
        Medium,
        ["the flags of cgo are the same", "cgo 标志相同"],
        ["C code is compiled or linked otherwise", "C 代码的编译或链接方式不同"],
        SAME_FLAGS,
    ),
    new(
        "compile-flags",
        Medium,
        ["the flags of compiler and assembler are the same", "编译器与汇编器标志相同"],
        ["optimisation or inlining differs", "优化或内联不同"],
        SAME_FLAGS,
    ),
    new(
        "pgo",
        Medium,
        ["both are optimised by the same profile, or by none", "两侧使用相同的性能剖析或都不使用"],
        ["other functions are inlined: speed and stacks change", "内联的函数不同:速度与调用栈改变"],
        SAME_FLAGS,
    ),
    new(
        "godebug-environment",
        Medium,
        ["the process's variables for Go are the same", "进程的 Go 相关变量相同"],
        ["the runtime is set otherwise where B runs", "B 运行处的运行时设置不同"],
        [
            "Set the same GODEBUG, GOGC, GOMEMLIMIT and GOMAXPROCS.",
            "设置相同的 GODEBUG、GOGC、GOMEMLIMIT 与 GOMAXPROCS。",
        ],
    ),
    new(
        "go-line",
        Medium,
        ["the go line of the main module is the same", "主模块的 go 行相同"],
        [
            "another language version, and other defaults of GODEBUG",
            "语言版本不同,GODEBUG 默认值也不同",
        ],
        ["Keep A's go line for the patch.", "补丁保持 A 的 go 行。"],
    ),
    new(
        "source-root",
        Medium,
        [
            "without -trimpath, both are built in the same folders",
            "不使用 -trimpath 时在相同目录中构建",
        ],
        [
            "file names differ in every trace and in every package hash",
            "每条堆栈与每个包哈希中的文件名都不同",
        ],
        ["Build with -trimpath.", "使用 -trimpath 构建。"],
    ),
    // Low.
    new(
        "code",
        Low,
        ["both are one and the same link", "两侧出自同一次链接"],
        [
            "code or data of its own differ, as a patch has it",
            "其自身的代码或数据不同,补丁本就如此",
        ],
        [
            "See what differs: goward repro --compare A B names it.",
            "查看差异:goward repro --compare A B 会说明。",
        ],
    ),
    new(
        "vcs",
        Low,
        ["both are of the same commit", "两侧来自同一提交"],
        ["the source changed, as a patch does", "源码有变化,补丁本就如此"],
        ["Look at the commits between the two.", "查看两者之间的提交。"],
    ),
    new(
        "ldflags",
        Low,
        ["the linker's flags are the same", "链接器标志相同"],
        ["values set with -X, or symbols left out, differ", "用 -X 设置的值或省略的符号不同"],
        SAME_FLAGS,
    ),
    new(
        "main-version",
        Low,
        ["the main module's version is the same", "主模块版本相同"],
        ["B is another release of it, as was meant", "B 是其另一发布,这正是目的"],
        ["Nothing, where it is the release that was meant.", "若这正是要发布的版本,则无需处理。"],
    ),
    new(
        "host",
        Low,
        ["both were recorded on like machines", "两侧在同类机器上记录"],
        ["kernel or C library of the machines differ", "机器的内核或 C 库不同"],
        ["Build in the same image.", "在同一镜像中构建。"],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn identifiers_are_unique_and_everything_is_worded() {
        let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), RULES.len());
        for rule in RULES {
            assert!(rule.id.bytes().all(|it| it.is_ascii_lowercase() || it == b'-'), "{}", rule.id);
            for [en, zh] in [rule.title, rule.consequence, rule.fix] {
                assert!(!en.is_empty() && !zh.is_empty() && en != zh, "{}", rule.id);
                assert!(zh.chars().any(|c| c > '\u{4e00}'), "{}: {zh}", rule.id);
            }
        }
    }

    #[test]
    fn every_kind_is_documented_with_an_example() {
        let page = include_str!("../../../docs/diff.md");
        for rule in RULES {
            let row = format!("| `{}` | ", rule.id);
            assert!(page.lines().any(|line| line.starts_with(&row)), "{} is not", rule.id);
            assert!(crate::page(rule, false).contains("\nexample: "), "{}", rule.id);
        }
    }

    #[test]
    fn the_worst_come_first() {
        assert!(RULES.windows(2).all(|pair| pair[0].risk >= pair[1].risk));
        assert!(Extreme > High && "high".parse() == Ok(High));
    }
}
