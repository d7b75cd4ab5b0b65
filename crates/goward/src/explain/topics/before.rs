//! Outcomes before and during the build: hook, build.

use super::Topic;

pub(super) const TOPICS: &[Topic] = &[
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
        id: "conflict-marker",
        command: "hook run",
        title: ["no conflict is left", "没有遗留的冲突"],
        why: [
            "A file that is added with the lines <<<<<<<, ======= and >>>>>>> is resolved for git; no compiler or parser takes it.",
            "带着 <<<<<<<、======= 和 >>>>>>> 各行添加的文件,对 git 而言已解决;编译器与解析器都不会接受。",
        ],
        fix: [
            "Choose what stays, delete the three lines, and `git add` the file. Documents and testdata are not looked at; others go into `hook.allow`.",
            "选定保留的内容,删除这三行,然后 `git add` 该文件。文档与 testdata 不检查;其余例外请写入 `hook.allow`。",
        ],
        example: [
            "  pay/fee.go:7:1: a conflict that nobody resolved [conflict-marker]",
            "  pay/fee.go:7:1: 尚未解决的冲突 [conflict-marker]",
        ],
    },
    Topic {
        id: "change",
        command: "check --since",
        title: ["what changed can be judged", "能够评判改动的内容"],
        why: [
            "`check --since REV` also does what the hook does; who cannot tell what changed cannot tell whether it compiles.",
            "`check --since REV` 也会做钩子所做的;不知道改了什么,就无法判断能否编译。",
        ],
        fix: [
            "Fetch the history of the revision (`git fetch --unshallow`, `fetch-depth: 0`), or name another one.",
            "获取该版本的历史(`git fetch --unshallow`、`fetch-depth: 0`),或指定其他版本。",
        ],
        example: [
            "  ? inconclusive  P1  change\n      git knows no revision origin/main; name a commit, a branch or a tag (in CI: fetch its history, too)",
            "  ? 无法判定  P1  change\n      git knows no revision origin/main; name a commit, a branch or a tag (in CI: fetch its history, too)",
        ],
    },
    Topic {
        id: "not-compiled",
        command: "hook run",
        title: ["every Go file is compiled", "每个 Go 文件都经过编译"],
        why: [
            "A file of another platform or tag, or of no module, may be broken, and this build would not notice.",
            "属于其他平台或标签、或不属于任何模块的文件可能有错,而此构建不会察觉。",
        ],
        fix: [
            "Let CI build it where it belongs (`GOOS=windows go vet ./...`); of a module above the repository: run the hook there.",
            "让 CI 在其所属的构建中编译(`GOOS=windows go vet ./...`);若属于仓库之上的模块:在那里运行钩子。",
        ],
        example: [
            "  a/w_windows.go: not of this build (linux/amd64, go1.26), not compiled",
            "  a/w_windows.go：不属于此构建（linux/amd64, go1.26），未编译",
        ],
    },
    Topic {
        id: "secret-history",
        command: "hook run --push, --since",
        title: ["no commit between holds a secret", "中间的提交没有密钥"],
        why: [
            "What one commit adds and the next takes away is in the history that is pushed, for everybody to read.",
            "一个提交加入、下一个提交移除的内容,仍在推送的历史中,人人可读。",
        ],
        fix: [
            "Take it out of the commit that adds it (`git rebase -i`); revoke what was pushed before; test data goes into `hook.allow`.",
            "从加入它的提交中移除(`git rebase -i`);吊销此前已推送的;测试数据请写入 `hook.allow`。",
        ],
        example: [
            "  tls.pem:1:1: a private key is in commit 3f2a91c04b7d, and stays in the history that is pushed [secret-history]",
            "  tls.pem:1:1: 提交 3f2a91c04b7d 中有私钥，并会留在推送的历史中 [secret-history]",
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
            "A submodule is another repository: where the commit that is staged was never fetched, what its worktree has was judged.",
            "子模块是另一个仓库:若暂存的提交从未获取,评判的便是其工作区的内容。",
        ],
        fix: [
            "git submodule update, or stage the commit that is checked out.",
            "执行 git submodule update,或暂存已检出的提交。",
        ],
        example: [
            "third_party/proto: the commit that is staged is not on this machine; the files were taken as they are",
            "third_party/proto：暂存的提交不在本机；其文件按现状采用",
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
