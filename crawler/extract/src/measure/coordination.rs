//! Coordinations: several things named together, what they share, and what each of them is called alone.

use super::{
    lexicon::{self, MEASURED},
    name::{GRADES, is_measured},
};

/// The parts of a coordination: 甲、乙和丙. Brackets and quotation marks do not part, nor do words that only hold such a
/// character (及时, 总和).
pub(super) fn conjuncts(text: &str) -> Vec<&str> {
    parted(text, conjunction)
}

/// The parts of a list, whatever 和 and 与 join within them: 甲和乙、丙.
pub(super) fn listed(text: &str) -> Vec<&str> {
    parted(text, |before, rest| if rest.starts_with('、') { conjunction(before, rest) } else { 0 })
}

/// The parts of a text outside of brackets, between what is cut out: its length, of what stands before and behind a place.
fn parted(text: &str, cut: impl Fn(&str, &str) -> usize) -> Vec<&str> {
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
        let length = if depth == 0 { cut(&text[..at], &text[at..]) } else { 0 };
        if length > 0 {
            parts.push(&text[start..at]);
            start = at + length;
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
    let Some(c) = text.chars().next() else { return 0 };
    let rest = &text[c.len_utf8()..];
    let word = match c {
        '、' => false,
        '和' => before.ends_with(['共', '总', '饱', '温', '缓', '中', '祥']) || rest.starts_with(['谐', '平', '睦']),
        '与' => before.ends_with('参') || rest.starts_with(['会', '否']),
        '及' => before.ends_with(['普', '以', '涉', '危']) || rest.starts_with(['以', '时', '格', '其']),
        _ => return 0,
    };
    if word || before.is_empty() || rest.is_empty() { 0 } else { c.len_utf8() }
}

/// Tiers of government: 市、县两级.
const TIERS: &[&str] =
    &["省", "市", "县", "区", "乡", "镇", "村", "区县", "区(县)", "县(市)", "县(区)", "乡镇", "县(市、区)"];

/// What stands before and behind the number of tiers: 县(两级)图书馆数.
fn at_tiers(text: &str) -> Option<(&str, &str)> {
    ["两级", "三级", "四级"].into_iter().find_map(|tiers| text.split_once(tiers))
}

/// 省市县三级图书馆数: a name for each tier; none where a subject names no tiers so.
pub(super) fn of_tiers(subject: &str) -> Option<Vec<String>> {
    let (tiers, rest) = at_tiers(subject)?;
    let mut letters = [0; 4];
    let names =
        tiers.chars().map(|tier| TIERS.contains(&&*tier.encode_utf8(&mut letters)).then(|| format!("{tier}级{rest}")));
    names.collect::<Option<Vec<_>>>().filter(|names| names.len() > 1)
}

/// The full names of the parts of a coordination, each given back what it shares with the others.
///
/// - the tiers: 市、县两级图书馆数 is 市级图书馆数 and 县级图书馆数;
/// - the head behind: 甲区和乙区平均反应时间 is 甲区平均反应时间 and 乙区平均反应时间;
/// - the owner before: 成果数量和金额 is 成果数量 and 成果金额;
/// - the grade before: 省级学科和专科项目 is 省级学科项目 and 省级专科项目;
/// - the population before: 每千人口医师数、护士数 is 每千人口医师数 and 每千人口护士数.
pub(super) fn resolve(parts: &[&str]) -> Vec<String> {
    let Some((last, earlier)) = parts.split_last() else { return Vec::new() };
    if let Some((tier, rest)) = at_tiers(last)
        && !tier.is_empty()
        && earlier.iter().chain([&tier]).all(|tier| TIERS.contains(tier))
    {
        return earlier.iter().chain([&tier]).map(|tier| format!("{tier}级{rest}")).collect();
    }
    let mut names: Vec<String> = earlier
        .iter()
        .map(|part| match shared_tail(part, last) {
            Some(tail) if !is_measured(part) => format!("{part}{tail}"),
            _ => (*part).to_owned(),
        })
        .collect();
    // 门诊费用、住院费用增幅: both of what changes.
    if let Some(change) = lexicon::longest_end(last, CHANGES) {
        let lacks = |name: &&mut String| {
            is_measured(name) && lexicon::longest_end(name, CHANGES).is_none() && !name.ends_with('率')
        };
        names.iter_mut().filter(lacks).for_each(|name| name.push_str(change));
    }
    names.push((*last).to_owned());
    let first = parts[0];
    let heads = Some(per_head(first)).filter(|heads| heads.len() < first.len()).unwrap_or("");
    for name in names.iter_mut().skip(1) {
        if !heads.is_empty() && per_head(name).is_empty() {
            name.insert_str(0, heads);
        } else if let Some(grade) = lexicon::longest_start(first, GRADES)
            && lexicon::longest_start(name, GRADES).is_none()
        {
            name.insert_str(0, grade);
        } else if let Some(owner) = elided_owner(first, name) {
            name.insert_str(0, owner);
        } else if MEASURED.contains(&name.as_str()) || name.chars().count() <= 2 {
            // A bare head: the owner stands before the first part's own head.
            if let Some(head) = lexicon::measured_head(first) {
                name.insert_str(0, &first[..first.len() - head.len()]);
            }
        }
    }
    names
}

/// The population that a name starts with: 每千人口, 每万名学生拥有; all of it where it is nothing else, and empty where it
/// starts with none.
pub(super) fn per_head(name: &str) -> &str {
    let counted = name.strip_prefix('每').is_some_and(|rest| {
        let behind = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        behind.len() < rest.len() && behind.starts_with(['名', '人', '户'])
    });
    let many = counted || name.starts_with('每') && name.chars().take(4).any(|c| "千万百".contains(c));
    let end = ["拥有", "人口", "老年人", "人"].iter().find_map(|word| name.find(word).map(|at| at + word.len()));
    if many { &name[..end.unwrap_or(name.len())] } else { "" }
}

/// What the first part of a coordination says of a later one too.
///
/// - 报告及时率、准确率: of a short rate behind a long one, whose rate the long one is;
/// - 患者管理率、规律服药率: of what is done for people, who they are;
/// - 本地患者来院和出院人次: of parts that run parallel, all before the word that they part in.
pub(super) fn elided_owner<'t>(first: &'t str, later: &str) -> Option<&'t str> {
    let (long, short) = (first.chars().count(), later.chars().count());
    // 病人治疗覆盖率、治疗有效率: all before the word that both heads start with.
    let start = later.char_indices().nth(2).map_or(later, |(at, _)| &later[..at]);
    if short > 3
        && first.ends_with('率')
        && later.ends_with('率')
        && let Some(at) = first.rfind(start).filter(|at| *at > 0)
    {
        return Some(&first[..at]);
    }
    // 精神障碍患者管理率、规律服药率: what is done for them is done for the same.
    if first.ends_with('率')
        && later.ends_with('率')
        && is_care(later)
        && let Some(end) = people_end(first)
    {
        return Some(&first[..end]);
    }
    // 高血压知晓率、控制率: rates of one thing.
    if let Some(owner) = lexicon::longest_end(first, RATES).map(|rate| &first[..first.len() - rate.len()])
        && RATES.contains(&later)
        && owner.chars().count() >= 2
    {
        return Some(owner);
    }
    let cut = if is_measured(first) {
        if !(short <= 3 && long >= short + 2 && first.ends_with('率') && later.ends_with('率')) {
            return None;
        }
        // The owner ends about where the short rate would begin.
        let owner = first.chars().take(long - short).collect::<Vec<_>>();
        owner.iter().rposition(|c| "者群员童女民口构告查测务生儿".contains(*c)).filter(|at| at + 4 > owner.len())? + 1
    } else {
        let second = later.chars().nth(1)?;
        first.chars().rev().position(|c| c == second).map(|back| long - 1 - back).filter(|at| *at > 3)? - 1
    };
    first.char_indices().nth(cut).map(|(at, _)| &first[..at])
}

/// Whether a rate is of what is done for people, and does not say for whom.
pub(super) fn is_care(rate: &str) -> bool {
    lexicon::longest_start(rate, CARE).is_some() && people_end(rate).is_none()
}

/// What is done for people, where a rate starts with it.
const CARE: &[&str] =
    &["规范", "规律", "治疗", "服药", "随访", "控制", "救治", "建档", "系统管理", "健康管理", "管理", "康复"];

/// Heads that tell how something changes.
const CHANGES: &[&str] = &["增幅", "涨幅", "降幅", "增速"];

/// Rates that say nothing without what they are of.
#[rustfmt::skip]
const RATES: &[&str] = &[
    "知晓率", "治疗率", "控制率", "患病率", "管理率", "检出率", "服药率", "随访率", "发病率", "死亡率", "筛查率", "确诊率", "及时率", "准确率",
];

/// Words for those whose rate something is.
#[rustfmt::skip]
const PEOPLE: &[&str] = &[
    "初中生", "高中生", "男性", "女性", "儿童", "婴幼儿", "新生儿", "青少年", "学生", "妇女", "产妇", "老年人", "老人", "患者", "居民", "职工",
    "人群", "残疾人",
];

/// Where the last words for people in a name end.
pub(super) fn people_end(name: &str) -> Option<usize> {
    PEOPLE.iter().filter_map(|people| name.rfind(people).map(|at| at + people.len())).max()
}

/// What an earlier part of a coordination shares with the last: all behind the character that both end on (甲区,
/// 乙区…), or, for something measured, all behind as many characters as the earlier part has, or the head alone.
fn shared_tail<'t>(part: &str, last: &'t str) -> Option<&'t str> {
    // 产妇和三岁以下儿童…率: both are people.
    if (part.ends_with(['生', '者', '员', '妇']) || lexicon::longest_end(part, PEOPLE).is_some())
        && let Some(end) = PEOPLE.iter().filter_map(|people| last.find(people).map(|at| at + people.len())).min()
        && last[end..].chars().count() >= 2
    {
        return Some(&last[end..]);
    }
    let end = part.chars().next_back()?;
    let same = last
        .char_indices()
        .filter(|(at, c)| *c == end && *at > 0)
        .map(|(at, c)| &last[at + c.len_utf8()..])
        .find(|tail| tail.chars().count() >= 2);
    if same.is_some() {
        return same;
    }
    let head = lexicon::measured_head(last)?;
    let count = part.chars().count();
    // 乡镇医院和村诊所…率: the last part ends on such a character about as far in as the earlier part is long.
    let border = last
        .char_indices()
        .enumerate()
        .filter(|(_, (_, c))| "院室所站馆校园区县市镇乡村局厂司病者儿女生".contains(*c))
        .map(|(place, (at, c))| (place + 1, at + c.len_utf8()))
        .min_by_key(|(place, _)| place.abs_diff(count))
        .filter(|(place, _)| place.abs_diff(count) <= 2)
        .map(|(_, at)| at);
    let parallel = border.or_else(|| last.char_indices().nth(count).map(|(at, _)| at)).map(|at| &last[at..]);
    Some(parallel.filter(|tail| tail.len() > head.len()).unwrap_or(&last[last.len() - head.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_coordinations() {
        assert_eq!(conjuncts("甲、乙和丙(丁和戊)"), ["甲", "乙", "丙(丁和戊)"]);
        assert_eq!(conjuncts("市级及以上及时率"), ["市级及以上及时率"]);
    }

    #[test]
    fn gives_back_what_is_shared() {
        let names = |text| resolve(&conjuncts(text));
        assert_eq!(names("东城区和西郊区平均等候时间"), ["东城区平均等候时间", "西郊区平均等候时间"]);
        assert_eq!(names("专利数量和金额"), ["专利数量", "专利金额"]);
        assert_eq!(names("省级公园和湿地项目"), ["省级公园", "省级湿地项目"]);
        assert_eq!(names("小学生、中学生近视率"), ["小学生近视率", "中学生近视率"]);
        assert_eq!(names("冠心病、糖尿病患者随访率"), ["冠心病患者随访率", "糖尿病患者随访率"]);
    }
}
