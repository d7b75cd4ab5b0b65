//! The documentation of a check, from its declaration: what `goward explain` prints and what
//! `docs/checks` holds.

use crate::{CATALOGUE, Check};
use goward_model::Lang;
use std::fmt::Write as _;

/// The page of a check, in Markdown.
pub fn page(check: &Check, lang: Lang) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write(&mut text, check, lang);
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn write(text: &mut String, check: &Check, lang: Lang) -> std::fmt::Result {
    let word = |en: &'static str, zh: &'static str| lang.pick(en, zh);
    let colon = word(": ", "：");
    writeln!(text, "# {}\n\n{}\n", check.id, check.title.in_lang(lang))?;
    writeln!(text, "{}{colon}`{}`  ", word("Group", "组"), check.group.as_str())?;
    writeln!(text, "{}{colon}{}  ", word("Tier", "等级"), check.tier)?;
    writeln!(text, "{}{colon}{}", word("Since", "始于版本"), check.since)?;
    if !check.requires.is_empty() {
        let ids = check.requires.join("`, `");
        writeln!(text, "  \n{}{colon}`{ids}`", word("Requires", "前置项"))?;
    }
    writeln!(text, "\n## {}\n\n{}\n", word("Why", "为什么"), check.why.in_lang(lang))?;
    writeln!(text, "## {}\n\n{}\n", word("How to fix it", "如何修复"), check.fix.in_lang(lang))?;
    for (title, worlds) in
        [(word("Fails", "未通过的例子"), check.closes), (word("Passes", "通过的例子"), check.opens)]
    {
        writeln!(text, "## {title}\n")?;
        for world in worlds {
            writeln!(text, "```txtar\n{}\n```\n", world.trim_end())?;
        }
    }
    if !check.references.is_empty() {
        writeln!(text, "## {}\n", word("References", "参考"))?;
        for url in check.references {
            writeln!(text, "- <{url}>")?;
        }
    }
    Ok(())
}

/// The list of all checks, one line each.
pub fn list(lang: Lang) -> String {
    let widest = CATALOGUE.iter().map(|check| check.id.len()).max().unwrap_or(0);
    let line = |check: &&Check| {
        let (group, title) = (check.group.as_str(), check.title.in_lang(lang));
        format!("{group:<12} {} {:<widest$}  {title}\n", check.tier, check.id)
    };
    CATALOGUE.iter().map(line).collect()
}
