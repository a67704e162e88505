//! The constructions that bind a number to what it measures.
//!
//! Each reads the words around the numbers of one [`Slot`] and gives the names of what they measure; see [`Rule`].
//! What a clause leaves out, it takes from the clauses before it, which [`Carry`] remembers.

mod bind;
mod construe;
mod counting;
mod ellipsis;

use entity::value::{Comparator, Measure};

use super::{
    before::Before,
    clause::{Clause, Sentence, Slot},
    lexicon::Effect,
    name,
    quantity::Quantity,
    trace::Trace,
};
use crate::spoken::spoken;

/// What a sentence says of one number.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reading {
    /// Which quantity, by its place in the list.
    pub(super) quantity: usize,
    /// What is measured.
    pub(super) name: String,
    /// How the number binds.
    pub(super) comparator: Comparator,
    /// What told that.
    pub(super) bound_by: BoundBy,
    /// What kind of quantity it is.
    pub(super) measure: Measure,
    /// What it is limited to.
    pub(super) scope: Option<String>,
    /// Whether it is where a change starts: 由54%提高到60%.
    pub(super) from: bool,
    /// The construction that told the name.
    pub(super) rule: Rule,
}

spoken! {
/// A construction of the language that binds a number to what it measures.
pub enum Rule {
    /// The subject, a verb of reaching or changing, the number: 入园率达到95%.
    Predicate,
    /// Several subjects, one number each or one for all: 甲率和乙率分别达到1%和2%.
    Coordinated,
    /// A noun and its number side by side, under a verb or in a list: 新增公园3个.
    Apposed,
    /// The number before what it counts: 新增3个公园.
    Counting,
    /// The number before those who are served, and the service: 为7万名老人提供体检.
    Served,
    /// A share of bodies that do something: 90%的村建成公厕.
    ShareOf,
    /// A place in an order: 总量位列全省前三.
    Ranked,
    /// The subject stands in an earlier clause: 开展巡查,全年不少于4次.
    Elided,
}
}

spoken! {
/// What told how a number binds.
pub enum BoundBy {
    /// The number's own sign or suffix: ≥90%, 90%以上.
    Number,
    /// The suffix of a number beside it: 8分和11分以内.
    Beside,
    /// A word before the number: 不低于90%.
    Before,
    /// A word inside what it is a share of: 不少于总数的30%.
    Inside,
    /// 至少 or 不少于 in the clause: 每个县至少新建1家书店.
    AtLeast,
    /// The verb of passing that leads the clause: 突破产业链千亿元规模.
    Leading,
    /// A bound of an earlier number, which holds for all that its verb governs: 至少新增甲3个,乙5个.
    Carried,
    /// No word: the number stands for itself.
    Nothing,
}
}

/// What goes from one clause of a sentence to the next.
#[derive(Clone, Debug, Default)]
pub(super) struct Carry<'s> {
    /// The verb that governs what is counted: 新增甲3个,乙5个.
    pub(super) verb: Option<Effect>,
    /// A bound that stands before the verb and holds for all it governs: 至少新增.
    bound: Option<Comparator>,
    /// The name last read in this sentence.
    pub(super) name: Option<String>,
    /// All names read in this sentence.
    names: Vec<String>,
    /// Those of the sentence before, while this one has none.
    earlier: &'s [String],
    /// What the heading of its section says.
    heading: Option<&'s str>,
    /// Whether the clause tells of a part of what the last name counts: 其中….
    among: bool,
    /// The last clause without a number.
    pub(super) topic: Option<String>,
    /// Who is to do it: 市图书馆要….
    actor: Option<String>,
}

/// What a construction tells of a slot.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Construal {
    names: Vec<String>,
    pub(super) rule: Rule,
    pub(super) scope: Option<String>,
    /// A bound that stands inside the words: 不少于总数的30%.
    bound: Option<Comparator>,
}

impl Construal {
    const fn new(names: Vec<String>, rule: Rule) -> Self {
        Self { names, rule, scope: None, bound: None }
    }

    fn within(self, scope: Option<String>) -> Self {
        Self { scope, ..self }
    }
}

/// What stands around a sentence.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Around<'s> {
    /// The names that were read in the sentence before.
    pub(super) earlier: &'s [String],
    /// The heading of its section.
    pub(super) heading: Option<&'s str>,
}

/// Reads every number of a sentence.
pub(super) fn read(sentence: &Sentence, around: Around, trace: &mut impl Trace) -> Vec<Reading> {
    let mut readings = Vec::new();
    // Most sentences have none, and nothing is carried to the next.
    if sentence.quantities.is_empty() {
        return readings;
    }
    let mut carry = Carry { earlier: around.earlier, heading: around.heading, ..Carry::default() };
    for clause in sentence.clauses() {
        carry.enter(&clause);
        for slot in &clause.slots {
            read_slot(slot, sentence.quantities, &mut carry, &mut readings, trace);
        }
    }
    readings
}

impl Carry<'_> {
    /// The last names read, so many of them; none where there are fewer.
    fn last_names(&self, count: usize) -> Option<&[String]> {
        Some(&self.names[self.names.len().checked_sub(count)?..])
    }

    /// The same, of the sentence before where this one has none.
    fn told_names(&self, count: usize) -> Option<&[String]> {
        let names = if self.names.is_empty() { self.earlier } else { &self.names };
        Some(&names[names.len().checked_sub(count)?..])
    }

    /// Forgets what does not reach into a clause, and keeps what the next ones may need of it.
    fn enter(&mut self, clause: &Clause) {
        if clause.fresh {
            self.verb = None;
            self.bound = None;
        }
        // 其中:甲2个: the clause is 其中 alone.
        self.among = clause.among || self.among && clause.words.is_empty();
        let words = name::without_openers(&clause.words);
        if !clause.slots.is_empty() || words.chars().count() < 2 {
            return;
        }
        self.actor = self.actor.take().or_else(|| actor(words).map(str::to_owned));
        self.topic = Some(words.to_owned());
        self.verb = None;
        self.bound = None;
        self.name = None;
    }
}

/// 市图书馆要加大…: an institution that is told what to do.
fn actor(words: &str) -> Option<&str> {
    let (actor, _) = words.split_once('要')?;
    (actor.chars().count() >= 3 && actor.chars().count() <= 12 && name::is_body(actor)).then_some(actor)
}

fn read_slot(
    slot: &Slot,
    quantities: &[Quantity],
    carry: &mut Carry,
    readings: &mut Vec<Reading>,
    trace: &mut impl Trace,
) {
    let Some(first) = slot.group.first().map(|i| &quantities[*i]) else { return };
    let before = Before::read(&slot.left);
    let Some(construal) = construe::construe(slot, &before, first, carry) else { return };
    let verb = bind::verb(&before, &construal, first.kind, &slot.right);
    let at_least = (slot.left.contains("至少") || slot.left.starts_with("不少于")).then_some(Comparator::Ge);
    if verb.is_some() {
        carry.verb = verb;
        carry.bound = at_least.filter(|_| !slot.left.ends_with("至少"));
    } else if before.reach {
        carry.verb = None;
        carry.bound = None;
    }
    trace.construed(slot, &before, &construal, verb, carry);
    // 新增企业23家、累计98家: the sum is none of what is added.
    let carried = carry.verb.filter(|_| verb.is_some() || !slot.left.starts_with("累计"));
    let shared = slot.group.iter().rev().find_map(|i| quantities[*i].bound);
    for (i, name) in pair(&slot.group, construal.names) {
        let quantity = &quantities[i];
        if name.is_empty() {
            continue;
        }
        // 到馆率达到40%,比2024年的36%提高4个百分点: what it is compared with.
        let compared = slot.left == "的";
        let (comparator, bound_by) = [
            (quantity.bound, BoundBy::Number),
            (shared, BoundBy::Beside),
            (before.bound, BoundBy::Before),
            (construal.bound, BoundBy::Inside),
            (at_least, BoundBy::AtLeast),
            (bind::leading_bound(&before), BoundBy::Leading),
            (carry.bound.filter(|_| !before.reach), BoundBy::Carried),
        ]
        .into_iter()
        .find_map(|(bound, by)| Some((bound?, by)))
        .unwrap_or((Comparator::Eq, BoundBy::Nothing));
        readings.push(Reading {
            quantity: i,
            comparator,
            bound_by,
            from: compared || matches!(before.frame, Some("由" | "从")),
            measure: bind::measure(quantity, &before, construal.rule, &name, verb, carried),
            scope: construal.scope.clone().or_else(|| carry.actor.clone()),
            rule: construal.rule,
            name: name.clone(),
        });
        if !carry.names.contains(&name) {
            carry.names.push(name.clone());
        }
        // 总量居第四,增速居前三: a rank is no subject of the next.
        if construal.rule != Rule::Ranked || carry.name.is_none() {
            carry.name = Some(name);
        }
    }
}

/// Which number goes with which name: one for all, or in the same order; of too many names the last ones.
fn pair(group: &[usize], names: Vec<String>) -> Vec<(usize, String)> {
    match group {
        [only] => names.into_iter().map(|name| (*only, name)).collect(),
        _ if names.len() >= group.len() => {
            let skip = names.len() - group.len();
            group.iter().copied().zip(names.into_iter().skip(skip)).collect()
        }
        _ => group.iter().filter_map(|i| names.last().map(|name| (*i, name.clone()))).collect(),
    }
}

#[cfg(test)]
mod tests;
