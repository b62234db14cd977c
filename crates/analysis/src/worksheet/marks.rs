//! Predictions and measurements of a worksheet, held against the models.

use super::{
    Parameters, WorksheetRecord,
    predictions::full_key,
    question::{Asked, Question},
    questions::questions,
    scenario,
};
use crate::results::{Estimate, Results};

/// How far a prediction may be from the models and still be right: students round.
const RIGHT: f64 = 0.03;
/// The marks for the predictions of a question, and the shares of right ones that earn them.
const MARKS: [(u32, f64); 2] = [(2, 0.9), (1, 0.5)];

/// A question with what was predicted and measured for it.
#[derive(Clone, Debug)]
pub struct MarkedQuestion {
    pub question: Question,
    pub quantities: Vec<MarkedQuantity>,
}

#[derive(Clone, Debug)]
pub struct MarkedQuantity {
    pub asked: Asked,
    /// In the unit of the answer.
    pub predicted: Option<f64>,
    /// `None` of what is not measured, or has no valid trial.
    pub measured: Option<Estimate>,
}

impl MarkedQuantity {
    /// How far the prediction is from the models, as a share of their value.
    pub fn prediction_error(&self) -> Option<f64> {
        Some(self.predicted? / self.asked.answer - 1.0)
    }

    pub fn is_right(&self) -> bool {
        self.prediction_error()
            .is_some_and(|error| error.abs() <= RIGHT)
    }

    /// How far the measurement is from theory with the measured d and sizes, as a share.
    pub fn measurement_error(&self) -> Option<f64> {
        let measured = self.measured.as_ref()?;
        let theory = measured.theory.filter(|theory| *theory > 0.0)?;
        Some(measured.value? / theory - 1.0)
    }
}

impl MarkedQuestion {
    pub fn right(&self) -> usize {
        self.quantities.iter().filter(|one| one.is_right()).count()
    }

    /// The marks that the predictions earn, of two.
    pub fn marks(&self) -> u32 {
        let share = self.right() as f64 / self.quantities.len() as f64;
        let earned = MARKS.iter().find(|(_, least)| share >= *least);
        earned.map_or(0, |(marks, _)| *marks)
    }

    /// The measurement that is farthest from theory, as a share.
    pub fn farthest(&self) -> Option<f64> {
        let errors = self
            .quantities
            .iter()
            .filter_map(MarkedQuantity::measurement_error);
        errors.max_by(|a, b| a.abs().total_cmp(&b.abs()))
    }
}

/// The questions of a worksheet with its predictions and, once it is measured, its estimates.
pub fn marked(record: &WorksheetRecord, results: Option<&Results>) -> Vec<MarkedQuestion> {
    let one = |question: Question| {
        let quantities = question.asked.iter().map(|asked| MarkedQuantity {
            predicted: record
                .predictions
                .get(&full_key(&question, &asked.key))
                .map(|predicted| asked.in_its_unit(*predicted)),
            measured: results.and_then(|results| measured(asked, results)),
            asked: asked.clone(),
        });
        MarkedQuestion {
            quantities: quantities.collect(),
            question,
        }
    };
    questions(&record.parameters).into_iter().map(one).collect()
}

fn measured(asked: &Asked, results: &Results) -> Option<Estimate> {
    let cell = asked.cell.as_ref()?;
    let found = results.estimates.iter().find(|estimate| {
        estimate.experiment == cell.experiment
            && estimate.transport == cell.transport
            && estimate.level == cell.level
            && estimate.metric == cell.metric
    })?;
    found.value.is_some().then(|| found.clone())
}

/// Why a campaign is not the worksheet of its student, in a sentence: its values of d, T and λ, or the
/// settings with which it was measured, are not those that belong to the name.
pub fn stranger(record: &WorksheetRecord, results: &Results) -> Option<String> {
    let student = &record.parameters.student;
    let own = Parameters::of(student);
    if record.parameters != own {
        return Some(format!("its d, T and λ are not those of {student}"));
    }
    let expected = scenario(&own, record.predictions.clone()).ok()?;
    let differs = expected
        .experiments
        .iter()
        .find(|expected| results.experiment(&expected.name).as_ref() != Some(*expected));
    match differs {
        Some(experiment) => Some(format!(
            "the settings of its experiment {} are not those of {student}'s worksheet",
            experiment.name
        )),
        None if results.seed != own.seed => Some(format!("its seed is not that of {student}")),
        None => None,
    }
}
