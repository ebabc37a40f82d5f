//! The switches of the service, as they are for one person: the configuration's, unless an admin has set one
//! otherwise for them.

use std::time::Duration;

use crate::config::Flags;
use crate::error::Error;
use crate::state::AppState;

/// Their names, as in the configuration.
pub(crate) const NAMES: [&str; 5] =
    ["use_v2_service", "enable_svg_export", "use_llm_fallback", "enable_notifications", "strict_validation"];

/// What one server believes of a person for so long after another one has changed it.
const LIFE: Duration = Duration::from_secs(5);
/// People that are remembered.
const PLACES: u64 = 10_000;

/// What was set for whom, as last read.
pub(crate) type Overrides = moka::sync::Cache<String, Vec<(String, bool)>>;

pub(crate) fn overrides() -> Overrides {
    moka::sync::Cache::builder().max_capacity(PLACES).time_to_live(LIFE).build()
}

impl Flags {
    /// The switch of this name.
    pub(crate) fn named(&mut self, name: &str) -> Option<&mut bool> {
        Some(match name {
            "use_v2_service" => &mut self.use_v2_service,
            "enable_svg_export" => &mut self.enable_svg_export,
            "use_llm_fallback" => &mut self.use_llm_fallback,
            "enable_notifications" => &mut self.enable_notifications,
            "strict_validation" => &mut self.strict_validation,
            _ => return None,
        })
    }
}

impl AppState {
    /// The switches for a person.
    pub(crate) async fn flags(&self, user_id: &str) -> Result<Flags, Error> {
        let mut flags = self.config.flags.clone();
        let set = if let Some(set) = self.overrides.get(user_id) {
            set
        } else {
            let set = self.storage.flag_overrides(user_id).await?;
            self.overrides.insert(user_id.to_owned(), set.clone());
            set
        };
        for (name, is_on) in set {
            if let Some(flag) = flags.named(&name) {
                *flag = is_on;
            }
        }
        Ok(flags)
    }

    /// Sets a switch for a person; `None`: as for everybody.
    pub(crate) async fn override_flag(
        &self,
        user_id: &str,
        name: &str,
        is_on: Option<bool>,
    ) -> Result<(), Error> {
        self.storage.override_flag(user_id, name, is_on).await?;
        self.overrides.invalidate(user_id);
        Ok(())
    }
}
