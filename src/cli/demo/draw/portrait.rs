//! A face for an interview, cut from flat inks.

use std::f32::consts::{PI, TAU};

use super::canvas::{Canvas, Ink, mix};
use super::noise::Dice;
use super::palette::{CREAM, PAINT, PAPER, Palette};

/// Someone interviewed, as a cut-out: hair, face and coat in flat inks, and light from one side.
pub fn portrait(c: &mut Canvas, dice: &mut Dice, p: &Palette) {
    let (w, h) = (c.w, c.h);
    let wall = mix(p.horizon, p.far, dice.between(0.1, 0.5));
    c.gradient(0.0, h, mix(wall, CREAM, 0.25), mix(wall, p.middle, 0.35));
    window(c, dice, w * 0.62, h * 0.1, w * 0.3, h * 0.62, p);
    let coat = mix(dice.pick(&PAINT[..6]), p.dark, 0.25);
    let skin = dice.pick(&[
        [226.0, 190.0, 160.0],
        [196.0, 150.0, 116.0],
        [150.0, 106.0, 78.0],
        [112.0, 78.0, 60.0],
        [238.0, 206.0, 178.0],
    ]);
    let hair = dice.pick(&[
        [52.0, 42.0, 38.0],
        [112.0, 78.0, 52.0],
        [196.0, 190.0, 182.0],
        [150.0, 104.0, 62.0],
        [88.0, 84.0, 86.0],
    ]);
    let (x, y, s) = (w * 0.38, h * 0.43, h * 0.21);
    let long = dice.below(3);
    if long == 0 {
        c.ellipse(x, y + s * 0.25, s * 1.02, s * 1.45, hair, 1.0);
    } else if long == 1 {
        c.ellipse(x + s * 0.1, y - s * 1.2, s * 0.42, s * 0.38, hair, 1.0);
    }
    shoulders(c, x, y, s, coat, p.dark);
    c.polygon(
        &[
            (x - s * 0.34, y + s * 0.6),
            (x + s * 0.34, y + s * 0.6),
            (x + s * 0.42, y + s * 1.42),
            (x, y + s * 1.72),
            (x - s * 0.42, y + s * 1.42),
        ],
        mix(skin, p.dark, 0.22),
        1.0,
    );
    c.polygon(
        &[
            (x - s * 0.44, y + s * 1.3),
            (x - s * 0.62, y + s * 1.4),
            (x - s * 0.2, y + s * 2.1),
            (x, y + s * 1.72),
        ],
        CREAM,
        1.0,
    );
    c.polygon(
        &[
            (x + s * 0.44, y + s * 1.3),
            (x + s * 0.62, y + s * 1.4),
            (x + s * 0.2, y + s * 2.1),
            (x, y + s * 1.72),
        ],
        mix(CREAM, p.middle, 0.3),
        1.0,
    );
    c.ellipse(x - s * 0.76, y + s * 0.1, s * 0.12, s * 0.2, mix(skin, p.dark, 0.12), 1.0);
    c.ellipse(x + s * 0.76, y + s * 0.1, s * 0.12, s * 0.2, skin, 1.0);
    c.ellipse(x, y, s * 0.78, s * 1.02, skin, 1.0);
    let shade: Vec<_> = (0..=24u8)
        .map(|n| {
            let angle = PI * (0.5 + f32::from(n) / 24.0);
            (x + s * 0.78 * angle.cos(), y + s * 1.02 * angle.sin())
        })
        .chain((0..=24u8).map(|n| {
            let angle = PI * (1.5 - f32::from(n) / 24.0);
            (x + s * 0.22 * angle.cos(), y + s * 1.02 * angle.sin())
        }))
        .collect();
    c.polygon(&shade, mix(skin, p.dark, 0.6), 0.3);
    face(c, dice, x, y, s, skin, hair, p);
}

fn shoulders(c: &mut Canvas, x: f32, y: f32, s: f32, coat: Ink, dark: Ink) {
    let h = c.h;
    let outline = [
        (-0.4, 1.2),
        (-1.2, 1.5),
        (-1.72, 1.95),
        (-1.95, 3.2),
        (1.95, 3.2),
        (1.72, 1.95),
        (1.2, 1.5),
        (0.4, 1.2),
    ];
    let points: Vec<_> = outline.iter().map(|&(a, b)| (x + s * a, (y + s * b).min(h + 9.0))).collect();
    c.polygon(&points, coat, 1.0);
    c.polygon(
        &[points[0], points[1], points[2], points[3], (x - s * 0.9, y + s * 3.2), (x - s * 0.5, y + s * 1.6)],
        dark,
        0.28,
    );
    c.line((x, y + s * 1.8), (x, h), 1.6, dark, 0.6);
}

fn face(c: &mut Canvas, dice: &mut Dice, x: f32, y: f32, s: f32, skin: Ink, hair: Ink, p: &Palette) {
    let lips = mix(skin, [112.0, 44.0, 40.0], 0.65);
    for side in [-1.0, 1.0] {
        c.line(
            (x + side * s * 0.16, y - s * 0.17),
            (x + side * s * 0.44, y - s * 0.19),
            s * 0.055,
            mix(hair, p.dark, 0.4),
            0.9,
        );
        c.ellipse(x + side * s * 0.3, y - s * 0.02, s * 0.055, s * 0.05, [38.0, 32.0, 32.0], 0.95);
    }
    c.polygon(
        &[(x - s * 0.02, y - s * 0.05), (x - s * 0.13, y + s * 0.3), (x + s * 0.02, y + s * 0.32)],
        mix(skin, p.dark, 0.35),
        0.7,
    );
    for n in 0..8u8 {
        let at = |t: f32| {
            (x + s * 0.28 * (t - 0.5) * 2.0, y + s * 0.52 + s * 0.075 * (1.0 - ((t - 0.5) * 2.0).powi(2)))
        };
        c.line(at(f32::from(n) / 8.0), at(f32::from(n + 1) / 8.0), s * 0.045, lips, 0.9);
    }
    // The fringe follows the skull and is cut by a parting.
    let parting = dice.between(-0.3, 0.3);
    let mut cap: Vec<_> = (0..=28u8)
        .map(|n| {
            let angle = PI * (0.97 + 1.06 * f32::from(n) / 28.0);
            (x + s * 0.86 * angle.cos(), y - s * 0.04 + s * 1.12 * angle.sin())
        })
        .collect();
    cap.extend([
        (x + s * 0.74, y - s * 0.22),
        (x + s * 0.58, y - s * 0.5),
        (x + s * parting, y - s * 0.66),
        (x - s * 0.5, y - s * 0.46),
        (x - s * 0.74, y - s * 0.2),
    ]);
    c.polygon(&cap, hair, 1.0);
    if dice.chance(0.4) {
        for side in [-1.0, 1.0] {
            for n in 0..16u8 {
                let at = |t: f32| {
                    (x + side * s * 0.3 + s * 0.19 * (t * TAU).cos(), y + s * 0.17 * (t * TAU).sin())
                };
                c.line(at(f32::from(n) / 16.0), at(f32::from(n + 1) / 16.0), s * 0.03, p.dark, 0.9);
            }
        }
        c.line((x - s * 0.11, y), (x + s * 0.11, y), s * 0.03, p.dark, 0.9);
    }
}

/// A window behind the sitter, with a hint of weather.
fn window(c: &mut Canvas, dice: &mut Dice, x: f32, y: f32, wide: f32, tall: f32, p: &Palette) {
    let frame = mix(CREAM, PAPER, 0.5);
    c.rect(x - 6.0, y - 6.0, wide + 12.0, tall + 12.0, frame, 1.0);
    c.rect(x, y, wide, tall, mix(p.zenith, p.horizon, 0.5), 1.0);
    c.rect(x, y + tall * 0.45, wide, tall * 0.3, p.horizon, 0.8);
    let hill = dice.between(0.55, 0.68);
    c.polygon(
        &[
            (x, y + tall * hill),
            (x + wide * 0.4, y + tall * (hill - 0.1)),
            (x + wide, y + tall * (hill + 0.06)),
            (x + wide, y + tall),
            (x, y + tall),
        ],
        p.far,
        1.0,
    );
    c.polygon(
        &[
            (x, y + tall * (hill + 0.16)),
            (x + wide * 0.6, y + tall * (hill + 0.08)),
            (x + wide, y + tall * (hill + 0.14)),
            (x + wide, y + tall),
            (x, y + tall),
        ],
        p.middle,
        1.0,
    );
    c.rect(x + wide * 0.48, y, wide * 0.035, tall, frame, 1.0);
    c.rect(x, y + tall * 0.4, wide, tall * 0.025, frame, 1.0);
    c.rect(x - 14.0, y + tall + 5.0, wide + 28.0, 9.0, mix(frame, p.middle, 0.3), 1.0);
}
