//! Answers that stand where a page should: challenges and block pages of what guards a site, pages that say in words
//! that there is no page, stubs, home pages, and frames without a picture. None of them is to be taken for a page.
//!
//! They are recognised, not outwitted: who guards a site has a right to.

mod seen;

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use seen::Seen;

/// What stands where a page should, and how that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Impostor {
    /// Something keeps crawlers out.
    Blocked(String),
    /// There is no such page, or nothing in it.
    NotFound(String),
}

/// An answer with status 200 to the request for an article.
#[derive(Clone, Copy, Debug)]
pub struct Answered<'a> {
    /// The address asked for.
    pub asked: &'a Url,
    /// The address that answered, after redirects.
    pub url: &'a Url,
    /// What the list calls the article, where a list led to it.
    pub title: Option<&'a str>,
    /// The answer.
    pub html: &'a str,
}

/// Characters beside links above which a page is taken at its word, whatever words are in it.
const SHORT: usize = 300;
/// Characters of text below which a page is none.
const STUB: usize = 20;
/// Characters of a title that have to be found again: a list may cut it off, or add to it.
const TITLE_HEAD: usize = 8;

/// Words that name the guard, in the source of a page without text: the cookies and variables of 加速乐, 瑞数, C3VK
/// shells, Aliyun and Cloudflare.
const GUARDS: [(&str, &str); 7] = [
    ("__jsl_clearance", "加速乐"),
    ("__jsluid", "加速乐"),
    ("C3VK", "C3VK"),
    ("$_ts", "瑞数"),
    ("acw_sc__v2", "Aliyun"),
    ("_cf_chl_opt", "Cloudflare"),
    ("cf-chl-", "Cloudflare"),
];

/// What a guard says who sends somebody away; white space is left out of the text.
static SENT_AWAY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        "(?i)(?:访问|请求)(?:行为)?(?:已被?|被|遭到?)(?:拦截|拒绝|阻断|禁止|限制)|访问(?:行为异常|频率过高|过于频繁|太频繁)",
        "|安全威胁|(?:网站|应用)防火墙|云防护|(?:安全|滑动|人机)验证|输入验证码|IP(?:地址)?已?被",
        "|accessdenied|request(?:was)?blocked|webapplicationfirewall",
    ))
    .ok()
});

/// What a page says that is none.
static NO_PAGE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        "(?i)(?:页面|网页|文件|内容|信息|文章|链接|地址|栏目)[^。]{0,10}(?:不存在|找不到|未找到|已被?删除|已失效|已下线|走丢)",
        "|(?:找不到|未找到|没有找到)[^。]{0,10}(?:页面|网页|文件|内容|信息|文章)",
        "|^404|404(?:错误|页面|error)|(?:错误|error)404|notfound",
    ))
    .ok()
});

/// What an answer means whose status says already that it is no page; none where the status says all there is to say.
#[must_use]
pub fn refusal(status: u16, headers: &[(String, String)], html: &str) -> Option<Impostor> {
    if let Some(challenge) = challenge(&Seen::of(html), html) {
        return Some(challenge);
    }
    let header = |name: &str| headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    let blocked = |how: &str| Some(Impostor::Blocked(format!("it answers {status}, {how}")));
    match status {
        // Cloudflare says with it that the site behind it is down.
        521 if header("server").is_some_and(|server| server.eq_ignore_ascii_case("cloudflare")) => None,
        521 => blocked("the challenge of 加速乐"),
        // No request of ours has a precondition.
        412 => blocked("the challenge of 瑞数"),
        202 if html.contains("<script") => blocked("and a script in place of a page"),
        401 | 403 | 405 | 451 => blocked("and lets no crawler in"),
        _ => None,
    }
}

/// What a list or another page means whose status says that it is one; none where it is one. A list may have all its
/// entries in a script, so that a page without text tells nothing.
#[must_use]
pub fn page(html: &str) -> Option<Impostor> {
    let seen = Seen::of(html);
    challenge(&seen, html).or_else(|| missing(&seen))
}

/// What an article means whose status says that it is one; none where it is one.
#[must_use]
pub fn article(answered: &Answered<'_>) -> Option<Impostor> {
    let Answered { asked, url, title, html } = *answered;
    let seen = Seen::of(html);
    let not_found = |reason: String| Some(Impostor::NotFound(reason));
    if url != asked && is_home(url) && !is_home(asked) {
        return not_found(format!("it leads to the home page {url}"));
    }
    if let Some(impostor) = challenge(&seen, html).or_else(|| missing(&seen)) {
        return Some(impostor);
    }
    if seen.has_files {
        return None;
    }
    let bytes = html.len();
    match seen.own + seen.linked {
        few if few >= STUB => {}
        _ if seen.has_script => {
            return Some(Impostor::Blocked(format!("{bytes} bytes without text, whose script would fetch the page")));
        }
        _ => return not_found(format!("a stub of {bytes} bytes")),
    }
    if seen.linked > seen.own {
        let (own, linked) = (seen.own, seen.linked);
        if !seen.text.contains('。') {
            return not_found(format!("an empty frame: {linked} characters in links, {own} beside them, no sentence"));
        }
        if title.is_some_and(|title| !seen.names(title, TITLE_HEAD)) {
            return not_found("a page of links, which has its title at best in one of them".to_owned());
        }
    }
    None
}

/// A script that has to run before the page comes, or a page that says that it is a guard's.
fn challenge(seen: &Seen, html: &str) -> Option<Impostor> {
    let blocked = |reason: String| Some(Impostor::Blocked(reason));
    if seen.has_script && seen.own < STUB {
        if let Some((_, guard)) = GUARDS.iter().find(|(word, _)| html.contains(word)) {
            return blocked(format!("a challenge of {guard}"));
        }
        if html.contains("document.cookie") && html.contains("location") {
            return blocked("a script that sets a cookie and comes again".to_owned());
        }
    }
    let words = SENT_AWAY.as_ref()?.find(seen.short()?)?;
    blocked(format!("the page says “{}”", words.as_str()))
}

/// A page that says that it is none.
fn missing(seen: &Seen) -> Option<Impostor> {
    let words = NO_PAGE.as_ref()?.find(seen.short()?)?;
    Some(Impostor::NotFound(format!("the page says “{}”", words.as_str())))
}

/// Whether an address is that of a site's home page.
fn is_home(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    url.query().is_none()
        && (path == "/"
            || path
                .strip_prefix("/index.")
                .or_else(|| path.strip_prefix("/default."))
                .is_some_and(|end| !end.contains('/')))
}

#[cfg(test)]
mod tests;
