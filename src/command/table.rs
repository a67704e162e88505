//! Tables on a terminal, where a Chinese character is as wide as two letters.

/// Two spaces between columns.
const GAP: &str = "  ";

/// Rows under a head, each column as wide as its widest cell.
pub(crate) fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> String {
    let head = head.map(ToOwned::to_owned);
    let all = || std::iter::once(&head).chain(rows);
    let widths: Vec<usize> = (0..N).map(|i| all().map(|row| width(&row[i])).max().unwrap_or(0)).collect();
    let mut text = String::new();
    for row in all() {
        let cells = row.iter().zip(&widths).map(|(cell, to)| format!("{cell}{}", " ".repeat(to - width(cell))));
        text.push_str(cells.collect::<Vec<_>>().join(GAP).trim_end());
        text.push('\n');
    }
    text
}

/// A text of one line, cut where it is wider than so many columns.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if width(&line) <= columns {
        return line;
    }
    let mut left = columns.saturating_sub(1);
    let fits = |c: &char| left.checked_sub(columns_of(*c)).inspect(|rest| left = *rest).is_some();
    line.chars().take_while(fits).chain(['…']).collect()
}

fn width(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// Columns of a character: two where Unicode's East Asian Width is W or F (UAX #11, by blocks).
const fn columns_of(c: char) -> usize {
    match c as u32 {
        0x1100..=0x115F
        | 0x2E80..=0x303E
        | 0x3041..=0xA4CF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F
        | 0xFF01..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x1F300..=0x1FAFF
        | 0x20000..=0x3FFFD => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other() {
        let rows = [["湖州".to_owned(), "1".to_owned()], ["abc".to_owned(), "22".to_owned()]];
        assert_eq!(table(["name", "n"], &rows), "name  n\n湖州  1\nabc   22\n");
    }

    #[test]
    fn cuts_by_columns() {
        assert_eq!(cut("工作\n要点", 9), "工作 要点");
        assert_eq!(cut("工作要点（全文）", 8), "工作要…");
        assert_eq!(cut("", 3), "");
    }
}
