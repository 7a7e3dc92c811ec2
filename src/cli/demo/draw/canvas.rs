//! A sheet to draw on: shapes with smooth edges, laid one over the other.
//!
//! Edges are smooth because coverage is computed where a shape crosses a pixel, not because every pixel is
//! sampled many times: the program must draw quickly even when it was built without optimisation.
//! What the shapes depict is written in the scenes.

use super::noise::Dice;

/// A colour, each part from 0 to 255.
pub type Ink = [f32; 3];

/// Rows are cut into this many strips to smooth the slanted edges of a polygon.
const STRIPS: usize = 3;

#[derive(Clone)]
pub struct Canvas {
    pub w: f32,
    pub h: f32,
    pub columns: usize,
    pub rows: usize,
    pixels: Vec<Ink>,
}

/// The colour between two others; 0 is the first, 1 the second.
pub fn mix(a: Ink, b: Ink, t: f32) -> Ink {
    [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t]
}

impl Canvas {
    pub fn new(columns: usize, rows: usize) -> Self {
        Self { w: columns as f32, h: rows as f32, columns, rows, pixels: vec![[0.0; 3]; columns * rows] }
    }

    fn touch(&mut self, index: usize, ink: Ink, alpha: f32) {
        let pixel = &mut self.pixels[index];
        pixel[0] += (ink[0] - pixel[0]) * alpha;
        pixel[1] += (ink[1] - pixel[1]) * alpha;
        pixel[2] += (ink[2] - pixel[2]) * alpha;
    }

    /// Rows `from` to `to` filled from one colour to the other.
    pub fn gradient(&mut self, from: f32, to: f32, top: Ink, bottom: Ink) {
        let (first, last) = (from.max(0.0) as usize, (to.max(0.0) as usize).min(self.rows));
        for row in first..last {
            let ink = mix(top, bottom, (row as f32 - from) / (to - from));
            self.pixels[row * self.columns..(row + 1) * self.columns].fill(ink);
        }
    }

    /// A veil over some rows, strongest at `to`, or at `from` when that lies lower.
    pub fn veil(&mut self, from: f32, to: f32, ink: Ink, alpha: f32) {
        let (first, last) = (from.min(to).max(0.0) as usize, (from.max(to).max(0.0) as usize).min(self.rows));
        for row in first..last {
            let strength = alpha * ((row as f32 - from) / (to - from)).clamp(0.0, 1.0);
            for index in row * self.columns..(row + 1) * self.columns {
                self.touch(index, ink, strength);
            }
        }
    }

    /// Everything below a line that gives one height for each column, shaded downwards over `depth` pixels.
    pub fn ground(&mut self, edge: &[f32], top: Ink, bottom: Ink, depth: f32) {
        let floor = vec![self.h; edge.len()];
        self.band(edge, &floor, top, bottom, depth);
    }

    /// What lies between an upper and a lower line.
    pub fn band(&mut self, upper: &[f32], lower: &[f32], top: Ink, bottom: Ink, depth: f32) {
        let peak = upper.iter().copied().fold(self.h, f32::min);
        for row in peak.max(0.0) as usize..self.rows {
            let y = row as f32;
            let ink = mix(top, bottom, ((y - peak) / depth).min(1.0));
            let start = row * self.columns;
            for column in 0..self.columns {
                let (from, to) = (upper[column], lower[column]);
                if from >= y + 1.0 || to <= y {
                    continue;
                }
                if from <= y && to >= y + 1.0 {
                    self.pixels[start + column] = ink;
                } else {
                    self.touch(start + column, ink, to.min(y + 1.0) - from.max(y));
                }
            }
        }
    }

    pub fn polygon(&mut self, points: &[(f32, f32)], ink: Ink, alpha: f32) {
        let top = points.iter().map(|p| p.1).fold(f32::MAX, f32::min).max(0.0) as usize;
        let bottom = points.iter().map(|p| p.1).fold(0.0, f32::max).min(self.h - 0.01) as usize;
        let left = points.iter().map(|p| p.0).fold(f32::MAX, f32::min).max(0.0) as usize;
        let mut covered = vec![0.0; self.columns];
        let mut crossings: Vec<f32> = Vec::new();
        for row in top..=bottom {
            let mut right = left;
            for strip in 0..STRIPS {
                let y = row as f32 + (strip as f32 + 0.5) / STRIPS as f32;
                crossings.clear();
                let mut before = points[points.len() - 1];
                for &point in points {
                    if (before.1 <= y) != (point.1 <= y) {
                        crossings
                            .push(before.0 + (y - before.1) / (point.1 - before.1) * (point.0 - before.0));
                    }
                    before = point;
                }
                crossings.sort_by(f32::total_cmp);
                for pair in crossings.chunks_exact(2) {
                    let (from, to) = (pair[0].max(0.0), pair[1].min(self.w - 0.01));
                    if to > from {
                        right = right.max(to as usize + 1);
                        for (column, part) in
                            covered.iter_mut().enumerate().take(to as usize + 1).skip(from as usize)
                        {
                            let x = column as f32;
                            *part += (to.min(x + 1.0) - from.max(x)) / STRIPS as f32;
                        }
                    }
                }
            }
            for (column, part) in covered.iter_mut().enumerate().take(right).skip(left) {
                if *part > 0.0 {
                    let pixel = &mut self.pixels[row * self.columns + column];
                    *pixel = mix(*pixel, ink, *part * alpha);
                    *part = 0.0;
                }
            }
        }
    }

    pub fn rect(&mut self, x: f32, y: f32, w: f32, h: f32, ink: Ink, alpha: f32) {
        let (first, last) = (y.max(0.0) as usize, (y + h).clamp(0.0, self.h - 0.01) as usize);
        let (from, to) = (x.max(0.0), (x + w).min(self.w - 0.01));
        if to <= from {
            return;
        }
        for row in first..=last {
            let tall = ((y + h).min(row as f32 + 1.0) - y.max(row as f32)).max(0.0);
            for column in from as usize..=to as usize {
                let wide = to.min(column as f32 + 1.0) - from.max(column as f32);
                self.touch(row * self.columns + column, ink, tall * wide * alpha);
            }
        }
    }

    pub fn line(&mut self, from: (f32, f32), to: (f32, f32), thick: f32, ink: Ink, alpha: f32) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy).max(0.01);
        let (nx, ny) = (-dy / length * thick / 2.0, dx / length * thick / 2.0);
        let corners = [
            (from.0 + nx, from.1 + ny),
            (to.0 + nx, to.1 + ny),
            (to.0 - nx, to.1 - ny),
            (from.0 - nx, from.1 - ny),
        ];
        self.polygon(&corners, ink, alpha);
    }

    pub fn ellipse(&mut self, x: f32, y: f32, rx: f32, ry: f32, ink: Ink, alpha: f32) {
        let corners = (rx.max(ry).sqrt() * 5.0).clamp(10.0, 72.0) as usize;
        let points: Vec<_> = (0..corners)
            .map(|corner| {
                let (sin, cos) = (corner as f32 / corners as f32 * std::f32::consts::TAU).sin_cos();
                (x + rx * cos, y + ry * sin)
            })
            .collect();
        self.polygon(&points, ink, alpha);
    }

    /// A soft light that fades to nothing at its rim.
    pub fn glow(&mut self, x: f32, y: f32, radius: f32, ink: Ink, alpha: f32) {
        let (first, last) = ((y - radius).max(0.0) as usize, (y + radius).clamp(0.0, self.h) as usize);
        let (left, right) = ((x - radius).max(0.0) as usize, (x + radius).clamp(0.0, self.w) as usize);
        for row in first..last {
            let dy = (row as f32 - y) / radius;
            for column in left..right {
                let dx = (column as f32 - x) / radius;
                let near = 1.0 - dx * dx - dy * dy;
                if near > 0.0 {
                    self.touch(row * self.columns + column, ink, alpha * near * near);
                }
            }
        }
    }

    /// A coarse field of values, one for every fourth pixel, laid over some rows as colour: clouds, mist, relief.
    pub fn wash(
        &mut self,
        from: f32,
        to: f32,
        field: impl Fn(f32, f32) -> f32,
        ink: impl Fn(f32) -> (Ink, f32),
    ) {
        const STEP: usize = 4;
        let (first, last) = (from.max(0.0) as usize, (to.max(0.0) as usize).min(self.rows));
        let (across, down) = (self.columns / STEP + 2, (last - first) / STEP + 2);
        let mut values = Vec::with_capacity(across * down);
        for j in 0..down {
            for i in 0..across {
                values.push(field((i * STEP) as f32, (first + j * STEP) as f32));
            }
        }
        for row in first..last {
            let (j, v) = ((row - first) / STEP, ((row - first) % STEP) as f32 / STEP as f32);
            for column in 0..self.columns {
                let (i, u) = (column / STEP, (column % STEP) as f32 / STEP as f32);
                let a = values[j * across + i];
                let b = values[j * across + i + 1];
                let c = values[(j + 1) * across + i];
                let d = values[(j + 1) * across + i + 1];
                let (upper, lower) = (a + (b - a) * u, c + (d - c) * u);
                let (ink, alpha) = ink(upper + (lower - upper) * v);
                if alpha > 0.004 {
                    self.touch(row * self.columns + column, ink, alpha);
                }
            }
        }
    }

    /// What stands above the row `shore`, mirrored below it and dimmed.
    pub fn mirror(&mut self, shore: f32, reach: f32, ink: Ink, alpha: f32) {
        let shore = shore as usize;
        let last = (shore + reach as usize).min(self.rows).min(shore * 2);
        for row in shore..last {
            let away = (row - shore) as f32 / reach;
            let shift = ((row as f32 * 0.9).sin() * (1.0 + away * 3.0)) as isize;
            for column in 0..self.columns {
                let from = column.saturating_add_signed(shift).min(self.columns - 1);
                let seen =
                    mix(self.pixels[(2 * shore - row - 1) * self.columns + from], ink, 0.35 + away * 0.3);
                self.touch(row * self.columns + column, seen, alpha * (1.0 - away * 0.7));
            }
        }
    }

    pub fn flip(&mut self) {
        for row in self.pixels.chunks_exact_mut(self.columns) {
            row.reverse();
        }
    }

    /// The bytes of a picture, with the grain of newsprint.
    pub fn bytes(&self, dice: &mut Dice, grain: f32) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.pixels.len() * 3);
        let mut bits = 0u64;
        for (index, pixel) in self.pixels.iter().enumerate() {
            if index % 8 == 0 {
                bits = dice.bits();
            }
            let speck = ((bits & 0xff) as f32 - 127.5) / 127.5 * grain;
            bits >>= 8;
            // A cast from float to u8 saturates, so nothing need be clamped.
            bytes.push((pixel[0] + speck) as u8);
            bytes.push((pixel[1] + speck) as u8);
            bytes.push((pixel[2] + speck) as u8);
        }
        bytes
    }
}
