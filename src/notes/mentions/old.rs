//! Whether a text says itself that what it names is old.
//!
//! Words alone; when in doubt it does: then nothing is said about the name.

use std::sync::LazyLock;

use regex::Regex;

use crate::notes::claims::scope_of;

/// True for a text that is about an old Python, or about the way from the old to the new.
pub fn is_about_old(text: &str) -> bool {
    OLD_PYTHON.is_match(text) || scope_of(text).is_some_and(|scope| !scope.starts_with(">="))
}

/// True for a sentence that puts something down as old.
pub(super) fn says_old(text: &str) -> bool {
    SAYS_OLD.is_match(text) || is_about_old(text)
}

#[expect(
    clippy::expect_used,
    reason = "the patterns are fixed, and the tests use each one"
)]
fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a fixed pattern")
}

static OLD_PYTHON: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\bpy(thon)?[\s-]*v?2(\b|[._x]|\d)|python[\s-]*2|(^|[^\d.])2\.[0-7x](\.\d+)?([^\d.]|$)|2to3|\bsix\b|py2",
    )
});

static SAYS_OLD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)
        \bremov|deprecat|no\ longer|any\ ?more\b|renam|replac|supersed|obsolet|\blegacy\b|\bold(er)?\b|former|previous
        |used\ to\b|histor|in\ the\ past|\binstead\b|\bgone\b|dropp|\bmerge|unif(y|ied)|backward|polyfill|backport
        |\bcompat|\bport(ed|ing)\b|migrat|moved\ to|\bavoid\b|do(n't|\ not)\ use|never\ use|discourag|outdated|ancient
        |does(n't|\ not)\ exist|not\ available|unavailable|split\ into|\bbecame\b|was\ called
        |移除|弃用|棄用|废弃|廢棄|废除|移到|移至|移动到|删除了|已删除|被删|刪除|删掉|取代|代替|替代|替换[为成]|改名|更名|重命名|改[为成用]|[^转]换[为成]|变为|变成
        |不再(支持|提供|存在|包含|使用|需要|区分|推荐|可用|有效|适用|是)|已不|合并|合二为一|统一|旧|老版|老式|历史|歷史|以前|之前|过去|曾|早期|从前|原来|原先
        |取消|去掉|去除|没有了|没有\s*[A-Za-z_]|不存在|不支持|不可用|兼容|移植|迁移|过时|淘汰|不推荐|不建议|不要用|不要使用|不要再|避免|低版本|区别|差异|对比|\bvs\b|differen|→|=>|->|⇒",
    )
});
