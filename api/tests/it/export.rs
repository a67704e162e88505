//! Whole tables as files.

use api::export::{Dataset, Export, Format, dictionary};
use entity::{
    indicator,
    value::{RelationKind, SectionKind},
};
use futures::TryStreamExt as _;
use parquet::{
    file::reader::{FileReader as _, SerializedFileReader},
    record::RowAccessor as _,
};
use sea_orm::{ActiveValue::NotSet, EntityTrait as _, IntoActiveModel as _};
use serde_json::{Value, json};

use crate::support::{Figure, PlanSpec, World, worlds};

pub(crate) async fn bytes(world: &World, file: &str, parameters: &[(&str, &str)]) -> Result<Vec<u8>, api::Error> {
    let parameters: Vec<_> = parameters.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let bytes = world.api.export(file.parse().unwrap(), &parameters).await?;
    bytes.try_fold(Vec::new(), async |all, some| Ok([all, some.to_vec()].concat())).await
}

/// The rows of a table as JSON.
pub(crate) async fn rows(world: &World, dataset: &str, parameters: &[(&str, &str)]) -> Vec<Value> {
    let text = String::from_utf8(bytes(world, &format!("{dataset}.jsonl"), parameters).await.unwrap()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A plan of Huzhou with two figures in two sections, and one of Zhejiang with a figure that is gone.
async fn filled(world: &World) -> [i64; 2] {
    let city =
        world.plan(PlanSpec { title: "湖州市要点", published_on: Some("2025-03-24"), ..PlanSpec::default() }).await;
    let task = world.section(city, SectionKind::Task, "家庭医生", None).await;
    world.responsible(task, 1, "人事科").await;
    world.responsible(task, 0, "基层科").await;
    let inner = world.section(city, SectionKind::Paragraph, "签约", Some(task)).await;
    let concept = world.concept("contract-rate", "签约率", "签约").await;
    world.figure(city, task, Figure { concept: Some(concept), ..Figure::default() }).await;
    world.figure(city, inner, Figure { name: "床位", value: 0.5, unit: None, year: None, ..Figure::default() }).await;
    let province = world.plan(PlanSpec { region: "330000", title: "浙江省要点", ..PlanSpec::default() }).await;
    let section = world.section(province, SectionKind::Heading, "基层", None).await;
    world.figure(province, section, Figure { gone: true, ..Figure::default() }).await;
    world.relation(RelationKind::ReprintOf, city, province, 0.9).await;
    [city, province]
}

#[tokio::test]
async fn a_row_says_what_the_api_says() {
    for world in worlds("export_rows").await {
        filled(&world).await;
        let figures = rows(&world, "indicators", &[]).await;
        let asked = world
            .ask(
                "{ indicators { nodes { id name value unit comparator year concept { slug } region { code name }
                plan { id title } section { id path } sentence obligation firstSeenAt provenance { url sha256 fetchedAt } } } }",
            )
            .await;
        let asked = asked["indicators"]["nodes"].as_array().unwrap();
        assert_eq!((figures.len(), asked.len()), (2, 2), "the one that is gone is left out");
        for (row, node) in figures.iter().zip(asked) {
            for (column, path) in [
                ("id", "/id"),
                ("name", "/name"),
                ("value", "/value"),
                ("unit", "/unit"),
                ("comparator", "/comparator"),
                ("obligation", "/obligation"),
                ("year", "/year"),
                ("region_code", "/region/code"),
                ("region", "/region/name"),
                ("plan_id", "/plan/id"),
                ("plan_title", "/plan/title"),
                ("section_id", "/section/id"),
                ("section_path", "/section/path/0"),
                ("sentence", "/sentence"),
                ("first_seen_at", "/firstSeenAt"),
                ("page_url", "/provenance/url"),
                ("sha256", "/provenance/sha256"),
                ("fetched_at", "/provenance/fetchedAt"),
            ] {
                assert_eq!(Some(&row[column]), node.pointer(path), "{column}");
            }
            let slug = node["concept"]["slug"].clone();
            assert_eq!(row["concept"], slug);
        }

        let plans = rows(&world, "plans", &[]).await;
        assert_eq!((&plans[0]["published_on"], &plans[0]["end_year"]), (&json!("2025-03-24"), &json!(2025)));
        let sections = rows(&world, "sections", &[]).await;
        assert_eq!(sections.len(), 3);
        assert_eq!(
            (&sections[0]["responsible"], &sections[1]["responsible"]),
            (&json!("基层科、人事科"), &Value::Null)
        );
        assert_eq!((&sections[1]["parent_id"], &sections[1]["kind"]), (&sections[0]["id"], &json!("PARAGRAPH")));
        let relations = rows(&world, "relations", &[]).await;
        assert_eq!(
            (&relations[0]["kind"], &relations[0]["from_plan_title"], &relations[0]["to_region_code"]),
            (&json!("REPRINT_OF"), &json!("湖州市要点"), &json!("330000"))
        );
    }
}

#[tokio::test]
async fn a_figure_of_a_file_names_the_file() {
    for world in worlds("export_files").await {
        let [city, _] = filled(&world).await;
        world.file(city, 1, "aa", Some(0)).await;
        let figures = rows(&world, "indicators", &[]).await;
        assert_eq!(figures[0]["sha256"], "aa".repeat(32));
    }
}

#[tokio::test]
async fn parameters_leave_what_filters_leave() {
    for world in worlds("export_filters").await {
        filled(&world).await;
        for (dataset, parameters, left) in [
            ("indicators", &[("within", "浙江"), ("year.ge", "2025")][..], 1),
            ("indicators", &[("concepts", "contract-rate")], 1),
            ("indicators", &[("filter", r#"{"or": [{"units": ["%"]}, {"nameContains": "床"}]}"#)], 2),
            ("plans", &[("regions", "湖州市"), ("regions", "330000")], 2),
            ("plans", &[("publishedOn.le", "2025-03-24")], 1),
            ("sections", &[("regions", "330000")], 1),
            ("relations", &[("kinds", "REPRINT_OF"), ("minScore", "0.95")], 0),
        ] {
            assert_eq!(rows(&world, dataset, parameters).await.len(), left, "{dataset} {parameters:?}");
        }
        let error = bytes(&world, "plans.csv", &[("within", "瓦坎达")]).await.unwrap_err();
        assert_eq!(error.code(), "UNKNOWN_REGION");
        let error = bytes(&world, "plans.csv", &[("limit", "3")]).await.unwrap_err();
        assert!(error.to_string().contains("no parameter `limit`"), "{error}");
    }
}

#[tokio::test]
async fn every_format_has_every_row_over_many_batches() {
    for world in worlds("export_batches").await {
        filled(&world).await;
        let row = indicator::Entity::find_by_id(1).one(&world.db).await.unwrap().unwrap();
        for chunk in (0..2_500).collect::<Vec<_>>().chunks(250) {
            let copies = chunk.iter().map(|n| {
                let copy = indicator::Model { fingerprint: format!("copy {n}"), value: f64::from(*n), ..row.clone() };
                indicator::ActiveModel { id: NotSet, ..copy.into_active_model() }
            });
            indicator::Entity::insert_many(copies).exec(&world.db).await.unwrap();
        }
        let json = rows(&world, "indicators", &[]).await;
        assert_eq!(json.len(), 2_502);

        let csv = bytes(&world, "indicators.csv", &[]).await.unwrap();
        assert!(csv.starts_with("\u{feff}id,name,value,".as_bytes()));
        let mut csv = csv::Reader::from_reader(&csv[3..]);
        let file = axum::body::Bytes::from(bytes(&world, "indicators.parquet", &[]).await.unwrap());
        let file = SerializedFileReader::new(file).unwrap();
        let mut records = file.get_row_iter(None).unwrap();
        for (row, line) in json.iter().zip(csv.records()) {
            let (line, record) = (line.unwrap(), records.next().unwrap().unwrap());
            assert_eq!((row["id"].as_str(), row["value"].as_f64()), (Some(&line[0]), line[2].parse().ok()));
            assert_eq!(row["id"].as_str().unwrap(), record.get_string(0).unwrap());
            assert_eq!(row["value"].as_f64().unwrap(), record.get_double(2).unwrap());
            assert_eq!(row["sentence"].as_str().unwrap(), record.get_string(20).unwrap());
            assert_eq!(row["year"].is_null(), record.is_null(10).unwrap());
        }
        assert!(records.next().is_none());
        let schema = format!("{:?}", file.metadata().file_metadata().schema());
        assert!(schema.contains("first_seen_at") && schema.contains("Timestamp"), "{schema}");
    }
}

#[tokio::test]
async fn a_table_without_rows_is_a_file_all_the_same() {
    for world in worlds("export_empty").await {
        let csv = String::from_utf8(bytes(&world, "relations.csv", &[]).await.unwrap()).unwrap();
        assert!(csv.starts_with("\u{feff}id,kind,") && csv.ends_with("evidence\r\n"), "{csv}");
        let file = axum::body::Bytes::from(bytes(&world, "relations.parquet", &[]).await.unwrap());
        assert_eq!(SerializedFileReader::new(file).unwrap().metadata().file_metadata().num_rows(), 0);
    }
}

#[test]
fn files_are_named_by_table_and_format() {
    let wanted: Export = "sections.parquet".parse().unwrap();
    assert_eq!(wanted, Export { dataset: Dataset::Sections, format: Format::Parquet });
    for name in ["sections", "sections.xlsx", "figures.csv", "sections.csv.gz", ""] {
        assert_eq!(name.parse::<Export>().unwrap_err().code(), "NOT_FOUND", "{name}");
    }
}

#[test]
fn the_dictionary_has_every_column_parameter_and_vocabulary() {
    let text = dictionary();
    for line in [
        "## indicators",
        "| `value_text` | `Indicator.valueText` |",
        "| `year` | `IntRange` |",
        "| `comparators` | `[Comparator!]` |",
        "## Comparator",
        "| `GE` | At least: ",
        "| `REPRINT_OF` |",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}
