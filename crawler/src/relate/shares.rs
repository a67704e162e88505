//! Regions whose plans name the same initiative or cite the same document.
//!
//! What a whole country names relates nothing: of that which more than [`MOST`] regions name, no two are related, and who
//! they are is told by the initiative or document itself. So the relations of one initiative are bounded, and those of
//! all grow with the plans, not with their square.

use std::collections::{BTreeMap, BTreeSet};

use entity::{citation, mention, plan, relation, value::RelationKind};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, JoinType, QueryFilter, QuerySelect, RelationTrait,
};

use super::{
    lineage::is_no_copy,
    upkeep::{self, Holding, Side},
};

/// The most regions that share something: all of a province's rank, with the country.
const MOST: usize = 40;
/// The most plans that are looked at to tell which regions share something.
const MOST_PLANS: u64 = 1_000;

/// What may be shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Shared {
    Programme(i32),
    Citation(i32),
}

/// Tells anew which regions share what some plans name or named.
pub(super) async fn settle(db: &impl ConnectionTrait, ids: &[i64]) -> Result<(), DbErr> {
    let named: Vec<(Option<i32>, Option<i32>)> = mention::Entity::find()
        .select_only()
        .distinct()
        .columns([mention::Column::ProgrammeId, mention::Column::CitationId])
        .filter(mention::Column::PlanId.is_in(ids.iter().copied()))
        .filter(mention::Column::RegionId.is_null())
        .into_tuple()
        .all(db)
        .await?;
    let named: BTreeSet<Shared> = named
        .into_iter()
        .filter_map(|(programme, citation)| programme.map(Shared::Programme).or(citation.map(Shared::Citation)))
        .collect();
    for shared in named {
        let sides = shared.sides(db).await?;
        let known = shared.known(db).await?;
        if sides.len() < 2 && known.is_empty() {
            continue;
        }
        let evidence = if sides.len() < 2 { String::new() } else { shared.evidence(db).await? };
        let pairs = sides.iter().enumerate().flat_map(|(at, from)| sides[at + 1..].iter().map(move |to| (*from, *to)));
        let holding = pairs.map(|(from, to)| shared.between(from, to, evidence.clone())).collect();
        upkeep::keep(db, known, holding).await?;
    }
    Ok(())
}

impl Shared {
    const fn kind(self) -> RelationKind {
        match self {
            Self::Programme(_) => RelationKind::SharesProgramme,
            Self::Citation(_) => RelationKind::SharesCitation,
        }
    }

    /// The regions that share it, each with its latest plan; none where they are too many.
    async fn sides(self, db: &impl ConnectionTrait) -> Result<Vec<Side>, DbErr> {
        let (column, id) = match self {
            Self::Programme(id) => (mention::Column::ProgrammeId, id),
            Self::Citation(id) => (mention::Column::CitationId, id),
        };
        let plans: Vec<(i64, i32, i32)> = mention::Entity::find()
            .select_only()
            .distinct()
            .column(mention::Column::PlanId)
            .columns([plan::Column::RegionId, plan::Column::EndYear])
            .join(JoinType::InnerJoin, mention::Relation::Plan.def())
            .filter(column.eq(id))
            .filter(mention::Column::Version.into_expr().eq(plan::Column::Version.into_expr()))
            .filter(plan::Column::WithdrawnAt.is_null())
            .filter(is_no_copy())
            .limit(MOST_PLANS)
            .into_tuple()
            .all(db)
            .await?;
        let mut latest: BTreeMap<i32, (i32, i64)> = BTreeMap::new();
        for (plan, region, year) in plans {
            let side = latest.entry(region).or_insert((year, plan));
            *side = (*side).max((year, plan));
        }
        let sides = latest.into_iter().map(|(region, (_, plan))| Side { region, plan: Some(plan), section: None });
        Ok(if sides.len() > MOST { Vec::new() } else { sides.collect() })
    }

    async fn known(self, db: &impl ConnectionTrait) -> Result<Vec<relation::Model>, DbErr> {
        let this = match self {
            Self::Programme(id) => relation::Column::ProgrammeId.eq(i64::from(id)),
            Self::Citation(id) => relation::Column::CitationId.eq(id),
        };
        relation::Entity::find().filter(this).filter(upkeep::is_of([self.kind()])).all(db).await
    }

    async fn evidence(self, db: &impl ConnectionTrait) -> Result<String, DbErr> {
        match self {
            Self::Programme(id) => {
                // Its spelling in the plan that named it first.
                let name: Option<String> = mention::Entity::find()
                    .select_only()
                    .column(mention::Column::Name)
                    .filter(mention::Column::ProgrammeId.eq(id))
                    .into_tuple()
                    .one(db)
                    .await?;
                Ok(format!("both name {}", name.unwrap_or_default()))
            }
            Self::Citation(id) => {
                let document = citation::Entity::find_by_id(id).one(db).await?;
                Ok(format!("both cite 《{}》", document.map(|row| row.title).unwrap_or_default()))
            }
        }
    }

    fn between(self, from: Side, to: Side, evidence: String) -> Holding {
        let (programme, citation) = match self {
            Self::Programme(id) => (Some(i64::from(id)), None),
            Self::Citation(id) => (None, Some(id)),
        };
        Holding { kind: self.kind(), from, to, programme, citation, role: None, score: 1.0, evidence }
    }
}
