//! What each site answers to a path.

use std::fmt::Write as _;

use crate::html::{DECOYS, FOOTER, NAVIGATION, decoy, head, paragraphs};

/// An answer before it is encoded.
pub(crate) struct Page {
    pub(crate) media_type: &'static str,
    pub(crate) body: Vec<u8>,
}

/// One of the five sites.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) slug: &'static str,
    /// Who publishes there.
    pub(crate) name: &'static str,
    /// Whose authority it is; none for a site that reprints.
    pub(crate) region: Option<&'static str>,
    /// Where its list stands.
    pub(crate) list: &'static str,
    /// The text of its plan page, which tests may edit.
    pub(crate) text: &'static str,
    /// Path and form of a request, and the text as it stands now, into a page; none is 404.
    pub(crate) answer: fn(path: &str, form: &str, text: &str) -> Option<Page>,
}

pub(crate) const SITES: [Site; 5] = [
    Site {
        slug: "huzhou",
        name: "湖州市卫生健康委员会",
        region: Some("330500"),
        list: "/hzgov/front/s1/xxgk/ghjh/index.html",
        text: include_str!("../pages/huzhou.txt"),
        answer: huzhou,
    },
    Site {
        slug: "zhonglou",
        name: "常州市钟楼区人民政府",
        region: Some("320404"),
        list: "/class/QWERTYUI",
        text: include_str!("../pages/zhonglou.txt"),
        answer: zhonglou,
    },
    Site {
        slug: "hangzhou",
        name: "项目信息网",
        region: None,
        list: "/guihua/",
        text: include_str!("../pages/hangzhou.txt"),
        answer: hangzhou,
    },
    Site {
        slug: "shaoxing",
        name: "绍兴市卫生健康委员会",
        region: Some("330600"),
        list: "/col/col1001/index.html",
        text: include_str!("../pages/shaoxing.txt"),
        answer: shaoxing,
    },
    Site {
        slug: "provinces",
        name: "样例医疗网",
        region: None,
        list: "/list/3/",
        text: include_str!("../pages/provinces.txt"),
        answer: provinces,
    },
];

fn utf8(body: String) -> Option<Page> {
    Some(Page { media_type: "text/html; charset=utf-8", body: body.into_bytes() })
}

/// GB18030 bytes under a header that names no charset and a head that says gb2312.
fn gb(body: &str) -> Option<Page> {
    Some(Page { media_type: "text/html", body: encoding_rs::GB18030.encode(body).0.into_owned() })
}

fn huzhou(path: &str, _form: &str, text: &str) -> Option<Page> {
    const BASE: &str = "/hzgov/front/s1/xxgk/ghjh/";
    const TITLE: &str = "2025年全市卫生健康工作要点";
    let name = path.strip_prefix(BASE)?;
    if name == "index.html" {
        let mut entries = format!(r#"[{{"url":"{BASE}20250324/i1.html","title":"{TITLE}","daytime":"2025-03-24"}}"#);
        for decoy in &DECOYS {
            // Writing to a string cannot fail.
            let _ = write!(
                entries,
                r#",{{"url":"{BASE}20250106/{}.html","title":"{}","daytime":"2025-01-06"}}"#,
                decoy.slug, decoy.title
            );
        }
        return utf8(format!(
            "{}<body>{NAVIGATION}<div id='list'></div><script>var dataList = [{{\"infolist\":{entries}]}}];var pagesData = {{'total':5}};</script>{FOOTER}",
            head("湖州市卫生健康委员会", "规划计划", "规划计划", "", "utf-8")
        ));
    }
    if name == "20250324/i1.html" {
        return utf8(format!(
            "{}<body>{NAVIGATION}<div class='crumbs'>当前位置：首页 &gt; 规划计划</div><table class='xxgk'><tr><td>索引号：</td><td>002564395/2025-00051</td><td>成文日期：</td><td>2025-03-24</td></tr><tr><td>文件编号：</td><td></td><td>发布机构：</td><td>市卫生健康委</td></tr></table><div class='title'>{TITLE}</div><div class='info'>发布日期：2025-03-24 09:52:56 字号：[ 大 中 小 ]</div><div class='zw'>{}</div>{FOOTER}",
            head("湖州市卫生健康委员会", "规划计划", TITLE, "2025-03-24 09:52", "utf-8"),
            paragraphs(text, "<p>　　", "</p>")
        ));
    }
    let slug = name.strip_prefix("20250106/")?.strip_suffix(".html")?;
    DECOYS.iter().find(|d| d.slug == slug).and_then(|d| utf8(decoy(d, "utf-8")))
}

fn zhonglou(path: &str, _form: &str, text: &str) -> Option<Page> {
    const TITLE: &str = "2025年全区卫生健康工作要点";
    if path == "/class/QWERTYUI" {
        let rows: String = DECOYS
            .iter()
            .map(|d| format!("<li><span>[2025-01-06]</span><a href='/new/1_{}' title='{}'>…</a></li>", d.slug, d.title))
            .collect();
        return gb(&format!(
            "{}<body>{NAVIGATION}<div class='newslistdiv'><ul><li><span>[2025-04-11]</span><a href='/new/1_2' title='{TITLE}'>2025年全区...</a></li>{rows}</ul></div>{FOOTER}",
            head("常州市钟楼区人民政府", "规划计划", "规划计划", "", "gb2312")
        ));
    }
    if path == "/new/1_2" {
        return gb(&format!(
            "{}<body>{NAVIGATION}<h2>{TITLE}</h2><div class='sub'>来源：区卫生健康局　发布日期：<span>2025-\n04-11</span></div><div class='content' id=zoomcon>{}</div>{FOOTER}",
            head("常州市钟楼区人民政府", "规划计划", TITLE, "2025-04-11 15:30:07", "gb2312"),
            paragraphs(text, "<div>　　", "</div>")
        ));
    }
    let slug = path.strip_prefix("/new/1_")?;
    DECOYS.iter().find(|d| d.slug == slug).and_then(|d| gb(&decoy(d, "gb2312")))
}

fn hangzhou(path: &str, _form: &str, text: &str) -> Option<Page> {
    const TITLE: &str = "【浙江】杭州市卫生健康事业发展“十四五”规划";
    const ADVERTS: &str = "<div class='popup' style='display:none'>关注公众号，免费订阅项目</div><ul class='menu'><li><a href='/a'>招标</a></li><li><a href='/b'>展会</a></li></ul>";
    match path {
        "/guihua/" => utf8(format!(
            "<html><head><meta charset=utf-8><title>规划</title></head><body>{ADVERTS}<div class=list><a href='/guihua/1.html'>{TITLE}</a><a href='/guihua/2.html'>【浙江】某开发区供水管网工程</a></div></body></html>"
        )),
        "/guihua/1.html" => utf8(format!(
            "<html><head><meta charset=utf-8><title>{TITLE}-项目信息网</title></head><body>{ADVERTS}<h1>{TITLE}</h1><table><tr><th>发布时间</th><th>所属行业</th><th>地区</th></tr><tr><td>2021-11-01</td><td>医疗</td><td>浙江</td></tr></table><div class='detail'>{}</div><div class='vip'><p>注册会员后可以查看更多项目</p></div></body></html>",
            paragraphs(text, "", "<br><br>")
        )),
        "/guihua/2.html" => utf8(
            "<html><head><meta charset=utf-8></head><body><h1>【浙江】某开发区供水管网工程</h1><p>总投资0.8亿元，工期12个月。</p></body></html>".to_owned(),
        ),
        _ => None,
    }
}

fn shaoxing(path: &str, form: &str, text: &str) -> Option<Page> {
    const TITLE: &str = "关于印发2024年绍兴市卫生健康工作要点的通知";
    const ARTICLE: &str = "/art/2024/3/21/art_1001_77.html";
    let rows: Vec<String> = (0..24)
        .map(|i| {
            let decoy = &DECOYS[i % DECOYS.len()];
            (format!("/art/2024/1/{}/art_1001_{}_{i}.html", i + 1, decoy.slug), decoy.title, format!("2024-01-{:02}", i + 1))
        })
        .chain([(ARTICLE.to_owned(), TITLE, "2024-03-21".to_owned())])
        .map(|(url, title, date)| {
            format!("<record><![CDATA[<li class=\"clearfix\"><a href=\"{url}\" title=\"{title}\">{title}</a><span>{date}</span></li>]]></record>")
        })
        .collect();
    let store = |from: usize, to: usize| {
        let part = rows.get(from..to.min(rows.len())).unwrap_or_default().concat();
        format!(
            "<datastore><totalrecord>{}</totalrecord><totalpage>3</totalpage><nextgroup><![CDATA[<a href=\"/module/jpage/dataproxy.jsp?page=1&webid=1&path=/&columnid=1001&unitid=2002&appid=1&permissiontype=0\"></a>]]></nextgroup><recordset>{part}</recordset></datastore>",
            rows.len()
        )
    };
    if path == "/col/col1001/index.html" {
        return utf8(format!(
            "{}<body>{NAVIGATION}<div id='2002'></div><script type='text/xml'>{}</script><script>var perpage=10;</script>{FOOTER}",
            head("绍兴市卫生健康委员会", "规划计划", "规划计划", "", "utf-8"),
            store(0, 10)
        ));
    }
    if let Some(query) = path.strip_prefix("/module/jpage/dataproxy.jsp?") {
        let number = |name: &str| {
            query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse::<usize>().ok())
        };
        let asked = form.contains("columnid=1001");
        let (Some(from), Some(to), true) = (number("startrecord"), number("endrecord"), asked) else {
            return utf8("<datastore><recordset></recordset></datastore>".to_owned());
        };
        return Some(Page {
            media_type: "text/xml; charset=utf-8",
            body: store(from.saturating_sub(1), to).into_bytes(),
        });
    }
    if path == ARTICLE {
        return utf8(format!(
            "{}<body>{NAVIGATION}<table class='xxgk'><tr><th>索 引 号</th><td>001003015/2024-06111</td><th>文　　号</th><td></td></tr><tr><th>发布机构：</th><td>市卫生健康委</td><th>生成日期</th><td>2024-03-18</td></tr></table><!--<$[标题]>begin-->{TITLE}<!--<$[标题]>end--><div id='zoom'><!--<$[信息内容]>begin--><meta name='ContentStart'><p>{TITLE}</p>{}<meta name='ContentEnd'><!--<$[信息内容]>end--></div>{FOOTER}",
            head("绍兴市卫生健康委员会", "规划计划", TITLE, "2024-03-21 16:08:00", "utf-8"),
            paragraphs(text, "<p>　　", "</p>")
        ));
    }
    DECOYS.iter().find(|d| path.contains(&format!("_{}_", d.slug))).and_then(|d| utf8(decoy(d, "utf-8")))
}

fn provinces(path: &str, _form: &str, text: &str) -> Option<Page> {
    const TITLE: &str = "2025年部分地区卫健委工作计划汇总";
    match path {
        "/list/3/" => utf8(format!(
            "<html><head><meta charset=utf-8><title>政策</title></head><body>{NAVIGATION}<ul class=news><li><a href='/list/3/1.html'>{TITLE}</a> 2025-02-14</li><li><a href='/list/3/2.html'>{}</a> 2025-02-10</li></ul></body></html>",
            DECOYS[1].title
        )),
        "/list/3/1.html" => utf8(format!(
            "<html><head><meta charset=utf-8><title>{TITLE}-样例医疗网</title></head><body>欢迎访问 | 网站首页<h1>{TITLE}</h1><p class=meta>发布时间：2025-02-14 来源： 样例日报 浏览量： 字号：【加大】【减小】</p><section class=article>{}</section><p>版权归原作者所有</p></body></html>",
            paragraphs(text, "<p><span>", "</span></p>")
        )),
        "/list/3/2.html" => utf8(decoy(&DECOYS[1], "utf-8")),
        _ => None,
    }
}
