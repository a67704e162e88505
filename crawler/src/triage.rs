//! temporary
pub(crate) enum Verdict {
    Plan(String),
    Other(String),
    Unclear,
}
pub(crate) fn verdict(title: &str, _article: Option<&extract::Article>) -> Verdict {
    if title.is_empty() {
        return Verdict::Unclear;
    }
    let good = ["要点", "规划", "计划"].iter().any(|w| title.contains(w));
    let bad = ["一图读懂", "年度报告"].iter().any(|w| title.contains(w));
    if good && !bad { Verdict::Plan(String::new()) } else { Verdict::Other("its title names none".to_owned()) }
}
