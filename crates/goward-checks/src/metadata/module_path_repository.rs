//! `module-path-repository`

use crate::{Check, Group, Words};
use goward_facts::{GoModFile, Remotes, Repository};
use goward_model::{Finding, Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "module-path-repository",
    group: Group::Metadata,
    title: Words {
        en: "the module path is where the repository is", zh: "模块路径与仓库位置一致"
    },
    tier: SlaTier::P3,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid"],
    why: Words {
        en: "`go get` looks for a module where its path says. A path that names another folder of this repository, or spells it otherwise, cannot be fetched from here: others get old code, or none. (Of another repository of the host nothing is said: this may be a fork, whose module keeps its name.)",
        zh: "`go get` 按模块路径所示的位置查找模块。若路径指向本仓库的另一个目录或大小写不同，就无法从这里获取：他人得到的是旧代码，或什么也得不到。（若指向同一主机上的另一个仓库则不作判断：这里可能是分叉，其模块保留原名。）",
    },
    fix: Words {
        en: "Write the repository's path (and the folder within it, and `/vN`) into the module line of go.mod.",
        zh: "在 go.mod 的 module 行写上仓库路径（以及仓库内的目录和 `/vN`）。",
    },
    references: &["https://go.dev/ref/mod#module-path"],
    closes: &[
        r#"-- .git/HEAD --
ref: refs/heads/main
-- $ git --no-optional-locks remote -v --
origin	git@github.com:bank/payments.git (fetch)
origin	git@github.com:bank/payments.git (push)
-- go.mod --
module github.com/bank/Payments

go 1.24.0
"#,
        r#"-- ../.git/HEAD --
ref: refs/heads/main
-- $ git --no-optional-locks rev-parse --show-prefix --
api/
-- $ git --no-optional-locks remote -v --
origin	https://github.com/bank/payments (fetch)
-- go.mod --
module github.com/bank/payments/client

go 1.24.0
"#,
    ],
    opens: &[
        r#"-- .git/HEAD --
ref: refs/heads/main
-- $ git --no-optional-locks remote -v --
mine	git@github.com:bob/payments.git (fetch)
upstream	https://github.com/bank/payments (fetch)
-- go.mod --
module github.com/bank/payments/v2

go 1.24.0
"#,
        r#"-- ../.git/HEAD --
ref: refs/heads/main
-- $ git --no-optional-locks rev-parse --show-prefix --
api/
-- $ git --no-optional-locks remote -v --
origin	https://github.com/bank/payments (fetch)
-- go.mod --
module github.com/bank/payments/api/v3

go 1.24.0
"#,
    ],
    judge: &(judge as fn(&GoModFile, &Repository, &Remotes, &mut Findings)),
};

fn judge(module: &GoModFile, repository: &Repository, remotes: &Remotes, findings: &mut Findings) {
    let Some(declared) = module.valid().and_then(|go_mod| go_mod.module.as_ref()) else {
        return findings.not_applicable(Text::new("there is no go.mod", "没有 go.mod"));
    };
    let path = declared.path.as_str();
    let host = path.split('/').next().unwrap_or_default();
    // A path of another host is a vanity path, or one that is never fetched.
    let of_host: Vec<&String> =
        remotes.paths.iter().filter(|remote| remote.split('/').next() == Some(host)).collect();
    if of_host.is_empty() {
        let why = Text::new(
            "no remote of the repository is on the module path's host",
            "仓库没有与模块路径同一主机的远程",
        );
        return findings.not_applicable(why);
    }
    let folder = repository.prefix.trim_end_matches('/');
    let bare = gomod::module_path::split_path_version(path).map_or(path, |(prefix, _)| prefix);
    let fits = |remote: &&String| {
        let root = remote.as_str();
        let whole = if folder.is_empty() { root.to_owned() } else { format!("{root}/{folder}") };
        // `/v2` may also be a folder of its own.
        whole == bare || whole == path
    };
    if of_host.iter().any(fits) {
        return;
    }
    // Another repository of the host may be a fork, whose module keeps its name.
    let is_meant = |remote: &&&String| {
        let rest = path.get(..remote.len()).filter(|head| head.eq_ignore_ascii_case(remote));
        rest.is_some() && matches!(path.as_bytes().get(remote.len()), None | Some(b'/'))
    };
    let of_host: Vec<&String> = of_host.iter().filter(is_meant).copied().collect();
    if of_host.is_empty() {
        let why = Text::new(
            "the module path names another repository of the host: this may be a fork",
            "模块路径指向同一主机上的另一个仓库：这里可能是分叉",
        );
        return findings.not_applicable(why);
    }
    let wanted = of_host.iter().map(|remote| remote.as_str()).collect::<Vec<_>>().join(", ");
    let within = if folder.is_empty() { String::new() } else { format!(" + /{folder}") };
    let message = Text::new(
        format!("the module path is {path}, but the repository is {wanted}{within}"),
        format!("模块路径是 {path}，而仓库是 {wanted}{within}"),
    );
    let location = crate::integrity::span(&declared.span);
    let finding = Finding::at(location, path, message, CHECK.fix.into());
    findings.report(finding.quoting(&module.source()));
}
