//! Whatever stands in a text and in whatever order, what is read hangs together.

mod sound;

use extract::{Context, Reader, html, plain};

/// Beginnings and whole lines that mean something to the reader.
const PIECES: [&str; 36] = [
    "一、",
    "二、",
    "（一）",
    "(二)",
    "1.",
    "2. ",
    "３．",
    "（1）",
    "①",
    "第一章",
    "第二节",
    "专栏1",
    "专栏2 义诊",
    "附件：名词解释",
    "附件1",
    "办好义诊。",
    "下乡",
    "：",
    "。",
    "\u{3000}",
    "责任单位：医政科、疾控科",
    "（牵头处室：医政处）",
    "2025年3月4日",
    "某县卫生健康局",
    "北京市：",
    "天津",
    "河北省",
    "来源：某报",
    "扫一扫",
    "签约率：签约数÷人口数×100%",
    "\t",
    "义诊到村，村村都去，家家都到，人人都看，样样都查，月月都办。",
    "关于印发工作要点的通知",
    "2025年工作要点",
    "\n",
    "修好路：车能开到村口。",
];

/// The numbers of a linear congruential generator (Knuth, MMIX), so that each run tries the same texts.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % below
    }
}

#[test]
fn any_text_is_read_soundly() {
    let reader = Reader::builtin();
    let mut numbers = Numbers(2026);
    for _ in 0..2_000 {
        let mut text = String::new();
        for _ in 0..numbers.next(40) {
            text.push_str(PIECES[numbers.next(PIECES.len())]);
            if numbers.next(2) == 0 {
                text.push('\n');
            }
        }
        for article in [plain::article(&text), html::article(&text.replace('\n', "<p>"))] {
            for plan in reader.read(&article, &Context::default()) {
                assert_eq!(sound::unsound(&plan), Vec::<String>::new(), "{text:?}");
            }
        }
    }
}
