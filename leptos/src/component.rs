//! What the macro `view!` asks of components. The same as Leptos has.

/// What has props, and how they are put together.
pub trait Props {
    /// Puts them together.
    type Builder;

    /// None so far.
    fn builder() -> Self::Builder;
}

/// What has props, or what stands for them where there are none.
pub trait PropsOrNone {
    /// Puts them together.
    type Builder;

    /// None so far.
    fn builder_or_none() -> Self::Builder;
}

/// The props of a component without any.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoProps;

impl NoProps {
    /// None.
    pub const fn build(self) {}
}

impl<P: Props> PropsOrNone for P {
    type Builder = P::Builder;

    fn builder_or_none() -> Self::Builder {
        Self::builder()
    }
}

impl PropsOrNone for NoProps {
    type Builder = Self;

    fn builder_or_none() -> Self {
        Self
    }
}

/// A component with the props `P`.
pub trait Component<P> {}

impl<F: FnOnce() -> R, R> Component<NoProps> for F {}

impl<P: Props, F: FnOnce(P) -> R, R> Component<P> for F {}

/// What makes a view of a component's props.
pub trait ComponentConstructor<P, V> {
    /// The view.
    fn construct(self, props: P) -> V;
}

impl<F: FnOnce() -> V, V> ComponentConstructor<(), V> for F {
    fn construct(self, (): ()) -> V {
        self()
    }
}

impl<F: FnOnce(P) -> V, V, P: PropsOrNone> ComponentConstructor<P, V> for F {
    fn construct(self, props: P) -> V {
        self(props)
    }
}

/// Begins the props of a component.
pub fn component_props_builder<P: PropsOrNone>(_component: &impl Component<P>) -> P::Builder {
    P::builder_or_none()
}

/// The component's view.
pub fn component_view<P, V>(component: impl ComponentConstructor<P, V>, props: P) -> V {
    component.construct(props)
}
