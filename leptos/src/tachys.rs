//! Where the macros look for elements: a function for each tag, in place of its namesake.

pub use ::tachys::*;

macro_rules! tags {
    ($namespace:ident; $($tag:ident)+) => {$(
        #[doc = concat!("A `<", stringify!($tag), ">`.")]
        #[must_use]
        pub fn $tag() -> $crate::element::Element {
            $crate::element::Element::$namespace(stringify!($tag))
        }
    )+};
}

/// HTML.
pub mod html {
    pub use ::tachys::html::*;

    pub use crate::view::InertElement;

    /// A function for each tag.
    pub mod element {
        pub use ::tachys::html::element::*;

        tags! { html;
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
    pub use ::tachys::svg::*;

    pub use crate::view::InertSvgElement as InertElement;

    tags! { svg;
        circle defs desc ellipse g line marker mask path pattern polygon polyline rect stop svg symbol text
        title tspan
    }

    /// A `<use>`.
    #[must_use]
    pub fn r#use() -> crate::element::Element {
        crate::element::Element::svg("use")
    }
}
