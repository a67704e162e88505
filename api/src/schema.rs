//! The schema, and the way a query goes through it.

use std::{fmt, sync::Arc};

use async_graphql::{Data, Executor, Request, Response, Schema, SchemaBuilder, Value};
use extract::Reader;
use futures::{
    StreamExt as _,
    stream::{self, BoxStream},
};
use sea_orm::DatabaseConnection;

use crate::{
    batch::Pulse,
    cost,
    load::{self, Loaders},
    mutation::Mutation,
    nesting,
    query::Query,
    shape::Shape,
    subscription::Subscription,
};

type Graph = Schema<Query, Mutation, Subscription>;

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
    pub async fn execute(&self, request: Request) -> Response {
        let question = match self.question(request, true) {
            Ok(question) => question,
            Err(refused) => return *refused,
        };
        let Question { request, shape, pulse } = question;
        finished(pulse.follow(self.graph.execute(request)).await, shape.as_ref())
    }

    /// Answers a query once, and a subscription as often as there is something to tell.
    fn stream(&self, request: Request, session: Arc<Data>) -> BoxStream<'static, Response> {
        let question = match self.question(request, false) {
            Ok(question) => question,
            Err(refused) => return stream::once(async { *refused }).boxed(),
        };
        let Question { request, shape, pulse } = question;
        let answers = self.graph.execute_stream_with_session_data(request, session);
        let next = |(mut answers, shape, pulse): (BoxStream<'static, Response>, Option<Shape>, Arc<Pulse>)| async {
            let answer = Arc::clone(&pulse).follow(answers.next()).await?;
            Some((finished(answer, shape.as_ref()), (answers, shape, pulse)))
        };
        stream::unfold((answers, shape, pulse), next).boxed()
    }

    /// A request with all that its answer takes, or why it has none. What is read once holds for one answer, not for
    /// several.
    fn question(&self, mut request: Request, once: bool) -> Result<Question, Box<Response>> {
        nesting::check(&request.query).map_err(|error| Response::from_errors(vec![error]))?;
        let operation = request.operation_name.clone();
        // A query that cannot be read is refused by the executor, with the place where it goes wrong.
        let document = request.parsed_query().ok();
        if let Some(document) = document {
            cost::check(document).map_err(|error| Response::from_errors(vec![error]))?;
        }
        let shape = document.map(|document| Shape::of(document, operation.as_deref()));
        let pulse = Arc::new(Pulse::default());
        let loaders = load::for_request(&self.db, Arc::clone(&pulse));
        loaders.enable_all_cache(once);
        let request = request.data(loaders);
        Ok(Question { request, shape, pulse })
    }

    /// What needs loaders without being a query.
    pub(crate) async fn loading<T>(&self, work: impl AsyncFnOnce(&Loaders) -> T) -> T {
        let pulse = Arc::new(Pulse::default());
        let loaders = load::for_request(&self.db, Arc::clone(&pulse));
        pulse.follow(work(&loaders)).await
    }

    /// The database.
    pub(crate) const fn db(&self) -> &DatabaseConnection {
        &self.db
    }
}

impl Executor for Api {
    async fn execute(&self, request: Request) -> Response {
        Self::execute(self, request).await
    }

    fn execute_stream(&self, request: Request, session: Option<Arc<Data>>) -> BoxStream<'static, Response> {
        self.stream(request, session.unwrap_or_default())
    }
}

/// A request that may be answered.
struct Question {
    request: Request,
    /// Of its answer; none where it cannot be read.
    shape: Option<Shape>,
    pulse: Arc<Pulse>,
}

/// An answer with its fields in order and a code at each error.
fn finished(mut response: Response, shape: Option<&Shape>) -> Response {
    if let (Some(shape), true) = (shape, response.data != Value::Null) {
        shape.order(&mut response.data);
    }
    for error in &mut response.errors {
        if let Some(refused) = cost::explained(&error.message) {
            *error = refused;
        }
        // What the query language itself refuses comes without a code.
        let extensions = error.extensions.get_or_insert_default();
        if extensions.get("code").is_none() {
            extensions.set("code", "BAD_QUERY");
        }
    }
    response
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

fn graph() -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query, Mutation, Subscription).limit_depth(cost::MAX_DEPTH).limit_complexity(cost::MAX_COST)
}
