//! The words that bind a number to what it measures.

use std::{collections::HashMap, sync::LazyLock};

use entity::value::Comparator;

/// What a word before a number does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing: 力争, 继续, 同比.
    Adverb,
    /// Binds the number from one side: 不少于, 至少.
    Bound(Comparator),
    /// Says that the level lies on one side of the number: 突破, 高于.
    Pass(Comparator),
    /// Gives every thing named before it a number of its own: 分别, 各, 均.
    Each,
    /// Says that the level is the number: 达到, 保持在.
    Reach,
    /// 到 and 至, which make a level of the verb of change before them: 提高到, 降至.
    To,
    /// A change upwards by the number: 增长.
    Up,
    /// A change downwards by the number: 下降.
    Down,
    /// Adds what is counted: 新增, 建成.
    Gain,
    /// Has or does what is counted: 拥有, 开展.
    Have,
    /// Is that share of something: 占.
    Part,
    /// Leads in what is acted on: 为, 对, 在.
    Frame,
    /// Ends a list of which the number tells the length: 等.
    Etc,
    /// Narrows nothing: 全市, 全省.
    Place,
    /// Ends on a word of this table by chance: 人均 is no 均.
    Stop,
}

use Effect::{Adverb, Bound, Down, Each, Etc, Frame, Gain, Have, Part, Pass, Place, Reach, Stop, To, Up};

/// The words, by what they do.
const WORDS: &[(Effect, &str)] = &[
    (
        Reach,
        "仅为 跃居 名列 达到 达成 达 保持在 稳定在 维持在 控制在 保持 维持 稳定 控制 提升至 提高至 是 位列 位居 列 居 进入 跻身 挺进 荣获 \
         争 保 排名 排 排在 降为 升为 增为 争取达到 实现达到 稳定达到 提升达到 定为 设为 目标为 总量达 预计为 \
         增加为 拟按 按 按照",
    ),
    (To, "到 至"),
    (Bound(Comparator::Ge), "至少 不少于 不低于 不小于 最少 每年至少 不得低于 不得少于 最低"),
    (Bound(Comparator::Le), "不高于 不超过 不大于 不多于 至多 最多 不得超过 不得高于 最高"),
    (Bound(Comparator::Approx), "约 大约 约为 近 将近 左右 大概"),
    (Pass(Comparator::Ge), "突破 超过 超 超出 过"),
    (Pass(Comparator::Gt), "高于 大于 多于 优于"),
    (Pass(Comparator::Lt), "低于 少于 小于 短于 快于 不足 不到 未达到 未满"),
    (Pass(Comparator::Approx), "接近"),
    (Up, "增长 提升 提高 增加 上升 扩大 增 上浮 递增 上调 翻 前进 前移"),
    (Down, "下降 降低 减少 缩短 压缩 压减 压降 缩小 下调 回落 降 递减 削减 节约 减"),
    (
        Gain,
        "新增 新建 新改建 新改扩建 新建改建 新建改扩建 改扩建 改建 扩建 新培育 培育 新培养 培养 引进 引育 新引进 招引 招录 招聘 新招 \
         招募 招收 选聘 创建 创成 争创 新创建 新创 创 孵化 争取 打造 推广 建成 建设 建设完成 建立 设立 新设 新设立 成立 组建 增配 增设 \
         配置 配备 获批 获评 获得 获 立项 启动 谋划建设 谋划 遴选 选拔 选拔培育 认定 新认定 评选 开工 开工建设 新开工 建强 共建 筹建 改造 \
         完成改造 投用 新投用 净增 获奖 布局 制定 发布 出台 开发 研发 命名 引入 吸引 落地 签约落地 新开 新开展 新招录 新招聘 新招收 新聘 新录用 新配备 新配置 新成立 新设置 新获批 新立项 新启动 新辟 筹集 筹措 新登记 选树 \
         免费培养 发展 创作 取得 制修订 制订 修订 新签约 新签 打通 新开通 开通 挂牌 建好 设置 再建 再造 评定 试点建设 新发展 \
         配建 加装 更新 更新改造 改造提升 竣工 交付 补建 购置 新购置 新购 增购 采购 购买 添置 增置 完成新建 维修改造 提升改造 提质改造 升级改造 新投放 投放 新纳入 增加编制 争取到 修建 铺设 盘活 上线 推出 新推出",
    ),
    (
        Have,
        "现有 实施 选派 下派 派驻 派出 办好 仅有 只有 结对 拥有 共有 有 设有 建有 配有 开展 举办 组织 完成 提供 覆盖 培训 打响 服务 惠及 签约 治理 投入 安排 接种 筛查 救治 发放 帮扶 支持 \
         推动 推进 检查 使用 推广使用 纳入 接入 保障 整治 转化 承办 转移 解决 吸纳 带动 修复 淘汰 申报 力保 实现 具有 达产 巡查 \
         招生 供应 处置 办理 受理 抽检 监测 资助 救助 补助 下达 拨付 减免 化解 实施改造 走访 慰问",
    ),
    (Part, "占"),
    (Each, "分别 各 均 都 分别为 均为 都为 各为 各有"),
    (
        Adverb,
        "仅 只 同口径 力争 同比 继续 全面 全部 再 将 要 也 高质量 高标准 已 首批 重点 免费 共 总共 共计 合计 每人 每孩 每户 每人每年 每人每月 每年 稳步 逐步 进一步 成功 确保 较上年 \
         比上年 了 先后 连续 年 三年 五年 两年 总计 预计 大幅 普遍 年均 累计 实际 争取再 努力 至少再 另 可 需 应 应当 原则上 平均每年 每周 每月 每季度 \
         一次性 着力 加快 积极 正式 基本 全年 年内 一年 拟 常年 较去年 比去年 按期 如期 并 力求 总体 达产后 每年各 季度 首次 首度 一举 已经 现已 率先 逐年 目前 当前 现在 原来 原先",
    ),
    (Frame, "为 对 在 向 给 与 以 围绕 聚焦 从 由 把 将对 面向"),
    (Etc, "等"),
    (
        Place,
        "全市 全省 全区 全县 全国 全系统 全域 全辖区 我市 我省 我区 我县 辖区 辖区内 全州 全镇 全街道 全校 全院 市级层面 县县 镇镇 乡乡 村村 校校 县均 镇均 村均",
    ),
    (
        Stop,
        "占比 人均 户均 平均 日均 亩均 城均 规范 所占 一批 总数 城乡 标准 水平 高新 创新 更新率 中心区 常住 提前 当年 成年 青年 老年 \
         少年 新年 学年 重要 需要 主要 概要 纲要 摘要 参与 给与 赋予 可以 难以 予以 加以 面对 针对 相对 应对 核对 内在 存在 现在 潜在 \
         旨在 重在 方向 导向 面向对象 供给 补给 理由 自由 作为 成为 行为 认为 有为 国有 所有 公有 私有 享有 含有 没有 独有 特有 \
         优等 同等 高等 中等 平等 附近 邻近 首都 大都 成都 发达 到达 传达 表达 总是 但是 体量居 定居 移居 邻居 乔居 安居 序列 系列 行列 \
         安排 编排 彩排 竞争 战争 斗争 医保 环保 社保 担保 投保 确保安全 低保 参保 安保 首创 草创 独创 新增量 存量 节约型 契约 集约 \
         预约 履约 公约 条约 合约 特约 大约数 民宿 提升率 增加值 减税 加减 递减率 通过 不过 经过 超过率 度过 高度 创业 同步 彩超 B超 心超 高超 甲等 乙等 丙等",
    ),
];

struct Lexicon {
    words: HashMap<&'static str, Effect>,
    /// Bytes of the longest word.
    longest: usize,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for (effect, list) in WORDS {
        for word in list.split_whitespace() {
            words.insert(word, *effect);
        }
    }
    let longest = words.keys().map(|word| word.len()).max().unwrap_or(0);
    Lexicon { words, longest }
});

/// The longest word of the table that a text ends with.
pub(super) fn last_word(text: &str) -> Option<(&'static str, Effect)> {
    let shortest = text.len().saturating_sub(LEXICON.longest);
    (shortest..text.len())
        .filter(|at| text.is_char_boundary(*at))
        .find_map(|at| LEXICON.words.get_key_value(&text[at..]))
        .map(|(word, effect)| (*word, *effect))
}

/// The longest word of the table that a text starts with.
pub(super) fn first_word(text: &str) -> Option<(&'static str, Effect)> {
    let longest = text.len().min(LEXICON.longest);
    (1..=longest)
        .rev()
        .filter(|at| text.is_char_boundary(*at))
        .find_map(|at| LEXICON.words.get_key_value(&text[..at]))
        .map(|(word, effect)| (*word, *effect))
}

/// The same, if it is longer than a character: one alone more often starts a word, as in 超市, 增强, 降压药.
pub(super) fn first_verb(text: &str) -> Option<(&'static str, Effect)> {
    first_word(text).filter(|(word, _)| word.chars().count() > 1)
}

/// What a word of the table does.
pub(super) fn effect(word: &str) -> Option<Effect> {
    LEXICON.words.get(word).copied()
}

/// Whether words only join what stands before them and behind.
pub(super) fn is_conjunction(words: &str) -> bool {
    matches!(words, "、" | "和" | "与" | "及")
}

/// The longest of some words that a text starts with.
pub(super) fn longest_start(text: &str, words: &[&'static str]) -> Option<&'static str> {
    words.iter().filter(|word| text.starts_with(**word)).max_by_key(|word| word.len()).copied()
}

/// The longest of some words that a text ends with.
pub(super) fn longest_end(text: &str, words: &[&'static str]) -> Option<&'static str> {
    words.iter().filter(|word| text.ends_with(**word)).max_by_key(|word| word.len()).copied()
}

/// Words by the character on one of their edges, so that a text is compared with few of them.
struct Edge {
    /// The longer first, for each character.
    words: Vec<(char, &'static str)>,
}

impl Edge {
    fn new(words: &[&'static str], edge: fn(&'static str) -> Option<char>) -> Self {
        let mut words: Vec<_> = words.iter().filter_map(|word| Some((edge(word)?, *word))).collect();
        words.sort_by_key(|(edge, word)| (*edge, std::cmp::Reverse(word.len())));
        Self { words }
    }

    fn find(&self, edge: Option<char>, fits: impl Fn(&str) -> bool) -> Option<&'static str> {
        let edge = edge?;
        let from = self.words.partition_point(|(c, _)| *c < edge);
        self.words[from..].iter().take_while(|(c, _)| *c == edge).map(|(_, word)| *word).find(|word| fits(word))
    }
}

/// The longest of [`OPENERS`] that a text starts with.
pub(super) fn opener(text: &str) -> Option<&'static str> {
    static WORDS: LazyLock<Edge> = LazyLock::new(|| Edge::new(OPENERS, |word| word.chars().next()));
    WORDS.find(text.chars().next(), |word| text.starts_with(word))
}

/// The longest of [`VERBS_BEHIND`] that a text starts with.
pub(super) fn verb_behind(text: &str) -> Option<&'static str> {
    static WORDS: LazyLock<Edge> = LazyLock::new(|| Edge::new(VERBS_BEHIND, |word| word.chars().next()));
    WORDS.find(text.chars().next(), |word| text.starts_with(word))
}

/// The longest of [`MEASURED`] that a text ends with.
pub(super) fn measured_head(text: &str) -> Option<&'static str> {
    static WORDS: LazyLock<Edge> = LazyLock::new(|| Edge::new(MEASURED, |word| word.chars().next_back()));
    WORDS.find(text.chars().next_back(), |word| text.ends_with(word))
}

/// Verbs of change, which 到 and 至 make verbs of reaching.
#[rustfmt::skip]
pub(super) const TURNED_BY_TO: &[&str] = &[
    "提升", "提高", "增加", "增长", "上升", "下降", "降低", "减少", "缩短", "缩小", "扩大", "拓展", "扩展", "压缩", "压减", "延长",
    "推广", "发展", "恢复", "覆盖", "扩面", "达", "增强", "改善", "回升", "攀升", "提", "增", "降", "扩", "升", "减", "上调", "下调", "缩", "缩减", "收窄",
    "扩充", "培育", "回落", "扩容", "控制", "稳定", "提速", "推进", "拓宽", "完善", "优化", "集聚", "壮大", "做大", "精确", "跃升", "扩面提升", "压",
];

/// Words that open a clause and are no part of what is measured.
#[rustfmt::skip]
const OPENERS: &[&str] = &[
    "力争", "确保", "争取", "努力", "推动", "推进", "实现", "促进", "使", "使得", "其中", "同时", "并且", "并", "且", "逐步", "持续",
    "继续", "全面", "进一步", "以及", "力求", "着力", "积极", "大力", "不断", "切实", "有效", "稳步", "加快", "全市", "全省", "全区",
    "全县", "全系统", "我市", "我省", "我区", "我县", "全州", "全行业", "全域", "一是", "二是", "三是", "四是", "五是", "六是", "七是",
    "八是", "九是", "——", "—", "让", "要", "另", "此外", "年内", "规划期内", "规划期间", "累计", "先后", "成功", "预计", "保持", "维持", "坚持", "保证", "至少", "含", "包括", "包含", "建成后", "投用后", "建成投用后", "竣工后", "完工后", "投运后", "此后", "其后", "随后", "之后", "本市",
    "本省", "本区", "深入", "扎实", "统筹", "年底前", "年底", "年末", "届时", "即", "一年", "做到", "各地", "到", "引导", "支持", "带动",
    "预期", "主要预期目标是", "主要目标是", "目标是", "将", "主要预期目标为", "主要目标为", "预期目标为", "今年", "明年", "当前", "目前", "预期目标是", "计划", "认真", "妥善",
];

/// Verbs that turn the words behind a noun into what the noun does.
#[rustfmt::skip]
pub(super) const VERBS_BEHIND: &[&str] = &[
    "能够", "可以", "均", "都", "全部", "建成", "建设成为", "建设", "成为", "达到", "提供", "开展", "实现", "设置", "设立", "配备", "完成",
    "具备", "建立", "纳入", "通过", "达标", "取得", "进入", "接种", "进行", "开设", "获得", "参加", "接受", "享受", "拥有", "投用", "创成",
    "创建", "符合", "覆盖", "落实", "使用", "接入", "挂牌", "运行", "推行", "实行", "实施", "能", "有", "赴", "转为", "升级", "点名调训",
    "挂职", "轮岗", "参与", "就业", "将", "作为", "试点", "启动", "配置", "改造", "设有", "建有", "配有", "列入", "入选", "获评", "获批", "被评为", "打造", "开工", "竣工", "投产", "用于",
];

/// The last characters of nouns that are measured: rates, numbers, times.
#[rustfmt::skip]
pub(super) const MEASURED: &[&str] = &[
    "率", "比例", "占比", "比重", "比", "数", "人次", "时间", "水平", "指数", "数量", "金额", "总量", "总额", "收入", "费用", "时长",
    "面积", "产值", "增加值", "能力", "寿命", "满意度", "密度", "规模", "投资", "强度", "浓度", "额", "量", "值", "度", "人数", "总数",
    "年限", "能耗", "排放", "资金", "经费", "支出", "里程", "产量", "幅度", "增速", "GDP", "贡献率", "人口", "床位", "标准", "长度", "周期",
    "成本", "价格", "销售", "进出口", "消费", "缺口", "得分", "成绩", "涨幅", "增幅", "降幅", "赤字率", "税收", "营收", "半径", "距离", "住院日",
];

/// Nouns that name something already there, or a heading of work: 十大行动, 18项制度.
#[rustfmt::skip]
pub(super) const LABELS: &[&str] = &[
    "行动", "工程", "改革", "任务", "制度", "举措", "措施", "原则", "要求", "领域", "方面", "环节", "阶段", "标准", "指标", "重点",
    "功能", "机制", "体系", "计划", "政策", "内容", "战略", "目标", "问题", "转变", "关系", "抓手", "主线", "意见", "方案", "条例", "办法",
    "实事", "资源", "投入", "作用", "定位", "优势", "机遇", "能力", "统筹", "联动", "硬任务", "关键", "工作", "清单", "维度", "环境", "理念", "准则", "规定", "规范", "授权", "职责", "要点", "部署",
];
