//! Makes certificates for tests, here and in other crates (feature `testkit`).
//!
//! Keys are ECDSA P-256. Validity starts an hour before `now_unix`, so that the clocks of test and subject
//! may differ. Errors are those of `rcgen`, which tests unwrap.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, Error, ExtendedKeyUsagePurpose,
    IsCa, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use std::time::Duration;

/// A self-signed certificate with an RSA key of 1024 bits, valid from 2020 to 2120, for `weak.example.test`.
pub const WEAK_KEY_PEM: &str = include_str!("testkit/weak-key.pem");

/// A self-signed certificate with a SHA-1 signature, valid from 2020 to 2120, for `weak.example.test`.
pub const WEAK_SIGNATURE_PEM: &str = include_str!("testkit/weak-signature.pem");

const HOUR: i64 = 3600;
const DAY: i64 = 86_400;

/// A certificate and its private key, both PEM.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The certificate; intermediates may follow.
    pub cert_pem: String,
    /// PKCS#8.
    pub key_pem: String,
}

/// A CA that issues.
#[derive(Debug)]
pub struct Authority {
    now_unix: i64,
    issuer: CertifiedIssuer<'static, KeyPair>,
    /// Its own certificate and those above it up to, but not with, the root.
    chain_pem: String,
}

impl Authority {
    /// A self-signed root.
    pub fn root(now_unix: i64, name: &str, days: u32) -> Result<Self, Error> {
        let params = authority(now_unix, name, days)?;
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
        Ok(Self { now_unix, issuer, chain_pem: String::new() })
    }

    /// An intermediate below this one.
    pub fn intermediate(&self, name: &str, days: u32) -> Result<Self, Error> {
        let params = authority(self.now_unix, name, days)?;
        let issuer = CertifiedIssuer::signed_by(params, KeyPair::generate()?, &self.issuer)?;
        let chain_pem = issuer.pem() + &self.chain_pem;
        Ok(Self { now_unix: self.now_unix, issuer, chain_pem })
    }

    /// A server's certificate for names and addresses, followed by the intermediates.
    pub fn issue(&self, hosts: &[&str], days: u32) -> Result<Pair, Error> {
        self.issue_between(hosts, self.now_unix - HOUR, self.now_unix + i64::from(days) * DAY)
    }

    /// As [`Authority::issue`], with its validity in seconds since 1970.
    pub fn issue_between(
        &self,
        hosts: &[&str],
        not_before: i64,
        not_after: i64,
    ) -> Result<Pair, Error> {
        let key = KeyPair::generate()?;
        let cert = server(hosts, not_before, not_after)?.signed_by(&key, &self.issuer)?;
        Ok(Pair { cert_pem: cert.pem() + &self.chain_pem, key_pem: key.serialize_pem() })
    }

    /// The authority's own certificate.
    #[must_use]
    pub fn cert_pem(&self) -> String {
        self.issuer.pem()
    }
}

/// A self-signed server's certificate, valid for so many days from now.
pub fn self_signed(now_unix: i64, hosts: &[&str], days: u32) -> Result<Pair, Error> {
    self_signed_between(hosts, now_unix - HOUR, now_unix + i64::from(days) * DAY)
}

/// A self-signed server's certificate that expired a day before now.
pub fn expired(now_unix: i64, hosts: &[&str]) -> Result<Pair, Error> {
    self_signed_between(hosts, now_unix - 30 * DAY, now_unix - DAY)
}

/// A self-signed server's certificate that becomes valid a day from now.
pub fn not_yet_valid(now_unix: i64, hosts: &[&str]) -> Result<Pair, Error> {
    self_signed_between(hosts, now_unix + DAY, now_unix + 90 * DAY)
}

/// A self-signed server's certificate with its validity in seconds since 1970.
pub fn self_signed_between(hosts: &[&str], not_before: i64, not_after: i64) -> Result<Pair, Error> {
    let key = KeyPair::generate()?;
    let cert = server(hosts, not_before, not_after)?.self_signed(&key)?;
    Ok(Pair { cert_pem: cert.pem(), key_pem: key.serialize_pem() })
}

fn server(hosts: &[&str], not_before: i64, not_after: i64) -> Result<CertificateParams, Error> {
    let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
    let common_name = hosts.first().cloned().unwrap_or_else(|| "server".to_owned());
    let mut params = CertificateParams::new(hosts)?;
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    dated(&mut params, not_before, not_after);
    Ok(params)
}

fn authority(now_unix: i64, name: &str, days: u32) -> Result<CertificateParams, Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    dated(&mut params, now_unix - HOUR, now_unix + i64::from(days) * DAY);
    Ok(params)
}

fn dated(params: &mut CertificateParams, not_before: i64, not_after: i64) {
    let at = |seconds: i64| {
        let epoch = date_time_ymd(1970, 1, 1);
        epoch + Duration::from_secs(u64::try_from(seconds).unwrap_or_default())
    };
    params.not_before = at(not_before);
    params.not_after = at(not_after);
}
