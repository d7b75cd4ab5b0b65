//! What is read, where it is, and what is refused.
#![expect(clippy::unwrap_used, reason = "tests")]

use conftree::{ErrorKind, Format, Limits, Node, Value, parse, parse_lenient, parse_with};

fn one(text: &str, format: Format) -> Node {
    parse(text, format).unwrap().into_iter().next().unwrap()
}

fn scalar(node: &Node, path: &str) -> String {
    node.at(path).and_then(Node::scalar_text).map(|text| text.into_owned()).unwrap_or_default()
}

/// `path=value@line:column` of every scalar.
fn scalars(node: &Node) -> Vec<String> {
    let mut all = vec![];
    node.walk(&mut |path, node| {
        if let Some(text) = node.scalar_text() {
            let start = node.span.start;
            all.push(format!("{path}={text}@{}:{}", start.line, start.column));
        }
    });
    all
}

#[test]
fn every_format_gives_the_same_tree_with_its_own_places() {
    let wanted = |text: &str, format| scalars(&one(text, format));
    assert_eq!(wanted("a:\n  b: [1, x]\n", Format::Yaml), ["a.b[0]=1@2:7", "a.b[1]=x@2:10"]);
    assert_eq!(
        wanted("{\"a\": {\"b\": [1, \"x\"]}}", Format::Json),
        ["a.b[0]=1@1:14", "a.b[1]=x@1:17"]
    );
    assert_eq!(wanted("[a]\nb = [1, \"x\"]\n", Format::Toml), ["a.b[0]=1@2:6", "a.b[1]=x@2:9"]);
    assert_eq!(wanted("# c\nexport A=1\nB=\"x y\" # c\n", Format::Env), ["A=1@2:10", "B=x y@3:3"]);
}

#[test]
fn yaml_scalars_follow_the_core_schema() {
    for (text, value) in [
        ("true", Value::Bool(true)),
        ("False", Value::Bool(false)),
        ("~", Value::Null),
        ("", Value::Null),
        ("1_000", Value::String("1_000".into())),
        ("0x1F", Value::Number("0x1F".into())),
        ("-1.5e3", Value::Number("-1.5e3".into())),
        (".inf", Value::Number(".inf".into())),
        ("1.2.3", Value::String("1.2.3".into())),
        ("yes", Value::String("yes".into())),
        ("\"true\"", Value::String("true".into())),
        ("!!str true", Value::String("true".into())),
        ("[]", Value::List(vec![])),
    ] {
        let node = one(&format!("a: {text}\n"), Format::Yaml);
        assert_eq!(node.at("a").unwrap().value, value, "{text}");
    }
}

#[test]
fn documents_anchors_and_merge_keys() {
    assert_eq!(parse("a: 1\n---\nb: 2\n", Format::Yaml).unwrap().len(), 2);
    let text = "base: &b {x: 1, y: 2}\nother: &o {x: 9, z: 3}\na:\n  <<: [*b, *o]\n  y: 7\nc: *b\n";
    let node = one(text, Format::Yaml);
    assert_eq!(["a.x", "a.y", "a.z", "c.y"].map(|path| scalar(&node, path)), ["1", "7", "3", "2"]);
    let alias = node.at("c").unwrap().span.start;
    assert_eq!((alias.line, alias.column), (6, 4));
    assert_eq!(scalar(&one("a: 1\na: 2\n", Format::Yaml), "a"), "2");
}

#[test]
fn a_string_can_be_a_document_of_its_own() {
    let text = "data:\n  config.yaml: |\n    tls:\n      cert: /x\n\n      键: y\n  one: 'a: b'\n";
    let node = one(text, Format::Yaml);
    let find = |key: &str| {
        let data = node.get("data").unwrap();
        data.get(key).unwrap().embedded(text, Format::Yaml).unwrap().unwrap().remove(0)
    };
    assert_eq!(scalars(&find("config.yaml")), ["tls.cert=/x@4:13", "tls.键=y@6:10"]);
    assert_eq!(scalars(&find("one")), ["a=b@7:12"]);
    let text = "a: |\n\n\n  x: 1\nb: |2\n    y: 2\n";
    let node = one(text, Format::Yaml);
    for (key, wanted) in [("a", "x=1@4:6"), ("b", "y=2@6:8")] {
        let inner = node.get(key).unwrap().embedded(text, Format::Yaml).unwrap().unwrap();
        assert_eq!(scalars(&inner[0]), [wanted], "{key}");
        inner[0].walk(&mut |_, node| {
            if let Some(scalar) = node.scalar_text() {
                let written = text.get(node.span.start.offset..node.span.end.offset);
                assert_eq!(written, Some(scalar.as_ref()), "{key}");
            }
        });
    }
    let broken = "a: |\n  x: [\n";
    let inner = one(broken, Format::Yaml);
    let error = inner.get("a").unwrap().embedded(broken, Format::Yaml).unwrap().unwrap_err();
    assert!(error.pos.line >= 2, "{error}");
}

#[test]
fn crlf_and_byte_order_marks_move_nothing() {
    for (text, format) in
        [("\u{feff}a: 1\r\nb: 2\r\n", Format::Yaml), ("\u{feff}a=1\r\nb=2\r\n", Format::Env)]
    {
        let node = one(text, format);
        let b = node.get("b").unwrap();
        assert_eq!((b.scalar_text().unwrap().as_ref(), b.span.start.line), ("2", 2), "{format:?}");
        assert_eq!(text.get(b.span.start.offset..b.span.end.offset), Some("2"), "{format:?}");
    }
    assert_eq!(one("\u{feff}{\"a\": 1}", Format::Json).get("a").unwrap().span.start.column, 7);
}

#[test]
fn mistakes_know_their_place() {
    for (text, format, line) in [
        ("a: 1\nb: [\n", Format::Yaml, 2),
        ("{\"a\": 1,\n \"b\" 2}", Format::Json, 2),
        ("{\"a\": 1} x", Format::Json, 1),
        ("a = 1\nb = \n", Format::Toml, 2),
        ("A=1\nnonsense\n", Format::Env, 2),
    ] {
        let error = parse(text, format).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Syntax);
        assert!(error.pos.line >= line, "{text:?}: {error}");
    }
    for bad in [
        "01",
        "+1",
        "[1,]",
        "{\"a\":1,}",
        "\"\\ud800\"",
        "\"\t\"",
        "// c\n1",
        "nul",
        "",
        "[",
        "1 2",
    ] {
        assert!(parse(bad, Format::Json).is_err(), "{bad:?}");
    }
    let (documents, error) = parse_lenient("a: 1\n---\nb: [\n", Format::Yaml);
    assert!(documents.len() == 1 && error.is_some());
    assert!(parse_lenient("// c\n{\"a\": [1,], /* d */ }", Format::Json).1.is_none());
}

#[test]
fn bombs_cost_nothing() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for i in 1..30 {
        bomb += &format!("a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 10].join(", "));
    }
    assert_eq!(parse(&bomb, Format::Yaml).unwrap_err().kind, ErrorKind::TooManyNodes);
    for text in ["[".repeat(100_000), "[".repeat(150) + &"]".repeat(150)] {
        assert!(parse(&text, Format::Yaml).is_err());
        assert_eq!(parse(&text, Format::Json).unwrap_err().kind, ErrorKind::TooDeep);
    }
    let small = Limits { max_bytes: 3, ..Limits::default() };
    assert_eq!(parse_with("a: 1", Format::Yaml, &small).unwrap_err().kind, ErrorKind::TooLarge);
    assert!(parse("a: &a [*a]\n", Format::Yaml).is_err());
}

#[test]
fn what_yaml_v3_reads_is_read() {
    for text in [
        "args: [\n  a,\n  b\n]\n",
        "a:\n  b: [\n    x\n  ]\n",
        "a: 'one\n  two'\n",
        "a: {\n  b: 1\n}\n",
        "- a\n-\tb\n",
        "a: b: c\n",
    ] {
        let refused = parse(text, Format::Yaml).err();
        let bad = text == "a: b: c\n";
        assert_eq!(refused.is_some(), bad, "{text:?}: {refused:?}");
    }
}

proptest::proptest! {
    #[test]
    fn nothing_panics_and_spans_lie_inside(text in "([\\[\\]{}:,&*|>#'\"\\\\=!-]|[ab1é\\n\\t\\r ]|: |- |\\|\\n|<<: )*") {
        for format in [Format::Yaml, Format::Json, Format::Toml, Format::Env] {
            for node in parse_lenient(&text, format).0 {
                let mut inside = true;
                node.walk(&mut |_, node| {
                    let (start, end) = (node.span.start.offset, node.span.end.offset);
                    inside &= start <= end && text.get(start..end).is_some();
                    let _ = node.embedded(&text, Format::Yaml);
                });
                proptest::prop_assert!(inside);
            }
        }
    }

    #[test]
    fn json_agrees_with_serde(text in "[\\[\\]{}:,\"0-9.eE+\\-a-f\\\\u tn]{0,30}") {
        let ours = parse(&text, Format::Json).is_ok();
        let theirs = serde_json::from_str::<serde_json::Value>(&text);
        // serde refuses numbers that no double holds.
        let range = theirs.as_ref().err().is_some_and(|err| err.to_string().contains("out of range"));
        proptest::prop_assert!(range || ours == theirs.is_ok());
    }
}
