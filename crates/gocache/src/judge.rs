//! What was read, judged. Pure.
//!
//! An object's name is the SHA-256 of its bytes. A package's build ID ties it to its action and to
//! its own bytes: both must fit the index. What a person with write access recomputes in all these
//! places is beyond any look at the cache alone.

use crate::layout::place;
use crate::{Archive, BuildId, Entry, EntryError, Id, Kind, WhyStray};

/// An entry of the index that names an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The action.
    pub action: Id,
    /// The size that the entry gives.
    pub size: u64,
}

/// An object as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object {
    /// What it is.
    pub kind: Kind,
    /// Its size.
    pub size: u64,
    /// The SHA-256 of its bytes.
    pub sha256: Option<Id>,
    /// Of a package, its head.
    pub archive: Option<Archive>,
    /// Of a package, the head of the SHA-256 with the build ID zeroed.
    pub content: Option<String>,
    /// Of a program, its build ID.
    pub program_id: Option<BuildId>,
}

impl Object {
    /// The build ID, where one was found.
    pub fn build_id(&self) -> Option<&BuildId> {
        self.archive.as_ref().and_then(|head| head.build_id.as_ref()).or(self.program_id.as_ref())
    }
}

/// Why something is not as Go stored it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Its bytes are others, of the same number: Go will use them.
    Altered {
        /// The SHA-256 of the bytes.
        found: Id,
    },
    /// Its name fits, its build ID does not fit its bytes: Go will use them.
    Content {
        /// What the build ID says.
        expected: String,
        /// What the bytes give.
        found: String,
    },
    /// An entry leads to what another action made: Go will use it.
    Swapped {
        /// The action whose entry it is.
        action: Id,
        /// What the object's build ID says of its action.
        found: String,
    },
    /// It was cut, or has grown: Go sees the size, and builds again.
    Resized {
        /// The size that the index gives.
        expected: u64,
        /// The size it has.
        found: u64,
    },
    /// A program's folder does not hold exactly one file: Go does not run it.
    Folder {
        /// How many it holds.
        files: usize,
    },
    /// An entry that Go cannot read: it builds again.
    Entry(EntryError),
    /// An entry of another action than the file is named for: Go builds again.
    EntryOf {
        /// The action that the entry names.
        named: Id,
    },
    /// An entry gives a size that the (intact) object does not have: Go builds again.
    EntrySize {
        /// The size that the entry gives.
        expected: u64,
        /// The size of the object.
        found: u64,
    },
    /// Its bytes do not fit its name, and no entry names it: nothing reads it, and Go would look at
    /// the bytes before it names it again. Also what a go command is just writing.
    Unfinished,
    /// The output that an entry names is not there: Go builds again. Trimming leaves such entries.
    Missing {
        /// The output.
        output: Id,
    },
}

/// What a doubt costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Harm {
    /// Nothing: nobody reads it, or it was trimmed.
    None,
    /// Go notices and builds again; the disk, or somebody, changed it all the same.
    Noticed,
    /// Go uses it without a word.
    Used,
}

impl Doubt {
    /// What it costs.
    pub const fn harm(&self) -> Harm {
        match self {
            Self::Altered { .. } | Self::Content { .. } | Self::Swapped { .. } => Harm::Used,
            Self::Unfinished | Self::Missing { .. } => Harm::None,
            _ => Harm::Noticed,
        }
    }
}

/// Something that is not as Go stored it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, below the cache.
    pub path: String,
    /// Why.
    pub doubt: Doubt,
    /// The actions whose entries lead to it.
    pub actions: Vec<Id>,
    /// The object, where one was read.
    pub object: Option<Object>,
    /// The package, as the archive itself says; the altered bytes may be these.
    pub origin: Option<crate::Origin>,
}

/// Why something could not be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhyUnchecked {
    /// What lies there is not what Go makes.
    Stray(WhyStray),
    /// The operating system would not let us.
    Unreadable(String),
    /// Larger than any object.
    TooLarge(u64),
}

/// Something that could not be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unchecked {
    /// The file, below the cache.
    pub path: String,
    /// Why.
    pub why: WhyUnchecked,
}

/// How much was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Entries of the index that were read.
    pub entries: usize,
    /// Objects whose bytes were held against their names.
    pub objects: usize,
    /// So many bytes.
    pub bytes: u64,
    /// Of these, packages whose build ID was held against their action and their bytes.
    pub packages: usize,
    /// Programs whose build ID was held against their action.
    pub programs: usize,
    /// Indexes of modules: their name is all that can be held against them.
    pub module_indexes: usize,
    /// Empty objects.
    pub empty: usize,
    /// All others: their name is all that can be held against them.
    pub by_name: usize,
    /// Objects that no entry names.
    pub unreferenced: usize,
    /// What could not be checked.
    pub unchecked: usize,
}

impl Coverage {
    /// Counts an object.
    pub(crate) fn count(&mut self, object: &Object, references: &[Reference]) {
        self.objects += 1;
        self.bytes += object.size;
        self.unreferenced += usize::from(references.is_empty());
        let tied = object.build_id().is_some() && !references.is_empty();
        *(match object.kind {
            Kind::Package if tied => &mut self.packages,
            Kind::Program if tied => &mut self.programs,
            Kind::ModuleIndex => &mut self.module_indexes,
            Kind::Empty => &mut self.empty,
            _ => &mut self.by_name,
        }) += 1;
    }
}

/// What is wrong with an object of this name.
pub(crate) fn object(id: &Id, object: &Object, references: &[Reference]) -> Vec<Problem> {
    let path = place(id, 'd');
    let actions = || references.iter().map(|reference| reference.action).collect();
    let problem = |path: String, doubt, actions| Problem {
        path,
        doubt,
        actions,
        object: Some(object.clone()),
        origin: None,
    };
    let found = object.sha256.unwrap_or(Id([0; 32]));
    if found != *id {
        let doubt = match references {
            [] => Doubt::Unfinished,
            [first, ..] if references.iter().all(|it| it.size != object.size) => {
                Doubt::Resized { expected: first.size, found: object.size }
            }
            _ => Doubt::Altered { found },
        };
        return vec![problem(path, doubt, actions())];
    }
    let mut problems = vec![];
    let wrong_size = references.iter().filter(|it| it.size != object.size);
    problems.extend(wrong_size.map(|it| {
        let doubt = Doubt::EntrySize { expected: it.size, found: object.size };
        problem(place(&it.action, 'a'), doubt, vec![it.action])
    }));
    let Some(build_id) = object.build_id() else { return problems };
    if let Some(content) = object.content.as_deref()
        && content != build_id.content()
    {
        let doubt = Doubt::Content { expected: build_id.content().into(), found: content.into() };
        problems.push(problem(path, doubt, actions()));
    }
    let others = references.iter().filter(|it| it.action.short() != build_id.action());
    problems.extend(others.map(|it| {
        let doubt = Doubt::Swapped { action: it.action, found: build_id.action().into() };
        problem(place(&it.action, 'a'), doubt, vec![it.action])
    }));
    problems
}

/// What is wrong with an entry in the file of this action, beside what it leads to.
pub(crate) fn entry(id: &Id, read: Result<&Entry, EntryError>) -> Option<Problem> {
    let doubt = match read {
        Err(err) => Doubt::Entry(err),
        Ok(entry) if entry.action != *id => Doubt::EntryOf { named: entry.action },
        Ok(_) => return None,
    };
    let path = place(id, 'a');
    Some(Problem { path, doubt, actions: vec![*id], object: None, origin: None })
}

/// An entry whose output is not there.
pub(crate) fn missing(entry: &Entry) -> Problem {
    Problem {
        path: place(&entry.action, 'a'),
        doubt: Doubt::Missing { output: entry.output },
        actions: vec![entry.action],
        object: None,
        origin: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: Id = Id([7; 32]);
    const ACTION: Id = Id([9; 32]);

    fn package(sha256: Id, action: &str, content: &str) -> Object {
        let build_id = BuildId::of_go(&format!("{action}/{}", "c".repeat(20)));
        let archive = Archive {
            goos: "linux".into(),
            goarch: "amd64".into(),
            version: "go1.26.8".into(),
            build_id,
        };
        Object {
            kind: Kind::Package,
            size: 5,
            sha256: Some(sha256),
            archive: Some(archive),
            content: Some(content.into()),
            program_id: None,
        }
    }

    fn doubts(object: &Object, sizes: &[u64]) -> Vec<Doubt> {
        let references: Vec<_> =
            sizes.iter().map(|size| Reference { action: ACTION, size: *size }).collect();
        super::object(&ID, object, &references).into_iter().map(|it| it.doubt).collect()
    }

    #[test]
    fn what_go_would_use_is_told_from_what_it_notices() {
        let content = "c".repeat(20);
        let good = package(ID, &ACTION.short(), &content);
        assert_eq!(doubts(&good, &[5]), []);
        assert_eq!(doubts(&good, &[]), []);
        let other = package(Id([1; 32]), &ACTION.short(), &content);
        assert_eq!(doubts(&other, &[5]), [Doubt::Altered { found: Id([1; 32]) }]);
        assert_eq!(doubts(&other, &[6, 5]), [Doubt::Altered { found: Id([1; 32]) }]);
        assert_eq!(doubts(&other, &[6]), [Doubt::Resized { expected: 6, found: 5 }]);
        assert_eq!(doubts(&other, &[]), [Doubt::Unfinished]);
        assert_eq!(doubts(&good, &[6]), [Doubt::EntrySize { expected: 6, found: 5 }]);
        let swapped = package(ID, &"x".repeat(20), &content);
        assert_eq!(
            doubts(&swapped, &[5]),
            [Doubt::Swapped { action: ACTION, found: "x".repeat(20) }]
        );
        let edited = package(ID, &ACTION.short(), &"d".repeat(20));
        assert_eq!(
            doubts(&edited, &[5]),
            [Doubt::Content { expected: content, found: "d".repeat(20) }]
        );
        assert!(doubts(&edited, &[5]).iter().all(|doubt| doubt.harm() == Harm::Used));
    }
}
