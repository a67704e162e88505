//! What publishers changed.

use entity::{
    change,
    value::{ChangeKind, SectionKind},
};
use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::{NotSet, Set},
};
use serde_json::{Value, json};

use crate::support::{Figure, PlanSpec, World, moment, pick, worlds};

async fn change(world: &World, kind: ChangeKind, at: &str, plan: i64, region: i32, figure: Option<i64>) {
    let of_figure = |text: &str| figure.map(|_| text.to_owned());
    let row = change::ActiveModel {
        id: NotSet,
        kind: Set(kind),
        at: Set(moment(at)),
        plan_id: Set(plan),
        region_id: Set(region),
        indicator_id: Set(figure),
        before: Set(of_figure("82.3")),
        after: Set(of_figure("82.6")),
    };
    row.insert(&world.db).await.unwrap();
}

#[tokio::test]
async fn changes_are_told_in_their_order_with_what_they_are_about() {
    for world in worlds("changes").await {
        let huzhou = world.plan(PlanSpec::default()).await;
        let section = world.section(huzhou, SectionKind::Task, "一", None).await;
        let figure = world.figure(huzhou, section, Figure::default()).await;
        let zhonglou = world.plan(PlanSpec { region: "320404", title: "钟楼区要点", ..PlanSpec::default() }).await;
        change(&world, ChangeKind::FigureChanged, "2025-07-02T00:00:00Z", huzhou, 3_305_000, Some(figure)).await;
        change(&world, ChangeKind::PlanNew, "2025-07-01T00:00:00Z", huzhou, 3_305_000, None).await;
        change(&world, ChangeKind::PlanWithdrawn, "2025-07-03T00:00:00Z", zhonglou, 3_204_040, None).await;

        let ask = async |arguments: &str| {
            let query = format!(
                "{{ changes(since: \"2025-07-01T00:00:00Z\"{arguments}) {{ totalCount pageInfo {{ endCursor }} nodes {{ kind at before after plan {{ title }} indicator {{ name }} }} }} }}"
            );
            world.ask(&query).await["changes"].clone()
        };
        let all = ask("").await;
        assert_eq!(pick(&all, "kind"), ["PLAN_NEW", "FIGURE_CHANGED", "PLAN_WITHDRAWN"]);
        let expected = json!({
            "kind": "FIGURE_CHANGED", "at": "2025-07-02T00:00:00Z", "before": "82.3", "after": "82.6",
            "plan": {"title": "卫生健康工作要点"}, "indicator": {"name": "家庭医生签约率"},
        });
        assert_eq!(all["nodes"][1], expected);
        assert_eq!(all["nodes"][0]["indicator"], Value::Null);
        assert_eq!(pick(&ask(", until: \"2025-07-02T00:00:00Z\"").await, "kind"), ["PLAN_NEW"]);
        assert_eq!(pick(&ask(", within: \"江苏\"").await, "kind"), ["PLAN_WITHDRAWN"]);
        assert_eq!(pick(&ask(", kinds: [FIGURE_CHANGED, FIGURE_GONE]").await, "kind"), ["FIGURE_CHANGED"]);
        assert_eq!(ask(", kinds: []").await["totalCount"], 0);
        let first = ask(", first: 2").await;
        let rest = ask(&format!(", after: {}", first["pageInfo"]["endCursor"])).await;
        assert_eq!((pick(&first, "kind").len(), pick(&rest, "kind")), (2, vec![&json!("PLAN_WITHDRAWN")]));
    }
}
