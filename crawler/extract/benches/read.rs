//! How fast plans are read: `cargo bench -p extract`. Every step is to take time in proportion to the length of its
//! text, so that the rates of 10 KB and of 10 MB are about the same.

use divan::{Bencher, counter::BytesCount, counter::ItemsCount};
use extract::{Article, Context, Plan, Reader, html, plain};

fn main() {
    divan::main();
}

/// Bytes of the texts.
const LENGTHS: [usize; 4] = [10_000, 100_000, 1_000_000, 10_000_000];

/// Tasks with figures.
const TASKS: [&str; 6] = [
    "方便老人看病。在镇上开设夜间门诊8个，每周不少于三晚，让家住山里的老人当天往返；65岁以上老年人免费体检率达到76%以上。",
    "把好疫苗关。适龄儿童国家规划疫苗接种率保持在95%以上，冷藏车辆全部装上测温设备，出现问题两小时内上报。",
    "培养本地医生。到2026年底，全县每千人口执业（助理）医师数由2.9人提高到3.3人，招收定向培养学生45名，其中中医专业不低于三成。",
    "减轻看病负担。继续比对检查结果，能够互认的不再重复收费，次均门诊费用增幅控制在4%以内，住院病人满意度提升2个百分点。",
    "守护母亲和孩子。孕产妇死亡率、婴儿死亡率分别控制在7/10万和3.5‰以下，新增普惠托位260个，支持单位和小区自己办托。",
    "讲清健康道理。请老医生走进校园和集市，讲怎样吃盐、怎样量血压，居民健康素养水平力争达到35%左右。",
];

/// Tasks without figures. Two of three are, so that a text holds about four figures a kilobyte, which is more than most
/// plans do.
const PROSE: [&str; 5] = [
    "写明账目。每季度把药品进货的单子贴在门口，请村民代表来看；谁多收了钱，就由谁退还，并在会上说清楚是怎么回事，今后如何不再发生。",
    "打通信息。县里的医院和镇上的卫生院用同一套系统记病历，病人转到哪里，病历就跟到哪里，医生不必再问一遍，病人也不必再带一袋片子。",
    "照看心理。学校里有老师懂心理，镇上有医生会谈心，遇到想不开的人，先陪着，再请县里的专家来看，不让一家人单独扛着。",
    "治理环境。河边不堆垃圾，厕所有人打扫，餐馆的后厨向客人敞开；发现蚊虫多了，及时翻盆倒罐，让登革热没有机会传开。",
    "带好队伍。年轻医生跟着老医生学，老医生跟着年轻人用新设备；评职称看病人怎么说、同行怎么说，不只看写了几篇文章。",
];

/// A plan in plain text of about so many bytes.
fn text(bytes: usize) -> String {
    let mut text = "2026年全县健康工作要点\n新的一年，我们要把群众看病的事一件一件办好。\n".to_owned();
    let mut task = 0;
    while text.len() < bytes {
        match task % 24 {
            0 => text.push_str("一、让看病更方便\n（一）办好身边的门诊\n"),
            12 => text.push_str("二、让大家少生病\n（一）从小事做起\n"),
            _ => {}
        }
        let words = if task % 3 == 0 { TASKS[task / 3 % TASKS.len()] } else { PROSE[task % PROSE.len()] };
        text.push_str(&format!("{}.{words}\n", task % 12 + 1));
        task += 1;
    }
    text
}

/// The same as a page, with what a publisher's site puts around it.
fn page(bytes: usize) -> String {
    let menu = "<li><a href=\"/xw/\">新闻</a></li><li><a href=\"/zw/\">政务</a></li>".repeat(20);
    let mut page =
        format!("<html><head><title>2026年全县健康工作要点</title></head><body><ul>{menu}</ul><div class=\"con\">");
    for line in text(bytes.saturating_sub(page.len() + 1_000)).lines() {
        page.push_str(&format!("<p style=\"text-indent:2em\">{line}</p>\n"));
    }
    page.push_str("</div><div class=\"foot\">版权所有</div></body></html>");
    page
}

fn context() -> Context {
    Context { region: Some("湖州市".to_owned()), year: Some(2026) }
}

fn outline(reader: &Reader, article: &Article) -> Plan {
    reader.outline(article, &context()).remove(0)
}

/// Plain text into an article.
#[divan::bench(args = LENGTHS)]
fn clean(bencher: Bencher<'_, '_>, bytes: usize) {
    let text = text(bytes);
    bencher.counter(BytesCount::new(text.len())).bench(|| plain::article(&text));
}

/// An article into sections.
#[divan::bench(args = LENGTHS)]
fn structure(bencher: Bencher<'_, '_>, bytes: usize) {
    let (reader, text) = (Reader::builtin(), text(bytes));
    let article = plain::article(&text);
    bencher.counter(BytesCount::new(text.len())).bench(|| reader.outline(&article, &context()));
}

/// Sections into figures; the second rate counts the figures.
#[divan::bench(args = LENGTHS)]
fn measure(bencher: Bencher<'_, '_>, bytes: usize) {
    figures(bencher, &text(bytes));
}

/// The same of one sentence that does not end, with a figure in every clause. Its length within one sentence, and its
/// length where the reader breaks it, must not change the rates.
#[divan::bench(args = [1_500, 6_000, 100_000, 1_000_000])]
fn endless(bencher: Bencher<'_, '_>, bytes: usize) {
    let clause = "新增普惠托位260个，老年人体检率达到76%以上，";
    figures(bencher, &format!("2026年全县健康工作要点\n{}", clause.repeat(bytes / clause.len())));
}

fn figures(bencher: Bencher<'_, '_>, text: &str) {
    let reader = Reader::builtin();
    let mut plan = outline(&reader, &plain::article(text));
    reader.measure(&mut plan);
    bencher
        .counter(BytesCount::new(text.len()))
        .counter(ItemsCount::new(plan.indicators.len()))
        .bench_local(|| reader.measure(&mut plan));
}

/// Plain text into plans with sections, terms and figures; the second rate counts the figures.
#[divan::bench(args = LENGTHS)]
fn whole(bencher: Bencher<'_, '_>, bytes: usize) {
    let (reader, text) = (Reader::builtin(), text(bytes));
    let read = || reader.read(&plain::article(&text), &context());
    let figures: usize = read().iter().map(|plan| plan.indicators.len()).sum();
    bencher.counter(BytesCount::new(text.len())).counter(ItemsCount::new(figures)).bench(read);
}

/// A page of 25 KB, step by step.
mod page_of_25_kb {
    use super::{Bencher, BytesCount, ItemsCount, Reader, context, html, outline, page};

    const BYTES: usize = 25_000;

    #[divan::bench]
    fn clean(bencher: Bencher<'_, '_>) {
        let page = page(BYTES);
        bencher.counter(BytesCount::new(page.len())).bench(|| html::article(&page));
    }

    #[divan::bench]
    fn structure(bencher: Bencher<'_, '_>) {
        let (reader, article) = (Reader::builtin(), html::article(&page(BYTES)));
        bencher.bench(|| outline(&reader, &article));
    }

    #[divan::bench]
    fn measure(bencher: Bencher<'_, '_>) {
        let (reader, article) = (Reader::builtin(), html::article(&page(BYTES)));
        let mut plan = outline(&reader, &article);
        bencher.bench_local(|| reader.measure(&mut plan));
    }

    #[divan::bench]
    fn whole(bencher: Bencher<'_, '_>) {
        let (reader, page) = (Reader::builtin(), page(BYTES));
        let read = || reader.read(&html::article(&page), &context());
        let figures: usize = read().iter().map(|plan| plan.indicators.len()).sum();
        bencher.counter(BytesCount::new(page.len())).counter(ItemsCount::new(figures)).bench(read);
    }
}
