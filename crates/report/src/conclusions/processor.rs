//! Conclusions on the server's processor time: `cost`.

use analysis::{
    metric::Quantity,
    results::{Cost, CostFit},
};

use crate::{
    data::Data,
    level,
    plain_table::PlainTable,
    units::{residual, show, show_interval},
};

/// The costs of each transport, one sentence each.
pub fn costs(data: &Data, name: &str) -> Vec<String> {
    data.costs(name).into_iter().map(costs_of).collect()
}

fn costs_of(fit: &CostFit) -> String {
    let request = fit.request_us.map(|cost| in_words("a request", cost));
    let parts = [
        Some(in_words("a post", fit.post_us)),
        request,
        Some(in_words("a delivery", fit.delivery_us)),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    format!(
        "{}: {}. The fit has an R² of {:.3}; its largest residual of a cell is {:.1} %.",
        fit.transport.name(),
        parts.join(", "),
        fit.r_squared,
        largest_residual(fit) * 100.0
    )
}

/// "a request costs the server 30 µs (28–32 µs)".
fn in_words(what: &str, cost: Cost) -> String {
    let interval = show_interval(Quantity::Time, cost.ci95);
    if cost.includes_zero() {
        return format!("the cost of {what} cannot be told from 0 (95 % interval {interval})");
    }
    let value = show(Quantity::Time, cost.value);
    format!("{what} costs the server {value} ({interval})")
}

fn largest_residual(fit: &CostFit) -> f64 {
    let each = fit.cells.iter().map(|cell| cell.residual().abs());
    each.fold(0.0, f64::max)
}

/// The processor time of each cell, measured and by the fit. `None` where there is no fit.
pub fn residuals(data: &Data, name: &str) -> Option<PlainTable> {
    let time = |value| show(Quantity::Time, value);
    let count = |value| show(Quantity::Count, value);
    let mut rows = Vec::new();
    for fit in data.costs(name) {
        for cell in &fit.cells {
            rows.push(vec![
                fit.transport.name().to_owned(),
                level::words(cell.level.as_ref()),
                count(cell.posts),
                count(cell.requests),
                count(cell.deliveries),
                time(cell.cpu_us),
                time(cell.fitted_us),
                residual(Quantity::Time, cell.cpu_us, cell.fitted_us),
            ]);
        }
    }
    (!rows.is_empty()).then(|| PlainTable {
        title: "The fit of server CPU",
        note: "CPU = a·posts + b·requests + c·deliveries, by weighted least squares over the trials: the \
               weight of a trial is 1/CPU² of the fit, so that relative residuals count. Means over the \
               valid trials of each cell, in their spans."
            .into(),
        columns: vec![
            "Transport", "Level", "Posts", "Requests", "Deliveries", "Measured", "Fit", "Residual",
        ],
        rows,
    })
}
