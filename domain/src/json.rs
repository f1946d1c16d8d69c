//! Reading JSON without a parser for each type: a tree, and types that take themselves out of it.
//!
//! The console reads so. Serde compiles its reader anew for every type, which costs a browser 1 to 2 KB of
//! download each; here a type costs a call for each member. Deliberately not here: parsing text, which the
//! browser does, and saying what is wrong, which only a server has to. `domain/tests/laws/round_trips.rs` holds both
//! ways of reading to the same.

use core::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, SeqAccess, Visitor},
    ser::SerializeMap as _,
};

/// A JSON value. It also travels as it is, where a shape has members that are not known beforehand.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Json {
    /// `null`, and a member that is not there.
    #[default]
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object's members.
    Object(Vec<(String, Json)>),
}

/// A type that can be taken out of a JSON value.
pub trait FromJson: Sized {
    /// The value, if the JSON is one.
    fn from_json(json: Json) -> Option<Self>;
}

impl Json {
    /// The member of this name, taken out of an object.
    pub fn member<T: FromJson>(&mut self, name: &str) -> Option<T> {
        T::from_json(self.take(name))
    }

    fn take(&mut self, name: &str) -> Self {
        let Self::Object(members) = self else {
            return Self::Null;
        };
        let found = members.iter_mut().find(|(known, _)| known == name);
        found
            .map(|(_, value)| core::mem::take(value))
            .unwrap_or_default()
    }

    fn whole(&self) -> Option<i64> {
        match self {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a number with a fraction or out of range is not equal afterwards"
            )]
            #[expect(clippy::cast_precision_loss, reason = "it came from an f64")]
            Self::Number(number) => Some(*number as i64).filter(|whole| *whole as f64 == *number),
            _ => None,
        }
    }
}

impl FromJson for Json {
    fn from_json(json: Json) -> Option<Self> {
        Some(json)
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => match self.whole() {
                Some(whole) => serializer.serialize_i64(whole),
                None => serializer.serialize_f64(*number),
            },
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(all) => serializer.collect_seq(all),
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        #[expect(clippy::cast_precision_loss, reason = "JavaScript's numbers are such")]
        impl<'de> Visitor<'de> for Any {
            type Value = Json;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON value")
            }

            fn visit_unit<E>(self) -> Result<Json, E> {
                Ok(Json::Null)
            }

            fn visit_bool<E>(self, flag: bool) -> Result<Json, E> {
                Ok(Json::Flag(flag))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
                Ok(Json::Number(number as f64))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
                Ok(Json::Number(number as f64))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
                Ok(Json::Number(number))
            }

            fn visit_str<E>(self, text: &str) -> Result<Json, E> {
                Ok(Json::Text(text.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Json, A::Error> {
                let mut all = Vec::new();
                while let Some(value) = from.next_element()? {
                    all.push(value);
                }
                Ok(Json::List(all))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Json, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = from.next_entry()? {
                    members.push(member);
                }
                Ok(Json::Object(members))
            }
        }

        deserializer.deserialize_any(Any)
    }
}

impl FromJson for String {
    fn from_json(json: Json) -> Option<Self> {
        match json {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl FromJson for bool {
    fn from_json(json: Json) -> Option<Self> {
        match json {
            Json::Flag(flag) => Some(flag),
            _ => None,
        }
    }
}

macro_rules! whole_numbers {
    ($($number:ty)+) => {$(
        impl FromJson for $number {
            fn from_json(json: Json) -> Option<Self> {
                json.whole()?.try_into().ok()
            }
        }
    )+};
}

whole_numbers!(u16 u32 u64 i64);

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: Json) -> Option<Self> {
        match json {
            Json::Null => Some(None),
            json => T::from_json(json).map(Some),
        }
    }
}

impl<T: FromJson> FromJson for Box<T> {
    fn from_json(json: Json) -> Option<Self> {
        T::from_json(json).map(Self::new)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: Json) -> Option<Self> {
        match json {
            Json::List(all) => all.into_iter().map(T::from_json).collect(),
            _ => None,
        }
    }
}

/// Reads a struct by its members' names, or an enum by its words. A struct that gets another member does
/// not compile until it is named here too.
macro_rules! from_json {
    ($type:ident { $($member:ident),+ $(,)? }) => {
        impl $crate::json::FromJson for $type {
            fn from_json(mut json: $crate::json::Json) -> Option<Self> {
                Some(Self { $($member: json.member(stringify!($member))?),+ })
            }
        }
    };
    ($type:ident: $($word:literal => $variant:ident),+ $(,)?) => {
        impl $crate::json::FromJson for $type {
            fn from_json(json: $crate::json::Json) -> Option<Self> {
                match String::from_json(json)?.as_str() {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

pub(crate) use from_json;
