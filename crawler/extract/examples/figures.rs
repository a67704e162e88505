//! Figures of plain texts as JSON lines: `figures [--region NAME] [--year YEAR] FILE…`.

use entity::value::Span;
use extract::{Context, Reader, plain, text::CharIndex};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let reader = Reader::builtin();
    let mut context = Context::default();
    let mut args = std::env::args().skip(1);
    let mut lines = String::new();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--region" => context.region = args.next(),
            "--year" => context.year = args.next().and_then(|year| year.parse().ok()),
            file => {
                let text = std::fs::read_to_string(file)?;
                let doc = std::path::Path::new(file).file_stem().map(|stem| stem.to_string_lossy().into_owned());
                let start = std::time::Instant::now();
                let article = plain::article(&text);
                let plans = reader.read(&article, &context);
                std::io::Write::write_fmt(
                    &mut std::io::stderr(),
                    format_args!("{file} {} bytes {:?}\n", text.len(), start.elapsed()),
                )?;
                for plan in plans {
                    if std::env::var_os("SHOW").is_some() {
                        eprintln!(
                            "{} {:?} {:?} {} sections",
                            plan.title,
                            plan.period,
                            plan.region,
                            plan.sections.len()
                        );
                        for s in &plan.sections {
                            eprintln!(
                                "{:?} {} {:?} {:?} {:?} {:?}",
                                s.kind, s.depth, s.number, s.heading, s.range, s.body
                            );
                        }
                    }
                    let index = CharIndex::new(&plan.text);
                    for figure in &plan.indicators {
                        let mut line = serde_json::to_value(figure)?;
                        let Span { start, .. } = index.span(figure.range.clone());
                        line["doc"] = doc.clone().into();
                        line["region"] = plan.region.as_ref().map(|region| region.name.clone()).into();
                        line["sentence"] = plan.text[figure.sentence.clone()].into();
                        let end = plan.text[figure.range.end..]
                            .char_indices()
                            .nth(14)
                            .map_or(plan.text.len(), |(at, _)| figure.range.end + at);
                        line["around"] =
                            plan.text[..end].chars().skip(start.saturating_sub(24) as usize).collect::<String>().into();
                        lines.push_str(&line.to_string());
                        lines.push('\n');
                    }
                }
            }
        }
    }
    std::io::Write::write_all(&mut std::io::stdout(), lines.as_bytes())?;
    Ok(())
}
