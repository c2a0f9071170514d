//! Pictures as text, for reports that are read back.

use data_encoding::BASE64;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

// Serde asks for this form.
#[allow(clippy::ref_option)]
pub(super) fn serialize<S: Serializer>(
    png: &Option<Vec<u8>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    png.as_ref()
        .map(|png| BASE64.encode(png))
        .serialize(serializer)
}

pub(super) fn deserialize<'d, D: Deserializer<'d>>(
    deserializer: D,
) -> Result<Option<Vec<u8>>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let bytes = text.map(|text| BASE64.decode(text.as_bytes()));
    bytes.transpose().map_err(D::Error::custom)
}
