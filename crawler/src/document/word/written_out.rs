//! A Word file with the numbers that Word counts written into its text, for a reader that leaves them out.

use std::io::{Cursor, Read, Write};

use quick_xml::{
    Reader, Writer,
    events::{BytesText, Event},
};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::numbering::{Counts, Numbering, Place, value};

const DOCUMENT: &str = "word/document.xml";
const NUMBERING: &str = "word/numbering.xml";
const STYLES: &str = "word/styles.xml";

/// The file with its numbers written out; none where it has no lists or is damaged, which its reader then tells.
pub(super) fn written_out(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut part = |name: &str| {
        let mut text = String::new();
        archive.by_name(name).ok()?.read_to_string(&mut text).ok()?;
        Some(text)
    };
    let numbering = part(NUMBERING)?;
    let styles = part(STYLES).unwrap_or_default();
    let document = with_numbers(&part(DOCUMENT)?, &Numbering::read(&numbering, &styles))?;
    let mut file = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len())));
    for i in 0..archive.len() {
        let part = archive.by_index_raw(i).ok()?;
        if part.name().is_ok_and(|name| name == DOCUMENT) {
            file.start_file(DOCUMENT, SimpleFileOptions::default()).ok()?;
            file.write_all(&document).ok()?;
        } else {
            file.raw_copy_file(part).ok()?;
        }
    }
    Some(file.finish().ok()?.into_inner())
}

/// A paragraph that is being read.
#[derive(Debug, Default)]
struct Paragraph {
    place: Place,
    style: Option<String>,
    /// The number that goes before its first word.
    label: Option<String>,
}

/// The document with the number of each paragraph at the start of its first text, and the places in lists left out.
fn with_numbers(xml: &str, numbering: &Numbering) -> Option<Vec<u8>> {
    let mut reader = Reader::from_str(xml);
    let mut writer = Writer::new(Vec::with_capacity(xml.len()));
    // Paragraphs stand in one another where a frame is anchored in one.
    let mut open: Vec<Paragraph> = Vec::new();
    let mut counts = Counts::default();
    let (mut in_place, mut in_change) = (false, false);
    loop {
        let event = reader.read_event().ok()?;
        let mut label = None;
        let mut left_out = in_change || in_place;
        match &event {
            Event::Start(element) | Event::Empty(element) => {
                let starts = matches!(event, Event::Start(_));
                match element.local_name().as_ref() {
                    "p" if starts => open.push(Paragraph::default()),
                    // What the paragraph was before a reviser changed it.
                    "pPrChange" if starts => (in_change, left_out) = (true, true),
                    "numPr" if starts && !in_change => (in_place, left_out) = (true, true),
                    "pStyle" if !in_change => {
                        if let Some(paragraph) = open.last_mut() {
                            paragraph.style = value(element);
                        }
                    }
                    "t" if starts => label = open.last_mut().and_then(|paragraph| paragraph.label.take()),
                    _ => {}
                }
                if let Some(paragraph) = open.last_mut().filter(|_| in_place && !in_change) {
                    paragraph.place.read(element);
                }
            }
            Event::End(element) => match element.local_name().as_ref() {
                "p" => drop(open.pop()),
                "pPrChange" => in_change = false,
                "numPr" => in_place = false,
                "pPr" if !in_change => {
                    if let Some(paragraph) = open.last_mut() {
                        paragraph.label = numbering.next(&mut counts, &paragraph.place, paragraph.style.as_deref());
                    }
                }
                _ => {}
            },
            Event::Eof => return Some(writer.into_inner()),
            _ => {}
        }
        if !left_out {
            writer.write_event(event).ok()?;
        }
        if let Some(mut label) = label {
            // 第一章 is parted from its heading by more than a sign.
            if label.ends_with(char::is_alphanumeric) {
                label.push(' ');
            }
            writer.write_event(Event::Text(BytesText::new(&label))).ok()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_numbers_before_the_first_words() {
        let lists = "<n xmlns:w='w'><w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'><w:lvlText w:val='第%1条'/></w:lvl></w:abstractNum>\
                     <w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num></n>";
        let numbered = "<w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr></w:pPr>";
        let old = "<w:pPrChange><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:pPrChange>";
        let xml = format!(
            "<d><w:p>{numbered}<w:r><w:t>修</w:t><w:t>路</w:t></w:r></w:p><w:p>{numbered}</w:p><w:p><w:pPr>{old}</w:pPr><w:r><w:t>桥</w:t></w:r></w:p>\
             <w:p>{numbered}<w:r><w:p><w:r><w:t>框</w:t></w:r></w:p><w:t>灯</w:t></w:r></w:p></d>"
        );
        let written = String::from_utf8(with_numbers(&xml, &Numbering::read(lists, "")).unwrap()).unwrap();
        assert_eq!(
            written,
            "<d><w:p><w:pPr></w:pPr><w:r><w:t>第1条 修</w:t><w:t>路</w:t></w:r></w:p><w:p><w:pPr></w:pPr></w:p><w:p><w:pPr></w:pPr><w:r><w:t>桥</w:t></w:r></w:p>\
             <w:p><w:pPr></w:pPr><w:r><w:p><w:r><w:t>框</w:t></w:r></w:p><w:t>第3条 灯</w:t></w:r></w:p></d>"
        );
    }
}
