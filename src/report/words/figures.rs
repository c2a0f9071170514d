//! The sentences about the pictures of figures.

use crate::model::{FigureReport, FigureState, Text};
use crate::picture;
use crate::text;

/// What a picture shows.
pub(in crate::report) fn figure(number: usize) -> Text {
    text!("figure {number}", "图 {number}")
}

/// How to see what differs.
pub(in crate::report) fn side_by_side() -> Text {
    text!(
        "`verify --format html` shows both pictures side by side",
        "`verify --format html` 并排显示两张图"
    )
}

/// Above the recorded picture.
pub(in crate::report) fn recorded() -> Text {
    text!("recorded", "记录的图")
}

/// Above the picture that came.
pub(in crate::report) fn came() -> Text {
    text!("what came", "实际的图")
}

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
