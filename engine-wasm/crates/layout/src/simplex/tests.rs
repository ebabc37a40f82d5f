use super::*;

fn cost(simplex: &Simplex, y: &[f64]) -> f64 {
    simplex.arcs.iter().map(|a| a.weight * (y[a.head as usize] - y[a.tail as usize])).sum()
}

#[test]
fn the_example_of_the_paper_is_solved() {
    // Gansner et al., figure 2-3: a b c d h in a row, a e g h and a f g h beside it.
    let mut s = Simplex::new(8);
    for (t, h) in [(0, 1), (1, 2), (2, 3), (3, 7), (0, 4), (0, 5), (4, 6), (5, 6), (6, 7)] {
        s.arc(t, h, 1.0, 1.0);
    }
    let y = s.solve(s.longest_path().unwrap(), 10_000, &Budget::default());
    assert_eq!(cost(&s, &y), 10.0);
}

#[test]
fn an_optimum_is_never_worse_than_any_tried_exchange() {
    // Pseudo-random dags; the optimum is checked against moving every variable alone.
    let mut seed = 7u64;
    let mut next = move |n: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % n
    };
    for _ in 0..30 {
        let n = 3 + next(25) as usize;
        let mut s = Simplex::new(n);
        for v in 1..n {
            s.arc(next(v as u64) as u32, v as u32, next(5) as f64, 1.0 + next(4) as f64);
        }
        for _ in 0..n {
            let (a, b) = (next(n as u64) as u32, next(n as u64) as u32);
            if a < b {
                s.arc(a, b, next(9) as f64, next(6) as f64);
            }
        }
        let y = s.solve(s.longest_path().unwrap(), 10_000, &Budget::default());
        let best = cost(&s, &y);
        assert!(s.arcs.iter().all(|a| y[a.head as usize] - y[a.tail as usize] >= a.length - 1e-6));
        for v in 0..n {
            for step in [-1.0, 1.0] {
                let mut z = y.clone();
                z[v] += step;
                let ok = s.arcs.iter().all(|a| z[a.head as usize] - z[a.tail as usize] >= a.length - 1e-6);
                assert!(!ok || cost(&s, &z) >= best - 1e-6);
            }
        }
        let again = s.solve(y.clone(), 10_000, &Budget::default());
        assert!((cost(&s, &again) - best).abs() < 1e-6);
    }
}
