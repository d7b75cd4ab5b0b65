//! Go's `%q`.

/// A quoted string, as `strconv.Quote` makes it.
///
/// gomod has that function, and the table of printable characters behind it, for its messages only; so the quoted part
/// of such a message is taken.
pub(crate) fn quote(text: &str) -> String {
    let message = gomod::module_path::PathProblem::Dots(text.to_owned()).to_string();
    message.find('"').and_then(|start| message.get(start..)).unwrap_or(&message).to_owned()
}
