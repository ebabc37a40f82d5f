//! Who belongs to a project, and invitations.

use axum::extract::State;
use axum::http::{Extensions, StatusCode, Uri};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::{Json, Path, Query};
use super::page::{Page, PageQuery};
use crate::accounts::{self, Caller, audit};
use crate::error::{self, Error};
use crate::notifications::tell;
use crate::state::AppState;
use crate::storage::members::Changed;
use crate::storage::projects::Role;
use crate::{storage, time};

/// Life of an invitation.
const INVITATION_MS: i64 = 14 * 86_400_000;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(update, remove))
        .routes(routes!(invitations, invite))
        .routes(routes!(withdraw))
        .routes(routes!(mine))
        .routes(routes!(accept))
        .routes(routes!(decline))
}

/// `owner`, `editor` or `viewer`.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum RoleName {
    Owner,
    Editor,
    Viewer,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Owner => Self::Owner,
            RoleName::Editor => Self::Editor,
            RoleName::Viewer => Self::Viewer,
        }
    }
}

/// A member of a project.
#[derive(Debug, Serialize, ToSchema)]
struct Member {
    user_id: String,
    name: String,
    role: &'static str,
    created_at: String,
}

/// An open invitation.
#[derive(Debug, Serialize, ToSchema)]
struct Invitation {
    id: String,
    project_code: String,
    project_name: String,
    email: String,
    role: &'static str,
    expires_at: String,
}

/// Another role.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = MemberUpdate)]
struct Update {
    role: RoleName,
}

/// Who is asked, and as what.
#[derive(Debug, Deserialize, ToSchema)]
struct Invite {
    email: String,
    role: RoleName,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
struct Invited {
    id: String,
}

impl From<storage::members::Invitation> for Invitation {
    fn from(invitation: storage::members::Invitation) -> Self {
        Self {
            id: invitation.id,
            project_code: invitation.project_code,
            project_name: invitation.project_name,
            email: invitation.email,
            role: invitation.role.as_str(),
            expires_at: time::show(invitation.expires_at),
        }
    }
}

/// The members of a project.
#[utoipa::path(get, path = "/v1/projects/{code}/members", tag = "members",
    params(("code" = String, Path, description = "project code"), PageQuery), responses(
    (status = 200, description = "a page of them", body = Page<Member>),
    (status = 401, body = error::Body), (status = 404, body = error::Body), (status = 422, body = error::Body)))]
async fn list(
    State(state): State<AppState>,
    caller: Caller,
    uri: Uri,
    Path(code): Path<String>,
    Query(page): Query<PageQuery>,
) -> Result<axum::Json<Page<Member>>, Error> {
    let project = caller.project(&state, &code, Role::Viewer).await?;
    let members = state.storage.members(&project.id).await?;
    let member = |member: storage::members::Member| Member {
        user_id: member.user_id,
        name: member.name,
        role: member.role.as_str(),
        created_at: time::show(member.created_at),
    };
    Ok(axum::Json(page.of(members.into_iter().map(member).collect(), &uri)?))
}

fn changed(changed: Changed) -> Result<StatusCode, Error> {
    match changed {
        Changed::Done => Ok(StatusCode::NO_CONTENT),
        Changed::NoMember => Err(Error::NotFound("member")),
        Changed::LastOwner => Err(Error::Conflict {
            code: "LAST_OWNER",
            message: "a project needs an owner: name another first".to_owned(),
            details: json!({}),
        }),
    }
}

/// Gives a member another role. Owners only.
#[utoipa::path(patch, path = "/v1/projects/{code}/members/{user_id}", tag = "members", request_body = Update,
    params(("code" = String, Path, description = "project code"),
           ("user_id" = String, Path, description = "the member")), responses(
    (status = 204, description = "it is done"), (status = 401, body = error::Body),
    (status = 403, body = error::Body), (status = 404, body = error::Body),
    (status = 409, description = "no owner would be left", body = error::Body),
    (status = 422, body = error::Body)))]
async fn update(
    State(state): State<AppState>,
    caller: Caller,
    extensions: Extensions,
    Path((code, user_id)): Path<(String, String)>,
    Json(body): Json<Update>,
) -> Result<StatusCode, Error> {
    let project = caller.project(&state, &code, Role::Owner).await?;
    let done = changed(state.storage.change_member(&project.id, &user_id, Some(body.role.into())).await?)?;
    audit(&state, &extensions, Some(&caller.user_id), "member.role", &format!("{code} {user_id}")).await;
    Ok(done)
}

/// Takes a member out. Owners may take anybody out, everybody may leave.
#[utoipa::path(delete, path = "/v1/projects/{code}/members/{user_id}", tag = "members",
    params(("code" = String, Path, description = "project code"),
           ("user_id" = String, Path, description = "the member")), responses(
    (status = 204, description = "it is done"), (status = 401, body = error::Body),
    (status = 403, body = error::Body), (status = 404, body = error::Body),
    (status = 409, description = "no owner would be left", body = error::Body)))]
async fn remove(
    State(state): State<AppState>,
    caller: Caller,
    extensions: Extensions,
    Path((code, user_id)): Path<(String, String)>,
) -> Result<StatusCode, Error> {
    let role = if user_id == caller.user_id { Role::Viewer } else { Role::Owner };
    let project = caller.project(&state, &code, role).await?;
    let done = changed(state.storage.change_member(&project.id, &user_id, None).await?)?;
    audit(&state, &extensions, Some(&caller.user_id), "member.removed", &format!("{code} {user_id}")).await;
    Ok(done)
}

/// The open invitations into a project. Owners only.
#[utoipa::path(get, path = "/v1/projects/{code}/invitations", tag = "members",
    params(("code" = String, Path, description = "project code"), PageQuery), responses(
    (status = 200, description = "a page of them", body = Page<Invitation>),
    (status = 401, body = error::Body), (status = 403, body = error::Body), (status = 404, body = error::Body),
    (status = 422, body = error::Body)))]
async fn invitations(
    State(state): State<AppState>,
    caller: Caller,
    uri: Uri,
    Path(code): Path<String>,
    Query(page): Query<PageQuery>,
) -> Result<axum::Json<Page<Invitation>>, Error> {
    let project = caller.project(&state, &code, Role::Owner).await?;
    let open = state.storage.invitations_into(&project.id).await?;
    Ok(axum::Json(page.of(open.into_iter().map(Invitation::from).collect(), &uri)?))
}

/// Asks a person into a project. They find it among their invitations when they sign in with this address.
/// Owners only; the answer does not say whether the address has an account.
#[utoipa::path(post, path = "/v1/projects/{code}/invitations", tag = "members", request_body = Invite,
    params(("code" = String, Path, description = "project code")), responses(
    (status = 201, description = "they are asked", body = Invited), (status = 401, body = error::Body),
    (status = 403, body = error::Body), (status = 404, body = error::Body), (status = 422, body = error::Body)))]
async fn invite(
    State(state): State<AppState>,
    caller: Caller,
    extensions: Extensions,
    Path(code): Path<String>,
    Json(body): Json<Invite>,
) -> Result<(StatusCode, axum::Json<Invited>), Error> {
    let project = caller.project(&state, &code, Role::Owner).await?;
    let Some(email) = accounts::email(&body.email) else {
        return Err(Error::field("email", "it is not an address"));
    };
    let role = body.role.into();
    let id = state.storage.invite(&project.id, &email, role, &caller.user_id, INVITATION_MS).await?;
    audit(&state, &extensions, Some(&caller.user_id), "member.invited", &format!("{code} {email}")).await;
    if let Some((user, _)) = state.storage.user_by_email(&email).await? {
        let news = format!("You are invited to {}", project.name);
        tell(&state, &[user.id], "invitation", &news, &json!({ "invitation_id": id })).await;
    }
    Ok((StatusCode::CREATED, axum::Json(Invited { id })))
}

/// Takes an invitation back. Owners only.
#[utoipa::path(delete, path = "/v1/projects/{code}/invitations/{id}", tag = "members",
    params(("code" = String, Path, description = "project code"),
           ("id" = String, Path, description = "the invitation")), responses(
    (status = 204, description = "it is gone"), (status = 401, body = error::Body),
    (status = 403, body = error::Body), (status = 404, body = error::Body)))]
async fn withdraw(
    State(state): State<AppState>,
    caller: Caller,
    Path((code, id)): Path<(String, String)>,
) -> Result<StatusCode, Error> {
    let project = caller.project(&state, &code, Role::Owner).await?;
    if !state.storage.withdraw_invitation(&project.id, &id).await? {
        return Err(Error::NotFound("invitation"));
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn my_email(state: &AppState, caller: &Caller) -> Result<String, Error> {
    let user = state.storage.user(&caller.user_id).await?.ok_or(Error::Unauthenticated)?;
    // The local account has no address, so nobody can invite it.
    Ok(user.email.unwrap_or_default())
}

/// The invitations that wait for the caller.
#[utoipa::path(get, path = "/v1/invitations", tag = "members", params(PageQuery), responses(
    (status = 200, description = "a page of them", body = Page<Invitation>),
    (status = 401, body = error::Body), (status = 422, body = error::Body)))]
async fn mine(
    State(state): State<AppState>,
    caller: Caller,
    uri: Uri,
    Query(page): Query<PageQuery>,
) -> Result<axum::Json<Page<Invitation>>, Error> {
    let open = state.storage.invitations_to(&my_email(&state, &caller).await?).await?;
    Ok(axum::Json(page.of(open.into_iter().map(Invitation::from).collect(), &uri)?))
}

/// Becomes a member as invited.
#[utoipa::path(post, path = "/v1/invitations/{id}/accept", tag = "members",
    params(("id" = String, Path, description = "the invitation")), responses(
    (status = 204, description = "the caller is a member now"), (status = 401, body = error::Body),
    (status = 403, body = error::Body), (status = 404, body = error::Body)))]
async fn accept(
    State(state): State<AppState>,
    caller: Caller,
    extensions: Extensions,
    Path(id): Path<String>,
) -> Result<StatusCode, Error> {
    answer(&state, &caller, &extensions, &id, true).await
}

/// Sends an invitation away.
#[utoipa::path(post, path = "/v1/invitations/{id}/decline", tag = "members",
    params(("id" = String, Path, description = "the invitation")), responses(
    (status = 204, description = "it is gone"), (status = 401, body = error::Body),
    (status = 403, body = error::Body), (status = 404, body = error::Body)))]
async fn decline(
    State(state): State<AppState>,
    caller: Caller,
    extensions: Extensions,
    Path(id): Path<String>,
) -> Result<StatusCode, Error> {
    answer(&state, &caller, &extensions, &id, false).await
}

async fn answer(
    state: &AppState,
    caller: &Caller,
    extensions: &Extensions,
    id: &str,
    accept: bool,
) -> Result<StatusCode, Error> {
    let email = my_email(state, caller).await?;
    let project = state.storage.answer_invitation(id, &email, &caller.user_id, accept).await?;
    let project = project.ok_or(Error::NotFound("invitation"))?;
    let action = if accept { "member.joined" } else { "member.declined" };
    audit(state, extensions, Some(&caller.user_id), action, &project).await;
    Ok(StatusCode::NO_CONTENT)
}
