//! Units of one kind, and how many of one go into another.

/// What is counted one by one, each with the measure word of its noun: 张 of beds, 名 of people, 台 of machines.
const COUNTED: &[&str] = &[
    "个", "名", "人", "张", "台", "家", "所", "位", "套", "辆", "处", "支", "项", "件", "床", "间", "座", "例", "次",
    "人次", "户", "种", "类", "篇", "门", "对", "组", "批", "只", "部", "条", "份", "场", "期",
];

/// Units of a kind, each with its size in the first of them.
const KINDS: &[&[(&str, f64)]] = &[
    &[("%", 1.0), ("‰", 0.1), ("/万", 0.01), ("/10万", 0.001)],
    &[("岁", 1.0), ("周岁", 1.0)],
    &[("分钟", 1.0), ("分", 1.0), ("秒", 1.0 / 60.0), ("小时", 60.0), ("天", 1_440.0), ("日", 1_440.0)],
    &[("年", 1.0), ("个月", 1.0 / 12.0)],
    &[("元", 1.0), ("万元", 1e4), ("亿元", 1e8)],
    &[("平方米", 1.0), ("万平方米", 1e4), ("公顷", 1e4), ("平方公里", 1e6)],
    &[("公里", 1.0), ("米", 0.001)],
];

/// How many of the unit `to` one of the unit `from` is; none where they are of different kinds. What is counted may
/// stand without its measure word: 每千人口托位数达到4.6(个).
#[must_use]
pub fn factor(from: Option<&str>, to: Option<&str>) -> Option<f64> {
    if from == to {
        return Some(1.0);
    }
    let (Some(from), Some(to)) = (from, to) else {
        return from.or(to).is_some_and(|unit| COUNTED.contains(&unit)).then_some(1.0);
    };
    if let (Some(from), Some(to)) = (counted(from), counted(to)) {
        return Some(from / to);
    }
    KINDS.iter().find_map(|kind| {
        let size = |unit| kind.iter().find(|(name, _)| *name == unit).map(|(_, size)| *size);
        Some(size(from)? / size(to)?)
    })
}

/// How many a unit of counting stands for: 1 of 张, 10,000 of 万人.
fn counted(unit: &str) -> Option<f64> {
    let (size, word) = match unit.strip_prefix('万') {
        Some(word) => (1e4, word),
        None => unit.strip_prefix('亿').map_or((1.0, unit), |word| (1e8, word)),
    };
    COUNTED.contains(&word).then_some(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_what_is_of_one_kind() {
        for (from, to, times) in [
            (Some("%"), Some("%"), Some(1.0)),
            (Some("小时"), Some("分钟"), Some(60.0)),
            (Some("‰"), Some("/10万"), Some(100.0)),
            (Some("人"), Some("名"), Some(1.0)),
            (Some("万人"), Some("人"), Some(1e4)),
            (Some("亿元"), Some("万元"), Some(1e4)),
            (None, Some("张"), Some(1.0)),
            (None, None, Some(1.0)),
            (None, Some("%"), None),
            (Some("岁"), Some("%"), None),
            (Some("万元"), Some("人"), None),
            (Some("斤"), Some("斤"), Some(1.0)),
        ] {
            let found = factor(from, to);
            assert!(found.zip(times).is_none_or(|(a, b)| (a - b).abs() < 1e-9), "{from:?} {to:?}: {found:?}");
            assert_eq!(found.is_some(), times.is_some(), "{from:?} {to:?}");
        }
    }
}
