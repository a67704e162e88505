//! Looking for a piece of text in a column, the same on SQLite and PostgreSQL.

use sea_orm::{
    ColumnTrait, ExprTrait as _,
    sea_query::{Expr, Func, LikeExpr},
};

/// The column holds this text, whatever the case of Latin letters. SQLite's LIKE takes no notice of case and PostgreSQL's
/// does, so both get lower case.
pub(crate) fn contains(column: impl ColumnTrait, text: &str) -> Expr {
    let pattern = format!("%{}%", escaped(text));
    Expr::expr(Func::lower(column.into_expr())).like(LikeExpr::new(pattern.to_ascii_lowercase()).escape('\\'))
}

/// Takes their meaning off the signs that LIKE gives one.
fn escaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for sign in text.chars() {
        if matches!(sign, '%' | '_' | '\\') {
            plain.push('\\');
        }
        plain.push(sign);
    }
    plain
}
