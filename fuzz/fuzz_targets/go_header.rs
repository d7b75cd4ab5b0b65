//! The heads of Go and other source files, their constraints, names of files.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let tags = goheader::Tags::new("linux", "amd64", 26);
    let whole = goheader::read_go(bytes, true);
    if let Ok(header) = &whole {
        let _ = header.constraint.matches(&|tag| tags.has(tag));
    }
    // The beginning says the same, or that it is not enough.
    for end in [bytes.len() / 3, bytes.len() / 2, bytes.len()] {
        let part = goheader::read_go(&bytes[..end], false);
        assert!(part.is_err() || part == whole, "the beginning says something else");
    }
    // What is read in one pass of an ordinary file is what the whole reader says.
    if let (Ok(Some(brief)), Ok(header)) = (goheader::read_brief(bytes, true), &whole) {
        assert!(header.error.is_none() && header.embeds.is_empty());
        assert_eq!(header.package.as_ref().map(|one| one.name.as_str()), Some(brief.package));
        assert_eq!((&brief.constraint, brief.doc()), (&header.constraint, header.doc.clone()));
        assert!(brief.imports.iter().map(|one| one.path).eq(header.imports.iter().map(|one| &one.path)));
    }
    let _ = goheader::read_other(bytes, true);
    let text = String::from_utf8_lossy(bytes);
    if let Ok(expression) = goheader::constraint::parse(&text) {
        let again = goheader::constraint::parse(&format!("//go:build {expression}"));
        assert_eq!(again.map(|again| again.to_string()), Ok(expression.to_string()));
    }
    let _ = tags.file_name_matches(&text);
});
