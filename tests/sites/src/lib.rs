//! Sample sites: five small web sites on loopback, each in the shape of a real publishing system.
//!
//! Their pages are written for plangraph and state true figures of published plans in other words. The demo crawls them
//! over real HTTP, and so do the tests, which can also edit a page as a publisher would and read what was asked for.
//!
//! | site | shape |
//! | --- | --- |
//! | `huzhou` | a health commission: list links only inside a script, head metadata, a metadata table |
//! | `zhonglou` | a district: the body is GB18030 but declared gb2312, the date stands in a span |
//! | `hangzhou` | a project-information site that reprints a five-year plan among menus and adverts |
//! | `shaoxing` | Hanweb: the first list page in a `<datastore>`, the next by POST; a notice before the plan |
//! | `provinces` | a news site: one page with the plans of many regions |

mod html;
mod pages;
mod server;

pub use server::{Request, Sites};
