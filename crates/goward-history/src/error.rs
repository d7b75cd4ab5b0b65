//! What can go wrong with the history: which file, what, and how to fix it.

use std::path::PathBuf;

/// What went wrong. Lowercase fragments that name the file and the fix; [`HistoryError::zh`]
/// says the same in Chinese.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// Not SQLite, or SQLite of another program. Not a byte of it was changed.
    #[error(
        "{} is not a goward history, or its beginning was overwritten; it was left as it is: \
         move it away or set history.path to another file", .path.display()
    )]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// Written by a later goward. Nothing was changed.
    #[error(
        "{} was written by a newer goward (schema {found}, this one knows {known}): \
         update goward or set history.path to another file", .path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version of its schema.
        found: usize,
        /// The latest this goward knows.
        known: usize,
    },
    /// Somebody else held the lock all the time we waited.
    #[error(
        "{} has been locked by another process for 10 s: run again, or find who holds it with \
         `fuser {0}`", .path.display()
    )]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// The disk, the quota or the file size limit left no room. Nothing was kept by halves.
    #[error(
        "no room to write {} ({reason}); what it held before is intact: free some space, raise \
         the quota or the file size limit, or set history.path to another disk", .path.display()
    )]
    Full {
        /// The file.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// The file, or the directory that its log must be written to, may not be written.
    #[error(
        "{} cannot be written ({reason}): allow this user to write to it and to its directory, \
         or set history.path to another file", .path.display()
    )]
    ReadOnly {
        /// The file.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// The file is a history, but damaged.
    #[error(
        "{} is damaged ({reason}): move it away and goward starts a new one; \
         `sqlite3 {0} .recover` saves what can be read", .path.display()
    )]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// SQLite's words.
        reason: String,
    },
    /// No run has that name.
    #[error("no run {selector:?} in {}: see `goward history list`", .path.display())]
    NoSuchRun {
        /// The file.
        path: PathBuf,
        /// What was asked for.
        selector: String,
    },
    /// More than one run has a name that begins so.
    #[error(
        "{selector:?} names more than one run in {}: {}{}; give more of the name",
        .path.display(), .candidates.join(", "), if *.more { ", …" } else { "" }
    )]
    Ambiguous {
        /// The file.
        path: PathBuf,
        /// What was asked for.
        selector: String,
        /// The first few runs that it may mean.
        candidates: Vec<String>,
        /// Whether there are more.
        more: bool,
    },
    /// The report of one run cannot be read; the other runs can.
    #[error(
        "the report of run {run_id:?} in {} cannot be read ({reason}): if a newer goward wrote \
         it, update goward; other runs are not affected", .path.display()
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The run.
        run_id: String,
        /// What is wrong with the report.
        reason: String,
    },
    /// A report that could never be read back is not kept.
    #[error(
        "run {run_id:?} was not kept in {}: {reason}; this is a bug in goward, please report it",
        .path.display()
    )]
    Unstorable {
        /// The file.
        path: PathBuf,
        /// The run.
        run_id: String,
        /// What is wrong with the report.
        reason: String,
    },
    /// Anything else between us and the file.
    #[error("cannot use {} as history: {reason}; check history.path", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
}

impl HistoryError {
    /// The message in Chinese; what the system said stays in its own words.
    pub fn zh(&self) -> String {
        match self {
            Self::NotADatabase { path } => format!(
                "{} 不是 goward 的历史数据库，或其开头已被覆盖；文件未被改动：请移走它，\
                 或将 history.path 设为其他文件",
                path.display()
            ),
            Self::Newer { path, found, known } => format!(
                "{} 由更新版本的 goward 写入（模式版本 {found}，当前只认识到 {known}）：\
                 请升级 goward，或将 history.path 设为其他文件",
                path.display()
            ),
            Self::Busy { path } => format!(
                "{0} 已被其他进程锁定 10 秒：请重试，或用 `fuser {0}` 查找占用者",
                path.display()
            ),
            Self::Full { path, reason } => format!(
                "没有空间写入 {}（{reason}）；此前保存的内容完好：请释放磁盘空间，\
                 提高配额或文件大小限制，或将 history.path 设到其他磁盘",
                path.display()
            ),
            Self::ReadOnly { path, reason } => format!(
                "{} 不可写（{reason}）：请授予当前用户对该文件及其目录的写权限，\
                 或将 history.path 设为其他文件",
                path.display()
            ),
            Self::Corrupt { path, reason } => format!(
                "{0} 已损坏（{reason}）：请移走它，goward 会新建一个；\
                 `sqlite3 {0} .recover` 可挽救仍可读取的内容",
                path.display()
            ),
            Self::NoSuchRun { path, selector } => {
                format!("{} 中没有运行 {selector:?}：参见 `goward history list`", path.display())
            }
            Self::Ambiguous { path, selector, candidates, more } => format!(
                "{} 中有多个运行的名称以 {selector:?} 开头：{}{}；请给出更长的名称",
                path.display(),
                candidates.join("、"),
                if *more { " 等" } else { "" }
            ),
            Self::Unreadable { path, run_id, reason } => format!(
                "{} 中运行 {run_id:?} 的报告无法读取（{reason}）：若由更新版本的 goward 写入，\
                 请升级 goward；其他运行不受影响",
                path.display()
            ),
            Self::Unstorable { path, run_id, reason } => format!(
                "运行 {run_id:?} 未能保存到 {}：{reason}；这是 goward 的缺陷，请报告",
                path.display()
            ),
            Self::Io { path, reason } => {
                format!("无法将 {} 用作历史数据库：{reason}；请检查 history.path", path.display())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_names_the_file_and_the_fix_in_both_languages() {
        let (path, reason) = (PathBuf::from("/state/h.db"), "a reason".to_owned());
        let (selector, run_id) = ("20".to_owned(), "2024".to_owned());
        let p = || path.clone();
        for (err, facts, fix, fix_zh) in [
            (HistoryError::NotADatabase { path: p() }, [""; 2], "history.path", "history.path"),
            (
                HistoryError::Newer { path: p(), found: 7, known: 1 },
                ["7", "1"],
                "update goward",
                "升级 goward",
            ),
            (HistoryError::Busy { path: p() }, [""; 2], "fuser /state/h.db", "fuser /state/h.db"),
            (
                HistoryError::Full { path: p(), reason: reason.clone() },
                ["a reason", ""],
                "free some space",
                "释放磁盘空间",
            ),
            (
                HistoryError::ReadOnly { path: p(), reason: reason.clone() },
                ["a reason", ""],
                "allow this user",
                "写权限",
            ),
            (
                HistoryError::Corrupt { path: p(), reason: reason.clone() },
                ["a reason", ""],
                "move it away",
                "移走",
            ),
            (
                HistoryError::NoSuchRun { path: p(), selector: selector.clone() },
                ["\"20\"", ""],
                "history list",
                "history list",
            ),
            (
                HistoryError::Ambiguous {
                    path: p(),
                    selector,
                    candidates: vec!["201".into(), "202".into()],
                    more: false,
                },
                ["201", "202"],
                "give more",
                "更长",
            ),
            (
                HistoryError::Unreadable {
                    path: p(),
                    run_id: run_id.clone(),
                    reason: reason.clone(),
                },
                ["2024", "a reason"],
                "update goward",
                "升级 goward",
            ),
            (
                HistoryError::Unstorable { path: p(), run_id, reason: reason.clone() },
                ["2024", "a reason"],
                "report it",
                "报告",
            ),
            (
                HistoryError::Io { path: p(), reason },
                ["a reason", ""],
                "history.path",
                "history.path",
            ),
        ] {
            for (text, fix) in [(err.to_string(), fix), (err.zh(), fix_zh)] {
                assert!(text.contains("/state/h.db") && text.contains(fix), "{text}");
                assert!(facts.iter().all(|fact| text.contains(fact)), "{text}");
            }
            assert!(err.zh().chars().any(|c| ('一'..='鿿').contains(&c)), "{}", err.zh());
            assert!(!err.to_string().contains('\n') && !err.to_string().contains("  "), "{err}");
            assert!(!err.zh().contains("  "), "{}", err.zh());
        }
    }
}
