//! What plangraph is held against: the same SQL served by a bare handler, and PostGraphile over the same database.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    process::{Child, Command, Stdio},
    str::FromStr as _,
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    extract::{self, State},
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::get,
};
use sea_orm::{
    Statement, Value,
    prelude::{ChronoDate, DateTimeUtc},
    sqlx::{
        self, AssertSqlSafe, Column as _, PgPool, Row, SqlitePool, TypeInfo as _, ValueRef as _,
        postgres::PgPoolOptions,
        sqlite::{SqliteConnectOptions, SqlitePoolOptions},
    },
};
use serde::Serialize;
use tokio::net::TcpListener;

/// What a request of plangraph sends to the database, in order.
pub(crate) type Statements = Vec<Statement>;

/// The statements of a shape's questions, and the columns that it asks for.
pub(crate) struct Asked {
    pub(crate) columns: &'static [&'static str],
    pub(crate) questions: Vec<Statements>,
}

/// Declares how one database is asked: a row of `rows` after another, as JSON.
macro_rules! asked {
    ($name:ident of $pool:ty) => {
        async fn $name(pool: &$pool, statements: &Statements, columns: &[&str]) -> Result<Vec<u8>, sqlx::Error> {
            let mut connection = pool.acquire().await?;
            let mut body = vec![b'['];
            for statement in statements {
                let mut query = sqlx::query(AssertSqlSafe(statement.sql.as_str()));
                for value in statement.values.iter().flat_map(|values| &values.0) {
                    query = match value {
                        Value::Int(value) => query.bind(*value),
                        Value::BigInt(value) => query.bind(*value),
                        // Limits.
                        Value::BigUnsigned(value) => query.bind(value.map(u64::cast_signed)),
                        Value::Double(value) => query.bind(*value),
                        Value::Bool(value) => query.bind(*value),
                        Value::String(value) => query.bind(value.as_deref()),
                        other => return Err(sqlx::Error::Protocol(format!("plangraph binds {other:?}"))),
                    };
                }
                for row in query.fetch_all(&mut *connection).await? {
                    body.extend(if body.len() > 1 { ",{" } else { "{" }.bytes());
                    let mut comma = "";
                    for (at, column) in row.columns().iter().enumerate() {
                        if !columns.contains(&column.name()) {
                            continue;
                        }
                        body.extend(format!("{comma}\"{}\":", column.name()).bytes());
                        comma = ",";
                        let kind = row.try_get_raw(at)?.type_info().into_owned();
                        match kind.name() {
                            "INT4" => json(&mut body, row.try_get::<Option<i32>, _>(at)?),
                            "INT8" | "INTEGER" => json(&mut body, row.try_get::<Option<i64>, _>(at)?),
                            "FLOAT8" | "REAL" => json(&mut body, row.try_get::<Option<f64>, _>(at)?),
                            "DATE" => json(&mut body, row.try_get::<Option<ChronoDate>, _>(at)?),
                            "TIMESTAMPTZ" => json(&mut body, row.try_get::<Option<DateTimeUtc>, _>(at)?),
                            "NULL" => json(&mut body, ()),
                            _ => json(&mut body, row.try_get::<Option<&str>, _>(at)?),
                        }
                    }
                    body.push(b'}');
                }
            }
            body.push(b']');
            Ok(body)
        }
    };
}
asked!(asked_postgres of PgPool);
asked!(asked_sqlite of SqlitePool);

/// Writing to memory cannot fail.
fn json(body: &mut Vec<u8>, value: impl Serialize) {
    _ = serde_json::to_writer(body, &value);
}

/// The bare handler, and the database that it asks.
pub(crate) enum Floor {
    Postgres(PgPool),
    Sqlite(SqlitePool),
}

impl Floor {
    /// With as many connections as plangraph, set up for nothing but speed.
    pub(crate) async fn open(url: &str) -> Result<Self, sqlx::Error> {
        if url.starts_with("postgres") {
            let pool = PgPoolOptions::new().max_connections(20).test_before_acquire(false);
            return Ok(Self::Postgres(pool.connect(url).await?));
        }
        let file = SqliteConnectOptions::from_str(url)?.pragma("cache_size", "-16384");
        let pool = SqlitePoolOptions::new().max_connections(8).test_before_acquire(false);
        Ok(Self::Sqlite(pool.connect_with(file).await?))
    }

    /// Serves the answers to `/SHAPE/QUESTION` by their numbers.
    pub(crate) async fn serve(self, shapes: Vec<Asked>) -> io::Result<SocketAddr> {
        let router = Router::new().route("/{shape}/{question}", get(answer)).with_state(Arc::new((self, shapes)));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        tokio::spawn(async { axum::serve(listener, router).await });
        Ok(address)
    }
}

async fn answer(
    State(floor): State<Arc<(Floor, Vec<Asked>)>>,
    extract::Path((shape, question)): extract::Path<(usize, usize)>,
) -> Response {
    let (floor, Asked { columns, questions }) = (&floor.0, &floor.1[shape]);
    let body = match floor {
        Floor::Postgres(pool) => asked_postgres(pool, &questions[question], columns).await,
        Floor::Sqlite(pool) => asked_sqlite(pool, &questions[question], columns).await,
    };
    match body {
        Ok(body) => ([(CONTENT_TYPE, "application/json")], body).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// PostGraphile in a process of its own, which ends with this value.
pub(crate) struct PostGraphile {
    process: Child,
    pub(crate) address: SocketAddr,
}

impl PostGraphile {
    /// From a folder in which the packages of `postgraphile/package.json` are installed.
    pub(crate) async fn start(folder: &Path, url: &str) -> io::Result<Self> {
        let address = {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            listener.local_addr()?
        };
        let mut command = Command::new("node_modules/.bin/node");
        command.current_dir(folder).arg("node_modules/.bin/postgraphile").stdout(Stdio::null());
        command.env("DATABASE_URL", url).env("PORT", address.port().to_string());
        command.env("NODE_ENV", "production").env("GRAPHILE_ENV", "production");
        let server = Self { process: command.spawn()?, address };
        for _ in 0..600 {
            if tokio::net::TcpStream::connect(address).await.is_ok() {
                return Ok(server);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err(io::Error::other("PostGraphile does not answer after a minute"))
    }
}

impl Drop for PostGraphile {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}
