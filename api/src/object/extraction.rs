//! What the extractor makes of a text, without storing anything.

use std::sync::Arc;

use async_graphql::{Context, InputObject, Object, SimpleObject};
use entity::value::RegionCode;
use extract::{Reader, html, plain};

use super::{Concept, Region, plan::Period};
use crate::{
    Error,
    load::{catalogue, loaders},
    names::Wanted,
    vocabulary::{Comparator, Measure, Obligation, Role, SectionKind},
};

/// The most bytes that are read.
const MAX_BYTES: usize = 2_000_000;

/// What to read: either `text` or `html`, at most 2,000,000 bytes of it.
#[derive(Clone, Debug, InputObject)]
pub(crate) struct ExtractInput {
    /// A plain text, a paragraph a line.
    text: Option<String>,
    /// An HTML page as it was published.
    html: Option<String>,
    /// Whose plan it is, where the text does not say: a GB/T 2260 code, or a full or short name. Example: `"湖州市"`.
    region: Option<String>,
    /// The year it is for, where the text does not say. Example: `2025`.
    year: Option<i32>,
}

/// What the extractor made of a text.
pub(crate) struct Extraction(Vec<Arc<extract::Plan>>);

/// Reads a text or a page.
pub(crate) async fn extract(ctx: &Context<'_>, input: ExtractInput) -> Result<Extraction, Error> {
    let length = input.text.iter().chain(&input.html).map(String::len).sum::<usize>();
    if length > MAX_BYTES {
        return Err(Error::BadInput(format!(
            "the input has {length} bytes and at most {MAX_BYTES} are read here: use `plangraph extract FILE`"
        )));
    }
    if input.text.is_some() == input.html.is_some() {
        return Err(Error::BadInput("exactly one of `text` and `html` is needed".to_owned()));
    }
    if let Some(region) = &input.region {
        Wanted { regions: vec![region.clone()], ..Wanted::default() }.find(loaders(ctx)).await?;
    }
    let reader = Arc::clone(ctx.data_unchecked::<Arc<Reader>>());
    let plans = tokio::task::spawn_blocking(move || {
        let article = match (&input.text, &input.html) {
            (Some(text), _) => plain::article(text),
            (None, html) => html::article(html.as_deref().unwrap_or_default()),
        };
        reader.read(&article, &extract::Context { region: input.region, year: input.year })
    })
    .await
    .map_err(|failed| Error::Internal(format!("the extractor stopped: {failed}")))?;
    Ok(Extraction(plans.into_iter().map(Arc::new).collect()))
}

/// What the extractor made of a text or a page. Nothing of it is stored.
#[Object]
impl Extraction {
    /// The plans in it; none where it is something else.
    async fn plans(&self) -> Vec<ExtractedPlan> {
        self.0.iter().map(|plan| ExtractedPlan(Arc::clone(plan))).collect()
    }
}

/// A plan as it was read.
struct ExtractedPlan(Arc<extract::Plan>);

/// A plan as the extractor read it.
#[Object]
impl ExtractedPlan {
    /// The title as printed.
    async fn title(&self) -> Option<&str> {
        Some(self.0.title.as_str()).filter(|title| !title.is_empty())
    }

    /// Whose plan it is, where that can be told and the region is known.
    async fn region(&self, ctx: &Context<'_>) -> Result<Option<Region>, Error> {
        region_of(ctx, &self.0).await
    }

    /// The years it is for, where that can be told.
    async fn period(&self) -> Option<Period> {
        self.0.period.map(|period| Period { start_year: period.start_year, end_year: period.end_year })
    }

    /// The sections in reading order, each after the one it stands in.
    async fn sections(&self) -> Vec<ExtractedSection> {
        self.0
            .sections
            .iter()
            .map(|section| ExtractedSection {
                kind: section.kind.into(),
                number: section.number.clone(),
                heading: section.heading.clone(),
                depth: i32::try_from(section.depth).unwrap_or(i32::MAX),
                text: self.0.text.get(section.body.clone()).unwrap_or_default().to_owned(),
                responsible: section.responsible.clone(),
            })
            .collect()
    }

    /// The figures in reading order.
    async fn indicators(&self) -> Vec<ExtractedIndicator> {
        (0..self.0.indicators.len()).map(|index| ExtractedIndicator { plan: Arc::clone(&self.0), index }).collect()
    }
}

async fn region_of(ctx: &Context<'_>, plan: &extract::Plan) -> Result<Option<Region>, Error> {
    let code: Option<RegionCode> = plan.region.as_ref().and_then(|region| region.code);
    match code {
        Some(code) => Ok(catalogue(ctx).region(entity::region::id(code, 0)).await?.map(Region)),
        None => Ok(None),
    }
}

/// A section as the extractor read it.
#[derive(SimpleObject)]
struct ExtractedSection {
    /// What it is.
    kind: SectionKind,
    /// Number as printed: 一、 (一) 1. 专栏4.
    number: Option<String>,
    /// Heading, without its number.
    heading: Option<String>,
    /// Level, 1 at the top.
    depth: i32,
    /// Its own text, children left out.
    text: String,
    /// The units that answer for it (责任单位), in the order printed.
    responsible: Vec<String>,
}

/// A figure of a plan that was read.
struct ExtractedIndicator {
    plan: Arc<extract::Plan>,
    index: usize,
}

impl ExtractedIndicator {
    fn get(&self) -> &extract::Indicator {
        &self.plan.indicators[self.index]
    }
}

/// A figure as the extractor read it.
#[Object]
impl ExtractedIndicator {
    /// The thing measured, as a table's row label would have it.
    async fn name(&self) -> &str {
        &self.get().name
    }

    /// The number in `unit`; 万 and 亿 are multiplied out, %, ‰ and /10万 stay as written. Of a range, the lower end.
    async fn value(&self) -> f64 {
        self.get().value
    }

    /// The upper end of a range.
    async fn value_max(&self) -> Option<f64> {
        self.get().value_max
    }

    /// The number as printed, with its unit and suffix. Example: `"82.6岁以上"`.
    async fn value_text(&self) -> &str {
        &self.get().value_text
    }

    /// %, ‰, /10万, or a measure word (家, 分钟); none for a bare number.
    async fn unit(&self) -> Option<&str> {
        self.get().unit.as_deref()
    }

    /// How it binds.
    async fn comparator(&self) -> Comparator {
        self.get().comparator.into()
    }

    /// What kind of quantity it is.
    async fn measure(&self) -> Measure {
        self.get().measure.into()
    }

    /// Aimed at, or reached.
    async fn role(&self) -> Role {
        self.get().role.into()
    }

    /// Whether it binds, where the table it stands in says so (属性).
    async fn obligation(&self) -> Option<Obligation> {
        self.get().obligation.map(Into::into)
    }

    /// The year it is for, or was reached in.
    async fn year(&self) -> Option<i32> {
        self.get().year
    }

    /// The place, institution or group that it is limited to, where narrower than the region.
    async fn scope(&self) -> Option<&str> {
        self.get().scope.as_deref()
    }

    /// The shared concept, where it is one of the catalogue.
    async fn concept(&self, ctx: &Context<'_>) -> Result<Option<Concept>, Error> {
        let Some(slug) = &self.get().concept else { return Ok(None) };
        let concept = catalogue(ctx).concept_named(slug).await?;
        Ok(Some(Concept(concept.ok_or_else(|| Error::UnknownConcept { name: slug.clone() })?)))
    }

    /// Whose figure it is, where that can be told and the region is known.
    async fn region(&self, ctx: &Context<'_>) -> Result<Option<Region>, Error> {
        region_of(ctx, &self.plan).await
    }

    /// The sentence it stands in.
    async fn sentence(&self) -> &str {
        self.plan.text.get(self.get().sentence.clone()).unwrap_or_default()
    }

    /// How sure the reading is, from 0 to 1.
    async fn confidence(&self) -> f64 {
        self.get().confidence
    }
}
