//! When each host may be asked again, over all workers.

use sea_orm::entity::prelude::*;

/// A host and its pace.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "host")]
pub struct Model {
    /// Host name with its port.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// Not before this.
    pub next_at: DateTimeUtc,
    /// Least time between two requests, in milliseconds.
    pub delay_ms: i32,
}

impl ActiveModelBehavior for ActiveModel {}
