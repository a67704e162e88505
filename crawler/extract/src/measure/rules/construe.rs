//! Which construction a number stands in, and the names that it gives.

use entity::value::Comparator;

use super::{
    Carry, Construal, Rule,
    counting::{counted_noun, counting, sends, share_of},
    ellipsis,
};
use crate::measure::{
    before::Before,
    clause::Slot,
    coordination,
    lexicon::{self, Effect},
    name,
    quantity::Quantity,
    unit::Kind,
};

/// Reads the names of what the numbers of a slot measure.
pub(super) fn construe(slot: &Slot, before: &Before, first: &Quantity, carry: &Carry) -> Option<Construal> {
    let subject = name::without_openers(&before.subject);
    let noun = counted_noun(&slot.right);
    let pointed = ellipsis::pointed_at(subject, carry);
    let empty = place(subject).is_empty()
        // 比2024年的36%提高4个百分点.
        || subject == "的"
        || pointed.is_some()
        || lexicon::effect(subject).is_some_and(|effect| effect != Effect::Stop)
        // 人口超过10万的增设1所: of what the clause before counts.
        || before.verb.is_some() && subject.ends_with('的');
    // 为7万名老人…, 甲、乙等5家医院: the noun stands behind, whatever reaches the number.
    let behind = !noun.is_empty() && (before.frame.is_some() || before.etc);
    // 高于平均水平3个百分点: a difference to something that is not measured here.
    let passes = matches!(lexicon::first_word(subject), Some((_, Effect::Pass(_))));
    let compared = passes && first.kind == Kind::Points;
    // 低于平均水平0.4人: nor is there anything whose change it could be.
    if passes && !compared && lexicon::longest_end(subject, &["平均", "平均水平", "平均值", "均值"]).is_some()
    {
        return None;
    }
    let construal = if first.kind == Kind::Rank {
        ranked(name::without_openers(&slot.left), carry)
    } else if first.kind == Kind::Share
        && !before.reach
        && !slot.right.is_empty()
        && !name::is_measured(subject)
        && !slot.right.starts_with('(')
    {
        share_of(subject, before, &slot.right, carry)
    } else if let Some((name, bound)) = base_share(&before.subject, carry) {
        Construal { bound, ..single(name, Rule::Predicate) }
    } else if before.reach && !empty && !behind {
        predicate(subject, &slot.right, before, first, slot.group.len(), carry)
    } else if !noun.is_empty() && !sends(subject, before, &slot.right) {
        counting(subject, &slot.right, noun, first, before)
    } else if let Some(name) = ellipsis::described(&slot.right, first, before, carry) {
        single(name, Rule::Counting)
    } else if let Some(names) = pointed {
        Construal::new(names, Rule::Elided)
    } else if empty || compared {
        ellipsis::elided(before, first, slot.group.len(), carry)?
    } else if let Some(quota) = quota(subject, first)
        && let Some(elided) = ellipsis::elided(before, first, slot.group.len(), carry)
    {
        elided.within(Some(quota))
    } else {
        apposed(subject, before, first, slot.group.len(), carry)
    };
    Some(ellipsis::share_owner(construal, slot, first, carry))
}

pub(super) fn single(name: String, rule: Rule) -> Construal {
    Construal::new(vec![name], rule)
}

/// 实施书屋计划,每个街道至少1个: only the places, each of which is to have so many.
fn quota(subject: &str, first: &Quantity) -> Option<String> {
    let places = place(subject);
    let each = places.starts_with(['每', '各']) && name::is_body(places) && coordination::per_head(places).is_empty();
    (each && first.kind == Kind::Count && places.chars().count() <= 8).then(|| places.to_owned())
}

/// 献血量达到用血量的10%, 服务业占生产总值的5%: a share of a base.
fn base_share(subject: &str, carry: &Carry) -> Option<(String, Option<Comparator>)> {
    let of = subject.strip_suffix('的')?;
    let (at, verb) = ["达到", "占", "达", "相当于", "不少于", "不低于", "不超过", "不高于"]
        .into_iter()
        .filter_map(|verb| of.rfind(verb).map(|at| (at, verb)))
        .max_by_key(|(at, verb)| at + verb.len())?;
    let bound = match lexicon::effect(verb) {
        Some(Effect::Bound(bound)) => Some(bound),
        _ => None,
    };
    let mut part = name::without_openers(&of[..at]);
    while let Some((word, Effect::Adverb)) = lexicon::last_word(part) {
        part = &part[..part.len() - word.len()];
    }
    // 门诊量达2万人次,占总量的56%; but 达到二类标准的占40%.
    let part = match part {
        "" if matches!(verb, "占" | "相当于") => carry.name.as_deref().unwrap_or_default(),
        "" => return None,
        part => part,
    };
    Some((format!("{part}占{}比例", &of[at + verb.len()..]), bound))
}

/// 入园率达到95%; 机构占40%; 甲率和乙率分别达到1%和2%.
fn predicate(subject: &str, right: &str, before: &Before, first: &Quantity, values: usize, carry: &Carry) -> Construal {
    // 跃升为总量超过3万吨、面积超过2万亩的大市: what the verb leads in.
    let subject = ["跃升成为", "成为", "跃升为", "建设成为"]
        .into_iter()
        .find_map(|verb| subject.rsplit_once(verb))
        .map_or(subject, |(_, rest)| rest);
    // 县医院力争手术占比达到60%: who strives for it.
    let striving = ["力争", "力求", "确保", "争取"].into_iter().find_map(|verb| subject.split_once(verb));
    if let Some((body, rest)) = striving.filter(|(body, rest)| name::is_body(body) && name::is_measured(rest)) {
        return predicate(rest, right, before, first, values, carry).within(Some(body.to_owned()));
    }
    let mut whole = subject.trim_end_matches('的').to_owned();
    // 达到一类标准的村占比…,达到二类标准的占40%.
    let said = subject.strip_suffix(if before.part { "的" } else { "的占比" });
    if let Some((said, thing)) = said.zip(ellipsis::last_thing(carry)) {
        whole = format!("{said}的{thing}占比");
    } else if before.part {
        whole.push_str("占比");
    }
    // 服务覆盖13个县, 项目实现13个县全覆盖.
    let noun = right.trim_start_matches('的');
    if let Some(covered) = noun.strip_suffix("全覆盖") {
        whole = format!("{whole}覆盖{covered}");
    }
    // 年收入过5亿元的企业: the number is part of what is said of them.
    if right.starts_with('的') && !noun.is_empty() && matches!(lexicon::first_word(subject), Some((_, Effect::Gain))) {
        return single(format!("{noun}{}", name::without_verbs(subject)), Rule::Predicate);
    }
    // 甲医院保5级: the thing graded stands in the clause before.
    if first.kind == Kind::Grade
        && name::is_body(&whole)
        && let Some(graded) = &carry.name
    {
        let graded = graded.split_once("医院").map_or(graded.as_str(), |(_, graded)| graded);
        return single(format!("{whole}{graded}"), Rule::Predicate);
    }
    // 城乡居民收入分别增长5%和6%: the town and the country.
    if let Some(both) = whole.strip_prefix("城乡").filter(|_| values == 2 && before.each) {
        return Construal::new(vec![format!("城镇{both}"), format!("农村{both}")], Rule::Coordinated);
    }
    // 省市县三级图书馆藏书量分别达到…: the tiers without a sign between them.
    if before.each
        && let Some(names) = coordination::of_tiers(&whole).filter(|names| names.len() == values)
    {
        return Construal::new(names, Rule::Coordinated);
    }
    let mut parts = coordination::conjuncts(&whole);
    // 甲和乙检查率、丙筛查率分别达到95%、90%: a rate each, one of which is of two.
    // 失学者和病人治疗覆盖率及成功率均达到95%: 及 joins what 和 has joined.
    if values == 1
        && before.each
        && let Some((first, second)) = whole.split_once("率及")
        && first.contains(['和', '与'])
        && coordination::conjuncts(second).len() == 1
    {
        parts = vec![&whole[..first.len() + '率'.len_utf8()], second];
    }
    if values > 1 && parts.len() > values {
        let listed = coordination::listed(&whole);
        if listed.len() == values && listed.iter().all(|part| name::is_measured(part)) {
            parts = listed;
        }
    }
    if let [.., _, last] = parts.as_slice() {
        let measured =
            parts.iter().rev().skip(1).any(|part| name::is_measured(part) && name::split_verb(part).is_none());
        if values > 1 || before.each || measured && name::is_measured(last) {
            let names = coordination::resolve(&parts).iter().map(|name| lead(name, first, carry)).collect();
            return Construal::new(names, Rule::Coordinated);
        }
        // 收支实现平衡、收入占比达到40%: an earlier part that has its own verb.
        if parts.iter().rev().skip(1).any(|part| name::split_verb(part).is_some_and(|(noun, _)| !noun.is_empty()))
            && name::is_measured(last)
        {
            return single(lead(last, first, carry), Rule::Predicate);
        }
    }
    single(lead(&whole, first, carry), Rule::Predicate)
}

/// A subject without what leads it in, and with what its neighbour shows it left out.
fn lead(subject: &str, first: &Quantity, carry: &Carry) -> String {
    let mut words = name::without_openers(subject);
    // 提升居民素养至35%: the verb of change before the subject.
    if let Some((word, Effect::Up | Effect::Down | Effect::Pass(_))) = lexicon::first_verb(words)
        && words.len() > word.len() + 6
    {
        words = &words[word.len()..];
    }
    ellipsis::complete(words, first, carry)
}

/// 新增公园3个; 站点标准化率100%; 工作室、门诊各10个.
fn apposed(subject: &str, before: &Before, first: &Quantity, values: usize, carry: &Carry) -> Construal {
    // 为妇女免费检查2万人: those it is done for lead the clause.
    let subject = subject.strip_prefix('为').unwrap_or(subject);
    let (subject, quota) = match name::split_quota(place(subject)).filter(|_| first.kind == Kind::Count) {
        Some((wanted, places)) => (wanted, Some(places)),
        None => (subject, None),
    };
    let mut noun = name::without_verbs(subject);
    let mut scope = quota.map(str::to_owned);
    if first.kind != Kind::Share
        && coordination::per_head(noun).is_empty()
        && let Some((owner, _, object)) = name::inner_verb(noun)
    {
        // 城镇新增就业: an owner that is neither a body nor led in belongs to the name.
        // 两所医院分别新增床位….
        let owner = ["分别", "各"].into_iter().find_map(|each| owner.strip_suffix(each)).unwrap_or(owner);
        let (led, owner) = (is_adverbial(owner), place(owner));
        let makes = name::inner_verb(owner).is_some();
        if (name::is_body(owner) || led || makes || is_adverbial(owner))
            && object.chars().count() > if led && !owner.is_empty() { 1 } else { 2 }
        {
            scope = Some(owner).filter(|owner| name::is_body(owner)).map(str::to_owned);
            noun = name::without_verbs(object);
        }
    }
    if let Some(names) = ellipsis::of_each(noun, values, carry).filter(|_| before.each) {
        return Construal::new(names, Rule::Coordinated).within(scope);
    }
    if let Some(name) = ellipsis::generic(noun, carry) {
        return single(name, Rule::Apposed).within(scope);
    }
    // 惠及居民2万户: a short object says little without its verb.
    if noun.chars().count() <= 2
        && matches!(first.unit, Some("人" | "名" | "户" | "人次" | "户次"))
        && scope.is_none()
        && matches!(lexicon::first_word(subject), Some((verb, Effect::Have)) if subject == format!("{verb}{noun}"))
    {
        noun = subject;
    }
    // 甲馆、乙馆分别引进馆员2名、1名: a number for each body.
    if let Some(names) = of_bodies(subject, values) {
        return Construal::new(names, Rule::Apposed);
    }
    let mut parts = coordination::conjuncts(noun);
    // 安装电梯、改造教室3间: an earlier part that has its own verb.
    if let [.., earlier, last] = parts.as_slice()
        && !before.each
        && coordination::per_head(noun).is_empty()
        && earlier.chars().count() > 2
        && lexicon::first_word(last).is_some_and(|(verb, effect)| effect == Effect::Gain && last.len() > verb.len() + 3)
    {
        noun = name::without_verbs(last);
        parts = vec![noun];
    }
    // 财政拨款、社会捐赠等资金: the number is of all of them.
    let listed = parts.last().and_then(|last| last.split_once('等')).is_some_and(|(_, head)| head.chars().count() > 1);
    let measured = !listed && parts.iter().rev().skip(1).any(|part| name::is_measured(part)) && name::is_measured(noun);
    if parts.len() > 1 && (before.each || measured) {
        return Construal::new(coordination::resolve(&parts), Rule::Coordinated).within(scope);
    }
    Construal::new(vec![ellipsis::complete(noun, first, carry)], Rule::Apposed).within(scope)
}

/// What each of several bodies does, where there are as many as numbers: 甲馆、乙馆分别引进馆员.
fn of_bodies(subject: &str, values: usize) -> Option<Vec<String>> {
    let (owners, _) = subject.split_once("分别").filter(|_| values > 1)?;
    let owners = coordination::conjuncts(name::without_openers(owners));
    let (_, _, object) = name::inner_verb(subject)?;
    (owners.len() == values && owners.iter().all(|owner| name::is_body(owner)))
        .then(|| owners.iter().map(|owner| format!("{owner}{object}")).collect())
}

/// 总量位列全省前三; 甲医院进入全国综合医院前五十强.
fn ranked(subject: &str, carry: &Carry) -> Construal {
    // In a slogan the field alone: “国内知名、全国十强”.
    let subject = match subject.rsplit_once('“') {
        Some((_, inside)) if !inside.contains('”') => inside.rsplit_once('、').map_or(inside, |(_, last)| last),
        _ => subject,
    };
    #[rustfmt::skip]
    const VERBS: &[&str] = &[
        "跃居", "名列", "继续位列", "位列", "位居", "进入", "跻身", "挺进", "排名", "稳居", "保持在", "保持", "荣获", "列入", "列", "居",
    ];
    let last = |verb: &&&str| subject.rfind(**verb).map(|at| (at + verb.len(), verb.len()));
    let verb = VERBS.iter().filter(|verb| subject.contains(**verb)).max_by_key(last);
    let mut name = subject.to_owned();
    if let Some((owner, field)) = verb.and_then(|verb| subject.rsplit_once(verb)) {
        // 增长8.5%,增速居全国第6位: a head that says nothing without what was measured before; nor does 进入全市前三.
        let last = carry.name.clone().filter(|_| owner.is_empty());
        let owner = last.or_else(|| ellipsis::generic(owner, carry)).unwrap_or_else(|| owner.to_owned());
        name = format!("{}{field}", owner.trim_end_matches("排名"));
    }
    if name.is_empty() {
        name = carry.name.clone().or_else(|| carry.topic.as_deref().map(ellipsis::topic_noun)).unwrap_or_default();
    }
    single(format!("{}排名", name.trim_end_matches("排名")), Rule::Ranked)
}

/// Whether words lead in a verb rather than own its object: 依托平台, 通过培训.
fn is_adverbial(words: &str) -> bool {
    const LEADS: &[&str] = &[
        "依托", "通过", "在", "对", "以", "结合", "围绕", "联合", "邀请", "聘请", "携手", "利用", "加强", "与", "面向",
        "支持", "组织",
    ];
    words.is_empty() || lexicon::longest_start(words, LEADS).is_some() || lexicon::first_word(words).is_some()
}

/// The place or body at the end of the words before a verb: 各县至少 is 各县.
pub(super) fn place(words: &str) -> &str {
    let mut words = words.trim_start_matches(['在', '对']);
    while let Some((word, Effect::Adverb | Effect::Bound(_) | Effect::Each | Effect::Have)) = lexicon::last_word(words)
    {
        words = &words[..words.len() - word.len()];
    }
    words
}
