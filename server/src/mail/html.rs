//! A letter as HTML: the console's look, in what mail programs understand. No image, nothing fetched from
//! anywhere, light and dark. Whatever came from people is escaped.

use std::fmt::Write as _;

use super::letter::{Fact, Item, Letter, Link, Section};

/// The letter as an HTML document.
pub(super) fn render(letter: &Letter) -> String {
    let mut out = String::from("<!doctype html>\n");
    let subject = escaped(&letter.subject);
    let language = letter.language.as_str();
    let _infallible = write!(
        out,
        "<html lang=\"{language}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <meta name=\"supported-color-schemes\" content=\"light dark\">\
         <title>{subject}</title><style>{STYLE}</style></head>\n\
         <body class=\"page\" style=\"{BODY}\"><div class=\"letter\" style=\"{LETTER}\">\n\
         <p class=\"quiet\" style=\"{BRAND}\">Tenure</p>\n\
         <h1 class=\"ink\" style=\"{H1}\">{subject}</h1>\n"
    );
    paragraph(&mut out, &letter.greeting);
    for words in &letter.intro {
        paragraph(&mut out, words);
    }
    for one in &letter.sections {
        section(&mut out, one);
    }
    for words in &letter.outro {
        paragraph(&mut out, words);
    }
    if let Some(Link { label, url }) = &letter.action {
        let (label, url) = (escaped(label), escaped(url));
        let _infallible = writeln!(
            out,
            "<p style=\"margin:24px 0 0\"><a class=\"button\" style=\"{BUTTON}\" href=\"{url}\">{label}</a></p>"
        );
    }
    let _infallible = write!(out, "<div class=\"quiet rule\" style=\"{FOOTER}\">");
    for words in &letter.footer {
        let _infallible = write!(out, "<p style=\"margin:0 0 4px\">{}</p>", escaped(words));
    }
    out.push_str("</div>\n</div></body></html>\n");
    out
}

fn paragraph(out: &mut String, words: &str) {
    let words = escaped(words);
    let _infallible = writeln!(
        out,
        "<p class=\"ink\" style=\"margin:0 0 12px\">{words}</p>"
    );
}

fn section(out: &mut String, section: &Section) {
    let (class, color) = if section.urgent {
        ("urgent", "#a8261c")
    } else {
        ("ink", "#1f2733")
    };
    let heading = escaped(&section.heading);
    let _infallible = writeln!(
        out,
        "<h2 class=\"{class}\" style=\"{H2}color:{color}\">{heading}</h2>"
    );
    for one in &section.items {
        item(out, one);
    }
    if let Some(more) = &section.more {
        let more = escaped(more);
        let _infallible = writeln!(
            out,
            "<p class=\"quiet\" style=\"margin:8px 0 0;color:#555e6d\">{more}</p>"
        );
    }
}

fn item(out: &mut String, item: &Item) {
    let title = escaped(&item.title);
    let _infallible = writeln!(
        out,
        "<div class=\"rule\" style=\"{ITEM}\"><h3 class=\"ink\" style=\"{H3}\">{title}</h3>"
    );
    for one in &item.facts {
        fact(out, one);
    }
    if let Some(why) = &item.why {
        let why = escaped(why);
        let _infallible = writeln!(
            out,
            "<p class=\"quiet\" style=\"margin:8px 0 0;color:#555e6d\">{why}</p>"
        );
    }
    if let Some(Link { label, url }) = &item.link {
        let (label, url) = (escaped(label), escaped(url));
        let _infallible = writeln!(
            out,
            "<p style=\"margin:8px 0 0\"><a class=\"link\" style=\"color:#2c4fbd\" href=\"{url}\">{label}</a></p>"
        );
    }
    out.push_str("</div>\n");
}

fn fact(out: &mut String, fact: &Fact) {
    let (label, value) = (escaped(fact.label), escaped(&fact.value));
    let _infallible = write!(
        out,
        "<p class=\"ink\" style=\"margin:2px 0\"><span class=\"quiet\" style=\"color:#555e6d\">{label}</span> {value}"
    );
    if let Some(also) = &fact.also {
        let also = escaped(also);
        let _infallible = write!(
            out,
            " <span class=\"quiet\" style=\"color:#555e6d;font-size:13px;white-space:nowrap\">{also}</span>"
        );
    }
    out.push_str("</p>\n");
}

/// A text that stands in HTML, also in an attribute, as it is.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

const BODY: &str = "margin:0;padding:24px 12px;background:#f7f8fa;color:#1f2733;\
    font:15px/1.5 ui-sans-serif,system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif";
const LETTER: &str = "max-width:600px;margin:0 auto;padding:24px;background:#ffffff;\
    border:1px solid #e1e4e9;border-radius:10px;overflow-wrap:anywhere";
const BRAND: &str =
    "margin:0 0 16px;font-size:15px;font-weight:680;letter-spacing:-.02em;color:#555e6d";
const H1: &str =
    "margin:0 0 16px;font-size:20px;line-height:1.3;font-weight:650;letter-spacing:-.015em";
const H2: &str = "margin:24px 0 8px;font-size:16px;line-height:1.35;font-weight:620;";
const H3: &str = "margin:0 0 4px;font-size:15px;font-weight:620";
const ITEM: &str =
    "margin:0;padding:12px 0;border-top:1px solid #e1e4e9;font-variant-numeric:tabular-nums";
const BUTTON: &str = "display:inline-block;padding:8px 16px;border-radius:6px;background:#2c4fbd;color:#ffffff;\
    font-weight:560;text-decoration:none";
const FOOTER: &str =
    "margin:24px 0 0;padding:16px 0 0;border-top:1px solid #e1e4e9;font-size:13px;color:#555e6d";
/// Dark mail programs: the classes overrule the styles beside them.
const STYLE: &str = "@media (prefers-color-scheme:dark){\
    .page{background:#14171c!important;color:#e8eaef!important}\
    .letter{background:#1b1f26!important;border-color:#3a414d!important}\
    .ink{color:#e8eaef!important}.quiet{color:#a9afba!important}.rule{border-color:#3a414d!important}\
    .urgent{color:#ffa498!important}.link{color:#9bb6ff!important}\
    .button{background:#9bb6ff!important;color:#10182b!important}}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_typed_is_no_markup() {
        let nasty = "<img src=x onerror=\"alert('1')\">&\r\nBcc: all@acme.example".to_owned();
        let letter = Letter {
            subject: nasty.clone(),
            greeting: nasty.clone(),
            sections: vec![Section {
                heading: nasty.clone(),
                items: vec![Item {
                    title: nasty.clone(),
                    facts: vec![Fact {
                        label: "Plan",
                        value: nasty.clone(),
                        also: None,
                    }],
                    why: Some(nasty.clone()),
                    link: Some(Link {
                        label: nasty.clone(),
                        url: nasty,
                    }),
                }],
                ..Section::default()
            }],
            ..Letter::default()
        };
        let html = render(&letter);
        assert!(
            !html.contains("<img") && !html.contains("onerror=\""),
            "{html}"
        );
        assert!(html.contains("&lt;img src=x onerror=&quot;"), "{html}");
    }

    #[test]
    fn nothing_is_fetched_from_anywhere() {
        let html = render(&Letter::default());
        for way in ["<img", "<link", "url(", "@import", "<script", "<iframe"] {
            assert!(!html.contains(way), "{way}");
        }
    }
}
