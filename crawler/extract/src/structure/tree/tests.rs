use super::*;
use crate::{article::Block, structure::line::lay_out};

/// The sections of a text as `depth kind number heading`.
fn outline(lines: &[&str]) -> Vec<String> {
    outline_of("", lines)
}

fn outline_of(title: &str, lines: &[&str]) -> Vec<String> {
    let blocks: Vec<_> = lines.iter().map(|line| Block::Paragraph((*line).to_owned())).collect();
    let (text, lines) = lay_out(&blocks);
    sections(&text, &lines, title, None)
        .iter()
        .map(|s| {
            let heading = s.heading.as_deref().unwrap_or(&text[s.body.clone()]);
            format!("{} {} {}{heading}", s.depth, s.kind.as_str(), s.number.as_deref().unwrap_or_default())
        })
        .collect()
}

#[test]
fn gives_numbers_behind_a_box_to_the_chapter() {
    let numbers = |lines: &[&str]| -> String {
        outline(lines).iter().map(|row| if row.contains(" task ") { 't' } else { 'b' }).collect()
    };
    // The box's items are written like the tasks, and go up to the next task's number.
    assert_eq!(
        numbers(&["1.甲。一", "2.乙。一", "专栏1 丙", "1.丁。一", "2.戊。一", "3.己。一", "3.庚。一"]),
        "ttbbbbt"
    );
    // The next task goes on with the number of the items, in its own way of writing.
    assert_eq!(numbers(&["1. 甲。一", "专栏1 丙", "1.丁。一", "2. 乙。一", "3. 庚。一"]), "tbbtt");
    // A box without items.
    assert_eq!(numbers(&["1.甲。一", "专栏1 丙", "一段。", "2.乙。一"]), "tbt");
    // Items of a lower style, and tasks of that style.
    assert_eq!(numbers(&["1.甲。一", "专栏1 丙", "（1）丁。一", "（2）戊。一", "2.乙。一"]), "tbbbt");
    assert_eq!(numbers(&["（1）甲。一", "专栏1 丙", "①丁。一", "（2）乙。一"]), "tbbt");
}

#[test]
fn parts_headings_from_their_text() {
    assert_eq!(
        outline(&[
            "一、总目标：到年底办二十场。",
            "（一）义诊",
            "1.下乡。逢五去。",
            "2.病床使用率达到90%。逐年升。",
            "3.办好义诊。"
        ]),
        [
            "1 heading 一、总目标",
            "2 heading （一）义诊",
            "3 task 1.下乡",
            "3 task 2.病床使用率达到90%。逐年升。",
            "3 task 3.办好义诊。"
        ]
    );
}

#[test]
fn puts_the_last_words_beside_the_chapters() {
    let lines = ["一、义诊", "1.下乡。去。", "2.进山。去。", "3.上船。去。", "全县上下要齐心协力，把事办好。"];
    assert_eq!(outline(&lines).last().unwrap(), "1 paragraph 全县上下要齐心协力，把事办好。");
    // Where other tasks have several paragraphs too, the last one belongs to its task.
    let lines = ["1.下乡。去。", "还去。", "2.进山。去。", "3.上船。去。", "全县上下要齐心协力，把事办好。"];
    assert_eq!(outline(&lines).len(), 3);
}

#[test]
fn puts_annexes_behind_the_chapters() {
    let lines = [
        "一、义诊",
        "1.下乡。去。",
        "附件1：义诊表",
        "一、村名",
        "附件2",
        "名词解释",
        "一、义诊：不收钱的门诊。",
        "附表 村",
        "东村",
    ];
    assert_eq!(
        outline(&lines),
        [
            "1 heading 一、义诊",
            "2 task 1.下乡",
            "1 heading 附件1义诊表",
            "2 heading 一、村名",
            "1 heading 附件2",
            "1 glossary 名词解释",
            "1 heading 附表村",
        ]
    );
}

#[test]
fn keeps_what_was_done_apart_from_what_will_be() {
    let title = "某局2024年工作总结和2025年工作计划";
    assert_eq!(
        outline_of(
            title,
            &["一、2024年工作总结", "（一）义诊", "1.下乡。去过。", "二、2025年工作计划", "1.再下乡。去。"]
        ),
        [
            "1 heading 一、2024年工作总结",
            "2 heading （一）义诊",
            "3 paragraph 1.下乡",
            "1 heading 二、2025年工作计划",
            "2 task 1.再下乡",
        ]
    );
    // Numbers that start again below numbers of the same kind.
    assert_eq!(
        outline_of("", &["一、去年工作回顾", "一、义诊", "二、修路", "二、今年工作安排", "一、再义诊", "二、架桥"]),
        [
            "1 heading 一、去年工作回顾",
            "2 heading 一、义诊",
            "2 heading 二、修路",
            "1 heading 二、今年工作安排",
            "2 heading 一、再义诊",
            "2 heading 二、架桥",
        ]
    );
    // A first half that only the title names.
    assert_eq!(
        outline_of(title, &["一年过去了。", "一、义诊", "2025年工作计划", "一、再义诊", "二、架桥"]),
        [
            "1 heading 2024年工作总结",
            "2 heading 一、义诊",
            "1 heading 2025年工作计划",
            "2 heading 一、再义诊",
            "2 heading 二、架桥",
        ]
    );
    // A report whose chapters go on behind the first one that looks ahead.
    let rows = outline_of("政府工作报告", &["一、2024年工作回顾", "二、2025年目标任务", "三、全力办好义诊"]);
    assert!(rows.iter().all(|row| row.starts_with("1 heading")), "{rows:?}");
}

#[test]
fn takes_groups_of_text_for_tasks() {
    let kinds = |lines: &[&str]| -> String {
        let kind = |row: &String| if row.contains(" task ") { 't' } else { 'h' };
        outline(lines).iter().map(kind).collect()
    };
    let lines = [
        "一、总体要求",
        "（一）指导思想。实事求是。",
        "二、重点任务",
        "（一）修路。修到村口。",
        "（二）架桥",
        "架到对岸。",
    ];
    assert_eq!(kinds(&lines), "hhhtt");
    // Beside groups with tasks of their own.
    let lines = [
        "一、重点任务",
        "（一）修路",
        "1.修到村口。一年。",
        "（二）架桥。架到对岸。",
        "二、组织保障",
        "（一）出钱。都出。",
    ];
    assert_eq!(kinds(&lines), "hhtthh");
    // A group without a word of text.
    assert_eq!(kinds(&["一、重点任务", "（一）修路", "（二）架桥"]), "hhh");
}

#[test]
fn leads_over_to_lower_numbers() {
    let rows = outline(&["1.社区服务。", "（1）建食堂50家。", "2.办好食堂3家。", "（1）选点。", "3.好好办。"]);
    assert_eq!(
        rows,
        [
            "1 task 1.社区服务",
            "2 task （1）建食堂50家。",
            "1 task 2.办好食堂3家。",
            "2 task （1）选点。",
            "1 task 3.好好办。"
        ]
    );
}

#[test]
fn gives_a_list_of_units_to_the_task_above() {
    let lines = ["（一）修路", "一是修到村口。", "（责任单位：交通科）", "（二）架桥", "架到对岸。"];
    assert_eq!(outline(&lines), ["1 task （一）修路", "1 task （二）架桥"]);
}

#[test]
fn nests_headings_of_the_markup() {
    let heading = |text: &str, level| Block::Heading(text.to_owned(), level);
    let text = |text: &str| Block::Paragraph(text.to_owned());
    let blocks = [
        heading("总体要求", 2),
        text("办好事。"),
        heading("重点任务", 2),
        heading("修路", 3),
        text("1.修到村口。一年。"),
        heading("架桥", 3),
        heading("保障", 2),
    ];
    let (text, lines) = lay_out(&blocks);
    let depths: Vec<u32> = sections(&text, &lines, "", None).iter().map(|section| section.depth).collect();
    assert_eq!(depths, [1, 1, 2, 3, 2, 1]);
}

#[test]
fn reads_numbers_that_skip_and_start_again() {
    let lines = ["一、甲", "1.乙。一", "3.丙。一", "三、丁", "1.戊。一", "（1）己。一", "2.庚。一"];
    let depths: String = outline(&lines).iter().map(|row| row.chars().next().unwrap()).collect();
    assert_eq!(depths, "1221232");
}

#[test]
fn heads_paragraphs_with_phrases_before_a_colon() {
    let rows = outline(&[
        "修路：到村口，雨天也通。",
        "建房：一村一间，有暖气。",
        "派人：一点一人，都值班。",
        "大家齐心，把事办好。",
    ]);
    assert_eq!(
        rows,
        ["1 task 修路", "1 task 建房", "1 task 派人", "1 paragraph 大家齐心，把事办好。"][..]
            .iter()
            .map(|r| (*r).to_owned())
            .collect::<Vec<_>>()
    );
}
