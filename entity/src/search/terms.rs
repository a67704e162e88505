//! Units as the terms of an index.
//!
//! A Chinese character stands with the one behind it as one term, so that a phrase is found by terms that are rare: 安宁疗护
//! is 安宁 宁疗 疗护. The last character of a run is a term by itself; so each place in a text is the beginning of one term,
//! a single character is found as the beginning of terms, and a phrase goes on from Chinese into a number.

use std::fmt::Write as _;

use super::{
    query::{Phrase, Query},
    text::{Unit, What},
};

/// Stands in FTS5's text where punctuation stood, so that no phrase goes across it. No query holds it.
const GAP: char = '\u{E000}';

/// The terms of a text, separated by spaces, for FTS5 with the tokenizer `ascii`, which leaves them as they are.
pub(super) fn fts5(units: &[Unit]) -> String {
    let mut text = String::with_capacity(units.len() * 8);
    for (index, unit) in units.iter().enumerate() {
        if unit.parted {
            text.push(GAP);
            text.push(' ');
        }
        term(&mut text, &unit.what, pair(units.get(index + 1)));
        text.push(' ');
    }
    text
}

/// The same terms as a literal of PostgreSQL's `tsvector`. Punctuation takes a place of its own.
pub(super) fn tsvector(units: &[Unit]) -> String {
    let mut text = String::with_capacity(units.len() * 12);
    let mut place = 0;
    for (index, unit) in units.iter().enumerate() {
        place += 1 + usize::from(unit.parted);
        text.push('\'');
        term(&mut text, &unit.what, pair(units.get(index + 1)));
        // Writing to a string cannot fail.
        let _ = write!(text, "':{place} ");
    }
    text
}

/// A query in FTS5's language.
pub(super) fn fts5_query(query: &Query) -> String {
    each(query, " AND ", |phrase| {
        let Terms { terms, prefix } = Terms::of(phrase);
        format!("\"{}\"{}", terms.join(" "), if prefix { " *" } else { "" })
    })
}

/// A query as a literal of PostgreSQL's `tsquery`.
pub(super) fn tsquery(query: &Query) -> String {
    each(query, " & ", |phrase| {
        let Terms { terms, prefix } = Terms::of(phrase);
        format!("'{}'{}", terms.join("' <-> '"), if prefix { ":*" } else { "" })
    })
}

fn each(query: &Query, and: &str, phrase: impl Fn(&Phrase) -> String) -> String {
    query.phrases().iter().map(phrase).collect::<Vec<_>>().join(and)
}

/// The character behind a character, where nothing parts them.
fn pair(next: Option<&Unit>) -> Option<&What> {
    next.filter(|next| !next.parted).map(|next| &next.what)
}

/// Writes the term that begins with a unit. It is made of letters, digits, `.`, `%` and `‰` alone.
fn term(text: &mut String, what: &What, next: Option<&What>) {
    match (what, next) {
        (What::Word(word), _) => text.push_str(word),
        (What::Sign(first), Some(What::Sign(second))) => text.extend([first, second]),
        (What::Sign(only), _) => text.push(*only),
    }
}

/// A phrase as terms that follow one another.
struct Terms {
    terms: Vec<String>,
    /// The last of them may be the beginning of a longer one.
    prefix: bool,
}

impl Terms {
    fn of(phrase: &Phrase) -> Self {
        let units = &phrase.units;
        let mut terms: Vec<String> = (0..units.len())
            .map(|index| {
                let mut text = String::new();
                term(&mut text, &units[index], units.get(index + 1));
                text
            })
            .collect();
        let prefix = match units[..] {
            // The pair before says it already.
            [.., What::Sign(_), What::Sign(_)] => {
                terms.pop();
                false
            }
            [.., What::Sign(_)] => true,
            _ => phrase.prefix,
        };
        Self { terms, prefix }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::units, *};

    #[test]
    fn a_text_is_terms() {
        let text = units("增AED设备。79.5%");
        assert_eq!(fts5(&text), "增 aed 设备 备 \u{E000} 79.5 % ");
        assert_eq!(tsvector(&text), "'增':1 'aed':2 '设备':3 '备':4 '79.5':6 '%':7 ");
    }

    #[test]
    fn a_query_is_terms() {
        for (query, fts5, tsquery) in [
            ("安宁疗护", "\"安宁 宁疗 疗护\"", "'安宁' <-> '宁疗' <-> '疗护'"),
            ("护", "\"护\" *", "'护':*"),
            ("AED", "\"aed\"", "'aed'"),
            ("AE* 增AED设", "\"ae\" * AND \"增 aed 设\" *", "'ae':* & '增' <-> 'aed' <-> '设':*"),
        ] {
            let query = Query::parse(query).unwrap();
            assert_eq!((&*fts5_query(&query), &*super::tsquery(&query)), (fts5, tsquery));
        }
    }
}
