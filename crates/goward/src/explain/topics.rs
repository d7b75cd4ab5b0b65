//! What a report says beside checks, causes and differences: outcomes of inspect, snapshot, repro, matrix, cache, build
//! and hook. Data.

use goward_model::Lang;

/// An outcome that some command prints.
pub(super) struct Topic {
    /// Its identifier; a `*` at the end stands for what differs from run to run.
    pub(super) id: &'static str,
    /// Who prints it.
    command: &'static str,
    /// What it makes sure of: English, Chinese.
    title: [&'static str; 2],
    /// Why that matters.
    why: [&'static str; 2],
    /// What to do.
    fix: [&'static str; 2],
    /// What is printed of one; hashes are cut short.
    example: [&'static str; 2],
}

impl Topic {
    /// Its page, as Markdown.
    pub(super) fn page(&self, lang: Lang) -> String {
        let pick = |[en, zh]: [&'static str; 2]| lang.pick(en, zh);
        let heading = |en: &'static str, zh: &'static str| lang.pick(en, zh);
        format!(
            "# {}\n\n{} (`goward {}`)\n\n## {}\n\n{}\n\n## {}\n\n{}\n\n## {}\n\n```text\n{}\n```\n",
            self.id,
            pick(self.title),
            self.command,
            heading("Why", "为什么"),
            pick(self.why),
            heading("How to fix it", "如何修复"),
            pick(self.fix),
            heading("Example", "例子"),
            pick(self.example),
        )
    }

    /// Whether an identifier is of this kind.
    pub(super) fn is(&self, id: &str) -> bool {
        match self.id.strip_suffix('*') {
            Some(begin) => id.strip_prefix(begin).is_some_and(|rest| !rest.is_empty()),
            None => self.id == id,
        }
    }
}

/// All of them.
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
        id: "packages",
        command: "snapshot, hook run",
        title: [
            "what a plugin load compares is recorded; of a commit: its packages can be listed",
            "已记录插件加载时比较的内容;对提交而言:能列出其包",
        ],
        why: [
            "plugin.Open refuses a plugin by the hashes of what packages export; who does not know them cannot tell beforehand. Of a commit: what cannot be listed cannot be compiled.",
            "plugin.Open 依据包导出内容的哈希拒绝插件;不知道它们便无法事先判断。对提交而言:列不出的包也无法编译。",
        ],
        fix: [
            "Compile for the snapshot (--compile) or name its program (--binary); of a commit: correct go.mod or the import that is named, and stage it.",
            "为快照编译(--compile)或指明其程序(--binary);对提交而言:修正指明的 go.mod 或导入并暂存。",
        ],
        example: [
            "  – skip          P1  packages\n      it is not compiled; --compile does it, or name its program with --binary",
            "  – 跳过  P1  packages\n      尚未编译;使用 --compile,或用 --binary 指明其程序",
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
    Topic {
        id: "integrity.build-cache",
        command: "cache verify",
        title: [
            "nothing in the build cache was altered that go would use",
            "构建缓存中没有会被 go 使用的篡改内容",
        ],
        why: [
            "Before go uses a cached object it looks at its size, never at its content: who can write to the cache changes what ships, and go build, go test and go vet pass.",
            "go 使用缓存对象之前只看大小,从不看内容:能写入缓存者可改变发布内容,而 go build、go test 与 go vet 照样通过。",
        ],
        fix: [
            "Delete what is corrupt (`goward cache clean --corrupt --yes`), build again, and find out who can write to the folder, or whether the disk fails. Build releases with `goward build --isolated`.",
            "删除损坏的内容(`goward cache clean --corrupt --yes`)并重新构建,查明谁能写入此目录,或磁盘是否有故障。发布构建请用 `goward build --isolated`。",
        ],
        example: [
            "error[integrity.build-cache]: altered: its 2106 bytes hash to a870b48ee77e…, not to its name; go looks at the size only and will use it; package example.com/m/a; built by go1.26.8 linux/amd64; action dc3435243ed2…",
            "错误[integrity.build-cache]: 已被篡改：其 2106 字节的哈希为 a870b48ee77e…，与名称不符；go 只看大小，会使用它；包 example.com/m/a；由 go1.26.8 linux/amd64 构建；动作 dc3435243ed2…",
        ],
    },
    Topic {
        id: "cache.corrupt",
        command: "cache verify",
        title: ["nothing in the build cache is damaged", "构建缓存没有损坏"],
        why: [
            "Go notices truncated objects and unreadable entries and builds again; but something changed them, and next time it may change what go does not notice.",
            "go 能发现被截断的对象与无法读取的条目并重新构建;但有什么改动了它们,下次可能就是 go 发现不了的内容。",
        ],
        fix: [
            "`goward cache clean --corrupt --yes`; then look at the disk, and at who else writes there.",
            "`goward cache clean --corrupt --yes`;然后检查磁盘以及还有谁在写入。",
        ],
        example: [
            "error[cache.corrupt]: truncated: it has 1024 bytes, the index says 2106; go sees that and builds again",
            "错误[cache.corrupt]: 被截断：现有 1024 字节，索引记录 2106 字节；go 能发现并重新构建",
        ],
    },
    Topic {
        id: "cache.leftover",
        command: "cache verify",
        title: ["index and objects belong together", "索引与对象相互对应"],
        why: [
            "Trimming and builds that were killed leave entries without objects and half-written objects: harmless, and told so that nothing is hidden.",
            "go 的清理与被终止的构建会留下没有对象的条目与写了一半的对象:无害,列出只为不隐瞒。",
        ],
        fix: ["Nothing; go removes them in time.", "无需处理;go 会逐渐清除。"],
        example: [
            "warning[cache.leftover]: its output 9f86d081884c… is not there; go builds again",
            "警告[cache.leftover]: 其输出 9f86d081884c… 不存在；go 会重新构建",
        ],
    },
    Topic {
        id: "integrity.cache-rebuild",
        command: "cache verify --rebuild",
        title: [
            "the build cache has what a build in a fresh one makes",
            "构建缓存的内容与在全新缓存中构建的结果相同",
        ],
        why: [
            "Who can write to a cache can also recompute names, build IDs and entries, so that all fits; only a build in an empty cache tells.",
            "能写入缓存者也能重算名称、构建 ID 与条目,使一切相符;只有在空缓存中构建才能判断。",
        ],
        fix: [
            "Trust nothing in this cache: `goward cache clean --cache --yes`, build again, find out who can write to it.",
            "不要再信任此缓存:`goward cache clean --cache --yes`,重新构建,并查明谁能写入。",
        ],
        example: [
            "error[integrity.cache-rebuild]: not what a build in a fresh cache makes of package example.com/m/a: 7e9b1c… there; action dc3435243ed2…",
            "错误[integrity.cache-rebuild]: 与全新缓存中构建包 example.com/m/a 的结果不同：后者为 7e9b1c…；动作 dc3435243ed2…",
        ],
    },
    Topic {
        id: "integrity.cache-entry",
        command: "cache serve",
        title: ["entries are signed by a trusted key", "条目由可信密钥签名"],
        why: [
            "An entry says which object an action gave; who writes one without the key would have go build with theirs.",
            "条目说明某动作产生了哪个对象;没有密钥者若写入条目,便能让 go 使用他们的内容。",
        ],
        fix: [
            "Find out who writes to the cache without the key; entries that are refused are misses, and go builds itself.",
            "查明谁在没有密钥的情况下写入缓存;被拒绝的条目视为未命中,go 会自行构建。",
        ],
        example: [
            "goward cache: integrity.cache-entry: 1f/1f2e…-s: it is signed by key 5d41402abc4b2a76, which is not trusted here; go did not get it and builds action 1f2e… itself",
            "goward cache: integrity.cache-entry: 1f/1f2e…-s: 由此处不信任的密钥 5d41402abc4b2a76 签名；未交给 go，动作 1f2e… 由 go 自行构建",
        ],
    },
    Topic {
        id: "integrity.cache-object",
        command: "cache serve",
        title: ["objects are what was signed", "对象即所签内容"],
        why: [
            "An object with other bytes than were signed would become part of what ships; go itself looks only at its size.",
            "若对象的内容与所签不同,便会进入发布内容;go 自身只看大小。",
        ],
        fix: [
            "Nothing was used of it. Find out who can write to the folder or the remote.",
            "它未被使用。请查明谁能写入该目录或远端。",
        ],
        example: [
            "goward cache: integrity.cache-object: e5/e5d927df11c2…-d: altered: its bytes hash to ab5957210940…, not to what was signed; go did not get it and builds action ac96c98c368f… itself",
            "goward cache: integrity.cache-object: e5/e5d927df11c2…-d: 被篡改：内容的哈希为 ab5957210940…，与签名不符；未交给 go，动作 ac96c98c368f… 由 go 自行构建",
        ],
    },
    Topic {
        id: "cache.remote",
        command: "cache serve",
        title: ["the remote cache answers", "远端缓存有应答"],
        why: [
            "A remote that does not answer costs time and no correctness: builds go on without it.",
            "远端没有应答只损失时间,不影响正确性:构建会继续。",
        ],
        fix: [
            "Look at the address, the network and the server's log; the reason is told.",
            "检查地址、网络与服务器日志;报告中有原因。",
        ],
        example: [
            "goward cache: cache.remote: 3 outputs did not reach the remote: connection refused",
            "goward cache: cache.remote: 3 个结果未能发送到远程缓存：connection refused",
        ],
    },
    Topic {
        id: "cache.kept",
        command: "cache serve",
        title: ["what was built is kept", "构建结果已保存"],
        why: [
            "What cannot be kept (disk full, no right to write) is built again next time.",
            "无法保存的内容(磁盘已满、无写权限)下次会重新构建。",
        ],
        fix: [
            "Make room, or name a folder that can be written: --dir.",
            "腾出空间,或用 --dir 指定可写的目录。",
        ],
        example: ["  ? inconclusive  P3  cache.kept", "  ? 无法判定  P3  cache.kept"],
    },
    Topic {
        id: "build.*",
        command: "build",
        title: [
            "a stage of the build ends well: build.resolve, build.compile, build.link, …",
            "构建的某个阶段正常结束:build.resolve、build.compile、build.link 等",
        ],
        why: [
            "A build fails in one place, and what comes after only follows; the stage says where to look.",
            "构建在一处失败,其后只是连带;阶段说明应从何处着手。",
        ],
        fix: [
            "The finding names the cause: `goward explain CAUSE`.",
            "结果会指明原因:`goward explain 原因`。",
        ],
        example: [
            "warning[build.compile]: source.undefined: an identifier, field or method does not exist: pay/fee.go:3:34: undefined: rate",
            "警告[build.compile]: source.undefined: 标识符、字段或方法不存在: pay/fee.go:3:34: undefined: rate",
        ],
    },
    Topic {
        id: "compile",
        command: "hook run",
        title: ["what changed compiles, and its tests", "改动及其测试能够编译"],
        why: [
            "A commit that does not compile stops everybody who takes it.",
            "无法编译的提交会阻碍所有取用它的人。",
        ],
        fix: [
            "Correct it and `git add` the file: what is staged is compiled, not what lies in the folder.",
            "更正后 `git add` 该文件:编译的是已暂存的内容,而非目录中的内容。",
        ],
        example: [
            "  pay/fee.go:3:34: undefined: rate [compile]\n    fix: correct it and `git add` the file",
            "  pay/fee.go:3:34: undefined: rate [compile]\n    修复： 更正后 `git add` 该文件",
        ],
    },
    Topic {
        id: "secret-staged",
        command: "hook run",
        title: ["no secret is committed", "没有提交任何密钥"],
        why: [
            "What is committed once stays in every clone, whatever is deleted later.",
            "一旦提交,无论之后如何删除,都会留在每个克隆中。",
        ],
        fix: [
            "Take it out of the file, put it where secrets belong, and change the secret if it was pushed; test data goes into `hook.allow`.",
            "从文件中移除并放到应放之处;若已推送则更换密钥;测试数据请写入 `hook.allow`。",
        ],
        example: [
            "  tls.pem:1:1: a private key is about to be committed [secret-staged]",
            "  tls.pem:1:1: 即将提交一个私钥 [secret-staged]",
        ],
    },
    Topic {
        id: "module-gone",
        command: "hook run",
        title: ["no Go file loses its module", "没有 Go 文件失去其模块"],
        why: [
            "Go files without a go.mod above them are built by nobody.",
            "上层没有 go.mod 的 Go 文件不会被任何人构建。",
        ],
        fix: ["Keep go.mod, or delete the files, too.", "保留 go.mod，或一并删除这些文件。"],
        example: [
            "  go.mod:1:1: go.mod goes, and 1 Go files belong to no module any more [module-gone]",
            "  go.mod:1:1: go.mod 被删除，1 个 Go 文件不再属于任何模块 [module-gone]",
        ],
    },
    Topic {
        id: "submodule-moved",
        command: "hook run",
        title: ["submodules are as they are staged", "子模块与暂存的一致"],
        why: [
            "A submodule is another repository: what its worktree has was judged, and not what is staged.",
            "子模块是另一个仓库:评判的是其工作区的内容,而非暂存的内容。",
        ],
        fix: [
            "git submodule update, or stage the commit that is checked out.",
            "执行 git submodule update,或暂存已检出的提交。",
        ],
        example: [
            "third_party/proto: the worktree is at another commit than is staged; its files were taken as they are",
            "third_party/proto：工作区所在的提交与暂存的不同；其文件按现状采用",
        ],
    },
    Topic {
        id: "hook-*",
        command: "hook run",
        title: [
            "a step of the hook was done in time: hook-modules, hook-files, hook-packages, hook-compile",
            "钩子的某一步按时完成:hook-modules、hook-files、hook-packages、hook-compile",
        ],
        why: [
            "What the time was not enough for is not judged, and CI has to do it.",
            "因时间不够而未做的部分没有评判,须由 CI 完成。",
        ],
        fix: [
            "Raise `hook.budget_ms`, or let CI judge the rest; `hook.slow = \"closed\"` blocks such a commit.",
            "提高 `hook.budget_ms`,或由 CI 评判其余;`hook.slow = \"closed\"` 会阻止此类提交。",
        ],
        example: [
            "  ? inconclusive  P1  hook-compile\n      the time was not enough",
            "  ? 无法判定  P1  hook-compile\n      时间不够",
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_whole_in_both_languages() {
        let chinese = |text: &str| text.chars().any(|c| c > '\u{4e00}');
        for topic in TOPICS {
            for [en, zh] in [topic.title, topic.why, topic.fix] {
                assert!(!en.is_empty() && !chinese(en) && chinese(zh), "{}: {en} {zh}", topic.id);
            }
            assert!(topic.example.iter().all(|it| !it.is_empty()), "{}", topic.id);
            assert_eq!(TOPICS.iter().filter(|it| it.id == topic.id).count(), 1, "{}", topic.id);
        }
    }

    #[test]
    fn a_star_stands_for_what_differs() {
        let is = |topic: &str, id: &str| TOPICS.iter().any(|it| it.id == topic && it.is(id));
        assert!(is("matrix.*", "matrix.go1.24.11.linux-arm64.cgo") && !is("matrix.*", "matrix."));
        assert!(is("program", "program") && !is("program", "programs"));
    }
}
