//! The markup that the sites share.

/// A title and a text that stand in a list beside the plans and are no plan.
pub(crate) struct Decoy {
    pub(crate) slug: &'static str,
    pub(crate) title: &'static str,
    pub(crate) text: &'static str,
}

pub(crate) const DECOYS: [Decoy; 4] = [
    Decoy {
        slug: "nianbao",
        title: "2024年度政府信息公开年度报告",
        text: "本年共主动公开信息318条，收到公开申请9件，均按时答复。",
    },
    Decoy {
        slug: "huiyi",
        title: "关于召开年度卫生健康工作会议的通知",
        text: "会议定于3月6日下午2时举行，请各单位派1名负责人参加。",
    },
    Decoy { slug: "tujie", title: "一图读懂2025年卫生健康工作要点", text: "点击图片查看大图。" },
    Decoy {
        slug: "zhaopin",
        title: "2025年公开招聘卫生专业技术人员公告",
        text: "本次招聘18人，笔试成绩占60%，报名截止4月10日。",
    },
];

pub(crate) const NAVIGATION: &str = r##"<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="#">信息公开</a></li><li><a href="#">办事指南</a></li></ul></div>"##;

pub(crate) const FOOTER: &str = r##"<div class="share">分享到：<a>微信</a> <a>微博</a> 【打印】【关闭】</div><div class="footer"><p>样例站点，仅供演示</p><p>浏览次数：<script>document.write("7")</script></p></div></body></html>"##;

/// Everything before `<body>`, with the head metadata that government sites carry.
pub(crate) fn head(site: &str, column: &str, title: &str, published: &str, charset: &str) -> String {
    format!(
        r#"<!DOCTYPE html><html lang="zh"><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"><title>{title}</title><meta name="SiteName" content="{site}"><meta name="ColumnName" content="{column}"><meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{published}"><meta name="ContentSource" content="null"></head>"#
    )
}

/// The lines of a text, each in an element; empty lines are left out.
pub(crate) fn paragraphs(text: &str, open: &str, close: &str) -> String {
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| format!("{open}{line}{close}\n")).collect()
}

/// A page that is no plan.
pub(crate) fn decoy(decoy: &Decoy, charset: &str) -> String {
    format!(
        "{}<body>{NAVIGATION}<h1>{}</h1><div class='content'><p>{}</p></div>{FOOTER}",
        head("样例站点", "通知公告", decoy.title, "2025-01-06 10:00", charset),
        decoy.title,
        decoy.text
    )
}
