//! Chance that is always the same: numbers, smooth noise and ridges that follow from a seed.

/// A row of numbers that a seed decides (SplitMix64).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bf0_3635)
    }

    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Between the two, evenly.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (self.bits() >> 40) as f32 / 16_777_216.0 * (high - low)
    }

    /// A number below `sides`.
    pub fn below(&mut self, sides: usize) -> usize {
        (self.bits() >> 33) as usize % sides
    }

    pub fn chance(&mut self, odds: f32) -> bool {
        self.between(0.0, 1.0) < odds
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

fn lattice(x: i32, y: i32, salt: u32) -> f32 {
    let mut n = (x as u32).wrapping_mul(0x9e37_79b1) ^ (y as u32).wrapping_mul(0x85eb_ca77) ^ salt;
    n = (n ^ (n >> 15)).wrapping_mul(0x2c1b_3c6d);
    n = (n ^ (n >> 12)).wrapping_mul(0x297a_2d39);
    ((n ^ (n >> 15)) >> 8) as f32 / 16_777_216.0
}

fn ease(t: f32) -> f32 {
    t * t * (3.0 - 2.0 * t)
}

/// Smooth noise between 0 and 1.
pub fn noise(x: f32, y: f32, salt: u32) -> f32 {
    let (fx, fy) = (x.floor(), y.floor());
    let (ix, iy) = (fx as i32, fy as i32);
    let (u, v) = (ease(x - fx), ease(y - fy));
    let (a, b) = (lattice(ix, iy, salt), lattice(ix + 1, iy, salt));
    let (c, d) = (lattice(ix, iy + 1, salt), lattice(ix + 1, iy + 1, salt));
    let (upper, lower) = (a + (b - a) * u, c + (d - c) * u);
    upper + (lower - upper) * v
}

/// Noise upon noise, each finer and fainter than the last; between 0 and 1.
pub fn layered(x: f32, y: f32, salt: u32, octaves: u32) -> f32 {
    let (mut sum, mut weight, mut scale, mut all) = (0.0, 1.0, 1.0, 0.0);
    for octave in 0..octaves {
        sum += weight * noise(x * scale, y * scale, salt.wrapping_add(octave * 101));
        all += weight;
        weight *= 0.5;
        scale *= 2.03;
    }
    sum / all
}

/// A skyline of land: for each column the height of its edge, `rise` at most above `base`.
pub fn ridge(dice: &mut Dice, columns: usize, base: f32, rise: f32, waves: f32, octaves: u32) -> Vec<f32> {
    let salt = dice.bits() as u32;
    let start = dice.between(0.0, 50.0);
    (0..columns)
        .map(|column| {
            let x = start + column as f32 / columns as f32 * waves;
            base - rise * layered(x, 0.5, salt, octaves)
        })
        .collect()
}
