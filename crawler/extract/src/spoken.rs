//! Enums whose documentation is also what the program says of them.

/// Declares an enum that displays each variant as its doc comment, so that the reasons that a reader of the code sees are
/// those that a reader of an explanation sees.
macro_rules! spoken {
    ($(#[$outer:meta])* $vis:vis enum $name:ident { $($(#[doc = $text:literal])+ $variant:ident,)+ }) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $vis enum $name { $($(#[doc = $text])+ $variant,)+ }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let text = match self { $(Self::$variant => concat!($($text),+),)+ };
                f.write_str(text.trim().trim_end_matches('.'))
            }
        }
    };
}
pub(crate) use spoken;

#[cfg(test)]
mod tests {
    #[test]
    fn says_its_documentation() {
        super::spoken! {
            /// Weather.
            enum Weather {
                /// Water falls: 下雨,
                /// or 下雪.
                Wet,
            }
        }
        assert_eq!(Weather::Wet.to_string(), "Water falls: 下雨, or 下雪");
    }
}
