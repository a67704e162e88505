//! What must hold of every plan that is read.

use extract::{Context, Plan, Reader, explain::Outcome, html, plain};

/// Reads a text as a document and as a page; panics where a plan in it does not hang together.
#[allow(dead_code, reason = "one of the tests has documents of its own")]
pub(crate) fn read(reader: &Reader, text: &str) {
    for article in [plain::article(text), html::article(text)] {
        for plan in reader.read(&article, &Context::default()) {
            assert_eq!(unsound(&plan), Vec::<String>::new(), "{text:?}");
            assert_eq!(unexplained(reader, &plan), Vec::<String>::new(), "{text:?}");
        }
    }
}

/// Every figure that the explanation of its plan tells otherwise than the plan.
fn unexplained(reader: &Reader, plan: &Plan) -> Vec<String> {
    let mut told: Vec<(usize, f64)> = Vec::new();
    for number in reader.explain(plan).iter().flat_map(|sentence| &sentence.numbers) {
        match &number.outcome {
            Outcome::Figures(figures) => told.extend(figures.iter().map(|f| (number.range.start, f.confidence))),
            Outcome::Cell { figure, .. } => told.push((number.range.start, figure.confidence)),
            _ => {}
        }
    }
    told.sort_by_key(|(at, _)| *at);
    let read: Vec<(usize, f64)> = plan.indicators.iter().map(|i| (i.range.start, i.confidence)).collect();
    if told == read { Vec::new() } else { vec![format!("read {read:?} and explained {told:?}")] }
}

/// Every way in which a plan does not hang together.
pub(crate) fn unsound(plan: &Plan) -> Vec<String> {
    let mut found = sections(plan);
    if plan.dropped > 0 {
        found.push(format!("{} figures do not read as their values", plan.dropped));
    }
    for indicator in &plan.indicators {
        let name = &indicator.name;
        if plan.text.get(indicator.range.clone()) != Some(&indicator.value_text) {
            found.push(format!("{name} does not read {} at its range", indicator.value_text));
        }
        let (sentence, range) = (&indicator.sentence, &indicator.range);
        if plan.text.get(sentence.clone()).is_none() || sentence.start > range.start || sentence.end < range.end {
            found.push(format!("{name} stands outside its sentence"));
        }
        match plan.sections.get(indicator.section) {
            Some(section) if section.range.start <= range.start && range.end <= section.range.end => {}
            _ => found.push(format!("{name} stands outside its section")),
        }
        if name.is_empty() || !indicator.value.is_finite() || !(0.0..=1.0).contains(&indicator.confidence) {
            found.push(format!("{name} has no name, value or confidence"));
        }
    }
    for term in &plan.glossary {
        if plan.text.get(term.range.clone()).is_none_or(|entry| !entry.contains(&term.term)) {
            found.push(format!("{} is not in its entry", term.term));
        }
    }
    for mention in &plan.mentions {
        let (name, sentence, range) = (&mention.name, &mention.sentence, &mention.range);
        let is_there = plan.text.get(range.clone()).is_some() && plan.text.get(sentence.clone()).is_some();
        if !is_there || sentence.start > range.start || sentence.end < range.end {
            found.push(format!("{name} is named outside its sentence"));
        }
        let section = plan.sections.get(mention.section).map(|section| &section.range);
        if section.is_none_or(|section| section.start > range.start || section.end < range.end) {
            found.push(format!("{name} is named outside its section"));
        }
    }
    found
}

fn sections(plan: &Plan) -> Vec<String> {
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
