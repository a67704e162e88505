//! Plans that belong together by region and year, and what they share.

use chrono::{TimeDelta, Utc};
use crawler::{Source, Sources, relate::relate};
use entity::{page, region, relation, value::RelationKind};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::{
    publisher::Publisher,
    relations::{publishers, source},
    site::list_page,
};

fn title(region: &str, year: u32) -> String {
    format!("{year}年{region}卫生健康工作要点")
}

fn plan(region: &str, year: u32, tasks: [&str; 4]) -> String {
    let title = title(region, year);
    let tasks: Vec<_> =
        ["一", "二", "三", "四"].iter().zip(tasks).map(|(n, task)| format!("<p>{n}、{task}</p>")).collect();
    format!(
        "<html><head><meta charset='utf-8'><title>{title}</title></head><body><h1>{title}</h1><div class='content'>{}\
         </div></body></html>",
        tasks.concat()
    )
}

const AMBULANCES: &str = "把急救跑快一些。给救护车装上定位，和交警约好让路的口令，在菜市场和车站放上除颤仪并教会保安，每辆车配两名会抬担架的人。";
const BUSES: &str = "把急救跑快一些。给救护车和公交车装上定位，和交警约好让路的口令，在菜市场放上除颤仪并教会保安，夜里也有人在站里等电话响。";
const QUEUES: &str = "让看病的人少等。开展“候诊不排队”行动，挂号到小时，来早了的人先去花园里坐一坐，叫到号再回来。";
const QUEUE: &str = "把候诊椅搬到窗边。办好“候诊不排队”活动，请学生给老人读报，谁等久了就先给谁倒一杯热茶。";
const WAITING: &str = "接着做“候诊不排队”行动。各县都要把叫号屏挂到树下，让带孩子来的人能在秋千旁边等。";
const DOCTORS: &str = "照《村医坐诊办法》办事。村医每周三天在村里，两天到镇上跟着老大夫学，年底请乡亲打分。";
const DOCTOR: &str = "落实《村医坐诊办法》。每个村都有一间亮堂的屋子，大夫出门巡诊时门上挂牌子写明几点回来。";

fn pages() -> Vec<(&'static str, String)> {
    let list = |path, region, year| list_page([(path, title(region, year).as_str())]);
    let both =
        list_page([("/huzhou.html", title("湖州市", 2025).as_str()), ("/before.html", title("湖州市", 2024).as_str())]);
    let walks = "陪老人散步。志愿者每天傍晚在河边等，走得慢的走近路，走得快的绕过两座亭子再回来喝粥。";
    let teeth = "护好孩子的牙。口腔科的大夫到小学讲故事，谁一学期没有吃糖，谁就可以挑一支新的牙刷。";
    let books = "把书送进病房。图书馆每月换一车，想听的人可以借一副耳机，护士帮忙翻到上回读到的那页。";
    let snow = "下雪天也出诊。乡里备好防滑的链子，先给透析的人排车，再给要生孩子的人留一间暖和的屋。";
    vec![
        ("/zj", list("/zj.html", "浙江省", 2025)),
        ("/zj.html", plan("浙江省", 2025, [WAITING, walks, teeth, books])),
        ("/hz", both),
        (
            "/huzhou.html",
            plan("湖州市", 2025, [AMBULANCES, QUEUES, DOCTORS, "推广三明送药经验。每户一本小册子，写明几点吃哪一种。"]),
        ),
        (
            "/before.html",
            plan(
                "湖州市",
                2024,
                [
                    snow,
                    "种一片药圃。薄荷、紫苏和艾草各一垄，谁家要用自己来剪，剪完在本子上画一笔，来年好知道种多少。",
                    "修好台阶。轮椅能从大门一直推到三楼的窗口，扶手包上棉布，雨天的台阶上铺一层不滑的垫子。",
                    "教大家包扎。每个车间学会两个人，一个白班一个夜班，学会了就在帽子上贴一枚红色的小圆点。",
                ],
            ),
        ),
        ("/cz", list("/changzhou.html", "常州市", 2025)),
        (
            "/changzhou.html",
            plan("常州市", 2025, [BUSES, QUEUE, DOCTOR, "与长三角各市共建药铺。哪里缺药，就从最近的仓里调来。"]),
        ),
    ]
}

fn sources(publisher: &Publisher) -> Vec<Source> {
    [("zj", "330000"), ("hz", "330500"), ("cz", "320400")]
        .map(|(slug, code)| source(publisher, slug, Some(code)))
        .to_vec()
}

impl Publisher {
    /// The relations of a kind: from and to, each the path of a plan or else the name of a region.
    async fn kin(&self, kind: RelationKind) -> Vec<(String, String)> {
        let plans = self.crawler.plans().await;
        let regions = region::Entity::find().all(self.crawler.db()).await.unwrap();
        let name = |plan: Option<i64>, region: i32| {
            let plan = plans.iter().find(|row| Some(row.id) == plan);
            let region = || regions.iter().find(|row| row.id == region).map(|row| row.short_name.clone());
            plan.and_then(|row| Some(row.url.rsplit('/').next()?.replace(".html", ""))).or_else(region).unwrap()
        };
        let rows = self.relations().await.into_iter().filter(|row| row.kind == kind);
        let mut found: Vec<_> = rows
            .map(|row| (name(row.from_plan_id, row.from_region_id), name(row.to_plan_id, row.to_region_id)))
            .collect();
        found.sort();
        found
    }

    async fn expect(&self, kind: RelationKind, expected: &[(&str, &str)]) {
        let found = self.kin(kind).await;
        let found: Vec<_> = found.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
        assert_eq!(found, expected, "{kind:?}");
    }

    async fn of_kind(&self, kind: RelationKind) -> Vec<relation::Model> {
        let mut rows = self.relations().await;
        rows.retain(|row| row.kind == kind);
        rows
    }
}

#[tokio::test]
async fn plans_relate_by_region_and_year_and_by_what_they_say() {
    for publisher in publishers("kin", &pages()).await {
        let sources = sources(&publisher);
        publisher.crawl_sources(&sources).await;
        publisher.expect(RelationKind::ParentPlan, &[("huzhou", "zj")]).await;
        publisher.expect(RelationKind::Succeeds, &[("huzhou", "before")]).await;
        publisher.expect(RelationKind::SimilarSection, &[("changzhou", "huzhou")]).await;
        let shared = [("changzhou", "huzhou"), ("changzhou", "zj"), ("zj", "huzhou")];
        publisher.expect(RelationKind::SharesProgramme, &shared).await;
        publisher.expect(RelationKind::SharesCitation, &[("changzhou", "huzhou")]).await;
        let mentions = [("changzhou", "上海"), ("changzhou", "安徽"), ("changzhou", "浙江"), ("huzhou", "三明")];
        publisher.expect(RelationKind::MentionsRegion, &mentions).await;

        let similar = &publisher.of_kind(RelationKind::SimilarSection).await[0];
        assert!(
            (0.3..1.0).contains(&similar.score) && similar.evidence.ends_with("和交警约好让路的口令，在菜市场"),
            "{similar:?}"
        );
        let evidence = |rows: Vec<relation::Model>| rows.into_iter().map(|row| row.evidence).collect::<Vec<_>>();
        let cited = evidence(publisher.of_kind(RelationKind::SharesCitation).await);
        assert_eq!(cited, ["both cite 《村医坐诊办法》"]);
        let mentions = evidence(publisher.of_kind(RelationKind::MentionsRegion).await);
        assert!(mentions.iter().any(|said| said.starts_with("partner, as 长三角: ")), "{mentions:?}");
        assert!(mentions.iter().any(|said| said.starts_with("model: ") && said.contains("推广三明")), "{mentions:?}");

        // What is related from nothing is the same, and keeps its rows.
        let all = publisher.relations().await;
        entity::plan_signature::Entity::delete_many().exec(publisher.crawler.db()).await.unwrap();
        relate(publisher.crawler.db()).await.unwrap();
        assert_eq!(publisher.relations().await, all);
    }
}

#[tokio::test]
async fn relations_go_with_what_they_were_made_of() {
    for publisher in publishers("kin_changes", &pages()).await {
        let sources = sources(&publisher);
        publisher.crawl_sources(&sources).await;
        let parent = publisher.of_kind(RelationKind::ParentPlan).await;

        let others = [
            "给救护站刷上新漆。墙要白，窗要亮，夜里门口留一盏看得见的灯，好让赶路的人找得到。",
            "办一所护工夜校。白天上班的人晚上来听，学会翻身、喂饭和洗头，考过了就领一本证书。",
            "照《夜校办法》收费。家里困难的人不收，远处来的人给一张床，早饭由食堂多煮一锅。",
            "与北京市合作。请那边的大夫隔着屏幕看片子，看不清的地方就在纸上画出来。",
        ];
        publisher.put("/changzhou.html", plan("常州市", 2025, others));
        publisher.crawl_sources(&sources).await;
        publisher.expect(RelationKind::SimilarSection, &[]).await;
        publisher.expect(RelationKind::SharesProgramme, &[("zj", "huzhou")]).await;
        publisher.expect(RelationKind::SharesCitation, &[]).await;
        publisher.expect(RelationKind::MentionsRegion, &[("changzhou", "北京"), ("huzhou", "三明")]).await;
        assert_eq!(publisher.of_kind(RelationKind::ParentPlan).await, parent, "nothing of it has changed");

        publisher.remove("/zj.html");
        let db = publisher.crawler.db();
        let since = Expr::value(Utc::now() - TimeDelta::days(1));
        for column in [page::Column::MissingSince, page::Column::DueAt] {
            let pages = page::Entity::update_many().col_expr(column, since.clone());
            pages.filter(page::Column::Url.ends_with("/zj.html")).exec(db).await.unwrap();
        }
        publisher.crawler.crawl_as(&Sources::new(sources.clone())).await;
        publisher.expect(RelationKind::ParentPlan, &[]).await;
        publisher.expect(RelationKind::SharesProgramme, &[]).await;
        publisher.expect(RelationKind::Succeeds, &[("huzhou", "before")]).await;
    }
}
