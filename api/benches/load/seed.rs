//! Fills a database with plans of plausible shape: 20 sections and 30 figures each, over the regions and concepts that the
//! migrations bring. The rows are made by the database itself, by statements that SQLite and PostgreSQL both take; the
//! index for search is written by what the crawler writes it with.

use migration::up;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};

/// Of each plan.
const SECTIONS: u64 = 20;
pub(crate) const FIGURES: u64 = 30;
/// Sentences that texts are made of.
const SENTENCES: usize = 8_192;
/// Of a plan without a row of its own for each: sources.
const SOURCES: u64 = 300;

/// Subjects with how many of a thousand sentences they stand in, so that some words are everywhere and some are rare.
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

/// Brings an empty database to so many plans. One that has them already is left as it is.
pub(crate) async fn seed(db: &DatabaseConnection, plans: u64) -> Result<(), DbErr> {
    up(db).await?;
    let held = count(db, "SELECT count(*) AS held FROM plan").await?;
    if held == 0 {
        let dropped = drop_indexes(db).await?;
        fill(db, plans).await?;
        // What is searched for is written quicker without the indexes of its terms, and not without those of what it is read from.
        let (terms, others): (Vec<_>, Vec<_>) = dropped.into_iter().partition(|sql| sql.contains("USING gin"));
        create(db, &others).await?;
        up(db).await?;
        create(db, &terms).await?;
        db.execute_unprepared(if is_postgres(db) { "VACUUM ANALYZE" } else { "PRAGMA optimize" }).await?;
    } else if held != plans {
        return Err(DbErr::Custom(format!("the database holds {held} plans; name an empty one, or --plans {held}")));
    }
    Ok(())
}

fn is_postgres(db: &DatabaseConnection) -> bool {
    db.get_database_backend() == DbBackend::Postgres
}

async fn count(db: &DatabaseConnection, sql: &str) -> Result<u64, DbErr> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(statement).await?;
    let held: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    Ok(held.unsigned_abs())
}

/// Takes the indexes away, all but those of keys, and answers with what makes them again.
async fn drop_indexes(db: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let all = if is_postgres(db) {
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index \
         WHERE indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace) \
         AND indexrelid NOT IN (SELECT conindid FROM pg_constraint)"
    } else {
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    };
    let mut dropped = Vec::new();
    for row in db.query_all_raw(Statement::from_string(db.get_database_backend(), all)).await? {
        let (name, sql): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        db.execute_unprepared(&format!("DROP INDEX {name}")).await?;
        dropped.push(sql);
    }
    Ok(dropped)
}

async fn create(db: &DatabaseConnection, indexes: &[String]) -> Result<(), DbErr> {
    for sql in indexes {
        let memory = if is_postgres(db) { "SET LOCAL maintenance_work_mem = '1GB'; " } else { "" };
        db.execute_unprepared(&format!("{memory}{sql}")).await?;
    }
    Ok(())
}

/// The rows, without the index for search.
async fn fill(db: &DatabaseConnection, plans: u64) -> Result<(), DbErr> {
    db.execute_unprepared(POOLS).await?;
    let mut draw = Draw(1);
    let sentences: Vec<String> = (0..SENTENCES).map(|id| format!("({id}, '{}')", draw.sentence())).collect();
    db.execute_unprepared(&format!("INSERT INTO load_sentence VALUES {}", sentences.join(", "))).await?;
    for (rows, sql) in [
        (SOURCES, SOURCE),
        (plans, PAGE),
        (plans, SNAPSHOT),
        (plans, PLAN),
        (plans * SECTIONS, SECTION),
        (plans, VERSION),
        (plans * FIGURES, FIGURE),
    ] {
        db.execute_unprepared(&written(sql, rows, is_postgres(db))).await?;
    }
    db.execute_unprepared("DROP TABLE load_sentence; DROP TABLE load_region; DROP TABLE load_concept").await?;
    Ok(())
}

/// A statement with its numbers in it. `$A_7` draws one below 7 for each row, the same each time, and each letter another.
fn written(sql: &str, rows: u64, is_postgres: bool) -> String {
    const DRAWS: [(&str, u64); 6] = [
        ("$A_", 2_654_435_761),
        ("$B_", 2_246_822_519),
        ("$C_", 3_266_489_917),
        ("$D_", 668_265_263),
        ("$E_", 1_597_334_677),
        ("$F_", 2_891_336_453),
    ];
    let rows =
        format!("WITH RECURSIVE n(i) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i < {rows})");
    let types = if is_postgres { ["date", "timestamptz", "jsonb"] } else { ["text", "text", "text"] };
    let mut sql = sql
        .replace("$ROWS", &rows)
        .replace("$DATE", types[0])
        .replace("$NOW", &format!("CAST('2025-06-01T18:00:00+00:00' AS {})", types[1]))
        .replace("$JSON", types[2])
        .replace("$SOURCES", &SOURCES.to_string())
        .replace("$SECTIONS", &SECTIONS.to_string())
        .replace("$FIGURES", &FIGURES.to_string())
        .replace("$SENTENCES", &SENTENCES.to_string());
    for (name, factor) in DRAWS {
        sql = sql.replace(name, &format!("n.i * {factor} % 4294967296 * (n.i % 65521 + 7) % 4294967296 / 16384 % "));
    }
    sql
}

/// What rows are drawn from, numbered from 0: sentences, the regions in use, and concepts with the numbers they are about.
const POOLS: &str = "CREATE TABLE load_sentence (n bigint PRIMARY KEY, text text NOT NULL);
CREATE TABLE load_region (n bigint PRIMARY KEY, id integer NOT NULL, name text NOT NULL);
INSERT INTO load_region SELECT row_number() OVER (ORDER BY id) - 1, id, name FROM region WHERE until IS NULL AND level <> 'country';
CREATE TABLE load_concept (n bigint PRIMARY KEY, id integer NOT NULL, name text NOT NULL, unit text, least integer NOT NULL);
INSERT INTO load_concept SELECT row_number() OVER (ORDER BY id) - 1, id, name_zh, unit,
  CASE unit WHEN '%' THEN 600 WHEN '岁' THEN 750 ELSE 10 END FROM concept";

const SOURCE: &str = "$ROWS INSERT INTO source (id, slug, name, url, schedule, min_plans, min_indicators, health)
SELECT i, 'load-' || i, '样例卫生健康委员会' || i, 'https://load-' || i || '.example/', '', 0, 0, 'ok' FROM n";

const PAGE: &str = "$ROWS INSERT INTO page (id, source_id, url, kind, state, due_at, attempts, revisit_hours)
SELECT i, i % $SOURCES + 1, 'https://load-' || (i % $SOURCES + 1) || '.example/plan/' || i, 'article', 'fresh', $NOW, 0, 24 FROM n";

const SNAPSHOT: &str = "$ROWS INSERT INTO snapshot (id, page_id, url, fetched_at, sha256, media_type, headers, size)
SELECT i, i, 'https://load-' || (i % $SOURCES + 1) || '.example/plan/' || i, $NOW,
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b' || (10000000 + i), 'text/html; charset=utf-8', '{}', 20000 FROM n";

/// Five annual plans to a plan of five years.
const PLAN: &str = "$ROWS INSERT INTO plan (id, source_id, page_id, part, region_id, title, kind, issuer, document_number,
  issued_on, published_on, start_year, end_year, is_reprint, url, version, first_seen_at, since)
SELECT p.i, p.i % $SOURCES + 1, p.i, 0, r.id, r.name || CASE kind WHEN 'annual_plan' THEN start || '年卫生健康工作要点'
    ELSE '卫生健康事业发展规划（' || start || '—' || (start + 4) || '年）' END, kind, r.name || '卫生健康委员会',
  '样卫发〔' || start || '〕' || p.i % 97 || '号', day, day, start, CASE kind WHEN 'annual_plan' THEN start ELSE start + 4 END,
  FALSE, 'https://load-' || (p.i % $SOURCES + 1) || '.example/plan/' || p.i, 1, $NOW, $NOW
FROM (SELECT q.*, CAST(start || '-' || substr('010203040506070809101112', CAST(2 * month + 1 AS integer), 2) || '-' || date AS $DATE) AS day
  FROM (SELECT i, $A_(SELECT count(*) FROM load_region) AS region, $B_12 AS month, 10 + $C_19 AS date,
    CASE WHEN $D_6 = 0 THEN 'five_year_plan' ELSE 'annual_plan' END AS kind,
    CASE WHEN $D_6 = 0 THEN 2016 + 5 * ($E_3) ELSE 2016 + $E_11 END AS start FROM n) q) p
JOIN load_region r ON r.n = p.region";

/// Four chapters of four tasks; about a hundred characters each.
const SECTION: &str = "$ROWS INSERT INTO section (id, plan_id, version, position, parent_id, kind, number, heading, path, depth,
  text, span_start, span_end)
SELECT s.i, (s.i - 1) / $SECTIONS + 1, 1, s.position, CASE s.position % 5 WHEN 0 THEN NULL ELSE s.i - s.position % 5 END,
  CASE s.position % 5 WHEN 0 THEN 'heading' ELSE 'task' END, (s.position % 5 + 1) || '.', substr(a.text, 1, 8),
  CAST('[\"' || substr(a.text, 1, 8) || '\"]' AS $JSON), CASE s.position % 5 WHEN 0 THEN 1 ELSE 2 END,
  a.text || b.text || c.text || d.text || e.text, s.position * 120, s.position * 120 + 110
FROM (SELECT i, (i - 1) % $SECTIONS AS position, $A_$SENTENCES AS a, $B_$SENTENCES AS b, $C_$SENTENCES AS c, $D_$SENTENCES AS d,
    $E_$SENTENCES AS e FROM n) s
JOIN load_sentence a ON a.n = s.a JOIN load_sentence b ON b.n = s.b JOIN load_sentence c ON c.n = s.c JOIN load_sentence d ON d.n = s.d
JOIN load_sentence e ON e.n = s.e";

const VERSION: &str = "INSERT INTO plan_version (id, plan_id, version, seen_at, technical, snapshot_id, extractor_version, digest, text)
SELECT plan_id, plan_id, 1, $NOW, FALSE, plan_id, 'load', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b' || (10000000 + plan_id),
  string_agg(text, '') FROM section GROUP BY plan_id";

/// Two in three are about a concept.
const FIGURE: &str = "$ROWS INSERT INTO indicator (id, plan_id, section_id, region_id, concept_id, plan_kind, fingerprint, position, name,
  value, value_text, unit, comparator, measure, role, year, sentence, span_start, span_end, confidence, corrected, first_seen_at, since)
SELECT f.i, f.plan_id, f.section_id, p.region_id, CASE f.own WHEN 0 THEN NULL ELSE c.id END, p.kind, 'load ' || f.position, f.position,
  CASE f.own WHEN 0 THEN substr(s.text, 3, 6) || '比例' ELSE c.name END, CAST(c.least + f.drawn AS double precision) / 10,
  CAST(c.least + f.drawn AS double precision) / 10 || coalesce(c.unit, ''), c.unit, CASE f.drawn % 3 WHEN 0 THEN 'ge' ELSE 'eq' END, 'level', f.role,
  CASE f.role WHEN 'target' THEN p.end_year ELSE p.start_year - 1 END,
  p.end_year || '年' || CASE f.own WHEN 0 THEN substr(s.text, 3, 6) || '比例' ELSE c.name END || '达到'
    || CAST(c.least + f.drawn AS double precision) / 10 || coalesce(c.unit, '') || '，' || s.text,
  f.position * 80, f.position * 80 + 5, 0.5 + f.drawn / 800.0, FALSE, $NOW, $NOW
FROM (SELECT i, (i - 1) / $FIGURES + 1 AS plan_id, (i - 1) % $FIGURES AS position,
    (i - 1) / $FIGURES * $SECTIONS + (i - 1) % $FIGURES * $SECTIONS / $FIGURES + 1 AS section_id, $A_3 AS own,
    $B_(SELECT count(*) FROM load_concept) AS concept, $C_400 AS drawn, $D_$SENTENCES AS sentence,
    CASE WHEN $E_4 = 0 THEN 'actual' ELSE 'target' END AS role FROM n) f
JOIN plan p ON p.id = f.plan_id JOIN load_concept c ON c.n = f.concept JOIN load_sentence s ON s.n = f.sentence";

/// Numbers that look drawn and are the same each time.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn sentence(&mut self) -> String {
        let mut left = self.below(SUBJECTS.iter().map(|(_, share)| share).sum());
        let mut subject = SUBJECTS[0].0;
        for (next, share) in SUBJECTS {
            if left < share {
                subject = next;
                break;
            }
            left -= share;
        }
        let mut of = |words: [&'static str; 8]| words[usize::try_from(self.below(8)).unwrap_or(0)];
        format!("{}{subject}{}。", of(VERBS), of(ENDS))
    }
}
