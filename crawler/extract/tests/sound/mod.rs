//! What must hold of every plan that is read.

use extract::Plan;

/// Every way in which the sections of a plan do not hang together.
pub(crate) fn unsound(plan: &Plan) -> Vec<String> {
    let mut found = Vec::new();
    let mut last = 0;
    for (i, section) in plan.sections.iter().enumerate() {
        let range = &section.range;
        if plan.text.get(range.clone()).is_none() || plan.text.get(section.body.clone()).is_none() {
            found.push(format!("section {i} points outside the text"));
        }
        if range.start < last || section.body.start < range.start || section.body.end > range.end {
            found.push(format!("section {i} is out of order"));
        }
        if let Some(parent) = section.parent {
            let above = &plan.sections[parent];
            if parent >= i
                || above.depth + 1 != section.depth
                || above.range.end < range.end
                || above.body.end > range.start
            {
                found.push(format!("section {i} does not lie in its parent"));
            }
        }
        last = range.start;
    }
    let covered = plan.sections.iter().filter(|s| s.parent.is_none()).map(|s| s.range.len()).sum::<usize>();
    let tops = plan.sections.iter().filter(|s| s.parent.is_none()).count();
    if covered + tops.saturating_sub(1) != plan.text.len() {
        found.push("the sections do not cover the text".to_owned());
    }
    found
}
