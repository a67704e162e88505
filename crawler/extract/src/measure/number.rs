//! Numbers: Arabic and Chinese numerals with the multipliers that Chinese puts behind them.

/// A number at the start of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Number {
    /// Its value, multiplied out.
    pub(super) value: f64,
    /// Length in bytes.
    pub(super) len: usize,
    /// Written in Chinese numerals alone.
    pub(super) chinese: bool,
    /// What 万 and the like behind the digits multiplied by; 1 where there is none.
    pub(super) multiplier: f64,
}

/// Reads the number that a half-width text starts with.
///
/// - Arabic digits, with commas between groups of three and a decimal point: 1,200 and 82.6;
/// - digits with multipliers: 1.2万, 3千, 1.6万亿;
/// - Chinese numerals: 两百, 十二万, 三十五, 二〇二五.
pub(super) fn read(text: &str) -> Option<Number> {
    let first = text.chars().next()?;
    if first.is_ascii_digit() { arabic(text) } else { chinese(text) }
}

fn arabic(text: &str) -> Option<Number> {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut len = digits(0);
    // 0571: a code.
    if len > 1 && text.starts_with('0') {
        return None;
    }
    let mut plain = text[..len].to_owned();
    // 1,200: a comma is part of the number only before groups of exactly three digits, since in many texts it is also
    // the comma of the sentence.
    if (1..=3).contains(&len) && !text.starts_with('0') {
        while bytes.get(len) == Some(&b',') && digits(len + 1) == 3 {
            plain.push_str(&text[len + 1..len + 4]);
            len += 4;
        }
    }
    if bytes.get(len) == Some(&b'.') && digits(len + 1) > 0 {
        let decimals = digits(len + 1);
        plain.push_str(&text[len..=len + decimals]);
        len += 1 + decimals;
    }
    let (multiplier, more) = multipliers(&text[len..]);
    let value = exact(&plain, multiplier)?;
    Some(Number { value, len: len + more, chinese: false, multiplier })
}

/// 1.2万 is 12000 and not 11999.999…: the decimals are shifted before they become binary.
fn exact(plain: &str, multiplier: f64) -> Option<f64> {
    // Multipliers are powers of ten, so the exponent is a whole number.
    format!("{plain}e{}", multiplier.log10().round() as i32).parse().ok().filter(|value: &f64| value.is_finite())
}

/// The multipliers that a text starts with: their product and length. 十 and 百 multiply digits only before 万 or 亿.
fn multipliers(text: &str) -> (f64, usize) {
    let mut product = 1.0;
    let mut len = 0;
    let mut kept = (1.0, 0);
    for (at, c) in text.char_indices() {
        let Some(factor) = factor(c) else { break };
        // 300万千瓦: 千 belongs to the unit.
        if c == '千' && text[at + c.len_utf8()..].starts_with(['瓦', '米', '克', '伏', '卡']) {
            break;
        }
        product *= factor;
        len += c.len_utf8();
        if factor >= 1e3 {
            kept = (product, len);
        }
    }
    kept
}

fn factor(c: char) -> Option<f64> {
    Some(match c {
        '十' => 10.0,
        '百' => 100.0,
        '千' => 1e3,
        '万' => 1e4,
        '亿' => 1e8,
        _ => return None,
    })
}

fn digit(c: char) -> Option<f64> {
    let digits = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    match c {
        '零' => Some(0.0),
        '两' => Some(2.0),
        // Ten digits.
        _ => digits.iter().position(|d| *d == c).map(|value| value as f64),
    }
}

fn chinese(text: &str) -> Option<Number> {
    let mut len = 0;
    // What stands before the last 亿, what stands between it and the last 万, the section below, the digits waiting.
    let (mut total, mut section, mut waiting): (f64, f64, Option<f64>) = (0.0, 0.0, None);
    let mut digits_only = true;
    for c in text.chars() {
        if let Some(value) = digit(c) {
            // 二〇二五: digits in a row are read as written.
            waiting = Some(match waiting {
                Some(before) if digits_only && before > 0.0 => before.mul_add(10.0, value),
                Some(before) if before > 0.0 => break,
                _ => value,
            });
        } else if let Some(factor) = factor(c) {
            digits_only = false;
            if factor < 1e4 {
                section += waiting.take().unwrap_or(1.0) * factor;
            } else {
                section += waiting.take().unwrap_or(0.0);
                let whole = if total > 0.0 && factor > 1e4 { std::mem::take(&mut total) + section } else { section };
                total += if whole > 0.0 { whole } else { 1.0 } * factor;
                section = 0.0;
            }
        } else {
            break;
        }
        len += c.len_utf8();
    }
    let value = total + section + waiting.unwrap_or(0.0);
    (len > 0).then_some(Number { value, len, chinese: true, multiplier: 1.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> (f64, &str) {
        let number = read(text).unwrap();
        (number.value, &text[number.len..])
    }

    #[test]
    fn reads_arabic() {
        assert_eq!(value("82.6岁"), (82.6, "岁"));
        assert_eq!(value("1,200张"), (1200.0, "张"));
        // The comma of the sentence.
        assert_eq!(value("4,获批300项"), (4.0, ",获批300项"));
        assert_eq!(value("1.2万80岁"), (12000.0, "80岁"));
        assert_eq!(value("1.6万亿元"), (1.6e12, "元"));
        assert_eq!(value("3千名"), (3000.0, "名"));
        assert_eq!(value("20百强"), (20.0, "百强"));
        assert_eq!(value("300万千瓦"), (3e6, "千瓦"));
        assert_eq!(read("0571-1234"), None);
        assert_eq!(read("家"), None);
    }

    #[test]
    fn reads_chinese() {
        assert_eq!(value("两百家"), (200.0, "家"));
        assert_eq!(value("十二万人"), (120_000.0, "人"));
        assert_eq!(value("三十五项"), (35.0, "项"));
        assert_eq!(value("一百零五个"), (105.0, "个"));
        assert_eq!(value("二〇二五年"), (2025.0, "年"));
        assert_eq!(value("万亿级"), (1e12, "级"));
        assert_eq!(value("百亿元"), (1e10, "元"));
        assert_eq!(value("三亿五千万"), (350_000_000.0, ""));
    }
}
