//! The figures that a snippet drew; one that is not as it was recorded stands beside the recorded one.
//!
//! Pictures lie in the page itself. They have been written anew from their pixels, so that
//! nothing but a picture gets in.

use data_encoding::BASE64;

use super::card;
use super::escape::{escaped, sentence};
use crate::model::{FigureReport, Lang};
use crate::report::words::figures as words;

/// All figures of a snippet, below its code.
pub(super) fn drawn(figures: &[FigureReport], shown: Lang) -> String {
    let figures = figures.iter().enumerate();
    figures
        .map(|(at, figure)| one(at + 1, figure, shown))
        .collect()
}

fn one(number: usize, figure: &FigureReport, shown: Lang) -> String {
    let title = words::figure(number);
    let title = title.get(shown);
    let now = picture(figure.png.as_deref(), title);
    let lang = card::lang(shown);
    let Some(differs) = words::differs(number, figure).filter(|_| figure.recorded.is_some()) else {
        return format!(
            "<div class=\"drawn\" lang=\"{lang}\"><p>{}</p>{now}</div>\n",
            sentence(title)
        );
    };
    let recorded = picture(figure.recorded.as_deref(), title);
    let side = |class: &str, heading: &str, picture: &str| {
        format!(
            "<div class=\"side {class}\"><p>{}</p>{picture}</div>",
            sentence(heading)
        )
    };
    format!(
        "<div class=\"drawn\" lang=\"{lang}\"><p>{}</p>{}{}</div>\n",
        sentence(differs.get(shown)),
        side("old", words::recorded().get(shown), &recorded),
        side("new", words::came().get(shown), &now),
    )
}

fn picture(png: Option<&[u8]>, title: &str) -> String {
    png.map_or_else(String::new, |png| {
        format!(
            "<img src=\"data:image/png;base64,{}\" alt=\"{}\">",
            BASE64.encode(png),
            escaped(title)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FigureState;

    #[test]
    fn a_figure_that_differs_stands_beside_the_recorded_one() {
        let figure = |state, recorded: Option<&[u8]>| FigureReport {
            line: 1,
            png: Some(b"now".to_vec()),
            recorded: recorded.map(<[u8]>::to_vec),
            path: "expected/<a>/figure-1.png".into(),
            state,
        };
        let same = drawn(&[figure(FigureState::Same, Some(b"old"))], Lang::En);
        assert_eq!(
            same,
            "<div class=\"drawn\" lang=\"en\"><p>figure 1</p><img src=\"data:image/png;base64,bm93\" alt=\"figure 1\"></div>\n"
        );
        let both = drawn(
            &[figure(FigureState::Pixels(0.032), Some(b"old"))],
            Lang::Zh,
        );
        for part in [
            "3.2 %",
            "expected/&lt;a&gt;/",
            "base64,b2xk",
            "base64,bm93",
            "zh-CN",
        ] {
            assert!(both.contains(part), "{part}: {both}");
        }
        let missing = drawn(&[figure(FigureState::Missing, None)], Lang::En);
        assert_eq!(missing.matches("<img").count(), 1);
    }
}
