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
            Err(_) if bytes.starts_with(b"PK") => Err(packed(bytes)),
            Err(error) => Err(DocumentError::Unknown(format!("an unknown compound file ({error})"))),
        }
    }
}

/// What is told of an archive that is no Office file.
fn packed(bytes: &[u8]) -> DocumentError {
    let archive = ZipArchive::new(Cursor::new(bytes));
    // GB/T 33190-2016, 7.2.
    if archive.is_ok_and(|archive| archive.index_for_name("OFD.xml").is_some()) {
        return DocumentError::Unknown("an OFD document".to_owned());
    }
    DocumentError::Archive("a ZIP archive".to_owned())
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

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn tells_archives_from_documents() {
        for (name, word, todo) in [("plan.txt", "ZIP", "unpack"), ("OFD.xml", "OFD", "PDF")] {
            let mut file = zip::ZipWriter::new(Cursor::new(Vec::new()));
            file.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            file.write_all(b"<x/>").unwrap();
            let error = Office::of(&file.finish().unwrap().into_inner()).unwrap_err().to_string();
            assert!(error.contains(word) && error.contains(todo), "{error}");
        }
    }

    #[test]
    fn tells_what_opens_with_a_password() {
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        for stream in ["/EncryptionInfo", "/EncryptedPackage"] {
            file.create_stream(stream).unwrap().write_all(&[1; 64]).unwrap();
        }
        let error = Office::of(&file.into_inner().into_inner()).unwrap_err();
        assert_eq!(error, DocumentError::Encrypted("Office file".to_owned()));
    }
}
