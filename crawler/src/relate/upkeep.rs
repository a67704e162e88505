//! Brings the relations that are stored to those that hold. What still holds keeps its row.

use std::collections::HashMap;

use entity::{
    relation,
    value::{RegionRole, RelationKind},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter,
    sea_query::{BinOper, Expr},
};

use crate::db;

/// That a relation is of one of these kinds, where it is to be found by another column. SQLite, which does not know how many
/// there are of each, would rather go through all of a kind than look up some plans; a text that is put together has no index.
pub(super) fn is_of(kinds: impl IntoIterator<Item = RelationKind>) -> Expr {
    relation::Column::Kind.into_expr().binary(BinOper::Custom("||"), "").is_in(kinds)
}

/// One side of a relation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Side {
    pub(super) region: i32,
    pub(super) plan: Option<i64>,
    pub(super) section: Option<i64>,
}

/// A relation that holds.
#[derive(Clone, Debug)]
pub(super) struct Holding {
    pub(super) kind: RelationKind,
    pub(super) from: Side,
    pub(super) to: Side,
    /// What both sides name.
    pub(super) programme: Option<i64>,
    /// What both sides cite.
    pub(super) citation: Option<i32>,
    pub(super) role: Option<RegionRole>,
    pub(super) score: f64,
    pub(super) evidence: String,
}

/// What makes two relations the same one.
type Key = (RelationKind, Side, Side, Option<i64>, Option<i32>);

/// Sections make a relation where sections are what relates; elsewhere they only say where the evidence stands, as do
/// the plans of two regions that share something.
fn key(kind: RelationKind, from: Side, to: Side, programme: Option<i64>, citation: Option<i32>) -> Key {
    let told_apart = |side: Side| match kind {
        RelationKind::SimilarSection => side,
        RelationKind::SharesProgramme | RelationKind::SharesCitation => Side { plan: None, section: None, ..side },
        _ => Side { section: None, ..side },
    };
    (kind, told_apart(from), told_apart(to), programme, citation)
}

impl Holding {
    fn key(&self) -> Key {
        key(self.kind, self.from, self.to, self.programme, self.citation)
    }

    /// The same values as a row has, but for its id.
    fn is(&self, row: &relation::Model) -> bool {
        let [from, to] = sides(row);
        (self.from, self.to, self.role, &self.evidence, self.score.to_bits())
            == (from, to, row.role, &row.evidence, row.score.to_bits())
    }

    fn into_row(self) -> relation::ActiveModel {
        relation::ActiveModel {
            id: NotSet,
            kind: Set(self.kind),
            from_region_id: Set(self.from.region),
            to_region_id: Set(self.to.region),
            from_plan_id: Set(self.from.plan),
            to_plan_id: Set(self.to.plan),
            from_section_id: Set(self.from.section),
            to_section_id: Set(self.to.section),
            programme_id: Set(self.programme),
            citation_id: Set(self.citation),
            role: Set(self.role),
            score: Set(self.score),
            evidence: Set(self.evidence),
        }
    }
}

impl From<&relation::Model> for Holding {
    fn from(row: &relation::Model) -> Self {
        let [from, to] = sides(row);
        Self {
            kind: row.kind,
            from,
            to,
            programme: row.programme_id,
            citation: row.citation_id,
            role: row.role,
            score: row.score,
            evidence: row.evidence.clone(),
        }
    }
}

fn sides(row: &relation::Model) -> [Side; 2] {
    [
        Side { region: row.from_region_id, plan: row.from_plan_id, section: row.from_section_id },
        Side { region: row.to_region_id, plan: row.to_plan_id, section: row.to_section_id },
    ]
}

/// Writes what has come to hold, and takes away what of the known no longer does.
pub(super) async fn keep(
    db: &impl ConnectionTrait,
    known: Vec<relation::Model>,
    holding: Vec<Holding>,
) -> Result<(), DbErr> {
    let mut known: HashMap<Key, relation::Model> = known
        .into_iter()
        .map(|row| {
            let [from, to] = sides(&row);
            (key(row.kind, from, to, row.programme_id, row.citation_id), row)
        })
        .collect();
    let mut new = Vec::new();
    let mut changed = Vec::new();
    for holding in holding {
        match known.remove(&holding.key()) {
            Some(row) if holding.is(&row) => {}
            Some(row) => {
                changed.push(relation::ActiveModel { id: Set(row.id), ..holding.into_row() });
            }
            None => new.push(holding.into_row()),
        }
    }
    // What goes makes room for what comes.
    let over: Vec<i64> = known.into_values().map(|row| row.id).collect();
    for ids in over.chunks(db::rows_per_insert(1)) {
        relation::Entity::delete_many().filter(relation::Column::Id.is_in(ids.iter().copied())).exec(db).await?;
    }
    for row in changed {
        row.update(db).await?;
    }
    for rows in db::inserts(new, 13) {
        relation::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}
