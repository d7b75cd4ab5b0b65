//! Why the world did not answer.

use std::io::ErrorKind;
use std::time::Duration;

/// Why the world did not answer. Lowercase fragments; `zh` gives the same in Chinese.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SystemError {
    /// There is no such file, directory or program.
    #[error("{0} not found")]
    NotFound(String),
    /// The file exists but may not be read.
    #[error("{0}: permission denied")]
    Denied(String),
    /// A directory, pipe, socket or device where a file was expected.
    #[error("{0} is not a regular file")]
    NotAFile(String),
    /// Larger than we read.
    #[error("{path} is larger than the {limit} bytes goward reads of it")]
    TooLarge {
        /// The file.
        path: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// A text file that is not UTF-8.
    #[error("{path}:{line} is not valid UTF-8")]
    NotUtf8 {
        /// The file.
        path: String,
        /// The line of the first bad byte.
        line: usize,
    },
    /// More files than we look at.
    #[error("more than {0} files")]
    TooManyFiles(usize),
    /// The answer did not come in time.
    #[error("no answer within {} ms", .0.as_millis())]
    TimedOut(Duration),
    /// The user interrupted the run.
    #[error("interrupted")]
    Cancelled,
    /// A command that ended badly: which, and how.
    #[error("{0}")]
    Command(String),
    /// Anything else.
    #[error("{0}")]
    Failed(String),
}

impl SystemError {
    /// Tells the usual reasons of `err` apart.
    pub(crate) fn of_io(what: &str, err: &std::io::Error) -> Self {
        match err.kind() {
            ErrorKind::NotFound => Self::NotFound(what.into()),
            ErrorKind::PermissionDenied => Self::Denied(what.into()),
            ErrorKind::IsADirectory => Self::NotAFile(what.into()),
            _ => Self::Failed(format!("{what}: {err}")),
        }
    }

    /// The same in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::NotFound(what) => format!("找不到 {what}"),
            Self::Denied(what) => format!("{what}：权限不足"),
            Self::NotAFile(what) => format!("{what} 不是普通文件"),
            Self::TooLarge { path, limit } => format!("{path} 超过读取上限 {limit} 字节"),
            Self::NotUtf8 { path, line } => format!("{path}:{line} 不是合法的 UTF-8"),
            Self::TooManyFiles(limit) => format!("文件数超过 {limit}"),
            Self::TimedOut(limit) => format!("{} 毫秒内没有应答", limit.as_millis()),
            Self::Cancelled => "已中断".into(),
            Self::Command(why) | Self::Failed(why) => why.clone(),
        }
    }
}
