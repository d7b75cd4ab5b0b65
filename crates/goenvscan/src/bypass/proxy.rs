//! `GOPROXY`, as `proxyList` of `cmd/go/internal/modfetch` reads it.

use crate::bypass::BypassKind;
use std::ops::Range;

/// What a list of proxies does. `off` is safe: nothing is downloaded. What follows `direct` or `off` is not looked at.
pub(crate) fn judge(value: &str) -> Vec<(BypassKind, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut first = true;
    // The bar behind an entry counts if another entry follows.
    let mut bar: Option<usize> = None;
    for entry in value.split([',', '|']) {
        let name = entry.trim();
        let end = at + entry.len();
        if !name.is_empty() {
            found.extend(bar.take().map(|at| (BypassKind::ProxyPipe, at..at + 1)));
            if name == "direct" && first {
                let start = at + (entry.len() - entry.trim_start().len());
                found.push((BypassKind::ProxyDirect, start..start + name.len()));
            }
            if matches!(name, "direct" | "off") {
                return found;
            }
            first = false;
            bar = value.get(end..).is_some_and(|rest| rest.starts_with('|')).then_some(end);
        }
        at = end + 1;
    }
    found
}
