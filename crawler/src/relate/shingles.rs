//! What a text is compared by: its runs of a few characters, whatever stands between them.

use extract::text::half_width;

/// Characters of a shingle: long enough that texts of one field share few, short enough that a word changed spoils few.
const LENGTH: usize = 5;

/// The shingles of a text, runs of five characters unless said, by their hashes. Spaces, punctuation, the width of digits and the case of letters don't count.
///
/// ```
/// use crawler::relate::Shingles;
///
/// let one = Shingles::of("新增床位３０张，改造门诊两处。");
/// let other = Shingles::of("新增床位 30 张\n改造门诊两处");
/// assert_eq!(one.likeness(&other).share(), 1.0);
/// ```
#[derive(Clone, Debug)]
pub struct Shingles(Vec<u64>);

impl Shingles {
    /// Reads a text once.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self::with_length(text, LENGTH)
    }

    /// The same by runs of so many characters.
    pub(super) fn with_length(text: &str, length: usize) -> Self {
        let letters: Vec<char> = letters(text).map(|(_, letter)| letter).collect();
        let mut hashes: Vec<u64> =
            letters.windows(length).map(|run| hash(run.iter().map(|c| u64::from(u32::from(*c))))).collect();
        hashes.sort_unstable();
        hashes.dedup();
        Self(hashes)
    }

    /// How many there are, each counted once.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// What two texts have in common.
    #[must_use]
    pub fn likeness(&self, other: &Self) -> Likeness {
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut common = 0;
        while let (Some(one), Some(two)) = (left.peek(), right.peek()) {
            let order = one.cmp(two);
            common += usize::from(order.is_eq());
            if order.is_le() {
                left.next();
            }
            if order.is_ge() {
                right.next();
            }
        }
        Likeness { common, left: self.count(), right: other.count() }
    }

    pub(super) fn hashes(&self) -> &[u64] {
        &self.0
    }
}

/// What counts of a text, with its places in bytes.
pub(super) fn letters(text: &str) -> impl Iterator<Item = (usize, char)> {
    // Most are Chinese, and are told without looking further.
    let counts = |c: char| matches!(c, '\u{4E00}'..='\u{9FFF}') || c.is_alphanumeric();
    let letters = text.char_indices().map(|(at, c)| (at, half_width(c).to_ascii_lowercase()));
    letters.filter(move |(_, c)| counts(*c))
}

/// What two texts have in common, in shingles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Likeness {
    common: usize,
    left: usize,
    right: usize,
}

impl Likeness {
    /// The share of what either has that both have (Jaccard's index), from 0 to 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        ratio(self.common, self.left + self.right - self.common)
    }

    /// The same share, were so many of the common ones not common.
    pub(super) fn without(&self, some: usize) -> f64 {
        ratio(self.common.saturating_sub(some), self.left + self.right - self.common)
    }

    /// The share of the first text that stands in the second.
    #[must_use]
    pub fn of_left(&self) -> f64 {
        ratio(self.common, self.left)
    }

    /// The share of the second text that stands in the first.
    #[must_use]
    pub fn of_right(&self) -> f64 {
        ratio(self.common, self.right)
    }

    /// Whether one is a copy of the other, with more around it or with something left out: four fifths of the shorter
    /// stand in the longer, and the shorter has half its length at least. What is shorter than that is an excerpt.
    #[must_use]
    pub fn is_copy(&self) -> bool {
        let (shorter, longer) = (self.left.min(self.right), self.left.max(self.right));
        ratio(self.common, shorter) >= 0.8 && ratio(shorter, longer) >= 0.5
    }

    /// Whether the two are one text, but for what a page adds at its head or foot.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.share() >= 0.95
    }
}

/// 0 where there is nothing to share.
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// FNV-1a by words of 64 bits in the place of bytes, stirred at the end. Hashes are kept in the database: they must come
/// out the same on every machine, for ever.
pub(super) fn hash(words: impl Iterator<Item = u64>) -> u64 {
    stir(words.fold(0xcbf2_9ce4_8422_2325, |hash, word| (hash ^ word).wrapping_mul(0x0100_0000_01b3)))
}

/// The last step of SplitMix64 (Steele, Lea and Flood, 2014): every bit of the result depends on every bit of the number.
pub(super) const fn stir(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(one: &str, two: &str) -> Likeness {
        Shingles::of(one).likeness(&Shingles::of(two))
    }

    #[test]
    fn counts_what_is_common() {
        let found = likeness("甲乙丙丁戊己庚", "乙丙丁戊己辛壬癸");
        assert_eq!(found, Likeness { common: 1, left: 3, right: 4 });
        assert!((found.share() - 1.0 / 6.0).abs() < 1e-9);
        assert_eq!((found.of_left(), found.of_right()), (1.0 / 3.0, 0.25));
        assert_eq!(likeness("甲乙", "甲乙").share(), 0.0, "what is too short is like nothing");
        assert_eq!(likeness("ＡＥＤ设备，１５２台", "aed设备152台").share(), 1.0);
    }

    #[test]
    fn tells_copies_from_excerpts() {
        let text: String = ('一'..).take(400).collect();
        let part = |chars: usize| text.chars().take(chars).collect::<String>();
        let with_more = format!("来源某某网站编辑某某{text}");
        assert!(likeness(&text, &with_more).is_copy() && likeness(&with_more, &text).is_copy());
        assert!(likeness(&text, &with_more).is_same());
        assert!(likeness(&text, &part(250)).is_copy() && !likeness(&text, &part(250)).is_same());
        assert!(!likeness(&text, &part(120)).is_copy());
    }

    #[test]
    fn hashes_are_the_same_for_ever() {
        assert_eq!(Shingles::of("人均预期寿命").hashes(), [9_721_492_156_211_075_397, 17_764_291_581_372_555_224]);
    }
}
