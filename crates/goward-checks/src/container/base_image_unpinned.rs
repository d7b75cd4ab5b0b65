//! `base-image-unpinned`

use crate::{Check, Group, Words};
use buildcontext::FactKind;
use goward_facts::ImageBuilds;
use goward_model::{Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "base-image-unpinned",
    group: Group::Container,
    title: Words { en: "every image is named by its digest", zh: "每个镜像都以摘要指定" },
    tier: SlaTier::P3,
    since: "0.1.0",
    file: file!(),
    requires: &["dockerfile-valid"],
    why: Words {
        en: "A tag can be moved: the same Dockerfile builds another image tomorrow, and nobody reviewed the difference. A digest is the content itself.",
        zh: "标签可以移动：同一份 Dockerfile 明天会构建出另一个镜像，而差异无人审查。摘要即内容本身。",
    },
    fix: Words {
        en: "Write `image:tag@sha256:…` (`docker buildx imagetools inspect IMAGE` shows the digest); let a bot raise it.",
        zh: "写成 `image:tag@sha256:…`（`docker buildx imagetools inspect 镜像` 可显示摘要），由机器人更新。",
    },
    references: &["https://docs.docker.com/build/building/best-practices/#pin-base-image-versions"],
    closes: &[r#"-- Dockerfile --
FROM golang:1.24 AS build
FROM scratch
COPY --from=build /a /a
"#],
    opens: &[r#"-- Dockerfile --
FROM golang:1.24@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa AS build
FROM scratch
COPY --from=build /a /a
"#],
    judge: &(judge as fn(&ImageBuilds, &mut Findings)),
};

fn judge(builds: &ImageBuilds, findings: &mut Findings) {
    super::facts(builds, findings, CHECK.fix, |_, fact| match fact {
        FactKind::NotPinned { image } if !image.contains('$') => {
            let message = Text::new(
                format!("{image} is not pinned by a digest: its tag can be moved"),
                format!("{image} 未以摘要固定：其标签可以移动"),
            );
            Some((image.clone(), message))
        }
        _ => None,
    });
}
