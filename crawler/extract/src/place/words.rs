//! The words by which it is told whether a region is named, and as what.

use entity::value::RegionRole;

/// Names of several regions together, and the codes of their members.
pub(super) const GROUPS: &[(&str, &[u32])] = &[
    ("京津冀", &[110_000, 120_000, 130_000]),
    ("长三角", YANGTZE),
    ("长江三角洲", YANGTZE),
    ("粤港澳", GREATER_BAY),
    ("粤港澳大湾区", GREATER_BAY),
    ("珠三角", PEARL),
    ("珠江三角洲", PEARL),
    ("川渝", &[510_000, 500_000]),
    ("成渝", &[510_000, 500_000]),
    ("东三省", NORTHEAST),
    ("东北三省", NORTHEAST),
    ("港澳", &[810_000, 820_000]),
    ("港澳台", &[810_000, 820_000, 710_000]),
    ("援疆", &[650_000]),
    ("援藏", &[540_000]),
    ("援青", &[630_000]),
];

/// After the outline of integrated development of the Yangtze delta (2019).
const YANGTZE: &[u32] = &[310_000, 320_000, 330_000, 340_000];
/// The nine cities of Guangdong in the outline of the Greater Bay Area (2019).
const PEARL: &[u32] = &[440_100, 440_300, 440_400, 440_600, 440_700, 441_200, 441_300, 441_900, 442_000];
/// The same with Hong Kong and Macau.
const GREATER_BAY: &[u32] =
    &[810_000, 820_000, 440_100, 440_300, 440_400, 440_600, 440_700, 441_200, 441_300, 441_900, 442_000];
const NORTHEAST: &[u32] = &[210_000, 220_000, 230_000];

/// What stands behind abbreviations that are named together.
pub(super) const TOGETHER: &[&str] = &[
    "两省",
    "二省",
    "三省",
    "四省",
    "五省",
    "六省",
    "两地",
    "三地",
    "四地",
    "五地",
    "两市",
    "三市",
    "省际",
    "省界",
    "边界",
    "交界",
    "毗邻",
    "协同",
    "合作",
    "协作",
    "联动",
    "一体化",
    "一市三省",
    "三省一市",
];

/// The one-character names of the regions of a province's rank (GB/T 2260-2007 has the codes).
pub(super) const ABBREVIATIONS: &[(char, u32)] = &[
    ('京', 110_000),
    ('津', 120_000),
    ('冀', 130_000),
    ('晋', 140_000),
    ('蒙', 150_000),
    ('辽', 210_000),
    ('吉', 220_000),
    ('黑', 230_000),
    ('沪', 310_000),
    ('苏', 320_000),
    ('浙', 330_000),
    ('皖', 340_000),
    ('闽', 350_000),
    ('赣', 360_000),
    ('鲁', 370_000),
    ('豫', 410_000),
    ('鄂', 420_000),
    ('湘', 430_000),
    ('粤', 440_000),
    ('桂', 450_000),
    ('琼', 460_000),
    ('渝', 500_000),
    ('川', 510_000),
    ('蜀', 510_000),
    ('黔', 520_000),
    ('贵', 520_000),
    ('滇', 530_000),
    ('云', 530_000),
    ('藏', 540_000),
    ('陕', 610_000),
    ('秦', 610_000),
    ('甘', 620_000),
    ('陇', 620_000),
    ('青', 630_000),
    ('宁', 640_000),
    ('新', 650_000),
    ('台', 710_000),
    ('港', 810_000),
    ('澳', 820_000),
];

/// Short names that are words, or the name of somebody: they count in full only (长治市, not 长治久安).
pub(super) const WORDS: &[&str] = &[
    "安康", "安宁", "安定", "安居", "安平", "阿里", "白银", "朝阳", "长安", "长治", "城北", "城东", "城西", "城中",
    "大安", "大方", "大同", "东方", "高明", "高新", "公安", "共和", "海港", "合作", "和平", "河口", "互助", "惠民",
    "建设", "解放", "开放", "开封", "来宾", "乐业", "利民", "民乐", "民主", "南部", "平安", "前进", "青山", "日照",
    "上思", "胜利", "市北", "市南", "市中", "太平", "通道", "通化", "同心", "团结", "文化", "文明", "向阳", "新城",
    "新华", "新建", "新兴", "新乡", "兴安", "永安", "永福", "中方", "中山", "中原", "资源", "富民", "桥东", "桥西",
    "矿区", "郊区", "城区", "港口", "大化", "金山", "振兴", "友好", "东山", "西山", "南山", "北山",
];

/// What short names begin with, with the characters before and behind them that make another word of their edge: 医保定点
/// is not 保定, 重大理论 is not 大理, 推广安吉 is not 广安.
pub(super) const EDGES: &[(&str, &str, &str)] = &[
    ("保定", "医社参确担环", "点期向"),
    ("成都", "完建形集组达促变生造", "是要会市"),
    ("大理", "重扩最较巨强宏增", "石论"),
    ("大连", "重扩最较巨强宏增", "续接锁"),
    ("广", "推", ""),
    ("海口", "沿近出入", ""),
    ("六安", "", "全"),
    ("三明", "", "确晰治"),
    ("上海", "以", "外"),
    ("四平", "", "台"),
    ("中卫", "集其之从", "生健"),
    ("常德", "日正", "育"),
    ("定西", "规固确", "部"),
];

/// Sides of the sky.
pub(super) const DIRECTIONS: [char; 5] = ['东', '西', '南', '北', '中'];

/// What a side of the sky goes on with where it is no part of a name: the banks of a river, the parts of a country.
pub(super) const DIRECTED: &[&str] = &["岸", "部", "侧", "麓", "方", "路", "端", "翼", "边", "站"];

/// Roads, stops and lakes, which have their names from elsewhere.
pub(super) const ROADS: &[&str] = &["路", "街", "大道", "道口", "巷", "弄", "桥", "大桥", "站", "机场", "湖"];

/// What has its name from a region without being of it, or without speaking of it, some words behind the name.
pub(super) const NAMESAKES: &[&str] = &[
    "大学",
    "学院",
    "交大",
    "师大",
    "医大",
    "银行",
    "公司",
    "日报",
    "晚报",
    "时报",
    "卫视",
    "电视台",
    "出版社",
    "合作组织",
    "冬奥",
    "奥运",
    "亚运",
    "世博",
    "进博",
    "峰会",
    "宣言",
    "论坛",
    "共识",
];

/// The same, right behind the name.
pub(super) const EPITHETS: &[&str] = &["会议", "精神", "时间", "医派", "学派"];

/// What a hospital's name, and that of what is like one, ends with.
pub(super) const HOSPITALS: &[&str] = &[
    "医院",
    "卫生院",
    "医学中心",
    "医疗中心",
    "健康中心",
    "疾控中心",
    "急救中心",
    "血液中心",
    "血站",
    "防治所",
    "防治院",
    "科学院",
    "研究所",
    "研究院",
];

/// What is said of a region in a role, the most telling first.
pub(super) const ROLES: &[(RegionRole, &[&str])] = &[
    (RegionRole::Model, &["经验", "借鉴", "学习", "推广", "做法", "模式", "标杆", "对标", "样板", "看齐", "复制"]),
    (RegionRole::Helper, &["帮扶", "支援", "援助", "援建", "托管", "派驻", "驰援", "协助", "扶持", "组团式", "医疗队"]),
    (
        RegionRole::Partner,
        &[
            "合作",
            "协同",
            "协作",
            "联合",
            "共建",
            "对接",
            "联动",
            "一体化",
            "携手",
            "联盟",
            "互认",
            "结对",
            "同城",
            "通办",
            "签约",
            "牵手",
            "联手",
            "联通",
            "共享",
            "融入",
            "医联体",
            "战略",
            "一道",
            "共同",
        ],
    ),
];
