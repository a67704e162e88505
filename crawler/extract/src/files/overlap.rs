//! How much of one text stands in another.

use crate::{article::Block, text::plain};

/// Characters of a piece below which it may stand anywhere.
const SHORT: usize = 8;

/// The share of a text, 0 to 1, that is found in another, piece by piece as commas and tables part it: files break
/// lines elsewhere than pages, and leave out other numbers of sections.
pub(super) fn share(text: &[Block], of: &[Block]) -> f64 {
    let whole = plain(&written(of));
    let (mut all, mut found) = (0, 0);
    for piece in written(text).split(['\n', '\t', '。', '；', '，', '：', ';', ',', ':']).map(plain) {
        let chars = piece.chars().count();
        if chars >= SHORT {
            all += chars;
            found += if whole.contains(&piece) { chars } else { 0 };
        }
    }
    // Short pieces alone are those of a table or nothing; then all of them count.
    if all == 0 {
        let text = plain(&written(text));
        return if whole.contains(&text) { 1.0 } else { 0.0 };
    }
    #[expect(clippy::cast_precision_loss, reason = "texts are shorter than 2^52 characters")]
    let share = found as f64 / all as f64;
    share
}

fn written(blocks: &[Block]) -> String {
    let mut text = String::new();
    for block in blocks {
        match block {
            Block::Heading(line, _) | Block::Paragraph(line) => text.push_str(line),
            Block::Table(table) => {
                for row in &table.rows {
                    text.push_str(&row.join("\t"));
                    text.push('\n');
                }
            }
        }
        text.push('\n');
    }
    text
}
