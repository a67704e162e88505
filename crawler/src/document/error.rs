//! Why a file cannot be read, and what to do.

use serde::{Deserialize, Serialize};

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum DocumentError {
    /// It is of a kind that nothing here reads.
    #[error("it is {0}, not one of HTML, text, PDF, DOCX, DOC, XLSX and XLS; save it as one of these")]
    Unknown(String),
    /// It holds other files.
    #[error("it is {0}; unpack it and read the files in it")]
    Archive(String),
    /// It is a picture of a text.
    #[error("it is {0}; run text recognition (OCR) over it, or look for the text itself")]
    Picture(String),
    /// It opens with a password only.
    #[error("the {0} is encrypted; save a copy that opens without a password")]
    Encrypted(String),
    /// Its pages are pictures.
    #[error(
        "the PDF is a scan: {pages} pages with {characters} characters of text; run text recognition (OCR) over it, or \
         look for the text itself"
    )]
    Scanned {
        /// How many pages it has.
        pages: usize,
        /// How many characters stand on them, white space left out.
        characters: usize,
    },
    /// It breaks the rules of its format.
    #[error("the {kind} is damaged ({reason}); fetch it again, or save it anew")]
    Damaged {
        /// PDF, Word file, Excel file.
        kind: String,
        /// What its reader says.
        reason: String,
    },
    /// It holds more than anybody writes.
    #[error("the {kind} is too large: it holds more than {limit}; split it")]
    TooLarge {
        /// What it is.
        kind: String,
        /// How much may be in it.
        limit: String,
    },
    /// Its reader was ended by a limit on time or memory, or by a crash.
    #[error("the reader of the file gave up ({0}): it asks for too much time or memory, or is made to do harm")]
    Exhausted(String),
    /// The process that reads files could not be started.
    #[error("cannot start a process that reads files: {0}")]
    Process(String),
}
