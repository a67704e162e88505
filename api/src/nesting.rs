//! How long a query is and how deep it nests, before anything reads it: the parser goes from bracket into bracket on a
//! stack that a query must not overflow.

use async_graphql::ServerError;

use crate::cost;

/// How deep brackets may stand in one another. The deepest question of a tool about the schema goes about 20 deep.
const MAX_NESTING: usize = 64;
/// How many names, numbers, strings and signs a query may have. The longest question of a tool has some 300.
const MAX_TOKENS: usize = 10_000;

/// Refuses a query that is too long, or whose brackets stand in one another too deep.
pub(crate) fn check(query: &str) -> Result<(), ServerError> {
    let Measured { tokens, nesting } = measure(query);
    if tokens > MAX_TOKENS {
        return Err(cost::refused(format!(
            "the query has {tokens} names, numbers, strings and signs, and may have {MAX_TOKENS}; give long lists as variables"
        )));
    }
    if nesting > MAX_NESTING {
        return Err(cost::refused(format!(
            "brackets may stand in one another {MAX_NESTING} deep in a query, not more"
        )));
    }
    Ok(())
}

/// What a query is like outside strings and comments.
#[derive(Debug, Default, PartialEq, Eq)]
struct Measured {
    tokens: usize,
    /// How deep brackets stand in one another.
    nesting: usize,
}

fn measure(query: &str) -> Measured {
    let (mut depth, mut measured, mut in_word) = (0_usize, Measured::default(), false);
    let mut rest = query;
    while let Some(&sign) = rest.as_bytes().first() {
        let is_word = sign.is_ascii_alphanumeric() || matches!(sign, b'_' | b'.' | b'-' | b'+' | 0x80..);
        let is_blank = sign.is_ascii_whitespace() || sign == b',';
        if !is_blank && sign != b'#' && !(is_word && in_word) {
            measured.tokens += 1;
        }
        in_word = is_word;
        // What is cut off before a byte of ASCII leaves whole characters; the bytes of others go one by one.
        rest = match sign {
            b'#' => rest.find('\n').map_or("", |end| &rest[end..]),
            b'"' => behind_string(&rest[1..]),
            0x80.. => rest.trim_start_matches(|c: char| !c.is_ascii()),
            _ => {
                match sign {
                    b'{' | b'(' | b'[' => depth += 1,
                    b'}' | b')' | b']' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                &rest[1..]
            }
        };
        measured.nesting = measured.nesting.max(depth);
    }
    measured
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

    fn nesting(query: &str) -> usize {
        measure(query).nesting
    }

    #[test]
    fn counts_brackets_outside_strings() {
        assert_eq!(nesting("{ plans(filter: {ids: [1]}) { title } }"), 4);
        assert_eq!(nesting(r#"{ a(b: "((((\"((((") { c } } # ((((((("#), 2);
        assert_eq!(nesting(r#"{ a(b: """ (((" ((( """, c: "((") }"#), 2);
        assert_eq!(nesting("\"unended ((("), 0);
        assert!(check(&"{a".repeat(500)).is_err() && check("{ a }").is_ok());
    }

    #[test]
    fn counts_words_strings_and_signs() {
        assert_eq!(measure("query Q($a: [ID!]) { b(c: -1.5e3, d: \"x y\") ...F } # e f g\n").tokens, 23);
        assert_eq!(measure("湖州 市 {").tokens, 3);
        let query = format!("{{ nodes(ids: [{}]) {{ id }} }}", "\"x\" ".repeat(10_000));
        assert!(check(&query).unwrap_err().message.contains("variables"));
    }
}
