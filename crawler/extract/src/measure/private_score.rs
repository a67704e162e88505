use entity::value::*;
use crate::{Plan, Section, plan::Region};
fn heading(line: &str) -> Option<(u32, String, String)> {
    let l = line.trim_start();
    let num = "一二三四五六七八九十";
    let re = |p: &str| regex::Regex::new(p).unwrap();
    let (d, c) = if let Some(c) = re(&format!("^([{num}]+、)")).captures(l) { (1, c) }
      else if let Some(c) = re(&format!("^([((][{num}]+[))])")).captures(l) { (2, c) }
      else if let Some(c) = re(r"^(专栏\s*\d+)").captures(l) { (3, c) }
      else if let Some(c) = re(r"^(\d+[.、．]\s*)[^\d]").captures(l) { (4, c) } else { return None };
    let n = c[1].to_owned();
    let rest = &l[n.len()..];
    let h = match rest.find('。') { Some(i) if d == 4 => &rest[..i+3], _ => rest };
    Some((d, n.clone(), h.to_owned()))
}
#[test]
fn figures() {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/corpus/text/");
    for (doc, region, kind, a, b) in [("huzhou-2025","湖州市",PlanKind::AnnualPlan,2025,2025),("zhonglou-2025","钟楼区",PlanKind::AnnualPlan,2025,2025),("hangzhou-14fyp","杭州市",PlanKind::FiveYearPlan,2021,2025),("shaoxing-2024","绍兴市",PlanKind::AnnualPlan,2024,2024),("provinces-2025","省",PlanKind::AnnualPlan,2025,2025),("invented","甲市",PlanKind::AnnualPlan,2025,2025)] {
        let Ok(text) = std::fs::read_to_string(if doc == "invented" { "/tmp/invented.txt".to_owned() } else { format!("{dir}{doc}.txt") }) else { continue };
        let text = match text.find("附件:杭州市卫生健康事业发展“十四五”规划主要指标名词解释\n\n\n附件") { Some(i) => text[..i].to_owned(), None => text };
        let mut sections: Vec<Section> = vec![];
        let mut open: Vec<(u32, usize)> = vec![];
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let end = at + line.len();
            if let Some((d, n, h)) = heading(line) {
                while open.last().is_some_and(|o| o.0 >= d) { open.pop(); }
                let start = at + (line.len() - line.trim_start().len()) + n.len();
                sections.push(Section { kind: SectionKind::Heading, number: Some(n), heading: Some(h.trim().to_owned()), depth: d.min(open.len() as u32 + 1), parent: open.last().map(|o| o.1), range: start..end, body: start..end, responsible: vec![] });
                open.push((d, sections.len() - 1));
            } else if sections.is_empty() {
                sections.push(Section { kind: SectionKind::Paragraph, number: None, heading: None, depth: 1, parent: None, range: at..end, body: at..end, responsible: vec![] });
            }
            if let Some(o) = open.last() { let mut i = Some(o.1); while let Some(k) = i { sections[k].range.end = end; i = sections[k].parent; } }
            else { let k = sections.len()-1; sections[k].range.end = end; }
            at = end;
        }
        let mut plan = Plan { title: String::new(), kind, region: Some(Region { code: None, name: region.into() }), issuer: None, document_number: None, index_number: None, issued_on: None, published_on: None, period: Some(Period { start_year: a, end_year: b }), origin: None, text, sections, indicators: vec![], glossary: vec![] };
        let t = std::time::Instant::now();
        plan.indicators = super::indicators(&plan, &crate::concept::Catalogue::new(entity::reference::concepts()), &crate::region::Gazetteer::new([]));
        eprintln!("{doc} {} bytes {} figures {:?}", plan.text.len(), plan.indicators.len(), t.elapsed());
        let mut out = String::new();
        for i in &plan.indicators {
            out += &serde_json::json!({"doc":doc,"sentence":&plan.text[i.sentence.clone()],"value_text":i.value_text,"name":i.name,"value":i.value,"value_max":i.value_max,"unit":i.unit,"comparator":i.comparator,"measure":i.measure,"role":i.role,"year":i.year,"scope":i.scope,"region":region,"concept":i.concept,"confidence":i.confidence,"at":i.range.start}).to_string();
            out.push('\n');
        }
        std::fs::write(format!("/tmp/pred-{doc}.jsonl"), out).unwrap();
    }
}
