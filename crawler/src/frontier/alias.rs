//! Several addresses of one page: an article that has moved, and one that two sources lead to. One row is the page; the
//! others point at it and are never fetched, so that a plan is stored once and keeps its id.

use chrono::{DateTime, Utc};
use entity::{
    page, past, plan, source,
    value::{PageKind, PageState},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::Expr,
};
use url::Url;

use super::Claim;
use crate::{db, discover::canonical, store};

/// Points those of these articles of a source at the rows that other sources had before.
pub(super) async fn unite(db: &impl ConnectionTrait, source_id: i32, urls: &[&Url]) -> Result<(), DbErr> {
    for chunk in urls.chunks(db::rows_per_insert(2)) {
        let rows = page::Entity::find()
            .filter(page::Column::Url.is_in(chunk.iter().map(|url| url.as_str())))
            .filter(page::Column::Kind.eq(PageKind::Article))
            .order_by_asc(page::Column::Id)
            .all(db)
            .await?;
        let (own, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.source_id == source_id);
        for row in own.iter().filter(|row| row.same_as.is_none()) {
            let Some(first) = others.iter().find(|other| other.url == row.url && other.id < row.id) else { continue };
            let keeper = first.same_as.unwrap_or(first.id);
            if keeper != row.id {
                merge(db, row.id, keeper, db::now()).await?;
            }
        }
    }
    Ok(())
}

/// Takes over the pages of sources that are retired where a source has another row of the same address: nobody else
/// would look at them.
pub(crate) async fn inherit(db: &impl ConnectionTrait, source_id: i32) -> Result<(), DbErr> {
    let retired = page::Entity::find()
        .select_only()
        .column(page::Column::Id)
        .inner_join(source::Entity)
        .filter(source::Column::RetiredAt.is_not_null())
        .into_query();
    let heirs = page::Entity::find()
        .filter(page::Column::SourceId.eq(source_id))
        .filter(page::Column::SameAs.in_subquery(retired))
        .all(db)
        .await?;
    for own in heirs {
        let page = page::Entity::find_by_id(own.same_as.unwrap_or_default()).one(db).await?;
        if let Some(page) = page.filter(|page| page.url == own.url) {
            take_over(db, &own, &page).await?;
        }
    }
    Ok(())
}

/// Gives a page and its plans to the source that has another row of the same address, and that row to the page's source.
async fn take_over(db: &impl ConnectionTrait, own: &page::Model, page: &page::Model) -> Result<(), DbErr> {
    let set = async |id: i64, source_id: i32, url: &str| {
        page::Entity::update_many()
            .col_expr(page::Column::SourceId, Expr::value(source_id))
            .col_expr(page::Column::Url, Expr::value(url))
            .filter(page::Column::Id.eq(id))
            .exec(db)
            .await
    };
    // No two rows of a source may have one address, not even for a moment.
    set(own.id, page.source_id, &format!("{}#{}", own.url, own.id)).await?;
    set(page.id, own.source_id, &page.url).await?;
    set(own.id, page.source_id, &own.url).await?;
    let now = db::now();
    let plans = Condition::all().add(plan::Column::PageId.eq(page.id));
    db.execute(&past::archive::<plan::Entity>(plans.clone(), Expr::value(now))).await?;
    plan::Entity::update_many()
        .col_expr(plan::Column::SourceId, Expr::value(own.source_id))
        .col_expr(plan::Column::Since, Expr::value(now))
        .filter(plans)
        .exec(db)
        .await
        .map(|_| ())
}

/// Settles which row a page is that was asked for at one address and answered at another with a plan. Answers whether
/// it is the claimed one, which then has the new address where the old one was left for good; where it is not, the claim
/// is over.
pub(crate) async fn settle(
    db: &DatabaseConnection,
    claim: &mut Claim,
    landed: &Url,
    moved: bool,
) -> Result<bool, DbErr> {
    let landed = canonical(landed.clone());
    if landed.as_str() == claim.page.url {
        return Ok(true);
    }
    let txn = db::begin(db).await?;
    let now = db::now();
    let own_first = page::Column::SourceId.ne(claim.page.source_id);
    let found = page::Entity::find()
        .filter(page::Column::Url.eq(landed.as_str()))
        .filter(page::Column::Kind.eq(PageKind::Article))
        .order_by_asc(own_first)
        .order_by_asc(page::Column::Id)
        .one(&txn)
        .await?;
    let own = found.as_ref().filter(|row| row.source_id == claim.page.source_id).map(|row| row.id);
    let keeper = found.map(|row| row.same_as.unwrap_or(row.id));
    let is_page = match keeper {
        None if moved => {
            rename(&txn, claim, &landed, None, now).await?;
            true
        }
        None => true,
        Some(keeper) if keeper == claim.page.id => true,
        Some(keeper) => match (first_plan(&txn, claim.page.id).await?, first_plan(&txn, keeper).await?) {
            // The one whose plans were known first keeps them.
            (Some(mine), theirs) if theirs.is_none_or(|theirs| mine <= theirs) => {
                merge(&txn, keeper, claim.page.id, now).await?;
                rename(&txn, claim, &landed, own, now).await?;
                true
            }
            _ => {
                merge(&txn, claim.page.id, keeper, now).await?;
                false
            }
        },
    };
    txn.commit().await?;
    Ok(is_page)
}

/// When the first plan of a page was read.
async fn first_plan(db: &impl ConnectionTrait, page_id: i64) -> Result<Option<DateTime<Utc>>, DbErr> {
    plan::Entity::find()
        .select_only()
        .column(plan::Column::FirstSeenAt)
        .filter(plan::Column::PageId.eq(page_id))
        .order_by_asc(plan::Column::FirstSeenAt)
        .into_tuple()
        .one(db)
        .await
}

/// Makes a page and whatever points at it another address of the keeper. Plans that both have are the keeper's; what
/// only the other row has is withdrawn.
async fn merge(db: &impl ConnectionTrait, page_id: i64, keeper: i64, now: DateTime<Utc>) -> Result<(), DbErr> {
    store::give_up(db, page_id, keeper, now).await?;
    alias(db, page_id, keeper).await
}

/// Makes a page and whatever points at it another address of the keeper.
pub(crate) async fn alias(db: &impl ConnectionTrait, page_id: i64, keeper: i64) -> Result<(), DbErr> {
    let these = Condition::any().add(page::Column::Id.eq(page_id)).add(page::Column::SameAs.eq(page_id));
    page::Entity::update_many()
        .col_expr(page::Column::SameAs, Expr::value(keeper))
        .col_expr(page::Column::LeaseOwner, Expr::value(Option::<String>::None))
        .col_expr(page::Column::LeaseUntil, Expr::value(Option::<DateTime<Utc>>::None))
        .filter(these)
        .filter(page::Column::Id.ne(keeper))
        .exec(db)
        .await
        .map(|_| ())
}

/// Gives a claimed page and its plans a new address. The old one stays as another address of it: in the row of the same
/// source that had the new one, or in a row of its own.
async fn rename(
    db: &impl ConnectionTrait,
    claim: &mut Claim,
    landed: &Url,
    held_by: Option<i64>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let page = &mut claim.page;
    let set = async |id: i64, url: &str| {
        page::Entity::update_many()
            .col_expr(page::Column::Url, Expr::value(url))
            .filter(page::Column::Id.eq(id))
            .exec(db)
            .await
    };
    if let Some(other) = held_by {
        // No two rows of a source may have one address, not even for a moment.
        set(other, &format!("{}#{other}", page.url)).await?;
    }
    set(page.id, landed.as_str()).await?;
    match held_by {
        Some(other) => {
            set(other, &page.url).await?;
        }
        None => {
            let other = page::ActiveModel {
                id: NotSet,
                source_id: Set(page.source_id),
                url: Set(page.url.clone()),
                kind: Set(PageKind::Article),
                title: Set(page.title.clone()),
                listed_on: Set(page.listed_on),
                state: Set(PageState::Fresh),
                due_at: Set(now),
                attempts: Set(0),
                same_as: Set(Some(page.id)),
                revisit_hours: Set(0),
                ..Default::default()
            };
            other.insert(db).await?;
        }
    }
    let plans = Condition::all().add(plan::Column::PageId.eq(page.id));
    db.execute(&past::archive::<plan::Entity>(plans.clone(), Expr::value(now))).await?;
    plan::Entity::update_many()
        .col_expr(plan::Column::Url, Expr::value(landed.as_str()))
        .col_expr(plan::Column::Since, Expr::value(now))
        .filter(plans)
        .exec(db)
        .await?;
    page.url = landed.to_string();
    Ok(())
}
