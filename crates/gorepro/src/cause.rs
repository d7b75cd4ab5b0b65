//! The causes: why two programs of the same sources differ, what follows, and what to do. Data, in the order in
//! which they are told: what changes most comes first.

/// How far a cause reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It changes code everywhere: differences of code and data need no other cause.
    All,
    /// It changes what it names, and what follows from that.
    Part,
}

/// A cause.
#[derive(Debug, PartialEq, Eq)]
pub struct Cause {
    /// Stable: `repro.build-path`.
    pub id: &'static str,
    /// How far it reaches.
    pub reach: Reach,
    /// In a few words, English and Chinese.
    pub title: [&'static str; 2],
    /// Why it changes the program, English and Chinese.
    pub why: [&'static str; 2],
    /// What to do about it, English and Chinese.
    pub fix: [&'static str; 2],
}

/// The cause with this identifier, with or without `repro.`.
pub fn cause(id: &str) -> Option<&'static Cause> {
    let id = id.strip_prefix("repro.").unwrap_or(id);
    CAUSES.iter().find(|cause| cause.id.strip_prefix("repro.") == Some(id))
}

/// All of them.
pub const CAUSES: &[Cause] = &[
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
    Cause {
        id: "repro.after-link",
        reach: Reach::Part,
        title: ["changed after the link", "链接之后被修改"],
        why: [
            "A build ID ends with a hash of the program. Where it is another, something rewrote the program after the go command (objcopy, a packer, a signature, a patch).",
            "构建 ID 以程序的哈希结尾。哈希不符，说明 go 命令之后有工具改写了程序（objcopy、加壳、签名、补丁）。",
        ],
        fix: [
            "Compare what the go command wrote, and sign or pack later.",
            "比较 go 命令的直接产物，之后再签名或打包。",
        ],
    },
    Cause {
        id: "repro.strip-after-link",
        reach: Reach::Part,
        title: ["stripped after the link", "链接之后被 strip"],
        why: [
            "strip removes symbols and debug information and moves headers.",
            "strip 会删除符号与调试信息并移动文件头。",
        ],
        fix: [
            "Strip both with the same tool, or use -ldflags='-s -w' in both builds.",
            "用同一工具 strip 双方，或两次构建都使用 -ldflags='-s -w'。",
        ],
    },
    Cause {
        id: "repro.strip-at-link",
        reach: Reach::Part,
        title: ["stripped by the linker", "链接时被去除符号"],
        why: [
            "-ldflags=-s or -w leaves symbols or debug information out.",
            "-ldflags=-s 或 -w 不写符号或调试信息。",
        ],
        fix: ["Give both builds the same -ldflags.", "两次构建使用相同的 -ldflags。"],
    },
    Cause {
        id: "repro.trimpath",
        reach: Reach::Part,
        title: ["-trimpath on one side", "仅一方使用 -trimpath"],
        why: [
            "Without -trimpath the program holds the folders it was built in and more of its settings.",
            "不使用 -trimpath 时程序会包含构建目录以及更多设置。",
        ],
        fix: ["Build both with -trimpath.", "两次构建都使用 -trimpath。"],
    },
    Cause {
        id: "repro.build-path",
        reach: Reach::Part,
        title: ["other folders", "构建目录不同"],
        why: [
            "Without -trimpath the paths of the sources, of GOROOT and of the module cache are in the program.",
            "不使用 -trimpath 时，源码、GOROOT 与模块缓存的路径会写入程序。",
        ],
        fix: [
            "Build with -trimpath; for C code also CGO_CFLAGS=-ffile-prefix-map=$PWD=.",
            "使用 -trimpath 构建；C 代码另加 CGO_CFLAGS=-ffile-prefix-map=$PWD=.",
        ],
    },
    Cause {
        id: "repro.vcs-stamp",
        reach: Reach::Part,
        title: ["another VCS stamp", "VCS 标记不同"],
        why: [
            "The commit, its time and whether the worktree is dirty are in the program, and in the main module's version.",
            "提交、提交时间与工作区是否干净会写入程序以及主模块版本。",
        ],
        fix: [
            "Build the same clean commit, or use -buildvcs=false in both builds.",
            "从同一干净的提交构建，或两次构建都使用 -buildvcs=false。",
        ],
    },
    Cause {
        id: "repro.main-version",
        reach: Reach::Part,
        title: ["another version of the main module", "主模块版本不同"],
        why: [
            "go install module@version and a tag of the commit give the main module a version.",
            "go install module@version 与提交的标签会给主模块一个版本。",
        ],
        fix: [
            "Build both in the same way and from the same tag, or use -buildvcs=false.",
            "以相同方式、从相同标签构建，或使用 -buildvcs=false。",
        ],
    },
    Cause {
        id: "repro.ldflags-x",
        reach: Reach::Part,
        title: ["other values by -X", "-X 设置的值不同"],
        why: [
            "-ldflags=-X sets a string variable when linking; a date, a host or a commit there changes with every build.",
            "-ldflags=-X 在链接时设置字符串变量；其中的日期、主机名或提交会随每次构建变化。",
        ],
        fix: [
            "Take the value from the commit (git log -1 --format=%cI), not from the clock or the machine; or read debug.ReadBuildInfo().",
            "取自提交（git log -1 --format=%cI）的值，而不是时钟或机器；或读取 debug.ReadBuildInfo()。",
        ],
    },
    Cause {
        id: "repro.ldflags",
        reach: Reach::Part,
        title: ["other linker flags", "链接器标志不同"],
        why: [
            "-ldflags is recorded in the program, and changes how it is linked.",
            "-ldflags 会记录在程序中并影响链接。",
        ],
        fix: ["Give both builds the same -ldflags.", "两次构建使用相同的 -ldflags。"],
    },
    Cause {
        id: "repro.archive-times",
        reach: Reach::Part,
        title: ["times in an embedded archive", "嵌入归档中的时间"],
        why: [
            "An embedded zip, tar or gzip file has the same contents and other times in its headers.",
            "嵌入的 zip、tar 或 gzip 文件内容相同，但头部时间不同。",
        ],
        fix: [
            "Make it with fixed times: zip -X after touch -d @0, tar --mtime=@0 --sort=name, gzip -n.",
            "用固定时间制作：touch -d @0 后 zip -X，tar --mtime=@0 --sort=name，gzip -n。",
        ],
    },
    Cause {
        id: "repro.embedded-file",
        reach: Reach::Part,
        title: ["another embedded file", "嵌入文件不同"],
        why: [
            "A file that //go:embed puts into the program differs, or is on one side only.",
            "//go:embed 放入程序的文件不同，或只在一方。",
        ],
        fix: [
            "Compare the named file in both trees; generate it without dates and machine names, or commit it.",
            "比较两份源码中的该文件；生成时不要带日期与机器名，或将其提交。",
        ],
    },
    Cause {
        id: "repro.constant",
        reach: Reach::Part,
        title: ["another constant or variable", "常量或变量不同"],
        why: [
            "The code is the same but for values: a generator wrote a date, a path, a hash or a counter, or the sources differ.",
            "除数值外代码相同：生成器写入了日期、路径、哈希或计数，或源码不同。",
        ],
        fix: [
            "Look at the named package for generated files; let the generator write the same for the same input (no clock, no host, no absolute path).",
            "检查该包中的生成文件；让生成器对相同输入写出相同内容（不用时钟、主机名、绝对路径）。",
        ],
    },
    Cause {
        id: "repro.order",
        reach: Reach::Part,
        title: ["another order of declarations", "声明顺序不同"],
        why: [
            "The same functions or values come in another order: a generator walks a map, or lists a folder unsorted.",
            "相同的函数或值顺序不同：生成器遍历了 map，或未排序地列目录。",
        ],
        fix: ["Sort the keys in the generator before writing them.", "在生成器中写出之前先排序。"],
    },
    Cause {
        id: "repro.c-date",
        reach: Reach::Part,
        title: ["a date in C code", "C 代码中的日期"],
        why: [
            "__DATE__ or __TIME__ in C code holds when it was compiled.",
            "C 代码中的 __DATE__ 或 __TIME__ 记录了编译时间。",
        ],
        fix: [
            "Remove it, or set SOURCE_DATE_EPOCH; -Werror=date-time finds it.",
            "删除它，或设置 SOURCE_DATE_EPOCH；-Werror=date-time 可发现它。",
        ],
    },
    Cause {
        id: "repro.code",
        reach: Reach::Part,
        title: ["other code", "代码不同"],
        why: [
            "Functions of the named packages have other code: other sources, or what a generator wrote.",
            "所列包的函数代码不同：源码不同，或生成器写出的内容不同。",
        ],
        fix: [
            "Compare the sources of the named packages, generated files first.",
            "比较所列包的源码，先看生成的文件。",
        ],
    },
    Cause {
        id: "repro.lines",
        reach: Reach::Part,
        title: ["code at other lines", "代码所在行不同"],
        why: [
            "The code is the same and stands at other lines of the named files: comments, or what a generator wrote above.",
            "代码相同但位于所列文件的其他行：注释，或生成器在其上方写入的内容。",
        ],
        fix: ["Compare the named files.", "比较所列文件。"],
    },
    Cause {
        id: "repro.pe-timestamp",
        reach: Reach::Part,
        title: ["another time stamp in the PE header", "PE 头中的时间戳不同"],
        why: [
            "An external linker writes the time of the link into the header and the debug directory.",
            "外部链接器会把链接时间写入文件头与调试目录。",
        ],
        fix: [
            "Link internally (CGO_ENABLED=0), or -extldflags=-Wl,--no-insert-timestamp (ld), /Brepro (lld, MSVC).",
            "使用内部链接（CGO_ENABLED=0），或 -extldflags=-Wl,--no-insert-timestamp（ld）、/Brepro（lld、MSVC）。",
        ],
    },
    Cause {
        id: "repro.pdb",
        reach: Reach::Part,
        title: ["another PDB identity", "PDB 标识不同"],
        why: [
            "The debug directory names a PDB by GUID, age and path; each link makes a new one.",
            "调试目录用 GUID、age 与路径指明 PDB；每次链接都会生成新的标识。",
        ],
        fix: [
            "Use /Brepro or -Wl,--build-id=sha1 and a relative --pdb path.",
            "使用 /Brepro 或 -Wl,--build-id=sha1，并使用相对的 --pdb 路径。",
        ],
    },
    Cause {
        id: "repro.debug-info",
        reach: Reach::Part,
        title: ["other debug information", "调试信息不同"],
        why: ["Only the debug information differs.", "只有调试信息不同。"],
        fix: [
            "Build with -trimpath and the same -gcflags; -ldflags=-w leaves it out.",
            "使用 -trimpath 与相同的 -gcflags；-ldflags=-w 可去除调试信息。",
        ],
    },
    Cause {
        id: "repro.build-id",
        reach: Reach::Part,
        title: ["another build ID alone", "仅构建 ID 不同"],
        why: [
            "The inputs of the build differ in something that did not reach the code: flags, a folder, an unused file.",
            "构建的输入有差异，但没有影响代码：标志、目录、未使用的文件。",
        ],
        fix: [
            "Give both builds the same flags and folder, or set the ID: -ldflags=-buildid=.",
            "两次构建使用相同的标志与目录，或设置 ID：-ldflags=-buildid=。",
        ],
    },
    Cause {
        id: "repro.unexplained",
        reach: Reach::Part,
        title: ["bytes that nothing explains", "无法解释的字节"],
        why: [
            "Bytes differ that belong to none of the causes above.",
            "有字节差异不属于上述任何原因。",
        ],
        fix: [
            "Report the two programs; meanwhile compare them with diffoscope.",
            "请报告这两个程序；同时可用 diffoscope 比较。",
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_is_worded_in_both_languages_and_named_once() {
        for (place, cause) in CAUSES.iter().enumerate() {
            assert!(cause.id.starts_with("repro."), "{}", cause.id);
            for [en, zh] in [cause.title, cause.why, cause.fix] {
                assert!(en.is_ascii() || en.contains('…'), "{en}");
                assert!(
                    zh.chars().any(|letter| ('\u{4e00}'..'\u{9fff}').contains(&letter)),
                    "{zh}"
                );
            }
            assert!(CAUSES.iter().skip(place + 1).all(|other| other.id != cause.id));
        }
    }
}
