//! Who belongs to a project, and who is asked to.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::projects::Role;
use super::{Result, Storage};
use crate::ids;
use crate::time::{self, Millis};

/// A person in a project.
#[derive(Clone, Debug)]
pub struct Member {
    /// Their id.
    pub user_id: String,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Since when.
    pub created_at: Millis,
}

/// An open invitation.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Its id.
    pub id: String,
    /// Code of the project.
    pub project_code: String,
    /// Name of the project.
    pub project_name: String,
    /// Who is asked, by address.
    pub email: String,
    /// What they may do then.
    pub role: Role,
    /// When it ends.
    pub expires_at: Millis,
}

/// What came of changing a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It is done.
    Done,
    /// There is no such member.
    NoMember,
    /// The project would be left without an owner.
    LastOwner,
}

fn invitation(row: &AnyRow) -> Result<Invitation> {
    Ok(Invitation {
        id: row.try_get("id")?,
        project_code: row.try_get("code")?,
        project_name: row.try_get("name")?,
        email: row.try_get("email")?,
        role: Role::from_stored(row.try_get("role")?),
        expires_at: row.try_get("expires_at")?,
    })
}

impl Storage {
    /// The members of a project, longest-standing first.
    pub async fn members(&self, project_id: &str) -> Result<Vec<Member>> {
        let rows = sqlx::query(
            "SELECT m.user_id, u.name, m.role, m.created_at FROM members m JOIN users u ON u.id = m.user_id
             WHERE m.project_id = $1 ORDER BY m.created_at, m.user_id",
        )
        .bind(project_id)
        .fetch_all(self.read())
        .await?;
        let member = |row: &AnyRow| {
            Ok(Member {
                user_id: row.try_get("user_id")?,
                name: row.try_get("name")?,
                role: Role::from_stored(row.try_get("role")?),
                created_at: row.try_get("created_at")?,
            })
        };
        rows.iter().map(member).collect()
    }

    /// Gives a member another role, or none: takes them out.
    pub async fn change_member(
        &self,
        project_id: &str,
        user_id: &str,
        role: Option<Role>,
    ) -> Result<Changed> {
        let mut tx = self.begin().await?;
        // Locks the project's row on PostgreSQL: two owners cannot leave past each other.
        sqlx::query("UPDATE projects SET updated_at = updated_at WHERE id = $1")
            .bind(project_id)
            .execute(&mut *tx)
            .await?;
        let done = match role {
            Some(role) => {
                sqlx::query("UPDATE members SET role = $3 WHERE project_id = $1 AND user_id = $2")
                    .bind(project_id)
                    .bind(user_id)
                    .bind(role.as_str())
                    .execute(&mut *tx)
                    .await?
            }
            None => {
                sqlx::query("DELETE FROM members WHERE project_id = $1 AND user_id = $2")
                    .bind(project_id)
                    .bind(user_id)
                    .execute(&mut *tx)
                    .await?
            }
        };
        if done.rows_affected() == 0 {
            return Ok(Changed::NoMember);
        }
        let owners = sqlx::query("SELECT COUNT(*) FROM members WHERE project_id = $1 AND role = 'owner'")
            .bind(project_id)
            .fetch_one(&mut *tx)
            .await?;
        if super::count(&owners)? == 0 {
            tx.rollback().await?;
            return Ok(Changed::LastOwner);
        }
        tx.commit().await?;
        if role.is_none() {
            self.sessions.forget(&[user_id.to_owned()]).await;
        }
        Ok(Changed::Done)
    }

    /// Asks the person of an address into a project; a second asking changes the first.
    pub async fn invite(
        &self,
        project_id: &str,
        email: &str,
        role: Role,
        invited_by: &str,
        life_ms: Millis,
    ) -> Result<String> {
        let now = time::now();
        let mut tx = self.begin().await?;
        let row = sqlx::query(
            "INSERT INTO invitations (id, project_id, email, role, invited_by, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (project_id, email) DO UPDATE SET role = $4, invited_by = $5, expires_at = $7
             RETURNING id",
        )
        .bind(ids::opaque())
        .bind(project_id)
        .bind(email)
        .bind(role.as_str())
        .bind(invited_by)
        .bind(now)
        .bind(now + life_ms)
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(row.try_get(0)?)
    }

    /// The open invitations into a project.
    pub async fn invitations_into(&self, project_id: &str) -> Result<Vec<Invitation>> {
        let rows = sqlx::query(
            "SELECT i.id, p.code, p.name, i.email, i.role, i.expires_at
             FROM invitations i JOIN projects p ON p.id = i.project_id
             WHERE i.project_id = $1 AND i.expires_at > $2 ORDER BY i.created_at, i.id",
        )
        .bind(project_id)
        .bind(time::now())
        .fetch_all(self.read())
        .await?;
        rows.iter().map(invitation).collect()
    }

    /// The open invitations to the person of an address.
    pub async fn invitations_to(&self, email: &str) -> Result<Vec<Invitation>> {
        let rows = sqlx::query(
            "SELECT i.id, p.code, p.name, i.email, i.role, i.expires_at
             FROM invitations i JOIN projects p ON p.id = i.project_id
             WHERE i.email = $1 AND i.expires_at > $2 ORDER BY i.created_at, i.id",
        )
        .bind(email)
        .bind(time::now())
        .fetch_all(self.read())
        .await?;
        rows.iter().map(invitation).collect()
    }

    /// Takes an invitation back; gives whether there was one.
    pub async fn withdraw_invitation(&self, project_id: &str, id: &str) -> Result<bool> {
        let mut tx = self.begin().await?;
        let done = sqlx::query("DELETE FROM invitations WHERE id = $1 AND project_id = $2")
            .bind(id)
            .bind(project_id)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Uses an invitation up: accepts it as `user_id`, whose address is `email`, or declines it. Gives the
    /// project's inner id; `None`: there is no such invitation for them. Who is a member already stays what
    /// they are.
    pub async fn answer_invitation(
        &self,
        id: &str,
        email: &str,
        user_id: &str,
        accept: bool,
    ) -> Result<Option<String>> {
        let now = time::now();
        let mut tx = self.begin().await?;
        let row = sqlx::query(
            "DELETE FROM invitations WHERE id = $1 AND email = $2 AND expires_at > $3
             RETURNING project_id, role",
        )
        .bind(id)
        .bind(email)
        .bind(now)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let project_id: String = row.try_get(0)?;
        if accept {
            sqlx::query(
                "INSERT INTO members (project_id, user_id, role, created_at) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (project_id, user_id) DO NOTHING",
            )
            .bind(&project_id)
            .bind(user_id)
            .bind(row.try_get::<String, _>(1)?)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        Ok(Some(project_id))
    }
}
