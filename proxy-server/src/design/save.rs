//! The only way in which a version comes to be: checked, drawn, added at the end.

use serde_json::{Value, json};

use crate::engine::{Checked, Engine};
use crate::error::Error;
use crate::middleware::idempotency;
use crate::notifications::tell_others;
use crate::state::AppState;
use crate::storage::projects::Project;
use crate::storage::versions::{Added, Appended, NewVersion, Version};
use crate::time;

/// What is to be kept.
#[derive(Debug)]
pub(crate) struct Save<'a> {
    pub(crate) source: &'a str,
    pub(crate) message: &'a str,
    pub(crate) origin: &'a str,
    pub(crate) author_id: &'a str,
    /// Positions by id; drawn here, near to the version before, when absent.
    pub(crate) drawing: Option<Value>,
    pub(crate) restored_from: Option<i64>,
}

/// Checks and draws `save` and adds it after version `base`.
pub(crate) async fn save(
    state: &AppState,
    project: &Project,
    base: i64,
    save: Save<'_>,
) -> Result<Version, Error> {
    if let Some(done) = done_before(state, project).await? {
        return Ok(done);
    }
    check(state, save.author_id, save.source).await?;
    // Before drawing, which is the expensive part; the storage decides again in the end.
    if base != project.last_version {
        return Err(conflict(state, &project.id, base, project.last_version, save.source).await?);
    }
    let drawing = if let Some(drawing) = save.drawing {
        drawing
    } else {
        let previous = state.storage.version(&project.id, base).await?.and_then(|before| before.drawing);
        state.engine.draw(save.source, previous.as_deref()).await?.drawing
    };
    let drawing = drawing.to_string();
    let request_key = idempotency::current();
    let new = NewVersion {
        source: save.source,
        message: save.message,
        origin: save.origin,
        author_id: save.author_id,
        drawing: Some(&drawing),
        engine_version: Engine::version(),
        restored_from: save.restored_from,
        request_key: request_key.as_deref(),
    };
    append(state, project, base, &new).await
}

/// Adds a copy of `old`, picture included, after version `base`.
pub(crate) async fn restore(
    state: &AppState,
    project: &Project,
    base: i64,
    old: &Version,
    author_id: &str,
) -> Result<Version, Error> {
    let request_key = idempotency::current();
    let message = format!("Restored version {}", old.number);
    let new = NewVersion {
        source: &old.source,
        message: &message,
        origin: "restore",
        author_id,
        drawing: old.drawing.as_deref(),
        engine_version: &old.engine_version,
        restored_from: Some(old.number),
        request_key: request_key.as_deref(),
    };
    append(state, project, base, &new).await
}

/// The version that this very request has made, before the server died.
pub(crate) async fn done_before(state: &AppState, project: &Project) -> Result<Option<Version>, Error> {
    match idempotency::current() {
        Some(key) => Ok(state.storage.version_by_request(&project.id, &key).await?),
        None => Ok(None),
    }
}

async fn append(
    state: &AppState,
    project: &Project,
    base: i64,
    new: &NewVersion<'_>,
) -> Result<Version, Error> {
    match state.storage.append_version(&project.id, base, new).await? {
        Appended::New(added) => {
            if added.is_shared {
                tell(state, project, new.author_id, &added).await;
            }
            Ok(Version {
                number: added.number,
                source: new.source.to_owned(),
                message: new.message.to_owned(),
                origin: new.origin.to_owned(),
                author_id: Some(new.author_id.to_owned()),
                author_name: added.author_name,
                drawing: new.drawing.map(str::to_owned),
                engine_version: new.engine_version.to_owned(),
                restored_from: new.restored_from,
                created_at: added.created_at,
            })
        }
        // The server died before it could answer, and may not have told anybody either; that stands in the project.
        Appended::Before(number) => {
            let version = state.storage.version(&project.id, number).await?;
            version.ok_or_else(|| Error::internal("an acknowledged version is not there"))
        }
        Appended::Conflict(newest) => Err(conflict(state, &project.id, base, newest, new.source).await?),
        Appended::NoProject => Err(Error::NotFound("project")),
    }
}

/// Tells the other members of a new version.
async fn tell(state: &AppState, project: &Project, author_id: &str, added: &Added) {
    let author = added.author_name.as_deref().unwrap_or_default();
    let news = format!("{author} saved version {} of {}", added.number, project.name);
    let data = json!({ "project_code": project.code, "version_id": added.number, "author": author });
    tell_others(state, project, author_id, "version.saved", &news, &data).await;
}

/// The 409 with both sides, and what they have in common.
pub(crate) async fn conflict(
    state: &AppState,
    project_id: &str,
    base: i64,
    newest: i64,
    yours: &str,
) -> Result<Error, Error> {
    let side = |version: Option<Version>| {
        version.map(|version| {
            json!({
                "version_id": version.number,
                "source": version.source,
                "message": version.message,
                "author": version.author_name,
                "created_at": time::show(version.created_at),
            })
        })
    };
    let theirs = side(state.storage.version(project_id, newest).await?);
    let common = side(state.storage.version(project_id, base).await?);
    Ok(Error::Conflict {
        code: "VERSION_CONFLICT",
        message: format!("someone was first: the newest version is {newest}, yours was made from {base}"),
        details: json!({
            "base_version": base,
            "current_version": newest,
            "base": common,
            "current": theirs,
            "yours": { "source": yours },
        }),
    })
}

/// Refuses a source that is too long, broken or dangerous, as strictly as is wanted for this person.
pub(crate) async fn check(state: &AppState, user_id: &str, source: &str) -> Result<Checked, Error> {
    let limit = state.config.limits.source_bytes;
    if source.len() > limit {
        return Err(Error::field("source", format!("it is longer than {limit} bytes")));
    }
    if source.contains('\0') {
        return Err(Error::field("source", "it holds a NUL character"));
    }
    let checked = state.engine.check(source, state.flags(user_id).await?.strict_validation).await?;
    if !checked.safe {
        return Err(refused(
            "UNSAFE_CONTENT",
            "the source asks for something dangerous",
            &checked.diagnostics,
        ));
    }
    if !checked.ok {
        return Err(refused("DSL_PARSING_FAILED", "the D2 source has errors", &checked.diagnostics));
    }
    Ok(checked)
}

/// The 422 of a source: the place of its first error, and all diagnostics.
fn refused(code: &'static str, what: &str, diagnostics: &[Value]) -> Error {
    let error = |d: &&Value| d["severity"] == "error";
    // The reason for this code first: a dangerous source may have other errors as well.
    let unsafe_first =
        |d: &&Value| code == "UNSAFE_CONTENT" && d["code"].as_str().is_some_and(|c| c.starts_with('U'));
    let first = diagnostics.iter().find(unsafe_first).or_else(|| diagnostics.iter().find(error));
    let Some(first) = first else {
        return Error::Refused {
            code,
            message: what.to_owned(),
            details: json!({ "diagnostics": diagnostics }),
        };
    };
    let start = &first["range"]["start"];
    let text = first["message"].as_str().unwrap_or_default();
    Error::Refused {
        code,
        message: format!("{what}: {text} (line {}, column {})", start["line"], start["column"]),
        details: json!({
            "line": start["line"],
            "column": start["column"],
            "expected": first["expected"],
            "actual": first["found"],
            "diagnostics": diagnostics,
        }),
    }
}
