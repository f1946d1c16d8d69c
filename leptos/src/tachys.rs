//! Where the macros look for elements: a function for each tag, in place of its namesake.

pub use upstream::tachys::*;

macro_rules! tags {
    ($namespace:expr; $($tag:ident)+) => {$(
        #[doc = concat!("A `<", stringify!($tag), ">`.")]
        #[must_use]
        pub fn $tag() -> $crate::element::Element {
            $crate::element::Element::new(
                stringify!($tag).trim_start_matches("r#"),
                $namespace,
            )
        }
    )+};
}

/// HTML.
pub mod html {
    pub use upstream::tachys::html::*;

    /// A function for each tag.
    pub mod element {
        pub use upstream::tachys::html::element::*;

        tags! { None;
            a article aside b blockquote br button caption code col colgroup datalist dd details dialog div
            dl dt em fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr i img input kbd label
            legend li main mark menu meter nav ol optgroup option output p picture pre progress q s samp
            search section select small source span strong sub summary sup table tbody td textarea tfoot th
            thead time tr u ul var wbr
        }
    }
}

/// SVG.
pub mod svg {
    pub use upstream::tachys::svg::*;

    tags! { Some("http://www.w3.org/2000/svg");
        circle defs desc ellipse g line marker mask path pattern polygon polyline r#use rect
        stop svg symbol text title tspan
    }
}
