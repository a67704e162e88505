//! What is read from a text.

use std::ops::Range;

use chrono::NaiveDate;
use entity::value::{Comparator, Measure, Obligation, Period, PlanKind, RegionCode, RegionRole, Role, SectionKind};
use serde::Serialize;

/// A plan as it was read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Plan {
    /// The title as printed; where a part of a page has none, the page's title with the region.
    pub title: String,
    /// What kind of plan it is.
    pub kind: PlanKind,
    /// Whose plan it is, where that can be told.
    pub region: Option<Region>,
    /// 发布机构, written out in full where that can be told (湖州市卫生健康委员会).
    pub issuer: Option<String>,
    /// 文号.
    pub document_number: Option<String>,
    /// 索引号.
    pub index_number: Option<String>,
    /// 成文日期, or the date under the signature.
    pub issued_on: Option<NaiveDate>,
    /// 发布日期.
    pub published_on: Option<NaiveDate>,
    /// The years it is for.
    pub period: Option<Period>,
    /// 来源: who published it first, where the page names somebody.
    pub origin: Option<String>,
    /// The whole text, a paragraph a line. All ranges point into it, in bytes on character borders.
    pub text: String,
    /// Where in the text each annex begins that stood in a file of its own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub annexes: Vec<usize>,
    /// The sections in reading order, each after its parent.
    pub sections: Vec<Section>,
    /// The figures in reading order.
    pub indicators: Vec<Indicator>,
    /// Figures that are left out because the text at their place does not read as their value: a fault of the rules,
    /// and 0 where there is none.
    pub dropped: usize,
    /// The terms that the plan explains.
    pub glossary: Vec<Term>,
    /// The initiatives, documents and other regions that the plan names, in reading order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
}

/// A region as a text names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Region {
    /// Its code, where the name is known.
    pub code: Option<RegionCode>,
    /// The full name, or the name as written where it is not known.
    pub name: String,
}

/// A section of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    /// What it is.
    pub kind: SectionKind,
    /// The number as printed: 一、 (一) 1. 专栏4.
    pub number: Option<String>,
    /// The heading, without its number.
    pub heading: Option<String>,
    /// 1 for a top-level section.
    pub depth: u32,
    /// The section it stands in: an index into [`Plan::sections`], smaller than its own.
    pub parent: Option<usize>,
    /// All of it, from its number to the end of its last child.
    pub range: Range<usize>,
    /// Its own text behind the heading, children left out; empty where there is none.
    pub body: Range<usize>,
    /// 责任单位, in the order printed.
    pub responsible: Vec<String>,
}

/// One figure: a number about the region that could be checked a year later.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Indicator {
    /// The thing measured, as a table's row label would have it.
    pub name: String,
    /// The number; 万 and 亿 multiplied out; %, ‰ and /10万 as written.
    pub value: f64,
    /// The upper end of a range.
    pub value_max: Option<f64>,
    /// The number as printed, with its unit and suffix: 82.6岁以上.
    pub value_text: String,
    /// %, ‰, /10万, or a measure word (家, 分钟); none for a bare number.
    pub unit: Option<String>,
    /// How it binds.
    pub comparator: Comparator,
    /// What kind of quantity it is.
    pub measure: Measure,
    /// Aimed at or reached.
    pub role: Role,
    /// Whether it binds, where its table says so (属性).
    pub obligation: Option<Obligation>,
    /// The year it is for, or was reached in.
    pub year: Option<i32>,
    /// Place, institution or group that it is limited to, where narrower than the region.
    pub scope: Option<String>,
    /// Slug of the shared concept.
    pub concept: Option<String>,
    /// The sentence it stands in: a range of the plan's text that holds [`Indicator::range`].
    pub sentence: Range<usize>,
    /// The number with its suffix: a range of the plan's text that reads [`Indicator::value_text`].
    pub range: Range<usize>,
    /// The section it stands in: an index into [`Plan::sections`].
    pub section: usize,
    /// How sure the rules are, 0 to 1.
    pub confidence: f64,
}

/// A term that a plan explains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Term {
    /// The term.
    pub term: String,
    /// Its explanation.
    pub definition: String,
    /// The formula in the explanation, where it gives one.
    pub formula: Option<String>,
    /// Slug of the shared concept that the term names.
    pub concept: Option<String>,
    /// The whole entry: a range of the plan's text.
    pub range: Range<usize>,
    /// The section it stands in: an index into [`Plan::sections`].
    pub section: usize,
}

/// A place where a plan names something that other plans may name too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mention {
    /// What is named.
    pub kind: MentionKind,
    /// The same for all spellings of a name; of a region its code.
    pub key: String,
    /// The name as printed, on one line; of a document its own title, without what a notice wraps around it; of a region
    /// also that of a hospital of it, or of several regions together.
    pub name: String,
    /// Where it stands, its quotation marks with it.
    pub range: Range<usize>,
    /// The sentence that holds it.
    pub sentence: Range<usize>,
    /// The innermost section that holds it: an index into [`Plan::sections`].
    pub section: usize,
}

/// What a plan may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MentionKind {
    /// A document.
    Citation,
    /// A named initiative.
    Programme {
        /// Whether quotation marks set the name off.
        quoted: bool,
    },
    /// Another region than the plan's own and those above it.
    Region {
        /// As what it is named.
        role: RegionRole,
    },
}
