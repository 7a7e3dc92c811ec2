//! Scenes inland: hills, fields, woods, mountains, the night sky.

use super::canvas::{Canvas, Ink, mix};
use super::noise::{Dice, layered, ridge};
use super::palette::{LAMP, Palette, SNOW};

/// A sky with its sun, and clouds that lie flatter towards the horizon.
pub fn sky(c: &mut Canvas, dice: &mut Dice, p: &Palette, horizon: f32) {
    c.gradient(0.0, horizon + 2.0, p.zenith, p.horizon);
    let (x, y) = (dice.between(0.2, 0.8) * c.w, horizon * dice.between(0.42, 0.8));
    let salt = dice.bits() as u32;
    let (cover, reach) = (dice.between(0.42, 0.55), c.w / 3.2);
    let (bright, height) = (mix(p.sun, SNOW, 0.4), c.h);
    c.glow(x, y, c.h * 0.75, p.sun, 0.55);
    c.ellipse(x, y, c.h * 0.042, c.h * 0.042, mix(p.sun, SNOW, 0.5), 0.95);
    c.wash(
        0.0,
        horizon,
        |x, y| layered(x / reach, y / height * 7.0 + 3.0, salt, 4) - cover,
        |value| (bright, (value * 3.2).clamp(0.0, 0.62)),
    );
}

/// A round tree on its trunk.
pub fn tree(c: &mut Canvas, x: f32, y: f32, size: f32, ink: Ink) {
    c.rect(x - size * 0.05, y - size * 0.5, size * 0.1, size * 0.52, ink, 1.0);
    c.ellipse(x, y - size * 0.72, size * 0.34, size * 0.36, ink, 1.0);
    c.ellipse(x - size * 0.2, y - size * 0.55, size * 0.24, size * 0.22, ink, 1.0);
    c.ellipse(x + size * 0.22, y - size * 0.56, size * 0.22, size * 0.22, ink, 1.0);
}

/// A fir: three skirts.
pub fn fir(c: &mut Canvas, x: f32, y: f32, size: f32, ink: Ink) {
    for (low, high, wide) in [(0.0, 0.55, 0.26), (0.28, 0.8, 0.2), (0.55, 1.0, 0.13)] {
        let skirt =
            [(x - size * wide, y - size * low), (x, y - size * high), (x + size * wide, y - size * low)];
        c.polygon(&skirt, ink, 1.0);
    }
}

/// A farmhouse with a lit window.
fn house(c: &mut Canvas, x: f32, y: f32, size: f32, wall: Ink, roof: Ink) {
    c.rect(x, y - size * 0.5, size, size * 0.52, wall, 1.0);
    let gable = [
        (x - size * 0.08, y - size * 0.48),
        (x + size * 0.2, y - size * 0.88),
        (x + size * 0.82, y - size * 0.88),
        (x + size * 1.08, y - size * 0.48),
    ];
    c.polygon(&gable, roof, 1.0);
    c.rect(x + size * 0.2, y - size * 1.05, size * 0.1, size * 0.25, roof, 1.0);
    c.rect(x + size * 0.18, y - size * 0.36, size * 0.14, size * 0.16, LAMP, 0.9);
    c.rect(x + size * 0.62, y - size * 0.36, size * 0.14, size * 0.16, LAMP, 0.9);
}

pub fn hills(c: &mut Canvas, dice: &mut Dice, p: &Palette) {
    let (w, h) = (c.w, c.h);
    sky(c, dice, p, h * 0.55);
    let layers = 6;
    for layer in 0..layers {
        let t = layer as f32 / (layers - 1) as f32;
        let base = h * (0.5 + 0.36 * t);
        let edge = ridge(dice, c.columns, base, h * (0.2 - 0.05 * t), 1.6 + 1.2 * (1.0 - t), 3);
        let ink = if t < 0.5 { mix(p.far, p.middle, t * 2.0) } else { mix(p.middle, p.near, t * 2.0 - 1.0) };
        c.ground(&edge, ink, mix(ink, p.horizon, 0.25), h * 0.3);
        if layer == 3 {
            let x = dice.between(0.15, 0.75);
            let foot = edge[(x * w) as usize] + h * 0.03;
            house(c, x * w, foot, h * 0.055, mix(p.horizon, SNOW, 0.4), p.accent);
            tree(c, x * w - h * 0.03, foot, h * 0.09, mix(p.near, p.dark, 0.4));
        }
        if layer >= 2 {
            let trees = 3 + dice.below(8);
            let mut x = dice.between(0.0, 0.9);
            for _ in 0..trees {
                x += dice.between(0.008, 0.05);
                let column = ((x.fract()) * w) as usize;
                let size = h * (0.02 + 0.05 * t) * dice.between(0.7, 1.3);
                tree(c, column as f32, edge[column] + size * 0.1, size, mix(ink, p.dark, 0.45));
            }
        }
    }
    let edge = ridge(dice, c.columns, h * 1.02, h * 0.14, 2.0, 4);
    c.ground(&edge, p.dark, mix(p.dark, p.near, 0.3), h * 0.2);
    reeds(c, dice, &edge, p.dark);
}

/// Grass along an edge, against the light.
pub fn reeds(c: &mut Canvas, dice: &mut Dice, edge: &[f32], ink: Ink) {
    let size = c.h * 0.05;
    for _ in 0..130 {
        let x = dice.between(0.0, c.w - 1.0);
        let y = edge[x as usize] + 2.0;
        let (lean, tall) = (dice.between(-0.5, 0.5) * size, dice.between(0.3, 1.0) * size);
        c.line((x, y), (x + lean, y - tall), 1.3, ink, 0.9);
    }
}

pub fn field(c: &mut Canvas, dice: &mut Dice, p: &Palette) {
    let (w, h) = (c.w, c.h);
    let horizon = h * dice.between(0.42, 0.52);
    sky(c, dice, p, horizon);
    let far = ridge(dice, c.columns, horizon + 2.0, h * 0.1, 2.4, 3);
    c.ground(&far, p.far, p.middle, h * 0.2);
    let soil = mix(p.middle, p.near, 0.4);
    let crop = mix(p.horizon, p.middle, 0.45);
    c.gradient(horizon, h, mix(crop, p.far, 0.5), crop);
    let (vanish, spread) = (dice.between(0.3, 0.7) * w, w * 0.11);
    for furrow in -26..26 {
        let x = vanish + furrow as f32 * spread;
        let row = [
            (vanish + furrow as f32 * 2.4, horizon),
            (vanish + furrow as f32 * 2.4 + 1.2, horizon),
            (x + spread * 0.55, h),
            (x, h),
        ];
        c.polygon(&row, soil, 0.75);
        let lit =
            [(row[1].0, horizon), (row[1].0 + 0.4, horizon), (x + spread * 0.68, h), (x + spread * 0.55, h)];
        c.polygon(&lit, p.sun, 0.22);
    }
    c.veil(horizon + h * 0.16, horizon, p.horizon, 0.6);
    hedge(c, dice, horizon, mix(p.near, p.dark, 0.3));
    let x = dice.between(0.12, 0.7) * w;
    house(c, x, horizon + h * 0.02, h * 0.1, mix(p.horizon, p.far, 0.3), p.accent);
    house(
        c,
        x + h * 0.12,
        horizon + h * 0.02,
        h * 0.065,
        mix(p.horizon, p.middle, 0.3),
        mix(p.accent, p.dark, 0.4),
    );
    tree(c, x - h * 0.06, horizon + h * 0.02, h * 0.18, p.dark);
    tree(c, x + h * 0.24, horizon + h * 0.02, h * 0.13, mix(p.near, p.dark, 0.7));
}

fn hedge(c: &mut Canvas, dice: &mut Dice, y: f32, ink: Ink) {
    let mut x = 0.0;
    while x < c.w {
        let size = c.h * dice.between(0.008, 0.022);
        c.ellipse(x, y, size * 1.6, size, ink, 1.0);
        x += size * 1.4;
    }
}

pub fn forest(c: &mut Canvas, dice: &mut Dice, p: &Palette) {
    let (w, h) = (c.w, c.h);
    c.gradient(0.0, h, mix(p.horizon, p.far, 0.35), p.horizon);
    let light = dice.between(0.25, 0.75) * w;
    c.glow(light, h * 0.35, h * 0.9, p.sun, 0.8);
    let layers = 5;
    for layer in 0..layers {
        let t = layer as f32 / (layers - 1) as f32;
        let ink = mix(p.far, p.dark, t.powf(1.3));
        let ground = ridge(dice, c.columns, h * (0.74 + 0.2 * t), h * 0.1, 2.5, 3);
        c.ground(&ground, ink, mix(ink, p.near, 0.3), h * 0.3);
        for _ in 0..(26 - 4 * layer) {
            let x = dice.between(-0.02, 1.02) * w;
            let thick = h * (0.006 + 0.028 * t * t) * dice.between(0.6, 1.3);
            let lean = dice.between(-0.02, 0.02) * w;
            let foot = h * (0.72 + 0.2 * t);
            c.polygon(
                &[
                    (x - thick, foot + 8.0),
                    (x + lean - thick * 0.6, 0.0),
                    (x + lean + thick * 0.6, 0.0),
                    (x + thick, foot + 8.0),
                ],
                ink,
                1.0,
            );
            for _ in 0..3 {
                let (y, side) = (dice.between(0.02, 0.5) * h, if dice.chance(0.5) { 1.0 } else { -1.0 });
                let start = x + lean * (1.0 - y / foot);
                let reach = h * dice.between(0.04, 0.12);
                c.line((start, y), (start + side * reach, y - reach * 0.6), thick * 0.35 + 0.6, ink, 1.0);
            }
        }
        crown(c, dice, h * (0.2 - 0.02 * layer as f32), mix(ink, p.near, 0.25), 0.5 + 0.2 * t);
        c.veil(h * 0.3, h * 0.85, mix(p.horizon, p.sun, 0.4), 0.34 * (1.0 - t));
    }
    for beam in 0..5 {
        let x = light + (beam as f32 - 2.0) * w * 0.07;
        let slant = (beam as f32 - 2.0) * w * 0.1;
        c.polygon(&[(x, 0.0), (x + w * 0.025, 0.0), (x + slant + w * 0.09, h), (x + slant, h)], p.sun, 0.09);
    }
}

fn crown(c: &mut Canvas, dice: &mut Dice, depth: f32, ink: Ink, alpha: f32) {
    for _ in 0..34 {
        let (x, y) = (dice.between(0.0, c.w), dice.between(-0.4, 0.9) * depth);
        let size = c.h * dice.between(0.03, 0.075);
        c.ellipse(x, y, size * 1.3, size * 0.7, ink, alpha * 0.75);
    }
}

pub fn mountains(c: &mut Canvas, dice: &mut Dice, p: &Palette) {
    let (w, h) = (c.w, c.h);
    let shore = h * 0.72;
    sky(c, dice, p, shore);
    for layer in 0..3 {
        let t = layer as f32 / 2.0;
        let count = 5 - layer;
        for peak in 0..count {
            let x = (peak as f32 + dice.between(0.15, 0.85)) / count as f32 * w;
            let top = h * (0.16 + 0.13 * t) + h * dice.between(0.0, 0.16);
            let ink = mix(mix(p.far, p.zenith, 0.25), p.middle, t * 0.85);
            summit(c, dice, x, top, shore, ink, p);
        }
        c.veil(h * 0.42, shore, p.horizon, 0.42 - 0.1 * t);
    }
    for layer in 0..2 {
        let ink = mix(p.near, p.dark, 0.35 + 0.4 * layer as f32);
        let edge = ridge(dice, c.columns, shore + h * 0.005, h * 0.08, 2.0, 2);
        c.ground(&edge, ink, ink, h);
        for _ in 0..110 {
            let x = dice.between(0.0, w - 1.0);
            fir(c, x, edge[x as usize] + 4.0, h * dice.between(0.03, 0.07), ink);
        }
    }
    c.gradient(shore, h, mix(p.water, p.horizon, 0.4), mix(p.water, p.dark, 0.35));
    c.mirror(shore, h - shore, p.water, 0.75);
    ripples(c, dice, shore, mix(p.horizon, SNOW, 0.5), 70);
}

/// A mountain: a lit face, a face in the shade, and snow that runs down both in tongues.
fn summit(c: &mut Canvas, dice: &mut Dice, x: f32, top: f32, foot: f32, ink: Ink, p: &Palette) {
    let tall = foot - top;
    let (left, right) = (tall * dice.between(0.75, 1.05), tall * dice.between(0.8, 1.15));
    let mut spine = vec![(x, top)];
    let mut lit = vec![(x, top)];
    for step in 1..=6u8 {
        let t = f32::from(step) / 6.0;
        let swing = if step % 2 == 0 { -1.0 } else { 1.0 };
        spine.push((x + swing * tall * dice.between(0.02, 0.09) + tall * 0.1 * t, top + tall * t));
        lit.push((
            x - left * t + dice.between(-0.02, 0.02) * tall,
            top + tall * (t + dice.between(-0.03, 0.02)).min(1.0),
        ));
    }
    let mut dark = vec![(x, top)];
    for step in 1..=6u8 {
        let t = f32::from(step) / 6.0;
        dark.push((x + right * t, top + tall * (t + dice.between(-0.04, 0.02)).min(1.0)));
    }
    let face = |side: &[(f32, f32)]| side.iter().chain(spine.iter().rev()).copied().collect::<Vec<_>>();
    c.polygon(&face(&lit), mix(ink, p.horizon, 0.22), 1.0);
    c.polygon(&face(&dark), mix(ink, p.dark, 0.2), 1.0);
    let tongues = |side: &[(f32, f32)], deep: f32, dice: &mut Dice| {
        let mut points = vec![(x, top), side[1], side[2]];
        for step in 1..6u8 {
            let t = f32::from(step) / 6.0;
            let fall = if step % 2 == 0 { deep } else { deep * 0.35 };
            let y = side[2].1 + (spine[2].1 - side[2].1) * t + tall * fall * dice.between(0.7, 1.2);
            points.push((side[2].0 + (spine[2].0 - side[2].0) * t, y));
        }
        points.extend(spine[..3].iter().rev());
        points
    };
    let bright = tongues(&lit, 0.2, dice);
    let shaded = tongues(&dark, 0.16, dice);
    c.polygon(&bright, SNOW, 0.95);
    c.polygon(&shaded, mix(SNOW, mix(p.zenith, ink, 0.4), 0.5), 0.95);
}

/// Short bright strokes on still water, longer and wider apart towards the viewer.
pub fn ripples(c: &mut Canvas, dice: &mut Dice, from: f32, ink: Ink, count: usize) {
    for _ in 0..count {
        let t = dice.between(0.0, 1.0).powf(1.6);
        let y = from + 2.0 + t * (c.h - from - 2.0);
        let long = c.w * (0.01 + 0.07 * t) * dice.between(0.5, 1.4);
        let x = dice.between(-0.05, 1.0) * c.w;
        c.rect(x, y, long, 0.7 + 1.4 * t, ink, 0.28);
    }
}

pub fn night(c: &mut Canvas, dice: &mut Dice) {
    let (w, h) = (c.w, c.h);
    let hue = dice.pick(&[[18.0, 28.0, 46.0], [22.0, 24.0, 44.0], [14.0, 34.0, 44.0]]);
    let low = dice.pick(&[[122.0, 112.0, 116.0], [150.0, 120.0, 100.0], [92.0, 118.0, 122.0]]);
    c.gradient(0.0, h, hue, low);
    milky_way(c, dice);
    for _ in 0..620 {
        let (x, y) = (dice.between(0.0, w), dice.between(0.0, 1.0).powf(1.2) * h * 0.82);
        let size = dice.between(0.6, 1.25) * if dice.chance(0.05) { 2.0 } else { 1.0 };
        let tint = dice.pick(&[[255.0, 246.0, 226.0], [226.0, 234.0, 250.0], [255.0, 226.0, 190.0]]);
        c.rect(x, y, size, size, tint, dice.between(0.35, 1.0));
        if size > 1.8 {
            c.glow(x, y, size * 3.0, tint, 0.4);
        }
    }
    let far = ridge(dice, c.columns, h * 0.86, h * 0.16, 2.0, 3);
    c.ground(&far, mix(hue, low, 0.35), mix(hue, low, 0.25), h * 0.2);
    let near = ridge(dice, c.columns, h * 0.96, h * 0.2, 1.3, 2);
    let dark = mix(hue, [0.0; 3], 0.45);
    c.ground(&near, dark, dark, h);
    for _ in 0..24 {
        let x = dice.between(0.0, w - 1.0);
        fir(c, x, near[x as usize] + 5.0, h * dice.between(0.03, 0.07), dark);
    }
    let at = dice.between(0.25, 0.7);
    dome(c, at * w, near[(at * w) as usize] + h * 0.02, h * 0.12, dark);
    let second = (at + 0.17).min(0.95);
    dome(c, second * w, near[(second * w) as usize] + h * 0.02, h * 0.07, dark);
}

fn milky_way(c: &mut Canvas, dice: &mut Dice) {
    let salt = dice.bits() as u32;
    let (slope, offset) = (dice.between(0.35, 0.75), dice.between(0.0, 0.22));
    let (w, h) = (c.w, c.h);
    c.wash(
        0.0,
        h,
        |x, y| {
            let away = (y / h - offset - (1.0 - x / w) * slope) / 0.19;
            let cloud = layered(x / w * 9.0, y / h * 7.0, salt, 4);
            (1.0 - away * away).max(0.0) * (cloud - 0.22).max(0.0) * 1.5
        },
        |value| ([214.0, 206.0, 204.0], (value * 0.8).clamp(0.0, 0.4)),
    );
}

/// An observatory with its slit open.
fn dome(c: &mut Canvas, x: f32, y: f32, size: f32, ink: Ink) {
    let shell = mix(ink, [226.0, 218.0, 206.0], 0.42);
    c.ellipse(x, y - size * 0.72, size * 0.62, size * 0.62, shell, 1.0);
    c.ellipse(x + size * 0.16, y - size * 0.66, size * 0.46, size * 0.52, mix(shell, ink, 0.35), 0.6);
    c.polygon(
        &[
            (x - size * 0.3, y - size * 0.74),
            (x - size * 0.16, y - size * 1.32),
            (x - size * 0.02, y - size * 1.34),
            (x - size * 0.12, y - size * 0.74),
        ],
        mix(ink, [0.0; 3], 0.3),
        1.0,
    );
    c.line(
        (x - size * 0.2, y - size * 0.8),
        (x - size * 0.3, y - size * 1.38),
        size * 0.09,
        mix(shell, ink, 0.3),
        1.0,
    );
    c.rect(x - size * 0.66, y - size * 0.74, size * 1.32, size * 0.08, mix(shell, ink, 0.6), 1.0);
    c.rect(x - size * 0.6, y - size * 0.68, size * 1.2, size * 0.8, mix(shell, ink, 0.45), 1.0);
    c.rect(x - size * 0.08, y - size * 0.35, size * 0.16, size * 0.35, LAMP, 0.9);
    c.glow(x, y - size * 0.15, size * 0.7, LAMP, 0.35);
}
