//! Few numbers that stand for a text (MinHash: Broder, On the resemblance and containment of documents, 1997), in bands
//! that an index finds: two texts that are alike have some bands in common, others hardly any.

use super::shingles::{Shingles, hash, stir};

/// Bands of a signature.
const BANDS: usize = 16;
/// Numbers of a band. Texts that share a part `s` of what they hold have a band in common with the probability
/// 1 − (1 − s²)¹⁶: 0.98 where s is 0.46, as of a copy of half the text; 1.00 from 0.7 on; 0.15 where s is 0.1.
const ROWS: usize = 2;
/// A text of fewer shingles says too little to be told from others.
const LEAST: usize = 80;

/// The signature of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature([u64; BANDS * ROWS]);

impl Signature {
    /// The least hash of the shingles under each of many ways to hash them; none of a text that is too short.
    #[must_use]
    pub fn of(shingles: &Shingles) -> Option<Self> {
        if shingles.count() < LEAST {
            return None;
        }
        let mut least = [u64::MAX; BANDS * ROWS];
        for shingle in shingles.hashes() {
            for (least, (factor, summand)) in least.iter_mut().zip(WAYS) {
                *least = (*least).min(shingle.wrapping_mul(factor).wrapping_add(summand));
            }
        }
        Some(Self(least))
    }

    /// A hash for each band, of the band and of what else two texts must have in common.
    pub(super) fn bands(&self, context: [u64; 3]) -> impl Iterator<Item = i64> {
        let bands = self.0.chunks(ROWS).zip(0_u64..);
        bands.map(move |(rows, band)| hash(context.into_iter().chain([band]).chain(rows.iter().copied())).cast_signed())
    }

    /// The share of what either text has that both have, told from the signatures alone.
    #[must_use]
    pub fn estimate(&self, other: &Self) -> f64 {
        let equal = self.0.iter().zip(other.0).filter(|(one, two)| **one == *two).count();
        equal as f64 / self.0.len() as f64
    }
}

/// Ways to hash what is a hash already: an odd factor and a summand.
const WAYS: [(u64, u64); BANDS * ROWS] = {
    let mut ways = [(0, 0); BANDS * ROWS];
    let mut way = 0;
    while way < ways.len() {
        let seed = 2 * way as u64 + 1;
        ways[way] = (stir(seed) | 1, stir(seed + 1));
        way += 1;
    }
    ways
};

#[cfg(test)]
mod tests {
    use super::*;

    /// A text of its own for each number, of so many characters.
    fn text(number: u64, length: u64) -> String {
        (0..length).filter_map(|at| char::from_u32(0x4e00 + (stir(number * 1_000_003 + at) % 20_000) as u32)).collect()
    }

    #[test]
    fn the_estimate_is_near_the_truth() {
        let mut error = 0.0;
        let shares = [0, 200, 400, 600, 800, 1_000];
        for (number, common) in (0..).zip(shares.iter().cycle().take(60)) {
            let shared = text(3 * number, *common);
            let pages = [1, 2].map(|own| Shingles::of(&format!("{shared}{}", text(3 * number + own, 1_000 - common))));
            let [one, two] = pages.each_ref().map(|page| Signature::of(page).unwrap());
            let off = one.estimate(&two) - pages[0].likeness(&pages[1]).share();
            assert!(off.abs() < 0.3, "{common}: {off}");
            error += off / 60.0;
        }
        assert!(error.abs() < 0.03, "{error}");
    }

    #[test]
    fn copies_have_bands_in_common_and_others_have_none() {
        let bands =
            |text: &str, context| -> Vec<i64> { Signature::of(&Shingles::of(text)).unwrap().bands(context).collect() };
        let common = |one: &[i64], two: &[i64]| one.iter().filter(|hash| two.contains(hash)).count();
        let context = [3_305_000, 2025, 2025];
        for number in 0..40 {
            let whole = text(number, 2_000);
            let copy = format!("{}{}{}", text(number + 1_000, 150), whole, text(number + 2_000, 150));
            let half: String = whole.chars().take(1_100).collect();
            let whole = bands(&whole, context);
            assert!(common(&whole, &bands(&copy, context)) >= 2, "{number}");
            assert!(common(&whole, &bands(&half, context)) >= 1, "{number}");
            assert_eq!(common(&whole, &bands(&text(number + 3_000, 2_000), context)), 0, "{number}");
            assert_eq!(common(&whole, &bands(&copy, [3_305_000, 2024, 2024])), 0, "{number}");
        }
    }

    #[test]
    fn says_nothing_of_short_texts() {
        assert!(Signature::of(&Shingles::of(&text(1, 80))).is_none());
        assert!(Signature::of(&Shingles::of(&text(1, 90))).is_some());
    }
}
