//! A metric by category: a dot with its interval for each transport at each level.

use std::fmt::Write;

use plotters::style::Color;

use crate::{
    report::{
        data::{Data, Measured},
        level,
        metrics::meaning,
    },
    wire::Transport,
};

use super::{
    Figure,
    axis::Axis,
    canvas::{Anchor, INK, colour, svg},
    quoted,
    rows::{self, Group, ROW, WIDTH},
    slug,
};

struct Row {
    transport: Transport,
    measured: Measured,
}

pub fn figures(data: &Data, experiment: &str, metric: &str, caption: &str) -> Vec<Figure> {
    one(data, experiment, metric, caption).into_iter().collect()
}

fn one(data: &Data, experiment: &str, metric: &str, caption: &str) -> Option<Figure> {
    let groups: Vec<_> = data
        .levels(experiment)
        .into_iter()
        .filter_map(|level| group(data, experiment, level, metric))
        .collect();
    let about = meaning(metric);
    let values = groups.iter().flat_map(|group| &group.rows).flat_map(extent);
    let axis = Axis::over(&about.words, about.quantity, values);
    if groups.is_empty() {
        return None;
    }
    let title = format!(
        "{}, by transport{}",
        about.words,
        if groups.len() > 1 { " and setting" } else { "" }
    );
    let theory = groups
        .iter()
        .flat_map(|group| &group.rows)
        .any(|row| row.measured.theory.is_some());
    let shown = |row: &Row| {
        format!(
            "{} {}",
            row.transport.name(),
            about.show(row.measured.value)
        )
    };
    let each = groups.iter().map(|group| {
        let rows: Vec<_> = group.rows.iter().map(shown).collect();
        format!("{} {}", group.heading, rows.join(", "))
    });
    let alt = format!("{title}. {}.", each.collect::<Vec<_>>().join("; "));
    Some(Figure {
        slug: slug(&[experiment, metric]),
        svg: svg(WIDTH, rows::height(&groups) + 8.0, &alt, |canvas| {
            rows::draw(
                canvas,
                8.0,
                &axis,
                &groups,
                |row| row.transport,
                |canvas, y, row| {
                    let ink = colour(row.transport);
                    if let Some([low, high]) = row.measured.interval {
                        canvas.whisker((rows::x(&axis, low), y), (rows::x(&axis, high), y), ink);
                    }
                    if let Some(theory) = row.measured.theory {
                        let x = rows::x(&axis, theory);
                        canvas.line(
                            &[(x, y - ROW / 2.0 + 3.0), (x, y + ROW / 2.0 - 3.0)],
                            INK.mix(0.7),
                            1.5,
                        );
                    }
                    let x = rows::x(&axis, row.measured.value);
                    canvas.marker((x, y), Some(row.transport), 5.5);
                    canvas.text(
                        (WIDTH - 8.0, y),
                        &about.show(row.measured.value),
                        Anchor::End,
                        false,
                    );
                },
            );
        }),
        csv: table(&groups, metric),
        title,
        caption: format!(
            "{caption} Bars are 95 % intervals{}.",
            if theory {
                "; an upright stroke is theory"
            } else {
                ""
            }
        )
        .trim()
        .into(),
    })
}

fn group(data: &Data, experiment: &str, level: Option<&str>, metric: &str) -> Option<Group<Row>> {
    let cells = data
        .cells(experiment)
        .into_iter()
        .filter(|cell| cell.level == level);
    let row = |cell: &super::Cell| {
        Some(Row {
            transport: cell.transport,
            measured: data.measured(cell, metric)?,
        })
    };
    let rows: Vec<_> = cells.filter_map(row).collect();
    let heading = sentence(level);
    (!rows.is_empty()).then_some(Group { heading, rows })
}

fn sentence(level: Option<&str>) -> String {
    let words = level::words(level);
    let mut chars = words.chars();
    match chars.next() {
        // A symbol such as d or T keeps its case.
        Some(first) if !words[first.len_utf8()..].starts_with(' ') => {
            first.to_uppercase().chain(chars).collect()
        }
        _ => words,
    }
}

fn extent(row: &Row) -> Vec<f64> {
    let Measured {
        value,
        interval,
        theory,
    } = row.measured;
    let [low, high] = interval.unwrap_or([value; 2]);
    let low = if low > 0.0 { low } else { value };
    [value, low, high].into_iter().chain(theory).collect()
}

fn table(groups: &[Group<Row>], metric: &str) -> String {
    let mut out = format!("level,transport,{metric},ci95_low,ci95_high,theory\n");
    for group in groups {
        for row in &group.rows {
            let Measured {
                value,
                interval,
                theory,
            } = row.measured;
            let [low, high] = interval.map_or([None; 2], |ends| ends.map(Some));
            let cell =
                |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
            let _ = writeln!(
                out,
                "{},{},{value},{},{},{}",
                quoted(&group.heading),
                row.transport.slug(),
                cell(low),
                cell(high),
                cell(theory)
            );
        }
    }
    out
}
