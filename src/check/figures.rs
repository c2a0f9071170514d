//! The figures that a snippet drew against those that were recorded, one by one in order.

use crate::model::{EventKind, FigureReport, FigureState, RecordedFigure, Trace};
use crate::picture::{self, Comparison};

/// True where the pictures are those that were recorded, as far as anybody sees.
pub fn agree(recorded: &[RecordedFigure], drawn: &[Vec<u8>]) -> bool {
    pairs(recorded, drawn).all(|(recorded, drawn)| state(recorded, drawn).is_as_recorded())
}

/// What the two texts of a difference say about the figures.
pub(super) fn lines(recorded: &[RecordedFigure], drawn: &[Vec<u8>]) -> (String, String) {
    let (mut before, mut now) = (String::new(), String::new());
    for (at, (recorded, drawn)) in pairs(recorded, drawn).enumerate() {
        let state = state(recorded, drawn);
        let unlike = match state {
            FigureState::Pixels(share) => format!(" ≠ {}", picture::percent(share)),
            _ => String::new(),
        };
        if let Some(recorded) = recorded {
            let shown = recorded.png().or(drawn.filter(|_| state.is_as_recorded()));
            before.push_str(&line(at, &size(shown), ""));
        }
        if let Some(drawn) = drawn {
            now.push_str(&line(at, &size(Some(drawn)), &unlike));
        }
    }
    (before, now)
}

/// The figures alone, where there is nothing to compare them with.
pub(super) fn listed(drawn: &[Vec<u8>]) -> String {
    let lines = drawn.iter().enumerate();
    lines
        .map(|(at, drawn)| line(at, &size(Some(drawn)), ""))
        .collect()
}

fn line(at: usize, size: &str, unlike: &str) -> String {
    format!("[figure {}: {size}{unlike}]\n", at + 1)
}

fn size(png: Option<&[u8]>) -> String {
    let size = png.and_then(picture::size);
    size.map_or_else(|| "?".into(), |[width, height]| format!("{width}×{height}"))
}

/// The recorded pictures; an empty one for a figure that varies or whose picture is missing.
pub(super) fn pictures(recorded: &[RecordedFigure]) -> Vec<Vec<u8>> {
    let pictures = recorded.iter().map(RecordedFigure::png);
    pictures
        .map(|png| png.map(<[u8]>::to_vec).unwrap_or_default())
        .collect()
}

/// What two runs drew, as it is recorded: pictures that nobody could tell from those recorded
/// `before` stay as they are, and those in which the two runs differ vary.
pub fn record(
    before: &[RecordedFigure],
    first: &[Vec<u8>],
    second: &[Vec<u8>],
) -> Vec<RecordedFigure> {
    let runs = first.iter().zip(second).enumerate();
    runs.map(|(at, (first, second))| {
        let old = before.get(at);
        let as_recorded = |drawn| state(old, Some(drawn)) == FigureState::Same;
        match old {
            Some(old) if as_recorded(first) && as_recorded(second) => old.clone(),
            _ if picture::compare(first, second) != Comparison::Same => RecordedFigure::Varies,
            _ => RecordedFigure::File {
                name: old
                    .and_then(RecordedFigure::name)
                    .unwrap_or_default()
                    .to_owned(),
                png: Some(first.clone()),
            },
        }
    })
    .collect()
}

/// Every figure of a run and of the recording, where there is one whose pictures lie in `folder`.
pub(super) fn report(
    trace: &Trace,
    recorded: &[RecordedFigure],
    folder: &str,
) -> Vec<FigureReport> {
    let drawn = trace.events.iter().filter_map(|event| match &event.kind {
        EventKind::Figure(png) => Some((event.line as usize, png)),
        _ => None,
    });
    let (lines, drawn): (Vec<usize>, Vec<Vec<u8>>) =
        drawn.map(|(line, png)| (line, png.clone())).unzip();
    let pairs = pairs(recorded, &drawn).enumerate();
    pairs
        .map(|(at, (recorded, drawn))| FigureReport {
            line: lines.get(at).copied().unwrap_or_default(),
            png: drawn.map(<[u8]>::to_vec),
            recorded: recorded.and_then(RecordedFigure::png).and_then(|png| {
                if Some(png) == drawn {
                    Some(png.to_vec())
                } else {
                    picture::cleaned(png)
                }
            }),
            path: recorded
                .and_then(RecordedFigure::name)
                .map(|name| format!("{folder}/{name}"))
                .unwrap_or_default(),
            state: state(recorded, drawn),
        })
        .collect()
}

fn pairs<'a>(
    recorded: &'a [RecordedFigure],
    drawn: &'a [Vec<u8>],
) -> impl Iterator<Item = (Option<&'a RecordedFigure>, Option<&'a [u8]>)> {
    let most = recorded.len().max(drawn.len());
    (0..most).map(|at| (recorded.get(at), drawn.get(at).map(Vec::as_slice)))
}

fn state(recorded: Option<&RecordedFigure>, drawn: Option<&[u8]>) -> FigureState {
    let (Some(recorded), Some(drawn)) = (recorded, drawn) else {
        return if recorded.is_some() {
            FigureState::Gone
        } else {
            FigureState::New
        };
    };
    let png = match recorded {
        RecordedFigure::Varies => return FigureState::Varies,
        RecordedFigure::File { png: None, .. } => return FigureState::Missing,
        RecordedFigure::File { png: Some(png), .. } => png,
    };
    match picture::compare(png, drawn) {
        Comparison::Same => FigureState::Same,
        Comparison::Pixels(share) => FigureState::Pixels(share),
        Comparison::Size(recorded, actual) => FigureState::Size(recorded, actual),
        Comparison::Unreadable => FigureState::Unreadable,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::{End, Event};

    fn png(width: u32, grey: u8) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, 10);
        encoder.set_color(png::ColorType::Grayscale);
        let mut writer = encoder.write_header().unwrap();
        writer
            .write_image_data(&vec![grey; width as usize * 10])
            .unwrap();
        writer.finish().unwrap();
        picture::cleaned(&bytes).unwrap()
    }

    fn file(png: Option<Vec<u8>>) -> RecordedFigure {
        RecordedFigure::File {
            name: "figure-1.png".into(),
            png,
        }
    }

    #[test]
    fn figures_are_compared_in_order() {
        let one = [file(Some(png(8, 1)))];
        assert!(agree(&one, &[png(8, 1)]));
        assert!(agree(&one, &[png(8, 2)]), "nobody sees that");
        assert!(!agree(&one, &[png(8, 200)]));
        assert!(!agree(&one, &[]) && !agree(&[], &[png(8, 1)]));
        assert!(!agree(&[file(None)], &[png(8, 1)]));
        assert!(agree(&[RecordedFigure::Varies], &[png(8, 1)]));
        assert!(!agree(&[RecordedFigure::Varies], &[]));
        assert!(agree(&[], &[]));
    }

    #[test]
    fn what_is_recorded_keeps_names_and_what_nobody_could_tell_apart() {
        let old = [
            file(Some(png(8, 1))),
            RecordedFigure::File {
                name: "mine.png".into(),
                png: Some(png(8, 1)),
            },
        ];
        let drawn = [png(8, 2), png(8, 200), png(8, 3)];
        let new = |name: &str, grey| RecordedFigure::File {
            name: name.into(),
            png: Some(png(8, grey)),
        };
        assert_eq!(
            record(&old, &drawn, &drawn),
            [new("figure-1.png", 1), new("mine.png", 200), new("", 3)]
        );
        let other = [png(8, 2), png(8, 100), png(8, 3)];
        assert_eq!(record(&old, &drawn, &other)[1], RecordedFigure::Varies);
        let varied = [RecordedFigure::Varies];
        assert_eq!(record(&varied, &drawn[..1], &drawn[..1]), [new("", 2)]);
    }

    #[test]
    fn the_texts_of_a_difference_differ_where_the_pictures_do() {
        let told = |recorded: &[RecordedFigure], drawn: &[Vec<u8>]| {
            let (before, now) = lines(recorded, drawn);
            format!("{before}{now}").replace('\n', " ")
        };
        let recorded = || file(Some(png(8, 1)));
        assert_eq!(
            told(&[recorded(), recorded()], &[png(8, 1), png(8, 99)]),
            "[figure 1: 8×10] [figure 2: 8×10] [figure 1: 8×10] [figure 2: 8×10 ≠ 100 %] "
        );
        assert_eq!(
            told(&[recorded()], &[png(9, 1), png(3, 1)]),
            "[figure 1: 8×10] [figure 1: 9×10] [figure 2: 3×10] "
        );
        assert_eq!(
            told(&[file(None)], &[png(8, 1)]),
            "[figure 1: ?] [figure 1: 8×10] "
        );
        assert_eq!(told(&[recorded()], &[]), "[figure 1: 8×10] ");
        let varies = [RecordedFigure::Varies];
        assert_eq!(
            told(&varies, &[png(8, 1)]),
            "[figure 1: 8×10] [figure 1: 8×10] "
        );
    }

    #[test]
    fn a_report_has_both_pictures_and_where_the_recorded_one_lies() {
        let event = |line, kind| Event {
            line,
            top: line,
            kind,
        };
        let trace = Trace {
            events: vec![
                event(3, EventKind::Stdout("x".into())),
                event(4, EventKind::Figure(png(8, 200))),
            ],
            dropped: 0,
            end: End::Finished,
            in_replay: false,
            open: Vec::new(),
            seconds: 0.0,
        };
        let recorded = [file(Some(png(8, 1))), file(Some(b"no picture".to_vec()))];
        let figures = report(&trace, &recorded, "expected/a");
        assert_eq!(figures.len(), 2);
        assert_eq!(figures[0].line, 4);
        assert_eq!(figures[0].path, "expected/a/figure-1.png");
        assert_eq!(figures[0].state, FigureState::Pixels(1.0));
        assert!(figures[0].png.is_some() && figures[0].recorded.is_some());
        assert_eq!(figures[1].state, FigureState::Gone);
        assert_eq!((&figures[1].png, &figures[1].recorded), (&None, &None));
    }
}
