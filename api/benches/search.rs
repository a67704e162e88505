//! How fast a search is over 100,000 sections: `cargo bench -p api --bench search`. It is asked of SQLite, and of PostgreSQL
//! where `TEST_DATABASE_URL` names a server. The words it is asked for go from one in half of the sections to one in
//! a few.

#![expect(clippy::unwrap_used, reason = "a bench is a test too")]

use std::sync::{Arc, LazyLock};

use api::Api;
use async_graphql::{Request, Variables};
use divan::Bencher;
use entity::{
    page, plan, region, section, source,
    value::{Health, PageKind, PageState, PlanKind, SectionKind},
};
use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::{NotSet, Set},
    DatabaseConnection, EntityTrait as _, TransactionTrait as _,
    prelude::DateTimeUtc,
};
use support::TestDatabase;
use tokio::runtime::Runtime;

fn main() {
    divan::main();
}

const PLANS: i32 = 1_000;
const SECTIONS: i32 = 100;

/// What is asked: words of every frequency, phrases, single characters, several words.
const QUERIES: [&str; 10] = [
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

/// Subjects with how many of a thousand clauses they stand in, so that some words are everywhere and some are rare.
const SUBJECTS: [(&str, u64); 16] = [
    ("医疗卫生服务", 240),
    ("基层卫生人才", 160),
    ("公立医院管理", 120),
    ("家庭医生签约", 90),
    ("妇幼健康服务", 80),
    ("慢性病管理", 70),
    ("中医药传承", 60),
    ("疾病预防控制", 50),
    ("院前急救网络", 40),
    ("老年健康服务", 30),
    ("基层CT设备", 20),
    ("公共场所AED设备", 15),
    ("普惠托育服务", 10),
    ("心理援助热线", 8),
    ("罕见病登记", 4),
    ("安宁疗护病区", 3),
];
const VERBS: [&str; 8] = ["推进", "完善", "健全", "优化", "加强", "扩大", "规范", "落实"];
const ENDS: [&str; 8] = [
    "的建设，让群众少跑路",
    "，年内覆盖所有乡镇",
    "的考核办法，每季度通报一次",
    "，由县级医院派人带教",
    "，争取财政投入同步增长",
    "的信息平台，与上级系统相连",
    "，覆盖率提高到79.5%",
    "，新增152处",
];

/// Numbers that look drawn and are the same each time.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[usize::try_from(self.below(words.len() as u64)).unwrap()]
    }

    fn subject(&mut self) -> &'static str {
        let mut left = self.below(1_000);
        for (subject, share) in SUBJECTS {
            if left < share {
                return subject;
            }
            left -= share;
        }
        SUBJECTS[0].0
    }

    /// A text of about 200 characters.
    fn text(&mut self) -> String {
        let clauses = 4 + self.below(12);
        (0..clauses).map(|_| format!("{}{}{}。", self.of(&VERBS), self.subject(), self.of(&ENDS))).collect()
    }
}

/// An API over a full database.
struct World {
    runtime: Arc<Runtime>,
    api: Api,
    _database: TestDatabase,
}

static WORLDS: LazyLock<Vec<World>> = LazyLock::new(|| {
    let runtime = Arc::new(Runtime::new().unwrap());
    let databases = runtime.block_on(support::databases("search_bench"));
    let filled = databases.into_iter().map(|database| {
        runtime.block_on(fill(&database.connection));
        let api = Api::new(database.connection.clone(), Arc::new(extract::Reader::builtin()));
        World { runtime: Arc::clone(&runtime), api, _database: database }
    });
    filled.collect()
});

async fn fill(db: &DatabaseConnection) {
    let now: DateTimeUtc = "2025-06-01T18:00:00Z".parse().unwrap();
    let source = source::ActiveModel {
        slug: Set("bench".to_owned()),
        name: Set("样例".to_owned()),
        url: Set("https://bench.example/".to_owned()),
        schedule: Set(String::new()),
        min_plans: Set(0),
        min_indicators: Set(0),
        health: Set(Health::Ok),
        ..Default::default()
    };
    let source = source.insert(db).await.unwrap().id;
    let page = page::ActiveModel {
        source_id: Set(source),
        url: Set("https://bench.example/plan".to_owned()),
        kind: Set(PageKind::Article),
        state: Set(PageState::Fresh),
        due_at: Set(now),
        attempts: Set(0),
        revisit_hours: Set(0),
        ..Default::default()
    };
    let page = page.insert(db).await.unwrap().id;
    let region = region::Entity::find().one(db).await.unwrap().unwrap();
    let mut draw = Draw(1);
    for part in 0..PLANS {
        let txn = db.begin().await.unwrap();
        let plan = plan::ActiveModel {
            id: NotSet,
            source_id: Set(source),
            page_id: Set(page),
            part: Set(part),
            region_id: Set(region.id),
            title: Set(format!("{}卫生健康工作要点之{part}", region.name)),
            kind: Set(PlanKind::AnnualPlan),
            issuer: Set(Some("样例卫生健康委员会".to_owned())),
            start_year: Set(2025),
            end_year: Set(2025),
            is_reprint: Set(false),
            url: Set("https://bench.example/plan".to_owned()),
            version: Set(1),
            first_seen_at: Set(now),
            since: Set(now),
            ..Default::default()
        };
        let plan = plan.insert(&txn).await.unwrap();
        let sections = (0..SECTIONS).map(|position| section::ActiveModel {
            id: NotSet,
            plan_id: Set(plan.id),
            version: Set(1),
            position: Set(position),
            parent_id: Set(None),
            kind: Set(SectionKind::Task),
            number: Set(Some(format!("{position}."))),
            heading: Set(Some(format!("{}{}", draw.of(&VERBS), draw.subject()))),
            path: Set(serde_json::json!([])),
            depth: Set(1),
            text: Set(draw.text()),
            span_start: Set(0),
            span_end: Set(0),
        });
        section::Entity::insert_many(sections.collect::<Vec<_>>()).exec_without_returning(&txn).await.unwrap();
        entity::search::index(&txn, &[&plan]).await.unwrap();
        txn.commit().await.unwrap();
    }
    sea_orm::ConnectionTrait::execute_unprepared(db, "ANALYZE").await.unwrap();
}

/// A page of twenty hits with where each is.
fn first_page(bencher: Bencher<'_, '_>, world: &World, query: &str) {
    let fields =
        "nodes { score snippet item { __typename ... on Section { heading plan { title region { name } } } } }";
    ask(bencher, world, query, fields);
}

fn ask(bencher: Bencher<'_, '_>, world: &World, query: &str, fields: &str) {
    let document = format!("query($query: String!) {{ search(query: $query) {{ {fields} }} }}");
    let variables = Variables::from_json(serde_json::json!({ "query": query }));
    bencher.bench_local(|| {
        let request = Request::new(&document).variables(variables.clone());
        let answer = world.runtime.block_on(world.api.execute(request));
        assert!(answer.errors.is_empty(), "{:?}", answer.errors);
        answer
    });
}

#[divan::bench(args = QUERIES, sample_count = 50, sample_size = 1)]
fn sqlite(bencher: Bencher<'_, '_>, query: &str) {
    first_page(bencher, &WORLDS[0], query);
}

#[divan::bench(args = QUERIES, sample_count = 50, sample_size = 1)]
fn postgres(bencher: Bencher<'_, '_>, query: &str) {
    match WORLDS.get(1) {
        Some(world) => first_page(bencher, world, query),
        None => bencher.bench_local(|| ()),
    }
}

#[divan::bench(args = QUERIES, sample_count = 20, sample_size = 1)]
fn sqlite_count(bencher: Bencher<'_, '_>, query: &str) {
    ask(bencher, &WORLDS[0], query, "totalCount");
}

#[divan::bench(args = QUERIES, sample_count = 20, sample_size = 1)]
fn postgres_count(bencher: Bencher<'_, '_>, query: &str) {
    match WORLDS.get(1) {
        Some(world) => ask(bencher, world, query, "totalCount"),
        None => bencher.bench_local(|| ()),
    }
}
