//! The numbers of lists, which Word counts and keeps in no run (ECMA-376-1, 17.9).

use std::collections::{HashMap, HashSet};

use extract::text::han_numeral;
use quick_xml::{Reader, events::BytesStart, events::Event};

/// Levels of a list.
const LEVELS: usize = 9;

/// All lists of a document.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    /// Definitions by `abstractNumId`.
    lists: HashMap<String, List>,
    /// Lists in use by `numId`.
    used: HashMap<String, Used>,
    styles: HashMap<String, Style>,
}

/// How far a document has counted.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// The numbers last given out in each definition, by level.
    last: HashMap<String, [Option<u32>; LEVELS]>,
    /// The lists that have begun, by `numId` and level.
    begun: HashSet<(String, usize)>,
}

/// The definition of a list.
#[derive(Debug, Default)]
struct List {
    levels: HashMap<usize, Level>,
    /// The style whose list is meant instead.
    link: Option<String>,
}

#[derive(Clone, Debug)]
struct Level {
    start: u32,
    format: String,
    /// `第%1章`: the numbers of the levels, counted from 1, between other signs.
    text: String,
    /// The style of paragraphs that stand at this level.
    style: Option<String>,
    /// Whether all numbers in it are written in Arabic digits.
    legal: bool,
}

#[derive(Debug, Default)]
struct Used {
    list: String,
    starts: HashMap<usize, u32>,
    levels: HashMap<usize, Level>,
}

/// What a style says of numbers.
#[derive(Debug, Default)]
struct Style {
    base: Option<String>,
    place: Place,
}

/// Where a paragraph stands in a list, as far as it or its style says.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    pub(super) list: Option<String>,
    pub(super) level: Option<usize>,
}

impl Place {
    /// Takes what an element inside `numPr` says.
    pub(super) fn read(&mut self, element: &BytesStart<'_>) {
        match element.local_name().as_ref() {
            "numId" => self.list = value(element),
            "ilvl" => self.level = value(element).and_then(|level| level.parse().ok()),
            _ => {}
        }
    }
}

/// The attribute `w:val`.
pub(super) fn value(element: &BytesStart<'_>) -> Option<String> {
    attribute(element, "val")
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(found.value.into_owned())
}

impl Numbering {
    /// Reads `word/numbering.xml` and `word/styles.xml`; what is damaged there is left out.
    pub(super) fn read(numbering: &str, styles: &str) -> Self {
        let mut found = Self::default();
        found.read_lists(numbering);
        found.read_styles(styles);
        found
    }

    fn read_lists(&mut self, xml: &str) {
        let (mut list, mut used, mut at) = (None::<String>, None::<String>, None::<usize>);
        elements(xml, |element, closes| {
            let name = element.local_name();
            match name.as_ref() {
                "abstractNum" => (list, used, at) = (attribute(element, "abstractNumId"), None, None),
                "num" => (list, used, at) = (None, attribute(element, "numId"), None),
                "lvl" | "lvlOverride" => {
                    at = attribute(element, "ilvl").and_then(|level| level.parse().ok()).filter(|at| *at < LEVELS);
                    if closes || name.as_ref() == "lvlOverride" {
                        return;
                    }
                    let levels = match (&list, &used) {
                        (Some(list), _) => &mut self.lists.entry(list.clone()).or_default().levels,
                        (None, Some(used)) => &mut self.used.entry(used.clone()).or_default().levels,
                        (None, None) => return,
                    };
                    if let Some(at) = at {
                        levels.insert(at, Level::default());
                    }
                }
                "abstractNumId" => {
                    if let (Some(used), Some(list)) = (&used, value(element)) {
                        self.used.entry(used.clone()).or_default().list = list;
                    }
                }
                "startOverride" => {
                    let start = value(element).and_then(|start| start.parse().ok());
                    if let (Some(used), Some(at), Some(start)) = (&used, at, start) {
                        self.used.entry(used.clone()).or_default().starts.insert(at, start);
                    }
                }
                "numStyleLink" => {
                    if let Some(list) = &list {
                        self.lists.entry(list.clone()).or_default().link = value(element);
                    }
                }
                field => {
                    let levels = match (&list, &used) {
                        (Some(list), _) => self.lists.get_mut(list).map(|list| &mut list.levels),
                        (None, Some(used)) => self.used.get_mut(used).map(|used| &mut used.levels),
                        (None, None) => None,
                    };
                    if let Some(level) = levels.zip(at).and_then(|(levels, at)| levels.get_mut(&at)) {
                        level.set(field, element);
                    }
                }
            }
        });
    }

    fn read_styles(&mut self, xml: &str) {
        let mut open = None::<String>;
        elements(xml, |element, _| {
            if element.local_name().as_ref() == "style" {
                open = attribute(element, "styleId");
            }
            let Some(open) = &open else { return };
            let style = self.styles.entry(open.clone()).or_default();
            if element.local_name().as_ref() == "basedOn" {
                style.base = value(element);
            }
            style.place.read(element);
        });
    }

    /// The number of the next paragraph with this place and style, as Word shows it; none where it has none.
    pub(super) fn next(&self, counts: &mut Counts, place: &Place, style: Option<&str>) -> Option<String> {
        let (id, level) = self.place(place, style)?;
        let used = self.used.get(&id)?;
        let list = self.linked(&used.list)?;
        let definition = |at: usize| used.levels.get(&at).or_else(|| self.lists.get(list)?.levels.get(&at));
        let own = definition(level)?;
        if own.format == "bullet" {
            return None;
        }
        let first = counts.begun.insert((id.clone(), level)).then(|| used.starts.get(&level)).flatten();
        let counts = counts.last.entry(list.to_owned()).or_default();
        counts[level] = Some(match (first, counts[level]) {
            (Some(start), _) => *start,
            (None, Some(last)) => last.saturating_add(1),
            (None, None) => own.start,
        });
        counts[level + 1..].fill(None);
        let number = |at: usize| {
            let level = definition(at)?;
            let format = if own.legal { "decimal" } else { level.format.as_str() };
            Some(written(counts.get(at)?.unwrap_or(level.start), format))
        };
        let mut label = String::new();
        let mut rest = own.text.chars().peekable();
        while let Some(c) = rest.next() {
            let at = rest.peek().filter(|_| c == '%').and_then(|digit| digit.to_digit(10)).filter(|at| *at > 0);
            match at {
                Some(at) => {
                    rest.next();
                    label.push_str(&number(at as usize - 1).unwrap_or_default());
                }
                None => label.push(c),
            }
        }
        Some(label).filter(|label| !label.is_empty())
    }

    /// The list and the level of a paragraph, by itself or by its style.
    fn place(&self, place: &Place, style: Option<&str>) -> Option<(String, usize)> {
        let mut chain = std::iter::successors(style, |style| self.styles.get(*style)?.base.as_deref()).take(LEVELS);
        let (list, styled) = match &place.list {
            Some(list) => (list.clone(), None),
            None => chain.find_map(|name| {
                let style = self.styles.get(name)?;
                Some((style.place.list.clone()?, Some((name, style.place.level))))
            })?,
        };
        // Word writes 0 for a paragraph without a number.
        let used = self.used.get(&list)?;
        let levels = &self.lists.get(self.linked(&used.list)?)?.levels;
        let of_style =
            |name: &str| levels.iter().find(|(_, level)| level.style.as_deref() == Some(name)).map(|(at, _)| *at);
        let level = place.level.or_else(|| styled.and_then(|(name, level)| level.or_else(|| of_style(name))));
        Some((list, level.unwrap_or(0))).filter(|(_, level)| *level < LEVELS)
    }

    /// The definition that is meant by another one.
    fn linked<'a>(&'a self, list: &'a str) -> Option<&'a str> {
        match &self.lists.get(list)?.link {
            Some(style) => Some(&self.used.get(self.styles.get(style)?.place.list.as_ref()?)?.list),
            None => Some(list),
        }
    }
}

impl Default for Level {
    fn default() -> Self {
        Self { start: 1, format: "decimal".to_owned(), text: String::new(), style: None, legal: false }
    }
}

impl Level {
    fn set(&mut self, field: &str, element: &BytesStart<'_>) {
        let Some(value) = value(element) else {
            self.legal |= field == "isLgl";
            return;
        };
        match field {
            "start" => self.start = value.parse().unwrap_or(1),
            "numFmt" => self.format = value,
            "lvlText" => self.text = value,
            "pStyle" => self.style = Some(value),
            "isLgl" => self.legal = value != "0" && value != "false",
            _ => {}
        }
    }
}

/// Every element of a document, and whether it is empty.
fn elements(xml: &str, mut take: impl FnMut(&BytesStart<'_>, bool)) {
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) => take(&element, false),
            Ok(Event::Empty(element)) => take(&element, true),
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

/// A number in one of the formats of 17.18.59 that Chinese documents use.
fn written(number: u32, format: &str) -> String {
    let sign = |first: char, last: char| {
        let sign = char::from_u32(u32::from(first) + number.checked_sub(1)?).filter(|sign| *sign <= last)?;
        Some(sign.to_string())
    };
    let special = match format {
        "none" => Some(String::new()),
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "ideographDigital"
        | "japaneseDigitalTenThousand" => han_numeral(number),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => sign('①', '⑳'),
        "decimalEnclosedParen" => sign('⑴', '⒇'),
        "decimalEnclosedFullstop" => sign('⒈', '⒛'),
        "upperLetter" => sign('A', 'Z'),
        "lowerLetter" => sign('a', 'z'),
        "decimalZero" => Some(format!("{number:02}")),
        _ => None,
    };
    special.unwrap_or_else(|| number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTS: &str = r#"<w:numbering xmlns:w="w">
        <w:abstractNum w:abstractNumId="7">
            <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:pStyle w:val="H1"/><w:lvlText w:val="%1、"/></w:lvl>
            <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:pStyle w:val="H2"/><w:lvlText w:val="（%2）"/></w:lvl>
            <w:lvl w:ilvl="2"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%3"/></w:lvl>
            <w:lvl w:ilvl="3"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl>
        </w:abstractNum>
        <w:abstractNum w:abstractNumId="8"><w:numStyleLink w:val="L"/></w:abstractNum>
        <w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
        <w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
        <w:num w:numId="3"><w:abstractNumId w:val="8"/></w:num></w:numbering>"#;
    const STYLES: &str = r#"<w:styles xmlns:w="w">
        <w:style w:styleId="H1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
        <w:style w:styleId="H2"><w:basedOn w:val="H1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
        <w:style w:styleId="H2a"><w:basedOn w:val="H2"/></w:style>
        <w:style w:styleId="L"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style></w:styles>"#;

    #[test]
    fn counts_as_word_does() {
        let (numbering, mut counts) = (Numbering::read(LISTS, STYLES), Counts::default());
        let mut next = |list: &str, level: usize| {
            let place = Place { list: Some(list.to_owned()), level: Some(level) };
            numbering.next(&mut counts, &place, None).unwrap_or_default()
        };
        let shown = [
            ("1", 0),
            ("1", 1),
            ("1", 1),
            ("1", 2),
            ("1", 3),
            ("1", 2),
            ("1", 0),
            ("1", 1),
            ("3", 0),
            ("2", 0),
            ("0", 0),
            ("9", 0),
        ];
        let labels = shown.map(|(list, level)| next(list, level));
        assert_eq!(labels, ["一、", "（一）", "（二）", "1.3", "", "1.4", "二、", "（一）", "三、", "一、", "", ""]);
    }

    #[test]
    fn asks_styles() {
        let (numbering, mut counts) = (Numbering::read(LISTS, STYLES), Counts::default());
        let labels = ["H1", "H2", "H2a", "H1", "other"]
            .map(|style| numbering.next(&mut counts, &Place::default(), Some(style)).unwrap_or_default());
        assert_eq!(labels, ["一、", "（一）", "（二）", "二、", ""]);
        let none = Place { list: Some("0".to_owned()), level: None };
        assert_eq!(numbering.next(&mut counts, &none, Some("H1")), None);
    }

    #[test]
    fn bears_damaged_files() {
        let mut counts = Counts::default();
        let numbering = Numbering::read("<w:lvl w:ilvl='99'/><w:num><", "<w:style");
        assert_eq!(
            numbering.next(&mut counts, &Place { list: Some("1".to_owned()), level: Some(200) }, Some("x")),
            None
        );
        let style = "<w:style w:styleId='a'><w:basedOn w:val='a'/></w:style>";
        assert_eq!(Numbering::read("", style).next(&mut counts, &Place::default(), Some("a")), None);
    }

    #[test]
    fn writes_formats() {
        let formats = ["decimal", "chineseCountingThousand", "decimalEnclosedCircle", "lowerLetter", "none", "ordinal"];
        assert_eq!(formats.map(|format| written(12, format)), ["12", "十二", "⑫", "l", "", "12"]);
        assert_eq!(written(30, "decimalEnclosedCircle"), "30");
    }
}
