//! The sentences about the pictures of figures.

use crate::model::{FigureReport, FigureState, Text};
use crate::picture;
use crate::text;

/// How the figure of this number differs from the recorded one; none where it does not.
pub(in crate::report) fn differs(number: usize, figure: &FigureReport) -> Option<Text> {
    let path = &figure.path;
    Some(match figure.state {
        FigureState::Same | FigureState::Varies => return None,
        FigureState::New => text!("figure {number} is not recorded", "图 {number} 没有记录"),
        FigureState::Pixels(share) => {
            let share = picture::percent(share);
            text!(
                "figure {number}: {share} of the pixels differ from `{path}`",
                "图 {number}：有 {share} 的像素与 `{path}` 不同"
            )
        }
        FigureState::Size([width, height], [now_width, now_height]) => text!(
            "figure {number} has {now_width} × {now_height} pixels, and `{path}` has {width} × {height}",
            "图 {number} 是 {now_width} × {now_height} 像素，而 `{path}` 是 {width} × {height} 像素"
        ),
        FigureState::Unreadable => text!(
            "figure {number}: `{path}` is no picture that can be read",
            "图 {number}：`{path}` 不是可以读取的图片"
        ),
        FigureState::Missing => text!(
            "figure {number}: `{path}` is missing",
            "图 {number}：缺少 `{path}`"
        ),
        FigureState::Gone => text!(
            "figure {number} was recorded and is not drawn any more",
            "图 {number} 有记录，现在却没有画出来"
        ),
    })
}
