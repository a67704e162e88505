//! The fetcher against a server of our own on loopback that means well. One that does not is in `tests/hostile`.

use std::net::SocketAddr;

use axum::{
    Router,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use sea_orm::{ConnectOptions, Database};

use super::*;

const HERE: Manners = Manners { delay: Duration::ZERO, allow_private: true };

async fn fetcher() -> Fetcher {
    let mut options = ConnectOptions::new("sqlite::memory:");
    options.max_connections(1);
    let db = Database::connect(options).await.unwrap();
    migration::up(&db).await.unwrap();
    let limits = Limits { backoff: Duration::from_millis(5), ..Limits::default() };
    Fetcher::new(db, Some("https://contact.example/"), limits).unwrap()
}

async fn serve(router: Router) -> Url {
    let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url.parse().unwrap()
}

async fn ask(fetcher: &Fetcher, url: &Url, path: &str) -> Result<Answer, Error> {
    fetcher.fetch(&url.join(path).unwrap(), &Method::Get, &Validators::default(), HERE).await
}

fn body(answer: Result<Answer, Error>) -> Body {
    match answer.unwrap() {
        Answer::Body(body) => *body,
        Answer::NotModified { .. } => panic!("no body"),
    }
}

fn why(answer: Result<Answer, Error>) -> FetchError {
    match answer.unwrap_err() {
        Error::Fetch(error) => error,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn sends_its_name_and_validators() {
    let page = get(async |headers: HeaderMap| {
        assert!(headers[header::USER_AGENT].to_str().unwrap().ends_with("(+https://contact.example/)"));
        if headers.get(header::IF_NONE_MATCH).is_some_and(|tag| tag == "\"1\"") {
            return StatusCode::NOT_MODIFIED.into_response();
        }
        ([(header::ETAG, "\"1\""), (header::CONTENT_TYPE, "text/html")], "正文").into_response()
    });
    let url = serve(Router::new().route("/", page)).await;
    let fetcher = fetcher().await;
    let first = body(ask(&fetcher, &url, "/").await);
    assert_eq!(first.bytes, "正文".as_bytes());
    assert_eq!(first.media_type.as_deref(), Some("text/html"));
    let second = fetcher.fetch(&url, &Method::Get, &first.validators, HERE).await.unwrap();
    assert!(matches!(second, Answer::NotModified { .. }));
}

#[tokio::test]
async fn posts_a_form() {
    let router = Router::new().route("/", post(async |form: String| form));
    let url = serve(router).await;
    let form = Method::Post(vec![("columnid".into(), "7".into()), ("path".into(), "/a b".into())]);
    let answer = fetcher().await.fetch(&url, &form, &Validators::default(), HERE).await;
    assert_eq!(body(answer).bytes, b"columnid=7&path=%2Fa+b");
}

#[tokio::test]
async fn follows_redirects_with_the_right_method() {
    let router = Router::new()
        .route("/old", get(async || Redirect::permanent("/new")))
        .route("/new", get(async || "here"))
        .route("/form", post(async || Redirect::to("/new")))
        .route("/moved", post(async || Redirect::temporary("/echo")))
        .route("/echo", post(async |form: String| form))
        .route("/nowhere", get(async || (StatusCode::FOUND, [(header::LOCATION, "http://[")])))
        .route("/file", get(async || Redirect::temporary("file:///etc/passwd")));
    let url = serve(router).await;
    let fetcher = fetcher().await;
    let moved = body(ask(&fetcher, &url, "/old").await);
    assert_eq!((moved.url.path(), &*moved.bytes), ("/new", &b"here"[..]));
    let form = Method::Post(vec![("a".into(), "1".into())]);
    for (path, answer) in [("/form", "here"), ("/moved", "a=1")] {
        let answered = fetcher.fetch(&url.join(path).unwrap(), &form, &Validators::default(), HERE).await;
        assert_eq!(body(answered).bytes, answer.as_bytes(), "{path}");
    }
    assert!(matches!(why(ask(&fetcher, &url, "/nowhere").await), FetchError::BadRedirect { .. }));
    assert!(matches!(why(ask(&fetcher, &url, "/file").await), FetchError::NotHttp { .. }));

    let public = Manners { allow_private: false, ..HERE };
    let refused = fetcher.fetch(&url, &Method::Get, &Validators::default(), public).await;
    assert!(matches!(why(refused), FetchError::Private { .. }));
    let localhost = Url::parse(&format!("http://localhost:{}/new", url.port().unwrap())).unwrap();
    let refused = why(fetcher.fetch(&localhost, &Method::Get, &Validators::default(), public).await);
    assert!(refused.to_string().contains("not on the public network"), "{refused}");
}

/// A client to which `site.example` is the server at a URL.
fn pretend_public(fetcher: &mut Fetcher, url: &Url) {
    let address = SocketAddr::from(([127, 0, 0, 1], url.port().unwrap()));
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    fetcher.clients.public = builder.resolve("site.example", address).build().unwrap();
}

#[tokio::test]
async fn a_public_site_cannot_redirect_into_a_private_network() {
    let to_metadata = get(async || Redirect::temporary("http://169.254.169.254/latest/meta-data"));
    let url = serve(Router::new().route("/", to_metadata)).await;
    let mut fetcher = fetcher().await;
    pretend_public(&mut fetcher, &url);
    let public = Manners { allow_private: false, ..HERE };
    let site = Url::parse(&format!("http://site.example:{}/", url.port().unwrap())).unwrap();
    let error = why(fetcher.fetch(&site, &Method::Get, &Validators::default(), public).await);
    assert!(matches!(&error, FetchError::Private { url, .. } if url.path() == "/latest/meta-data"), "{error}");
}

#[tokio::test]
async fn an_unreachable_host_is_named() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    drop(listener);
    let error = why(ask(&fetcher().await, &url, "/x").await);
    assert!(error.to_string().contains(url.as_str()), "{error}");
}
