//! What must hold of any text.

mod sound;

use std::sync::LazyLock;

use extract::{Context, Reader, plain};
use proptest::prelude::*;

static READER: LazyLock<Reader> = LazyLock::new(Reader::builtin);

/// Pieces of sentences with figures in them; a semicolon or full stop parts them in any order.
const CLAUSES: [&str; 14] = [
    "老人体检率达到76%以上",
    "新增托位260个",
    "婴儿死亡率控制在3.5‰以下",
    "孕产妇死亡率、婴儿死亡率分别控制在7/10万和3‰",
    "每千人口床位数由6.1张提高到6.5张",
    "建成夜间门诊8家，其中镇上5家",
    "到2027年完成投资1.2亿元",
    "为3000名老人提供上门服务",
    "病人满意度提升2个百分点",
    "AED配置152台",
    "办义诊20～30场",
    "总量位列全省前三",
    "把路修通",
    "平均等候时间缩短到15分钟以内",
];

fn sentences() -> impl Strategy<Value = String> {
    let clause = prop::sample::select(&CLAUSES[..]);
    let ended = (clause, prop::sample::select(&["。", "；", "，", "。\n"][..]))
        .prop_map(|(clause, end)| format!("{clause}{end}"));
    prop::collection::vec(ended, 1..12).prop_map(|parts| format!("一、任务\n1.办实事。{}完。", parts.concat()))
}

/// What is said of each figure, its place and spelling left out.
fn figures(text: &str) -> Vec<String> {
    let context = Context { region: None, year: Some(2026) };
    let plans = READER.read(&plain::article(text), &context);
    let figures = plans.iter().flat_map(|plan| &plan.indicators);
    figures
        .map(|i| {
            let name: String = i.name.chars().map(extract::text::half_width).filter(|c| !c.is_whitespace()).collect();
            format!("{name} {:?} {} {:?} {:?}", i.comparator, i.value, i.value_max, i.unit)
        })
        .collect()
}

/// ASCII digits and signs as their full-width forms.
fn full_width(c: char) -> char {
    match c {
        '0'..='9' | 'A'..='Z' | '%' | '.' | '/' => char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c),
        other => other,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_sound(text in "\\PC{0,200}") {
        sound::read(&READER, &text);
    }

    #[test]
    fn any_text_of_the_signs_that_matter_is_sound(
        text in "[一二三十两百千万亿半成倍0-9０-９.．,，、。；：:%％‰/（）()年月第个家名张率达到至由提高降分别各每于以上下内前\"“”《》<>p\n\t　—~～+①-]{0,160}"
    ) {
        sound::read(&READER, &text);
    }

    #[test]
    fn sentences_with_figures_are_sound(text in sentences()) {
        sound::read(&READER, &text);
    }

    #[test]
    fn width_changes_no_figure(text in sentences()) {
        let (head, body) = text.split_once("实事。").unwrap_or(("", &text));
        let wide = format!("{head}实事。{}", body.chars().map(full_width).collect::<String>());
        prop_assert_eq!(figures(&wide), figures(&text));
    }

    #[test]
    fn ascii_punctuation_changes_no_figure(text in sentences()) {
        let (head, body) = text.split_once("实事。").unwrap_or(("", &text));
        let narrow = format!("{head}实事。{}", body.chars().map(extract::text::half_width).collect::<String>());
        prop_assert_eq!(figures(&narrow), figures(&text));
    }

    #[test]
    fn white_space_changes_no_figure(text in sentences(), at in prop::collection::vec(any::<prop::sample::Index>(), 1..8)) {
        let characters: Vec<char> = text.chars().collect();
        let mut spaced: Vec<char> = characters.clone();
        let start = text.chars().take_while(|c| *c != '\n').count() + 8;
        for index in at {
            let i = start + index.index(spaced.len() - start);
            // Inside a number a space parts what it stands between, and so it does at the end of a line.
            let near = [spaced.get(i - 1), spaced.get(i)];
            let inside = near.iter().all(|c| c.is_some_and(char::is_ascii));
            if !inside && !near.contains(&Some(&'\n')) {
                spaced.insert(i, ' ');
            }
        }
        prop_assert_eq!(figures(&spaced.into_iter().collect::<String>()), figures(&text));
    }
}

#[test]
fn seeds_of_the_fuzzer_are_sound() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/read");
    let seeds: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().collect();
    assert!(seeds.len() >= 5, "{folder} holds the seeds");
    for seed in seeds {
        sound::read(&READER, &String::from_utf8_lossy(&std::fs::read(seed.path()).unwrap_or_default()));
    }
}
