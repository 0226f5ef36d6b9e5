//! Where parcels go: the settings of a receiver, checked when the server starts.

use std::time::Duration;

use http::Uri;
use http::uri::Scheme;
use kontor_leads::config::WebhookConfig;
use rustls::pki_types::ServerName;

use crate::signature::SigningKey;

/// Why the settings of a receiver are refused. It never shows a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    #[error("url is not https://HOST/PATH (or http:// with allow_private)")]
    Url,
    #[error("url must not carry a user name or password")]
    UserInfo,
    #[error("http:// is for private receivers: set allow_private, or use https://")]
    PlainHttp,
    #[error("secret is not whsec_ and 24 to 64 bytes in base64")]
    Secret,
    #[error("at_once is {0}, not 1 to 64")]
    AtOnce(u8),
    #[error("timeout_seconds is {0}, not 1 to 60")]
    Timeout(u8),
    #[error("retry_seconds has {0} entries, more than {MAX_RETRIES}")]
    Retries(usize),
    #[error("retry_seconds has {0}, not 0 to {MAX_RETRY_SECONDS}")]
    RetrySeconds(i64),
    #[error("the certificate authorities cannot be used: {0}")]
    Tls(String),
}

/// Most attempts after the first.
const MAX_RETRIES: usize = 30;
/// Longest time between two attempts: a week.
const MAX_RETRY_SECONDS: i64 = 604_800;

/// A receiver's address and keys.
pub(crate) struct Target {
    pub(crate) host: String,
    pub(crate) port: u16,
    /// Value of `Host`.
    pub(crate) authority: String,
    pub(crate) path: String,
    /// `None`: without TLS.
    pub(crate) tls_name: Option<ServerName<'static>>,
    pub(crate) keys: Vec<SigningKey>,
    pub(crate) allow_private: bool,
    pub(crate) timeout: Duration,
}

impl Target {
    pub(crate) fn new(config: &WebhookConfig) -> Result<Self, WebhookError> {
        let uri: Uri = config.url.parse().map_err(|_| WebhookError::Url)?;
        let authority = uri.authority().ok_or(WebhookError::Url)?;
        if authority.as_str().contains('@') {
            return Err(WebhookError::UserInfo);
        }
        let is_tls = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => true,
            Some(scheme) if *scheme == Scheme::HTTP && config.allow_private => false,
            Some(scheme) if *scheme == Scheme::HTTP => return Err(WebhookError::PlainHttp),
            _ => return Err(WebhookError::Url),
        };
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        if host.is_empty() {
            return Err(WebhookError::Url);
        }
        let tls_name = is_tls.then(|| ServerName::try_from(host.clone())).transpose();
        let secrets = std::iter::once(&config.secret).chain(&config.previous_secret);
        let keys = secrets.map(|secret| SigningKey::parse(secret.reveal()));
        if !(1..=64).contains(&config.at_once) {
            return Err(WebhookError::AtOnce(config.at_once));
        }
        if !(1..=60).contains(&config.timeout_seconds) {
            return Err(WebhookError::Timeout(config.timeout_seconds));
        }
        if config.retry_seconds.len() > MAX_RETRIES {
            return Err(WebhookError::Retries(config.retry_seconds.len()));
        }
        let is_wrong = |seconds: &&i64| !(0..=MAX_RETRY_SECONDS).contains(*seconds);
        if let Some(seconds) = config.retry_seconds.iter().find(is_wrong) {
            return Err(WebhookError::RetrySeconds(*seconds));
        }
        Ok(Self {
            port: authority.port_u16().unwrap_or(if is_tls { 443 } else { 80 }),
            authority: authority.as_str().to_owned(),
            path: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
            tls_name: tls_name.map_err(|_| WebhookError::Url)?,
            keys: keys.collect::<Option<_>>().ok_or(WebhookError::Secret)?,
            allow_private: config.allow_private,
            timeout: Duration::from_secs(u64::from(config.timeout_seconds)),
            host,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kontor_leads::config::ConfigSecret;

    fn config(url: &str) -> WebhookConfig {
        WebhookConfig {
            url: url.to_owned(),
            secret: ConfigSecret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
            previous_secret: None,
            allow_private: false,
            at_once: 8,
            timeout_seconds: 20,
            retry_seconds: vec![5],
        }
    }

    #[test]
    fn addresses() {
        let target = |url: &str| Target::new(&config(url));
        let good = target("https://crm.example:8443/leads?x=1").expect("a target");
        assert_eq!((good.host.as_str(), good.port), ("crm.example", 8443));
        assert_eq!(
            (good.authority.as_str(), good.path.as_str()),
            ("crm.example:8443", "/leads?x=1")
        );
        let plain = target("https://crm.example").expect("a target");
        assert_eq!((plain.port, plain.path.as_str()), (443, "/"));
        assert_eq!(target("https://[2606:4700::1111]/").expect("a target").host, "2606:4700::1111");
        assert_eq!(target("http://crm.example/").err(), Some(WebhookError::PlainHttp));
        assert_eq!(target("https://u:p@crm.example/").err(), Some(WebhookError::UserInfo));
        for bad in ["", "crm.example", "/leads", "ftp://crm.example/", "https:///x", "https://a b/"]
        {
            assert_eq!(target(bad).err(), Some(WebhookError::Url), "{bad}");
        }
        let private = WebhookConfig { allow_private: true, ..config("http://10.0.0.1/x") };
        assert!(Target::new(&private).is_ok_and(|target| target.tls_name.is_none()));
    }

    #[test]
    fn limits_and_secrets() {
        let with = |change: &dyn Fn(&mut WebhookConfig)| {
            let mut config = config("https://crm.example/");
            change(&mut config);
            Target::new(&config).err()
        };
        assert_eq!(with(&|config| config.at_once = 64), None);
        assert_eq!(with(&|config| config.at_once = 65), Some(WebhookError::AtOnce(65)));
        assert_eq!(with(&|config| config.at_once = 0), Some(WebhookError::AtOnce(0)));
        assert_eq!(with(&|config| config.timeout_seconds = 60), None);
        assert_eq!(with(&|config| config.timeout_seconds = 61), Some(WebhookError::Timeout(61)));
        assert_eq!(with(&|config| config.timeout_seconds = 0), Some(WebhookError::Timeout(0)));
        assert_eq!(with(&|config| config.retry_seconds = vec![604_800; 30]), None);
        assert_eq!(with(&|config| config.retry_seconds = Vec::new()), None);
        assert_eq!(
            with(&|config| config.retry_seconds = vec![0; 31]),
            Some(WebhookError::Retries(31))
        );
        for wrong in [-1, 604_801] {
            let refused = Some(WebhookError::RetrySeconds(wrong));
            assert_eq!(with(&|config| config.retry_seconds = vec![5, wrong]), refused);
        }
        let bad = Some(ConfigSecret::new("abc"));
        assert_eq!(with(&|c| c.previous_secret.clone_from(&bad)), Some(WebhookError::Secret));
    }
}
