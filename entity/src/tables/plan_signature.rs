//! Which plans have a signature, and which of them were related to others.

use sea_orm::entity::prelude::*;

/// How far a plan has come on its way to its relations.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_signature")]
pub struct Model {
    /// The plan.
    #[sea_orm(primary_key, auto_increment = false)]
    pub plan_id: i64,
    /// The version that its bands were made of.
    pub version: i32,
    /// The rules by which they were made.
    pub rules: i32,
    /// Since when the plan is as it was when it was last related; none where it is to be related again.
    pub related: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
