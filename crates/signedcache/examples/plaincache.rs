//! The floor of every `GOCACHEPROG`: gives what lies in one of Go's own build caches, signs nothing and verifies
//! nothing; what it costs more than go alone is the protocol's. `cargo xtask compare serve` measures it.

#![expect(clippy::disallowed_methods, reason = "an example reads")]

use gocache::{Id, parse_entry, place};
use signedcache::protocol::{Request, Response, read_body, read_request};
use std::io::{self, BufReader, Write as _};
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dir = PathBuf::from(std::env::args_os().nth(1).ok_or("usage: plaincache GOCACHE")?);
    let mut input = BufReader::with_capacity(256 << 10, io::stdin().lock());
    let mut out = io::stdout().lock();
    Response::hello().write(&mut out)?;
    while let Some(request) = read_request(&mut input)? {
        match request {
            Request::Get { id, action } => {
                get(&dir, id, &action).unwrap_or_else(|| Response::miss(id)).write(&mut out)?;
            }
            Request::Put { id, size, .. } => {
                read_body(&mut input, size, &mut |_| {})?;
                Response::refused(id, "nothing is kept here").write(&mut out)?;
            }
            Request::Refused { id, why } => Response::refused(id, why).write(&mut out)?,
            Request::Close { id } => {
                Response::done(id).write(&mut out)?;
                break;
            }
        }
    }
    Ok(out.flush()?)
}

/// As go's own `get`: the entry, and whether there is a file of that size.
fn get(dir: &Path, id: i64, action: &Id) -> Option<Response> {
    let entry = parse_entry(&std::fs::read(dir.join(place(action, 'a'))).ok()?).ok()?;
    let path = dir.join(place(&entry.output, 'd'));
    let same = std::fs::metadata(&path).is_ok_and(|found| found.len() == entry.size);
    let time = jiff::Timestamp::from_nanosecond(i128::from(entry.time)).ok()?;
    same.then(|| Response {
        id,
        output: Some(Response::encode(&entry.output)),
        size: Some(entry.size),
        time: Some(time.to_string()),
        path: path.to_str().map(str::to_owned),
        ..Response::default()
    })
}
