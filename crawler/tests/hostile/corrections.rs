//! What analysts corrected, through crawls and readings.

use entity::{
    correction::{self, Exact, Given, Reading},
    indicator,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};

use crate::{
    history::publishers,
    publisher::TITLES,
    site::{Crawler, plan_page},
};

impl Crawler {
    /// The figure of beds in the first article, its newest row first.
    async fn beds(&self) -> Vec<indicator::Model> {
        let plan = self.plans().await.into_iter().find(|plan| plan.url.ends_with("/1.html")).unwrap();
        let of_plan = indicator::Column::PlanId.eq(plan.id);
        indicator::Entity::find().filter(of_plan).order_by_desc(indicator::Column::Id).all(self.db()).await.unwrap()
    }

    async fn correction(&self) -> correction::Model {
        correction::Entity::find().one(self.db()).await.unwrap().unwrap()
    }

    /// Corrects a figure as the API does.
    async fn correct(&self, mut row: indicator::Model, given: Given, rejects: bool) {
        let correction = correction::ActiveModel {
            id: NotSet,
            indicator_id: Set(row.id),
            given: Set(given),
            rejects: Set(rejects),
            reading: Set(Reading::of(&row)),
            reason: Set("misread".to_owned()),
            author: Set("li".to_owned()),
            at: Set(row.since),
            ended_at: Set(None),
        };
        correction.insert(self.db()).await.unwrap().lay_over(&mut row);
        row.into_active_model().reset_all().update(self.db()).await.unwrap();
    }

    /// As if the page's plan had been read otherwise, and is read again now.
    async fn reads_anew(&self) {
        let plan = self.beds().await[0].plan_id;
        self.read_by_others(&[plan]).await;
        assert_eq!(self.reextract().await.changed, 1);
    }
}

#[tokio::test]
async fn a_correction_outlives_crawls_and_readings_until_the_number_is_another() {
    for publisher in publishers("correction_outlives").await {
        let crawler = &publisher.crawler;
        crawler.crawl().await;
        let read = crawler.beds().await.remove(0);
        // A number that few binary fractions are near.
        let given = Given { value: Some(Exact(0.1 + 0.2)), unit: Some(None), ..Given::default() };
        crawler.correct(read.clone(), given, false).await;
        let is_corrected = |row: &indicator::Model| {
            assert_eq!((row.id, row.value, row.unit.as_deref()), (read.id, 0.1 + 0.2, None));
            assert_eq!((row.corrected, row.gone_at, &row.name), (true, None, &read.name));
        };

        publisher
            .put("/1.html", plan_page(TITLES[0], 30, "<p>二〇二五年三月</p>").replace("慢病随访", "慢病随访与管理"));
        crawler.crawl().await;
        assert_eq!(crawler.plans().await.iter().map(|plan| plan.version).max(), Some(2), "the page has changed");
        is_corrected(&crawler.beds().await[0]);
        crawler.reads_anew().await;
        is_corrected(&crawler.beds().await[0]);

        // Other rules had read another name, and so another figure: the number and its sentence are the same.
        let row = crawler.beds().await.remove(0);
        indicator::ActiveModel { fingerprint: Set("another".to_owned()), ..row.into_active_model() }
            .update(crawler.db())
            .await
            .unwrap();
        crawler.reads_anew().await;
        let rows = crawler.beds().await;
        assert_eq!((rows.len(), &rows[0].fingerprint), (1, &read.fingerprint));
        is_corrected(&rows[0]);
        assert_eq!(crawler.correction().await.reading, Reading::of(&read));

        // The publisher's new number is a new figure, and nobody has corrected it.
        publisher.put("/1.html", plan_page(TITLES[0], 45, ""));
        crawler.crawl().await;
        let rows = crawler.beds().await;
        let [new, old] = &rows[..] else { panic!("{rows:#?}") };
        assert_eq!((new.value, new.corrected, new.replaces_id), (45.0, false, Some(read.id)));
        assert_eq!((old.value, old.corrected, old.gone_at), (0.1 + 0.2, true, Some(new.since)));
        assert_eq!(crawler.correction().await.reading.gone_at, old.gone_at);
    }
}

#[tokio::test]
async fn a_rejected_figure_stays_out_and_is_no_change_by_the_publisher() {
    for publisher in publishers("correction_rejects").await {
        let crawler = &publisher.crawler;
        crawler.crawl().await;
        let read = crawler.beds().await.remove(0);
        crawler.correct(read.clone(), Given::default(), true).await;
        let changes = async || entity::change::Entity::find().all(crawler.db()).await.unwrap().len();
        let before = changes().await;
        crawler.reads_anew().await;
        publisher.put("/1.html", plan_page(TITLES[0], 30, "").replace("慢病随访", "慢病随访与管理"));
        crawler.crawl().await;
        let rows = crawler.beds().await;
        assert_eq!((rows.len(), rows[0].id, rows[0].gone_at), (1, read.id, Some(read.since)));
        assert_eq!(changes().await, before + 1, "the plan, and no figure of it");
        assert_eq!(crawler.correction().await.reading, Reading::of(&read), "what is taken back then");
    }
}
