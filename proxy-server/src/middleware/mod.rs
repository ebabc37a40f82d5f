//! What happens to every request before and after its route. The order stands in `app`.

pub(crate) mod guard;
pub(crate) mod idempotency;
pub(crate) mod request_id;
pub(crate) mod security_headers;
