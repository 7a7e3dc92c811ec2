//! Scenes in town: rooftops, bridges, market squares, trains.

use std::f32::consts::PI;

use super::canvas::{Canvas, Ink, mix};
use super::land::{ripples, sky, tree};
use super::noise::{Dice, ridge};
use super::palette::{CREAM, LAMP, PAINT, Palette, SNOW};

/// A row of roofs at one distance: blocks, gables, here and there a dome or a spire.
fn rooftops(c: &mut Canvas, dice: &mut Dice, foot: f32, tall: f32, ink: Ink, lights: f32, p: &Palette) {
    let h = c.h;
    let mut x = -h * dice.between(0.0, 0.08);
    while x < c.w {
        let wide = tall * dice.between(0.24, 0.5);
        let up = tall * dice.between(0.45, 0.85);
        let shade = mix(ink, p.dark, dice.between(0.0, 0.14));
        match dice.below(9) {
            0 => spire(c, x + wide / 2.0, foot - up * 0.8, wide * 0.5, tall * 0.75, shade),
            1 => dome(c, x + wide / 2.0, foot - up, wide * 0.48, shade),
            2..=5 => c.polygon(
                &[(x, foot - up), (x + wide / 2.0, foot - up - wide * 0.42), (x + wide, foot - up)],
                mix(shade, p.dark, 0.18),
                1.0,
            ),
            _ => c.rect(x + wide * 0.2, foot - up - wide * 0.16, wide * 0.13, wide * 0.2, shade, 1.0),
        }
        c.rect(x, foot - up, wide, up, shade, 1.0);
        let (across, down) = (4, (up / (wide * 0.3)) as usize);
        for row in 0..down {
            for column in 0..across {
                let glass = if dice.chance(lights) { LAMP } else { mix(shade, p.dark, 0.3) };
                let left = x + wide * (0.12 + 0.21 * column as f32);
                c.rect(
                    left,
                    foot - up + wide * (0.12 + 0.3 * row as f32),
                    wide * 0.09,
                    wide * 0.15,
                    glass,
                    0.75,
                );
            }
        }
        x += wide * dice.between(0.96, 1.06);
    }
}

fn spire(c: &mut Canvas, x: f32, y: f32, wide: f32, tall: f32, ink: Ink) {
    c.rect(x - wide / 2.0, y - tall * 0.35, wide, tall * 0.4, ink, 1.0);
    c.polygon(
        &[(x - wide * 0.56, y - tall * 0.34), (x, y - tall), (x + wide * 0.56, y - tall * 0.34)],
        ink,
        1.0,
    );
    c.line((x, y - tall), (x, y - tall * 1.1), 1.2, ink, 1.0);
}

fn dome(c: &mut Canvas, x: f32, y: f32, radius: f32, ink: Ink) {
    c.ellipse(x, y, radius, radius * 1.05, ink, 1.0);
    c.rect(x - radius * 0.14, y - radius * 1.4, radius * 0.28, radius * 0.5, ink, 1.0);
    c.ellipse(x, y - radius * 1.4, radius * 0.16, radius * 0.2, ink, 1.0);
    c.line((x, y - radius * 1.5), (x, y - radius * 1.85), 1.2, ink, 1.0);
}

pub fn skyline(c: &mut Canvas, dice: &mut Dice, p: &Palette) {
    let (w, h) = (c.w, c.h);
    let shore = h * 0.76;
    sky(c, dice, p, shore);
    let hill = ridge(dice, c.columns, shore, h * 0.34, 1.4, 2);
    c.ground(&hill, mix(p.far, p.horizon, 0.45), mix(p.far, p.horizon, 0.6), h * 0.3);
    rooftops(c, dice, shore, h * 0.4, mix(p.far, p.horizon, 0.15), 0.04, p);
    c.veil(shore - h * 0.28, shore, p.horizon, 0.5);
    rooftops(c, dice, shore, h * 0.29, mix(p.middle, p.far, 0.25), 0.1, p);
    c.veil(shore - h * 0.2, shore, p.horizon, 0.3);
    rooftops(c, dice, shore, h * 0.19, mix(p.near, p.middle, 0.3), 0.22, p);
    for n in 0..16 {
        let x = (n as f32 + dice.between(0.0, 0.9)) / 16.0 * w;
        tree(c, x, shore + 2.0, h * dice.between(0.05, 0.09), mix(p.near, p.dark, 0.6));
    }
    c.rect(0.0, shore - 1.0, w, h * 0.02, mix(p.near, p.dark, 0.5), 1.0);
    c.gradient(shore + h * 0.018, h, mix(p.water, p.near, 0.2), mix(p.water, p.dark, 0.5));
    c.mirror(shore + h * 0.018, h * 0.24, p.water, 0.7);
    ripples(c, dice, shore + h * 0.02, mix(p.horizon, SNOW, 0.3), 70);
}

pub fn bridge(c: &mut Canvas, dice: &mut Dice, p: &Palette) {
    let (w, h) = (c.w, c.h);
    let water = h * 0.66;
    sky(c, dice, p, water);
    rooftops(c, dice, water, h * 0.34, mix(p.far, p.horizon, 0.3), 0.05, p);
    c.veil(water - h * 0.3, water, p.horizon, 0.6);
    rooftops(c, dice, water, h * 0.17, mix(p.middle, p.far, 0.4), 0.12, p);
    c.gradient(water, h, mix(p.water, p.horizon, 0.35), mix(p.water, p.dark, 0.45));
    let stone = mix(mix(CREAM, p.near, 0.5), p.middle, 0.3);
    let arches = 3 + dice.below(2);
    let (deck, rise) = (h * 0.44, h * dice.between(0.04, 0.08));
    let top: Vec<f32> = (0..c.columns).map(|x| deck - rise * (x as f32 / w * PI).sin()).collect();
    let soffit: Vec<f32> = (0..c.columns)
        .map(|x| {
            let part = (x as f32 / w * arches as f32).fract() * 2.0 - 1.0;
            let pier = part.abs() / 0.84;
            if pier < 1.0 {
                water + h * 0.02 - (water - deck - h * 0.035) * (1.0 - pier * pier).sqrt()
            } else {
                water + h * 0.04
            }
        })
        .collect();
    let inner: Vec<f32> = soffit.iter().map(|y| y - h * 0.02).collect();
    c.band(&top, &soffit, mix(stone, p.dark, 0.35), mix(stone, p.dark, 0.5), h * 0.3);
    c.band(&top, &inner, mix(stone, p.horizon, 0.2), mix(stone, p.dark, 0.2), h * 0.3);
    let rail: Vec<f32> = top.iter().map(|y| y - h * 0.022).collect();
    c.band(
        &rail,
        &top.iter().map(|y| y + 2.0).collect::<Vec<_>>(),
        mix(stone, p.dark, 0.3),
        mix(stone, p.dark, 0.3),
        h,
    );
    for n in 0..7 {
        let x = (n as f32 + 0.5) / 7.0 * w;
        let y = rail[x as usize];
        c.line((x, y + 2.0), (x, y - h * 0.075), h * 0.005, p.dark, 1.0);
        c.glow(x, y - h * 0.085, h * 0.05, LAMP, 0.6);
        c.ellipse(x, y - h * 0.083, h * 0.011, h * 0.013, LAMP, 1.0);
    }
    for _ in 0..9 {
        let x = dice.between(0.05, 0.95) * w;
        person(c, x, rail[x as usize] + 3.0, h * 0.06, mix(p.dark, dice.pick(&PAINT), 0.3));
    }
    c.band(
        &rail,
        &top.iter().map(|y| y + 1.0).collect::<Vec<_>>(),
        mix(stone, p.dark, 0.3),
        mix(stone, p.dark, 0.3),
        h,
    );
    c.mirror(water + h * 0.035, h * 0.3, p.water, 0.68);
    ripples(c, dice, water + h * 0.04, mix(p.horizon, SNOW, 0.4), 110);
}

/// A figure seen from afar: head, coat, legs.
pub fn person(c: &mut Canvas, x: f32, y: f32, size: f32, ink: Ink) {
    c.ellipse(x, y - size * 0.9, size * 0.09, size * 0.1, ink, 1.0);
    c.polygon(
        &[
            (x - size * 0.1, y - size * 0.78),
            (x + size * 0.1, y - size * 0.78),
            (x + size * 0.17, y - size * 0.32),
            (x - size * 0.17, y - size * 0.32),
        ],
        ink,
        1.0,
    );
    c.line((x - size * 0.07, y - size * 0.35), (x - size * 0.1, y), size * 0.075, ink, 1.0);
    c.line((x + size * 0.07, y - size * 0.35), (x + size * 0.11, y), size * 0.075, ink, 1.0);
}

pub fn market(c: &mut Canvas, dice: &mut Dice, p: &Palette) {
    let (w, h) = (c.w, c.h);
    let square = h * 0.66;
    sky(c, dice, p, square);
    rooftops(c, dice, square, h * 0.56, mix(p.far, CREAM, 0.35), 0.08, p);
    c.veil(square - h * 0.4, square, p.horizon, 0.35);
    let stone = mix(mix(CREAM, p.middle, 0.3), p.horizon, 0.3);
    c.gradient(square - h * 0.03, h, stone, mix(stone, p.near, 0.35));
    for _ in 0..170 {
        let t = dice.between(0.0, 1.0);
        let y = square + t * (h - square);
        c.rect(dice.between(0.0, w), y, w * (0.01 + 0.025 * t), 0.8 + t, p.near, 0.18);
    }
    bunting(c, dice, h * 0.24, p);
    for n in 0..22 {
        let x = (n as f32 + dice.between(0.0, 1.0)) / 22.0 * w;
        person(
            c,
            x,
            square + h * dice.between(0.0, 0.04),
            h * dice.between(0.12, 0.15),
            mix(dice.pick(&PAINT), p.far, 0.35),
        );
    }
    let stalls = 3;
    for n in 0..stalls {
        let x = (n as f32 + 0.05 + dice.between(-0.02, 0.05)) / stalls as f32 * w;
        let y = h * dice.between(0.85, 0.89);
        stall(c, dice, x, y, w / stalls as f32 * 0.84, h * 0.36, p);
    }
    for _ in 0..7 {
        let x = dice.between(0.02, 0.98) * w;
        person(
            c,
            x,
            h * dice.between(0.95, 1.03),
            h * dice.between(0.27, 0.31),
            mix(p.dark, dice.pick(&PAINT), 0.45),
        );
    }
}

fn bunting(c: &mut Canvas, dice: &mut Dice, y: f32, p: &Palette) {
    let (w, h) = (c.w, c.h);
    for strand in 0..2u8 {
        let sag = h * dice.between(0.05, 0.1);
        let at = |t: f32| (t * w, y - h * 0.08 * f32::from(strand) + sag * (t * 2.0 * PI).sin().abs());
        for n in 0..40u8 {
            let (a, b) = (at(f32::from(n) / 40.0), at(f32::from(n + 1) / 40.0));
            c.line(a, b, 1.2, p.dark, 0.8);
            let flag =
                [(a.0 + 2.0, a.1), (b.0 - 2.0, b.1), (f32::midpoint(a.0, b.0), a.1.max(b.1) + h * 0.033)];
            c.polygon(&flag, dice.pick(&PAINT), 0.9);
        }
    }
}

/// A stall: posts, striped awning, crates of round things.
fn stall(c: &mut Canvas, dice: &mut Dice, x: f32, y: f32, wide: f32, tall: f32, p: &Palette) {
    let paint = dice.pick(&PAINT[..5]);
    c.rect(x + wide * 0.04, y - tall * 0.7, wide * 0.92, tall * 0.4, p.dark, 0.55);
    person(
        c,
        x + wide * dice.between(0.35, 0.65),
        y + tall * 0.1,
        tall * 0.78,
        mix(p.dark, dice.pick(&PAINT), 0.35),
    );
    for side in [0.04, 0.94] {
        c.rect(x + wide * side, y - tall * 0.8, wide * 0.02, tall * 0.82, mix(p.dark, CREAM, 0.2), 1.0);
    }
    let stripes = 9u8;
    for n in 0..stripes {
        let (left, right) = (f32::from(n) / f32::from(stripes), f32::from(n + 1) / f32::from(stripes));
        let ink = if n % 2 == 0 { paint } else { CREAM };
        let top = |t: f32| x + wide * (0.08 + 0.84 * t);
        let low = |t: f32| x - wide * 0.03 + wide * 1.06 * t;
        c.polygon(
            &[
                (top(left), y - tall),
                (top(right), y - tall),
                (low(right), y - tall * 0.7),
                (low(left), y - tall * 0.7),
            ],
            ink,
            1.0,
        );
        c.ellipse(
            f32::midpoint(low(left), low(right)),
            y - tall * 0.7,
            wide * 0.059,
            tall * 0.045,
            mix(ink, p.dark, 0.15),
            1.0,
        );
    }
    c.rect(x, y - tall * 0.28, wide, tall * 0.3, mix(PAINT[6], p.dark, 0.25), 1.0);
    for n in 0..4u8 {
        let left = x + wide * (0.02 + 0.245 * f32::from(n));
        let goods = dice.pick(&[
            [176.0, 74.0, 52.0],
            [206.0, 152.0, 66.0],
            [112.0, 128.0, 72.0],
            [222.0, 200.0, 140.0],
            [120.0, 62.0, 78.0],
        ]);
        for _ in 0..15 {
            let (gx, gy) = (left + wide * dice.between(0.02, 0.2), y - tall * dice.between(0.26, 0.36));
            c.ellipse(gx, gy, wide * 0.022, wide * 0.022, mix(goods, p.dark, dice.between(0.0, 0.3)), 1.0);
        }
        c.rect(left, y - tall * 0.27, wide * 0.225, tall * 0.13, mix(PAINT[6], CREAM, 0.3), 1.0);
        c.rect(left, y - tall * 0.205, wide * 0.225, tall * 0.012, p.dark, 0.4);
    }
}

pub fn railway(c: &mut Canvas, dice: &mut Dice, p: &Palette) {
    let (w, h) = (c.w, c.h);
    sky(c, dice, p, h * 0.6);
    for layer in 0..3u8 {
        let t = f32::from(layer) / 2.0;
        let ink = mix(p.far, p.middle, t);
        let edge = ridge(dice, c.columns, h * (0.56 + 0.08 * t), h * 0.2, 1.8, 3);
        c.ground(&edge, ink, mix(ink, p.horizon, 0.35), h * 0.28);
    }
    let deck = h * 0.55;
    let valley = ridge(dice, c.columns, h * 0.92, h * 0.12, 1.4, 3);
    c.ground(&valley, mix(p.middle, p.near, 0.5), p.near, h * 0.2);
    viaduct(c, deck, h * 0.95, mix(mix(CREAM, p.near, 0.45), p.middle, 0.25), p);
    let front = ridge(dice, c.columns, h * 0.98, h * 0.2, 1.7, 3);
    c.ground(&front, mix(p.near, p.dark, 0.35), p.dark, h * 0.3);
    for _ in 0..16 {
        let x = dice.between(0.0, w - 1.0);
        tree(c, x, front[x as usize] + 3.0, h * dice.between(0.07, 0.15), mix(p.dark, p.near, 0.15));
    }
    let mut x = h * 0.08;
    while x < w {
        c.line((x, deck), (x, deck - h * 0.15), 1.8, p.dark, 0.85);
        c.line((x, deck - h * 0.14), (x + h * 0.04, deck - h * 0.125), 1.3, p.dark, 0.85);
        x += h * 0.26;
    }
    c.line((0.0, deck - h * 0.122), (w, deck - h * 0.122), 1.0, p.dark, 0.7);
    train(c, dice, deck - h * 0.008, h * 0.072, p);
}

fn viaduct(c: &mut Canvas, deck: f32, foot: f32, stone: Ink, p: &Palette) {
    let (w, h) = (c.w, c.h);
    let top = vec![deck; c.columns];
    let span = h * 0.19;
    let soffit = |grow: f32| -> Vec<f32> {
        (0..c.columns)
            .map(|x| {
                let part = ((x as f32 / span).fract() * 2.0 - 1.0).abs() / grow;
                if part < 1.0 { deck + h * 0.115 - h * 0.08 * (1.0 - part * part).sqrt() } else { foot }
            })
            .collect()
    };
    let open = |x: &f32| if *x > deck + h * 0.12 { foot } else { *x };
    let (wide, narrow) = (soffit(0.84), soffit(0.78));
    c.band(
        &top,
        &narrow.iter().map(open).collect::<Vec<_>>(),
        mix(stone, p.dark, 0.35),
        mix(stone, p.dark, 0.45),
        h * 0.4,
    );
    c.band(
        &top,
        &wide.iter().map(open).collect::<Vec<_>>(),
        mix(stone, p.horizon, 0.15),
        mix(stone, p.dark, 0.25),
        h * 0.4,
    );
    c.rect(0.0, deck - h * 0.012, w, h * 0.022, mix(stone, p.dark, 0.3), 1.0);
    c.rect(0.0, deck - h * 0.012, w, h * 0.006, mix(stone, SNOW, 0.3), 1.0);
}

fn train(c: &mut Canvas, dice: &mut Dice, rail: f32, tall: f32, p: &Palette) {
    let paint = dice.pick(&PAINT[..6]);
    let car = tall * 3.6;
    let nose = c.w * dice.between(0.62, 0.9);
    for n in 0..4u8 {
        let right = nose - f32::from(n) * (car + tall * 0.1);
        let left = right - car;
        if n == 0 {
            c.polygon(
                &[
                    (left, rail - tall),
                    (right - tall * 0.9, rail - tall),
                    (right - tall * 0.2, rail - tall * 0.55),
                    (right, rail - tall * 0.1),
                    (left, rail - tall * 0.1),
                ],
                CREAM,
                1.0,
            );
            c.polygon(
                &[
                    (right - tall * 0.95, rail - tall * 0.84),
                    (right - tall * 0.6, rail - tall * 0.84),
                    (right - tall * 0.3, rail - tall * 0.5),
                    (right - tall * 0.95, rail - tall * 0.5),
                ],
                p.dark,
                0.9,
            );
        } else {
            c.rect(left, rail - tall, car, tall * 0.9, CREAM, 1.0);
        }
        let end = if n == 0 { tall * 0.06 } else { 0.0 };
        c.rect(left, rail - tall * 0.42, car - end, tall * 0.32, paint, 1.0);
        for window in 0..7u8 {
            let x = left + car * (0.06 + 0.125 * f32::from(window));
            if n > 0 || window < 5 {
                c.rect(
                    x,
                    rail - tall * 0.82,
                    car * 0.085,
                    tall * 0.28,
                    if dice.chance(0.4) { LAMP } else { p.dark },
                    0.85,
                );
            }
        }
        for wheel in [0.12, 0.22, 0.76, 0.86] {
            c.ellipse(left + car * wheel, rail - tall * 0.06, tall * 0.09, tall * 0.09, p.dark, 1.0);
        }
    }
}
