//! Clients that ask over HTTP, each over a connection that it keeps, and the next question when the last is answered. As little
//! as can be, for it works on the machine that is measured.

use std::{
    io,
    net::SocketAddr,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use futures::future::try_join_all;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};

/// One connection.
pub(crate) struct Client(BufReader<TcpStream>);

impl Client {
    pub(crate) async fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::with_capacity(1 << 16, stream)))
    }

    /// Sends a request and reads the answer's body. Any status but 200 is an error.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> io::Result<Vec<u8>> {
        self.0.get_mut().write_all(request).await?;
        let mut line = String::new();
        self.0.read_line(&mut line).await?;
        let status = line.trim_end().to_owned();
        let mut length = None;
        loop {
            line.clear();
            self.0.read_line(&mut line).await?;
            let header = line.trim_end();
            if header.is_empty() {
                break;
            }
            if let Some((name, value)) = header.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().ok();
            }
        }
        let length = length.ok_or_else(|| io::Error::other(format!("{status}: without a length")))?;
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await?;
        if status.contains(" 200 ") {
            return Ok(body);
        }
        Err(io::Error::other(format!("{status}: {}", String::from_utf8_lossy(&body))))
    }
}

/// A server with what is asked of it.
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    /// Whole requests.
    pub(crate) requests: Vec<Vec<u8>>,
}

/// How long answers took.
#[derive(Default)]
pub(crate) struct Taken {
    answers: Vec<Duration>,
    time: Duration,
}

impl Target {
    /// Whether each request is answered, and without an error of GraphQL; the length of all answers.
    pub(crate) async fn check(&self) -> io::Result<usize> {
        let mut client = Client::connect(self.address).await?;
        let mut length = 0;
        for request in &self.requests {
            let body = client.ask(request).await?;
            if body.starts_with(b"{\"errors\"") || body.windows(10).any(|piece| piece == b"\"errors\":[") {
                return Err(io::Error::other(String::from_utf8_lossy(&body)));
            }
            length += body.len();
        }
        Ok(length)
    }

    /// Has so many clients ask for a time.
    pub(crate) async fn load(&self, clients: usize, time: Duration, taken: &mut Taken) -> io::Result<()> {
        let next = AtomicUsize::new(0);
        let began = Instant::now();
        let answers = try_join_all((0..clients).map(|_| async {
            let (mut client, mut answers) = (Client::connect(self.address).await?, Vec::new());
            while began.elapsed() < time {
                let request = &self.requests[next.fetch_add(1, Ordering::Relaxed) % self.requests.len()];
                let asked = Instant::now();
                client.ask(request).await?;
                answers.push(asked.elapsed());
            }
            io::Result::Ok(answers)
        }));
        taken.answers.extend(answers.await?.into_iter().flatten());
        taken.time += began.elapsed();
        Ok(())
    }
}

impl Taken {
    /// Answers a second.
    pub(crate) fn rate(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "these are not so many")]
        let answers = self.answers.len() as f64;
        answers / self.time.as_secs_f64()
    }

    /// The time within which so many of a hundred were answered, in milliseconds.
    pub(crate) fn within(&mut self, percent: usize) -> f64 {
        self.answers.sort_unstable();
        let at = (self.answers.len() * percent / 100).min(self.answers.len().saturating_sub(1));
        self.answers.get(at).map_or(0.0, |took| took.as_secs_f64() * 1_000.0)
    }
}
