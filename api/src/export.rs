//! Whole tables to take away, as files.
//!
//! - `dataset`: which tables there are, and their columns. `column`: what a column holds.
//! - `format`: CSV, JSON lines and, in `parquet`, Parquet, written as rows come.
//! - `parameters`: the filters of the schema as parameters of a URL. `contract`: the schema as those read it.
//! - `dictionary`: what each column means, told by the schema.
//!
//! A row stands as the API would show it now. Rows are read a thousand at a time, by key, so that a file of millions holds
//! neither memory nor a transaction for long; what changes while it is read may stand in it as before or as after.

mod column;
mod contract;
mod dataset;
mod dictionary;
mod format;
mod parameters;
mod parquet;

use std::str::FromStr;

use axum::body::Bytes;
use futures::{Stream, stream};
use sea_orm::ConnectionTrait as _;

pub use self::{dataset::Dataset, dictionary::dictionary, format::Format};
use self::{dataset::Table, format::Writer};
use crate::{Api, Error};

/// Rows that one statement reads.
const BATCH: u64 = 1_000;

/// A table in a format, by the name of its file: `indicators.csv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Export {
    /// Which table.
    pub dataset: Dataset,
    /// How it is written.
    pub format: Format,
}

impl FromStr for Export {
    type Err = Error;

    fn from_str(file: &str) -> Result<Self, Error> {
        let unknown = || Error::UnknownExport { file: file.to_owned() };
        let (dataset, format) = file.split_once('.').ok_or_else(unknown)?;
        let dataset = Dataset::named(dataset).ok_or_else(unknown)?;
        Ok(Self { dataset, format: Format::with_ending(format).ok_or_else(unknown)? })
    }
}

impl Api {
    /// The bytes of a file, as they are written. Parameters are those of the table's filter in the schema: `within=浙江`,
    /// `year.ge=2025`; a list is a parameter given several times. `asOf` names the moment of which the rows are.
    ///
    /// # Errors
    /// Before the first byte: a parameter that is none, or whose value cannot be read. Afterwards, in the stream: what
    /// keeps the database from answering.
    pub async fn export(
        &self,
        wanted: Export,
        parameters: &[(String, String)],
    ) -> Result<impl Stream<Item = Result<Bytes, Error>> + Send + use<>, Error> {
        let table = self.loading(async |loaders| wanted.dataset.table(loaders, parameters).await).await?;
        let writer = Writer::new(wanted.format, table.columns())?;
        let reading = Reading { db: self.replica().clone(), table, after: None };
        Ok(stream::try_unfold(Some((reading, writer)), step))
    }
}

/// How far a table is read.
struct Reading {
    db: sea_orm::DatabaseConnection,
    table: Table,
    /// The last row that was read.
    after: Option<i64>,
}

type Step = Option<(Reading, Writer)>;

/// Reads some rows and writes them; the end of the file, where there are no more.
async fn step(state: Step) -> Result<Option<(Bytes, Step)>, Error> {
    let Some((mut reading, mut writer)) = state else { return Ok(None) };
    let rows = reading.db.query_all(&reading.table.batch(reading.after, BATCH)).await?;
    let is_last = (rows.len() as u64) < BATCH;
    let (after, cells) = reading.table.read(&rows)?;
    reading.after = after.or(reading.after);
    // Compressing takes its time.
    let written = tokio::task::spawn_blocking(move || {
        let mut bytes = writer.rows(cells)?;
        if is_last {
            bytes.extend(writer.finish()?);
            return Ok((bytes, None));
        }
        Ok::<_, Error>((bytes, Some(writer)))
    });
    let (bytes, writer) =
        written.await.map_err(|error| Error::Internal(format!("an export was given up: {error}")))??;
    Ok(Some((bytes.into(), writer.map(|writer| (reading, writer)))))
}
