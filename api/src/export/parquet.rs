//! Parquet files.

use std::{mem, sync::Arc};

use parquet::{
    basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel},
    data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type},
    errors::ParquetError,
    file::{
        properties::WriterProperties,
        writer::{SerializedColumnWriter, SerializedFileWriter},
    },
    schema::types::Type,
};

use super::column::{Cell, Column, Kind};
use crate::Error;

/// Rows that are compressed together: enough that readers skip well, and few megabytes of sentences.
const GROUP: usize = 20_000;

/// A file that is being written.
pub(super) struct Parquet {
    file: SerializedFileWriter<Vec<u8>>,
    kinds: Vec<Kind>,
    /// Rows of the group to come.
    waiting: Vec<Vec<Cell>>,
}

impl Parquet {
    /// A file with these columns, each of whose values may be missing.
    pub(super) fn new(columns: &[Column]) -> Result<Self, Error> {
        let fields = columns.iter().map(|column| primitive(column).map(Arc::new)).collect::<Result<_, _>>();
        let schema = fields.and_then(|fields| Type::group_type_builder("plangraph").with_fields(fields).build());
        let properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default())).build();
        let file = schema
            .and_then(|schema| SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties)))
            .map_err(unwritten)?;
        Ok(Self { file, kinds: columns.iter().map(|column| column.kind).collect(), waiting: Vec::new() })
    }

    /// The bytes that can be given away after these rows.
    pub(super) fn rows(&mut self, rows: Vec<Vec<Cell>>) -> Result<Vec<u8>, Error> {
        self.waiting.extend(rows);
        if self.waiting.len() >= GROUP {
            self.group().map_err(unwritten)?;
        }
        Ok(mem::take(self.file.inner_mut()))
    }

    /// The last bytes, which say where everything is.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, Error> {
        if !self.waiting.is_empty() {
            self.group().map_err(unwritten)?;
        }
        self.file.into_inner().map_err(unwritten)
    }

    fn group(&mut self) -> Result<(), ParquetError> {
        let rows = mem::take(&mut self.waiting);
        let mut group = self.file.next_row_group()?;
        for (place, kind) in self.kinds.iter().enumerate() {
            let Some(mut column) = group.next_column()? else { break };
            let cells = rows.iter().filter_map(|row| row.get(place));
            write(&mut column, *kind, cells)?;
            column.close()?;
        }
        group.close()?;
        Ok(self.file.flush()?)
    }
}

fn primitive(column: &Column) -> Result<Type, ParquetError> {
    let moment = LogicalType::timestamp(true, TimeUnit::MICROS);
    let (physical, logical) = match column.kind {
        Kind::Id(_) | Kind::Text | Kind::Path | Kind::Enum => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Integer => (Physical::INT64, None),
        Kind::Number => (Physical::DOUBLE, None),
        Kind::Boolean => (Physical::BOOLEAN, None),
        Kind::Date => (Physical::INT32, Some(LogicalType::Date)),
        Kind::Time => (Physical::INT64, Some(moment)),
    };
    Type::primitive_type_builder(column.name, physical)
        .with_logical_type(logical)
        .with_repetition(Repetition::OPTIONAL)
        .build()
}

fn write<'a>(
    column: &mut SerializedColumnWriter<'_>,
    kind: Kind,
    cells: impl Iterator<Item = &'a Cell>,
) -> Result<(), ParquetError> {
    match kind {
        Kind::Id(_) | Kind::Text | Kind::Path | Kind::Enum => {
            values::<ByteArrayType>(column, cells, |cell| match cell {
                Cell::Text(text) => Some(ByteArray::from(text.as_str())),
                _ => None,
            })
        }
        Kind::Integer => values::<Int64Type>(column, cells, |cell| match cell {
            Cell::Integer(number) => Some(*number),
            _ => None,
        }),
        Kind::Number => values::<DoubleType>(column, cells, |cell| match cell {
            Cell::Number(number) => Some(*number),
            _ => None,
        }),
        Kind::Boolean => values::<BoolType>(column, cells, |cell| match cell {
            Cell::Boolean(yes) => Some(*yes),
            _ => None,
        }),
        Kind::Date => values::<Int32Type>(column, cells, |cell| match cell {
            // Days since 1970-01-01.
            Cell::Date(day) => Some(day.to_epoch_days()),
            _ => None,
        }),
        Kind::Time => values::<Int64Type>(column, cells, |cell| match cell {
            Cell::Time(moment) => Some(moment.timestamp_micros()),
            _ => None,
        }),
    }
}

/// Writes the values that are there, and where they are.
fn values<'a, T: DataType>(
    column: &mut SerializedColumnWriter<'_>,
    cells: impl Iterator<Item = &'a Cell>,
    value: impl Fn(&Cell) -> Option<T::T>,
) -> Result<(), ParquetError> {
    let found: Vec<Option<T::T>> = cells.map(value).collect();
    let levels: Vec<i16> = found.iter().map(|value| i16::from(value.is_some())).collect();
    let values: Vec<T::T> = found.into_iter().flatten().collect();
    column.typed::<T>().write_batch(&values, Some(&levels), None)?;
    Ok(())
}

fn unwritten(error: ParquetError) -> Error {
    Error::Internal(format!("a Parquet file was not written: {error}"))
}
