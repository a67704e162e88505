//! What the API allows to whom.

use std::{num::NonZeroU32, time::Duration};

use api::{Network, Origin, Settings};

/// What the API allows to whom.
#[derive(clap::Args)]
pub(crate) struct AccessArgs {
    /// How long a query may take, in seconds.
    #[arg(long, env = "PLANGRAPH_QUERY_TIME", value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    query_time: u64,
    /// How many requests a minute are answered to one address that sends no token; 0 is any number.
    #[arg(long, env = "PLANGRAPH_RATE", value_name = "REQUESTS", default_value_t = 600)]
    rate: u32,
    /// How many requests a minute are answered to one token; 0 is any number.
    #[arg(long, env = "PLANGRAPH_TOKEN_RATE", value_name = "REQUESTS", default_value_t = 6_000)]
    token_rate: u32,
    /// Proxies whose header X-Forwarded-For says who asks: addresses or networks (10.0.0.0/8), with commas between them.
    #[arg(long, env = "PLANGRAPH_PROXIES", value_name = "NETWORKS", value_delimiter = ',')]
    proxies: Vec<Network>,
    /// Web sites whose pages may ask (CORS): `https://example.org`, with commas between them; * is any.
    #[arg(long, env = "PLANGRAPH_ORIGINS", value_name = "SITES", value_delimiter = ',')]
    origins: Vec<Origin>,
    /// Tell nobody the schema: introspection and suggestions are off.
    #[arg(long, env = "PLANGRAPH_NO_INTROSPECTION")]
    no_introspection: bool,
}

impl AccessArgs {
    pub(crate) fn settings(&self) -> Settings {
        Settings {
            time: Duration::from_secs(self.query_time),
            rate: NonZeroU32::new(self.rate),
            token_rate: NonZeroU32::new(self.token_rate),
            proxies: self.proxies.clone(),
            origins: self.origins.clone(),
            introspection: !self.no_introspection,
        }
    }
}
