//! The process that reads files.
//!
//! A file can be made so that its reader asks for all memory there is, or never ends. Here it takes down only the
//! process that was started for it. The system holds that process to its limits; it needs no others, for it opens no
//! file, waits for nothing, and is told nothing of the settings of the program.

use std::{
    io::{self, Read, Write},
    process::{Command, Stdio},
};

use extract::Article;
use rlimit::Resource;

use super::{DocumentError, office::Office, pdf, sheet, word};

/// The subcommand of the program that has to call [`serve`].
pub const SUBCOMMAND: &str = "read-file";

/// Address space of the process, in bytes; files of the size that is fetched take a tenth of it.
const MEMORY: u64 = 1 << 30;
/// Seconds of its processor time; a plan takes less than one.
const TIME: u64 = 20;

/// Reads a file in a process of its own.
pub(super) fn article(bytes: &[u8]) -> Result<Article, DocumentError> {
    let broken = |error: io::Error| DocumentError::Process(error.to_string());
    let mut child = Command::new(std::env::current_exe().map_err(broken)?)
        .arg(SUBCOMMAND)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(broken)?;
    // It reads all of the file before it answers, so neither waits for the other. If it is gone already, its status
    // says more than the broken pipe.
    let _ = child.stdin.take().map(|mut stdin| stdin.write_all(bytes));
    let output = child.wait_with_output().map_err(broken)?;
    match serde_json::from_slice(&output.stdout) {
        Ok(result) if output.status.success() => result,
        _ => Err(DocumentError::Exhausted(output.status.to_string())),
    }
}

/// What the process does: reads a file from standard input under limits, and writes an article or an error as JSON to
/// standard output.
///
/// # Errors
/// Where the limits cannot be set, or a stream breaks.
pub fn serve() -> io::Result<()> {
    for (resource, limit) in [(Resource::CORE, 0), (Resource::FSIZE, 0), (Resource::CPU, TIME), (Resource::AS, MEMORY)]
    {
        // A process may lower its limits only.
        let limit = limit.min(resource.get_hard()?);
        resource.set(limit, limit)?;
    }
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes)?;
    let json = serde_json::to_vec(&read(&bytes))?;
    io::stdout().write_all(&json)
}

/// Reads a file that is neither HTML nor text.
fn read(bytes: &[u8]) -> Result<Article, DocumentError> {
    if !bytes.starts_with(b"PK") && !bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return pdf::article(bytes);
    }
    match Office::of(bytes)? {
        Office::Word => word::article(bytes),
        Office::Sheet => sheet::article(bytes),
    }
}
