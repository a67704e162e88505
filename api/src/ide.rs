//! The page at `/graphql` for people: an editor, its answers, and the documentation of the schema. One file, which asks
//! nothing of any other host.

use std::sync::LazyLock;

use axum::{
    http::{HeaderValue, header::CONTENT_SECURITY_POLICY},
    response::{Html, IntoResponse},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

/// The page, and what it may do.
struct Page {
    text: String,
    policy: HeaderValue,
}

/// The page where the schema can be asked for, and where it cannot.
static PAGES: LazyLock<[Page; 2]> = LazyLock::new(|| [Page::new("on"), Page::new("off")]);

/// The page, with its style and its scripts inside it.
pub(crate) fn page(introspection: bool) -> impl IntoResponse {
    let page = &PAGES[usize::from(!introspection)];
    ([(CONTENT_SECURITY_POLICY, page.policy.clone())], Html(page.text.as_str()))
}

impl Page {
    fn new(introspection: &str) -> Self {
        let script = include_str!("../ide/script.js")
            .replace("/*introspection*/", introspection)
            .replace("/*examples*/", include_str!("../ide/examples.js"))
            .replace("/*colour*/", include_str!("../ide/colour.js"))
            .replace("/*docs*/", include_str!("../ide/docs.js"))
            .replace("/*ide*/", include_str!("../ide/ide.js"));
        let style = include_str!("../ide/style.css");
        let hash = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
        // Its own script and style run, byte for byte; it asks this server and nobody else, and stands in no frame.
        let policy = format!(
            "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src data:; connect-src 'self'; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            hash(&script),
            hash(style)
        );
        let text = include_str!("../ide/index.html").replace("/*style*/", style).replace("/*script*/", &script);
        // Base64 and plain words are what headers are made of.
        let policy = HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"));
        Self { text, policy }
    }
}
