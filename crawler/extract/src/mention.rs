//! Where a plan names documents, initiatives and other regions.

use std::ops::Range;

use crate::{Mention, MentionKind, Plan, citation, place, programme, region::Gazetteer, text};

/// What is named in a line, before its sentence and its section are known.
pub(crate) struct Named {
    pub(crate) kind: MentionKind,
    pub(crate) key: String,
    pub(crate) name: String,
    /// Where in the line.
    pub(crate) range: Range<usize>,
}

/// The documents, initiatives and other regions that a plan names, in reading order. What stands in the title of a
/// document is neither an initiative nor a region, and a plan does not cite itself.
pub(crate) fn mentions(plan: &Plan, gazetteer: &Gazetteer) -> Vec<Mention> {
    let own = citation::key(&plan.title);
    let year = plan.period.map(|period| period.start_year);
    let mut found = Vec::new();
    for sentence in text::sentences(&plan.text, 0..plan.text.len()) {
        let words = &plan.text[sentence.clone()];
        let documents = citation::cited(words);
        let is_in_title =
            |range: &Range<usize>| documents.iter().any(|d| d.range.start < range.end && range.start < d.range.end);
        let places = plan.region.iter().flat_map(|region| place::named(words, region, year, gazetteer));
        let mut named: Vec<Named> =
            programme::named(words).into_iter().chain(places).filter(|named| !is_in_title(&named.range)).collect();
        named.extend(documents.into_iter().filter(|document| !citation::is_of(&own, &document.key)));
        named.sort_by_key(|named| named.range.start);
        found.extend(named.into_iter().filter_map(|Named { kind, key, name, range }| {
            let range = sentence.start + range.start..sentence.start + range.end;
            let section = section(plan, &range)?;
            Some(Mention { kind, key, name, range, sentence: sentence.clone(), section })
        }));
    }
    found
}

/// The innermost section that holds a range.
fn section(plan: &Plan, range: &Range<usize>) -> Option<usize> {
    // Sections come as they read: the last that begins before the range holds it, or one above that one does.
    let last = plan.sections.partition_point(|section| section.range.start <= range.start).checked_sub(1)?;
    let above = |index: &usize| plan.sections.get(*index)?.parent.filter(|parent| parent < index);
    std::iter::successors(Some(last), above).find(|index| plan.sections[*index].range.end >= range.end)
}

#[cfg(test)]
mod tests {
    use crate::{Context, MentionKind, Reader, plain};

    #[test]
    fn says_where_each_name_stands() {
        let text = "海门市卫生健康局2031年工作计划\n\
                    一、义诊下乡\n\
                    1.送医上门。照《海门市义诊办法》办好“银发义诊”行动。\n\
                    2.看齐先进。实施基层牙科能力提升工程，不忘《海门市卫生健康局2031年工作计划》。\n";
        let plans = Reader::builtin().read(&plain::article(text), &Context::default());
        let plan = &plans[0];
        let found: Vec<_> =
            plan.mentions.iter().map(|m| (m.kind, m.name.as_str(), &plan.text[m.range.clone()])).collect();
        assert_eq!(
            found,
            [
                (MentionKind::Citation, "海门市义诊办法", "《海门市义诊办法》"),
                (MentionKind::Programme { quoted: true }, "银发义诊行动", "“银发义诊”行动"),
                (MentionKind::Programme { quoted: false }, "基层牙科能力提升工程", "基层牙科能力提升工程"),
            ]
        );
        let last = &plan.mentions[2];
        assert!(plan.text[last.sentence.clone()].starts_with("实施基层牙科"));
        assert_eq!(plan.sections[last.section].heading.as_deref(), Some("看齐先进"));
    }

    #[test]
    fn names_no_region_out_of_a_title() {
        let text = "市卫生健康局2031年工作计划\n一、义诊下乡\n1.送医上门。看《上海市义诊办法》，与北京市合作。\n";
        let plans =
            Reader::builtin().read(&plain::article(text), &Context { region: Some("湖州市".into()), year: None });
        let regions = plans[0].mentions.iter().filter(|m| matches!(m.kind, MentionKind::Region { .. }));
        assert_eq!(regions.map(|m| m.name.as_str()).collect::<Vec<_>>(), ["北京市"]);
    }
}
