//! Compares two programs and prints what was found: for measuring the library alone.
#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "an example")]

fn main() {
    let mut args = std::env::args_os().skip(1);
    let (Some(a), Some(b)) = (args.next(), args.next()) else { return };
    let (Ok(a), Ok(b)) = (std::fs::read(a), std::fs::read(b)) else { return };
    match gorepro::compare(&a, &b) {
        Ok(found) => {
            for cause in &found.causes {
                println!("{} {:#?} +{}", cause.cause.id, cause.evidence, cause.more);
            }
            println!(
                "same {} functions {:?} differing {} unexplained {} {:?} ids {:?} gaps {:?}",
                found.same,
                found.functions,
                found.differing,
                found.unexplained,
                found.unexplained_in,
                found.build_id,
                found.gaps
            );
        }
        Err(err) => println!("{err}"),
    }
}
