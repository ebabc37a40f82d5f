//! What the operator does beside the running server: accounts, backups.

use std::path::{Path, PathBuf};

use crate::accounts::{self, Passwords, check_password};
use crate::config::Config;
use crate::storage::{Storage, Window, backup};
use crate::time;

/// One sentence on why it was not done.
pub type Failure = String;

/// An open database for a few commands.
#[derive(Debug)]
pub struct Operator {
    storage: Storage,
    database_is_file: bool,
}

/// An account as a list shows it.
#[derive(Clone, Debug)]
pub struct Account {
    /// Address, or `(local)`.
    pub email: String,
    /// Name.
    pub name: String,
    /// Looks after others.
    pub is_admin: bool,
    /// May come in.
    pub is_active: bool,
    /// When it was made, RFC 3339.
    pub created_at: String,
}

/// What is to become of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// May come in, or not.
    Active(bool),
    /// Looks after others, or not.
    Admin(bool),
}

fn sentence(error: impl std::fmt::Display) -> Failure {
    error.to_string()
}

impl Operator {
    /// Opens the database that `config` names.
    pub async fn open(config: &Config) -> Result<Self, Failure> {
        let storage = Storage::open(&config.storage).await.map_err(sentence)?;
        storage.migrate().await.map_err(sentence)?;
        Ok(Self { storage, database_is_file: config.storage.database_url.is_empty() })
    }

    /// Makes an account.
    pub async fn add(&self, email: &str, name: &str, password: &str, admin: bool) -> Result<(), Failure> {
        let email = known_address(email)?;
        let hash = hash(password, &email).await?;
        let name = if name.is_empty() { email.split('@').next().unwrap_or_default() } else { name };
        let made = self.storage.create_user(&email, name, Some(&hash), admin).await.map_err(sentence)?;
        let id = made.ok_or_else(|| format!("`{email}` has an account already"))?;
        self.note("account.made", &id).await
    }

    /// Gives an account another password and ends all its logins.
    pub async fn set_password(&self, email: &str, password: &str) -> Result<(), Failure> {
        let email = known_address(email)?;
        let id = self.find(&email).await?.id;
        let hash = hash(password, &email).await?;
        self.storage.set_password(&id, &hash).await.map_err(sentence)?;
        self.note("password.changed", &id).await
    }

    /// Changes what an account may do.
    pub async fn change(&self, email: &str, change: Change) -> Result<(), Failure> {
        let user = self.find(&known_address(email)?).await?;
        let (is_active, is_admin) = match change {
            Change::Active(is_active) => (is_active, user.is_admin),
            Change::Admin(is_admin) => (user.is_active, is_admin),
        };
        self.storage.set_user_rights(&user.id, is_active, is_admin).await.map_err(sentence)?;
        self.note("account.rights", &user.id).await
    }

    /// Deletes an account as its person could.
    pub async fn delete(&self, email: &str) -> Result<(), Failure> {
        let id = self.find(&known_address(email)?).await?.id;
        self.storage.delete_user(&id).await.map_err(sentence)?;
        self.note("account.deleted", &id).await
    }

    /// All accounts, oldest first.
    pub async fn accounts(&self) -> Result<Vec<Account>, Failure> {
        let window = Window { offset: 0, limit: i64::from(u32::MAX) };
        let part = self.storage.users(window).await.map_err(sentence)?;
        let account = |user: crate::storage::users::User| Account {
            email: user.email.unwrap_or_else(|| "(local)".to_owned()),
            name: user.name,
            is_admin: user.is_admin,
            is_active: user.is_active,
            created_at: time::show(user.created_at),
        };
        Ok(part.items.into_iter().map(account).collect())
    }

    /// Writes a snapshot of the database to `target`, while the server runs on. Gives its size in bytes.
    pub async fn backup(&self, target: &Path) -> Result<u64, Failure> {
        if !self.database_is_file {
            return Err(
                "the database is PostgreSQL: use `pg_dump --format=custom`, and `pg_restore` to bring it back"
                    .to_owned(),
            );
        }
        backup::write(&self.storage, target).await.map_err(sentence)
    }

    async fn find(&self, email: &str) -> Result<crate::storage::users::User, Failure> {
        let found = self.storage.user_by_email(email).await.map_err(sentence)?;
        found.map(|(user, _)| user).ok_or_else(|| format!("`{email}` has no account"))
    }

    async fn note(&self, action: &str, subject: &str) -> Result<(), Failure> {
        self.storage.note(Some("operator"), action, subject, "", "").await.map_err(sentence)
    }
}

/// Puts a snapshot in the place of the database. The server must not run. Gives where the former database is
/// kept, if there was one.
pub async fn restore(config: &Config, snapshot: &Path) -> Result<Option<PathBuf>, Failure> {
    if !config.storage.database_url.is_empty() {
        return Err("the database is PostgreSQL: use `pg_restore`".to_owned());
    }
    backup::restore(&config.storage, snapshot).await.map_err(sentence)
}

/// A password for a person to type once: 20 letters and digits that cannot be mistaken, in groups of five.
pub fn make_password() -> String {
    let codes: String = std::iter::repeat_with(crate::ids::project_code).take(3).collect();
    let letters: Vec<char> = codes.to_lowercase().chars().take(20).collect();
    letters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

fn known_address(email: &str) -> Result<String, Failure> {
    accounts::email(email).ok_or_else(|| format!("`{email}` is not an address"))
}

async fn hash(password: &str, email: &str) -> Result<String, Failure> {
    if let Some(what) = check_password(password, email) {
        return Err(format!("the password is refused: {what}"));
    }
    Passwords::new().hash(password).await.map_err(sentence)
}
