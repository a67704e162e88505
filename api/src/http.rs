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
mod export;
mod socket;

use std::io;

use async_graphql::{ParseRequestError, Pos, Request as Question, Response as Answer, ServerError, Value};
use async_graphql_axum::{GraphQLRequest, rejection::GraphQLRejection};
use axum::{
    Router,
    body::Bytes,
    extract::{
        DefaultBodyLimit, FromRequest as _, Query, Request, State,
        ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{ALLOW, CONTENT_TYPE},
    },
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use entity::region;
use sea_orm::{EntityTrait as _, QuerySelect as _};
use serde::Deserialize;
use tokio::net::TcpListener;

use self::{accept::Media, caller::Caller};
use crate::{Api, Error, ide, operation, sdl};

/// The most bytes of a request: the longest text that `extract` takes, and room for its escapes.
const MAX_REQUEST: usize = 6_000_000;

/// The routes.
pub fn router(api: Api) -> Router {
    let schema = sdl();
    Router::new()
        .route("/", get(|| async { Redirect::to("/graphql") }))
        .route("/graphql", get(by_get).post(by_post))
        .route("/schema.graphql", get(|| async { ([(CONTENT_TYPE, "text/plain; charset=utf-8")], schema) }))
        .route("/export/{file}", get(export::file))
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .layer(DefaultBodyLimit::max(MAX_REQUEST))
        .with_state(api)
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
    axum::serve(listener, router).with_graceful_shutdown(shutdown).await
}

async fn by_get(
    State(api): State<Api>,
    caller: Caller,
    socket: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    if let Ok(socket) = socket {
        return socket::open(api, socket, caller);
    }
    let parameters = request.uri().query().unwrap_or_default();
    let asks = parameters.split('&').any(|pair| pair.starts_with("query="));
    if !asks && accept::wants_page(&headers) {
        return Html(ide::PAGE.as_str()).into_response();
    }
    let Some(media) = Media::wanted(&headers) else { return not_acceptable() };
    if !asks {
        let message = "the parameter `query` is missing: /graphql?query={plans{totalCount}}";
        return refused(media, StatusCode::BAD_REQUEST, message);
    }
    ask(&api, caller, request, media).await
}

async fn by_post(State(api): State<Api>, caller: Caller, headers: HeaderMap, request: Request) -> Response {
    let Some(media) = Media::wanted(&headers) else { return not_acceptable() };
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json")) {
        let message = "a query is posted as application/json: {\"query\": \"{ plans { totalCount } }\"}";
        return refused(media, StatusCode::UNSUPPORTED_MEDIA_TYPE, message);
    }
    let (head, body) = request.into_parts();
    // Read under the limit of the route, which the GraphQL reader does not know.
    match Bytes::from_request(Request::from_parts(head.clone(), body), &()).await {
        Ok(body) => ask(&api, caller, Request::from_parts(head, body.into()), media).await,
        Err(error) => refused(media, error.status(), &format!("{error}; at most {MAX_REQUEST} bytes are read")),
    }
}

/// Which operation the parameters of a GET ask for. The reader of GraphQL requests expects another name for it than the
/// specification gives.
#[derive(Deserialize)]
struct Operation {
    #[serde(rename = "operationName")]
    name: Option<String>,
}

/// Reads a query from a request and answers it.
async fn ask(api: &Api, caller: Caller, request: Request, media: Media) -> Response {
    let is_post = request.method() == Method::POST;
    let named = Query::<Operation>::try_from_uri(request.uri()).ok().and_then(|operation| operation.0.name);
    let read = GraphQLRequest::<GraphQLRejection>::from_request(request, &()).await;
    let read = read.map(|mut request| {
        request.0.operation_name = request.0.operation_name.or(named);
        request
    });
    match read {
        Ok(request) if request.0.query.is_empty() => {
            refused(media, StatusCode::BAD_REQUEST, "the member `query` is missing")
        }
        Ok(request) if !is_post && operation::is_mutation(&request.0) => {
            let refused = failed(media, StatusCode::METHOD_NOT_ALLOWED, Error::MutationByGet);
            ([(ALLOW, "POST")], refused).into_response()
        }
        // Whatever a GET may lead to, nobody has a token with it.
        Ok(request) if !is_post => answer(api, request.into_inner(), media).await,
        Ok(request) => answer(api, caller.asking(request.into_inner()), media).await,
        Err(GraphQLRejection(ParseRequestError::UnsupportedBatch)) => {
            refused(media, StatusCode::BAD_REQUEST, "one query a request is answered: post an object, not a list")
        }
        Err(GraphQLRejection(error)) => {
            refused(media, StatusCode::BAD_REQUEST, &format!("the request holds no readable query: {error}"))
        }
    }
}

async fn answer(api: &Api, question: Question, media: Media) -> Response {
    let answer = api.execute(question).await;
    // A query that could not be begun has no data, and its errors stand at no field.
    let begun = answer.data != Value::Null || answer.errors.iter().any(|error| !error.path.is_empty());
    let status = match media {
        Media::GraphqlResponse if !begun => StatusCode::BAD_REQUEST,
        Media::GraphqlResponse | Media::Json => StatusCode::OK,
    };
    json(media, status, &answer)
}

/// A request that is refused before it is looked at.
fn failed(media: Media, status: StatusCode, error: Error) -> Response {
    let error = async_graphql::Error::from(error).into_server_error(Pos::default());
    json(media, status, &Answer::from_errors(vec![ServerError { locations: Vec::new(), ..error }]))
}

/// A request that is no GraphQL request.
fn refused(media: Media, status: StatusCode, message: &str) -> Response {
    let mut error = ServerError::new(message, None);
    error.extensions.get_or_insert_default().set("code", "BAD_REQUEST");
    json(media, status, &Answer::from_errors(vec![error]))
}

fn json(media: Media, status: StatusCode, answer: &Answer) -> Response {
    match serde_json::to_vec(answer) {
        Ok(body) => (status, [(CONTENT_TYPE, HeaderValue::from_static(media.name()))], body).into_response(),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn not_acceptable() -> Response {
    let message = format!("answers come as {} or {}", Media::GraphqlResponse.name(), Media::Json.name());
    (StatusCode::NOT_ACCEPTABLE, message).into_response()
}

/// Ready where the database answers and has the tables.
async fn ready(State(api): State<Api>) -> Response {
    match region::Entity::find().limit(1).one(api.db()).await {
        Ok(_) => "ready".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready: the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer; the server's log says why").into_response()
        }
    }
}
