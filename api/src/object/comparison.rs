//! One concept across regions.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::RangeInclusive,
    sync::Arc,
};

use async_graphql::{Context, SimpleObject};
use entity::{concept, region, value::Role};

use super::{Concept, Indicator, Region};
use crate::{
    Error,
    comparison::{self, Against, Comparable, Excluded, Question, Yardstick},
    load::{IndicatorId, catalogue, loaders},
    names::Wanted,
    vocabulary::Standing,
};

/// How regions stand to one another on one concept.
#[derive(SimpleObject)]
pub(crate) struct Comparison {
    /// The concept.
    concept: Concept,
    /// The year that was asked for; null where each region's latest figure is compared.
    year: Option<i32>,
    /// One row a region that has a figure, the best first.
    rows: Vec<ComparisonRow>,
    /// Figures that fit the question but cannot be compared, with the reason.
    excluded: Vec<ExcludedFigure>,
}

/// A region's figure, and how it stands to the best and to the region above.
#[derive(SimpleObject)]
pub(crate) struct ComparisonRow {
    /// The region.
    region: Region,
    /// Its latest figure that fits; of several for one year, the one published last.
    indicator: Indicator,
    /// 1 is best in the concept's direction; ties share a rank. Where neither way is better, the largest comes first.
    rank: i32,
    /// Its value minus that of the best, in the concept's unit. Example: -1.28 where the best is 83.88 and this is 82.6.
    gap_to_best: f64,
    /// The figure for the same year of the nearest region above that states one.
    parent: Option<Indicator>,
    /// Its value minus that of `parent`, in the concept's unit; null without `parent`.
    gap_to_parent: Option<f64>,
    /// How it stands to `parent`: STRICTER where it aims higher in the concept's direction.
    standing: Standing,
}

/// A figure that fits the question but cannot be compared (unit, change instead of level, scope), with the reason.
#[derive(SimpleObject)]
pub(crate) struct ExcludedFigure {
    /// The figure.
    indicator: Indicator,
    /// Why it is left out. Example: `it is limited to “农村”`.
    reason: String,
}

/// One region in the tree under a root, with its figure and how that stands to the nearest region above that has one for
/// the same year.
#[derive(SimpleObject)]
pub(crate) struct CascadeNode {
    /// The region.
    region: Region,
    /// How far below the root: 0 for the root itself.
    depth: i32,
    /// Its latest target that fits; null where it states none.
    indicator: Option<Indicator>,
    /// The target it is held against: that of the nearest region above, above the root too.
    against: Option<Indicator>,
    /// How the two stand.
    standing: Standing,
}

/// What an analyst compares.
#[derive(Default)]
pub(crate) struct Choice {
    pub(crate) year: Option<i32>,
    pub(crate) role: Option<Role>,
    /// Codes or names; all regions unless said.
    pub(crate) regions: Option<Vec<String>>,
    /// A code or name: that region and all below it.
    pub(crate) within: Option<String>,
}

/// The most regions that a comparison may name.
const MAX_REGIONS: usize = 500;

/// Compares one concept across regions.
pub(crate) async fn compare(ctx: &Context<'_>, concept: String, choice: Choice) -> Result<Comparison, Error> {
    let Choice { year, role, regions, within } = choice;
    if regions.as_ref().is_some_and(|regions| regions.len() > MAX_REGIONS) {
        return Err(Error::BadInput(format!(
            "`regions` may name {MAX_REGIONS} regions; ask for them in several queries, or use `within`"
        )));
    }
    let wanted = Wanted {
        regions: regions.iter().flatten().chain(&within).cloned().collect(),
        concepts: vec![concept.clone()],
        ..Wanted::default()
    };
    let names = wanted.find(loaders(ctx)).await?;
    let within = within.map(|name| names.within(&name)).transpose()?;
    let listed = regions.map(|regions| regions.iter().map(|name| names.region(name)).collect::<Result<Vec<_>, _>>());
    let chosen = match (listed.transpose()?, within) {
        (None, None) => None,
        (None, Some(within)) => Some(vec![within]),
        (Some(listed), None) => Some(listed),
        (Some(listed), Some(within)) => Some(listed.into_iter().filter(|ids| within.contains(ids.start())).collect()),
    };
    let Concept(concept) = Concept::of(ctx, names.concept(&concept)?).await?;
    let is_asked = |id: i32| chosen.as_ref().is_none_or(|chosen| chosen.iter().any(|ids| ids.contains(&id)));
    if chosen.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Comparison { concept: Concept(concept), year, rows: Vec::new(), excluded: Vec::new() });
    }
    let question = Question {
        concept: concept.id,
        role: role.unwrap_or(Role::Target),
        year,
        regions: chosen.clone().unwrap_or_default(),
    };
    let aliases = catalogue(ctx).aliases(concept.id).await?;
    let yardstick = Yardstick::new(&concept, aliases.iter().map(String::as_str));
    let (figures, excluded) = yardstick.choose(comparison::figures(ctx, &question).await?);
    let ranked = yardstick.ranked(figures.iter().filter(|(region, _)| is_asked(**region)).map(|(_, figure)| figure));
    let excluded: Vec<_> = excluded.into_iter().filter(|excluded| is_asked(excluded.region_id)).collect();

    let above = |figure: &Comparable| comparison::above(&figure.figure, &figures);
    let with_parents = ranked.iter().flat_map(|(_, figure)| [Some(*figure), above(figure)]).flatten();
    let mut ids: Vec<_> = with_parents.map(|figure| figure.figure.id).collect();
    ids.extend(excluded.iter().map(|excluded| excluded.id));
    let regions = ranked.iter().map(|(_, figure)| figure.figure.region_id).collect();
    let shown = Shown::load(ctx, ids, regions).await?;
    let best = ranked.first().map_or(0.0, |(_, figure)| figure.value);
    let row = |(rank, figure): &(i32, &Comparable)| {
        let parent = above(figure);
        let standing = Standing::of(Some(figure), parent, &yardstick);
        Some(ComparisonRow {
            region: shown.region(figure.figure.region_id)?,
            indicator: shown.figure(figure.figure.id)?,
            rank: *rank,
            gap_to_best: comparison::gap(figure.value, best),
            parent: parent.and_then(|parent| shown.figure(parent.figure.id)),
            gap_to_parent: parent.map(|parent| comparison::gap(figure.value, parent.value)),
            standing,
        })
    };
    // A figure that has gone since it was chosen has no row.
    let rows = ranked.iter().filter_map(row).collect();
    let told = |Excluded { id, reason, .. }| Some(ExcludedFigure { indicator: shown.figure(id)?, reason });
    let excluded = excluded.into_iter().filter_map(told).collect();
    Ok(Comparison { concept: Concept(concept), year, rows, excluded })
}

/// The targets of the regions in a tree.
pub(super) async fn cascade(
    ctx: &Context<'_>,
    concept: &concept::Model,
    root: String,
    year: Option<i32>,
) -> Result<Vec<CascadeNode>, Error> {
    let names = Wanted { regions: vec![root.clone()], ..Wanted::default() }.find(loaders(ctx)).await?;
    let within: RangeInclusive<i32> = names.within(&root)?;
    let root = *within.start();
    let question = Question { concept: concept.id, role: Role::Target, year, regions: vec![within.clone()] };
    let aliases = catalogue(ctx).aliases(concept.id).await?;
    let yardstick = Yardstick::new(concept, aliases.iter().map(String::as_str));
    let (figures, excluded) = yardstick.choose(comparison::figures(ctx, &question).await?);
    let uncomparable: BTreeMap<i32, i64> =
        excluded.into_iter().rev().map(|excluded| (excluded.region_id, excluded.id)).collect();

    // With those between them and the root; ids in their order are depth first.
    let with_figures = figures.keys().chain(uncomparable.keys()).copied().filter(|id| within.contains(id));
    let between = |id| region::ids_above(id).filter(|above| within.contains(above));
    let regions: BTreeSet<i32> = with_figures.flat_map(|id| between(id).chain([id])).chain([root]).collect();
    let ids = figures.values().map(|figure| figure.figure.id).chain(uncomparable.values().copied()).collect();
    let shown = Shown::load(ctx, ids, regions.iter().copied().collect()).await?;

    let node = |id: &i32| {
        let region = shown.region(*id)?;
        let above = between(*id).filter(|above| *above != *id && shown.region(*above).is_some()).count();
        let figure = figures.get(id);
        let against = match figure {
            Some(figure) => comparison::above(&figure.figure, &figures),
            None => region::ids_above(*id).find_map(|above| figures.get(&above)),
        };
        let standing = if figure.is_none() && uncomparable.contains_key(id) {
            Standing::NotComparable
        } else {
            Standing::of(figure, against, &yardstick)
        };
        let indicator = figure.map(|figure| figure.figure.id).or_else(|| uncomparable.get(id).copied());
        Some(CascadeNode {
            region,
            depth: i32::try_from(above).unwrap_or(i32::MAX),
            indicator: indicator.and_then(|id| shown.figure(id)),
            against: against.and_then(|against| shown.figure(against.figure.id)),
            standing,
        })
    };
    Ok(regions.iter().filter_map(node).collect())
}

impl Standing {
    fn of(figure: Option<&Comparable>, against: Option<&Comparable>, yardstick: &Yardstick<'_>) -> Self {
        let Some(figure) = figure else { return Self::Missing };
        let Some(against) = against else { return Self::First };
        match yardstick.against(figure.value, against.value) {
            Some(Against::Stricter) => Self::Stricter,
            Some(Against::Equal) => Self::Equal,
            Some(Against::Looser) => Self::Looser,
            None => Self::NotComparable,
        }
    }
}

/// The rows behind what is shown.
struct Shown {
    figures: HashMap<IndicatorId, Arc<entity::indicator::Model>>,
    regions: HashMap<i32, Arc<region::Model>>,
}

impl Shown {
    async fn load(ctx: &Context<'_>, figures: Vec<i64>, regions: Vec<i32>) -> Result<Self, Error> {
        let figures = loaders(ctx).load_many(figures.into_iter().map(IndicatorId)).await?;
        let mut found = HashMap::with_capacity(regions.len());
        for id in regions {
            found.extend(catalogue(ctx).region(id).await?.map(|region| (id, region)));
        }
        Ok(Self { figures, regions: found })
    }

    fn figure(&self, id: i64) -> Option<Indicator> {
        self.figures.get(&IndicatorId(id)).cloned().map(Indicator::from)
    }

    fn region(&self, id: i32) -> Option<Region> {
        self.regions.get(&id).cloned().map(Region)
    }
}
