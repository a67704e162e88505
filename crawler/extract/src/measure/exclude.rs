//! Numbers that are no figures: dates, numbering, names, ages, labels.

use std::ops::Range;

use super::{
    coordination,
    lexicon::{self, Effect, LABELS, TURNED_BY_TO},
    name,
    quantity::Quantity,
    rejection::Rejection,
    time::Mention,
    trace::Trace,
    unit::Kind,
};

/// The quantities of a sentence that are figures.
pub(super) fn figures(
    text: &str,
    found: Vec<Quantity>,
    shields: &[Range<usize>],
    times: &[Mention],
    trace: &mut impl Trace,
) -> Vec<Quantity> {
    let mut kept: Vec<Quantity> = Vec::with_capacity(found.len());
    for quantity in found {
        // 8分和11分以内: the second of two like numbers is a figure where the first is.
        let beside = kept.last().is_some_and(|last| {
            last.unit == quantity.unit
                && text.get(last.range.end..quantity.range.start).is_some_and(lexicon::is_conjunction)
        });
        // 专家3人、千人计划专家16人: the name of a plan.
        let beside = beside && !(quantity.chinese && ROUND.contains(&quantity.value));
        let rejection = if beside { None } else { rejection(text, &quantity, shields, times) };
        trace.number(&quantity, rejection);
        if rejection.is_none() {
            kept.push(quantity);
        }
    }
    kept
}

/// Why a quantity is no figure, from what stands around it.
fn rejection(text: &str, quantity: &Quantity, shields: &[Range<usize>], times: &[Mention]) -> Option<Rejection> {
    let (before, behind) = clause_around(text, &quantity.range);
    let before = without_year(before, quantity.range.start, times);
    if times.iter().any(|time| overlap(&time.range, &quantity.range)) {
        return Some(Rejection::Date);
    }
    if shielded(text, quantity, shields) {
        return Some(Rejection::Quoted);
    }
    if before.ends_with(['每', '第']) {
        return Some(Rejection::Unitary);
    }
    // 人口超过10万的增设1所: which of them.
    let chosen = behind.strip_prefix('的').unwrap_or_default();
    let chooses = matches!(lexicon::first_word(chosen), Some((_, Effect::Gain)));
    // 服务人口超过5万的图书馆,座席…: those of which the next clause tells.
    let of_which = text[quantity.range.end + behind.len()..].starts_with(',')
        && name::is_body(chosen)
        && !matches!(lexicon::first_word(name::without_openers(before)), Some((_, Effect::Gain)));
    if (chooses && quantity.kind != Kind::Share || of_which)
        && matches!(lexicon::last_word(before), Some((_, Effect::Pass(_) | Effect::Bound(_))))
    {
        return Some(Rejection::Described);
    }
    match quantity.kind {
        // 医护比1:1.2.
        Kind::Bare if before.ends_with('比') && text[quantity.range.clone()].contains(':') => None,
        Kind::Bare => (!is_bare_figure(before, behind, quantity)).then_some(Rejection::Bare),
        Kind::Rank => (!is_rank(before, behind, quantity, &text[quantity.range.clone()])).then_some(Rejection::NoPlace),
        // 达到5级以上水平; 达到三级甲等标准 and 达到三级水平的医院 name a class.
        Kind::Grade => (!((reached(before) || before.ends_with("平均"))
            && (ends(behind) || behind.starts_with("水平") && !behind.starts_with("水平的"))))
        .then_some(Rejection::Class),
        Kind::Count => count_rejection(before, behind, quantity),
        Kind::Amount => amount_rejection(&text[..quantity.range.start], before, behind, quantity),
        Kind::Share | Kind::Points => None,
    }
}

/// The words before a number without a year that stands between them and it: 提高到2020年的77岁.
fn without_year<'t>(before: &'t str, start: usize, times: &[Mention]) -> &'t str {
    let bare = before.strip_suffix('的').unwrap_or(before);
    let end = start - (before.len() - bare.len());
    let year = times.iter().find(|time| time.range.end == end && start - time.range.start <= before.len());
    year.map_or(before, |year| &before[..before.len() - (start - year.range.start)])
}

/// The words before and behind a number up to the next commas.
fn clause_around<'t>(text: &'t str, range: &Range<usize>) -> (&'t str, &'t str) {
    let (before, behind) = (&text[..range.start], &text[range.end..]);
    let comma = |c: char| matches!(c, ',' | ';' | ':' | '。');
    let start = before.rfind(comma).map_or(0, |at| at + before[at..].chars().next().map_or(0, char::len_utf8));
    let end = behind.find(comma).unwrap_or(behind.len());
    (&before[start..], &behind[..end])
}

/// What 百, 千 and 万 mean alone.
const ROUND: [f64; 3] = [100.0, 1000.0, 1e4];

/// 千人医师数, 百元收入: a round numeral at the start of a noun. One of money may stand behind whose it is: 机构万元收入能耗.
fn starts_noun(before: &str, quantity: &Quantity, behind: &str) -> bool {
    let begins = before.chars().next_back().is_none_or(|c| "、(“和及".contains(c));
    let owned = quantity.unit == Some("元") && !reached(before) && !ends(behind) && !behind.starts_with("规模");
    quantity.chinese && ROUND.contains(&quantity.value) && (begins || owned)
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// Names in quotation marks, titles and brackets hold numbers that count nothing; a rank in a slogan is a goal.
fn shielded(text: &str, quantity: &Quantity, shields: &[Range<usize>]) -> bool {
    let Some(shield) = shields.iter().find(|shield| overlap(shield, &quantity.range)) else { return false };
    let before = &text[..quantity.range.start];
    let field = before.ends_with("全国") || before.ends_with("全省");
    !(quantity.kind == Kind::Rank && field && text[shield.clone()].starts_with('“'))
}

/// Whether a verb before the number says that something reaches, or changes by, it.
fn reached(before: &str) -> bool {
    let before = before.strip_suffix('了').unwrap_or(before);
    matches!(
        lexicon::last_word(before),
        Some((
            _,
            Effect::Reach
                | Effect::To
                | Effect::Bound(_)
                | Effect::Pass(_)
                | Effect::Up
                | Effect::Down
                | Effect::Each
                | Effect::Part
        ))
    )
}

/// Whether the words behind a number start a new clause or end the sentence.
fn ends(behind: &str) -> bool {
    behind.chars().next().is_none_or(|c| ",。;、和与及)以并!?:".contains(c))
}

/// Whether the words behind a number say what it changed to: (由8天)缩短至7天.
fn changes(behind: &str) -> bool {
    lexicon::longest_start(behind, TURNED_BY_TO)
        .is_some_and(|verb| behind[verb.len()..].starts_with(['到', '至', '为']))
}

/// A number without a unit counts as the value of something (指数达到90), or as people or money in tens of thousands
/// (为5万学生体检).
fn is_bare_figure(before: &str, behind: &str, quantity: &Quantity) -> bool {
    const OTHER: &str = "月日号时点版代楼层路字季届轮年周大幢栋强成期";
    const PLACES: &[&str] = &["县", "区", "市", "村", "乡", "镇", "街道", "社区", "行政村"];
    if changes(behind) {
        return true;
    }
    if quantity.chinese && quantity.value < 1e4 || behind.starts_with(|c| OTHER.contains(c)) {
        return false;
    }
    let word = lexicon::last_word(before).map(|(_, effect)| effect);
    if lexicon::longest_start(behind, PLACES).is_some() {
        return matches!(word, Some(Effect::Have | Effect::To | Effect::Gain | Effect::Bound(_)));
    }
    if quantity.value >= 1e4 && !ends(behind) {
        // Never a telephone number.
        return !quantity.chinese && quantity.value.rem_euclid(100.0) == 0.0;
    }
    // 门诊人次1986万: the head tells what is counted.
    if quantity.value >= 1e4
        && ends(behind)
        && ["人次", "人数", "户数", "总数", "数量"].iter().any(|head| before.ends_with(head))
    {
        return true;
    }
    (reached(before) || word == Some(Effect::Frame) && before.ends_with('为') || quantity.bound.is_some())
        && ends(behind)
        || reached(before) && behind.starts_with('的')
        || quantity.bound.is_some() && reached(before)
}

/// 进入百强 and 排名前三 tell a place; 百强县, 前三季度 and 年底前3家 do not.
fn is_rank(before: &str, behind: &str, quantity: &Quantity, written: &str) -> bool {
    const TIMES: &[&str] = &[
        "年底", "年", "之", "提", "目", "岗", "产", "婚", "孕", "此", "月底", "日", "诊", "会", "事", "课", "期", "院",
        "空", "以",
    ];
    const NOUNS: &[&str] = &[
        "季度", "年", "个", "期", "轮", "批", "县", "医学", "学科", "企业", "%", "园区", "镇", "村", "市", "高校",
        "方", "家", "月", "步", "的", "所", "成", "张", "项",
    ];
    let place = written.ends_with(['强', '名', '位']);
    let time = lexicon::longest_end(before, TIMES).is_some() && !before.ends_with("医院");
    if !place && time || lexicon::longest_start(behind, NOUNS).is_some() {
        return false;
    }
    // 放在第一位 is no rank; 居全省第一位 is one.
    if written.starts_with('第') {
        let field = ["全国", "全省", "全市", "全球", "世界"].iter().any(|field| before.contains(field));
        return (field || is_placed(before)) && ends(behind);
    }
    // 全省第一, but 前一.
    quantity.value > 1.0 || written.contains('第') && ends(behind)
}

/// Whether the words before an ordinal say that something holds that place: 位居中部(第一).
fn is_placed(before: &str) -> bool {
    let clause = before.rsplit([',', ';', ':', '。', '、']).next().unwrap_or(before);
    ["位居", "位列", "名列", "排名", "排在", "居全", "列全", "稳居", "保持", "跃居", "跻身", "升至", "获得", "荣获"]
        .iter()
        .any(|verb| clause.contains(verb))
}

/// Counts of things, but no labels (18项制度), nor the number of bodies just named (以甲、乙、丙3市为试点).
fn count_rejection(before: &str, behind: &str, quantity: &Quantity) -> Option<Rejection> {
    let effect = lexicon::last_word(before).map(|(_, effect)| effect);
    let bound = quantity.bound.is_some() || matches!(effect, Some(Effect::Bound(_) | Effect::Pass(_)));
    let quota = ["至少", "不少于", "每", "均建", "各建"].iter().any(|word| before.contains(word));
    let told = bound || quota || before.ends_with("新增");
    // 百家争鸣, 万家灯火: a multiplier alone counts only what reaches it.
    let bare =
        quantity.chinese && quantity.unit.is_some_and(|unit| quantity.range.len() == '万'.len_utf8() + unit.len());
    if quantity.chinese && quantity.value < 11.0 && !is_small_count(before, quantity, effect, quota, ends(behind)) {
        Some(Rejection::Small)
    } else if starts_noun(before, quantity, behind) || bare && quantity.value >= 100.0 && !told && !reached(before) {
        Some(Rejection::InNoun)
    } else if is_in_name(behind, quantity) {
        Some(Rejection::InName)
    } else if !bound && is_given(before, behind, effect) {
        Some(Rejection::Given)
    } else if !told && !is_of_things(quantity.unit) && is_label(behind) {
        Some(Rejection::Label)
    } else {
        None
    }
}

/// 十一次会议, 新政二十条, 12类45项: a number in the name of something, or before another number.
fn is_in_name(behind: &str, quantity: &Quantity) -> bool {
    let meeting = ["会议", "全会", "大会", "全体", "代表"].iter().any(|noun| behind.starts_with(noun));
    quantity.unit == Some("次") && meeting && quantity.chinese
        || quantity.unit == Some("条") && quantity.chinese
        || quantity.unit == Some("类") && behind.starts_with(|c: char| c.is_ascii_digit())
}

/// 以3个县为试点, 在8项服务基础上, 围绕5个方向, 落实9项准则, “甲、乙”4项…, 甲、乙等2家要…: the number of what is given
/// already.
fn is_given(before: &str, behind: &str, effect: Option<Effect>) -> bool {
    const MODEL: &[&str] = &["为牵引", "为试点", "为重点", "为抓手", "基础上"];
    const GIVEN: &[&str] = &["落实", "执行", "贯彻", "遵循", "对照", "对标", "坚持"];
    MODEL.iter().any(|word| behind.contains(word))
        || lexicon::longest_end(before, GIVEN).is_some()
        || before.ends_with('”') && !ends(behind)
        || before.ends_with('等') && behind.contains("要按照")
        || effect == Some(Effect::Frame) && !changes(behind) && !before.ends_with(['为', '在', '对', '向', '给'])
}

/// 一项, 两个 count only where the text says that they are a quota or that they are new.
fn is_small_count(before: &str, quantity: &Quantity, effect: Option<Effect>, quota: bool, last: bool) -> bool {
    const VAGUE: &[&str] = &[
        "套", "批", "种", "支", "条", "类", "期", "位", "片", "次", "部", "级", "科", "本", "门", "根", "头", "张",
        "间",
    ];
    const MAKING: &[&str] = &[
        "建立", "打造", "实施", "建设", "组建", "启动", "制定", "出台", "成立", "形成", "设立", "完成", "落实", "发布",
        "开发", "推广", "谋划", "布局", "配备", "发展", "培育", "培养", "选树", "到", "至", "争", "再", "推出", "建好",
        "建强", "取得",
    ];
    // 新增教师三名: a list names the thing first.
    let led = matches!(lexicon::first_word(name::without_openers(before)), Some((_, Effect::Gain)));
    if led && last && quantity.unit.is_some_and(|unit| ["名", "人", "家", "所", "台", "张", "个"].contains(&unit))
    {
        return true;
    }
    if quantity.unit.is_some_and(|unit| VAGUE.contains(&unit)) && quantity.value < 2.0 {
        // 每季度开展一次督查, 每月至少组织一次排查.
        let often = quantity.unit == Some("次")
            && ["每年", "每半年", "每季度", "每季", "每月", "每周", "每学期"].iter().any(|span| before.contains(span))
            && ["开展", "组织", "举办", "召开", "进行", "举行"].iter().any(|verb| before.ends_with(verb));
        return often || ["至少", "至少有", "不少于", "要有"].iter().any(|word| before.ends_with(word)) && quota;
    }
    let strong =
        matches!(effect, Some(Effect::Gain | Effect::Bound(_) | Effect::Reach | Effect::Each | Effect::Pass(_)))
            && lexicon::longest_end(before, MAKING).is_none();
    strong || quota || before.ends_with("至少有")
}

/// Whether a measure word counts bodies, people or devices, which no heading of work is counted by.
fn is_of_things(unit: Option<&str>) -> bool {
    matches!(unit, Some("家" | "所" | "名" | "人" | "台" | "张" | "辆" | "座" | "处" | "户"))
}

/// Whether the noun behind a count heads work rather than things: 3项改革, 8项民生实事.
fn is_label(behind: &str) -> bool {
    let quoted = behind.strip_prefix('“').map(|rest| rest.split('”').next().unwrap_or(rest));
    let noun = quoted.unwrap_or_else(|| behind.split([',', '。', ';', '、', '(', ':', '“']).next().unwrap_or(""));
    let noun = noun.split(['要', '应', '须', '需']).next().unwrap_or(noun);
    let noun = name::split_verb(noun).map_or(noun, |(head, _)| head);
    let noun = noun.rsplit('的').next().unwrap_or("");
    let noun = ["落地见效", "落地", "见效", "建设", "上线", "和"]
        .iter()
        .fold(noun, |noun, tail| noun.strip_suffix(tail).unwrap_or(noun));
    lexicon::longest_end(noun, LABELS).is_some()
        || coordination::conjuncts(noun).iter().any(|part| lexicon::longest_end(part, LABELS).is_some())
}

/// Ages describe a group and spans of time a programme; both are figures only where something is said to reach them.
fn amount_rejection(earlier: &str, before: &str, behind: &str, quantity: &Quantity) -> Option<Rejection> {
    match quantity.unit {
        _ if starts_noun(before, quantity, behind) => Some(Rejection::InNoun),
        Some("岁" | "周岁" | "年" | "天" | "周" | "小时" | "个月" | "分钟" | "分" | "秒" | "米" | "度" | "倍") =>
        {
            const SPANS: &[&str] =
                &["时间", "年限", "寿命", "时长", "周期", "日", "天数", "满意度", "得分", "评分", "中位数"];
            // 候车时间城区8分钟以内、农村15分钟以内: the places, of what is measured before.
            let (thing, place) = name::split_place(before).unwrap_or((before, ""));
            // 住院天数平均7天
            let thing =
                lexicon::longest_end(thing, &["平均", "日均"]).map_or(thing, |mean| &thing[..thing.len() - mean.len()]);
            let listed = !place.is_empty() && (thing.is_empty() || thing.ends_with('、'));
            let measured = lexicon::longest_end(thing, SPANS).is_some()
                || listed && SPANS.iter().any(|head| earlier.contains(head));
            let told = ends(behind) && (reached(before) || before.ends_with('为') || measured) || changes(behind);
            (!told).then_some(Rejection::Group)
        }
        // 亿元以上项目60个: what the number describes is counted behind it.
        _ => {
            let told = quantity.bound.is_none() || reached(before) || ends(behind);
            (!told).then_some(Rejection::Described)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{line::Line, quantity, shield::shields, time};

    fn kept(text: &str) -> Vec<String> {
        let line = Line::new(text, 0..text.len());
        let (shields, times) = (shields(&line.text), time::scan(&line.text));
        let found = figures(&line.text, quantity::scan(&line.text), &shields, &times, &mut ());
        found.into_iter().map(|quantity| line.text[quantity.range].to_owned()).collect()
    }

    #[test]
    fn leaves_what_counts_nothing() {
        for text in [
            "2024年3月15日,第12号公告,电话0571-12345678。",
            "实施“2211”工程和“百村千企”行动,推广2.0版平台与5G应用。",
            "推进“1+3+N”模式,落实4+1改革。",
            "65岁以上老年人和0-3岁婴幼儿,三级医院与二级及以上学校。",
            "落实18项核心制度,开展十大行动,完成8项民生实事。",
            "以甲、乙、丙3个市为试点,打造15分钟生活圈。",
            "一体推进,分三步走,两个中心,第三方机构,统一部署。",
            "三年行动计划,连续5年开展,前三季度,年底前。",
            "(三)加强管理。按照《十四五规划(2021-2025年)》要求。",
            "千人计划,每10万人,十一次会议,新政二十条。",
        ] {
            assert_eq!(kept(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn keeps_what_counts() {
        assert_eq!(kept("每个乡镇至少有一家书店。"), ["一家"]);
        assert_eq!(kept("指数达到90以上,等级达到5级以上。"), ["90以上", "5级以上"]);
        assert_eq!(kept("为3万学生体检,平均用时控制在8分和11分以内。"), ["3万", "8分", "11分以内"]);
        assert_eq!(kept("以“国内一流、全国十强”为目标。"), ["十强"]);
        assert_eq!(kept("新增6项服务事项,参保覆盖107县区。"), ["6项", "107"]);
    }

    #[test]
    fn says_why() {
        for (text, why) in [
            ("2026年3月起", Rejection::Date),
            ("实施“33”计划", Rejection::Quoted),
            ("每10万人", Rejection::Unitary),
            ("推广2.0版", Rejection::Bare),
            ("前三季度", Rejection::NoPlace),
            ("三级医院", Rejection::Class),
            ("形成一个体系", Rejection::Small),
            ("千人医师数", Rejection::InNoun),
            ("新政二十条", Rejection::InName),
            ("以13个县为试点", Rejection::Given),
            ("完成18项改革", Rejection::Label),
            ("65岁以上老年人", Rejection::Group),
            ("3亿元以上项目", Rejection::Described),
        ] {
            let (shields, times) = (shields(text), time::scan(text));
            let found: Vec<_> =
                quantity::scan(text).iter().map(|quantity| rejection(text, quantity, &shields, &times)).collect();
            assert_eq!(found.first(), Some(&Some(why)), "{text}");
        }
    }
}
