//! Traces: what requests and crawls did and how long each part took, for a collector of OpenTelemetry where one is named.
//!
//! What else the SDKs of OpenTelemetry take from the environment holds too, such as `OTEL_SERVICE_NAME`,
//! `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_TRACES_SAMPLER` and `OTEL_EXPORTER_OTLP_HEADERS`.

use std::{env, time::Duration};

use anyhow::Context as _;
use crawler::tls;
use opentelemetry::{KeyValue, trace::TracerProvider as _};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tokio::sync::watch;
use tracing::{
    Subscriber,
    level_filters::LevelFilter,
    span::{Attributes, Id},
};
use tracing_subscriber::{Layer, filter::Targets, layer::Context, registry::LookupSpan};
use url::Url;

use crate::command::http;

/// What this program calls itself.
const NAME: &str = env!("CARGO_PKG_NAME");
/// How long the end waits for spans that are still open.
const PATIENCE: Duration = Duration::from_secs(1);

/// Where traces go.
#[derive(clap::Args)]
pub(crate) struct TraceArgs {
    /// A collector of OpenTelemetry that is sent traces, by OTLP over HTTP.
    #[arg(long, env = "PLANGRAPH_OTLP", value_name = "URL", value_parser = http, global = true)]
    otlp: Option<Url>,
}

/// What sends traces, where they are wanted.
pub(crate) struct Traces(Option<Sending>);

/// What sends traces, and how many spans are open. One is sent when the last hold on it goes, and the threads of SQLite
/// hold that of a statement for a moment after they have answered it.
struct Sending {
    provider: SdkTracerProvider,
    open: watch::Sender<usize>,
}

impl TraceArgs {
    /// Begins to send traces.
    pub(crate) fn start(&self) -> anyhow::Result<Traces> {
        let Some(collector) = &self.otlp else { return Ok(Traces(None)) };
        tls::provide();
        let address = format!("{}/v1/traces", collector.as_str().trim_end_matches('/'));
        let exporter = SpanExporter::builder().with_http().with_endpoint(address).build();
        let exporter = exporter.with_context(|| format!("cannot send traces to {collector}"))?;
        let resource = Resource::builder().with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")));
        let resource = match env::var_os("OTEL_SERVICE_NAME") {
            Some(_) => resource,
            None => resource.with_service_name(NAME),
        };
        let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource.build());
        Ok(Traces::by(provider.build()))
    }
}

impl Traces {
    fn by(provider: SdkTracerProvider) -> Self {
        Traces(Some(Sending { provider, open: watch::Sender::new(0) }))
    }

    /// Hands on what the program says of itself: its spans, and what is logged within them.
    pub(crate) fn layer<S: Subscriber + for<'span> LookupSpan<'span>>(&self) -> Option<impl Layer<S> + use<S>> {
        let Sending { provider, open } = self.0.as_ref()?;
        let own = ["plangraph", "api", "crawler"].map(|part| (part, LevelFilter::INFO));
        let wanted = Targets::new().with_targets(own).with_target("sqlx", LevelFilter::WARN);
        let sent = tracing_opentelemetry::layer().with_tracer(provider.tracer(NAME));
        Some(sent.and_then(Count(open.clone())).with_filter(wanted))
    }

    /// Sends what was not sent yet.
    pub(crate) async fn end(self) {
        let Some(Sending { provider, open }) = self.0 else { return };
        // What nobody ends in that time is not sent.
        let _ = tokio::time::timeout(PATIENCE, open.subscribe().wait_for(|open| *open == 0)).await;
        match tokio::task::spawn_blocking(move || provider.shutdown()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the last traces could not be sent"),
            Err(error) => tracing::warn!(%error, "the last traces were not sent"),
        }
    }
}

/// Counts the spans that are open.
struct Count(watch::Sender<usize>);

impl<S: Subscriber> Layer<S> for Count {
    fn on_new_span(&self, _: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        self.0.send_modify(|open| *open += 1);
    }

    fn on_close(&self, _: Id, _: Context<'_, S>) {
        self.0.send_modify(|open| *open = open.saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{Arc, Mutex},
        thread,
    };

    use opentelemetry_sdk::{
        error::OTelSdkResult,
        trace::{SpanData, SpanExporter},
    };
    use tracing::Span;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    /// Keeps the names of the spans that are sent.
    #[derive(Clone, Debug, Default)]
    struct Kept(Arc<Mutex<Vec<String>>>);

    impl SpanExporter for Kept {
        async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
            self.0.lock().unwrap().extend(batch.into_iter().map(|span| span.name.into_owned()));
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_span_that_another_thread_holds_is_sent_too() {
        let kept = Kept::default();
        let traces = Traces::by(SdkTracerProvider::builder().with_batch_exporter(kept.clone()).build());
        let subscriber = tracing_subscriber::registry().with(traces.layer());
        let holder = tracing::subscriber::with_default(subscriber, || {
            let held: Span = tracing::info_span!("crawl");
            thread::spawn(move || {
                thread::sleep(Duration::from_millis(50));
                drop(held);
            })
        });
        traces.end().await;
        assert_eq!(*kept.0.lock().unwrap(), ["crawl"]);
        holder.join().unwrap();
    }
}
