//! Names brought into one spelling, and how alike two of them are.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::text::half_width;

/// A name in one spelling.
#[derive(Clone, Debug)]
pub(super) struct Folded {
    /// The whole name.
    pub(super) text: String,
    /// The words in it that make it another concept: whom it is about, of which rank, per how many; a bit for each of
    /// [`QUALIFIERS`].
    qualifiers: u128,
    /// Pairs of neighbouring characters, in order, each once.
    pairs: Vec<(char, char)>,
}

/// Spellings that mean the same, the longer first; the second stands for all of them.
const SAME: &[(&str, &str)] = &[
    ("疾病预防控制中心", "疾控机构"),
    ("疾病预防控制机构", "疾控机构"),
    ("疾控中心", "疾控机构"),
    ("自动式体外除颤仪", "AED"),
    ("自动体外除颤仪", "AED"),
    ("自动体外除颤器", "AED"),
    ("体外除颤仪", "AED"),
    ("AEDAED", "AED"),
    ("期望寿命", "预期寿命"),
    ("慢性病", "慢病"),
    ("过早死亡概率", "过早死亡率"),
    ("早死概率", "过早死亡率"),
    ("早死率", "过早死亡率"),
    ("儿科诊疗服务", "儿科服务"),
    ("儿科医疗服务", "儿科服务"),
    ("儿科常见病诊疗服务", "儿科服务"),
    ("基层医疗机构", "基层医疗卫生机构"),
    ("基层机构", "基层医疗卫生机构"),
    ("恶性肿瘤", "癌症"),
    ("5年生存率", "五年生存率"),
    ("五岁以下", "5岁以下"),
    ("0~3岁", "3岁以下"),
    ("0-3岁", "3岁以下"),
    ("0—3岁", "3岁以下"),
    ("65岁及以上老年人", "老年人"),
    ("65岁以上老年人", "老年人"),
    ("65周岁及以上老年人", "老年人"),
    ("65周岁以上老年人", "老年人"),
    ("65岁及以上老人", "老年人"),
    ("65岁以上老人", "老年人"),
    ("65周岁及以上老人", "老年人"),
    ("65周岁以上老人", "老年人"),
    ("每千名老年人口", "每千老年人"),
    ("每千名老人", "每千老年人"),
    ("每千名老年人", "每千老年人"),
    ("每千老年人口", "每千老年人"),
    ("每千常住人口", "每千人"),
    ("每千名人口", "每千人"),
    ("每千人口", "每千人"),
    ("千人口", "每千人"),
    ("千人托位", "每千人托位"),
    ("每万常住人口", "每万人"),
    ("每万名人口", "每万人"),
    ("每万名居民", "每万人"),
    ("每万人口", "每万人"),
    ("每万居民", "每万人"),
    ("每十万人口", "每10万人"),
    ("每10万人口", "每10万人"),
    ("每十万人", "每10万人"),
    ("综合医院", "综合性医院"),
    ("中医医院", "医院"),
    ("康复医院", "医院"),
    ("护理院", "医院"),
    ("电子病历系统", "电子病历"),
    ("电子病历应用水平", "电子病历水平"),
    ("电子病历应用等级", "电子病历水平"),
    ("镇街卫生院", "乡镇卫生院"),
    ("能够提供", "提供"),
    ("能提供", "提供"),
    ("开展", "提供"),
    ("的比例", "占比"),
    ("的占比", "占比"),
    ("比例", "占比"),
    ("比重", "占比"),
    ("规范化建设率", "规范化率"),
    ("标准化建设率", "标准化率"),
    ("规范率", "规范化率"),
    ("县域内", "县域"),
    ("执业医师", "医师"),
    ("中医类别", "中医"),
    ("中医医师", "中医师"),
    ("签约服务", "签约"),
    ("签约覆盖率", "签约率"),
    ("注册全科", "全科"),
    ("建设项目", ""),
];

/// Words that narrow nothing a figure is compared by.
const IDLE: &[&str] = &[
    "居民人均",
    "城乡居民",
    "全市",
    "全省",
    "全区",
    "全县",
    "全国",
    "主城区",
    "城区",
    "农村地区",
    "城市地区",
    "农村",
    "城市",
    "拥有",
    "常住",
    "全人群",
    "的",
    "“",
    "”",
    "活动",
    "总体",
];

/// Words that make another concept. A name and a known one must hold the same.
const QUALIFIERS: &[&str] = &[
    "重点人群",
    "老年人",
    "儿童",
    "婴幼儿",
    "孕产妇",
    "新生儿",
    "婴儿",
    "残疾人",
    "贫困",
    "低收入",
    "脱贫",
    "计生",
    "学生",
    "居民基层",
    "职工",
    "高血压",
    "糖尿病",
    "结核",
    "艾滋",
    "肺癌",
    "精神障碍",
    "两慢病",
    "患者亲属",
    "医务人员",
    "国家级",
    "省级",
    "市级",
    "县级",
    "区级",
    "推荐标准",
    "基本标准",
    "每千人",
    "每万人",
    "每10万人",
    "每千老年人",
    "每千儿童",
    "每千名",
    "每万名",
    "千名",
    "儿科",
    "精神科",
    "全科",
    "中医",
    "中医药",
    "护士",
    "安宁疗护",
    "康复",
    "托位",
    "老年医学科",
    "老年友善",
    "口腔",
    "护理",
    "5岁以下",
    "3岁以下",
    "过早",
    "康复护理",
    "发病",
    "死亡",
    "就诊",
    "生存",
    "首诊",
    "转诊",
    "上转",
    "下转",
    "满意",
    "知晓",
    "监测",
    "培训",
    "覆盖",
    "县域",
    "基层就诊",
    "乡镇",
    "村卫生室",
    "健康管理",
    "规范管理",
    "规范服药",
    "签约",
    "医共体",
    "城市医疗集团",
    "电子病历",
    "急救",
    "疾控",
    "数字化",
    "发展指数",
    "素养",
    "指数",
    "收入",
    "医疗服务收入",
    "寿命",
    "增长",
    "投入",
    "经费",
    "床位",
    "民营",
    "非计划",
    "个人",
];

const _: () = assert!(QUALIFIERS.len() <= u128::BITS as usize, "each qualifier is a bit");

/// Replaces whole words from the left, the longest first.
struct Replacer {
    words: AhoCorasick,
    by: Vec<&'static str>,
}

impl Replacer {
    fn new(pairs: impl Iterator<Item = (&'static str, &'static str)>) -> Option<Self> {
        let (words, by): (Vec<_>, Vec<_>) = pairs.unzip();
        let words = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words).ok()?;
        Some(Self { words, by })
    }

    fn apply(&self, text: &str) -> String {
        self.words.replace_all(text, &self.by)
    }
}

// A handful of short words never exceeds what an automaton can hold; without it names would only match as spelt.
static WITHOUT_IDLE: LazyLock<Option<Replacer>> = LazyLock::new(|| Replacer::new(IDLE.iter().map(|word| (*word, ""))));
static WITH_SAME: LazyLock<Option<Replacer>> = LazyLock::new(|| Replacer::new(SAME.iter().copied()));
static QUALIFYING: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(QUALIFIERS).ok());

impl Folded {
    pub(super) fn new(name: &str) -> Self {
        let mut text: String = name.chars().map(half_width).filter(|c| !c.is_whitespace()).collect();
        text = without_brackets(&text);
        // Twice over the spellings: 签约服务覆盖率 is 签约覆盖率 is 签约率.
        for replacer in [&WITHOUT_IDLE, &WITH_SAME, &WITH_SAME] {
            if let Some(replacer) = replacer.as_ref() {
                text = replacer.apply(&text);
            }
        }
        text = text.replace("每每", "每");
        // 机构达到国家标准占比: 达到国家标准机构占比.
        if let Some((body, standard)) = text.split_once("达到").filter(|(body, _)| !body.is_empty())
            && let Some(standard) = standard.strip_suffix("占比")
        {
            text = format!("达到{standard}{body}占比");
        }
        let mut qualifiers = 0;
        if let Some(words) = QUALIFYING.as_ref() {
            for found in words.find_overlapping_iter(&text) {
                qualifiers |= 1 << found.pattern().as_usize();
            }
        }
        let characters: Vec<char> = text.chars().collect();
        let mut pairs: Vec<(char, char)> = characters.windows(2).map(|pair| (pair[0], pair[1])).collect();
        pairs.sort_unstable();
        pairs.dedup();
        Self { text, qualifiers, pairs }
    }

    /// How alike a known name and another are, from 0 to 1; 0 where one of them holds a word that the other lacks and
    /// that makes it another concept, or where one is a rate and the other none.
    pub(super) fn likeness(&self, other: &Self) -> f64 {
        if self.qualifiers != other.qualifiers || self.is_rate() != other.is_rate() {
            return 0.0;
        }
        let shared = self.pairs.iter().filter(|pair| other.pairs.binary_search(pair).is_ok()).count() as f64;
        let (known, told) = (self.pairs.len() as f64, other.pairs.len() as f64);
        if known < 2.0 || told < 2.0 {
            return 0.0;
        }
        let dice = 2.0 * shared / (known + told);
        // A long name that holds all of the known one tells more of the same.
        let held = shared / known;
        if held >= 0.8 && known >= 4.0 { dice.max(held - 0.05) } else { dice }
    }

    /// Whether it counts people or things for a population: 每千人托位数, 精神科医师数.
    pub(super) fn is_count(&self) -> bool {
        !self.is_rate() && !self.text.contains("死亡") && !self.text.contains("发病")
    }

    /// Whether the name says for how many people it counts.
    pub(super) fn per_head(&self) -> bool {
        ["每千", "每万", "每10万", "每百"].iter().any(|word| self.text.contains(word))
    }

    /// Whether it is a composite index: 综合指数.
    pub(super) fn is_index(&self) -> bool {
        self.text.ends_with("指数")
    }

    fn is_rate(&self) -> bool {
        self.text.ends_with('率')
    }
}

/// A name without what stands in brackets: 执业(助理)医师, 指标(%).
fn without_brackets(text: &str) -> String {
    let mut depth = 0;
    text.chars()
        .filter(|c| {
            depth += i32::from(*c == '(');
            let kept = depth == 0;
            depth -= i32::from(*c == ')');
            kept
        })
        .collect()
}
