//! What goes into the image, and how.

pub(crate) mod add_unverified;
pub(crate) mod base_image_unpinned;
pub(crate) mod context_history;
pub(crate) mod context_link;
pub(crate) mod context_secret;
pub(crate) mod context_waste;
pub(crate) mod copy_excluded;
pub(crate) mod copy_missing;
pub(crate) mod dockerfile_valid;
pub(crate) mod dockerignore_missing;
pub(crate) mod dockerignore_valid;
pub(crate) mod go_sum_not_copied;
pub(crate) mod image_secret;

use buildcontext::{Category, Fact, FactKind, Leak};
use goward_facts::{ImageBuild, ImageBuilds};
use goward_model::{Finding, Findings, Location, Text};

/// A place in a Dockerfile.
fn at(build: &ImageBuild, span: dockerfile::Span) -> Location {
    let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let point = |place: dockerfile::Position| (small(place.line), small(place.column));
    Location::span(build.dockerfile.path.as_str(), point(span.start), point(span.end))
}

/// Judges each build, or says why there is nothing to judge.
fn each(builds: &ImageBuilds, findings: &mut Findings, judge: impl Fn(&ImageBuild, &mut Findings)) {
    if builds.builds.is_empty() {
        let why = Text::new("there is no Dockerfile", "没有 Dockerfile");
        findings.not_applicable(why);
    }
    for build in &builds.builds {
        judge(build, findings);
    }
}

/// Reports the facts that `told` has words for: evidence, message.
fn facts(
    builds: &ImageBuilds,
    findings: &mut Findings,
    fix: crate::Words,
    told: impl Fn(&ImageBuild, &FactKind) -> Option<(String, Text)>,
) {
    each(builds, findings, |build, findings| {
        let said = |fact: &Fact| Some((told(build, &fact.kind)?, fact.span));
        for ((evidence, message), span) in build.facts.iter().filter_map(said) {
            let finding = Finding::at(at(build, span), evidence, message, fix.into());
            findings.report(finding.quoting(&build.dockerfile.source));
        }
    });
}

/// Reports the leaks of some categories, one finding for each, however many builds send it.
fn leaks(
    builds: &ImageBuilds,
    findings: &mut Findings,
    fix: crate::Words,
    wanted: impl Fn(&Leak) -> bool,
) {
    each(builds, findings, |build, findings| {
        if build.truncated {
            findings.unknown(Text::new(
                format!(
                    "{}: the build context has too many files to judge them all",
                    build.context
                ),
                format!("{}：构建上下文文件过多，无法全部判断", build.context),
            ));
        }
        for problem in build.problems.iter().filter(|problem| problem.fatal) {
            let why = format!("{}: {}", problem.path, problem.message);
            findings.unknown(Text::new(why.clone(), why));
        }
        for leak in build.leaks.iter().filter(|leak| wanted(leak)) {
            let path = match build.context.as_str() {
                "." => leak.path.clone(),
                context => format!("{context}/{}", leak.path),
            };
            let (en, zh) = category(leak.category);
            let size = if leak.is_folder {
                format!(" ({} files, {} kB)", leak.files, leak.bytes.div_ceil(1000))
            } else {
                String::new()
            };
            let from = &build.dockerfile.path;
            let message = Text::new(
                format!("{from} sends {path}{size}: {en}"),
                format!("{from} 会发送 {path}{size}：{zh}"),
            );
            findings.report(Finding::at(Location::whole(path.as_str()), path, message, fix.into()));
        }
    });
}

/// What a leak is, in both languages.
const fn category(category: Category) -> (&'static str, &'static str) {
    match category {
        Category::History => ("the repository's whole history", "仓库的全部历史"),
        Category::Environment => ("an environment file", "环境变量文件"),
        Category::PrivateKey => ("a private key or key store", "私钥或密钥库"),
        Category::Credentials => ("a tool's credentials", "工具的凭据"),
        Category::Terraform => ("Terraform state or variables", "Terraform 状态或变量"),
        Category::CoreDump => ("a memory image", "内存转储"),
        Category::NodeModules => ("node_modules", "node_modules"),
        Category::VendorTwice => ("a vendor folder within another", "vendor 目录中的 vendor"),
        Category::ModuleCache => ("a Go module cache", "Go 模块缓存"),
        Category::Cache => ("a tool's cache", "工具缓存"),
        Category::Editor => ("an editor's or system's leavings", "编辑器或系统的遗留文件"),
        Category::TestData => ("test data", "测试数据"),
        Category::TestBinary => ("a test binary", "测试二进制"),
        Category::Coverage => ("coverage or profile", "覆盖率或性能分析文件"),
        Category::Archive => ("a large archive or disk image", "大型归档或磁盘映像"),
    }
}
