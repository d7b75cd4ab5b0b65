//! `goward cache serve`: the go command's cache, or a server of one.

use super::serve_words as words;
use crate::cli::{CacheServeArgs, Global};
use crate::console::Console;
use anyhow::{Context as _, bail, ensure};
use goward_model::{ExitStatus, Gate};
use sha2::{Digest as _, Sha256};
use signedcache::{
    Ended, Event, Listener, Memory, Program, Remote, Server, Signer, Store, Token, Trusted,
};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// Findings that are told while the build goes on; the rest is counted, and in the report.
const TOLD: usize = 10;
/// Findings that a report lists.
const LISTED: usize = 1000;

pub(super) fn run(
    args: &CacheServeArgs,
    global: &Global,
    console: &Console,
) -> anyhow::Result<ExitStatus> {
    match args.listen {
        Some(_) => listen(args, console),
        None => speak(args, global, console),
    }
}

/// What a session told, in order.
#[derive(Default)]
struct Heard {
    events: Vec<Event>,
    more: usize,
}

/// With a go command at the other end of standard input and output.
#[expect(clippy::disallowed_methods, reason = "how long the session took")]
fn speak(args: &CacheServeArgs, global: &Global, console: &Console) -> anyhow::Result<ExitStatus> {
    let begun = Instant::now();
    let started = jiff::Timestamp::now();
    let (program, no_folder) = program(args)?;
    // Ctrl-C is for go, which says what is to be done: it closes, or it goes away.
    signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::new(AtomicBool::new(false)))?;
    let heard = Arc::new(Mutex::new(Heard::default()));
    let listener = listener(&heard, console);
    if let Some(why) = no_folder {
        listener(Event::NotKept { why });
    }
    let mut input = std::io::BufReader::with_capacity(256 << 10, std::io::stdin().lock());
    let (ended, stats) = program.run(&mut input, std::io::stdout(), &*listener);
    drop(listener);
    let heard = std::mem::take(&mut *heard.lock().unwrap_or_else(PoisonError::into_inner));
    let found = heard.events.iter().filter(|it| matches!(it, Event::Found(_))).count();
    let untold = (found + heard.more).saturating_sub(TOLD);
    if untold > 0 {
        console.tell(&words::more(untold, console.lang));
    }
    if global.verbose {
        console.tell(&words::stats(&stats, console.lang));
    }
    let latency = begun.elapsed().as_secs_f64() * 1e3;
    let report = words::report(&heard.events, heard.more, &stats, args, started, latency);
    let status = crate::check::to_files(&report, global, console);
    if report.gate != Gate::Open
        && !args.no_history
        && let Err(err) = crate::history::keep(&report, &args.dir, Path::new("."))
    {
        console.warn(&err);
    }
    Ok(if ended == Ended::Protocol { ExitStatus::Usage } else { status })
}

/// Says on standard error, which go passes on, what is found when it is found.
fn listener(heard: &Arc<Mutex<Heard>>, console: &Console) -> Box<Listener> {
    let (heard, lang) = (Arc::clone(heard), console.lang);
    Box::new(move |event| {
        let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
        let is_found = matches!(event, Event::Found(_));
        let found = heard.events.iter().filter(|it| matches!(it, Event::Found(_))).count();
        if !is_found || found < TOLD {
            use std::io::Write as _;
            // Where standard error is gone there is nobody left to tell.
            let _ = std::io::stderr().write_all(words::line(&event, lang).as_bytes());
        }
        if found < LISTED || !is_found {
            heard.events.push(event);
        } else {
            heard.more += 1;
        }
    })
}

/// And why the folder cannot be written, where it should be.
fn program(args: &CacheServeArgs) -> anyhow::Result<(Program, Option<String>)> {
    let signer = args.key.as_deref().map(crate::keys::signing).transpose()?.map(Signer::new);
    let mut keys = vec![];
    for file in &args.verify_key {
        keys.push(crate::keys::verifying(file)?);
    }
    keys.extend(signer.as_ref().map(Signer::public));
    ensure!(
        !keys.is_empty(),
        "nobody is trusted: name a key with --key, or public keys with --verify-key"
    );
    ensure!(
        args.dir.is_absolute(),
        "--dir {}: write the whole path; the go command starts this in any folder, and expands nothing",
        args.dir.display()
    );
    ensure!(
        args.dir.to_str().is_some(),
        "--dir {}: go could not be told of files in it: the path is not UTF-8",
        args.dir.display()
    );
    let remote = args
        .remote
        .as_deref()
        .map(|url| Remote::new(url, token(args)?, args.plain_http).map_err(anyhow::Error::from));
    let remote = remote.transpose()?;
    // A folder that cannot be written is read, and one that is not there is a cache with nothing in it: the build
    // goes on.
    let created = (!args.read_only).then(|| Store::create(&args.dir, false));
    let (created, no_folder) = match created {
        Some(Err(err)) => (None, Some(format!("{}: {err}", args.dir.display()))),
        created => (created.and_then(Result::ok), None),
    };
    let writable = created.is_some();
    let store = created.or_else(|| Store::open(&args.dir).ok());
    let memory = match &store {
        Some(store) if !args.reread => memory(store.dir()),
        _ => Memory::none(),
    };
    let program = Program {
        store,
        writable,
        signer,
        trusted: Trusted::new(keys),
        memory,
        remote,
        upload: !args.read_only && !args.download_only,
        trim_after: args.keep,
    };
    Ok((program, no_folder))
}

/// Beside the user's other caches and away from this one. Without a home or a name of the boot, none.
#[expect(clippy::disallowed_methods, reason = "the user's own folder, and the kernel's own word")]
fn memory(dir: &Path) -> Memory {
    let named = |name| std::env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
    let caches = named("XDG_CACHE_HOME").or_else(|| Some(named("HOME")?.join(".cache")));
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id");
    let (Some(caches), Ok(boot)) = (caches.filter(|it| it.is_absolute()), boot) else {
        return Memory::none();
    };
    let hash = Sha256::digest(dir.as_os_str().as_encoded_bytes());
    let name: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    Memory::read(&caches.join("goward/verified").join(name), &boot)
}

#[expect(clippy::disallowed_methods, reason = "the variable and the file that the user named")]
fn token(args: &CacheServeArgs) -> anyhow::Result<Option<Token>> {
    let (text, whence) = match (&args.token_env, &args.token_file) {
        (Some(name), _) => {
            let text = std::env::var(name).with_context(|| format!("--token-env {name}"))?;
            (text, format!("the variable {name}"))
        }
        (None, Some(file)) => {
            let text = std::fs::read_to_string(file);
            (
                text.with_context(|| format!("reading {}", file.display()))?,
                file.display().to_string(),
            )
        }
        (None, None) => return Ok(None),
    };
    match Token::new(&text) {
        Some(token) => Ok(Some(token)),
        None => bail!("{whence} has no token: one word of visible ASCII letters"),
    }
}

/// With others over HTTP, until a signal.
fn listen(args: &CacheServeArgs, console: &Console) -> anyhow::Result<ExitStatus> {
    let Some(address) = args.listen else { bail!("--listen names no address") };
    let mut keys = vec![];
    for file in &args.verify_key {
        keys.push(crate::keys::verifying(file)?);
    }
    let store = Store::create(&args.dir, true)
        .with_context(|| format!("--dir {}: it cannot be written", args.dir.display()))?;
    let server = Server::bind(address, store, Trusted::new(keys), token(args)?, args.keep)?;
    console.print(&words::listening(server.address(), &args.dir, console.lang))?;
    let stop = server.stop();
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    std::thread::spawn(move || {
        // Later signals end it at once.
        if signals.forever().next().is_some() {
            stop.now();
        }
    });
    let (told, lang) = (AtomicBool::new(false), console.lang);
    let listener: Arc<Listener> = Arc::new(move |event| {
        if !told.swap(true, Ordering::Relaxed) {
            use std::io::Write as _;
            let _ = std::io::stderr().write_all(words::line(&event, lang).as_bytes());
        }
    });
    server.run(&listener);
    Ok(ExitStatus::Open)
}
