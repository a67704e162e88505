//! An article with two addresses on one site, as the one for telephones is, is one page with one plan.

use chrono::{DateTime, Utc};
use entity::{page, past, plan};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder, sea_query::Expr,
};
use url::Url;

use super::{plans::Plans, reprint, shingles::letters};
use crate::{db, discover::is_for_telephones, frontier, store};

/// Makes one page of two of the same source where all that one holds stands on the other. Answers with other plans that
/// are to be looked at now.
pub(super) async fn fold(plans: &mut Plans<'_>, ids: &[i64]) -> Result<Vec<i64>, DbErr> {
    plans.look_up(ids).await?;
    let mut moved = Vec::new();
    for id in ids {
        let Some(row) = plans.published(*id).cloned() else { continue };
        let others = plans.likely(*id).iter().filter_map(|other| plans.published(*other));
        let twins: Vec<_> = others.filter(|other| may_be_twins(&row, other)).cloned().collect();
        for other in twins {
            if plans.likeness(row.id, other.id).await?.is_same() {
                moved.extend(unite(plans, [row.page_id, other.page_id]).await?);
                break;
            }
        }
    }
    Ok(moved)
}

/// Whether two plans are one, but for their texts, which are compared last. A draft or a revision says in its title that it is one.
fn may_be_twins(one: &plan::Model, other: &plan::Model) -> bool {
    let title = |row: &plan::Model| letters(&row.title).map(|(_, letter)| letter).collect::<String>();
    let place = |row: &plan::Model| (row.source_id, row.region_id, row.start_year, row.end_year, title(row));
    one.page_id != other.page_id && place(one) == place(other)
}

/// A page and the plans that stand on it.
struct Holder {
    page: page::Model,
    plans: Vec<plan::Model>,
}

impl Holder {
    async fn load(db: &impl ConnectionTrait, id: i64) -> Result<Option<Self>, DbErr> {
        let Some(page) = page::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
        let published = plan::Column::PageId.eq(id).and(plan::Column::WithdrawnAt.is_null());
        let plans = plan::Entity::find().filter(published).order_by_asc(plan::Column::Id).all(db).await?;
        Ok(Some(Self { page, plans }))
    }

    /// What makes it the page of the two, the least first: that it is no other address of a page itself, that it is no
    /// address for telephones, that it was known first.
    fn rank(&self) -> (bool, bool, Option<DateTime<Utc>>, i64) {
        let is_mobile = Url::parse(&self.page.url).is_ok_and(|url| is_for_telephones(&url));
        let first_seen = self.plans.iter().map(|plan| plan.first_seen_at).min();
        (self.page.same_as.is_some(), is_mobile, first_seen, self.page.id)
    }
}

/// Makes one page of two, where each plan of the one that goes stands on the one that stays.
async fn unite(plans: &mut Plans<'_>, pages: [i64; 2]) -> Result<Vec<i64>, DbErr> {
    let db = plans.db();
    let [Some(one), Some(other)] = [Holder::load(db, pages[0]).await?, Holder::load(db, pages[1]).await?] else {
        return Ok(Vec::new());
    };
    let (keeper, twin) = if one.rank() <= other.rank() { (one, other) } else { (other, one) };
    if keeper.page.same_as.is_some() {
        return Ok(Vec::new());
    }
    let Some(pairs) = pairs(plans, &keeper, &twin).await? else { return Ok(Vec::new()) };

    let mut moved = Vec::new();
    let now = db::now();
    for (own, double) in pairs {
        // The plan that was known first keeps its id.
        let (stays, goes) = if own.first_seen_at <= double.first_seen_at { (&own, &double) } else { (&double, &own) };
        moved.extend(reprint::copies_of(db, &[goes.id]).await?);
        moved.push(stays.id);
        store::remove(db, &[goes.id]).await?;
        plans.forget(&[goes.id]);
        if stays.page_id != keeper.page.id {
            let row = plan::Model {
                page_id: keeper.page.id,
                part: own.part,
                url: keeper.page.url.clone(),
                since: now,
                ..stays.clone()
            };
            move_to(db, &row).await?;
            plans.put(row);
        }
    }
    frontier::alias(db, twin.page.id, keeper.page.id).await?;
    tracing::info!(page = keeper.page.url, twin = twin.page.url, "two addresses of one page");
    plans.load(&moved).await?;
    Ok(moved)
}

/// Each plan of the twin with that of the keeper which it is; none where one of them stands on the twin only.
async fn pairs(
    plans: &mut Plans<'_>,
    keeper: &Holder,
    twin: &Holder,
) -> Result<Option<Vec<(plan::Model, plan::Model)>>, DbErr> {
    let ids: Vec<i64> = keeper.plans.iter().chain(&twin.plans).map(|plan| plan.id).collect();
    plans.load(&ids).await?;
    let mut pairs = Vec::new();
    for double in &twin.plans {
        let mut found = None;
        for own in keeper.plans.iter().filter(|own| may_be_twins(own, double)) {
            let is_free = pairs.iter().all(|(taken, _): &(plan::Model, _)| taken.id != own.id);
            if is_free && plans.likeness(own.id, double.id).await?.is_same() {
                found = Some(own.clone());
                break;
            }
        }
        let Some(own) = found else { return Ok(None) };
        pairs.push((own, double.clone()));
    }
    Ok(Some(pairs))
}

/// Puts a plan where another stood, keeping what it was.
async fn move_to(db: &impl ConnectionTrait, row: &plan::Model) -> Result<(), DbErr> {
    let this = Condition::all().add(plan::Column::Id.eq(row.id));
    db.execute(&past::archive::<plan::Entity>(this.clone(), Expr::value(row.since))).await?;
    plan::Entity::update_many()
        .col_expr(plan::Column::PageId, Expr::value(row.page_id))
        .col_expr(plan::Column::Part, Expr::value(row.part))
        .col_expr(plan::Column::Url, Expr::value(row.url.clone()))
        .col_expr(plan::Column::Since, Expr::value(row.since))
        .filter(this)
        .exec(db)
        .await
        .map(|_| ())
}
