//! A declaration to begin with.

use std::fmt::Write as _;

use super::{Diagnosis, Finding, code_or_name};

impl Diagnosis {
    /// The name for the declaration: that of the site's host that says most.
    #[must_use]
    pub fn slug(&self) -> String {
        const GENERAL: [&str; 16] = [
            "www", "wjw", "wsjkw", "wsj", "wjj", "wsjk", "gov", "com", "org", "net", "edu", "cn", "zwgk", "zfxxgk",
            "xxgk", "custom",
        ];
        let host = self.url.host_str().unwrap_or_default().to_ascii_lowercase();
        let names: Vec<&str> =
            host.split('.').filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase())).collect();
        let own = names.iter().rev().find(|name| !GENERAL.contains(name));
        let allowed = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-';
        own.map_or_else(|| "site".to_owned(), |name| name.chars().filter(allowed).collect())
    }

    /// A declaration of the page as a source, in TOML; [`crate::Source::parse`] reads it.
    #[must_use]
    pub fn declaration(&self) -> String {
        let name = self.site.as_deref().or(self.url.host_str()).unwrap_or_default();
        let mut text = format!("name = {}\n", quoted(name));
        // Writing to a string cannot fail.
        if let Some(region) = &self.region {
            if region.code.is_none() {
                text.push_str(
                    "# Not in the database yet: load it with `plangraph regions import`, then take the # away.\n# ",
                );
            }
            let _ = writeln!(text, "region = {}", quoted(&code_or_name(region)));
        }
        let key = if matches!(self.finding, Finding::List(_)) { "list" } else { "articles" };
        let _ = writeln!(text, "{key} = [{}]", quoted(self.url.as_str()));
        if let Finding::List(list) = &self.finding
            && !list.elsewhere.is_empty()
        {
            let hosts: Vec<_> = list.elsewhere.iter().map(|host| quoted(host)).collect();
            let _ = writeln!(
                text,
                "# The list leads there, too; take the # away where they are to be followed.\n# hosts = [{}]",
                hosts.join(", ")
            );
        }
        if self.manners.allow_private {
            text.push_str("allow_private = true\n");
        }
        let _ = writeln!(text, "min_plans = {}", u8::from(self.finding.holds_plans()));
        text
    }
}

/// A TOML string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
