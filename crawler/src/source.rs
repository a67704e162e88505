//! Declarations of sources: a TOML file each, named after the source.
//!
//! ```toml
//! name = "湖州市卫生健康委员会"
//! region = "330500"
//! list = ["http://wjw.huzhou.gov.cn/hzgov/front/s51/xxgk/ghjh/jhzj/"]
//! min_plans = 1
//! ```

mod builtin;
mod overview;
mod register;
mod timetable;

use std::{path::Path, time::Duration};

use serde::Deserialize;
use url::Url;

pub use overview::{Overview, overview};
pub(crate) use register::{register, retire};
pub use timetable::{BadTimetable, Timetable};

use crate::Error;

/// Where plans are published, as its declaration says.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its name in commands and addresses: the name of its file, without `.toml`.
    #[serde(skip)]
    pub slug: String,
    /// Who publishes there.
    pub name: String,
    /// Whose authority it is: a code of six digits or a name; none for a site that reprints the plans of others.
    pub region: Option<String>,
    /// Pages that list articles.
    #[serde(default)]
    pub list: Vec<Url>,
    /// Articles that no list leads to.
    #[serde(default)]
    pub articles: Vec<Url>,
    /// Hosts of other sites that its lists may lead to, as a city's portal that carries its articles.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// When to crawl it; at 02:00 in Shanghai unless said.
    #[serde(default)]
    pub schedule: Timetable,
    /// Fewer current plans than this make it DEGRADED.
    #[serde(default)]
    pub min_plans: u16,
    /// Fewer current figures than this make it DEGRADED.
    #[serde(default)]
    pub min_indicators: u16,
    /// Whether addresses of private networks and of this machine may be fetched.
    #[serde(default)]
    pub allow_private: bool,
    /// Least time between two requests to one host, in milliseconds.
    #[serde(default = "default_delay")]
    pub delay_ms: u16,
}

const fn default_delay() -> u16 {
    2_000
}

impl Source {
    /// Reads a declaration. `slug` is its name, `file` what messages call it.
    ///
    /// # Errors
    /// [`Error::BadSource`] with line and key where the text is no TOML, a key is unknown, missing or of the wrong
    /// type, or the declaration makes no sense.
    pub fn parse(slug: &str, file: &str, text: &str) -> Result<Self, Error> {
        let bad = |message: String| Error::BadSource { file: file.to_owned(), message };
        let mut source: Self = toml::from_str(text).map_err(|e| bad(e.to_string()))?;
        source.slug = slug.to_owned();
        let named = !slug.is_empty() && slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if !named {
            return Err(bad(format!("its name “{slug}” may have only a to z, 0 to 9 and -")));
        }
        if source.list.is_empty() && source.articles.is_empty() {
            return Err(bad("it names no page: give `list` or `articles`".to_owned()));
        }
        if let Some(url) = source.addresses().find(|url| !matches!(url.scheme(), "http" | "https")) {
            return Err(bad(format!("{url} is neither http nor https")));
        }
        let is_host = |host: &str| Url::parse(&format!("http://{host}/")).is_ok_and(|url| url.host_str() == Some(host));
        if let Some(host) = source.hosts.iter().find(|host| !is_host(host)) {
            return Err(bad(format!("`hosts` has “{host}”, which is no host name such as www.example.gov.cn")));
        }
        Ok(source)
    }

    /// Its lists, then its articles, both as declared.
    pub fn addresses(&self) -> impl Iterator<Item = &Url> {
        self.list.iter().chain(&self.articles)
    }

    /// Least time between two requests to one host.
    #[must_use]
    pub const fn delay(&self) -> Duration {
        Duration::from_millis(self.delay_ms as u64)
    }
}

/// Some sources, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sources {
    list: Vec<Source>,
    /// Whether there are no others.
    all: bool,
}

impl Sources {
    /// The sources built into the program.
    ///
    /// # Errors
    /// As [`Source::parse`]; a test reads all of them.
    pub fn builtin() -> Result<Self, Error> {
        let parse = |&(slug, text): &(&str, &str)| Source::parse(slug, &format!("{slug}.toml"), text);
        builtin::DECLARATIONS.iter().map(parse).collect::<Result<_, _>>().map(|list| Self { list, all: true })
    }

    /// The sources of a folder: all its files `*.toml`.
    ///
    /// # Errors
    /// When the folder or a file cannot be read, holds no declaration, or one is wrong.
    pub fn load(folder: &Path) -> Result<Self, Error> {
        let unreadable = |path: &Path| {
            let path = path.to_owned();
            move |source| Error::SourceFile { path, source }
        };
        let mut files = std::fs::read_dir(folder)
            .map_err(unreadable(folder))?
            .map(|entry| entry.map(|e| e.path()))
            .collect::<Result<Vec<_>, _>>()
            .map_err(unreadable(folder))?;
        files.retain(|path| path.extension().is_some_and(|e| e == "toml"));
        files.sort();
        if files.is_empty() {
            return Err(Error::NoSources(folder.to_owned()));
        }
        files
            .iter()
            .map(|path| {
                let text = std::fs::read_to_string(path).map_err(unreadable(path))?;
                let slug = path.file_stem().unwrap_or_default().to_string_lossy();
                Source::parse(&slug, &path.display().to_string(), &text)
            })
            .collect::<Result<_, _>>()
            .map(|list| Self { list, all: true })
    }

    /// Sources that a program puts together itself.
    #[must_use]
    pub const fn new(list: Vec<Source>) -> Self {
        Self { list, all: false }
    }

    /// Whether these are all sources that are declared, so that any other is not declared any more.
    #[must_use]
    pub const fn are_all(&self) -> bool {
        self.all
    }

    /// Those with these names, in this order; all of them where no name is given.
    ///
    /// # Errors
    /// [`Error::UnknownSource`] for the first name that none has.
    pub fn select(&self, names: &[String]) -> Result<Self, Error> {
        if names.is_empty() {
            return Ok(self.clone());
        }
        let find = |name: &str| {
            self.iter().find(|source| source.slug == name).cloned().ok_or_else(|| Error::UnknownSource {
                name: name.to_owned(),
                known: self.iter().map(|source| source.slug.clone()).collect(),
            })
        };
        names.iter().map(|name| find(name)).collect::<Result<_, _>>().map(Self::new)
    }

    /// One after another.
    pub fn iter(&self) -> std::slice::Iter<'_, Source> {
        self.list.iter()
    }
}

impl<'a> IntoIterator for &'a Sources {
    type Item = &'a Source;
    type IntoIter = std::slice::Iter<'a, Source>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HUZHOU: &str = "name = '湖州'\nregion = '330500'\nlist = ['http://127.0.0.11:8700/']\n";

    #[test]
    fn fills_in_what_is_not_said() {
        let source = Source::parse("huzhou", "huzhou.toml", HUZHOU).unwrap();
        assert_eq!(source.slug, "huzhou");
        assert_eq!(source.delay(), Duration::from_secs(2));
        assert!(!source.allow_private);
        assert_eq!(source.schedule.to_string(), "0 0 2 * * * Asia/Shanghai");
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        for (text, needles) in [
            ("name = '湖州'\nlists = []\n", &["bad.toml", "line 2", "lists"][..]),
            ("name = 湖州\n", &["bad.toml", "line 1"]),
            ("list = ['http://a.example/']\n", &["name"]),
            ("name = 'x'\nlist = ['not an address']\n", &["line 2", "list"]),
            ("name = 'x'\nlist = ['ftp://a.example/']\n", &["ftp://a.example/"]),
            (
                "name = 'x'\nlist = ['http://a.example/']\nhosts = ['http://b.example/']\n",
                &["hosts", "http://b.example/"],
            ),
            ("name = 'x'\n", &["names no page"]),
            ("name = 'x'\nlist = ['http://a.example/']\nschedule = '0 2 * * *'\n", &["line 3", "six fields"]),
        ] {
            let message = Source::parse("bad", "bad.toml", text).unwrap_err().to_string();
            for needle in needles {
                assert!(message.contains(needle), "{needle} in {message}");
            }
        }
        assert!(Source::parse("Bad Name", "x", HUZHOU).unwrap_err().to_string().contains("Bad Name"));
    }

    #[test]
    fn the_built_in_sources_are_right() {
        let sources = Sources::builtin().unwrap();
        assert!(sources.iter().count() > 10);
        let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/sources")).unwrap().count();
        assert_eq!(files, sources.iter().count(), "a file of crawler/sources is not built in");
    }

    #[test]
    fn the_regions_of_built_in_sources_are_built_in() {
        let gazetteer = extract::region::Gazetteer::new(entity::reference::regions().iter().cloned());
        for source in &Sources::builtin().unwrap() {
            let Some(region) = &source.region else { continue };
            assert!(gazetteer.find(region, None).is_some_and(|r| r.code.is_some()), "{}: {region}", source.slug);
        }
    }

    #[test]
    fn names_the_sources_there_are() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Sources::load(folder.path()).unwrap_err().to_string().contains("NAME.toml"));
        assert!(Sources::load(&folder.path().join("none")).unwrap_err().to_string().contains("none"));
        for slug in ["huzhou", "zhonglou"] {
            std::fs::write(folder.path().join(format!("{slug}.toml")), HUZHOU).unwrap();
        }
        let sources = Sources::load(folder.path()).unwrap();
        assert_eq!(sources.select(&["zhonglou".to_owned()]).unwrap().iter().count(), 1);
        assert_eq!(sources.select(&[]).unwrap(), sources);
        let message = sources.select(&["hangzhou".to_owned()]).unwrap_err().to_string();
        assert!(message.contains("hangzhou") && message.contains("huzhou, zhonglou"), "{message}");
    }
}
