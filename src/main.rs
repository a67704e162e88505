//! The `plangraph` command: its subcommands, nothing more. Each is a file of [`command`].
//!
//! The rooms behind it:
//!
//! - [`crawler`]: from a source to rows, and when. Inside it [`extract`]: text in, structure and figures out.
//! - [`migration`]: the schema, and the reference data.
//! - [`entity`]: what is kept.
//! - [`api`]: GraphQL over it, and the pages of the explorer.
//! - [`sites`]: the sample sites that the demo crawls.

mod command;
mod metrics;
mod replica;
mod request;
mod settings;
mod trace;
mod watch;

use std::{path::PathBuf, process::ExitCode};

use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use settings::Settings;

/// Reads the plans of China's health authorities, and answers questions about them in GraphQL.
#[derive(Parser)]
#[command(version, propagate_version = true)]
struct Cli {
    /// Settings in a TOML file; `plangraph.toml` where it is there.
    #[arg(long, env = "PLANGRAPH_CONFIG", value_name = "FILE", global = true)]
    _config: Option<PathBuf>,
    #[command(flatten)]
    log: command::LogArgs,
    #[command(flatten)]
    trace: trace::TraceArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Demo(command::demo::Args),
    Serve(command::serve::Args),
    Worker(command::worker::Args),
    Crawl(command::crawl::Args),
    Reextract(command::reextract::Args),
    Extract(command::extract::Args),
    Export(command::export::Args),
    #[command(subcommand)]
    Sources(command::sources::Command),
    #[command(subcommand)]
    Concepts(command::concepts::Command),
    #[command(subcommand)]
    Regions(command::regions::Command),
    #[command(subcommand)]
    Token(command::token::Command),
    Migrate(command::migrate::Args),
    #[command(subcommand)]
    Config(command::config::Command),
    Backup(command::backup::Args),
    /// Put a copy back that `backup` made, where no database is yet; on PostgreSQL only the snapshots, after pg_restore.
    Restore(command::backup::Args),
    Prune(command::backup::PruneArgs),
    Health(command::health::Args),
    Sites(command::sites::Args),
    Schema(command::schema::Args),
    /// Read a file from standard input; the program starts itself with it.
    #[command(name = crawler::document::SUBCOMMAND, hide = true)]
    ReadFile,
}

#[tokio::main]
async fn main() -> ExitCode {
    let (cli, settings, matches) = match read() {
        Ok(read) => read,
        Err(error) => return command::exit(Err(error)),
    };
    let traces = match cli.trace.start() {
        Ok(traces) => traces,
        Err(error) => return command::exit(Err(error)),
    };
    cli.log.start(matches!(cli.command, Command::Crawl(_) | Command::Demo(_) | Command::Reextract(_)), &traces);
    for name in &settings.unknown {
        tracing::warn!("no setting has the variable {name}; `plangraph config show` lists them");
    }
    let result = match cli.command {
        Command::Demo(args) => command::demo::run(args).await,
        Command::Serve(args) => command::serve::run(args).await,
        Command::Crawl(args) => command::crawl::run(args).await,
        Command::Worker(args) => command::worker::run(args).await,
        Command::Reextract(args) => command::reextract::run(args).await,
        Command::Extract(args) => command::extract::run(&args),
        Command::Export(args) => command::export::run(args).await,
        Command::Sources(command) => command::sources::run(command).await,
        Command::Concepts(command) => command::concepts::run(command).await,
        Command::Regions(command) => command::regions::run(command).await,
        Command::Token(command) => command::token::run(command).await,
        Command::Migrate(args) => command::migrate::run(args).await,
        Command::Config(command) => command::config::run(&command, &settings, &matches),
        Command::Backup(args) => command::backup::run(args).await,
        Command::Restore(args) => command::backup::restore(args).await,
        Command::Prune(args) => command::backup::prune(args).await,
        Command::Health(args) => command::health::run(args).await,
        Command::Sites(args) => command::sites::run(args).await,
        Command::Schema(args) => command::schema::run(args),
        Command::ReadFile => crawler::document::serve().map(|()| command::Outcome::Done).map_err(Into::into),
    };
    traces.end().await;
    command::exit(result)
}

/// The command line, with what variables and the settings file say where it says nothing. Wrong usage ends the program.
fn read() -> anyhow::Result<(Cli, Settings, ArgMatches)> {
    // A child that reads a file has none of its own.
    let is_child = std::env::args().nth(1).as_deref() == Some(crawler::document::SUBCOMMAND);
    let settings = if is_child { Settings::default() } else { Settings::read(&command::config::known())? };
    let matches = settings.apply(Cli::command()).get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    Ok((cli, settings, matches))
}
