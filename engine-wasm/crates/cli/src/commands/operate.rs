//! `spandrel user`, `backup` and `restore`: the operator's commands, beside the running server.

use std::io::BufRead;
use std::path::Path;

use proxy_server::config::{self, Config};
use proxy_server::operator::{self, Change, Operator};
use serde_json::json;
use unicode_width::UnicodeWidthStr;

use super::print_json;
use crate::args::{Backup, Place, Restore, User, UserCommand};
use crate::{Exit, Failure, files, report};

pub(crate) fn user(args: &User) -> Result<Exit, Failure> {
    let config = load(&args.place)?;
    block_on(async {
        let operator = Operator::open(&config).await?;
        match &args.command {
            UserCommand::List { json } => return list(&operator, *json).await,
            UserCommand::Add { email, name, admin, password_stdin } => {
                let (password, made) = password(*password_stdin)?;
                operator.add(email, name.as_deref().unwrap_or_default(), &password, *admin).await?;
                show(&password, made)?;
            }
            UserCommand::Password { email, password_stdin } => {
                let (password, made) = password(*password_stdin)?;
                operator.set_password(email, &password).await?;
                show(&password, made)?;
            }
            UserCommand::Enable { email } => operator.change(email, Change::Active(true)).await?,
            UserCommand::Disable { email } => operator.change(email, Change::Active(false)).await?,
            UserCommand::Admin { email, revoke } => operator.change(email, Change::Admin(!revoke)).await?,
            UserCommand::Delete { email } => operator.delete(email).await?,
        }
        Ok(Exit::Ok)
    })
}

pub(crate) fn backup(args: &Backup) -> Result<Exit, Failure> {
    let config = load(&args.place)?;
    block_on(async {
        let size = Operator::open(&config).await?.backup(&args.target).await?;
        report::note(&format!("wrote {size} bytes to {}", args.target.display()));
        Ok(Exit::Ok)
    })
}

pub(crate) fn restore(args: &Restore) -> Result<Exit, Failure> {
    let config = load(&args.place)?;
    block_on(async {
        let former = operator::restore(&config, &args.snapshot).await?;
        report::note("the snapshot is in place");
        if let Some(former) = former {
            report::note(&format!("the former database is kept as {}", former.display()));
        }
        Ok(Exit::Ok)
    })
}

fn load(place: &Place) -> Result<Config, Failure> {
    let mut config =
        config::load(place.config.as_deref(), std::env::vars()).map_err(|error| error.to_string())?;
    if let Some(data_dir) = &place.data_dir {
        config.storage.data_dir.clone_from(data_dir);
    }
    Ok(config)
}

fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    runtime.map_err(|error| format!("cannot start: {error}"))?.block_on(work)
}

/// A password from the first line of standard input, or a made one; and whether it was made.
fn password(from_stdin: bool) -> Result<(String, bool), Failure> {
    if !from_stdin {
        return Ok((proxy_server::operator::make_password(), true));
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| format!("cannot read: {error}"))?;
    Ok((line.trim_end_matches(['\r', '\n']).to_owned(), false))
}

/// A made password is shown once, on standard output.
fn show(password: &str, made: bool) -> Result<(), Failure> {
    if made { files::write(Path::new("-"), format!("{password}\n").as_bytes()) } else { Ok(()) }
}

async fn list(operator: &Operator, as_json: bool) -> Result<Exit, Failure> {
    let accounts = operator.accounts().await?;
    if as_json {
        for account in &accounts {
            print_json(&json!({
                "email": account.email,
                "name": account.name,
                "is_admin": account.is_admin,
                "is_active": account.is_active,
                "created_at": account.created_at,
            }))?;
        }
        return Ok(Exit::Ok);
    }
    let width = accounts.iter().map(|account| account.email.width()).max().unwrap_or(0);
    let mut table = String::new();
    for account in &accounts {
        let mut words = Vec::new();
        if account.is_admin {
            words.push("admin");
        }
        if !account.is_active {
            words.push("disabled");
        }
        let blanks = " ".repeat(width - account.email.width());
        table.push_str(&[&account.email, &blanks, "  ", &account.name, "  ", &words.join(" ")].concat());
        table.truncate(table.trim_end().len());
        table.push('\n');
    }
    files::write(Path::new("-"), table.as_bytes())?;
    Ok(Exit::Ok)
}
