//! The declarations built into the program.

/// Name and text of every file in `crawler/sources`.
pub(super) const DECLARATIONS: &[(&str, &str)] = &[
    ("beijing", include_str!("../../sources/beijing.toml")),
    ("dongguan", include_str!("../../sources/dongguan.toml")),
    ("huzhou", include_str!("../../sources/huzhou.toml")),
    ("lingbi", include_str!("../../sources/lingbi.toml")),
    ("liupanshui", include_str!("../../sources/liupanshui.toml")),
    ("national", include_str!("../../sources/national.toml")),
    ("panyu", include_str!("../../sources/panyu.toml")),
    ("qingyang", include_str!("../../sources/qingyang.toml")),
    ("shaoxing", include_str!("../../sources/shaoxing.toml")),
    ("witmed", include_str!("../../sources/witmed.toml")),
    ("zhejiang", include_str!("../../sources/zhejiang.toml")),
    ("zhonglou", include_str!("../../sources/zhonglou.toml")),
];
