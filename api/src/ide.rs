//! The page at `/graphql` for people: an editor, its answers, and the documentation of the schema. One file, which asks
//! nothing of any other host.

use std::sync::LazyLock;

/// The page with its style and its scripts inside it.
pub(crate) static PAGE: LazyLock<String> = LazyLock::new(|| {
    include_str!("../ide/index.html")
        .replace("/*style*/", include_str!("../ide/style.css"))
        .replace("/*examples*/", include_str!("../ide/examples.js"))
        .replace("/*colour*/", include_str!("../ide/colour.js"))
        .replace("/*docs*/", include_str!("../ide/docs.js"))
        .replace("/*ide*/", include_str!("../ide/ide.js"))
});
