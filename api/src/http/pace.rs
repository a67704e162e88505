//! How quickly requests may come, from one address and with one token.
//!
//! A client may send a minute's requests at once, and then as many as fit the rate. Who came is kept in a table of fixed
//! size, by a hash that nobody outside can work out: however many addresses come, it takes no more memory, and two clients
//! that fall on the same place share what one of them may ask.

use std::{
    hash::{BuildHasher as _, Hash, RandomState},
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    time::Duration,
};

use axum::{
    extract::{Request, State},
    http::{
        HeaderValue, StatusCode,
        header::{AUTHORIZATION, RETRY_AFTER},
    },
    middleware::Next,
    response::Response,
};
use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, MonotonicClock},
    nanos::Nanos,
    state::{InMemoryState, NotKeyed, StateStore},
};

use super::{Server, accept::Media, client, failed};
use crate::{Error, Settings, error::seconds};

/// How many clients are told apart.
const PLACES: usize = 1 << 16;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Who {
    /// Somebody at this address.
    Address(IpAddr),
    /// Somebody with this token.
    Token(i32),
}

impl Who {
    /// Somebody at an address. A client that has one address of IPv6 has all of its network.
    pub(super) fn at(address: IpAddr) -> Self {
        const NETWORK: u128 = u128::MAX << 64;
        Self::Address(match address {
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & NETWORK).into(),
            IpAddr::V4(_) => address,
        })
    }
}

/// What clients have asked of late.
#[derive(Debug)]
struct Places {
    places: Box<[InMemoryState]>,
    hasher: RandomState,
}

impl StateStore for Places {
    type Key = Who;

    fn measure_and_replace<T, F, E>(&self, who: &Who, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        // What remains is less than the length.
        #[expect(clippy::cast_possible_truncation, reason = "any part of a hash will do")]
        let place = self.hasher.hash_one(who) as usize % self.places.len();
        self.places[place].measure_and_replace(&NotKeyed::NonKey, decide)
    }
}

/// A rate, and who has used how much of it.
type Limiter = RateLimiter<Who, Places, MonotonicClock>;

/// The rates that a server keeps its clients to.
#[derive(Debug)]
pub(super) struct Pace {
    anybody: Option<(NonZeroU32, Limiter)>,
    holders: Option<(NonZeroU32, Limiter)>,
}

impl Pace {
    pub(super) fn new(settings: &Settings) -> Self {
        let limiter = |rate| {
            let places = Places {
                places: std::iter::repeat_with(InMemoryState::default).take(PLACES).collect(),
                hasher: RandomState::new(),
            };
            (rate, RateLimiter::new(Quota::per_minute(rate), places, MonotonicClock))
        };
        Self { anybody: settings.rate.map(limiter), holders: settings.token_rate.map(limiter) }
    }

    /// Counts a request.
    pub(super) fn count(&self, who: Who) -> Result<(), Error> {
        self.count_at(who, matches!(who, Who::Token(_)))
    }

    /// Counts a request at the rate of those who have a token, or of those who have none.
    fn count_at(&self, who: Who, with_token: bool) -> Result<(), Error> {
        let Some((rate, limiter)) = (if with_token { &self.holders } else { &self.anybody }) else { return Ok(()) };
        limiter.check_key(&who).map_err(|too_early| Error::TooManyRequests {
            rate: rate.get(),
            wait: too_early.wait_time_from(MonotonicClock.now()),
            token_rate: self.holders.as_ref().filter(|_| !with_token).map(|(rate, _)| rate.get()),
        })
    }

    /// Waits until one who asks again and again over one connection may ask.
    pub(super) async fn wait(&self, who: Who) {
        while let Err(Error::TooManyRequests { wait, .. }) = self.count(who) {
            tokio::time::sleep(wait).await;
        }
    }
}

/// Lets a request in, or tells the client when to come again. One that brings a token is counted by its address at the rate
/// of a token, before the database is asked whether the token is good, and then by its token.
pub(super) async fn admit(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    let address = client::address(&request, &server.api.settings().proxies);
    let scheme = request.headers().get(AUTHORIZATION).and_then(|value| value.as_bytes().get(..7));
    let has_token = scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"bearer "));
    match server.pace.count_at(Who::at(address), has_token) {
        Ok(()) => {
            request.extensions_mut().insert(Who::at(address));
            next.run(request).await
        }
        Err(error) => later(Media::wanted(request.headers()).unwrap_or(Media::Json), error),
    }
}

/// Tells a client to come again later.
pub(super) fn later(media: Media, error: Error) -> Response {
    let wait = if let Error::TooManyRequests { wait, .. } = &error { *wait } else { Duration::ZERO };
    let mut response = failed(media, StatusCode::TOO_MANY_REQUESTS, error);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds(wait)));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_in_a_network_of_ipv6_are_one() {
        let at = |address: &str| Who::at(address.parse().unwrap());
        assert_eq!(at("2001:db8::1"), at("2001:db8::ffff:0:0:9"));
        assert_ne!(at("2001:db8::1"), at("2001:db8:0:1::1"));
        assert_ne!(at("192.0.2.1"), at("192.0.2.2"));
    }

    #[test]
    fn each_has_a_rate_of_its_own() {
        let settings = Settings { rate: NonZeroU32::new(2), token_rate: NonZeroU32::new(3), ..Settings::default() };
        let pace = Pace::new(&settings);
        let (one, other) = (Who::at([192, 0, 2, 1].into()), Who::at([192, 0, 2, 2].into()));
        let counted: Vec<_> = (0..4).map(|_| pace.count(one).is_ok()).collect();
        assert_eq!(counted, [true, true, false, false]);
        assert!(pace.count(other).is_ok());
        let held: Vec<_> = (0..4).map(|_| pace.count(Who::Token(7)).is_ok()).collect();
        assert_eq!(held, [true, true, true, false]);
        let Err(Error::TooManyRequests { wait, .. }) = pace.count(one) else { panic!("it may ask") };
        assert!((1..=30).contains(&seconds(wait)), "{wait:?}");
        let unlimited = Pace::new(&Settings { rate: None, ..settings });
        assert!((0..10_000).all(|_| unlimited.count(one).is_ok()));
    }
}
