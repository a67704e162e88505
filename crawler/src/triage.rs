//! temporary
pub(crate) struct Verdict(bool);
impl Verdict {
    pub(crate) fn is_plan(&self) -> bool {
        self.0
    }
    pub(crate) fn reason(&self) -> &str {
        "its title names none"
    }
}
pub(crate) fn verdict(title: &str, _article: Option<&extract::Article>) -> Verdict {
    let good = ["要点", "规划", "计划"].iter().any(|w| title.contains(w));
    let bad = ["一图读懂", "年度报告"].iter().any(|w| title.contains(w));
    Verdict(good && !bad)
}
