//! How much a page holds, to tell whether a reading of it takes away what is published.

use std::collections::HashMap;

use entity::{hold, indicator, plan, plan_version};
use extract::Plan;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationDef,
    RelationTrait,
    sea_query::{Expr, ExprTrait, Func, OnConflict},
};

use crate::db;

/// How many figures a publisher may take out of a page at once, however few it holds.
const FEW: i32 = 2;

/// How much a page holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Contents {
    pub(crate) plans: i32,
    /// Plans with a title.
    pub(crate) titles: i32,
    pub(crate) figures: i32,
    /// Characters of the plans' texts.
    pub(crate) characters: i32,
}

impl Contents {
    /// What was read.
    pub(super) fn read<'a>(plans: impl Iterator<Item = &'a Plan>) -> Self {
        let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        plans.fold(Self::default(), |sum, plan| Self {
            plans: sum.plans + 1,
            titles: sum.titles + i32::from(!plan.title.is_empty()),
            figures: sum.figures.saturating_add(count(plan.indicators.len())),
            characters: sum.characters.saturating_add(count(plan.text.chars().count())),
        })
    }

    /// The same where so many of the plans that were there before are gone, whatever others have come.
    pub(super) fn without(self, gone: usize, before: Self) -> Self {
        match i32::try_from(gone).unwrap_or(i32::MAX) {
            0 => self,
            gone => Self { plans: std::cmp::min(self.plans, before.plans - gone), ..self },
        }
    }

    /// Whether less is left than before.
    pub(super) fn takes_away(self, before: Self) -> bool {
        self.figures < before.figures || self.is_torn(before)
    }

    /// Whether what is left is less than a publisher who edits a page would leave: half the figures or more are gone,
    /// and not only a few, or the page itself is torn.
    pub(crate) fn is_ruin(self, before: Self) -> bool {
        let gone = before.figures - self.figures;
        gone > FEW && gone >= before.figures - gone || self.is_torn(before)
    }

    /// Whether plans, titles, or more than half of the text are gone.
    fn is_torn(self, before: Self) -> bool {
        self.plans < before.plans || self.titles < before.titles || self.characters < before.characters / 2
    }

    /// The difference in words.
    pub(crate) fn loss(self, before: Self) -> String {
        let (now, what) = if self.plans < before.plans {
            ((before.plans, self.plans), "plans")
        } else if self.titles < before.titles {
            ((before.titles, self.titles), "titles")
        } else if self.figures < before.figures {
            ((before.figures, self.figures), "figures")
        } else {
            ((before.characters, self.characters), "characters of text")
        };
        format!("had {} {what} and now {} can be read", now.0, now.1)
    }
}

impl From<&hold::Model> for Contents {
    fn from(row: &hold::Model) -> Self {
        Self { plans: row.plans, titles: row.titles, figures: row.figures, characters: row.characters }
    }
}

/// What is published of some pages; those with nothing are left out.
pub(crate) async fn published(db: &impl ConnectionTrait, pages: &[i64]) -> Result<HashMap<i64, Contents>, DbErr> {
    let small = |n: i64| i32::try_from(n).unwrap_or(i32::MAX);
    let mut contents = HashMap::new();
    for chunk in pages.chunks(db::rows_per_insert(1)) {
        let of_these = || plan::Column::PageId.is_in(chunk.iter().copied()).and(plan::Column::WithdrawnAt.is_null());
        let titled = Expr::case(plan::Column::Title.ne(""), 1).finally(0);
        let length = Func::char_length(Expr::col((plan_version::Entity, plan_version::Column::Text)));
        let plans: Vec<(i64, i64, i64, i64)> = plan::Entity::find()
            .select_only()
            .column(plan::Column::PageId)
            .column_as(plan::Column::Id.count(), "plans")
            .column_as(Expr::expr(titled).sum(), "titles")
            .column_as(Expr::expr(length).sum(), "characters")
            .join(JoinType::InnerJoin, current_version())
            .filter(of_these())
            .group_by(plan::Column::PageId)
            .into_tuple()
            .all(db)
            .await?;
        for (page, plans, titles, characters) in plans {
            let found =
                Contents { plans: small(plans), titles: small(titles), figures: 0, characters: small(characters) };
            contents.insert(page, found);
        }
        let figures: Vec<(i64, i64)> = indicator::Entity::find()
            .select_only()
            .column(plan::Column::PageId)
            .column_as(indicator::Column::Id.count(), "figures")
            .join(JoinType::InnerJoin, indicator::Relation::Plan.def())
            .filter(of_these().and(indicator::Column::GoneAt.is_null()))
            .group_by(plan::Column::PageId)
            .into_tuple()
            .all(db)
            .await?;
        for (page, figures) in figures {
            contents.entry(page).or_default().figures = small(figures);
        }
    }
    Ok(contents)
}

/// From a plan to the version that it is at.
fn current_version() -> RelationDef {
    plan_version::Relation::Plan.def().rev().on_condition(|plan, version| {
        let at = Expr::col((version, plan_version::Column::Version)).eq(Expr::col((plan, plan::Column::Version)));
        Condition::all().add(at)
    })
}

/// Notes what a body holds that is held back.
pub(super) async fn hold(
    db: &impl ConnectionTrait,
    page_id: i64,
    snapshot_id: i64,
    contents: Contents,
) -> Result<(), DbErr> {
    use hold::Column;
    let row = hold::ActiveModel {
        page_id: Set(page_id),
        snapshot_id: Set(snapshot_id),
        since: Set(db::now()),
        plans: Set(contents.plans),
        titles: Set(contents.titles),
        figures: Set(contents.figures),
        characters: Set(contents.characters),
    };
    let last = [Column::SnapshotId, Column::Plans, Column::Titles, Column::Figures, Column::Characters];
    let again = OnConflict::column(Column::PageId).update_columns(last).to_owned();
    hold::Entity::insert(row).on_conflict(again).exec_without_returning(db).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn of(plans: i32, figures: i32, characters: i32) -> Contents {
        Contents { plans, titles: plans, figures, characters }
    }

    #[test]
    fn tells_ruin_from_an_edit() {
        let before = of(1, 40, 10_000);
        for (now, takes_away, is_ruin) in [
            (of(1, 40, 10_000), false, false),
            (of(1, 45, 6_000), false, false),
            (of(1, 39, 10_000), true, false),
            (of(1, 21, 10_000), true, false),
            (of(1, 20, 10_000), true, true),
            (of(1, 41, 4_999), true, true),
            (of(0, 0, 0), true, true),
            (Contents { titles: 0, ..before }, true, true),
        ] {
            assert_eq!((now.takes_away(before), now.is_ruin(before)), (takes_away, is_ruin), "{now:?}");
        }
        assert!(!of(1, 0, 900).is_ruin(of(1, 2, 1_000)), "two figures are a few");
        assert!(of(1, 0, 900).is_ruin(of(1, 3, 1_000)));
        assert!(!of(0, 0, 0).takes_away(Contents::default()), "there was nothing");
    }

    #[test]
    fn says_what_is_lost() {
        let loss = |now: Contents, before| now.loss(before);
        assert_eq!(loss(of(1, 3, 100), of(1, 40, 900)), "had 40 figures and now 3 can be read");
        assert_eq!(loss(of(0, 0, 0), of(2, 40, 900)), "had 2 plans and now 0 can be read");
        assert_eq!(loss(of(1, 3, 100), of(1, 3, 900)), "had 900 characters of text and now 100 can be read");
    }
}
