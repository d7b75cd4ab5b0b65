//! Foreign text on a terminal.

/// Text of a file or a program as one line in which nothing acts on the terminal: no control characters,
/// no line ends, nothing that turns the direction of writing.
pub(crate) fn printable(text: &str) -> String {
    let acts = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let shown = |c: char| match c {
        '\n' | '\t' => ' ',
        c if acts(c) => '\u{fffd}',
        c => c,
    };
    text.chars().map(shown).collect()
}

/// The same of a text whose line ends are our own.
pub(crate) fn lines(text: &str) -> String {
    text.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_acts_on_the_terminal() {
        let text = "a\u{1b}[31mred\u{202e}\ngate OPEN\t\r";
        assert_eq!(printable(text), "a\u{fffd}[31mred\u{fffd} gate OPEN \u{fffd}");
    }
}
