//! The regions that plans name beside their own, as they were read.

use std::{cmp::Reverse, collections::BTreeMap};

use entity::{
    mention, plan, region, relation,
    value::{RegionRole, RelationKind},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationTrait,
};

use super::{
    lineage::is_no_copy,
    upkeep::{self, Holding, Side},
};

/// A place where a plan names a region.
#[derive(Debug, FromQueryResult)]
struct Naming {
    plan_id: i64,
    from_region_id: i32,
    section_id: i64,
    region_id: i32,
    name: String,
    sentence: String,
    role: Option<RegionRole>,
    full_name: String,
    short_name: String,
}

/// Tells anew which regions some plans name. Each region that a plan names stands in one relation, with the place that
/// says most of it.
pub(super) async fn settle(db: &impl ConnectionTrait, ids: &[i64]) -> Result<(), DbErr> {
    use mention::Column;
    let region = mention::Entity::belongs_to(region::Entity).from(Column::RegionId).to(region::Column::Id).into();
    let namings: Vec<Naming> = mention::Entity::find()
        .select_only()
        .columns([Column::PlanId, Column::SectionId, Column::RegionId, Column::Name, Column::Sentence, Column::Role])
        .column_as(plan::Column::RegionId, "from_region_id")
        .column_as(region::Column::Name, "full_name")
        .column(region::Column::ShortName)
        .join(JoinType::InnerJoin, mention::Relation::Plan.def())
        .join(JoinType::InnerJoin, region)
        .filter(Column::PlanId.is_in(ids.iter().copied()))
        .filter(Column::Version.into_expr().eq(plan::Column::Version.into_expr()))
        .filter(plan::Column::WithdrawnAt.is_null())
        .filter(is_no_copy())
        .order_by_asc(Column::PlanId)
        .order_by_asc(Column::Position)
        .into_model()
        .all(db)
        .await?;
    let mut best: BTreeMap<(i64, i32), Naming> = BTreeMap::new();
    for naming in namings {
        let key = (naming.plan_id, naming.region_id);
        // Of equals the first stays.
        if best.get(&key).is_none_or(|known| naming.weight() > known.weight()) {
            best.insert(key, naming);
        }
    }
    let known = relation::Entity::find()
        .filter(upkeep::is_of([RelationKind::MentionsRegion]))
        .filter(relation::Column::FromPlanId.is_in(ids.iter().copied()))
        .all(db)
        .await?;
    upkeep::keep(db, known, best.into_values().map(Naming::into_holding).collect()).await
}

impl Naming {
    /// How surely the region itself is meant, in tenths: named in full, by its short name, by a hospital of it, with
    /// others together.
    fn sureness(&self) -> u8 {
        if self.name == self.full_name {
            10
        } else if self.name == self.short_name {
            9
        } else if self.name.contains(&self.short_name) {
            7
        } else {
            6
        }
    }

    /// What makes one place say more than another: that it says as what, and how surely it means the region.
    fn weight(&self) -> (Reverse<Option<RegionRole>>, u8) {
        (Reverse(self.role), self.sureness())
    }

    fn into_holding(self) -> Holding {
        let sureness = self.sureness();
        let role = self.role.map_or("place", RegionRole::as_str);
        let by = if sureness < 9 { format!(", as {}", self.name) } else { String::new() };
        Holding {
            kind: RelationKind::MentionsRegion,
            from: Side { region: self.from_region_id, plan: Some(self.plan_id), section: Some(self.section_id) },
            to: Side { region: self.region_id, plan: None, section: None },
            programme: None,
            citation: None,
            role: self.role,
            score: f64::from(sureness) / 10.0,
            evidence: format!("{role}{by}: {}", self.sentence),
        }
    }
}
