//! Weighted least squares through the origin, for a few regressors.

/// A fit of y = Σ βⱼ·xⱼ, without an intercept.
#[derive(Clone, Debug, PartialEq)]
pub struct LeastSquares {
    /// β, in the order of the regressors.
    pub coefficients: Vec<f64>,
    /// The standard error of each coefficient.
    pub errors: Vec<f64>,
    /// Points less regressors.
    pub freedom: usize,
    /// 1 − Σw·(y − ŷ)² / Σw·(y − ȳ)², with the weighted mean ȳ. Negative where the mean is closer to
    /// the points than the fit.
    pub r_squared: f64,
}

/// A point: its regressors, y, and its weight, which is the inverse of a variance up to a common
/// factor.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightedPoint {
    pub regressors: Vec<f64>,
    pub y: f64,
    pub weight: f64,
}

/// The fit of these points. `None` unless there are more points than regressors and the regressors are
/// linearly independent over the points.
pub fn least_squares(points: &[WeightedPoint]) -> Option<LeastSquares> {
    let count = points.first()?.regressors.len();
    let freedom = points.len().checked_sub(count).filter(|free| *free > 0)?;
    let inverse = inverted(normal_matrix(points))?;
    let moments: Vec<f64> = (0..count)
        .map(|j| weighted(points, |point| point.regressors[j] * point.y))
        .collect();
    let coefficients: Vec<f64> = inverse.iter().map(|row| product(row, &moments)).collect();
    let residual = |point: &WeightedPoint| point.y - product(&coefficients, &point.regressors);
    let squares = weighted(points, |point| residual(point).powi(2));
    let centre = weighted(points, |point| point.y) / weighted(points, |_| 1.0);
    let spread = weighted(points, |point| (point.y - centre).powi(2));
    let variance = squares / freedom as f64;
    Some(LeastSquares {
        errors: (0..count)
            .map(|j| (variance * inverse[j][j]).sqrt())
            .collect(),
        coefficients,
        freedom,
        r_squared: 1.0 - squares / spread,
    })
}

/// The variance inflation of each regressor: how many times larger the variance of its coefficient is
/// than if the other regressors were orthogonal to it. 1 at the least; it has no bound where the
/// regressors become collinear. `None` where they are.
pub fn variance_inflation(points: &[WeightedPoint]) -> Option<Vec<f64>> {
    points.first()?;
    let normal = normal_matrix(points);
    let diagonal: Vec<f64> = (0..normal.len()).map(|j| normal[j][j]).collect();
    let inverse = inverted(normal)?;
    let each = diagonal.iter().enumerate();
    Some(each.map(|(j, own)| own * inverse[j][j]).collect())
}

/// XᵀWX.
fn normal_matrix(points: &[WeightedPoint]) -> Vec<Vec<f64>> {
    let count = points[0].regressors.len();
    let entry =
        |i: usize, j: usize| weighted(points, |point| point.regressors[i] * point.regressors[j]);
    (0..count)
        .map(|i| (0..count).map(|j| entry(i, j)).collect())
        .collect()
}

fn weighted(points: &[WeightedPoint], of: impl Fn(&WeightedPoint) -> f64) -> f64 {
    points.iter().map(|point| point.weight * of(point)).sum()
}

fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The share of its own diagonal entry below which a pivot counts as 0: what rounding leaves of it.
const SINGULAR: f64 = 1e-10;

/// The inverse of a symmetric positive definite matrix, by Gauss and Jordan; `None` of a singular one.
fn inverted(mut matrix: Vec<Vec<f64>>) -> Option<Vec<Vec<f64>>> {
    let count = matrix.len();
    let diagonal: Vec<f64> = (0..count).map(|j| matrix[j][j]).collect();
    for (j, row) in matrix.iter_mut().enumerate() {
        row.extend((0..count).map(|k| f64::from(u8::from(k == j))));
    }
    for pivot in 0..count {
        let own = matrix[pivot][pivot];
        if own <= SINGULAR * diagonal[pivot] {
            return None;
        }
        matrix[pivot].iter_mut().for_each(|entry| *entry /= own);
        let reduced = matrix[pivot].clone();
        for (j, row) in matrix.iter_mut().enumerate() {
            let factor = row[pivot];
            if j != pivot {
                let pairs = row.iter_mut().zip(&reduced);
                pairs.for_each(|(entry, own)| *entry -= factor * own);
            }
        }
    }
    Some(
        matrix
            .into_iter()
            .map(|row| row[count..].to_vec())
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn point(regressors: &[f64], y: f64, weight: f64) -> WeightedPoint {
        WeightedPoint {
            regressors: regressors.to_vec(),
            y,
            weight,
        }
    }

    /// By hand. XᵀX = [[2, 1], [1, 2]], its inverse ⅓·[[2, −1], [−1, 2]], Xᵀy = [5, 7]: β = [1, 3].
    /// Residuals 1 − 1, 3 − 3 and 4 − 4 are 0; with y = 1, 3, 7 they are: Xᵀy = [8, 10], β = [2, 4],
    /// residuals −1, −1 and 1, so s² = 3 and both errors are √(3·⅔) = √2; ȳ = 11/3, the spread
    /// 59 − 121/3 = 56/3, and R² = 1 − 9/56.
    #[test]
    fn reference_values() {
        let fit = |last| {
            let points = [
                point(&[1.0, 0.0], 1.0, 1.0),
                point(&[0.0, 1.0], 3.0, 1.0),
                point(&[1.0, 1.0], last, 1.0),
            ];
            least_squares(&points).unwrap()
        };
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        let exact = fit(4.0);
        close(exact.coefficients[0], 1.0);
        close(exact.coefficients[1], 3.0);
        close(exact.r_squared, 1.0);
        let rough = fit(7.0);
        close(rough.coefficients[0], 2.0);
        close(rough.coefficients[1], 4.0);
        rough.errors.iter().for_each(|e| close(*e, 2f64.sqrt()));
        close(rough.r_squared, 1.0 - 9.0 / 56.0);
        assert_eq!(rough.freedom, 1);
    }

    /// One regressor of 1 is the weighted mean: (3·10 + 1·14)/4 = 11.
    #[test]
    fn weights_count() {
        let points = [point(&[1.0], 10.0, 3.0), point(&[1.0], 14.0, 1.0)];
        let found = least_squares(&points).unwrap();
        assert!((found.coefficients[0] - 11.0).abs() < 1e-12);
    }

    #[test]
    fn collinear_regressors_and_too_few_points_have_no_fit() {
        let collinear = [1.0, 2.0, 3.0, 5.0].map(|x| point(&[x, 2.0 * x], x, 1.0));
        assert_eq!(least_squares(&collinear), None);
        assert_eq!(variance_inflation(&collinear), None);
        assert_eq!(least_squares(&[point(&[1.0], 1.0, 1.0)]), None);
        assert_eq!(least_squares(&[]), None);
        assert_eq!(variance_inflation(&[]), None);
    }

    /// [[2, 1], [1, 2]]: 2·⅔ each. Orthogonal regressors have 1.
    #[test]
    fn variance_inflation_of_known_designs() {
        let design = |rows: &[[f64; 2]]| {
            let points: Vec<_> = rows.iter().map(|row| point(row, 0.0, 1.0)).collect();
            variance_inflation(&points).unwrap()
        };
        let related = design(&[[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]);
        assert!(related.iter().all(|one| (one - 4.0 / 3.0).abs() < 1e-12));
        let orthogonal = design(&[[1.0, 0.0], [0.0, 1.0]]);
        assert!(orthogonal.iter().all(|one| (one - 1.0).abs() < 1e-12));
    }

    proptest! {
        #[test]
        fn points_without_noise_give_their_coefficients(
            rows in prop::collection::vec(prop::array::uniform3(1.0f64..1e4), 6..20),
            beta in prop::array::uniform3(-50.0f64..500.0),
        ) {
            let of = |row: &[f64; 3]| point(row, product(row, &beta), 1.0 / row[0]);
            let points: Vec<_> = rows.iter().map(of).collect();
            let inflation = variance_inflation(&points);
            prop_assume!(inflation.is_some_and(|all| all.iter().all(|one| *one < 1e4)));
            let found = least_squares(&points).unwrap();
            for (found, true_value) in found.coefficients.iter().zip(beta) {
                prop_assert!((found - true_value).abs() < 1e-5, "{found} {true_value}");
            }
        }
    }
}
