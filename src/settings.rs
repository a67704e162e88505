//! Settings, one way for all: each is an option of the commands it matters to, a variable, and a key of a TOML file.
//!
//! An option counts before the variable, the variable before the file. A key is the variable without `PLANGRAPH_`, and a
//! table of the file is the beginning of its keys' names: `lease = 60` is `PLANGRAPH_LEASE`, and `format = "json"` under
//! `[log]` is `PLANGRAPH_LOG_FORMAT`. A secret may stand in a file of its own, named by the variable with `_FILE` at its
//! end. The options of `plangraph config` are all the settings that there are.

use std::{
    collections::BTreeMap,
    env,
    error::Error as _,
    ffi::OsString,
    fmt, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};
use clap::{Arg, ArgMatches, Command, parser::ValueSource};

/// Where the file is, unless it is said.
const FILE: &str = "plangraph.toml";
/// How the variables begin that are this program's alone.
const PREFIX: &str = "PLANGRAPH_";
/// The variable that names the file.
const CONFIG: &str = "PLANGRAPH_CONFIG";

/// Where the value of a setting comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Option,
    Variable(String),
    /// A file that holds a secret and nothing else.
    SecretFile(PathBuf),
    File(PathBuf),
    /// Nobody said anything.
    Unsaid,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Option => f.write_str("option"),
            Self::Variable(name) => f.write_str(name),
            Self::SecretFile(path) | Self::File(path) => write!(f, "{}", path.display()),
            Self::Unsaid => f.write_str("-"),
        }
    }
}

/// A setting as it is shown.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) key: String,
    /// `***` for a secret.
    pub(crate) value: String,
    pub(crate) origin: Origin,
}

/// What variables and the file say, checked.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    said: BTreeMap<String, (String, Origin)>,
    /// Variables that look like this program's and are none.
    pub(crate) unknown: Vec<String>,
}

impl Settings {
    /// Reads variables and the file, and checks each value as the option of its name would.
    ///
    /// # Errors
    /// Names the key, where it stands, and what it takes.
    pub(crate) fn read(known: &[Arg]) -> anyhow::Result<Self> {
        Self::of(known, &env::vars().collect(), &env::args().skip(1).collect::<Vec<_>>())
    }

    fn of(known: &[Arg], variables: &BTreeMap<String, String>, args: &[String]) -> anyhow::Result<Self> {
        let mut said = BTreeMap::new();
        if let Some(path) = file(variables, args) {
            let text =
                fs::read_to_string(&path).with_context(|| format!("cannot read the settings in {}", path.display()))?;
            let table: toml::Table = toml::from_str(&text).map_err(|e| anyhow::anyhow!("{}: {e}", path.display()))?;
            for (key, value) in flat(&table).with_context(|| path.display().to_string())? {
                let Some(arg) = known.iter().find(|arg| key_of(arg) == key) else {
                    bail!("{}: there is no setting `{key}`; there are {}", path.display(), keys(known));
                };
                said.insert(variable(arg), (value, Origin::File(path.clone())));
            }
        }
        for arg in known {
            let name = variable(arg);
            let value = variables.get(&name).filter(|value| !value.is_empty());
            let secret =
                variables.get(&format!("{name}_FILE")).filter(|path| arg.is_hide_env_values_set() && !path.is_empty());
            match (value, secret) {
                (Some(_), Some(_)) => bail!("{name} and {name}_FILE are both set: unset one of them"),
                (Some(value), None) => {
                    said.insert(name.clone(), (value.clone(), Origin::Variable(name)));
                }
                (None, Some(path)) => {
                    let value = fs::read_to_string(path).with_context(|| format!("{name}_FILE: cannot read {path}"))?;
                    said.insert(name, (value.trim_end().to_owned(), Origin::SecretFile(path.into())));
                }
                (None, None) => {}
            }
        }
        for arg in known {
            if let Some((value, origin)) = said.get(&variable(arg)) {
                check(arg, value, origin)?;
            }
        }
        let is_known = |name: &str| {
            name == CONFIG
                || known.iter().any(|arg| {
                    let rest = name.strip_prefix(&variable(arg));
                    rest == Some("") || (rest == Some("_FILE") && arg.is_hide_env_values_set())
                })
        };
        let unknown = variables.keys().filter(|name| name.starts_with(PREFIX) && !is_known(name)).cloned().collect();
        Ok(Self { said, unknown })
    }

    /// Commands that go by these settings where no option says otherwise.
    pub(crate) fn apply(&self, command: Command) -> Command {
        let command = command.mut_args(|arg| {
            let Some(name) = arg.get_env().map(|name| name.to_string_lossy().into_owned()) else { return arg };
            match self.said.get(&name) {
                // A command lives as long as the program, and so must what it is told.
                Some((value, Origin::File(_) | Origin::SecretFile(_))) => {
                    arg.env(None::<&str>).default_value(&*value.clone().leak())
                }
                Some(_) => arg,
                // An empty variable says nothing.
                None => arg.env(None::<&str>),
            }
        });
        command.mut_subcommands(|command| self.apply(command))
    }

    /// Each known setting with the value that holds.
    pub(crate) fn shown(&self, known: &[Arg], matches: &ArgMatches) -> Vec<Shown> {
        let shown = |arg: &Arg| {
            let id = arg.get_id().as_str();
            let origin = match matches.value_source(id) {
                Some(ValueSource::CommandLine) => Origin::Option,
                _ => self.said.get(&variable(arg)).map_or(Origin::Unsaid, |(_, origin)| origin.clone()),
            };
            let value = matches
                .get_raw(id)
                .map(|values| values.map(|value| value.to_string_lossy()).collect::<Vec<_>>().join(","));
            let value = match value {
                Some(_) if arg.is_hide_env_values_set() => "***".to_owned(),
                Some(value) => value,
                None => "-".to_owned(),
            };
            Shown { key: key_of(arg), value, origin }
        };
        known.iter().map(shown).collect()
    }
}

/// The settings among the options of a command.
pub(crate) fn of_command(command: &Command) -> Vec<Arg> {
    command.get_arguments().filter(|arg| arg.get_env().is_some_and(|name| name != CONFIG)).cloned().collect()
}

/// The file that options or variables name, or else the usual one where it is there.
fn file(variables: &BTreeMap<String, String>, args: &[String]) -> Option<PathBuf> {
    let mut args = args.iter().take_while(|arg| *arg != "--");
    let named = args.find_map(|arg| match arg.strip_prefix("--config")? {
        "" => Some(None),
        rest => rest.strip_prefix('=').map(Some),
    });
    let named = match named {
        Some(None) => args.next().map(PathBuf::from),
        Some(Some(path)) => Some(PathBuf::from(path)),
        None => variables.get(CONFIG).filter(|path| !path.is_empty()).map(PathBuf::from),
    };
    named.or_else(|| Path::new(FILE).is_file().then(|| PathBuf::from(FILE)))
}

/// The variable of a setting.
fn variable(arg: &Arg) -> String {
    arg.get_env().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The key of a setting, all tables it may stand in joined to its name by `_`.
pub(crate) fn key_of(arg: &Arg) -> String {
    let variable = variable(arg);
    variable.strip_prefix(PREFIX).unwrap_or(&variable).to_ascii_lowercase()
}

/// Keys and values of a file, tables dissolved.
fn flat(table: &toml::Table) -> anyhow::Result<Vec<(String, String)>> {
    let mut all = Vec::new();
    for (key, value) in table {
        match value {
            toml::Value::Table(table) => {
                all.extend(flat(table)?.into_iter().map(|(rest, value)| (format!("{key}_{rest}"), value)));
            }
            value => all.push((key.clone(), text(value).with_context(|| format!("`{key}`"))?)),
        }
    }
    Ok(all)
}

/// A value as an option would have it.
fn text(value: &toml::Value) -> anyhow::Result<String> {
    Ok(match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Float(number) => number.to_string(),
        toml::Value::Boolean(is_so) => is_so.to_string(),
        toml::Value::Array(values) => values.iter().map(text).collect::<Result<Vec<_>, _>>()?.join(","),
        toml::Value::Datetime(_) | toml::Value::Table(_) => {
            bail!("a setting is a text, a number, true or false, or a list of texts")
        }
    })
}

/// Checks a value as the option does.
fn check(arg: &Arg, value: &str, origin: &Origin) -> anyhow::Result<()> {
    if !arg.get_action().takes_values() {
        ensure!(
            ["true", "false"].contains(&value),
            "`{}` ({origin}): “{value}” is not accepted; it takes true or false",
            key_of(arg)
        );
        return Ok(());
    }
    let alone = Command::new("setting").no_binary_name(true).arg(arg.clone().env(None::<&str>).global(false));
    let option = OsString::from(format!("--{}={value}", arg.get_long().unwrap_or_default()));
    let Err(error) = alone.try_get_matches_from([option]) else { return Ok(()) };
    let shown = if arg.is_hide_env_values_set() { "its value".to_owned() } else { format!("“{value}”") };
    let why = error.source().map(|why| format!(": {why}")).unwrap_or_default();
    bail!("`{}` ({origin}): {shown} is not accepted{why}; it takes {}", key_of(arg), takes(arg))
}

/// What a setting takes, in words.
pub(crate) fn takes(arg: &Arg) -> String {
    let possible: Vec<_> = arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    if !possible.is_empty() {
        return possible.join(" or ");
    }
    let name = arg.get_value_names().and_then(|names| names.first()).map(ToString::to_string).unwrap_or_default();
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    format!("{name}: {help}")
}

/// The keys that there are.
fn keys(known: &[Arg]) -> String {
    known.iter().map(key_of).collect::<Vec<_>>().join(", ")
}

/// Refuses variables that look like settings and are none.
pub(crate) fn refuse_unknown(settings: &Settings, known: &[Arg]) -> anyhow::Result<()> {
    let unknown = settings.unknown.join(", ");
    ensure!(unknown.is_empty(), "no setting has the variable {unknown}; there are {}", keys(known));
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser};

    use super::*;

    #[derive(Parser)]
    struct Tried {
        /// How often.
        #[arg(long, env = "PLANGRAPH_RATE_LIMIT", value_name = "PER SECOND", default_value_t = 5)]
        rate_limit: u16,
        /// How it looks.
        #[arg(long, env = "PLANGRAPH_LOG_FORMAT", value_parser = ["text", "json"], default_value = "text")]
        log_format: String,
        /// Where it is.
        #[arg(long, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
        database_url: Option<String>,
        /// Whom to let in.
        #[arg(long, env = "PLANGRAPH_ORIGINS", value_name = "ORIGIN", value_delimiter = ',')]
        origins: Vec<String>,
        /// Whether nobody comes in.
        #[arg(long, env = "PLANGRAPH_CLOSED")]
        closed: bool,
    }

    fn known() -> Vec<Arg> {
        of_command(&Tried::command())
    }

    fn variables(said: &[(&str, &str)]) -> BTreeMap<String, String> {
        said.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    /// What holds, by a file of this text, these variables and these options.
    fn tried(text: &str, said: &[(&str, &str)], options: &[&str]) -> anyhow::Result<(Tried, Vec<Shown>)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        fs::write(&path, text).unwrap();
        let args = vec!["--config".to_owned(), path.display().to_string()];
        let settings = Settings::of(&known(), &variables(said), &args)?;
        let matches = settings.apply(Tried::command()).try_get_matches_from([&["tried"], options].concat())?;
        let shown = settings.shown(&known(), &matches);
        Ok((<Tried as clap::FromArgMatches>::from_arg_matches(&matches)?, shown))
    }

    #[test]
    fn a_file_is_read_with_or_without_tables() {
        for text in ["rate_limit = 7\nlog_format = 'json'", "[rate]\nlimit = 7\n[log]\nformat = 'json'"] {
            let (tried, shown) = tried(text, &[], &[]).unwrap();
            assert_eq!((tried.rate_limit, tried.log_format.as_str()), (7, "json"));
            assert!(shown[0].value == "7" && matches!(&shown[0].origin, Origin::File(_)), "{shown:?}");
        }
        assert!(tried("closed = true", &[], &[]).unwrap().0.closed);
        assert!(!tried("closed = false", &[], &[]).unwrap().0.closed);
        assert!(tried("closed = 'maybe'", &[], &[]).err().unwrap().to_string().contains("true or false"));
        let (tried, _) = tried("origins = ['https://a.example', 'https://b.example']", &[], &[]).unwrap();
        assert_eq!(tried.origins, ["https://a.example", "https://b.example"]);
    }

    #[test]
    fn an_option_counts_before_the_file() {
        let (tried, shown) = tried("rate_limit = 7", &[], &["--rate-limit", "9"]).unwrap();
        assert_eq!((tried.rate_limit, &shown[0].origin), (9, &Origin::Option));
        assert_eq!(shown[1].origin, Origin::Unsaid);
    }

    #[test]
    fn a_wrong_value_is_told_with_its_key_and_what_it_takes() {
        let told = |text: &str, said: &[(&str, &str)]| tried(text, said, &[]).err().unwrap().to_string();
        let error = told("[rate]\nlimit = 'often'", &[]);
        assert!(error.contains("`rate_limit`") && error.contains("“often”") && error.contains("PER SECOND"), "{error}");
        let error = told("", &[("PLANGRAPH_LOG_FORMAT", "xml")]);
        assert!(error.contains("PLANGRAPH_LOG_FORMAT") && error.contains("text or json"), "{error}");
        let error = told("rate = 1", &[]);
        assert!(error.contains("no setting `rate`") && error.contains("rate_limit, log_format"), "{error}");
        assert!(told("rate_limit = 2020-01-01", &[]).contains("settings.toml"));
    }

    #[test]
    fn a_secret_may_stand_in_a_file_and_is_never_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        fs::write(&path, "postgres://me:s3cret@db/x\n").unwrap();
        let path = path.display().to_string();
        let (tried, shown) = tried("", &[("DATABASE_URL_FILE", &path)], &[]).unwrap();
        assert_eq!(tried.database_url.unwrap(), "postgres://me:s3cret@db/x");
        assert!(shown.iter().all(|shown| !shown.value.contains("s3cret")), "{shown:?}");
        let both = [("DATABASE_URL_FILE", path.as_str()), ("DATABASE_URL", "sqlite::memory:")];
        assert!(super::tests::tried("", &both, &[]).err().unwrap().to_string().contains("both set"));
    }

    #[test]
    fn what_is_empty_is_not_said_and_what_is_unknown_is_told() {
        let said = variables(&[("PLANGRAPH_RATE_LIMIT", ""), ("PLANGRAPH_RATE", "1"), ("HOME", "/")]);
        let settings = Settings::of(&known(), &said, &[]).unwrap();
        assert!(settings.said.is_empty());
        assert!(refuse_unknown(&settings, &known()).unwrap_err().to_string().contains("PLANGRAPH_RATE;"));
    }
}
