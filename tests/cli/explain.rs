//! `verify explain`: one rule, all rules, and what is none.

use snapbox::str;

use crate::support::Project;

#[test]
fn a_rule_is_told_with_its_examples() {
    Project::new().bare("explain is-literal").is(str![[r#"
is-literal: `is` compares with a literal: which object a literal is, is not defined
Python warns since 3.8

`is` asks whether two names stand for one object. Whether equal numbers or strings are one object depends on how CPython stores them, so the answer differs between versions and places. From Python 3.8 on the compiler warns of it.

instead: compare values with `==` and `!=`; `is` is for `None`

old:
    name = 'spam'
    print(name is 'spam')

today:
    name = 'spam'
    print(name == 'spam')

see https://docs.python.org/3/whatsnew/3.8.html#changes-in-python-behavior
[exit 0]

"#]]);
}

#[test]
fn a_name_that_is_gone_is_a_rule() {
    Project::new()
        .bare("explain asyncio-abstractchildwatcher")
        .is(str![[r#"
asyncio-abstractchildwatcher: `asyncio.AbstractChildWatcher` was removed
since Python 3.14

`asyncio.AbstractChildWatcher` is there up to Python 3.13, and not in 3.14.

see https://docs.python.org/3/whatsnew/3.14.html
[exit 0]

"#]]);
}

#[test]
fn what_is_no_rule_names_the_nearest() {
    Project::new().bare("explain py2-print").is(str![[r#"
[stderr]
error: `py2-print` is no rule
  help: the nearest: `py2-print-tuple`, `py2-print-statement`, `py2-input`
[exit 2]

"#]]);
    Project::new().bare("explain zzz").is(str![[r#"
[stderr]
error: `zzz` is no rule
  help: `verify explain --all` lists all rules
[exit 2]

"#]]);
}

#[test]
fn rules_are_listed_and_names_where_wanted() {
    let project = Project::new();
    let rules = project.bare("explain").exits(0);
    assert!(rules.out.contains("\n  py2-print-statement "));
    assert!(rules.out.contains("\n  sys-maxint "));
    assert!(!rules.out.contains("asyncio-abstractchildwatcher "));
    let all = project.bare("explain --all").exits(0);
    assert!(all.out.contains("\n  asyncio-abstractchildwatcher "));
}

#[test]
fn rules_are_explained_in_chinese_too() {
    let project = Project::new();
    let told = project.bare("explain is-literal --lang zh").exits(0);
    for part in [
        "Python 从 3.8 起发出警告",
        "旧写法：\n    name",
        "参见 https",
    ] {
        assert!(told.out.contains(part), "{}", told.text());
    }
    let unknown = project.bare("explain zzz --lang zh");
    assert!(unknown.text().contains("没有名为 `zzz` 的规则"));
}
