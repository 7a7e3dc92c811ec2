//! The moving scene: an evening in a harbour, boats crossing while the sun goes down.
//!
//! One frame at a time; how frames become a film is said in `demo::film`.

use image::RgbImage;

use super::canvas::{Canvas, Ink, mix};
use super::noise::{Dice, noise, ridge};
use super::palette::{CREAM, DAY, LAMP, PAINT, Palette, SNOW};
use super::shore::{boat, sail, turbine};

const WIDTH: usize = 640;
const HEIGHT: usize = 360;

/// Where the sea begins.
const HORIZON: f32 = 205.0;

/// What does not move: drawn once, copied into each frame.
pub struct Dusk {
    p: Palette,
    sky: Canvas,
    far: Vec<f32>,
    town: Vec<f32>,
}

impl Dusk {
    /// How long the evening lasts.
    pub const SECONDS: u64 = 7;

    pub fn painted() -> Self {
        let p = DAY[2];
        let mut dice = Dice::new(21);
        let mut sky = Canvas::new(WIDTH, HEIGHT);
        sky.gradient(0.0, HORIZON + 1.0, p.zenith, p.horizon);
        sky.gradient(HORIZON, HEIGHT as f32, mix(p.water, p.horizon, 0.5), mix(p.water, p.dark, 0.55));
        sky.wash(
            0.0,
            HORIZON,
            |x, y| noise(x / 190.0, y / 24.0, 5) * 0.6 + noise(x / 80.0, y / 11.0, 9) * 0.4 - 0.5,
            move |value| (mix(p.sun, SNOW, 0.2), (value * 2.4).clamp(0.0, 0.5)),
        );
        let far = ridge(&mut dice, WIDTH, HORIZON + 1.0, 62.0, 2.0, 3);
        let town = (0..WIDTH)
            .map(|x| {
                HORIZON + 2.0
                    - (26.0 - x as f32 * 0.075).max(0.0) * (0.6 + 0.7 * noise(x as f32 / 9.0, 1.5, 4))
            })
            .collect();
        Self { p, sky, far, town }
    }

    /// The picture `seconds` after the start.
    pub fn frame(&self, seconds: f32) -> RgbImage {
        let p = &self.p;
        let t = seconds / Self::SECONDS as f32;
        let mut c = self.sky.clone();
        let (sun_x, sun_y) = (410.0 - 26.0 * t, 88.0 + 92.0 * t);
        c.glow(sun_x, sun_y, 190.0, p.sun, 0.5);
        c.ellipse(sun_x, sun_y, 21.0, 21.0, mix(p.sun, SNOW, 0.35), 0.95);
        let floor = vec![HORIZON + 1.0; WIDTH];
        c.band(&self.far, &floor, p.far, mix(p.far, p.horizon, 0.45), 70.0);
        for n in 0..4u8 {
            let x = 452.0 + 42.0 * f32::from(n);
            turbine(
                &mut c,
                x,
                self.far[x as usize] + 3.0,
                44.0,
                seconds * 1.5 + f32::from(n),
                mix(SNOW, p.far, 0.35),
                p.dark,
            );
        }
        c.band(&self.town, &floor, p.middle, p.near, 60.0);
        self.lights(&mut c, t);
        self.waves(&mut c, seconds, sun_x, t);
        let cloth = mix(SNOW, p.horizon, 0.4);
        let hull = mix(p.dark, p.near, 0.25);
        let bob = |phase: f32| (seconds * 1.9 + phase).sin();
        self.crossing(&mut c, (120.0 + 130.0 * t, 226.0 + bob(0.0) * 0.8), 46.0, cloth, hull);
        self.crossing(&mut c, (300.0 + 190.0 * t, 250.0 + bob(1.0) * 1.3), 78.0, p.accent, hull);
        self.crossing(&mut c, (40.0 + 290.0 * t, 292.0 + bob(2.2) * 2.0), 124.0, cloth, hull);
        let (x, y) = (250.0 + 330.0 * t, 326.0 + bob(3.0) * 1.8);
        c.ellipse(x, y + 5.0, 56.0, 8.0, p.dark, 0.35);
        boat(&mut c, x, y, 92.0, PAINT[0], p.dark);
        c.rect(x - 90.0, y + 2.0, 130.0, 2.0, SNOW, 0.5);
        self.birds(&mut c, seconds);
        RgbImage::from_raw(WIDTH as u32, HEIGHT as u32, c.bytes(&mut Dice::new(1), 0.0))
            .unwrap_or_else(|| RgbImage::new(WIDTH as u32, HEIGHT as u32))
    }

    /// Windows along the quay: more of them the darker it gets.
    fn lights(&self, c: &mut Canvas, t: f32) {
        let mut dice = Dice::new(8);
        for _ in 0..46 {
            let x = dice.between(2.0, 300.0);
            let roof = self.town[x as usize];
            let y = roof + (HORIZON - roof) * dice.between(0.35, 0.85);
            if dice.between(0.0, 1.1) < 0.25 + t {
                c.rect(x, y, 2.2, 2.6, LAMP, 0.9);
            }
        }
    }

    fn waves(&self, c: &mut Canvas, seconds: f32, sun_x: f32, t: f32) {
        let mut dice = Dice::new(33);
        for n in 0..230u16 {
            let depth = dice.between(0.0, 1.0).powf(1.4);
            let (start, phase) = (dice.between(0.0, 700.0), dice.between(0.0, 6.3));
            let y = HORIZON + 3.0 + depth * 150.0 + (seconds * 1.6 + phase).sin() * (0.4 + depth * 1.6);
            let drift = (start + seconds * (5.0 + 22.0 * depth)) % 700.0 - 40.0;
            let long = (6.0 + 40.0 * depth) * (0.7 + 0.3 * (seconds * 1.3 + phase).sin());
            if n % 3 == 0 {
                c.rect(drift, y, long, 0.8 + 1.5 * depth, self.p.dark, 0.13);
            } else if n % 3 == 1 {
                c.rect(drift, y, long, 0.7 + depth, mix(self.p.horizon, SNOW, 0.4), 0.25);
            } else {
                let x = sun_x + (start / 350.0 - 1.0) * (12.0 + 70.0 * depth);
                let flash = 0.3 + 0.3 * (seconds * 3.1 + phase).sin();
                c.rect(x - long / 2.0, y, long, 0.9 + 1.3 * depth, self.p.sun, flash * (1.1 - 0.45 * t));
            }
        }
    }

    /// A sail on its way to the right, with its reflection and its wake.
    fn crossing(&self, c: &mut Canvas, at: (f32, f32), size: f32, cloth: Ink, hull: Ink) {
        let (x, y) = at;
        c.polygon(
            &[(x - size * 0.36, y), (x + size * 0.38, y), (x + size * 0.04, y + size * 0.5)],
            mix(cloth, self.p.water, 0.45),
            0.3,
        );
        sail(c, x, y, size, cloth, hull);
        c.rect(x - size * 0.95, y + size * 0.015, size * 1.05, size * 0.018, CREAM, 0.55);
    }

    fn birds(&self, c: &mut Canvas, seconds: f32) {
        for n in 0..5u8 {
            let lag = f32::from(n);
            let (x, y) = (
                120.0 + lag * 17.0 + seconds * 15.0,
                66.0 + (lag * 7.0) % 13.0 + (seconds + lag).sin() * 3.0,
            );
            let beat = (seconds * 6.0 + lag * 1.3).sin() * 3.0;
            c.line((x - 6.0, y - 1.5 - beat), (x, y), 1.2, self.p.dark, 0.8);
            c.line((x, y), (x + 6.0, y - 1.5 - beat), 1.2, self.p.dark, 0.8);
        }
    }
}
