//! Redirect URIs: which may be registered, and which a request may ask for.

use tenure_domain::redirect::{MAX_LENGTH, RedirectUriError, check, matches};

#[test]
fn what_may_be_registered() {
    for uri in [
        "https://app.example/callback",
        "https://app.example",
        "https://app.example:8443/callback?tenant=1",
        "http://127.0.0.1/callback",
        "http://127.0.0.1:8910/callback",
        "http://[::1]:8910/callback",
        "http://localhost:3000/callback",
        "com.example.app:/callback",
    ] {
        assert_eq!(check(uri), Ok(()), "{uri}");
    }
}

#[test]
fn what_may_not() {
    use RedirectUriError::{Forbidden, HasFragment, NotAbsolute, NotConfidential, TooLong};
    let long = format!("https://app.example/{}", "a".repeat(MAX_LENGTH));
    for (uri, error) in [
        ("", NotAbsolute),
        ("/callback", NotAbsolute),
        ("app.example/callback", NotAbsolute),
        ("https:", NotAbsolute),
        ("https:///callback", NotAbsolute),
        ("https://user@app.example/", NotAbsolute),
        ("https://app.example:99999/", NotAbsolute),
        ("https://app.example:+1/", NotAbsolute),
        ("https://[zz]/", NotAbsolute),
        ("https://[::1/", NotAbsolute),
        ("https://%zz/", NotAbsolute),
        ("https://app.example/call back", NotAbsolute),
        ("https://app.example/\u{e9}", NotAbsolute),
        ("https://app.example/callback#here", HasFragment),
        ("http://app.example/callback", NotConfidential),
        ("http://127.0.0.1.app.example/", NotConfidential),
        ("javascript:alert(1)", Forbidden),
        ("data:text/html,x", Forbidden),
        ("urn:x", Forbidden),
        (long.as_str(), TooLong),
    ] {
        assert_eq!(check(uri), Err(error), "{uri}");
    }
}

#[test]
fn a_request_asks_for_one_to_the_character() {
    let known = "https://app.example/callback?a=1";
    assert!(matches(known, known));
    for asked in [
        "https://app.example/callback",
        "https://app.example/callback?a=1&b=2",
        "https://APP.example/callback?a=1",
        "https://app.example:443/callback?a=1",
        "https://app.example/callback?a=1#",
        "",
    ] {
        assert!(!matches(known, asked), "{asked}");
    }
}

#[test]
fn a_native_app_chooses_its_port() {
    let known = "http://127.0.0.1/callback";
    assert!(matches(known, "http://127.0.0.1:51004/callback"));
    assert!(matches(
        "http://[::1]:1/callback",
        "http://[::1]:2/callback"
    ));
    for asked in [
        "http://127.0.0.1:51004/other",
        "http://127.0.0.1:51004@evil.example/callback",
        "http://127.0.0.1:/callback",
        "http://127.0.0.1:65536/callback",
        "http://127.0.0.1:+80/callback",
        "http://127.0.0.2/callback",
        "http://localhost:1/callback",
        "https://127.0.0.1/callback",
    ] {
        assert!(!matches(known, asked), "{asked}");
    }
    assert!(!matches(
        "http://localhost:1/callback",
        "http://localhost:2/callback"
    ));
}
