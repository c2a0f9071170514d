//! Texts for people, in each language that the tool speaks.

use serde::{Deserialize, Serialize};

/// A language that the tool speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Chinese, in simplified characters.
    Zh,
}

/// A text in all languages. The macro [`text!`](crate::text) makes one, so that none can be forgotten.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Text {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

impl Text {
    /// What is the same in all languages, such as code or what Python said.
    pub fn same(text: impl Into<String>) -> Self {
        let en = text.into();
        Self { zh: en.clone(), en }
    }

    /// The text in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }

    /// True where nothing is said.
    pub fn is_empty(&self) -> bool {
        self.en.is_empty()
    }
}

/// A [`Text`](crate::model::Text) from one format string for each language: English, Chinese.
///
/// Both take their values from the variables in scope by name: `text!("no `{name}`", "没有 `{name}`")`.
#[macro_export]
macro_rules! text {
    ($en:literal, $zh:literal $(,)?) => {
        $crate::model::Text {
            en: format!($en),
            zh: format!($zh),
        }
    };
}
