//! What a post, a request and a delivery cost the server: the costs, and the fit that they are from.

use analysis::{
    metric::Quantity,
    results::{Cost, CostCell, CostFit},
    scenario::Level,
};

use super::{
    Figure,
    dots::{self, DotFigure, DotRow},
    rows::RowGroup,
    text::slug,
};
use crate::{
    data::{Data, MeasuredValue},
    level,
};

pub fn figures(data: &Data, experiment: &str) -> Vec<Figure> {
    let fits = data.costs(experiment);
    let both = [costs(experiment, &fits), against_fit(experiment, &fits)];
    both.into_iter().flatten().collect()
}

/// The three costs with their intervals, by transport.
fn costs(experiment: &str, fits: &[&CostFit]) -> Option<Figure> {
    type Part = fn(&CostFit) -> Option<Cost>;
    let parts: [(&str, Part); 3] = [
        ("A post (a)", |fit| Some(fit.post_us)),
        ("A request (b)", |fit| fit.request_us),
        ("A delivery (c)", |fit| Some(fit.delivery_us)),
    ];
    let group = |(heading, part): (&str, Part)| {
        let row = |fit: &&CostFit| {
            let cost = part(fit)?;
            let measured = MeasuredValue {
                value: cost.value,
                interval: Some(cost.ci95),
                theory: None,
                censored: false,
            };
            Some(DotRow {
                transport: fit.transport,
                measured,
                predicted: None,
            })
        };
        RowGroup {
            heading: heading.into(),
            rows: fits.iter().filter_map(row).collect(),
        }
    };
    let mut groups = Vec::from(parts.map(group));
    groups.retain(|group| !group.rows.is_empty());
    let figure = DotFigure {
        slug: slug(&[experiment, "costs"]),
        title: "Server CPU of a post, of a request and of a delivery".into(),
        caption: "By least squares over the trials of all cells.",
        axis: "Server CPU".into(),
        quantity: Quantity::Time,
        column: "cpu_us",
        stroke: "theory",
        inputs: None,
    };
    dots::drawn(&figure, &groups)
}

/// The measured processor time of each cell beside that of the fit.
fn against_fit(experiment: &str, fits: &[&CostFit]) -> Option<Figure> {
    let mut levels: Vec<Option<&Level>> = Vec::new();
    for cell in fits.iter().flat_map(|fit| &fit.cells) {
        if !levels.contains(&cell.level.as_ref()) {
            levels.push(cell.level.as_ref());
        }
    }
    let group = |level: Option<&Level>| {
        let row = |fit: &&CostFit| {
            let mut cells = fit.cells.iter();
            let cell = cells.find(|cell| cell.level.as_ref() == level)?;
            Some(DotRow {
                transport: fit.transport,
                measured: beside_fit(cell),
                predicted: None,
            })
        };
        RowGroup {
            heading: level::words(level),
            rows: fits.iter().filter_map(row).collect(),
        }
    };
    let groups: Vec<_> = levels.into_iter().map(group).collect();
    let figure = DotFigure {
        slug: slug(&[experiment, "fit"]),
        title: "Server CPU of a trial, measured and by the fit".into(),
        caption: "A marker is the mean over the cell's valid trials. Without readers there are only \
                  posts, and the cell counts for every transport.",
        axis: "Server CPU in the span of a trial".into(),
        quantity: Quantity::Time,
        column: "cpu_us",
        stroke: "the fit",
        inputs: None,
    };
    dots::drawn(&figure, &groups)
}

fn beside_fit(cell: &CostCell) -> MeasuredValue {
    MeasuredValue {
        value: cell.cpu_us,
        interval: None,
        theory: Some(cell.fitted_us),
        censored: false,
    }
}
