//! What kind of quantity a number is.

use entity::value::{Comparator, Measure};

use super::{Construal, Rule};
use crate::measure::{
    before::Before,
    coordination,
    lexicon::{self, Effect},
    name,
    quantity::Quantity,
    unit::Kind,
};

/// The verb that governs what is counted: the one before the number or behind the noun, the one that leads the clause, or
/// one inside it.
pub(super) fn verb(before: &Before, construal: &Construal, kind: Kind, right: &str) -> Option<Effect> {
    // 2所中心建成: the verb stands behind what is counted.
    if ["建成", "投用", "开工", "竣工", "投产", "上线", "投运"].iter().any(|verb| right.ends_with(verb)) {
        return Some(Effect::Gain);
    }
    // 5家酒店获评四星级; 完成3个车站建设: one that adds stands behind.
    let awarded = ["获评", "创成", "获批", "被评为", "新晋"].iter().any(|verb| right.contains(verb));
    let done = matches!(before.verb, Some(("完成", _)))
        && ["建设", "打造", "创建", "组建"].iter().any(|verb| right.ends_with(verb));
    if kind == Kind::Count && (awarded || done) {
        return Some(Effect::Gain);
    }
    let own = before.verb.map(|(_, effect)| effect);
    own.or_else(|| leading_verb(&before.subject)).or_else(|| {
        let inner = name::inner_verb(&before.subject).and_then(|(_, verb, _)| lexicon::effect(verb));
        // A rate only tells of what is done: 设备配备率95%.
        let counts = kind != Kind::Share && matches!(construal.rule, Rule::Apposed | Rule::Counting);
        inner.filter(|_| counts && !before.reach)
    })
}

/// The verb that a clause starts with; one that adds outweighs others: 完成新建….
fn leading_verb(subject: &str) -> Option<Effect> {
    let mut text = name::without_openers(subject);
    let mut found = None;
    while let Some((word, effect)) = lexicon::first_word(text) {
        match effect {
            // 组建的2个联盟: says which.
            Effect::Gain if text[word.len()..].starts_with('的') => break,
            Effect::Gain => return Some(effect),
            Effect::Have => found = Some(effect),
            Effect::Adverb | Effect::Place | Effect::Bound(_) => {}
            _ => break,
        }
        text = name::without_openers(&text[word.len()..]);
    }
    found
}

/// 突破产业链千亿元规模: the verb that passes the number leads the clause.
pub(super) fn leading_bound(before: &Before) -> Option<Comparator> {
    match lexicon::first_verb(name::without_openers(&before.subject)) {
        Some((_, Effect::Pass(comparator))) => Some(comparator),
        _ => None,
    }
}

/// Level, new, increase, decrease or rank.
///
/// - a rank is one by its form;
/// - a verb of change before the number (增长5%) or before what changes (提高签约率3个百分点) makes a change;
/// - a share is a level else;
/// - a verb of reaching makes a level, unless the subject itself is new (新增床位达到500张);
/// - what a verb that adds governs is new.
pub(super) fn measure(
    quantity: &Quantity,
    before: &Before,
    rule: Rule,
    name: &str,
    own: Option<Effect>,
    carried: Option<Effect>,
) -> Measure {
    if quantity.kind == Kind::Rank {
        return Measure::Rank;
    }
    if let Some(change) = before.change {
        return change;
    }
    let subject = name::without_openers(&before.subject);
    if !before.reach && rule == Rule::Apposed {
        match lexicon::first_verb(subject) {
            // 增加学位500个: what is added is counted.
            Some(("增加", Effect::Up)) if quantity.kind == Kind::Count => return Measure::New,
            Some((_, Effect::Up)) => return Measure::Increase,
            Some((_, Effect::Down)) => return Measure::Decrease,
            _ => {}
        }
    }
    if quantity.kind == Kind::Points {
        return Measure::Increase;
    }
    // 价格涨幅2%: the noun tells the change.
    if quantity.kind == Kind::Share && ["增速", "增幅", "涨幅"].iter().any(|head| name.ends_with(head)) {
        return Measure::Increase;
    }
    if quantity.kind == Kind::Share && name.ends_with("降幅") {
        return Measure::Decrease;
    }
    let share = quantity.kind == Kind::Share || rule == Rule::ShareOf;
    let reached = before.reach && before.verb.is_none() && matches!(rule, Rule::Predicate | Rule::Coordinated);
    let added = ["新增", "新建", "新培育", "新招"].iter().any(|verb| subject.starts_with(verb));
    // 在10家医院建设病房: the verb stands behind those it is done in.
    let built = before.frame == Some("在")
        && ["建设", "建成", "新建", "设立", "创建"]
            .iter()
            .any(|verb| name.starts_with(verb) || name.starts_with("试点") && name.contains(verb));
    if matches!(quantity.unit, Some("人" | "名" | "人次")) {
        // 培训护理员300名: so many more who can do it.
        if before.verb.is_some_and(|(verb, _)| verb == "培训")
            || lexicon::first_word(subject).is_some_and(|(verb, _)| verb == "培训")
            || ["培训", "实训", "轮训"].iter().any(|doing| name.ends_with(doing))
        {
            return Measure::New;
        }
        // 吸引游客2万人次: they come and go.
        if quantity.unit == Some("人次")
            && [before.verb, lexicon::first_word(subject)].iter().flatten().any(|(verb, _)| *verb == "吸引")
        {
            return Measure::Level;
        }
        // 组建50人的讲师团, 建成5万名会员的人才库: the number is how large it is.
        let groups = ["库", "队", "队伍", "团", "团队", "班", "组", "联盟"];
        if rule == Rule::Counting && groups.iter().any(|group| name.ends_with(group)) {
            return Measure::Level;
        }
    }
    // 新增床位500张,平均住院日不高于7天: nobody adds days.
    let is_span = matches!(quantity.unit, Some("天" | "小时" | "分钟" | "分" | "秒" | "岁" | "周岁" | "个月"));
    match own.or(carried) {
        _ if share || rule == Rule::Served || !coordination::per_head(name).is_empty() => Measure::Level,
        _ if built => Measure::New,
        _ if reached && !added || before.frame.is_some() => Measure::Level,
        _ if added => Measure::New,
        // 引进项目3个,到位资金2亿元: what is measured is not counted with what stands before it.
        Some(Effect::Gain) if own.is_none() && (is_span || name::is_measured(name) && !name.ends_with("床位")) => {
            Measure::Level
        }
        Some(Effect::Gain) => Measure::New,
        _ => Measure::Level,
    }
}
