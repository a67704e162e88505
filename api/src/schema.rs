//! The schema, and the way a query goes through it.

use std::{fmt, sync::Arc, time::Instant};

use async_graphql::{
    Data, Pos, Request, Response, Schema, SchemaBuilder, ServerError, Value, parser::types::OperationType,
};
use extract::Reader;
use futures::{
    StreamExt as _,
    stream::{self, BoxStream},
};
use sea_orm::DatabaseConnection;
use tokio::time::timeout;
use tracing::{Instrument as _, Span};

use crate::{
    Error, Settings,
    batch::Pulse,
    catalogue::Catalogue,
    cost, coverage,
    load::{Database, Loaders},
    metrics,
    mutation::Mutation,
    persisted::Persisted,
    query::Query,
    said::{Queries, Said},
    subscription::Subscription,
};

type Graph = Schema<Query, Mutation, Subscription>;

/// The API over one database. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    graph: Graph,
    /// What changes go to, and the tokens of those who make them.
    db: DatabaseConnection,
    /// What queries are answered from.
    replica: DatabaseConnection,
    catalogue: Arc<Catalogue>,
    settings: Arc<Settings>,
    persisted: Arc<Persisted>,
    queries: Arc<Queries>,
}

impl Api {
    /// An API over this database, which must have the schema of `migration`. The reader answers the field `extract`.
    #[must_use]
    pub fn new(db: DatabaseConnection, reader: Arc<Reader>) -> Self {
        Self::with(db, reader, Settings::default())
    }

    /// An API as [`Api::new`] makes it, with other settings than usual.
    #[must_use]
    pub fn with(db: DatabaseConnection, reader: Arc<Reader>, settings: Settings) -> Self {
        let mut graph = graph().data(reader);
        if !settings.introspection {
            // What a name that is nearly right is told would tell the schema too.
            graph = graph.disable_introspection().disable_suggestions();
        }
        Self {
            graph: graph.finish(),
            catalogue: Arc::new(Catalogue::new(db.clone())),
            replica: db.clone(),
            db,
            settings: Arc::new(settings),
            persisted: Arc::default(),
            queries: Arc::default(),
        }
    }

    /// The same API, with queries and exports answered from a database that follows the other.
    #[must_use]
    pub fn reading(self, replica: DatabaseConnection) -> Self {
        Self { catalogue: Arc::new(Catalogue::new(replica.clone())), replica, ..self }
    }

    /// Answers a query. What goes wrong is in the response, each error with its `extensions.code`.
    pub async fn execute(&self, request: Request) -> Response {
        let began = Instant::now();
        let (said, response) = match self.question(request, true) {
            Ok(question) => {
                let span = question.span();
                (question.said.clone(), self.answer(question).instrument(span).await)
            }
            Err(refused) => (None, *refused),
        };
        let name = said.as_ref().and_then(|said| said.name.as_deref());
        metrics::answered(name, &response, began.elapsed());
        response
    }

    async fn answer(&self, question: Question) -> Response {
        let Question { request, said, pulse, db, read } = question;
        let answer = async {
            let mut answer = pulse.follow(self.graph.execute(request)).await;
            if let Some(read) = read {
                match read.told(&db).await {
                    Ok(told) => _ = answer.extensions.insert(coverage::MEMBER.to_owned(), told),
                    Err(error) => answer.errors.extend(refused(error.into()).errors),
                }
            }
            answer
        };
        match timeout(self.settings.time, answer).await {
            Ok(answer) if !was_broken_off(&answer) => finished(answer, said.as_deref()),
            _ => self.timed_out(),
        }
    }

    /// Answers a query once, and a subscription as often as there is something to tell.
    pub(crate) fn stream(&self, request: Request, session: Arc<Data>) -> BoxStream<'static, Response> {
        let recalled = self.recall(request).map_err(|error| Box::new(refused(error)));
        let question = match recalled.and_then(|request| self.question(request, false)) {
            Ok(question) => question,
            Err(refused) => return stream::once(async { *refused }).boxed(),
        };
        let span = question.span();
        let Question { request, said, pulse, .. } = question;
        let listens = said.as_ref().is_some_and(|said| said.kind == OperationType::Subscription);
        let answers = self.graph.execute_stream_with_session_data(request, session);
        let next = move |(mut answers, said, pulse): (BoxStream<'static, Response>, Option<Arc<Said>>, Arc<Pulse>)| async move {
            let answer = Arc::clone(&pulse).follow(answers.next()).await?;
            Some((finished(answer, said.as_deref()), (answers, said, pulse)))
        };
        let answers = stream::unfold((answers, said, pulse), next);
        if listens {
            return answers.boxed();
        }
        let api = self.clone();
        let answer = async move {
            let mut answers = std::pin::pin!(answers);
            match timeout(api.settings.time, answers.next()).await {
                Ok(answer) if !answer.as_ref().is_some_and(was_broken_off) => answer,
                _ => Some(api.timed_out()),
            }
        };
        stream::once(answer.instrument(span)).filter_map(std::future::ready).boxed()
    }

    /// The request with the query that it names by its hash.
    pub(crate) fn recall(&self, request: Request) -> Result<Request, Error> {
        self.persisted.recall(request)
    }

    fn timed_out(&self) -> Response {
        refused(Error::TimedOut { limit: Some(self.settings.time) })
    }

    /// A request with all that its answer takes, or why it has none. What is read once holds for one answer, not for
    /// several.
    fn question(&self, mut request: Request, once: bool) -> Result<Question, Box<Response>> {
        let said = self.queries.read(&mut request).map_err(|error| Response::from_errors(vec![error]))?;
        if !self.settings.introspection && said.as_ref().is_some_and(|said| said.asks_for_schema) {
            return Err(Box::new(refused(Error::IntrospectionOff)));
        }
        let kind = said.as_ref().map_or(OperationType::Query, |said| said.kind);
        // A mutation shows what it has done, and a subscription a run that has just begun: a replica may not know it yet.
        let db = if kind == OperationType::Query { &self.replica } else { &self.db };
        let pulse = Arc::new(Pulse::default());
        let read = coverage::is_wanted(&request).then(Arc::default);
        let loaders = Loaders::new(self.database(db, read.clone()), Arc::clone(&pulse), once);
        let request = request.data(loaders);
        Ok(Question { request, said, pulse, db: db.clone(), read })
    }

    fn database(&self, db: &DatabaseConnection, read: Option<Arc<coverage::Read>>) -> Database {
        Database { db: db.clone(), read, catalogue: Arc::clone(&self.catalogue) }
    }

    /// What is allowed to whom.
    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What needs loaders without being a query.
    pub(crate) async fn loading<T>(&self, work: impl AsyncFnOnce(&Loaders) -> T) -> T {
        let pulse = Arc::new(Pulse::default());
        let loaders = Loaders::new(self.database(&self.replica, None), Arc::clone(&pulse), true);
        pulse.follow(work(&loaders)).await
    }

    /// The database that is written to.
    pub(crate) const fn db(&self) -> &DatabaseConnection {
        &self.db
    }

    /// The database that is only read.
    pub(crate) const fn replica(&self) -> &DatabaseConnection {
        &self.replica
    }
}

/// A request that may be answered.
struct Question {
    request: Request,
    /// None where it cannot be read.
    said: Option<Arc<Said>>,
    pulse: Arc<Pulse>,
    /// What it is answered from.
    db: DatabaseConnection,
    /// What is read for its answer, where the answer is to say so.
    read: Option<Arc<coverage::Read>>,
}

impl Question {
    /// What is logged and traced while it is answered belongs to it.
    fn span(&self) -> Span {
        let name = self.said.as_ref().and_then(|said| said.name.as_deref());
        tracing::info_span!("query", operation = name)
    }
}

/// Whether the database was out of time before the query was: then too there is no answer, rather than a part of one.
fn was_broken_off(answer: &Response) -> bool {
    let mut extensions = answer.errors.iter().filter_map(|error| error.extensions.as_ref());
    extensions.any(|extensions| extensions.get("code") == Some(&Value::from(Error::TIMED_OUT)))
}

/// An answer that is nothing but an error.
pub(crate) fn refused(error: Error) -> Response {
    let error = async_graphql::Error::from(error).into_server_error(Pos::default());
    Response::from_errors(vec![ServerError { locations: Vec::new(), ..error }])
}

/// An answer with its fields in order, null where one failed, and a code at each error.
fn finished(mut response: Response, said: Option<&Said>) -> Response {
    if let (Some(said), true) = (said, response.data != Value::Null) {
        for error in &response.errors {
            said.shape.fail(&mut response.data, &error.path);
        }
        said.shape.order(&mut response.data);
    }
    let export = said.map_or("plans", |said| said.export);
    for error in &mut response.errors {
        if let Some(refused) = cost::explained(&error.message, export) {
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
