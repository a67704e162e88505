//! Pages in the shapes of publishing systems, each into an article and its plans.

#![expect(clippy::unwrap_used, reason = "a test says why it fails")]

use std::fmt::Write;

use entity::reference::regions;
use extract::{Article, Context, Plan, Reader, concept::Catalogue, html, region::Gazetteer};

/// What was read from a page, as text that shows its structure.
fn read(page: &str) -> String {
    let article = html::article(page);
    let reader = Reader::new(Gazetteer::new(regions().iter().cloned()), Catalogue::new(&[]));
    let mut out = String::new();
    show_article(&mut out, &article).unwrap();
    for plan in reader.read(&article, &Context::default()) {
        show_plan(&mut out, &plan).unwrap();
    }
    out
}

fn show_article(out: &mut String, article: &Article) -> std::fmt::Result {
    writeln!(out, "article: {}", article.title.as_deref().unwrap_or_default())?;
    for (label, value) in serde_json::to_value(&article.meta).unwrap().as_object().unwrap() {
        if let Some(value) = value.as_str() {
            writeln!(out, "  {label}: {value}")?;
        }
    }
    for file in &article.attachments {
        writeln!(out, "  file: {} ({})", file.name, file.href)?;
    }
    Ok(())
}

fn show_plan(out: &mut String, plan: &Plan) -> std::fmt::Result {
    writeln!(out, "plan: {}", plan.title)?;
    let years = plan.period.map(|period| format!("{}-{}", period.start_year, period.end_year)).unwrap_or_default();
    let region = plan.region.as_ref().map(|region| region.name.as_str()).unwrap_or_default();
    let issued = plan.issued_on.map(|day| day.to_string()).unwrap_or_default();
    writeln!(out, "  {} {years} {region} {} {issued}", plan.kind.as_str(), plan.issuer.as_deref().unwrap_or_default())?;
    for section in &plan.sections {
        let indent = "  ".repeat(section.depth as usize);
        let head =
            [section.number.as_deref(), section.heading.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        writeln!(out, "{indent}{} [{head}] {:?}", section.kind.as_str(), &plan.text[section.body.clone()])?;
        if !section.responsible.is_empty() {
            writeln!(out, "{indent}  by {}", section.responsible.join(", "))?;
        }
        if section.body.is_empty() && section.heading.is_none() {
            writeln!(out, "{indent}  = {:?}", &plan.text[section.range.clone()])?;
        }
    }
    for term in &plan.glossary {
        writeln!(out, "  term {} = {} | {}", term.term, term.definition, term.formula.as_deref().unwrap_or("-"))?;
    }
    Ok(())
}

macro_rules! page_tests {
    ($($(#[$doc:meta])* $name:ident)*) => {
        $(
            $(#[$doc])*
            #[test]
            fn $name() {
                insta::assert_snapshot!(read(include_str!(concat!("pages/", stringify!($name), ".html"))));
            }
        )*
    };
}

page_tests! {
    /// Head tags in any case, a table of labels, a table of data with merged cells, a file.
    own_system
    /// Paragraphs are `div`, the date is broken over two lines, who is responsible stands behind each task.
    district_portal
    /// Lines parted by `br`, boxes between the tasks, terms; menus and pop-ups around them.
    reprint
    /// The body stands between comments, and a notice stands in front of the plan.
    hanweb
    /// One page with a plan a region.
    many_regions
    /// Labels in a list, a summary in front of the plan, deep numbering.
    trs
    /// The body stands in a script.
    scripted
}

/// Tags without an end, nested thirty thousand deep, are read like any other page, and in time.
#[test]
fn reads_pages_nested_too_deep() {
    for tag in ["<div>", "<b>", "<table><tr><td>", "<ul><li>", "<x-y>", "<x-y/>"] {
        let page = format!("{}办好义诊。", tag.repeat(30_000));
        assert!(read(&page).contains("办好义诊"), "{tag}");
    }
    // Styles left open are opened again in each paragraph.
    let page: String = (0..2_000).map(|i| format!("<p><b id={i}>办好义诊。")).collect();
    assert!(read(&page).contains("办好义诊"));
}

/// A county that the gazetteer lacks is not taken for the city that it lies in, nor for its source's region.
#[test]
fn names_a_county_that_is_not_known() {
    let reader = Reader::builtin();
    let region = |title: &str, region: Option<&str>| {
        let context = Context { region: region.map(str::to_owned), year: None };
        let plans = reader.read(&extract::plain::article(&format!("{title}\n一、新建医院3家。")), &context);
        let region = plans[0].region.clone().unwrap();
        (region.name, region.code.map(|code| code.to_string()))
    };
    let unknown = |name: &str| (name.to_owned(), None);
    let known = |name: &str, code: &str| (name.to_owned(), Some(code.to_owned()));
    assert_eq!(region("厦门市集美区2025年卫生健康工作要点", None), unknown("集美区"));
    assert_eq!(region("厦门市集美区2025年卫生健康工作要点", Some("厦门市")), unknown("集美区"));
    assert_eq!(region("集美区卫生健康局2025年工作要点", Some("厦门市")), unknown("集美区"));
    assert_eq!(region("集美区2025年卫生健康工作要点", Some("厦门市集美区")), unknown("厦门市集美区"));
    assert_eq!(region("2025年全市社区卫生服务工作要点", Some("厦门市")), known("厦门市", "350200"));
    assert_eq!(region("常州市钟楼区2025年卫生健康工作要点", Some("江苏省")), known("钟楼区", "320404"));
    assert_eq!(region("2025年卫生健康工作要点", Some("江苏省常州市钟楼区")), known("钟楼区", "320404"));
}
