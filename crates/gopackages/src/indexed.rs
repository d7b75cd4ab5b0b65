//! Builds a [`Folder`] from what the go command's own index says of its files.

use crate::building::{Building, GoSource, Scratch};
use crate::folder::{Folder, Kind};
use crate::go_index::{GoFile, GoModule};
use goheader::{Constraint, Embed, Tags};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

impl Folder {
    /// Takes the files of the package that is at this place of the index; `None` where the index does not tell enough.
    pub(crate) fn of_go_index(
        dir: &Path,
        module: &GoModule,
        package: usize,
        tags: &Tags,
        scratch: &mut Scratch,
    ) -> Option<Arc<Self>> {
        let mut building = Building::new(dir, tags, &mut scratch.names);
        for file in module.files(package) {
            let file = file?;
            let Some(kind) = Kind::of(file.name) else { continue };
            if building.take_indexed(&file, kind)?.is_break() {
                break;
            }
        }
        Some(Arc::new(building.finish()))
    }
}

impl Building<'_> {
    fn take_indexed(&mut self, file: &GoFile<'_>, kind: Kind) -> Option<ControlFlow<()>> {
        let at = self.name(file.name);
        // As they stood at the head of the file.
        let mut head = String::new();
        for line in file.constraint() {
            head += line;
            head.push('\n');
        }
        let constraint = match head.is_empty() {
            true => Constraint::default(),
            false => goheader::read_other((head + "\npackage p\n").as_bytes(), true).ok()?,
        };
        if kind != Kind::Go {
            return Some(self.take_other(file.name, kind, &constraint));
        }
        let embed = |(pattern, line, column): (&str, usize, usize)| Embed {
            pattern: pattern.to_owned(),
            line,
            column,
            file: None,
        };
        let embeds: Vec<Embed> = file.embeds().map(embed).collect();
        let cgo: Vec<&str> = file.cgo.lines().collect();
        Some(self.take_read(GoSource {
            file: at,
            name: file.name,
            constraint: &constraint,
            package: file.package,
            imports: file.imports(),
            embeds: &embeds,
            doc: &|| file.doc.to_owned(),
            cgo: &cgo,
            wrong: None,
        }))
    }
}
