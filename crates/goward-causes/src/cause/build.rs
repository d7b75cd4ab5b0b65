//! cgo and the linker.

use super::{Cause, DEPENDENCY, DEVELOPER, PLATFORM, PLATFORM_MAYBE, cause};

pub(super) static CAUSES: &[Cause] = &[
    cause(
        "cgo.disabled",
        PLATFORM,
        ("cgo is needed and turned off", "需要 cgo 而它被关闭"),
        (
            "CGO_ENABLED=0, a cross build, or a missing C compiler turns cgo off; packages that need it then lack their files.",
            "CGO_ENABLED=0、交叉编译或缺少 C 编译器会关闭 cgo;需要它的包于是缺少文件。",
        ),
        (
            "Set CGO_ENABLED=1 and a C compiler for the target, or build without what needs cgo.",
            "设置 CGO_ENABLED=1 和目标平台的 C 编译器,或去掉需要 cgo 的部分。",
        ),
        "CGO_ENABLED=1 go build ./...",
    ),
    cause(
        "cgo.no-compiler",
        PLATFORM,
        ("the C compiler or pkg-config is missing", "缺少 C 编译器或 pkg-config"),
        (
            "The image has none, or CC names one that is not there.",
            "镜像里没有,或 CC 指向不存在的编译器。",
        ),
        (
            "Install a C compiler, or build with CGO_ENABLED=0.",
            "安装 C 编译器,或用 CGO_ENABLED=0 构建。",
        ),
        "apt-get install -y gcc libc6-dev pkg-config",
    ),
    cause(
        "cgo.missing-header",
        PLATFORM,
        ("a C header or pkg-config package is missing", "缺少 C 头文件或 pkg-config 包"),
        ("The development package of the C library is not installed.", "没有安装该 C 库的开发包。"),
        ("Install the library's development package.", "安装该库的开发包。"),
        "apt-get install -y LIBRARY-dev",
    ),
    cause(
        "cgo.compile-error",
        DEVELOPER,
        ("C code does not compile, or cgo cannot type it", "C 代码编译失败,或 cgo 无法推断其类型"),
        (
            "The C compiler refuses the preamble or a .c file, or a name C.x is not known.",
            "C 编译器拒绝前导代码或 .c 文件,或 C.x 名字未知。",
        ),
        (
            "Fix the C code, or install the version of the library that it was written for.",
            "修复 C 代码,或安装它所针对的库版本。",
        ),
        "",
    ),
    cause(
        "cgo.flag-denied",
        DEVELOPER,
        ("a flag in a #cgo line is not allowed", "#cgo 行中的标志不被允许"),
        (
            "Only safe flags pass; others must be allowed by CGO_CFLAGS_ALLOW or CGO_LDFLAGS_ALLOW.",
            "只允许安全的标志;其他须由 CGO_CFLAGS_ALLOW 或 CGO_LDFLAGS_ALLOW 放行。",
        ),
        ("Drop the flag, or allow it by a pattern.", "去掉该标志,或用模式放行。"),
        "export CGO_LDFLAGS_ALLOW='PATTERN'",
    ),
    cause(
        "link.undefined-symbol",
        DEVELOPER,
        ("a symbol is used and defined nowhere", "使用了未定义的符号"),
        (
            "A function without body lacks its assembly on this platform, or a C library or object is missing from the link.",
            "没有函数体的函数在该平台缺少汇编实现,或链接时缺少 C 库或目标文件。",
        ),
        (
            "Add the definition, its build constraint, or the library's -l flag.",
            "补上定义、构建约束,或库的 -l 标志。",
        ),
        "",
    ),
    cause(
        "link.duplicate-symbol",
        DEVELOPER,
        ("a symbol is defined twice", "符号重复定义"),
        (
            "Two C files or libraries define it, or a function is defined in a header.",
            "两个 C 文件或库定义了它,或在头文件里定义了函数。",
        ),
        ("Make one of them static, or link only one.", "把其中一个改为 static,或只链接一个。"),
        "",
    ),
    cause(
        "link.missing-library",
        PLATFORM,
        ("a library that is to be linked is missing", "缺少要链接的库"),
        (
            "The library is not installed, or only its shared form where a static one is asked for.",
            "没有安装该库,或要求静态库而只有动态库。",
        ),
        ("Install the library's development package.", "安装该库的开发包。"),
        "apt-get install -y LIBRARY-dev",
    ),
    cause(
        "link.external-linker",
        PLATFORM_MAYBE,
        ("the external linker failed or is missing", "外部链接器失败或缺失"),
        (
            "gcc or clang could not link what Go handed over; its own message says why.",
            "gcc 或 clang 无法链接 Go 交来的内容;其自身的消息说明原因。",
        ),
        (
            "Read the linker's message; install the linker it asks for.",
            "阅读链接器的消息;安装它要求的链接器。",
        ),
        "",
    ),
    cause(
        "link.overflow",
        DEVELOPER,
        ("the program is too large for its addresses", "程序过大,超出寻址范围"),
        (
            "A relocation or section does not fit, mostly because of huge embedded data or arrays.",
            "重定位或节放不下,多因巨大的内嵌数据或数组。",
        ),
        ("Move large data out of the program.", "把大块数据移出程序。"),
        "",
    ),
    cause(
        "link.linkname-restricted",
        DEPENDENCY,
        ("a symbol is referred to that linkname rules forbid", "引用了 linkname 规则禁止的符号"),
        (
            "Since Go 1.23 the linker refuses go:linkname into the standard library unless it is marked there.",
            "自 Go 1.23 起,除非标准库已标记,链接器拒绝 go:linkname 引用其内部。",
        ),
        (
            "Update the module that does it; -ldflags=-checklinkname=0 only buys time.",
            "升级使用它的模块;-ldflags=-checklinkname=0 只是权宜之计。",
        ),
        "go get -u MODULE",
    ),
    cause(
        "link.no-main",
        DEVELOPER,
        ("package main has no function main", "main 包没有 main 函数"),
        (
            "The file that holds it was left out by name or build constraint, or is missing.",
            "含有它的文件因文件名或构建约束被排除,或不存在。",
        ),
        (
            "Build the folder, not single files; check the constraints.",
            "构建整个目录而不是单个文件;检查构建约束。",
        ),
        "go build ./cmd/NAME",
    ),
];
