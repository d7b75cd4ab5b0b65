//! The certificates of one file, and what of it could not be read.

use crate::cert::Cert;
use crate::detail::{Detail, Fault, FileKind, Refusal};
use crate::pem::{self, Block, PemFile};
use crate::problem::{Problem, ProblemId};
use crate::{MAX_BYTES, MAX_CA_CERTIFICATES, MAX_CERTIFICATES};

/// No more than these many unreadable blocks are reported for one file.
const MOST_FAULTS: usize = 10;

/// The certificates of a file.
#[derive(Debug, Default)]
pub(crate) struct Bundle {
    pub(crate) certs: Vec<Cert>,
    /// A `tls-parse` for each block that could not be read.
    pub(crate) problems: Vec<Problem>,
    /// Whether the first certificate of the file is among `certs`.
    pub(crate) first_known: bool,
}

/// The PEM blocks of a file that looks like one.
pub(crate) fn open(bytes: &[u8]) -> Result<PemFile, Fault> {
    if bytes.len() > MAX_BYTES {
        return Err(Fault::TooLarge { bytes: bytes.len() });
    }
    if bytes.trim_ascii().is_empty() {
        return Err(Fault::Empty);
    }
    let file = pem::blocks(bytes);
    if !file.blocks.is_empty() || !file.damaged.is_empty() {
        return Ok(file);
    }
    Err(match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Fault::Utf16,
        // A SEQUENCE with a length of two bytes: any certificate or RSA key; or of one: a small key.
        [0x30, 0x81 | 0x82 | 0x20..=0x7f, ..] if !bytes.is_ascii() => Fault::Der,
        _ => Fault::NoPem,
    })
}

/// A `tls-parse`.
pub(crate) fn fault(file: FileKind, line: Option<usize>, fault: Fault) -> Problem {
    let detail = Detail::Parse { file, fault };
    Problem { id: ProblemId::Parse, file, line, certificate: None, detail }
}

impl Bundle {
    /// Reads the certificate file or the CA file.
    pub(crate) fn read(kind: FileKind, bytes: &[u8]) -> Self {
        match open(bytes).and_then(|file| Self::of(kind, &file)) {
            Ok(bundle) => bundle,
            Err(found) => Self { problems: vec![fault(kind, None, found)], ..Self::default() },
        }
    }

    fn of(kind: FileKind, file: &PemFile) -> Result<Self, Fault> {
        // Go's CertPool.AppendCertsFromPEM passes over blocks with headers; X509KeyPair does not.
        let counts = |block: &&Block| {
            block.label == "CERTIFICATE" && !(kind == FileKind::Ca && block.has_headers)
        };
        let wanted: Vec<_> = file.blocks.iter().filter(counts).collect();
        if wanted.is_empty() {
            return Err(Fault::nothing_in(kind, file));
        }
        let limit = if kind == FileKind::Ca { MAX_CA_CERTIFICATES } else { MAX_CERTIFICATES };
        if wanted.len() > limit {
            return Err(Fault::TooMany { certificates: wanted.len(), limit });
        }
        let mut certs = Vec::new();
        let mut faults = Vec::new();
        for (at, block) in wanted.into_iter().enumerate() {
            match Cert::read(&block.der, at + 1, block.line) {
                Ok(cert) => certs.push(cert),
                Err(refusal) => faults.push((block.line, Fault::Refused(refusal))),
            }
        }
        for block in &file.blocks {
            if matches!(block.label.as_str(), "TRUSTED CERTIFICATE" | "X509 CERTIFICATE") {
                faults.push((block.line, Fault::PassedOver { label: block.label.clone() }));
            }
        }
        for damaged in file.damaged.iter().filter(|damaged| damaged.label.ends_with("CERTIFICATE"))
        {
            let label = damaged.label.clone();
            faults.push((damaged.line, Fault::Damaged { label, damage: damaged.damage }));
        }
        if kind == FileKind::Ca && !certs.is_empty() {
            // A collection of CAs may hold some that Go cannot use; Go leaves those out.
            faults.retain(|(_, fault)| match fault {
                Fault::Refused(refusal) => *refusal == Refusal::NotACertificate,
                Fault::PassedOver { .. } => false,
                _ => true,
            });
        }
        faults.sort_by_key(|(line, _)| *line);
        let first_fault = faults.first().map(|(line, _)| *line);
        let first_cert = certs.first().map(|cert| cert.line);
        faults.truncate(MOST_FAULTS);
        Ok(Self {
            certs,
            problems: faults
                .into_iter()
                .map(|(line, found)| fault(kind, Some(line), found))
                .collect(),
            first_known: first_cert
                .is_some_and(|cert| first_fault.is_none_or(|fault| cert < fault)),
        })
    }
}
