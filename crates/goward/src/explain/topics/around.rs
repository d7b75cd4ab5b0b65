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
