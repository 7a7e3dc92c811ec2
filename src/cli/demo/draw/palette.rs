//! The inks of a picture: few, muted, as print on newsprint would hold them.
#![allow(clippy::unreadable_literal)] // 0xrrggbb is how colours are written

use super::canvas::Ink;

/// From the far and light to the near and dark.
#[derive(Clone, Copy)]
pub struct Palette {
    pub zenith: Ink,
    pub horizon: Ink,
    pub sun: Ink,
    pub far: Ink,
    pub middle: Ink,
    pub near: Ink,
    pub dark: Ink,
    pub water: Ink,
    pub accent: Ink,
}

const fn ink(hex: u32) -> Ink {
    [((hex >> 16) & 0xff) as f32, ((hex >> 8) & 0xff) as f32, (hex & 0xff) as f32]
}

const fn palette(hex: [u32; 9]) -> Palette {
    Palette {
        zenith: ink(hex[0]),
        horizon: ink(hex[1]),
        sun: ink(hex[2]),
        far: ink(hex[3]),
        middle: ink(hex[4]),
        near: ink(hex[5]),
        dark: ink(hex[6]),
        water: ink(hex[7]),
        accent: ink(hex[8]),
    }
}

/// Daylight and its edges; each holds together by itself.
pub const DAY: [Palette; 7] = [
    // grey morning
    palette([0x9fb2b8, 0xe9e2d0, 0xf7eed6, 0xa9b5b0, 0x7f9189, 0x566a5f, 0x2c3a38, 0x8aa3a8, 0xb4543c]),
    // late gold
    palette([0x8aa0ad, 0xf0d6a4, 0xfbe9b8, 0xc2ad8c, 0x97866a, 0x655c46, 0x35322a, 0xa09b88, 0xa63f2e]),
    // rose dusk
    palette([0x66708c, 0xe8b99d, 0xf8dcb4, 0x9c8b93, 0x726a79, 0x4b4a5a, 0x282b39, 0x86818f, 0xd08a4a]),
    // clear north
    palette([0x7fa3b8, 0xdfe6dd, 0xfcf4df, 0x9fb6bb, 0x6f9295, 0x44696b, 0x223f45, 0x6f98a6, 0xc9a24b]),
    // ochre harvest
    palette([0xb4b8a4, 0xefe0ba, 0xf8edc9, 0xc7b585, 0xa88f55, 0x766838, 0x3d3a25, 0xa5a68f, 0x8f3f2a]),
    // green rain
    palette([0x9aa9a1, 0xdfe2cf, 0xf2efd9, 0xa2b09a, 0x74896f, 0x4b634d, 0x263a30, 0x879d97, 0xc07a45]),
    // blue hour
    palette([0x34506b, 0xb9b9ae, 0xf0d9a8, 0x76899a, 0x516679, 0x34475a, 0x1a2734, 0x5f7688, 0xe0b566]),
];

/// Lamplight indoors.
pub const ROOM: [Palette; 4] = [
    palette([0x2b2622, 0x6a4f38, 0xf2d9a0, 0x8a6a4a, 0x6b4c35, 0x47332a, 0x1f1815, 0x4b3a33, 0xa8452f]),
    palette([0x20292e, 0x4a5f63, 0xf0ddb0, 0x71898a, 0x4d6467, 0x33464a, 0x151d21, 0x3d5358, 0xb98a3e]),
    palette([0x2a2330, 0x6a4a55, 0xf4d2a4, 0x8d6a70, 0x684c57, 0x453442, 0x1d1822, 0x513f4d, 0xc08a45]),
    palette([0x29301f, 0x68704a, 0xf3e3b0, 0x8a8d62, 0x666c48, 0x454b35, 0x1b2017, 0x4b5340, 0xa9552f]),
];

/// Book spines, awnings, hulls: things people paint.
pub const PAINT: [Ink; 9] = [
    ink(0x8c3b2e),
    ink(0x2f5560),
    ink(0xb98a3f),
    ink(0x5a6b4a),
    ink(0x6d4a5a),
    ink(0x3c4350),
    ink(0xa8785a),
    ink(0x7d8f8c),
    ink(0x4a3a30),
];

pub const PAPER: Ink = ink(0xf3ecdc);
pub const CREAM: Ink = ink(0xe9dfc8);
pub const SNOW: Ink = ink(0xf1f0ea);
pub const LAMP: Ink = ink(0xf6d78e);
