//! What the columns mean.

use std::fmt::Write as _;

use sea_orm::DbBackend;

use super::{
    contract::{self, Described},
    dataset::Dataset,
    format::Format,
};

/// The data dictionary, as Markdown: each table with its columns and parameters, then the vocabularies. What it says of a
/// column is what the schema says of the field it comes from.
#[must_use]
pub fn dictionary() -> String {
    let mut text = "# Data dictionary\n\n".to_owned();
    text.push_str(
        "Each table is a file: `/export/indicators.csv`, or `plangraph export indicators.csv`. The endings are `csv` (UTF-8, \
         opens in spreadsheets; a text that one would take for a formula has an apostrophe in front), `jsonl` (an object a \
         line) and `parquet`. A value that is missing is empty, `null` or null.\n\nParameters choose rows as the filters of \
         the API do: `?within=浙江&year.ge=2025`; a list is a parameter given several times, and `filter={\"or\": […]}` holds a whole \
         filter as JSON. `asOf=2026-05-01T00:00:00Z` gives plans, indicators and sections as the sources stood then.\n",
    );
    let mut vocabularies = Vec::new();
    for dataset in Dataset::ALL {
        let name = dataset.name();
        let files: Vec<_> = Format::ALL.iter().map(|format| format!("`{name}.{}`", format.ending())).collect();
        line(
            &mut text,
            &format!("\n## {name}\n\n{}\n\n| column | from | what |\n| --- | --- | --- |", files.join(", ")),
        );
        for column in dataset.columns(DbBackend::Sqlite) {
            let Some(field) = contract::field(column.field) else { continue };
            vocabularies.extend(vocabulary(field));
            row(&mut text, column.name, column.field, field.description);
        }
        line(&mut text, "\n| parameter | type | what |\n| --- | --- | --- |");
        for parameter in contract::members(dataset.filter()) {
            vocabularies.extend(vocabulary(parameter));
            let ty = parameter.ty.map(ToString::to_string).unwrap_or_default();
            row(&mut text, parameter.name, &ty, parameter.description);
        }
    }
    vocabularies.sort_unstable();
    vocabularies.dedup();
    for name in vocabularies {
        line(&mut text, &format!("\n## {name}\n\n| value | what |\n| --- | --- |"));
        for entry in contract::members(name) {
            line(&mut text, &format!("| `{}` | {} |", entry.name, cell(entry.description)));
        }
    }
    text
}

/// The enum or the input object that a field is of.
fn vocabulary(field: Described) -> Option<&'static str> {
    let name = contract::base(field.ty?);
    let is_input = !contract::is_enum(name) && name.ends_with("Range");
    (contract::is_enum(name) || is_input).then_some(name)
}

fn row(text: &mut String, name: &str, from: &str, what: &str) {
    line(text, &format!("| `{name}` | `{from}` | {} |", cell(what)));
}

/// A text in a table: on one line, without what would end the cell.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

fn line(text: &mut String, line: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{line}");
}
