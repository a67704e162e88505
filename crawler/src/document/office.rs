//! Office files: which one a file is, and how large it may be.

use std::io::Cursor;

use undoc::FormatType;
use zip::ZipArchive;

use super::DocumentError;

/// Bytes that a file may unpack to.
const UNPACKED: u64 = 256 * 1_024 * 1_024;

/// What reads a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Office {
    /// DOCX and DOC.
    Word,
    /// XLSX and XLS.
    Sheet,
}

impl Office {
    /// Tells what is in a ZIP archive or a compound file.
    pub(super) fn of(bytes: &[u8]) -> Result<Self, DocumentError> {
        if bytes.starts_with(b"PK") {
            bound(bytes)?;
        }
        match undoc::detect_format_from_bytes(bytes) {
            Ok(FormatType::Docx | FormatType::Doc) => Ok(Self::Word),
            Ok(FormatType::Xlsx | FormatType::Xls) => Ok(Self::Sheet),
            Ok(FormatType::Pptx | FormatType::Ppt) => Err(DocumentError::Unknown("a presentation".to_owned())),
            Err(undoc::Error::Encrypted) => Err(DocumentError::Encrypted("Office file".to_owned())),
            Err(_) if bytes.starts_with(b"PK") => Err(DocumentError::Unknown("a ZIP archive".to_owned())),
            Err(error) => Err(DocumentError::Unknown(format!("an unknown compound file ({error})"))),
        }
    }
}

/// Refuses an archive that says it unpacks to too much; what lies about its size meets the limit of memory.
fn bound(bytes: &[u8]) -> Result<(), DocumentError> {
    let damaged = |error: zip::result::ZipError| DocumentError::Damaged {
        kind: "ZIP archive".to_owned(),
        reason: error.to_string(),
    };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut size = 0_u64;
    for i in 0..archive.len() {
        size = size.saturating_add(archive.by_index_raw(i).map_err(damaged)?.size());
    }
    if size > UNPACKED {
        let limit = format!("{} MB unpacked", UNPACKED / 1_024 / 1_024);
        return Err(DocumentError::TooLarge { kind: "file".to_owned(), limit });
    }
    Ok(())
}
