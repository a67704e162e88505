//! The fetcher against a server of our own on loopback.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicU32, Ordering},
};

use axum::{
    Router,
    extract::State,
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
    let limits = Limits {
        body: 10_000,
        backoff: Duration::from_millis(5),
        read: Duration::from_millis(300),
        ..Limits::default()
    };
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
        Answer::NotModified => panic!("no body"),
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
    assert!(matches!(second, Answer::NotModified));
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
async fn follows_redirects_but_not_for_ever() {
    let router = Router::new()
        .route("/old", get(async || Redirect::permanent("/new")))
        .route("/new", get(async || "here"))
        .route("/round", get(async || Redirect::temporary("/round")))
        .route("/nowhere", get(async || (StatusCode::FOUND, [(header::LOCATION, "http://[")])))
        .route("/file", get(async || Redirect::temporary("file:///etc/passwd")));
    let url = serve(router).await;
    let fetcher = fetcher().await;
    let moved = body(ask(&fetcher, &url, "/old").await);
    assert_eq!((moved.url.path(), &*moved.bytes), ("/new", &b"here"[..]));
    assert!(matches!(why(ask(&fetcher, &url, "/round").await), FetchError::Redirects { .. }));
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
async fn a_body_is_cut_off_at_its_limit() {
    let endless = get(async || {
        let pieces = futures::stream::repeat_with(|| Ok::<_, std::io::Error>("x".repeat(1000)));
        axum::body::Body::from_stream(pieces)
    });
    let url = serve(Router::new().route("/endless", endless).route("/long", get(async || "x".repeat(20_000)))).await;
    let fetcher = fetcher().await;
    assert!(matches!(why(ask(&fetcher, &url, "/endless").await), FetchError::TooLarge { .. }));
    assert!(matches!(why(ask(&fetcher, &url, "/long").await), FetchError::TooLarge { .. }));
}

#[tokio::test]
async fn tries_again_what_may_pass_and_only_that() {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    let flaky = async || match ASKED.fetch_add(1, Ordering::SeqCst) {
        0 => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        1 => (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "0")]).into_response(),
        _ => "at last".into_response(),
    };
    static GONE: AtomicU32 = AtomicU32::new(0);
    let gone = async || {
        GONE.fetch_add(1, Ordering::SeqCst);
        StatusCode::NOT_FOUND
    };
    let busy = async || (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "86400")]);
    let slow = async || tokio::time::sleep(Duration::from_secs(5)).await;
    let router = Router::new()
        .route("/flaky", get(flaky))
        .route("/gone", get(gone))
        .route("/busy", get(busy))
        .route("/slow", get(slow));
    let url = serve(router).await;
    let fetcher = fetcher().await;
    assert_eq!(body(ask(&fetcher, &url, "/flaky").await).bytes, b"at last");
    let error = why(ask(&fetcher, &url, "/gone").await);
    assert_eq!(GONE.load(Ordering::SeqCst), 1);
    assert!(error.to_string().contains("/gone answered 404"), "{error}");
    assert!(why(ask(&fetcher, &url, "/busy").await).to_string().contains("503"));
    assert!(matches!(why(ask(&fetcher, &url, "/slow").await), FetchError::Timeout { .. }));
}

#[tokio::test]
async fn an_unreachable_host_is_named() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    drop(listener);
    let error = why(ask(&fetcher().await, &url, "/x").await);
    assert!(error.to_string().contains(url.as_str()), "{error}");
}

#[tokio::test]
async fn heeds_robots_txt() {
    async fn site(status: StatusCode, robots: &'static str) -> Url {
        static ASKED: AtomicU32 = AtomicU32::new(0);
        let answer = async move |State(()): State<()>| {
            ASKED.fetch_add(1, Ordering::SeqCst);
            (status, robots)
        };
        serve(Router::new().route("/robots.txt", get(answer)).fallback(async || "page").with_state(())).await
    }
    let fetcher = fetcher().await;
    let rules = "User-agent: other\nDisallow: /\n\nUser-agent: *\nDisallow: /admin/\nAllow: /admin/open\n";
    let url = site(StatusCode::OK, rules).await;
    assert_eq!(body(ask(&fetcher, &url, "/list").await).bytes, b"page");
    assert_eq!(body(ask(&fetcher, &url, "/admin/open").await).bytes, b"page");
    assert!(matches!(why(ask(&fetcher, &url, "/admin/x").await), FetchError::Disallowed { .. }));

    let url = site(StatusCode::OK, "User-agent: plangraph\nDisallow: /\n").await;
    assert!(matches!(why(ask(&fetcher, &url, "/list").await), FetchError::Disallowed { .. }));
    for (status, text) in
        [(StatusCode::NOT_FOUND, rules), (StatusCode::FORBIDDEN, rules), (StatusCode::OK, "<html>Disallow: /")]
    {
        let url = site(status, text).await;
        assert_eq!(body(ask(&fetcher, &url, "/admin/x").await).bytes, b"page");
    }
    let url = site(StatusCode::INTERNAL_SERVER_ERROR, "").await;
    assert!(matches!(why(ask(&fetcher, &url, "/list").await), FetchError::NoRobots { .. }));
}
