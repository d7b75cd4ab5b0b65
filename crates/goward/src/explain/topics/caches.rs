//! Outcomes about the go command's cache: cache verify, cache serve.

use super::Topic;

pub(super) const TOPICS: &[Topic] = &[
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
        id: "cache.usage",
        command: "cache status",
        title: ["the build cache was looked at", "已查看构建缓存"],
        why: [
            "How much is cached, and how much of it go would trim, is seldom known until the disk is full.",
            "缓存了多少、其中多少会被 go 自动清理,往往要到磁盘写满时才知道。",
        ],
        fix: [
            "Nothing; `goward cache clean --older-than 5d` takes what go would trim.",
            "无需处理;`goward cache clean --older-than 5d` 可删除 go 会清理的内容。",
        ],
        example: [
            "cache.usage: 17.6 MiB in 200 objects and 306 index entries; trimming would take 0 (0 B)",
            "cache.usage: 200 个对象与 306 个索引条目，共 17.6 MiB；自动清理会删除 0 项（0 B）",
        ],
    },
    Topic {
        id: "cache.toolchains",
        command: "cache status",
        title: ["the build cache has packages of one toolchain", "构建缓存中只有一个工具链的包"],
        why: [
            "Packages of a toolchain that nobody uses any more take space until they are five days old. Harmless where several versions are built with.",
            "不再使用的工具链的包在五天内占用空间。若本来就用多个版本构建,则无害。",
        ],
        fix: [
            "`goward cache clean --go VERSION`",
            "`goward cache clean --go VERSION`,按版本清理。",
        ],
        example: [
            "warning[cache.toolchains]: 37 packages (17.0 MiB) are of go1.24.11; go1.26.8 is in use",
            "警告[cache.toolchains]: 37 个包（17.0 MiB）属于 go1.24.11；在用的是 go1.26.8",
        ],
    },
    Topic {
        id: "cache.modules-writable",
        command: "cache status",
        title: [
            "nothing in the module cache can be written, as go leaves it",
            "模块缓存按 go 的默认设置不可写",
        ],
        why: [
            "Go makes unpacked modules read-only, unless -modcacherw is set. What is edited there is compiled, and go build says nothing.",
            "除非设置了 -modcacherw,go 会将已解压的模块设为只读。在那里被改动的内容会被编译,而 go build 不会提示。",
        ],
        fix: [
            "Build without -modcacherw and clean once: `goward cache clean --modules --yes`. `goward check` finds what was edited.",
            "不使用 -modcacherw,并清理一次:`goward cache clean --modules --yes`。`goward check` 可发现被改动的内容。",
        ],
        example: [
            "warning[cache.modules-writable]: 1 unpacked modules can be written: x@v1.0.0 …",
            "警告[cache.modules-writable]: 1 个已解压模块可写：x@v1.0.0 …",
        ],
    },
    Topic {
        id: "cache.programs",
        command: "cache status",
        title: [
            "programs in GOBIN are of this toolchain and of the newest release that is known",
            "GOBIN 中的程序来自当前工具链与已知的最新版本",
        ],
        why: [
            "Generators and linters that were installed long ago go on running with the standard library, and its flaws, of their day.",
            "很久以前安装的生成器与检查工具仍带着当时标准库及其漏洞运行。",
        ],
        fix: ["go install PACKAGE@latest", "重新安装:go install PACKAGE@latest"],
        example: [
            "warning[cache.programs]: go.opentelemetry.io/collector/cmd/builder@v0.140.0, by go1.26.8; there is v0.165.0",
            "警告[cache.programs]: go.opentelemetry.io/collector/cmd/builder@v0.140.0，由 go1.26.8 构建；已有 v0.165.0",
        ],
    },
    Topic {
        id: "cache.clean",
        command: "cache clean",
        title: ["what was chosen is deleted", "所选内容已删除"],
        why: [
            "What could not be deleted is still believed by the next build: that is inconclusive, not clean.",
            "未能删除的内容仍会被下次构建采用:结果是无法判定,而不是干净。",
        ],
        fix: [
            "See whose file it is and which rights are missing, and clean again.",
            "查看文件属于谁、缺少哪些权限,然后再次清理。",
        ],
        example: [
            "cache.clean: build-cache /home/u/.cache/go-build: would delete 2126 (82.3 MiB)",
            "cache.clean: build-cache /home/u/.cache/go-build：将删除 2126 项（82.3 MiB）",
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
];
