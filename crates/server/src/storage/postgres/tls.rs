//! TLS to the database, verified as libpq would.

use std::{path::PathBuf, sync::Arc};

use rustls::{
    ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_name,
    },
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
    server::ParsedCertificate,
};
use tokio_postgres_rustls::MakeRustlsConnect;

/// What of the server's certificate is verified. The file has the roots that are trusted; without it, those of
/// the system are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verify {
    Nothing,
    Chain(PathBuf),
    ChainAndName(Option<PathBuf>),
}

/// # Errors
/// The roots cannot be read: a sentence.
pub fn connector(verify: &Verify) -> Result<MakeRustlsConnect, String> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Verifier::new(verify, provider.clone())?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// The certificates of a file, or those that the system trusts.
fn certificates(file: Option<&PathBuf>) -> Result<Vec<CertificateDer<'static>>, String> {
    let Some(file) = file else {
        return Ok(rustls_native_certs::load_native_certs().certs);
    };
    CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect)
        .map_err(|error| format!("cannot read {}: {error}", file.display()))
}

/// Verifies what is to be verified. As with libpq, what is not verified is still encrypted.
#[derive(Debug)]
struct Verifier {
    /// `None` verifies nothing.
    webpki: Option<Arc<WebPkiServerVerifier>>,
    /// Certificates of servers that are trusted by themselves: with a server's own certificate as the root, which is
    /// no authority's.
    trusted: Vec<CertificateDer<'static>>,
    checks_name: bool,
    provider: Arc<CryptoProvider>,
}

impl Verifier {
    fn new(verify: &Verify, provider: Arc<CryptoProvider>) -> Result<Self, String> {
        let (file, checks_name) = match verify {
            Verify::Nothing => {
                return Ok(Verifier {
                    webpki: None,
                    trusted: Vec::new(),
                    checks_name: false,
                    provider,
                });
            }
            Verify::Chain(file) => (Some(file), false),
            Verify::ChainAndName(file) => (file.as_ref(), true),
        };
        let certificates = certificates(file)?;
        let mut roots = RootCertStore::empty();
        let (added, _) = roots.add_parsable_certificates(certificates.clone());
        if added == 0 {
            return Err("no root certificates were found: give sslrootcert=FILE".into());
        }
        let webpki = WebPkiServerVerifier::builder_with_provider(roots.into(), provider.clone());
        Ok(Verifier {
            webpki: Some(webpki.build().map_err(|error| error.to_string())?),
            trusted: certificates,
            checks_name,
            provider,
        })
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(webpki) = &self.webpki else {
            return Ok(ServerCertVerified::assertion());
        };
        if self
            .trusted
            .iter()
            .any(|trusted| **trusted == **certificate)
        {
            if self.checks_name {
                verify_server_name(&ParsedCertificate::try_from(certificate)?, name)?;
            }
            return Ok(ServerCertVerified::assertion());
        }
        match webpki.verify_server_cert(certificate, intermediates, name, ocsp, now) {
            Err(Error::InvalidCertificate(error)) if !self.checks_name && is_about_name(&error) => {
                Ok(ServerCertVerified::assertion())
            }
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        if self.webpki.is_none() {
            // It may be of a kind that cannot be read, and nobody asks whose it is.
            return Ok(HandshakeSignatureValid::assertion());
        }
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        if self.webpki.is_none() {
            return Ok(HandshakeSignatureValid::assertion());
        }
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

/// The name is looked at after the chain.
fn is_about_name(error: &rustls::CertificateError) -> bool {
    use rustls::CertificateError::{NotValidForName, NotValidForNameContext};
    matches!(error, NotValidForName | NotValidForNameContext { .. })
}
