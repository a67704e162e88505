//! What an explanation says is what reading does.

use extract::{
    Context, Plan, Reader,
    explain::{BoundBy, Change, Doubt, Explanation, Figure, Number, Outcome, Rejection, RoleBy, Rule, YearBy},
    plain,
};

const PLAN: &str = "某市2030年教育工作要点
一、2029年工作回顾
小学入园率已达到92%。
二、主要目标
到2030年底，全市小学入园率达到95%以上，至少新建校舍大楼3所、公园2个，落实准则18项。
实施“2211”工程，孕产妇死亡率由2020年的9/10万降至7/10万。
主要指标\t单位\t2029年\t2030年
幼儿园教师\t人\t120\t150
";

fn explain(text: &str) -> (Plan, Vec<Explanation>) {
    let reader = Reader::builtin();
    let mut plan = reader.outline(&plain::article(text), &Context::default()).remove(0);
    reader.measure(&mut plan);
    let explanations = reader.explain(&plan);
    (plan, explanations)
}

fn number<'e>(explanations: &'e [Explanation], written: &str) -> &'e Number {
    let mut numbers = explanations.iter().flat_map(|sentence| &sentence.numbers);
    numbers.find(|number| number.written == written).unwrap_or_else(|| panic!("{written} is not explained"))
}

fn figure<'e>(explanations: &'e [Explanation], written: &str) -> &'e Figure {
    match &number(explanations, written).outcome {
        Outcome::Figures(figures) => &figures[0],
        other => panic!("{written}: {other:?}"),
    }
}

#[test]
fn says_what_told_each_part() {
    let (_, found) = explain(PLAN);
    let before = figure(&found, "92%");
    assert_eq!((before.role_by, before.chapter.as_deref()), (RoleBy::Chapter, Some("2029年工作回顾")));
    assert_eq!((before.year, before.year_by), (Some(2029), YearBy::Chapter));
    let rate = figure(&found, "95%以上");
    assert_eq!((rate.rule, rate.bound_by, rate.change), (Rule::Predicate, BoundBy::Number, Change::Nothing));
    assert_eq!((rate.words.subject.as_str(), rate.words.binding[0].0.as_str()), ("全市小学入园率", "达到"));
    assert_eq!((rate.year_by, rate.said.as_deref()), (YearBy::Sentence, Some("到2030年底")));
    let parks = figure(&found, "2个");
    assert_eq!((parks.bound_by, parks.change), (BoundBy::Carried, Change::AddedBefore));
    assert_eq!(parks.doubts, [Doubt::ShortName]);
    let start = figure(&found, "9/10万");
    assert_eq!(
        (start.role_by, start.year, start.doubts.as_slice()),
        (RoleBy::PastYear, Some(2020), &[Doubt::Start][..])
    );
    let end = figure(&found, "7/10万");
    assert_eq!(end.rule, Rule::Elided);
    assert_eq!(end.carried, [("孕产妇死亡率".to_owned(), "孕产妇死亡率".to_owned())]);
    assert_eq!(end.nearest, Some(("maternal-mortality".to_owned(), 1.0)));
}

#[test]
fn says_why_a_number_is_left_out() {
    let (_, found) = explain(PLAN);
    assert_eq!(number(&found, "2030年").outcome, Outcome::LeftOut(Rejection::Date));
    assert_eq!(number(&found, "2211").outcome, Outcome::LeftOut(Rejection::Quoted));
    assert_eq!(number(&found, "2211").to_string(), format!("  2211 = 2211, left out. {}\n", Rejection::Quoted));
}

#[test]
fn explains_the_cells_of_a_table() {
    let (_, found) = explain(PLAN);
    let Outcome::Cell { figure, year_is_told, .. } = &number(&found, "150").outcome else { panic!() };
    assert_eq!((figure.name.as_str(), figure.unit.as_deref(), *year_is_told), ("幼儿园教师", Some("人"), true));
}

#[test]
fn explains_the_figures_that_are_read_and_no_others() {
    let (plan, found) = explain(PLAN);
    let told: Vec<(String, f64)> = found
        .iter()
        .flat_map(|sentence| &sentence.numbers)
        .flat_map(|number| match &number.outcome {
            Outcome::Figures(figures) => figures.iter().map(|f| (f.name.clone(), f.confidence)).collect(),
            Outcome::Cell { figure, .. } => vec![(figure.name.clone(), figure.confidence)],
            _ => Vec::new(),
        })
        .collect();
    let read: Vec<(String, f64)> = plan.indicators.iter().map(|i| (i.name.clone(), i.confidence)).collect();
    assert!(read.len() >= 8, "{read:?}");
    assert_eq!(told, read);
    assert_eq!(plan.dropped, 0);
}

#[test]
fn shows_a_line_for_each_part() {
    let (_, found) = explain(PLAN);
    let shown = number(&found, "95%以上").to_string();
    for line in [
        "  95%以上 = 95 %\n",
        "    subject     全市小学入园率\n",
        "    word        达到: reaches it\n",
        "    comparator  ge. The number's own sign or suffix: ≥90%, 90%以上\n",
        "    year        2030. Said in the sentence: 到2030年底\n",
        "    confidence  0.89. 0.97 for the construction\n",
        "The name is so short that it may lack whose it is",
    ] {
        assert!(shown.contains(line), "{line}{shown}");
    }
}
