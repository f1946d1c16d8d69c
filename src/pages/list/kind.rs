//! What has to know what is listed, by a few functions for each type; all else does not.

use tenure_domain::wire::page::Page;

use super::{Fetch, Listed};
use crate::api::{
    ApiError,
    call::{Data, any, owned},
};

/// A page of a list of whatever it is.
pub(super) struct Portion {
    pub(super) items: Data,
    pub(super) next: Option<String>,
}

/// What has to know what is listed. A `Data` is a vector of it here.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    /// The `Page` as a portion.
    pub(super) portion: fn(Data) -> Result<Portion, ApiError>,
    pub(super) count: fn(&Data) -> usize,
    /// The id of the first one.
    pub(super) first: fn(&Data) -> Option<String>,
    /// One after the other.
    pub(super) join: fn(&Data, &Data) -> Data,
}

impl Kind {
    pub(super) fn of<T: Listed>() -> Self {
        Self {
            count: |items| slice::<T>(items).len(),
            first: |items| slice::<T>(items).first().map(T::id),
            join: |some, more| any([slice::<T>(some), slice::<T>(more)].concat()),
            portion: |page| {
                owned(Ok(page)).map(|page: Page<T>| Portion {
                    items: any(page.items),
                    next: page.next_cursor,
                })
            },
        }
    }
}

fn slice<T: Listed>(items: &Data) -> &[T] {
    (**items)
        .downcast_ref::<Vec<T>>()
        .map_or(&[], Vec::as_slice)
}

/// As many pages as it takes to have so many, or all there are.
pub(super) async fn fetch_at_least(
    fetch: &Fetch,
    kind: Kind,
    count: usize,
) -> Result<Portion, ApiError> {
    let mut all = (kind.portion)(fetch(None).await?)?;
    while (kind.count)(&all.items) < count
        && let Some(cursor) = all.next.take()
    {
        let page = (kind.portion)(fetch(Some(cursor)).await?)?;
        all.items = (kind.join)(&all.items, &page.items);
        all.next = page.next;
    }
    Ok(all)
}
