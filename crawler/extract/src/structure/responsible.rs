//! 责任单位: who has to do a task, at its end.

use std::sync::LazyLock;

use regex::Regex;

use crate::metadata::pattern;

/// The label: 责任单位, 责任科室（单位）, 牵头处室, 配合部门 and the like, with its colon.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:责任|牵头|主办|承办|配合|协办|协同|参与)(?:领导|单位|部门|科室|处室|股室)(?:[(（](?:单位|部门|科室|处室|股室)[)）])?\s*[:：]",
    )
});

/// The units named at the end of a task, in the order printed: a bracket at the end of a paragraph, or a last
/// paragraph of its own.
pub(crate) fn units(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in text.lines() {
        let Some(list) = list(line.trim()) else { continue };
        // A list may change its label on the way: 牵头单位：甲；配合单位：乙、丙.
        for part in LABEL.split(list) {
            let names = part.split(['、', '，', ',', '；', ';', '。', ' ', '\u{3000}', '\t']);
            for name in
                names.map(|name| name.trim_matches(['(', '（', ')', '）', '【', '】'])).filter(|n| !n.is_empty())
            {
                if !found.iter().any(|known| known == name) {
                    found.push(name.to_owned());
                }
            }
        }
    }
    found
}

/// Whether a line says who is responsible and nothing else.
pub(super) fn is_list(line: &str) -> bool {
    let line = line.trim_start_matches(['(', '（', '[', '【', '〔']);
    LABEL.find(line).is_some_and(|label| label.start() == 0)
}

/// The list behind the first label of a line, where nothing but the list follows.
fn list(line: &str) -> Option<&str> {
    let label = LABEL.find(line)?;
    let before = line[..label.start()].chars().next_back();
    let list = line[label.end()..].trim_end_matches('。');
    match before {
        None => Some(list),
        Some('(' | '（' | '[' | '【' | '〔') => list.strip_suffix([')', '）', ']', '】', '〕']),
        Some('。' | '；' | ' ' | '\u{3000}') => Some(list),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::units;

    #[test]
    fn reads_brackets_and_lines() {
        assert_eq!(
            units("办好义诊。（责任科室（单位）：医政科、疾控科，各镇卫生院）"),
            ["医政科", "疾控科", "各镇卫生院"]
        );
        assert_eq!(units("办好义诊。\n牵头单位：医政科；配合单位：疾控科、医政科"), ["医政科", "疾控科"]);
        assert_eq!(units("办好义诊。【责任单位：委医政处】。"), ["委医政处"]);
    }

    #[test]
    fn leaves_sentences() {
        assert!(units("明确责任单位，抓好落实。").is_empty());
        assert!(units("（责任单位：医政科）之后再评估。").is_empty());
    }
}
