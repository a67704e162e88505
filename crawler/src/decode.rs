//! Bytes into text, whatever the page says of its charset.

use std::sync::LazyLock;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, GBK, UTF_8};
use regex::bytes::Regex;

/// Bytes in which a page says its charset, if it does: HTML asks for it in the first kilobyte, pages are less strict.
const HEAD: usize = 4_096;
/// Bytes that detection looks at; it is slow, and more doesn't make it better.
const SAMPLE: usize = 64 * 1_024;

/// A text and the encoding it was in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// WHATWG name of the encoding: `UTF-8`, `gb18030`, `Big5`.
    pub encoding: &'static str,
}

/// Decodes a page.
///
/// A byte order mark wins; then UTF-8 where the bytes are valid UTF-8, for no Chinese text in another encoding happens
/// to be; then the charset of the header or of the page, GB2312 and GBK read as the GB18030 that they are part of; then
/// what the bytes look like. A declaration that leaves more than one character in a hundred unreadable gives way to
/// what the bytes look like, where that reads better.
///
/// `content_type` is the header of that name, `host` the page's host name, whose top-level domain helps detection.
#[must_use]
pub fn decode(bytes: &[u8], content_type: Option<&str>, host: Option<&str>) -> Decoded {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return with(encoding, &bytes[mark..]).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded { text: text.to_owned(), encoding: UTF_8.name() };
    }
    let Some(declared) = declared(bytes, content_type) else {
        return with(detected(bytes, host), bytes).0;
    };
    let (text, damage) = with(declared, bytes);
    if damage * 100 <= text.text.chars().count() {
        return text;
    }
    let (other, less) = with(detected(bytes, host), bytes);
    if less < damage { other } else { text }
}

/// The text in an encoding, and how many characters could not be read.
fn with(encoding: &'static Encoding, bytes: &[u8]) -> (Decoded, usize) {
    let encoding = if encoding == GBK { GB18030 } else { encoding };
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    let damage = if damaged { text.matches('\u{fffd}').count() } else { 0 };
    (Decoded { text: text.into_owned(), encoding: encoding.name() }, damage)
}

/// The encoding that the header or the head of the page names.
fn declared(bytes: &[u8], content_type: Option<&str>) -> Option<&'static Encoding> {
    static CHARSET: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"(?i-u)(?:charset|encoding)\s*=\s*["']?\s*([a-z0-9_:-]+)"#).ok());
    let find = |text: &[u8]| {
        let label = CHARSET.as_ref()?.captures(text)?.get(1)?;
        Encoding::for_label(label.as_bytes())
    };
    content_type.and_then(|header| find(header.as_bytes())).or_else(|| find(&bytes[..bytes.len().min(HEAD)]))
}

/// The encoding that the bytes look like.
fn detected(bytes: &[u8], host: Option<&str>) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(SAMPLE)], bytes.len() <= SAMPLE);
    // Other domains say nothing of the language.
    let domain = host.and_then(|host| host.rsplit('.').next()).filter(|end| matches!(*end, "cn" | "tw" | "hk"));
    detector.guess(domain.map(str::as_bytes), Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 㙍 is in GB18030 only, in four bytes; 镕 is in GBK, not in GB2312.
    const TEXT: &str = "卫生健康委员会今年要办好十件实事，朱镕㙍。";

    fn gb(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    #[test]
    fn reads_gb18030_that_is_declared_gb2312() {
        let page = format!("<meta http-equiv='Content-Type' content='text/html; charset=gb2312'>{TEXT}");
        let decoded = decode(&gb(&page), Some("text/html"), Some("www.example.gov.cn"));
        assert_eq!(decoded.text, page);
        assert_eq!(decoded.encoding, "gb18030");
        assert_eq!(decode(&gb(TEXT), Some("text/html; charset=GB2312"), None).text, TEXT);
    }

    #[test]
    fn valid_utf8_needs_no_declaration_and_heeds_none() {
        assert_eq!(decode(TEXT.as_bytes(), Some("text/html; charset=gbk"), None).text, TEXT);
        assert_eq!(decode(format!("\u{feff}{TEXT}").as_bytes(), None, None).text, TEXT);
    }

    #[test]
    fn guesses_where_nothing_is_declared_or_the_declaration_is_wrong() {
        assert_eq!(decode(&gb(TEXT), None, Some("a.gov.cn")).text, TEXT);
        assert_eq!(decode(&gb(&TEXT.repeat(9)), Some("text/html; charset=utf-8"), None).text, TEXT.repeat(9));
    }

    #[test]
    fn one_damaged_byte_does_not_make_utf8_another_encoding() {
        let mut bytes = TEXT.repeat(20).into_bytes();
        bytes[600] = 0xff;
        let decoded = decode(&bytes, Some("text/html; charset=utf-8"), None);
        assert_eq!(decoded.encoding, "UTF-8");
        assert!(decoded.text.ends_with(TEXT));
    }

    #[test]
    fn knows_utf16_and_big5_and_survives_anything() {
        let utf16: Vec<u8> = std::iter::once(0xfeff).chain(TEXT.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&utf16, None, None).text, TEXT);
        let big5 = encoding_rs::BIG5.encode("醫院管理局年度計劃").0;
        assert_eq!(decode(&big5, Some("text/html; charset=big5"), None).text, "醫院管理局年度計劃");
        assert_eq!(decode(b"", None, None).text, "");
        assert!(!decode(&[0xff, 0xfe, 0xfd, 0x80], Some("charset=nonsense"), Some("CN.")).text.is_empty());
    }
}
