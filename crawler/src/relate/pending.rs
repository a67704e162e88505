//! Which plans are to be related, and how far they have come.

use entity::{plan, plan_band, plan_signature, plan_version};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect,
    sea_query::{CaseStatement, Expr, OnConflict},
};

use super::{Shingles, Signature, plans::Plans};
use crate::db;

/// Which rules make signatures and relations. It goes up with every change of them, and all plans are related anew.
const RULES: i32 = 2;

/// A plan that is to be related.
#[derive(Debug, FromQueryResult)]
pub(super) struct Pending {
    pub(super) id: i64,
    version: i32,
    /// What its bands were made of, where it has some.
    signed: Option<i32>,
    rules: Option<i32>,
}

/// The next plans behind an id that are not as they were when they were last related.
pub(super) async fn behind(db: &impl ConnectionTrait, id: i64, limit: u64) -> Result<Vec<Pending>, DbErr> {
    use plan_signature::Column;
    let signature = plan::Entity::belongs_to(plan_signature::Entity).from(plan::Column::Id).to(Column::PlanId).into();
    let differs = Condition::any()
        .add(Column::Related.is_null())
        .add(Column::Rules.ne(RULES))
        .add(Column::Related.into_expr().ne(plan::Column::Since.into_expr()))
        .add(Column::Version.into_expr().ne(plan::Column::Version.into_expr()));
    plan::Entity::find()
        .select_only()
        .columns([plan::Column::Id, plan::Column::Version])
        .column_as(Column::Version, "signed")
        .column_as(Column::Rules, "rules")
        .join(JoinType::LeftJoin, signature)
        .filter(plan::Column::Id.gt(id))
        .filter(differs)
        .order_by_asc(plan::Column::Id)
        .limit(limit)
        .into_model()
        .all(db)
        .await
}

/// The bands of a version of a plan.
pub(super) struct Signed {
    plan_id: i64,
    version: i32,
    bands: Vec<i64>,
}

/// What a signature is made of.
#[derive(FromQueryResult)]
struct Version {
    id: i64,
    version: i32,
    region_id: i32,
    start_year: i32,
    end_year: i32,
    text: String,
}

/// Makes the signatures that are missing or of another version or other rules.
pub(super) async fn sign(db: &impl ConnectionTrait, batch: &[Pending]) -> Result<Vec<Signed>, DbErr> {
    use plan::Column;
    let unsigned = batch.iter().filter(|plan| plan.signed != Some(plan.version) || plan.rules != Some(RULES));
    let current = plan_version::Column::Version.into_expr().eq(Column::Version.into_expr());
    let versions: Vec<Version> = plan_version::Entity::find()
        .select_only()
        .columns([Column::Id, Column::Version, Column::RegionId, Column::StartYear, Column::EndYear])
        .column(plan_version::Column::Text)
        .inner_join(plan::Entity)
        .filter(Column::Id.is_in(unsigned.map(|plan| plan.id)))
        .filter(current)
        .into_model()
        .all(db)
        .await?;
    let task = tokio::task::spawn_blocking(|| versions.into_iter().map(Version::sign).collect());
    task.await.map_err(|e| DbErr::Custom(format!("signing plans crashed: {e}")))
}

impl Version {
    /// Plans of other regions or years are no copies, however alike they are: no band of theirs is equal.
    fn sign(self) -> Signed {
        let context = [self.region_id, self.start_year, self.end_year].map(|number| u64::from(number.cast_unsigned()));
        let signature = Signature::of(&Shingles::of(&self.text));
        let bands = signature.iter().flat_map(|signature| signature.bands(context)).collect();
        Signed { plan_id: self.id, version: self.version, bands }
    }
}

/// Writes the signatures of those plans that are still as they were read, and answers with the plans of the batch whose
/// signature is that of their version. The others have changed meanwhile, and are related the next time.
pub(super) async fn write(plans: &mut Plans<'_>, batch: &[i64], signed: &[Signed]) -> Result<Vec<i64>, DbErr> {
    let db = plans.db();
    plans.load(batch).await?;
    let fresh: Vec<&Signed> = signed
        .iter()
        .filter(|signed| plans.row(signed.plan_id).is_some_and(|row| row.version == signed.version))
        .collect();
    let of_plans = plan_band::Column::PlanId.is_in(fresh.iter().map(|signed| signed.plan_id));
    plan_band::Entity::delete_many().filter(of_plans).exec(db).await?;
    let rows = fresh.iter().map(|signed| plan_signature::ActiveModel {
        plan_id: Set(signed.plan_id),
        version: Set(signed.version),
        rules: Set(RULES),
        related: Set(None),
    });
    let mut update = OnConflict::column(plan_signature::Column::PlanId);
    update.update_columns([plan_signature::Column::Version, plan_signature::Column::Rules]);
    if !fresh.is_empty() {
        plan_signature::Entity::insert_many(rows).on_conflict(update).exec_without_returning(db).await?;
    }
    let bands: Vec<_> = fresh
        .iter()
        .flat_map(|signed| signed.bands.iter().zip(0..).map(|(hash, band)| (signed.plan_id, band, *hash)))
        .map(|(plan_id, band, hash)| plan_band::ActiveModel { plan_id: Set(plan_id), band: Set(band), hash: Set(hash) })
        .collect();
    for chunk in bands.chunks(db::rows_per_insert(3)) {
        plan_band::Entity::insert_many(chunk.to_vec()).exec_without_returning(db).await?;
    }
    let signatures = plan_signature::Entity::find()
        .filter(plan_signature::Column::PlanId.is_in(batch.iter().copied()))
        .filter(plan_signature::Column::Rules.eq(RULES))
        .all(db)
        .await?;
    let is_current =
        |row: &&plan_signature::Model| plans.row(row.plan_id).is_some_and(|plan| plan.version == row.version);
    Ok(signatures.iter().filter(is_current).map(|row| row.plan_id).collect())
}

/// Marks plans as related, as they are in the memory of this transaction: what somebody else changes meanwhile differs.
pub(super) async fn done(plans: &Plans<'_>, batch: &[i64]) -> Result<(), DbErr> {
    let rows: Vec<_> = batch.iter().filter_map(|id| plans.row(*id)).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let this = |id: i64| Expr::col(plan_signature::Column::PlanId).eq(id);
    let since = rows.iter().fold(CaseStatement::new(), |case, row| case.case(this(row.id), Expr::value(row.since)));
    plan_signature::Entity::update_many()
        .col_expr(plan_signature::Column::Related, since.into())
        .filter(plan_signature::Column::PlanId.is_in(rows.iter().map(|row| row.id)))
        .exec(plans.db())
        .await
        .map(|_| ())
}
