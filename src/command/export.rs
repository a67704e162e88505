//! `plangraph export`: whole tables into files.

use std::{
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use api::{Api, export::Export};
use extract::Reader;
use futures::TryStreamExt as _;
use tempfile::NamedTempFile;

use super::{DatabaseArgs, Outcome};

/// Write whole tables into files: plans, indicators, sections or relations, as .csv, .jsonl or .parquet.
///
/// What is in them says the file dictionary.md, which can be named too.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Files to write; name and ending say what and how: indicators.csv, out/plans.parquet.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Which rows, as NAME=VALUE, by the fields of the table's filter in the schema: within=浙江, year.ge=2025. With
    /// asOf=2026-05-01T00:00:00Z they are as the sources stood then. A list is
    /// given entry by entry. All rows unless said.
    #[arg(long = "where", value_name = "NAME=VALUE", value_parser = parameter)]
    parameters: Vec<(String, String)>,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// The file that says what is in the others.
const DICTIONARY: &str = "dictionary.md";

fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("NAME=VALUE is needed, such as within=浙江")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// What goes into a file.
enum Wanted {
    Table(Export),
    Dictionary,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Outcome> {
    let files: Vec<_> = args.files.iter().map(|path| Ok((path, wanted(path)?))).collect::<anyhow::Result<_>>()?;
    let api = Api::new(args.database.open().await?, Arc::new(Reader::builtin()));
    for (path, wanted) in files {
        write(&api, path, &wanted, &args.parameters).await?;
        tracing::info!("wrote {}", path.display());
    }
    Ok(Outcome::Done)
}

fn wanted(path: &Path) -> anyhow::Result<Wanted> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if name == DICTIONARY { Ok(Wanted::Dictionary) } else { Ok(Wanted::Table(name.parse()?)) }
}

/// The file stands there when it is whole, and not before.
async fn write(api: &Api, path: &Path, wanted: &Wanted, parameters: &[(String, String)]) -> anyhow::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let cannot = || format!("cannot write {}", path.display());
    std::fs::create_dir_all(folder).with_context(cannot)?;
    let mut file = BufWriter::new(NamedTempFile::new_in(folder).with_context(cannot)?);
    match wanted {
        Wanted::Dictionary => file.write_all(api::export::dictionary().as_bytes()).with_context(cannot)?,
        Wanted::Table(export) => {
            let mut bytes = std::pin::pin!(api.export(*export, parameters).await?);
            while let Some(bytes) = bytes.try_next().await? {
                file.write_all(&bytes).with_context(cannot)?;
            }
        }
    }
    let file = file.into_inner().map_err(std::io::IntoInnerError::into_error).with_context(cannot)?;
    readable(file.as_file()).with_context(cannot)?;
    file.persist(path).with_context(cannot)?;
    Ok(())
}

/// A temporary file is its owner's alone; an export is for others too.
fn readable(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}
