//! Odd keys and signatures: what Go verifies, verifies.

use crate::go;
use gosumdb::note::Verifier;
use serde_json::json;

fn hex(text: &str) -> [u8; 32] {
    let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..64).step_by(2).map(byte).collect::<Vec<_>>().try_into().unwrap()
}

/// All encodings of the eight points of small order, canonical or not.
fn small_order() -> Vec<[u8; 32]> {
    let zeros = "00".repeat(30);
    let ones = "ff".repeat(30);
    [
        &format!("01{zeros}00"),
        &format!("01{zeros}80"),
        &format!("ec{ones}7f"),
        &format!("ec{ones}ff"),
        &format!("00{zeros}00"),
        &format!("00{zeros}80"),
        &format!("ed{ones}7f"),
        &format!("ed{ones}ff"),
        &format!("ee{ones}7f"),
        &format!("ee{ones}ff"),
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    ]
    .into_iter()
    .map(hex)
    .collect()
}

/// The order of the group, added to S: a second signature that careless readers accept.
fn plus_order(s: &[u8]) -> [u8; 32] {
    let order = hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let mut sum = [0; 32];
    let mut carry = 0_u16;
    for (at, out) in sum.iter_mut().enumerate() {
        carry += u16::from(s[at]) + u16::from(order[at]);
        *out = carry.to_le_bytes()[0];
        carry >>= 8;
    }
    sum
}

/// A verifier for any 32 bytes.
fn verifier(key: &[u8; 32]) -> Verifier {
    use sha2::Digest as _;
    let encoded = [[1].as_slice(), key].concat();
    let digest = sha2::Sha256::digest([b"odd.example.com\n".as_slice(), &encoded].concat());
    let hash: String = digest[..4].iter().map(|b| format!("{b:02x}")).collect();
    Verifier::new(&format!("odd.example.com+{hash}+{}", go::base64(&encoded))).unwrap()
}

#[test]
fn odd_keys_and_signatures_are_judged_as_go_judges_them() {
    use ed25519_dalek::{Signer as _, SigningKey};
    let mut cases: Vec<([u8; 32], Vec<u8>, Vec<u8>)> = Vec::new();
    let mut points = small_order();
    points.push(hex(&format!("02{}", "00".repeat(31))));
    points.push([0xff; 32]);
    let s_values = [[0; 32], plus_order(&[0; 32]), [0xff; 32]];
    for key in &points {
        for r in &points {
            for s in &s_values {
                for message in [b"a\n".as_slice(), b"b\n"] {
                    cases.push((*key, message.to_vec(), [*r, *s].concat()));
                }
            }
        }
    }
    let signing = SigningKey::from_bytes(&[3; 32]);
    let (key, message) = (signing.verifying_key().to_bytes(), b"text\n".to_vec());
    let good = signing.sign(&message).to_bytes().to_vec();
    cases.push((key, message.clone(), good.clone()));
    cases.push((key, message.clone(), [&good[..32], &plus_order(&good[32..])].concat()));
    for bit in (0..512).step_by(3) {
        let mut changed = good.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        cases.push((key, message.clone(), changed));
    }
    for length in [0, 1, 32, 63, 65, 128] {
        let mut changed = good.clone();
        changed.resize(length, 0);
        cases.push((key, message.clone(), changed));
    }
    for bit in (0..256).step_by(5) {
        let mut changed = key;
        changed[bit / 8] ^= 1 << (bit % 8);
        cases.push((changed, message.clone(), good.clone()));
    }
    let ask = |(key, message, signature): &([u8; 32], Vec<u8>, Vec<u8>)| json!({"Op": "ed25519", "Key": go::base64(key), "Data": go::base64(message), "Sig": go::base64(signature)});
    let answers = go::ask(&cases.iter().map(ask).collect::<Vec<_>>());
    let (mut verified, mut strict) = (0, 0);
    for ((key, message, signature), answer) in cases.iter().zip(answers) {
        let ours = verifier(key).verify(message, signature);
        assert_eq!(answer["ok"], ours, "key {key:x?} message {message:?} signature {signature:x?}");
        verified += usize::from(ours);
        let dalek = ed25519_dalek::VerifyingKey::from_bytes(key);
        let parsed = ed25519_dalek::Signature::from_slice(signature);
        if let (Ok(key), Ok(signature)) = (dalek, parsed) {
            strict += usize::from(key.verify_strict(message, &signature).is_ok());
        }
    }
    // The strict rule would refuse all that come from small order, so the choice is one that can be seen.
    assert_eq!(strict, 1);
    assert!(verified > 20, "{verified}");
}
