//! Which units compare.

use super::fold::Folded;

/// Units whose figures can be set side by side once multiplied out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Family {
    /// Parts of a whole: %, ‰, /10万, /万.
    Share,
    /// Differences of parts of a whole: 个百分点.
    Points,
    /// Things counted: 个, 名, 张, or no unit.
    Count,
    /// Things counted for so many people each: the population stands in the name, or behind the unit.
    PerHead,
    /// Years of life.
    Age,
    /// Spans of time.
    Time,
    /// Grades on a scale.
    Grade,
    /// Composite indices.
    Index,
    /// Money, areas, weights.
    Amount,
}

impl Family {
    /// The family of a unit in a figure of that name.
    pub(super) fn of(unit: Option<&str>, name: &Folded) -> Self {
        match unit {
            // An index may be told in points or in parts of its best.
            None | Some("%" | "分") if name.is_index() => Self::Index,
            // 死亡率为0.
            None if name.text.ends_with('率') => Self::Share,
            Some("/10万" | "/万" | "/千") if name.is_count() => Self::PerHead,
            Some("%" | "‰" | "/10万" | "/万" | "/千") => Self::Share,
            Some("个百分点") => Self::Points,
            Some("岁" | "周岁") => Self::Age,
            Some("分钟" | "分" | "小时" | "秒") => Self::Time,
            Some("级") => Self::Grade,
            Some("元" | "亩" | "吨" | "米" | "平方米" | "平方公里" | "公里" | "公顷") => Self::Amount,
            _ if name.per_head() => Self::PerHead,
            _ => Self::Count,
        }
    }
}
