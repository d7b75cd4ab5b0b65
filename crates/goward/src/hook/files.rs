//! What no file of a commit may hold: secrets, and the markers of a conflict that nobody resolved.

use super::allows::Allows;
use super::history::Written;
use super::subject::Subject;
use super::targets::Target;
use super::{conflict, outcome, secrets};
use goward_git::{GitError, Repo};
use goward_model::{Findings, Outcome, Text};

/// A larger file is data, and the hook has little time.
const LIMIT: u64 = 64 << 20;

/// Nobody reads more of one file; each is looked for in what HEAD has.
const MOST: usize = 100;

/// Looks at the files of a target. What HEAD has already is not this commit's.
pub(super) fn judge(
    repo: &Repo<'_>,
    subject: &Subject,
    target: &Target,
    written: Option<&Written>,
    allows: &Allows<'_>,
) -> anyhow::Result<Vec<Outcome>> {
    let (mut findings, mut unresolved) = (Findings::default(), Findings::default());
    let mut secret = vec![];
    for path in &target.files {
        // Tests may hold what looks like a secret; but where no compiler looks at them, nobody else sees a conflict.
        let is_allowed = allows.allow(&format!("{}{path}", target.prefix))?;
        if is_allowed && !path.ends_with(".go") {
            continue;
        }
        let content = match read(subject, target, path) {
            Content::Text(content) => content,
            Content::None => continue,
            Content::Large(bytes) => {
                let (full, size) = (format!("{}{path}", target.prefix), bytes >> 20);
                findings.unknown(Text::new(
                    format!("{full} has {size} MiB: nobody looked for secrets in it"),
                    format!("{full} 有 {size} MiB：未在其中查找密钥"),
                ));
                continue;
            }
        };
        let full = format!("{}{path}", target.prefix);
        if let Some(line) = conflict::found(path, &content)
            && !(is_allowed && conflict::is_quoted(&content, line))
            && !was_so(repo, subject, &full)?
        {
            unresolved.report(conflict::finding(&full, line));
        }
        // What a merge brings from a remote is nobody's of this push.
        if is_allowed || written.is_some_and(|written| !written.is_theirs(&full)) {
            continue;
        }
        let found = secrets::found(&content).into_iter().take(MOST);
        secret.extend(found.map(|one| (full.clone(), one)));
    }
    // What is known is none of these changes', under whatever name.
    let texts: Vec<&str> = secret.iter().map(|(_, one)| one.text.as_str()).collect();
    let mut known = match written {
        Some(written) => written.known(repo, &texts)?,
        None => repo.held(&subject.before, &texts)?,
    };
    for parent in &subject.merged {
        known.extend(repo.held(parent, &texts)?);
    }
    for (path, one) in secret.iter().filter(|(_, one)| !known.contains(&one.text)) {
        findings.report(secrets::finding(path, one));
    }
    let all = [
        ("secret-staged", Text::new("no secret is committed", "没有提交任何密钥"), findings),
        ("conflict-marker", Text::new("no conflict is left", "没有遗留的冲突"), unresolved),
    ];
    Ok(all.map(|(id, title, findings)| outcome::of(id, title, findings)).into())
}

/// Whether a parent of the commit has the file with a conflict, or what looks like one.
fn was_so(repo: &Repo<'_>, subject: &Subject, path: &str) -> Result<bool, GitError> {
    for parent in [&subject.before].into_iter().chain(&subject.merged) {
        let old = repo.show(parent, path)?.unwrap_or_default();
        if conflict::found(path, &old).is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What is in a file.
enum Content {
    Text(String),
    /// More than anybody reads: so many bytes.
    Large(u64),
    /// No file.
    None,
}

#[expect(clippy::disallowed_methods, reason = "a stand-in is read where it is")]
fn read(subject: &Subject, target: &Target, path: &str) -> Content {
    let file = target.root.join(path);
    let Ok(file) = subject.overlay.actual(&file) else { return Content::None };
    let Ok(found) = std::fs::metadata(&file) else { return Content::None };
    match found.len() {
        _ if !found.is_file() => Content::None,
        bytes if bytes > LIMIT => Content::Large(bytes),
        _ => std::fs::read(&file).map_or(Content::None, |bytes| Content::Text(text(bytes))),
    }
}

/// Whether text of two bytes a character begins without a mark: nearly every other byte is zero, from `first` on, and
/// none of the others is.
fn is_utf16(bytes: &[u8], first: usize) -> bool {
    const LOOKED_AT: usize = 512;
    let start = bytes.get(..bytes.len().min(LOOKED_AT)).unwrap_or_default();
    let of = |first: usize| start.iter().skip(first).step_by(2);
    let zeros = of(first).filter(|byte| **byte == 0).count();
    start.len() >= 8 && zeros * 10 >= start.len() / 2 * 9 && of(1 - first).all(|byte| *byte != 0)
}

/// The text of a file: Windows writes two bytes a character, too.
fn text(bytes: Vec<u8>) -> String {
    let little = bytes.starts_with(&[0xff, 0xfe]) || is_utf16(&bytes, 1);
    if !little && !bytes.starts_with(&[0xfe, 0xff]) && !is_utf16(&bytes, 0) {
        return String::from_utf8(bytes)
            .unwrap_or_else(|err| String::from_utf8_lossy(err.as_bytes()).into_owned());
    }
    let units = bytes.as_chunks::<2>().0.iter();
    let units =
        units.map(|two| if little { u16::from_le_bytes(*two) } else { u16::from_be_bytes(*two) });
    char::decode_utf16(units).map(|it| it.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}
