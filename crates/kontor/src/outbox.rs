//! Delivery of leads, beside the server.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context;
use kontor_app::App;
use kontor_leads::config::{ConfigSecret, LeadConfig};
use kontor_leads::outbox::Outbox;
use kontor_leads::vault::LeadVault;
use kontor_webhook::Webhook;

/// The outbox with these settings. It delivers once it runs.
pub(crate) fn open(app: &Arc<App>, config: &LeadConfig) -> anyhow::Result<Arc<Outbox>> {
    let vault = vault(config)?;
    let mut receivers = BTreeMap::new();
    for (supplier, webhook) in &config.webhooks {
        let receiver = Webhook::receiver(webhook)
            .with_context(|| format!("companeo.leads.webhooks.{supplier}"))?;
        if app.book().supplier(supplier).is_none() {
            tracing::warn!(supplier, "leads have a receiver, but there is no such supplier yet");
        }
        receivers.insert(supplier.clone(), receiver);
    }
    Ok(Outbox::new(Arc::clone(app), vault, receivers, config.retention_days))
}

/// The vault that seals and opens leads.
pub(crate) fn vault(config: &LeadConfig) -> anyhow::Result<LeadVault> {
    let key = config.seal_key.as_ref().map(ConfigSecret::reveal);
    LeadVault::new(key).context("companeo.leads.seal_key")
}

/// Says when leads are sealed with another key than the configured one. They stay in the data, but
/// nobody can read, deliver or find them without their key.
pub(crate) fn check_seal_key(app: &App, config: &LeadConfig) -> anyhow::Result<()> {
    if let Some(closed) = vault(config)?.cannot_open(app).context("cannot read the leads")? {
        tracing::error!(
            supplier = %closed.supplier,
            lead = closed.lead,
            "companeo.leads.seal_key is not the key that leads in the data were sealed with: {}; \
             put that key back, else these leads are neither delivered nor found",
            closed.error
        );
    }
    Ok(())
}
