//! Makes certificates with the real `openssl`, for the tests that need what `rcgen` does not make.

#![expect(clippy::disallowed_methods, reason = "tests run openssl and read what it writes")]
#![allow(dead_code, reason = "each test takes what it needs")]

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::SystemTime;
use tempfile::TempDir;

pub(crate) mod cases;
pub(crate) mod fixtures;

pub(crate) const DAY: i64 = 86_400;

/// A folder of keys and certificates. `openssl` must be there: without it these tests fail.
pub(crate) struct Shop {
    dir: TempDir,
    made: RefCell<BTreeMap<String, Vec<u8>>>,
    now: OnceCell<i64>,
}

impl Shop {
    pub(crate) fn open() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), made: RefCell::default(), now: OnceCell::new() }
    }

    /// One time for all cases, taken when everything is made.
    pub(crate) fn now(&self) -> i64 {
        let clock = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        *self.now.get_or_init(|| i64::try_from(clock()).unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Runs openssl in the folder.
    pub(crate) fn openssl(&self, args: &str) {
        let output = Command::new("openssl")
            .args(args.split_whitespace())
            .current_dir(self.dir.path())
            .output()
            .expect("openssl must be installed for the tests of servercert");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {args}\n{stderr}");
    }

    pub(crate) fn write(&self, name: &str, content: &[u8]) {
        fs::write(self.path(name), content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        let read = || fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        self.made.borrow_mut().entry(name.to_owned()).or_insert_with(read).clone()
    }

    /// A file that changes.
    pub(crate) fn fresh(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// The files, one after another; names are split at `+`.
    pub(crate) fn cat(&self, names: &str) -> Vec<u8> {
        names.split('+').flat_map(|name| self.read(name)).collect()
    }

    /// A private key as PKCS#8; `kind` is `ec:CURVE`, `rsa:BITS`, `ed25519`, `ed448`, `pss:BITS` or `dsa`.
    pub(crate) fn key(&self, name: &str, kind: &str) {
        let (algorithm, option) = match kind.split_once(':') {
            Some(("ec", curve)) => ("EC", format!("-pkeyopt ec_paramgen_curve:{curve}")),
            Some(("rsa", bits)) => ("RSA", format!("-pkeyopt rsa_keygen_bits:{bits}")),
            Some(("pss", bits)) => ("RSA-PSS", format!("-pkeyopt rsa_keygen_bits:{bits}")),
            None if kind == "dsa" => {
                self.openssl("dsaparam -out dsa.params 1024");
                return self.openssl(&format!("genpkey -paramfile dsa.params -out {name}.key"));
            }
            _ => (kind, String::new()),
        };
        self.openssl(&format!("genpkey -algorithm {algorithm} {option} -out {name}.key"));
    }

    /// Signs a certificate for the key `NAME.key`, which is made unless it is there.
    pub(crate) fn sign(&self, name: &str, order: &Order<'_>) {
        if !self.path(&format!("{name}.key")).exists() {
            self.key(name, order.key);
        }
        let subject = order.subject.unwrap_or(name);
        self.openssl(&format!(
            "req -new -key {name}.key -subj /O=Example/CN={subject} -out {name}.csr"
        ));
        self.write("ext.cnf", order.extensions.replace("; ", "\n").as_bytes());
        let signer = match order.issuer {
            Some(issuer) => {
                format!("-CA {issuer}.pem -CAkey {issuer}.key -set_serial {}", order.serial)
            }
            None => format!("-signkey {name}.key -set_serial {}", order.serial),
        };
        let extensions = if order.extensions.is_empty() { "" } else { "-extfile ext.cnf" };
        self.openssl(&format!(
            "x509 -req -in {name}.csr -out {name}.pem -days {} {} {signer} {extensions}",
            order.days, order.digest
        ));
    }
}

pub(crate) const CA: &str = "basicConstraints=critical,CA:TRUE; keyUsage=critical,keyCertSign,cRLSign; subjectKeyIdentifier=hash";
pub(crate) const SERVER: &str = "basicConstraints=CA:FALSE; keyUsage=digitalSignature; extendedKeyUsage=serverAuth; subjectAltName=DNS:api.example.test,DNS:*.svc.example.test,IP:192.0.2.10,IP:2001:db8::10";

/// What `openssl x509 -req` is asked for.
pub(crate) struct Order<'a> {
    pub(crate) key: &'a str,
    pub(crate) subject: Option<&'a str>,
    /// `None` signs with the own key.
    pub(crate) issuer: Option<&'a str>,
    pub(crate) days: i32,
    pub(crate) digest: &'a str,
    /// Lines of an extension file, with `; ` between; none makes a certificate of version 1.
    pub(crate) extensions: &'a str,
    pub(crate) serial: i32,
}

impl Default for Order<'_> {
    fn default() -> Self {
        Self {
            key: "ec:P-256",
            subject: None,
            issuer: None,
            days: 365,
            digest: "-sha256",
            extensions: SERVER,
            serial: 7,
        }
    }
}
