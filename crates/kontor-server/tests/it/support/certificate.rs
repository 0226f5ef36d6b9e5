//! Certificates made on the spot, and clients that trust them.

use std::path::PathBuf;
use std::sync::Arc;

use kontor_server::TlsConfig;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{Received, Running, get, receive, send};

/// Certificate and key in files of their own, which go away with this.
pub(crate) struct Certificate {
    folder: PathBuf,
    der: CertificateDer<'static>,
}

/// Makes certificate and key; the name tells the tests' files apart.
pub(crate) fn certificate(name: &str) -> Certificate {
    let folder = std::env::temp_dir().join(format!("kontor-tls-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut certificate = Certificate { folder, der: CertificateDer::from(Vec::new()) };
    certificate.renew();
    certificate
}

impl Certificate {
    pub(crate) fn config(&self) -> TlsConfig {
        TlsConfig {
            certificate: self.folder.join("certificate.pem"),
            key: self.folder.join("key.pem"),
            check_ms: 600_000,
        }
    }

    /// Writes another certificate and key over the old ones.
    pub(crate) fn renew(&mut self) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        self.der = made.cert.der().clone();
        let config = self.config();
        std::fs::write(config.certificate, made.cert.pem()).unwrap();
        std::fs::write(config.key, made.signing_key.serialize_pem()).unwrap();
    }

    /// Makes the certificate's file unusable.
    pub(crate) fn spoil(&mut self) {
        std::fs::write(self.config().certificate, "no certificate").unwrap();
    }

    pub(crate) fn certificate(&self) -> CertificateDer<'static> {
        self.der.clone()
    }

    pub(crate) async fn connect(
        &self,
        server: &Running,
        protocols: &[&[u8]],
    ) -> TlsStream<TcpStream> {
        connect(server, &[&self.der], protocols).await
    }

    /// Connects whether the server shows this certificate or the other one.
    pub(crate) async fn connect_trusting(
        &self,
        server: &Running,
        other: &CertificateDer<'static>,
    ) -> TlsStream<TcpStream> {
        connect(server, &[&self.der, other], &[]).await
    }

    pub(crate) async fn get(&self, server: &Running, target: &str) -> Received {
        let mut stream = self.connect(server, &[b"http/1.1"]).await;
        send(&mut stream, get(target, "")).await;
        receive(&mut stream).await
    }
}

/// The certificate the server showed on this connection.
pub(crate) fn presented(stream: &TlsStream<TcpStream>) -> CertificateDer<'static> {
    stream.get_ref().1.peer_certificates().unwrap()[0].clone().into_owned()
}

async fn connect(
    server: &Running,
    trusted: &[&CertificateDer<'static>],
    protocols: &[&[u8]],
) -> TlsStream<TcpStream> {
    let mut roots = rustls::RootCertStore::empty();
    for trusted in trusted {
        roots.add((*trusted).clone()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, server.connect().await).await.unwrap()
}

impl Drop for Certificate {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
