//! Numbers that are no figures: dates, numbering, names, ages, labels.

use std::ops::Range;

use super::{
    lexicon::{self, Effect, LABELS},
    quantity::Quantity,
    time::Mention,
    unit::Kind,
};

/// Whether a quantity may be a figure, from what stands around it.
pub(super) fn is_figure(text: &str, quantity: &Quantity, shields: &[Range<usize>], times: &[Mention]) -> bool {
    let before = &text[..quantity.range.start];
    let behind = &text[quantity.range.end..];
    !times.iter().any(|time| overlap(&time.range, &quantity.range))
        && !shielded(text, quantity, shields)
        && !is_population(before)
        && !behind.starts_with("级以上")
        && match quantity.kind {
            Kind::Bare => is_bare_figure(before, behind, quantity),
            Kind::Rank => is_rank(before, behind),
            Kind::Grade => reached(before),
            Kind::Count => is_count(before, behind, quantity),
            Kind::Amount => is_amount(before, behind, quantity),
            Kind::Share | Kind::Points => true,
        }
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// Names in quotation marks and titles hold numbers that count nothing; a rank in a slogan is a goal.
fn shielded(text: &str, quantity: &Quantity, shields: &[Range<usize>]) -> bool {
    let Some(shield) = shields.iter().find(|shield| overlap(shield, &quantity.range)) else { return false };
    let national = text[..quantity.range.start].ends_with("全国") || text[..quantity.range.start].ends_with("全省");
    !(quantity.kind == Kind::Rank && national && text[shield.clone()].starts_with('“'))
}

/// The population of a rate, which is part of its name: 每10万人, 每千名儿童.
fn is_population(before: &str) -> bool {
    before.ends_with('每') || before.ends_with("每隔")
}

/// A level word that the number completes directly: 达到4, 控制在90以上.
fn reached(before: &str) -> bool {
    matches!(
        lexicon::last_word(before),
        Some((
            _,
            Effect::Reach | Effect::To | Effect::Bound(_) | Effect::Up | Effect::Down | Effect::Each | Effect::Part
        ))
    )
}

/// A number without a unit counts only as the value of something: 指数达到90以上, or as people: 7万65岁以上老人.
fn is_bare_figure(before: &str, behind: &str, quantity: &Quantity) -> bool {
    const OTHER: &[&str] = &[
        "月", "日", "号", "时", "点", "版", "代", "楼", "层", "路", "字", "季", "届", "轮", "年", "周", "大", "幢",
        "栋", "强", "成",
    ];
    if quantity.chinese && quantity.value < 1e4 || OTHER.iter().any(|other| behind.starts_with(other)) {
        return false;
    }
    let ended = behind.is_empty() || behind.starts_with([',', '。', ';', '、', '和', '与', '及', ')']);
    if quantity.value >= 1e4 && !ended {
        // Thousands of something with no measure word between: 为5万学生体检; and no telephone number.
        return !quantity.chinese && quantity.value.rem_euclid(100.0) == 0.0;
    }
    (reached(before) || quantity.bound.is_some()) && (ended || quantity.bound.is_some())
}

/// 进入百强 and 排名前三 tell a place; 百强县 and 前三季度 do not.
fn is_rank(before: &str, behind: &str) -> bool {
    const NOT_BEFORE: &[&str] = &["年底", "年", "之", "提", "目", "院", "岗", "产", "婚", "孕", "此", "月底", "日"];
    const NOT_BEHIND: &[&str] = &[
        "季度", "年", "个", "期", "轮", "批", "县", "医学", "学科", "企业", "%", "园区", "镇", "村", "市", "高校",
        "方", "家", "月", "步",
    ];
    !NOT_BEFORE.iter().any(|word| before.ends_with(word)) && !NOT_BEHIND.iter().any(|word| behind.starts_with(word))
}

/// Counts of things, but not labels (18项制度) nor the number of bodies just named (以甲、乙、丙3市为试点).
fn is_count(before: &str, behind: &str, quantity: &Quantity) -> bool {
    if before.ends_with(['第', '共']) && before.ends_with('第') {
        return false;
    }
    let word = lexicon::last_word(before).map(|(_, effect)| effect);
    let bound = quantity.bound.is_some();
    let gained = matches!(word, Some(Effect::Gain | Effect::Bound(_) | Effect::Reach | Effect::To | Effect::Each))
        || before.ends_with("至少有");
    if quantity.chinese && quantity.value < 11.0 {
        // 一项, 两个 count only where the text says that they are a quota.
        let vague = matches!(
            quantity.unit,
            Some(
                "套" | "批"
                    | "种"
                    | "支"
                    | "条"
                    | "类"
                    | "期"
                    | "位"
                    | "片"
                    | "次"
                    | "部"
                    | "级"
                    | "科"
                    | "本"
                    | "门"
            )
        ) && quantity.value < 2.0;
        let quota = before.contains("至少") || before.ends_with("不少于") || before.contains('每');
        let strong = gained
            && ![
                "建立", "打造", "实施", "建设", "组建", "启动", "制定", "出台", "成立", "形成", "设立", "完成", "落实",
            ]
            .iter()
            .any(|verb| before.ends_with(verb));
        if vague && !before.ends_with("至少") && !before.ends_with("至少有") || !(strong || quota) {
            return false;
        }
    }
    if matches!(word, Some(Effect::Frame)) && !before.ends_with(['为', '在', '对']) {
        return false;
    }
    // 融合“甲、乙”4项…: a list in quotation marks, and its length.
    if before.ends_with('”') && !behind.is_empty() && !bound {
        return false;
    }
    if is_label(behind)
        && !bound
        && !matches!(word, Some(Effect::Bound(_)))
        && !(before.ends_with("新增") || before.ends_with("至少"))
    {
        return false;
    }
    true
}

/// Whether the noun behind a count heads work rather than things: 3项改革, 8项民生实事.
fn is_label(behind: &str) -> bool {
    let noun = behind.split([',', '。', ';', '、', '和', '(', ':', '“']).next().unwrap_or("");
    let noun = noun.split("的").last().unwrap_or("");
    LABELS.iter().any(|label| noun.ends_with(label))
        || noun.is_empty() && false
        || LABELS.iter().any(|label| {
            noun.chars().count() > 1
                && noun.find(label).is_some_and(|at| {
                    at > 0
                        && lexicon::VERBS_BEHIND
                            .iter()
                            .chain(&["落地", "见效", "上线", "建设", "为"])
                            .any(|verb| noun[at + label.len()..].starts_with(verb))
                })
        })
}

/// Ages describe a group, spans of time a programme; both are figures only where the text says they are reached.
fn is_amount(before: &str, behind: &str, quantity: &Quantity) -> bool {
    match quantity.unit {
        Some("岁" | "周岁" | "年" | "天" | "小时" | "个月" | "分钟" | "分" | "度") => {
            (reached(before) || before.ends_with(['为', '在']))
                && !behind.starts_with(['老', '的', '儿', '人', '婴', '以', '高', '行', '圈', '服', '医', '生'])
        }
        _ => true,
    }
}

/// What stands in quotation marks, in titles and in brackets.
pub(super) fn shields(text: &str) -> Vec<Range<usize>> {
    const PAIRS: &[(char, char)] =
        &[('“', '”'), ('《', '》'), ('(', ')'), ('〔', '〕'), ('[', ']'), ('「', '」'), ('【', '】'), ('‘', '’')];
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((offset, open)) = text[at..].char_indices().find(|(_, c)| PAIRS.iter().any(|pair| pair.0 == *c)) {
        let start = at + offset;
        let close = PAIRS.iter().find(|pair| pair.0 == open).map_or(open, |pair| pair.1);
        let mut depth = 0;
        let end = text[start..].char_indices().find_map(|(i, c)| {
            depth += i32::from(c == open) - i32::from(c == close);
            (depth == 0).then(|| start + i + c.len_utf8())
        });
        match end {
            Some(end) => {
                found.push(start..end);
                at = end;
            }
            // One that never closes shields nothing.
            None => at = start + open.len_utf8(),
        }
    }
    found
}
