//! The API over HTTP.
//!
//! | path | what |
//! | --- | --- |
//! | `/` | leads to `/graphql` |
//! | `/graphql` | queries by GET and POST, subscriptions by WebSocket; for a browser that asks for none, the page for people |
//! | `/schema.graphql` | the schema |
//! | `/export/{file}` | whole tables: `indicators.csv`; `dictionary.md` says what is in them |
//! | `/healthz` | whether the process answers |
//! | `/readyz` | whether the database does too |
//!
//! Media types and status codes as the GraphQL-over-HTTP specification has them
//! (<https://graphql.github.io/graphql-over-http/draft/>).

mod accept;
mod caller;
mod client;
mod export;
mod guard;
mod pace;
mod refusal;
mod socket;

use std::{collections::BTreeMap, io, net::SocketAddr, sync::Arc};

use async_graphql::{Request as Question, Response as Answer, ServerError, Value, http::parse_query_string};
use axum::{
    Router,
    body::Bytes,
    extract::{
        DefaultBodyLimit, FromRef, FromRequest as _, Query, Request, State,
        ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    http::{
        HeaderMap, HeaderValue, StatusCode, Uri,
        header::{ALLOW, CONTENT_TYPE},
    },
    middleware,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use entity::region;
use futures::{StreamExt as _, stream};
use sea_orm::{EntityTrait as _, QuerySelect as _};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;

use self::{accept::Media, caller::Caller, pace::Pace, refusal::Refusal, socket::Sockets};
use crate::{Api, Error, ide, operation, persisted, schema::refused, sdl};

/// The most bytes of a request: the longest text that `extract` takes, and room for its escapes.
const MAX_REQUEST: usize = 6_000_000;
/// The most queries of a request.
const MAX_BATCH: usize = 10;

/// What answers requests.
#[derive(Clone)]
struct Server {
    api: Api,
    pace: Arc<Pace>,
    sockets: Arc<Sockets>,
}

impl FromRef<Server> for Api {
    fn from_ref(server: &Server) -> Self {
        server.api.clone()
    }
}

/// The routes.
pub fn router(api: Api) -> Router {
    let cors = guard::cors(&api.settings().origins);
    let pace = Arc::new(Pace::new(api.settings()));
    let server = Server { api, pace, sockets: Arc::default() };
    Router::new()
        .route("/", get(|| async { Redirect::to("/graphql") }))
        .route("/graphql", get(by_get).post(by_post))
        .route("/schema.graphql", get(schema))
        .route("/export/{file}", get(export::file))
        .layer(DefaultBodyLimit::max(MAX_REQUEST))
        .layer(middleware::from_fn_with_state(server.clone(), pace::admit))
        // Whoever watches the process is let in at any time.
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .layer(cors)
        .layer(middleware::map_response(guard::harden))
        .layer(CatchPanicLayer::custom(guard::panicked))
        .with_state(server)
}

/// Serves until `shutdown` comes, and then until the requests under way are answered.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let router = router.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, router).with_graceful_shutdown(shutdown).await
}

async fn by_get(
    State(server): State<Server>,
    caller: Caller,
    socket: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    if let Ok(socket) = socket {
        return socket::open(server, socket, caller);
    }
    if accept::wants_page(&headers) {
        return ide::page(server.api.settings().introspection).into_response();
    }
    let Some(media) = Media::wanted(&headers) else { return Refusal::NotAcceptable.answer(Media::Json) };
    match of_parameters(&uri) {
        // Whatever a GET may lead to, nobody has a token with it.
        Ok(question) => ask(&server.api, caller.without_token(), question, media, false).await,
        Err(refusal) => refusal.answer(media),
    }
}

async fn by_post(State(server): State<Server>, caller: Caller, headers: HeaderMap, request: Request) -> Response {
    let Some(media) = Media::wanted(&headers) else { return Refusal::NotAcceptable.answer(Media::Json) };
    // A page of another site can have a browser post a form or plain text without asking; not JSON.
    if !accept::is_json(&headers) {
        return Refusal::NotJson.answer(media);
    }
    let body = match Bytes::from_request(request, &()).await {
        Ok(body) => body,
        Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => return Refusal::TooLarge.answer(media),
        Err(error) => return Refusal::Unreadable(error.to_string()).answer(media),
    };
    match of_body(&body) {
        Ok(Asked::One(question)) => ask(&server.api, caller, *question, media, true).await,
        Ok(Asked::Several(questions)) => several(&server, caller, questions, media).await,
        Err(refusal) => refusal.answer(media),
    }
}

/// What a body asks.
enum Asked {
    One(Box<Question>),
    Several(Vec<Question>),
}

fn of_body(body: &[u8]) -> Result<Asked, Refusal> {
    let unreadable = |error: serde_json::Error| Refusal::Unreadable(error.to_string());
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'[') {
        return serde_json::from_slice(body).map(|question| Asked::One(Box::new(question))).map_err(unreadable);
    }
    let questions: Vec<Question> = serde_json::from_slice(body).map_err(unreadable)?;
    match questions.len() {
        1..=MAX_BATCH => Ok(Asked::Several(questions)),
        given => Err(Refusal::Batch { given }),
    }
}

/// Which operation the parameters of a GET ask for. The reader of parameters expects another name for it than the
/// specification gives.
#[derive(Deserialize)]
struct Operation {
    #[serde(rename = "operationName")]
    name: Option<String>,
}

fn of_parameters(uri: &Uri) -> Result<Question, Refusal> {
    let mut question =
        parse_query_string(uri.query().unwrap_or_default()).map_err(|error| Refusal::Unreadable(error.to_string()))?;
    let named = Query::<Operation>::try_from_uri(uri).ok().and_then(|operation| operation.0.name);
    question.operation_name = question.operation_name.or(named).filter(|name| !name.is_empty());
    Ok(question)
}

/// Answers a query.
async fn ask(api: &Api, caller: Caller, question: Question, media: Media, is_post: bool) -> Response {
    if question.query.is_empty() && !persisted::is_named(&question) {
        return Refusal::NoQuery.answer(media);
    }
    let question = match api.recall(question) {
        Ok(question) => question,
        Err(error) => return told(media, &refused(error)),
    };
    if !is_post && operation::is_mutation(&question) {
        let refused = failed(media, StatusCode::METHOD_NOT_ALLOWED, Error::MutationByGet);
        return ([(ALLOW, "POST")], refused).into_response();
    }
    let answer = api.execute(caller.asking(question)).await;
    told(media, &answer)
}

/// Answers queries that come together, one after another, each counted as a request of its own.
async fn several(server: &Server, caller: Caller, questions: Vec<Question>, media: Media) -> Response {
    for _ in 1..questions.len() {
        if let Err(error) = server.pace.count(caller.who()) {
            return pace::later(media, error);
        }
    }
    let answers = stream::iter(questions).then(|question| {
        let caller = caller.clone();
        async move {
            match server.api.recall(question) {
                Ok(question) => server.api.execute(caller.asking(question)).await,
                Err(error) => refused(error),
            }
        }
    });
    let answers: Vec<_> = answers.collect().await;
    json(media, StatusCode::OK, &answers.iter().map(Told::from).collect::<Vec<_>>())
}

/// An answer with its status.
fn told(media: Media, answer: &Answer) -> Response {
    let code = answer.errors.first().and_then(|error| error.extensions.as_ref()?.get("code"));
    let status = match media {
        Media::GraphqlResponse if code == Some(&Value::from(Error::TIMED_OUT)) => StatusCode::SERVICE_UNAVAILABLE,
        Media::GraphqlResponse if !was_begun(answer) => StatusCode::BAD_REQUEST,
        Media::GraphqlResponse | Media::Json => StatusCode::OK,
    };
    json(media, status, &Told::from(answer))
}

/// Whether a query was begun: otherwise there is no data, and the errors stand at no field.
fn was_begun(answer: &Answer) -> bool {
    answer.data != Value::Null || answer.errors.iter().any(|error| !error.path.is_empty())
}

/// An answer as it is written: the member `data` is there only where the query was begun.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: &'a BTreeMap<String, Value>,
}

impl<'a> From<&'a Answer> for Told<'a> {
    fn from(answer: &'a Answer) -> Self {
        let data = was_begun(answer).then_some(&answer.data);
        Self { data, errors: &answer.errors, extensions: &answer.extensions }
    }
}

/// A request that is refused before it is looked at.
fn failed(media: Media, status: StatusCode, error: Error) -> Response {
    json(media, status, &Told::from(&refused(error)))
}

fn json(media: Media, status: StatusCode, answer: &impl Serialize) -> Response {
    match serde_json::to_vec(answer) {
        Ok(body) => (status, [(CONTENT_TYPE, HeaderValue::from_static(media.name()))], body).into_response(),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

async fn schema(State(api): State<Api>) -> Response {
    if api.settings().introspection {
        ([(CONTENT_TYPE, "text/plain; charset=utf-8")], sdl()).into_response()
    } else {
        failed(Media::Json, StatusCode::FORBIDDEN, Error::IntrospectionOff)
    }
}

/// Ready where the database answers and has the tables.
async fn ready(State(api): State<Api>) -> Response {
    match region::Entity::find().limit(1).one(api.replica()).await {
        Ok(_) => "ready".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready: the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer; the server's log says why").into_response()
        }
    }
}
