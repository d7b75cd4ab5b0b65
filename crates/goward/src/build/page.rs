//! The timeline as one page without dependencies: stages above, work below in as many rows as were busy
//! at once; the wheel zooms, dragging moves, a click tells all of a bar.

use super::summary::times;
use goward_build::Build;
use goward_model::Lang;
use serde_json::json;

/// What the page says itself: a placeholder, English, Chinese.
const WORDS: &[[&str; 3]] = &[
    ["{{lang}}", "en", "zh"],
    ["{{find}}", "find a package", "查找包"],
    ["{{all}}", "all of it", "全部"],
    [
        "{{how}}",
        "The wheel zooms, dragging moves, a click tells all of a bar.",
        "滚轮缩放，拖动平移，点击条块查看详情。",
    ],
    ["{{memory}}", "memory, at most", "内存峰值"],
    ["{{critical}}", "critical path", "关键路径"],
];

pub(super) fn page(build: &Build, lang: Lang) -> String {
    let data = json!({
        "wall": build.wall_ms,
        "stages": build.stages,
        "spans": build.spans,
        "critical": build.critical_path,
        "downloads": build.downloads,
        "memory": build.memory.curve,
    });
    // Nothing in the data may end the script: JSON can say `<` in other letters.
    let data = data.to_string().replace('<', "\\u003c");
    let failure = build.failure.as_ref().map_or_else(String::new, |failure| {
        let evidence: String = failure.evidence.iter().map(|line| escape(line) + "\n").collect();
        format!(
            "<section class=fail><b>{}</b> · {} {} · {} {} · {} {} · {} {}<pre>{evidence}</pre></section>",
            escape(&failure.cause),
            lang.pick("stage", "阶段"), escape(&failure.stage),
            lang.pick("owner", "负责"), escape(&failure.owner),
            lang.pick("retry", "重试"), escape(&failure.retry),
            lang.pick("tier", "等级"), escape(&failure.tier),
        )
    });
    let title = escape(&build.command_line());
    let facts = [
        Some(build.started_at.clone()),
        build.go_version.clone(),
        build.commit.clone().map(|commit| commit.chars().take(12).collect()),
        build.branch.clone(),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().map(|fact| escape(&fact)).collect();
    let frame = WORDS.iter().fold(include_str!("page.html").to_owned(), |text, [name, en, zh]| {
        text.replace(name, lang.pick(en, zh))
    });
    frame
        .replace("{{title}}", &title)
        .replace("{{facts}}", &facts.join(" · "))
        .replace("{{times}}", &escape(&times(build, lang)))
        .replace("{{failure}}", &failure)
        .replace("{{data}}", &data)
}

/// Text as HTML.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use goward_build::Span;

    #[test]
    fn what_was_built_cannot_write_into_the_page() {
        let span = Span { name: "</script><script>alert(1)".into(), ..Span::default() };
        let command = vec!["build".into(), "<img src=x>".into()];
        let build = Build { spans: vec![span], command, ..Build::default() };
        assert!(page(&build, Lang::Zh).contains("关键路径"));
        let page = page(&build, Lang::En);
        assert!(page.contains("critical path") && page.matches("{{").count() == 0);
        assert_eq!(page.matches("<script>").count(), 1);
        assert_eq!(page.matches("</script>").count(), 1);
        assert!(!page.contains("<img"));
    }
}
