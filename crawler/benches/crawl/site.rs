//! The site that is crawled: columns of lists with a pager, and plans, each of another region or year, made from their
//! number alone.

use std::{fmt::Write, net::Ipv4Addr, sync::Arc};

use axum::{
    Router,
    extract::{Path, State},
    response::Html,
    routing::get,
};
use entity::{reference::regions, value::RegionLevel};

/// Entries of a page of a list.
const ENTRIES: usize = 20;
/// Articles of a list.
const COLUMN: usize = 500;
/// The first year of plans, and how many years there are.
const YEARS: (usize, usize) = (2011, 16);

/// What the pages are made of.
struct Site {
    /// How many articles each host has.
    articles: usize,
    /// Whose plans they are.
    regions: Vec<String>,
}

/// Serves so many articles over so many hosts of this machine, and tells a line a host which lists there are.
pub(crate) async fn serve(articles: usize, hosts: usize) {
    let regions = regions().iter().filter(|region| region.level == RegionLevel::Prefecture && region.until.is_none());
    let site = Arc::new(Site {
        articles: articles.div_ceil(hosts),
        regions: regions.map(|region| region.name.clone()).collect(),
    });
    let mut servers = tokio::task::JoinSet::new();
    for host in 0..hosts {
        let address = Ipv4Addr::new(127, 0, 0, u8::try_from(host + 1).unwrap());
        let listener = tokio::net::TcpListener::bind((address, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let columns = (0..site.articles.div_ceil(COLUMN)).map(|column| format!("{url}/c{column}/1.html"));
        println!("{}", columns.collect::<Vec<_>>().join(" "));
        let list = |State((site, _)): State<(Arc<Site>, usize)>, Path((column, page)): Path<(String, String)>| async move {
            Html(site.list(number(&column), number(&page)))
        };
        let article = |State((site, host)): State<(Arc<Site>, usize)>, Path(article): Path<String>| async move {
            Html(site.article(host * site.articles + number(&article)))
        };
        let router = Router::new()
            .route("/robots.txt", get(async || "User-agent: *\nDisallow: /search/\n"))
            .route("/{column}/{page}", get(list))
            .route("/plans/2025/{article}", get(article))
            .with_state((Arc::clone(&site), host));
        servers.spawn(async move { axum::serve(listener, router).await });
    }
    servers.join_all().await;
}

/// The number in a part of an address: that of `c3` or `17.html`.
fn number(part: &str) -> usize {
    part.trim_start_matches('c').trim_end_matches(".html").parse().unwrap_or_default()
}

impl Site {
    fn title(&self, article: usize) -> String {
        let region = &self.regions[article % self.regions.len()];
        let year = YEARS.0 + article / self.regions.len() % YEARS.1;
        format!("{region}{year}年卫生健康工作要点")
    }

    fn list(&self, column: usize, page: usize) -> String {
        let articles = column * COLUMN..self.articles.min((column + 1) * COLUMN);
        let mut html = head("规划计划");
        html.push_str("<div class=\"list\"><ul>\n");
        for article in articles.clone().skip((page - 1) * ENTRIES).take(ENTRIES) {
            let title = self.title(article);
            let _ = writeln!(
                html,
                "<li><a href=\"/plans/2025/{article}.html\" title=\"{title}\" target=\"_blank\">{title}</a><span>2025-02-{:02}</span></li>",
                article % 28 + 1
            );
        }
        html.push_str("</ul></div>\n<div class=\"pages\">");
        if page > 1 {
            let _ = write!(html, "<a href=\"/c{column}/{}.html\">上一页</a>", page - 1);
        }
        if page * ENTRIES < articles.len() {
            let _ = write!(html, "<a href=\"/c{column}/{}.html\">下一页</a>", page + 1);
        }
        html.push_str("</div>\n");
        html.push_str(FOOT);
        html
    }

    fn article(&self, article: usize) -> String {
        let (title, mut chance) = (self.title(article), Chance(article as u64));
        let region = &self.regions[article % self.regions.len()];
        let mut html = head(&title);
        let _ = write!(
            html,
            "<meta name=\"ArticleTitle\" content=\"{title}\">\n<div class=\"position\">当前位置：<a href=\"/\">首页</a> &gt; <a href=\"/c0/1.html\">规划计划</a></div>\n\
             <table class=\"index\"><tr><td>索引号</td><td>{:08}/2025-{article:05}</td><td>发布机构</td><td>{region}卫生健康委员会</td></tr>\
             <tr><td>文号</td><td>卫发〔2025〕{}号</td><td>发布日期</td><td>2025-02-{:02}</td></tr></table>\n\
             <h1>{title}</h1>\n<div class=\"info\">来源：{region}卫生健康委员会 发布时间：2025-02-{:02} 浏览次数：<span id=\"hits\"></span></div>\n<div class=\"article-content\">\n",
            article * 7919 % 100_000_000,
            article % 90 + 1,
            article % 28 + 1,
            article % 28 + 1,
        );
        let mut paragraph = |text: &str| {
            let _ = writeln!(html, "<p style=\"text-indent: 2em; line-height: 28px;\">{text}</p>");
        };
        let opening = [chance.of(&OPENINGS), chance.of(&ENDINGS)].concat();
        paragraph(&opening);
        for (number, heading) in ["一、", "二、", "三、", "四、"].iter().zip(chance.some(&HEADINGS, 4)) {
            paragraph(&format!("{number}{heading}"));
            for number in ["（一）", "（二）", "（三）"] {
                let mut text = format!("{number}{}。", chance.of(&TASKS));
                for _ in 0..2 + chance.below(2) {
                    let _ = write!(
                        text,
                        "{}{}，{}。",
                        chance.of(&DOING),
                        chance.of(&WHAT),
                        chance.of(&ENDINGS).trim_end_matches('。')
                    );
                }
                let figure = chance.of(&FIGURES).replace("{}", &(chance.below(80) + 10).to_string());
                text.push_str(&figure);
                paragraph(&text);
            }
        }
        html.push_str("</div>\n");
        html.push_str(FOOT);
        html
    }
}

/// Numbers that are the same every time: SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % end as u64).unwrap()
    }

    fn of<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        texts[self.below(texts.len())]
    }

    /// Some of the texts, each once, in their order from a place on.
    fn some<'a>(&mut self, texts: &[&'a str], count: usize) -> Vec<&'a str> {
        let from = self.below(texts.len());
        texts.iter().cycle().skip(from).take(count).copied().collect()
    }
}

const OPENINGS: [&str; 6] = [
    "新的一年，全市卫生健康系统要把群众看病的事一件一件办好，",
    "今年工作的总要求是少开会、多办事，把力气用在基层，",
    "各县区、各单位要对照下面的任务列出清单，逐月盘点，",
    "为了让居民少跑路、少花钱、看好病，现把全年任务分解如下，",
    "按照年初商定的安排，结合各地报来的想法，",
    "围绕居民最盼的几件事，经过三轮走访和讨论，",
];
const ENDINGS: [&str; 14] = [
    "每季度张榜公布进展。",
    "由分管领导包干到底。",
    "请居民代表一起打分。",
    "年底逐项验看结果。",
    "办不成的要说明原因。",
    "做法好的在全市推开。",
    "钱花在哪里都要记账。",
    "遇到难处及时上报。",
    "让山里和海岛也用得上。",
    "先试两个月再铺开。",
    "老人和孩子排在前面。",
    "夜里和节日也有人值守。",
    "与学校和社区一道推进。",
    "不搞花架子，不添新表格。",
];
const HEADINGS: [&str; 8] = [
    "把门诊办到家门口",
    "让大家少生病",
    "照看老人和孩子",
    "培养留得住的医生",
    "用好信息这张网",
    "守住安全的底线",
    "减轻看病的负担",
    "弘扬中医的长处",
];
const TASKS: [&str; 16] = [
    "推进乡镇卫生院改造",
    "加强急救网络建设",
    "完善分级诊疗安排",
    "落实家庭医生签约",
    "提升慢病管理质量",
    "深化医院薪酬改革",
    "健全托育服务体系",
    "做好疫苗接种工作",
    "开展职业病危害清查",
    "优化老年人就医流程",
    "强化传染病监测预警",
    "实施妇女两癌筛查",
    "巩固无烟单位成果",
    "加快检查结果互认",
    "推动中医药进社区",
    "探索远程会诊平台",
];
const DOING: [&str; 12] = [
    "抓紧落实",
    "稳步推进",
    "认真开展",
    "全面加强",
    "持续优化",
    "扎实做好",
    "着力提升",
    "有序实施",
    "主动探索",
    "逐步健全",
    "统筹建设",
    "努力完善",
];
const WHAT: [&str; 14] = [
    "夜间门诊和周末门诊",
    "村医的培训与轮岗",
    "孕产妇和新生儿的随访",
    "药品集中采购后的配送",
    "血站和献血屋的布点",
    "医疗废物的收集转运",
    "饮用水和餐馆的抽查",
    "学校近视和肥胖的防控",
    "心理热线和上门疏导",
    "住院病人的陪护服务",
    "康复和安宁疗护的床位",
    "检验和影像的远程诊断",
    "健康档案的更新核对",
    "工地和矿山的尘毒检测",
];
const FIGURES: [&str; 16] = [
    "新增普惠托位{}0个。",
    "家庭医生签约率达到{}%以上。",
    "改造乡镇卫生院{}家。",
    "居民健康素养水平力争达到{}%。",
    "培训基层医务人员{}00人次。",
    "孕产妇死亡率控制在{}/10万以内。",
    "适龄儿童国家免疫规划疫苗接种率保持在{}%以上。",
    "65岁以上老年人健康体检率不低于{}%。",
    "新增床位{}张，每千人口床位数达到6.{}张。",
    "高血压患者规范管理率提高到{}%，比上年提高2个百分点。",
    "完成妇女两癌筛查{}000人。",
    "建成规范化发热诊室{}个，覆盖率达到{}%。",
    "到2027年底，县域就诊率稳定在{}%左右。",
    "院前急救平均反应时间缩短到{}分钟以内。",
    "招收定向培养医学生{}名，其中中医专业不少于10名。",
    "二级以上医院检查结果互认项目不少于{}项。",
];

/// What stands above every page.
fn head(title: &str) -> String {
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <meta name=\"SiteName\" content=\"样例卫生健康委员会\">\n<meta name=\"ColumnName\" content=\"规划计划\">\n\
         <link rel=\"stylesheet\" href=\"/css/site.css\">\n<script src=\"/js/site.js\"></script>\n\
         <script>var site = {{lang: 'zh', wide: true}}; function toggle() {{ document.body.classList.toggle('wide'); }}</script>\n\
         </head>\n<body>\n<div class=\"top\"><a href=\"javascript:toggle()\">无障碍</a> <a href=\"/m/\">手机版</a></div>\n<ul class=\"menu\">\n"
    );
    for (number, word) in
        ["首页", "机构", "新闻", "政务公开", "办事", "互动", "数据", "专题", "党建", "人才"].iter().enumerate()
    {
        let _ = writeln!(
            html,
            "<li class=\"item\"><a href=\"/menu/{number}/\">{word}</a><ul><li><a href=\"/menu/{number}/a/\">动态</a></li><li><a href=\"/menu/{number}/b/\">通知</a></li></ul></li>"
        );
    }
    html.push_str("</ul>\n");
    html
}

/// What stands below every page.
const FOOT: &str = "<div class=\"foot\"><p>主办单位：样例卫生健康委员会</p><p>网站标识码：0000000000 备案号：样例备00000000号</p>\
    <p><a href=\"/about/\">关于我们</a> <a href=\"/map/\">网站地图</a> <a href=\"/contact/\">联系我们</a></p></div>\n<script src=\"/js/hits.js\"></script>\n</body>\n</html>\n";
