//! Module zips, which may come from anybody (`golang.org/x/mod/zip`, `dirhash.HashZip`).
//!
//! Nothing is extracted. What is read is bounded by Go's own limits, whatever the archive claims.
#![expect(
    clippy::disallowed_methods,
    reason = "this library reads the module cache itself, because speed is its point"
)]

use crate::sum::{Entry, NewlineInName, hash1};
use rawzip::{CompressionMethod, FileReader, ZipArchive, ZipArchiveEntryWayfinder};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// `zip.MaxZipFile`: neither the archive nor its content may be larger.
pub const MAX_ZIP: u64 = 500 << 20;
/// `zip.MaxGoMod` and `zip.MaxLICENSE`.
const MAX_SMALL: u64 = 16 << 20;
/// Names are kept in memory; no module has a tenth of this.
const MAX_ENTRIES: usize = 500_000;
/// What is read of an entry at once.
const BUFFER: usize = 64 << 10;

/// Why a zip cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ZipError {
    /// The file itself.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It is no zip, or a broken one.
    #[error("not a valid zip file: {0}")]
    Zip(#[from] rawzip::Error),
    /// Larger than any module.
    #[error("module zip file is too large ({0} bytes; limit is {MAX_ZIP} bytes)")]
    TooLarge(u64),
    /// The content is larger than any module's, whatever the archive claims.
    #[error("total uncompressed size of module contents too large (max size is {MAX_ZIP} bytes)")]
    ContentTooLarge,
    /// More files than any module has.
    #[error("more than {MAX_ENTRIES} files")]
    TooManyFiles,
    /// A way of compression that Go does not read.
    #[error("{0}: unsupported compression")]
    Compression(String),
    /// A name that no sum can have.
    #[error(transparent)]
    Name(#[from] NewlineInName),
    /// Somebody asked to stop.
    #[error("interrupted")]
    Stopped,
}

/// A file of the archive.
#[derive(Debug)]
struct ZipFile {
    name: Vec<u8>,
    at: ZipArchiveEntryWayfinder,
    method: CompressionMethod,
    size: u64,
}

/// A module zip.
#[derive(Debug)]
pub struct ModuleZip {
    archive: ZipArchive<FileReader>,
    files: Vec<ZipFile>,
    /// The indices of `files`, ordered by name.
    sorted: Vec<usize>,
}

/// A file that no module zip may have (`zip.CheckZip`).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {problem}")]
pub struct ZipProblem {
    /// Its name in the archive.
    pub name: String,
    /// What is wrong, in Go's words where it has some.
    pub problem: String,
}

impl ModuleZip {
    /// Opens an archive and reads its directory.
    ///
    /// # Errors
    /// See [`ZipError`].
    pub fn open(path: &Path) -> Result<Self, ZipError> {
        let file = File::open(path)?;
        let size = file.metadata()?.len();
        if size > MAX_ZIP {
            return Err(ZipError::TooLarge(size));
        }
        let mut buffer = vec![0; rawzip::RECOMMENDED_BUFFER_SIZE];
        let archive = ZipArchive::from_file(file, &mut buffer)?;
        let mut files = vec![];
        let mut entries = archive.entries(&mut buffer);
        while let Some(entry) = entries.next_entry()? {
            if files.len() == MAX_ENTRIES {
                return Err(ZipError::TooManyFiles);
            }
            files.push(ZipFile {
                name: entry.file_path().as_bytes().to_vec(),
                at: entry.wayfinder(),
                method: entry.compression_method(),
                size: entry.uncompressed_size_hint(),
            });
        }
        let mut sorted: Vec<usize> = (0..files.len()).collect();
        sorted.sort_by(|a, b| name_of(&files, *a).cmp(name_of(&files, *b)));
        Ok(Self { archive, files, sorted })
    }

    /// The `h1:` sum of the archive (`dirhash.HashZip`).
    ///
    /// # Errors
    /// See [`ZipError`]; the content is read at most up to [`MAX_ZIP`].
    pub fn hash(&self, stop: &(dyn Fn() -> bool + Sync)) -> Result<String, ZipError> {
        let mut buffer = vec![0; BUFFER];
        let mut left = MAX_ZIP;
        let mut entries: Vec<Entry> = Vec::with_capacity(self.files.len());
        // Of two files with one name Go reads the last, twice.
        let last: HashMap<&[u8], &ZipFile> =
            self.files.iter().map(|file| (file.name.as_slice(), file)).collect();
        for file in &self.files {
            if stop() {
                return Err(ZipError::Stopped);
            }
            let file = last.get(file.name.as_slice()).copied().unwrap_or(file);
            let mut sum = Sha256::new();
            self.stream(file, &mut |reader| {
                loop {
                    let read = reader.read(&mut buffer)?;
                    if read == 0 {
                        return Ok(());
                    }
                    left = left.checked_sub(read as u64).ok_or(ZipError::ContentTooLarge)?;
                    sum.update(buffer.get(..read).unwrap_or_default());
                }
            })?;
            entries.push((file.name.clone(), sum.finalize().into()));
        }
        Ok(hash1(entries)?)
    }

    /// The names of the files below `module@version/`, without it; folders left out.
    pub fn names<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a [u8]> {
        let below = |file: &'a ZipFile| below(&file.name, prefix);
        self.files.iter().filter_map(below).filter(|name| !name.is_empty() && !name.ends_with(b"/"))
    }

    /// The content of the file `name` below `module@version/`; at most `limit` bytes.
    ///
    /// # Errors
    /// See [`ZipError`]; [`ZipError::ContentTooLarge`] where it has more.
    pub fn read(&self, prefix: &str, name: &[u8], limit: u64) -> Result<Option<Vec<u8>>, ZipError> {
        let full = [prefix.as_bytes(), b"/", name].concat();
        let end =
            self.sorted.partition_point(|index| name_of(&self.files, *index) <= full.as_slice());
        let last = end.checked_sub(1).and_then(|at| self.files.get(*self.sorted.get(at)?));
        let Some(file) = last.filter(|file| file.name == full) else { return Ok(None) };
        let mut content = vec![];
        self.stream(file, &mut |reader| {
            reader.take(limit.saturating_add(1)).read_to_end(&mut content)?;
            if content.len() as u64 > limit {
                return Err(ZipError::ContentTooLarge);
            }
            Ok(())
        })?;
        Ok(Some(content))
    }

    /// Hands the content of a file to `take`. Its length and checksum are verified at its end.
    fn stream(
        &self,
        file: &ZipFile,
        take: &mut dyn FnMut(&mut dyn Read) -> Result<(), ZipError>,
    ) -> Result<(), ZipError> {
        let entry = self.archive.get_entry(file.at)?;
        match file.method {
            CompressionMethod::STORE => take(&mut entry.verifying_reader(entry.reader())),
            CompressionMethod::DEFLATE => {
                let inflated = flate2::read::DeflateDecoder::new(entry.reader());
                take(&mut entry.verifying_reader(inflated))
            }
            _ => Err(ZipError::Compression(String::from_utf8_lossy(&file.name).into_owned())),
        }
    }

    /// What no zip of this module may have (`zip.CheckZip`): names outside of `module@version/`,
    /// unclean or colliding ones, a go.mod elsewhere than at the top, content that is too large.
    pub fn check(&self, path: &str, version: &str) -> Vec<ZipProblem> {
        let prefix = format!("{path}@{version}");
        let mut problems = vec![];
        let mut collisions = Collisions::default();
        let mut total = 0_u64;
        for file in &self.files {
            let full = String::from_utf8_lossy(&file.name).into_owned();
            let mut wrong = |problem: String| {
                problems.push(ZipProblem { name: full.clone(), problem });
            };
            let Some(name) = below(&file.name, &prefix) else {
                wrong(format!("path does not have prefix \"{prefix}/\""));
                continue;
            };
            if name.is_empty() {
                continue;
            }
            let Ok(name) = std::str::from_utf8(name) else {
                wrong("malformed file path: invalid UTF-8".to_owned());
                continue;
            };
            let is_dir = name.ends_with('/');
            let name = name.strip_suffix('/').unwrap_or(name);
            if name.split('/').any(|element| matches!(element, "" | "." | "..")) {
                wrong("file path is not clean".to_owned());
                continue;
            }
            if let Some(problem) =
                file_name_problem(name).or_else(|| collisions.check(name, is_dir))
            {
                wrong(problem);
                continue;
            }
            if is_dir {
                continue;
            }
            let base = name.rsplit('/').next().unwrap_or(name);
            if base.eq_ignore_ascii_case("go.mod") && name != "go.mod" {
                wrong(if base == name {
                    "go.mod files must have lowercase names".to_owned()
                } else {
                    "go.mod file not in module root directory".to_owned()
                });
                continue;
            }
            total = total.saturating_add(file.size);
            if matches!(name, "go.mod" | "LICENSE") && file.size > MAX_SMALL {
                wrong(format!("{name} file too large (max size is {MAX_SMALL} bytes)"));
            }
        }
        if total > MAX_ZIP {
            problems
                .push(ZipProblem { name: prefix, problem: ZipError::ContentTooLarge.to_string() });
        }
        problems
    }
}

fn name_of(files: &[ZipFile], index: usize) -> &[u8] {
    files.get(index).map_or(&[], |file| file.name.as_slice())
}

/// The name behind `prefix/`.
fn below<'a>(name: &'a [u8], prefix: &str) -> Option<&'a [u8]> {
    name.strip_prefix(prefix.as_bytes())?.strip_prefix(b"/")
}

/// What `module.CheckFilePath` says of a name.
fn file_name_problem(name: &str) -> Option<String> {
    let allowed = |c: char| {
        c.is_ascii_alphanumeric()
            || "!#$%&()+,-.=@[]^_{}~ ".contains(c)
            || (!c.is_ascii() && c.is_alphabetic())
    };
    for element in name.split('/') {
        if let Some(c) = element.chars().find(|c| !allowed(*c)) {
            return Some(format!("malformed file path {name:?}: invalid char {c:?}"));
        }
        if element.ends_with('.') {
            return Some(format!("malformed file path {name:?}: trailing dot in path element"));
        }
        let short = element.split('.').next().unwrap_or_default().to_ascii_uppercase();
        let port = short.strip_prefix("COM").or_else(|| short.strip_prefix("LPT"));
        let numbered = matches!(port.map(str::as_bytes), Some([b'1'..=b'9']));
        if matches!(short.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered {
            return Some(format!(
                "malformed file path {name:?}: \"{element}\" disallowed as path element component on Windows"
            ));
        }
    }
    None
}

/// Names that fall together where case does not count (`zip.collisionChecker`).
#[derive(Default)]
struct Collisions {
    seen: HashMap<String, (String, bool)>,
}

impl Collisions {
    fn check(&mut self, name: &str, is_dir: bool) -> Option<String> {
        let fold = name.to_uppercase().to_lowercase();
        match self.seen.get(&fold) {
            None => {
                self.seen.insert(fold, (name.to_owned(), is_dir));
            }
            Some((other, _)) if other != name => {
                return Some(format!(
                    "case-insensitive file name collision: {other:?} and {name:?}"
                ));
            }
            Some((_, other)) if *other != is_dir => {
                return Some(format!("entry {name:?} is both a file and a directory"));
            }
            Some(_) if !is_dir => return Some(format!("multiple entries for file {name:?}")),
            Some(_) => {}
        }
        // The folders above are there, too.
        match name.rsplit_once('/') {
            Some((above, _)) => self.check(above, true),
            None => None,
        }
    }
}
