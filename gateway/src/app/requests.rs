//! What a request may cost before any door sees it: how many come from one address, how long its target is,
//! and how long its body takes.

use std::io;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt};
use governor::clock::{Clock, DefaultClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use tokio::time::{Sleep, sleep};

use crate::wire::problem::Problem;

/// The longest request target: path and query. The longest of ours is a cursor and some filters.
const TARGET_BYTES_MAX: usize = 4 * 1024;
/// How long a request's body may take, from the first time that it is waited for: 64 KiB are no long read.
const BODY_READ_MAX: Duration = Duration::from_secs(10);
/// Seconds' worth of requests that may come at once: a dashboard loads all its files in one moment.
const BURST_S: u32 = 2;
/// Addresses that are counted apart. One that was silent for [`BURST_S`] is forgotten when there are more, and
/// while there still are, all share one count: only somebody with thousands of addresses gets there.
const ADDRESSES_MAX: usize = 16 * 1024;

/// Counts requests by address.
pub(super) struct Rates {
    limiter: RateLimiter<IpAddr, HashMapStateStore<IpAddr>, DefaultClock>,
    per_s: u32,
}

impl Rates {
    /// Lets `per_s` requests a second pass from each address.
    pub(super) fn new(per_s: u32) -> Self {
        let per_s = NonZeroU32::new(per_s).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(per_s)
            .allow_burst(per_s.saturating_mul(const { NonZeroU32::new(BURST_S).unwrap() }));
        Self { limiter: RateLimiter::hashmap(quota), per_s: per_s.get() }
    }

    /// Lets one request from `address` pass, or answers 429. Health is counted like the rest: who asks for it too
    /// often from one address takes nobody else's share.
    pub(super) fn check(&self, address: IpAddr) -> Result<(), Box<Response>> {
        self.take(address).map_err(|wait| Box::new(self.refuse(wait)))
    }

    /// One request from `address`, or how long it has to wait.
    fn take(&self, address: IpAddr) -> Result<(), Duration> {
        let mut counted = address;
        if self.limiter.len() >= ADDRESSES_MAX {
            self.limiter.retain_recent();
            if self.limiter.len() >= ADDRESSES_MAX {
                counted = Ipv6Addr::UNSPECIFIED.into();
            }
        }
        self.limiter
            .check_key(&counted)
            .map_err(|not_yet| not_yet.wait_time_from(DefaultClock::default().now()))
    }

    fn refuse(&self, wait: Duration) -> Response {
        let detail = format!(
            "more than {} requests a second from this address; see http.requests_per_s_per_address",
            self.per_s
        );
        let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", detail).retryable();
        let mut response = problem.into_response();
        let wait_s = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait_s.max(1)));
        response
    }
}

/// Refuses a target that is too long, and gives a body its deadline.
pub(super) fn bound(request: Request) -> Result<Request, Problem> {
    let length = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    if length > TARGET_BYTES_MAX {
        let detail = format!("path and query are {length} bytes long; {TARGET_BYTES_MAX} are the most");
        return Err(Problem::new(StatusCode::URI_TOO_LONG, "target_too_long", detail));
    }
    Ok(if request.body().is_end_stream() { request } else { request.map(in_time) })
}

fn in_time(body: Body) -> Body {
    Body::from_stream(InTime { chunks: body.into_data_stream(), limit: BODY_READ_MAX, deadline: None })
}

/// A body that fails when its deadline has passed before its end.
struct InTime<S> {
    chunks: S,
    limit: Duration,
    /// From the first wait on: most bodies come with their head.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl<S, T, E> Stream for InTime<S>
where
    S: Stream<Item = Result<T, E>> + Unpin,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Item = Result<T, Box<dyn std::error::Error + Send + Sync>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Poll::Ready(chunk) = self.chunks.poll_next_unpin(cx) {
            return Poll::Ready(chunk.map(|chunk| chunk.map_err(Into::into)));
        }
        let limit = self.limit;
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(sleep(limit)));
        deadline.as_mut().poll(cx).map(|()| {
            let late = io::Error::new(io::ErrorKind::TimedOut, "the body did not come in time");
            Some(Err(late.into()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_has_a_count_of_its_own() {
        let rates = Rates::new(3);
        let (one, other) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        for n in 0..3 * BURST_S {
            assert_eq!(rates.take(one), Ok(()), "request {n}");
        }
        let wait = rates.take(one).expect_err("one too many");
        assert!(wait <= Duration::from_millis(334), "{wait:?}");
        assert_eq!(rates.take(other), Ok(()), "others are not disturbed");
        let refused = rates.refuse(wait);
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(refused.headers()[header::RETRY_AFTER], "1");
    }

    #[test]
    fn a_thousand_addresses_of_one_peer_do_not_fill_the_memory() {
        let rates = Rates::new(1);
        for n in 0..u32::try_from(ADDRESSES_MAX).unwrap() + 1_000 {
            let _counted = rates.take(IpAddr::from(n.to_be_bytes()));
        }
        assert!(rates.limiter.len() <= ADDRESSES_MAX + 1, "{}", rates.limiter.len());
        assert!(rates.take(IpAddr::from([9, 9, 9, 9])).is_err(), "they share one count");
    }

    #[tokio::test]
    async fn a_body_that_does_not_end_is_given_up() {
        let drops = futures_util::stream::unfold((), |()| async {
            sleep(Duration::from_millis(10)).await;
            Some((Ok::<_, io::Error>("x"), ()))
        });
        let limit = Duration::from_millis(55);
        let mut chunks = InTime { chunks: Box::pin(drops), limit, deadline: None };
        let mut came = 0;
        while came < 50 && matches!(chunks.next().await, Some(Ok(_))) {
            came += 1;
        }
        // Each drop is in time for itself; it is their sum that is late.
        assert!((1..=5).contains(&came), "{came}");
    }
}
