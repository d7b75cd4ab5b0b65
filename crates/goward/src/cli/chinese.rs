//! The Chinese help. One table; a test holds it against the command line.

use clap::Command;

/// Subcommand path (or the empty string for goward itself) and argument id (or nothing for the
/// subcommand itself) → help.
const TABLE: &[(&str, &str, &str)] = &[
    (
        "",
        "",
        "Go 构建与发布之间的门禁。\n\n退出码：0 放行，1 关闭，2 用法或配置错误，3 无法判定，101 goward 自身缺陷，130 被中断。",
    ),
    ("", "format", "标准输出的格式：human、json、sarif、junit、github 或 markdown"),
    ("", "output", "同时把报告写入 FILE，格式由扩展名决定（.json .sarif .xml .md .txt）；可重复"),
    ("", "lang", "发现与帮助的语言：en 或 zh（默认取自 LANG）"),
    ("", "color", "是否使用颜色"),
    ("", "quiet", "只显示未通过的项"),
    ("", "verbose", "显示更多"),
    ("check", "", "运行编译前检查清单"),
    ("check", "dir", "模块目录，即 go.mod 所在目录"),
    ("check", "only", "只运行该检查（及其前置项）；可重复"),
    ("check", "skip", "跳过该检查；可重复"),
    ("check", "group", "只运行该组的检查；可重复"),
    ("check", "policy", "策略文件（默认：DIR 或其上级目录中、仓库范围内的 goward.toml）"),
    ("check", "set", "设置策略中的一个键；可重复"),
    ("check", "root", "代表容器根目录的文件夹：检查 TLS 文件本身"),
    ("check", "pid", "同时检查运行中进程的审计开关（不带数字时为 1）"),
    ("check", "online", "同时询问校验和数据库与模块代理"),
    ("check", "since", "列出自该版本以来新增的模块"),
    (
        "check",
        "from_list",
        "从文件取得包，即 go list -e -deps -test -json ./... 的输出（- 表示标准输入）",
    ),
    ("check", "jobs", "同时执行的项数"),
    ("check", "no_history", "不保存本次运行"),
    ("build", "", "运行 go 并观察:阶段、工具、内存;失败时给出原因、负责方与修复"),
    (
        "build",
        "words",
        "go 要做什么,写在 `--` 之后:build、test、vet、install、run、list 等及其参数;省略动词即为 build",
    ),
    ("build", "deadline", "超过此时间即结束:90s、10m、1h30m"),
    ("build", "max_rss", "所有进程的内存超过此值即结束:512MiB、4GiB"),
    ("build", "retry_infra", "原因会自行消失时,最多重试 N 次"),
    ("build", "isolated", "使用独立的空构建缓存,发布应如此;结束后删除"),
    ("build", "timeline", "显示各阶段与各包的工作时间"),
    ("build", "html", "写出可缩放的时间线页面"),
    ("build", "trace", "写出供 Perfetto 与 chrome://tracing 使用的跟踪"),
    ("build", "otlp_file", "以 OTLP JSON 写出 OpenTelemetry 跟踪"),
    (
        "build",
        "otlp",
        "把 OpenTelemetry 跟踪发送到该收集器(默认:已设置的 OTEL_EXPORTER_OTLP_ENDPOINT)",
    ),
    ("build", "release", "属于发布分支,失败的等级提高一级"),
    ("build", "slo", "说明失败消耗谁的错误预算"),
    ("build", "silent", "不在 go 的输出之外添加任何内容"),
    ("build", "no_history", "不保存本次构建"),
    ("explain", "", "从日志解释失败的构建；或解释一项检查、一种原因；或列出检查"),
    ("explain", "subject", "日志文件、`-`（标准输入）、检查或原因的标识；省略则列出全部检查"),
    ("explain", "release", "用于日志：属于发布分支，等级提高一级"),
    ("explain", "slo", "用于日志：说明该失败消耗谁的错误预算"),
    ("history", "", "查看以往的运行"),
    ("history", "db", "数据库（默认取自策略，否则为 $XDG_STATE_HOME/goward/history.db）"),
    ("history list", "", "列出运行，最新在前"),
    ("history list", "limit", "条数"),
    ("history list", "target", "只列出该目标的运行"),
    ("history build", "", "列出观察过的构建,最新在前,并把最近一次与之前的比较"),
    ("history build", "limit", "条数"),
    ("history build", "target", "只列出该目录中的构建"),
    ("history show", "", "按当时的报告显示一次运行"),
    ("history show", "run", "运行的名称、唯一前缀，或 `latest`"),
    ("config", "", "解释、校验和创建策略"),
    ("config explain", "", "显示每个值及其来源"),
    ("config explain", "key", "只显示以此开头的键"),
    ("config explain", "dir", "策略所属的目录"),
    ("config explain", "set", "设置一个键，同 `check --set`；可重复"),
    ("config schema", "", "打印 goward.toml 的 JSON Schema"),
    ("config init", "", "写出一份带说明的 goward.toml"),
    ("config init", "dir", "写到哪里"),
    ("context", "", "显示 docker build 会发送什么，以及其中不该有什么"),
    ("context ls", "", "列出会发送的文件"),
    ("context ls", "dir", "会被发送的目录"),
    ("context ls", "file", "Dockerfile（默认：DIR 中的 Dockerfile）"),
    ("context size", "", "按目录和种类显示 .dockerignore 前后的大小，以及最大的文件"),
    ("context size", "dir", "会被发送的目录"),
    ("context size", "file", "Dockerfile（默认：DIR 中的 Dockerfile）"),
    ("context why", "", "说明 .dockerignore 的哪一行决定某个路径"),
    ("context why", "path", "相对于所发送目录的路径"),
    ("context why", "dir", "会被发送的目录"),
    ("context why", "file", "Dockerfile（默认：DIR 中的 Dockerfile）"),
    ("context leaks", "", "列出不该进入构建上下文的内容；发送了机密时退出码为 1"),
    ("context leaks", "dir", "会被发送的目录"),
    ("context leaks", "file", "Dockerfile（默认：DIR 中的 Dockerfile）"),
    ("context suggest", "", "打印可排除不该发送内容的 .dockerignore 行"),
    ("context suggest", "dir", "会被发送的目录"),
    ("context suggest", "file", "Dockerfile（默认：DIR 中的 Dockerfile）"),
    ("graph", "", "查询包图：why、cycles、stats 与图形；不运行 go list"),
    ("graph why", "", "显示某个包为何在构建中：最短的导入链，附每处导入的文件与行"),
    ("graph why", "package", "导入路径"),
    ("graph why", "all", "从每个被构建的包各给一条链，而不只是最短的"),
    ("graph why", "dir", "模块或工作区的目录：其中及其下的包"),
    ("graph why", "tests", "也看这些包的测试"),
    (
        "graph why",
        "pattern",
        "哪些包，写法同 go list：./x、./x/...、x/...、导入路径、all、std、cmd、work、tool；可重复（默认：目录及其下的包）",
    ),
    (
        "graph why",
        "from_list",
        "从文件取得包，即 go list -deps -json ./... 的输出（- 表示标准输入）",
    ),
    ("graph affected", "", "显示一次更改波及什么：包、测试与程序，各附原因"),
    ("graph affected", "files", "更改、新增或删除的文件（默认：与 HEAD 不同的全部）"),
    ("graph affected", "since", "自本分支离开 REV 处以来的全部差异，含未跟踪的文件"),
    ("graph affected", "staged", "已暂存的内容，且按暂存的样子看包"),
    ("graph affected", "kind", "只打印导入路径，且只打印一类"),
    ("graph affected", "dir", "模块或工作区的目录"),
    ("graph cycles", "", "显示导入环，附每处导入的文件与行；存在时退出码为 1"),
    ("graph cycles", "dir", "模块或工作区的目录：其中及其下的包"),
    ("graph cycles", "tests", "也看这些包的测试"),
    (
        "graph cycles",
        "pattern",
        "哪些包，写法同 go list：./x、./x/...、x/...、导入路径、all、std、cmd、work、tool；可重复（默认：目录及其下的包）",
    ),
    (
        "graph cycles",
        "from_list",
        "从文件取得包，即 go list -deps -json ./... 的输出（- 表示标准输入）",
    ),
    ("graph stats", "", "统计包与导入；列出最深、被导入最多与最重的包"),
    ("graph stats", "dir", "模块或工作区的目录：其中及其下的包"),
    ("graph stats", "tests", "也看这些包的测试"),
    (
        "graph stats",
        "pattern",
        "哪些包，写法同 go list：./x、./x/...、x/...、导入路径、all、std、cmd、work、tool；可重复（默认：目录及其下的包）",
    ),
    (
        "graph stats",
        "from_list",
        "从文件取得包，即 go list -deps -json ./... 的输出（- 表示标准输入）",
    ),
    ("graph dot", "", "以 Graphviz 格式打印图，其他模块的包合并显示"),
    ("graph dot", "dir", "模块或工作区的目录：其中及其下的包"),
    ("graph dot", "tests", "也看这些包的测试"),
    (
        "graph dot",
        "pattern",
        "哪些包，写法同 go list：./x、./x/...、x/...、导入路径、all、std、cmd、work、tool；可重复（默认：目录及其下的包）",
    ),
    (
        "graph dot",
        "from_list",
        "从文件取得包，即 go list -deps -json ./... 的输出（- 表示标准输入）",
    ),
    ("graph mermaid", "", "以 Mermaid 格式打印图，其他模块的包合并显示"),
    ("graph mermaid", "dir", "模块或工作区的目录：其中及其下的包"),
    ("graph mermaid", "tests", "也看这些包的测试"),
    (
        "graph mermaid",
        "pattern",
        "哪些包，写法同 go list：./x、./x/...、x/...、导入路径、all、std、cmd、work、tool；可重复（默认：目录及其下的包）",
    ),
    (
        "graph mermaid",
        "from_list",
        "从文件取得包，即 go list -deps -json ./... 的输出（- 表示标准输入）",
    ),
    ("graph html", "", "打印供浏览器查看的图页面，其他模块的包合并显示"),
    ("graph html", "dir", "模块或工作区的目录：其中及其下的包"),
    ("graph html", "tests", "也看这些包的测试"),
    (
        "graph html",
        "pattern",
        "哪些包，写法同 go list：./x、./x/...、x/...、导入路径、all、std、cmd、work、tool；可重复（默认：目录及其下的包）",
    ),
    (
        "graph html",
        "from_list",
        "从文件取得包，即 go list -deps -json ./... 的输出（- 表示标准输入）",
    ),
    ("graph json", "", "按 go list -deps -json 的形式打印包，每行一个"),
    ("graph json", "dir", "模块或工作区的目录：其中及其下的包"),
    ("graph json", "tests", "也看这些包的测试"),
    (
        "graph json",
        "pattern",
        "哪些包，写法同 go list：./x、./x/...、x/...、导入路径、all、std、cmd、work、tool；可重复（默认：目录及其下的包）",
    ),
    (
        "graph json",
        "from_list",
        "从文件取得包，即 go list -deps -json ./... 的输出（- 表示标准输入）",
    ),
    ("graph verify", "", "与 go list -e -deps -test -json 比较；有任何差异时退出码为 1"),
    ("graph verify", "dir", "模块或工作区的目录：其中及其下的包"),
    ("graph verify", "pattern", "哪些包，写法同 go list；可重复"),
    ("inspect", "", "检视程序:构建信息、函数、符号、调试信息;某一级不足时退出码为 1"),
    ("inspect", "files", "程序:由 Go 1.18 及以上版本构建的 ELF、Mach-O 或 PE"),
    ("inspect", "need", "程序必须支持什么;可重复"),
    ("inspect", "min_percent", "所需的每一级,每百个函数中至少要认识多少个"),
    (
        "inspect",
        "debug_file",
        "存放已裁剪程序调试信息的文件或 dSYM(默认:按 build ID 或 .gnu_debuglink 查找,或在程序旁边)",
    ),
    ("inspect", "pdb", "Windows 程序的 PDB(默认:程序旁边,或链接器写出的位置)"),
    ("inspect", "require_source_prefix", "PDB 中的源文件路径必须以此开头(/src/);可重复"),
    (
        "inspect",
        "forbid_source_prefix",
        "PDB 中任何路径都不得以此开头(/home/);`local`:构建机器上的任何位置;可重复",
    ),
    ("inspect", "sbom", "写出物料清单:CycloneDX 1.6,JSON"),
    ("inspect", "provenance", "写出 in-toto 的 SLSA v1 来源声明"),
    ("inspect", "sign_key", "用该密钥(Ed25519 或 P-256,PKCS #8 PEM)签名来源声明:DSSE 信封"),
    ("inspect", "no_history", "不保存本次运行"),
    ("cache", "", "查看 Go 的缓存，校验 go build 所信任的内容，分级清理"),
    ("cache status", "", "显示缓存的内容、自动清理会删除的部分、构建的命中率，以及过时的程序"),
    ("cache status", "dir", "构建缓存（默认：go 命令所用的 GOCACHE）"),
    ("cache verify", "", "用名称和构建 ID 核对构建缓存中的每个对象；有对象被篡改时退出码为 1"),
    ("cache verify", "dir", "构建缓存（默认：go 命令所用的 GOCACHE）"),
    ("cache verify", "jobs", "同时读取的对象数（默认：每个处理器一个）"),
    ("cache verify", "rebuild", "另在全新缓存中编译此模块的包（及其全部导入）并比较"),
    ("cache clean", "", "显示清理会删除什么；加 --yes 才真正删除"),
    ("cache clean", "dir", "构建缓存（默认：go 命令所用的 GOCACHE）"),
    ("cache clean", "cache", "整个构建缓存，同 go clean -cache"),
    ("cache clean", "tests", "测试的输出：所有测试都会重新运行"),
    ("cache clean", "modules", "整个模块缓存，同 go clean -modcache"),
    ("cache clean", "thorough", "构建缓存、模块缓存，以及 GOBIN 中的 Go 程序"),
    ("cache clean", "corrupt", "只删除 `goward cache verify` 发现已损坏的内容"),
    ("cache clean", "older_than", "只删除超过此时间未使用的内容：12h、7d"),
    ("cache clean", "go", "只删除此工具链编译的内容：go1.24.11"),
    ("cache clean", "yes", "真正删除"),
    ("matrix", "", "按 Go 版本、平台、是否启用 cgo 逐一构建：预测什么、测得什么、为何失败"),
    ("matrix", "patterns", "哪些包，写法同 go build"),
    ("matrix", "dir", "模块或工作区的目录"),
    ("matrix", "go", "Go 版本：1.24（其最新发布）、1.21..1.26、1.24.11、local；可重复"),
    ("matrix", "platform", "平台：GOOS/GOARCH，或 host；可重复"),
    ("matrix", "cgo", "启用 cgo、不启用，或两者各一"),
    ("matrix", "cc", "某平台的 C 编译器：OS/ARCH=程序；可重复（默认：找到的第一个能编译的）"),
    ("matrix", "allow", "允许失败的单元：OS/ARCH、OS/ARCH/cgo 或 OS/ARCH/nocgo；可重复"),
    ("matrix", "predict", "只说明每个单元的预期，不构建"),
    ("matrix", "resume", "自上次以来无改动时，保留已完成的单元"),
    ("matrix", "jobs", "同时构建多少个单元（默认：处理器数的一半）"),
    ("matrix", "max_memory", "所有单元合计可占的内存：2GiB（默认：空闲内存的五分之四）"),
    ("matrix", "deadline", "单个单元的最长时间：90s、10m"),
    ("matrix", "retry_infra", "原因会自行消失时，最多重试 N 次"),
    ("matrix", "html", "把表格写成供浏览器查看的页面"),
    ("matrix", "no_history", "不保存本次运行"),
    ("matrix", "flags", "go build 的标志，写作 -名称=值，如 -- -tags=netgo -trimpath"),
    ("hook", "", "在提交之前评判提交：恰好是已暂存的内容"),
    ("hook run", "", "评判已暂存的内容：模块、密钥、包，然后编译改动及其测试"),
    ("hook run", "dir", "仓库中的目录"),
    ("hook run", "since", "用于 CI：评判检出的内容，与本分支离开 REV 处相比"),
    ("hook run", "push", "推送之前：评判 git 在标准输入中列出的提交"),
    ("hook run", "deep", "编译所有导入改动之处的包，而不只是直接导入者"),
    ("hook run", "budget", "可用的秒数（默认：策略的 hook.budget_ms，即 10）"),
    ("hook run", "policy", "策略文件（默认：模块目录或其上的 goward.toml，不出仓库）"),
    ("hook run", "set", "设置策略的一个键；可重复"),
    ("hook install", "", "让 git 在每次提交前运行；已有的钩子会保留并先运行"),
    ("hook install", "dir", "仓库中的目录"),
    ("hook install", "push", "每次推送前也运行"),
    ("hook uninstall", "", "移除钩子，并恢复原有的钩子"),
    ("hook uninstall", "dir", "仓库中的目录"),
    ("hook record", "", "按策略 hook.record，写明提交的树已被评判：由 git 运行"),
    ("hook record", "message", "提交说明的文件（commit-msg）；不给时，为最近的提交加注（note）"),
    ("hook record", "dir", "仓库中的目录"),
    ("hook audit", "", "列出在此从未被钩子评判过的提交（--no-verify、别的机器）；存在时退出码为 1"),
    ("hook audit", "range", "提交范围，写法同 git log（默认：远端没有的提交，否则最近 50 个）"),
    ("hook audit", "dir", "仓库中的目录"),
    ("chaos", "", "故意破坏构建，看其原因是否得到应有的解释"),
    ("chaos list", "", "列出场景：做什么、应报告什么原因、需要什么"),
    (
        "chaos run",
        "",
        "运行场景；任何场景未得到应有的归类时退出码为 1。不给 go 命令时构建一个自带的小模块；缓存总是另建的空缓存",
    ),
    ("chaos run", "scenario", "场景的名称；可多个"),
    ("chaos run", "all", "全部场景"),
    ("chaos run", "stage", "该阶段的全部场景：list、resolve、compile、link、cache 或 env；可重复"),
    (
        "chaos run",
        "probability",
        "故障每次可能发生时发生的概率，0 到 1（默认：由场景决定，多为 1）",
    ),
    ("chaos run", "seed", "决定故障击中谁；相同的数得到相同的结果（默认：随机，并打印出来）"),
    ("chaos run", "repeat", "每个场景构建多少次"),
    ("chaos run", "retry_infra", "因重试有用的原因而失败的构建最多重试多少次"),
    ("chaos run", "deadline", "单次构建最多多少秒（默认：600，或由场景决定）"),
    ("chaos run", "strace", "用 strace 观察启动了哪些程序"),
    ("chaos run", "strict", "有场景无法在此运行时退出码为 3"),
    ("chaos run", "logs", "把每次失败构建的输出保存到此目录，每个场景一个文件"),
    ("chaos run", "command", "要破坏的 go 命令，如 -- go build ./..."),
    ("plumbing", "", "供脚本使用的小而稳定的命令"),
    (
        "plumbing launch-flag",
        "",
        "服务启动时某个开关是否打开：{\"state\":\"on|off|unknown\",\"why\":\"…\"}",
    ),
    ("plumbing launch-flag", "kind", "FILE 的类型"),
    ("plumbing launch-flag", "flag", "开关名，不带横线"),
    ("plumbing launch-flag", "file", "文件；- 表示标准输入"),
    ("plumbing placeholders", "", "残留的占位符：每行一个 JSON，含 name、line、column"),
    ("plumbing placeholders", "file", "文件"),
    ("plumbing placeholders", "mode", "文件是否已渲染"),
    ("plumbing placeholders", "allow", "由部署注入的名称；可重复"),
    ("plumbing go-mod", "", "go.mod 的 JSON，与 go mod edit -json 同形；Go 拒绝时退出码为 1"),
    ("plumbing go-mod", "file", "文件；- 表示标准输入"),
    ("plumbing go-work", "", "go.work 的 JSON，与 go work edit -json 同形；Go 拒绝时退出码为 1"),
    ("plumbing go-work", "file", "文件；- 表示标准输入"),
    ("plumbing go-sum", "", "go.sum 的 JSON"),
    ("plumbing go-sum", "file", "文件；- 表示标准输入"),
    ("plumbing vendor-modules", "", "vendor/modules.txt 的 JSON"),
    ("plumbing vendor-modules", "file", "文件；- 表示标准输入"),
    ("plumbing h1", "", "目录或模块 zip 的 h1: 校验和"),
    ("plumbing h1", "path", "目录或 zip"),
    ("plumbing h1", "prefix", "目录中文件名之前的部分：模块@版本"),
    ("plumbing semver", "", "比较版本：标准输入每行 “a b” 输出一行 JSON"),
    ("plumbing module-path", "", "判断模块路径：标准输入每行输出一行 JSON"),
    ("plumbing build-list", "", "构建所选的模块：每行一个模块与版本"),
    ("plumbing build-list", "dir", "主模块或工作区的目录"),
    ("plumbing packages", "", "目录中的包及其导入的全部包，含测试：每行一个 JSON，与 go list 同形"),
    ("plumbing packages", "dir", "模块或工作区的目录"),
    ("plumbing packages", "no_tests", "不含测试"),
    ("plumbing packages", "pattern", "哪些包，写法同 go list；可重复"),
    ("plumbing go-header", "", "Go 文件代码之上的内容，JSON；Go 拒绝时退出码为 1"),
    ("plumbing go-header", "file", "文件；- 表示标准输入"),
    ("plumbing artifact", "", "程序中有什么:每个架构一行 JSON;无法读取时退出码为 1"),
    ("plumbing artifact", "file", "程序"),
    ("plumbing build-constraint", "", "求值构建约束：标准输入每行输出一行 JSON"),
    ("plumbing build-constraint", "tags", "已设置的 tag，以逗号分隔"),
    ("plumbing sumdb-note", "", "校验已签名的 note 并打印其正文；不成立时退出码为 1"),
    ("plumbing sumdb-note", "key", "验证者的密钥：名称+哈希+base64"),
    ("plumbing sumdb-note", "file", "note 文件；- 表示标准输入"),
    (
        "plumbing dockerignore-match",
        "",
        "路径是否被排除在构建上下文之外：标准输入每行输出一行 JSON",
    ),
    ("plumbing dockerignore-match", "file", ".dockerignore 文件"),
    ("plumbing dockerignore-parse", "", ".dockerignore 清理后的模式，JSON 列表"),
    ("plumbing dockerignore-parse", "file", "文件；- 表示标准输入"),
    ("plumbing tls", "", "证书的问题：由标识组成的 JSON 列表"),
    ("plumbing tls", "cert", "证书文件，叶子证书在前"),
    ("plumbing tls", "key", "私钥文件"),
    ("plumbing tls", "ca", "证书链必须到达的 CA"),
    ("plumbing tls", "host", "证书必须覆盖的名称；可重复"),
    ("plumbing tls", "min_days", "证书至少还须有效的天数"),
    ("completions", "", "打印 shell 补全脚本"),
    ("completions", "shell", "shell 名称"),
    ("man", "", "打印或写出手册页"),
    ("man", "dir", "把每个子命令的手册页写入此目录，而不是打印首页"),
];

/// Replaces the help of a command and all below it.
pub(super) fn translate(command: Command) -> Command {
    at(command, "")
}

fn at(mut command: Command, path: &str) -> Command {
    let here = TABLE.iter().filter(|(place, _, _)| *place == path);
    for (_, argument, help) in here {
        command = match *argument {
            "" => {
                let short = help.lines().next().unwrap_or_default();
                command.about(short).long_about(*help)
            }
            argument => command.mut_arg(argument, |arg| arg.help(*help).long_help(*help)),
        };
    }
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().into()).collect();
    for name in names {
        let path = if path.is_empty() { name.clone() } else { format!("{path} {name}") };
        command = command.mut_subcommand(name, |sub| at(sub, &path));
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    /// Every command and argument, as the table names them.
    fn all(command: &Command, path: &str, into: &mut Vec<(String, String)>) {
        into.push((path.to_owned(), String::new()));
        for arg in command
            .get_arguments()
            .filter(|arg| !matches!(arg.get_id().as_str(), "help" | "version"))
        {
            into.push((path.to_owned(), arg.get_id().to_string()));
        }
        for sub in command.get_subcommands() {
            let name = sub.get_name();
            all(sub, &if path.is_empty() { name.into() } else { format!("{path} {name}") }, into);
        }
    }

    #[test]
    fn everything_is_translated_and_nothing_else() {
        let mut wanted = vec![];
        all(&super::super::Cli::command(), "", &mut wanted);
        let given: Vec<_> =
            TABLE.iter().map(|(path, arg, _)| ((*path).to_owned(), (*arg).to_owned())).collect();
        assert_eq!(given, wanted);
    }
}
