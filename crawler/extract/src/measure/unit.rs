//! Units and measure words.

/// What kind of quantity a unit makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A share or a rate: %, ‰, /10万.
    Share,
    /// A difference of shares: 个百分点.
    Points,
    /// Things counted by a measure word: 家, 名, 项.
    Count,
    /// A physical or monetary measure: 元, 分钟, 平方公里, 岁.
    Amount,
    /// A grade on a scale: 级.
    Grade,
    /// A place in an order: 前三.
    Rank,
    /// No unit at all.
    Bare,
}

/// A unit at the start of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// As it is kept: `%`, `/10万`, `家`.
    pub(super) name: &'static str,
    /// What it makes of the number.
    pub(super) kind: Kind,
    /// Length in bytes as written.
    pub(super) len: usize,
}

/// Units that are written in one way, the longer before the shorter that they start with.
const UNITS: &[(&str, Kind)] = &[
    ("个百分点", Kind::Points),
    ("个工作日", Kind::Amount),
    ("工作日", Kind::Amount),
    ("m2", Kind::Amount),
    ("m²", Kind::Amount),
    ("㎡", Kind::Amount),
    ("km2", Kind::Amount),
    ("km", Kind::Amount),
    ("kg", Kind::Amount),
    ("百分点", Kind::Points),
    ("微克/立方米", Kind::Amount),
    ("毫克/升", Kind::Amount),
    ("吨/日", Kind::Amount),
    ("吨/年", Kind::Amount),
    ("元/人", Kind::Amount),
    ("元/月", Kind::Amount),
    ("元/平方米", Kind::Amount),
    ("人/平方公里", Kind::Amount),
    ("公里/小时", Kind::Amount),
    ("立方米/秒", Kind::Amount),
    ("立方米/日", Kind::Amount),
    ("毫克/立方米", Kind::Amount),
    ("平方公里", Kind::Amount),
    ("平方千米", Kind::Amount),
    ("平方米", Kind::Amount),
    ("立方米", Kind::Amount),
    ("千瓦时", Kind::Amount),
    ("兆瓦时", Kind::Amount),
    ("千伏安", Kind::Amount),
    ("标准箱", Kind::Count),
    ("标箱", Kind::Count),
    ("兆瓦", Kind::Amount),
    ("千伏", Kind::Amount),
    ("毫升", Kind::Amount),
    ("毫米", Kind::Amount),
    ("毫克", Kind::Amount),
    ("微克", Kind::Amount),
    ("厘米", Kind::Amount),
    ("海里", Kind::Amount),
    ("分贝", Kind::Amount),
    ("航次", Kind::Count),
    ("班次", Kind::Count),
    ("人日", Kind::Count),
    ("公升", Kind::Amount),
    // Defined daily doses of a hundred days in hospital.
    ("DDDs", Kind::Amount),
    ("DDD", Kind::Amount),
    // Blood: 12万单位, 2万治疗量. Others who are counted are 个单位, 家单位.
    ("治疗量", Kind::Count),
    ("单位", Kind::Count),
    ("吨标准煤", Kind::Amount),
    ("千克", Kind::Amount),
    ("公斤", Kind::Amount),
    ("千瓦", Kind::Amount),
    ("公顷", Kind::Amount),
    ("公里", Kind::Amount),
    ("千米", Kind::Amount),
    ("美元", Kind::Amount),
    ("分钟", Kind::Amount),
    ("小时", Kind::Amount),
    ("个月", Kind::Amount),
    ("周岁", Kind::Amount),
    ("周", Kind::Amount),
    ("学时", Kind::Amount),
    ("课时", Kind::Amount),
    ("人次", Kind::Count),
    ("人份", Kind::Count),
    ("剂次", Kind::Count),
    ("例次", Kind::Count),
    ("批次", Kind::Count),
    ("床位", Kind::Count),
    ("件次", Kind::Count),
    ("车次", Kind::Count),
    ("户次", Kind::Count),
    ("家次", Kind::Count),
    ("场次", Kind::Count),
    ("%", Kind::Share),
    ("‰", Kind::Share),
    ("元", Kind::Amount),
    ("亩", Kind::Amount),
    ("吨", Kind::Amount),
    ("米", Kind::Amount),
    ("斤", Kind::Amount),
    ("升", Kind::Amount),
    ("克", Kind::Amount),
    ("岁", Kind::Amount),
    ("天", Kind::Amount),
    ("分", Kind::Amount),
    ("秒", Kind::Amount),
    ("倍", Kind::Amount),
    ("年", Kind::Amount),
    ("级", Kind::Grade),
    ("位", Kind::Count),
    ("个", Kind::Count),
    ("家", Kind::Count),
    ("名", Kind::Count),
    ("人", Kind::Count),
    ("张", Kind::Count),
    ("项", Kind::Count),
    ("台", Kind::Count),
    ("套", Kind::Count),
    ("次", Kind::Count),
    ("场", Kind::Count),
    ("所", Kind::Count),
    ("件", Kind::Count),
    ("种", Kind::Count),
    ("类", Kind::Count),
    ("条", Kind::Count),
    ("支", Kind::Count),
    ("辆", Kind::Count),
    ("座", Kind::Count),
    ("篇", Kind::Count),
    ("期", Kind::Count),
    ("批", Kind::Count),
    ("户", Kind::Count),
    ("对", Kind::Count),
    ("间", Kind::Count),
    ("处", Kind::Count),
    ("门", Kind::Count),
    ("本", Kind::Count),
    ("册", Kind::Count),
    ("部", Kind::Count),
    ("份", Kind::Count),
    ("例", Kind::Count),
    ("管", Kind::Count),
    ("剂", Kind::Count),
    ("棵", Kind::Count),
    ("株", Kind::Count),
    ("只", Kind::Count),
    ("头", Kind::Count),
    ("片", Kind::Count),
    ("艘", Kind::Count),
    ("架", Kind::Count),
    ("组", Kind::Count),
    ("款", Kind::Count),
    ("宗", Kind::Count),
    ("幅", Kind::Count),
    ("枚", Kind::Count),
    ("盏", Kind::Count),
    ("根", Kind::Count),
    ("箱", Kind::Count),
    ("科", Kind::Count),
    ("起", Kind::Count),
    ("轮", Kind::Count),
    ("站", Kind::Count),
    ("列", Kind::Count),
    ("单", Kind::Count),
    ("节", Kind::Count),
    ("颗", Kind::Count),
    ("粒", Kind::Count),
    ("袋", Kind::Count),
    ("瓶", Kind::Count),
    ("盒", Kind::Count),
    ("尾", Kind::Count),
    ("羽", Kind::Count),
    ("匹", Kind::Count),
    ("口", Kind::Count),
    ("眼", Kind::Count),
    ("栋", Kind::Count),
    ("幢", Kind::Count),
    ("班", Kind::Count),
    ("堂", Kind::Count),
    ("票", Kind::Count),
    ("笔", Kind::Count),
    ("度", Kind::Amount),
];

/// Populations that a rate is written per, behind a slash or 每: 4.1名/10万人.
const PER: &[(&str, &str)] =
    &[("10万", "/10万"), ("十万", "/10万"), ("100000", "/10万"), ("万", "/万"), ("千", "/千"), ("1000", "/千")];

/// Measure words that also start a noun: what may follow where the noun is meant and not the unit.
const NOUNS: &[(&str, &[&str])] = &[
    ("站", &["点"]),
    ("列", &["入", "全"]),
    ("单", &["位", "病"]),
    ("起", &["步", "草", "来"]),
    ("人", &["口", "员", "才", "群", "均", "民", "工", "大"]),
    ("位", &["列", "于", "居", "数"]),
    ("家", &["庭", "长", "属"]),
    ("名", &["校", "称", "录"]),
    ("项", &["目"]),
    ("级", &["别", "联"]),
    ("门", &["诊", "急诊"]),
    ("科", &["技", "研", "学", "室", "普"]),
    ("部", &["门", "分", "署"]),
    ("分", &["级", "类", "别", "钟", "之", "批", "步"]),
    ("天", &["然"]),
    ("条", &["件", "例"]),
    ("对", &["口", "接", "象", "外", "标"]),
    ("处", &["理", "方", "置"]),
    ("本", &["科", "地", "土", "区", "市"]),
    ("期", &["间", "末", "限"]),
    ("类", &["型", "别"]),
    ("所", &["有", "在", "需"]),
    ("周", &["年", "期", "边", "末", "转", "密", "到", "知", "围", "报", "例"]),
    ("组", &["织", "建", "成"]),
    ("只", &["有", "能"]),
    ("年", &["级", "轻", "龄"]),
    ("头", &["部"]),
    ("件", &["套"]),
    ("次", &["中心", "数", "均"]),
    ("场", &["所", "地", "馆"]),
    ("片", &["区"]),
    ("床位", &["数"]),
    ("度", &["假"]),
    ("米", &["其"]),
    ("升", &["级", "至", "到", "学", "幅", "降"]),
    ("克", &["服"]),
    ("节", &["点", "能", "约", "目", "假", "日", "水", "庆"]),
    ("班", &["子", "级", "组"]),
    ("口", &["岸", "径", "腔", "碑"]),
    ("票", &["据", "房"]),
];

/// Reads the unit that a text starts with.
pub(super) fn read(text: &str) -> Option<Unit> {
    let rate = per(text);
    if rate.is_some() {
        return rate;
    }
    let (written, kind) = UNITS.iter().find(|(name, _)| text.starts_with(name))?;
    let rest = &text[written.len()..];
    let noun = NOUNS.iter().find(|(unit, _)| unit == written);
    if noun.is_some_and(|(_, next)| next.iter().any(|next| rest.starts_with(next))) {
        return None;
    }
    // 4.1名/10万人: the measure word gives way to the population.
    if let Some(rate) = per(rest) {
        return Some(Unit { len: written.len() + rate.len, ..rate });
    }
    let name = match *written {
        "百分点" => "个百分点",
        "m2" | "m²" | "㎡" => "平方米",
        "km2" => "平方公里",
        "km" => "公里",
        "kg" => "公斤",
        other => other,
    };
    Some(Unit { name, kind: *kind, len: written.len() })
}

/// Reads `/10万` or `/10万人`.
fn per(text: &str) -> Option<Unit> {
    let rest = text.strip_prefix('/')?;
    let (written, name) = PER.iter().find(|(written, _)| rest.starts_with(written))?;
    let person = if rest[written.len()..].starts_with('人') { '人'.len_utf8() } else { 0 };
    Some(Unit { name, kind: Kind::Share, len: 1 + written.len() + person })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Option<(&'static str, &str)> {
        read(text).map(|unit| (unit.name, &text[unit.len..]))
    }

    #[test]
    fn reads_units() {
        assert_eq!(name("家托育中心"), Some(("家", "托育中心")));
        assert_eq!(name("名/10万人,"), Some(("/10万", ",")));
        assert_eq!(name("/10万"), Some(("/10万", "")));
        assert_eq!(name("个百分点"), Some(("个百分点", "")));
        assert_eq!(name("个以上"), Some(("个", "以上")));
        assert_eq!(name("人次"), Some(("人次", "")));
    }

    #[test]
    fn leaves_nouns() {
        assert_eq!(name("人口"), None);
        assert_eq!(name("项目"), None);
        assert_eq!(name("位列前三"), None);
    }
}
