//! `image-secret`

use crate::{Check, Group, Words};
use buildcontext::FactKind;
use goward_facts::ImageBuilds;
use goward_model::{Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "image-secret",
    group: Group::Container,
    title: Words { en: "no secret stands in ENV or ARG", zh: "ENV 与 ARG 中没有机密" },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["dockerfile-valid"],
    why: Words {
        en: "Values of ENV are in the image's configuration, those of ARG in its history: `docker history` shows both to whoever can pull the image.",
        zh: "ENV 的值保存在镜像配置中，ARG 的值保存在镜像历史中：任何能拉取镜像的人都可用 `docker history` 看到。",
    },
    fix: Words {
        en: "Take it out and replace the secret, which is known by now; use `RUN --mount=type=secret` or the environment at run time.",
        zh: "删除它并更换该机密（它已经泄露）；改用 `RUN --mount=type=secret` 或运行时环境变量。",
    },
    references: &["https://docs.docker.com/build/building/secrets/"],
    closes: &[r#"-- Dockerfile --
FROM scratch
ENV DB_PASSWORD=hunter2hunter2
"#],
    opens: &[r#"-- Dockerfile --
FROM scratch
ARG DB_PASSWORD
ENV DB_PASSWORD_FILE=/run/secrets/db
"#],
    judge: &(judge as fn(&ImageBuilds, &mut Findings)),
};

fn judge(builds: &ImageBuilds, findings: &mut Findings) {
    super::facts(builds, findings, CHECK.fix, |_, fact| match fact {
        FactKind::Secret { name, .. } => {
            let message = Text::new(
                format!("{name} holds a secret, which everybody who pulls the image can read"),
                format!("{name} 含有机密，任何拉取镜像的人都能读到"),
            );
            Some((name.clone(), message))
        }
        _ => None,
    });
}
