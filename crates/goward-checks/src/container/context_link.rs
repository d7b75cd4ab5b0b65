//! `context-link`

use crate::{Check, Group, Words};
use goward_facts::ImageBuilds;
use goward_model::{Finding, Findings, Location, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "context-link",
    group: Group::Container,
    title: Words {
        en: "no link leads out of the build context",
        zh: "没有符号链接指向构建上下文之外",
    },
    tier: SlaTier::P2,
    since: "0.1.0",
    file: file!(),
    requires: &["dockerfile-valid", "dockerignore-valid"],
    why: Words {
        en: "A link is sent as a link: in the image its target is another file, or none. What works on the developer's machine is broken, or reads the image's own files.",
        zh: "符号链接按链接发送：在镜像中其目标是另一个文件，或根本不存在。在开发者机器上可用的内容会失效，或读到镜像自己的文件。",
    },
    fix: Words {
        en: "Copy the file into the context, or leave the link out in .dockerignore.",
        zh: "把文件复制进上下文，或在 .dockerignore 中排除该链接。",
    },
    references: &["https://docs.docker.com/build/concepts/context/"],
    closes: &[r#"-- Dockerfile --
FROM scratch
COPY . /src
-- .dockerignore --
.git
-- secrets.txt link=../../secrets.txt --
"#],
    opens: &[r#"-- Dockerfile --
FROM scratch
COPY . /src
-- .dockerignore --
.git
-- a.txt link=b.txt --
-- b.txt --
"#],
    judge: &(judge as fn(&ImageBuilds, &mut Findings)),
};

fn judge(builds: &ImageBuilds, findings: &mut Findings) {
    super::each(builds, findings, |build, findings| {
        for (path, target) in &build.links {
            let message = Text::new(
                format!("{path} is a link to {target}, which is not in the build context"),
                format!("{path} 是指向 {target} 的链接，而后者不在构建上下文中"),
            );
            let path = match build.context.as_str() {
                "." => path.clone(),
                context => format!("{context}/{path}"),
            };
            let location = Location::whole(path.as_str());
            findings.report(Finding::at(location, path, message, CHECK.fix.into()));
        }
    });
}
