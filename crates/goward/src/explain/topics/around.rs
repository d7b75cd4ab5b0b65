//! What the hook says of what is around a commit.

use super::Topic;

/// They block nobody.
pub(super) const TOPICS: &[Topic] = &[
    Topic {
        id: "module-stale",
        command: "hook run",
        title: ["modules around it can be loaded", "周围的模块可以加载"],
        why: [
            "A module that replaces or uses what changed could not be loaded before the change either, or is not on the disk: who imports there what changed was not compiled.",
            "替换或使用所改内容的模块在改动之前就无法加载,或不在磁盘上:其中的导入者没有编译。",
        ],
        fix: [
            "Mend that module in a commit of its own (`go build ./...` in it says what is wrong); of a sparse checkout: let CI judge it.",
            "在单独的提交中修复该模块(在其中执行 `go build ./...` 可知原因);若为稀疏检出:交由 CI 评判。",
        ],
        example: [
            "  examples is not compiled, as before this change: updates to go.mod needed, disabled by -mod=readonly",
            "  examples 未编译，与此改动之前一样：updates to go.mod needed, disabled by -mod=readonly",
        ],
    },
    Topic {
        id: "workspace",
        command: "hook run",
        title: ["the workspace is the repository's", "工作区属于本仓库"],
        why: [
            "A go.work above the repository, or of GOWORK, is not part of the commit: whoever builds the commit may have none, or another.",
            "仓库之上的 go.work,或 GOWORK 所指的文件,不属于提交:构建者可能没有它,或另有一个。",
        ],
        fix: [
            "Judge the commit with GOWORK=off, unless CI has the same workspace.",
            "除非 CI 也有相同的工作区,否则以 GOWORK=off 评判。",
        ],
        example: [
            "  judged with /src/go.work, which the commit has not (GOWORK=off judges without it)",
            "  按 /src/go.work 评判，而提交中没有它（GOWORK=off 则不使用）",
        ],
    },
    Topic {
        id: "submodule-staged",
        command: "hook run",
        title: ["submodules are as they are staged", "子模块与暂存的一致"],
        why: [
            "The worktree of a submodule has another commit, or files that are in none: the commit that is staged was judged.",
            "子模块的工作区处于另一提交,或有未提交的文件:评判的是暂存的提交。",
        ],
        fix: [
            "Where its new commit is meant: commit there, and `git add` the submodule here.",
            "若要采用其新的提交:先在其中提交,再在此处 `git add` 该子模块。",
        ],
        example: [
            "  lib: judged at the commit that is staged; the worktree has something else (`git add` takes its commit)",
            "  lib：按暂存的提交评判；工作区与之不同（`git add` 会采用其提交）",
        ],
    },
    Topic {
        id: "submodule-unnamed",
        command: "hook run",
        title: ["every submodule can be checked out", "每个子模块都可检出"],
        why: [
            "A repository within the worktree was added as it is: git notes its commit, and nobody else can get it, since .gitmodules does not name it.",
            "工作区内的另一个仓库被原样加入:git 只记下其提交,而 .gitmodules 未列出它,其他人无法取得。",
        ],
        fix: [
            "git rm --cached it, remove its .git and add it again; or use git submodule add.",
            "执行 git rm --cached,删除其 .git 后重新添加;或使用 git submodule add。",
        ],
        example: [
            "  lib: a repository of its own that .gitmodules does not name, an empty folder in every clone",
            "  lib：是独立的仓库，而 .gitmodules 未列出它，克隆后为空目录",
        ],
    },
    Topic {
        id: "module-template",
        command: "hook run",
        title: ["go.mod can be read", "go.mod 可读取"],
        why: [
            "A go.mod below the top that has `{{` in it and that Go cannot read is what a generator makes one of: nothing of its folder is compiled.",
            "顶层目录之下含有 `{{` 且 Go 无法读取的 go.mod 是生成器的模板:其目录中的内容不编译。",
        ],
        fix: [
            "Nothing, where it is a template; test what the generator makes of it. Otherwise write the module's path into it.",
            "若确为模板则无需处理;请测试生成器的产物。否则在其中写入模块路径。",
        ],
        example: [
            "  templates/svc is not compiled: its go.mod is a template",
            "  templates/svc 未编译：其 go.mod 是模板",
        ],
    },
    Topic {
        id: "submodule-named",
        command: "hook run",
        title: ["every submodule can be checked out", "每个子模块都可检出"],
        why: [
            "The change takes a submodule's path out of .gitmodules, and the submodule stays: git then knows no address for it, and its folder is empty in every clone.",
            "改动从 .gitmodules 中移除了某子模块的路径,而子模块仍在:git 便不知道其地址,每个克隆中该目录都是空的。",
        ],
        fix: [
            "git checkout HEAD -- .gitmodules, or take the submodule away, too: git rm --cached PATH.",
            "git checkout HEAD -- .gitmodules,或一并移除子模块:git rm --cached PATH。",
        ],
        example: [
            "  .gitmodules:1:1: the submodule lib loses its name: it is an empty folder in every clone [submodule-named]",
            "  .gitmodules:1:1: 子模块 lib 失去其名称：在每个克隆中都是空目录 [submodule-named]",
        ],
    },
    Topic {
        id: "staged",
        command: "hook run",
        title: ["what is staged is here", "暂存的内容在本机"],
        why: [
            "In a partial clone git fetches files when they are read; those that the judgement needs are not here, and the remote did not give them.",
            "部分克隆(partial clone)中 git 在读取文件时才获取;评判所需的文件不在本机,而远端未提供。",
        ],
        fix: [
            "Reach the remote and run it again, or leave it to CI (git commit --no-verify).",
            "连通远端后重试,或交由 CI 评判(git commit --no-verify)。",
        ],
        example: [
            "  this clone does not have all that is needed, and its remote does not answer: could not fetch 5716ca5 from promisor remote",
            "  this clone does not have all that is needed, and its remote does not answer: could not fetch 5716ca5 from promisor remote",
        ],
    },
    Topic {
        id: "push-elsewhere",
        command: "hook run --push",
        title: ["what other remotes have is told", "说明其他远端已有的内容"],
        why: [
            "The push is blocked, and another remote has some of its commits already: whether this remote may have them, too, nobody here can say (a private remote may hold what a public one must not).",
            "推送被阻止,而其他远端已有其中一些提交:这里无法判断此远端是否也可以拥有它们(私有远端可能含有公开远端不应有的内容)。",
        ],
        fix: [
            "Bring the remote to where the others are (git push REMOTE BRANCH), or name the files that may hold such in goward.toml: hook.allow.",
            "先使该远端与其他远端一致(git push REMOTE BRANCH),或在 goward.toml 中用 hook.allow 列出允许的文件。",
        ],
        example: [
            "  another remote has some of these commits, fork has not: they are judged, too",
            "  其他远端已有其中一些提交，而 fork 没有：它们也会被评判",
        ],
    },
    Topic {
        id: "push-remote",
        command: "hook run --push",
        title: ["what the remote has is known", "已知远端有什么"],
        why: [
            "Nothing was fetched from the remote yet, or a URL is pushed to: what any other remote has counts as known there, and secrets in it were not looked for.",
            "尚未从该远端获取过内容,或推送到 URL:其他远端已有的视为已知,其中的密钥未查找。",
        ],
        fix: [
            "git fetch the remote first; before a history becomes public: goward hook run --since its first commit.",
            "先 git fetch 该远端;在历史公开之前:执行 goward hook run --since 其首个提交。",
        ],
        example: [
            "  nothing is known here of what public has: secrets that another remote has already were not looked for",
            "  此处不知道 public 已有什么：未查找其他远端已有的密钥",
        ],
    },
];
