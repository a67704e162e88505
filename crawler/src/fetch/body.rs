//! The body of an answer, unpacked while it comes, so that none grows beyond its limits, however it is packed.

use std::io;

use async_compression::tokio::bufread::{BrotliDecoder, DeflateDecoder, GzipDecoder, ZlibDecoder};
use futures::{TryStreamExt, future};
use reqwest::{Response, header};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};
use tokio_util::io::StreamReader;
use url::Url;

use super::{FetchError, Limits, client};

/// The content codings that are asked for in Accept-Encoding. Deflate is understood, but not asked for: servers disagree on
/// what it is.
pub(super) const CODINGS: &str = "gzip, br";

/// What becomes of a body that is larger than its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Overflow {
    /// It is an error.
    Refused,
    /// The beginning is enough.
    Cut,
}

/// More bytes on the wire than a body may have.
#[derive(Debug, thiserror::Error)]
#[error("too many bytes")]
struct TooMany;

/// Reads a body to its end, or to its limit.
pub(super) async fn read(
    url: &Url,
    response: Response,
    limits: &Limits,
    limit: usize,
    overflow: Overflow,
) -> Result<Vec<u8>, FetchError> {
    let too_large = |limit| FetchError::TooLarge { url: url.clone(), limit };
    if overflow == Overflow::Refused
        && response.content_length().is_some_and(|length| length > limits.packed.min(limit) as u64)
    {
        return Err(too_large(limits.packed.min(limit)));
    }
    let codings = codings(url, &response)?;
    let (packed, mut came) = (limits.packed, 0);
    let wire = response.bytes_stream().map_err(io::Error::other).and_then(move |piece| {
        came += piece.len();
        future::ready(if came > packed { Err(io::Error::other(TooMany)) } else { Ok(piece) })
    });
    let failed = |error: io::Error| match error.get_ref() {
        Some(inner) if inner.is::<TooMany>() => too_large(packed),
        Some(inner) => match inner.downcast_ref::<reqwest::Error>() {
            Some(error) => client::failure(url, error),
            None => broken(url, &error),
        },
        None => broken(url, &error),
    };
    let mut wire = StreamReader::new(Box::pin(wire));
    // Servers announce a coding for an empty body, too, which no decoder takes.
    if wire.fill_buf().await.map_err(failed)?.is_empty() {
        return Ok(Vec::new());
    }
    let mut body = unpack(wire, &codings).await.map_err(failed)?;
    let mut bytes = Vec::new();
    let mut piece = vec![0; 16 * 1_024];
    loop {
        let length = body.read(&mut piece).await.map_err(failed)?;
        if length == 0 {
            return Ok(bytes);
        }
        let room = limit - bytes.len();
        if length > room && overflow == Overflow::Refused {
            return Err(too_large(limit));
        }
        bytes.extend_from_slice(&piece[..length.min(room)]);
        if length >= room && overflow == Overflow::Cut {
            return Ok(bytes);
        }
    }
}

/// How a body can be packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Gzip,
    Brotli,
    /// The zlib format (RFC 9110, 8.4.1.2), or what many servers send under that name: deflate without it.
    Deflate,
}

/// How a body is packed, the innermost coding first.
fn codings(url: &Url, response: &Response) -> Result<Vec<Coding>, FetchError> {
    let mut codings = Vec::new();
    for value in response.headers().get_all(header::CONTENT_ENCODING) {
        for name in String::from_utf8_lossy(value.as_bytes()).split(',') {
            match name.trim().to_ascii_lowercase().as_str() {
                "gzip" | "x-gzip" => codings.push(Coding::Gzip),
                "br" => codings.push(Coding::Brotli),
                "deflate" => codings.push(Coding::Deflate),
                "" | "identity" => {}
                other => return Err(broken(url, &format!("its content coding {other} is not known"))),
            }
        }
    }
    // No honest server packs what is packed.
    if codings.len() > 2 { Err(broken(url, &"it is packed more than twice")) } else { Ok(codings) }
}

async fn unpack(
    wire: impl AsyncBufRead + Send + Unpin + 'static,
    codings: &[Coding],
) -> io::Result<Box<dyn AsyncRead + Send + Unpin>> {
    let mut body: Box<dyn AsyncRead + Send + Unpin> = Box::new(wire);
    for coding in codings.iter().rev() {
        let mut packed = BufReader::new(body);
        body = match coding {
            Coding::Gzip => Box::new(GzipDecoder::new(packed)),
            Coding::Brotli => Box::new(BrotliDecoder::new(packed)),
            // The zlib format begins with its method, 8 (RFC 1950, 2.2); deflate does not begin so, for that would be a
            // block that is not packed, with bits set that mean nothing.
            Coding::Deflate => match packed.fill_buf().await?.first() {
                Some(first) if first & 0x0f == 8 => Box::new(ZlibDecoder::new(packed)),
                _ => Box::new(DeflateDecoder::new(packed)),
            },
        };
    }
    Ok(body)
}

fn broken(url: &Url, reason: &impl ToString) -> FetchError {
    FetchError::Broken { url: url.clone(), reason: reason.to_string() }
}
