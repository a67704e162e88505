//! Bands of the plans' signatures: two plans of one region and period whose texts are alike have some hashes in common.

use sea_orm::entity::prelude::*;

/// A band of a plan's signature.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_band")]
pub struct Model {
    /// The plan.
    #[sea_orm(primary_key, auto_increment = false)]
    pub plan_id: i64,
    /// Which band of its signature, from 0.
    #[sea_orm(primary_key, auto_increment = false)]
    pub band: i32,
    /// Of the band and of the plan's region and period; equal bands have equal hashes.
    pub hash: i64,
}

impl ActiveModelBehavior for ActiveModel {}
