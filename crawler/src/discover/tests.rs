//! Lists on a server of our own, from page to page.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    http::{StatusCode, Uri},
    response::{Html, IntoResponse, Response},
};

use super::{walk::*, *};
use crate::{
    Error,
    fetch::{Answer, Fetcher, Limits, Manners, Validators},
};

/// A site that answers path, query and form, and what was asked of it.
struct Site {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Site {
    async fn start(answer: impl Fn(&str) -> Option<String> + Clone + Send + Sync + 'static) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        let router = Router::new().fallback(async move |uri: Uri, form: Bytes| -> Response {
            let form = String::from_utf8_lossy(&form).into_owned();
            let path = uri.path_and_query().map_or("/", |path| path.as_str());
            let asked = if form.is_empty() { path.to_owned() } else { format!("{path} {form}") };
            if asked == "/robots.txt" {
                return StatusCode::NOT_FOUND.into_response();
            }
            let page = answer(&asked);
            log.lock().unwrap().push(asked);
            page.map_or_else(|| StatusCode::NOT_FOUND.into_response(), |page| Html(page).into_response())
        });
        let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, asked }
    }

    async fn walk(&self, path: &str, enough: impl AsyncFnMut(&[Found]) -> Result<bool, Error>) -> Walked {
        let db = support::sqlite().await;
        let limits = Limits { backoff: Duration::from_millis(1), ..Limits::default() };
        let fetcher = Fetcher::new(db.connection.clone(), None, limits).unwrap();
        let manners = Manners { delay: Duration::ZERO, allow_private: true };
        let url = Url::parse(&format!("{}{path}", self.address)).unwrap();
        let Answer::Body(body) = fetcher.fetch(&url, &Method::Get, &Validators::default(), manners).await.unwrap()
        else {
            panic!("no body")
        };
        let hosts = Hosts::default();
        Way { fetcher: &fetcher, manners, hosts: &hosts }.walk(&url, &body, enough).await.unwrap()
    }

    /// All of a list.
    async fn read(&self, path: &str) -> Walked {
        self.walk(path, async |_| Ok(false)).await
    }

    /// What was asked behind the first page.
    fn pages(&self) -> Vec<String> {
        self.asked.lock().unwrap()[1..].to_vec()
    }
}

/// Rows with these numbers.
fn rows(numbers: impl IntoIterator<Item = usize>) -> String {
    let row = |n| {
        format!(
            "<li><a href='/zwgk/202501/t20250101_{n}.html' title='第{n}号健康事业安排'>第{n}号…</a><span>2025-01-01</span></li>"
        )
    };
    format!("<ul>{}</ul>", numbers.into_iter().map(row).collect::<String>())
}

fn numbers(walked: &Walked) -> Vec<usize> {
    let number = |found: &Found| found.title.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap();
    walked.found.iter().map(number).collect()
}

#[tokio::test]
async fn trs_pages_are_counted_from_nought() {
    let site = Site::start(|asked| {
        let page = match asked {
            "/ghjh/" => 0,
            "/ghjh/index_1.html" => 1,
            "/ghjh/index_2.html" => 2,
            _ => return None,
        };
        Some(format!("{}<script>createPageHTML(3, {page}, 'index', 'html')</script>", rows([page * 2, page * 2 + 1])))
    })
    .await;
    let walked = site.read("/ghjh/").await;
    assert_eq!((numbers(&walked), walked.pages), ((0..6).collect(), 3));
    assert!(walked.cut_short.is_none());
    // The third might be one more where they are counted from two.
    assert_eq!(site.pages(), ["/ghjh/index_1.html", "/ghjh/index_2.html", "/ghjh/index_3.html"]);
}

#[tokio::test]
async fn trs_pages_are_counted_from_two_where_the_first_is_missing_or_repeats() {
    for repeats in [false, true] {
        let site = Site::start(move |asked| {
            let page = match asked {
                "/ghjh/" => 0,
                "/ghjh/index_1.html" if repeats => 0,
                "/ghjh/index_2.html" => 1,
                "/ghjh/index_3.html" => 2,
                _ => return None,
            };
            Some(format!("{}<script>createPageHTML(3, {page}, 'index', 'html')</script>", rows([page])))
        })
        .await;
        let walked = site.read("/ghjh/").await;
        assert_eq!(numbers(&walked), [0, 1, 2], "{repeats}");
        assert!(walked.cut_short.is_none());
        assert_eq!(site.pages(), ["/ghjh/index_1.html", "/ghjh/index_2.html", "/ghjh/index_3.html"]);
    }
}

#[tokio::test]
async fn a_page_that_is_promised_and_missing_is_told() {
    let site = Site::start(|asked| {
        (asked == "/ghjh/").then(|| format!("{}<script>createPageHTML(3,0,'index','html')</script>", rows([1])))
    })
    .await;
    let walked = site.read("/ghjh/").await;
    assert_eq!(numbers(&walked), [1]);
    assert!(walked.cut_short.unwrap().to_string().contains("404"));
}

#[tokio::test]
async fn a_page_that_was_only_tried_is_the_end() {
    let site = Site::start(|asked| (asked == "/public/column/1?catId=2").then(|| rows([1]))).await;
    let walked = site.read("/public/column/1?catId=2").await;
    assert_eq!((walked.family, numbers(&walked)), (Family::AnhuiPublic, vec![1]));
    assert!(walked.cut_short.is_none());
    assert_eq!(site.pages(), ["/public/column/1?catId=2&pageIndex=2"]);
}

#[tokio::test]
async fn a_pager_that_never_ends_meets_a_bound() {
    let site = Site::start(|asked| {
        let page = asked.strip_prefix("/list?page=")?.parse::<usize>().ok()?;
        Some(format!("{}<a href='/list?page={}'>下一页</a>", rows([page]), page + 1))
    })
    .await;
    assert_eq!(site.read("/list?page=1").await.pages, 200);
}

#[tokio::test]
async fn a_pager_that_repeats_or_goes_round_ends() {
    for round in [false, true] {
        let site = Site::start(move |asked| {
            let page = asked.strip_prefix("/list?page=")?.parse::<usize>().ok()?;
            let (row, next) = if round { (page, page % 3 + 1) } else { (1, page + 1) };
            Some(format!("{}<a href='/list?page={next}'>下一页</a>", rows([row])))
        })
        .await;
        let walked = site.read("/list?page=1").await;
        assert_eq!(walked.pages, if round { 3 } else { 2 });
        assert!(walked.cut_short.is_none());
    }
}

#[tokio::test]
async fn a_list_that_moves_while_it_is_read_gives_each_entry_once() {
    let site = Site::start(|asked| {
        let page = asked.strip_prefix("/list?page=")?.parse::<usize>().ok()?;
        // With each page that is read, one more article is published.
        let rows = rows((0..4).map(|i| 100 + page * 4 + i - page));
        Some(if page < 4 { format!("{rows}<a href='/list?page={}'>下一页</a>", page + 1) } else { rows })
    })
    .await;
    assert_eq!(numbers(&site.read("/list?page=1").await), (103..116).collect::<Vec<_>>());
}

#[tokio::test]
async fn hanweb_is_asked_with_a_form() {
    let site = Site::start(|asked| {
        let (from, to) = match asked {
            "/col/col7/index.html" => (0, 2),
            post if post.starts_with("/module/jpage/dataproxy.jsp?startrecord=3&endrecord=5&perpage=2 col=1&columnid=7") => (2, 5),
            _ => return None,
        };
        let record = |n| format!("<record><![CDATA[<li><a href='/art/2025/1/1/art_7_{n}.html' title='第{n}号健康事业安排'>…</a></li>]]></record>");
        Some(format!(
            "<datastore><totalrecord>5</totalrecord><nextgroup><![CDATA[<a href=\"/module/jpage/dataproxy.jsp?page=1&columnid=7\"></a>]]></nextgroup><recordset>{}</recordset></datastore>",
            (from..to).map(record).collect::<String>()
        ))
    })
    .await;
    let walked = site.read("/col/col7/index.html").await;
    assert_eq!((walked.family, numbers(&walked)), (Family::Hanweb, (0..5).collect()));
}

#[tokio::test]
async fn boda_counts_down_and_gkmlpt_is_asked_for_json() {
    let site = Site::start(|asked| {
        let next = match asked {
            "/tzgg.htm" => "tzgg/2.htm",
            "/tzgg/2.htm" => "1.htm",
            "/tzgg/1.htm" => "",
            _ => return None,
        };
        let rows = rows([3 - next.len() / 5]);
        Some(format!(
            "{rows}<span class='p_next'>{}</span>",
            if next.is_empty() { String::new() } else { format!("<a href='{next}'>下页</a>") }
        ))
    })
    .await;
    assert_eq!(site.read("/tzgg.htm").await.pages, 3);

    let site = Site::start(|asked| match asked {
        "/gkmlpt/index" => Some("<script>window._CONFIG = {SID: '7'}</script>".to_owned()),
        "/gkmlpt/api/all/55?page=1&sid=7" => Some(r#"{"classify":{"post_count":1},"articles":[{"title":"第1号健康事业安排","url":"/gkmlpt/content/1/1/post_1.html"}]}"#.to_owned()),
        _ => None,
    })
    .await;
    // The category stands in the part of the address that is not sent.
    assert_eq!(numbers(&site.read("/gkmlpt/index#55").await), [1]);
}

#[tokio::test]
async fn links_and_pages_on_other_hosts_are_left_out_and_named() {
    let site = Site::start(|_| Some(format!("{}<li><a href='http://127.0.0.1.evil.example/1.html'>全市健康事业安排</a></li><a href='//other.example/list?page=2'>下一页</a>", rows([1])))).await;
    let walked = site.read("/list").await;
    assert_eq!(numbers(&walked), [1]);
    assert_eq!(walked.elsewhere.into_iter().collect::<Vec<_>>(), ["127.0.0.1.evil.example", "other.example"]);
    assert!(site.pages().is_empty());
}

#[tokio::test]
async fn reading_ends_where_it_is_enough() {
    let site = Site::start(|asked| {
        let page = asked.strip_prefix("/list?page=")?.parse::<usize>().ok()?;
        Some(format!("{}<a href='/list?page={}'>下一页</a>", rows([page]), page + 1))
    })
    .await;
    let walked = site.walk("/list?page=1", async |new| Ok(new[0].title.contains('3'))).await;
    assert_eq!(numbers(&walked), [1, 2, 3]);
}
