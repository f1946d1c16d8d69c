//! Reading JSON without a parser for each type: a tree, and types that take themselves out of it.
//!
//! The console reads so. Serde compiles its reader anew for every type, which costs a browser 1 to 2 KB of
//! download each; here a type costs a call for each member, and nothing else: reading goes on to the end whatever
//! it meets, so no member has a way out that would have to drop those before it. Deliberately not here: parsing
//! text, which the browser does, and saying what is wrong, which only a server has to.
//! `domain/tests/laws/round_trips.rs` holds both ways of reading to the same.

use core::{fmt, str::FromStr};

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

/// Whether some part of what is read is not what it should be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fault(bool);

impl Fault {
    /// What `read` gave, or else `blank` and a fault.
    pub fn unless<T>(&mut self, read: Option<T>, blank: T) -> T {
        self.0 |= read.is_none();
        read.unwrap_or(blank)
    }
}

/// A type that can be taken out of a JSON value.
pub trait FromJson: Sized {
    /// The value; where the JSON is none, any value and a fault.
    fn take(json: Json, fault: &mut Fault) -> Self;

    /// The value, if the JSON is one.
    fn from_json(json: Json) -> Option<Self> {
        let mut fault = Fault::default();
        let read = Self::take(json, &mut fault);
        (!fault.0).then_some(read)
    }
}

impl Json {
    /// The member of this name, taken out of an object.
    #[inline(never)]
    pub fn member<T: FromJson>(&mut self, name: &str, fault: &mut Fault) -> T {
        T::take(self.take(name), fault)
    }

    /// The text, if it is one.
    #[must_use]
    pub fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What the text says to `parse`.
    pub fn parsed<T: FromStr>(self) -> Option<T> {
        self.text()?.parse().ok()
    }

    /// Which of these words the text is.
    #[must_use]
    pub fn one_of(self, words: &[&str]) -> Option<usize> {
        let text = self.text()?;
        words.iter().position(|word| *word == text)
    }

    /// Hands over what is in an array, one after the other: the loop is there once, for things of any type.
    #[inline(never)]
    fn each(self, fault: &mut Fault, read: &mut dyn FnMut(Self, &mut Fault)) {
        let all = match self {
            Self::List(all) => Some(all),
            _ => None,
        };
        for json in fault.unless(all, Vec::new()) {
            read(json, fault);
        }
    }

    #[inline(never)]
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
    fn take(json: Json, _fault: &mut Fault) -> Self {
        json
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
    fn take(json: Json, fault: &mut Fault) -> Self {
        fault.unless(json.text(), Self::new())
    }
}

impl FromJson for bool {
    fn take(json: Json, fault: &mut Fault) -> Self {
        let flag = match json {
            Json::Flag(flag) => Some(flag),
            _ => None,
        };
        fault.unless(flag, false)
    }
}

macro_rules! whole_numbers {
    ($($number:ty)+) => {$(
        impl FromJson for $number {
            fn take(json: Json, fault: &mut Fault) -> Self {
                let whole = json.whole().and_then(|whole| whole.try_into().ok());
                fault.unless(whole, 0)
            }
        }
    )+};
}

whole_numbers!(u16 u32 u64 i64);

impl<T: FromJson> FromJson for Option<T> {
    fn take(json: Json, fault: &mut Fault) -> Self {
        match json {
            Json::Null => None,
            json => Some(T::take(json, fault)),
        }
    }
}

impl<T: FromJson> FromJson for Box<T> {
    fn take(json: Json, fault: &mut Fault) -> Self {
        Self::new(T::take(json, fault))
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn take(json: Json, fault: &mut Fault) -> Self {
        let mut read = Self::new();
        json.each(fault, &mut |json, fault| read.push(T::take(json, fault)));
        read
    }
}

/// Reads a struct by its members' names, or an enum by its words. A struct that gets another member does
/// not compile until it is named here too.
macro_rules! from_json {
    ($type:ident { $($member:ident),+ $(,)? }) => {
        impl $crate::json::FromJson for $type {
            fn take(mut json: $crate::json::Json, fault: &mut $crate::json::Fault) -> Self {
                Self { $($member: json.member(stringify!($member), fault)),+ }
            }
        }
    };
    ($type:ident: $one:literal => $first:ident $(, $word:literal => $variant:ident)* $(,)?) => {
        impl $crate::json::FromJson for $type {
            fn take(json: $crate::json::Json, fault: &mut $crate::json::Fault) -> Self {
                const VALUES: &[$type] = &[$type::$first $(, $type::$variant)*];
                let place = json.one_of(&[$one $(, $word)*]);
                let value = place.and_then(|place| VALUES.get(place).copied());
                fault.unless(value, Self::$first)
            }
        }
    };
}

pub(crate) use from_json;
