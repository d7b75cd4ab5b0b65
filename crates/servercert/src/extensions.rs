//! The extensions that decide, read as Go's `x509.processExtensions` reads them.

use crate::algorithm::read_oid;
use crate::constraints::Constraints;
use crate::der::{BIT_STRING, Malformed, OCTET_STRING, Reader, implicit};
use crate::detail::Refusal;
use std::collections::BTreeSet;
use std::net::IpAddr;
use x509_parser::asn1_rs::{Oid, oid};
use x509_parser::extensions::X509Extension;

const SUBJECT_KEY_ID: Oid<'static> = oid!(2.5.29.14);
const KEY_USAGE: Oid<'static> = oid!(2.5.29.15);
const SUBJECT_ALT_NAME: Oid<'static> = oid!(2.5.29.17);
const BASIC_CONSTRAINTS: Oid<'static> = oid!(2.5.29.19);
const NAME_CONSTRAINTS: Oid<'static> = oid!(2.5.29.30);
const AUTHORITY_KEY_ID: Oid<'static> = oid!(2.5.29.35);
const EXTENDED_KEY_USAGE: Oid<'static> = oid!(2.5.29.37);
const AUTHORITY_INFO: Oid<'static> = oid!(1.3.6.1.5.5.7.1.1);

/// Extensions that Go reads and this judgement does not need: distribution points and policies.
const HANDLED_ELSEWHERE: [Oid<'static>; 5] =
    [oid!(2.5.29.31), oid!(2.5.29.32), oid!(2.5.29.33), oid!(2.5.29.36), oid!(2.5.29.54)];

const ANY_USAGE: Oid<'static> = oid!(2.5.29.37.0);
const SERVER_AUTH: Oid<'static> = oid!(1.3.6.1.5.5.7.3.1);

/// What the extensions say.
#[derive(Debug, Clone, Default)]
pub(crate) struct Extensions {
    pub(crate) basic: Option<Basic>,
    pub(crate) key_usage: Option<KeyUsage>,
    pub(crate) extended_usage: Option<ExtendedUsage>,
    pub(crate) names: Option<Names>,
    pub(crate) constraints: Option<Constraints>,
    /// Critical extensions that Go does not know, by their object identifiers.
    pub(crate) unknown_critical: Vec<String>,
}

/// Basic constraints.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Basic {
    pub(crate) ca: bool,
    /// How many CA certificates may stand below this one.
    pub(crate) path_len: Option<u64>,
}

/// The bits of the key usage that matter for TLS (RFC 5280, section 4.2.1.3).
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeyUsage {
    /// digitalSignature, keyEncipherment or keyAgreement: what TLS can use a server's key for.
    pub(crate) tls: bool,
    pub(crate) cert_sign: bool,
    /// Whether any bit is set at all; Go takes an empty usage for none.
    pub(crate) any: bool,
}

/// Extended key usages.
#[derive(Debug, Clone)]
pub(crate) struct ExtendedUsage {
    /// serverAuth or anyExtendedKeyUsage.
    pub(crate) server: bool,
    /// All of them, by their usual names or object identifiers.
    pub(crate) listed: Vec<String>,
}

/// Subject alternative names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    pub(crate) dns: Vec<String>,
    pub(crate) ips: Vec<IpAddr>,
    pub(crate) emails: Vec<String>,
    pub(crate) uris: Vec<String>,
}

/// The contents of the SAN extension, if there is one.
pub(crate) fn san_bytes(extensions: &[X509Extension<'_>]) -> Option<Vec<u8>> {
    extensions.iter().find(|ext| ext.oid == SUBJECT_ALT_NAME).map(|ext| ext.value.to_vec())
}

impl Extensions {
    pub(crate) fn read(extensions: &[X509Extension<'_>]) -> Result<Self, Refusal> {
        let mut read = Self::default();
        let mut seen = BTreeSet::new();
        for extension in extensions {
            let id = extension.oid.to_id_string();
            if !seen.insert(id.clone()) {
                return Err(Refusal::DuplicateExtension { id });
            }
            let known = read
                .take(extension)
                .map_err(|Malformed| Refusal::Extension { name: extension_name(&extension.oid) })?;
            if extension.critical && !known {
                read.unknown_critical.push(id);
            }
        }
        Ok(read)
    }

    /// Whether Go knows the extension and all that is in it.
    fn take(&mut self, extension: &X509Extension<'_>) -> Result<bool, Malformed> {
        let value = extension.value;
        let id = &extension.oid;
        if *id == KEY_USAGE {
            self.key_usage = Some(KeyUsage::read(value)?);
        } else if *id == BASIC_CONSTRAINTS {
            self.basic = Some(Basic::read(value)?);
        } else if *id == SUBJECT_ALT_NAME {
            let names = Names::read(value)?;
            let known = !names.is_empty();
            self.names = Some(names);
            return Ok(known);
        } else if *id == NAME_CONSTRAINTS {
            let (constraints, known) = Constraints::read(value)?;
            self.constraints = Some(constraints);
            return Ok(known);
        } else if *id == EXTENDED_KEY_USAGE {
            self.extended_usage = Some(ExtendedUsage::read(value)?);
        } else if [SUBJECT_KEY_ID, AUTHORITY_KEY_ID, AUTHORITY_INFO].contains(id) {
            // RFC 5280 says that these are never critical, and Go refuses the certificate otherwise.
            let mut inside = Reader::new(value);
            let readable = if *id == SUBJECT_KEY_ID {
                inside.read(OCTET_STRING).is_ok()
            } else {
                inside.sequence().is_ok()
            };
            if extension.critical || !readable {
                return Err(Malformed);
            }
        } else {
            return Ok(HANDLED_ELSEWHERE.contains(id));
        }
        Ok(true)
    }
}

impl Basic {
    fn read(value: &[u8]) -> Result<Self, Malformed> {
        let mut inside = Reader::new(value).sequence()?;
        let ca = inside.next_is(crate::der::BOOLEAN) && inside.boolean()?;
        let path_len =
            if inside.next_is(crate::der::INTEGER) { Some(inside.small()?) } else { None };
        Ok(Self { ca, path_len })
    }
}

impl KeyUsage {
    fn read(value: &[u8]) -> Result<Self, Malformed> {
        let [unused, bits @ ..] = Reader::new(value).read(BIT_STRING)? else { return Err(Malformed) };
        if *unused > 7 {
            return Err(Malformed);
        }
        let first = bits.first().copied().unwrap_or_default();
        Ok(Self {
            // Bit 0 is the highest: digitalSignature 0, keyEncipherment 2, keyAgreement 4, keyCertSign 5.
            tls: first & 0b1010_1000 != 0,
            cert_sign: first & 0b0000_0100 != 0,
            any: bits.iter().any(|b| *b != 0),
        })
    }
}

impl ExtendedUsage {
    fn read(value: &[u8]) -> Result<Self, Malformed> {
        let mut inside = Reader::new(value).sequence()?;
        let mut usage = Self { server: false, listed: Vec::new() };
        while !inside.is_empty() {
            let id = read_oid(&mut inside)?;
            usage.server |= id == SERVER_AUTH || id == ANY_USAGE;
            usage.listed.push(usage_name(&id.to_id_string()).to_owned());
        }
        // An empty list, which RFC 5280 forbids, restricts nothing for Go.
        usage.server |= usage.listed.is_empty();
        Ok(usage)
    }
}

fn usage_name(id: &str) -> &str {
    match id {
        "1.3.6.1.5.5.7.3.1" => "serverAuth",
        "1.3.6.1.5.5.7.3.2" => "clientAuth",
        "1.3.6.1.5.5.7.3.3" => "codeSigning",
        "1.3.6.1.5.5.7.3.4" => "emailProtection",
        "1.3.6.1.5.5.7.3.8" => "timeStamping",
        "1.3.6.1.5.5.7.3.9" => "OCSPSigning",
        "2.5.29.37.0" => "anyExtendedKeyUsage",
        other => other,
    }
}

fn extension_name(id: &Oid<'_>) -> String {
    let names = [
        (SUBJECT_KEY_ID, "subjectKeyIdentifier"),
        (KEY_USAGE, "keyUsage"),
        (SUBJECT_ALT_NAME, "subjectAltName"),
        (BASIC_CONSTRAINTS, "basicConstraints"),
        (NAME_CONSTRAINTS, "nameConstraints"),
        (AUTHORITY_KEY_ID, "authorityKeyIdentifier"),
        (EXTENDED_KEY_USAGE, "extendedKeyUsage"),
        (AUTHORITY_INFO, "authorityInfoAccess"),
    ];
    let found = names.iter().find(|(known, _)| known == id);
    found.map_or_else(|| id.to_id_string(), |(_, name)| (*name).to_owned())
}

impl Names {
    fn is_empty(&self) -> bool {
        self.dns.is_empty() && self.ips.is_empty() && self.emails.is_empty() && self.uris.is_empty()
    }

    /// GeneralNames of RFC 5280, section 4.2.1.6.
    fn read(value: &[u8]) -> Result<Self, Malformed> {
        const EMAIL: u8 = implicit(1);
        const DNS: u8 = implicit(2);
        const URI: u8 = implicit(6);
        const IP: u8 = implicit(7);
        let mut inside = Reader::new(value).sequence()?;
        let mut names = Self::default();
        while !inside.is_empty() {
            let (identifier, bytes) = inside.any()?;
            match identifier {
                EMAIL => names.emails.push(ascii(bytes)?),
                DNS => names.dns.push(ascii(bytes)?),
                URI => names.uris.push(ascii(bytes)?),
                IP => names.ips.push(ip(bytes)?),
                _ => {}
            }
        }
        Ok(names)
    }
}

/// An IA5String.
pub(crate) fn ascii(bytes: &[u8]) -> Result<String, Malformed> {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => Ok(text.to_owned()),
        _ => Err(Malformed),
    }
}

/// Four or sixteen bytes.
pub(crate) fn ip(bytes: &[u8]) -> Result<IpAddr, Malformed> {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return Ok(IpAddr::from(four));
    }
    <[u8; 16]>::try_from(bytes).map(IpAddr::from).map_err(|_| Malformed)
}
