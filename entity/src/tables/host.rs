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
    /// The time between two requests that the host's answers ask for, in milliseconds: longer where it is slow or says
    /// that it is asked too often.
    pub delay_ms: i32,
    /// Until when the host has asked to be left alone.
    pub rest_until: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
