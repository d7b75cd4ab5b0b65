//! A module proxy that would be honest, and the ways in which it is not.

use super::{Answer, Respond, Server, Transport};
use crate::modules::{self, Published};
use crate::{Proxy, chance};
use std::io;
use std::path::PathBuf;

/// Larger files are not sent.
const MAX_FILE: u64 = 512 << 20;

/// What an honest proxy has: what is published here, and what another module cache holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Honest {
    pub(crate) published: Vec<Published>,
    /// `cache/download` of a module cache has the shape of a proxy. It is only read.
    pub(crate) cache: Option<PathBuf>,
}

impl Honest {
    /// What it sends for a path.
    pub(crate) fn get(&self, path: &str) -> Option<Vec<u8>> {
        let path = path.strip_prefix('/')?;
        if let Some(found) = self.published.iter().find_map(|module| module.get(path)) {
            return Some(found);
        }
        let clean = path.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
        let file = self.cache.as_ref().filter(|_| clean)?.join(path);
        let meta = std::fs::metadata(&file).ok().filter(|meta| meta.is_file())?;
        if meta.len() > MAX_FILE {
            return None;
        }
        std::fs::read(file).ok()
    }

    /// What it answers.
    pub(crate) fn answer(&self, path: &str) -> Answer {
        self.get(path).map_or_else(
            || Answer::Body(404, b"not found\n".to_vec()),
            |body| Answer::Body(200, body),
        )
    }
}

/// Starts a proxy that misbehaves with this probability, whatever is asked.
pub(crate) fn proxy(how: Proxy, honest: Honest, probability: f64, seed: u64) -> io::Result<Server> {
    let transport = match how {
        Proxy::SelfSigned => Transport::SelfSigned,
        Proxy::NoTls => Transport::NoTls,
        Proxy::StalledHandshake => Transport::Stalled,
        _ => Transport::Plain,
    };
    let respond: Box<Respond> = Box::new(move |path, attempt| {
        let attempt = attempt.to_string();
        if chance::strikes(probability, seed, &[path, &attempt])
            && let Some(answer) = fault(how, path, &honest)
        {
            return (answer, true);
        }
        (honest.answer(path), false)
    });
    Server::start(transport, respond)
}

/// The wrong answer; none where this fault does not concern this path.
fn fault(how: Proxy, path: &str, honest: &Honest) -> Option<Answer> {
    let body = || honest.get(path).unwrap_or_else(|| b"{}".to_vec());
    let is = |end: &str| path.ends_with(end);
    Some(match how {
        Proxy::Status(status) => Answer::Body(status, said(status).as_bytes().to_vec()),
        Proxy::Drip => Answer::Drip(body()),
        Proxy::Stall => Answer::Stall,
        Proxy::Reset => Answer::Reset(body()),
        Proxy::OtherZip if is(".zip") => Answer::Body(200, modules::other().zip),
        Proxy::CorruptZip if is(".zip") => Answer::Body(200, b"PK\x03\x04 and no more".repeat(40)),
        Proxy::TamperedMod if is(".mod") => {
            Answer::Body(200, [honest.get(path)?.as_slice(), b"\n// tampered\n"].concat())
        }
        Proxy::TamperedZip if is(".zip") => Answer::Body(200, modules::tampered().zip),
        _ => return None,
    })
}

/// What proxies say beside the status.
const fn said(status: u16) -> &'static str {
    match status {
        401 => "credentials are required\n",
        403 => "access denied\n",
        404 => "not found: the module is not here\n",
        410 => "not found: the module was removed\n",
        429 => "slow down\n",
        _ => "something broke\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn honest() -> Honest {
        Honest { published: vec![modules::dependency()], cache: None }
    }

    #[test]
    fn only_what_a_fault_concerns_is_faulty() {
        let path = |end: &str| format!("/{}/@v/v1.0.0.{end}", modules::DEPENDENCY);
        let of = |how, end: &str| fault(how, &path(end), &honest());
        assert!(of(Proxy::TamperedMod, "zip").is_none());
        assert!(of(Proxy::OtherZip, "mod").is_none());
        assert_eq!(of(Proxy::Status(410), "info"), Some(Answer::Body(410, said(410).into())));
        let Some(Answer::Body(200, tampered)) = of(Proxy::TamperedMod, "mod") else { panic!() };
        assert!(tampered.starts_with(&honest().get(&path("mod")).unwrap()));
        for end in ["zip", "mod", "info"] {
            assert!(matches!(honest().answer(&path(end)), Answer::Body(200, _)), "{end}");
        }
    }

    #[test]
    fn nothing_outside_the_cache_is_sent() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("cache")).unwrap();
        std::fs::write(folder.path().join("secret"), "x").unwrap();
        std::fs::write(folder.path().join("cache/a"), "y").unwrap();
        let honest = Honest { published: vec![], cache: Some(folder.path().join("cache")) };
        assert_eq!(honest.get("/a"), Some(b"y".to_vec()));
        for path in ["/../secret", "/./a", "//a", "/", "a", "/a/../../secret"] {
            assert_eq!(honest.get(path), None, "{path}");
        }
    }
}
