//! What a clause leaves out and the clauses before it have told.

use super::{Carry, Construal, Rule, construe::single, counting::without_construction};
use crate::measure::{
    before::Before,
    clause::Slot,
    coordination,
    lexicon::{self, Effect},
    name, number,
    quantity::Quantity,
    unit::Kind,
};

/// 每千人口医师数达到3人、护士数4人; 患者管理率95%、服药率90%: the population, or the owner, stands before the first alone.
///
/// Behind a comma too, where no whole number is counted: 每千人口床位数6.2张,医师数3.1人.
pub(super) fn share_owner(mut construal: Construal, slot: &Slot, first: &Quantity, carry: &Carry) -> Construal {
    let last = carry.name.as_deref().unwrap_or_default();
    let population =
        Some(coordination::per_head(last)).filter(|population| population.len() < last.len()).unwrap_or_default();
    if let [name] = construal.names.as_mut_slice()
        && (slot.listed || !population.is_empty() && first.value.fract() > 0.0)
        // 医护比1:1.2 is nobody's number.
        && first.kind != Kind::Bare
        && matches!(construal.rule, Rule::Predicate | Rule::Apposed)
        && (name::is_measured(name) || !population.is_empty())
        && coordination::per_head(name).is_empty()
    {
        let owner =
            if population.is_empty() { coordination::elided_owner(last, name).unwrap_or_default() } else { population };
        name.insert_str(0, owner);
    }
    // 县馆能够提供的借阅书种达到900种、阅览刊种200种: what is said of the first holds for those of its kind.
    if let [name] = construal.names.as_mut_slice()
        && slot.listed
        && construal.rule == Rule::Apposed
        && let Some((said, head)) = last.rsplit_once('的')
        && !name.contains('的')
        && head.chars().next_back() == name.chars().next_back()
    {
        name.insert_str(0, &format!("{said}的"));
    }
    construal
}

/// What a clause names, with what it leaves out: whose rate it is, which whole it is a part of, where it is measured.
///
/// - 预约率超过70%,其中三级医院达到80%: a part of those whose rate, or number, stands before;
/// - 签约率达到50%,重点人群80%: those whose rate it is;
/// - 医疗机构412家,其中医院3家: bodies among bodies are counted for themselves.
pub(super) fn complete(words: &str, first: &Quantity, carry: &Carry) -> String {
    let told = referred(words, carry).or_else(|| of_place(words, carry));
    if let Some(name) = told.or_else(|| before_place(words)) {
        return name;
    }
    #[rustfmt::skip]
    const GROUPS: &[&str] = &[
        "人群", "老年人", "老人", "儿童", "妇女", "居民", "学生", "初中生", "高中生", "患者", "对象", "职工", "家庭", "人口",
    ];
    if let Some(rate) = carry.name.as_deref().filter(|rate| rate.ends_with('率') && !rate.contains(words))
        && first.kind == Kind::Share
        && lexicon::longest_end(words, GROUPS).is_some()
    {
        // 小学生近视率36%,初中生65%: others whose rate it is.
        let rate = coordination::people_end(rate)
            .map(|end| &rate[end..])
            .filter(|rate| rate.chars().count() > 1)
            .unwrap_or(rate);
        return format!("{words}{rate}");
    }
    // 乡接入率、村接入率分别达到…,明年村达到80%: the first word of a rate that was named.
    let begun = |name: &&String| name.len() > words.len() && name.starts_with(words) && name.ends_with('率');
    if first.kind == Kind::Share
        && words.chars().count() > 1
        && let Some(rate) = carry.names.iter().rev().find(begun)
    {
        return rate.clone();
    }
    // 老年人免费体检15万人,健康管理率达到70%: of those that it is done for.
    if first.kind == Kind::Share
        && words.ends_with('率')
        && coordination::is_care(words)
        && let Some(last) = carry.name.as_deref().filter(|last| !last.ends_with('率'))
        && let Some(end) = coordination::people_end(last)
    {
        return format!("{}{words}", &last[..end]);
    }
    if let Some(name) = of_doing(words, first, carry) {
        return name;
    }
    // 引进人才186名,其中硕士以上57名: what they have, whoever they are.
    if carry.among
        && matches!(first.unit, Some("名" | "人"))
        && lexicon::longest_end(words, DEGREES).is_some()
        && let Some(last) = carry.name.as_deref()
        // Behind another part: all of them, and not the part.
        && let Some(whole) = carry.names.iter().find(|name| last.ends_with(name.as_str()))
    {
        return format!("{words}{whole}");
    }
    // 站点96个,其中市区38个.
    if carry.among
        && name::PLACES.contains(&words)
        && let Some(last) = carry.name.as_deref().filter(|last| !name::is_measured(last))
    {
        let whole = lexicon::longest_start(last, name::PLACES).map_or(last, |place| &last[place.len()..]);
        return if whole.is_empty() { words.to_owned() } else { format!("{words}{whole}") };
    }
    let bodies = matches!(first.unit, Some("家" | "所" | "处" | "个" | "座"));
    let part =
        carry.name.as_deref().filter(|_| carry.among && !bodies && name::is_body(words) && !name::is_measured(words));
    if let Some(whole) = part.filter(|whole| words.chars().next_back() != whole.chars().next_back()) {
        return format!("{words}{whole}");
    }
    if let Some(name) = taken_up(words, carry) {
        return name;
    }
    let neighbour =
        carry.name.as_deref().and_then(|before| name::fill_ellipsis(words, before, first.kind == Kind::Share));
    neighbour.or_else(|| generic(words, carry)).unwrap_or_else(|| words.to_owned())
}

/// What people have by which they are told apart.
const DEGREES: &[&str] = &["以上", "职称", "学历", "学位", "本科", "专科", "大专"];

/// 免费“两癌”筛查3万人,其中乳腺癌1万人: what is done for those who are counted.
fn of_doing(words: &str, first: &Quantity, carry: &Carry) -> Option<String> {
    let last = carry.names.iter().rev().find(|name| lexicon::longest_end(name, DOINGS).is_some())?;
    let doing = lexicon::longest_end(last, DOINGS)?;
    let people = matches!(first.unit, Some("人" | "名" | "例" | "人次"));
    (carry.among && people && !words.contains(doing) && !name::is_measured(words)).then_some(())?;
    let head = &last[..last.len() - doing.len()];
    let whose = head.strip_suffix('”').and_then(|head| head.rsplit_once('“')).map_or("", |(whose, _)| whose);
    Some(format!("{whose}{words}{doing}"))
}

/// 推进图书通借,通借率达到70%; 加密公交站点。新建站点34个: what is named takes up the last word of what the clause before,
/// or the heading, is about.
fn taken_up(words: &str, carry: &Carry) -> Option<String> {
    let start = words.char_indices().nth(2).map_or(words, |(at, _)| &words[..at]);
    if start.chars().count() < 2 || words.chars().count() > 5 {
        return None;
    }
    let topic = carry.topic.as_deref().filter(|_| carry.name.is_none());
    topic.into_iter().chain(carry.heading).find_map(|about| {
        let about = about.split(['，', ',', '、', '。', '；', '：']).find(|about| about.ends_with(start))?;
        let about = topic_noun(name::without_task(about));
        let owner = about.strip_suffix(start).filter(|owner| (2..=10).contains(&owner.chars().count()))?;
        Some(format!("{owner}{words}"))
    })
}

/// 6家影院达到一类标准,其中4家达到二类标准,1家改成剧场: what some of those do that were counted last.
pub(super) fn described(right: &str, first: &Quantity, before: &Before, carry: &Carry) -> Option<String> {
    let bare = name::without_openers(&before.subject).is_empty() && before.verb.is_none() && before.frame.is_none();
    let ("", verb) = name::split_verb(right)? else { return None };
    (bare && first.kind == Kind::Count && verb.chars().count() > 4)
        .then(|| last_thing(carry))
        .flatten()
        .map(|thing| format!("{verb}的{thing}"))
}

/// What was counted last, without what was said of it.
pub(super) fn last_thing<'c>(carry: &'c Carry) -> Option<&'c str> {
    let last = carry.name.as_deref()?;
    let last = ["比例", "占比"].into_iter().find_map(|share| last.strip_suffix(share)).unwrap_or(last);
    last.rsplit('的').next().filter(|thing| !thing.is_empty() && !name::is_measured(thing))
}

/// What is done for people, at the end of a noun.
const DOINGS: &[&str] = &["筛查", "检查", "体检", "查体", "接种", "培训", "轮训", "免疫", "手术"];

/// 阅读率、借阅率稳步提高,前者达到90%: the first or the last of two that were named.
fn referred(words: &str, carry: &Carry) -> Option<String> {
    let is_former = match words {
        "前者" => true,
        "后者" => false,
        _ => return None,
    };
    if let [.., former, latter] = carry.names.as_slice() {
        return Some(if is_former { former.clone() } else { latter.clone() });
    }
    let parts = coordination::conjuncts(carry.topic.as_deref()?);
    let [former, latter] = parts.as_slice() else { return None };
    let latter = name::split_verb(latter).map_or(*latter, |(noun, _)| noun);
    Some(if is_former { *former } else { latter }.to_owned())
}

/// 服务半径城区不超过3公里: the place stands behind what is measured.
fn before_place(words: &str) -> Option<String> {
    let (measured, place) = name::split_place(words)?;
    name::is_measured(measured).then(|| format!("{place}{measured}"))
}

/// 平均候车时间,城区不超过8分钟,农村不超过15分钟: what is measured stands before, the clauses name the places.
fn of_place(words: &str, carry: &Carry) -> Option<String> {
    // 服务半径城区不超过3公里、乡村不超过8公里: the clause before has named its own place.
    let other = |last: &str| {
        let measured = lexicon::longest_start(last, name::PLACES).map(|place| &last[place.len()..])?;
        name::is_measured(measured).then(|| format!("{words}{measured}"))
    };
    if name::PLACES.contains(&words)
        && let Some(name) = carry.name.as_deref().and_then(other)
    {
        return Some(name);
    }
    let topic = carry.topic.as_deref().filter(|topic| {
        name::is_measured(topic) && name::split_verb(topic).is_none() && lexicon::first_word(topic).is_none()
    })?;
    let open = carry.name.as_deref().is_none_or(|last| last.ends_with(topic));
    let place =
        lexicon::longest_end(words, name::PLACES).is_some() || name::is_body(words) && words.chars().count() <= 8;
    (open && place && !name::is_measured(words)).then(|| format!("{words}{topic}"))
}

/// A head that says nothing by itself, with what the clauses before it tell that it is of:
///
/// - 免费培训护理员,培训人数700名: of the topic;
/// - 零售额突破8亿元,增速保持在15%: of what was measured;
/// - 开展抽查1200次,办结率100%: of what was counted;
/// - 税收14亿元,其中地方占比72%: a part of it.
pub(super) fn generic(words: &str, carry: &Carry) -> Option<String> {
    #[rustfmt::skip]
    const HEADS: &[&str] = &[
        "人数", "数量", "总数", "比例", "占比", "次数", "面积", "规模", "培养人数", "培训人数", "覆盖率", "总量", "达标率", "合格率", "完成率",
        "办理事项", "服务事项", "办结率", "总投资", "总面积", "总建筑面积", "总装机", "装机容量", "使用率", "管理率", "普及率", "投资", "年度投资", "概算投资", "计划投资", "估算投资", "学位",
    ];
    const OF_LAST: &[&str] = &["增速", "增幅", "总量", "总数"];
    const MEANS: &[&str] = &["日均", "周均", "月均", "年均", "人均", "户均"];
    // 完成会诊800例,日均2例: so many of the same on an average day.
    if let Some(last) = carry.name.as_deref().filter(|_| MEANS.contains(&words)) {
        return Some(format!("{words}{last}"));
    }
    let Some(last) = &carry.name else {
        let topic = carry.topic.as_deref()?;
        // 推进实验室建设,建成省级3个.
        let graded = || name::GRADES.contains(&words).then(|| format!("{words}{}", topic_noun(topic)));
        let is_open = HEADS.contains(&words) || handles(words);
        return is_open.then(|| format!("{}{words}", topic_noun(topic))).or_else(graded);
    };
    let measured = name::is_measured(last);
    let short_rate = words.ends_with('率') && words.chars().count() <= 3;
    let of_last = OF_LAST.contains(&words)
        || !measured && (short_rate || HEADS.contains(&words) || handles(words))
        || carry.among
            && !last.ends_with('率')
            && words
                .strip_suffix("占比")
                .is_some_and(|part| part.char_indices().nth_back(1).is_some_and(|(at, _)| !last.contains(&part[at..])));
    // 达到标准的机构: the head is of those, not of what is said of them.
    let last = last.rsplit('的').next().filter(|_| !measured).unwrap_or(last);
    of_last.then(|| format!("{last}{words}"))
}

/// Whether a rate tells how what was named before is dealt with: 受理投诉2万件,按时办结率100%.
fn handles(rate: &str) -> bool {
    const HOW: &[&str] = &["按期", "按时", "规范", "及时", "初次", "限时", "一次性", "全年"];
    #[rustfmt::skip]
    const RATES: &[&str] = &["办结率", "整改率", "处置率", "完成率", "化解率", "反馈率", "合格率", "查处率", "响应率", "结案率", "回复率", "答复率"];
    let bare = HOW.iter().find_map(|how| rate.strip_prefix(how)).unwrap_or(rate);
    RATES.contains(&bare)
}

/// 开展巡查,全年不少于4次: the subject of the clause before.
pub(super) fn elided(before: &Before, first: &Quantity, values: usize, carry: &Carry) -> Option<Construal> {
    // 游客2万人次,收入3亿元,分别增长1%和2%: as many subjects as numbers.
    if let Some(names) = carry.last_names(values).filter(|_| values > 1) {
        return Some(Construal::new(names.to_vec(), Rule::Elided));
    }
    let name = match (&carry.name, &carry.topic, before.verb) {
        // 讲座20场,惠及3万人次: another verb counts those it is for.
        (Some(name), _, Some((verb, Effect::Have)))
            if matches!(first.unit, Some("人" | "人次" | "户" | "户次")) && !name.ends_with(verb) =>
        {
            let unit = first.unit.unwrap_or_default();
            format!("{verb}{unit}{}", if matches!(unit, "人" | "户") { "数" } else { "" })
        }
        (Some(name), _, _) => name.clone(),
        (None, Some(topic), _) => {
            let action = before
                .verb
                .filter(|(word, effect)| {
                    *effect == Effect::Have && !["开展", "完成", "举办", "组织", "实现"].contains(word)
                })
                .map_or("", |(word, _)| word);
            let noun = topic_noun(topic);
            // 开展培训,明年培训3万人.
            if noun.ends_with(action) { noun } else { format!("{noun}{action}") }
        }
        // 结对300对, 投入2亿元: the doing itself is counted.
        (None, None, Some((verb, Effect::Have))) if verb.chars().count() > 1 && !verb.ends_with('有') => {
            verb.to_owned()
        }
        // 2025年借阅率达61%。2026年力争达到65%: the only thing that the sentence before has measured.
        (None, None, _) => match carry.earlier {
            [only] if before.reach && first.kind != Kind::Count => only.clone(),
            _ => return None,
        },
    };
    Some(single(name, Rule::Elided))
}

/// 签约居民3万人,其中老人1万人,签约率分别为40%和80%: the rate of each of those that were named last.
pub(super) fn of_each(rate: &str, values: usize, carry: &Carry) -> Option<Vec<String>> {
    let short = rate.ends_with('率') && rate.chars().count() <= 4;
    let whose = carry.last_names(values).filter(|_| short && values > 1)?;
    whose
        .iter()
        .all(|name| !name::is_measured(name))
        .then(|| whose.iter().map(|name| format!("{name}{rate}")).collect())
}

/// The last of the names read, where words only point at them: 借阅率、到馆率不低于60%和70%,以上两项指标再提高2个百分点;
/// 借阅率70%,到馆率60%。明年两项指标分别达到….
pub(super) fn pointed_at(words: &str, carry: &Carry) -> Option<Vec<String>> {
    let back = ["以上", "上述", "前述", "这"].into_iter().find_map(|back| words.strip_prefix(back));
    let rest = back.unwrap_or(words);
    let number = number::read(rest).filter(|number| number.chinese)?;
    let thing = rest[number.len..].strip_prefix(['项', '个'])?;
    let count = (2..=5_u8).find(|count| f64::from(*count) == number.value)?;
    let names = carry.told_names(usize::from(count))?;
    let points = match thing {
        "指标" | "比例" | "占比" | "数据" => true,
        "" | "率" => back.is_some(),
        _ => false,
    };
    points.then(|| names.to_vec())
}

/// What a clause without a number is about.
pub(super) fn topic_noun(topic: &str) -> String {
    // 通过率高于平均水平,不低于88%: what is compared.
    for verb in ["高于", "低于", "优于", "超过", "达到", "保持", "位居", "实现"] {
        if let Some((measured, _)) = topic.split_once(verb).filter(|(before, _)| name::is_measured(before)) {
            return measured.to_owned();
        }
    }
    let words = name::without_verbs(topic);
    let words = name::inner_verb(words).map_or(words, |(_, _, object)| object);
    without_construction(words)
}
