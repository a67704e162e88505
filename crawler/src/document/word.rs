//! Word files: DOCX and DOC.

mod numbering;
mod written_out;

use std::borrow::Cow;

use extract::{Article, article::Block, grid::Grid, plain, text::one_line};
use undoc::{Block as Part, Paragraph, Table, model::RevisionType};

use super::DocumentError;

pub(super) fn article(bytes: &[u8]) -> Result<Article, DocumentError> {
    let bytes = written_out::written_out(bytes).map_or(Cow::Borrowed(bytes), Cow::Owned);
    let document = undoc::parse_bytes(&bytes).map_err(|error| match error {
        undoc::Error::Encrypted => DocumentError::Encrypted("Word file".to_owned()),
        other => DocumentError::Damaged { kind: "Word file".to_owned(), reason: other.to_string() },
    })?;
    let mut blocks = Vec::new();
    for part in document.sections.iter().flat_map(|section| &section.content) {
        match part {
            Part::Paragraph(paragraph) => lines(paragraph, &mut blocks),
            Part::Table(table) if table.column_count() > 1 => blocks.push(Block::Table(grid(table).table())),
            // A frame around text, as boxes (专栏) have it.
            Part::Table(table) => {
                let cells = table.rows.iter().flat_map(|row| &row.cells);
                cells.flat_map(|cell| &cell.content).for_each(|paragraph| lines(paragraph, &mut blocks));
            }
            Part::Note { content, .. } => content.iter().for_each(|paragraph| lines(paragraph, &mut blocks)),
            Part::PageBreak | Part::SectionBreak | Part::Image { .. } => {}
        }
    }
    Ok(plain::document(blocks))
}

/// The lines of a paragraph, for writers break lines where they mean paragraphs.
fn lines(paragraph: &Paragraph, blocks: &mut Vec<Block>) {
    let mut text = text(paragraph);
    // In DOC files, numbers that the program counts stand in no run.
    if let Some(number) = paragraph.list_info.as_ref().and_then(|list| list.number) {
        text.insert_str(0, &format!("{number}."));
    }
    for line in text.split('\n').map(one_line).filter(|line| !line.is_empty()) {
        blocks.push(match paragraph.heading.level() {
            0 => Block::Paragraph(line),
            level => Block::Heading(line, level),
        });
    }
}

/// The words of a paragraph, without those struck by a reviser and without the signs of notes.
fn text(paragraph: &Paragraph) -> String {
    let mut text = String::new();
    for run in paragraph.runs.iter().filter(|run| run.revision != RevisionType::Deleted) {
        text.push_str(&run.text);
        if run.line_break {
            text.push('\n');
        }
    }
    text
}

fn grid(table: &Table) -> Grid {
    let mut grid = Grid::default();
    for row in &table.rows {
        grid.row();
        for cell in &row.cells {
            let text: Vec<String> = cell.content.iter().map(text).collect();
            grid.cell(&text.join("\n"), cell.col_span as usize, cell.row_span as usize);
        }
    }
    grid
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::*;

    /// A DOCX file with this body, and lists of one kind: 一、 over （一） over 1.
    fn file(body: &str) -> Vec<u8> {
        let lists = [("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3.")]
            .iter()
            .enumerate()
            .map(|(level, (format, text))| {
                format!("<w:lvl w:ilvl='{level}'><w:start w:val='1'/><w:numFmt w:val='{format}'/><w:lvlText w:val='{text}'/></w:lvl>")
            })
            .collect::<String>();
        let word = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'";
        let package = "http://schemas.openxmlformats.org/package/2006";
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let kind = "application/vnd.openxmlformats-officedocument.wordprocessingml";
        let parts = [
            (
                "[Content_Types].xml",
                format!(
                    "<Types xmlns='{package}/content-types'><Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/><Default Extension='xml' ContentType='application/xml'/><Override PartName='/word/document.xml' ContentType='{kind}.document.main+xml'/></Types>"
                ),
            ),
            (
                "_rels/.rels",
                format!(
                    "<Relationships xmlns='{package}/relationships'><Relationship Id='r' Type='{office}/officeDocument' Target='word/document.xml'/></Relationships>"
                ),
            ),
            ("word/document.xml", format!("<w:document {word}><w:body>{body}</w:body></w:document>")),
            (
                "word/numbering.xml",
                format!(
                    "<w:numbering {word}><w:abstractNum w:abstractNumId='0'>{lists}</w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num></w:numbering>"
                ),
            ),
            (
                "word/styles.xml",
                format!(
                    "<w:styles {word}><w:style w:type='paragraph' w:styleId='2'><w:name w:val='heading 2'/><w:pPr><w:numPr><w:ilvl w:val='1'/><w:numId w:val='1'/></w:numPr><w:outlineLvl w:val='1'/></w:pPr></w:style></w:styles>"
                ),
            ),
        ];
        let mut file = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            file.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            file.write_all(text.as_bytes()).unwrap();
        }
        file.finish().unwrap().into_inner()
    }

    fn paragraph(properties: &str, text: &str) -> String {
        format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
    }

    fn item(level: usize, text: &str) -> String {
        paragraph(&format!("<w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='1'/></w:numPr>"), text)
    }

    #[test]
    fn writes_out_numbers_that_word_counts() {
        let style = "<w:pStyle w:val='2'/>";
        let body = [
            item(0, "办好学校"),
            paragraph(style, "小学"),
            item(2, "修操场。"),
            item(2, "添课桌。"),
            paragraph(style, "中学"),
            item(0, "办好医院"),
        ];
        let article = article(&file(&body.concat())).unwrap();
        let lines: Vec<_> = article.blocks.iter().filter_map(Block::line).collect();
        assert_eq!(lines, ["一、办好学校", "（一）小学", "1.修操场。", "2.添课桌。", "（二）中学", "二、办好医院"]);
        assert_eq!(article.blocks[1], Block::Heading("（一）小学".to_owned(), 2));
    }

    #[test]
    fn writes_merged_cells_out() {
        let cell =
            |properties: &str, text: &str| format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", paragraph("", text));
        let (wide, top, below) = ("<w:gridSpan w:val='2'/>", "<w:vMerge w:val='restart'/>", "<w:vMerge/>");
        let rows = [
            [cell(top, "指标"), cell(wide, "年份")].concat(),
            [cell(below, ""), cell("", "2020年"), cell("", "2025年")].concat(),
            [cell("", "入园率"), cell("", "90"), cell("", "95")].concat(),
        ];
        let rows: String = rows.iter().map(|row| format!("<w:tr>{row}</w:tr>")).collect();
        let table = format!("<w:tbl><w:tblGrid><w:gridCol/><w:gridCol/><w:gridCol/></w:tblGrid>{rows}</w:tbl>");
        let article = article(&file(&table)).unwrap();
        let [Block::Table(table)] = &article.blocks[..] else { panic!("{:?}", article.blocks) };
        assert_eq!(table.rows, [["指标", "年份", "年份"], ["指标", "2020年", "2025年"], ["入园率", "90", "95"]]);
    }
}
