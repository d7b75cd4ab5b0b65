//! Go itself, and the platforms it builds for.

use super::{Cause, PLATFORM, PLATFORM_MAYBE, cause};
use super::{Owner, Retry, Tier};

pub(super) static CAUSES: &[Cause] = &[
    cause(
        "toolchain.too-old",
        PLATFORM,
        ("a newer Go is required", "需要更新的 Go"),
        (
            "go.mod or a dependency names a newer Go than the image has, and switching is off or impossible.",
            "go.mod 或依赖要求的 Go 比镜像里的新,而自动切换被关闭或不可用。",
        ),
        ("Update the image's Go, or allow switching.", "升级镜像里的 Go,或允许自动切换。"),
        "go env -w GOTOOLCHAIN=auto",
    ),
    cause(
        "toolchain.unavailable",
        PLATFORM_MAYBE,
        ("the required toolchain cannot be had", "无法取得所需的工具链"),
        (
            "The version does not exist, or the proxy does not offer it.",
            "该版本不存在,或代理没有提供。",
        ),
        (
            "Name a released version (1.21 and later have three numbers), or install it in the image.",
            "写已发布的版本(1.21 起为三段版本号),或在镜像里安装它。",
        ),
        "go mod edit -toolchain=none",
    ),
    cause(
        "toolchain.broken-goroot",
        PLATFORM,
        ("the Go installation is incomplete", "Go 安装不完整"),
        (
            "GOROOT points elsewhere, or tools or the standard library are missing from it.",
            "GOROOT 指向别处,或其中缺少工具或标准库。",
        ),
        (
            "Unset GOROOT, and install Go afresh; never unpack over an old one.",
            "取消 GOROOT 并重新安装 Go;不要解压到旧版本之上。",
        ),
        "go env GOROOT && ls \"$(go env GOROOT)/pkg/tool\"",
    ),
    cause(
        "toolchain.mixed-versions",
        PLATFORM,
        ("parts of two Go versions are mixed", "混用了两个版本的 Go"),
        (
            "GOROOT names another Go than the go command's, or two versions were unpacked over each other.",
            "GOROOT 与 go 命令版本不同,或两个版本解压到了一起。",
        ),
        (
            "Unset GOROOT, and install one version into an empty folder.",
            "取消 GOROOT,并把单一版本安装到空目录。",
        ),
        "unset GOROOT; go version; go tool compile -V",
    ),
    cause(
        "toolchain.internal-error",
        PLATFORM_MAYBE,
        ("compiler or linker crashed", "编译器或链接器崩溃"),
        (
            "A bug of the toolchain, or broken memory, or an emulated processor.",
            "工具链缺陷、内存损坏,或处理器模拟问题。",
        ),
        (
            "Retry once; then try another patch version, and report it to golang.org/issue/new.",
            "重试一次;再换一个补丁版本,并向 golang.org/issue/new 报告。",
        ),
        "go version",
    ),
    cause(
        "toolchain.not-installed",
        PLATFORM,
        (
            "go, or a tool that the step needs, is not on the PATH",
            "go 或步骤所需的工具不在 PATH 中",
        ),
        (
            "The image has no Go, or its folder is not on this shell's PATH.",
            "镜像里没有 Go,或其目录不在当前 shell 的 PATH 中。",
        ),
        ("Install it, or add it to the PATH.", "安装它,或加入 PATH。"),
        "export PATH=$PATH:/usr/local/go/bin",
    ),
    cause(
        "target.unsupported",
        (Owner::Platform, Retry::Never, Tier::P2),
        ("the platform does not support what is asked for", "目标平台不支持所要求的内容"),
        (
            "There is no such GOOS/GOARCH pair, or it has no race detector, sanitizer or build mode of that kind.",
            "没有这样的 GOOS/GOARCH 组合,或它不支持该竞态检测、消毒器或构建模式。",
        ),
        (
            "Choose a pair that exists, or drop the flag on this platform.",
            "选择存在的组合,或在该平台去掉该标志。",
        ),
        "go tool dist list",
    ),
];
