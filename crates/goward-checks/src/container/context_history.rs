//! `context-history`

use crate::{Check, Group, Words};
use buildcontext::Category;
use goward_facts::ImageBuilds;
use goward_model::{Findings, SlaTier};

pub(crate) static CHECK: Check = Check {
    id: "context-history",
    group: Group::Container,
    title: Words {
        en: "the repository's history is not sent to the image build",
        zh: "镜像构建不会收到仓库历史",
    },
    tier: SlaTier::P2,
    since: "0.1.0",
    file: file!(),
    requires: &["dockerfile-valid", "dockerignore-valid"],
    why: Words {
        en: "The history holds whatever was ever committed, secrets that were removed since included, and it changes with every commit, so nothing that comes after it is cached. `go build` wants it only to stamp the binary (`-buildvcs`).",
        zh: "历史中包含曾经提交过的一切，也包括后来删除的机密；且每次提交都会改变它，使其后的缓存全部失效。`go build` 只在写入版本信息（`-buildvcs`）时需要它。",
    },
    fix: Words {
        en: "Write `.git` into .dockerignore; give the version with `-ldflags` or build with `-buildvcs=false`.",
        zh: "在 .dockerignore 中写入 `.git`；用 `-ldflags` 传入版本，或以 `-buildvcs=false` 构建。",
    },
    references: &["https://docs.docker.com/build/concepts/context/#dockerignore-files"],
    closes: &[r#"-- .git/HEAD --
ref: refs/heads/main
-- Dockerfile --
FROM scratch
COPY . /src
-- .dockerignore --
.env
"#],
    opens: &[r#"-- .git/HEAD --
ref: refs/heads/main
-- Dockerfile --
FROM scratch
COPY . /src
-- .dockerignore --
.git
"#],
    judge: &(judge as fn(&ImageBuilds, &mut Findings)),
};

fn judge(builds: &ImageBuilds, findings: &mut Findings) {
    super::leaks(builds, findings, CHECK.fix, |leak| leak.category == Category::History);
}
