//! Modules: what go.mod, go.work, go.sum and vendor say.

use super::{Cause, DEPENDENCY, DEVELOPER, DEVELOPER_BLOCKS, Owner, Retry, SECURITY, Tier, cause};

pub(super) static CAUSES: &[Cause] = &[
    cause(
        "module.gomod-invalid",
        DEVELOPER,
        ("go.mod or go.work is not valid", "go.mod 或 go.work 无效"),
        (
            "It does not parse, has a directive this Go does not know, or a version that is none.",
            "无法解析、含有当前 Go 不认识的指令,或版本写法无效。",
        ),
        (
            "Fix the named line; conflict markers of a merge are a common reason.",
            "修复所指的行;残留的合并冲突标记是常见原因。",
        ),
        "go mod edit -fmt",
    ),
    cause(
        "module.not-found-locally",
        DEVELOPER,
        (
            "there is no go.mod here, or the package is outside the main module",
            "这里没有 go.mod,或包不在主模块之内",
        ),
        (
            "The command ran in another folder than the module's, or go.mod was not copied or checked out.",
            "命令没有在模块目录运行,或 go.mod 没有被复制或检出。",
        ),
        (
            "Run it in the module's folder, or with -C; in a Dockerfile, copy go.mod first.",
            "在模块目录运行,或加 -C;在 Dockerfile 里先复制 go.mod。",
        ),
        "go env GOMOD",
    ),
    cause(
        "module.missing-requirement",
        DEVELOPER,
        ("no required module provides an imported package", "没有任何依赖模块提供所导入的包"),
        (
            "An import was added and go.mod was not; CI does not change go.mod.",
            "新增了导入却没有更新 go.mod;CI 不会改动 go.mod。",
        ),
        ("Add the requirement and commit go.mod and go.sum.", "添加依赖,并提交 go.mod 和 go.sum。"),
        "go mod tidy",
    ),
    cause(
        "module.missing-gosum",
        DEVELOPER_BLOCKS,
        ("go.sum has no entry for a module that is needed", "go.sum 缺少所需模块的条目"),
        (
            "go.mod was changed and go.sum was not committed with it, or go.sum was not copied.",
            "改了 go.mod 却没有一并提交 go.sum,或 go.sum 没有被复制。",
        ),
        ("Complete go.sum and commit it.", "补全并提交 go.sum。"),
        "go mod tidy",
    ),
    cause(
        "module.update-needed",
        DEVELOPER,
        (
            "go.mod needs updating, and the build may not do it",
            "go.mod 需要更新,而构建不允许改动它",
        ),
        (
            "go.mod is not tidy, and -mod=readonly (the default) refuses to change it.",
            "go.mod 不整洁,而默认的 -mod=readonly 不允许修改。",
        ),
        ("Tidy and commit.", "整理并提交。"),
        "go mod tidy",
    ),
    cause(
        "module.unknown-revision",
        DEPENDENCY,
        ("the version, tag or commit does not exist", "版本、标签或提交不存在"),
        (
            "It was never pushed, was removed or force-pushed away, or a pseudo-version does not fit its commit.",
            "没有推送、被删除或强制覆盖,或伪版本与提交不符。",
        ),
        ("Require a version that exists.", "改用存在的版本。"),
        "go list -m -versions MODULE",
    ),
    cause(
        "module.major-version",
        DEPENDENCY,
        ("module path and major version disagree", "模块路径与主版本不一致"),
        (
            "From v2 on the path ends in /vN (gopkg.in: .vN); versions without go.mod are +incompatible.",
            "v2 起路径须以 /vN 结尾(gopkg.in 为 .vN);没有 go.mod 的版本带 +incompatible。",
        ),
        ("Import and require the path with the right suffix.", "用带有正确后缀的路径导入和依赖。"),
        "go get MODULE/v2@latest",
    ),
    cause(
        "module.ambiguous-import",
        DEPENDENCY,
        ("two modules provide the same package", "两个模块提供了同一个包"),
        (
            "A module was split, and an old version of the parent still holds the package.",
            "模块被拆分,而旧版的父模块仍含有该包。",
        ),
        (
            "Update the older of the two modules to a version without the package, or drop it.",
            "把较旧的模块升级到不含该包的版本,或移除它。",
        ),
        "go mod graph | grep MODULE",
    ),
    cause(
        "module.path-mismatch",
        DEPENDENCY,
        (
            "the module declares another path than the one required",
            "模块声明的路径与所依赖的路径不同",
        ),
        (
            "It was renamed or forked; its go.mod names another path.",
            "模块被改名或 fork;它的 go.mod 声明了另一个路径。",
        ),
        (
            "Require the path it declares; for a fork, use a replace directive.",
            "依赖它声明的路径;fork 请用 replace 指令。",
        ),
        "go mod edit -replace OLD=NEW@VERSION",
    ),
    cause(
        "module.replace-path",
        DEVELOPER_BLOCKS,
        ("the folder of a replace directive is missing", "replace 指令指向的目录不存在"),
        (
            "A replacement on somebody's disk was committed, or the folder is not in the checkout or image.",
            "提交了只在某人磁盘上存在的替换,或该目录不在检出或镜像里。",
        ),
        ("Drop the replacement, or bring the folder along.", "去掉该替换,或把目录一起带上。"),
        "go mod edit -dropreplace MODULE",
    ),
    cause(
        "module.vendor-inconsistent",
        DEVELOPER_BLOCKS,
        ("vendor and go.mod disagree", "vendor 与 go.mod 不一致"),
        (
            "go.mod changed and vendor was not renewed, or part of vendor was not committed.",
            "改了 go.mod 却没有更新 vendor,或 vendor 没有全部提交。",
        ),
        ("Renew vendor and commit all of it.", "重新生成 vendor 并全部提交。"),
        "go mod vendor",
    ),
    cause(
        "module.workspace",
        DEVELOPER,
        (
            "go.work names a missing module, or conflicts with one",
            "go.work 指向不存在的模块,或与之冲突",
        ),
        (
            "A module was moved or not checked out, or needs a newer go line than go.work has.",
            "模块被移动或没有检出,或要求比 go.work 更新的 go 行。",
        ),
        ("Update go.work, or build without it.", "更新 go.work,或不用它构建。"),
        "go work use -r .",
    ),
    cause(
        "module.excluded-or-retracted",
        DEPENDENCY,
        ("the version is excluded or retracted", "版本被排除或撤回"),
        (
            "go.mod excludes the version that is needed, or its author retracted it.",
            "go.mod 排除了所需的版本,或其作者撤回了它。",
        ),
        ("Require another version.", "改用其他版本。"),
        "go list -m -retracted -versions MODULE",
    ),
    cause(
        "integrity.checksum-mismatch",
        SECURITY,
        ("what was downloaded is not what go.sum says", "下载内容与 go.sum 不符"),
        (
            "The bits differ from those that were recorded: a tag was moved, a proxy or cache serves something else, or somebody tampered.",
            "内容与记录不同:标签被移动、代理或缓存给出了别的内容,或有人篡改。",
        ),
        (
            "Do not delete go.sum. Find out which side changed: compare with the public proxy and the checksum database.",
            "不要删除 go.sum。先查清哪一方变了:与公共代理和校验和数据库比较。",
        ),
        "go mod verify",
    ),
    cause(
        "integrity.sumdb-mismatch",
        SECURITY,
        ("the checksum database says something else", "与校验和数据库不符"),
        (
            "The module differs from what the world got, or the database's answers contradict each other.",
            "模块与其他人得到的不同,或数据库的回答自相矛盾。",
        ),
        (
            "Stop, and compare the module with the public proxy; a moved tag of a public module looks like this too.",
            "停下来,与公共代理的内容比较;公开模块的标签被移动也会如此。",
        ),
        "GOPROXY=https://proxy.golang.org go mod download MODULE@VERSION",
    ),
    cause(
        "integrity.sumdb-missing",
        (Owner::Platform, Retry::Never, Tier::P1),
        ("the checksum database does not know the module", "校验和数据库不认识该模块"),
        (
            "It is private, and GOPRIVATE or GONOSUMDB does not say so, or the database cannot be used here.",
            "它是私有模块而 GOPRIVATE 或 GONOSUMDB 没有声明,或此处无法使用该数据库。",
        ),
        ("Name private modules in GOPRIVATE.", "在 GOPRIVATE 里声明私有模块。"),
        "go env -w GOPRIVATE=git.example.com",
    ),
];
