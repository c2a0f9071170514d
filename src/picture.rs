//! Small pictures of figures: read with limits, compared as pictures, written anew.
//!
//! The bytes come from snippets and from files that strangers can change, so nothing in here
//! trusts them: what is no whole picture of bounded size is none, and never a panic. Whoever
//! reads a picture that `cleaned` has written reads pixels and nothing else.

use std::io::Cursor;

use png::{BitDepth, ColorType, Decoder, Encoder, Limits, Transformations};

/// Pixels of the largest picture: the harness makes none whose longest side is above 1000.
const MOST_PIXELS: usize = 2_000_000;
/// Bytes of the longest file that is read.
pub const MOST_BYTES: usize = 1 << 20;
/// Bytes that reading a picture may take beside its pixels.
const MOST_MEMORY: usize = 16 << 20;
/// Bytes of a pixel: red, green, blue, how opaque.
const PIXEL: usize = 4;

/// By how much a channel of a pixel may differ: what smoothed edges are rounded to depends on
/// the processor, and no eye sees it.
const NEAR: u8 = 8;
/// One of so many pixels may differ by more. In the picture of a usual figure these are 15,
/// less than one digit of its labels has.
const FEW: usize = 10_000;

/// What pictures that were written here say of themselves, as PNG has it: keyword, NUL, text.
const MARK: &[u8] = b"Software\0verify";
/// Where that stands at the latest, as nothing but the header is before it.
const MARK_END: usize = 128;

/// A picture, as its pixels.
#[derive(Debug, PartialEq, Eq)]
struct Picture {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

/// How a picture that came differs from the one that was recorded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Comparison {
    /// Not so that anybody would see it.
    Same,
    /// In this share of its pixels, above 0 and at most 1.
    Pixels(f64),
    /// In its size: width and height of the recorded one, then of the one that came.
    Size([u32; 2], [u32; 2]),
    /// What was recorded, or what came, is no picture that can be read.
    Unreadable,
}

/// Compares two pictures. Bytes that agree are not looked into.
pub fn compare(recorded: &[u8], actual: &[u8]) -> Comparison {
    if recorded == actual {
        return Comparison::Same;
    }
    let (Some(recorded), Some(actual)) = (decode(recorded), decode(actual)) else {
        return Comparison::Unreadable;
    };
    let size = |picture: &Picture| [picture.width, picture.height];
    if size(&recorded) != size(&actual) {
        return Comparison::Size(size(&recorded), size(&actual));
    }
    let pixels = |picture: &Picture| picture.pixels.len() / PIXEL;
    let total = pixels(&recorded);
    let pairs = recorded
        .pixels
        .chunks_exact(PIXEL)
        .zip(actual.pixels.chunks_exact(PIXEL));
    let differ = pairs.filter(|(one, other)| !is_near(one, other)).count();
    if differ * FEW <= total {
        Comparison::Same
    } else {
        Comparison::Pixels(share(differ, total))
    }
}

/// Pixels that can't be seen are alike, whatever colour they have.
fn is_near(one: &[u8], other: &[u8]) -> bool {
    let unseen = |pixel: &[u8]| pixel[PIXEL - 1] == 0;
    (unseen(one) && unseen(other)) || one.iter().zip(other).all(|(a, b)| a.abs_diff(*b) <= NEAR)
}

fn share(part: usize, whole: usize) -> f64 {
    let number = |count: usize| u32::try_from(count).map_or(f64::MAX, f64::from);
    number(part) / number(whole.max(1))
}

/// A share as people read it: `3.2 %`, and small ones no smaller than they can be told apart.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        0.0..0.1 => format!("{percent:.2} %"),
        0.1..10.0 => format!("{percent:.1} %"),
        _ => format!("{percent:.0} %"),
    }
}

/// The same picture, with nothing in its file but what a picture needs; none where it is no
/// picture that can be read.
pub fn cleaned(png: &[u8]) -> Option<Vec<u8>> {
    decode(png).and_then(|picture| encode(&picture))
}

/// True for a picture that `cleaned` has written: others may lie beside them.
pub fn is_own(png: &[u8]) -> bool {
    let begin = &png[..png.len().min(MARK_END)];
    begin.windows(MARK.len()).any(|part| part == MARK)
}

/// Width and height as a file says, without reading the picture.
pub fn size(png: &[u8]) -> Option<[u32; 2]> {
    let limits = Limits { bytes: MOST_MEMORY };
    let mut decoder = Decoder::new_with_limits(Cursor::new(png), limits);
    let info = decoder.read_header_info().ok()?;
    Some([info.width, info.height])
}

fn decode(png: &[u8]) -> Option<Picture> {
    let [width, height] = size(png).filter(|_| png.len() <= MOST_BYTES)?;
    let pixels = usize::try_from(u64::from(width) * u64::from(height)).ok()?;
    if pixels > MOST_PIXELS {
        return None;
    }
    let limits = Limits { bytes: MOST_MEMORY };
    let mut decoder = Decoder::new_with_limits(Cursor::new(png), limits);
    decoder.set_transformations(
        Transformations::EXPAND | Transformations::STRIP_16 | Transformations::ALPHA,
    );
    let mut reader = decoder.read_info().ok()?;
    let mut bytes = vec![
        0;
        reader
            .output_buffer_size()
            .filter(|&size| size <= pixels * PIXEL)?
    ];
    reader.next_frame(&mut bytes).ok()?;
    reader.finish().ok()?;
    let pixels = match reader.output_color_type() {
        (ColorType::Rgba, BitDepth::Eight) => bytes,
        (ColorType::GrayscaleAlpha, BitDepth::Eight) => bytes
            .chunks_exact(2)
            .flat_map(|pixel| [pixel[0], pixel[0], pixel[0], pixel[1]])
            .collect(),
        _ => return None,
    };
    Some(Picture {
        width,
        height,
        pixels,
    })
}

fn encode(picture: &Picture) -> Option<Vec<u8>> {
    let mut pixels = picture.pixels.chunks_exact(PIXEL);
    let is_opaque = pixels.all(|pixel| pixel[PIXEL - 1] == u8::MAX);
    let mut written = Vec::new();
    let mut encoder = Encoder::new(&mut written, picture.width, picture.height);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_color(if is_opaque {
        ColorType::Rgb
    } else {
        ColorType::Rgba
    });
    encoder
        .add_text_chunk("Software".into(), "verify".into())
        .ok()?;
    let mut writer = encoder.write_header().ok()?;
    if is_opaque {
        let pixels = picture.pixels.chunks_exact(PIXEL);
        let colours: Vec<u8> = pixels
            .flat_map(|pixel| &pixel[..PIXEL - 1])
            .copied()
            .collect();
        writer.write_image_data(&colours).ok()?;
    } else {
        writer.write_image_data(&picture.pixels).ok()?;
    }
    writer.finish().ok()?;
    Some(written)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn white(width: u32, height: u32) -> Picture {
        Picture {
            width,
            height,
            pixels: vec![255; (width * height) as usize * PIXEL],
        }
    }

    /// A white picture of 100 times 100 pixels in which some have another red.
    fn with_red(count: usize, red: u8) -> Vec<u8> {
        let mut picture = white(100, 100);
        for at in 0..count {
            picture.pixels[at * PIXEL] = red;
        }
        encode(&picture).unwrap()
    }

    fn written(color: ColorType, depth: BitDepth, data: &[u8], text: bool) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, 2, 1);
        encoder.set_color(color);
        encoder.set_depth(depth);
        if color == ColorType::Indexed {
            encoder.set_palette(vec![10, 20, 30, 255, 255, 255]);
            encoder.set_trns(vec![0, 255]);
        }
        if text {
            let text = ("Software".to_owned(), "Matplotlib version 3.9".to_owned());
            encoder.add_text_chunk(text.0, text.1).unwrap();
        }
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(data).unwrap();
        writer.finish().unwrap();
        bytes
    }

    #[test]
    fn pictures_are_compared_and_not_their_bytes() {
        let plain = written(ColorType::Rgb, BitDepth::Eight, &[9; 6], false);
        let other = written(ColorType::Rgb, BitDepth::Eight, &[9; 6], true);
        let deep = written(ColorType::Rgb, BitDepth::Sixteen, &[9; 12], false);
        let grey = written(ColorType::Grayscale, BitDepth::Eight, &[9; 2], false);
        for same in [&other, &deep, &grey] {
            assert_ne!(*same, plain);
            assert_eq!(compare(&plain, same), Comparison::Same);
            assert_eq!(cleaned(same), cleaned(&plain));
            assert!(!is_own(same) && is_own(&cleaned(same).unwrap()));
        }
    }

    #[test]
    fn what_nobody_sees_is_no_difference() {
        let blank = with_red(0, 0);
        assert_eq!(
            compare(&blank, &with_red(9000, 255 - NEAR)),
            Comparison::Same
        );
        assert_eq!(compare(&blank, &with_red(1, 0)), Comparison::Same);
        assert_eq!(
            compare(&blank, &with_red(2, 254 - NEAR)),
            Comparison::Pixels(0.0002)
        );
        let unseen = |red| {
            let mut picture = white(1, 1);
            picture.pixels = vec![red, 0, 0, 0];
            encode(&picture).unwrap()
        };
        assert_eq!(compare(&unseen(0), &unseen(200)), Comparison::Same);
    }

    #[test]
    fn shares_are_told_as_people_read_them() {
        let told = [0.0002, 0.00316, 0.0984, 0.42, 1.0].map(percent);
        assert_eq!(told, ["0.02 %", "0.3 %", "9.8 %", "42 %", "100 %"]);
    }

    #[test]
    fn another_size_is_a_difference() {
        let (one, other) = (white(2, 3), white(3, 2));
        assert_eq!(
            compare(&encode(&one).unwrap(), &encode(&other).unwrap()),
            Comparison::Size([2, 3], [3, 2])
        );
    }

    #[test]
    fn a_palette_with_a_colour_that_is_not_seen_is_read() {
        let indexed = written(ColorType::Indexed, BitDepth::One, &[0b0100_0000], false);
        let picture = decode(&indexed).unwrap();
        assert_eq!(picture.pixels, [10, 20, 30, 0, 255, 255, 255, 255]);
        assert_eq!(decode(&cleaned(&indexed).unwrap()), Some(picture));
    }

    /// The header of a picture of this size, with a right checksum, and the rest of another.
    fn claiming(width: u32, height: u32) -> Vec<u8> {
        let mut png = encode(&white(4, 4)).unwrap();
        png[16..20].copy_from_slice(&width.to_be_bytes());
        png[20..24].copy_from_slice(&height.to_be_bytes());
        let sum = crc(&png[12..29]);
        png[29..33].copy_from_slice(&sum.to_be_bytes());
        png
    }

    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |mut crc, byte| {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = (crc >> 1) ^ (0xedb8_8320 * (crc & 1));
            }
            crc
        })
    }

    #[test]
    fn what_is_no_whole_picture_of_bounded_size_is_none() {
        let good = encode(&white(4, 4)).unwrap();
        assert_eq!(claiming(4, 4), good, "the checksum is right");
        let mut wrong_sum = good.clone();
        wrong_sum[30] ^= 1;
        let hostile = [
            Vec::new(),
            b"GIF89a".to_vec(),
            good[..good.len() / 2].to_vec(),
            wrong_sum,
            claiming(0, 4),
            claiming(4, 400),
            claiming(2_000, 1_001),
            claiming(u32::MAX / 2, u32::MAX / 2),
            [good.clone(), vec![0; MOST_BYTES]].concat(),
        ];
        for (at, bytes) in hostile.iter().enumerate() {
            assert_eq!(cleaned(bytes), None, "{at}");
            assert_eq!(compare(&good, bytes), Comparison::Unreadable, "{at}");
        }
    }

    /// A small file of a large picture: a bomb within the limits is read, and beyond them not.
    #[test]
    fn a_bomb_costs_no_more_than_the_largest_picture() {
        let large = encode(&white(2_000, 1_000)).unwrap();
        assert!(large.len() < 1 << 16 && decode(&large).is_some());
        let larger = encode(&white(2_000, 1_001)).unwrap();
        assert_eq!(decode(&larger), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(changes in prop::collection::vec((0usize..200, any::<u8>()), 1..4), cut in 0usize..200) {
            let mut bytes = encode(&white(4, 4)).unwrap();
            for (at, byte) in changes {
                let at = at % bytes.len();
                bytes[at] = byte;
            }
            bytes.truncate(bytes.len().saturating_sub(cut));
            if let Some(clean) = cleaned(&bytes) {
                prop_assert_eq!(compare(&clean, &bytes), Comparison::Same);
            }
        }
    }
}
