//! Names that the catalogue lacks.

use entity::value::Measure;

use super::{fold::Folded, unit::Family};

/// What figures without a concept have in common that could be figures of the same one: the name in the spelling by which
/// the catalogue compares, the family of their units, and whether they count what is new.
///
/// ```
/// use entity::value::Measure::{Increase, Level};
/// use extract::concept::Unknown;
///
/// let rate = Unknown::of("全市小学入园率（%）", Some("%"), Level);
/// assert_eq!(rate, Unknown::of("小学入园率", Some("‰"), Level));
/// assert_ne!(rate, Unknown::of("小学入园率", Some("个百分点"), Level));
/// assert_eq!(Unknown::of("小学入园率", Some("%"), Increase), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unknown {
    name: String,
    family: Family,
    new: bool,
}

impl Unknown {
    /// Of a figure's name, unit and kind of quantity; none for a change or a rank, which no concept stands for.
    #[must_use]
    pub fn of(name: &str, unit: Option<&str>, measure: Measure) -> Option<Self> {
        let folded = Folded::new(name);
        let family = Family::of(unit, &folded);
        let stands = matches!(measure, Measure::Level | Measure::New) && !folded.text.is_empty();
        stands.then(|| Self { name: folded.text, family, new: measure == Measure::New })
    }
}
