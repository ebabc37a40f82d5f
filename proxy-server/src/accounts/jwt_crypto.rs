//! The cryptography behind JSON web tokens: ring, which TLS uses already, instead of a second library.
//!
//! Signing is HMAC alone, since we sign only our own tokens. Checking knows RSA, ECDSA and Ed25519 as well, for
//! the tokens of outside issuers.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result, new_error};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind, EncodingKey};
use ring::hmac;
use ring::signature::{self as asymmetric, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey};
use signature::{Error, Signer, Verifier};

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    // Only needed to make key sets of one's own.
    key_utils: KeyUtils::new_unimplemented(),
};

/// Makes this the cryptography of the process. A second call changes nothing.
pub(super) fn install() {
    let _ = PROVIDER.install_default();
}

struct Hmac {
    algorithm: Algorithm,
    key: hmac::Key,
}

impl Hmac {
    fn new(algorithm: Algorithm, family: AlgorithmFamily, key: &[u8]) -> Result<Self> {
        let digest = match algorithm {
            Algorithm::HS256 => hmac::HMAC_SHA256,
            Algorithm::HS384 => hmac::HMAC_SHA384,
            Algorithm::HS512 => hmac::HMAC_SHA512,
            _ => return Err(new_error(ErrorKind::InvalidAlgorithm)),
        };
        // An RSA public key must never be taken for a secret.
        if family != AlgorithmFamily::Hmac {
            return Err(new_error(ErrorKind::InvalidKeyFormat));
        }
        Ok(Self { algorithm, key: hmac::Key::new(digest, key) })
    }
}

impl Signer<Vec<u8>> for Hmac {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, Error> {
        Ok(hmac::sign(&self.key, message).as_ref().to_vec())
    }
}

impl JwtSigner for Hmac {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Verifier<Vec<u8>> for Hmac {
    fn verify(&self, message: &[u8], tag: &Vec<u8>) -> std::result::Result<(), Error> {
        hmac::verify(&self.key, message, tag).map_err(|_| Error::new())
    }
}

impl JwtVerifier for Hmac {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

struct Asymmetric {
    algorithm: Algorithm,
    key: DecodingKey,
}

impl Verifier<Vec<u8>> for Asymmetric {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        let plain = |verification: &'static dyn asymmetric::VerificationAlgorithm| {
            let bytes = self.key.try_get_as_bytes().map_err(|_| Error::new())?;
            UnparsedPublicKey::new(verification, bytes).verify(message, signature).map_err(|_| Error::new())
        };
        let rsa = |parameters: &'static RsaParameters| match self.key.kind() {
            DecodingKeyKind::RsaModulusExponent { n, e } => RsaPublicKeyComponents { n, e }
                .verify(parameters, message, signature)
                .map_err(|_| Error::new()),
            DecodingKeyKind::SecretOrDer(_) => plain(parameters),
        };
        match self.algorithm {
            Algorithm::RS256 => rsa(&asymmetric::RSA_PKCS1_2048_8192_SHA256),
            Algorithm::RS384 => rsa(&asymmetric::RSA_PKCS1_2048_8192_SHA384),
            Algorithm::RS512 => rsa(&asymmetric::RSA_PKCS1_2048_8192_SHA512),
            Algorithm::PS256 => rsa(&asymmetric::RSA_PSS_2048_8192_SHA256),
            Algorithm::PS384 => rsa(&asymmetric::RSA_PSS_2048_8192_SHA384),
            Algorithm::PS512 => rsa(&asymmetric::RSA_PSS_2048_8192_SHA512),
            Algorithm::ES256 => plain(&asymmetric::ECDSA_P256_SHA256_FIXED),
            Algorithm::ES384 => plain(&asymmetric::ECDSA_P384_SHA384_FIXED),
            Algorithm::EdDSA => plain(&asymmetric::ED25519),
            _ => Err(Error::new()),
        }
    }
}

impl JwtVerifier for Asymmetric {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is given")]
fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    Ok(Box::new(Hmac::new(*algorithm, key.family(), key.as_bytes())?))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is given")]
fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    let family = match algorithm {
        Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512 => {
            return Ok(Box::new(Hmac::new(*algorithm, key.family(), key.try_get_as_bytes()?)?));
        }
        Algorithm::ES256 | Algorithm::ES384 => AlgorithmFamily::Ec,
        Algorithm::EdDSA => AlgorithmFamily::Ed,
        _ => AlgorithmFamily::Rsa,
    };
    if key.family() != family {
        return Err(new_error(ErrorKind::InvalidKeyFormat));
    }
    Ok(Box::new(Asymmetric { algorithm: *algorithm, key: key.clone() }))
}
