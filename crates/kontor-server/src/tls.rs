//! TLS: loads certificate and key, and exchanges them while the server runs.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use arc_swap::ArcSwap;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::config::TlsConfig;

/// Certificate and key could not be used. The old ones stay in use when the server already runs.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("cannot read {what} from {path}")]
    Read { what: &'static str, path: PathBuf, source: io::Error },
    #[error("{path} holds no usable {what} in PEM form")]
    Pem { what: &'static str, path: PathBuf },
    #[error("certificate {certificate} and key {key} cannot be used together")]
    Use { certificate: PathBuf, key: PathBuf, source: rustls::Error },
}

/// The TLS side of a running server; clones mean the same one.
#[derive(Clone)]
pub struct TlsReload(Arc<Keeper>);

struct Keeper {
    config: TlsConfig,
    current: ArcSwap<rustls::ServerConfig>,
    seen: Mutex<Option<Stamps>>,
}

/// When certificate and key were last changed.
type Stamps = [SystemTime; 2];

impl TlsReload {
    pub(crate) fn load(config: TlsConfig) -> Result<Self, TlsError> {
        let seen = Mutex::new(stamps(&config));
        let current = ArcSwap::from_pointee(load(&config)?);
        Ok(Self(Arc::new(Keeper { config, current, seen })))
    }

    /// Reads certificate and key again; new connections use them. On an error nothing changes.
    pub fn reload(&self) -> Result<(), TlsError> {
        let stamps = stamps(&self.0.config);
        let fresh = load(&self.0.config)?;
        self.0.current.store(Arc::new(fresh));
        *self.0.seen.lock().unwrap_or_else(PoisonError::into_inner) = stamps;
        Ok(())
    }

    /// Whether a file has changed since it was last read. A change is reported once, so that an
    /// unusable file is complained about once.
    pub(crate) fn has_changed(&self) -> bool {
        let stamps = stamps(&self.0.config);
        let mut seen = self.0.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let has_changed = stamps.is_some() && *seen != stamps;
        if has_changed {
            *seen = stamps;
        }
        has_changed
    }

    pub(crate) fn acceptor(&self) -> tokio_rustls::TlsAcceptor {
        self.0.current.load_full().into()
    }

    pub(crate) fn check_ms(&self) -> u64 {
        self.0.config.check_ms
    }
}

fn load(config: &TlsConfig) -> Result<rustls::ServerConfig, TlsError> {
    let certificate = "certificate";
    let mut chain = Vec::new();
    let file = open(certificate, &config.certificate)?;
    for item in CertificateDer::pem_reader_iter(file) {
        chain.push(item.map_err(|error| unusable(certificate, &config.certificate, error))?);
    }
    if chain.is_empty() {
        return Err(unusable(certificate, &config.certificate, pem::Error::NoItemsFound));
    }
    let file = open("private key", &config.key)?;
    let key = PrivateKeyDer::from_pem_reader(file)
        .map_err(|error| unusable("private key", &config.key, error))?;
    let use_both = || {
        let mut tls =
            rustls::ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
                .with_safe_default_protocol_versions()?
                .with_no_client_auth()
                .with_single_cert(chain, key)?;
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(tls)
    };
    use_both().map_err(|source| TlsError::Use {
        certificate: config.certificate.clone(),
        key: config.key.clone(),
        source,
    })
}

fn open(what: &'static str, path: &Path) -> Result<File, TlsError> {
    File::open(path).map_err(|source| TlsError::Read { what, path: path.to_owned(), source })
}

/// Names the file; what the PEM reader says about its content is left out, it may be a key.
fn unusable(what: &'static str, path: &Path, error: pem::Error) -> TlsError {
    let path = path.to_owned();
    if let pem::Error::Io(source) = error {
        TlsError::Read { what, path, source }
    } else {
        TlsError::Pem { what, path }
    }
}

fn stamps(config: &TlsConfig) -> Option<Stamps> {
    let changed = |path: &Path| path.metadata().ok()?.modified().ok();
    Some([changed(&config.certificate)?, changed(&config.key)?])
}
