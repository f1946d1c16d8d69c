//! Signals of any type on the machinery of one.
//!
//! Leptos compiles reading, writing, tracking and comparing anew for every type that a signal holds: 2 KB
//! and more for each. Here every signal holds the same, a box, and what is compiled for a type is only the
//! way into the box. They behave as Leptos' own, whose names and methods they bear.
//!
//! Reading or changing a signal whose owner is gone panics, as it does in Leptos; the methods that begin
//! with `try` answer instead.

mod callback;
mod held;
mod memo;
mod rw;
mod signal;
mod stored;
mod table;
mod tracking;

pub use callback::Callback;
pub use memo::Memo;
pub use rw::RwSignal;
pub use signal::Signal;
pub use stored::StoredValue;
pub(crate) use tracking::OnOwnAccount;
pub use tracking::untrack;

/// The ways to read that each kind of signal has, given that it has `read`, and how what it holds is copied
/// and handed over.
macro_rules! reading {
    (@$function:ident $guard:expr, $tracked:literal $(, $read:expr)?) => {
        reading!(@@$function $guard, $tracked $(, $read)?)
    };
    (@@copy $guard:expr, $tracked:literal) => { $crate::signals::held::copy($guard) };
    (@@copy_or_derive $guard:expr, $tracked:literal) => {
        $crate::signals::held::copy_or_derive($guard, $tracked)
    };
    (@@with $guard:expr, $tracked:literal, $read:expr) => {
        $crate::signals::held::with($guard, $read)
    };
    (@@with_or_derive $guard:expr, $tracked:literal, $read:expr) => {
        $crate::signals::held::with_or_derive($guard, $tracked, $read)
    };
    ($signal:ident, $copy:ident, $with:ident) => {
        impl<T: 'static> $signal<T> {
            /// Hands the value to `read`; none where the signal is gone. Tracked.
            pub fn try_with<R>(&self, read: impl FnOnce(&T) -> R) -> Option<R> {
                reading!(@$with self.read(true), true, read)
            }

            /// Hands the value to `read`; none where the signal is gone.
            pub fn try_with_untracked<R>(&self, read: impl FnOnce(&T) -> R) -> Option<R> {
                reading!(@$with self.read(false), false, read)
            }

            /// Hands the value to `read`. Tracked.
            pub fn with<R>(&self, read: impl FnOnce(&T) -> R) -> R {
                self.try_with(read)
                    .unwrap_or_else(|| $crate::signals::gone())
            }

            /// Hands the value to `read`.
            pub fn with_untracked<R>(&self, read: impl FnOnce(&T) -> R) -> R {
                self.try_with_untracked(read)
                    .unwrap_or_else(|| $crate::signals::gone())
            }
        }

        impl<T: Clone + 'static> $signal<T> {
            /// The value; none where the signal is gone. Tracked.
            #[must_use]
            pub fn try_get(&self) -> Option<T> {
                reading!(@$copy self.read(true), true)
            }

            /// The value; none where the signal is gone.
            #[must_use]
            pub fn try_get_untracked(&self) -> Option<T> {
                reading!(@$copy self.read(false), false)
            }

            /// The value. Tracked.
            #[must_use]
            pub fn get(&self) -> T {
                self.try_get().unwrap_or_else(|| $crate::signals::gone())
            }

            /// The value.
            #[must_use]
            pub fn get_untracked(&self) -> T {
                self.try_get_untracked()
                    .unwrap_or_else(|| $crate::signals::gone())
            }
        }

        impl<T> Clone for $signal<T> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<T> Copy for $signal<T> {}

        impl<T> core::fmt::Debug for $signal<T> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(stringify!($signal))
            }
        }
    };
}

use reading;

#[cold]
fn gone() -> ! {
    panic!("this signal is gone, with the owner that it was made in")
}
