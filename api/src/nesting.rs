//! How deep a query nests, before anything reads it: the parser goes from bracket into bracket on a stack that a query
//! must not overflow.

use async_graphql::ServerError;

/// How deep brackets may stand in one another. The deepest question of a tool about the schema goes about 20 deep.
const MAX_NESTING: usize = 64;

/// Refuses a query whose brackets stand in one another too deep.
pub(crate) fn check(query: &str) -> Result<(), ServerError> {
    if nesting(query) <= MAX_NESTING {
        return Ok(());
    }
    let message = format!("brackets may stand in one another {MAX_NESTING} deep in a query, not more");
    let mut error = ServerError::new(message, None);
    error.extensions.get_or_insert_default().set("code", "BAD_QUERY");
    Err(error)
}

/// How deep brackets stand in one another outside strings and comments.
fn nesting(query: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut rest = query;
    while let Some(at) = rest.find(['{', '(', '[', '}', ')', ']', '"', '#']) {
        let sign = rest.as_bytes()[at];
        rest = &rest[at + 1..];
        match sign {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => depth = depth.saturating_sub(1),
            b'#' => rest = rest.find('\n').map_or("", |end| &rest[end..]),
            _ => rest = behind_string(rest),
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// What stands behind a string whose opening quote was read.
fn behind_string(text: &str) -> &str {
    if let Some(block) = text.strip_prefix("\"\"") {
        return block.find("\"\"\"").map_or("", |end| &block[end + 3..]);
    }
    let mut escaped = false;
    for (at, sign) in text.bytes().enumerate() {
        match sign {
            b'"' if !escaped => return &text[at + 1..],
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_brackets_outside_strings() {
        assert_eq!(nesting("{ plans(filter: {ids: [1]}) { title } }"), 4);
        assert_eq!(nesting(r#"{ a(b: "((((\"((((") { c } } # ((((((("#), 2);
        assert_eq!(nesting(r#"{ a(b: """ (((" ((( """, c: "((") }"#), 2);
        assert_eq!(nesting("\"unended ((("), 0);
        assert!(check(&"{a".repeat(500)).is_err() && check("{ a }").is_ok());
    }
}
