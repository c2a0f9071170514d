//! Any text is a note: its blocks, their languages, claims and mentions are found without a
//! panic, and whatever is found lies inside of the note.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verify::model::{About, Note};
use verify::notes::{claims, language, markdown, mentions, prompts};

fuzz_target!(|text: &str| {
    let blocks = markdown::blocks(text).blocks;
    assert!(blocks.is_sorted_by_key(|block| block.lines));
    let lines = text.split(['\n', '\r']).count();
    let note = Note {
        text: text.to_owned(),
        blocks,
        ..Note::default()
    };
    for (at, block) in note.blocks.iter().enumerate() {
        assert!(block.lines.first >= 1 && block.lines.last <= lines);
        let word = markdown::tag_word(&block.info);
        let _ = language::without_parsing(&word, &block.text);
        let _ = language::unparsed(&word, &block.text, true);
        let session = prompts::has_prompts(&block.text);
        let reading = claims::read(&note, at, session);
        if let Some(code) = &reading.code {
            assert_eq!(code.lines().count(), block.text.lines().count());
        }
        for claim in reading.claims {
            assert!(claim.lines.first >= 1 && claim.lines.last <= lines);
            if let About::Statement(about) = claim.about {
                assert!(about.first >= 1 && about.first <= about.last);
            }
            for bytes in &claim.bytes {
                assert!(text.get(bytes.clone()).is_some());
            }
        }
    }
    for mention in mentions::mentions(text, &note.blocks) {
        assert!(mention.line >= 1 && mention.line <= lines);
    }
});
