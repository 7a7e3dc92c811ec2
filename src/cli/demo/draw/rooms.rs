//! Scenes indoors and on paper: shelves, a concert, a map.

use std::f32::consts::{PI, TAU};

use super::canvas::{Canvas, mix};
use super::noise::{Dice, layered};
use super::palette::{CREAM, LAMP, PAINT, PAPER, Palette};

pub fn shelves(c: &mut Canvas, dice: &mut Dice, p: &Palette) {
    let (w, h) = (c.w, c.h);
    c.gradient(0.0, h, mix(p.dark, p.near, 0.5), p.dark);
    let rows = 4 + dice.below(2);
    let tall = h / (rows as f32 - 0.15);
    let bays = 3;
    for row in 0..rows {
        let floor = tall * (row as f32 + 0.93);
        let mut x = w * 0.012;
        while x < w {
            x += book(c, dice, x, floor, tall, p);
        }
        c.rect(0.0, floor, w, tall * 0.07, mix(p.far, p.middle, 0.4), 1.0);
        c.rect(0.0, floor, w, tall * 0.014, mix(p.far, CREAM, 0.35), 1.0);
        c.rect(0.0, floor + tall * 0.07, w, tall * 0.06, p.dark, 0.55);
    }
    for bay in 0..=bays {
        let x = w * bay as f32 / bays as f32 - h * 0.018;
        c.rect(x, 0.0, h * 0.036, h, mix(p.far, p.middle, 0.25), 1.0);
        c.rect(x + h * 0.024, 0.0, h * 0.012, h, p.dark, 0.4);
    }
    ladder(c, w * dice.between(0.15, 0.75), p);
    let (x, y) = (w * dice.between(0.25, 0.75), h * 0.3);
    c.glow(x, y, h * 0.95, p.sun, 0.42);
    c.veil(h * 0.35, h * 1.1, p.dark, 0.5);
}

/// One book, or a few lying flat; tells how far along the shelf it reaches.
fn book(c: &mut Canvas, dice: &mut Dice, x: f32, floor: f32, tall: f32, p: &Palette) -> f32 {
    let paint = mix(dice.pick(&PAINT), p.middle, dice.between(0.0, 0.4));
    if dice.chance(0.05) {
        let wide = tall * dice.between(0.4, 0.55);
        for n in 0..3u8 {
            let ink = mix(dice.pick(&PAINT), p.near, 0.25);
            let y = floor - tall * 0.1 * f32::from(n + 1);
            c.rect(x, y, wide - tall * 0.04 * f32::from(n), tall * 0.095, ink, 1.0);
            c.rect(x + wide * 0.1, y + tall * 0.02, wide * 0.05, tall * 0.055, CREAM, 0.6);
        }
        return wide + 2.0;
    }
    let (wide, up) = (tall * dice.between(0.06, 0.17), tall * dice.between(0.55, 0.82));
    let lean = if dice.chance(0.06) { tall * 0.16 } else { 0.0 };
    let corners = [(x + lean, floor - up), (x + lean + wide, floor - up), (x + wide, floor), (x, floor)];
    c.polygon(&corners, paint, 1.0);
    c.polygon(
        &[corners[0], (x + lean + wide * 0.25, floor - up), (x + wide * 0.25, floor), corners[3]],
        CREAM,
        0.14,
    );
    c.polygon(
        &[(x + lean + wide * 0.82, floor - up), corners[1], corners[2], (x + wide * 0.82, floor)],
        p.dark,
        0.4,
    );
    if lean == 0.0 {
        let band = mix(CREAM, LAMP, 0.5);
        c.rect(x + wide * 0.1, floor - up * dice.between(0.78, 0.88), wide * 0.75, tall * 0.02, band, 0.7);
        if dice.chance(0.6) {
            c.rect(x + wide * 0.1, floor - up * 0.2, wide * 0.75, tall * 0.02, band, 0.7);
        }
        if dice.chance(0.4) {
            c.rect(x + wide * 0.22, floor - up * 0.72, wide * 0.5, up * 0.2, CREAM, 0.65);
        }
    }
    wide + lean + dice.between(0.4, 1.6)
}

fn ladder(c: &mut Canvas, x: f32, p: &Palette) {
    let (h, wood) = (c.h, mix(p.far, LAMP, 0.3));
    let (slant, wide) = (h * 0.2, h * 0.16);
    for n in 0..11u8 {
        let t = (f32::from(n) + 0.5) / 11.0;
        c.line((x + slant * t, h * t), (x + wide + slant * t, h * t), h * 0.014, mix(wood, p.dark, 0.2), 1.0);
    }
    for side in [0.0, wide] {
        c.line((x + side, -4.0), (x + side + slant, h + 4.0), h * 0.02, wood, 1.0);
        c.line((x + side + h * 0.008, -4.0), (x + side + slant + h * 0.008, h + 4.0), h * 0.006, p.dark, 0.4);
    }
}

pub fn stage(c: &mut Canvas, dice: &mut Dice, p: &Palette) {
    let (w, h) = (c.w, c.h);
    let floor = h * 0.62;
    c.gradient(0.0, h, mix(p.near, p.dark, 0.3), mix(p.middle, p.dark, 0.2));
    for panel in 0..14u8 {
        let x = w * f32::from(panel) / 14.0;
        c.rect(x, 0.0, w / 14.0, floor, p.middle, 0.12 + 0.16 * f32::from(panel % 2));
        c.rect(x, 0.0, 1.4, floor, p.dark, 0.6);
    }
    c.glow(w / 2.0, floor, h * 0.9, p.sun, 0.6);
    let boards = mix(p.far, p.sun, 0.25);
    c.polygon(
        &[
            (w * 0.12, floor - h * 0.1),
            (w * 0.88, floor - h * 0.1),
            (w * 1.02, h * 0.88),
            (-w * 0.02, h * 0.88),
        ],
        boards,
        1.0,
    );
    for n in 0..20u8 {
        let t = f32::from(n) / 19.0;
        c.line(
            (w * (0.12 + 0.76 * t), floor - h * 0.1),
            (w * (-0.02 + 1.04 * t), h * 0.88),
            1.0,
            p.near,
            0.35,
        );
    }
    for n in 0..4u8 {
        let x = w * (0.2 + 0.2 * f32::from(n));
        let lean = (f32::from(n) - 1.5) * -w * 0.06;
        c.polygon(
            &[(x - 4.0, 0.0), (x + 4.0, 0.0), (x + lean + w * 0.1, h * 0.75), (x + lean - w * 0.1, h * 0.75)],
            p.sun,
            0.1,
        );
    }
    for row in 0..4u8 {
        let t = f32::from(row) / 3.0;
        let players = 13 - usize::from(row) * 2;
        for n in 0..players {
            let angle = PI * (0.06 + 0.88 * n as f32 / (players - 1) as f32);
            let x = w * 0.5 - angle.cos() * w * (0.36 - 0.07 * t);
            let y = h * (0.585 + 0.075 * t) + (1.0 - angle.sin()) * h * 0.1;
            if (angle - PI / 2.0).abs() > 0.12 || row < 3 {
                player(c, dice, x, y, h * (0.1 + 0.025 * t), p);
            }
        }
    }
    conductor(c, w * 0.5, h * 0.87, h * 0.26, p);
    curtain(c, dice, p);
    audience(c, dice, p);
}

fn player(c: &mut Canvas, dice: &mut Dice, x: f32, y: f32, size: f32, p: &Palette) {
    let coat = mix(p.dark, p.near, dice.between(0.0, 0.4));
    c.ellipse(x, y + size * 0.04, size * 0.3, size * 0.05, p.dark, 0.3);
    c.polygon(
        &[
            (x - size * 0.2, y),
            (x - size * 0.16, y - size * 0.5),
            (x + size * 0.16, y - size * 0.5),
            (x + size * 0.22, y),
        ],
        coat,
        1.0,
    );
    c.ellipse(
        x,
        y - size * 0.64,
        size * 0.11,
        size * 0.13,
        mix(PAINT[6], CREAM, dice.between(0.0, 0.5)),
        1.0,
    );
    c.ellipse(
        x,
        y - size * 0.71,
        size * 0.115,
        size * 0.08,
        mix(p.dark, PAINT[8], dice.between(0.0, 1.0)),
        1.0,
    );
    let wood = mix(p.accent, PAINT[2], 0.4);
    match dice.below(3) {
        0 => {
            c.ellipse(x + size * 0.13, y - size * 0.15, size * 0.15, size * 0.21, wood, 1.0);
            c.line(
                (x + size * 0.12, y - size * 0.2),
                (x + size * 0.06, y - size * 0.75),
                size * 0.045,
                mix(wood, p.dark, 0.4),
                1.0,
            );
            c.line((x - size * 0.2, y - size * 0.2), (x + size * 0.4, y - size * 0.12), 1.0, CREAM, 0.8);
        }
        1 => {
            c.line(
                (x + size * 0.02, y - size * 0.5),
                (x + size * 0.34, y - size * 0.58),
                size * 0.09,
                wood,
                1.0,
            );
            c.line((x + size * 0.3, y - size * 0.85), (x + size * 0.2, y - size * 0.3), 1.0, CREAM, 0.8);
        }
        _ => c.line((x, y - size * 0.55), (x + size * 0.3, y - size * 0.3), size * 0.05, LAMP, 0.9),
    }
    c.line((x - size * 0.36, y + size * 0.02), (x - size * 0.36, y - size * 0.3), 1.0, p.dark, 0.8);
    c.rect(x - size * 0.48, y - size * 0.42, size * 0.24, size * 0.15, PAPER, 0.9);
}

fn conductor(c: &mut Canvas, x: f32, y: f32, size: f32, p: &Palette) {
    let coat = mix(p.dark, [0.0; 3], 0.2);
    c.polygon(
        &[
            (x - size * 0.28, y),
            (x - size * 0.22, y - size * 0.12),
            (x + size * 0.22, y - size * 0.12),
            (x + size * 0.28, y),
        ],
        mix(p.near, p.dark, 0.4),
        1.0,
    );
    c.polygon(
        &[
            (x - size * 0.14, y - size * 0.1),
            (x - size * 0.15, y - size * 0.72),
            (x + size * 0.15, y - size * 0.72),
            (x + size * 0.14, y - size * 0.1),
        ],
        coat,
        1.0,
    );
    c.ellipse(x, y - size * 0.86, size * 0.085, size * 0.1, coat, 1.0);
    for (elbow, hand) in [((-0.3, -0.62), (-0.36, -0.95)), ((0.3, -0.66), (0.4, -0.9))] {
        let shoulder = (x + size * if hand.0 < 0.0 { -0.11 } else { 0.11 }, y - size * 0.68);
        let bend = (x + size * elbow.0, y + size * elbow.1);
        let end = (x + size * hand.0, y + size * hand.1);
        c.line(shoulder, bend, size * 0.085, coat, 1.0);
        c.line(bend, end, size * 0.065, coat, 1.0);
        c.ellipse(end.0, end.1, size * 0.035, size * 0.035, coat, 1.0);
    }
    c.line((x + size * 0.4, y - size * 0.9), (x + size * 0.56, y - size * 1.12), 1.4, CREAM, 1.0);
}

fn curtain(c: &mut Canvas, dice: &mut Dice, p: &Palette) {
    let (w, h) = (c.w, c.h);
    for fold in 0..8u8 {
        let t = f32::from(fold) / 8.0;
        let wide = w * 0.016;
        let ink = mix(p.accent, p.dark, 0.3 + 0.35 * f32::from(fold % 2) + dice.between(0.0, 0.1));
        for (x, way) in [(w * 0.125 * t, 1.0), (w - w * 0.125 * t - wide, -1.0)] {
            let pull = way * w * 0.03 * (1.0 - t);
            c.polygon(&[(x, 0.0), (x + wide, 0.0), (x + wide - pull, h), (x - pull, h)], ink, 1.0);
        }
    }
    for swag in 0..6u8 {
        let x = w * (f32::from(swag) + 0.5) / 6.0;
        c.ellipse(x, -h * 0.02, w * 0.095, h * 0.13, mix(p.accent, p.dark, 0.45), 1.0);
        c.ellipse(x, -h * 0.03, w * 0.08, h * 0.1, mix(p.accent, p.dark, 0.3), 1.0);
    }
}

fn audience(c: &mut Canvas, dice: &mut Dice, p: &Palette) {
    let (w, h) = (c.w, c.h);
    for row in 0..2u8 {
        let ink = mix(p.dark, [0.0; 3], 0.15 + 0.25 * f32::from(row));
        let y = h * (0.96 + 0.07 * f32::from(row));
        let mut x = -w * 0.02 * f32::from(row);
        while x < w * 1.02 {
            let size = h * dice.between(0.042, 0.052);
            c.ellipse(x, y - size * 0.6, size * 0.62, size * 0.78, ink, 1.0);
            c.ellipse(x, y + size * 1.1, size * 1.35, size * 1.2, ink, 1.0);
            x += size * 2.9;
        }
    }
}

/// The relief of a land on paper: lines of equal height, a tint between them, a river, a grid.
pub fn contours(c: &mut Canvas, dice: &mut Dice, p: &Palette) {
    let (w, h) = (c.w, c.h);
    let salt = dice.bits() as u32;
    let (reach, turn) = (w / dice.between(2.0, 3.0), dice.between(0.0, 9.0));
    let land = |x: f32, y: f32| layered(x / reach + turn, y / reach + 2.0, salt, 3);
    c.gradient(0.0, h, PAPER, mix(PAPER, CREAM, 0.7));
    let (low, high, sea) = (mix(p.far, PAPER, 0.45), mix(p.accent, PAPER, 0.5), mix(p.water, PAPER, 0.4));
    let shore = 0.36;
    c.wash(0.0, h, land, move |value| {
        if value < shore {
            (mix(sea, p.water, ((shore - value) * 4.0).min(1.0)), 0.8)
        } else {
            let step = ((value - shore) * 14.0).floor() / 14.0;
            (mix(low, high, (step * 2.6).min(1.0)), 0.62)
        }
    });
    c.wash(0.0, h, land, move |value| {
        let lines = (value - shore) * 28.0;
        let near = (lines - lines.round()).abs();
        let index = lines.round() as i32;
        if value < shore - 0.02 {
            (p.water, (0.16 - near).max(0.0) * 1.4)
        } else if index == 0 {
            (p.dark, ((0.2 - near) * 7.0).clamp(0.0, 0.9))
        } else {
            let bold = index % 4 == 0;
            (mix(p.near, p.accent, 0.25), ((if bold { 0.2 } else { 0.13 } - near) * 7.0).clamp(0.0, 0.75))
        }
    });
    for n in 1..6u8 {
        c.rect(w * f32::from(n) / 6.0, 0.0, 0.9, h, p.dark, 0.16);
        c.rect(0.0, h * f32::from(n) / 6.0 + h * 0.04, w, 0.9, p.dark, 0.16);
    }
    marks(c, dice, p, land, shore);
    compass(c, w * 0.9, h * 0.83, h * 0.085, p);
}

/// Towns as small rings, and a route between them.
fn marks(c: &mut Canvas, dice: &mut Dice, p: &Palette, land: impl Fn(f32, f32) -> f32, shore: f32) {
    let (w, h) = (c.w, c.h);
    let mut towns = Vec::new();
    for _ in 0..80 {
        let (x, y) = (dice.between(0.05, 0.83) * w, dice.between(0.08, 0.9) * h);
        let apart = towns.iter().all(|&(a, b): &(f32, f32)| (a - x).hypot(b - y) > h * 0.2);
        if apart && land(x, y) > shore + 0.03 && towns.len() < 7 {
            towns.push((x, y));
        }
    }
    towns.sort_by(|a, b| a.0.total_cmp(&b.0));
    for pair in towns.windows(2) {
        let steps = ((pair[0].0 - pair[1].0).hypot(pair[0].1 - pair[1].1) / 9.0).ceil().max(1.0);
        for n in 0..steps as usize {
            let at =
                |t: f32| (pair[0].0 + (pair[1].0 - pair[0].0) * t, pair[0].1 + (pair[1].1 - pair[0].1) * t);
            c.line(at(n as f32 / steps), at((n as f32 + 0.55) / steps), 1.7, p.accent, 0.9);
        }
    }
    for (x, y) in towns {
        c.ellipse(x, y, h * 0.014, h * 0.014, p.dark, 1.0);
        c.ellipse(x, y, h * 0.008, h * 0.008, PAPER, 1.0);
        c.rect(x + h * 0.025, y - h * 0.012, h * dice.between(0.05, 0.11), h * 0.009, p.dark, 0.75);
    }
}

fn compass(c: &mut Canvas, x: f32, y: f32, size: f32, p: &Palette) {
    c.ellipse(x, y, size * 1.12, size * 1.12, PAPER, 0.75);
    c.ellipse(x, y, size * 0.72, size * 0.72, p.dark, 0.8);
    c.ellipse(x, y, size * 0.68, size * 0.68, PAPER, 1.0);
    for point in 0..8u8 {
        let angle = f32::from(point) * TAU / 8.0;
        let long = if point % 2 == 0 { size } else { size * 0.6 };
        let at = |turn: f32, reach: f32| (x + (angle + turn).sin() * reach, y - (angle + turn).cos() * reach);
        c.polygon(&[(x, y), at(-0.4, size * 0.22), at(0.0, long)], p.dark, 1.0);
        c.polygon(
            &[(x, y), at(0.4, size * 0.22), at(0.0, long)],
            if point == 0 { p.accent } else { mix(p.dark, PAPER, 0.55) },
            1.0,
        );
    }
}
