//! Mail to people: a few plain sentences, sent beside the request.

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::config;

/// Sends mail. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Mail").field(&self.from.email).finish()
    }
}

impl Mail {
    /// Over the configured server; `None`: there is none.
    pub(crate) fn new(config: &config::Mail) -> Option<Self> {
        if config.smtp_url.is_empty() {
            return None;
        }
        // Both were checked when the configuration was read.
        let transport =
            AsyncSmtpTransport::<Tokio1Executor>::from_url(config.smtp_url.expose()).ok()?.build();
        Some(Self { transport, from: config.from.parse().ok()? })
    }

    /// Sends a text to an address; what goes wrong is logged.
    pub(crate) async fn send(&self, to: &str, subject: &str, text: String) {
        let Ok(to) = to.parse() else { return };
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(text);
        let sent = match message {
            Ok(message) => self.transport.send(message).await.map(drop).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        if let Err(cause) = sent {
            tracing::error!(%cause, subject, "a mail could not be sent");
        }
    }
}
