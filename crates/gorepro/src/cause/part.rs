//! Causes that change what they name, and what follows from that.

use super::{Cause, Reach};

pub(super) const CAUSES: &[Cause] = &[
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
