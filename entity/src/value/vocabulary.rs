//! The closed vocabularies. Each has one spelling for files and the database (lower case, `snake_case`).

use serde::{Deserialize, Serialize};

/// Declares an enum whose variants are kept as snake-case text in JSON and in the database.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
        #[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
        pub enum $name {
            $(
                $(#[$variant_doc])*
                #[serde(rename = $text)]
                #[cfg_attr(feature = "orm", sea_orm(string_value = $text))]
                $variant,
            )+
        }

        impl $name {
            /// The spelling used in files and in the database.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }
    };
}

vocabulary! {
    /// How a figure binds: 以上 is [`Ge`](Comparator::Ge), 以内 is [`Le`](Comparator::Le), a bare 达到 is [`Eq`](Comparator::Eq).
    Comparator {
        /// Exactly, or with no word that says otherwise.
        Eq = "eq",
        /// At least: 以上, 不少于, 不低于, 至少, 突破.
        Ge = "ge",
        /// More than: >, 高于.
        Gt = "gt",
        /// At most: 以内, 以下, 不高于, 控制在…以内.
        Le = "le",
        /// Less than: <, 少于, 低于.
        Lt = "lt",
        /// About: 左右, 约, 近.
        Approx = "approx",
        /// From one value to another: 3~5名.
        Range = "range",
    }
}

vocabulary! {
    /// What kind of quantity a figure is.
    Measure {
        /// A level reached, or a count to have.
        Level = "level",
        /// A count to add: 新增, 新建, 引进.
        New = "new",
        /// A change upwards by that much.
        Increase = "increase",
        /// A change downwards by that much.
        Decrease = "decrease",
        /// A place in a ranking, 1 being first.
        Rank = "rank",
    }
}

vocabulary! {
    /// Whether a figure is aimed at or was reached.
    Role {
        /// Planned, required, aimed at.
        Target = "target",
        /// Already reached, or a historic figure.
        Actual = "actual",
    }
}

vocabulary! {
    /// What the table of a plan's indicators says of one (属性): whether the government answers for it or only expects it
    /// (中华人民共和国国民经济和社会发展第十一个五年规划纲要, chapter 3, defines both).
    Obligation {
        /// 预期性: expected of markets and society.
        Expected = "expected",
        /// 约束性: binding on the government.
        Binding = "binding",
    }
}

vocabulary! {
    /// What kind of plan a document is.
    PlanKind {
        /// Work points or a work plan for one year (工作要点, 工作计划).
        AnnualPlan = "annual_plan",
        /// A five-year plan (“十四五”规划).
        FiveYearPlan = "five_year_plan",
        /// Any other plan: an action plan of three years, an implementation scheme.
        Other = "other",
    }
}

vocabulary! {
    /// What a section of a plan is.
    SectionKind {
        /// A chapter or a group of tasks: 一、, (一).
        Heading = "heading",
        /// A task: numbered (1.), or a paragraph whose first words head it (`完善服务体系：…`).
        Task = "task",
        /// Text under no number.
        Paragraph = "paragraph",
        /// 专栏, with the items inside it as its children.
        Box = "box",
        /// The explanation of terms (名词解释).
        Glossary = "glossary",
        /// A table.
        Table = "table",
    }
}

vocabulary! {
    /// Rank of an administrative division.
    RegionLevel {
        /// The People's Republic of China.
        Country = "country",
        /// Province, autonomous region, municipality, special administrative region, and the Corps.
        Province = "province",
        /// Prefecture-level city, prefecture, autonomous prefecture, league.
        Prefecture = "prefecture",
        /// County, district, county-level city, banner.
        County = "county",
        /// Anything else.
        Other = "other",
    }
}

vocabulary! {
    /// How two plans, sections or regions relate.
    RelationKind {
        /// A plan, and that of a region above for a period that overlaps.
        ParentPlan = "parent_plan",
        /// A plan, and that of the same region and kind for the period before.
        Succeeds = "succeeds",
        /// A plan, and the same text where it was published first.
        ReprintOf = "reprint_of",
        /// Two sections of two regions that say much the same.
        SimilarSection = "similar_section",
        /// Two regions that name the same initiative.
        SharesProgramme = "shares_programme",
        /// Two regions whose plans cite the same document.
        SharesCitation = "shares_citation",
        /// A plan, and a region that it names as partner, model, helper or place.
        MentionsRegion = "mentions_region",
    }
}

vocabulary! {
    /// As what a plan names another region.
    RegionRole {
        /// It is learnt from: 推广…经验, 借鉴, 对标.
        Model = "model",
        /// One helps the other: 对口支援, 帮扶, 托管.
        Helper = "helper",
        /// The two do something together: 合作, 协同, 共建, 一体化.
        Partner = "partner",
        /// Something is there, or is to be.
        Place = "place",
    }
}

vocabulary! {
    /// Which way a concept's figure is better.
    Direction {
        /// More is better.
        Higher = "higher",
        /// Less is better.
        Lower = "lower",
        /// Neither.
        Neither = "neither",
    }
}

vocabulary! {
    /// What a publisher changed.
    ChangeKind {
        /// A plan is there that was not: published, or back after it was withdrawn.
        PlanNew = "plan_new",
        /// A plan's text is another.
        PlanChanged = "plan_changed",
        /// A plan's page is gone.
        PlanWithdrawn = "plan_withdrawn",
        /// A figure came into a plan that was known.
        FigureNew = "figure_new",
        /// A figure has another value.
        FigureChanged = "figure_changed",
        /// A figure does not stand in its plan any more.
        FigureGone = "figure_gone",
    }
}

vocabulary! {
    /// How a crawl run stands.
    RunStatus {
        /// Waiting for a worker.
        Queued = "queued",
        /// At work.
        Running = "running",
        /// Ended, and every page was read.
        Succeeded = "succeeded",
        /// Ended, and some pages failed.
        PartlyFailed = "partly_failed",
        /// Ended without a result.
        Failed = "failed",
        /// Stopped on request.
        Cancelled = "cancelled",
    }
}

vocabulary! {
    /// What a run that is at work does.
    RunStage {
        /// Reads the lists of its source.
        Lists = "lists",
        /// Fetches and reads articles.
        Articles = "articles",
    }
}

vocabulary! {
    /// How a source does.
    Health {
        /// The last run gave what was expected.
        Ok = "ok",
        /// The last run gave something, but less than expected.
        Degraded = "degraded",
        /// The last run gave nothing usable.
        Broken = "broken",
        /// No run yet.
        NeverRun = "never_run",
    }
}

vocabulary! {
    /// What a page of the frontier is.
    PageKind {
        /// A list of articles.
        List = "list",
        /// An article, which may hold plans.
        Article = "article",
    }
}

vocabulary! {
    /// Where a page of the frontier stands. Whether a worker has it just now, its lease tells.
    PageState {
        /// Known, never fetched or due again.
        Due = "due",
        /// Fetched; due again at its time.
        Fresh = "fresh",
        /// The last fetch failed.
        Failed = "failed",
        /// The site answered with a challenge or a block page.
        Blocked = "blocked",
        /// The site says there is no such page.
        NotFound = "not_found",
        /// Read, and it holds no plan.
        NoPlan = "no_plan",
        /// Read, and it would take away what is published; what was there before stays until somebody agrees.
        Held = "held",
    }
}

vocabulary! {
    /// What a search finds.
    SearchKind {
        /// A plan, by its title, its issuer or its number.
        Plan = "plan",
        /// A section, by its heading or its own text.
        Section = "section",
        /// A figure, by its name or its sentence.
        Indicator = "indicator",
    }
}
