//! Texts that a renderer has yet to work on.

/// Statements of Go templates (Helm, consul-template) and of Jinja (Ansible), which leave out or repeat what is between them.
const STATEMENTS: &[&str] = &[
    "block", "call", "define", "do", "elif", "else", "elseif", "end", "endblock", "endfor",
    "endif", "extends", "filter", "for", "from", "if", "import", "include", "macro", "range",
    "raw", "set", "template", "unless", "with",
];

/// Whether the text has a statement of a template: `{{ if .x }}`, `{%- endif %}`. Those in comments are carried out as well.
///
/// A mere value, `{{ .Values.image }}`, is left to the word that it is part of.
pub(crate) fn has_statement(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        rest = rest.get(at + 1..).unwrap_or_default();
        let Some(inner) = rest.strip_prefix(['{', '%']) else { continue };
        let inner = inner.trim_start_matches(['-', '+', '~', '#', ' ', '\t']);
        let length = inner.bytes().take(16).take_while(u8::is_ascii_alphabetic).count();
        let word = inner.get(..length).unwrap_or_default();
        let ends = !inner.get(length..).unwrap_or_default().starts_with(['.', '(', '_', ':']);
        if ends && STATEMENTS.contains(&word) {
            return true;
        }
    }
    false
}
