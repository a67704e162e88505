//! PostgreSQL servers of a test's own, one that writes and others that follow it.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

/// A server on loopback; it ends with this value.
pub(crate) struct Postgres {
    folder: TempDir,
    tools: Tools,
    port: u16,
}

/// Where the programs of PostgreSQL are.
#[derive(Clone)]
struct Tools(PathBuf);

impl Tools {
    /// The newest that are installed.
    fn find() -> Option<Self> {
        let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
        let number = |folder: &PathBuf| folder.file_name()?.to_str()?.parse::<u32>().ok();
        let newest = versions.filter_map(|version| Some(version.ok()?.path())).max_by_key(number)?.join("bin");
        newest.join("pg_basebackup").is_file().then_some(Self(newest))
    }

    /// Runs one of them. They refuse to be the system's administrator.
    fn run(&self, tool: &str, args: &[&str]) {
        let program = self.0.join(tool);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        // A server that is started goes on writing to whatever it is given.
        let status = command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
        assert!(status.unwrap().success(), "{tool} {args:?}");
    }

    /// A folder of theirs.
    fn folder(&self) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        if is_root() {
            assert!(Command::new("chown").arg("postgres:").arg(folder.path()).status().unwrap().success());
        }
        folder
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

impl Postgres {
    /// A new server. None, and the test says so, where PostgreSQL is not installed.
    pub(crate) fn start(test: &str) -> Option<Self> {
        let Some(tools) = Tools::find() else {
            eprintln!("{test}: skipped, there is no PostgreSQL under /usr/lib/postgresql");
            return None;
        };
        let server = Self { folder: tools.folder(), tools, port: free_port() };
        let made = ["-U", "plangraph", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"];
        server.tools.run("initdb", &[&["-D", &server.data()], &made[..]].concat());
        server.resume();
        Some(server)
    }

    /// A server that follows this one.
    pub(crate) fn follower(&self) -> Self {
        let follower = Self { folder: self.tools.folder(), tools: self.tools.clone(), port: free_port() };
        let port = self.port.to_string();
        let from = ["-h", "127.0.0.1", "-p", &port, "-U", "plangraph", "-R", "-X", "stream", "--checkpoint=fast"];
        self.tools.run("pg_basebackup", &[&["-D", &follower.data()], &from[..]].concat());
        follower.resume();
        follower
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://plangraph@127.0.0.1:{}/postgres", self.port)
    }

    /// Starts it, at first or again.
    pub(crate) fn resume(&self) {
        let folder = self.folder.path().display();
        let options = format!("-p {} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off", self.port);
        let log = self.folder.path().join("log").display().to_string();
        self.tools.run("pg_ctl", &["-D", &self.data(), "-w", "-l", &log, "-o", &options, "start"]);
    }

    /// Stops it at once.
    pub(crate) fn stop(&self) {
        self.tools.run("pg_ctl", &["-D", &self.data(), "-m", "immediate", "stop"]);
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if Path::new(&self.data()).join("postmaster.pid").is_file() {
            self.stop();
        }
    }
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}
