//! Whether sources still give what they should.

use extract::{Context, triage::Verdict};

use super::{Doctor, page_fault};
use crate::{Error, Source, discover::Hosts, fetch::Manners, health};

impl Doctor {
    /// Fetches the lists and articles of a source and reads them without storing anything; answers with what is wrong
    /// with them and with what is kept of them, in words, nothing where all is well.
    ///
    /// # Errors
    /// What is not the source's fault.
    pub async fn check(&self, source: &Source) -> Result<Vec<String>, Error> {
        let manners = Manners { delay: source.delay(), allow_private: source.allow_private };
        let context = Context { region: source.region.clone(), year: None };
        let mut problems = Vec::new();
        for url in &source.list {
            problems.extend(match page_fault(self.check_list(source, url, &context, manners).await)? {
                Ok(problem) => problem,
                Err(fault) => Some(fault),
            });
        }
        let hosts = Hosts::new(source.addresses(), &source.hosts);
        for url in &source.articles {
            match page_fault(self.article(url, "", &context, &hosts, manners).await)? {
                Ok(article) if article.plans.is_empty() => {
                    problems.push(format!("{url} holds no plan: {}", why(&article.verdict)));
                }
                Ok(_) => {}
                Err(fault) => problems.push(fault),
            }
        }
        problems.extend(health::standing(&self.db, &source.slug).await?);
        Ok(problems)
    }

    async fn check_list(
        &self,
        source: &Source,
        url: &url::Url,
        context: &Context,
        manners: Manners,
    ) -> Result<Option<String>, Error> {
        let body = self.fetch(url, manners).await?;
        let hosts = Hosts::new(source.addresses(), &source.hosts);
        let walked = self.list(url, &body, &hosts, manners).await?;
        let list = self.list_finding(walked, context, &hosts, manners).await?;
        if let Some(problem) = list.problem {
            return Ok(Some(problem));
        }
        if list.entries.is_empty() {
            return Ok(Some(format!(
                "the list {url} has no entries; see with `plangraph sources try {url}` whether it has moved or changed its shape"
            )));
        }
        // Entries whose titles do not name a plan may be anything.
        let named = list.entries.iter().any(|entry| matches!(entry.verdict, Verdict::Plan(_)));
        Ok(match list.article {
            Some(Ok(article)) if named && article.plans.is_empty() => Some(format!(
                "no plan can be read in the articles of the list {url}, the last of them {}: {}",
                article.url,
                why(&article.verdict)
            )),
            Some(Err(fault)) => Some(fault),
            _ => None,
        })
    }
}

/// The reason for a verdict, in words.
fn why(verdict: &Verdict) -> &str {
    match verdict {
        Verdict::Other(why) => why,
        Verdict::Plan(_) | Verdict::Unclear => "nothing in it can be read as a plan",
    }
}
