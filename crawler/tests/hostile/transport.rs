//! Slow, endless, packed and broken answers, redirects, refusals.

use std::{
    sync::atomic::{AtomicUsize, Ordering::SeqCst},
    time::{Duration, SystemTime},
};

use async_compression::tokio::bufread::{DeflateEncoder, GzipEncoder, ZlibEncoder};
use axum::{
    Router,
    body::Body,
    extract::Path,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect},
    routing::get,
};
use crawler::fetch::{FetchError, Limits, Stage};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::site::{Asker, Site, ask, hasty, limits};

/// How often what may pass is asked for.
const TRIES: usize = 3;

async fn trickle(mut stream: TcpStream, head: &'static [u8], piece: &'static [u8]) {
    let _ = stream.write_all(head).await;
    while stream.write_all(piece).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn slow_headers() {
    let site = Site::raw(|stream| trickle(stream, b"HTTP/1.1 200 OK\r\n", b"x-a: b\r\n")).await;
    let error = ask(&site, "/x", hasty()).await.unwrap_err();
    assert!(matches!(error, FetchError::Timeout { stage: Stage::Head, .. }), "{error}");
    assert_eq!(site.asked("/x"), TRIES);
}

#[tokio::test]
async fn slow_body() {
    let site = Site::raw(|stream| trickle(stream, b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n", b"x")).await;
    let error = ask(&site, "/x", hasty()).await.unwrap_err();
    assert!(matches!(error, FetchError::Timeout { stage: Stage::Body, .. }), "{error}");
}

#[tokio::test]
async fn endless_body() {
    let endless =
        get(async || Body::from_stream(futures::stream::repeat_with(|| Ok::<_, std::io::Error>("x".repeat(1_000)))));
    let site = Site::serve(Router::new().route("/x", endless)).await;
    let error = ask(&site, "/x", limits()).await.unwrap_err();
    assert!(matches!(error, FetchError::TooLarge { .. }), "{error}");
    assert_eq!(site.asked("/x"), 1, "it will not be smaller next time");
}

async fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    GzipEncoder::new(bytes).read_to_end(&mut packed).await.unwrap();
    packed
}

/// A server of a body that it says is packed.
async fn packed(bytes: Vec<u8>, coding: &'static str) -> Site {
    let answer = get(async move || ([(header::CONTENT_ENCODING, coding)], bytes.clone()));
    Site::serve(Router::new().route("/x", answer)).await
}

#[tokio::test]
async fn gzip_bomb() {
    let bomb = gzip(&vec![0; 32 * 1_024 * 1_024]).await;
    assert!(bomb.len() < limits().packed);
    let twice = gzip(&bomb).await;
    for site in [packed(bomb, "gzip").await, packed(twice, "gzip, gzip").await] {
        let error = ask(&site, "/x", limits()).await.unwrap_err();
        assert!(matches!(error, FetchError::TooLarge { limit, .. } if limit == limits().body), "{error}");
        assert_eq!(site.asked("/x"), 1);
    }
}

#[tokio::test]
async fn gzip_that_never_becomes_anything() {
    // A header, then stored blocks without content.
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    bytes.extend([0, 0, 0, 0xff, 0xff].repeat(100_000));
    let site = packed(bytes, "gzip").await;
    let error = ask(&site, "/x", limits()).await.unwrap_err();
    assert!(matches!(error, FetchError::TooLarge { limit, .. } if limit == limits().packed), "{error}");
}

#[tokio::test]
async fn gzip_that_nobody_asked_for_is_read() {
    let site = packed(gzip("正文".as_bytes()).await, "gzip").await;
    assert_eq!(ask(&site, "/x", limits()).await.unwrap().bytes, "正文".as_bytes());
    let site = packed(Vec::new(), "gzip").await;
    assert_eq!(ask(&site, "/x", limits()).await.unwrap().bytes, b"");
}

#[tokio::test]
async fn deflate_with_and_without_its_wrapping() {
    async fn all(mut encoder: impl AsyncRead + Unpin) -> Vec<u8> {
        let mut packed = Vec::new();
        encoder.read_to_end(&mut packed).await.unwrap();
        packed
    }
    let text: String = (0..2_000).map(|n| format!("{n}、")).collect();
    let bomb = vec![0; 32 * 1_024 * 1_024];
    for (body, bomb) in [
        (all(ZlibEncoder::new(text.as_bytes())).await, all(ZlibEncoder::new(&bomb[..])).await),
        (all(DeflateEncoder::new(text.as_bytes())).await, all(DeflateEncoder::new(&bomb[..])).await),
    ] {
        assert_eq!(ask(&packed(body.clone(), "deflate").await, "/x", limits()).await.unwrap().bytes, text.as_bytes());
        let twice = packed(gzip(&body).await, "deflate, gzip").await;
        assert_eq!(ask(&twice, "/x", limits()).await.unwrap().bytes, text.as_bytes());
        let error = ask(&packed(bomb, "deflate").await, "/x", limits()).await.unwrap_err();
        assert!(matches!(error, FetchError::TooLarge { limit, .. } if limit == limits().body), "{error}");
        let half = packed(body[..body.len() / 2].to_vec(), "deflate").await;
        let error = ask(&half, "/x", limits()).await.unwrap_err();
        assert!(matches!(error, FetchError::Broken { .. }), "{error}");
    }
}

#[tokio::test]
async fn truncated_gzip() {
    let text: String = (0..2_000).map(|n| format!("{n}、")).collect();
    let whole = gzip(text.as_bytes()).await;
    let site = packed(whole[..whole.len() / 2].to_vec(), "gzip").await;
    let error = ask(&site, "/x", limits()).await.unwrap_err();
    assert!(matches!(error, FetchError::Broken { .. }), "{error}");
    assert_eq!(site.asked("/x"), TRIES);
    let error = ask(&packed(text.into_bytes(), "gzip").await, "/x", limits()).await.unwrap_err();
    assert!(matches!(error, FetchError::Broken { .. }), "{error}");
    let error = ask(&packed(whole, "lzma").await, "/x", limits()).await.unwrap_err();
    assert!(error.to_string().contains("lzma"), "{error}");
}

async fn cut_short(mut stream: TcpStream) {
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\nnot so long").await;
}

#[tokio::test]
async fn wrong_length() {
    let site = Site::raw(cut_short).await;
    let error = ask(&site, "/x", limits()).await.unwrap_err();
    assert!(matches!(error, FetchError::Broken { .. }), "{error}");
}

#[tokio::test]
async fn redirect_loop() {
    let router = Router::new()
        .route("/a", get(async || Redirect::temporary("/b")))
        .route("/b", get(async || Redirect::temporary("/a#top")))
        .route(
            "/far/{n}",
            get(async |Path(n): Path<u32>| Redirect::temporary(&format!("/far/{}", n + 1)).into_response()),
        );
    let site = Site::serve(router).await;
    let error = ask(&site, "/a", limits()).await.unwrap_err();
    assert!(matches!(&error, FetchError::RedirectLoop { url } if url.path() == "/a"), "{error}");
    assert_eq!((site.asked("/a"), site.asked("/b")), (1, 1));
    let error = ask(&site, "/far/0", limits()).await.unwrap_err();
    assert!(matches!(error, FetchError::Redirects { .. }), "{error}");
}

#[tokio::test]
async fn redirect_to_the_metadata_of_the_cloud() {
    let away = get(async || Redirect::temporary("http://169.254.169.254/latest/meta-data/"));
    let site = Site::serve(Router::new().route("/x", away)).await;
    let error = ask(&site, "/x", limits()).await.unwrap_err();
    assert!(
        matches!(&error, FetchError::Private { address, .. } if address.to_string() == "169.254.169.254"),
        "{error}"
    );
}

#[tokio::test]
async fn redirect_to_a_name_that_resolves_to_loopback() {
    let away = get(async |headers: HeaderMap| {
        let host = headers[header::HOST].to_str().unwrap().replace("127.0.0.1", "localhost");
        Redirect::temporary(&format!("http://{host}/secret")).into_response()
    });
    let router = Router::new().route("/x", away).route("/secret", get(async || "secret"));
    let site = Site::serve(router).await;
    let error = ask(&site, "/x", limits()).await.unwrap_err();
    assert!(error.to_string().contains("not on the public network"), "{error}");
    assert_eq!((site.asked("/secret"), site.asked("/robots.txt")), (0, 1));
}

#[tokio::test]
async fn redirect_to_https_is_followed_and_bad_tls_is_named() {
    let plain = Site::serve(Router::new()).await;
    let to = plain.at("/x").as_str().replace("http:", "https:");
    let away = get(async move || Redirect::permanent(&to));
    let site = Site::serve(Router::new().route("/x", away)).await;
    let error = ask(&site, "/x", limits()).await.unwrap_err();
    let FetchError::NoRobots { url, reason } = &error else { panic!("{error}") };
    assert_eq!(url.scheme(), "https");
    assert!(reason.contains("no secure connection"), "{error}");
}

#[tokio::test]
async fn redirect_with_a_cookie() {
    static KEEPS_ASKING: AtomicUsize = AtomicUsize::new(0);
    let gate = get(async |headers: HeaderMap| {
        if headers.get(header::COOKIE).is_some_and(|cookie| cookie == "CT6T=1; CT6TS=2") {
            return "page".into_response();
        }
        assert!(headers.get(header::COOKIE).is_none());
        let cookies = [(header::SET_COOKIE, "CT6T=1; path=/"), (header::SET_COOKIE, "CT6TS=2; httponly")];
        (StatusCode::FOUND, axum::response::AppendHeaders(cookies), [(header::LOCATION, "/x")]).into_response()
    });
    let never = get(async || {
        let cookie = format!("k={}", KEEPS_ASKING.fetch_add(1, SeqCst) / 3);
        (StatusCode::FOUND, [(header::SET_COOKIE, cookie), (header::LOCATION, "/never".to_owned())])
    });
    let site = Site::serve(Router::new().route("/x", gate).route("/never", never)).await;
    let asker = Asker::new(limits()).await;
    for times in [2, 4] {
        assert_eq!(asker.ask(&site.at("/x"), Duration::ZERO).await.unwrap().bytes, b"page");
        assert_eq!(site.asked("/x"), times, "no cookie outlives its fetch");
    }
    let error = asker.ask(&site.at("/never"), Duration::ZERO).await.unwrap_err();
    assert!(matches!(error, FetchError::RedirectLoop { .. }), "{error}");
}

/// A page that answers 429 or 503 at first.
async fn refusing(status: StatusCode, times: usize, retry_after: Option<fn() -> String>) -> Site {
    let asked = AtomicUsize::new(0);
    let asked: &'static AtomicUsize = Box::leak(Box::new(asked));
    let answer = get(async move || {
        if asked.fetch_add(1, SeqCst) >= times {
            return "page".into_response();
        }
        match retry_after {
            Some(wait) => (status, [(header::RETRY_AFTER, wait())]).into_response(),
            None => status.into_response(),
        }
    });
    Site::serve(Router::new().route("/x", answer).route("/y", get(async || "page"))).await
}

#[tokio::test]
async fn status_429_with_retry_after() {
    let date = || httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(3));
    for wait in [date, || "1".to_owned()] {
        let site = refusing(StatusCode::TOO_MANY_REQUESTS, 1, Some(wait)).await;
        assert_eq!(ask(&site, "/x", limits()).await.unwrap().bytes, b"page");
        let times = site.times("/x");
        assert!(times[1] - times[0] >= Duration::from_millis(700), "{times:?}");
    }
}

#[tokio::test]
async fn status_429_with_a_retry_after_that_is_too_long() {
    let site = refusing(StatusCode::TOO_MANY_REQUESTS, 1, Some(|| "7200".to_owned())).await;
    let asker = Asker::new(limits()).await;
    for path in ["/x", "/x", "/y"] {
        let error = asker.ask(&site.at(path), Duration::ZERO).await.unwrap_err();
        assert!(matches!(error, FetchError::Resting { .. }), "{error}");
    }
    assert_eq!((site.asked("/x"), site.asked("/y")), (1, 0), "the whole host is left alone");
}

#[tokio::test]
async fn status_429_without_retry_after() {
    let site = refusing(StatusCode::TOO_MANY_REQUESTS, 2, None).await;
    let asker = Asker::new(Limits { backoff: Duration::from_millis(50), ..limits() }).await;
    assert_eq!(asker.ask(&site.at("/x"), Duration::ZERO).await.unwrap().bytes, b"page");
    let times = site.times("/x");
    let (first, second) = (times[1] - times[0], times[2] - times[1]);
    assert!(first >= Duration::from_millis(50) && second >= Duration::from_millis(100), "{first:?}, {second:?}");
}

#[tokio::test]
async fn flapping_503() {
    let site = refusing(StatusCode::SERVICE_UNAVAILABLE, 1, None).await;
    assert_eq!(ask(&site, "/x", limits()).await.unwrap().bytes, b"page");
    let site = refusing(StatusCode::SERVICE_UNAVAILABLE, 99, None).await;
    let error = ask(&site, "/x", limits()).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 503);
    assert_eq!(site.asked("/x"), TRIES);
}

#[tokio::test]
async fn status_404_is_not_asked_for_again() {
    let site = Site::serve(Router::new().route("/304", get(async || StatusCode::NOT_MODIFIED))).await;
    assert_eq!(ask(&site, "/x", limits()).await.unwrap_err().status().unwrap(), 404);
    assert_eq!(site.asked("/x"), 1);
    // Nor does an answer to a condition that was not set count as one.
    assert_eq!(ask(&site, "/304", limits()).await.unwrap_err().status().unwrap(), 304);
}

#[tokio::test]
async fn status_412_and_521_are_challenges() {
    let script = "<html><script>location.reload()</script></html>";
    let site = Site::serve(
        Router::new()
            .route("/412", get(async move || (StatusCode::PRECONDITION_FAILED, script)))
            .route("/521", get(async move || (StatusCode::from_u16(521).unwrap(), script)))
            .route("/202", get(async move || (StatusCode::ACCEPTED, script))),
    )
    .await;
    for path in ["/412", "/521", "/202"] {
        let error = ask(&site, path, limits()).await.unwrap_err();
        assert!(matches!(error, FetchError::Blocked { .. }), "{error}");
        assert!(error.to_string().contains(&path[1..]), "{error}");
        assert_eq!(site.asked(path), 1, "a challenge is not asked for again");
    }
}
