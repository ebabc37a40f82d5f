//! Projects, and who may do what in them.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::error::is_taken;
use super::{Error, Kind, Part, Result, Storage, Window, count};
use crate::ids;
use crate::time::{self, Millis};

/// What a member may do; each may do what the one before may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// See.
    Viewer,
    /// Make versions.
    Editor,
    /// Rename, delete, invite.
    Owner,
}

impl Role {
    /// As stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Owner => "owner",
        }
    }

    /// From what is stored; an unknown word may do the least.
    pub fn from_stored(text: &str) -> Self {
        match text {
            "owner" => Self::Owner,
            "editor" => Self::Editor,
            _ => Self::Viewer,
        }
    }
}

/// A project as one member sees it.
#[derive(Clone, Debug)]
pub struct Project {
    /// Inner id; never shown.
    pub id: String,
    /// Public code.
    pub code: String,
    /// Name.
    pub name: String,
    /// A sentence or two; may be empty.
    pub description: String,
    /// Id that the client gave it while it was offline.
    pub client_id: Option<String>,
    /// Number of the newest version; 0: none yet.
    pub last_version: i64,
    /// When it was made.
    pub created_at: Millis,
    /// When it last changed.
    pub updated_at: Millis,
    /// What the asking member may do.
    pub role: Role,
}

/// What a new project is made of.
#[derive(Clone, Debug)]
pub struct NewProject {
    /// The wished code; `None`: a made one.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// Description.
    pub description: String,
    /// The client's own id for it.
    pub client_id: Option<String>,
}

/// What came of making a project.
#[derive(Clone, Debug)]
pub enum Created {
    /// It is new.
    New(Project),
    /// The same client id was used by the same person before.
    Existing(Project),
    /// The code belongs to another project.
    CodeTaken,
}

/// Orders of a list of projects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Last changed first.
    NewestChange,
    /// Last changed last.
    OldestChange,
    /// Newest first.
    Newest,
    /// Oldest first.
    Oldest,
    /// By name.
    Name,
    /// By name, backwards.
    NameBackwards,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.code, p.name, p.description, p.client_id, p.last_version, p.created_at, \
             p.updated_at, m.role FROM projects p JOIN members m ON m.project_id = p.id ",
            $rest
        )
    };
}

/// A list as one JSON text, an array for each row: the driver hands over each value of each row by itself and copies
/// it several times on its way, which costs more than all else in a list. First for SQLite, then for PostgreSQL.
macro_rules! list_by {
    ($order:literal) => {
        [
            list_by!("json_group_array(json_array(", "))", $order),
            list_by!("CAST(COALESCE(json_agg(json_build_array(", ")), '[]') AS TEXT)", $order),
        ]
    };
    ($begin:literal, $end:literal, $order:literal) => {
        concat!(
            "SELECT ",
            $begin,
            "id, code, name, description, client_id, last_version, created_at, updated_at, role",
            $end,
            " FROM (",
            select!("WHERE m.user_id = $1 AND ($2 = '' OR LOWER(p.name) LIKE $2 ESCAPE '\\') ORDER BY "),
            $order,
            ", p.id LIMIT $3 OFFSET $4) AS list"
        )
    };
}

/// A row of such a list.
type Listed = (String, String, String, String, Option<String>, i64, Millis, Millis, String);

fn listed(row: Listed) -> Project {
    let (id, code, name, description, client_id, last_version, created_at, updated_at, role) = row;
    let role = Role::from_stored(&role);
    Project { id, code, name, description, client_id, last_version, created_at, updated_at, role }
}

fn project(row: &AnyRow) -> Result<Project> {
    Ok(Project {
        id: row.try_get("id")?,
        code: row.try_get("code")?,
        name: row.try_get("name")?,
        description: row.try_get("description")?,
        client_id: row.try_get("client_id")?,
        last_version: row.try_get("last_version")?,
        created_at: row.try_get("created_at")?,
        updated_at: row.try_get("updated_at")?,
        role: Role::from_stored(row.try_get("role")?),
    })
}

impl Storage {
    /// The project of this code, if this person is a member of it.
    pub async fn project(&self, user_id: &str, code: &str) -> Result<Option<Project>> {
        let row = sqlx::query(select!("WHERE p.code = $1 AND m.user_id = $2"))
            .bind(code)
            .bind(user_id)
            .fetch_optional(self.read())
            .await?;
        row.as_ref().map(project).transpose()
    }

    /// The project of this inner id, if this person is a member of it.
    pub async fn project_by_id(&self, user_id: &str, id: &str) -> Result<Option<Project>> {
        let row = sqlx::query(select!("WHERE p.id = $1 AND m.user_id = $2"))
            .bind(id)
            .bind(user_id)
            .fetch_optional(self.read())
            .await?;
        row.as_ref().map(project).transpose()
    }

    /// The projects of a person whose names contain `name` (any case; empty: all).
    pub async fn projects(
        &self,
        user_id: &str,
        name: &str,
        sort: Sort,
        window: Window,
    ) -> Result<Part<Project>> {
        let pattern = if name.is_empty() { String::new() } else { like(name) };
        let [sqlite, postgres]: [&'static str; 2] = match sort {
            Sort::NewestChange => list_by!("p.updated_at DESC"),
            Sort::OldestChange => list_by!("p.updated_at"),
            Sort::Newest => list_by!("p.created_at DESC"),
            Sort::Oldest => list_by!("p.created_at"),
            Sort::Name => list_by!("p.name"),
            Sort::NameBackwards => list_by!("p.name DESC"),
        };
        let row = sqlx::query(if self.kind == Kind::Sqlite { sqlite } else { postgres })
            .bind(user_id)
            .bind(&pattern)
            .bind(window.and_one())
            .bind(window.offset)
            .fetch_one(self.read())
            .await?;
        let rows: Vec<Listed> = serde_json::from_str(row.try_get(0)?)
            .map_err(|error| Error::Other(format!("a list of projects cannot be read: {error}")))?;
        let read = rows.len();
        let items = rows.into_iter().take(window.limit as usize).map(listed).collect();
        if let Some(total) = window.total(read) {
            return Ok(Part { items, total });
        }
        let total = sqlx::query(
            "SELECT COUNT(*) FROM projects p JOIN members m ON m.project_id = p.id
             WHERE m.user_id = $1 AND ($2 = '' OR LOWER(p.name) LIKE $2 ESCAPE '\\')",
        )
        .bind(user_id)
        .bind(&pattern)
        .fetch_one(self.read())
        .await?;
        Ok(Part { items, total: count(&total)? })
    }

    /// Makes a project with `user_id` as its owner.
    pub async fn create_project(&self, user_id: &str, new: NewProject) -> Result<Created> {
        if let Some(client_id) = &new.client_id
            && let Some(existing) = self.project_of_client(user_id, client_id).await?
        {
            return Ok(Created::Existing(existing));
        }
        // A made code may clash by chance, a wished one clashes for good.
        for _ in 0..8 {
            let code = new.code.clone().unwrap_or_else(ids::project_code);
            match self.insert_project(user_id, &new, &code).await {
                Ok(()) => {}
                Err(error) if is_taken(&error) => {
                    // The other unique thing is the client's id: a second try of the same client.
                    if let Some(client_id) = &new.client_id
                        && let Some(existing) = self.project_of_client(user_id, client_id).await?
                    {
                        return Ok(Created::Existing(existing));
                    }
                    if new.code.is_some() {
                        return Ok(Created::CodeTaken);
                    }
                    continue;
                }
                Err(error) => return Err(error.into()),
            }
            if let Some(made) = self.project(user_id, &code).await? {
                return Ok(Created::New(made));
            }
        }
        Ok(Created::CodeTaken)
    }

    async fn insert_project(&self, user_id: &str, new: &NewProject, code: &str) -> sqlx::Result<()> {
        let mut tx = self.begin().await.map_err(|error| sqlx::Error::Protocol(error.to_string()))?;
        let id = ids::sortable();
        let now = time::now();
        sqlx::query(
            "INSERT INTO projects (id, code, name, description, client_id, created_by, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
        )
        .bind(&id)
        .bind(code)
        .bind(&new.name)
        .bind(&new.description)
        .bind(new.client_id.as_deref())
        .bind(user_id)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "INSERT INTO members (project_id, user_id, role, created_at) VALUES ($1, $2, 'owner', $3)",
        )
        .bind(&id)
        .bind(user_id)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }

    async fn project_of_client(&self, user_id: &str, client_id: &str) -> Result<Option<Project>> {
        let row = sqlx::query(select!("WHERE p.created_by = $1 AND p.client_id = $2 AND m.user_id = $1"))
            .bind(user_id)
            .bind(client_id)
            .fetch_optional(self.read())
            .await?;
        row.as_ref().map(project).transpose()
    }

    /// Changes a project's name or description; `None` leaves it.
    pub async fn update_project(
        &self,
        id: &str,
        name: Option<&str>,
        description: Option<&str>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "UPDATE projects SET name = COALESCE($2, name), description = COALESCE($3, description),
             updated_at = $4 WHERE id = $1",
        )
        .bind(id)
        .bind(name)
        .bind(description)
        .bind(time::now())
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// Removes a project with its versions, members and sessions.
    pub async fn delete_project(&self, id: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        let rows = sqlx::query("SELECT user_id FROM members WHERE project_id = $1")
            .bind(id)
            .fetch_all(&mut *tx)
            .await?;
        sqlx::query("DELETE FROM projects WHERE id = $1").bind(id).execute(&mut *tx).await?;
        tx.commit().await?;
        let members: Vec<String> = rows.iter().map(|row| row.try_get(0)).collect::<sqlx::Result<_>>()?;
        self.sessions.forget(&members).await;
        Ok(())
    }
}

/// A LIKE pattern for texts that contain `text`, in lower case.
fn like(text: &str) -> String {
    let escaped = text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}
