//! What of a page somebody would see, without the cost of a document tree: every article is looked at so.

/// What somebody would see.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Characters beside links, white space left out.
    pub(super) own: usize,
    /// Characters in links.
    pub(super) linked: usize,
    /// The title, then the text beside links, white space left out.
    pub(super) text: String,
    /// Whether there is a script.
    pub(super) has_script: bool,
    /// Whether something that is shown or offered beside the text may hold the document.
    pub(super) has_files: bool,
}

/// Elements whose text nobody sees.
const HIDDEN: [&str; 4] = ["script", "style", "noscript", "template"];
/// Ends of addresses of documents.
const FILES: [&str; 8] = [".pdf", ".doc", ".docx", ".wps", ".xls", ".xlsx", ".zip", ".rar"];

impl Seen {
    pub(super) fn of(html: &str) -> Self {
        let mut seen = Self::default();
        let (mut title, mut in_link, mut in_title) = (String::new(), false, false);
        let mut rest = html;
        while !rest.is_empty() {
            let (text, markup) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
            let text = text.replace("&nbsp;", "");
            for c in text.chars().filter(|c| !c.is_whitespace() && *c != '\u{feff}') {
                match (in_title, in_link) {
                    (true, _) => title.push(c),
                    (_, true) => seen.linked += 1,
                    _ => {
                        seen.own += 1;
                        seen.text.push(c);
                    }
                }
            }
            let Some((tag, after)) = tag(markup) else { break };
            rest = after;
            let (name, closes) = name(tag);
            match name.as_str() {
                "a" => in_link = !closes,
                "title" => in_title = !closes,
                "iframe" | "embed" | "object" => seen.has_files = true,
                "meta" => title.extend(article_title(tag)),
                _ => {}
            }
            seen.has_script |= name == "script";
            seen.has_files |= name == "a" && leads_to_file(tag);
            if !closes && HIDDEN.contains(&name.as_str()) {
                rest = end_of(&name, rest);
            }
        }
        seen.text.insert_str(0, &title);
        seen
    }

    /// Title and text where there is not much of it.
    pub(super) fn short(&self) -> Option<&str> {
        (self.own <= super::SHORT).then_some(&self.text)
    }

    /// Whether the first characters of a title are in the page beside links.
    pub(super) fn names(&self, title: &str, characters: usize) -> bool {
        let head: String = title.chars().filter(|c| !c.is_whitespace()).take(characters).collect();
        self.text.contains(head.trim_end_matches(['…', '.']))
    }
}

/// A tag or comment that a text begins with, and what comes after it.
fn tag(markup: &str) -> Option<(&str, &str)> {
    if let Some(comment) = markup.strip_prefix("<!--") {
        return comment.split_once("-->").map(|(_, after)| ("", after));
    }
    // Text after a lone `<` counts as its tag: what is counted here need not be exact.
    markup.strip_prefix('<')?.split_once('>')
}

/// The name of a tag in lower case, and whether it closes an element.
fn name(tag: &str) -> (String, bool) {
    let (tag, closes) = tag.strip_prefix('/').map_or((tag, false), |tag| (tag, true));
    let end = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
    (tag[..end].to_ascii_lowercase(), closes)
}

/// What comes after the end of an element whose content is no markup.
fn end_of<'a>(name: &str, text: &'a str) -> &'a str {
    let mut at = 0;
    while let Some(found) = text[at..].find("</") {
        at += found + 2;
        if text[at..].get(..name.len()).is_some_and(|end| end.eq_ignore_ascii_case(name)) {
            return &text[at - 2..];
        }
    }
    ""
}

/// The content of `<meta name="ArticleTitle">`, which articles of government sites have.
fn article_title(tag: &str) -> Option<&str> {
    if !tag.to_ascii_lowercase().contains("articletitle") {
        return None;
    }
    let (_, content) = tag.split_once("content=")?;
    let quote = content.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    content[1..].split(quote).next()
}

fn leads_to_file(tag: &str) -> bool {
    let tag = tag.to_ascii_lowercase();
    FILES.iter().any(|end| {
        tag.match_indices(end).any(|(at, _)| {
            let after = tag[at + end.len()..].chars().next();
            !after.is_some_and(|c| c.is_ascii_alphanumeric())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_links_from_text_and_hides_what_is_hidden() {
        let seen = Seen::of(
            "<html><head><TITLE>某某 委</TITLE><meta name='ArticleTitle' content='要点'><style>a > b {}</style>\
             <script>if (a < b) { x = '<p>没有</p>' }</SCRIPT></head><body><!-- <p>也没有</p> --><a href='/x'>首页</a>\
             <p>正文&nbsp; 三 字</p><p",
        );
        assert_eq!((seen.text.as_str(), seen.own, seen.linked), ("某某委要点正文三字", 4, 2));
        assert!(seen.has_script && !seen.has_files);
        assert!(seen.names("某某委", 8) && !seen.names("首页", 8));
        assert!(Seen::of("<a href='/a.PDF'>x</a>").has_files && !Seen::of("<a href='/a.docs/'>x</a>").has_files);
    }

    #[test]
    fn survives_anything() {
        for html in
            ["<", "<!--", "<script", "<script></", "</", "<>", "<a href='.pdf", "<meta articletitle content=>", "</é"]
        {
            let _ = Seen::of(html);
            let _ = Seen::of(&html.repeat(3));
            let _ = Seen::of(&format!("{html}é>"));
        }
    }
}
