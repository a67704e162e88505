//! Why a number is no figure.

use crate::spoken::spoken;

spoken! {
/// Why a number of a sentence is left out: what stands around it makes it something else than a figure of the region.
pub enum Rejection {
    /// A date or a year: 2024年3月15日, “十四五”期间.
    Date,
    /// In quotation marks, a title or brackets, which hold names: “2211”工程, 《规划(2021-2025年)》.
    Quoted,
    /// Behind 每, so many people or bodies that a figure is told for; or behind 第, a place in a row: 每10万人, 第3章.
    Unitary,
    /// Without a unit, and nothing is said to reach it: 第12号, 2.0版, 0571.
    Bare,
    /// 前 or 第 tells a time or an order and no place that is reached; or the rank is a name: 前三季度, 第三方, 百强县.
    NoPlace,
    /// A grade names a class of things and is not reached: 三级医院, 二级及以上学校.
    Class,
    /// A small Chinese numeral, where nothing says that the things are new or a quota: 一个体系, 两个中心.
    Small,
    /// A round numeral at the start of a noun: 千人医师数, 百元收入.
    InNoun,
    /// Part of the name of a meeting or a list, or it sorts what the next number counts: 十一次会议, 新政二十条, 12类45项.
    InName,
    /// Counts what is given already: 以3个县为试点, 在8项服务基础上, 落实9项准则.
    Given,
    /// Counts headings of work and no things: 3项改革, 8项民生实事.
    Label,
    /// An age, a span of time or a length that describes a group or a programme: 65岁以上老年人, 15分钟生活圈, 三年行动.
    Group,
    /// It describes what is counted behind it: 亿元以上项目60个, 人口超过10万的增设1所.
    Described,
}
}
