//! The words that announce an output: `output:`, `运行结果：`, `# 输出: …`, `# -> …`.
//!
//! Looks at one line at a time and knows nothing of code.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::{pattern, scope};

/// What a label in front of a text says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It is printed.
    Printed,
    /// It is a value.
    Value,
    /// An arrow: either.
    Arrow,
    /// It is an error.
    Error,
}

/// A label in front of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Label {
    /// The byte behind it and the white space that follows it.
    pub(super) end: usize,
    /// What it says.
    pub(super) kind: Kind,
    /// It ends in a colon or is an arrow, so that any text may follow.
    pub(super) firm: bool,
}

/// True for a line that only announces an output, with or without `#` before it.
pub fn is_output_label(text: &str) -> bool {
    let text = &simplified(text);
    let text = text.trim().trim_start_matches('#').trim();
    let text = text.trim_matches('*').trim();
    let rest = match scope::mentions(text).as_deref() {
        Some([one]) => format!("{}{}", &text[..one.range.start], &text[one.range.end..]),
        _ => text.to_owned(),
    };
    let rest = rest
        .replace("()", "")
        .replace("（）", "")
        .replace(" :", ":");
    let rest = rest.trim();
    !rest.trim_end_matches([':', '：']).is_empty()
        && (ALONE.is_match(rest) || (rest.ends_with([':', '：']) && ALONE_COLON.is_match(rest)))
}

/// True for the words right above a block that announce it as output. A verb alone does so there.
pub(super) fn announces_below(text: &str) -> bool {
    let verbs = ["打印", "显示", "结果", "运行", "执行"];
    is_output_label(text) || verbs.contains(&simplified(text).trim_end_matches('。'))
}

/// The byte behind a label that leads `line`, such as `输出: ` or `# Output: `, where
/// something follows it.
pub fn after_label(line: &str) -> Option<usize> {
    let text = line.trim_start_matches([' ', '\t', '#']);
    let skipped = line.len() - text.len();
    leading(text)
        .filter(|label| label.kind != Kind::Error && skipped + label.end < line.trim_end().len())
        .map(|label| skipped + label.end)
}

/// The label that leads `text`.
pub(super) fn leading(text: &str) -> Option<Label> {
    let text = &*simplified(text);
    [
        (&*ARROW, Kind::Arrow),
        (&*ERROR, Kind::Error),
        (&*PRINTED, Kind::Printed),
        (&*VALUE, Kind::Value),
    ]
    .into_iter()
    .find_map(|(pattern, kind)| {
        let captures = pattern.captures(text)?;
        let end = captures.get(0)?.end();
        let firm = kind == Kind::Arrow || captures.name("firm").is_some();
        let next = text[end..].chars().next();
        // `输出格式` and `print(x)` are words and code of their own, `输出[1]` is not.
        let apart = firm
            || text[..end].ends_with(char::is_whitespace)
            || next.is_none_or(|c| {
                let code = text[..end].is_ascii() && "([{.'\"".contains(c);
                !(c.is_alphanumeric() || c == '_' || code)
            });
        apart.then_some(Label { end, kind, firm })
    })
}

/// True for words that say that nothing is printed.
pub(super) fn says_nothing(text: &str) -> bool {
    NOTHING.is_match(simplified(text).trim())
}

/// `text` in simplified characters, as far as labels need it; every byte keeps its place.
pub(super) fn simplified(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    if text.chars().all(|c| simple(c) == c) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(simple).collect())
}

/// The simplified form of a traditional character, of three bytes as well.
fn simple(c: char) -> char {
    match c {
        '輸' => '输',
        '結' => '结',
        '顯' => '显',
        '報' => '报',
        '錯' => '错',
        '執' => '执',
        '運' => '运',
        '拋' => '抛',
        '為' => '为',
        '會' => '会',
        '無' => '无',
        '沒' => '没',
        '這' => '这',
        '個' => '个',
        '發' => '发',
        '異' => '异',
        '觸' => '触',
        '類' => '类',
        '數' => '数',
        '點' => '点',
        '組' => '组',
        '對' => '对',
        '後' => '后',
        '時' => '时',
        '環' => '环',
        '開' => '开',
        '從' => '从',
        '內' => '内',
        '應' => '应',
        '將' => '将',
        '則' => '则',
        '複' => '复',
        '節' => '节',
        c => c,
    }
}

static ARROW: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:[-=]{0,3}>{1,3}|→|⇒|➜|⟶|={1,3}|≈)\s*"));
static PRINTED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)^(?:
        (?:will\ |这里|此处|将|会|则|将会|屏幕)?(?:输出|打印|显示|运行|执行|打印输出|控制台输出)(?:出|的)?(?:结果|内容)?
        |(?:will\ |this\ |it\ )?(?:outputs?|prints?|stdout|out|displays?|shows?)
        )\s*(?P<firm>(?:为|是|如下)?\s*[:：]|为|是|\s(?:is|are)\b:?|\s*[-=]*>|→)?\s*",
    )
});
static VALUE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)^(?:
        (?:将|会|则|将会|最终)?(?:返回值|返回结果|返回|结果|得到|得|等于|值)(?:的)?
        |(?:the\ )?(?:results?|returns?|return\ value|value|gives|yields|evaluates\ to|equals|equal\ to|now)
        )\s*(?P<firm>(?:为|是)?\s*[:：]|为|是|\s(?:is|are)\b:?|\s*[-=]*>|→)?\s*",
    )
});
static ERROR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)^(?:
        (?:这里|此处|将|会|则|将会|直接|就会|运行|执行|抛)*(?:报错|抛出|引发|抛异常|触发|出错|异常)(?:了|异常|错误|一个)?
        |(?:will\ |this\ |it\ |would\ )?(?:raises?|throws?|error|fails\ with|exception)(?:\ an?\b)?
        )\s*(?P<firm>[:：]|为|是)?\s*",
    )
});
static NOTHING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)^(?:
        (?:这里|此处)?(?:什么|啥)(?:都|也)(?:不|没有?)(?:会)?(?:输出|打印|显示)
        |(?:无|没有|没|不会有|不会有任何|没有任何)(?:任何)?(?:输出|打印|显示)(?:内容)?
        |(?:不|不会)(?:输出|打印)(?:任何(?:内容|东西)|内容|东西)?
        |nothing\ (?:is\ |gets\ |will\ be\ )?(?:printed|output|displayed|shown)
        |(?:prints?|outputs?|displays)\ nothing
        |no\ output
        )[。.!！]?$",
    )
});

/// Unmistakable without a colon.
static ALONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)^(?:
        (?:(?:运行|执行)?(?:以上|上面|上述|上例|这段|该|此|本)的?(?:代码|程序|脚本|例子|示例|实例|函数|语句|命令)*(?:的|会|将|后|可以|，|,)*)?
        (?:则|将|会|最终|最后|屏幕|控制台|终端|程序|代码|脚本|测试)*
        (?:
            (?:运行|执行|打印|程序|测试|输出|显示)(?:后)?的?(?:输出)?结果(?:是|为|如下|如下所示|会是|类似)?
            |输出(?:内容|信息)?(?:是|为|如下|如下所示|会是|类似|类似于)?
            |(?:打印|显示|结果)(?:出)?(?:如下|如下所示)
        )
        |(?:the\ |sample\ |example\ |expected\ |program\ |console\ )*output(?:\ (?:is|looks\ like|will\ be|would\ be|below|as\ follows|is\ as\ follows))?
        |(?:the\ )?results?\ (?:is|are)(?:\ as\ follows)?
        |(?:this\ |which\ |it\ |that\ )?(?:will\ )?(?:prints|outputs)(?:\ out)?
        )\s*[:：]?$",
    )
});
/// Labels where a colon follows.
static ALONE_COLON: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)^(?:
        (?:结果|打印|打印出|显示|得到|返回|返回值|输出到屏幕)(?:是|为)?
        |(?:运行|执行)(?:以上|上面|上述|这段|该|此|本)的?(?:代码|程序|脚本|例子|示例|实例|语句|命令)(?:后|，|,)?
        |(?:the\ )?(?:outputs?|out|results?|stdout|print|running\ it|run)(?:\ \[\d+\])?
        )\s*[:：]$",
    )
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_announce_an_output() {
        for text in [
            "output:",
            "Output",
            "輸出結果：",
            "# output",
            "Output is",
            "OUTPUT：",
            "输出:",
            "输出：",
            "输出结果",
            "# 输出结果：",
            "运行结果：",
            "执行结果",
            "结果:",
            "# 结果：",
            "Out:",
            "The output is:",
            "prints:",
            "This prints:",
            "打印：",
            "输出如下：",
            "以上代码输出结果为：",
            "Result:",
            "Python 2.x 输出：",
            "Output (Python 2.7):",
            "输出（Python 3）：",
            "程序输出：",
            "**输出：**",
            "执行上面的脚本：",
            "The result is:",
        ] {
            assert!(is_output_label(text), "{text}");
        }
        for text in [
            "",
            "#",
            ":",
            "输出格式：",
            "输出函数",
            "结果",
            "result",
            "out",
            "print",
            "output = 1",
            "输出列表中的元素",
            "Output formats:",
            "else:",
            "try:",
            "python 3:",
            "打印",
            "outputs.append(x):",
        ] {
            assert!(!is_output_label(text), "{text}");
        }
    }

    #[test]
    fn labels_in_front_of_something() {
        for (line, rest) in [
            ("# 输出: 3", Some("3")),
            ("输出：3", Some("3")),
            ("# 输出 3", Some("3")),
            ("# 輸出: 3", Some("3")),
            ("结果为 3", Some("3")),
            ("Output: `3`", Some("`3`")),
            ("# => 3", Some("3")),
            ("#> 3", Some("3")),
            ("# → 3", Some("3")),
            ("# prints 3", Some("3")),
            ("输出格式: 3", None),
            ("outputs_3", None),
            ("x = 输出", None),
            ("输出:", None),
        ] {
            assert_eq!(after_label(line).map(|at| &line[at..]), rest, "{line}");
        }
    }

    #[test]
    fn words_for_no_output() {
        for text in [
            "什么都不输出",
            "nothing is printed",
            "prints nothing",
            "无输出",
            "没有任何输出",
        ] {
            assert!(says_nothing(text), "{text}");
        }
        for text in ["输出", "prints nothing special", "nothing", "不输出换行"] {
            assert!(!says_nothing(text), "{text}");
        }
    }
}
