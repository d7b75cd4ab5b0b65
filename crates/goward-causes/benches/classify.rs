//! How fast a log is read: one that is clean, one that fails at its end, one of near misses, of errors, of records.

use std::io::Read as _;

fn main() {
    divan::main();
}

fn log(line: &str, megabytes: usize, end: &str) -> String {
    let mut text = line.repeat((megabytes << 20) / line.len());
    text += end;
    text
}

const END: &str = "# example.com/hello\n./main.go:5:2: undefined: greet\n";

#[divan::bench(args = [1, 100], sample_count = 5)]
fn ordinary(bencher: divan::Bencher<'_, '_>, megabytes: usize) {
    let text = log(
        "2024-05-01T12:00:00.0000000Z Get:12 http://archive.example.com/ubuntu jammy/main amd64 libfoo [12.3 kB]\n\
         2024-05-01T12:00:00.0000000Z Unpacking libfoo (1.2.3-4ubuntu1) ...\n\
         2024-05-01T12:00:00.0000000Z go: downloading github.com/example/module v1.2.3\n",
        megabytes,
        END,
    );
    bencher
        .counter(divan::counter::BytesCount::of_str(&text))
        .bench(|| goward_causes::classify(text.as_bytes()));
}

#[divan::bench(args = [1, 100], sample_count = 5)]
fn verbose_tests(bencher: divan::Bencher<'_, '_>, megabytes: usize) {
    let text = log(
        "=== RUN   TestParse/empty_input_is_an_error\n    parse_test.go:33: got error: open /x: no such file\n\
         level=info msg=\"request served\" path=/v1/items status=200 duration=1.234ms id=0123456789abcdef\n\
         --- PASS: TestParse/empty_input_is_an_error (0.00s)\n",
        megabytes,
        END,
    );
    bencher
        .counter(divan::counter::BytesCount::of_str(&text))
        .bench(|| goward_causes::classify(text.as_bytes()));
}

#[divan::bench(args = [1, 100], sample_count = 3)]
fn near_misses(bencher: divan::Bencher<'_, '_>, megabytes: usize) {
    let text = log(
        "./main.go:5:2: undefine: no required module provide package; go.sum entr\n",
        megabytes,
        END,
    );
    bencher
        .counter(divan::counter::BytesCount::of_str(&text))
        .bench(|| goward_causes::classify(text.as_bytes()));
}

/// Nothing but what a compiler says.
#[divan::bench(args = [1, 100], sample_count = 3)]
fn errors(bencher: divan::Bencher<'_, '_>, megabytes: usize) {
    let text = log("./main.go:5:2: undefined: greet\n", megabytes, END);
    bencher
        .counter(divan::counter::BytesCount::of_str(&text))
        .bench(|| goward_causes::classify(text.as_bytes()));
}

/// What `go test -json` and a service's log look like: a record a line, some of them with a level.
#[divan::bench(args = [1, 100], sample_count = 3)]
fn records(bencher: divan::Bencher<'_, '_>, megabytes: usize) {
    let text = log(
        "{\"Time\":\"2024-05-01T12:00:00.0000000Z\",\"Action\":\"output\",\"Package\":\"example.com/hello\",\"Output\":\"=== RUN   TestParse\\n\"}\n\
         {\"level\":\"error\",\"ts\":1714564800.1,\"msg\":\"no such host\",\"error\":\"dial tcp: lookup db: no such host\"}\n\
         time=\"2024-05-01T12:00:00Z\" level=warning msg=\"retrying\" attempt=3\n",
        megabytes,
        END,
    );
    bencher
        .counter(divan::counter::BytesCount::of_str(&text))
        .bench(|| goward_causes::classify(text.as_bytes()));
}

/// A sparse file.
#[divan::bench(sample_count = 3)]
fn zeros(bencher: divan::Bencher<'_, '_>) {
    bencher.counter(divan::counter::BytesCount::new(100_usize << 20)).bench(|| {
        let mut input = std::io::repeat(0).take(100 << 20);
        goward_causes::read(&mut input, &goward_causes::Facts::default())
    });
}
