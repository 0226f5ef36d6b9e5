//! One `POST` to a receiver.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, USER_AGENT};
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use kontor_leads::config::WebhookConfig;
use kontor_leads::outbox::{Courier, Parcel, Receipt, Receiver};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::address::is_public;
use crate::retry_after;
use crate::signature::signatures;
use crate::target::{Target, WebhookError};

/// A receiver that gets Standard Webhooks.
pub struct Webhook {
    target: Target,
    tls: TlsConnector,
}

/// Why nothing came of an attempt. The words show neither address nor answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Failure {
    #[error("the name of the receiver cannot be resolved")]
    Name,
    #[error("the receiver has a private address, which is not allowed")]
    Private,
    #[error("the receiver cannot be reached")]
    Connect,
    #[error("the receiver's certificate or TLS is not accepted")]
    Tls,
    #[error("the connection broke off")]
    Broken,
    #[error("no answer in time")]
    Timeout,
}

impl Webhook {
    /// A receiver with these settings.
    pub fn receiver(config: &WebhookConfig) -> Result<Receiver, WebhookError> {
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        Self::trusting(config, roots)
    }

    /// The same, where the receiver's certificate is from one of these authorities.
    pub(crate) fn trusting(
        config: &WebhookConfig,
        roots: RootCertStore,
    ) -> Result<Receiver, WebhookError> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| WebhookError::Tls(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let webhook = Self { target: Target::new(config)?, tls: TlsConnector::from(Arc::new(tls)) };
        Ok(Receiver {
            courier: Arc::new(webhook),
            address: config.url.clone(),
            at_once: usize::from(config.at_once),
            delays: config.retry_seconds.clone().into(),
        })
    }

    async fn post(&self, parcel: &Parcel) -> Result<Response<()>, Failure> {
        let stream = self.connect().await?;
        match self.target.tls_name.clone() {
            None => self.send(stream, parcel).await,
            Some(name) => {
                let stream = self.tls.connect(name, stream).await.map_err(|_| Failure::Tls)?;
                self.send(stream, parcel).await
            }
        }
    }

    /// Connects to the first address that can be reached. The name is resolved once, so that what
    /// was judged is what is connected to.
    async fn connect(&self) -> Result<TcpStream, Failure> {
        let name = (self.target.host.as_str(), self.target.port);
        let found = tokio::net::lookup_host(name).await.map_err(|_| Failure::Name)?;
        let found: Vec<SocketAddr> = found.collect();
        let allowed = |address: &&SocketAddr| self.target.allow_private || is_public(address.ip());
        let allowed: Vec<&SocketAddr> = found.iter().filter(allowed).collect();
        if allowed.is_empty() {
            return Err(if found.is_empty() { Failure::Name } else { Failure::Private });
        }
        for address in allowed {
            if let Ok(stream) = TcpStream::connect(address).await {
                return Ok(stream);
            }
        }
        Err(Failure::Connect)
    }

    async fn send<S>(&self, stream: S, parcel: &Parcel) -> Result<Response<()>, Failure>
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(|_| Failure::Broken)?;
        // The connection works as long as somebody awaits it; it ends with this attempt.
        let connection = AbortOnDrop(tokio::spawn(async move {
            // How the connection ends does not matter once there is an answer.
            let _ = connection.await;
        }));
        let request = self.request(parcel).map_err(|_| Failure::Broken)?;
        let response = sender.send_request(request).await.map_err(|_| Failure::Broken)?;
        drop(connection);
        Ok(response.map(drop))
    }

    fn request(&self, parcel: &Parcel) -> http::Result<Request<Full<Bytes>>> {
        let timestamp = parcel.at.micros().div_euclid(1_000_000);
        let signature = signatures(&self.target.keys, &parcel.id, timestamp, &parcel.body);
        Request::post(&self.target.path)
            .header(HOST, &self.target.authority)
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, "kontor")
            .header("webhook-id", &parcel.id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature)
            .body(Full::new(Bytes::from(parcel.body.clone())))
    }
}

impl Courier for Webhook {
    fn bring<'a>(
        &'a self,
        parcel: &'a Parcel,
    ) -> Pin<Box<dyn Future<Output = Receipt> + Send + 'a>> {
        Box::pin(async move {
            let posted = tokio::time::timeout(self.target.timeout, self.post(parcel)).await;
            match posted.unwrap_or(Err(Failure::Timeout)) {
                Ok(answer) => receipt(&answer, parcel),
                Err(failure) => Receipt::Failed(failure.to_string()),
            }
        })
    }
}

/// What an answer means. Of one that refuses, only the number is told.
fn receipt(answer: &Response<()>, parcel: &Parcel) -> Receipt {
    let status = answer.status();
    if status.is_success() {
        return Receipt::Taken;
    }
    if status == StatusCode::GONE {
        return Receipt::Gone;
    }
    let reason = format!("answered {}", status.as_u16());
    match retry_after::seconds(answer, parcel.at) {
        Some(seconds) => Receipt::Later { reason, seconds },
        None => Receipt::Failed(reason),
    }
}

/// A task that ends when nobody waits for it any more.
struct AbortOnDrop(tokio::task::JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests;
