//! Declarations into rows of the table `source`.

use entity::{source, value::Health};
use extract::region::Gazetteer;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter,
};

use super::Source;
use crate::{Error, db};

/// Writes a declaration to its row, or makes that row; answers with the row. Health and problem stay.
pub(crate) async fn register(
    db: &DatabaseConnection,
    source: &Source,
    gazetteer: &Gazetteer,
) -> Result<source::Model, Error> {
    let region_id = match &source.region {
        None => None,
        Some(name) => {
            let known = gazetteer.find(name, None).and_then(|region| region.code);
            let unknown = || Error::UnknownRegion { slug: source.slug.clone(), region: name.clone() };
            Some(entity::region::id(known.ok_or_else(unknown)?, 0))
        }
    };
    let txn = db::begin(db).await?;
    let old = source::Entity::find().filter(source::Column::Slug.eq(&source.slug)).one(&txn).await?;
    let schedule = source.schedule.to_string();
    let mut row = source::ActiveModel {
        id: NotSet,
        slug: Set(source.slug.clone()),
        name: Set(source.name.clone()),
        region_id: Set(region_id),
        url: Set(source.addresses().next().map(ToString::to_string).unwrap_or_default()),
        next_run_at: NotSet,
        min_plans: Set(source.min_plans.into()),
        min_indicators: Set(source.min_indicators.into()),
        health: NotSet,
        problem: NotSet,
        schedule: Set(schedule.clone()),
    };
    let row = match old {
        None => {
            row.health = Set(Health::NeverRun);
            row.insert(&txn).await?
        }
        Some(old) => {
            row.id = Set(old.id);
            if old.next_run_at.is_some() && old.schedule != schedule {
                row.next_run_at = Set(source.schedule.next(db::now()));
            }
            row.update(&txn).await?
        }
    };
    txn.commit().await?;
    Ok(row)
}
