//! Names: what a number measures, from the words around it.

use super::lexicon::{self, Effect, MEASURED, OPENERS};

/// Words of rank before a noun: 省级, 市级.
const GRADES: &[&str] = &[
    "国家级",
    "国家",
    "省部级",
    "省级及以上",
    "省级",
    "市级",
    "区级",
    "县级",
    "区县级",
    "厅级",
    "各级各类",
    "各类",
    "校级",
    "全市",
    "全省",
];

/// Takes off what opens a clause: 力争, 全市, 一是, 到.
pub(super) fn without_openers(mut text: &str) -> &str {
    loop {
        text = text.trim_start_matches([',', '、', ';', ':', ' ', '。', '.', ')']);
        let Some(opener) = OPENERS.iter().filter(|opener| text.starts_with(**opener)).max_by_key(|opener| opener.len())
        else {
            return text;
        };
        let rest = &text[opener.len()..];
        // 全国重点实验室, 全市场: an opener that is the whole of what there is, or part of a longer word, stays.
        if rest.is_empty() {
            return rest;
        }
        if *opener == "全国" && !rest.starts_with(['有', '排', '前']) && !rest.starts_with("人均") {
            return text;
        }
        if *opener == "及" && (rest.starts_with('时') || rest.starts_with('以'))
            || *opener == "要" && rest.starts_with('素')
            || *opener == "重点" && !rest.starts_with(|c| "推培打建".contains(c))
        {
            return text;
        }
        if *opener == "的" && rest.len() < 3 {
            return text;
        }
        text = rest;
    }
}

/// Takes off the verbs and openers that a verb phrase starts with: 新增3…, 加快建设….
pub(super) fn without_verbs(text: &str) -> &str {
    let mut text = without_openers(text);
    while let Some((word, effect)) = lexicon::first_word(text) {
        let rest = &text[word.len()..];
        let verb = matches!(
            effect,
            Effect::Gain
                | Effect::Have
                | Effect::Adverb
                | Effect::Up
                | Effect::Down
                | Effect::Each
                | Effect::Bound(_)
                | Effect::Place
                | Effect::Reach
        );
        if !verb
            || rest.chars().count() < 2
            || rest.starts_with(['的', '性', '率', '者'])
            || MEASURED.iter().any(|m| rest == *m)
        {
            break;
        }
        text = without_openers(rest);
    }
    text
}

/// The parts of a coordination: 甲、乙和丙. Brackets, quotation marks and words that only hold such a character (及时,
/// 总和) do not part.
pub(super) fn conjuncts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut depth = 0;
    let mut start = 0;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        match c {
            '(' | '“' | '《' | '[' => depth += 1,
            ')' | '”' | '》' | ']' => depth -= 1,
            _ => {}
        }
        let cut = if depth == 0 { conjunction(&text[..at], &text[at..]) } else { 0 };
        if cut > 0 {
            parts.push(&text[start..at]);
            start = at + cut;
            at = start;
        } else {
            at += c.len_utf8();
        }
    }
    parts.push(&text[start..]);
    parts.retain(|part| !part.is_empty());
    parts
}

/// Length of the conjunction that a text starts with.
fn conjunction(before: &str, text: &str) -> usize {
    if text.starts_with("以及") {
        return "以及".len();
    }
    let c = text.chars().next().unwrap_or(' ');
    let rest = &text[c.len_utf8()..];
    let word = match c {
        '、' | '/' => false,
        '和' => before.ends_with(['共', '总', '饱', '温', '缓', '中', '祥']) || rest.starts_with(['谐', '平', '睦']),
        '与' => before.ends_with('参') || rest.starts_with(['会', '否']),
        '及' => before.ends_with(['普', '以', '涉', '危']) || rest.starts_with(['以', '时', '格', '其']),
        _ => return 0,
    };
    if word || before.is_empty() || rest.is_empty() { 0 } else { c.len_utf8() }
}

/// Whether a noun is something measured: ends with 率, 数, 时间.
pub(super) fn is_measured(text: &str) -> bool {
    let text = text.split('(').next().unwrap_or(text);
    MEASURED.iter().any(|head| text.ends_with(head))
}

/// The full names of the parts of a coordination, each given back what it shares with the others.
///
/// - the head behind: 甲区和乙区平均反应时间 is 甲区平均反应时间 and 乙区平均反应时间;
/// - the owner before: 成果数量和金额 is 成果数量 and 成果金额;
/// - the grade before: 省级学科和专科项目.
pub(super) fn resolve(parts: &[&str]) -> Vec<String> {
    let Some((last, earlier)) = parts.split_last() else { return Vec::new() };
    let mut names: Vec<String> = earlier
        .iter()
        .map(|part| {
            if is_measured(part)
                || earlier.iter().chain([last]).all(|p| !is_measured(p)) && shared_tail(part, last).is_none()
            {
                return (*part).to_owned();
            }
            match shared_tail(part, last) {
                Some(tail) => format!("{part}{tail}"),
                None => (*part).to_owned(),
            }
        })
        .collect();
    names.push((*last).to_owned());
    let first = parts[0];
    for name in names.iter_mut().skip(1) {
        if let Some(grade) = GRADES.iter().find(|grade| first.starts_with(**grade))
            && !GRADES.iter().any(|grade| name.starts_with(grade))
        {
            *name = format!("{grade}{name}");
        } else if MEASURED.contains(&name.as_str()) || name.chars().count() <= 2 {
            // A bare head: the owner stands before the first part's own head.
            if let Some(head) = MEASURED.iter().filter(|head| first.ends_with(**head)).max_by_key(|head| head.len()) {
                *name = format!("{}{name}", &first[..first.len() - head.len()]);
            }
        }
    }
    names
}

/// What an earlier part of a coordination shares with the last: all behind the character that both end on, or behind as
/// many characters as the earlier part has.
fn shared_tail<'t>(part: &str, last: &'t str) -> Option<&'t str> {
    let end = part.chars().next_back()?;
    let after = |at: usize, c: char| &last[at + c.len_utf8()..];
    let same = last
        .char_indices()
        .filter(|(at, c)| *c == end && *at > 0)
        .map(|(at, c)| after(at, c))
        .find(|tail| tail.chars().count() >= 2);
    if same.is_some() {
        return same;
    }
    let count = part.chars().count();
    let (total, at) = (last.chars().count(), last.char_indices().nth(count).map(|(at, _)| at)?);
    if total > count + 1 && is_measured(last) {
        // 门急诊和出院人次: the head alone is shared where the parts do not run parallel.
        let head = MEASURED.iter().filter(|head| last.ends_with(**head)).max_by_key(|head| head.len())?;
        let tail = &last[at..];
        return Some(if tail.len() < head.len() { &last[last.len() - head.len()..] } else { tail });
    }
    let head = MEASURED.iter().filter(|head| last.ends_with(**head)).max_by_key(|head| head.len())?;
    Some(&last[last.len() - head.len()..])
}

/// Gives a short name back what its neighbour before shows it left out: 国家级卫生人才…, 省级人才 is 省级卫生人才.
pub(super) fn fill_ellipsis(name: &str, before: &str) -> Option<String> {
    let grade = GRADES.iter().filter(|grade| name.starts_with(**grade)).max_by_key(|grade| grade.len())?;
    let other = GRADES.iter().filter(|grade| before.starts_with(**grade)).max_by_key(|grade| grade.len())?;
    let (rest, whole) = (&name[grade.len()..], &before[other.len()..]);
    (rest.chars().count() >= 2 && rest.chars().count() <= 3 && whole.len() > rest.len() && whole.ends_with(rest))
        .then(|| format!("{grade}{whole}"))
}
