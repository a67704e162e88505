//! Names: what a number measures, from the words around it.

use super::lexicon::{self, Effect};

/// Words of rank before a noun: 省级, 市级.
#[rustfmt::skip]
pub(super) const GRADES: &[&str] = &[
    "国家级", "国家", "省部级", "省级及以上", "市级及以上", "省级", "市级", "区级", "县级", "区县级", "厅级", "各级各类", "各类", "校级", "局级",
];

/// Takes off what opens a clause: 力争, 全市, 一是.
pub(super) fn without_openers(mut text: &str) -> &str {
    loop {
        text = without_span(without_number(text))
            .trim_start_matches([',', '、', ';', ':', ' ', '。', '.', ')', '•', '·', '-']);
        let Some(opener) = lexicon::opener(text) else { return text };
        let rest = &text[opener.len()..];
        let word = match opener {
            "要" => rest.starts_with(['素', '点', '求']),
            "保持" | "支持" | "引导" | "带动" | "促进" => rest.starts_with(['率', '者', '的', '力']),
            "到" => rest.starts_with(['位', '达', '岗', '户', '龄', '期', '院', '场', '账', '馆', '会', '诊', '校']),
            "计划" => !matches!(lexicon::first_verb(rest), Some((_, Effect::Gain | Effect::Have))),
            "另" => rest.starts_with(['外', '行']),
            "将" => rest.starts_with(['军', '来', '近']),
            "即" => rest.starts_with(['办', '时']),
            "成功" => rest.starts_with(['率', '案', '经']),
            "实现" => rest.starts_with('率'),
            // 有效派车12次, but 有效提升….
            "有效" => rest.starts_with('率') || rest.chars().count() <= 3 && lexicon::first_verb(rest).is_none(),
            "含" => rest.starts_with(['氟', '量', '糖', '碘', '有', '税', '铁', '水', '盐']),
            _ => false,
        };
        if word {
            return text;
        }
        text = rest;
    }
}

/// Whether a character may tell how many years something has lasted: 12, 十余.
fn is_of_span(c: char) -> bool {
    c.is_ascii_digit() || "一二三四五六七八九十多余".contains(c)
}

/// What a heading sets out to do something about: 加密公交站点 is 公交站点.
pub(super) fn without_task(heading: &str) -> &str {
    #[rustfmt::skip]
    const TASKS: &[&str] = &[
        "加密", "规范", "落实", "普及", "强化", "夯实", "筑牢", "深化", "加强", "巩固", "完善", "健全", "优化", "做好", "抓好", "做实", "做优", "做强", "织密", "补齐", "提升",
        "提高", "推行", "延伸", "狠抓", "严格",
    ];
    lexicon::longest_start(heading, TASKS).map_or(heading, |task| &heading[task.len()..])
}

/// A subject without what something is made by: 依托市图书馆建设分馆.
pub(super) fn without_means(text: &str) -> &str {
    const MAKE: &[&str] = &["建设", "打造", "创建", "建成", "设立", "组建", "建立", "培育", "成立"];
    let Some(means) = ["依托", "借助", "利用"].into_iter().find_map(|by| text.strip_prefix(by)) else {
        return text;
    };
    let made = MAKE.iter().filter_map(|verb| means.find(verb)).min().filter(|at| *at > 0);
    made.map_or(text, |at| &means[at..])
}

/// A subject without what it is told by: 接种率以乡镇为单位(达95%).
pub(super) fn without_base(text: &str) -> &str {
    let base = text.strip_suffix("为单位").and_then(|rest| rest.rfind('以')).filter(|at| *at > 0);
    base.map_or(text, |at| text[..at].trim_end_matches(','))
}

/// A subject without how long it has lasted: 粮食产量连续12(年稳定在), 藏书五年来(增加).
pub(super) fn without_last_span(text: &str) -> &str {
    if let Some(bare) = text.strip_suffix("年来").map(|rest| rest.trim_end_matches(is_of_span).trim_end_matches('近'))
    {
        return bare.trim_end_matches(',');
    }
    let bare = text.trim_end_matches(is_of_span);
    bare.strip_suffix("连续").filter(|_| bare.len() < text.len()).unwrap_or(text)
}

/// Takes off how long something has lasted, or is to last: 连续12年稳定, 五年来累计, 5年安排.
fn without_span(text: &str) -> &str {
    let near = text.trim_start_matches('近');
    if let Some(behind) = near.trim_start_matches(is_of_span).strip_prefix('年').filter(|_| !near.starts_with('年')) {
        let behind = behind.trim_start_matches(['间', '内']);
        return match (behind.strip_prefix('来'), lexicon::first_word(behind)) {
            (Some(behind), _) => behind,
            // 5年生存率 is one.
            (None, Some((word, Effect::Gain | Effect::Have))) if word.chars().count() > 1 => behind,
            _ => text,
        };
    }
    let Some(rest) = text.strip_prefix("连续") else { return text };
    let behind = rest.trim_start_matches(is_of_span);
    if behind.len() == rest.len() { text } else { behind.trim_start_matches(['个', '年', '月', '季', '度']) }
}

/// A name without what a bracket adds to it by the way: 收入(不含药品)占比.
pub(super) fn without_asides(name: &mut String) {
    while let Some((start, _)) = name.match_indices('(').find(|(at, _)| {
        ["(不含", "(含", "(包括", "(不包括", "(即", "(以下简称", "(简称"]
            .iter()
            .any(|aside| name[*at..].starts_with(aside))
    }) && let Some(end) = name[start..].find(')')
    {
        name.replace_range(start..=start + end, "");
    }
}

/// Takes off the number of an item: 5.产妇管理率.
fn without_number(text: &str) -> &str {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    match rest.strip_prefix(['.', '、', ')']) {
        Some(item) if rest.len() < text.len() && !item.starts_with(|c: char| c.is_ascii_digit()) => item,
        _ => text,
    }
}

/// Takes off the verbs that lead in an object: 新建幼儿园, 加快建设公园. Behind a verb that adds, a second one belongs to
/// the noun: 新增培训人员.
pub(super) fn without_verbs(text: &str) -> &str {
    let mut text = without_openers(text);
    let mut gained = false;
    while let Some((word, effect)) = lexicon::first_word(text) {
        let rest = &text[word.len()..];
        let verb = match effect {
            // 重点培育…, but 重点人群.
            Effect::Adverb => lexicon::first_word(rest).is_some(),
            Effect::Gain | Effect::Bound(_) => true,
            Effect::Up | Effect::Down | Effect::Reach | Effect::Pass(_) | Effect::Have => !gained,
            _ => false,
        };
        // 培养人数, 建设项目, 服务率: the verb is part of the noun.
        let noun = rest.starts_with(['的', '性', '率', '者', '化', '型'])
            || rest.starts_with("项目") && effect == Effect::Gain
            || HEADS.contains(&split_place(rest).map_or(rest, |(head, _)| head)) && !["完成", "实现", "获得", "安排", "争取"].contains(&word)
            // 签约居民满意度
            || word == "签约" && rest.starts_with(['居', '对', '人', '家', '群'])
            // 配备CT率
            || effect == Effect::Gain && rest.ends_with('率') && rest.chars().count() <= 4
            // 开展巡查: what is done is a verb too.
            || rest.is_empty() && effect == Effect::Have
            || rest.chars().count() < 2 && !rest.is_empty();
        // 居民, 为主: a verb of one character more often starts a word.
        let short = word.chars().count() < 2
            && !"获将已再共".contains(word)
            // 可提供席位, but 可再生资源.
            && !(word == "可" && matches!(lexicon::first_verb(rest), Some((_, Effect::Gain | Effect::Have))));
        if !verb || noun || short {
            break;
        }
        gained |= effect == Effect::Gain;
        // 新建和改扩建…: a second verb behind a conjunction.
        let second = rest.trim_start_matches(['和', '与', '及']);
        text = without_openers(if lexicon::first_word(second).is_some() { second } else { rest });
    }
    text
}

/// Heads that a verb before them makes one noun with: 培养人数, 服务能力.
const HEADS: &[&str] = &[
    "人数", "率", "能力", "数量", "比例", "资金", "经费", "成本", "费用", "规模", "水平", "标准", "面积", "时间",
    "时限", "周期", "收入", "总额", "投资", "里程", "半径",
];

/// Places, and settings of care, that one thing is measured in.
#[rustfmt::skip]
pub(super) const PLACES: &[&str] = &[
    "农村", "城市", "城镇", "乡村", "地区", "市区", "城区", "主城区", "郊区", "山区", "农村地区", "乡镇", "县城", "县域", "海岛", "门诊", "急诊", "住院",
];

/// What is measured, and the place that stands behind it: 服务半径(城区).
pub(super) fn split_place(text: &str) -> Option<(&str, &str)> {
    lexicon::longest_end(text, PLACES).map(|place| text.split_at(text.len() - place.len()))
}

/// What is wanted, and the places each of which is to have so many: 图书馆、档案馆(各市县).
pub(super) fn split_quota(text: &str) -> Option<(&str, &str)> {
    const TIERS: &[&str] = &["省", "市", "县", "区", "镇", "乡", "村", "街道", "社区", "(市)", "(区)", "(市、区)"];
    let at = text.rfind(['各', '每']).filter(|at| *at > 0)?;
    let (thing, places) = text.split_at(at);
    let fits = places.chars().count() <= 9 && lexicon::longest_end(places, TIERS).is_some();
    (fits && thing.chars().count() > 1 && lexicon::last_word(thing).is_none()).then_some((thing, places))
}

/// Whether words name places or institutions: 各区县, 市图书馆.
pub(super) fn is_body(words: &str) -> bool {
    const ENDS: &[&str] = &[
        "医院", "县", "区", "市", "中心", "集团", "学校", "机构", "街道", "乡镇", "局", "馆", "院", "公司", "企业",
        "镇", "乡", "村", "社区", "场所", "(市)", "(区)",
    ];
    words.starts_with(['每', '各']) && words.chars().count() > 1 || lexicon::longest_end(words, ENDS).is_some()
}

/// The verb that leads in what is counted, and what stands behind it, where a subject stands before: 市、县建成公园.
pub(super) fn inner_verb(words: &str) -> Option<(&str, &'static str, &str)> {
    #[rustfmt::skip]
    const VERBS: &[&str] = &[
        "建成", "新增", "新建", "引进", "新培育", "培育", "招引", "招录", "招聘", "获批", "创建", "创成", "拥有", "开展", "设置", "设有", "举办", "完成", "打造",
        "立项", "争取", "增配", "增设", "购置", "配置", "有", "推广", "建有", "配备", "培养", "提供", "设立", "成立", "组建", "改造", "投用", "投放", "安装", "建立", "选派",
    ];
    VERBS
        .iter()
        .filter_map(|verb| words.rfind(verb).map(|at| (&words[..at], *verb, &words[at + verb.len()..])))
        .filter(|(before, verb, object)| leads_in(before, verb, object))
        .max_by_key(|(before, _, _)| before.len())
}

/// Whether a verb between two words leads in the second, and is not part of a noun: 开展率, 拥有量, 特有.
fn leads_in(before: &str, verb: &str, object: &str) -> bool {
    const HAVE_BEFORE: &[char] = &['少', '要', '均', '都', '村', '县', '区', '市', '镇', '乡', '道', '人'];
    const NOUN_BEHIND: &[char] = &['的', '率', '数', '等', '、', '后', '和', '量', '性', '效', '关', '限', '序', '力'];
    let has = verb != "有" || before.ends_with(HAVE_BEFORE);
    has && object.chars().count() >= 2 && !object.starts_with(NOUN_BEHIND) && !before.ends_with('的')
}

/// Whether a noun is something measured: it ends with 率, 数, 时间.
pub(super) fn is_measured(text: &str) -> bool {
    let text = match text.find('(') {
        Some(at) if text.ends_with(')') => &text[..at],
        _ => text,
    };
    lexicon::measured_head(text).is_some()
}

/// Gives a name back what its neighbour before shows it left out.
///
/// - behind a grade: 国家级卫生人才…, 省级人才 is 省级卫生人才, and so is 省级 alone;
/// - around it, for a share: 达到国家推荐标准的机构占比…, 基本标准机构 is 达到国家基本标准的机构占比.
pub(super) fn fill_ellipsis(name: &str, before: &str, share: bool) -> Option<String> {
    if share && !is_measured(name) {
        let (start, _) = name.char_indices().nth(2)?;
        let at = before.find(&name[..start]).filter(|at| *at > 0)?;
        let (end, _) = name.char_indices().nth_back(1)?;
        let tail = before[at..].rfind(&name[end..]).map(|found| &before[at + found + name[end..].len()..])?;
        return Some(format!("{}{name}{tail}", &before[..at]));
    }
    let grade = lexicon::longest_start(name, GRADES)?;
    let other = lexicon::longest_start(before, GRADES)?;
    let (rest, whole) = (&name[grade.len()..], &before[other.len()..]);
    let short = matches!(rest.chars().count(), 0 | 2 | 3);
    (short && whole.len() > rest.len() && whole.ends_with(rest)).then(|| format!("{grade}{whole}"))
}

/// Parts a noun from the verb phrase behind it: 村卫生室建成公厕 is 村卫生室 and 建成公厕. The noun is empty where the
/// words start with the verb.
pub(super) fn split_verb(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        depth += i32::from(matches!(c, '(' | '“' | '《'));
        depth -= i32::from(matches!(c, ')' | '”' | '》'));
        if depth > 0 {
            continue;
        }
        if let Some(verb) = lexicon::verb_behind(&text[at..])
            && is_verb(&text[..at], verb, &text[at + verb.len()..])
        {
            return Some((&text[..at], &text[at..]));
        }
    }
    None
}

/// Whether a word that may be a verb is one between these words.
fn is_verb(before: &str, verb: &str, behind: &str) -> bool {
    if before.ends_with(['的', '不', '未']) || behind.starts_with("项目") {
        return false;
    }
    match verb {
        "能" => {
            !before.ends_with([
                '功', '职', '智', '失', '技', '节', '性', '可', '才', '只', '不', '产', '势', '动', '储', '核', '风',
                '电', '效',
            ]) && !behind.starts_with(['力', '源', '人', '耗', '级', '效', '量'])
        }
        "有" => {
            !before.ends_with(['拥', '国', '所', '具', '公', '私', '设', '建', '配', '没', '享', '含', '特', '共'])
                && !behind.starts_with(['限', '关', '效', '影', '序', '条', '色', '机', '害', '轨', '线'])
        }
        "均" => !before.ends_with(['人', '平', '户', '年', '日', '城']) && !behind.starts_with(['衡', '等', '价']),
        "都" => !before.ends_with(['首', '成', '古']) && !behind.starts_with(['市', '会']),
        "将" => !behind.starts_with(['军', '来']),
        "赴" => !before.is_empty(),
        "试点" => {
            !behind.is_empty()
                && !behind.starts_with(['的', '单', '工', '区', '任', '城', '县', '市', '项', '地', '示', '中'])
        }
        "建设" | "改造" | "覆盖" | "配置" | "使用" | "升级" | "就业" | "运行" | "参与" | "启动" => {
            !behind.is_empty()
                && !behind.starts_with([
                    '的', '率', '、', '示', '用', '单', '建', '工', '区', '任', '标', '企', '基', '岗', '点', '类',
                    '期', '中', '和', '城', '县', '市', '服',
                ])
        }
        "达标" | "投用" | "投产" | "竣工" | "开工" | "建成" | "挂牌" | "轮岗" | "点名调训" | "挂职" => {
            true
        }
        _ => !behind.is_empty() && !behind.starts_with(['的', '率', '、', '者']),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_off_what_leads_in() {
        assert_eq!(without_openers("力争全市入园率"), "入园率");
        assert_eq!(without_verbs("加快建设口袋公园"), "口袋公园");
        assert_eq!(without_verbs("新增培训护理员"), "培训护理员");
        assert_eq!(without_verbs("培养人数"), "培养人数");
        assert_eq!(without_openers("重点人群随访率"), "重点人群随访率");
    }

    #[test]
    fn fills_what_is_left_out() {
        assert_eq!(fill_ellipsis("省级人才", "国家级教育人才", false).as_deref(), Some("省级教育人才"));
        assert_eq!(
            fill_ellipsis("国家二类学校", "达到国家一类标准的学校占比", true).as_deref(),
            Some("达到国家二类学校占比")
        );
        assert_eq!(fill_ellipsis("村卫生室", "乡镇卫生院", true), None);
    }

    #[test]
    fn parts_noun_and_verb() {
        assert_eq!(split_verb("行政村建成公厕"), Some(("行政村", "建成公厕")));
        assert_eq!(split_verb("设置心理咨询室"), Some(("", "设置心理咨询室")));
        assert_eq!(split_verb("智能建设项目"), None);
        assert_eq!(split_verb("国有企业"), None);
    }
}
