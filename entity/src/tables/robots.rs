//! What robots.txt of each site said when it was last asked for, for all workers.

use sea_orm::entity::prelude::*;

/// The robots.txt of a site.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "robots")]
pub struct Model {
    /// Scheme, host and port: `https://wjw.example.cn`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub site: String,
    /// When it was asked for.
    pub fetched_at: DateTimeUtc,
    /// Its text; empty where the site has none.
    pub text: String,
    /// Why it could not be read, where it should be there: nothing is fetched then.
    pub problem: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
