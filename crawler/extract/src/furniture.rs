//! What stands around a text on a page: where one is, share bars, counters, notes of the site's owner.

use crate::{
    article::{Block, Metadata},
    metadata::record_line,
    structure::mark,
};

/// Words that a page says of itself. A short line with one of them is none of the text.
const WORDS: [&str; 44] = [
    "扫一扫",
    "扫码",
    "扫描二维码",
    "当前位置",
    "您的位置",
    "所在位置",
    "打印本页",
    "关闭窗口",
    "关闭本页",
    "分享到",
    "字号：",
    "字号:",
    "字体：",
    "字体:",
    "浏览次数",
    "阅读次数",
    "责任编辑",
    "我要纠错",
    "上一篇",
    "下一篇",
    "相关链接",
    "相关文档",
    "相关解读",
    "网站导航",
    "网站地图",
    "联系我们",
    "版权所有",
    "网站标识码",
    "备案号",
    "ICP备",
    "公安备",
    "技术支持",
    "主办单位：",
    "分辨率",
    "服务热线",
    "咨询电话",
    "微信公众号",
    "订阅号",
    "公众号",
    "免费注册",
    "下载APP",
    "无障碍浏览",
    "手机上观看",
    "手机端查看",
];
/// Words that open a note of the site's owner.
const NOTES: [&str; 8] =
    ["特别声明", "法律声明", "免责声明", "版权声明", "郑重声明", "凡来源注明", "凡本网注明", "欢迎访问"];
/// Words of which a longer line of the site has several.
const HINTS: [&str; 11] =
    ["注册", "免费", "微信号", "侵权", "请联系", "转载", "授权", "客服", "会员", "原创", "您也可"];
/// Lines that a publishing system leaves in a text.
const MARKS: [&str; 5] =
    ["(此件公开发布)", "（此件公开发布）", "(信息公开形式：主动公开)", "（信息公开形式：主动公开）", "#PAGE_BREAK#"];

/// Whether a line belongs to the page and not to its text.
pub(crate) fn is_furniture(line: &str) -> bool {
    let line = line.trim();
    let chars = line.chars().count();
    let hints = || HINTS.iter().filter(|word| line.contains(**word)).count();
    if MARKS.contains(&line) || NOTES.iter().any(|note| line.starts_with(note)) {
        return true;
    }
    // What is numbered is text, and so is a sentence with one such word in it.
    mark(line).is_none()
        && (chars <= 60 && !line.ends_with('。') && WORDS.iter().any(|word| line.contains(word))
            || chars <= 120 && hints() >= 2)
}

/// How many lines at the end stand behind the text: the last ones from a line of the page on, where nothing but such
/// lines and short scraps follows.
pub(crate) fn tail(lines: &[&str]) -> usize {
    let scrap = |line: &str| line.trim().chars().count() <= 20 && !line.contains('。');
    lines
        .iter()
        .rev()
        .enumerate()
        .take_while(|(_, line)| is_furniture(line) || scrap(line))
        .filter(|(_, line)| is_furniture(line))
        .last()
        .map_or(0, |(i, _)| i + 1)
}

/// Takes lines of the page off both ends of a body, and the labels at its start.
pub(crate) fn trim(blocks: &mut Vec<Block>, meta: &mut Metadata) {
    let lines: Vec<&str> = blocks.iter().map(|block| block.line().unwrap_or("|")).collect();
    let end = lines.len() - tail(&lines);
    let start = lines[..end].iter().take_while(|line| record_line(meta, line) || is_furniture(line)).count();
    blocks.truncate(end);
    blocks.drain(..start);
    blocks.retain(|block| !block.line().is_some_and(|line| MARKS.contains(&line)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_the_tail_from_its_first_line() {
        let lines = [
            "办好义诊，服务群众，并把经验推广到全县各个乡镇。",
            "某县卫健局",
            "扫一扫在手机打开",
            "首页",
            "版权所有 某网",
        ];
        assert_eq!(tail(&lines), 3);
        assert_eq!(tail(&lines[..2]), 0);
    }

    #[test]
    fn leaves_sentences_that_use_the_same_words() {
        for line in [
            "把经验分享到全市每个社区卫生服务中心，让更多的居民知道义诊的时间、地点和内容，并以微信公众号、短视频等多种形式宣传到户到人，做到家喻户晓。",
            "扩大免费义诊覆盖面。",
        ] {
            assert!(!is_furniture(line), "{line}");
        }
    }

    #[test]
    fn reads_labels_at_the_start() {
        let mut meta = Metadata::default();
        let mut blocks: Vec<_> = ["索引号：X1 成文日期：2025-01-02", "字号：大 中 小", "办好义诊。", "【打印本页】"]
            .map(|l| Block::Paragraph(l.to_owned()))
            .into();
        trim(&mut blocks, &mut meta);
        assert_eq!(blocks, [Block::Paragraph("办好义诊。".to_owned())]);
        assert_eq!(meta.index_number.as_deref(), Some("X1"));
    }
}
