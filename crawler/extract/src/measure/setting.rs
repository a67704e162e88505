//! Whether a figure is aimed at or was reached, and in which year: from the year said, the chapter, and the plan.

use entity::value::{Period, Role};

use super::{
    lexicon,
    time::{self, Mention, Year},
};
use crate::{Plan, Section, spoken::spoken};

/// What the plan and the headings above a figure say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Setting {
    role: Role,
    /// The year of a figure whose paragraph names none.
    pub(super) year: Option<i32>,
    period: Option<Period>,
    /// The section whose heading says it; none where it is the plan alone.
    pub(super) chapter: Option<usize>,
}

spoken! {
/// What told whether a figure is aimed at or was reached.
pub enum RoleBy {
    /// It is where a change starts: 由54%提高到60%.
    Start,
    /// The year said lies before the plan's own.
    PastYear,
    /// The year said is still to come, and 将 or 目标 stands before the figure, in a chapter that looks back.
    ComingYear,
    /// Words before it that say it is there: 已建成, 截至目前.
    Already,
    /// The heading of its chapter.
    Chapter,
    /// Nothing says otherwise, and a plan aims.
    Plan,
}
}

spoken! {
/// What told the year of a figure.
pub enum YearBy {
    /// Said in the sentence.
    Sentence,
    /// Said at the head of an earlier sentence of the paragraph.
    Paragraph,
    /// The heading of its chapter, or the year before a plan of one year that looks back.
    Chapter,
    /// The plan's own, or its last.
    Plan,
    /// Nothing.
    Nothing,
}
}

/// Words of chapters that look back: 现状与成效, 2024年工作回顾.
const PAST: &[&str] = &[
    "现状",
    "发展基础",
    "工作基础",
    "规划基础",
    "基础与",
    "基础和",
    "成效",
    "成就",
    "回顾",
    "背景",
    "形势",
    "总结",
    "成绩",
    "完成情况",
    "存在问题",
    "存在的问题",
    "主要问题",
    "短板",
];

/// Verbs that a task starts with.
const TASKS: &[&str] = &[
    "提升", "提高", "强化", "夯实", "筑牢", "推进", "推动", "深化", "加强", "巩固", "扩大", "增强", "打造", "建设",
    "完善", "健全", "优化", "展现", "彰显", "加快", "做好", "抓好", "转化", "放大", "补", "攻克", "破解", "解决",
    "聚焦", "抓",
];

/// Words of chapters that look ahead, whatever else their headings say: 形势与任务.
const AHEAD: &[&str] = &["目标", "任务", "思路", "安排", "举措", "措施", "要求", "打算", "计划"];

/// What says inside a sentence that something is still to come.
const TURNS: &[&str] = &["将", "目标", "力争", "计划", "拟"];

/// What says inside a sentence that something is there already.
const ALREADY: &[&str] = &["截至目前", "目前已", "已建成", "已有", "已达", "已累计", "已完成", "已实现", "目前共有"];

impl Setting {
    /// The setting of every section of a plan, in their order.
    pub(super) fn of_sections(plan: &Plan) -> Vec<Self> {
        let plain = Self {
            role: Role::Target,
            year: plan.period.map(|period| period.end_year),
            period: plan.period,
            chapter: None,
        };
        let mut found: Vec<Self> = Vec::with_capacity(plan.sections.len());
        for (index, section) in plan.sections.iter().enumerate() {
            let above = section.parent.and_then(|parent| found.get(parent).copied()).unwrap_or(plain);
            found.push(if ahead(section) {
                Self { chapter: Some(index), ..plain }
            } else if past(section) {
                let heading = section.heading.as_deref().unwrap_or_default();
                let told = time::scan(heading).first().and_then(|mention| match mention.year {
                    Year::Told(year) => Some(year),
                    Year::Own(_) => None,
                });
                // An annual plan looks back on the year before; what a five-year plan looks back on is said or unknown.
                let last = plan
                    .period
                    .filter(|period| period.start_year == period.end_year)
                    .map(|period| period.start_year - 1);
                Self { role: Role::Actual, year: told.or(last), period: plan.period, chapter: Some(index) }
            } else {
                above
            });
        }
        found
    }

    /// The year that a mention means here; none where it says no more than the plan itself.
    pub(super) fn year_of(self, mention: &Mention) -> Option<i32> {
        match (mention.year, self.role) {
            (Year::Told(year), _) => Some(year),
            (Year::Own(_), Role::Actual) => self.year,
            (Year::Own(offset), Role::Target) => self
                .period
                .filter(|period| period.start_year == period.end_year)
                .map(|period| period.start_year + offset),
        }
    }

    /// Whether a year that opens a sentence goes on holding behind it: one looked back on does; an aim for another year
    /// than the plan's own (到2027年翻一番) is said by the way.
    pub(super) fn holds_on(self, said: Option<i32>) -> bool {
        let Some(period) = self.period else { return true };
        self.role == Role::Actual || said.is_none_or(|year| year <= period.start_year || year == period.end_year)
    }

    /// Whether a sentence of aims that opens with one year goes on to another: to what is planned, or to the next stage.
    pub(super) fn goes_on(self, first: Option<i32>, last: Option<i32>) -> bool {
        self.role == Role::Target && last.is_some() && first != last
    }

    /// Role and year of a figure, from the year said in its sentence or paragraph and the words around it; and what told
    /// the role.
    pub(super) fn judge(self, said: Option<i32>, before: &str, behind: &str) -> (Role, Option<i32>, RoleBy) {
        let begun = self.period.map(|period| period.start_year);
        let past = said.zip(begun).is_some_and(|(year, begun)| year < begun);
        // 首批1200万元已下达.
        let done = ["已下达", "已到位", "已拨付", "已完成", "已建成"].iter().any(|done| behind.starts_with(done));
        let already = done || ALREADY.iter().any(|word| before.contains(word)) || has_now(before);
        match self.role {
            // 到2030年,占比将达到30%; 2026年主要目标是…: a look back that turns ahead.
            Role::Actual
                if begun.is_some_and(|begun| said.is_some_and(|year| year >= begun))
                    && TURNS.iter().any(|word| before.contains(word)) =>
            {
                (Role::Target, said, RoleBy::ComingYear)
            }
            Role::Target if past => (Role::Actual, said, RoleBy::PastYear),
            Role::Target if already => {
                (Role::Actual, said.filter(|year| begun.is_none_or(|begun| *year <= begun)), RoleBy::Already)
            }
            // “十五五”时期…,医师数仍低于3人: the years to come are none in which it was reached.
            Role::Actual if begun.is_some_and(|begun| said.is_some_and(|year| year > begun)) => {
                (Role::Actual, self.year, RoleBy::Chapter)
            }
            role => (role, said.or(self.year), if self.chapter.is_some() { RoleBy::Chapter } else { RoleBy::Plan }),
        }
    }
}

/// 现有床位3张, but 以现有资源为主, 盘活现有床位.
fn has_now(before: &str) -> bool {
    const USED: &[char] = &['以', '在', '用', '托', '对', '将', '合', '活', '化', '把', '从'];
    const MEANS: &[&str] = &["资源", "基础", "条件", "政策", "的"];
    before.match_indices("现有").any(|(at, word)| {
        let behind = &before[at + word.len()..];
        // 现有床位3张,到年底新增2张: it turns ahead.
        let turned = ["到年底", "年内", "将", "力争", "计划", "拟", "到20"].iter().any(|ahead| behind.contains(ahead));
        !turned && !before[..at].ends_with(USED) && lexicon::longest_start(behind, MEANS).is_none()
    })
}

fn ahead(section: &Section) -> bool {
    short_heading(section).is_some_and(|heading| AHEAD.iter().any(|word| heading.contains(word)))
}

/// A chapter that looks back; what starts with a verb (提升服务成效, 抓项目，补齐设施短板) is a task.
fn past(section: &Section) -> bool {
    short_heading(section).is_some_and(|heading| {
        section.depth <= 2
            && heading.split(['，', ',', '、', '：', ' ']).any(|part| {
                lexicon::longest_start(part, TASKS).is_none() && PAST.iter().any(|word| part.contains(word))
            })
            // 总结阶段(10—12月): of what is still to come.
            && !["总结阶段", "总结评估", "总结验收", "总结推广", "总结提升"].iter().any(|word| heading.contains(word))
    })
}

/// The heading, unless it is as long as a sentence.
fn short_heading(section: &Section) -> Option<&str> {
    section.heading.as_deref().filter(|heading| heading.chars().count() <= 24)
}

#[cfg(test)]
mod tests {
    use entity::value::{PlanKind, SectionKind};

    use super::*;

    fn section(heading: &str, depth: u32, parent: Option<usize>) -> Section {
        Section {
            kind: SectionKind::Heading,
            number: None,
            heading: Some(heading.to_owned()),
            depth,
            parent,
            range: 0..0,
            body: 0..0,
            responsible: Vec::new(),
        }
    }

    fn settings(kind: PlanKind, period: Period, sections: Vec<Section>) -> Vec<Setting> {
        let plan = Plan {
            title: String::new(),
            kind,
            region: None,
            issuer: None,
            document_number: None,
            index_number: None,
            issued_on: None,
            published_on: None,
            period: Some(period),
            origin: None,
            text: String::new(),
            annexes: Vec::new(),
            sections,
            indicators: Vec::new(),
            dropped: 0,
            glossary: Vec::new(),
            mentions: Vec::new(),
        };
        Setting::of_sections(&plan)
    }

    #[test]
    fn tells_chapters_apart() {
        let of = settings(
            PlanKind::AnnualPlan,
            Period::year(2025),
            vec![
                section("去年工作回顾", 1, None),
                section("教育", 2, Some(0)),
                section("今年主要任务", 1, None),
                section("提升服务成效", 2, Some(2)),
                section("抓项目，补齐设施短板", 1, None),
            ],
        );
        assert_eq!(of[1].judge(None, "", ""), (Role::Actual, Some(2024), RoleBy::Chapter));
        assert_eq!(of[3].judge(None, "", ""), (Role::Target, Some(2025), RoleBy::Chapter));
        assert_eq!(of[1].judge(Some(2025), "2025年目标是", ""), (Role::Target, Some(2025), RoleBy::ComingYear));
        assert_eq!(of[4].judge(None, "", ""), (Role::Target, Some(2025), RoleBy::Plan));
        assert_eq!(of[3].judge(Some(2023), "", ""), (Role::Actual, Some(2023), RoleBy::PastYear));
        assert_eq!(of[3].judge(None, "已建成公园", ""), (Role::Actual, None, RoleBy::Already));
        let own = time::scan("今年新增3所");
        assert_eq!((of[1].year_of(&own[0]), of[3].year_of(&own[0])), (Some(2024), Some(2025)));
    }

    #[test]
    fn five_year_plans_end_with_their_last_year() {
        let of = settings(
            PlanKind::FiveYearPlan,
            Period { start_year: 2026, end_year: 2030 },
            vec![section("发展背景", 1, None), section("主要目标", 1, None)],
        );
        assert_eq!(of[0].judge(None, "", ""), (Role::Actual, None, RoleBy::Chapter));
        assert_eq!(of[0].judge(Some(2030), "", ""), (Role::Actual, None, RoleBy::Chapter));
        assert_eq!(of[1].judge(None, "", ""), (Role::Target, Some(2030), RoleBy::Chapter));
        assert_eq!(of[1].judge(Some(2028), "", ""), (Role::Target, Some(2028), RoleBy::Chapter));
    }
}
