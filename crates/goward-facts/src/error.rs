//! Why a fact could not be gathered.

use goward_model::Text;
use goward_system::SystemError;

/// Why a fact could not be gathered. The check that needs it becomes inconclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProbeError {
    /// The world did not answer.
    System(SystemError),
    /// The answer could not be used.
    Unusable(Text),
    /// The check's time was over before the fact was there; milliseconds.
    TimedOut(u128),
    /// A probe panicked: our bug, and no reason to lose the rest of the run.
    Panicked(&'static str),
}

impl ProbeError {
    /// The reason, for people.
    pub fn text(&self) -> Text {
        match self {
            Self::System(err) => Text::new(err.to_string(), err.zh()),
            Self::Unusable(why) => why.clone(),
            Self::TimedOut(ms) => {
                Text::new(format!("timed out after {ms} ms"), format!("超时：{ms} 毫秒内未完成"))
            }
            Self::Panicked(fact) => Text::new(
                format!("a bug in goward: the probe of {fact} panicked"),
                format!("goward 的缺陷：{fact} 的探测发生 panic"),
            ),
        }
    }
}

impl From<SystemError> for ProbeError {
    fn from(err: SystemError) -> Self {
        Self::System(err)
    }
}
