//! The words before a number, read backwards from it.

use std::borrow::Cow;

use entity::value::{Comparator, Measure};

use super::{
    coordination,
    lexicon::{self, Effect, TURNED_BY_TO},
    name,
};

/// What the words before a number say of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Before {
    /// The words that are left: the subject, or the verb and the noun.
    pub(super) subject: String,
    /// How they bind the number.
    pub(super) bound: Option<Comparator>,
    /// Whether every thing named has the number, or one of the numbers, for itself.
    pub(super) each: bool,
    /// Whether a verb says that the subject's level is, or changes by, the number.
    pub(super) reach: bool,
    /// Whether that verb only says which side of the number the level, or the change, lies on: 超过.
    passed: bool,
    /// A change by the number.
    pub(super) change: Option<Measure>,
    /// The verb whose object is counted: [`Effect::Gain`] or [`Effect::Have`].
    pub(super) verb: Option<(&'static str, Effect)>,
    /// Whether the number is a share of something: 占.
    pub(super) part: bool,
    /// The preposition that leads in what is counted: 为, 在, 对.
    pub(super) frame: Option<&'static str>,
    /// Whether the number is the length of a list: 甲、乙等3家.
    pub(super) etc: bool,
}

impl Before {
    /// Reads the words before a number.
    ///
    /// - `入园率分别达到` leaves 入园率, which reaches, each its own;
    /// - `每个县至少新建` leaves 每个县, with a verb that adds and a lower bound;
    /// - `差错率比上年下降` leaves 差错率, which changes downwards;
    /// - `差错率降低到` leaves 差错率, which reaches: 到 makes a level of the change.
    pub(super) fn read(words: &str) -> Self {
        let words = heads_first(words);
        let mut read = Self::default();
        let mut rest = &*words;
        // 升至2020年的5%: once the year is gone, a 的 stands behind the verb.
        if let Some(shorter) = rest.strip_suffix('的')
            && lexicon::last_word(shorter).is_some_and(|(word, effect)| {
                matches!(effect, Effect::Reach | Effect::To | Effect::Frame)
                    || ["目前", "当前", "现在", "原来", "原先"].contains(&word)
            })
        {
            rest = shorter;
        }
        while let Some((word, effect)) = lexicon::last_word(rest) {
            let shorter = &rest[..rest.len() - word.len()];
            // 甲率、乙率分别由…, 甲、乙分别新增…: a preposition or a verb that adds takes no other word than 分别.
            let adds = matches!(read.verb, Some((_, Effect::Gain)));
            let led = read.frame.is_some() || read.etc || adds;
            let each = effect == Effect::Each
                && if adds { read.frame.is_none() } else { matches!(read.frame, Some("由" | "从")) };
            if led && !each || !read.take(word, effect, shorter) {
                break;
            }
            rest = shorter;
            if effect == Effect::To
                && let Some(verb) = lexicon::longest_end(rest, TURNED_BY_TO)
            {
                rest = &rest[..rest.len() - verb.len()];
            }
        }
        let rest = name::without_means(rest);
        read.subject = mean_first(name::without_last_span(name::without_base(rest)));
        read
    }

    /// Takes in one word; tells whether it belongs to the number and not to the subject.
    fn take(&mut self, word: &'static str, effect: Effect, shorter: &str) -> bool {
        let counted = self.verb.is_some();
        match effect {
            Effect::Stop => return false,
            Effect::Adverb | Effect::Place => {}
            Effect::Bound(comparator) => self.bound = self.bound.or(Some(comparator)),
            Effect::Pass(comparator) => {
                if counted {
                    return false;
                }
                self.bound = self.bound.or(Some(comparator));
                self.reach = true;
                self.passed = true;
            }
            Effect::Each => self.each = true,
            Effect::Reach | Effect::To => {
                if counted || self.part || self.change.is_some() {
                    return false;
                }
                self.reach = true;
            }
            Effect::Up | Effect::Down => {
                // 增长均超过20% changes; 增长到20% reaches.
                if counted || self.reach && !self.passed {
                    return false;
                }
                self.change = Some(if effect == Effect::Up { Measure::Increase } else { Measure::Decrease });
                self.reach = true;
            }
            Effect::Gain | Effect::Have => {
                // 服务覆盖: behind a verb that has, another word is the subject's own.
                if self.reach || is_object(word, effect, shorter) || counted && effect == Effect::Have {
                    return false;
                }
                self.verb = Some((word, effect));
            }
            Effect::Part => {
                self.part = true;
                self.reach = true;
            }
            Effect::Frame => {
                // 失业率为5% reaches; 为7万名老人… leads in.
                if self.reach && word != "由" && word != "从" {
                    return false;
                }
                // 达标率均在90%以上 reaches; 在10所学校… leads in.
                let bare = shorter.trim_end_matches(['均', '都', '各']);
                if word == "在" && !counted && name::is_measured(bare.strip_suffix("分别").unwrap_or(bare)) {
                    self.reach = true;
                    return true;
                }
                if word == "为" && !shorter.is_empty() && !counted {
                    self.reach = true;
                }
                self.frame = Some(word);
            }
            Effect::Etc => self.etc = true,
        }
        true
    }
}

/// Puts what kind of mean it is before what is measured: 候诊时间平均, 接诊量日均.
fn mean_first(subject: &str) -> String {
    let mean = lexicon::longest_end(subject, &["平均", "日均", "周均", "月均"]).unwrap_or("");
    let thing = name::without_openers(&subject[..subject.len() - mean.len()]);
    match mean {
        _ if mean.is_empty() || thing.is_empty() => subject.to_owned(),
        // 电子病历平均5级.
        "平均" if !name::is_measured(thing) => thing.to_owned(),
        _ => format!("{mean}{thing}"),
    }
}

/// Puts the population that stands behind what is measured before it, where names have it: 精神科床位达到每万人口(5.5张),
/// 病房由每千人口(3间).
fn heads_first(words: &str) -> Cow<'_, str> {
    let bound = match lexicon::last_word(words) {
        Some((word, Effect::Bound(_))) => word,
        _ => "",
    };
    let told = &words[..words.len() - bound.len()];
    // 经费提高到人均(5元): a mean behind the verb.
    if let Some(verb) = ["人均", "户均", "床均", "次均"].into_iter().find_map(|mean| told.strip_suffix(mean))
        && matches!(lexicon::last_word(verb), Some((_, Effect::Reach | Effect::To)))
    {
        return format!("{}{verb}{bound}", &told[verb.len()..]).into();
    }
    let Some(at) = told.rfind('每').filter(|at| *at > 0) else { return words.into() };
    let (thing, heads) = told.split_at(at);
    // 建设每千人口床位…, 增至每千人口…: a verb, or nothing, that is measured.
    let thing = name::without_openers(thing);
    if coordination::per_head(heads) != heads || heads.is_empty() || thing.is_empty() {
        return words.into();
    }
    format!("{heads}{thing}{bound}").into()
}

/// Whether a verb before a number is a noun: the object of another verb (完成技能培训3万人次), or a doing that is named
/// by whom it is done to (肺癌筛查2万例).
fn is_object(word: &str, effect: Effect, shorter: &str) -> bool {
    const DOINGS: &[&str] = &[
        "改造", "建设", "培训", "检查", "筛查", "治理", "监测", "救治", "接种", "服务", "整治", "救助", "资助", "巡查",
        "帮扶", "抽检", "更新", "慰问", "立项", "签约",
    ];
    let rest = name::without_openers(shorter);
    let verb = lexicon::first_word(rest).filter(|(verb, effect)| {
        let long = verb.chars().count() > 1 || *verb == "获";
        matches!(effect, Effect::Gain | Effect::Have) && rest.len() > verb.len() && long
    });
    let led = verb.is_some() && (effect == Effect::Have || DOINGS.contains(&word));
    // 市县投入2亿元.
    if word == "投入" && verb.is_none() && !rest.is_empty() {
        return true;
    }
    let done = verb.is_none() && effect == Effect::Have && DOINGS.contains(&word) && rest.chars().count() >= 2;
    led || done
        && !name::is_body(rest)
        && !matches!(lexicon::last_word(rest), Some((_, Effect::Bound(_) | Effect::Adverb)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_backwards() {
        let read = Before::read("甲率和乙率分别达到");
        assert_eq!((read.subject.as_str(), read.reach, read.each), ("甲率和乙率", true, true));
        let read = Before::read("每个县至少新建");
        assert_eq!((read.subject.as_str(), read.verb), ("每个县至少", Some(("新建", Effect::Gain))));
        let read = Before::read("差错率比上年下降");
        assert_eq!((read.subject.as_str(), read.change), ("差错率", Some(Measure::Decrease)));
        let read = Before::read("差错率降低到");
        assert_eq!((read.subject.as_str(), read.change, read.reach), ("差错率", None, true));
        let read = Before::read("床位使用率不低于");
        assert_eq!((read.subject.as_str(), read.bound, read.reach), ("床位使用率", Some(Comparator::Ge), false));
        assert_eq!(Before::read("居民人均").subject, "居民人均");
        assert_eq!(Before::read("借书时间平均不超过").subject, "平均借书时间");
        let read = Before::read("图书馆座席由每千人口");
        assert_eq!((read.subject.as_str(), read.frame), ("每千人口图书馆座席", Some("由")));
        let read = Before::read("座席按每千人口不少于");
        assert_eq!((read.subject.as_str(), read.bound), ("每千人口座席", Some(Comparator::Ge)));
    }
}
