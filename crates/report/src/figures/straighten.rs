//! Fewer points of a line where nobody sees the difference, so that figures are small files.

/// The distance from the straight line at which a point is left out: a quarter of a pixel, in units of
/// the view box.
const TOLERANCE: f64 = 1.0;

/// The line without the points that are nearly on the straight line between their neighbours, by
/// Douglas and Peucker's algorithm.
pub fn straightened(points: &[(i32, i32)]) -> Vec<(i32, i32)> {
    let [first, between @ .., last] = points else {
        return points.to_vec();
    };
    let off = |point: &(i32, i32)| distance(*point, *first, *last);
    let far = (1..=between.len()).max_by(|a, b| off(&points[*a]).total_cmp(&off(&points[*b])));
    match far {
        Some(far) if off(&points[far]) > TOLERANCE => {
            let mut kept = straightened(&points[..=far]);
            kept.extend(straightened(&points[far..]).into_iter().skip(1));
            kept
        }
        _ => vec![*first, *last],
    }
}

/// From a point to the line through two others; to the first of them where they are equal.
fn distance(point: (i32, i32), from: (i32, i32), to: (i32, i32)) -> f64 {
    let vector = |a: (i32, i32), b: (i32, i32)| (f64::from(b.0 - a.0), f64::from(b.1 - a.1));
    let ((x, y), (dx, dy)) = (vector(from, point), vector(from, to));
    match dx.hypot(dy) {
        0.0 => x.hypot(y),
        length => (x * dy - y * dx).abs() / length,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_points_on_a_straight_line_are_left_out() {
        let bent = [(0, 0), (10, 1), (20, 0), (30, 0), (30, 40), (30, 80)];
        assert_eq!(straightened(&bent), [(0, 0), (30, 0), (30, 80)]);
        let peak = [(0, 0), (10, 9), (20, 0)];
        assert_eq!(straightened(&peak), peak);
        let back = [(0, 0), (9, 0), (0, 0)];
        assert_eq!(straightened(&back), back);
        assert_eq!(straightened(&[(3, 4)]), [(3, 4)]);
    }
}
