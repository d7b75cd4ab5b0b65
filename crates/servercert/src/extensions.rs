//! The extensions that decide, read as Go's `x509.processExtensions` reads them.

use crate::cert::is_integer;
use crate::constraints::Constraints;
use crate::der::{
    BIT_STRING, BOOLEAN, INTEGER, Malformed, OCTET_STRING, Reader, explicit, implicit,
};
use crate::detail::Refusal;
use std::collections::BTreeSet;
use std::net::IpAddr;

const SUBJECT_KEY_ID: &str = "2.5.29.14";
const KEY_USAGE: &str = "2.5.29.15";
const SUBJECT_ALT_NAME: &str = "2.5.29.17";
const BASIC_CONSTRAINTS: &str = "2.5.29.19";
const NAME_CONSTRAINTS: &str = "2.5.29.30";
const AUTHORITY_KEY_ID: &str = "2.5.29.35";
const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
const AUTHORITY_INFO: &str = "1.3.6.1.5.5.7.1.1";

const DISTRIBUTION_POINTS: &str = "2.5.29.31";
const POLICIES: &str = "2.5.29.32";
const POLICY_MAPPINGS: &str = "2.5.29.33";
const POLICY_CONSTRAINTS: &str = "2.5.29.36";
const INHIBIT_ANY_POLICY: &str = "2.5.29.54";

const ANY_USAGE: &str = "2.5.29.37.0";
const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";

/// What the extensions say.
#[derive(Debug, Clone, Default)]
pub(crate) struct Extensions {
    pub(crate) basic: Option<Basic>,
    pub(crate) key_usage: Option<KeyUsage>,
    pub(crate) extended_usage: Option<ExtendedUsage>,
    pub(crate) names: Option<Names>,
    /// The names as they are encoded, to tell certificates of one subject and key apart.
    pub(crate) san_der: Option<Vec<u8>>,
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

impl Extensions {
    /// Reads Extensions of RFC 5280, section 4.1.
    pub(crate) fn read(mut list: Reader<'_>) -> Result<Self, Refusal> {
        let mut read = Self::default();
        let mut seen = BTreeSet::new();
        while !list.is_empty() {
            let extension =
                Extension::read(&mut list).map_err(|Malformed| Refusal::NotACertificate)?;
            let id = extension.id.clone();
            if !seen.insert(id.clone()) {
                return Err(Refusal::DuplicateExtension { id });
            }
            let known = read
                .take(&extension)
                .map_err(|Malformed| Refusal::Extension { name: extension_name(&id).to_owned() })?;
            if extension.critical && !known {
                read.unknown_critical.push(id);
            }
        }
        Ok(read)
    }

    /// Whether Go knows the extension and all that is in it.
    fn take(&mut self, extension: &Extension<'_>) -> Result<bool, Malformed> {
        let value = extension.value;
        match extension.id.as_str() {
            KEY_USAGE => self.key_usage = Some(KeyUsage::read(value)?),
            BASIC_CONSTRAINTS => self.basic = Some(Basic::read(value)?),
            EXTENDED_KEY_USAGE => self.extended_usage = Some(ExtendedUsage::read(value)?),
            SUBJECT_ALT_NAME => {
                let names = Names::read(value)?;
                let known = !names.is_empty();
                self.san_der = Some(value.to_vec());
                self.names = Some(names);
                return Ok(known);
            }
            NAME_CONSTRAINTS => {
                let (constraints, known) = Constraints::read(value)?;
                self.constraints = Some(constraints);
                return Ok(known);
            }
            // RFC 5280 says that these three are never critical, and Go refuses the certificate otherwise.
            SUBJECT_KEY_ID | AUTHORITY_KEY_ID | AUTHORITY_INFO if extension.critical => {
                return Err(Malformed);
            }
            other => return is_well_formed(other, value),
        }
        Ok(true)
    }
}

/// The shape of extensions whose contents decide nothing here; `false` for those that Go does not know.
fn is_well_formed(id: &str, value: &[u8]) -> Result<bool, Malformed> {
    let mut outer = Reader::new(value);
    match id {
        SUBJECT_KEY_ID => drop(outer.read(OCTET_STRING)?),
        AUTHORITY_KEY_ID => drop(outer.sequence()?.optional(implicit(0))?),
        POLICY_CONSTRAINTS => {
            let mut inside = outer.sequence()?;
            for number in [implicit(0), implicit(1)] {
                if let Some(bytes) = inside.optional(number)? {
                    (bytes.len() <= 8 && is_integer(bytes)).then_some(()).ok_or(Malformed)?;
                }
            }
        }
        INHIBIT_ANY_POLICY => drop(outer.small()?),
        AUTHORITY_INFO | POLICIES => {
            let mut list = outer.sequence()?;
            while !list.is_empty() {
                list.sequence()?.oid()?;
            }
        }
        POLICY_MAPPINGS => {
            let mut list = outer.sequence()?;
            while !list.is_empty() {
                let mut mapping = list.sequence()?;
                mapping.oid()?;
                mapping.oid()?;
            }
        }
        DISTRIBUTION_POINTS => {
            let mut list = outer.sequence()?;
            while !list.is_empty() {
                list.sequence()?.optional(explicit(0))?;
            }
        }
        _ => return Ok(false),
    }
    Ok(true)
}

struct Extension<'a> {
    id: String,
    critical: bool,
    value: &'a [u8],
}

impl<'a> Extension<'a> {
    fn read(list: &mut Reader<'a>) -> Result<Self, Malformed> {
        let mut inside = list.sequence()?;
        let id = inside.oid()?;
        let critical = inside.next_is(BOOLEAN) && inside.boolean()?;
        Ok(Self { id, critical, value: inside.read(OCTET_STRING)? })
    }
}

impl Basic {
    fn read(value: &[u8]) -> Result<Self, Malformed> {
        let mut inside = Reader::new(value).sequence()?;
        let ca = inside.next_is(BOOLEAN) && inside.boolean()?;
        let path_len = if inside.next_is(INTEGER) { Some(inside.small()?) } else { None };
        Ok(Self { ca, path_len })
    }
}

impl KeyUsage {
    fn read(value: &[u8]) -> Result<Self, Malformed> {
        Reader::new(value).bits()?;
        let bits = Reader::new(value).read(BIT_STRING)?.get(1..).unwrap_or_default();
        let first = bits.first().copied().unwrap_or_default();
        let ninth = bits.get(1).is_some_and(|second| second & 0x80 != 0);
        Ok(Self {
            // Bit 0 is the highest: digitalSignature 0, keyEncipherment 2, keyAgreement 4, keyCertSign 5.
            tls: first & 0b1010_1000 != 0,
            cert_sign: first & 0b0000_0100 != 0,
            any: first != 0 || ninth,
        })
    }
}

impl ExtendedUsage {
    fn read(value: &[u8]) -> Result<Self, Malformed> {
        let mut inside = Reader::new(value).sequence()?;
        let mut usage = Self { server: false, listed: Vec::new() };
        while !inside.is_empty() {
            let id = inside.oid()?;
            usage.server |= id == SERVER_AUTH || id == ANY_USAGE;
            usage.listed.push(usage_name(&id).to_owned());
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

fn extension_name(id: &str) -> &str {
    match id {
        SUBJECT_KEY_ID => "subjectKeyIdentifier",
        KEY_USAGE => "keyUsage",
        SUBJECT_ALT_NAME => "subjectAltName",
        BASIC_CONSTRAINTS => "basicConstraints",
        NAME_CONSTRAINTS => "nameConstraints",
        DISTRIBUTION_POINTS => "cRLDistributionPoints",
        POLICIES => "certificatePolicies",
        AUTHORITY_KEY_ID => "authorityKeyIdentifier",
        EXTENDED_KEY_USAGE => "extendedKeyUsage",
        AUTHORITY_INFO => "authorityInfoAccess",
        other => other,
    }
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
