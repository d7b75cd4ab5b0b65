//! `package-name`

use super::fault;
use crate::{Check, Group, Words};
use goward_facts::{GoModFile, GoPackages};
use goward_model::{Finding, Findings, Location, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "package-name",
    group: Group::Metadata,
    title: Words {
        en: "a package has the name that its path promises", zh: "包名与其路径一致"
    },
    tier: SlaTier::P3,
    since: "0.1.0",
    file: file!(),
    requires: &["go-mod-valid", "go-work-valid"],
    why: Words {
        en: "`import \"example.com/m/util\"` brings in whatever the files in that folder call themselves. Where that is not `util`, readers look for the wrong name, tools guess, and two imports of one file collide without being seen to.",
        zh: "`import \"example.com/m/util\"` 引入的是该目录中文件自称的名称。若不是 `util`，读者会找错名称，工具会猜错，同一文件中的两个导入会在不知不觉中冲突。",
    },
    fix: Words {
        en: "Rename the folder or the package, or give the import its name: `import name \"path\"`.",
        zh: "重命名目录或包，或在导入时写明名称：`import name \"path\"`。",
    },
    references: &["https://go.dev/ref/spec#Import_declarations"],
    closes: &[r#"-- go env --
GOMODCACHE=/gomodcache
GOROOT=/goroot
GOOS=linux
GOARCH=amd64
GOVERSION=go1.26.8
-- go.mod --
module example.com/m

go 1.24.0
-- a/a.go --
package other
-- b/b.go --
package b

import "example.com/m/a"

var _ = other.X
"#],
    opens: &[r#"-- go env --
GOMODCACHE=/gomodcache
GOROOT=/goroot
GOOS=linux
GOARCH=amd64
GOVERSION=go1.26.8
-- go.mod --
module example.com/m

go 1.24.0
-- go-a/v2/a.go --
package a
-- c/c.go --
package other
-- b/b.go --
package b

import (
	"example.com/m/go-a/v2"
	other "example.com/m/c"
)
"#],
    judge: &(judge as fn(&GoModFile, &GoPackages, &mut Findings)),
};

fn judge(module: &GoModFile, packages: &GoPackages, findings: &mut Findings) {
    fault::judge(module, packages, findings, CHECK.fix, &[]);
    for one in &packages.misnamed {
        let (package, name, promised) = (&one.package, &one.name, &one.promised);
        let message = Text::new(
            format!("{package} is imported without a name: it is `{name}`, not `{promised}`"),
            format!("导入 {package} 时未写名称：其包名为 `{name}`，而非 `{promised}`"),
        );
        let at = &one.place;
        let location = match at.file.starts_with(['/', '.']) {
            true => Location::whole("go.mod"),
            false => Location::point(at.file.as_str(), at.line, at.column.max(1)),
        };
        findings.report(Finding::at(location, package.as_str(), message, CHECK.fix.into()));
    }
}
