//! Bytes that are declared as what they are not.

use axum::{Router, http::header, routing::get};
use crawler::decode::decode;
use encoding_rs::GB18030;

use crate::site::{Site, ask, limits};

/// 㙍 takes four bytes in GB18030 and is in no older charset of the family.
const TEXT: &str = "县卫生健康局今年要办的八件事，由㙍书记牵头，各乡镇卫生院分头落实。";

/// Serves bytes under a media type, and reads them as a crawl would.
async fn read(media_type: Option<&'static str>, bytes: Vec<u8>) -> String {
    let answer = get(async move || match media_type {
        Some(media_type) => ([(header::CONTENT_TYPE, media_type)], bytes.clone()),
        None => ([(header::CONTENT_TYPE, "text/html")], bytes.clone()),
    });
    let site = Site::serve(Router::new().route("/page", answer)).await;
    let body = ask(&site, "/page", limits()).await.unwrap();
    decode(&body.bytes, body.media_type.as_deref(), body.url.host_str()).text
}

fn gb(text: &str) -> Vec<u8> {
    GB18030.encode(text).0.into_owned()
}

#[tokio::test]
async fn gb18030_declared_as_gb2312() {
    let page = format!("<meta charset='gb2312'><p>{TEXT}</p>");
    assert_eq!(read(None, gb(&page)).await, page);
    assert_eq!(read(Some("text/html; charset=gb2312"), gb(TEXT)).await, TEXT);
}

#[tokio::test]
async fn utf8_declared_as_gbk() {
    let page = format!("<meta charset='gbk'><p>{TEXT}</p>");
    assert_eq!(read(Some("text/html; charset=GBK"), page.clone().into_bytes()).await, page);
}

#[tokio::test]
async fn a_byte_order_mark() {
    assert_eq!(read(Some("text/html; charset=gbk"), format!("\u{feff}{TEXT}").into_bytes()).await, TEXT);
    let utf16: Vec<u8> = std::iter::once(0xfeff).chain(TEXT.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    assert_eq!(read(None, utf16).await, TEXT);
}

#[tokio::test]
async fn no_charset_at_all() {
    let page = format!("<html><body><p>{}</p></body></html>", TEXT.repeat(3));
    assert_eq!(read(None, gb(&page)).await, page);
    assert_eq!(read(None, page.clone().into_bytes()).await, page);
}
