//! The six shapes of queries: what is asked of plangraph, and the same of PostGraphile where it can express it.

use std::ops::RangeInclusive;

use api::Api;
use async_graphql::{Request, Variables};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use entity::{
    concept,
    region::{self, ids_within},
    value::RegionLevel,
};
use sea_orm::{ColumnTrait as _, DatabaseConnection, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::{Value, json};

/// How many different questions of a shape are asked in turn.
const QUESTIONS: u64 = 200;

/// Words of every frequency, phrases, a single character, several words.
pub(crate) const WORDS: [&str; 10] = [
    "服务",
    "医疗卫生服务",
    "家庭医生 签约",
    "卫",
    "AED",
    "安宁疗护",
    "急救 AED*",
    "79.5%",
    "“基层 CT 设备”",
    "没有这个词",
];

/// What is asked in one way.
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    /// In plangraph's language.
    pub(crate) document: &'static str,
    /// In PostGraphile's.
    pub(crate) postgraphile: Option<&'static str>,
    /// The columns of rows that are asked for.
    pub(crate) columns: &'static [&'static str],
    /// Variables for plangraph, each with those for PostGraphile.
    pub(crate) questions: Vec<(Value, Value)>,
}

const POINT: &str = "query Point($id: ID!) { plan(id: $id) { id title kind issuer documentNumber publishedOn url } }";
const POINT_POSTGRAPHILE: &str = "query Point($id: BigInt!) {
  planByRowId(rowId: $id) { id title kind issuer documentNumber publishedOn url } }";

const PAGE: &str = "query Page($concept: String!, $within: String!) {
  indicators(first: 50, filter: {concepts: [$concept], within: $within, roles: [TARGET], year: {ge: 2025, le: 2025}},
    orderBy: [{field: VALUE, direction: DESC}]) {
    nodes { id name value valueText unit year sentence region { code name } plan { title publishedOn } section { number heading } }
    pageInfo { hasNextPage endCursor } } }";
const PAGE_POSTGRAPHILE: &str = "query Page($concept: Int!, $from: Int!, $to: Int!) {
  allIndicators(first: 50, orderBy: [VALUE_DESC, ROW_ID_DESC], filter: {conceptId: {equalTo: $concept}, role: {equalTo: \"target\"},
    year: {equalTo: 2025}, regionId: {greaterThanOrEqualTo: $from, lessThanOrEqualTo: $to}, goneAt: {isNull: true}}) {
    nodes { id name value valueText unit year sentence regionByRegionId { code name } planByPlanId { title publishedOn }
      sectionBySectionId { number heading } }
    pageInfo { hasNextPage endCursor } } }";

const DEEP: &str = "query Deep($after: String!) {
  indicators(first: 50, after: $after, orderBy: [{field: VALUE, direction: DESC}]) {
    nodes { id name value valueText unit year } pageInfo { hasNextPage endCursor } } }";
const DEEP_POSTGRAPHILE: &str = "query Deep($after: Cursor!) {
  allIndicators(first: 50, after: $after, orderBy: [VALUE_DESC, ROW_ID_DESC], filter: {goneAt: {isNull: true}}) {
    nodes { id name value valueText unit year } pageInfo { hasNextPage endCursor } } }";

const COMPARE: &str = "query Compare($concept: String!, $within: String!) {
  compare(concept: $concept, within: $within, year: 2025) {
    rows { region { code name } indicator { name value valueText } rank gapToBest gapToParent standing } excluded { reason } } }";

const GROUPS: &str = "query Groups($concept: String!, $within: String!) {
  indicatorStats(filter: {concepts: [$concept], within: $within}, groupBy: [YEAR, ROLE]) { year role count min max avg } }";
const GROUPS_POSTGRAPHILE: &str = "query Groups($concept: Int!, $from: Int!, $to: Int!) {
  allIndicators(filter: {conceptId: {equalTo: $concept}, regionId: {greaterThanOrEqualTo: $from, lessThanOrEqualTo: $to},
    goneAt: {isNull: true}}) {
    groupedAggregates(groupBy: [YEAR, ROLE]) { keys distinctCount { rowId } min { value } max { value } average { value } } } }";

const SEARCH: &str = "query Search($query: String!) {
  search(query: $query) { nodes { score snippet item { __typename ... on Section { heading plan { title region { name } } } } } } }";

/// Where a figure stands among all by their values: what a deep page begins behind.
const CURSOR: &str = "query Cursor($id: ID!) {
  indicators(filter: {ids: [$id]}, orderBy: [{field: VALUE, direction: DESC}]) { pageInfo { endCursor } } }";
pub(crate) const CURSOR_POSTGRAPHILE: &str = "query Cursor($id: BigInt!) {
  allIndicators(first: 1, orderBy: [VALUE_DESC, ROW_ID_DESC], filter: {rowId: {equalTo: $id}, goneAt: {isNull: true}}) {
    pageInfo { endCursor } } }";

/// The shapes over a database of so many plans.
pub(crate) async fn shapes(api: &Api, db: &DatabaseConnection, plans: u64, figures: u64) -> Result<Vec<Shape>, DbErr> {
    let concepts = concept::Entity::find().order_by_asc(concept::Column::Id).all(db).await?;
    let is_province = region::Column::Level.eq(RegionLevel::Province);
    let provinces = region::Entity::find().filter(is_province).order_by_asc(region::Column::Id).all(db).await?;
    // Numbers that share no factor with how many there are visit all of them.
    let of_region = |at: u64| {
        let concept = &concepts[place(at * 7, concepts.len())];
        let province = &provinces[place(at * 11, provinces.len())];
        let ids: RangeInclusive<i32> = ids_within(province.region_code());
        let plangraph = json!({ "concept": concept.slug, "within": province.code });
        (plangraph, json!({ "concept": concept.id, "from": ids.start(), "to": ids.end() }))
    };
    let all = || 0..QUESTIONS;
    let point = |at: u64| {
        let id = spread(at, plans);
        (json!({ "id": global_id("Plan", id) }), json!({ "id": id.to_string() }))
    };
    let mut deep = Vec::new();
    for at in all() {
        let id = spread(at, figures);
        let found = answer(api, CURSOR, &json!({ "id": global_id("Indicator", id) })).await;
        let after = &found["indicators"]["pageInfo"]["endCursor"];
        deep.push((json!({ "after": after }), json!({ "id": id.to_string() })));
    }
    let search = |word| (json!({ "query": word }), Value::Null);
    let shape =
        |name, document, postgraphile, columns, questions| Shape { name, document, postgraphile, columns, questions };
    Ok(vec![
        shape(
            "point look-up",
            POINT,
            Some(POINT_POSTGRAPHILE),
            &["id", "title", "kind", "issuer", "document_number", "published_on", "url"],
            all().map(point).collect(),
        ),
        shape(
            "filtered page of 50",
            PAGE,
            Some(PAGE_POSTGRAPHILE),
            &[
                "id",
                "name",
                "value",
                "value_text",
                "unit",
                "year",
                "sentence",
                "code",
                "title",
                "published_on",
                "number",
                "heading",
            ],
            all().map(of_region).collect(),
        ),
        shape(
            "deep page by cursor",
            DEEP,
            Some(DEEP_POSTGRAPHILE),
            &["id", "name", "value", "value_text", "unit", "year"],
            deep,
        ),
        shape("compare", COMPARE, None, &["id", "code", "name", "value", "value_text"], all().map(of_region).collect()),
        shape(
            "group by",
            GROUPS,
            Some(GROUPS_POSTGRAPHILE),
            &["year", "role", "figures", "least", "most", "mean"],
            all().map(of_region).collect(),
        ),
        shape("search", SEARCH, None, &["id", "heading", "text", "title", "name"], WORDS.map(search).to_vec()),
    ])
}

/// What plangraph answers to a question, without HTTP.
pub(crate) async fn answer(api: &Api, document: &str, variables: &Value) -> Value {
    let request = Request::new(document).variables(Variables::from_json(variables.clone()));
    let answer = api.execute(request).await;
    assert!(answer.errors.is_empty(), "{document} {variables}: {:?}", answer.errors);
    answer.data.into_json().unwrap_or_default()
}

fn global_id(kind: &str, row: u64) -> String {
    URL_SAFE_NO_PAD.encode(format!("{kind}:{row}"))
}

/// Numbers from 1 to a limit that lie all over it.
fn spread(at: u64, limit: u64) -> u64 {
    at * 2_654_435_761 % limit + 1
}

fn place(at: u64, length: usize) -> usize {
    usize::try_from(at).unwrap_or(0) % length
}
