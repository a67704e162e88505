//! The constructions that bind a number to what it measures.

use std::ops::Range;

use entity::value::{Comparator, Measure};

use super::{
    lexicon::{self, Effect, TURNED_BY_TO, VERBS_BEHIND},
    quantity::Quantity,
    subject,
    time::Mention,
    unit::Kind,
};

/// What a sentence says of one number.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reading {
    /// Which quantity, by its place in the list.
    pub(super) quantity: usize,
    /// What is measured.
    pub(super) name: String,
    /// How the number binds.
    pub(super) comparator: Comparator,
    /// What kind of quantity it is.
    pub(super) measure: Measure,
    /// What it is limited to.
    pub(super) scope: Option<String>,
    /// The construction that told the name.
    pub(super) rule: Rule,
}

/// A construction of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// The subject, a verb of reaching or changing, the number: 入园率达到95%.
    Predicate,
    /// A noun and its number side by side, under a verb or in a list: 新增公园3个.
    Apposed,
    /// The number before what it counts: 新增3个公园.
    Counting,
    /// A share of a body that does something: 90%的村建成卫生厕所.
    ShareOf,
    /// The subject stands in an earlier clause: 开展巡查,全年不少于4次.
    Elided,
}

/// What goes from one clause of a sentence to the next.
#[derive(Default)]
struct Carry {
    /// The verb that adds what is counted.
    gain: Option<Effect>,
    /// A bound that stands before the verb and holds for all that follows: 至少新增.
    bound: Option<Comparator>,
    /// The name last read.
    name: Option<String>,
    /// The last clause without a number.
    topic: Option<String>,
}

/// Reads every number of a sentence.
pub(super) fn read(text: &str, quantities: &[Quantity], times: &[Mention], shields: &[Range<usize>]) -> Vec<Reading> {
    let mut readings = Vec::new();
    let mut carry = Carry::default();
    for clause in clauses(text, shields, quantities) {
        let inside: Vec<usize> = (0..quantities.len())
            .filter(|i| clause.start <= quantities[*i].range.start && quantities[*i].range.end <= clause.end)
            .collect();
        if inside.is_empty() {
            let words = subject::without_openers(&words(text, clause.clone(), times)).to_owned();
            if words.chars().count() >= 2 && words != "其中" {
                carry.topic = Some(words);
                carry.gain = None;
                carry.bound = None;
                carry.name = None;
            }
            continue;
        }
        clause_readings(text, clause, &inside, quantities, times, &mut carry, &mut readings);
    }
    readings
}

/// The clauses of a sentence: what stands between its commas, colons and semicolons outside brackets and quotes.
fn clauses(text: &str, shields: &[Range<usize>], quantities: &[Quantity]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let ends = matches!(c, ',' | ';' | ':' | '。' | '!' | '?');
        if ends
            && !shields.iter().any(|shield| shield.contains(&at))
            && !quantities.iter().any(|quantity| quantity.range.contains(&at))
        {
            found.push(start..at);
            start = at + c.len_utf8();
        }
    }
    found.push(start..text.len());
    found.retain(|clause| !clause.is_empty());
    found
}

/// The words of a stretch without the years in it.
fn words(text: &str, range: Range<usize>, times: &[Mention]) -> String {
    let mut kept = String::with_capacity(range.len());
    let mut at = range.start;
    for time in times.iter().filter(|time| time.range.start >= range.start && time.range.end <= range.end) {
        if time.range.start >= at {
            kept.push_str(&text[at..time.range.start]);
            at = time.range.end;
        }
    }
    kept.push_str(&text[at..range.end]);
    kept
}

/// Numbers side by side, which share what stands before and behind them: 8分和11分以内.
fn groups(text: &str, inside: &[usize], quantities: &[Quantity]) -> Vec<Vec<usize>> {
    let mut found: Vec<Vec<usize>> = Vec::new();
    for &i in inside {
        match found.last_mut() {
            Some(group)
                if group.last().is_some_and(|last| {
                    let between = &text[quantities[*last].range.end..quantities[i].range.start];
                    matches!(between, "、" | "和" | "与" | "及" | "以及") && quantities[*last].kind != Kind::Rank
                }) =>
            {
                group.push(i);
            }
            _ => found.push(vec![i]),
        }
    }
    found
}

/// Where the words between two numbers part: before it they belong to the first, behind it to the second.
fn parting(between: &str) -> Option<(usize, usize)> {
    let separator = |at: usize| {
        ["以及", "、", "和", "与", "及", "并"].into_iter().find(|word| between[at..].starts_with(word)).map(str::len)
    };
    if let Some(len) = separator(0) {
        return Some((0, len));
    }
    let found: Vec<(usize, usize)> =
        between.char_indices().filter_map(|(at, _)| separator(at).map(|len| (at, at + len))).collect();
    let last = *found.last()?;
    // 3家医院、提升…: behind the last one nothing or a verb alone stands, or else all parts name the second.
    if between[last.1..].is_empty() || lexicon::last_word(&between[last.1..]).is_some() {
        Some(last)
    } else {
        found.first().copied()
    }
}

fn clause_readings(
    text: &str,
    clause: Range<usize>,
    inside: &[usize],
    quantities: &[Quantity],
    times: &[Mention],
    carry: &mut Carry,
    readings: &mut Vec<Reading>,
) {
    let groups = groups(text, inside, quantities);
    let mut left_start = clause.start;
    let mut swallowed = 0;
    for (place, group) in groups.iter().enumerate() {
        if place < swallowed {
            continue;
        }
        let start = quantities[group[0]].range.start;
        let end = group.last().map_or(start, |last| quantities[*last].range.end);
        let mut next = place + 1;
        let mut right_end = clause.end;
        let mut next_left = clause.end;
        while let Some(following) = groups.get(next) {
            let following_start = quantities[following[0]].range.start;
            let between = &text[end..following_start];
            let bare = words(text, end..following_start, times);
            if let Some((at, to)) = parting(between) {
                right_end = end + at;
                next_left = end + to;
            } else if describes(&bare, quantities, group, following) {
                // 5个学科进入全国前十: the second number says what the first counts.
                next += 1;
                continue;
            } else {
                right_end = end;
                next_left = end;
            }
            break;
        }
        swallowed = next;
        let left = words(text, left_start..start, times);
        let right = words(text, end..right_end, times);
        read_group(&left, &right, group, quantities, carry, readings);
        left_start = next_left;
    }
}

/// Whether the words between two numbers make the second part of what the first counts.
fn describes(between: &str, quantities: &[Quantity], first: &[usize], second: &[usize]) -> bool {
    let (first, second) = (&quantities[first[0]], &quantities[second[0]]);
    let verb = VERBS_BEHIND.iter().any(|verb| between.contains(verb)) || between.starts_with('的');
    match first.kind {
        Kind::Share | Kind::Count => {
            verb && (second.kind == Kind::Rank || second.kind == Kind::Count || second.kind == Kind::Share)
                && lexicon::first_word(between)
                    .is_none_or(|(_, effect)| !matches!(effect, Effect::Reach | Effect::To | Effect::Up | Effect::Down))
        }
        _ => false,
    }
}

/// The words before a number, taken apart from the number backwards.
#[derive(Default)]
struct Before {
    /// What is left of them.
    subject: String,
    bound: Option<Comparator>,
    each: bool,
    reach: bool,
    change: Option<Measure>,
    verb: Option<Effect>,
    part: bool,
    frame: Option<&'static str>,
    etc: bool,
}

fn before(left: &str) -> Before {
    let mut read = Before::default();
    let mut rest = left;
    let mut to = false;
    while let Some((word, effect)) = lexicon::last_word(rest) {
        let shorter = &rest[..rest.len() - word.len()];
        match effect {
            Effect::Stop => break,
            Effect::Adverb | Effect::Place => {}
            Effect::Bound(comparator) => {
                read.bound = read.bound.or(Some(comparator));
                // 突破 and 超过 are verbs of reaching too.
                read.reach |= !matches!(word, "至少" | "约" | "近" | "大约" | "最少" | "每年至少" | "至多" | "最多");
            }
            Effect::Each => read.each = true,
            Effect::Reach => {
                if read.verb.is_some() {
                    break;
                }
                read.reach = true;
            }
            Effect::To => {
                if read.reach && !to {
                    break;
                }
                read.reach = true;
                to = true;
            }
            Effect::Up | Effect::Down => {
                if read.reach && !to && read.bound.is_none() {
                    break;
                }
                if read.verb.is_some() {
                    break;
                }
                if !to {
                    read.change = Some(if effect == Effect::Up { Measure::Increase } else { Measure::Decrease });
                }
                read.reach = true;
            }
            Effect::Gain | Effect::Have => {
                if read.reach && read.bound.is_none() && !to {
                    break;
                }
                if to && !TURNED_BY_TO.contains(&word) {
                    break;
                }
                if !to {
                    read.verb = Some(effect);
                }
                rest = shorter;
                if effect == Effect::Gain {
                    break;
                }
                continue;
            }
            Effect::Part => {
                if read.reach && read.bound.is_none() {
                    break;
                }
                read.part = true;
                read.reach = true;
            }
            Effect::Frame => {
                if word == "为" && shorter.is_empty() || word != "为" || !read.reach && read.verb.is_none() {
                    read.frame = Some(word);
                }
                rest = shorter;
                break;
            }
            Effect::Etc => {
                read.etc = true;
                rest = shorter;
                break;
            }
        }
        rest = shorter;
        if to
            && let Some(verb) = TURNED_BY_TO.iter().filter(|verb| rest.ends_with(**verb)).max_by_key(|verb| verb.len())
        {
            rest = &rest[..rest.len() - verb.len()];
        }
    }
    read.subject = rest.to_owned();
    read
}

fn read_group(
    left: &str,
    right: &str,
    group: &[usize],
    quantities: &[Quantity],
    carry: &mut Carry,
    readings: &mut Vec<Reading>,
) {
    let first = &quantities[group[0]];
    let mut read = before(left);
    // 至少新增…, 每个区至少培育…: the bound stands before the verb.
    let bound = read.bound.or_else(|| if left.contains("至少") { Some(Comparator::Ge) } else { None });
    let noun_right = noun_behind(right);
    let subject_words = subject::without_openers(&read.subject).to_owned();
    let behind = !noun_right.is_empty() && !read.part;
    if read.frame == Some("为") && !behind {
        read.reach = true;
        read.frame = None;
    }
    let verbs_only = subject::without_verbs(&subject_words).is_empty()
        || subject_words.is_empty()
        || lexicon::first_word(&subject_words).is_some_and(|(w, _)| w == subject_words);

    let (names, rule, scope) = if first.kind == Kind::Share
        && behind
        && (!read.reach || read.bound.is_some() && subject_words.chars().count() < 2)
        && !right.starts_with('(')
    {
        share_of(&subject_words, right)
    } else if behind
        && first.kind != Kind::Rank
        && !(read.reach && !subject_words.is_empty() && !read.etc && read.bound.is_none())
    {
        counting(&subject_words, &noun_right, right, &read)
    } else if subject_words.is_empty() || verbs_only && !is_noun(&subject_words) {
        match (&carry.name, &carry.topic) {
            (Some(name), _) => (vec![name.clone()], Rule::Elided, None),
            (None, Some(topic)) => (vec![topic_name(topic)], Rule::Elided, None),
            (None, None) => return,
        }
    } else if read.reach || first.kind == Kind::Rank {
        predicate(&subject_words, &read, group.len(), &noun_right, carry)
    } else {
        apposed(&subject_words, &read, carry)
    };

    // The verb that says whether things are added.
    let own = read.verb.or_else(|| governing(&subject_words));
    if own.is_some() {
        carry.gain = own;
        carry.bound = None;
    } else if read.reach && rule == Rule::Predicate {
        carry.gain = None;
        carry.bound = None;
    }
    if bound.is_some() && left.contains("至少") && !read.reach {
        carry.bound = Some(Comparator::Ge);
    }
    let gain = own.or(carry.gain) == Some(Effect::Gain);

    let shared = group.iter().rev().find_map(|i| quantities[*i].bound);
    let pairs: Vec<(usize, String)> = if group.len() == 1 {
        names.into_iter().map(|name| (group[0], name)).collect()
    } else if names.len() >= group.len() {
        let skip = names.len() - group.len();
        group.iter().copied().zip(names.into_iter().skip(skip)).collect()
    } else {
        group.iter().map(|i| (*i, names.last().cloned().unwrap_or_default())).collect()
    };
    for (i, name) in pairs {
        let quantity = &quantities[i];
        let measure = if quantity.kind == Kind::Rank {
            Measure::Rank
        } else if let Some(change) = read.change {
            change
        } else if matches!(quantity.kind, Kind::Share) || rule == Rule::ShareOf {
            leading_change(&subject_words, quantity, &read).unwrap_or(Measure::Level)
        } else if read.reach && read.verb.is_none() && rule == Rule::Predicate && !gain_subject(&subject_words) {
            Measure::Level
        } else if gain {
            Measure::New
        } else {
            leading_change(&subject_words, quantity, &read).unwrap_or(Measure::Level)
        };
        let comparator = quantity
            .bound
            .or(shared)
            .or(bound)
            .or(if read.reach { None } else { carry.bound })
            .unwrap_or(Comparator::Eq);
        carry.name = Some(name.clone());
        if !name.is_empty() {
            readings.push(Reading { quantity: i, name, comparator, measure, scope: scope.clone(), rule });
        }
    }
}

fn is_noun(words: &str) -> bool {
    subject::is_measured(words)
}

/// 提升签约率3个百分点: the verb of change leads the clause.
fn leading_change(subject: &str, quantity: &Quantity, read: &Before) -> Option<Measure> {
    if read.reach || !matches!(quantity.kind, Kind::Share | Kind::Points | Kind::Amount | Kind::Count) {
        return None;
    }
    match lexicon::first_word(subject)?.1 {
        Effect::Up => Some(Measure::Increase),
        Effect::Down => Some(Measure::Decrease),
        _ => None,
    }
}

fn gain_subject(subject: &str) -> bool {
    subject.starts_with("新增") || subject.starts_with("新建") || subject.starts_with("新培育")
}

/// The verb that leads a clause and governs what is counted in it.
fn governing(subject: &str) -> Option<Effect> {
    let mut text = subject;
    let mut found = None;
    while let Some((word, effect)) = lexicon::first_word(text) {
        match effect {
            Effect::Gain | Effect::Have => found = if found == Some(Effect::Gain) { found } else { Some(effect) },
            Effect::Adverb | Effect::Place | Effect::Bound(_) => {}
            _ => break,
        }
        text = subject::without_openers(&text[word.len()..]);
    }
    found.or_else(|| inner_verb(subject).map(|(_, _, effect)| effect))
}

/// A strong verb inside the words, with what stands behind it: 市、县(区)建成….
fn inner_verb(words: &str) -> Option<(usize, &'static str, Effect)> {
    const STRONG: &[(&str, Effect)] = &[
        ("建成", Effect::Gain),
        ("新增", Effect::Gain),
        ("新建", Effect::Gain),
        ("引进", Effect::Gain),
        ("培育", Effect::Gain),
        ("招引", Effect::Gain),
        ("招录", Effect::Gain),
        ("招聘", Effect::Gain),
        ("获批", Effect::Gain),
        ("创建", Effect::Gain),
        ("拥有", Effect::Have),
        ("开展", Effect::Have),
        ("举办", Effect::Have),
        ("完成", Effect::Have),
        ("打造", Effect::Gain),
        ("立项", Effect::Gain),
        ("培养", Effect::Gain),
        ("争取", Effect::Gain),
        ("增配", Effect::Gain),
        ("至少有", Effect::Have),
        ("推广", Effect::Gain),
        ("建有", Effect::Have),
    ];
    STRONG
        .iter()
        .filter_map(|(verb, effect)| words.rfind(verb).map(|at| (at, *verb, *effect)))
        .filter(|(at, verb, _)| {
            words[at + verb.len()..].chars().count() >= 2 && !words[at + verb.len()..].starts_with(['的', '率', '数'])
        })
        .max_by_key(|(at, _, _)| *at)
}

/// The noun that a number counts, from the words behind it.
fn noun_behind(right: &str) -> String {
    let text = right.trim_start_matches('的');
    if text.starts_with(['(', ')', '”', ',']) {
        return String::new();
    }
    text.trim_end_matches(['、', '。']).to_owned()
}

/// 90%的村建成卫生厕所: the share of a body that does something, named by what it does.
fn share_of(subject: &str, right: &str) -> (Vec<String>, Rule, Option<String>) {
    let text = right.trim_start_matches('的');
    let of = if let Some((noun, verb)) = split_verb(text) {
        if noun.is_empty() {
            // 公办幼儿园100%设置医务室: the body stands before the number.
            return (vec![format!("{subject}{verb}的比例")], Rule::ShareOf, None);
        }
        format!("{verb}的{noun}比例")
    } else {
        format!("{text}比例")
    };
    let scope = (!subject.is_empty()).then(|| subject.to_owned());
    (vec![of], Rule::ShareOf, scope.filter(|scope| scope.chars().count() > 1))
}

/// Parts a noun from the verb phrase behind it.
fn split_verb(text: &str) -> Option<(&str, &str)> {
    let at = VERBS_BEHIND
        .iter()
        .filter_map(|verb| {
            text.match_indices(verb).map(|(at, _)| at).find(|at| {
                let before = &text[..*at];
                !(*verb == "能"
                    && (before.ends_with(['功', '职', '智', '失', '技', '节', '性', '可', '才', '只', '不'])
                        || text[at + 3..].starts_with(['力', '源', '人', '耗', '级'])))
                    && !(*verb == "有"
                        && (before.ends_with(['拥', '国', '所', '具', '公', '私', '设', '建', '配', '没', '享', '含'])
                            || text[at + 3..].starts_with(['限', '关', '效', '影', '序', '条'])))
                    && !(*verb == "建设" && text[at + verb.len()..].starts_with(['项', '的', '率']))
                    && !(before.ends_with('的'))
                    && !text[at + verb.len()..].is_empty()
            })
        })
        .min()?;
    Some((&text[..at], &text[at..]))
}

/// 新增3个公园, 为7万名老人提供体检, 等5家医院: the number before what it counts.
fn counting(subject: &str, noun: &str, right: &str, read: &Before) -> (Vec<String>, Rule, Option<String>) {
    let mut name = match split_verb(noun) {
        Some((head, _)) if head.is_empty() => format!("{}{noun}", subject::without_verbs(subject)),
        // 为100名学生提供体检: the served and the service.
        Some((head, verb)) if read.frame == Some("为") => {
            let service = ["提供", "开展", "进行", "接种", "实施", "发放"]
                .into_iter()
                .find_map(|word| verb.strip_prefix(word))
                .unwrap_or(verb);
            format!("{head}{service}")
        }
        Some((head, verb)) => format!("{verb}的{head}"),
        None => noun.to_owned(),
    };
    if let Some(shorter) = name.strip_suffix("建设")
        && shorter.chars().count() > 2
    {
        name = shorter.to_owned();
    }
    let _ = right;
    // 每千名儿童拥有2家…: a rate by its population keeps it; a place that it is limited to does not.
    let owner = subject::without_openers(subject);
    if owner.starts_with("每") && owner.contains(['千', '万', '百']) {
        return (
            vec![format!("{owner}{}{name}", if read.verb == Some(Effect::Have) { "拥有" } else { "" })],
            Rule::Counting,
            None,
        );
    }
    if subject::is_measured(owner) && !owner.is_empty() && read.verb.is_none() && read.frame.is_none() && !read.etc {
        return (vec![owner.to_owned()], Rule::Counting, None);
    }
    let scope = (!owner.is_empty() && is_body(owner)).then(|| owner.to_owned());
    (vec![name], Rule::Counting, scope)
}

/// Whether words name places or institutions: 各区县, 市第一医院.
fn is_body(words: &str) -> bool {
    words.starts_with(['每', '各'])
        || ["医院", "县", "区", "市", "中心", "集团", "学校", "机构", "街道", "乡镇", "局"]
            .iter()
            .any(|end| words.ends_with(end))
}

/// 入园率达到95%, 甲率和乙率分别达到1%和2%.
fn predicate(
    subject: &str,
    read: &Before,
    values: usize,
    noun: &str,
    carry: &Carry,
) -> (Vec<String>, Rule, Option<String>) {
    // 献血量达到用血量的10%, 机构占40%: a share of a base.
    let mut whole = subject.to_owned();
    if let Some(of) = subject.strip_suffix('的') {
        if let Some((verb, at)) = ["达到", "占", "达", "为"]
            .iter()
            .filter_map(|verb| of.rfind(verb).map(|at| (*verb, at)))
            .max_by_key(|(_, at)| *at)
        {
            whole = format!("{}占{}比例", &of[..at], &of[at + verb.len()..]);
        } else {
            whole = of.to_owned();
        }
    } else if read.part {
        whole.push_str("占比");
    }
    if !noun.is_empty() && read.etc {
        whole.push_str(noun);
    }
    let parts = subject::conjuncts(&whole);
    let measured = parts.iter().rev().skip(1).any(|part| subject::is_measured(part));
    let verb_inside = parts.iter().rev().skip(1).rposition(|part| {
        VERBS_BEHIND
            .iter()
            .chain(&["加强", "推进", "提高", "提升"])
            .any(|verb| part.contains(verb) && !subject::is_measured(part))
    });
    if parts.len() > 1 && (values > 1 || read.each || measured) {
        let names = subject::resolve(&parts).into_iter().map(|name| lead(&name, carry)).collect();
        return (names, Rule::Predicate, None);
    }
    if parts.len() > 1 && verb_inside.is_some() && values == 1 {
        return (vec![lead(parts[parts.len() - 1], carry)], Rule::Predicate, None);
    }
    (vec![lead(&whole, carry)], Rule::Predicate, None)
}

/// A subject without its openers, and with what its neighbour shows it left out.
fn lead(name: &str, carry: &Carry) -> String {
    let mut name = subject::without_openers(name);
    // 提升居民素养至35%: the verb of change before the subject.
    if let Some((word, Effect::Up | Effect::Down)) = lexicon::first_word(name)
        && subject::is_measured(name) | (name.chars().count() > 4)
    {
        name = &name[word.len()..];
    }
    carry.name.as_deref().and_then(|before| subject::fill_ellipsis(name, before)).unwrap_or_else(|| name.to_owned())
}

/// 新增公园3个, 村级站点标准化率100%, 工作室、门诊各10个.
fn apposed(subject: &str, read: &Before, carry: &Carry) -> (Vec<String>, Rule, Option<String>) {
    let mut noun = subject::without_verbs(subject);
    if let Some((at, verb, _)) = inner_verb(noun) {
        noun = subject::without_verbs(&noun[at + verb.len()..]);
    }
    let parts = subject::conjuncts(noun);
    let measured = parts.iter().rev().skip(1).any(|part| subject::is_measured(part));
    let names: Vec<String> = if parts.len() > 1 && (read.each || measured) {
        subject::resolve(&parts)
    } else {
        vec![
            carry
                .name
                .as_deref()
                .and_then(|before| subject::fill_ellipsis(noun, before))
                .unwrap_or_else(|| noun.to_owned()),
        ]
    };
    (names, Rule::Apposed, None)
}

/// What an earlier clause is about, for a number that stands alone: 开展巡查,全年不少于4次.
fn topic_name(topic: &str) -> String {
    let mut words = subject::without_verbs(topic);
    if let Some((at, verb, _)) = inner_verb(words) {
        words = &words[at + verb.len()..];
    }
    words.to_owned()
}
