//! Marbled paper, and a sheet on it where a reed pen has been tried.

use std::f32::consts::PI;

use super::canvas::{Canvas, Ink, mix};
use super::noise::{Dice, layered};
use super::palette::{CREAM, PAINT, PAPER, Palette};

pub fn marbled(c: &mut Canvas, dice: &mut Dice, p: &Palette) {
    let (w, h) = (c.w, c.h);
    let salt = dice.bits() as u32;
    let reach = w / dice.between(3.0, 4.5);
    let inks =
        [p.water, mix(p.horizon, PAPER, 0.4), dice.pick(&PAINT[..6]), PAPER, mix(p.middle, p.water, 0.5)];
    c.gradient(0.0, h, CREAM, CREAM);
    c.wash(
        0.0,
        h,
        |x, y| {
            let pull = layered(x / reach, y / reach, salt, 2) * 2.6;
            let comb = (y / reach * 2.2 + pull * 2.0).sin() * 0.35;
            layered(x / reach + pull + comb, y / reach - pull, salt.wrapping_add(77), 2) * 14.0
        },
        move |value| {
            let ink = inks[value as usize % inks.len()];
            let rim = (value.fract() - 0.5).abs() * 2.0;
            (mix(ink, p.dark, if rim > 0.86 { 0.3 } else { 0.0 }), 0.9)
        },
    );
    sheet(c, dice, p);
}

/// A sheet of practice: long strokes, and the dots by which they are measured.
fn sheet(c: &mut Canvas, dice: &mut Dice, p: &Palette) {
    let (w, h) = (c.w, c.h);
    let corners = [(w * 0.19, h * 0.13), (w * 0.83, h * 0.1), (w * 0.85, h * 0.88), (w * 0.17, h * 0.91)];
    let shadow = corners.map(|(x, y)| (x + h * 0.012, y + h * 0.018));
    c.polygon(&shadow, p.dark, 0.35);
    c.polygon(&corners, PAPER, 1.0);
    let ink = mix(p.dark, [0.0; 3], 0.35);
    for row in 0..3u8 {
        let y = h * (0.28 + 0.22 * f32::from(row));
        c.line((w * 0.24, y + h * 0.06), (w * 0.78, y + h * 0.055), 0.9, p.accent, 0.4);
        let (left, right) = (w * dice.between(0.26, 0.36), w * dice.between(0.62, 0.74));
        bow(c, (left, right), y, h * dice.between(0.06, 0.1), h * 0.026, ink);
        let upright = right + w * 0.025;
        c.polygon(
            &[
                (upright, y - h * 0.12),
                (upright + h * 0.022, y - h * 0.105),
                (upright + h * 0.01, y + h * 0.055),
                (upright - h * 0.004, y + h * 0.05),
            ],
            ink,
            1.0,
        );
        let dots = 1 + dice.below(3);
        for dot in 0..dots {
            let x = f32::midpoint(left, right) + (dot as f32 - (dots - 1) as f32 / 2.0) * h * 0.045;
            let red = if row == 1 { p.accent } else { ink };
            diamond(c, x, y - h * 0.045, h * 0.019, red);
        }
    }
}

/// A stroke that starts thin, swells and ends thin, as a reed leaves it.
fn bow(c: &mut Canvas, span: (f32, f32), y: f32, sag: f32, thick: f32, ink: Ink) {
    let at = |t: f32, swell: f32| {
        let curve = (t * PI).sin().max(0.0);
        let x = span.1 + (span.0 - span.1) * t;
        (x, y + sag * curve.powf(0.8) - sag * 0.5 * t * t + swell * curve.max(0.12))
    };
    let steps = 30u8;
    let over = (0..=steps).map(|n| at(f32::from(n) / f32::from(steps), 0.0));
    let under = (0..=steps).rev().map(|n| at(f32::from(n) / f32::from(steps), thick));
    c.polygon(&over.chain(under).collect::<Vec<_>>(), ink, 1.0);
}

fn diamond(c: &mut Canvas, x: f32, y: f32, size: f32, ink: Ink) {
    c.polygon(
        &[
            (x - size, y + size * 0.1),
            (x - size * 0.1, y - size),
            (x + size, y - size * 0.1),
            (x + size * 0.1, y + size),
        ],
        ink,
        1.0,
    );
}
