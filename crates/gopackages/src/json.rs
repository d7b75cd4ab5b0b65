//! Packages in the shape of `go list -json`.

use crate::package::{Package, PackageId};
use crate::{PackageError, Packages};
use buildlist::BuildList;
use gomod::Replacement;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

impl Packages {
    /// Each package as an object of `go list -deps -json`, with the fields that are modelled here. Empty fields are
    /// left out, as Go does.
    pub fn to_json<'p>(&'p self, list: &'p BuildList) -> impl Iterator<Item = Value> + 'p {
        let deps = self.deps();
        let errors = self.deps_errors();
        self.iter().map(move |(id, package)| {
            let mut object = self.fields(list, package);
            let all = deps.get(&id).into_iter().flatten().cloned().collect::<Vec<_>>();
            put(&mut object, "Deps", &all);
            let errors: Vec<Value> =
                errors.get(&id).into_iter().flatten().map(|error| error_json(error)).collect();
            if !errors.is_empty() {
                object.insert("DepsErrors".to_owned(), Value::Array(errors));
            }
            Value::Object(object)
        })
    }

    fn fields(&self, list: &BuildList, package: &Package) -> Map<String, Value> {
        let mut object = Map::new();
        let text = |object: &mut Map<String, Value>, key: &str, value: &str| {
            if !value.is_empty() {
                object.insert(key.to_owned(), Value::from(value));
            }
        };
        let flag = |object: &mut Map<String, Value>, key: &str, value: bool| {
            if value {
                object.insert(key.to_owned(), Value::Bool(true));
            }
        };
        let dir = package.dir.as_deref().map(|dir| dir.to_string_lossy());
        text(&mut object, "Dir", dir.as_deref().unwrap_or_default());
        text(&mut object, "ImportPath", &package.id());
        text(&mut object, "Name", &package.name);
        text(&mut object, "Doc", &package.doc);
        text(&mut object, "ForTest", package.for_test.as_deref().unwrap_or_default());
        flag(&mut object, "Goroot", package.standard);
        flag(&mut object, "Standard", package.standard);
        flag(&mut object, "DepOnly", !package.is_match);
        flag(&mut object, "Incomplete", package.incomplete);
        if let Some(module) = package.module.and_then(|index| list.modules().get(index)) {
            object.insert("Module".to_owned(), module_json(module));
        }
        let files = &package.files;
        for (key, list) in [
            ("GoFiles", &files.go),
            ("CgoFiles", &files.cgo),
            ("IgnoredGoFiles", &files.ignored_go),
            ("InvalidGoFiles", &files.invalid_go),
            ("IgnoredOtherFiles", &files.ignored_other),
            ("CFiles", &files.c),
            ("CXXFiles", &files.cxx),
            ("MFiles", &files.m),
            ("HFiles", &files.h),
            ("FFiles", &files.f),
            ("SFiles", &files.s),
            ("SwigFiles", &files.swig),
            ("SwigCXXFiles", &files.swigcxx),
            ("SysoFiles", &files.syso),
            ("TestGoFiles", &files.test_go),
            ("XTestGoFiles", &files.xtest_go),
            ("EmbedFiles", &package.embed_files),
        ] {
            put(&mut object, key, list);
        }
        put(&mut object, "EmbedPatterns", &package.names.embed_patterns);
        let imports = self.shown_imports(package);
        let mut map = BTreeMap::new();
        for (index, path) in imports.iter().enumerate() {
            let written = package.names.raw_imports.get(index);
            if let Some(written) = written.filter(|written| ***written != **path) {
                map.insert(written.to_string(), path.clone());
            }
        }
        put(&mut object, "Imports", &imports);
        if !map.is_empty() {
            object.insert("ImportMap".to_owned(), json!(map));
        }
        put(&mut object, "TestImports", &sorted(&package.names.test_imports));
        put(&mut object, "XTestImports", &sorted(&package.names.xtest_imports));
        if let Some(error) = &package.error {
            object.insert("Error".to_owned(), error_json(error));
        }
        object
    }

    /// The imports, with ` [p.test]` behind those that are compiled for a test.
    fn shown_imports(&self, package: &Package) -> Vec<String> {
        let compiled: BTreeMap<&str, String> = package
            .dependencies
            .iter()
            .filter_map(|id| self.get(*id))
            .filter(|one| one.for_test.is_some() || one.for_main.is_some())
            .map(|one| (&*one.import_path, one.id()))
            .collect();
        let shown = |path: &Arc<str>| compiled.get(&**path).cloned().unwrap_or(path.to_string());
        package.names.imports.iter().map(shown).collect()
    }

    /// All that each package imports, over others too (`list.collectDeps`).
    fn deps(&self) -> BTreeMap<PackageId, BTreeSet<String>> {
        let mut all: BTreeMap<PackageId, BTreeSet<String>> = BTreeMap::new();
        for (id, package) in self.iter() {
            let mut own = BTreeSet::new();
            for one in &package.dependencies {
                own.extend(self.get(*one).map(Package::id));
                own.extend(all.get(one).into_iter().flatten().cloned());
            }
            all.insert(id, own);
        }
        all
    }

    /// The errors of all that each package imports (`list.collectDepsErrors`).
    fn deps_errors(&self) -> BTreeMap<PackageId, Vec<Arc<PackageError>>> {
        let mut all: BTreeMap<PackageId, Vec<Arc<PackageError>>> = BTreeMap::new();
        for (id, package) in self.iter() {
            let mut own: Vec<Arc<PackageError>> = vec![];
            for one in &package.dependencies {
                let direct = self.get(*one).and_then(|package| package.error.as_ref());
                for error in direct.into_iter().chain(all.get(one).into_iter().flatten()) {
                    if !own.iter().any(|other| Arc::ptr_eq(other, error)) {
                        own.push(Arc::clone(error));
                    }
                }
            }
            own.sort_by(|a, b| match (a.import_stack.last(), b.import_stack.last()) {
                (None, None) => a.message.cmp(&b.message),
                (a, b) => a.cmp(&b),
            });
            if !own.is_empty() {
                all.insert(id, own);
            }
        }
        all
    }
}

fn put<T: AsRef<str>>(object: &mut Map<String, Value>, key: &str, list: &[T]) {
    if !list.is_empty() {
        let list = list.iter().map(|one| Value::from(one.as_ref())).collect();
        object.insert(key.to_owned(), Value::Array(list));
    }
}

fn sorted(paths: &[Arc<str>]) -> Vec<Arc<str>> {
    paths.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect()
}

fn error_json(error: &PackageError) -> Value {
    let stack: Vec<&str> = error.import_stack.iter().map(|path| &**path).collect();
    json!({ "ImportStack": stack, "Pos": error.pos, "Err": error.message })
}

fn module_json(module: &buildlist::Module) -> Value {
    let mut object = Map::new();
    object.insert("Path".to_owned(), Value::from(module.path.as_str()));
    if let Some(version) = &module.version {
        object.insert("Version".to_owned(), Value::from(version.as_str()));
    }
    if module.is_main() {
        object.insert("Main".to_owned(), Value::Bool(true));
    }
    if let Some(replaced) = &module.replacement {
        let new = match &replaced.new {
            Replacement::Module(new) => json!({ "Path": new.path, "Version": new.version }),
            Replacement::Directory(dir) => json!({ "Path": dir }),
        };
        object.insert("Replace".to_owned(), new);
    }
    Value::Object(object)
}
