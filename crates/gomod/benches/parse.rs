//! Reading a go.mod of a thousand requirements, a go.sum of ten thousand lines, and a vendor/modules.txt of a thousand
//! modules; formatting; and comparing names.

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

#[divan::bench(args = [5000])]
fn parse_go_sum(bencher: divan::Bencher<'_, '_>, modules: usize) {
    let text = go_sum(modules);
    bencher.counter(divan::counter::BytesCount::of_str(&text)).bench(|| gomod::parse_go_sum(&text));
}

#[divan::bench(args = [5000])]
fn problems_of_go_sum(bencher: divan::Bencher<'_, '_>, modules: usize) {
    let sum = gomod::parse_go_sum(go_sum(modules)).unwrap_or_default();
    bencher.bench(|| sum.problems().len());
}

#[divan::bench(args = [1000])]
fn format_go_mod(bencher: divan::Bencher<'_, '_>, requirements: usize) {
    let text = go_mod(requirements);
    bencher.bench(|| gomod::format_go_mod(&text));
}

fn modules_txt(count: usize) -> String {
    (0..count).fold(String::new(), |mut text, index| {
        let _ = writeln!(
            text,
            "# example.com/group/module{index} v1.{index}.0-20240102150405-abcdefabcdef"
        );
        text.push_str("## explicit; go 1.20\n");
        for package in 0..10 {
            let _ = writeln!(text, "example.com/group/module{index}/package{package}");
        }
        text
    })
}

#[divan::bench(args = [1000])]
fn parse_vendor_modules(bencher: divan::Bencher<'_, '_>, modules: usize) {
    let text = modules_txt(modules);
    bencher
        .counter(divan::counter::BytesCount::of_str(&text))
        .bench(|| gomod::parse_vendor_modules(&text));
}

#[divan::bench(args = [1000])]
fn vendor_consistency(bencher: divan::Bencher<'_, '_>, modules: usize) {
    let go_mod = gomod::parse_go_mod(go_mod(modules)).unwrap_or_default();
    let vendor = gomod::parse_vendor_modules(modules_txt(modules));
    bencher
        .bench(|| gomod::vendor_consistency(&vendor, &gomod::MainModules::Module(&go_mod)).len());
}

#[divan::bench]
fn confusable(bencher: divan::Bencher<'_, '_>) {
    bencher.bench(|| {
        let a = divan::black_box("github.com/prometheus/client_golang");
        gomod::confusable(a, divan::black_box("github.com/prometeus/client_golang"))
    });
}
