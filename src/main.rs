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

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Reads the plans of China's health authorities, and answers questions about them in GraphQL.
#[derive(Parser)]
#[command(version, propagate_version = true)]
struct Cli {
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
    Schema(command::schema::Args),
    /// Read a file from standard input; the program starts itself with it.
    #[command(name = crawler::document::SUBCOMMAND, hide = true)]
    ReadFile,
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    command::log(matches!(cli.command, Command::Crawl(_) | Command::Demo(_) | Command::Reextract(_)));
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
        Command::Schema(args) => command::schema::run(args),
        Command::ReadFile => crawler::document::serve().map(|()| command::Outcome::Done).map_err(Into::into),
    };
    command::exit(result)
}
