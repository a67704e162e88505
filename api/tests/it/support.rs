//! Databases to test against, and rows in them.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use api::Api;
use async_graphql::{Request, Response};
use entity::{
    concept, concept_alias, crawl_run, failure, glossary_term, indicator, page, plan, plan_version,
    plan_version_snapshot, region, relation, section, section_responsible, snapshot, source,
    value::{
        Comparator, Direction, Health, Measure, Obligation, PageKind, PageState, PlanKind, RegionCode, RegionLevel,
        RelationKind, Role, RunStatus, SectionKind,
    },
};
use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, EntityTrait as _,
    QueryFilter as _,
    prelude::DateTimeUtc,
    sea_query::OnConflict,
};
use serde_json::Value;

/// A database with the API over it.
pub(crate) struct World {
    pub(crate) api: Api,
    pub(crate) db: DatabaseConnection,
    statements: Arc<AtomicUsize>,
}

/// An empty world on each database that can be reached.
pub(crate) async fn worlds(test: &str) -> Vec<World> {
    let mut memory = ConnectOptions::new("sqlite::memory:");
    memory.max_connections(1).sqlx_logging(false);
    let mut worlds = vec![World::new(Database::connect(memory).await.unwrap()).await];
    match std::env::var("TEST_DATABASE_URL") {
        Ok(url) => {
            let schema = format!("api_{test}");
            let admin = Database::connect(&url).await.unwrap();
            admin.execute_unprepared(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE")).await.unwrap();
            admin.execute_unprepared(&format!("CREATE SCHEMA {schema}")).await.unwrap();
            admin.close().await.unwrap();
            let mut own = ConnectOptions::new(url);
            own.set_schema_search_path(schema).max_connections(4).sqlx_logging(false);
            worlds.push(World::new(Database::connect(own).await.unwrap()).await);
        }
        Err(_) => eprintln!("skipped on PostgreSQL: TEST_DATABASE_URL is not set"),
    }
    worlds
}

/// A plan to be, with what most tests do not care about filled in.
#[derive(Clone)]
pub(crate) struct PlanSpec<'a> {
    pub(crate) region: &'a str,
    pub(crate) title: &'a str,
    pub(crate) kind: PlanKind,
    pub(crate) years: (i32, i32),
    pub(crate) published_on: Option<&'a str>,
    pub(crate) is_reprint: bool,
}

impl Default for PlanSpec<'_> {
    fn default() -> Self {
        Self {
            region: "330500",
            title: "卫生健康工作要点",
            kind: PlanKind::AnnualPlan,
            years: (2025, 2025),
            published_on: None,
            is_reprint: false,
        }
    }
}

/// A figure to be.
#[derive(Clone)]
pub(crate) struct Figure<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: f64,
    pub(crate) unit: Option<&'a str>,
    pub(crate) year: Option<i32>,
    pub(crate) concept: Option<i32>,
    pub(crate) role: Role,
    pub(crate) measure: Measure,
    pub(crate) scope: Option<&'a str>,
    pub(crate) gone: bool,
}

impl Default for Figure<'_> {
    fn default() -> Self {
        Self {
            name: "家庭医生签约率",
            value: 50.0,
            unit: Some("%"),
            year: Some(2025),
            concept: None,
            role: Role::Target,
            measure: Measure::Level,
            scope: None,
            gone: false,
        }
    }
}

pub(crate) fn moment(text: &str) -> DateTimeUtc {
    text.parse().unwrap()
}

impl World {
    async fn new(mut db: DatabaseConnection) -> Self {
        migration::up(&db).await.unwrap();
        let statements = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&statements);
        db.set_metric_callback(move |_| {
            counter.fetch_add(1, Ordering::SeqCst);
        });
        let api = Api::new(db.clone(), Arc::new(extract::Reader::builtin()));
        let world = Self { api, db, statements };
        for (code, name, short, level) in [
            ("000000", "中华人民共和国", "中国", RegionLevel::Country),
            ("330000", "浙江省", "浙江", RegionLevel::Province),
            ("330100", "杭州市", "杭州", RegionLevel::Prefecture),
            ("330500", "湖州市", "湖州", RegionLevel::Prefecture),
            ("320000", "江苏省", "江苏", RegionLevel::Province),
            ("320400", "常州市", "常州", RegionLevel::Prefecture),
            ("320404", "钟楼区", "钟楼", RegionLevel::County),
        ] {
            world.region(code, name, short, level).await;
        }
        world.source("huzhou").await;
        world
    }

    /// Answers a query.
    pub(crate) async fn execute(&self, query: &str) -> Response {
        self.api.execute(Request::new(query)).await
    }

    /// The data of a query that must not fail.
    pub(crate) async fn ask(&self, query: &str) -> Value {
        let response = self.execute(query).await;
        assert!(response.errors.is_empty(), "{query}\n{:?}", response.errors);
        response.data.into_json().unwrap()
    }

    /// The code and message of the one error that a query must fail with.
    pub(crate) async fn fails(&self, query: &str) -> (String, String) {
        let response = self.execute(query).await;
        let [error] = &response.errors[..] else { panic!("{query}\n{:?}", response.errors) };
        let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code")).cloned();
        let Some(async_graphql::Value::String(code)) = code else { panic!("{error:?} has no code") };
        (code, error.message.clone())
    }

    /// How many statements a query sends to the database.
    pub(crate) async fn statements_of(&self, query: &str) -> usize {
        self.statements.store(0, Ordering::SeqCst);
        self.ask(query).await;
        self.statements.load(Ordering::SeqCst)
    }

    /// The answer to a request, and how many statements it sent to the database.
    pub(crate) async fn counted(&self, request: Request) -> (Response, usize) {
        self.statements.store(0, Ordering::SeqCst);
        let response = self.api.execute(request).await;
        (response, self.statements.load(Ordering::SeqCst))
    }

    /// A region, unless it is there already.
    pub(crate) async fn region(&self, code: &str, name: &str, short: &str, level: RegionLevel) {
        let parsed: RegionCode = code.parse().unwrap();
        let mut parent = None;
        for above in parsed.above() {
            let id = region::id(above, 0);
            if parent.is_none() && region::Entity::find_by_id(id).one(&self.db).await.unwrap().is_some() {
                parent = Some(id);
            }
        }
        let row = region::ActiveModel {
            id: Set(region::id(parsed, 0)),
            code: Set(code.to_owned()),
            name: Set(name.to_owned()),
            short_name: Set(short.to_owned()),
            level: Set(level),
            parent_id: Set(parent),
            since: Set(None),
            until: Set(None),
        };
        let keep = OnConflict::column(region::Column::Id).do_nothing().to_owned();
        region::Entity::insert(row).on_conflict(keep).exec_without_returning(&self.db).await.unwrap();
    }

    /// A concept under a slug that the catalogue does not have.
    pub(crate) async fn concept(&self, slug: &str, name_zh: &str, alias: &str) -> i32 {
        let row = concept::ActiveModel {
            id: NotSet,
            slug: Set(slug.to_owned()),
            name_zh: Set(name_zh.to_owned()),
            name_en: Set(format!("The {slug}")),
            unit: Set(Some("%".to_owned())),
            better: Set(Direction::Higher),
        };
        let id = row.insert(&self.db).await.unwrap().id;
        concept_alias::ActiveModel { concept_id: Set(id), alias: Set(alias.to_owned()) }
            .insert(&self.db)
            .await
            .unwrap();
        id
    }

    /// A source.
    pub(crate) async fn source(&self, slug: &str) -> i32 {
        let row = source::ActiveModel {
            id: NotSet,
            slug: Set(slug.to_owned()),
            name: Set("湖州市卫生健康委员会".to_owned()),
            region_id: Set(Some(3_305_000)),
            url: Set("https://wjw.example/list.html".to_owned()),
            schedule: Set("0 0 2 * * * Asia/Shanghai".to_owned()),
            next_run_at: Set(None),
            min_plans: Set(1),
            min_indicators: Set(1),
            health: Set(Health::NeverRun),
            problem: Set(None),
            retired_at: Set(None),
        };
        row.insert(&self.db).await.unwrap().id
    }

    /// A run of a source with one failure.
    pub(crate) async fn run(&self, slug: &str) {
        let id = self.run_without_failures(slug).await;
        let failure = failure::ActiveModel {
            id: NotSet,
            run_id: Set(id),
            url: Set("https://wjw.example/gone.html".to_owned()),
            at: Set(moment("2025-06-01T18:00:05Z")),
            reason: Set("the site answered 500 three times".to_owned()),
            attempts: Set(3),
        };
        failure.insert(&self.db).await.unwrap();
    }

    /// A run of a source.
    pub(crate) async fn run_without_failures(&self, slug: &str) -> i64 {
        let source = source::Entity::find().filter(source::Column::Slug.eq(slug)).one(&self.db).await.unwrap().unwrap();
        let run = crawl_run::ActiveModel {
            id: NotSet,
            source_id: Set(Some(source.id)),
            status: Set(RunStatus::PartlyFailed),
            queued_at: Set(moment("2025-06-01T18:00:00Z")),
            started_at: Set(Some(moment("2025-06-01T18:00:01.25Z"))),
            finished_at: Set(None),
            fetched: Set(3),
            unchanged: Set(2),
            stored: Set(1),
            failed: Set(1),
            scheduled: Set(true),
            ..Default::default()
        };
        run.insert(&self.db).await.unwrap().id
    }

    /// A plan with one version and its text.
    pub(crate) async fn plan(&self, spec: PlanSpec<'_>) -> i64 {
        let source = source::Entity::find().one(&self.db).await.unwrap().unwrap().id;
        let serial = plan::Entity::find().all(&self.db).await.unwrap().len();
        let url = format!("https://wjw.example/{serial}.html");
        let page = page::ActiveModel {
            id: NotSet,
            source_id: Set(source),
            url: Set(url.clone()),
            kind: Set(PageKind::Article),
            title: Set(None),
            listed_on: Set(None),
            state: Set(PageState::Fresh),
            lease_owner: Set(None),
            lease_until: Set(None),
            due_at: Set(moment("2025-06-02T18:00:00Z")),
            etag: Set(None),
            last_modified: Set(None),
            snapshot_id: Set(None),
            fetched_at: Set(None),
            attempts: Set(0),
            last_error: Set(None),
            read_with: Set(None),
            missing_since: Set(None),
            same_as: Set(None),
            revisit_hours: Set(0),
        };
        let page = page.insert(&self.db).await.unwrap().id;
        let snapshot = snapshot::ActiveModel {
            id: NotSet,
            page_id: Set(page),
            url: Set(url.clone()),
            fetched_at: Set(moment("2025-06-01T18:00:02Z")),
            sha256: Set("ab".repeat(32)),
            media_type: Set(Some("text/html".to_owned())),
            headers: Set("{}".to_owned()),
            size: Set(1),
        };
        let snapshot = snapshot.insert(&self.db).await.unwrap().id;
        let region: RegionCode = spec.region.parse().unwrap();
        let plan = plan::ActiveModel {
            id: NotSet,
            source_id: Set(source),
            page_id: Set(page),
            part: Set(0),
            region_id: Set(region::id(region, 0)),
            title: Set(spec.title.to_owned()),
            kind: Set(spec.kind),
            issuer: Set(Some("湖州市卫生健康委员会".to_owned())),
            document_number: Set(None),
            index_number: Set(None),
            issued_on: Set(None),
            published_on: Set(spec.published_on.map(|day| day.parse().unwrap())),
            start_year: Set(spec.years.0),
            end_year: Set(spec.years.1),
            origin: Set(None),
            is_reprint: Set(spec.is_reprint),
            reprinted_from: Set(None),
            url: Set(url),
            version: Set(1),
            first_seen_at: Set(moment("2025-06-01T18:00:03Z")),
            withdrawn_at: Set(None),
            since: Set(moment("2025-06-01T18:00:03Z")),
        };
        let plan = plan.insert(&self.db).await.unwrap().id;
        let version = plan_version::ActiveModel {
            id: NotSet,
            plan_id: Set(plan),
            version: Set(1),
            seen_at: Set(moment("2025-06-01T18:00:03Z")),
            technical: Set(false),
            snapshot_id: Set(snapshot),
            extractor_version: Set("test".to_owned()),
            digest: Set(String::new()),
            text: Set(format!("{}的全文", spec.title)),
            diff: Set(None),
        };
        version.insert(&self.db).await.unwrap();
        plan
    }

    /// A file, by the byte of its hash, that the plan's first version was read from. The first one is the text's.
    pub(crate) async fn file(&self, plan: i64, position: i32, byte: &str, span_start: Option<i32>) {
        let version = plan_version::Entity::find().filter(plan_version::Column::PlanId.eq(plan));
        let version = version.one(&self.db).await.unwrap().unwrap();
        let page = snapshot::Entity::find_by_id(version.snapshot_id).one(&self.db).await.unwrap().unwrap();
        let sha256 = byte.repeat(32);
        let file = snapshot::ActiveModel { id: NotSet, sha256: Set(sha256), ..page.clone().into() };
        let file = file.insert(&self.db).await.unwrap().id;
        let part = |position, snapshot_id, span_start| plan_version_snapshot::ActiveModel {
            plan_version_id: Set(version.id),
            position: Set(position),
            snapshot_id: Set(snapshot_id),
            span_start: Set(span_start),
        };
        if position == 1 {
            part(0, page.id, None).insert(&self.db).await.unwrap();
            let text = plan_version::ActiveModel { id: Set(version.id), snapshot_id: Set(file), ..Default::default() };
            text.update(&self.db).await.unwrap();
        }
        part(position, file, span_start).insert(&self.db).await.unwrap();
    }

    /// A section of the plan's first version, at the end of it.
    pub(crate) async fn section(&self, plan: i64, kind: SectionKind, heading: &str, parent: Option<i64>) -> i64 {
        let before = section::Entity::find().filter(section::Column::PlanId.eq(plan)).all(&self.db).await.unwrap();
        let row = section::ActiveModel {
            id: NotSet,
            plan_id: Set(plan),
            version: Set(1),
            position: Set(i32::try_from(before.len()).unwrap()),
            parent_id: Set(parent),
            kind: Set(kind),
            number: Set(Some("一、".to_owned())),
            heading: Set(Some(heading.to_owned())),
            path: Set(serde_json::json!([heading])),
            depth: Set(if parent.is_some() { 2 } else { 1 }),
            text: Set(format!("{heading}的正文")),
            span_start: Set(0),
            span_end: Set(4),
        };
        row.insert(&self.db).await.unwrap().id
    }

    /// A unit that answers for a section.
    pub(crate) async fn responsible(&self, section: i64, position: i32, unit: &str) {
        section_responsible::ActiveModel {
            section_id: Set(section),
            position: Set(position),
            unit: Set(unit.to_owned()),
        }
        .insert(&self.db)
        .await
        .unwrap();
    }

    /// A term that a plan explains.
    pub(crate) async fn term(&self, plan: i64, section: i64, concept: Option<i32>, term: &str, definition: &str) {
        let row = glossary_term::ActiveModel {
            id: NotSet,
            plan_id: Set(plan),
            version: Set(1),
            section_id: Set(section),
            concept_id: Set(concept),
            position: Set(0),
            term: Set(term.to_owned()),
            definition: Set(definition.to_owned()),
            formula: Set(None),
            span_start: Set(0),
            span_end: Set(4),
        };
        row.insert(&self.db).await.unwrap();
    }

    /// A relation from a plan to another, or from its region to that of the other.
    pub(crate) async fn relation(&self, kind: RelationKind, from: i64, to: i64, score: f64) -> i64 {
        let [from, to] = [from, to].map(|plan| plan::Entity::find_by_id(plan).one(&self.db));
        let (from, to) = (from.await.unwrap().unwrap(), to.await.unwrap().unwrap());
        let is_of_plans = kind == RelationKind::ReprintOf;
        let row = relation::ActiveModel {
            id: NotSet,
            kind: Set(kind),
            from_region_id: Set(from.region_id),
            to_region_id: Set(to.region_id),
            from_plan_id: Set(Some(from.id).filter(|_| is_of_plans)),
            to_plan_id: Set(Some(to.id).filter(|_| is_of_plans)),
            from_section_id: Set(None),
            to_section_id: Set(None),
            programme_id: Set(None),
            citation_id: Set(None),
            role: Set(None),
            score: Set(score),
            evidence: Set("同一段话".to_owned()),
        };
        row.insert(&self.db).await.unwrap().id
    }

    /// Writes the index for search of a plan, as the crawler does.
    pub(crate) async fn index(&self, plan: i64) {
        let row = plan::Entity::find_by_id(plan).one(&self.db).await.unwrap().unwrap();
        entity::search::index(&self.db, &[&row]).await.unwrap();
    }

    /// A figure at the end of a plan.
    pub(crate) async fn figure(&self, plan: i64, section: i64, figure: Figure<'_>) -> i64 {
        let of = plan::Entity::find_by_id(plan).one(&self.db).await.unwrap().unwrap();
        let before = indicator::Entity::find().filter(indicator::Column::PlanId.eq(plan)).all(&self.db).await.unwrap();
        let position = i32::try_from(before.len()).unwrap();
        let row = indicator::ActiveModel {
            id: NotSet,
            plan_id: Set(plan),
            section_id: Set(section),
            region_id: Set(of.region_id),
            concept_id: Set(figure.concept),
            plan_kind: Set(of.kind),
            fingerprint: Set(position.to_string()),
            position: Set(position),
            name: Set(figure.name.to_owned()),
            value: Set(figure.value),
            value_max: Set(None),
            value_text: Set(format!("{}", figure.value)),
            unit: Set(figure.unit.map(str::to_owned)),
            comparator: Set(Comparator::Ge),
            measure: Set(figure.measure),
            role: Set(figure.role),
            obligation: Set(Some(Obligation::Binding)),
            year: Set(figure.year),
            scope: Set(figure.scope.map(str::to_owned)),
            sentence: Set(format!("{}达到{}", figure.name, figure.value)),
            span_start: Set(0),
            span_end: Set(2),
            confidence: Set(0.9),
            corrected: Set(false),
            first_seen_at: Set(moment("2025-06-01T18:00:03Z")),
            gone_at: Set(figure.gone.then(|| moment("2025-07-01T18:00:03Z"))),
            replaces_id: Set(None),
            since: Set(moment("2025-06-01T18:00:03Z")),
        };
        row.insert(&self.db).await.unwrap().id
    }
}

/// The values of one field of the nodes of a connection.
pub(crate) fn pick<'a>(connection: &'a Value, field: &str) -> Vec<&'a Value> {
    connection["nodes"].as_array().unwrap().iter().map(|node| &node[field]).collect()
}
