//! Which tables there are, and their columns.

use entity::{
    concept, indicator, past, plan, plan_version, plan_version_snapshot, region, relation, section,
    section_responsible, snapshot, source,
};
use sea_orm::{
    ColumnTrait, Condition, DbBackend, EntityName as _, EntityTrait, ExprTrait as _, JoinType, QueryFilter as _,
    QueryResult, QueryTrait as _,
    sea_query::{Expr, Func, Order, Query, SelectStatement},
};

use super::{
    column::{
        Cell, Column,
        Kind::{Boolean, Date, Enum, Id, Integer, Number, Path, Text, Time},
    },
    parameters,
};
use crate::{Error, as_of::AsOf, filter, load::Loaders};

/// A table to take away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dataset {
    /// A row a plan, withdrawn ones too.
    Plans,
    /// A row a figure that stands in its plan, with the sentence and the bytes behind it.
    Indicators,
    /// A row a section of the version that its plan has now.
    Sections,
    /// A row a relation.
    Relations,
}

impl Dataset {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Plans, Self::Indicators, Self::Sections, Self::Relations];

    /// The name of its file, without the ending.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plans => "plans",
            Self::Indicators => "indicators",
            Self::Sections => "sections",
            Self::Relations => "relations",
        }
    }

    /// The one of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dataset| dataset.name() == name)
    }

    /// The filter of the schema that its parameters make.
    pub(super) const fn filter(self) -> &'static str {
        match self {
            Self::Plans | Self::Sections => "PlanFilter",
            Self::Indicators => "IndicatorFilter",
            Self::Relations => "RelationFilter",
        }
    }

    /// Its columns, the row's id first.
    pub(super) fn columns(self, backend: DbBackend) -> Vec<Column> {
        match self {
            Self::Plans => of_plan(),
            Self::Indicators => of_indicator(),
            Self::Sections => of_section(backend),
            Self::Relations => of_relation(),
        }
    }

    /// The rows that parameters leave.
    pub(super) async fn table(self, loaders: &Loaders, parameters: &[(String, String)]) -> Result<Table, Error> {
        let columns = self.columns(loaders.loader().db.get_database_backend());
        let (as_of, parameters) = parameters::moment(parameters)?;
        let (mut rows, id) = match self {
            Self::Plans => {
                let wanted = filter::plans(loaders, parameters::read(&parameters)?).await?;
                (plans(wanted, as_of), plan::Column::Id.into_expr())
            }
            Self::Indicators => {
                let wanted = filter::indicators(loaders, parameters::read(&parameters)?).await?;
                (indicators(wanted, as_of), indicator::Column::Id.into_expr())
            }
            Self::Sections => {
                let wanted = filter::plans(loaders, parameters::read(&parameters)?).await?;
                (sections(wanted, as_of), section::Column::Id.into_expr())
            }
            Self::Relations if as_of != AsOf::NOW => {
                return Err(Error::BadInput("relations are kept as they are now: leave `asOf` out".to_owned()));
            }
            Self::Relations => {
                let wanted = filter::relations(loaders, parameters::read(&parameters)?).await?;
                (relations(wanted), relation::Column::Id.into_expr())
            }
        };
        rows.clear_selects().expr(id.clone());
        for column in &columns {
            rows.expr(column.selected());
        }
        Ok(Table { columns, rows, id })
    }
}

/// A table with the rows that are wanted.
pub(super) struct Table {
    columns: Vec<Column>,
    /// Selects the row's own id, then the columns.
    rows: SelectStatement,
    id: Expr,
}

impl Table {
    pub(super) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// So many rows behind one, by their ids.
    pub(super) fn batch(&self, after: Option<i64>, count: u64) -> SelectStatement {
        let mut batch = self.rows.clone();
        if let Some(after) = after {
            batch.and_where(self.id.clone().gt(after));
        }
        batch.order_by_expr(self.id.clone(), Order::Asc).limit(count);
        batch
    }

    /// The last row's id, and the values of all rows.
    pub(super) fn read(&self, rows: &[QueryResult]) -> Result<(Option<i64>, Vec<Vec<Cell>>), Error> {
        let last = rows.last().map(|row| row.try_get_by_index(0)).transpose()?;
        let values = |row| (1..).zip(&self.columns).map(|(place, column)| column.value(row, place)).collect();
        Ok((last, rows.iter().map(values).collect::<Result<_, _>>()?))
    }
}

fn of_plan() -> Vec<Column> {
    use plan::Column as P;
    let mut columns = vec![
        Column::new("id", Id("Plan"), "Plan.id", P::Id.into_expr()),
        Column::new("title", Text, "Plan.title", P::Title.into_expr()),
        Column::new("kind", Enum, "Plan.kind", P::Kind.into_expr()),
    ];
    columns.extend(of_region());
    columns.extend([
        Column::new("issuer", Text, "Plan.issuer", P::Issuer.into_expr()),
        Column::new("document_number", Text, "Plan.documentNumber", P::DocumentNumber.into_expr()),
        Column::new("index_number", Text, "Plan.indexNumber", P::IndexNumber.into_expr()),
        Column::new("issued_on", Date, "Plan.issuedOn", P::IssuedOn.into_expr()),
        Column::new("published_on", Date, "Plan.publishedOn", P::PublishedOn.into_expr()),
        Column::new("start_year", Integer, "Period.startYear", P::StartYear.into_expr()),
        Column::new("end_year", Integer, "Period.endYear", P::EndYear.into_expr()),
        Column::new("source", Text, "Source.slug", source::Column::Slug.into_expr()),
        Column::new("url", Text, "Plan.url", P::Url.into_expr()),
        Column::new("is_reprint", Boolean, "Plan.isReprint", P::IsReprint.into_expr()),
        Column::new("reprinted_from", Text, "Plan.reprintedFrom", P::ReprintedFrom.into_expr()),
        Column::new("version", Integer, "Plan.version", P::Version.into_expr()),
        Column::new("withdrawn_at", Time, "Plan.withdrawnAt", P::WithdrawnAt.into_expr()),
    ]);
    columns.extend(of_provenance());
    columns
}

fn of_indicator() -> Vec<Column> {
    use indicator::Column as I;
    let mut columns = vec![
        Column::new("id", Id("Indicator"), "Indicator.id", I::Id.into_expr()),
        Column::new("name", Text, "Indicator.name", I::Name.into_expr()),
        Column::new("value", Number, "Indicator.value", I::Value.into_expr()),
        Column::new("value_max", Number, "Indicator.valueMax", I::ValueMax.into_expr()),
        Column::new("value_text", Text, "Indicator.valueText", I::ValueText.into_expr()),
        Column::new("unit", Text, "Indicator.unit", I::Unit.into_expr()),
        Column::new("comparator", Enum, "Indicator.comparator", I::Comparator.into_expr()),
        Column::new("measure", Enum, "Indicator.measure", I::Measure.into_expr()),
        Column::new("role", Enum, "Indicator.role", I::Role.into_expr()),
        Column::new("obligation", Enum, "Indicator.obligation", I::Obligation.into_expr()),
        Column::new("year", Integer, "Indicator.year", I::Year.into_expr()),
        Column::new("scope", Text, "Indicator.scope", I::Scope.into_expr()),
        Column::new("concept", Text, "Concept.slug", concept::Column::Slug.into_expr()),
    ];
    columns.extend(of_region());
    columns.extend([
        Column::new("plan_id", Id("Plan"), "Plan.id", I::PlanId.into_expr()),
        Column::new("plan_title", Text, "Plan.title", plan::Column::Title.into_expr()),
        Column::new("plan_kind", Enum, "Plan.kind", I::PlanKind.into_expr()),
        Column::new("section_id", Id("Section"), "Section.id", I::SectionId.into_expr()),
        Column::new("section_path", Path, "Section.path", section::Column::Path.into_expr()),
        Column::new("sentence", Text, "Indicator.sentence", I::Sentence.into_expr()),
        Column::new("span_start", Integer, "Span.start", I::SpanStart.into_expr()),
        Column::new("span_end", Integer, "Span.end", I::SpanEnd.into_expr()),
        Column::new("confidence", Number, "Indicator.confidence", I::Confidence.into_expr()),
        Column::new("corrected", Boolean, "Indicator.corrected", I::Corrected.into_expr()),
        Column::new("first_seen_at", Time, "Indicator.firstSeenAt", I::FirstSeenAt.into_expr()),
    ]);
    columns.extend(of_provenance());
    columns
}

fn of_section(backend: DbBackend) -> Vec<Column> {
    use section::Column as S;
    let mut columns = vec![
        Column::new("id", Id("Section"), "Section.id", S::Id.into_expr()),
        Column::new("kind", Enum, "Section.kind", S::Kind.into_expr()),
        Column::new("number", Text, "Section.number", S::Number.into_expr()),
        Column::new("heading", Text, "Section.heading", S::Heading.into_expr()),
        Column::new("path", Path, "Section.path", S::Path.into_expr()),
        Column::new("depth", Integer, "Section.depth", S::Depth.into_expr()),
        Column::new("text", Text, "Section.text", S::Text.into_expr()),
        Column::new("responsible", Text, "Section.responsible", responsible(backend)),
        Column::new("span_start", Integer, "Span.start", S::SpanStart.into_expr()),
        Column::new("span_end", Integer, "Span.end", S::SpanEnd.into_expr()),
        Column::new("parent_id", Id("Section"), "Section.parent", S::ParentId.into_expr()),
        Column::new("plan_id", Id("Plan"), "Plan.id", S::PlanId.into_expr()),
        Column::new("plan_title", Text, "Plan.title", plan::Column::Title.into_expr()),
    ];
    columns.extend(of_region());
    columns
}

fn of_relation() -> Vec<Column> {
    use relation::Column as R;
    let region = |side, column| Expr::col((side, column));
    let plan = |side| Expr::col((side, plan::Column::Title));
    vec![
        Column::new("id", Id("Relation"), "Relation.id", R::Id.into_expr()),
        Column::new("kind", Enum, "Relation.kind", R::Kind.into_expr()),
        Column::new("from_region_code", Text, "Region.code", region(FROM_REGION, region::Column::Code)),
        Column::new("from_region", Text, "Relation.fromRegion", region(FROM_REGION, region::Column::Name)),
        Column::new("to_region_code", Text, "Region.code", region(TO_REGION, region::Column::Code)),
        Column::new("to_region", Text, "Relation.toRegion", region(TO_REGION, region::Column::Name)),
        Column::new("from_plan_id", Id("Plan"), "Relation.fromPlan", R::FromPlanId.into_expr()),
        Column::new("from_plan_title", Text, "Plan.title", plan(FROM_PLAN)),
        Column::new("to_plan_id", Id("Plan"), "Relation.toPlan", R::ToPlanId.into_expr()),
        Column::new("to_plan_title", Text, "Plan.title", plan(TO_PLAN)),
        Column::new("from_section_id", Id("Section"), "Relation.fromSection", R::FromSectionId.into_expr()),
        Column::new("to_section_id", Id("Section"), "Relation.toSection", R::ToSectionId.into_expr()),
        Column::new("programme_id", Id("Programme"), "Relation.programme", R::ProgrammeId.into_expr()),
        Column::new("role", Enum, "Relation.role", R::Role.into_expr()),
        Column::new("score", Number, "Relation.score", R::Score.into_expr()),
        Column::new("evidence", Text, "Relation.evidence", R::Evidence.into_expr()),
    ]
}

fn of_region() -> [Column; 2] {
    [
        Column::new("region_code", Text, "Region.code", region::Column::Code.into_expr()),
        Column::new("region", Text, "Region.name", region::Column::Name.into_expr()),
    ]
}

fn of_provenance() -> [Column; 3] {
    [
        Column::new("page_url", Text, "Provenance.url", snapshot::Column::Url.into_expr()),
        Column::new("fetched_at", Time, "Provenance.fetchedAt", snapshot::Column::FetchedAt.into_expr()),
        Column::new("sha256", Text, "Provenance.sha256", snapshot::Column::Sha256.into_expr()),
    ]
}

/// The two sides of a relation, each under a name of its own.
const FROM_REGION: &str = "from_region";
const TO_REGION: &str = "to_region";
const FROM_PLAN: &str = "from_plan";
const TO_PLAN: &str = "to_plan";

fn plans(wanted: Condition, as_of: AsOf) -> SelectStatement {
    let mut rows = as_of.rows::<plan::Entity>().filter(wanted).into_query();
    with(&mut rows, region::Entity, equal(plan::Column::RegionId, region::Column::Id));
    with(&mut rows, source::Entity, equal(plan::Column::SourceId, source::Column::Id));
    with_version(&mut rows);
    with(&mut rows, snapshot::Entity, equal(plan_version::Column::SnapshotId, snapshot::Column::Id));
    rows
}

fn indicators(wanted: Condition, as_of: AsOf) -> SelectStatement {
    // Those of a moment may be gone since.
    let stands = Condition::all().add_option((as_of == AsOf::NOW).then(|| indicator::Column::GoneAt.is_null()));
    let mut rows = as_of.rows::<indicator::Entity>().filter(wanted).filter(stands).into_query();
    with(&mut rows, region::Entity, equal(indicator::Column::RegionId, region::Column::Id));
    with_plan(&mut rows, as_of, equal(indicator::Column::PlanId, plan::Column::Id));
    with(&mut rows, section::Entity, equal(indicator::Column::SectionId, section::Column::Id));
    let is_its_concept = equal(indicator::Column::ConceptId, concept::Column::Id);
    rows.join(JoinType::LeftJoin, concept::Entity, is_its_concept);
    with_version(&mut rows);
    let bytes =
        Func::coalesce([Expr::SubQuery(None, Box::new(part().into())), plan_version::Column::SnapshotId.into_expr()]);
    with(&mut rows, snapshot::Entity, snapshot::Column::Id.into_expr().eq(bytes));
    rows
}

/// Of several bodies that a version was read from, the one that a figure stands in.
fn part() -> SelectStatement {
    use plan_version_snapshot::Column;
    let mut part = Query::select();
    part.expr(Column::SnapshotId.into_expr())
        .from(plan_version_snapshot::Entity)
        .and_where(equal(Column::PlanVersionId, plan_version::Column::Id))
        .and_where(Column::SpanStart.into_expr().lte(indicator::Column::SpanStart.into_expr()))
        .order_by_expr(Column::SpanStart.into_expr(), Order::Desc)
        .limit(1);
    part
}

fn sections(wanted: Condition, as_of: AsOf) -> SelectStatement {
    let of_version = as_of.of_version(section::Entity);
    let mut rows = section::Entity::find().filter(of_version).filter(wanted).into_query();
    with_plan(&mut rows, as_of, equal(section::Column::PlanId, plan::Column::Id));
    with(&mut rows, region::Entity, equal(plan::Column::RegionId, region::Column::Id));
    rows
}

/// The units that answer for a section, as one text.
fn responsible(backend: DbBackend) -> Expr {
    use section_responsible::Column;
    const UNIT: &str = "unit";
    let mut units = Query::select();
    units
        .expr_as(Column::Unit.into_expr(), UNIT)
        .from(section_responsible::Entity)
        .and_where(equal(Column::SectionId, section::Column::Id))
        .order_by_expr(Column::Position.into_expr(), Order::Asc);
    let join = if backend == DbBackend::Sqlite { "group_concat" } else { "string_agg" };
    let mut joined = Query::select();
    joined.expr(Func::cust(join).args([Expr::col(UNIT), Expr::val("、")])).from_subquery(units, "units");
    Expr::SubQuery(None, Box::new(joined.into()))
}

fn relations(wanted: Condition) -> SelectStatement {
    use relation::Column;
    let mut rows = relation::Entity::find().filter(wanted).into_query();
    for (side, column) in [(FROM_REGION, Column::FromRegionId), (TO_REGION, Column::ToRegionId)] {
        let is_side = Expr::col((side, region::Column::Id)).eq(column.into_expr());
        rows.join_as(JoinType::InnerJoin, region::Entity, side, is_side);
    }
    for (side, column) in [(FROM_PLAN, Column::FromPlanId), (TO_PLAN, Column::ToPlanId)] {
        let is_side = Expr::col((side, plan::Column::Id)).eq(column.into_expr());
        rows.join_as(JoinType::LeftJoin, plan::Entity, side, is_side);
    }
    rows
}

/// The plan of a row, as it stood.
fn with_plan(rows: &mut SelectStatement, as_of: AsOf, condition: Expr) {
    match as_of.0 {
        None => with(rows, plan::Entity, condition),
        Some(moment) => {
            let plans = past::at::<plan::Entity>(moment);
            rows.join_subquery(JoinType::InnerJoin, plans, plan::Entity.table_name(), condition);
        }
    }
}

/// The version that the plan of a row has.
fn with_version(rows: &mut SelectStatement) {
    let is_current = equal(plan_version::Column::PlanId, plan::Column::Id)
        .and(equal(plan_version::Column::Version, plan::Column::Version));
    with(rows, plan_version::Entity, is_current);
}

fn with(rows: &mut SelectStatement, table: impl EntityTrait, condition: Expr) {
    rows.join(JoinType::InnerJoin, table.table_ref(), condition);
}

fn equal(one: impl ColumnTrait, other: impl ColumnTrait) -> Expr {
    one.into_expr().eq(other.into_expr())
}

#[cfg(test)]
mod tests {
    use super::{super::contract, *};

    #[test]
    fn each_column_is_a_field_of_the_schema_that_says_what_it_means() {
        for column in Dataset::ALL.into_iter().flat_map(|dataset| dataset.columns(DbBackend::Sqlite)) {
            let field = contract::field(column.field).unwrap_or_else(|| panic!("{}", column.field));
            assert!(!field.description.is_empty(), "{}", column.field);
            let base = contract::base(field.ty.unwrap());
            assert_eq!(column.kind == Enum, contract::is_enum(base), "{}", column.field);
        }
    }

    #[test]
    fn no_two_columns_of_a_table_have_the_same_name() {
        for dataset in Dataset::ALL {
            let mut names: Vec<_> = dataset.columns(DbBackend::Sqlite).iter().map(|column| column.name).collect();
            names.sort_unstable();
            assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
            assert!(!contract::members(dataset.filter()).is_empty(), "{dataset:?}");
        }
    }
}
