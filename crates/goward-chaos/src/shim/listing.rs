//! Stands for go before a reader of its listing.

use super::{NOT_STARTED, Spec};
use crate::Listing;
use nix::sys::signal::{Signal, kill};
use std::ffi::OsString;
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};

/// What comes through of a listing that is cut.
const CUT: u64 = 3000;

pub(super) fn run(spec: &Spec, args: &[OsString]) -> u8 {
    let Some(listing) = &spec.listing else { return NOT_STARTED };
    spec.strike("list");
    if listing.how == Listing::Empty {
        return 0;
    }
    let child = Command::new(&listing.go).args(args).stdout(Stdio::piped()).spawn();
    let Ok(mut child) = child else { return NOT_STARTED };
    if let Some(output) = child.stdout.take() {
        let mut head = vec![];
        // What could be read is passed on; the end is the fault.
        let _ = output.take(CUT).read_to_end(&mut head);
        let _ = std::io::stdout().write_all(&head).and_then(|()| std::io::stdout().flush());
    }
    let _ = child.kill();
    let _ = child.wait();
    // As the kernel would have ended go.
    let _ = kill(nix::unistd::getpid(), Signal::SIGKILL);
    NOT_STARTED
}
