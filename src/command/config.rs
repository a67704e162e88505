//! `plangraph config`: what the program is told, and whether it is right.

use clap::ArgMatches;

use super::{
    DatabaseArgs, LogArgs, Outcome, ReplicaArgs, access::AccessArgs, crawl::CrawlerArgs, print, serve::ListenArgs,
    service::ServiceArgs, table::table,
};
use crate::{
    settings::{self, Settings},
    trace::TraceArgs,
};

/// What the program is told by options, variables and the settings file, and whether it is right.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Say whether every setting is known and has a value that it takes.
    Check(AllArgs),
    /// Show every setting with its value and where that comes from; secrets are hidden.
    Show(AllArgs),
}

/// All settings that there are, but for those of the log and of traces, which every command has.
#[derive(clap::Args)]
pub(crate) struct AllArgs {
    #[command(flatten)]
    _database: DatabaseArgs,
    #[command(flatten)]
    _replica: ReplicaArgs,
    #[command(flatten)]
    _crawler: CrawlerArgs,
    #[command(flatten)]
    _listen: ListenArgs,
    #[command(flatten)]
    _access: AccessArgs,
    #[command(flatten)]
    _service: ServiceArgs,
}

/// The settings that there are.
pub(crate) fn known() -> Vec<clap::Arg> {
    use clap::Args as _;
    settings::of_command(&AllArgs::augment_args(TraceArgs::augment_args(LogArgs::augment_args(clap::Command::new(
        "settings",
    )))))
}

/// `matches` are those of the whole command line.
pub(crate) fn run(command: &Command, settings: &Settings, matches: &ArgMatches) -> anyhow::Result<Outcome> {
    let known = known();
    match command {
        Command::Check(_) => {
            settings::refuse_unknown(settings, &known)?;
            print("all settings are right\n")?;
        }
        Command::Show(_) => {
            let mut innermost = matches;
            while let Some((_, matches)) = innermost.subcommand() {
                innermost = matches;
            }
            let shown = settings.shown(&known, innermost);
            let rows: Vec<_> =
                shown.into_iter().map(|setting| [setting.key, setting.value, setting.origin.to_string()]).collect();
            print(&table(["SETTING", "VALUE", "FROM"], &rows))?;
        }
    }
    Ok(Outcome::Done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::key_of;

    /// The table of the README names every setting: its variable, its option, and what holds unless it is said.
    #[test]
    fn the_readme_names_every_setting() {
        let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
        for arg in known() {
            let variable = arg.get_env().unwrap().to_string_lossy();
            let row = format!("| `{variable}` | `--{}` |", arg.get_long().unwrap());
            let row = readme.lines().find(|line| line.starts_with(&row)).unwrap_or_else(|| panic!("{row}"));
            let unless_said = row.split('|').nth(3).unwrap();
            for value in arg.get_default_values() {
                assert!(unless_said.contains(&*value.to_string_lossy()), "{}: {row}", key_of(&arg));
            }
        }
    }
}
