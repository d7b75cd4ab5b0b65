//! `RUN --mount=type=bind,source=…`.
//!
//! Rules: `parseMount` of BuildKit's `instructions/commands_runmount.go`; the value is one line of CSV.

/// What a mount takes and from where, both as written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Mount {
    pub(crate) kind: String,
    pub(crate) source: String,
    pub(crate) from: String,
}

/// Reads the value of `--mount`. What is malformed is left out: BuildKit refuses it.
pub(crate) fn read(value: &str) -> Mount {
    let mut mount = Mount { kind: "bind".to_owned(), ..Mount::default() };
    for field in fields(value) {
        let Some((key, value)) = field.split_once('=') else { continue };
        match key.to_lowercase().as_str() {
            "type" => mount.kind = value.to_owned(),
            "source" | "src" => mount.source = value.to_owned(),
            "from" => mount.from = value.to_owned(),
            _ => {}
        }
    }
    mount
}

/// The fields of a line of CSV; a field may be quoted as a whole.
fn fields(line: &str) -> Vec<String> {
    let mut fields = Vec::new();
    let mut field = String::new();
    let mut rest = line.chars().peekable();
    let mut quoted = false;
    while let Some(ch) = rest.next() {
        match ch {
            '"' if quoted && rest.next_if_eq(&'"').is_some() => field.push('"'),
            '"' if quoted || field.is_empty() => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            _ => field.push(ch),
        }
    }
    fields.push(field);
    fields
}
