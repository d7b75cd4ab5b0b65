//! Reading a go.mod of a thousand requirements, and a go.sum of two thousand lines.

use std::fmt::Write as _;

fn main() {
    divan::main();
}

fn go_mod(count: usize) -> String {
    let mut text = String::from("module example.com/m\n\ngo 1.26.0\n\nrequire (\n");
    for index in 0..count {
        let comment = if index % 2 == 0 { " // indirect" } else { "" };
        let _ = writeln!(
            text,
            "\texample.com/group/module{index} v1.{index}.0-20240102150405-abcdefabcdef{comment}"
        );
    }
    text.push_str(")\n");
    text
}

fn go_sum(count: usize) -> String {
    let hash = "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    (0..count).fold(String::new(), |mut text, index| {
        let _ = writeln!(text, "example.com/group/module{index} v1.{index}.0 {hash}");
        let _ = writeln!(text, "example.com/group/module{index} v1.{index}.0/go.mod {hash}");
        text
    })
}

#[divan::bench(args = [1000, 10_000])]
fn parse_go_mod(bencher: divan::Bencher<'_, '_>, requirements: usize) {
    let text = go_mod(requirements);
    bencher.counter(divan::counter::BytesCount::of_str(&text)).bench(|| gomod::parse_go_mod(&text));
}

#[divan::bench(args = [1000])]
fn parse_go_sum(bencher: divan::Bencher<'_, '_>, modules: usize) {
    let text = go_sum(modules);
    bencher.counter(divan::counter::BytesCount::of_str(&text)).bench(|| gomod::parse_go_sum(&text));
}
