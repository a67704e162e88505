//! A process that crawls, and what it used.

use std::{
    fmt, fs,
    io::Read,
    num::ParseIntError,
    str::FromStr,
    sync::{Arc, Mutex},
    time::Duration,
};

use crawler::{
    Options, Snapshots, Source, Sources, Stop,
    progress::{Event, Progress},
    schedule,
};

/// What a process used: written and read as milliseconds of CPU and KiB of memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Usage {
    /// User and system.
    pub(crate) cpu: Duration,
    /// The same until the last page was stored; what follows is relating.
    pub(crate) stored: Duration,
    /// The most memory that it had.
    pub(crate) peak_kib: u64,
}

impl Usage {
    /// What this process has used so far.
    fn own() -> Self {
        let stat = fs::read_to_string("/proc/self/stat").unwrap();
        // Behind the name, which may hold anything: the 14th and 15th field of all, in hundredths of a second.
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        let ticks: u64 = fields[11..13].iter().map(|field| field.parse::<u64>().unwrap()).sum();
        let status = fs::read_to_string("/proc/self/status").unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        let cpu = Duration::from_millis(ticks * 10);
        Self { cpu, stored: cpu, peak_kib: peak.trim_end_matches("kB").trim().parse().unwrap() }
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.cpu.as_millis(), self.stored.as_millis(), self.peak_kib)
    }
}

impl FromStr for Usage {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut numbers = text.split(' ').map(str::parse);
        let mut next = || numbers.next().unwrap_or(Ok(0));
        let [cpu, stored] = [next()?, next()?].map(Duration::from_millis);
        Ok(Self { cpu, stored, peak_kib: next()? })
    }
}

/// What was used when the last page was stored.
#[derive(Debug, Default)]
struct Stored(Mutex<Duration>);

impl Progress for Stored {
    fn event(&self, _: &str, event: Event<'_>) {
        if matches!(event, Event::Page { .. }) {
            *self.0.lock().unwrap() = Usage::own().cpu;
        }
    }
}

/// Crawls until standard input ends. Takes the database, the folder of snapshots, the delay, and a source each.
pub(crate) async fn crawl(args: &[String]) -> Usage {
    let [database, snapshots, delay, lists @ ..] = args else { panic!("not what a worker takes: {args:?}") };
    let db = migration::open_writer(database).await.unwrap();
    let source = |(number, lists): (usize, &String)| {
        let lists: Vec<&str> = lists.split(' ').collect();
        let text = format!("name = 'x'\nlist = {lists:?}\nallow_private = true\ndelay_ms = {delay}");
        Source::parse(&format!("s{number}"), "bench", &text).unwrap()
    };
    let sources = Sources::new(lists.iter().enumerate().map(source).collect());
    let mut options = Options::new(Snapshots::open(snapshots).unwrap());
    let input = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
    options.stop = Stop::when(async { drop(input.await) });
    let stored = Arc::new(Stored::default());
    options.progress = stored.clone();
    schedule::serve(&db, &sources, &options).await.unwrap();
    Usage { stored: *stored.0.lock().unwrap(), ..Usage::own() }
}
