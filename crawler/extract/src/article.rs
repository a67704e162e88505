//! What stands on a page, once menus, adverts and markup are gone.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The content of one page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// The headline, without the site's name.
    pub title: Option<String>,
    /// What the page says of its document.
    pub meta: Metadata,
    /// The body in reading order.
    pub blocks: Vec<Block>,
    /// Files that the page offers with its text.
    pub attachments: Vec<Attachment>,
    /// What stands in files of its own and belongs behind the body, in order: of each the headline and what follows it.
    pub annexes: Vec<Vec<Block>>,
}

/// What a page says of its document: head tags, the table of 政府信息公开, date lines, the signature.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// 发布机构, as the page has it (`市卫生健康委`).
    pub issuer: Option<String>,
    /// 文号, as in 浙卫发〔2025〕1号.
    pub document_number: Option<String>,
    /// 索引号.
    pub index_number: Option<String>,
    /// 成文日期 or 生成日期, or the date under the signature.
    pub issued_on: Option<NaiveDate>,
    /// 发布日期.
    pub published_on: Option<NaiveDate>,
    /// 来源: who published it first, where the page names somebody.
    pub origin: Option<String>,
    /// The region that a project site files the page under (地区: 浙江).
    pub region: Option<String>,
    /// The site's name (常州市钟楼区人民政府).
    pub site: Option<String>,
}

/// A piece of the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A line that the markup makes a heading, and its level, 1 at the top.
    Heading(String, u8),
    /// A paragraph: one line, white space at its ends taken off.
    Paragraph(String),
    /// A table.
    Table(Table),
}

impl Block {
    /// The text of a heading or paragraph, which is one line; none for a table.
    #[must_use]
    pub fn line(&self) -> Option<&str> {
        match self {
            Self::Heading(text, _) | Self::Paragraph(text) => Some(text),
            Self::Table(_) => None,
        }
    }
}

/// A table with merged cells written out: every row has the same number of cells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Rows from the top, cells from the left.
    pub rows: Vec<Vec<String>>,
}

/// A file offered with an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The address as the page has it, which may be relative.
    pub href: String,
    /// The name in the link.
    pub name: String,
}
