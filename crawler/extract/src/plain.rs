//! A plain text into an article.

use crate::Article;

/// Reads a plain text, one paragraph a line.
#[must_use]
pub fn article(_text: &str) -> Article {
    Article::default()
}
