//! What is searched for.

use std::ops::Range;

use super::text::{Unit, What, units};

/// The most characters of a query.
const MAX_LENGTH: usize = 200;
/// The most phrases of a query.
const MAX_PHRASES: usize = 16;

/// What a text must hold: all of some phrases, in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    phrases: Vec<Phrase>,
}

/// Units that must follow one another, with no punctuation in between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// One or more.
    pub(super) units: Vec<What>,
    /// The last of them may be the beginning of a longer word.
    pub(super) prefix: bool,
}

/// A phrase found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Which of [`Query::phrases`].
    pub phrase: usize,
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
}

/// A query that cannot be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadQuery {
    /// Nothing in it can be searched for.
    #[error(
        "there is nothing to search for: give Chinese characters, letters or digits. Example: 安宁疗护, or AED* for words that begin so"
    )]
    Empty,
    /// It is too long.
    #[error(
        "a search may have {MAX_LENGTH} characters and {MAX_PHRASES} words, and this has {characters} and {words}: leave out words, or give a shorter piece of the phrase"
    )]
    TooLong {
        /// Its characters.
        characters: usize,
        /// Its words and phrases.
        words: usize,
    },
}

impl Query {
    /// Reads a query. Words between spaces must all be there, each as it stands; words between quotation marks must
    /// follow one another. Chinese needs no spaces: a run of characters is a phrase. A star at the end finds all words
    /// that begin so.
    ///
    /// ```
    /// use entity::search::{Query, units};
    /// let query = Query::parse("“急救 AED” CT*")?;
    /// assert_eq!(query.find(&units("配置急救AED设备，CTA三台")).len(), 2);
    /// assert_eq!(query.find(&units("急救、AED设备")).len(), 0);
    /// # Ok::<(), entity::search::BadQuery>(())
    /// ```
    ///
    /// # Errors
    /// When there is nothing in it to search for, or too much.
    pub fn parse(text: &str) -> Result<Self, BadQuery> {
        let characters = text.chars().count();
        if characters > MAX_LENGTH {
            return Err(BadQuery::TooLong { characters, words: text.split_whitespace().count() });
        }
        let mut phrases = Vec::new();
        for (index, part) in text.split(['"', '“', '”', '＂']).enumerate() {
            // Every second part stands between quotation marks; one that is not closed ends with the query.
            if index % 2 == 1 {
                read(part, &mut phrases);
            } else {
                part.split_whitespace().for_each(|word| read(word, &mut phrases));
            }
        }
        match phrases.len() {
            0 => Err(BadQuery::Empty),
            words if words > MAX_PHRASES => Err(BadQuery::TooLong { characters, words }),
            _ => Ok(Self { phrases }),
        }
    }

    /// The phrases, each once.
    #[must_use]
    pub fn phrases(&self) -> &[Phrase] {
        &self.phrases
    }

    /// All places in a text where a phrase stands.
    #[must_use]
    pub fn find(&self, text: &[Unit]) -> Vec<Match> {
        let phrases = self.phrases.iter().enumerate();
        phrases.flat_map(|(index, phrase)| phrase.find(text).map(move |range| Match { phrase: index, range })).collect()
    }
}

/// Adds the phrases of a word, or of what stands between quotation marks: punctuation parts them as it parts a text.
fn read(text: &str, phrases: &mut Vec<Phrase>) {
    let text = text.trim();
    let mut found: Vec<Phrase> = Vec::new();
    for unit in units(text) {
        match found.last_mut() {
            Some(phrase) if !unit.parted => phrase.units.push(unit.what),
            _ => found.push(Phrase { units: vec![unit.what], prefix: false }),
        }
    }
    if let Some(last) = found.last_mut() {
        last.prefix = text.ends_with(['*', '＊']) && matches!(last.units.last(), Some(What::Word(_)));
    }
    for phrase in found {
        if !phrases.contains(&phrase) {
            phrases.push(phrase);
        }
    }
}

impl Phrase {
    /// The places in a text where the phrase stands, in bytes, none in another.
    pub fn find<'a>(&'a self, text: &'a [Unit]) -> impl Iterator<Item = Range<usize>> + 'a {
        let mut at = 0;
        std::iter::from_fn(move || {
            while let Some(window) = text.get(at..at + self.units.len()) {
                if self.is(window) {
                    at += self.units.len();
                    return Some(window[0].range.start..window[window.len() - 1].range.end);
                }
                at += 1;
            }
            None
        })
    }

    /// Whether these units, as many as its own, are the phrase.
    fn is(&self, window: &[Unit]) -> bool {
        let last = self.units.len() - 1;
        window.iter().zip(&self.units).enumerate().all(|(index, (unit, wanted))| {
            let same = match (&unit.what, wanted) {
                (What::Word(word), What::Word(start)) if self.prefix && index == last => word.starts_with(start),
                (what, wanted) => what == wanted,
            };
            same && (index == 0 || !unit.parted)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether all phrases stand in a text.
    fn holds(text: &str, query: &Query) -> bool {
        let text = units(text);
        query.phrases().iter().all(|phrase| phrase.find(&text).next().is_some())
    }

    fn found<'a>(query: &str, text: &'a str) -> Vec<&'a str> {
        let matches = Query::parse(query).unwrap().find(&units(text));
        matches.into_iter().map(|found| &text[found.range]).collect()
    }

    #[test]
    fn finds_phrases_words_and_beginnings() {
        let text = "推进安宁疗护试点，配置 ＡＥＤ 设备152台，覆盖率79.5%。新冠(COVID-19)防控";
        for (query, expected) in [
            ("安宁疗护", &["安宁疗护"][..]),
            ("宁疗", &["宁疗"]),
            ("疗", &["疗"]),
            ("安宁 试点", &["安宁", "试点"]),
            ("护试点配置", &[]),
            ("安宁 临终", &["安宁"]),
            ("aed设", &["ＡＥＤ 设"]),
            ("AE", &[]),
            ("AE*", &["ＡＥＤ"]),
            ("“置 AED”", &["置 ＡＥＤ"]),
            ("\"AED 置\"", &[]),
            ("79.5", &["79.5"]),
            ("７９．５％", &["79.5%"]),
            ("79", &[]),
            ("Covid-19", &["COVID", "19"]),
            ("台 台", &["台"]),
        ] {
            assert_eq!(found(query, text), expected, "{query}");
        }
    }

    #[test]
    fn refuses_what_says_nothing_and_what_says_too_much() {
        for query in ["", "  ", "，。*", "“”", "①"] {
            assert_eq!(Query::parse(query), Err(BadQuery::Empty), "{query}");
        }
        let many = "a b c d e f g h i j k l m n o p q";
        assert_eq!(Query::parse(many), Err(BadQuery::TooLong { characters: 33, words: 17 }));
        assert_eq!(Query::parse(&"长".repeat(201)), Err(BadQuery::TooLong { characters: 201, words: 1 }));
    }

    proptest! {
        #[test]
        fn any_query_may_be_asked_of_any_text(query: String, text: String) {
            if let Ok(query) = Query::parse(&query) {
                let _ = query.find(&units(&text));
            }
        }

        #[test]
        fn a_text_holds_every_piece_of_itself(
            text in r"([安宁疗护建设]|AED|5G|[1-9]{1,3}(\.[0-9])?[%‰]?| ){1,40}",
            from in 0_usize..40, length in 1_usize..20, quoted: bool, cut in 0_usize..3,
        ) {
            let whole = units(&text);
            let from = from.min(whole.len().saturating_sub(1));
            let to = (from + length).min(whole.len());
            prop_assume!(from < to);
            let last = &text[whole[to - 1].range.clone()];
            // A word that is cut short is still found by its beginning.
            let short = last.get(..last.len().saturating_sub(cut)).unwrap_or_default().trim_end_matches('.');
            let piece = if short.is_empty() || short == last {
                text[whole[from].range.start..whole[to - 1].range.end].to_owned()
            } else {
                format!("{}{short}*", &text[whole[from].range.start..whole[to - 1].range.start])
            };
            let query = if quoted { format!("“{piece}”") } else { piece };
            if let Ok(query) = Query::parse(&query) {
                prop_assert!(holds(&text, &query), "{text} has no {query:?}");
            }
        }
    }
}
