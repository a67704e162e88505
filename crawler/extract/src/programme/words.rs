//! The words that names of undertakings are told by.

/// What a name ends with; the longer before what it ends with itself.
pub(super) const ENDINGS: &[&str] =
    &["行动计划", "专项行动", "行动", "工程", "计划", "改革", "试点", "活动", "专项", "医改", "年"];

/// What a name within quotation marks ends with; 行 as in a tour that is a campaign.
pub(super) const QUOTED_ENDINGS: &[&str] =
    &["行动计划", "行动", "工程", "计划", "改革", "试点", "活动", "专项", "医改", "年", "行"];

/// Endings that other words go on from so often that only an end of the clause or one of [`STRICT_FOLLOWERS`] ends them.
pub(super) const STRICT: &[&str] = &["改革", "试点", "医改", "年", "专项"];

/// Endings that make a name within quotation marks alone; without, they say in which field something is done by
/// everybody in his own way: 公立医院改革.
pub(super) const FIELDS: &[&str] = &["改革"];

/// What follows a name without being part of it.
pub(super) const STRICT_FOLLOWERS: &[&str] =
    &["经验", "工作", "任务", "部署", "要求", "成果", "等", "和", "与", "及", "以及", "行动", "活动", "为"];

/// With these behind it an ending is part of another word: 工程师, 计划生育, 行动方案, 活动室.
pub(super) const GOES_ON: &[&str] = &[
    "师", "生育", "免疫", "方案", "室", "中心", "量", "能力", "力度", "单列", "性", "书", "内", "外", "度", "限", "均",
    "底", "初", "龄", "轻", "示范", "先行", "标杆", "城市", "项目", "指数", "计划",
];

/// What the name of a campaign year says before 年. Without it 年 counts time: 近三年, 青少年.
pub(super) const YEARS: &[&str] =
    &["服务", "提升", "攻坚", "建设", "管理", "推进", "落实", "提质", "突破", "促进", "质量", "创新"];

/// What is done with an undertaking, and what else stands right before its name.
pub(super) const OPENERS: &[&str] = &[
    "开展",
    "实施",
    "推进",
    "落实",
    "深化",
    "推广",
    "借鉴",
    "启动",
    "推动",
    "做好",
    "抓好",
    "办好",
    "打好",
    "参与",
    "加强",
    "完成",
    "巩固",
    "组织",
    "谋划",
    "制定",
    "出台",
    "创建",
    "争创",
    "探索",
    "加快",
    "持续",
    "深入",
    "全面",
    "扎实",
    "积极",
    "稳步",
    "继续",
    "纵深",
    "协同推",
    "统筹",
    "聚焦",
    "围绕",
    "按照",
    "通过",
    "结合",
    "配合",
    "支持",
    "坚持",
    "依托",
    "贯彻",
    "执行",
    "规范",
    "打造",
    "完善",
    "健全",
    "建立",
    "建设好",
    "学习",
    "进行",
    "承担",
    "入选",
    "纳入",
    "列入",
    "获批",
    "印发",
];

/// What says nothing of which undertaking it is.
pub(super) const FILLERS: &[&str] = &[
    "重点领域",
    "重点",
    "重大",
    "专项",
    "工作",
    "行动",
    "工程",
    "改革",
    "试点",
    "活动",
    "计划",
    "项目",
    "年度",
    "三年",
    "五年",
    "系列",
    "各项",
    "各类",
    "综合",
    "民生",
    "省级",
    "市级",
    "国家级",
    "国家",
    "全国",
    "全省",
    "全市",
    "全区",
    "全县",
    "有关",
    "相关",
    "一批",
    "标志性",
    "实事",
    "宣传",
    "体制",
    "机制",
    "制度",
    "领域",
    "环节",
    "关键",
    "联动",
    "集成",
    "系统",
    "整体",
    "配套",
    "全面",
    "创新",
    "建设",
    "标准化",
    "深化",
    "协同",
    "统筹",
    "推进",
    "提升",
    "能力",
    "质量",
    "水平",
    "发展",
    "医改",
    "本年",
    "今年",
    "新一轮",
    "等",
    "其他",
    "上述",
    "年",
    "第",
];
