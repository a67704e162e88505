//! `plangraph token`: who may change what is stored.

use api::token;
use chrono::{DateTime, Utc};

use super::{DatabaseArgs, Outcome, print, table::table};

/// Tokens of those who may correct figures and start crawls through the API.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Make a token and print it. It is shown this once.
    Create(NamedArgs),
    /// List the tokens, without the secret in them.
    List(ListArgs),
    /// Revoke a token: from now on it is refused.
    Revoke(NamedArgs),
}

#[derive(clap::Args)]
pub(crate) struct NamedArgs {
    /// Who has it, or what for: corrections bear this name.
    name: String,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(clap::Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(crate) async fn run(command: Command) -> anyhow::Result<Outcome> {
    match command {
        Command::Create(args) => {
            let secret = token::create(&args.database.open().await?, &args.name).await?;
            print(&format!("{secret}\n"))?;
            tracing::info!("send it as `Authorization: Bearer {}…`; it cannot be shown again", &secret[..7]);
        }
        Command::List(args) => {
            let tokens = token::list(&args.database.open().await?).await?;
            let rows: Vec<_> = tokens
                .into_iter()
                .map(|token| {
                    [token.name, shown(Some(token.created_at)), shown(token.last_used_at), shown(token.revoked_at)]
                })
                .collect();
            print(&table(["NAME", "MADE", "LAST USED", "REVOKED"], &rows))?;
        }
        Command::Revoke(args) => {
            token::revoke(&args.database.open().await?, &args.name).await?;
            tracing::info!("“{}” is revoked; what was done with it stays", args.name);
        }
    }
    Ok(Outcome::Done)
}

fn shown(moment: Option<DateTime<Utc>>) -> String {
    moment.map_or_else(|| "-".to_owned(), |moment| moment.format("%Y-%m-%d %H:%M UTC").to_string())
}
