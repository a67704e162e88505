//! How the databases find the rows of each shape.

use std::fmt::Write as _;

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, DbErr, Statement};

use crate::yardsticks::Statements;

/// Tables that grow with every plan.
const LARGE: [&str; 7] = ["plan", "section", "indicator", "plan_version", "page", "snapshot", "search_entry"];

/// The statements of a question, each with its plan; and which tables are read from end to end that are large.
pub(crate) async fn explain(db: &DatabaseConnection, statements: &Statements) -> Result<(String, Vec<String>), DbErr> {
    let (mut text, mut scanned) = (String::new(), Vec::new());
    for statement in statements {
        let lines = plan(db, statement).await?;
        for line in &lines {
            scanned.extend(LARGE.iter().filter(|table| reads_all(line, table)).map(|table| (*table).to_owned()));
        }
        // Writing to a string cannot fail.
        _ = write!(text, "{}\n\n    {}\n\n", short(&statement.sql), lines.join("\n    "));
    }
    Ok((text, scanned))
}

async fn plan(db: &DatabaseConnection, statement: &Statement) -> Result<Vec<String>, DbErr> {
    let backend = db.get_database_backend();
    let (how, column) = match backend {
        DbBackend::Postgres => ("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF)", 0),
        _ => ("EXPLAIN QUERY PLAN", 3),
    };
    // With the values in it.
    let rows = db.query_all_raw(Statement::from_string(backend, format!("{how} {statement}"))).await?;
    rows.iter().map(|row| row.try_get_by_index::<String>(column).map(|line| line.chars().take(160).collect())).collect()
}

/// Whether a line of a plan says that a table is read from its first row on, whatever is wanted.
fn reads_all(line: &str, table: &str) -> bool {
    let end = |rest: &str| rest.is_empty() || rest.starts_with([' ', '\n']);
    let reads = |how: &str| line.split_once(&format!("{how}{table}")).is_some_and(|(_, rest)| end(rest));
    reads("Seq Scan on ") || (reads("SCAN ") && !line.contains("INDEX"))
}

/// A statement without the columns that it selects, and lists of places cut short.
fn short(sql: &str) -> String {
    let Some((start, rest)) = sql.split_once(" FROM ") else { return sql.to_owned() };
    let columns: String = if start.len() > 80 { "SELECT …".to_owned() } else { start.to_owned() };
    let mut text = format!("{columns} FROM {rest}");
    if let Some((from, _)) = text.char_indices().nth(700) {
        text.truncate(from);
        text.push('…');
    }
    text
}
