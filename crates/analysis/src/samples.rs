//! Samples of one quantity: an HdrHistogram and the exact sum.

use base64::{Engine, engine::general_purpose::STANDARD};
use hdrhistogram::{
    Histogram,
    serialization::{Deserializer, Serializer, V2Serializer},
};
use serde::{Deserialize, Serialize};

use crate::metric::Statistic;

/// Significant digits of the histogram; no figure is quoted with more.
const DIGITS: u8 = 3;
/// Significant digits of a histogram of latencies in a packed file: a bucket is at most 1/128 of its
/// value wide.
const PACKED_DIGITS: u8 = 2;

/// Samples in whole units (mostly microseconds). Histograms are merged; percentiles are never
/// averaged.
#[derive(Clone, Debug)]
pub struct Samples {
    histogram: Histogram<u64>,
    sum: f64,
}

/// Samples as `results.json` records them, in the unit that the field's name has. A quantile with
/// fewer than 100/(1 − q) samples is `null`. Without samples all figures are `null`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SamplesRecord {
    pub count: u64,
    pub mean: Option<f64>,
    pub min: Option<u64>,
    pub p50: Option<u64>,
    pub p90: Option<u64>,
    pub p95: Option<u64>,
    pub p99: Option<u64>,
    pub p99_9: Option<u64>,
    pub max: Option<u64>,
    /// Base64 of HdrHistogram V2, with three digits, or two in a packed file.
    pub hdr: String,
}

impl Default for Samples {
    fn default() -> Self {
        Samples::new()
    }
}

impl From<Histogram<u64>> for Samples {
    /// The mean is computed from the histogram's buckets, as the exact sum is unknown.
    fn from(histogram: Histogram<u64>) -> Self {
        Samples {
            sum: histogram.mean() * histogram.len() as f64,
            histogram,
        }
    }
}

impl Samples {
    pub fn new() -> Self {
        Samples {
            histogram: Histogram::new(DIGITS).expect("1 to 5 digits are possible"),
            sum: 0.0,
        }
    }

    pub fn record(&mut self, value: u64) {
        // `saturating_record` would limit the value to the current range instead of growing it.
        self.histogram
            .record(value)
            .expect("the histogram resizes itself");
        self.sum += value as f64;
    }

    pub fn merge(&mut self, other: &Samples) {
        self.histogram
            .add(&other.histogram)
            .expect("the histogram resizes itself");
        self.sum += other.sum;
    }

    pub fn count(&self) -> u64 {
        self.histogram.len()
    }

    /// The exact mean, not that of the histogram's buckets.
    pub fn mean(&self) -> Option<f64> {
        (self.count() > 0).then(|| self.sum / self.count() as f64)
    }

    pub fn min(&self) -> Option<u64> {
        (self.count() > 0).then(|| self.histogram.min())
    }

    pub fn max(&self) -> Option<u64> {
        (self.count() > 0).then(|| self.histogram.max())
    }

    /// The quantile `q` of 0..1; `None` with fewer than 100/(1 − q) samples.
    pub fn quantile(&self, q: f64) -> Option<u64> {
        let enough = self.count() as f64 * (1.0 - q) >= 100.0 * (1.0 - 1e-9);
        enough.then(|| self.raw_quantile(q))
    }

    /// The quantile of any number of samples. With few samples it is good only for the spread
    /// between trials.
    pub fn raw_quantile(&self, q: f64) -> u64 {
        self.histogram.value_at_quantile(q)
    }

    /// Any statistic of any number of samples; a quantile as in [`Samples::raw_quantile`]. `None` of
    /// no samples.
    pub fn statistic(&self, which: Statistic) -> Option<f64> {
        match which {
            Statistic::Mean => self.mean(),
            Statistic::Quantile(which) => {
                (self.count() > 0).then(|| self.raw_quantile(which.share()) as f64)
            }
            Statistic::Max => self.max().map(|max| max as f64),
        }
    }

    /// The ends of the bucket that a recorded value is in, the upper one excluded: samples between
    /// them are not told apart.
    pub fn bucket(value: u64) -> [u64; 2] {
        let empty = Samples::new().histogram;
        [
            empty.lowest_equivalent(value),
            empty.next_non_equivalent(value),
        ]
    }

    /// The share of samples at or below `value`.
    pub fn share_up_to(&self, value: u64) -> f64 {
        self.histogram.percentile_below(value) / 100.0
    }

    /// Every bucket of the histogram that is not empty: its value and its count.
    pub fn buckets(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        self.histogram
            .iter_recorded()
            .map(|bucket| (bucket.value_iterated_to(), bucket.count_at_value()))
    }

    pub fn to_record(&self) -> SamplesRecord {
        SamplesRecord {
            count: self.count(),
            mean: self.mean(),
            min: self.min(),
            p50: self.quantile(0.5),
            p90: self.quantile(0.9),
            p95: self.quantile(0.95),
            p99: self.quantile(0.99),
            p99_9: self.quantile(0.999),
            max: self.max(),
            hdr: encoded(&self.histogram),
        }
    }
}

fn encoded(histogram: &Histogram<u64>) -> String {
    let mut bytes = Vec::new();
    V2Serializer::new()
        .serialize(histogram, &mut bytes)
        .expect("writing to memory does not fail");
    STANDARD.encode(bytes)
}

/// The same counts in buckets of so many digits, each count at the middle of the bucket that it was in.
fn with_digits(histogram: &Histogram<u64>, digits: u8) -> Histogram<u64> {
    let mut other = Histogram::new(digits).expect("1 to 5 digits are possible");
    for bucket in histogram.iter_recorded() {
        let middle = histogram.median_equivalent(bucket.value_iterated_to());
        other
            .record_n(middle, bucket.count_at_value())
            .expect("the histogram resizes itself");
    }
    other
}

impl SamplesRecord {
    /// The same figures with a histogram of two digits, about a third in size.
    ///
    /// # Errors
    /// The encoded histogram is damaged.
    pub fn with_fewer_digits(&self) -> Result<Self, String> {
        let histogram = with_digits(&self.samples()?.histogram, PACKED_DIGITS);
        Ok(SamplesRecord {
            hdr: encoded(&histogram),
            ..self.clone()
        })
    }

    /// Decodes the samples.
    ///
    /// # Errors
    /// The encoded histogram is damaged.
    pub fn samples(&self) -> Result<Samples, String> {
        let bytes = STANDARD
            .decode(&self.hdr)
            .map_err(|error| error.to_string())?;
        let mut histogram: Histogram<u64> = Deserializer::new()
            .deserialize(&mut &bytes[..])
            .map_err(|error| format!("not an HdrHistogram: {error:?}"))?;
        if histogram.sigfig() < DIGITS {
            histogram = with_digits(&histogram, DIGITS);
        }
        histogram.auto(true);
        Ok(Samples {
            sum: self.mean.unwrap_or(0.0) * histogram.len() as f64,
            histogram,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn samples(values: &[u64]) -> Samples {
        let mut samples = Samples::new();
        for value in values {
            samples.record(*value);
        }
        samples
    }

    proptest! {
        #[test]
        fn merging_is_recording_together(a in prop::collection::vec(0u64..10_000_000, 0..300),
                                         b in prop::collection::vec(0u64..10_000_000, 0..300)) {
            let mut merged = samples(&a);
            merged.merge(&samples(&b));
            let together = samples(&[a, b].concat());
            prop_assert!(merged.buckets().eq(together.buckets()));
            // The encoding is left out: it also has the range, which depends on the order of
            // recording.
            let figures = |samples: &Samples| SamplesRecord { hdr: String::new(), ..samples.to_record() };
            prop_assert_eq!(figures(&merged), figures(&together));
        }

        #[test]
        fn written_samples_are_read_back(values in prop::collection::vec(0u64..10_000_000, 0..300)) {
            let record = samples(&values).to_record();
            let decoded = record.samples().unwrap().to_record();
            prop_assert_eq!(decoded.hdr, record.hdr);
            prop_assert_eq!(decoded.p50, record.p50);
        }

        #[test]
        fn fewer_digits_keep_the_figures_and_move_a_quantile_by_less_than_a_hundredth(
            values in prop::collection::vec(0u64..10_000_000, 1..300), q in 0.0..1.0,
        ) {
            let record = samples(&values).to_record();
            let fewer = record.with_fewer_digits().unwrap();
            let figures = |record: &SamplesRecord| SamplesRecord { hdr: String::new(), ..record.clone() };
            prop_assert_eq!(figures(&fewer), figures(&record));
            let [before, after] = [record, fewer].map(|record| record.samples().unwrap());
            prop_assert_eq!(after.count(), before.count());
            let [before, after] = [before, after].map(|samples| samples.raw_quantile(q) as f64);
            prop_assert!((after - before).abs() <= before / 100.0, "{} {}", before, after);
        }
    }

    #[test]
    fn a_quantile_needs_enough_samples() {
        let few = samples(&vec![5; 199]).to_record();
        assert_eq!((few.p50, few.mean), (None, Some(5.0)));
        let enough = samples(&vec![5; 1000]).to_record();
        assert_eq!(
            (enough.p50, enough.p90, enough.p95),
            (Some(5), Some(5), None)
        );
        assert_eq!(samples(&[]).to_record().mean, None);
    }

    /// Three digits: to 2,047 each value has a bucket of its own, then two share one, then four.
    #[test]
    fn a_bucket_has_its_ends() {
        assert_eq!(Samples::bucket(1_000), [1_000, 1_001]);
        assert_eq!(Samples::bucket(2_049), [2_048, 2_050]);
        assert_eq!(Samples::bucket(8_191), [8_188, 8_192]);
        assert_eq!(Samples::bucket(0), [0, 1]);
    }

    #[test]
    fn samples_that_were_read_accept_large_values() {
        let mut read = samples(&[7, 2_000_000]).to_record().samples().unwrap();
        assert!(
            read.max()
                .is_some_and(|max| (2_000_000..2_002_000).contains(&max))
        );
        assert_eq!(read.min(), Some(7));
        read.merge(&samples(&[u64::MAX]));
        assert!(
            read.max()
                .is_some_and(|max| max >= u64::MAX - u64::MAX / 1_000)
        );
    }

    #[test]
    fn damage_is_reported() {
        let mut record = samples(&[1, 2, 3]).to_record();
        record.hdr = "AAAA".into();
        assert!(record.samples().unwrap_err().contains("HdrHistogram"));
    }
}
