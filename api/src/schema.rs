//! The schema, and the way a query goes through it.

use std::{fmt, sync::Arc};

use async_graphql::{EmptyMutation, EmptySubscription, Request, Response, Schema, SchemaBuilder, Value};
use extract::Reader;
use sea_orm::DatabaseConnection;

use crate::{batch::Pulse, load, nesting, query::Query, shape::Shape};

/// How deep fields may stand in one another. What tools ask of a schema to show it goes 15 deep.
const MAX_DEPTH: usize = 16;
/// How many fields a query may name, each counted as often as it is named.
const MAX_FIELDS: usize = 1000;

type Graph = Schema<Query, EmptyMutation, EmptySubscription>;

/// The API over one database. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    graph: Graph,
    db: DatabaseConnection,
}

impl Api {
    /// An API over this database, which must have the schema of `migration`. The reader answers the field `extract`.
    #[must_use]
    pub fn new(db: DatabaseConnection, reader: Arc<Reader>) -> Self {
        Self { graph: graph().data(reader).finish(), db }
    }

    /// Answers a query. What goes wrong is in the response, each error with its `extensions.code`.
    pub async fn execute(&self, mut request: Request) -> Response {
        if let Err(error) = nesting::check(&request.query) {
            return Response::from_errors(vec![error]);
        }
        // A query that cannot be read is refused by the executor, with the place where it goes wrong.
        let document = request.parsed_query().ok().cloned();
        let operation = request.operation_name.clone();
        let pulse = Arc::new(Pulse::default());
        let request = request.data(load::for_request(&self.db, Arc::clone(&pulse)));
        let mut response = pulse.follow(self.graph.execute(request)).await;
        if let (Some(document), true) = (document, response.data != Value::Null) {
            Shape::of(&document, operation.as_deref()).order(&mut response.data);
        }
        for error in &mut response.errors {
            // What the query language itself refuses comes without a code.
            let extensions = error.extensions.get_or_insert_default();
            if extensions.get("code").is_none() {
                extensions.set("code", "BAD_QUERY");
            }
        }
        response
    }

    /// The database.
    pub(crate) const fn db(&self) -> &DatabaseConnection {
        &self.db
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api").field("db", &self.db).finish_non_exhaustive()
    }
}

/// The schema in the schema definition language.
#[must_use]
pub fn sdl() -> String {
    graph().finish().sdl()
}

fn graph() -> SchemaBuilder<Query, EmptyMutation, EmptySubscription> {
    Schema::build(Query, EmptyMutation, EmptySubscription).limit_depth(MAX_DEPTH).limit_complexity(MAX_FIELDS)
}
