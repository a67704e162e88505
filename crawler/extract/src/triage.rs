//! Whether a page holds a plan, told by its title and by its text.

use std::sync::LazyLock;

use regex::Regex;

use crate::{Article, article::Block, metadata::pattern, structure::mark, title::plan_word};

/// What a page is taken for, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds a plan.
    Plan(String),
    /// It is something else.
    Other(String),
    /// The title does not tell; the text has to. Never the answer where an article was given.
    Unclear,
}

/// Kinds of pages that speak of plans without being one, wherever the word stands.
static ABOUT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "一图读懂|一图看懂|图解|解读|问答|发布会|征求意见|意见稿|公开招聘|招聘|招录|招生|招标|中标|采购|竞价|成交|拍卖|放假|值班|假期|处罚|任免",
    )
});
/// What a page is whose title ends so: the last word of a title names the thing.
static OTHER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "报告|年报|总结|会议|培训班|公示|公告|通报|名单|预算|决算|批复|答复|简报|讲话|情况|统计|清册|许可|工程|项目|改造|竣工|验收|评估|检查结果|考试|体检",
    )
});
/// Words for what will be done.
static INTENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern("推进|推动|加强|完善|实施|力争|确保|提升|健全|深化|开展|落实|强化|优化|构建|加快|做好|巩固|建立|争取|探索")
});
/// Words for what was done.
static RESULT: LazyLock<Regex> =
    LazyLock::new(|| pattern("同比|累计|全年共|共完成|已完成|完成了|实现了|取得了|圆满完成|荣获|获评|截至"));

/// Characters of a text below which a page holds none.
const MIN_TEXT: usize = 150;

/// Tells whether a page holds a plan: by the title in a list, and again by the article once it is there, whose own
/// title then counts.
#[must_use]
pub fn verdict(title: &str, article: Option<&Article>) -> Verdict {
    let Some(article) = article else { return by_title(title) };
    let own = article.title.as_deref().unwrap_or(title);
    match by_title(own) {
        Verdict::Unclear if own != title => by_text(by_title(title), article),
        by_title => by_text(by_title, article),
    }
}

fn by_title(title: &str) -> Verdict {
    if let Some(word) = ABOUT.find(title) {
        return Verdict::Other(format!("its title says {}", word.as_str()));
    }
    let other = OTHER.find_iter(title).last();
    match (plan_word(title), other) {
        // A report of what was done and what comes next holds the plan.
        (Some(plan), Some(other)) if other.end() > plan.end && !is_report_of_both(title, plan.end) => {
            Verdict::Other(format!("its title names a {}", other.as_str()))
        }
        (Some(plan), _) => Verdict::Plan(format!("its title names a {}", &title[plan])),
        (None, Some(other)) => Verdict::Other(format!("its title names a {}", other.as_str())),
        (None, None) => Verdict::Unclear,
    }
}

/// Whether a title goes `2024年工作总结和2025年工作计划的报告`; `behind` is where its plan's word ends.
fn is_report_of_both(title: &str, behind: usize) -> bool {
    let ends = matches!(title[behind..].trim_start_matches('的'), "报告" | "情况报告" | "情况的报告" | "情况");
    ends && OTHER.find(title).is_some_and(|first| first.start() < behind)
}

fn by_text(by_title: Verdict, article: &Article) -> Verdict {
    if matches!(by_title, Verdict::Other(_)) {
        return by_title;
    }
    let lines = texts(&article.blocks);
    let count = |words: &Regex| lines.iter().map(|line| words.find_iter(line).count()).sum::<usize>();
    let chars: usize = lines.iter().map(|line| line.chars().count()).sum();
    let numbered = lines.iter().filter(|line| mark(line).is_some()).count();
    let (intents, results) = (count(&INTENT), count(&RESULT));
    if chars < MIN_TEXT {
        return Verdict::Other(format!("it has no more than {chars} characters of text"));
    }
    match by_title {
        Verdict::Plan(reason) if intents >= 3 || numbered >= 3 => Verdict::Plan(reason),
        Verdict::Unclear if numbered >= 5 && intents >= 20 && intents > 3 * results => {
            Verdict::Plan(format!("{numbered} numbered paragraphs say what will be done"))
        }
        _ => Verdict::Other("its text does not say what will be done".to_owned()),
    }
}

/// The paragraphs of a body; the cells of its tables, too, where there is little else.
fn texts(blocks: &[Block]) -> Vec<&str> {
    let lines: Vec<_> = blocks.iter().filter_map(Block::line).collect();
    if lines.iter().map(|line| line.chars().count()).sum::<usize>() >= MIN_TEXT {
        return lines;
    }
    let mut texts = Vec::new();
    for block in blocks {
        match block {
            Block::Table(table) => texts.extend(table.rows.iter().flatten().map(String::as_str)),
            Block::Heading(line, _) | Block::Paragraph(line) => texts.push(line),
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_plans_by_title() {
        for title in [
            "2025年全县卫生健康工作要点",
            "某市卫生健康事业发展“十四五”规划",
            "某局2023年工作总结及2024年工作安排",
            "某局2021年政府工作报告任务分解",
            "关于印发某市托育服务行动计划（2025—2027年）的通知",
            "2025年各地卫健委工作计划汇总",
            "某局关于2024年工作情况和2025年工作打算的报告",
        ] {
            assert!(matches!(verdict(title, None), Verdict::Plan(_)), "{title}");
        }
    }

    #[test]
    fn tells_other_pages_by_title() {
        for title in [
            "某局2024年信息公开年度报告",
            "关于召开2025年工作要点部署会议的通知",
            "一图读懂：某县卫生健康工作要点",
            "《某市“十四五”规划》解读",
            "公开招聘护士公告",
            "某某路改造工程",
            "某市“十四五”规划中期评估报告",
            "春节假期门诊安排",
            "某局2024年工作总结",
        ] {
            assert!(matches!(verdict(title, None), Verdict::Other(_)), "{title}");
        }
        for title in ["关于做好计划生育家庭帮扶的通知", "国家免疫规划疫苗说明"] {
            assert_eq!(verdict(title, None), Verdict::Unclear, "{title}");
        }
    }

    #[test]
    fn asks_the_text() {
        let mut article =
            Article { title: Some("2025年全县卫生健康工作要点".to_owned()), ..Article::default() };
        assert!(matches!(verdict("2025年全县…", Some(&article)), Verdict::Other(_)));
        let tasks = ["一、推进义诊，加强宣传，完善设施，做好登记，落实到人，确保群众满意。"; 6];
        article.blocks = tasks.map(|line| Block::Paragraph(line.to_owned())).to_vec();
        assert!(matches!(verdict("2025年全县…", Some(&article)), Verdict::Plan(_)));
        article.title = Some("某县卫健局明年怎么干".to_owned());
        assert!(matches!(verdict("明年怎么干", Some(&article)), Verdict::Plan(_)));
        article.blocks = vec![Block::Paragraph("昨天，某局长看望了护士，向她们问好，并听取了意见。".repeat(10))];
        assert!(matches!(verdict("明年怎么干", Some(&article)), Verdict::Other(_)));
    }
}
