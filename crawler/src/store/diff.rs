//! What changed between two texts, for people.

use extract::text::sentences;
use similar::TextDiff;

/// Sentences shown around a change.
const CONTEXT: usize = 1;

/// A unified diff by sentences, each on a line of its own, with a sentence around each change; none where nothing
/// changed. Chinese paragraphs are long, and a diff by lines would show two of them for a digit.
pub(super) fn diff(old: &str, new: &str) -> Option<String> {
    let (before, after) = (pieces(old), pieces(new));
    // What is left are spaces and empty lines, which nobody reads.
    (before != after).then(|| TextDiff::from_slices(&before, &after).unified_diff().context_radius(CONTEXT).to_string())
}

fn pieces(text: &str) -> Vec<&str> {
    sentences(text, 0..text.len()).map(|range| &text[range]).filter(|sentence| !sentence.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_sentence_that_changed_and_those_around_it() {
        let text = |beds: u32| {
            format!(
                "一、床位\n加强乡镇卫生院能力。全年新增床位{beds}张，改造门诊两处。做好慢病随访。巩固无烟单位成果。\n二、人才"
            )
        };
        assert_eq!(
            diff(&text(30), &text(45)).unwrap(),
            "@@ -2,3 +2,3 @@\n 加强乡镇卫生院能力。\n-全年新增床位30张，改造门诊两处。\n+全年新增床位45张，改造门诊两处。\n 做好慢病随访。\n"
        );
        assert_eq!(diff(&text(30), &text(30)), None);
        assert_eq!(diff("甲。\n乙。", "甲。\n\n乙。 "), None);
    }
}
