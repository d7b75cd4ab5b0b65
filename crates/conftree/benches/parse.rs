//! Reading configuration with places, and the documents inside its strings.

use conftree::{Format, parse};

fn main() {
    divan::main();
}

/// A file of ConfigMaps, each with a document inside.
fn config_maps(count: usize) -> String {
    let one = |n| {
        format!(
            "---\nkind: ConfigMap\nmetadata: {{name: c{n}}}\ndata:\n  app.yaml: |\n    tls:\n      cert: /etc/{n}.crt\n"
        )
    };
    (0..count).map(one).collect()
}

#[divan::bench(args = [100, 1000])]
fn yaml(bencher: divan::Bencher<'_, '_>, count: usize) {
    let text = config_maps(count);
    bencher.counter(divan::counter::BytesCount::of_str(&text)).bench(|| parse(&text, Format::Yaml));
}

/// Ten times the strings must cost ten times the time, not a hundred.
#[divan::bench(args = [100, 1000])]
fn embedded(bencher: divan::Bencher<'_, '_>, count: usize) {
    let text = config_maps(count);
    let documents = parse(&text, Format::Yaml).unwrap_or_default();
    bencher.counter(divan::counter::ItemsCount::new(count)).bench(|| {
        let inner = |node: &conftree::Node| {
            node.get("data")?.get("app.yaml")?.embedded(&text, Format::Yaml)
        };
        documents.iter().filter_map(inner).count()
    });
}
