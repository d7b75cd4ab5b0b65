//! Whether a file declares a function: the one question about what lies behind the head.

use crate::scanner::Scanner;
use crate::token::Kind;

/// Whether a Go file declares a function of this name at its top level; methods do not count. What follows an
/// unreadable character is read on, as go/scanner does.
///
/// ```
/// assert!(goheader::declares_func(b"package main\n\nfunc main() {}\n", "main"));
/// assert!(!goheader::declares_func(b"package main\n\nfunc (t T) main() { func main() }\n// func main()\n", "main"));
/// ```
pub fn declares_func(bytes: &[u8], name: &str) -> bool {
    let mut scanner = Scanner::new(bytes);
    let (mut depth, mut after_func) = (0_usize, false);
    loop {
        let token = scanner.scan();
        let was_func = std::mem::replace(&mut after_func, false);
        match token.kind {
            Kind::End => return false,
            Kind::Comment => after_func = was_func,
            Kind::Operator("{" | "(" | "[") => depth += 1,
            Kind::Operator("}" | ")" | "]") => depth = depth.saturating_sub(1),
            Kind::Keyword("func") => after_func = depth == 0,
            Kind::Name if was_func && *token.text == *name.as_bytes() => return true,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_declarations_of_functions_count() {
        let yes = [
            "package main\nfunc main()",
            "package main; func /* x */ main() {}",
            "package main\nvar s = `func main() {`\nvar f = func() {}\nfunc main() {\n}\n",
        ];
        for text in yes {
            assert!(declares_func(text.as_bytes(), "main"), "{text}");
        }
        let no = [
            "",
            "package main\nvar s = \"func main()\"\n/* func main() */\n",
            "package main\nfunc mainly() { main() }\n",
            "package main\nvar f = func() { type main int }\n",
            "package main\ntype t struct { f func(main int) }\n",
            "package main\nfunc (main) m() {}\n",
        ];
        for text in no {
            assert!(!declares_func(text.as_bytes(), "main"), "{text}");
        }
    }
}
