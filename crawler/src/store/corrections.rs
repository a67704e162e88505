//! Corrections by analysts, which outlive what is read. Figures are stored as if there were none, and the corrections laid
//! over them as they are written: what a text is read as, and what is shown of it, stay apart.

use std::collections::HashMap;

use entity::{
    correction::{self, Reading},
    indicator,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    TryIntoModel, prelude::DateTimeUtc,
};

/// The corrections in force, by their figures.
#[derive(Default)]
pub(super) struct Corrections(HashMap<i64, correction::Model>);

impl Corrections {
    /// Takes the corrections off the figures of a plan: the rows are then what was read.
    pub(super) async fn take_off(db: &impl ConnectionTrait, figures: &mut [indicator::Model]) -> Result<Self, DbErr> {
        let corrected: Vec<_> = figures.iter_mut().filter(|figure| figure.corrected).collect();
        if corrected.is_empty() {
            return Ok(Self::default());
        }
        let in_force = correction::Entity::find()
            .filter(correction::Column::IndicatorId.is_in(corrected.iter().map(|figure| figure.id)))
            .filter(correction::Column::EndedAt.is_null());
        let found: HashMap<_, _> = in_force.all(db).await?.into_iter().map(|row| (row.indicator_id, row)).collect();
        for figure in corrected {
            if let Some(correction) = found.get(&figure.id) {
                correction.reading.clone().restore(figure);
            }
        }
        Ok(Self(found))
    }

    /// Whether a figure is corrected.
    pub(super) fn has(&self, figure: &indicator::Model) -> bool {
        self.0.contains_key(&figure.id)
    }

    /// Lays its correction over the row of a figure, and notes what was read.
    pub(super) async fn lay_over(
        &mut self,
        db: &impl ConnectionTrait,
        row: indicator::ActiveModel,
    ) -> Result<indicator::ActiveModel, DbErr> {
        let Some(correction) = row.id.try_as_ref().and_then(|id| self.0.remove(id)) else { return Ok(row) };
        let mut row = row.try_into_model()?;
        note(db, &correction, Reading::of(&row)).await?;
        correction.lay_over(&mut row);
        Ok(row.into_active_model().reset_all())
    }

    /// Notes what is read of the corrected figures among those that are gone from their plan.
    pub(super) async fn note_gone(
        self,
        db: &impl ConnectionTrait,
        gone: &[indicator::Model],
        at: DateTimeUtc,
    ) -> Result<(), DbErr> {
        for correction in gone.iter().filter_map(|figure| self.0.get(&figure.id)) {
            note(db, correction, Reading { gone_at: Some(at), ..correction.reading.clone() }).await?;
        }
        Ok(())
    }
}

async fn note(db: &impl ConnectionTrait, correction: &correction::Model, reading: Reading) -> Result<(), DbErr> {
    if correction.reading != reading {
        let mut row = correction.clone().into_active_model();
        row.reading = Set(reading);
        row.update(db).await?;
    }
    Ok(())
}
