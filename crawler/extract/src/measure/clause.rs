//! A sentence taken apart into numbers, each with the words before and behind it that may belong to it.

use std::ops::Range;

use super::{
    coordination,
    lexicon::{self, Effect},
    name,
    quantity::Quantity,
    time::Mention,
    unit::Kind,
};

/// What stands between two commas of a sentence.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Clause {
    /// Its words without years, where it holds no number.
    pub(super) words: String,
    /// Its numbers.
    pub(super) slots: Vec<Slot>,
    /// Whether it opens a new thought: it stands first or behind a semicolon.
    pub(super) fresh: bool,
    /// Whether it tells of a part of what was counted before it: 其中….
    pub(super) among: bool,
}

/// Numbers side by side, with the words around them that no other number of the clause takes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Slot {
    /// Words before, without years.
    pub(super) left: String,
    /// Words behind, without years.
    pub(super) right: String,
    /// The numbers, as places in the list of quantities: one, or several as in 8分和11分以内.
    pub(super) group: Vec<usize>,
    /// Whether another number of the clause stands before, and a conjunction between them: 甲3人、乙5人.
    pub(super) listed: bool,
}

/// A sentence and what was found in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sentence<'t> {
    /// The text, half-width and without white space.
    pub(super) text: &'t str,
    /// Its figures.
    pub(super) quantities: &'t [Quantity],
    /// Its years.
    pub(super) times: &'t [Mention],
    /// What stands in quotation marks, titles and brackets.
    pub(super) shields: &'t [Range<usize>],
}

impl Sentence<'_> {
    /// Its clauses, in order. A bracket that shields nothing opens one: 20家(其中县级5家).
    pub(super) fn clauses(&self) -> Vec<Clause> {
        let mut found = Vec::new();
        let mut start = 0;
        let mut fresh = true;
        let mut next = 0;
        let mut shield = 0;
        for (at, c) in self.text.char_indices() {
            if !matches!(c, ',' | ';' | ':' | '。' | '!' | '?' | '(' | ')') {
                continue;
            }
            while self.shields.get(shield).is_some_and(|shield| shield.end <= at) {
                shield += 1;
            }
            if self.shields.get(shield).is_some_and(|shield| shield.start <= at) {
                continue;
            }
            while self.quantities.get(next).is_some_and(|quantity| quantity.range.end <= at) {
                next += 1;
            }
            if self.quantities.get(next).is_some_and(|quantity| quantity.range.start < at) {
                continue;
            }
            found.extend(self.clause(start..at, fresh));
            start = at + c.len_utf8();
            fresh = c == ';';
        }
        found.extend(self.clause(start..self.text.len(), fresh));
        found
    }

    fn clause(&self, range: Range<usize>, fresh: bool) -> Option<Clause> {
        if range.is_empty() {
            return None;
        }
        let first = self.quantities.partition_point(|quantity| quantity.range.start < range.start);
        let last = self.quantities.partition_point(|quantity| quantity.range.end <= range.end);
        let groups = self.groups(first..last.max(first));
        Some(Clause {
            words: self.words(range.clone()),
            slots: self.slots(&range, &groups),
            fresh,
            among: self.text[range.clone()].starts_with("其中") || self.text[range].starts_with('含'),
        })
    }

    /// The words of a stretch without the years in it.
    fn words(&self, range: Range<usize>) -> String {
        let mut kept = String::with_capacity(range.len());
        let mut at = range.start;
        for time in self.times.iter().filter(|time| time.range.start >= range.start && time.range.end <= range.end) {
            kept.push_str(&self.text[at..time.range.start]);
            at = time.range.end;
        }
        kept.push_str(&self.text[at..range.end]);
        kept
    }

    /// Numbers with nothing but a conjunction between them share what stands before and behind them: 8分和11分以内.
    fn groups(&self, inside: Range<usize>) -> Vec<Vec<usize>> {
        let mut found: Vec<Vec<usize>> = Vec::new();
        for i in inside {
            let quantity = &self.quantities[i];
            if let Some(group) = found.last_mut()
                && let Some(last) = group.last().map(|last| &self.quantities[*last])
                && matches!(&self.text[last.range.end..quantity.range.start], "、" | "和" | "与" | "及" | "以及")
                && last.kind != Kind::Rank
            {
                group.push(i);
            } else {
                found.push(vec![i]);
            }
        }
        found
    }

    fn slots(&self, range: &Range<usize>, groups: &[Vec<usize>]) -> Vec<Slot> {
        let mut slots: Vec<Slot> = Vec::new();
        let mut left = range.start;
        let mut place = 0;
        // Whether the next number stands directly behind a conjunction, as another subject of the same verb.
        let mut joined = false;
        'groups: while let Some(group) = groups.get(place) {
            let (Some(first), Some(last)) = (group.first(), group.last()) else { break };
            let (start, end) = (self.quantities[*first].range.start, self.quantities[*last].range.end);
            place += 1;
            let mut right = range.end;
            let mut next_left = range.end;
            while let Some(following) = groups.get(place).and_then(|following| following.first()) {
                let following = &self.quantities[*following];
                let between = end..following.range.start;
                let parting = parting(&self.text[between.clone()]);
                if self.scopes(&self.text[between.clone()], &self.quantities[*first]) {
                    continue 'groups;
                }
                if self.describes(&self.words(between.clone()), &self.quantities[*first], following) {
                    // 5个学科进入全国前十: the second number says what the first one counts.
                    place += 1;
                    continue;
                }
                (right, next_left) = match parting {
                    Some(cut) => (end + cut.start, end + cut.end),
                    None => (end, end),
                };
                break;
            }
            let listed = !slots.is_empty() && self.text[..left].ends_with(['、', '和', '与', '及']);
            let slot =
                Slot { left: self.words(left..start), right: self.words(end..right), group: group.clone(), listed };
            if joined && slot.left.is_empty() {
                share_verb(&mut slots, &slot.right);
            }
            joined = next_left > right && next_left < range.end && right > end;
            slots.push(slot);
            left = next_left;
        }
        slots
    }

    /// Whether a number only says how many places a quota holds for: 11个市均至少有1家医院.
    fn scopes(&self, between: &str, first: &Quantity) -> bool {
        let Some((places, _)) = between.split_once("至少") else { return false };
        // 人口30万以上的县至少有1所医院.
        let described = matches!(first.kind, Kind::Bare | Kind::Amount) && between.starts_with('的');
        (first.kind == Kind::Count || described)
            && !places.contains(['、', '和'])
            && ["市", "县", "区", "乡", "镇", "街道", "村"].iter().any(|place| places.contains(place))
    }

    /// Whether the words between two numbers make the second part of what the first counts: a verb behind a noun, and
    /// no verb that leads in another object (新建3所、改建2所).
    fn describes(&self, between: &str, first: &Quantity, second: &Quantity) -> bool {
        if !matches!(first.kind, Kind::Share | Kind::Count | Kind::Bare)
            || first.kind == second.kind && first.kind == Kind::Share
        {
            return false;
        }
        // 2所中心建成、3所: behind a conjunction the second counts for itself.
        if between.ends_with(['、', '和', '与', '及']) || between.starts_with('、') {
            return false;
        }
        let items = coordination::conjuncts(between);
        let item = items.last().copied().unwrap_or(between);
        // 每个市至少1家剧院、每个县至少1名教师: another quota.
        if items.len() > 1 && item.starts_with(['每', '各']) {
            return false;
        }
        // The number itself is the object of a verb directly before it.
        let item = format!("{}…", item.trim_start_matches('的'));
        match name::split_verb(&item) {
            Some((noun, _)) if !noun.is_empty() || between.starts_with('的') => true,
            _ => between.starts_with('的') && second.kind == Kind::Count && first.kind == Kind::Count,
        }
    }
}

/// Where the words between two numbers part: what stands before belongs to the first, what stands behind to the second.
fn parting(between: &str) -> Option<Range<usize>> {
    let separator = |at: usize| {
        ["以及", "并", "、", "和", "与", "及"]
            .into_iter()
            .find(|word| between[at..].starts_with(word))
            .map(|word| at..at + word.len())
    };
    if let Some(first) = separator(0) {
        return Some(first);
    }
    let mut found = between.char_indices().filter_map(|(at, _)| separator(at));
    let first = found.next()?;
    let last = found.next_back().unwrap_or_else(|| first.clone());
    // 3所小学、2所: behind the last one stands nothing or a verb; or else all parts name the second.
    let behind = &between[last.end..];
    let verb = matches!(lexicon::last_word(behind), Some((_, Effect::Gain | Effect::Have | Effect::Bound(_))));
    Some(if behind.is_empty() || verb { last } else { first })
}

/// 1家医院和20%的站点开展服务: what the last of several counted subjects does, all of them do.
fn share_verb(slots: &mut [Slot], right: &str) {
    let Some(before) = slots.last_mut() else { return };
    if let Some((noun, verb)) = name::split_verb(right)
        && !noun.is_empty()
        && !before.right.is_empty()
        && name::split_verb(&before.right).is_none()
    {
        before.right.push_str(verb);
    }
}
