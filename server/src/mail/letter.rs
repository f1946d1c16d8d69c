//! A mail as data: what it says, before it has a look.

use tenure_domain::locale::Language;

/// A mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// The language that all of it is in.
    pub language: Language,
    /// The subject.
    pub subject: String,
    /// How it addresses its reader.
    pub greeting: String,
    /// What it is about, one paragraph each.
    pub intro: Vec<String>,
    /// What it lists.
    pub sections: Vec<Section>,
    /// What follows.
    pub outro: Vec<String>,
    /// Where the reader goes on.
    pub action: Option<Link>,
    /// Why they got it.
    pub footer: Vec<String>,
}

/// A list under a heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub heading: String,
    /// Whether it tells of something that cannot wait.
    pub urgent: bool,
    /// What is in it.
    pub items: Vec<Item>,
    /// That there are more than are listed.
    pub more: Option<String>,
}

/// One thing of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// Its name.
    pub title: String,
    /// What is known of it: what, and how it is.
    pub facts: Vec<Fact>,
    /// Why it is so, in a sentence.
    pub why: Option<String>,
    /// What can be done about it.
    pub link: Option<Link>,
}

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What.
    pub label: &'static str,
    /// How it is.
    pub value: String,
    /// The same in other words: an instant in UTC.
    pub also: Option<String>,
}

/// A link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it does.
    pub label: String,
    /// Where it leads.
    pub url: String,
}
