//! Figures of real plans against those that a reader wrote down, where they stand beside the repository.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use extract::{Context, Indicator, Plan, Reader, plain, text::CharIndex};
use serde_json::Value;

fn shared() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared")
}

/// A text without white space and in half-width forms.
fn folded(text: &str) -> String {
    text.chars().map(extract::text::half_width).filter(|c| !c.is_whitespace()).collect()
}

/// How alike two names are: the pairs of neighbouring characters that they share, twice, over all that they have.
fn likeness(a: &str, b: &str) -> f64 {
    let pairs = |text: &str| {
        let characters: Vec<char> = folded(text).chars().collect();
        let mut found: HashMap<(char, char), usize> = HashMap::new();
        for pair in characters.windows(2) {
            *found.entry((pair[0], pair[1])).or_default() += 1;
        }
        found
    };
    if folded(a) == folded(b) {
        return 1.0;
    }
    let (a, b) = (pairs(a), pairs(b));
    let shared: usize = a.iter().map(|(pair, count)| count.min(b.get(pair).unwrap_or(&0))).sum();
    let all: usize = a.values().chain(b.values()).sum();
    if all == 0 { 0.0 } else { 2.0 * shared as f64 / all as f64 }
}

fn side(comparator: &str) -> &str {
    match comparator {
        "gt" => "ge",
        "lt" => "le",
        other => other,
    }
}

/// Whether all parts of a figure are as the reader wrote them down.
fn strictly(gold: &Value, figure: &Indicator) -> bool {
    gold["unit"].as_str() == figure.unit.as_deref()
        && side(gold["comparator"].as_str().unwrap_or_default()) == side(figure.comparator.as_str())
        && gold["measure"] == figure.measure.as_str()
        && gold["role"] == figure.role.as_str()
        && gold["year"].as_i64() == figure.year.map(i64::from)
        && likeness(gold["name"].as_str().unwrap_or_default(), &figure.name) >= 0.6
}

fn found(gold: &Value, plan: &Plan, figure: &Indicator) -> bool {
    let (sentence, quote) =
        (folded(&plan.text[figure.sentence.clone()]), folded(gold["quote"].as_str().unwrap_or_default()));
    gold["value"].as_f64() == Some(figure.value)
        && gold["value_max"].as_f64() == figure.value_max
        && (sentence.contains(&quote) || quote.contains(&sentence))
}

#[test]
fn figures_are_those_that_a_reader_finds() {
    let Ok(lines) = std::fs::read_to_string(shared().join("gold/indicators.jsonl")) else {
        eprintln!("skipped: {} is not there", shared().display());
        return;
    };
    let gold: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let reader = Reader::builtin();
    let (mut told, mut hit, mut right, mut sure, mut surely_right) = (0, 0, 0, 0, 0);
    let mut concepts = (0, 0);
    for (doc, region, end) in [
        ("huzhou-2025", Some("湖州市"), usize::MAX),
        ("zhonglou-2025", Some("钟楼区"), usize::MAX),
        // The reader stopped there.
        ("hangzhou-14fyp", None, 12838),
    ] {
        let text = std::fs::read_to_string(shared().join(format!("corpus/text/{doc}.txt"))).unwrap();
        let context = Context { region: region.map(str::to_owned), ..Context::default() };
        let plan = reader.read(&plain::article(&text), &context).remove(0);
        let part: String = text.chars().take(end).collect();
        let part = folded(&part);
        let mut left: Vec<&Indicator> = plan
            .indicators
            .iter()
            .filter(|figure| part.contains(&folded(&plan.text[figure.sentence.clone()])))
            .collect();
        let mut lines: Vec<&Value> = gold.iter().filter(|line| line["doc"] == doc).collect();
        lines.sort_by_key(|line| line["optional"].as_bool());
        for line in lines {
            let name = line["name"].as_str().unwrap();
            let best = (0..left.len())
                .filter(|i| found(line, &plan, left[*i]))
                .max_by(|a, b| likeness(name, &left[*a].name).total_cmp(&likeness(name, &left[*b].name)));
            let figure = best.map(|i| left.remove(i));
            if line["optional"] == true {
                continue;
            }
            let Some(figure) = figure else {
                eprintln!("not found: {doc} {}", line["quote"]);
                continue;
            };
            hit += 1;
            let strict = strictly(line, figure);
            if !strict {
                eprintln!("not right: {doc} {} {figure:?}", line["name"]);
            }
            right += usize::from(strict);
            sure += usize::from(figure.confidence >= 0.9);
            surely_right += usize::from(strict && figure.confidence >= 0.9);
            if !line["concept"].is_null() || figure.concept.is_some() {
                concepts.0 += 1;
                concepts.1 += usize::from(line["concept"].as_str() == figure.concept.as_deref());
            }
        }
        told += left.len();
        for figure in left {
            eprintln!("none: {doc} {} {}", figure.name, figure.value_text);
        }
    }
    let wanted = gold.iter().filter(|line| line["optional"] != true).count();
    let score = |right: usize| 2.0 * right as f64 / (wanted + told + hit) as f64;
    let share = |part: usize, whole: usize| part as f64 / whole as f64;
    eprintln!("detection {:.3}, strict {:.3}, concepts {:.3}", score(hit), score(right), share(concepts.1, concepts.0));
    assert!(score(hit) >= 0.98 && score(right) >= 0.95, "detection {:.3}, strict {:.3}", score(hit), score(right));
    assert!(share(concepts.1, concepts.0) >= 0.97);
    assert!(share(surely_right, sure) >= 0.97, "{surely_right} of {sure} figures told as sure are right");
}

/// What must hold of the figures of any text: the evidence reads as told and stands in its sentence and its section.
fn sound(plan: &Plan) {
    let index = CharIndex::new(&plan.text);
    for figure in &plan.indicators {
        assert_eq!(plan.text[figure.range.clone()], figure.value_text);
        assert!(figure.sentence.start <= figure.range.start && figure.range.end <= figure.sentence.end);
        let section = &plan.sections[figure.section].range;
        assert!(section.start <= figure.range.start && figure.range.end <= section.end);
        assert!(!figure.name.is_empty() && figure.value.is_finite() && (0.0..=1.0).contains(&figure.confidence));
        assert!(index.span(figure.range.clone()).start < index.span(figure.range.clone()).end);
    }
}

/// Numbers that look random and are the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }
}

/// Pieces of sentences that the rules know, and of such that they do not.
const PIECES: &[&str] = &[
    "全市",
    "每千名学生",
    "至少",
    "新增",
    "建成",
    "公园",
    "和",
    "、",
    ",",
    "，",
    ";",
    "。",
    "达到",
    "提高到",
    "由2020年的",
    "到2030年",
    "分别",
    "各",
    "90%",
    "1.2万名",
    "三成以上",
    "百分之八十",
    "3~5个",
    "前三",
    "全国十强",
    "15/10万",
    "1:1.5",
    "一",
    "两",
    "万",
    "亿",
    "“",
    "”",
    "《",
    "(",
    "其中",
    "：",
    "的",
    "率",
    "人数",
    "\n",
    " ",
    "\u{3000}",
    "９０％",
    "≥",
    "-",
    "—",
    "0571-1",
    "第",
    "等",
    "为",
    "2个百分点",
    "翻一番",
    "能",
    "个",
    "🙂",
];

#[test]
fn any_text_is_read_soundly() {
    let reader = Reader::builtin();
    let mut dice = Dice(7);
    for _ in 0..150 {
        let text: String = (0..dice.below(60) + 1).map(|_| PIECES[dice.below(PIECES.len())]).collect();
        for plan in reader.read(&plain::article(&format!("某市2030年工作要点\n一、目标\n{text}")), &Context::default())
        {
            sound(&plan);
        }
    }
}

#[test]
fn each_figure_of_a_row_or_a_change_has_its_own_year() {
    let reader = Reader::builtin();
    let years = |text: &str| {
        let plans = reader
            .read(&plain::article(&format!("某市2026年工作要点\n一、2025年工作回顾\n{text}")), &Context::default());
        let figures = plans.into_iter().flat_map(|plan| plan.indicators);
        figures.map(|figure| (figure.value, figure.year)).collect::<Vec<_>>()
    };
    assert_eq!(
        years("2023—2025年入园率分别为91%、93%和95%。"),
        [(91.0, Some(2023)), (93.0, Some(2024)), (95.0, Some(2025))]
    );
    assert_eq!(
        years("2023—2025年新建公园91处、93处。").iter().map(|figure| figure.1).collect::<Vec<_>>(),
        [Some(2025); 2]
    );
    assert_eq!(
        years("学校由2020年的18所增加到2025年的21所，入园率由91%提高到95%。"),
        [(18.0, Some(2020)), (21.0, Some(2025)), (91.0, Some(2020)), (95.0, Some(2025))]
    );
    assert_eq!(years("2025年，入园率由91%提高到95%。"), [(91.0, None), (95.0, Some(2025))]);
}

#[test]
fn sentences_and_headings_go_on() {
    use entity::value::Role::{Actual, Target};
    let reader = Reader::builtin();
    let figures = |text: &str| {
        let plans = reader
            .read(&plain::article(&format!("某市2026年工作要点\n一、抓项目，补齐短板\n{text}")), &Context::default());
        let figures = plans.into_iter().flat_map(|plan| plan.indicators);
        figures.map(|figure| (figure.name, figure.value, figure.role, figure.year)).collect::<Vec<_>>()
    };
    let figure = |name: &str, value, role, year| (name.to_owned(), value, role, Some(year));
    assert_eq!(
        figures("2025年借阅率为61%，到馆率51.2%。2026年，两项指标分别提高到65%和55%以上。"),
        [
            figure("借阅率", 61.0, Actual, 2025),
            figure("到馆率", 51.2, Actual, 2025),
            figure("借阅率", 65.0, Target, 2026),
            figure("到馆率", 55.0, Target, 2026),
        ]
    );
    assert_eq!(
        figures("2025年借阅率达61%。2026年力争达到65%。"),
        [figure("借阅率", 61.0, Actual, 2025), figure("借阅率", 65.0, Target, 2026)]
    );
    assert_eq!(
        figures("2025年空置率为13.9%，今年控制在13.5%以内。免费讲座80场。"),
        [
            figure("空置率", 13.9, Actual, 2025),
            figure("空置率", 13.5, Target, 2026),
            figure("免费讲座", 80.0, Target, 2026),
        ]
    );
    assert_eq!(
        figures("1.加密公交站点。新建站点34个，出行满意度达到40%，比2025年的36%提高4个百分点。"),
        [
            figure("公交站点", 34.0, Target, 2026),
            figure("出行满意度", 40.0, Target, 2026),
            figure("出行满意度", 36.0, Actual, 2025),
            figure("出行满意度", 4.0, Target, 2026),
        ]
    );
}

#[test]
fn widths_and_spaces_change_nothing() {
    let reader = Reader::builtin();
    let plain = "某市2030年工作要点\n一、目标\n新增公园12个,绿化率达到45.5%以上,候车时间控制在8分和11分以内;每千名学生拥有2名心理教师。";
    let wide: String = plain
        .chars()
        .map(|c| match c {
            '0'..='9' => char::from_u32(c as u32 + 0xFEE0).unwrap(),
            '%' => '％',
            ',' => '，',
            ';' => '；',
            other => other,
        })
        .collect();
    let spaced = plain.replace("12个", " 12 个").replace("45.5%", " 45.5 % ").replace("2名", " 2 名");
    let figures = |text: &str| {
        let plans = reader.read(&plain::article(text), &Context { year: Some(2030), ..Context::default() });
        plans
            .into_iter()
            .flat_map(|plan| plan.indicators)
            .map(|figure| (figure.name, figure.value, figure.unit, figure.comparator, figure.measure, figure.year))
            .collect::<Vec<_>>()
    };
    let told = figures(plain);
    assert_eq!(told.len(), 5);
    assert_eq!(figures(&spaced), told);
    let body = |text: &str| text.split_once("目标\n").unwrap().1.to_owned();
    assert_eq!(figures(&format!("某市2030年工作要点\n一、目标\n{}", body(&wide))), told);
}
