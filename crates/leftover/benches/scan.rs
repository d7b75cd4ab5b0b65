//! Looking for placeholders: in a file that has none, and in one that is full of them.

use leftover::{Mode, scan};

fn main() {
    divan::main();
}

fn yaml(line: &str) -> String {
    (0..20_000).map(|n| format!("key{n}: {line}\n")).collect()
}

#[divan::bench(args = ["plain value, no braces", "{{ .Values.image }}", "{{DB_HOST}}:5432"])]
fn source(bencher: divan::Bencher<'_, '_>, line: &str) {
    let text = yaml(line);
    bencher
        .counter(divan::counter::BytesCount::of_str(&text))
        .bench(|| scan("deploy/app.yaml", text.as_bytes(), Mode::Source, &|_| false));
}

#[divan::bench(args = ["plain value", "${DB_HOST} <CHANGE_ME> __PORT__"])]
fn rendered(bencher: divan::Bencher<'_, '_>, line: &str) {
    let text = yaml(line);
    bencher
        .counter(divan::counter::BytesCount::of_str(&text))
        .bench(|| scan("deploy/app.yaml", text.as_bytes(), Mode::Rendered, &|_| false));
}
