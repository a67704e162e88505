//! What can be found by its text.

use sea_orm::entity::prelude::*;

use crate::value::SearchKind;

/// An entry of the full-text index. Its terms are not columns here, for each database keeps them in its own way:
/// [`search`](crate::search).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "search_entry")]
pub struct Model {
    /// Row id. Entries of later plans have larger ones.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// The plan.
    pub plan_id: i64,
    /// What it is.
    pub kind: SearchKind,
    /// The row id of the plan, section or figure. One that is long has several entries.
    pub item_id: i64,
    #[sea_orm(belongs_to, from = "plan_id", to = "id")]
    /// Loaded on request.
    pub plan: HasOne<super::plan::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
