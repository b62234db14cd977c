//! A metric against a parameter, or by category where the parameter gives no axis.

use analysis::{metric::Metric, scenario::Level};

use crate::{
    data::Data,
    figures::{Figure, by_parameter::ParameterFigures, dots},
};

/// The metric against a parameter; by category where only one level has a value, as with a p99 that
/// needs more samples than the other levels have.
pub fn against(
    data: &Data,
    name: &str,
    parameter: &str,
    metric: Metric,
    caption: &str,
) -> Vec<Figure> {
    let mut cells = data.cells(name);
    cells.retain(|cell| data.measured(cell, metric).is_some());
    let mut places: Vec<_> = cells
        .iter()
        .filter_map(|cell| cell.number(parameter))
        .collect();
    places.dedup();
    if places.len() == 1 {
        return dots::figures(data, name, metric, caption);
    }
    ParameterFigures {
        parameter,
        metric,
        caption,
        mark: None,
        logarithmic: false,
    }
    .figures(data, name)
}

/// The metric against the first parameter that has numbers, several of them; by category if there is
/// none.
pub fn swept(data: &Data, name: &str, metric: Metric, caption: &str) -> Vec<Figure> {
    let levels = data.levels(name);
    let numbers = |key: &str| -> Vec<f64> {
        let mut found: Vec<_> = levels
            .iter()
            .filter_map(|level| Level::number(*level, key))
            .collect();
        found.dedup();
        found
    };
    let mut keys = levels.iter().copied().flatten().flat_map(Level::values);
    match keys.find(|one| numbers(one.key()).len() > 1) {
        Some(parameter) => against(data, name, parameter.key(), metric, caption),
        None => dots::figures(data, name, metric, caption),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{sample, subjects::figures::outage};

    #[test]
    fn of_one_level_the_transports_are_compared() {
        let sweep = [("clients", json!([10, 1000]))];
        let mut run = sample::results(&[sample::experiment("fanout", &sweep)]);
        let axis = |run: &_| {
            let drawn = against(&Data::new(run), "fanout", "clients", Metric::P95, "");
            drawn[0].csv.clone().unwrap()
        };
        assert!(axis(&run).starts_with("kind,transport,name,clients,"));
        let many: Level = "clients=1000".parse().unwrap();
        run.estimates
            .retain(|one| one.metric != Metric::P95 || one.level.as_ref() == Some(&many));
        assert!(axis(&run).starts_with("level,transport,"));
    }

    #[test]
    fn a_parameter_with_one_value_is_no_axis() {
        let sweep = [
            ("load.seconds", json!([40])),
            ("outage.seconds", json!([1.0, 3.0])),
        ];
        let mut cut = sample::experiment("outage", &sweep);
        cut.outage = serde_json::from_value(json!({"at": 5.0, "seconds": 1.0})).ok();
        let run = sample::results(&[cut]);
        let drawn = outage(&Data::new(&run), "outage");
        let csv = drawn[0].csv.as_ref().unwrap();
        assert!(
            csv.starts_with("kind,transport,name,outage.seconds,"),
            "{csv}"
        );
    }

    #[test]
    fn what_is_zero_everywhere_is_not_drawn() {
        let mut cut = sample::experiment("outage", &[]);
        cut.outage = serde_json::from_value(json!({"at": 5.0, "seconds": 1.0})).ok();
        let run = sample::results(&[cut]);
        let drawn = outage(&Data::new(&run), "outage");
        assert!(!drawn.is_empty());
        assert!(
            drawn
                .iter()
                .all(|figure| figure.slug != "outage-noticed-share")
        );
    }
}
