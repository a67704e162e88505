//! Sections of two regions that say much the same.
//!
//! A section is found by a sample of its runs of characters (Manber, Finding similar files in a large file system, 1994):
//! those whose hash is a multiple of [`EVERY`], so that two that share runs share some of the sample. Runs that many
//! sections hold tell little and are kept of the first [`COMMON`] only; so what is looked up for a section is bounded, and
//! the cost of all grows with their number. What is found is then compared in full, and must have more in common than one
//! phrase: the names of a theory or of a campaign stand in the plans of most.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::{plan, relation, section, section_shingle, value::RelationKind};
use rustc_hash::FxHashMap;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};

use super::{
    Likeness, Shingles,
    lineage::is_no_copy,
    shingles::letters,
    upkeep::{self, Holding, Side},
};
use crate::db;

/// Characters of a run.
const LENGTH: usize = 4;
/// One run of so many is in the sample.
const EVERY: u64 = 8;
/// Sections that a run is kept of.
const COMMON: usize = 32;
/// Sections that one is compared with: those that share most of the sample.
const MOST: usize = 12;
/// Relations of a section: the best.
const BEST: usize = 5;
/// The least share of what either says that both must say.
const LEAST: f64 = 0.07;
/// Runs of the longest stretch that both say which do not count by themselves: the stock phrases of plans, names of theories
/// and campaigns, have up to some twenty characters.
const STOCK: usize = 20;
/// The least share that both must say beside such a phrase.
const BESIDE: f64 = 0.015;
/// A section of fewer runs says too little: a heading with a line under it.
const SHORT: usize = 30;

/// A section that may be like others.
#[derive(Debug, FromQueryResult)]
struct Text {
    id: i64,
    plan_id: i64,
    region_id: i32,
    text: String,
}

/// A section as it is compared.
struct Read {
    side: Side,
    text: String,
    shingles: Shingles,
}

impl From<Text> for Read {
    fn from(Text { id, plan_id, region_id, text }: Text) -> Self {
        let side = Side { region: region_id, plan: Some(plan_id), section: Some(id) };
        Self { side, shingles: Shingles::with_length(&text, LENGTH), text }
    }
}

impl Read {
    fn sample(&self) -> impl Iterator<Item = i64> {
        self.shingles.hashes().iter().filter(|hash| *hash % EVERY == 0).map(|hash| hash.cast_signed())
    }
}

/// Sections that stand in plans that are published and no copies.
fn standing() -> sea_orm::Select<section::Entity> {
    section::Entity::find()
        .inner_join(plan::Entity)
        .filter(section::Column::Version.into_expr().eq(plan::Column::Version.into_expr()))
        .filter(plan::Column::WithdrawnAt.is_null())
        .filter(is_no_copy())
}

async fn read(db: &impl ConnectionTrait, sections: sea_orm::Select<section::Entity>) -> Result<Vec<Read>, DbErr> {
    let texts: Vec<Text> = sections
        .select_only()
        .columns([section::Column::Id, section::Column::PlanId, section::Column::Text])
        .column(plan::Column::RegionId)
        .order_by_asc(section::Column::Id)
        .into_model()
        .all(db)
        .await?;
    let task = tokio::task::spawn_blocking(|| texts.into_iter().map(Read::from).collect());
    task.await.map_err(|e| DbErr::Custom(format!("reading sections crashed: {e}")))
}

/// Tells anew which sections of other regions those of some plans are like.
pub(super) async fn settle(db: &impl ConnectionTrait, ids: &[i64]) -> Result<(), DbErr> {
    let these = || section::Column::PlanId.is_in(ids.iter().copied());
    let sections: Vec<Read> =
        read(db, standing().filter(these())).await?.into_iter().filter(|read| read.shingles.count() >= SHORT).collect();
    // What no longer stands is found no more.
    let all = section::Entity::find().select_only().column(section::Column::Id).filter(these()).into_query();
    section_shingle::Entity::delete_many().filter(section_shingle::Column::SectionId.in_subquery(all)).exec(db).await?;
    let likely = likely(db, &sections).await?;

    let wanted: BTreeSet<i64> = likely.values().flatten().copied().collect();
    let known: BTreeSet<i64> = sections.iter().filter_map(|read| read.side.section).collect();
    let mut others = HashMap::new();
    for ids in wanted.difference(&known).copied().collect::<Vec<_>>().chunks(db::rows_per_insert(1)) {
        let found = read(db, standing().filter(section::Column::Id.is_in(ids.iter().copied()))).await?;
        others.extend(found.into_iter().filter_map(|read| Some((read.side.section?, read))));
    }
    let by_id: HashMap<i64, &Read> = sections.iter().filter_map(|read| Some((read.side.section?, read))).collect();
    let find = |id: i64| by_id.get(&id).copied().or_else(|| others.get(&id));

    let mut told = BTreeMap::new();
    for one in &sections {
        let candidates = one.side.section.and_then(|id| likely.get(&id)).into_iter().flatten();
        let mut alike: Vec<(Likeness, &Read)> = candidates
            .filter_map(|id| find(*id))
            .map(|other| (one.shingles.likeness(&other.shingles), other))
            .filter(|(likeness, _)| likeness.share() >= LEAST)
            .collect();
        alike.sort_by(|(one, a), (two, b)| {
            two.share().total_cmp(&one.share()).then(a.side.section.cmp(&b.side.section))
        });
        let mut best = 0;
        for (likeness, other) in alike {
            if best == BEST {
                break;
            }
            let (from, to) = in_order(one, other);
            // Both may choose each other.
            let relation = told.entry((from.side.section, to.side.section));
            best += usize::from(relation.or_insert_with(|| between(from, to, likeness)).is_some());
        }
    }
    let mut holding = told.into_iter().filter_map(|(sides, relation)| Some((sides, relation?))).collect();
    let known = still(db, ids, &mut holding).await?;
    upkeep::keep(db, known, holding.into_values().collect()).await
}

/// The sections of other regions that share most of each one's sample. Adds the sections to the index.
async fn likely(db: &impl ConnectionTrait, sections: &[Read]) -> Result<HashMap<i64, Vec<i64>>, DbErr> {
    let hashes: BTreeSet<i64> = sections.iter().flat_map(Read::sample).collect();
    let hashes: Vec<i64> = hashes.into_iter().collect();
    let mut holders: FxHashMap<i64, Vec<(i64, i32)>> = FxHashMap::default();
    for chunk in hashes.chunks(db::rows_per_insert(1)) {
        use section_shingle::Column;
        let rows = section_shingle::Entity::find()
            .filter(Column::Hash.is_in(chunk.iter().copied()))
            .order_by_asc(Column::SectionId)
            .all(db)
            .await?;
        for row in rows {
            holders.entry(row.hash).or_default().push((row.section_id, row.region_id));
        }
    }
    let mut new = Vec::new();
    for one in sections {
        let Some(id) = one.side.section else { continue };
        for hash in one.sample() {
            let holders = holders.entry(hash).or_default();
            if holders.len() < COMMON {
                holders.push((id, one.side.region));
                new.push(section_shingle::ActiveModel {
                    section_id: Set(id),
                    hash: Set(hash),
                    region_id: Set(one.side.region),
                });
            }
        }
    }
    for rows in db::inserts(new, 3) {
        section_shingle::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    let mut likely = HashMap::new();
    for one in sections {
        let Some(id) = one.side.section else { continue };
        let mut shared: FxHashMap<i64, usize> = FxHashMap::default();
        for (other, region) in one.sample().filter_map(|hash| holders.get(&hash)).flatten() {
            if *region != one.side.region {
                *shared.entry(*other).or_default() += 1;
            }
        }
        let mut shared: Vec<(i64, usize)> = shared.into_iter().collect();
        shared.sort_unstable_by_key(|(other, count)| (std::cmp::Reverse(*count), *other));
        likely.insert(id, shared.into_iter().take(MOST).map(|(other, _)| other).collect());
    }
    Ok(likely)
}

/// The relations of these plans' sections that are stored. Those that other sections have chosen and that still stand are
/// kept.
async fn still(
    db: &impl ConnectionTrait,
    ids: &[i64],
    holding: &mut BTreeMap<(Option<i64>, Option<i64>), Holding>,
) -> Result<Vec<relation::Model>, DbErr> {
    use relation::Column;
    let mut known = BTreeMap::new();
    for side in [Column::FromPlanId, Column::ToPlanId] {
        let rows = relation::Entity::find().filter(upkeep::is_of([RelationKind::SimilarSection]));
        let rows = rows.filter(side.is_in(ids.iter().copied())).all(db).await?;
        known.extend(rows.into_iter().map(|row| (row.id, row)));
    }
    let sections: BTreeSet<i64> =
        known.values().flat_map(|row| [row.from_section_id, row.to_section_id]).flatten().collect();
    let mut stand: BTreeSet<i64> = BTreeSet::new();
    for ids in sections.into_iter().collect::<Vec<_>>().chunks(db::rows_per_insert(1)) {
        let rows = standing().select_only().column(section::Column::Id);
        let rows: Vec<i64> = rows.filter(section::Column::Id.is_in(ids.iter().copied())).into_tuple().all(db).await?;
        stand.extend(rows);
    }
    for row in known.values() {
        let sides = (row.from_section_id, row.to_section_id);
        if [sides.0, sides.1].into_iter().flatten().all(|id| stand.contains(&id)) {
            holding.entry(sides).or_insert_with(|| Holding::from(row));
        }
    }
    Ok(known.into_values().collect())
}

/// A relation goes from the region with the smaller code.
fn in_order<'a>(one: &'a Read, other: &'a Read) -> (&'a Read, &'a Read) {
    let is_first = (one.side.region, one.side.section) < (other.side.region, other.side.section);
    if is_first { (one, other) } else { (other, one) }
}

/// The relation of two sections; none where all they have in common is a stock phrase.
fn between(from: &Read, to: &Read, likeness: Likeness) -> Option<Holding> {
    let share = (likeness.share() * 100.0).floor();
    let longest = longest_common(&from.text, &to.text);
    let stock = (letters(longest).count() + 1).saturating_sub(LENGTH).min(STOCK);
    if likeness.without(stock) < BESIDE {
        return None;
    }
    Some(Holding {
        kind: RelationKind::SimilarSection,
        from: from.side,
        to: to.side,
        programme: None,
        citation: None,
        role: None,
        score: likeness.share(),
        evidence: format!("{share}% of what the two say is the same, as in: {longest}"),
    })
}

/// The longest stretch of a text that stands in another, whatever signs and blanks stand between; as the first has it.
fn longest_common<'t>(one: &'t str, other: &str) -> &'t str {
    let (left, right): (Vec<_>, Vec<_>) = (letters(one).collect(), letters(other).collect());
    let mut places: FxHashMap<[char; LENGTH], Vec<usize>> = FxHashMap::default();
    for (at, run) in right.windows(LENGTH).enumerate() {
        places.entry(std::array::from_fn(|i| run[i].1)).or_default().push(at);
    }
    let mut best = 0..0;
    for (at, run) in left.windows(LENGTH).enumerate() {
        for place in places.get(&std::array::from_fn(|i| run[i].1)).into_iter().flatten() {
            // Where the two agreed before, this is the rest of a stretch that was seen.
            let goes_on = at > 0 && *place > 0 && left[at - 1].1 == right[place - 1].1;
            if !goes_on {
                let same = left[at..].iter().zip(&right[*place..]).take_while(|(one, two)| one.1 == two.1).count();
                if same > best.len() {
                    best = at..at + same;
                }
            }
        }
    }
    let end = best.end.checked_sub(1).and_then(|last| left.get(last)).map_or(0, |(at, _)| *at);
    let end = one[end..].chars().next().map_or(end, |c| end + c.len_utf8());
    left.get(best.start).filter(|_| !best.is_empty()).map_or("", |(start, _)| &one[*start..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relation(one: &str, two: &str) -> Option<Holding> {
        let texts = [(1, one), (2, two)];
        let [one, two] = texts.map(|(id, text)| {
            Read::from(Text { id, plan_id: id, region_id: i32::try_from(id).unwrap(), text: text.to_owned() })
        });
        between(&one, &two, one.shingles.likeness(&two.shingles))
    }

    #[test]
    fn a_stock_phrase_alone_is_no_likeness() {
        let one = "开展“口腔和视力保健服务年”行动，二级以上公立医院都设心理门诊。";
        assert!(relation(one, "落实“口腔和视力保健服务年”行动，给每个乡镇卫生院添一名儿科医生。").is_none());
        let more = relation(one, "落实“口腔和视力保健服务年”行动，三级公立医院都设心理门诊和睡眠门诊。");
        assert!(more.unwrap().evidence.ends_with("口腔和视力保健服务年”行动"));
        let long = "每个乡镇卫生院添一台彩超、配一名会用彩超的医生、与县医院连一条读片的线路";
        assert!(relation(long, &format!("今年{long}，由县财政出钱")).is_some(), "a long stretch is no phrase");
    }

    #[test]
    fn shows_the_longest_common_stretch() {
        assert_eq!(longest_common("给每个乡镇，添一台彩超", "为每个乡镇添一台血压计"), "每个乡镇，添一台");
        assert_eq!(longest_common("甲乙丙丁", "戊己庚辛"), "");
        assert_eq!(longest_common("", "甲乙丙丁"), "");
    }
}
