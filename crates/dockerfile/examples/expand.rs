//! Expands JSON strings, one a line of standard input, with a few fixed variables.
#![expect(clippy::print_stdout, reason = "an example prints")]

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let lookup = |name: &str| match name {
        "a" => Some("aa/é".to_owned()),
        "b" => Some(String::new()),
        "PWD" => Some("/home/x".to_owned()),
        _ => None,
    };
    for line in std::io::stdin().lines() {
        let word: String = serde_json::from_str(&line?)?;
        println!(
            "{}",
            serde_json::json!(
                dockerfile::expand(&word, '\\', &lookup).ok().map(|expansion| expansion.text)
            )
        );
    }
    Ok(())
}
