//! What a file is.

use super::{DocumentError, File};

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Html,
    Text,
    Pdf,
    /// A ZIP archive, which DOCX and XLSX files are.
    Zip,
    /// An OLE compound file, which DOC and XLS files and encrypted Office files are.
    Ole,
}

/// How far behind the start of a file `%PDF-` may stand (ISO 32000-2, 7.5.2 and its notes).
const PDF_HEAD: usize = 1_024;

/// What is said of a file by its name.
type Refusal = fn(String) -> DocumentError;

/// The first bytes of kinds that are not read, and what is told of them.
const UNREAD: &[(&[u8], Refusal, &str)] = &[
    (b"Rar!", DocumentError::Archive, "a RAR archive"),
    (b"7z\xbc\xaf", DocumentError::Archive, "a 7-Zip archive"),
    (b"\x1f\x8b", DocumentError::Archive, "a gzip archive"),
    (b"\x89PNG", DocumentError::Picture, "a picture (PNG)"),
    (b"\xff\xd8\xff", DocumentError::Picture, "a picture (JPEG)"),
    (b"GIF8", DocumentError::Picture, "a picture (GIF)"),
    (b"II*\0", DocumentError::Picture, "a picture (TIFF)"),
    (b"MM\0*", DocumentError::Picture, "a picture (TIFF)"),
    (b"{\\rtf", DocumentError::Unknown, "an RTF file"),
    (b"\x7fELF", DocumentError::Unknown, "a program"),
    (b"MZ", DocumentError::Unknown, "a program"),
];

impl Kind {
    /// Tells the kind of a file by its first bytes; HTML from text also by its media type and its name.
    pub(super) fn of(file: &File) -> Result<Self, DocumentError> {
        let bytes = file.bytes;
        let head = &bytes[..bytes.len().min(PDF_HEAD)];
        if head.windows(5).any(|window| window == b"%PDF-") {
            return Ok(Self::Pdf);
        }
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
            return Ok(Self::Zip);
        }
        if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
            return Ok(Self::Ole);
        }
        if let Some((_, error, name)) = UNREAD.iter().find(|(magic, ..)| bytes.starts_with(magic)) {
            return Err(error((*name).to_owned()));
        }
        // Some sites leave zero bytes in their pages.
        if is_html(file) {
            return Ok(Self::Html);
        }
        // Text in UTF-16 has a mark in front; elsewhere a zero byte stands in no text.
        let is_utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
        if !is_utf16 && bytes.contains(&0) {
            let name = file.media_type.map_or_else(|| "binary data".to_owned(), |kind| format!("binary data ({kind})"));
            return Err(DocumentError::Unknown(name));
        }
        Ok(Self::Text)
    }

    /// Whether it is one of the formats that programs write, whose readers are kept apart.
    pub(super) fn is_packed(self) -> bool {
        matches!(self, Self::Pdf | Self::Zip | Self::Ole)
    }
}

fn is_html(file: &File) -> bool {
    let media_type = file.media_type.unwrap_or_default().to_ascii_lowercase();
    if media_type.contains("html") {
        return true;
    }
    let ending = file.name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let start = file.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file.bytes).trim_ascii_start();
    matches!(ending.as_str(), "html" | "htm" | "shtml" | "xhtml") || start.starts_with(b"<")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(bytes: &[u8], media_type: Option<&str>, name: &str) -> Result<Kind, DocumentError> {
        Kind::of(&File { bytes, media_type, host: None, name })
    }

    #[test]
    fn trusts_bytes_more_than_names() {
        assert_eq!(kind(b"\n%PDF-1.7\n", Some("text/html"), "a.docx"), Ok(Kind::Pdf));
        assert_eq!(kind(b"PK\x03\x04...", Some("text/plain"), "a.txt"), Ok(Kind::Zip));
        assert_eq!(kind(b" <p>x", Some("application/octet-stream"), "a"), Ok(Kind::Html));
        assert_eq!(kind(b"x", Some("text/html;charset=utf-8"), "/art/1"), Ok(Kind::Html));
        assert_eq!(kind(b"x", None, "a.HTM"), Ok(Kind::Html));
        assert_eq!(kind(b"<p>\0", None, "a"), Ok(Kind::Html));
        assert_eq!(kind(b"x", None, "-"), Ok(Kind::Text));
        assert_eq!(kind(b"\xff\xfe\x31\x00", None, "a.txt"), Ok(Kind::Text));
        assert_eq!(kind(b"", None, ""), Ok(Kind::Text));
    }

    #[test]
    fn names_what_it_cannot_read() {
        for (bytes, word, todo) in [
            (&b"Rar!\x1a"[..], "RAR", "unpack"),
            (b"\x89PNG\r\n", "PNG", "OCR"),
            (b"{\\rtf1", "RTF", "DOCX"),
            (b"ab\0cd", "binary", "DOCX"),
        ] {
            let error = kind(bytes, None, "a").unwrap_err().to_string();
            assert!(error.contains(word) && error.contains(todo), "{error}");
        }
    }
}
