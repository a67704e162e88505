use super::*;

fn url(path: &str) -> Url {
    Url::parse("http://wjw.example.cn/").unwrap().join(path).unwrap()
}

fn at<'a>(asked: &'a Url, url: &'a Url, title: Option<&'a str>, html: &'a str) -> Option<Impostor> {
    article(&Answered { asked, url, title, html })
}

fn read(html: &str) -> Option<Impostor> {
    let url = url("/ghjh/t1.html");
    at(&url, &url, Some("2025年某县卫生健康工作要点"), html)
}

fn is_blocked(impostor: Option<&Impostor>, word: &str) -> bool {
    matches!(impostor, Some(Impostor::Blocked(reason)) if reason.contains(word))
}

fn is_missing(impostor: Option<&Impostor>, word: &str) -> bool {
    matches!(impostor, Some(Impostor::NotFound(reason)) if reason.contains(word))
}

const MENU: &str = "<ul><li><a href='/'>首页</a><li><a href='/xw/'>新闻动态</a><li><a href='/zw/'>政务公开信息目录</a>\
                    <li><a href='/fw/'>办事服务大厅</a><li><a href='/hd/'>互动交流平台</a></ul>";

#[test]
fn knows_challenges_by_status() {
    let script = "<html><script>var _$a1=1;</script></html>";
    assert!(is_blocked(refusal(521, &[], "<script>document.cookie='__jsl_clearance=1'</script>").as_ref(), "加速乐"));
    assert!(is_blocked(refusal(521, &[], "").as_ref(), "521"));
    assert!(is_blocked(refusal(412, &[], script).as_ref(), "412"));
    assert!(is_blocked(refusal(202, &[], script).as_ref(), "202"));
    assert!(is_blocked(refusal(403, &[], "<h1>403 Forbidden</h1>").as_ref(), "403"));
    assert!(is_blocked(refusal(503, &[], "<p>您的请求已被拦截</p>").as_ref(), "拦截"));
    let cloudflare = [("Server".to_owned(), "cloudflare".to_owned())];
    for (status, headers) in [(521, &cloudflare[..]), (202, &[]), (404, &[]), (500, &[])] {
        assert_eq!(refusal(status, headers, "<h1>Error</h1>"), None, "{status}");
    }
}

#[test]
fn knows_shells_that_come_with_200() {
    let shell = "<html><head><script>document.cookie='C3VK=a1b2c3';window.location.reload()</script></head></html>";
    assert!(is_blocked(read(shell).as_ref(), "C3VK"));
    assert!(is_blocked(page(shell).as_ref(), "C3VK"));
    let ruishu = "<html><head><meta content='x' r='m'><script>$_ts=window['$_ts']</script></head><body></body></html>";
    assert!(is_blocked(page(ruishu).as_ref(), "瑞数"));
    let unnamed = "<script>document.cookie='k=1';location.href=location.href</script>";
    assert!(is_blocked(page(unnamed).as_ref(), "cookie"));
    assert!(is_blocked(read("<div id=app></div><script src=/app.js></script>").as_ref(), "script"));
}

#[test]
fn knows_block_pages() {
    for text in [
        "您的访问请求可能对网站造成安全威胁",
        "访问过于频繁，请稍后再试",
        "<h1>Access Denied</h1>",
        "请完成安全验证后继续",
    ] {
        assert!(is_blocked(page(&format!("<html><body><p>{text}</p></body></html>")).as_ref(), "says"), "{text}");
    }
}

#[test]
fn knows_pages_that_say_there_is_none() {
    for text in [
        "<title>404</title>",
        "<p>抱歉，您访问的页面不存在！</p>",
        "<p>您要查看的文章可能已被删除</p>",
        "<h1>找不到您要的页面</h1>",
        "<h1>404 Not Found</h1>",
    ] {
        let html = format!("<html><body>{MENU}{text}</body></html>");
        assert!(is_missing(read(&html).as_ref(), "says"), "{text}");
        assert!(is_missing(page(&html).as_ref(), "says"), "{text}");
    }
}

#[test]
fn knows_home_pages_stubs_and_frames() {
    let (deep, home) = (url("/ghjh/t1.html"), url("/index.html"));
    let text = "<p>2025年某县卫生健康工作要点。</p>".repeat(30);
    assert!(is_missing(at(&deep, &home, None, &text).as_ref(), "home page"));
    assert_eq!(at(&home, &home, None, &text), None);
    assert_eq!(at(&url("/"), &home, None, &text), None);
    assert!(is_missing(read("ok").as_ref(), "stub"));
    assert!(is_missing(read("").as_ref(), "stub"));
    assert!(is_missing(read(&format!("{MENU}<div class=content></div><p>版权所有</p>")).as_ref(), "frame"));
    let news = "<p>昨日天气晴好。</p>";
    let index = format!("{MENU}<a href='/ghjh/t1.html'>2025年某县卫生健康工作要点</a>{news}");
    assert!(is_missing(read(&index).as_ref(), "page of links"));
}

#[test]
fn takes_pages_for_pages() {
    let title = "<h1>2025年某县卫生健康工作要点</h1>";
    let long = "一、开展安全验证，查处虚假信息，网上已被删除的内容不存在遗漏。".repeat(20);
    for html in [
        format!("{MENU}{title}<p>今年要办三件事。</p>"),
        format!("{MENU}{title}<p>{long}</p>"),
        format!("{MENU}{title}<p>详见<a href='/files/1.pdf'>附件</a></p>"),
        format!("<script>document.cookie='__jsluid_h=1';location.hash</script>{MENU}{title}<p>{long}</p>"),
    ] {
        assert_eq!(read(&html), None, "{html}");
        assert_eq!(page(&html), None, "{html}");
    }
    assert_eq!(page("<script>var dataList = [{}];</script><div id=list></div>"), None, "a list made by its script");
}
