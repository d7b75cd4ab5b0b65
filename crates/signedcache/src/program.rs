//! A session of the go command: requests are read one after the other, and answered as soon as their answer is known.

use crate::look::{Looked, believed, look, remembered};
use crate::protocol::{Body, Request, Response, read_body, read_request};
use crate::put::{has, nanoseconds};
use crate::remote::{Fetched, entry_path, object_path};
use crate::session::Session;
use crate::spool::{Spool, Spooled};
use crate::upload::{PATIENCE, SENDERS, Upload, Uploads};
use crate::{
    Doubt, EntryError, Event, Found, Listener, MAX_OBJECT, Memory, Place, Remote, Signer,
    Statement, Store, Trusted,
};
use gocache::Id;
use std::io::{BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// Requests that wait for a thread; go waits when they are more.
const WAITING: usize = 64;
/// Threads where there is a remote to wait for.
const ASKERS: usize = 16;

/// What a session works with.
pub struct Program {
    /// The folder, where it can be read.
    pub store: Option<Store>,
    /// Whether the folder may be written.
    pub writable: bool,
    /// Signs what is built; without it, what is built is kept for the session only.
    pub signer: Option<Signer>,
    /// Whose entries are believed.
    pub trusted: Trusted,
    /// What was verified before.
    pub memory: Memory,
    /// The cache behind HTTP.
    pub remote: Option<Remote>,
    /// Whether what is built is sent there.
    pub upload: bool,
    /// What was not used for so long is deleted, once a day.
    pub trim_after: Duration,
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The go command said so.
    Closed,
    /// The input ended without it: go was interrupted or failed.
    Eof,
    /// What was said was not the protocol.
    Protocol,
}

/// What a session did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// What go asked for.
    pub gets: u64,
    /// Answered from files that were verified before and are untouched.
    pub remembered: u64,
    /// Answered from files of the folder that were read and verified.
    pub verified: u64,
    /// Answered by the remote, verified.
    pub remote: u64,
    /// Answered with what this session put.
    pub session: u64,
    /// What was not there or not believed.
    pub misses: u64,
    /// What go put.
    pub puts: u64,
    /// What was sent to the remote.
    pub sent: u64,
}

#[derive(Default)]
struct Counters {
    remembered: AtomicU64,
    verified: AtomicU64,
    remote: AtomicU64,
    session: AtomicU64,
    misses: AtomicU64,
    puts: AtomicU64,
}

/// A session that goes on.
pub(crate) struct Run<'a, W> {
    pub(crate) program: &'a Program,
    pub(crate) listener: &'a Listener,
    pub(crate) session: Session,
    pub(crate) uploads: Option<Sender<Upload>>,
    pub(crate) told_not_kept: AtomicBool,
    out: Mutex<W>,
    /// Whether nobody reads our answers any more.
    broken: AtomicBool,
    counters: Counters,
}

enum Job {
    Get { id: i64, action: Id },
    Put { id: i64, action: Id, output: Id, body: Spooled },
}

impl Program {
    /// Answers until the other side closes or ends. What it has to tell, the listener hears at once.
    pub fn run(
        &self,
        input: &mut impl BufRead,
        output: impl Write + Send,
        listener: &Listener,
    ) -> (Ended, Stats) {
        let (sender, uploads) = Uploads::new();
        let remote = self.remote.as_ref().filter(|_| self.upload && self.signer.is_some());
        let mut run = Run {
            program: self,
            listener,
            session: Session::default(),
            uploads: remote.is_some().then_some(sender),
            told_not_kept: AtomicBool::new(false),
            out: Mutex::new(output),
            broken: AtomicBool::new(false),
            counters: Counters::default(),
        };
        run.answer(&Response::hello());
        if self.store.as_ref().is_some_and(Store::is_shared) {
            listener(Event::Shared);
        }
        let (ended, close) = std::thread::scope(|scope| {
            let mut senders = 0;
            for _ in 0..SENDERS {
                let spawn = |remote| {
                    let uploads = &uploads;
                    let work = move || uploads.work(remote, listener);
                    std::thread::Builder::new().spawn_scoped(scope, work).is_ok()
                };
                senders += usize::from(remote.is_some_and(spawn));
            }
            if senders == 0 {
                run.uploads = None;
            }
            let ended = run.serve(input);
            // Who was interrupted does not want to wait.
            uploads.end(if ended.0 == Ended::Closed { PATIENCE } else { Duration::ZERO });
            run.uploads = None;
            ended
        });
        let sent = uploads.finish(listener);
        let now = SystemTime::now();
        // What is not remembered is read again; what is not trimmed today is tomorrow.
        let _ = self.memory.save(nanoseconds(now) / 1_000_000_000);
        if let Some(store) = self.store.as_ref().filter(|_| self.writable) {
            let _ = store.trim(self.trim_after, now);
        }
        let stats = run.stats(sent);
        // Last: go ends when it hears it, and a CI system may end all the rest then.
        if let Some(id) = close {
            run.answer(&Response::done(id));
        }
        (ended, stats)
    }
}

impl<W: Write + Send> Run<'_, W> {
    fn serve(&self, input: &mut impl BufRead) -> (Ended, Option<i64>) {
        let (sender, jobs) = sync_channel(WAITING);
        let jobs = Mutex::new(jobs);
        let processors = std::thread::available_parallelism().map_or(2, usize::from);
        let threads = if self.program.remote.is_some() { ASKERS } else { processors.max(2) };
        std::thread::scope(|scope| {
            let mut workers = 0;
            for _ in 0..threads {
                let work = || self.work(&jobs);
                let spawned = std::thread::Builder::new().spawn_scoped(scope, work);
                workers += usize::from(spawned.is_ok());
            }
            // Where the machine has no thread to give, one does it all.
            let ended = self.read(input, Some(&sender).filter(|_| workers > 0));
            drop(sender);
            ended
        })
    }

    fn read(
        &self,
        input: &mut impl BufRead,
        jobs: Option<&SyncSender<Job>>,
    ) -> (Ended, Option<i64>) {
        loop {
            if self.broken.load(Ordering::Relaxed) {
                return (Ended::Eof, None);
            }
            let job = match read_request(input) {
                Ok(None) => return (Ended::Eof, None),
                Ok(Some(Request::Close { id })) => return (Ended::Closed, Some(id)),
                Ok(Some(Request::Refused { id, why })) => {
                    self.answer(&Response::refused(id, why));
                    continue;
                }
                Ok(Some(Request::Get { id, action })) => match self.at_hand(&action) {
                    Some((statement, path)) => {
                        self.hit(id, &statement, &path);
                        continue;
                    }
                    None => Job::Get { id, action },
                },
                Ok(Some(Request::Put { id, action, output, size })) => {
                    let may_keep = self.program.writable && self.program.signer.is_some();
                    let store = self.program.store.as_ref().filter(|_| may_keep);
                    let mut spool = Spool::new(store, &self.session);
                    match read_body(input, size, &mut |part| spool.write(part)) {
                        Ok(Body::Whole) => Job::Put { id, action, output, body: spool.finish() },
                        Ok(Body::Short(read)) => {
                            let why = format!("{read} bytes came of {size} that were announced");
                            self.answer(&Response::refused(id, why));
                            continue;
                        }
                        Ok(Body::NotBase64) => {
                            self.answer(&Response::refused(id, "the body is not base64"));
                            continue;
                        }
                        Err(err) => return self.protocol(&err),
                    }
                }
                Err(err) => return self.protocol(&err),
            };
            let sent = match jobs {
                Some(jobs) => jobs.send(job).is_ok(),
                None => {
                    self.job(job);
                    true
                }
            };
            if !sent {
                return (Ended::Eof, None);
            }
        }
    }

    fn protocol(&self, err: &crate::protocol::ProtocolError) -> (Ended, Option<i64>) {
        use crate::protocol::ProtocolError;
        // Go was killed, most often.
        if !matches!(err, ProtocolError::Half) {
            (self.listener)(Event::Protocol { why: err.to_string() });
            return (Ended::Protocol, None);
        }
        (Ended::Eof, None)
    }

    fn work(&self, jobs: &Mutex<Receiver<Job>>) {
        loop {
            let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
            match next {
                Ok(job) => self.job(job),
                Err(_) => return,
            }
        }
    }

    /// Go waits for an answer whatever happens to us.
    fn job(&self, job: Job) {
        match job {
            Job::Get { id, action } => {
                let found = catch_unwind(AssertUnwindSafe(|| self.find(&action)));
                match found.ok().flatten() {
                    Some((statement, path)) => self.hit(id, &statement, &path),
                    None => {
                        count(&self.counters.misses);
                        self.answer(&Response::miss(id));
                    }
                }
            }
            Job::Put { id, action, output, body } => {
                count(&self.counters.puts);
                let put = catch_unwind(AssertUnwindSafe(|| self.put(action, output, body)));
                let put = put.unwrap_or_else(|_| Err("goward failed".into()));
                match put.as_ref().map(|path| path.to_str()) {
                    Ok(Some(path)) => {
                        let path = Some(path.to_owned());
                        self.answer(&Response { id, path, ..Response::default() });
                    }
                    Ok(None) => self.answer(&Response::refused(id, "its path is not UTF-8")),
                    Err(why) => self.answer(&Response::refused(id, why.as_str())),
                }
            }
        }
    }

    /// What can be answered without reading a file.
    fn at_hand(&self, action: &Id) -> Option<(Statement, PathBuf)> {
        if let Some(known) = self.session.get(action) {
            count(&self.counters.session);
            return Some(known);
        }
        let Program { store, memory, trusted, .. } = self.program;
        let (store, now) = (store.as_ref()?, nanoseconds(SystemTime::now()) / 1_000_000_000);
        let statement = remembered(store, memory, trusted, action, now)?;
        count(&self.counters.remembered);
        Some((statement, store.path(&statement.output, 'd')))
    }

    /// The folder, then the remote.
    fn find(&self, action: &Id) -> Option<(Statement, PathBuf)> {
        let Program { store, memory, trusted, .. } = self.program;
        if let Some(store) = store {
            match look(store, memory, trusted, action, SystemTime::now()) {
                Looked::Good(statement) => {
                    count(&self.counters.verified);
                    return Some((statement, store.path(&statement.output, 'd')));
                }
                Looked::Bad(found) => (self.listener)(Event::Found(found)),
                Looked::Absent => {}
            }
        }
        let found = self.fetch(action)?;
        count(&self.counters.remote);
        Some(found)
    }

    fn fetch(&self, action: &Id) -> Option<(Statement, PathBuf)> {
        let remote = self.program.remote.as_ref()?;
        let bad = |path, doubt| {
            let found = Found { place: Place::Remote, action: *action, path, doubt };
            (self.listener)(Event::Found(found));
        };
        let bytes = remote.entry(action, self.listener)?;
        let signed = match believed(&bytes, action, &self.program.trusted) {
            Ok(signed) if signed.statement.size <= MAX_OBJECT => signed,
            Ok(_) => {
                bad(entry_path(action), Doubt::Entry(EntryError::Form));
                return None;
            }
            Err(err) => {
                bad(entry_path(action), Doubt::Entry(err));
                return None;
            }
        };
        let statement = signed.statement;
        let store = self.program.store.as_ref().filter(|_| self.program.writable);
        if let Some(store) = store.filter(|store| has(store, &statement))
            && store.keep_entry(&signed).is_ok()
        {
            return Some((statement, store.path(&statement.output, 'd')));
        }
        let mut spool = Spool::new(store, &self.session);
        if statement.size > 0 {
            let each = &mut |part: &[u8]| spool.write(part);
            match remote.object(&statement.output, statement.size, each, self.listener) {
                Fetched::Body => {}
                Fetched::Absent => return None,
            }
        }
        let spooled = spool.finish();
        let path = object_path(&statement.output);
        if spooled.size != statement.size {
            bad(path, Doubt::Size { signed: statement.size, found: spooled.size });
            return None;
        }
        if spooled.output != statement.output {
            bad(path, Doubt::Content { found: spooled.output });
            return None;
        }
        Some((statement, self.keep(spooled, statement, Some(&signed)).ok()?))
    }

    fn hit(&self, id: i64, statement: &Statement, path: &Path) {
        let Some(path) = path.to_str() else { return self.answer(&Response::miss(id)) };
        let time = jiff::Timestamp::from_nanosecond(i128::from(statement.time));
        self.answer(&Response {
            id,
            output: Some(Response::encode(&statement.output)),
            size: Some(statement.size),
            time: time.ok().map(|time| time.to_string()),
            path: Some(path.to_owned()),
            ..Response::default()
        });
    }

    fn answer(&self, response: &Response) {
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        if response.write(&mut *out).is_err() {
            self.broken.store(true, Ordering::Relaxed);
        }
    }

    fn stats(&self, sent: u64) -> Stats {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let it = &self.counters;
        let (remembered, verified, remote) = (of(&it.remembered), of(&it.verified), of(&it.remote));
        let (session, misses) = (of(&it.session), of(&it.misses));
        let gets = remembered + verified + remote + session + misses;
        Stats { gets, remembered, verified, remote, session, misses, puts: of(&it.puts), sent }
    }
}

fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}
