use super::*;

const PLAN: [&str; 4] = [
    "一、推进县域医共体建设，加强乡镇卫生院能力，完善双向转诊，做好慢病随访，年内新增床位30张。",
    "二、实施健康县城行动，落实爱国卫生任务，提升居民健康素养水平，健全监测网络，巩固无烟单位成果。",
    "三、优化托育服务供给，推动幼儿园办托班，开展从业人员培训，强化安全管理，确保家长放心。",
    "四、深化人事薪酬改革，构建激励机制，落实值班补助，争取专项资金，加快人才引进，充实基层队伍。",
];
const NOTICE: [&str; 5] = [
    "某卫发〔2025〕9号",
    "各乡镇卫生院：",
    "现将《2025年全县卫生健康工作要点》印发给你们，请加强领导，落实责任，确保完成，完善台账，做好总结，推动工作再上台阶。",
    "某县卫生健康局",
    "2025年3月4日",
];
const TITLE: &str = "某县卫生健康局关于印发2025年全县卫生健康工作要点的通知";

fn blocks(lines: &[&str]) -> Vec<Block> {
    lines.iter().map(|line| Block::Paragraph((*line).to_owned())).collect()
}

fn page(title: &str, lines: &[&str], files: &[&str]) -> Article {
    let attachments =
        files.iter().map(|name| Attachment { href: "./P1.docx".to_owned(), name: (*name).to_owned() }).collect();
    Article { title: Some(title.to_owned()), blocks: blocks(lines), attachments, ..Article::default() }
}

fn file(title: Option<&str>, lines: &[&str]) -> Article {
    Article { title: title.map(ToOwned::to_owned), blocks: blocks(lines), ..Article::default() }
}

#[test]
fn asks_for_files_where_the_page_holds_no_plan() {
    let files =
        ["附件1：2025年全县卫生健康工作要点.docx", "附件2", "附件3：项目申报表.doc", "一图读懂", "附件4.指标表.xlsx"];
    assert_eq!(wanted("", &page(TITLE, &NOTICE, &files)), [0, 1, 4]);
    assert_eq!(wanted("", &page(TITLE, &["附件："], &["下载"])), [0]);
    assert_eq!(wanted(TITLE, &page("某某文件", &[], &["附件"])), [0], "the list names it");
    assert_eq!(wanted("", &page("文件发布", &[], &["2025年工作要点.pdf", "附件"])), [0]);
    let long = PLAN.repeat(6);
    let whole = page("2025年全县卫生健康工作要点", &long, &["2025年全县卫生健康工作要点.pdf", "主要指标表"]);
    assert_eq!(wanted("", &whole), [1], "what it holds already is not asked for");
    let short = page("2025年全县卫生健康工作要点", &PLAN, &["2025年全县卫生健康工作要点.pdf"]);
    assert_eq!(wanted("", &short), [0], "it may be a summary");
    let mut refers = long.clone();
    refers.push("全文请见附件");
    assert_eq!(wanted("", &page("2025年全县卫生健康工作要点", &refers, &["附件"])), [0]);
}

#[test]
fn leaves_the_files_of_other_pages_alone() {
    for title in ["《2025年全县卫生健康工作要点》解读", "2024年度信息公开年度报告"] {
        assert_eq!(wanted("", &page(title, &NOTICE, &["2025年全县卫生健康工作要点.pdf"])), [0; 0], "{title}");
        let article = page(title, &NOTICE, &[]);
        assert_eq!(join("", article.clone(), &[("要点.pdf", file(None, &PLAN))]).article, article);
    }
    let news = page("局长走访医生", &PLAN.repeat(6), &["2025年工作要点.pdf"]);
    assert_eq!(wanted("", &news), [0; 0]);
}

#[test]
fn asks_for_archives_only_where_there_is_nothing_else() {
    let with = |hrefs: &[&str]| {
        let attachments =
            hrefs.iter().map(|href| Attachment { href: (*href).to_owned(), name: "附件".to_owned() }).collect();
        wanted("", &Article { attachments, ..page(TITLE, &NOTICE, &[]) })
    };
    assert_eq!(with(&["a.zip", "a.pdf"]), [1]);
    assert_eq!(with(&["a.zip"]), [0]);
}

#[test]
fn a_notice_and_its_file_are_one_article() {
    let plan = file(Some("2025年全县卫生健康工作要点"), &PLAN);
    let notice = page(TITLE, &NOTICE, &["要点.docx"]);
    let joined = join("", notice, &[("申报表", file(None, &["姓名"])), ("要点.docx", plan.clone())]);
    assert_eq!((joined.body, &joined.annexes[..]), (Some(1), &[][..]));
    let Article { title, meta, blocks, .. } = joined.article;
    assert_eq!((title.as_deref(), blocks), (Some("2025年全县卫生健康工作要点"), plan.blocks));
    assert_eq!(meta.document_number.as_deref(), Some("某卫发〔2025〕9号"));
    assert_eq!(meta.issuer.as_deref(), Some("某县卫生健康局"));
    assert_eq!(meta.issued_on.unwrap().to_string(), "2025-03-04");
}

#[test]
fn a_copy_of_the_page_adds_nothing() {
    let title = "2025年全县卫生健康工作要点";
    let whole = page(title, &PLAN, &["要点.pdf"]);
    let copy = file(Some(title), &[&PLAN.concat()]);
    let joined = join("", whole.clone(), &[("要点.pdf", copy)]);
    assert_eq!(joined, Joined { article: whole.clone(), ..Joined::default() });
    let longer: Vec<String> = (1..30).map(|n| format!("{n}.推进第{n}批乡镇的设备更新，加强检修并确保安全。")).collect();
    let longer = file(None, &longer.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(join("", whole, &[("要点.pdf", longer)]).body, Some(0), "what the page has is a summary");
}

#[test]
fn annexes_follow_in_their_order() {
    let table = |rows: &[&str]| {
        let rows = rows.iter().map(|row| row.split(' ').map(ToOwned::to_owned).collect()).collect();
        let blocks = vec![Block::Table(crate::article::Table { rows })];
        Article { title: Some("2025年主要指标".to_owned()), blocks, ..Article::default() }
    };
    let files = [
        ("附件2：主要指标表.xlsx", table(&["指标 单位 目标", "健康素养水平 % 40"])),
        ("附件1", file(Some("2025年全县卫生健康工作要点"), &PLAN)),
        ("要点.pdf", file(None, &PLAN)),
        ("附件3：名词解释.doc", file(None, &["附件3", "双向转诊：病人按病情在两级医院之间转。"])),
    ];
    let joined = join("", page(TITLE, &NOTICE, &[]), &files);
    // A file that is named as a plan goes before one that only reads as one.
    assert_eq!((joined.body, &joined.annexes[..]), (Some(2), &[0, 3][..]));
    let heads: Vec<_> = joined.article.annexes.iter().map(|blocks| blocks[0].line().unwrap()).collect();
    assert_eq!(heads, ["附件2：主要指标表", "附件3"]);

    let plans = crate::Reader::builtin().read(&joined.article, &crate::Context::default());
    let [plan] = &plans[..] else { panic!("{plans:?}") };
    let starts: Vec<_> = plan.annexes.iter().map(|at| plan.text[*at..].lines().next().unwrap()).collect();
    assert_eq!(starts, heads);
    let figure = plan.indicators.iter().find(|figure| figure.value == 40.0).unwrap();
    assert!(figure.range.start > plan.annexes[0], "{figure:?}");
}

#[test]
fn a_page_without_a_plan_stays_as_it_is() {
    let notice = page(TITLE, &NOTICE, &["回执"]);
    let joined = join("", notice.clone(), &[("回执", file(None, &["姓名"]))]);
    assert_eq!(joined, Joined { article: notice, ..Joined::default() });
}
