//! The timeline as one page without dependencies: stages above, work below in as many rows as were busy
//! at once; the wheel zooms, dragging moves, a click tells all of a bar.

use super::summary::times;
use goward_build::Build;
use goward_model::Lang;
use serde_json::json;

pub(super) fn page(build: &Build) -> String {
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
            "<section class=fail><b>{}</b> · stage {} · owner {} · retry {} · tier {}<pre>{evidence}</pre></section>",
            escape(&failure.cause), escape(&failure.stage), escape(&failure.owner), escape(&failure.retry), escape(&failure.tier)
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
    include_str!("page.html")
        .replace("{{title}}", &title)
        .replace("{{facts}}", &facts.join(" · "))
        .replace("{{times}}", &escape(&times(build, Lang::En)))
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
        let page = page(&Build { spans: vec![span], command, ..Build::default() });
        assert_eq!(page.matches("<script>").count(), 1);
        assert_eq!(page.matches("</script>").count(), 1);
        assert!(!page.contains("<img"));
    }
}
