//! Traces: what requests and crawls did and how long each part took, for a collector of OpenTelemetry where one is named.
//!
//! What else the SDKs of OpenTelemetry take from the environment holds too, such as `OTEL_SERVICE_NAME`,
//! `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_TRACES_SAMPLER` and `OTEL_EXPORTER_OTLP_HEADERS`.

use std::env;

use anyhow::Context as _;
use crawler::tls;
use opentelemetry::{KeyValue, trace::TracerProvider as _};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing::{Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{Layer, filter::Targets, registry::LookupSpan};
use url::Url;

use crate::command::http;

/// What this program calls itself.
const NAME: &str = env!("CARGO_PKG_NAME");

/// Where traces go.
#[derive(clap::Args)]
pub(crate) struct TraceArgs {
    /// A collector of OpenTelemetry that is sent traces, by OTLP over HTTP.
    #[arg(long, env = "PLANGRAPH_OTLP", value_name = "URL", value_parser = http, global = true)]
    otlp: Option<Url>,
}

/// What sends traces, where they are wanted.
pub(crate) struct Traces(Option<SdkTracerProvider>);

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
        Ok(Traces(Some(provider.build())))
    }
}

impl Traces {
    /// Hands on what the program says of itself: its spans, and what is logged within them.
    pub(crate) fn layer<S: Subscriber + for<'span> LookupSpan<'span>>(&self) -> Option<impl Layer<S> + use<S>> {
        let provider = self.0.as_ref()?;
        let own = ["plangraph", "api", "crawler"].map(|part| (part, LevelFilter::INFO));
        let wanted = Targets::new().with_targets(own).with_target("sqlx", LevelFilter::WARN);
        Some(tracing_opentelemetry::layer().with_tracer(provider.tracer(NAME)).with_filter(wanted))
    }

    /// Sends what was not sent yet.
    pub(crate) async fn end(self) {
        let Some(provider) = self.0 else { return };
        match tokio::task::spawn_blocking(move || provider.shutdown()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the last traces could not be sent"),
            Err(error) => tracing::warn!(%error, "the last traces were not sent"),
        }
    }
}
