//! Addresses as pages write them, and which of them may be followed.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;
use scraper::ElementRef;
use url::Url;

/// Where an element leads: its `href`, or the address in the script that a click runs, as in
/// `jumpToDetail('./202605/t20260501_1.html')` and `window.open('/a/1.html')`.
pub(super) fn target<'a>(element: ElementRef<'a>) -> Option<&'a str> {
    let href = element.attr("href").map(str::trim).filter(|href| !href.is_empty() && !href.starts_with('#'));
    match href {
        Some(href) if !is_script(href) => (element.value().name() == "a").then_some(href),
        script => element.attr("onclick").and_then(in_script).or_else(|| in_script(script?)),
    }
}

fn is_script(href: &str) -> bool {
    href.get(..11).is_some_and(|scheme| scheme.eq_ignore_ascii_case("javascript:"))
}

/// The first text in quotes that looks like the address of a page or a file.
fn in_script(script: &str) -> Option<&str> {
    static ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r#"['"]((?:https?:/|\.{0,2})/[^'"\s]+|[\w/.-]+\.(?:s?html?|jhtml|aspx?|jsp|pdf|docx?|wps|ofd))['"]"#)
            .ok()
    });
    Some(ADDRESS.as_ref()?.captures(script)?.get(1)?.as_str())
}

/// A link as a page writes it; none where it leads to no page of its own, or back to the page.
pub(super) fn resolve(page: &Url, href: &str) -> Option<Url> {
    let url = canonical(page.join(href.trim()).ok()?);
    let elsewhere = url.path() != "/" && url.path() != page.path();
    // The pages of a system with one script for all differ in the query only.
    let other_id =
        url.path() == page.path() && url.query() != page.query() && url.query_pairs().any(|(name, _)| name == "id");
    let leads_on = matches!(url.scheme(), "http" | "https") && (elsewhere || other_id);
    leads_on.then_some(url)
}

/// A value in the query of an address.
pub(super) fn query(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// An address with a value in its query, in the place of the old one where it has one.
pub(super) fn with_query(url: &Url, name: &str, value: &str) -> Url {
    let known = query(url, name).is_some();
    let mut changed = url.clone();
    let old = url.query_pairs().map(|(key, old)| if key == name { (key, value.into()) } else { (key, old) });
    let new = (!known).then_some((name.into(), value.into()));
    changed.query_pairs_mut().clear().extend_pairs(old.chain(new));
    changed
}

/// The address that a page and its twin for telephones share, without a fragment: Guangdong's `mpost_1.html` is
/// `post_1.html`, and a mark `?wap` only says how to show the page.
#[must_use]
pub fn canonical(mut url: Url) -> Url {
    url.set_fragment(None);
    if query(&url, "wap").is_some() {
        let others: Vec<_> = url.query_pairs().into_owned().filter(|(name, _)| name != "wap").collect();
        url.set_query(None);
        if !others.is_empty() {
            url.query_pairs_mut().extend_pairs(others);
        }
    }
    let twin = url.path().rsplit_once('/').and_then(|(folder, file)| {
        let number = file.strip_prefix("mpost_")?;
        number.starts_with(|c: char| c.is_ascii_digit()).then(|| format!("{folder}/post_{number}"))
    });
    if let Some(path) = twin {
        url.set_path(&path);
    }
    url
}

/// Whether an address looks like that of a page for telephones: `m.example.cn`, `/wap/`, `mpost_1.html`.
#[must_use]
pub fn is_for_telephones(url: &Url) -> bool {
    let host = url.host_str().and_then(|host| host.split('.').next()).unwrap_or_default();
    let mut folders = url.path_segments().into_iter().flatten();
    ["m", "wap", "3g", "mobile"].contains(&host)
        || folders.any(|name| ["m", "wap", "mobile"].contains(&name) || name.starts_with("mpost_"))
}

/// The hosts that links of a list may lead to: no other, however alike its name is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hosts(BTreeSet<String>);

impl Hosts {
    /// The hosts of some addresses, and those named.
    pub fn new<'a>(urls: impl IntoIterator<Item = &'a Url>, named: &[String]) -> Self {
        let hosts = urls.into_iter().filter_map(Url::host_str).map(ToOwned::to_owned);
        Self(hosts.chain(named.iter().cloned()).collect())
    }

    /// The same and the host of an address.
    #[must_use]
    pub fn with(mut self, url: &Url) -> Self {
        self.0.extend(url.host_str().map(ToOwned::to_owned));
        self
    }

    /// Whether an address is on one of them.
    #[must_use]
    pub fn allow(&self, url: &Url) -> bool {
        url.host_str().is_some_and(|host| self.0.contains(host))
    }
}

#[cfg(test)]
mod tests {
    use scraper::Html;

    use super::*;

    #[test]
    fn resolves_links_of_every_shape() {
        let page = Url::parse("http://wjw.example.cn/zwgk/ghjh/index.html").unwrap();
        let resolve = |href| resolve(&page, href).map(String::from);
        assert_eq!(resolve("./202501/t1.html#top").unwrap(), "http://wjw.example.cn/zwgk/ghjh/202501/t1.html");
        assert_eq!(resolve("../../../art/1.html").unwrap(), "http://wjw.example.cn/art/1.html");
        assert_eq!(resolve(" //www.example.cn/a ").unwrap(), "http://www.example.cn/a");
        assert_eq!(resolve("./P0202501.pdf").unwrap(), "http://wjw.example.cn/zwgk/ghjh/P0202501.pdf");
        assert_eq!(resolve("/content/mpost_12.html").unwrap(), "http://wjw.example.cn/content/post_12.html");
        for href in ["javascript:void(0)", "#", "/", "index.html", "mailto:a@example.cn", "http://["] {
            assert_eq!(resolve(href), None, "{href}");
        }
        let php = Url::parse("http://a.example/index.php?c=list&id=3").unwrap();
        assert!(super::resolve(&php, "index.php?c=show&id=9").is_some());
        assert_eq!(super::resolve(&php, "index.php?c=list&id=3"), None);
    }

    #[test]
    fn knows_addresses_for_telephones() {
        let url = |text: &str| Url::parse(text).unwrap();
        assert_eq!(canonical(url("http://a.example/art/1.html?wap")).as_str(), "http://a.example/art/1.html");
        assert_eq!(
            canonical(url("http://a.example/?wap=1&id=7&x=%E6%B9%96")).as_str(),
            "http://a.example/?id=7&x=%E6%B9%96"
        );
        for address in ["http://m.a.example/1.html", "http://a.example/wap/1.html", "http://a.example/x/mpost_1.html"] {
            assert!(is_for_telephones(&url(address)), "{address}");
        }
        for address in ["http://a.example/m1.html", "http://mail.example/1.html", "http://a.example/swap/1.html"] {
            assert!(!is_for_telephones(&url(address)), "{address}");
        }
    }

    #[test]
    fn changes_queries() {
        let url = Url::parse("http://a.example/?page=1&id=7").unwrap();
        assert_eq!(with_query(&url, "page", "2").as_str(), "http://a.example/?page=2&id=7");
        assert_eq!(with_query(&url, "size", "9").as_str(), "http://a.example/?page=1&id=7&size=9");
        assert_eq!((query(&url, "id").as_deref(), query(&url, "i")), (Some("7"), None));
    }

    #[test]
    fn reads_the_addresses_of_scripts() {
        for (markup, expected) in [
            ("<a href='/a/1.html'>", Some("/a/1.html")),
            (
                "<a href='javascript:void(0)' onclick=\"jumpToDetail('./202605/t20260501_1.html')\">",
                Some("./202605/t20260501_1.html"),
            ),
            ("<a href='#' onclick='window.open(\"https://a.example/1\",\"_blank\")'>", Some("https://a.example/1")),
            ("<a href=\"javascript:show('t1.shtml')\">", Some("t1.shtml")),
            ("<li onclick=\"location.href='/a/1'\">", Some("/a/1")),
            ("<a href='javascript:void(0)' onclick=\"share('weixin')\">", None),
            ("<link href='/a.css'>", None),
        ] {
            let fragment = Html::parse_fragment(markup);
            let element = fragment.root_element().descendent_elements().last().unwrap();
            assert_eq!(target(element), expected, "{markup}");
        }
    }

    #[test]
    fn refuses_hosts_that_only_look_alike() {
        let url = |text: &str| Url::parse(text).unwrap();
        let hosts = Hosts::new([&url("http://wjw.example.cn/")], &["www.example.cn".to_owned()]);
        assert!(hosts.allow(&url("https://wjw.example.cn/a")) && hosts.allow(&url("http://www.example.cn/a")));
        for other in [
            "http://wjw.example.cn.evil.example/",
            "http://wjw-example.cn/",
            "http://xwjw.example.cn/",
            "http://example.cn/",
            "http://www.example.cn@evil.example/",
        ] {
            assert!(!hosts.allow(&url(other)), "{other}");
        }
        assert!(hosts.with(&url("http://example.cn/")).allow(&url("http://example.cn/1")));
    }
}
