//! Builds a [`Folder`] from what the go command's own index says of its files.

use crate::building::{Building, Scratch};
use crate::folder::{Folder, Kind};
use crate::go_index::{GoFile, GoModule};
use goheader::{Constraint, Embed, Tags};
use std::ops::ControlFlow::{self, Continue};
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
        let files = module.files(package)?;
        let mut building = Building::new(dir, tags, &mut scratch.names);
        for file in &files {
            let Some(kind) = Kind::of(file.name) else { continue };
            if building.take_indexed(file, kind)?.is_break() {
                break;
            }
        }
        Some(Arc::new(building.finish()))
    }
}

impl Building<'_> {
    fn take_indexed(&mut self, file: &GoFile<'_>, kind: Kind) -> Option<ControlFlow<()>> {
        let at = self.name(file.name);
        let constraint = match &file.constraint[..] {
            [] => Constraint::default(),
            lines => {
                // As they stood at the head of the file.
                let text = lines.join("\n") + "\n\npackage p\n";
                goheader::read_other(text.as_bytes(), true).ok()?
            }
        };
        if kind != Kind::Go {
            self.take_other(file.name, kind, &constraint);
            return Some(Continue(()));
        }
        if !self.is_named_for_this(file.name, kind) {
            return Some(Continue(()));
        }
        let embed = |(pattern, line, column): &(&str, usize, usize)| Embed {
            pattern: (*pattern).to_owned(),
            line: *line,
            column: *column,
            file: None,
        };
        let embeds: Vec<Embed> = file.embeds.iter().map(embed).collect();
        let doc = || file.doc.to_owned();
        let imports = file.imports.iter().copied();
        Some(self.take_read(at, file.name, &constraint, file.package, imports, &embeds, &doc))
    }
}
