//! The number before what it counts: 新增3个公园, 90%的村建成公厕.

use super::{
    Carry, Construal, Rule,
    construe::{place, single},
    ellipsis,
};
use crate::measure::{
    before::Before,
    coordination,
    lexicon::{self, Effect, VERBS_BEHIND},
    name,
    quantity::Quantity,
    unit::Kind,
};

/// 选派骨干不少于60名(常驻乡镇): a verb and its object, and what they do stands behind the number.
pub(super) fn sends(subject: &str, before: &Before, right: &str) -> bool {
    const SEND: &[&str] = &["选派", "下派", "派驻", "派出", "组织", "遴选", "安排"];
    let open = before.bound.is_some() && !right.starts_with('的');
    open && SEND.iter().filter_map(|verb| subject.split_once(verb)).any(|(_, object)| object.chars().count() > 1)
}

/// The words behind a number as the noun it counts; empty where they are none: a bracket, or a verb alone.
pub(super) fn counted_noun(right: &str) -> &str {
    let noun = right.trim_start_matches('的').trim_end_matches(['、', '。']);
    let verb = name::split_verb(noun).is_some_and(|(before, _)| before.is_empty());
    // 按每万人1辆配置.
    let verb = verb || ["配置", "配备", "设置", "建设"].contains(&noun);
    // 首批1200万元已下达.
    let done = noun.starts_with("已") || noun.starts_with("进行");
    if noun.starts_with(['(', ')', '”', '/']) || verb || done { "" } else { noun }
}

/// 新增3个公园; 为7万名老人提供体检; 每个县至少有1家书店.
pub(super) fn counting(subject: &str, right: &str, noun: &str, first: &Quantity, before: &Before) -> Construal {
    let owner = name::without_openers(subject);
    // 设立规模20亿元的基金.
    if first.kind == Kind::Amount
        && right.starts_with('的')
        && let Some(head) = lexicon::measured_head(owner)
    {
        // 总投资3亿元的迁建项目6月底前完工.
        let end = ["项目", "工程"].into_iter().find_map(|thing| noun.find(thing).map(|at| at + thing.len()));
        return single(format!("{}{head}", &noun[..end.unwrap_or(noun.len())]), Rule::Apposed);
    }
    // 突破全产业链千亿元规模: the head alone stands behind the number.
    if name::is_measured(noun) && noun.chars().count() <= 3 {
        let owner = name::without_verbs(owner);
        return single(format!("{owner}{noun}"), Rule::Apposed);
    }
    // 按每人1200元的标准发放补贴.
    if let Some(paid) = noun.strip_prefix("标准").filter(|paid| !paid.is_empty()) {
        return single(format!("{}标准", name::without_verbs(paid)), Rule::Counting);
    }
    let (name, rule) = counted(noun, before);
    if !coordination::per_head(owner).is_empty() {
        let has = if before.verb.is_some_and(|(_, effect)| effect == Effect::Have) { "拥有" } else { "" };
        return single(format!("{owner}{has}{name}"), Rule::Counting);
    }
    // 等待时间超过2小时的病人 and the like: the number is part of what is said of the subject.
    if name::is_measured(owner) && before.verb.is_none() && before.frame.is_none() && !before.etc {
        return single(name::without_verbs(owner).to_owned(), Rule::Apposed);
    }
    if let Some(covered) = noun.strip_suffix("全覆盖").filter(|_| !owner.is_empty()) {
        return single(format!("{owner}覆盖{covered}"), Rule::Predicate);
    }
    // 服务覆盖107县区.
    if matches!(before.verb, Some(("覆盖", _))) && !owner.is_empty() && !name::is_body(owner) {
        return single(format!("{owner}覆盖{name}"), rule);
    }
    let owner = place(owner);
    Construal::new(vec![name], rule).within(name::is_body(owner).then(|| owner.to_owned()))
}

/// What a number before a noun counts.
fn counted(noun: &str, before: &Before) -> (String, Rule) {
    let (head, verb) = match name::split_verb(noun) {
        Some((head, verb)) if !head.is_empty() => (head, verb),
        _ => (noun, ""),
    };
    let bare = is_construction(verb) && (!verb.starts_with("建设") || head.chars().count() > 2);
    // 15家医院中,12家….
    let is_among = !["集中", "初中", "高中", "其中", "当中"].iter().any(|word| head.ends_with(word));
    let head = head.strip_suffix('中').filter(|_| is_among && verb.is_empty()).unwrap_or(head);
    let name = if verb.is_empty() || bare {
        without_construction(head)
    } else if before.frame == Some("为") {
        // 为100名学生提供体检: the served and the service.
        let service = ["提供", "开展", "进行", "实施", "发放"]
            .into_iter()
            .find_map(|word| verb.strip_prefix(word))
            .unwrap_or(verb);
        return (format!("{head}{service}"), Rule::Served);
    } else if verb.chars().count() <= 24 {
        format!("{verb}的{head}")
    } else {
        head.to_owned()
    };
    (name, Rule::Counting)
}

/// Whether a verb phrase only says that something comes to be there: 建成投用, 全部投产.
fn is_construction(mut phrase: &str) -> bool {
    const VERBS: &[&str] = &[
        "全部", "均", "建成", "建设", "投用", "投产", "投运", "达标", "开工", "竣工", "挂牌", "上线", "落地", "运行",
        "使用", "交付",
    ];
    while let Some(verb) = lexicon::longest_start(phrase, VERBS) {
        phrase = &phrase[verb.len()..];
    }
    phrase.is_empty()
}

/// 示范项目建设 counts projects.
pub(super) fn without_construction(noun: &str) -> String {
    let made = ["建设", "打造", "创建"].into_iter().find_map(|making| noun.strip_suffix(making));
    made.filter(|shorter| shorter.chars().count() > 2).unwrap_or(noun).to_owned()
}

/// 90%的村建成公厕; 公办幼儿园100%设置医务室.
pub(super) fn share_of(subject: &str, before: &Before, right: &str, carry: &Carry) -> Construal {
    let text = right.trim_start_matches('的');
    let owner = name::without_verbs(subject);
    let (name, scope) = match name::split_verb(text) {
        // 60%的村达到一类标准,其中20%达到二类标准.
        Some(("", verb)) if subject.is_empty() => {
            (format!("{verb}的{}比例", ellipsis::last_thing(carry).unwrap_or_default()), None)
        }
        Some(("", verb)) => (format!("{subject}{verb}的比例"), None),
        // 场所监测100%覆盖.
        None if VERBS_BEHIND.contains(&text) => (format!("{subject}{text}比例"), None),
        Some((noun, verb)) => {
            let noun = noun.trim_end_matches(['可', '均', '都']);
            let verb = ["均", "都", "全部"].into_iter().find_map(|all| verb.strip_prefix(all)).unwrap_or(verb);
            (format!("{verb}的{noun}比例"), Some(owner))
        }
        // 远程会诊覆盖80%的乡镇.
        None if matches!(before.verb, Some(("覆盖", _))) && !owner.is_empty() => {
            (format!("{owner}覆盖的{text}比例"), None)
        }
        None => (format!("{text}比例"), Some(owner)),
    };
    let scope = scope.map(place).filter(|owner| name::is_body(owner)).map(str::to_owned);
    Construal::new(vec![name], Rule::ShareOf).within(scope)
}
