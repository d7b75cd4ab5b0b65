//! Causes that change code everywhere.

use super::{Cause, Reach};

pub(super) const CAUSES: &[Cause] = &[
    Cause {
        id: "repro.platform",
        reach: Reach::All,
        title: ["other platforms", "平台不同"],
        why: [
            "The programs are for different systems or processors.",
            "两个程序面向不同的操作系统或处理器。",
        ],
        fix: ["Build both with the same GOOS and GOARCH.", "用相同的 GOOS 与 GOARCH 构建。"],
    },
    Cause {
        id: "repro.package",
        reach: Reach::All,
        title: ["other packages were built", "构建的包不同"],
        why: [
            "The programs are of different main packages or modules.",
            "两个程序来自不同的 main 包或模块。",
        ],
        fix: [
            "Name the same package of the same module in both builds.",
            "两次构建指定同一模块的同一个包。",
        ],
    },
    Cause {
        id: "repro.toolchain",
        reach: Reach::All,
        title: ["other Go toolchains", "Go 工具链不同"],
        why: [
            "Compiler, linker, runtime and standard library belong to the toolchain; each release writes other code.",
            "编译器、链接器、运行时与标准库都属于工具链；每个版本生成的代码都不同。",
        ],
        fix: [
            "Pin it: a toolchain line in go.mod (toolchain go1.X.Y) or GOTOOLCHAIN=go1.X.Y in both builds.",
            "固定版本：在 go.mod 中写 toolchain go1.X.Y，或两次构建都设置 GOTOOLCHAIN=go1.X.Y。",
        ],
    },
    Cause {
        id: "repro.experiment",
        reach: Reach::All,
        title: ["other GOEXPERIMENT", "GOEXPERIMENT 不同"],
        why: [
            "An experiment switches parts of the compiler and the runtime.",
            "实验开关会切换编译器与运行时的部分实现。",
        ],
        fix: [
            "Set GOEXPERIMENT to the same value, best to none.",
            "把 GOEXPERIMENT 设为相同的值，最好不设。",
        ],
    },
    Cause {
        id: "repro.fips",
        reach: Reach::All,
        title: ["other FIPS modules", "FIPS 模块不同"],
        why: [
            "GOFIPS140 chooses which cryptographic module is linked in and how it starts.",
            "GOFIPS140 决定链接哪个密码模块及其启动方式。",
        ],
        fix: [
            "Set GOFIPS140 to the same version in both builds.",
            "两次构建把 GOFIPS140 设为同一版本。",
        ],
    },
    Cause {
        id: "repro.cpu-level",
        reach: Reach::All,
        title: ["other processor levels", "处理器级别不同"],
        why: [
            "GOAMD64, GOARM64 and the like let the compiler use newer instructions.",
            "GOAMD64、GOARM64 等允许编译器使用更新的指令。",
        ],
        fix: [
            "Set it in both builds, or leave it at its default in both.",
            "两次构建设为相同的值，或都用默认值。",
        ],
    },
    Cause {
        id: "repro.race",
        reach: Reach::All,
        title: ["the race detector", "竞态检测器"],
        why: ["-race instruments every memory access.", "-race 会给每次内存访问插桩。"],
        fix: ["Build releases without -race.", "发布构建不要使用 -race。"],
    },
    Cause {
        id: "repro.sanitizer",
        reach: Reach::All,
        title: ["a memory sanitizer", "内存检查器"],
        why: ["-msan and -asan instrument memory accesses.", "-msan 与 -asan 会给内存访问插桩。"],
        fix: ["Build releases without -msan and -asan.", "发布构建不要使用 -msan 与 -asan。"],
    },
    Cause {
        id: "repro.cover",
        reach: Reach::All,
        title: ["coverage counters", "覆盖率计数器"],
        why: ["-cover adds counters to every block.", "-cover 会给每个代码块加计数器。"],
        fix: ["Build releases without -cover.", "发布构建不要使用 -cover。"],
    },
    Cause {
        id: "repro.cgo-enabled",
        reach: Reach::All,
        title: ["with cgo and without", "是否启用 cgo"],
        why: [
            "CGO_ENABLED chooses between C and Go parts of net, os/user and others; it defaults to whether a C compiler is found.",
            "CGO_ENABLED 决定 net、os/user 等包用 C 还是 Go 实现；默认取决于是否找到 C 编译器。",
        ],
        fix: [
            "Set CGO_ENABLED=0 or =1 explicitly in both builds.",
            "两次构建都明确设置 CGO_ENABLED=0 或 =1。",
        ],
    },
    Cause {
        id: "repro.buildmode",
        reach: Reach::All,
        title: ["other build modes", "构建模式不同"],
        why: [
            "-buildmode decides whether code is independent of its place, and what is linked.",
            "-buildmode 决定代码是否位置无关以及链接方式。",
        ],
        fix: ["Give both builds the same -buildmode.", "两次构建使用相同的 -buildmode。"],
    },
    Cause {
        id: "repro.tags",
        reach: Reach::All,
        title: ["other build tags", "构建标签不同"],
        why: ["Tags choose which files belong to a package.", "标签决定包中包含哪些文件。"],
        fix: [
            "Give both builds the same -tags (look at GOFLAGS, too).",
            "两次构建使用相同的 -tags（也检查 GOFLAGS）。",
        ],
    },
    Cause {
        id: "repro.pgo",
        reach: Reach::All,
        title: ["another profile for optimisation", "PGO 配置文件不同"],
        why: [
            "A default.pgo in the main package, or -pgo, steers inlining and layout.",
            "main 包中的 default.pgo 或 -pgo 会影响内联与代码布局。",
        ],
        fix: [
            "Commit the profile and name it in both builds, or use -pgo=off.",
            "提交该配置文件并在两次构建中使用，或用 -pgo=off。",
        ],
    },
    Cause {
        id: "repro.gcflags",
        reach: Reach::All,
        title: ["other compiler flags", "编译器标志不同"],
        why: [
            "-gcflags and -asmflags change the code that is written.",
            "-gcflags 与 -asmflags 会改变生成的代码。",
        ],
        fix: ["Give both builds the same flags.", "两次构建使用相同的标志。"],
    },
    Cause {
        id: "repro.vendor",
        reach: Reach::All,
        title: ["vendored on one side", "仅一方使用 vendor"],
        why: [
            "With -mod=vendor modules come from the vendor folder, and the program records no sums of them.",
            "使用 -mod=vendor 时模块来自 vendor 目录，程序中不记录其校验和。",
        ],
        fix: [
            "Build both with -mod=vendor, or both with -mod=mod or readonly.",
            "两次构建都用 -mod=vendor，或都用 -mod=mod / readonly。",
        ],
    },
    Cause {
        id: "repro.workspace",
        reach: Reach::All,
        title: ["a workspace on one side", "仅一方使用工作区"],
        why: [
            "With go.work, modules of the workspace stand in for the versions that go.mod requires.",
            "使用 go.work 时，工作区内的模块会取代 go.mod 要求的版本。",
        ],
        fix: ["Build releases with GOWORK=off.", "发布构建使用 GOWORK=off。"],
    },
    Cause {
        id: "repro.replace",
        reach: Reach::All,
        title: ["a module is replaced otherwise", "模块替换不同"],
        why: [
            "A replace directive puts other sources in a module's place.",
            "replace 指令用其他源码取代模块。",
        ],
        fix: [
            "Use the same replace directives, and none to a local folder.",
            "使用相同的 replace 指令，且不要指向本地目录。",
        ],
    },
    Cause {
        id: "repro.module-version",
        reach: Reach::All,
        title: ["other module versions", "模块版本不同"],
        why: ["The builds resolved other versions of modules.", "两次构建解析出的模块版本不同。"],
        fix: [
            "Build from the same go.mod and go.sum with -mod=readonly.",
            "用相同的 go.mod 与 go.sum 并以 -mod=readonly 构建。",
        ],
    },
    Cause {
        id: "repro.module-sum",
        reach: Reach::All,
        title: ["other contents of the same module version", "同一模块版本的内容不同"],
        why: [
            "The same version has another h1: sum: it was republished, or the cache was altered.",
            "同一版本的 h1: 校验和不同：该版本被重新发布，或缓存被改动。",
        ],
        fix: [
            "Check go.sum, run go mod verify and goward check; keep GOSUMDB on.",
            "检查 go.sum，运行 go mod verify 与 goward check；不要关闭 GOSUMDB。",
        ],
    },
    Cause {
        id: "repro.go-line",
        reach: Reach::All,
        title: ["another go line or GODEBUG defaults", "go 行或 GODEBUG 默认值不同"],
        why: [
            "The go line of go.mod (and godebug lines) choose the language's version and the defaults of GODEBUG, which the program carries.",
            "go.mod 的 go 行（及 godebug 行）决定语言版本与程序携带的 GODEBUG 默认值。",
        ],
        fix: ["Build from the same go.mod.", "使用相同的 go.mod 构建。"],
    },
    Cause {
        id: "repro.cgo-flags",
        reach: Reach::All,
        title: ["other flags for the C compiler", "C 编译器标志不同"],
        why: [
            "CGO_CFLAGS, CGO_LDFLAGS and the like reach the code, the debug information and the run path.",
            "CGO_CFLAGS、CGO_LDFLAGS 等会进入代码、调试信息与运行路径。",
        ],
        fix: [
            "Set the same flags; keep machine-local folders out of them (-I, -L, -Wl,-rpath) or map them: -ffile-prefix-map=DIR=.",
            "使用相同的标志；不要包含本机目录（-I、-L、-Wl,-rpath），或用 -ffile-prefix-map=DIR=. 映射。",
        ],
    },
    Cause {
        id: "repro.c-compiler",
        reach: Reach::All,
        title: ["another C compiler", "C 编译器不同"],
        why: [
            "C code is compiled by gcc or clang of the machine, and each version writes other code and its name.",
            "C 代码由本机的 gcc 或 clang 编译，每个版本生成的代码不同，并留下自己的名字。",
        ],
        fix: [
            "Build in a pinned image, set CC to a pinned compiler, or use CGO_ENABLED=0.",
            "在固定镜像中构建，用 CC 指定固定的编译器，或使用 CGO_ENABLED=0。",
        ],
    },
    Cause {
        id: "repro.linkmode",
        reach: Reach::All,
        title: ["internal and external linking", "内部与外部链接"],
        why: [
            "-linkmode=external, -buildmode and C code decide whether the machine's linker lays the program out.",
            "-linkmode=external、-buildmode 与 C 代码决定是否由本机链接器布局程序。",
        ],
        fix: [
            "Give both builds the same -ldflags=-linkmode=….",
            "两次构建使用相同的 -ldflags=-linkmode=…。",
        ],
    },
    Cause {
        id: "repro.c-linker",
        reach: Reach::All,
        title: ["another C linker", "C 链接器不同"],
        why: [
            "An external link is laid out by ld, gold, lld or mold, each in its own way.",
            "外部链接由 ld、gold、lld 或 mold 完成，布局各不相同。",
        ],
        fix: [
            "Pin the linker: -ldflags='-extldflags=-fuse-ld=…' in a pinned image.",
            "固定链接器：在固定镜像中使用 -ldflags='-extldflags=-fuse-ld=…'。",
        ],
    },
];
