//! `/api/docs`: the OpenAPI document as one page to read. Static HTML and one style sheet, no script,
//! so that it needs no exception from the content security policy.
//!
//! It shows what the document says and adds nothing of its own.

use std::fmt::Write as _;

use serde_json::Value;
use utoipa::openapi::OpenApi;

/// The page's style sheet, served beside it.
pub(crate) const STYLE: &str = include_str!("style.css");

/// The page for this document.
pub(crate) fn render(document: &OpenApi) -> String {
    let document = serde_json::to_value(document).unwrap_or_default();
    let mut page = Page(String::new());
    page.raw(include_str!("head.html"));
    page.element("h1", text(&document["info"]["title"]));
    page.paragraphs(text(&document["info"]["description"]));
    page.raw("<p><a href=\"/api/v1/openapi.json\">The same as an OpenAPI 3.1 document</a></p>");
    for tag in array(&document["tags"]) {
        page.tag(tag, &document["paths"]);
    }
    page.raw("<section><h2 id=\"shapes\">Shapes</h2>");
    for (name, schema) in object(&document["components"]["schemas"]) {
        page.shape(name, schema);
    }
    page.raw("</section></main></body></html>\n");
    page.0
}

struct Page(String);

impl Page {
    fn raw(&mut self, html: &str) {
        self.0.push_str(html);
    }

    fn element(&mut self, name: &str, content: &str) {
        // Writing to a String cannot fail.
        let _ = write!(self.0, "<{name}>{}</{name}>", inline(content));
    }

    fn paragraphs(&mut self, content: &str) {
        for paragraph in content.split("\n\n").filter(|text| !text.trim().is_empty()) {
            self.element("p", paragraph);
        }
    }

    fn tag(&mut self, tag: &Value, paths: &Value) {
        self.raw("<section>");
        self.element("h2", text(&tag["description"]));
        for (path, item) in object(paths) {
            for (method, operation) in object(item) {
                if array(&operation["tags"]).any(|name| *name == tag["name"]) {
                    self.operation(method, path, operation);
                }
            }
        }
        self.raw("</section>");
    }

    fn operation(&mut self, method: &str, path: &str, operation: &Value) {
        let method = method.to_uppercase();
        self.raw("<article>");
        self.element("h3", &format!("`{method} {path}`"));
        self.paragraphs(text(&operation["summary"]));
        self.paragraphs(text(&operation["description"]));
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        self.raw("<dl>");
        for parameter in array(&operation["parameters"]) {
            let (name, place) = (text(&parameter["name"]), text(&parameter["in"]));
            self.term(
                &format!("`{name}` in the {place}"),
                text(&parameter["description"]),
            );
        }
        if !body.is_null() {
            self.term("Body", &kind_of(body));
        }
        for (status, response) in object(&operation["responses"]) {
            let shape = object(&response["content"])
                .map(|(_, content)| kind_of(&content["schema"]))
                .next()
                .unwrap_or_default();
            self.term(
                &format!("**{status}** {shape}"),
                text(&response["description"]),
            );
        }
        self.raw("</dl></article>");
    }

    fn shape(&mut self, name: &str, schema: &Value) {
        let _ = write!(self.0, "<article id=\"{}\">", escaped(name));
        self.element("h3", name);
        self.paragraphs(text(&schema["description"]));
        self.raw("<dl>");
        for (member, schema) in object(&schema["properties"]) {
            self.term(
                &format!("`{member}` {}", kind_of(schema)),
                text(&schema["description"]),
            );
        }
        for variant in array(&schema["oneOf"]).chain(array(&schema["enum"])) {
            let value = array(&variant["enum"]).next().unwrap_or(variant);
            self.term(&format!("`{}`", text(value)), text(&variant["description"]));
        }
        self.raw("</dl></article>");
    }

    fn term(&mut self, term: &str, description: &str) {
        self.element("dt", term);
        self.raw("<dd>");
        self.paragraphs(description);
        self.raw("</dd>");
    }
}

/// A schema in a few words, its name linked.
fn kind_of(schema: &Value) -> String {
    if let Some(name) = schema["$ref"]
        .as_str()
        .and_then(|path| path.rsplit('/').next())
    {
        return format!("[{name}]");
    }
    let variants: Vec<String> = array(&schema["oneOf"]).map(kind_of).collect();
    if !variants.is_empty() {
        return variants.join(" or ");
    }
    match &schema["type"] {
        Value::String(kind) if kind == "array" => format!("list of {}", kind_of(&schema["items"])),
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) => kinds.iter().map(text).collect::<Vec<_>>().join(" or "),
        _ => String::new(),
    }
}

/// Text with `code`, **strong** and [Shape] marks as HTML.
fn inline(content: &str) -> String {
    let mut html = escaped(content);
    for (mark, element) in [("**", "strong"), ("`", "code")] {
        html = html
            .split(mark)
            .enumerate()
            .map(|(index, part)| match index % 2 {
                0 => part.to_owned(),
                _ => format!("<{element}>{part}</{element}>"),
            })
            .collect();
    }
    linked(&html)
}

/// Turns `[Shape]` into a link to that shape.
fn linked(html: &str) -> String {
    let mut parts = html.split('[');
    let mut linked = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(']') {
            Some((name, rest)) => {
                let _ = write!(linked, "<a href=\"#{name}\">{name}</a>{rest}");
            }
            None => {
                linked.push('[');
                linked.push_str(part);
            }
        }
    }
    linked
}

fn escaped(content: &str) -> String {
    content
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_elements_and_text_stays_text() {
        assert_eq!(
            inline("`a<b` & **c**"),
            "<code>a&lt;b</code> &amp; <strong>c</strong>"
        );
        assert_eq!(
            inline("list of [Token]"),
            "list of <a href=\"#Token\">Token</a>"
        );
    }
}
