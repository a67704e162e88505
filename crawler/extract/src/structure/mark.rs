//! The numbers in front of paragraphs.
//!
//! Official documents number in a fixed order, `一、` over `（一）` over `1.` over `（1）` (GB/T 9704-2012, 7.3.3); plans add
//! `第一章` and `第一节` above, `①` below, and boxes (`专栏1`) beside the tasks.

use std::ops::Range;

use crate::text::half_width;

/// How a number is written, highest rank first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Style {
    /// 第一篇, 第一部分
    Part,
    /// 第一章
    Chapter,
    /// 第一节
    Section,
    /// 一、
    Han,
    /// （一）
    HanParen,
    /// 1.
    Arabic,
    /// 1.1
    Decimal,
    /// （1） or 1）
    ArabicParen,
    /// ①
    Circled,
}

/// A number in front of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) style: Style,
    /// Its value.
    pub(crate) value: u32,
    /// The number as printed, without the space behind it: a range of the line.
    pub(crate) number: Range<usize>,
    /// Where the text behind it starts.
    pub(crate) rest: usize,
}

impl Mark {
    /// Whether white space parts the number from the text, as in `4. 扩大`.
    pub(crate) const fn spaced(&self) -> bool {
        self.rest > self.number.end
    }
}

/// The number in front of a line.
pub(crate) fn mark(line: &str) -> Option<Mark> {
    let mut cursor = Cursor { line, at: 0 };
    let (style, value) = signs(&mut cursor)
        .or_else(|| decimal(&mut Attempt::on(&mut cursor)))
        .or_else(|| ordinal(&mut Attempt::on(&mut cursor)))
        .or_else(|| bracketed(&mut Attempt::on(&mut cursor)))
        .or_else(|| bare(&mut Attempt::on(&mut cursor)))?;
    let end = cursor.at;
    cursor.space();
    Some(Mark { style, value, number: 0..end, rest: cursor.at })
}

/// `专栏4 …` as the heading of a box: its number as printed, and where its heading starts.
pub(crate) fn boxed(line: &str) -> Option<(Range<usize>, usize)> {
    let mut cursor = Cursor { line, at: 0 };
    let bracket = cursor.take(|c| matches!(c, '【' | '[' | '〔')).is_some();
    let start = cursor.at;
    if !line[cursor.at..].starts_with("专栏") {
        return None;
    }
    cursor.at += "专栏".len();
    let word = cursor.at;
    cursor.space();
    let numbered = cursor.arabic().or_else(|| cursor.han()).is_some();
    let number = start..if numbered { cursor.at } else { word };
    if bracket {
        cursor.take(|c| matches!(c, '】' | ']' | '〕'));
    }
    let behind = cursor.at;
    while cursor.take(|c| matches!(c, ':' | '、' | '.' | ' ' | '\t')).is_some() {}
    // 专栏 as a word of a sentence has neither a number nor a sign behind it.
    (numbered || cursor.at > behind).then_some((number, cursor.at)).filter(|_| !line.contains('。'))
}

/// `附件1：…` or `附表` as the headline of an annex: its label as printed, and where its name starts.
pub(crate) fn annex(line: &str) -> Option<(Range<usize>, usize)> {
    let word = ["附件", "附表", "附录"].into_iter().find(|word| line.starts_with(word))?;
    let mut cursor = Cursor { line, at: word.len() };
    cursor.space();
    let numbered = cursor.arabic().or_else(|| cursor.han()).is_some();
    let label = 0..if numbered { cursor.at } else { word.len() };
    while cursor.take(|c| matches!(c, ':' | ' ' | '\t' | '.' | '、')).is_some() {}
    // 附件要齐全 is a sentence, and `附件：1.…` a list of annexes.
    let parted = cursor.at > label.end || cursor.at == line.len();
    let headline = line.chars().count() <= 50 && !line.contains(['。', '；']) && mark(&line[cursor.at..]).is_none();
    (parted && headline).then_some((label, cursor.at))
}

/// Numbers that are one sign: ①, ⑴, ⒈, ㈠.
fn signs(cursor: &mut Cursor<'_>) -> Option<(Style, u32)> {
    let of = |c: char| {
        [
            ('①'..='⑳', Style::Circled),
            ('⑴'..='⒇', Style::ArabicParen),
            ('⒈'..='⒛', Style::Arabic),
            ('㈠'..='㈩', Style::HanParen),
        ]
        .into_iter()
        .find(|(signs, _)| signs.contains(&c))
        .map(|(signs, style)| (style, u32::from(c) - u32::from(*signs.start()) + 1))
    };
    of(cursor.take(|c| of(c).is_some())?)
}

/// 1.1 and 1.1.2, the last part as the value. White space has to follow and then a word that is no unit, since `3.5 万`
/// is a figure.
fn decimal(cursor: &mut Attempt<'_, '_>) -> Option<(Style, u32)> {
    let part = |cursor: &mut Attempt<'_, '_>| cursor.arabic().filter(|value| *value < 100);
    part(cursor)?;
    let mut value = None;
    while cursor.take(|c| c == '.').is_some() && cursor.peek().is_some_and(|c| c.is_ascii_digit()) {
        value = Some(part(cursor)?);
    }
    let mut ahead = Cursor { line: cursor.line, at: cursor.at };
    ahead.space();
    let spaced = ahead.at > cursor.at;
    let unit = |c: char| !c.is_alphabetic() || "亿万千百个家名人张所台元岁倍成年月日天分次位项公平毫".contains(c);
    let value = value.filter(|_| spaced && ahead.peek().is_some_and(|c| !unit(c)))?;
    Some(cursor.keep((Style::Decimal, value)))
}

/// 第一章 and the like.
fn ordinal(cursor: &mut Attempt<'_, '_>) -> Option<(Style, u32)> {
    cursor.take(|c| c == '第')?;
    cursor.space();
    let value = cursor.han().or_else(|| cursor.arabic())?;
    cursor.space();
    let style = match cursor.take(|c| matches!(c, '篇' | '部' | '章' | '节'))? {
        '章' => Style::Chapter,
        '节' => Style::Section,
        '部' => cursor.take(|c| c == '分').map(|_| Style::Part)?,
        _ => Style::Part,
    };
    // 第一节课 is no heading: a space, a sign or the end must follow.
    let follows = cursor.peek().is_none_or(|c| matches!(c, ' ' | '\t' | ':' | '、' | '.'));
    cursor.take(|c| matches!(c, ':' | '、' | '.'));
    follows.then(|| cursor.keep((style, value)))
}

/// （一） and （1）, also 1）.
fn bracketed(cursor: &mut Attempt<'_, '_>) -> Option<(Style, u32)> {
    let open = cursor.take(|c| c == '(').is_some();
    cursor.space();
    let (style, value) = match cursor.arabic() {
        Some(value) => (Style::ArabicParen, value),
        None if open => (Style::HanParen, cursor.han()?),
        None => return None,
    };
    cursor.space();
    cursor.take(|c| c == ')')?;
    cursor.take(|c| matches!(c, '、' | '.'));
    Some(cursor.keep((style, value)))
}

/// 一、 and 1.
fn bare(cursor: &mut Attempt<'_, '_>) -> Option<(Style, u32)> {
    if let Some(value) = cursor.arabic() {
        cursor.space();
        cursor.take(|c| matches!(c, '.' | '、'))?;
        // 3.5 is a figure, and 2025. a year.
        return (value < 1000 && !cursor.peek().is_some_and(|c| c.is_ascii_digit()))
            .then(|| cursor.keep((Style::Arabic, value)));
    }
    let value = cursor.han()?;
    cursor.space();
    cursor.take(|c| matches!(c, '、' | '.'))?;
    // 二、三级医院 lists classes.
    let mut ahead = Cursor { line: cursor.line, at: cursor.at };
    let list = ahead.han().is_some() && ahead.peek().is_some_and(|c| matches!(c, '级' | '类' | '线' | '期' | '、'));
    (!list).then(|| cursor.keep((Style::Han, value)))
}

/// Walks over a line, full-width forms read as half-width ones.
struct Cursor<'a> {
    line: &'a str,
    at: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<char> {
        self.line[self.at..].chars().next().map(half_width)
    }

    fn take(&mut self, wanted: impl Fn(char) -> bool) -> Option<char> {
        let printed = self.line[self.at..].chars().next()?;
        let c = half_width(printed);
        wanted(c).then(|| {
            self.at += printed.len_utf8();
            c
        })
    }

    fn space(&mut self) {
        while self.take(char::is_whitespace).is_some() {}
    }

    fn arabic(&mut self) -> Option<u32> {
        let mut value: Option<u32> = None;
        while let Some(digit) = self.take(|c| c.is_ascii_digit()).and_then(|c| c.to_digit(10)) {
            value = Some(value.unwrap_or(0).saturating_mul(10).saturating_add(digit));
        }
        value
    }

    /// A Chinese numeral below 100.
    fn han(&mut self) -> Option<u32> {
        let start = self.at;
        while self.take(|c| c == '十' || han_digit(c).is_some()).is_some() {}
        han_number(&self.line[start..self.at])
    }
}

/// A cursor that steps back unless what it read is kept.
struct Attempt<'c, 'a> {
    cursor: &'c mut Cursor<'a>,
    start: usize,
    kept: bool,
}

impl<'c, 'a> Attempt<'c, 'a> {
    const fn on(cursor: &'c mut Cursor<'a>) -> Self {
        let start = cursor.at;
        Self { cursor, start, kept: false }
    }

    const fn keep<T: Copy>(&mut self, value: T) -> T {
        self.kept = true;
        value
    }
}

impl<'a> std::ops::Deref for Attempt<'_, 'a> {
    type Target = Cursor<'a>;

    fn deref(&self) -> &Self::Target {
        self.cursor
    }
}

impl std::ops::DerefMut for Attempt<'_, '_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.cursor
    }
}

impl Drop for Attempt<'_, '_> {
    fn drop(&mut self) {
        if !self.kept {
            self.cursor.at = self.start;
        }
    }
}

fn han_digit(c: char) -> Option<u32> {
    "一二三四五六七八九".chars().position(|d| d == c).and_then(|i| u32::try_from(i + 1).ok())
}

/// A Chinese numeral from 1 to 99: 七, 十, 十四, 二十, 三十一.
pub(crate) fn han_number(text: &str) -> Option<u32> {
    match text.chars().collect::<Vec<_>>()[..] {
        ['十'] => Some(10),
        [unit] => han_digit(unit),
        ['十', unit] => Some(10 + han_digit(unit)?),
        [tens, '十'] => Some(han_digit(tens)? * 10),
        [tens, '十', unit] => Some(han_digit(tens)? * 10 + han_digit(unit)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_style() {
        for (line, style, value, number, rest) in [
            ("第二章　健康环境", Style::Chapter, 2, "第二章", "健康环境"),
            ("第 3 节 饮水", Style::Section, 3, "第 3 节", "饮水"),
            ("第一部分：形势", Style::Part, 1, "第一部分：", "形势"),
            ("十二、保障", Style::Han, 12, "十二、", "保障"),
            ("（三）托育", Style::HanParen, 3, "（三）", "托育"),
            ("( 二 )托育", Style::HanParen, 2, "( 二 )", "托育"),
            ("１２．　义诊", Style::Arabic, 12, "１２．", "义诊"),
            ("3、义诊", Style::Arabic, 3, "3、", "义诊"),
            ("4 . 义诊", Style::Arabic, 4, "4 .", "义诊"),
            ("（2）义诊", Style::ArabicParen, 2, "（2）", "义诊"),
            ("5）义诊", Style::ArabicParen, 5, "5）", "义诊"),
            ("③义诊", Style::Circled, 3, "③", "义诊"),
            ("⑵义诊", Style::ArabicParen, 2, "⑵", "义诊"),
            ("⒊义诊", Style::Arabic, 3, "⒊", "义诊"),
            ("㈣ 义诊", Style::HanParen, 4, "㈣", "义诊"),
            ("1.2 义诊", Style::Decimal, 2, "1.2", "义诊"),
            ("１．２．３　义诊", Style::Decimal, 3, "１．２．３", "义诊"),
        ] {
            let found = mark(line).unwrap();
            assert_eq!(
                (found.style, found.value, &line[found.number], &line[found.rest..]),
                (style, value, number, rest)
            );
        }
    }

    #[test]
    fn leaves_figures_and_words() {
        for line in [
            "3.5万人参加",
            "3.5 万人参加",
            "3.5 %的人参加",
            "2025年新增",
            "2025.",
            "二、三级医院都设",
            "第一节课讲洗手",
            "一是义诊",
            "（试行）",
            "1000.",
            "",
        ] {
            assert_eq!(mark(line), None, "{line}");
        }
    }

    #[test]
    fn reads_boxes() {
        let line = "【专栏 3】：义诊下乡";
        let (number, rest) = boxed(line).unwrap();
        assert_eq!((&line[number], &line[rest..]), ("专栏 3", "义诊下乡"));
        let line = "专栏十二\u{a0} 义诊";
        let (number, rest) = boxed(line).unwrap();
        assert_eq!((&line[number], &line[rest..]), ("专栏十二", "义诊"));
        assert_eq!(boxed("专栏每周刊出一期"), None);
    }

    #[test]
    fn reads_annexes() {
        for (line, label, name) in
            [("附件", "附件", ""), ("附件 2：义诊表", "附件 2", "义诊表"), ("附表一 义诊", "附表一", "义诊")]
        {
            let (number, rest) = annex(line).unwrap();
            assert_eq!((&line[number], &line[rest..]), (label, name));
        }
        for line in ["附件要齐全", "附件：1.义诊表", "附件：义诊表。"] {
            assert_eq!(annex(line), None, "{line}");
        }
    }
}
