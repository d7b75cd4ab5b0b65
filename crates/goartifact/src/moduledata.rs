//! Where the code begins, from the runtime's own description of the program.
//!
//! Source: `runtime/symtab.go`, `moduledata`: its first word points to the function table; six slices
//! (funcnametab, cutab, filetab, pctab, pclntable, ftab), findfunctab, minpc and maxpc later stands
//! `text`. The same from Go 1.18 to 1.27.

use crate::Container;
use object::{ObjectSection as _, ReadRef};

/// Words before `text`.
const TEXT: usize = 1 + 6 * 3 + 1 + 2;

/// The address of `runtime.text`; none where nothing that looks like it is found.
pub(crate) fn text<'a, R: ReadRef<'a>>(
    container: &Container<'a, R>,
    pclntab: u64,
    wide: bool,
    little: bool,
) -> Option<u64> {
    let (start, size) = container.text()?;
    let step = if wide { 8 } else { 4 };
    for (_, section) in container.data_sections() {
        let Ok(data) = section.data() else { continue };
        for at in (0..data.len()).step_by(step) {
            let word = |index: usize| {
                let at = at + index * step;
                let bytes = data.get(at..at + step)?;
                let number = if little {
                    bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
                } else {
                    bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
                };
                Some(number)
            };
            if word(0) != Some(pclntab) {
                continue;
            }
            let text = word(TEXT)?;
            if (start..start.saturating_add(size)).contains(&text) && word(TEXT - 2)? >= text {
                return Some(text);
            }
        }
    }
    None
}
