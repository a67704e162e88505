//! Files of any kind into articles.
//!
//! - `kind`: what a file is, from its first bytes, its media type and its name.
//! - `office`: what is in an archive or a compound file.
//! - `pdf`, `word`, `sheet`: one kind of file each.
//! - `child`: the formats that programs write are read in a process of its own, for a file may be made to crash or stall
//!   whoever reads it.
//!
//! HTML and text are read in this process: their readers are part of the program.

mod child;
mod error;
mod kind;
mod office;
mod pdf;
mod sheet;
mod word;

use extract::{Article, html, plain};

pub use child::{SUBCOMMAND, serve};
pub use error::DocumentError;
use kind::Kind;

use crate::decode;

/// A file as it came, with what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// All of it.
    pub bytes: &'a [u8],
    /// Content-Type, where it was fetched.
    pub media_type: Option<&'a str>,
    /// Its host, where it was fetched.
    pub host: Option<&'a str>,
    /// Its name or the path of its address.
    pub name: &'a str,
}

/// The text of a file that is one, markup and all; none of a file that some program wrote.
///
/// # Errors
/// A file of a kind that is not known.
pub(crate) fn text(file: &File) -> Result<Option<String>, DocumentError> {
    let is_text = !Kind::of(file)?.is_packed();
    Ok(is_text.then(|| decode::decode(file.bytes, file.media_type, file.host).text))
}

/// Reads a file. PDF, Word and Excel files are read by a process that runs [`serve`]: this program must call it for the
/// subcommand [`SUBCOMMAND`].
///
/// # Errors
/// A file of another kind, one that is encrypted, scanned or damaged, or one that asks too much of its reader.
pub fn article(file: &File) -> Result<Article, DocumentError> {
    let kind = Kind::of(file)?;
    if kind.is_packed() {
        return child::article(file.bytes);
    }
    let text = decode::decode(file.bytes, file.media_type, file.host).text;
    Ok(if kind == Kind::Html { html::article(&text) } else { plain::article(&text) })
}
