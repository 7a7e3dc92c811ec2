//! Scenes by the sea: cliffs, harbours, sails, wind at work.

use std::f32::consts::TAU;

use super::canvas::{Canvas, Ink, mix};
use super::land::{reeds, ripples, sky};
use super::noise::{Dice, ridge};
use super::palette::{CREAM, LAMP, PAINT, Palette, SNOW};

/// The sea below its horizon, with the path of the sun.
fn sea(c: &mut Canvas, dice: &mut Dice, p: &Palette, horizon: f32) {
    c.gradient(horizon, c.h, mix(p.water, p.horizon, 0.55), mix(p.water, p.dark, 0.45));
    let x = dice.between(0.3, 0.7) * c.w;
    let (w, h) = (c.w, c.h);
    for _ in 0..150 {
        let t = dice.between(0.0, 1.0).powf(1.4);
        let y = horizon + 1.0 + t * (h - horizon);
        let long = w * (0.008 + 0.05 * t) * dice.between(0.4, 1.2);
        let spread = w * (0.02 + 0.16 * t);
        let at = x + dice.between(-1.0, 1.0) * spread;
        c.rect(at - long / 2.0, y, long, 0.8 + 1.6 * t, p.sun, 0.5 * (1.0 - 0.4 * t));
    }
    ripples(c, dice, horizon, mix(p.horizon, SNOW, 0.4), 110);
    for _ in 0..90 {
        let t = dice.between(0.0, 1.0).powf(1.3);
        let y = horizon + 2.0 + t * (h - horizon);
        c.rect(dice.between(0.0, w), y, w * (0.015 + 0.08 * t), 0.8 + 1.8 * t, p.dark, 0.1);
    }
}

fn birds(c: &mut Canvas, dice: &mut Dice, ink: Ink) {
    let (x, y) = (dice.between(0.2, 0.7) * c.w, dice.between(0.1, 0.3) * c.h);
    for _ in 0..7 {
        let (bx, by) = (x + dice.between(-0.12, 0.12) * c.w, y + dice.between(-0.07, 0.07) * c.h);
        let s = c.h * dice.between(0.008, 0.018);
        c.line((bx - s, by - s * 0.45), (bx, by), 1.4, ink, 0.8);
        c.line((bx, by), (bx + s, by - s * 0.55), 1.4, ink, 0.8);
    }
}

/// An edge of land that comes in from the right and sinks into the sea at `tip`.
fn headland(dice: &mut Dice, c: &Canvas, tip: f32, shore: f32, rise: f32) -> Vec<f32> {
    let rough = ridge(dice, c.columns, 0.0, 1.0, 4.0, 4);
    rough
        .iter()
        .enumerate()
        .map(|(column, roughness)| {
            let t = ((column as f32 / c.w - tip) / (1.0 - tip)).max(0.0);
            let slope = (t * 5.0).min(1.0) * 0.55 + t * 0.45;
            if t > 0.0 { shore - rise * slope * (0.72 - roughness * 0.5) } else { shore + 1.0 }
        })
        .collect()
}

pub fn coast(c: &mut Canvas, dice: &mut Dice, p: &Palette) {
    let (w, h) = (c.w, c.h);
    let horizon = h * dice.between(0.46, 0.56);
    sky(c, dice, p, horizon);
    sea(c, dice, p, horizon);
    for (tip, rise, ink, lower) in [(0.42, 0.13, p.far, 0.0), (0.6, 0.24, p.middle, 0.03)] {
        let shore = horizon + h * lower + 1.0;
        let tip = tip + dice.between(-0.06, 0.06);
        let edge = headland(dice, c, tip, shore, h * rise);
        let floor = vec![shore; c.columns];
        c.band(&edge, &floor, mix(ink, p.horizon, 0.1), mix(ink, p.dark, 0.22), h * 0.2);
        c.rect(w * (tip + 0.02), shore - 0.5, w, 1.6, mix(p.horizon, SNOW, 0.6), 0.6);
        if lower > 0.0 {
            let x = w * (tip + 0.14);
            lighthouse(c, x, edge[x as usize] + h * 0.012, h * 0.2, p);
        }
    }
    birds(c, dice, p.dark);
    beach(c, dice, p);
}

/// Sand and grass in the foreground, a line of foam where the water ends.
fn beach(c: &mut Canvas, dice: &mut Dice, p: &Palette) {
    let (w, h) = (c.w, c.h);
    let sand = mix(CREAM, p.middle, 0.32);
    let bay = |offset: f32| -> Vec<f32> {
        (0..c.columns)
            .map(|column| {
                let x = column as f32 / w;
                h * (0.99 + offset - 0.27 * (x - 0.9).powi(2) + 0.012 * (x * 19.0).sin())
            })
            .collect()
    };
    let (wet, foam, dry) = (bay(-0.045), bay(-0.03), bay(-0.018));
    let cliff = ridge(dice, c.columns, 0.0, 1.0, 2.0, 4);
    c.ground(&wet, mix(p.water, SNOW, 0.35), mix(p.water, SNOW, 0.5), h * 0.1);
    c.ground(&foam, SNOW, SNOW, h);
    c.ground(&dry, sand, mix(sand, p.near, 0.35), h * 0.25);
    let bank: Vec<f32> = cliff
        .iter()
        .enumerate()
        .map(|(column, rough)| h * (0.8 + 0.62 * column as f32 / w + 0.1 * rough))
        .collect();
    c.ground(&bank, mix(p.near, p.dark, 0.35), p.dark, h * 0.25);
    reeds(c, dice, &bank.iter().map(|y| y.min(h - 1.0)).collect::<Vec<_>>(), p.dark);
}

fn lighthouse(c: &mut Canvas, x: f32, y: f32, size: f32, p: &Palette) {
    let wide = |t: f32| size * (0.1 - 0.035 * t);
    for band in 0..5u8 {
        let (low, high) = (f32::from(band) / 5.0, f32::from(band + 1) / 5.0);
        let points = [
            (x - wide(low), y - size * low * 0.8),
            (x - wide(high), y - size * high * 0.8),
            (x + wide(high), y - size * high * 0.8),
            (x + wide(low), y - size * low * 0.8),
        ];
        c.polygon(&points, if band % 2 == 0 { SNOW } else { p.accent }, 1.0);
        c.polygon(&[(x, points[0].1), (x, points[1].1), points[2], points[3]], p.dark, 0.22);
    }
    c.glow(x, y - size * 0.87, size * 0.55, LAMP, 0.75);
    c.rect(x - size * 0.09, y - size * 0.82, size * 0.18, size * 0.025, p.dark, 1.0);
    c.rect(x - size * 0.045, y - size * 0.92, size * 0.09, size * 0.1, LAMP, 1.0);
    c.polygon(
        &[(x - size * 0.065, y - size * 0.92), (x, y - size), (x + size * 0.065, y - size * 0.92)],
        p.dark,
        1.0,
    );
    c.rect(x + size * 0.1, y - size * 0.16, size * 0.26, size * 0.17, CREAM, 1.0);
    c.polygon(
        &[
            (x + size * 0.08, y - size * 0.15),
            (x + size * 0.23, y - size * 0.27),
            (x + size * 0.38, y - size * 0.15),
        ],
        p.accent,
        1.0,
    );
}

/// A gabled house front with its windows.
fn gable(c: &mut Canvas, dice: &mut Dice, x: f32, y: f32, wide: f32, tall: f32, ink: Ink, p: &Palette) {
    c.rect(x, y - tall, wide, tall, ink, 1.0);
    let roof = tall + wide * dice.between(0.35, 0.7);
    c.polygon(
        &[(x - 1.0, y - tall), (x + wide / 2.0, y - roof), (x + wide + 1.0, y - tall)],
        mix(ink, p.dark, 0.45),
        1.0,
    );
    let rows = (tall / (wide * 0.5)).round().max(1.0) as usize;
    for row in 0..rows {
        for column in 0..3 {
            let lit = dice.chance(0.3);
            let glass = if lit { LAMP } else { mix(ink, p.dark, 0.55) };
            let left = x + wide * (0.14 + 0.28 * column as f32);
            let top = y - tall + tall * (row as f32 + 0.25) / rows as f32;
            c.rect(left, top, wide * 0.15, tall / rows as f32 * 0.45, glass, 0.9);
        }
    }
}

/// A boat at rest: hull, cabin, mast.
pub fn boat(c: &mut Canvas, x: f32, y: f32, size: f32, paint: Ink, dark: Ink) {
    let hull = [
        (x - size * 0.5, y - size * 0.17),
        (x + size * 0.56, y - size * 0.24),
        (x + size * 0.42, y + size * 0.02),
        (x - size * 0.42, y + size * 0.02),
    ];
    c.line((x - size * 0.05, y - size * 0.15), (x - size * 0.03, y - size * 0.95), size * 0.025, dark, 1.0);
    c.line((x - size * 0.03, y - size * 0.85), (x + size * 0.52, y - size * 0.25), 0.9, dark, 0.7);
    c.line((x - size * 0.03, y - size * 0.85), (x - size * 0.46, y - size * 0.2), 0.9, dark, 0.7);
    c.rect(x - size * 0.36, y - size * 0.4, size * 0.27, size * 0.25, CREAM, 1.0);
    c.rect(x - size * 0.39, y - size * 0.43, size * 0.33, size * 0.045, paint, 1.0);
    c.rect(x - size * 0.31, y - size * 0.34, size * 0.07, size * 0.08, dark, 0.9);
    c.rect(x - size * 0.2, y - size * 0.34, size * 0.07, size * 0.08, dark, 0.9);
    c.polygon(&hull, paint, 1.0);
    c.line(hull[0], hull[1], size * 0.035, CREAM, 1.0);
    c.polygon(
        &[(x - size * 0.45, y - size * 0.03), (x + size * 0.46, y - size * 0.05), hull[2], hull[3]],
        dark,
        0.65,
    );
}

pub fn harbour(c: &mut Canvas, dice: &mut Dice, p: &Palette) {
    let (w, h) = (c.w, c.h);
    let shore = h * 0.58;
    sky(c, dice, p, shore);
    let far = ridge(dice, c.columns, shore, h * 0.22, 1.8, 3);
    c.ground(&far, p.far, mix(p.far, p.horizon, 0.5), h * 0.3);
    let mut x = -0.02 * w;
    while x < w {
        let (wide, tall) = (h * dice.between(0.07, 0.12), h * dice.between(0.12, 0.23));
        let ink = mix(dice.pick(&PAINT), mix(p.horizon, CREAM, 0.5), dice.between(0.35, 0.75));
        gable(c, dice, x, shore, wide, tall, ink, p);
        x += wide + 1.0;
    }
    c.rect(0.0, shore - h * 0.012, w, h * 0.045, mix(p.near, p.dark, 0.3), 1.0);
    c.rect(0.0, shore - h * 0.012, w, h * 0.008, mix(CREAM, p.middle, 0.5), 1.0);
    let water = shore + h * 0.033;
    c.gradient(water, h, mix(p.water, p.near, 0.25), mix(p.water, p.dark, 0.55));
    c.mirror(water, h * 0.36, p.water, 0.72);
    ripples(c, dice, water, mix(p.horizon, SNOW, 0.4), 90);
    let boats = 5;
    for n in 0..boats {
        let t = n as f32 / (boats - 1) as f32;
        let (bx, by) = (dice.between(0.08, 0.92) * w, water + h * (0.03 + 0.3 * t));
        let (size, paint) = (h * (0.11 + 0.17 * t), dice.pick(&PAINT));
        c.ellipse(bx, by + size * 0.08, size * 0.5, size * 0.09, p.dark, 0.35);
        c.line((bx - size * 0.03, by), (bx - size * 0.01, by + size * 0.6), size * 0.03, p.dark, 0.25);
        boat(c, bx, by, size, paint, mix(p.dark, paint, 0.2));
    }
    birds(c, dice, p.dark);
}

/// A boat under sail that leans from the wind.
pub fn sail(c: &mut Canvas, x: f32, y: f32, size: f32, cloth: Ink, hull: Ink) {
    let main = [
        (x + size * 0.02, y - size * 1.05),
        (x + size * 0.05, y - size * 0.16),
        (x - size * 0.44, y - size * 0.14),
        (x - size * 0.24, y - size * 0.55),
    ];
    c.polygon(&main, cloth, 1.0);
    c.polygon(&[main[0], main[1], (x - size * 0.1, y - size * 0.15)], hull, 0.12);
    c.polygon(
        &[
            (x + size * 0.05, y - size * 0.95),
            (x + size * 0.08, y - size * 0.17),
            (x + size * 0.46, y - size * 0.18),
        ],
        mix(cloth, hull, 0.18),
        1.0,
    );
    c.line((x + size * 0.02, y - size * 1.1), (x + size * 0.06, y - size * 0.08), size * 0.02, hull, 1.0);
    c.polygon(
        &[
            (x - size * 0.46, y - size * 0.1),
            (x + size * 0.54, y - size * 0.13),
            (x + size * 0.36, y + size * 0.02),
            (x - size * 0.38, y + size * 0.02),
        ],
        hull,
        1.0,
    );
}

pub fn sails(c: &mut Canvas, dice: &mut Dice, p: &Palette) {
    let (w, h) = (c.w, c.h);
    let horizon = h * dice.between(0.5, 0.6);
    sky(c, dice, p, horizon);
    let far = ridge(dice, c.columns, horizon + 1.0, h * 0.09, 2.0, 4);
    c.ground(&far, mix(p.far, p.horizon, 0.2), p.far, h * 0.2);
    sea(c, dice, p, horizon);
    let boats = 7;
    for n in 0..boats {
        let t = (n as f32 / (boats - 1) as f32).powf(1.7);
        let size = h * (0.07 + 0.33 * t);
        let (x, y) = (dice.between(0.1, 0.9) * w, horizon + h * (0.02 + 0.3 * t));
        let cloth = if dice.chance(0.3) { p.accent } else { mix(SNOW, p.horizon, 0.35) };
        c.polygon(
            &[(x - size * 0.4, y), (x + size * 0.4, y), (x + size * 0.1, y + size * 0.7)],
            mix(cloth, p.water, 0.4),
            0.3,
        );
        sail(c, x, y, size, cloth, mix(p.dark, p.near, 0.2));
        c.rect(x - size * 0.5, y + size * 0.01, size, size * 0.025, SNOW, 0.6);
    }
    birds(c, dice, p.dark);
}

pub fn turbines(c: &mut Canvas, dice: &mut Dice, p: &Palette) {
    let (w, h) = (c.w, c.h);
    let horizon = h * dice.between(0.58, 0.66);
    sky(c, dice, p, horizon);
    let far = ridge(dice, c.columns, horizon + 1.0, h * 0.08, 2.0, 3);
    c.ground(&far, mix(p.far, p.horizon, 0.25), p.far, h * 0.2);
    sea(c, dice, p, horizon);
    for row in 0..3u8 {
        let t = f32::from(row) / 2.0;
        let count = 7 - 2 * usize::from(row);
        for n in 0..count {
            let x = (n as f32 + dice.between(0.3, 0.7)) / count as f32 * w;
            let ink = mix(mix(SNOW, p.far, 0.55), SNOW, t);
            let turn = dice.between(0.0, TAU / 3.0);
            turbine(c, x, horizon + h * (0.01 + 0.12 * t), h * (0.16 + 0.34 * t), turn, ink, p.dark);
        }
    }
    let edge = ridge(dice, c.columns, h * 1.0, h * 0.12, 1.6, 4);
    c.ground(&edge, p.dark, p.dark, h);
    reeds(c, dice, &edge, p.dark);
}

pub fn turbine(c: &mut Canvas, x: f32, y: f32, size: f32, turn: f32, ink: Ink, dark: Ink) {
    let top = y - size;
    let foot = size * 0.022;
    c.polygon(&[(x - foot, y), (x - foot * 0.55, top), (x + foot * 0.55, top), (x + foot, y)], ink, 1.0);
    c.polygon(&[(x, y), (x, top), (x + foot * 0.55, top), (x + foot, y)], dark, 0.2);
    for blade in 0..3u8 {
        let (sin, cos) = (turn + f32::from(blade) * TAU / 3.0).sin_cos();
        let (long, thick) = (size * 0.52, size * 0.026);
        let tip = (x + sin * long, top - cos * long);
        let root = (x + sin * long * 0.22 + cos * thick, top - cos * long * 0.22 + sin * thick);
        c.polygon(&[(x, top), root, tip, (x - cos * thick * 0.4, top - sin * thick * 0.4)], ink, 1.0);
    }
    c.ellipse(x, top, size * 0.022, size * 0.022, mix(ink, dark, 0.25), 1.0);
}
