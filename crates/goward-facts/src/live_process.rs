//! The running process that policy or the command line names.

use crate::{Fact, ProbeError, World};
use goward_model::Text;
use goward_system::SystemError;
use launchflag::{Kind, Verdict};

/// The kernel's own limit is a quarter of the stack's, at most 6 MiB (`man 2 execve`).
const LIMIT: u64 = 8 << 20;

/// A process's command line, judged; `None` where no process was named.
#[derive(Clone, Debug)]
pub struct LiveProcess {
    /// The process and what its command line says of the flag.
    pub process: Option<(u32, Verdict)>,
}

impl Fact for LiveProcess {
    const NAME: &'static str = "the running process";

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        let settings = &world.settings.audit;
        let Some(pid) = settings.pid else { return Ok(Self { process: None }) };
        let cmdline = world.system.read(&format!("/proc/{pid}/cmdline"), LIMIT);
        let cmdline = cmdline.map_err(|err| match err {
            SystemError::NotFound(_) => ProbeError::Unusable(Text::new(
                format!("there is no process {pid} here"),
                format!("此处没有进程 {pid}"),
            )),
            other => other.into(),
        })?;
        let flag = settings.flag.trim_start_matches('-');
        Ok(Self { process: Some((pid, launchflag::judge(Kind::Cmdline, &cmdline, flag))) })
    }
}
