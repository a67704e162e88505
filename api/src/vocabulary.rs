//! The enums of the schema. Most mirror a vocabulary that the database keeps.

use async_graphql::Enum;

/// What kind of plan a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::value::PlanKind")]
pub(crate) enum PlanKind {
    /// Work points or a work plan for one year (工作要点, 工作计划).
    AnnualPlan,
    /// A five-year plan (“十四五”规划).
    FiveYearPlan,
    /// Any other plan: an action plan of three years, an implementation scheme.
    Other,
}

/// What a section of a plan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::value::SectionKind")]
pub(crate) enum SectionKind {
    /// A chapter or a group of tasks: 一、 (一).
    Heading,
    /// A numbered task: 1.
    Task,
    /// Text under no number.
    Paragraph,
    /// A box (专栏); the items inside it are its children.
    Box,
    /// The explanation of terms (名词解释).
    Glossary,
    /// A table, its cells as text.
    Table,
}

/// How a figure binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::value::Comparator")]
pub(crate) enum Comparator {
    /// Exactly, or with no word that says otherwise.
    Eq,
    /// At least: 以上, 不少于, 不低于, 至少.
    Ge,
    /// More than: 高于, 超过.
    Gt,
    /// At most: 以内, 以下, 不高于, 控制在…以内.
    Le,
    /// Less than: 少于, 低于.
    Lt,
    /// About: 左右, 约, 近.
    Approx,
    /// From `value` to `valueMax`: 3~5名.
    Range,
}

/// What kind of quantity a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::value::Measure")]
pub(crate) enum Measure {
    /// A level reached, or a count to have.
    Level,
    /// A count to add: 新增, 新建, 引进.
    New,
    /// A change upwards by that much.
    Increase,
    /// A change downwards by that much.
    Decrease,
    /// A place in a ranking, 1 being first.
    Rank,
}

/// Whether a figure is aimed at or was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::value::Role")]
pub(crate) enum Role {
    /// Planned, required, aimed at.
    Target,
    /// Already reached, or a historic figure.
    Actual,
}

/// What the table of a plan's indicators says of one (属性).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::value::Obligation")]
pub(crate) enum Obligation {
    /// 预期性: expected of markets and society.
    Expected,
    /// 约束性: binding on the government.
    Binding,
}

/// Rank of an administrative division.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::value::RegionLevel")]
pub(crate) enum RegionLevel {
    /// The People's Republic of China.
    Country,
    /// Province, autonomous region, municipality, special administrative region, and the Xinjiang Corps (兵团).
    Province,
    /// Prefecture-level city, prefecture, autonomous prefecture, league.
    Prefecture,
    /// County, district, county-level city, banner.
    County,
    /// Anything else.
    Other,
}

/// How two plans, sections or regions relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::value::RelationKind")]
pub(crate) enum RelationKind {
    /// A plan of a region, and the plan of a region above it for an overlapping period.
    ParentPlan,
    /// A plan, and that of the same region and kind for the period before.
    Succeeds,
    /// A copy of a plan, and the original on another site.
    ReprintOf,
    /// Two sections of two regions that say much the same.
    SimilarSection,
    /// Two regions that name the same initiative.
    SharesProgramme,
    /// Two regions whose plans cite the same document.
    SharesCitation,
    /// A plan that names another region as partner, model, helper or place.
    MentionsRegion,
}

/// As what a plan names another region, by the words around the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::value::RegionRole")]
pub(crate) enum RegionRole {
    /// It is learnt from: 推广…经验, 借鉴, 对标.
    Model,
    /// One helps the other: 对口支援, 帮扶, 托管.
    Helper,
    /// The two do something together: 合作, 协同, 共建, 一体化.
    Partner,
    /// Something is there, or is to be.
    Place,
}

/// Which way a concept's figure is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::value::Direction")]
pub(crate) enum Direction {
    /// More is better: life expectancy.
    Higher,
    /// Less is better: maternal mortality.
    Lower,
    /// Neither.
    Neither,
}

/// How a crawl run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::value::RunStatus")]
pub(crate) enum RunStatus {
    /// Waiting for a worker.
    Queued,
    /// At work.
    Running,
    /// Ended, and every page was read.
    Succeeded,
    /// Ended, and some pages failed.
    PartlyFailed,
    /// Ended without a result.
    Failed,
    /// Stopped on request.
    Cancelled,
}

/// How a source does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::value::Health")]
pub(crate) enum Health {
    /// The last run gave what was expected.
    Ok,
    /// The last run gave something, but less than expected.
    Degraded,
    /// The last run gave nothing usable.
    Broken,
    /// No run yet.
    NeverRun,
}

/// What a search finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::value::SearchKind")]
pub(crate) enum SearchKind {
    /// Plans, by title, issuer and document number.
    Plan,
    /// Sections, by heading and own text.
    Section,
    /// Figures, by name and sentence.
    Indicator,
}

/// How a figure stands to the one it is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum Standing {
    /// It aims higher, in the concept's direction: 83 years against 82, 8 minutes against 11.
    Stricter,
    /// They are the same.
    Equal,
    /// It aims lower.
    Looser,
    /// The region has no figure.
    Missing,
    /// No region above has one for the same year.
    First,
    /// The two cannot be compared: another unit, a change and not a level, or neither way is better.
    NotComparable,
}

/// What a publisher did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::value::ChangeKind")]
pub(crate) enum ChangeKind {
    /// Published a plan, or published again one that was withdrawn. Its figures are new with it and not told one by one.
    PlanNew,
    /// Changed a plan's text.
    PlanChanged,
    /// Took a plan away.
    PlanWithdrawn,
    /// Added a figure to a plan.
    FigureNew,
    /// Changed a figure.
    FigureChanged,
    /// Took a figure out of a plan.
    FigureGone,
}
