//! What a report says beside checks, causes and differences: outcomes of inspect, snapshot, repro, matrix, cache, build
//! and hook. Data.

mod around;
mod artefact;
mod before;
mod caches;

use goward_model::Lang;

/// An outcome that some command prints.
pub(super) struct Topic {
    /// Its identifier; a `*` at the end stands for what differs from run to run.
    pub(super) id: &'static str,
    /// Who prints it.
    command: &'static str,
    /// What it makes sure of: English, Chinese.
    title: [&'static str; 2],
    /// Why that matters.
    why: [&'static str; 2],
    /// What to do.
    fix: [&'static str; 2],
    /// What is printed of one; hashes are cut short.
    example: [&'static str; 2],
}

impl Topic {
    /// Its page, as Markdown.
    pub(super) fn page(&self, lang: Lang) -> String {
        let pick = |[en, zh]: [&'static str; 2]| lang.pick(en, zh);
        let heading = |en: &'static str, zh: &'static str| lang.pick(en, zh);
        format!(
            "# {}\n\n{} (`goward {}`)\n\n## {}\n\n{}\n\n## {}\n\n{}\n\n## {}\n\n```text\n{}\n```\n",
            self.id,
            pick(self.title),
            self.command,
            heading("Why", "为什么"),
            pick(self.why),
            heading("How to fix it", "如何修复"),
            pick(self.fix),
            heading("Example", "例子"),
            pick(self.example),
        )
    }

    /// Whether an identifier is of this kind.
    pub(super) fn is(&self, id: &str) -> bool {
        match self.id.strip_suffix('*') {
            Some(begin) => id.strip_prefix(begin).is_some_and(|rest| !rest.is_empty()),
            None => self.id == id,
        }
    }
}

/// All of them.
pub(super) fn topics() -> impl Iterator<Item = &'static Topic> {
    [artefact::TOPICS, caches::TOPICS, before::TOPICS, around::TOPICS].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_whole_in_both_languages() {
        let chinese = |text: &str| text.chars().any(|c| c > '\u{4e00}');
        for topic in topics() {
            for [en, zh] in [topic.title, topic.why, topic.fix] {
                assert!(!en.is_empty() && !chinese(en) && chinese(zh), "{}: {en} {zh}", topic.id);
            }
            assert!(topic.example.iter().all(|it| !it.is_empty()), "{}", topic.id);
            assert_eq!(topics().filter(|it| it.id == topic.id).count(), 1, "{}", topic.id);
        }
    }

    #[test]
    fn a_star_stands_for_what_differs() {
        let is = |topic: &str, id: &str| topics().any(|it| it.id == topic && it.is(id));
        assert!(is("matrix.*", "matrix.go1.24.11.linux-arm64.cgo") && !is("matrix.*", "matrix."));
        assert!(is("program", "program") && !is("program", "programs"));
    }
}
