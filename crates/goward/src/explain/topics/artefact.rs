//! Outcomes about programs: inspect, snapshot, repro, matrix.

use super::Topic;

pub(super) const TOPICS: &[Topic] = &[
    Topic {
        id: "build-info",
        command: "inspect",
        title: ["it is a Go program and says how it was built", "是 Go 程序并说明了构建方式"],
        why: [
            "Without build info nobody can say later which modules, flags and commit are in the file: no bill of materials, no comparison, no answer when a vulnerability is published. What is packed or obfuscated is not read at all.",
            "没有构建信息,事后便无人能说明文件中有哪些模块、标志与提交:没有物料清单,无法比较,漏洞公布时也无从回答。加壳或混淆的文件则完全无法读取。",
        ],
        fix: [
            "Build with the go command, by package; leave the section .go.buildinfo where it is; unpack with `upx -d` before you look.",
            "用 go 命令按包构建;保留 .go.buildinfo 节;查看之前先用 `upx -d` 脱壳。",
        ],
        example: [
            "  ? inconclusive  P1  build-info\n      it is packed (UPX), and nothing of it can be read; unpack it first (upx -d)",
            "  ? 无法判定  P1  build-info\n      已被 UPX 加壳,无法读取任何内容;请先脱壳(upx -d)",
        ],
    },
    Topic {
        id: "function-names",
        command: "inspect",
        title: ["panics and profiles can name the functions", "panic 与性能分析能给出函数名"],
        why: [
            "Stack traces, runtime/pprof and the runtime itself name functions by the function table (pclntab), which is in every Go program, stripped or not. Where it is damaged or obfuscated a panic in production says nothing.",
            "堆栈、runtime/pprof 与运行时本身都依靠函数表(pclntab)给出函数名;无论是否去除符号,每个 Go 程序都有它。若损坏或被混淆,生产中的 panic 便毫无信息。",
        ],
        fix: ["Build it anew with an unmodified Go toolchain.", "用未经修改的 Go 工具链重新构建。"],
        example: [
            "  ✔ pass          P1  function-names\n      1481 of 1481 functions, 100.00 %",
            "  ✔ 通过  P1  function-names\n      1481 / 1481 个函数,100.00 %",
        ],
    },
    Topic {
        id: "symbol-table",
        command: "inspect",
        title: ["nm, perf and uprobes find the functions", "nm、perf 与 uprobes 能找到函数"],
        why: [
            "perf, bpftrace and uprobes know functions by the symbol table alone; without it a profile of a production host has only addresses.",
            "perf、bpftrace 与 uprobes 只凭符号表认识函数;没有它,生产主机的剖析只剩地址。",
        ],
        fix: [
            "Build without -ldflags=-s and do not strip, or keep the symbols in a debug file beside it (objcopy --only-keep-debug).",
            "构建时不要使用 -ldflags=-s,也不要 strip;或将符号保存在旁边的调试文件中(objcopy --only-keep-debug)。",
        ],
        example: [
            "error[symbol-table]: none of 1481 functions is known: built with -ldflags=-s\n = help: Build without -ldflags=-s and do not strip; or need less: --need trace.",
            "错误[symbol-table]: 1481 个函数全部未知: 构建时使用了 -ldflags=-s\n = 处理: 构建时不要使用 -ldflags=-s,也不要 strip;或降低要求:--need trace。",
        ],
    },
    Topic {
        id: "debug-functions",
        command: "inspect",
        title: ["debuggers know the functions", "调试器认识这些函数"],
        why: [
            "Delve, gdb and core dumps need DWARF; a core of a program without it shows neither variables nor arguments, and it cannot be added afterwards.",
            "Delve、gdb 与 core 转储需要 DWARF;没有它的程序,其 core 既看不到变量也看不到参数,且事后无法补上。",
        ],
        fix: [
            "Build without -s and -w; ship a stripped copy and keep this one, or a debug file of the same link, for the debugger.",
            "构建时不要使用 -s 与 -w;可发布去除符号的副本,并保留此文件或同一次链接的调试文件供调试器使用。",
        ],
        example: [
            "error[debug-functions]: none of 1479 functions is known: built with -ldflags=-s",
            "错误[debug-functions]: 1479 个函数全部未知: 构建时使用了 -ldflags=-s",
        ],
    },
    Topic {
        id: "debug-lines",
        command: "inspect",
        title: ["debuggers know the lines", "调试器认识源码行"],
        why: [
            "Breakpoints and core dumps find their place in the source by the line table of DWARF.",
            "断点与 core 转储依靠 DWARF 行表找到源码位置。",
        ],
        fix: [
            "As for debug-functions; for C code, compile with -g and link with -ldflags=-linkmode=external.",
            "同 debug-functions;C 代码请以 -g 编译,并用 -ldflags=-linkmode=external 链接。",
        ],
        example: [
            "  lines       23249 / 23290     99.82 %  C code: Go's own linker takes over none of its debug information (-linkmode=external does)",
            "  lines       23249 / 23290     99.82 %  C 代码:Go 自带的链接器不会带入其调试信息(-linkmode=external 会)",
        ],
    },
    Topic {
        id: "debug-file",
        command: "inspect",
        title: [
            "the debug file is of the same link as the program",
            "调试文件与程序出自同一次链接",
        ],
        why: [
            "Debuggers refuse a debug file of another build, or worse, show wrong lines and variables with it.",
            "调试器会拒绝属于另一次构建的调试文件,甚至会据此显示错误的行与变量。",
        ],
        fix: [
            "Ship the debug file that was split from this very program; the GNU build ID, or the checksum in .gnu_debuglink, ties the two.",
            "请发布从此程序分离出的调试文件;GNU 构建 ID 或 .gnu_debuglink 中的校验和将两者对应起来。",
        ],
        example: [
            "debug file svc.debug · build ID ddf80f3e6dc1892b386ea62a9239a7cc3f34be6e",
            "调试文件 svc.debug · build ID ddf80f3e6dc1892b386ea62a9239a7cc3f34be6e",
        ],
    },
    Topic {
        id: "size-growth",
        command: "inspect",
        title: ["it did not grow too much", "没有增长过多"],
        why: [
            "A program that grows by a dependency nobody asked for starts slower, costs memory and registry space, and has more code to be attacked.",
            "因无人要求的依赖而增大的程序启动更慢、占用更多内存与镜像空间,可受攻击的代码也更多。",
        ],
        fix: [
            "`goward inspect NEW --against OLD` says which modules and packages grew; raise --max-growth or max_growth_percent in [inspect] where it is meant.",
            "`goward inspect NEW --against OLD` 会说明哪些模块与包增长;若属有意,请提高 --max-growth 或 [inspect] 中的 max_growth_percent。",
        ],
        example: [
            "warning[size-growth]: it grew from 1.1 MiB to 1.7 MiB: +51.59 %, at most 5 % are allowed",
            "警告[size-growth]: 从 1.1 MiB 增长到 1.7 MiB:+51.59 %,最多允许 5 %",
        ],
    },
    Topic {
        id: "pdb-match",
        command: "inspect",
        title: ["the PDB is of the same link as the program", "PDB 与程序出自同一次链接"],
        why: [
            "Windows' debuggers compare GUID and age and refuse any other PDB: the crash dump of a customer cannot be read then.",
            "Windows 调试器会比较 GUID 与 age 并拒绝其他任何 PDB:届时客户的崩溃转储便无法读取。",
        ],
        fix: [
            "Ship the PDB that this program's own link wrote, and archive both together.",
            "请发布此程序自身链接写出的 PDB,并将两者一同归档。",
        ],
        example: [
            "error[pdb-match]: pay.pdb is of another build: the program names {A025DBAE-4F5D-CD7F-4C4C-44205044422E}, the PDB is {EE8E09E2-F302-8AFF-4C4C-44205044422E}",
            "错误[pdb-match]: pay.pdb 属于另一次构建:程序指明 {A025DBAE-4F5D-CD7F-4C4C-44205044422E},PDB 为 {EE8E09E2-F302-8AFF-4C4C-44205044422E}",
        ],
    },
    Topic {
        id: "pdb-functions",
        command: "inspect",
        title: ["the PDB knows the functions", "PDB 认识这些函数"],
        why: [
            "A PDB of the right link may still have been stripped of its public symbols: then a stack of the dump has addresses only.",
            "即便出自同一次链接,PDB 的公共符号也可能已被裁剪:转储中的堆栈便只有地址。",
        ],
        fix: [
            "Link with public symbols and with debug information in all object files; do not strip the PDB.",
            "链接时保留公共符号,所有目标文件都带调试信息;不要裁剪 PDB。",
        ],
        example: [
            "    1482 of 1532 functions by address, 96.74 %, of Go's function table; lines of C code only (Go's are in DWARF); no srcsrv",
            "    按地址 1482 / 1532 个函数,96.74 %,以 Go 函数表为准;仅有 C 代码的行(Go 的在 DWARF 中);没有 srcsrv",
        ],
    },
    Topic {
        id: "pdb-paths",
        command: "inspect",
        title: ["paths in the PDB are those that were agreed on", "PDB 中的路径符合约定"],
        why: [
            "A source server and a debugger find sources by the paths in the PDB; those of a person's machine are found nowhere else, and tell outsiders the machine's folders and users.",
            "源码服务器与调试器依靠 PDB 中的路径找到源码;个人机器上的路径在别处找不到,还会向外人泄露机器的目录与用户名。",
        ],
        fix: [
            "Compile with -ffile-prefix-map=OLD=/src, link with -Wl,--pdb=NAME and -trimpath; each finding names the flag that avoids it.",
            "编译时使用 -ffile-prefix-map=OLD=/src,链接时使用 -Wl,--pdb=NAME 与 -trimpath;每项结果都会指明可避免它的标志。",
        ],
        example: [
            "      3 of the machine that built it: /tmp/go-link-1234/000000.o (--forbid-source-prefix local)",
            "      3 处属于构建机器:/tmp/go-link-1234/000000.o(--forbid-source-prefix local)",
        ],
    },
    Topic {
        id: "program",
        command: "snapshot",
        title: ["how it is built is known", "构建方式已知"],
        why: [
            "A snapshot without build info has nothing that a later comparison could rest on.",
            "没有构建信息的快照,日后的比较便无所依据。",
        ],
        fix: [
            "Take the snapshot of a program that the go command built, or of the folder it is built in.",
            "请对 go 命令构建的程序或其构建目录记录快照。",
        ],
        example: [
            "goward: warning: program: no build info: it is no Go program, or it is packed, or was stripped of it",
            "goward: 警告: 程序: 没有构建信息:不是 Go 程序,或已加壳,或被去除",
        ],
    },
    Topic {
        id: "toolchain",
        command: "snapshot",
        title: ["the toolchain itself is recorded", "已记录工具链本身"],
        why: [
            "A patched toolchain calls itself by the same version; only the build IDs of its tools and a digest of the standard library tell it apart.",
            "经修改的工具链使用相同的版本号;只有其工具的构建 ID 与标准库摘要能将其区分。",
        ],
        fix: [
            "Record where it is built: `goward snapshot DIR --binary FILE`.",
            "在构建处记录:`goward snapshot DIR --binary FILE`。",
        ],
        example: [
            "  ✔ pass          P1  toolchain\n      go1.26.8, 6 tools",
            "  ✔ 通过  P1  toolchain\n      go1.26.8,6 个工具",
        ],
    },
    Topic {
        id: "links",
        command: "snapshot",
        title: ["what it asks of the C library is recorded", "已记录其对 C 库的要求"],
        why: [
            "A program that asks for a newer glibc than the target has does not start there.",
            "若程序要求的 glibc 比目标更新,则无法在目标上启动。",
        ],
        fix: [
            "Take the snapshot of the linked program (--binary): sources alone do not tell what the linker will ask for.",
            "对链接后的程序记录快照(--binary):仅凭源码无法知道链接器会要求什么。",
        ],
        example: [
            "  – skip          P1  links\n      it is not linked yet",
            "  – 跳过  P1  links\n      尚未链接",
        ],
    },
    Topic {
        id: "godebug",
        command: "snapshot",
        title: ["the defaults of GODEBUG are known", "GODEBUG 默认值已知"],
        why: [
            "The go line of go.mod and //go:debug lines change defaults of TLS, HTTP and x509; each main package may have its own.",
            "go.mod 的 go 行与 //go:debug 行会改变 TLS、HTTP 与 x509 的默认值;每个 main 包可以不同。",
        ],
        fix: ["Name one program: --package ./cmd/NAME.", "指明一个程序:--package ./cmd/NAME。"],
        example: [
            "goward: warning: GODEBUG: its programs have several defaults; name one with --package",
            "goward: 警告: GODEBUG: 其各程序的默认值不同;用 --package 指明一个",
        ],
    },
    Topic {
        id: "runtime",
        command: "snapshot",
        title: ["the variables of the process are recorded", "已记录进程变量"],
        why: [
            "GODEBUG, GOGC and GOMEMLIMIT change how a program runs without a trace in its file.",
            "GODEBUG、GOGC 与 GOMEMLIMIT 会改变程序的运行方式,而文件中不留痕迹。",
        ],
        fix: [
            "Run goward as the process's user, or as root.",
            "以该进程的用户或 root 身份运行 goward。",
        ],
        example: [
            "goward: warning: variables: its variables: permission denied",
            "goward: 警告: 变量: 其环境变量: permission denied",
        ],
    },
    Topic {
        id: "repro.bit-for-bit",
        command: "repro",
        title: ["both programs are the same, bit for bit", "两个程序逐位相同"],
        why: [
            "Only what can be built again bit for bit can be held against its source by somebody else; a difference hides what nobody reviewed. Where there are causes, each is an outcome of its own (`repro.build-path`, …).",
            "只有能逐位重建的程序,他人才能对照源码验证;差异之中可能藏有无人审查的内容。找到的每个原因是一项单独的结果(`repro.build-path` 等)。",
        ],
        fix: [
            "`goward explain CAUSE` says what to do about each cause that is named; -trimpath and a clean checkout are most of it.",
            "`goward explain 原因` 说明如何处理各个原因;-trimpath 与干净的检出能解决大部分。",
        ],
        example: [
            "  ✔ pass          P1  repro.bit-for-bit\n      sha256 5e0c…",
            "  ✔ 通过  P1  repro.bit-for-bit\n      sha256 5e0c…",
        ],
    },
    Topic {
        id: "matrix.*",
        command: "matrix",
        title: [
            "a Go version builds it for a platform, with cgo or without: matrix.go1.24.11.linux-arm64.cgo",
            "某个 Go 版本能为某个平台构建(启用或不启用 cgo):matrix.go1.24.11.linux-arm64.cgo",
        ],
        why: [
            "What is released for a platform, or promised to compile with a version, is known to build only when it was built.",
            "为某平台发布或承诺支持某版本的代码,只有真正构建过才知道能够构建。",
        ],
        fix: [
            "The cause is named with its fix (`goward explain cgo.no-compiler`): most often a cross compiler is missing; a cell that may fail is allowed with --allow, or in [matrix].",
            "结果会给出原因及其修复方法(`goward explain cgo.no-compiler`):多为缺少交叉编译器;允许失败的单元可用 --allow 或在 [matrix] 中写明。",
        ],
        example: [
            "[1] linux/arm64 cgo: cgo.no-compiler: there is no C compiler for linux/arm64: gcc compiles for another platform\n    fix: install aarch64-linux-gnu-gcc (Debian, Ubuntu: apt-get install gcc-aarch64-linux-gnu), or zig (pip install ziglang), or name one: --cc linux/arm64=PROGRAM",
            "[1] linux/arm64 cgo: cgo.no-compiler: 没有 linux/arm64 的 C 编译器：gcc 为其他平台编译",
        ],
    },
];
