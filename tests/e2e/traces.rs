//! Traces of crawls and requests, as a collector of OpenTelemetry receives them.

use std::{
    collections::HashMap,
    net::Ipv4Addr,
    sync::{Arc, Mutex},
};

use axum::{Router, body::Bytes, extract::State, http::StatusCode, routing::post};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{KeyValue, any_value::Value},
    trace::v1::Span,
};
use prost::Message as _;
use serde_json::json;
use sites::Sites;

use crate::{
    program::{Program, client, texts},
    samples,
};

/// What was received: spans, each with the name of the service that sent it.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<(String, Span)>>>);

impl Collector {
    /// Answers with its address.
    async fn start(&self) -> String {
        let router = Router::new().route("/v1/traces", post(receive)).with_state(self.clone());
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    /// The spans of a name.
    fn named(&self, name: &str) -> Vec<Span> {
        self.0.lock().unwrap().iter().map(|(_, span)| span).filter(|span| span.name == name).cloned().collect()
    }
}

async fn receive(State(collector): State<Collector>, body: Bytes) -> StatusCode {
    let Ok(request) = ExportTraceServiceRequest::decode(body) else { return StatusCode::BAD_REQUEST };
    let mut received = collector.0.lock().unwrap();
    for resource in request.resource_spans {
        let service = texts_of(&resource.resource.unwrap().attributes).remove("service.name").unwrap_or_default();
        let spans = resource.scope_spans.into_iter().flat_map(|scope| scope.spans);
        received.extend(spans.map(|span| (service.clone(), span)));
    }
    StatusCode::OK
}

/// The attributes that are texts.
fn texts_of(attributes: &[KeyValue]) -> HashMap<String, String> {
    let text = |attribute: &KeyValue| match attribute.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some((attribute.key.clone(), text.clone())),
        _ => None,
    };
    attributes.iter().filter_map(text).collect()
}

fn attribute(span: &Span, key: &str) -> String {
    texts_of(&span.attributes).remove(key).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_is_sent_crawls_with_their_pages_and_requests_with_their_queries() {
    let collector = Collector::default();
    let url = collector.start().await;
    let sites = Sites::start().await.unwrap();
    let database = support::sqlite().await;
    let program = Program::on(&database.url);
    let crawl = samples::declarations(&program, &sites);
    samples::crawl(&program, &[crawl, vec!["--otlp".to_owned(), url.clone()]].concat());

    assert!(collector.0.lock().unwrap().iter().all(|(service, _)| service == "plangraph"));
    let crawls = collector.named("crawl");
    let mut sources: Vec<_> = crawls.iter().map(|crawl| attribute(crawl, "source")).collect();
    sources.sort_unstable();
    assert_eq!(sources.len(), 5, "{sources:?}");
    let huzhou = crawls.iter().find(|crawl| attribute(crawl, "source") == "huzhou").unwrap();
    let (_, list) = sites.lists().find(|(slug, _)| *slug == "huzhou").unwrap();
    let page = collector.named("page").into_iter().find(|page| attribute(page, "url") == list).unwrap();
    assert_eq!((&page.trace_id, &page.parent_span_id), (&huzhou.trace_id, &huzhou.span_id));
    assert!(
        huzhou.start_time_unix_nano <= page.start_time_unix_nano
            && page.end_time_unix_nano <= huzhou.end_time_unix_nano
    );
    assert!(collector.named("store").iter().any(|store| store.parent_span_id == huzhou.span_id));

    let server = program.serve_with(&["--otlp", &url]);
    let body = json!({"query": "query Traced { plans { totalCount } }"}).to_string();
    let request = client().post(&server.url).header("content-type", "application/json").body(body);
    assert!(request.header("x-request-id", "one-of-many").send().await.unwrap().status().is_success());
    server.end();
    let request = collector.named("request").into_iter().find(|span| attribute(span, "id") == "one-of-many").unwrap();
    let query = collector.named("query").into_iter().find(|span| attribute(span, "operation") == "Traced").unwrap();
    assert_eq!((&query.trace_id, &query.parent_span_id), (&request.trace_id, &request.span_id));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_collector_the_work_is_done_all_the_same() {
    let sites = Sites::start().await.unwrap();
    let database = support::sqlite().await;
    let program = Program::on(&database.url);
    let crawl = samples::declarations(&program, &sites);
    samples::crawl(&program, &[crawl, vec!["--otlp".to_owned(), "http://127.0.0.1:1".to_owned()]].concat());
    let output = program.run(&["serve", "--otlp", "127.0.0.1:4318"]);
    assert!(output.status.code() == Some(2) && texts(&output).1.contains("otlp"), "{}", texts(&output).1);
}
